//! `match` and `regex --overlap` on the command line.

use std::io::Write;

use serde_json::{Value, json};

use crate::support::Base;

fn base() -> Base {
    let base = Base::new();
    let entry = |id: &str, signature: &str, regex: &str| {
        base.entry(id, &json!({"signature": signature, "regex": regex}));
    };
    entry("example/any-error", "error: something failed", "error.*failed");
    entry("example/exact", "error: compilation failed", "error: compilation failed");
    entry("example/chinese", "磁盘已满", "磁盘已满");
    base
}

#[test]
fn the_most_specific_entry_comes_first_and_says_why() {
    let base = base();
    let output = base.errlore(&["match", "make: ERROR: compilation failed in a.c"]).output();
    assert_eq!((output.code, output.stderr.as_str()), (Some(0), ""));
    assert_eq!(
        output.stdout,
        "1: make: ERROR: compilation failed in a.c\n  example/exact\n    finds `ERROR: compilation failed`, \
         25 characters spelled out\n  example/any-error\n    finds `ERROR: compilation failed`, 11 characters \
         spelled out\n"
    );
    let output = base.errlore(&["match", "all is well"]).output();
    assert_eq!(output.code, Some(1));
    assert_eq!(output.stdout, "1: all is well\n  no entry matches\n");
}

#[test]
fn a_log_without_an_answer_says_so() {
    let base = base();
    base.write("quiet.log", "all is well\nnothing here\n");
    let output = base.errlore(&["match", "quiet.log"]).output();
    assert_eq!(
        (output.code, &*output.stdout),
        (Some(1), "no entry matches any line of quiet.log\n")
    );
    for format in ["json", "jsonl"] {
        let output = base.errlore(&["match", "quiet.log", "--format", format]).output();
        assert_eq!((output.code, &*output.stdout), (Some(1), ""), "lines are answers");
        let message = base.errlore(&["match", "error failed", "--format", format]).output().stdout;
        assert!(message.starts_with("{\"version\":1,\"line\":1,"), "{message}");
    }
}

#[test]
fn a_pattern_that_does_not_parse_is_a_mistake_and_no_answer() {
    let base = base();
    for (a, b) in [("a(", "b"), ("b", "[z-a]"), ("*", "+")] {
        let output = base.errlore(&["regex", "--overlap", a, b]).output();
        assert_eq!((output.code, &*output.stdout), (Some(2), ""), "{a} {b}");
        assert!(output.stderr.contains("does not parse"), "{}", output.stderr);
    }
}

#[test]
fn an_unknown_id_has_one_status() {
    let base = base();
    let known = "example/exact";
    for arguments in [
        &["render", "example/none"][..],
        &["render", "none"],
        &["diff", "example/none", known],
        &["diff", known, "example/none"],
        &["diff", "none", known],
        &["duplicates", "--explain", "example/none", known],
        &["duplicates", "--decide", "example/none", known, "distinct", "--reason", "x"],
        &["regex", "--why", "error: failed", "example/none"],
    ] {
        let output = base.errlore(arguments).output();
        assert_eq!((output.code, &*output.stdout), (Some(3), ""), "{arguments:?}");
        assert!(output.stderr.contains("none`"), "{arguments:?}: {}", output.stderr);
    }
}

#[test]
fn a_file_that_is_not_there_has_one_status() {
    let base = base();
    let known = "example/exact";
    base.git(&["init", "--quiet"]);
    base.commit("all");
    for arguments in [
        &["render", "none.json"][..],
        &["check", "none.json"],
        &["fmt", "none.json"],
        &["normalize", "none.md"],
        &["duplicates", "--like", "none.md"],
        &["diff", "none.json", known],
        &["diff", known, "none.json"],
        &["diff", "HEAD:none.json", known],
    ] {
        let output = base.errlore(arguments).output();
        assert_eq!(output.code, Some(2), "{arguments:?}: {}", output.stderr);
        assert!(output.stderr.contains("none."), "{arguments:?}: {}", output.stderr);
        let said = output.stdout + &output.stderr;
        assert!(!said.contains("no findings"), "{arguments:?}: {said}");
    }
}

/// What is spelled alike is another error.
#[test]
fn an_id_that_was_decided_to_be_a_duplicate_names_the_entry_that_is_left() {
    let base = base();
    base.entry("example/exactly", &json!({"signature": "warning: none", "regex": "warning"}));
    let decide = |a: &str, b: &str| {
        let run = base.errlore(&["duplicates", "--decide", a, b, "duplicate", "--reason", "same"]);
        assert_eq!(run.output().code, Some(0));
    };
    decide("example/exact", "example/any-error");
    std::fs::remove_file(base.root().join("entries/example/exact.json")).expect("a file");
    let (gone, other) = ("example/exact", "example/chinese");
    let check = |survivor: &str| {
        for arguments in [
            &["render", gone][..],
            &["diff", gone, other],
            &["diff", other, gone],
            &["duplicates", "--explain", gone, other],
            &["duplicates", "--decide", other, gone, "distinct", "--reason", "x"],
            &["regex", "--why", "error: failed", gone],
            &["regex", "--overlap", gone, other],
        ] {
            let output = base.errlore(arguments).output();
            assert_eq!(output.code, Some(3), "{arguments:?}");
            let said = format!("help: it was decided to be a duplicate of `{survivor}`\n");
            assert!(output.stderr.ends_with(&said), "{arguments:?}: {}", output.stderr);
        }
    };
    check("example/any-error");
    // The one that is left may have gone the same way.
    decide("example/any-error", "example/chinese");
    std::fs::remove_file(base.root().join("entries/example/any-error.json")).expect("a file");
    check("example/chinese");
}

#[test]
fn a_log_is_read_line_by_line() {
    let base = base();
    let mut log = Vec::new();
    log.extend(b"all is well\r\nmake: error: linking failed\r\n\xff\xfe broken \0\x1b[31m\n");
    writeln!(log, "write: 磁盘已满").expect("in memory");
    log.extend(b"x".repeat(1 << 20));
    log.extend(b" error failed\nerror failed");
    base.write("build.log", &log);
    let output = base.errlore(&["match", "build.log", "--format", "json", "--limit", "1"]).output();
    assert_eq!(output.code, Some(0));
    assert_eq!(
        output.stderr,
        "a line of build.log has more than 64 kB: it was looked at up to there\n"
    );
    let answers: Vec<Value> = output
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).expect("one object a message"))
        .collect();
    let found: Vec<(u64, &str)> = answers
        .iter()
        .map(|answer| {
            let id = answer["entries"][0]["id"].as_str().expect("an id");
            (answer["line"].as_u64().expect("a line"), id)
        })
        .collect();
    let expected = [(2, "example/any-error"), (4, "example/chinese"), (6, "example/any-error")];
    assert_eq!(found, expected);
}

#[test]
fn two_patterns_are_compared_by_what_they_find() {
    let base = base();
    let overlap = |a: &str, b: &str| {
        let output = base.errlore(&["regex", "--overlap", a, b, "--format", "json"]).output();
        assert_eq!((output.code, output.stderr.as_str()), (Some(0), ""), "{}", output.stdout);
        let found: Value = serde_json::from_str(&output.stdout).expect("JSON");
        let text = |key: &str| found[key].as_str().unwrap_or_default().to_owned();
        (text("relation"), text("witness"))
    };
    let pair = |relation: &str, witness: &str| (relation.to_owned(), witness.to_owned());
    assert_eq!(overlap("foo", "foobar"), pair("contains", "foo"));
    assert_eq!(overlap("foobar", "foo"), pair("contained", "foo"));
    assert_eq!(overlap("^abc$", "^abd$"), pair("disjoint", ""));
    assert_eq!(overlap("a+", "aa*").0, "equal");
    assert_eq!(overlap("(?=a)", "b"), pair("undecided", ""));
    assert_eq!(overlap("example/any-error", "example/exact").0, "contains");
}

#[test]
#[cfg(unix)]
fn what_is_no_message_is_not_looked_up() {
    let base = Base::new();
    base.entry("example/disk-full", &json!({}));
    base.write("log", "write failed: no space left on device\n");
    // A pipe under a name, as a shell makes one.
    let pipe = std::process::Command::new("mkfifo").arg(base.root().join("pipe")).status();
    assert!(pipe.is_ok_and(|status| status.success()));
    let writer = {
        let root = base.root().to_owned();
        std::thread::spawn(move || std::fs::copy(root.join("log"), root.join("pipe")))
    };
    let output = base.errlore(&["match", "pipe"]).output();
    assert!(output.stdout.contains("example/disk-full"), "{}{}", output.stdout, output.stderr);
    writer.join().expect("no panic").expect("a pipe that was read");
    for path in ["./nosuch.log", "./entries", "/dev/null/none"] {
        assert_eq!(base.errlore(&["match", path]).output().code, Some(2), "{path}");
    }
    // A word may be the name of a folder.
    assert_eq!(base.errlore(&["match", "entries"]).output().code, Some(1));
}

#[test]
fn a_file_that_holds_no_entry_is_named() {
    let base = Base::new();
    base.entry("example/disk-full", &json!({}));
    base.write("entries/example/broken.json", "{\"id\": \"example/broken\",}");
    let said = "1 file holds no entry that can be read and is left out: \
                entries/example/broken.json; `errlore check` says why\n";
    for arguments in [&["match", "quota exceeded"][..], &["duplicates"]] {
        let output = base.errlore(arguments).output();
        assert_eq!(output.stderr, said, "{arguments:?}");
    }
}

#[test]
fn an_overlap_is_not_told_of_an_id_that_is_none() {
    let base = Base::new();
    base.entry("example/disk-full", &json!({}));
    let output = base.errlore(&["regex", "--overlap", "example/disk-ful", "no space"]).output();
    assert_eq!((output.code, &*output.stdout), (Some(3), ""));
    assert!(output.stderr.contains("did you mean `example/disk-full`?"), "{}", output.stderr);
}
