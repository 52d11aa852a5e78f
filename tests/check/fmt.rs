//! `fmt`: what it rewrites, what it leaves as it is, and what it says.

use std::fs;

use serde_json::json;

use crate::support::{self, Base, Run, entry, placeholder};

/// An entry in another form: the keys in the order of the alphabet, all on one line.
fn crooked(id: &str) -> String {
    let value: serde_json::Value =
        serde_json::from_str(&entry(id, &json!({"tags": ["b", "a"]}))).expect("JSON");
    value.to_string()
}

fn straight(id: &str) -> String {
    entry(id, &json!({"tags": ["b", "a"]}))
}

/// A base with one entry in canonical form and two that are not.
fn base() -> Base {
    let base = Base::new();
    base.entry("example/good", &json!({}));
    for name in ["one", "two"] {
        let id = format!("example/{name}");
        base.write(format!("entries/{id}.json"), crooked(&id));
    }
    base
}

fn fmt(base: &Base, arguments: &[&str]) -> Run {
    base.errlore(&["fmt"]).args(arguments)
}

#[test]
fn entries_are_rewritten() {
    let base = base();
    let good = base.read("entries/example/good.json");
    let output = fmt(&base, &[]).output();
    assert_eq!((output.code, output.stdout.as_str()), (Some(0), ""));
    // Each that is written is named, and only those.
    let named = "wrote entries/example/one.json\nwrote entries/example/two.json\n";
    assert_eq!(output.stderr, format!("{named}2 files rewritten, 1 already canonical\n"));
    for name in ["one", "two"] {
        let id = format!("example/{name}");
        assert_eq!(base.read(format!("entries/{id}.json")), straight(&id));
    }
    assert_eq!(base.read("entries/example/good.json"), good);
    let files = fs::read_dir(base.root().join("entries/example")).expect("a folder").count();
    assert_eq!(files, 3, "no temporary file stays behind");
}

#[test]
fn a_second_run_changes_nothing() {
    let base = base();
    fmt(&base, &[]).output();
    let output = fmt(&base, &[]).output();
    assert_eq!(output.code, Some(0));
    assert_eq!(output.stderr, "0 files rewritten, 3 already canonical\n");
    let output = fmt(&base, &["--check"]).output();
    assert_eq!((output.code, output.stdout.as_str()), (Some(0), ""));
    assert!(!base.check().stdout.contains("not-canonical"));
}

#[test]
fn only_what_is_named_is_rewritten() {
    let base = base();
    let output = fmt(&base, &["entries/example/one.json"]).output();
    assert_eq!(
        (output.code, output.stderr.as_str()),
        (Some(0), "wrote entries/example/one.json\n1 file rewritten, 0 already canonical\n")
    );
    assert_eq!(base.read("entries/example/two.json"), crooked("example/two"));
    let list = base.write("list", "entries/example/two.json\n");
    fmt(&base, &["--files-from", &list.to_string_lossy()]).output();
    assert_eq!(base.read("entries/example/two.json"), straight("example/two"));
}

#[test]
fn check_lists_and_writes_nothing() {
    let base = base();
    let output = fmt(&base, &["--check"]).output();
    assert_eq!(output.code, Some(1));
    assert_eq!(output.stdout, "entries/example/one.json\nentries/example/two.json\n");
    assert_eq!(output.stderr, "2 files would be rewritten, 1 already canonical\n");
    assert_eq!(base.read("entries/example/one.json"), crooked("example/one"));
}

#[test]
fn diff_shows_what_git_takes() {
    let base = base();
    base.git(&["init", "--quiet"]);
    base.commit("before");
    let output = fmt(&base, &["--diff"]).output();
    assert_eq!(output.code, Some(1));
    assert_eq!(base.read("entries/example/one.json"), crooked("example/one"));
    fs::write(base.home().join("fmt.patch"), &output.stdout).expect("a new file");
    base.git(&["apply", "../fmt.patch"]);
    assert_eq!(base.read("entries/example/two.json"), straight("example/two"));
    let output = fmt(&base, &["--diff"]).output();
    assert_eq!((output.code, output.stdout.as_str()), (Some(0), ""));
}

#[test]
fn what_cannot_be_formatted_is_left_and_said_and_the_rest_is_done() {
    let base = base();
    let text = crooked("example/bad");
    let bad = [
        ("syntax", text.replacen(':', "", 1), "invalid-json"),
        ("mark", format!("\u{feff}{text}"), "invalid-json"),
        ("twice", text.replacen('{', "{\"tags\":[\"other\"],", 1), "duplicate-key"),
        (
            "refused",
            text.replace("\"evidence_count\":0", "\"evidence_count\":\"0\""),
            "schema-violation",
        ),
        ("typo", text.replace("\"tags\"", "\"tagz\""), "unknown-key"),
        ("digits", text.replacen('{', "{\"x-n\":12345678901234567890123,", 1), "not-canonical"),
    ];
    for (name, text, _) in &bad {
        base.write(format!("entries/example/{name}.json"), text);
    }
    // Neither levels nor ignores make a file fit to be written anew.
    base.write(
        "errlore.toml",
        "[rules]\nschema-violation = \"off\"\nnot-canonical = \"off\"\n\
         [[ignore]]\nrule = \"unknown-key\"\nentry = \"**\"\nreason = \"a test\"\n",
    );
    let output = fmt(&base, &[]).output();
    assert_eq!(output.code, Some(1));
    assert!(
        output.stderr.contains("2 files rewritten, 1 already canonical, 6 files left"),
        "{}",
        output.stderr
    );
    assert!(!output.stdout.contains("--fix"), "{}", output.stdout);
    for (name, text, rule) in &bad {
        let path = format!("entries/example/{name}.json");
        assert_eq!(base.read(&path), *text, "{name}");
        let found = output.stdout.split("\n\n").find(|found| found.contains(&format!("{path}:1:")));
        let found = found.unwrap_or_else(|| panic!("{name}: {}", output.stdout));
        assert!(found.contains(&format!("[{rule}]")), "{name}: {found}");
    }
    assert_eq!(base.read("entries/example/one.json"), straight("example/one"));
    // With a diff or a list on standard output, the report goes beside it.
    for mode in ["--check", "--diff"] {
        let output = fmt(&base, &[mode]).output();
        assert_eq!((output.code, output.stdout.as_str()), (Some(1), ""), "{mode}");
        assert!(output.stderr.contains("[schema-violation]"), "{mode}: {}", output.stderr);
    }
}

#[test]
fn what_is_not_about_the_form_is_no_matter() {
    let base = Base::new();
    let own = placeholder();
    let text = entry("example/odd", &own).replacen("{\n", "{\n  \"colour\": \"red\",\n", 1);
    base.write("entries/example/odd.json", text);
    let output = fmt(&base, &[]).output();
    assert_eq!((output.code, output.stdout.as_str()), (Some(0), ""));
    assert!(
        base.read("entries/example/odd.json")
            .ends_with("\"aliases\": [],\n  \"colour\": \"red\"\n}\n")
    );
}

#[test]
fn what_cannot_be_seen_becomes_an_escape_and_stays_the_same_text() {
    let base = Base::new();
    // Marks that Hebrew needs: no rule objects to them.
    let text = entry("example/rtl", &json!({"root_cause": "\u{5d0}\u{5d1}\u{200f}!"}));
    base.write("entries/example/rtl.json", text.replace("\\u200f", "\u{200f}"));
    let output = fmt(&base, &[]).output();
    assert_eq!((output.code, output.stdout.as_str()), (Some(0), ""));
    assert_eq!(base.read("entries/example/rtl.json"), text);
}

#[test]
fn standard_input_goes_to_standard_output() {
    let base = base();
    for (arguments, text) in [
        (&["-"][..], crooked("example/one")),
        (&["-", "--stdin-filename", "entries/example/one.json"], straight("example/one")),
        (&["-", "--stdin-filename", "entries/example/new.json"], crooked("example/one")),
    ] {
        let output = fmt(&base, arguments).input(text).output();
        assert_eq!((output.code, output.stderr.as_str()), (Some(0), ""), "{arguments:?}");
        assert_eq!(output.stdout, straight("example/one"), "{arguments:?}");
    }
    assert_eq!(base.read("entries/example/one.json"), crooked("example/one"));

    let output =
        fmt(&base, &["-", "--stdin-filename", "entries/example/one.json"]).input("{").output();
    assert_eq!((output.code, output.stdout.as_str()), (Some(1), ""), "an editor keeps its text");
    assert!(output.stderr.contains("entries/example/one.json:1:2"), "{}", output.stderr);
    let output = fmt(&base, &["-", "--check"]).input(crooked("a/b")).output();
    assert_eq!((output.code, output.stdout.as_str()), (Some(1), "<stdin>\n"));
    let output = fmt(&base, &["-", "--diff"]).input(crooked("a/b")).output();
    assert_eq!(output.code, Some(1));
    assert!(output.stdout.contains("\n+  \"id\": \"a/b\",\n"), "{}", output.stdout);
    let output = fmt(&base, &["-", "entries"]).input("{}").output();
    assert_eq!(output.code, Some(2), "{}", output.stderr);
}

#[test]
fn nothing_to_format_has_a_status_of_its_own() {
    let base = Base::new();
    assert_eq!(fmt(&base, &[]).output().code, Some(3));
    assert_eq!(fmt(&base, &["--allow-empty"]).output().code, Some(0));
    let output = fmt(&base, &["entries/example/missing.json"]).output();
    assert_eq!(output.code, Some(2));
    assert!(output.stderr.contains("missing.json"), "{}", output.stderr);
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let base = Base::new();
    for number in 0..40 {
        let id = format!("example/e{number}");
        let text = if number % 3 == 0 { "{".to_owned() } else { crooked(&id) };
        base.write(format!("entries/{id}.json"), text);
    }
    let one = fmt(&base, &["--diff", "--jobs", "1"]).output();
    for _ in 0..3 {
        let many = fmt(&base, &["--diff", "--jobs", "8"]).output();
        assert_eq!((&many.stdout, &many.stderr), (&one.stdout, &one.stderr));
    }
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
    use std::process::Command;

    use super::*;

    const ONE: &str = "entries/example/one.json";

    #[test]
    fn permissions_stay() {
        let base = base();
        for mode in [0o640, 0o600, 0o755] {
            base.write(ONE, crooked("example/one"));
            let path = base.root().join(ONE);
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).expect("own file");
            fmt(&base, &[]).output();
            let now = fs::metadata(&path).expect("the file").permissions().mode() & 0o777;
            assert_eq!(now, mode, "{now:o}");
            assert_eq!(base.read(ONE), straight("example/one"));
        }
    }

    #[test]
    fn a_canonical_file_is_not_written() {
        let base = base();
        let path = base.root().join("entries/example/good.json");
        // A write goes through a new file, which has another number.
        let before = fs::metadata(&path).expect("the file").ino();
        fmt(&base, &[]).output();
        assert_eq!(fs::metadata(&path).expect("the file").ino(), before);
    }

    #[test]
    fn a_link_among_the_entries_is_followed_and_stays_a_link() {
        let base = base();
        let link = base.root().join("entries/example/link.json");
        symlink("one.json", &link).expect("a link");
        for paths in [&[][..], &["entries/example/link.json"], &[ONE, "entries/example/link.json"]]
        {
            base.write(ONE, crooked("example/one"));
            let output = fmt(&base, paths).output();
            assert_eq!((output.code, output.stdout.as_str()), (Some(0), ""), "{paths:?}");
            assert_eq!(base.read(ONE), straight("example/one"), "{paths:?}");
            assert!(fs::symlink_metadata(&link).expect("the link").is_symlink(), "{paths:?}");
        }
    }

    #[test]
    fn a_link_out_of_the_base_is_followed_where_it_is_named() {
        let base = base();
        let outside = base.home().join("outside.json");
        let link = base.root().join("entries/example/link.json");
        fs::write(&outside, crooked("example/link")).expect("a file outside");
        symlink(&outside, &link).expect("a link");
        let output = fmt(&base, &[]).output();
        assert_eq!(output.code, Some(1));
        assert!(output.stdout.contains("unread-file"), "{}", output.stdout);
        assert_eq!(fs::read_to_string(&outside).expect("the file"), crooked("example/link"));
        let output = fmt(&base, &["entries/example/link.json"]).output();
        assert_eq!((output.code, output.stdout.as_str()), (Some(0), ""));
        assert_eq!(fs::read_to_string(&outside).expect("the file"), straight("example/link"));
        assert!(fs::symlink_metadata(&link).expect("the link").is_symlink());
    }

    #[test]
    fn what_lies_outside_and_is_no_entry_is_not_shown() {
        let base = base();
        let secret = base.home().join("secret.json");
        fs::write(&secret, "{\"password\": \"hunter2\"}").expect("a file outside");
        symlink(&secret, base.root().join("entries/example/link.json")).expect("a link");
        for arguments in
            [&[][..], &["entries/example/link.json"], &["--diff", "entries/example/link.json"]]
        {
            let output = fmt(&base, arguments).output();
            assert_eq!(output.code, Some(1), "{arguments:?}");
            let all = output.stdout + &output.stderr;
            assert!(all.contains("unread-file"), "{arguments:?}: {all}");
            assert!(!all.contains("hunter2") && !all.contains("password"), "{arguments:?}: {all}");
        }
    }

    #[test]
    fn links_that_lead_nowhere_and_pipes_are_said() {
        let base = base();
        let folder = base.root().join("entries/example");
        symlink("no-such-file.json", folder.join("nowhere.json")).expect("a link");
        symlink("circle.json", folder.join("circle.json")).expect("a link to itself");
        let status = Command::new("mkfifo").arg(folder.join("pipe.json")).status().expect("mkfifo");
        assert!(status.success());
        symlink("pipe.json", folder.join("to-pipe.json")).expect("a link");
        let output = fmt(&base, &[]).output();
        assert_eq!(output.code, Some(1));
        assert_eq!(output.stdout.matches("[unread-file]").count(), 4, "{}", output.stdout);
        assert_eq!(base.read(ONE), straight("example/one"));
    }

    #[test]
    fn a_folder_that_cannot_be_written_is_an_error_and_the_rest_is_done() {
        let base = base();
        base.write("entries/closed/bad.json", crooked("closed/bad"));
        let closed = base.root().join("entries/closed");
        fs::set_permissions(&closed, fs::Permissions::from_mode(0o555)).expect("own folder");
        if fs::write(closed.join("probe"), "").is_ok() {
            fs::remove_file(closed.join("probe")).expect("own file");
            support::skipped("who runs this may write everywhere, as root does");
            return;
        }
        let output = fmt(&base, &[]).output();
        fs::set_permissions(&closed, fs::Permissions::from_mode(0o755)).expect("own folder");
        assert_eq!(output.code, Some(2));
        assert!(output.stderr.contains("closed/bad.json"), "{}", output.stderr);
        assert_eq!(base.read("entries/closed/bad.json"), crooked("closed/bad"));
        assert_eq!(base.read(ONE), straight("example/one"));
    }
}

#[test]
fn blanks_at_the_ends_go_and_characters_are_composed() {
    let base = base();
    let text = crooked("example/bad").replace("left.\"", "left cafe\u{301}. \"");
    base.write("entries/example/bad.json", text);
    let output = fmt(&base, &["entries/example/bad.json"]).output();
    assert_eq!((output.code, output.stdout.as_str()), (Some(0), ""), "{}", output.stderr);
    assert!(base.read("entries/example/bad.json").contains("left caf\u{e9}.\""));
}

#[test]
fn a_message_and_its_pattern_keep_what_the_other_needs() {
    let base = Base::new();
    for (name, message, pattern) in [
        ("behind", "Password for 'x': ", "^Password for '[^']+': $"),
        ("before", "  at line 3 of x", "^  at line \\d+"),
        ("letter", "cafe\u{301} is closed", "cafe\u{301} is closed"),
    ] {
        let id = format!("example/{name}");
        let patch = json!({
            "signature": message, "regex": pattern, "root_cause": "It waits. ",
            "x-samples": {"match": [message], "no_match": [" x "]},
        });
        let value: serde_json::Value = serde_json::from_str(&entry(&id, &patch)).expect("JSON");
        let file = format!("entries/{id}.json");
        base.write(&file, value.to_string());
        for fix in [&["fmt", &file][..], &["check", "--unsafe-fixes", &file]] {
            let output = base.errlore(fix).output();
            assert!(output.code != Some(2), "{}", output.stderr);
            let now: serde_json::Value = serde_json::from_str(&base.read(&file)).expect("JSON");
            for key in ["signature", "regex", "x-samples"] {
                assert_eq!(now[key], patch[key], "{name}: {fix:?}");
            }
            assert_eq!(now["root_cause"], "It waits.", "{name}: {fix:?}");
        }
        let output = base.check();
        assert!(!output.stdout.contains("regex-misses"), "{}", output.stdout);
        assert!(!output.stdout.contains("stray-whitespace"), "{}", output.stdout);
    }
}
