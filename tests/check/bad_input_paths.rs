//! What may stand where an entry should be: large, special, linked or strangely named files, empty
//! folders, and a configuration with a fault. Nothing hangs, nothing leads out of the knowledge base.

use std::fs::{self, File};

use serde_json::json;

use crate::support::{self, Base, FORMATS, entry, place, stale};

const BAD: &str = "entries/example/bad.json";

/// A file of this size, most of which takes no room on the disk.
fn sparse(base: &Base, size: u64) {
    let file = File::create(base.root().join(BAD)).expect("a new file");
    file.set_len(size).expect("a file system with sparse files");
}

#[test]
fn a_file_of_200_megabytes() {
    let base = Base::new();
    let note = base.neighbours();
    sparse(&base, 200_000_000);
    let output = base.check();
    assert_eq!(output.places(), [format!("{BAD}:1:1 unread-file"), note], "{}", output.stdout);
    assert_eq!((output.code, output.stderr.as_str()), (Some(1), ""));
    let found = output.only("unread-file").to_string();
    for word in ["200000000", "10000000", "max-file-size", "errlore.toml"] {
        assert!(found.contains(word), "{word}: {found}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_file_larger_than_the_memory_is_not_read() {
    let base = Base::new();
    base.neighbours();
    sparse(&base, 3 << 30);
    let output = base.errlore_within(512, &["check", "--format", "json"]).output();
    assert_eq!(output.code, Some(1), "{}", output.stderr);
    output.only("unread-file");
}

#[test]
fn the_limit_is_configurable() {
    let base = Base::new();
    let note = base.neighbours();
    // Longer than its neighbours, which stay below the limit.
    let cause = "The volume that holds the file has no free blocks left. ".repeat(10);
    let text = entry("example/bad", &json!({"root_cause": cause.trim()}));
    base.write(BAD, &text);
    // A file of just the limit is read, and one of a byte more is not.
    base.write("errlore.toml", format!("max-file-size = {}\n", text.len()));
    assert_eq!(base.check().places(), std::slice::from_ref(&note));
    base.write(BAD, format!("{text}\n"));
    assert_eq!(base.check().places(), [format!("{BAD}:1:1 unread-file"), note.clone()]);
    // A higher limit than the default lets a larger file in.
    sparse(&base, 11_000_000);
    base.write("errlore.toml", "max-file-size = 12_000_000\n");
    let output = base.check();
    assert_eq!(output.places(), [format!("{BAD}:1:1 invalid-json"), note]);
    let shown = base.errlore(&["check"]).output().stdout;
    assert!(shown.len() < 50_000, "a long line does not flood the report: {} bytes", shown.len());
}

#[test]
fn the_limit_holds_for_standard_input() {
    let base = Base::new();
    base.write("errlore.toml", "max-file-size = 5000\n");
    let run = base.errlore(&["check", "-", "--stdin-filename", BAD, "--format", "json"]);
    let output = run.input(" ".repeat(5001)).output();
    assert_eq!(output.places(), [format!("{BAD}:1:1 unread-file")]);
}

#[test]
fn a_folder_named_like_an_entry() {
    let base = Base::new();
    let note = base.neighbours();
    fs::create_dir(base.root().join("entries/example/empty.json")).expect("a new folder");
    let inside = base.entry("example/folder.json/linux", &stale());
    let second = place(&inside, &base.read(&inside), "\"2020-01-01\"") + " stale-entry";
    let output = base.check();
    assert_eq!(output.places(), [second, note], "it is a folder, and what is in it counts");
    assert_eq!((output.code, output.stderr.as_str()), (Some(0), ""));
}

#[test]
fn a_file_that_is_not_there_is_an_error_and_the_rest_is_checked() {
    let base = Base::new();
    let note = base.neighbours();
    let stale = "entries/example/stale.json";
    for missing in [
        "entries/example/missing.json",
        "missing.json",
        "no/such/folder/missing.json",
        "entries/example/good.json/x.json",
    ] {
        let output = base.errlore(&["check", missing, stale, "--format", "json"]).output();
        assert_eq!(output.code, Some(2), "{missing}: {}", output.stdout);
        assert!(output.stderr.contains(missing), "{missing}: {}", output.stderr);
        assert_eq!(output.places(), std::slice::from_ref(&note), "{missing}");
    }
}

#[cfg(unix)]
mod unix {
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::{PermissionsExt, symlink};
    use std::os::unix::net::UnixListener;
    use std::process::Command;

    use super::*;

    #[test]
    fn an_unreadable_file() {
        let base = Base::new();
        let note = base.neighbours();
        base.entry("example/bad", &json!({}));
        let path = base.root().join(BAD);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).expect("own file");
        if fs::read(&path).is_ok() {
            support::skipped("who runs this may read everything, as root does");
            return;
        }
        let output = base.check();
        assert_eq!(output.places(), [note], "{}", output.stdout);
        assert_eq!(output.code, Some(2));
        assert!(output.stderr.contains(BAD), "{}", output.stderr);
    }

    #[test]
    fn an_unreadable_folder() {
        let base = Base::new();
        let note = base.neighbours();
        base.entry("closed/bad", &json!({}));
        let path = base.root().join("entries/closed");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).expect("own folder");
        let closed = fs::read_dir(&path).is_err();
        let output = base.check();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("own folder");
        if !closed {
            support::skipped("who runs this may read everything, as root does");
            return;
        }
        assert_eq!(output.places(), [note], "{}", output.stdout);
        assert_eq!(output.code, Some(2));
        assert!(output.stderr.contains("closed"), "{}", output.stderr);
    }

    #[test]
    fn links_that_lead_in_a_circle() {
        let base = Base::new();
        let note = base.neighbours();
        let folder = base.root().join("entries/example");
        symlink("a.json", folder.join("a.json")).expect("a link to itself");
        symlink("c.json", folder.join("b.json")).expect("a link");
        symlink("b.json", folder.join("c.json")).expect("a link back");
        symlink("..", folder.join("up")).expect("a link to the folder above");
        let unread = |name: &str| format!("entries/example/{name}:1:1 unread-file");
        let output = base.check();
        let links = ["a.json", "b.json", "c.json"].map(unread);
        let places = [&links[..], &[note, unread("up")]].concat();
        assert_eq!(output.places(), places, "{}", output.stdout);
        assert_eq!((output.code, output.stderr.as_str()), (Some(1), ""));
    }

    #[test]
    fn a_link_to_nothing() {
        let base = Base::new();
        let note = base.neighbours();
        symlink("no-such-file.json", base.root().join(BAD)).expect("a link");
        let output = base.check();
        assert_eq!(output.places(), [format!("{BAD}:1:1 unread-file"), note]);
        assert!(output.only("unread-file")["message"].to_string().contains("link"));
    }

    #[test]
    fn a_link_out_of_the_base_shows_nothing_of_its_target() {
        let base = Base::new();
        let note = base.neighbours();
        let secret = base.home().join("secret.json");
        fs::write(&secret, "{\"password\": \"hunter2\"}").expect("a file outside");
        fs::create_dir(base.home().join("outside")).expect("a folder outside");
        fs::copy(&secret, base.home().join("outside/inner.json")).expect("a file outside");
        symlink(&secret, base.root().join(BAD)).expect("a link");
        symlink("../../../outside", base.root().join("entries/example/linked")).expect("a link");
        let output = base.check();
        let unread = [BAD, "entries/example/linked"].map(|path| format!("{path}:1:1 unread-file"));
        assert_eq!(output.places(), [&unread[..], &[note]].concat());
        assert_eq!(output.code, Some(1));
        for format in FORMATS {
            // Named by hand, as a hook names the files of a change, it is not followed either.
            for paths in [&[][..], &[BAD], &["entries"]] {
                let output = base.errlore(&["check", "--format", format]).args(paths).output();
                assert!(
                    !output.stdout.contains("hunter2"),
                    "{format} {paths:?}: {}",
                    output.stdout
                );
                assert!(
                    !output.stdout.contains("password"),
                    "{format} {paths:?}: {}",
                    output.stdout
                );
                assert!(
                    output.stdout.contains("unread-file"),
                    "{format} {paths:?}: {}",
                    output.stdout
                );
            }
        }
    }

    #[test]
    fn fixing_leaves_a_link_and_its_target_alone() {
        let base = Base::new();
        base.neighbours();
        let outside = base.home().join("outside.json");
        fs::write(&outside, entry("example/bad", &json!({})).replace("  ", " "))
            .expect("a file outside");
        let before = fs::read(&outside).expect("the file");
        symlink(&outside, base.root().join(BAD)).expect("a link");
        base.errlore(&["check", "--fix"]).output();
        assert_eq!(fs::read(&outside).expect("the file"), before);
        assert!(fs::symlink_metadata(base.root().join(BAD)).expect("the link").is_symlink());
    }

    #[test]
    fn a_pipe_named_like_an_entry() {
        let base = Base::new();
        let note = base.neighbours();
        let status = Command::new("mkfifo").arg(base.root().join(BAD)).status().expect("mkfifo");
        assert!(status.success());
        // Opening it would wait for a writer for ever.
        for paths in [&[][..], &[BAD, "entries"]] {
            let output = base.errlore(&["check", "--format", "json"]).args(paths).output();
            assert_eq!(
                output.places(),
                [format!("{BAD}:1:1 unread-file"), note.clone()],
                "{}",
                output.stdout
            );
            assert_eq!((output.code, output.stderr.as_str()), (Some(1), ""));
        }
        let output = base.errlore(&["validate", "--format", "json"]).output();
        assert_eq!(output.places(), [format!("{BAD}:1:1 unread-file")]);
    }

    #[test]
    fn a_socket_and_a_device_named_like_an_entry() {
        let base = Base::new();
        let note = base.neighbours();
        let listener = UnixListener::bind(base.root().join(BAD)).expect("a socket");
        let output = base.check();
        assert_eq!(output.places(), [format!("{BAD}:1:1 unread-file"), note]);
        drop(listener);
        // A device that never ends, named by hand.
        let output = base.errlore(&["check", "/dev/zero", "--format", "json"]).output();
        assert_eq!(output.places(), ["/dev/zero:1:1 unread-file"]);
    }

    #[test]
    fn a_path_with_a_line_break() {
        let base = Base::new();
        let note = base.neighbours();
        let text = entry("example/new-line", &json!({}));
        let path = "entries/example/new\nline.json";
        base.write(path, &text);
        let at = place(path, &text, "\"example/new-line\"") + " id-path-mismatch";
        let output = base.check();
        assert_eq!(output.places(), [at, note.clone()], "JSON names the path as it is");
        assert_eq!(output.code, Some(1));
        let concise = base.errlore(&["check", "--format", "concise"]).output().stdout;
        let lines: Vec<&str> = concise.lines().collect();
        assert_eq!(lines.len(), 2, "a finding is a line: {concise}");
        assert!(
            lines[0].starts_with("entries/example/new\\nline.json:2:9: error[id-path-mismatch] "),
            "{concise}"
        );
        let github = base.errlore(&["check", "--format", "github"]).output().stdout;
        assert!(github.lines().all(|line| line.starts_with("::")), "{github}");
        assert!(github.contains("file=entries/example/new%0Aline.json,"), "{github}");
        let text = base.errlore(&["check"]).output().stdout;
        assert!(!text.contains("new\nline"), "{text}");
    }

    #[cfg(target_os = "linux")]
    mod linux {
        use std::ffi::OsStr;
        use std::path::{Path, PathBuf};

        use super::*;

        fn odd(bytes: &[u8]) -> PathBuf {
            Path::new("entries/example").join(OsStr::from_bytes(bytes))
        }

        #[test]
        fn a_path_that_is_not_utf_8() {
            let base = Base::new();
            let note = base.neighbours();
            let text = entry("example/cafe", &json!({}));
            let path = odd(b"caf\xe9.json");
            base.write(&path, &text);
            let shown = "entries/example/caf\u{fffd}.json";
            let at = place(shown, &text, "\"example/cafe\"") + " id-path-mismatch";
            let output = base.check();
            assert_eq!(output.places(), [at.clone(), note]);
            assert_eq!((output.code, output.stderr.as_str()), (Some(1), ""));
            for format in FORMATS {
                let output = base.errlore(&["check", "--format", format]).output();
                assert!(output.stdout.contains(shown), "{format}: {}", output.stdout);
            }
            let output = base.errlore(&["check", "--format", "json"]).arg(&path).output();
            assert_eq!(output.places(), [at], "it can be named");
        }

        #[test]
        fn two_paths_that_look_the_same() {
            // Both are shown with U+FFFD; they are two files all the same, and keep their own texts.
            let base = Base::new();
            let (first, second) = (odd(b"\xe8.json"), odd(b"\xe9.json"));
            let (one, other) =
                (entry("example/one", &json!({})), entry("example/other", &json!({})));
            base.write(&first, one.replace("\n  ", "\n "));
            base.write(&second, other.replace("\n  ", "\n "));
            let rules = |output: support::Output| {
                let of = |found: &serde_json::Value| found["rule"].as_str().map(str::to_owned);
                let mut rules: Vec<_> = output.findings().iter().filter_map(of).collect();
                rules.sort();
                rules
            };
            let both = ["id-path-mismatch", "id-path-mismatch", "not-canonical", "not-canonical"];
            assert_eq!(rules(base.check()), both);
            base.errlore(&["check", "--fix"]).output();
            assert_eq!(base.read(&first), one, "its own text");
            assert_eq!(base.read(&second), other, "its own text");
        }
    }
}

#[test]
fn a_folder_with_no_entries() {
    let base = Base::new();
    for format in FORMATS {
        let output = base.errlore(&["check", "--format", format]).output();
        assert_eq!(output.code, Some(3), "{format}: {}", output.stderr);
        assert!(output.stderr.contains("--allow-empty"), "{}", output.stderr);
        let output = base.errlore(&["check", "--allow-empty", "--format", format]).output();
        assert_eq!(output.code, Some(0), "{format}: {}", output.stderr);
        assert_eq!(output.stderr, "");
    }
    // What is not called `.json` is no entry.
    base.write("entries/README.md", "# Entries\n");
    assert_eq!(base.check().code, Some(3));
}

#[test]
fn no_folder_of_entries_at_all() {
    let base = Base::new();
    fs::remove_dir(base.root().join("entries")).expect("it is empty");
    let output = base.check();
    assert_eq!(output.code, Some(3), "{}", output.stderr);
    assert!(output.stderr.contains("`entries`"), "{}", output.stderr);
    assert!(!output.stderr.contains(" in \n"), "the folder has a name: {}", output.stderr);
    let output = base.errlore(&["check", "--allow-empty"]).output();
    assert_eq!(output.code, Some(0), "{}", output.stderr);
}

#[test]
fn an_empty_folder_beside_others() {
    // Nothing matches what was named, though the rest of the base is read for its ids.
    let base = Base::new();
    base.neighbours();
    fs::create_dir(base.root().join("entries/empty")).expect("a new folder");
    for command in ["check", "validate", "regex"] {
        let output = base.errlore(&[command, "entries/empty"]).output();
        assert_eq!(output.code, Some(3), "{command}: {}{}", output.stdout, output.stderr);
        let output = base.errlore(&[command, "entries/empty", "--allow-empty"]).output();
        assert_eq!(output.code, Some(0), "{command}: {}{}", output.stdout, output.stderr);
    }
}

#[test]
fn a_typo_in_the_configuration() {
    let base = Base::new();
    base.neighbours();
    for (text, at, guess) in [
        ("\nentris = [\"entries\"]\n", "errlore.toml:2:1:", "did you mean `entries`?"),
        ("[rules]\nstale-entri = \"off\"\n", "errlore.toml:2:1:", "did you mean `stale-entry`?"),
        ("[rules]\nstale-entry = \"warn\"\n", "errlore.toml:2:15:", "did you mean `\"warning\"`?"),
        (
            "[[ignore]]\nrule = \"stale-entrie\"\nreason = \"x\"\n",
            "errlore.toml:2:8:",
            "did you mean `stale-entry`?",
        ),
    ] {
        base.write("errlore.toml", text);
        for arguments in [&["check"][..], &["validate"], &["regex"], &["config"]] {
            let output = base.errlore(arguments).output();
            assert_eq!(output.code, Some(2), "{text}: {}", output.stdout);
            assert_eq!(output.stdout, "", "an error is no report");
            assert!(output.stderr.contains(at), "{text}: {}", output.stderr);
            assert!(output.stderr.contains(guess), "{text}: {}", output.stderr);
        }
    }
}

#[test]
fn a_configuration_that_is_no_toml() {
    let base = Base::new();
    base.neighbours();
    let faults: [&[u8]; 7] = [
        b"entries = [\n",
        b"entries = \"entries\"\nentries = \"entries\"\n",
        b"\xff\xfe",
        b"max-file-size = 99999999999999999999999\n",
        b"max-file-size = -1\n",
        b"[[ignore]]\nrule = \"stale-entry\"\nreason = \"x\"\nuntil = \"2027-02-30\"\n",
        b"[[ignore]]\nrule = \"stale-entry\"\nreason = \"x\"\nentry = \"[\"\n",
    ];
    for fault in faults {
        base.write("errlore.toml", fault);
        let output = base.check();
        let shown = String::from_utf8_lossy(fault);
        assert_eq!(output.code, Some(2), "{shown}: {}", output.stdout);
        assert!(output.stderr.contains("errlore.toml"), "{shown}: {}", output.stderr);
    }
}

#[test]
fn a_configuration_that_nests_without_end() {
    let base = Base::new();
    base.neighbours();
    base.write(
        "errlore.toml",
        format!("entries = {}{}\n", "[".repeat(100_000), "]".repeat(100_000)),
    );
    let output = base.check();
    assert_eq!(output.code, Some(2), "{}", output.stdout);
}

#[test]
fn a_configuration_without_folders_of_entries() {
    let base = Base::new();
    base.neighbours();
    base.write("errlore.toml", "entries = [\"no-such-folder\"]\n");
    assert_eq!(base.check().code, Some(3));
    base.write("errlore.toml", "entries = []\n");
    let code = base.check().code;
    assert!(matches!(code, Some(2 | 3)), "{code:?}");
}

#[test]
fn a_configuration_that_leads_out_of_the_base_shows_nothing_of_it() {
    // A change from anywhere may touch `errlore.toml`; the log of its check is for all to read.
    let base = Base::new();
    let outside = base.home().join("outside");
    fs::create_dir(&outside).expect("a folder outside");
    fs::write(outside.join("inner.json"), "{\"password\": \"hunter2\"").expect("a file outside");
    let absolute = serde_json::to_string(&outside).expect("a path in UTF-8");
    let mut folders =
        vec!["\"../outside\"".to_owned(), "\"entries/../../outside\"".to_owned(), absolute];
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(&outside, base.root().join("linked")).expect("a link");
        folders.push("\"linked\"".to_owned());
    }
    for folder in folders {
        base.write("errlore.toml", format!("entries = [{folder}]\n"));
        let output = base.errlore(&["check"]).output();
        assert!(!output.stdout.contains("hunter2"), "{folder}: {}", output.stdout);
        assert_ne!(output.code, Some(0), "{folder}: nothing was checked");
    }
}
