//! Where entries are to be written, and what may stand among the sources beside files: nothing leads out
//! of the folder, nothing hangs, and the other entries are written.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use errlore::entry::Entry;
use errlore::render;
use serde_json::{Value, json};

use crate::support::{self, Base, Output, Run, entry, files_below};

fn parsed(text: &str) -> Entry {
    serde_json::from_str(text).expect("an entry")
}

fn run(base: &Base, arguments: &[&str]) -> Run {
    base.errlore(&["normalize"]).args(arguments)
}

/// What there is below a folder: each file with what it holds.
fn snapshot(base: &Base) -> BTreeSet<(PathBuf, Vec<u8>)> {
    let read = |path: PathBuf| {
        let bytes = fs::read(&path).unwrap_or_default();
        (path, bytes)
    };
    files_below(&base.home()).into_iter().map(read).collect()
}

/// A base with two good sources, one before and one after the place of a bad one.
fn neighbours() -> Base {
    let base = Base::new();
    let before = parsed(&entry("example/before", &json!({})));
    base.write("in/a.md", render::markdown(&before));
    base.write("in/z.json", entry("example/after", &json!({})));
    base
}

/// Reads a bad source between its neighbours. They come out, and nothing but entries below `out` is
/// written. Gives the findings about the bad one, as places in it and rules; what a source does not
/// give is left out, for none here gives all.
#[track_caller]
fn read_among_others(name: &str, content: &[u8], options: &[&str]) -> (Base, Output, Vec<String>) {
    let base = neighbours();
    let path = format!("in/{name}");
    base.write(&path, content);
    let before = snapshot(&base);
    let arguments = ["in", "--into", "out", "--report", "json"];
    let output = run(&base, &arguments).args(options).output();
    for neighbour in ["before", "after"] {
        let file = format!("out/example/{neighbour}.json");
        assert_eq!(base.read(&file), entry(&format!("example/{neighbour}"), &json!({})));
    }
    let after = snapshot(&base);
    assert!(after.is_superset(&before), "nothing that was there is changed");
    let out = base.root().join("out");
    for (path, bytes) in after.difference(&before) {
        let text = String::from_utf8_lossy(bytes);
        assert!(path.starts_with(&out), "{} is written", path.display());
        let id = path.strip_prefix(&out).expect("below").with_extension("");
        let whole: Value = serde_json::from_str(&text).expect("a whole document");
        assert_eq!(whole["id"], id.to_string_lossy().as_ref(), "{}", path.display());
    }
    let own = |found: &String| found.starts_with(&path) && !found.ends_with(" missing-value");
    let found: Vec<String> = output.places().into_iter().filter(own).collect();
    let found = found.iter().map(|found| found[path.len() + 1..].to_owned()).collect();
    (base, output, found)
}

/// Ids that are none, or that lead out of a folder.
const IDS: [&str; 22] = [
    "../../etc/passwd",
    "../up",
    "a/../../up",
    "/etc/passwd",
    "//etc/passwd",
    "C:/Windows/x",
    "c:\\windows\\x",
    "..\\..\\up/x",
    "a\\b/c",
    "a/b\u{0}",
    "a/\u{0}/b",
    "a/./b",
    "a//b",
    "a/b/",
    "a/.git",
    "./a/b",
    "~/x",
    "a/b/c/d",
    "A/B",
    "a/b c",
    "a/\u{202e}b",
    "a/é",
];

#[test]
fn an_id_that_leads_elsewhere() {
    let long = format!("a/{}", "b".repeat(298));
    let other = format!("{}/b", "../".repeat(100));
    for id in IDS.into_iter().chain([&*long, &*other]) {
        let quoted = serde_json::to_string(id).expect("a string");
        let pages = [
            ("bad.json", format!("{{\"id\": {quoted}, \"domain\": \"a\", \"signature\": \"b\"}}")),
            ("bad.md", format!("---\nid: {quoted}\n---\n\n# Message\n\n## Root Cause\n\nFull.\n")),
            ("bad.txt", format!("Message\n\nID: {id}\n\nRoot Cause\n\nFull.\n\nCategory\n")),
            (
                "bad.html",
                format!("<h1>M</h1><p>ID: <code>{id}</code></p><h2>Root Cause</h2><p>F</p>"),
            ),
            ("bad", format!("## {id}\n\n- ERROR: message\n- REGEX: `m`\n")),
        ];
        for (name, text) in pages {
            for options in [&[][..], &["--force"]] {
                let (base, output, found) = read_among_others(name, text.as_bytes(), options);
                let files = files_below(&base.root().join("out"));
                if id == long {
                    // It is an id; whether a file can be called so is up to the system.
                    assert!(matches!(output.code, Some(0..=2)), "{}", output.stderr);
                    continue;
                }
                assert_eq!(files.len(), 2, "{id:?} in {name}: {files:?}");
                assert_eq!(output.code, Some(1), "{id:?} in {name}: {}", output.stdout);
                let is_said = found.iter().any(|found| {
                    found.ends_with(" unusable-id") || found.ends_with(" unreadable-source")
                });
                assert!(is_said, "{id:?} in {name}: {}", output.stdout);
            }
        }
    }
}

#[test]
fn words_that_some_systems_keep_to_themselves_are_no_ids() {
    // Nobody could check the knowledge base out there.
    for id in ["con/aux", "nul/x", "a/com1"] {
        let text = entry("example/bad", &json!({"id": id, "domain": "example"}));
        let (base, output, found) = read_among_others("bad.json", text.as_bytes(), &[]);
        assert_eq!(found, ["2:9 unusable-id"]);
        assert_eq!(output.code, Some(1), "{}", output.stderr);
        assert!(!base.root().join(format!("out/{id}.json")).exists());
    }
}

#[test]
fn a_name_that_is_too_long_does_not_stop_the_others() {
    let id = format!("a/{}", "b".repeat(298));
    let text = entry("example/bad", &json!({"id": id, "domain": "a"}));
    let (_, output, found) = read_among_others("bad.json", text.as_bytes(), &[]);
    assert_eq!(found, [""; 0]);
    assert_eq!(output.code, Some(2), "{}", output.stderr);
    assert!(output.stderr.contains(&id), "{}", output.stderr);
    assert!(
        output.stderr.ends_with("wrote 2 entries to out; 1 not written\n"),
        "{}",
        output.stderr
    );
}

/// What is in the way of an entry below the folder is said, and the others are written.
#[track_caller]
fn assert_blocked(base: &Base, says: &str) {
    for options in [&[][..], &["--force"]] {
        let output = run(base, &["in", "--into", "out"]).args(options).output();
        assert_eq!(output.code, Some(2), "{options:?}: {}", output.stderr);
        assert!(output.stderr.contains(says), "{options:?}: {}", output.stderr);
        assert!(output.stderr.contains("1 not written"), "{options:?}: {}", output.stderr);
        assert_eq!(base.read("out/other/after.json"), entry("other/after", &json!({})));
    }
}

/// A base with two sources, the first of which is for a folder that will be in the way.
fn two() -> Base {
    let base = Base::new();
    base.write("in/a.json", entry("example/before", &json!({})));
    base.write("in/b.json", entry("other/after", &json!({})));
    base
}

#[test]
fn a_file_where_a_folder_should_be() {
    let base = two();
    base.write("out/example", "mine");
    assert_blocked(&base, "out/example is not a folder");
    assert_eq!(base.read("out/example"), "mine");
    // Where the whole folder is one, nothing can be written.
    let base = two();
    base.write("out", "mine");
    let output = run(&base, &["in", "--into", "out"]).output();
    assert_eq!(output.code, Some(2), "{}", output.stderr);
    assert_eq!(base.read("out"), "mine");
}

#[test]
fn a_folder_where_a_file_should_be() {
    let base = two();
    fs::create_dir_all(base.root().join("out/example/before.json/x")).expect("a new folder");
    assert_blocked(&base, "before.json: it is no file");
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::{PermissionsExt, symlink};
    use std::os::unix::net::UnixListener;
    use std::process::Command;

    use super::*;

    fn fifo(path: PathBuf) {
        let status = Command::new("mkfifo").arg(path).status().expect("mkfifo");
        assert!(status.success());
    }

    #[test]
    fn a_link_below_the_folder_is_not_followed() {
        let base = two();
        let outside = base.home().join("outside");
        fs::create_dir(&outside).expect("a folder outside");
        fs::create_dir(base.root().join("out")).expect("a new folder");
        symlink(&outside, base.root().join("out/example")).expect("a link");
        assert_blocked(&base, "out/example is not a folder");
        assert_eq!(files_below(&outside), Vec::<PathBuf>::new());
        // Deeper down as well, and also where the link stays inside.
        let base = Base::new();
        base.write("in/a.json", entry("example/before/linux", &json!({})));
        base.write("in/b.json", entry("other/after", &json!({})));
        fs::create_dir_all(base.root().join("out/example")).expect("a new folder");
        fs::create_dir_all(base.root().join("out/real")).expect("a new folder");
        symlink("../real", base.root().join("out/example/before")).expect("a link");
        assert_blocked(&base, "out/example/before is not a folder");
        assert_eq!(files_below(&base.root().join("out/real")), Vec::<PathBuf>::new());
    }

    #[test]
    fn the_folder_itself_may_be_a_link() {
        let base = two();
        fs::create_dir(base.root().join("real")).expect("a new folder");
        symlink("real", base.root().join("out")).expect("a link");
        let output = run(&base, &["in", "--into", "out"]).output();
        assert_eq!(output.code, Some(0), "{}", output.stderr);
        assert_eq!(base.read("real/other/after.json"), entry("other/after", &json!({})));
    }

    #[test]
    fn a_link_in_the_place_of_an_entry_is_not_written_through() {
        let base = two();
        let outside = base.home().join("outside.json");
        fs::write(&outside, "{\"password\": \"hunter2\"}").expect("a file outside");
        fs::create_dir_all(base.root().join("out/example")).expect("a new folder");
        let link = base.root().join("out/example/before.json");
        symlink(&outside, &link).expect("a link");
        let output = run(&base, &["in", "--into", "out"]).output();
        assert_eq!(output.code, Some(1), "{}", output.stderr);
        assert!(!output.stderr.contains("hunter2"), "{}", output.stderr);
        assert!(link.is_symlink());
        let output = run(&base, &["in", "--into", "out", "--force"]).output();
        assert_eq!(output.code, Some(0), "{}", output.stderr);
        assert!(!link.is_symlink(), "the entry takes the place of the link");
        let kept = fs::read_to_string(&outside).expect("the file outside");
        assert_eq!(kept, "{\"password\": \"hunter2\"}");
        // A link to nothing makes nothing where it points.
        fs::remove_file(&link).expect("the entry");
        symlink(base.home().join("nothing"), &link).expect("a link");
        run(&base, &["in", "--into", "out"]).output();
        assert!(!base.home().join("nothing").exists());
    }

    #[test]
    fn a_pipe_in_the_place_of_an_entry_is_not_read() {
        let base = two();
        fs::create_dir_all(base.root().join("out/example")).expect("a new folder");
        fifo(base.root().join("out/example/before.json"));
        assert_blocked(&base, "before.json: it is no file");
        let output = run(&base, &["in", "--into", "out", "--check"]).output();
        assert_eq!(output.code, Some(2), "{}", output.stderr);
    }

    #[test]
    fn a_pipe_a_socket_and_a_device_among_the_sources() {
        let base = two();
        fifo(base.root().join("in/pipe.json"));
        let socket = UnixListener::bind(base.root().join("in/socket.json")).expect("a socket");
        // In a folder they are no files; named, they cannot be read, and the rest is.
        let output = run(&base, &["in", "--into", "out"]).output();
        assert_eq!(output.code, Some(0), "{}", output.stderr);
        for special in ["in/pipe.json", "in/socket.json", "/dev/zero"] {
            let output = run(&base, &[special, "in/a.json", "--stdout"]).output();
            assert_eq!(output.code, Some(2), "{special}: {}", output.stderr);
            assert!(output.stderr.contains(special), "{}", output.stderr);
            assert_eq!(output.stdout, entry("example/before", &json!({})), "{special}");
        }
        drop(socket);
    }

    #[test]
    fn links_among_the_sources() {
        let base = two();
        symlink(".", base.root().join("in/loop")).expect("a link");
        symlink("self", base.root().join("in/self")).expect("a link");
        symlink("missing", base.root().join("in/dangling.json")).expect("a link");
        symlink("a.json", base.root().join("in/alias.json")).expect("a link");
        let output = run(&base, &["in", "--stdout"]).output();
        assert_eq!(output.code, Some(0), "{}", output.stderr);
        assert_eq!(output.stdout.matches("\"signature\"").count(), 2);
        // One that is named is followed.
        let output = run(&base, &["in/alias.json"]).output();
        assert_eq!(output.stdout, entry("example/before", &json!({})));
        for broken in ["in/self", "in/dangling.json"] {
            let output = run(&base, &[broken, "in/a.json", "--stdout"]).output();
            assert_eq!(output.code, Some(2), "{}", output.stderr);
            assert_eq!(output.stdout, entry("example/before", &json!({})));
        }
    }

    #[test]
    fn an_unreadable_source() {
        let base = two();
        base.write("in/closed.json", entry("example/closed", &json!({})));
        let path = base.root().join("in/closed.json");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).expect("own file");
        if fs::read(&path).is_ok() {
            support::skipped("who runs this may read everything, as root does");
            return;
        }
        let output = run(&base, &["in", "--into", "out"]).output();
        assert_eq!(output.code, Some(2), "{}", output.stderr);
        assert!(output.stderr.contains("cannot read in/closed.json"), "{}", output.stderr);
        assert!(output.stderr.ends_with("wrote 2 entries to out\n"), "{}", output.stderr);
    }

    #[test]
    fn an_unreadable_folder_of_sources() {
        let base = two();
        base.write("in/closed/c.json", entry("example/closed", &json!({})));
        let closed = base.root().join("in/closed");
        fs::set_permissions(&closed, fs::Permissions::from_mode(0o000)).expect("own folder");
        let may_read = fs::read_dir(&closed).is_ok();
        let output = run(&base, &["in", "--into", "out"]).output();
        let alone = run(&base, &["in/closed", "--stdout"]).output();
        fs::set_permissions(&closed, fs::Permissions::from_mode(0o755)).expect("own folder");
        if may_read {
            support::skipped("who runs this may read everything, as root does");
            return;
        }
        assert_eq!(output.code, Some(2), "{}", output.stderr);
        assert!(output.stderr.contains("cannot read in/closed"), "{}", output.stderr);
        assert!(output.stderr.ends_with("wrote 2 entries to out\n"), "{}", output.stderr);
        assert_eq!((alone.code, alone.stdout.as_str()), (Some(2), ""), "{}", alone.stderr);
    }

    #[test]
    fn a_folder_that_takes_no_files() {
        let base = two();
        let out = base.root().join("out/example");
        fs::create_dir_all(&out).expect("a new folder");
        fs::set_permissions(&out, fs::Permissions::from_mode(0o555)).expect("own folder");
        let may_write = fs::write(out.join("probe"), "").is_ok();
        let output = run(&base, &["in", "--into", "out"]).output();
        fs::set_permissions(&out, fs::Permissions::from_mode(0o755)).expect("own folder");
        if may_write {
            support::skipped("who runs this may write everywhere, as root does");
            return;
        }
        assert_eq!(output.code, Some(2), "{}", output.stderr);
        assert!(output.stderr.contains("before.json"), "{}", output.stderr);
        assert_eq!(base.read("out/other/after.json"), entry("other/after", &json!({})));
    }
}
