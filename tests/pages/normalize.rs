//! `normalize` as it is used: what it reads, where it writes, what it says, and how it ends.

use std::fs;
use std::path::Path;

use errlore::entry::Entry;
use errlore::normalize::{self, Form};
use errlore::render;
use errlore::source::Source;
use serde_json::{Value, json};

use crate::support::{Base, Output, Run, entry, files_below};

const ID: &str = "example/disk-full";

/// The entry that most sources here are forms of.
fn patch() -> Value {
    json!({
        "signature_zh": "磁盘已满",
        "versions": [{"version": "ext4", "status": "active"}],
        "tags": ["disk"],
        "workarounds_zh": ["清理磁盘"],
        "error_code": "28",
    })
}

fn whole() -> Entry {
    serde_json::from_str(&entry(ID, &patch())).expect("an entry")
}

const DIGEST: &str = "\
# Errors

> 2 errors

## example/disk-full

- ERROR: write failed: no space left on device
- REGEX: `no space left on (device|volume)`
- RESOLVABLE: true
- FIX_RATE: 0.9
- SUMMARY: The volume is full.

### Dead Ends

- Retry the write (fail_rate=0.9): Nothing has become free.

### Workarounds

- Free some space (success_rate=0.9) - `du -sh *`

## example/other

- ERROR: other
- REGEX: `other`
- RESOLVABLE: false
- FIX_RATE: 0.1
- SUMMARY: Another one.
";

const CANON: &str = r#"{
  "schema_version": "1.0.0", "id": "example/disk-full",
  "error": {"signature": "write failed: no space left on device", "regex": "no space", "domain": "example"},
  "verdict": {"resolvable": "true", "fix_success_rate": 0.9, "summary": "The volume is full."}
}"#;

/// A source in each form, under a name that does not tell which.
fn sources() -> [(Form, String); 6] {
    let whole = whole();
    let crooked = serde_json::to_string(&whole).expect("serialises");
    [
        (Form::Json, crooked),
        (Form::Text, render::text(&whole)),
        (Form::Markdown, render::markdown(&whole)),
        (Form::Html, render::html(&whole)),
        (Form::Digest, DIGEST.to_owned()),
        (Form::Canon, CANON.to_owned()),
    ]
}

/// What the library makes of a source, as the command writes it.
fn expected(text: &str, form: Form) -> String {
    let drafts = normalize::normalize(&Source::new("source", text), form).drafts;
    assert!(!drafts.is_empty(), "{form:?}: {text}");
    if let [draft] = &drafts[..] {
        return draft.json();
    }
    let entries: Vec<String> =
        drafts.iter().map(|draft| draft.json().trim_end().to_owned()).collect();
    format!("[\n{}\n]\n", entries.join(",\n"))
}

fn run(base: &Base, arguments: &[&str]) -> Run {
    base.errlore(&["normalize"]).args(arguments)
}

/// A base without a knowledge base: a folder of sources.
fn base(sources: &[(&str, &str)]) -> Base {
    let base = Base::new();
    fs::remove_dir(base.root().join("entries")).expect("it is empty");
    for (name, text) in sources {
        base.write(name, text);
    }
    base
}

/// The entry in canonical form.
fn straight() -> String {
    entry(ID, &patch())
}

/// The entry as a page of Markdown, which carries all of it.
fn page() -> String {
    render::markdown(&whole())
}

#[track_caller]
fn assert_ended(output: &Output, code: i32, says: &[&str]) {
    assert_eq!(output.code, Some(code), "{}{}", output.stdout, output.stderr);
    for words in says {
        assert!(output.stderr.contains(words), "{words}: {}", output.stderr);
    }
}

#[test]
fn an_input_goes_to_standard_output_and_the_findings_beside_it() {
    for (form, text) in sources() {
        let base = base(&[("source", &text)]);
        for told in ["auto", form.name()] {
            let output = run(&base, &["source", "--from", told]).output();
            assert_ended(&output, 0, &[" in 1 file\n"]);
            assert_eq!(output.stdout, expected(&text, form), "{form:?} {told}");
        }
        assert_eq!(base.read("source"), text, "a source is never written");
    }
    let base = base(&[("page", &page()), ("lacking", "# Message\n\nID: a/b\n")]);
    let output = run(&base, &["page"]).output();
    assert_eq!((output.stdout, output.stderr), (straight(), "no findings in 1 file\n".to_owned()));
    let output = run(&base, &["lacking"]).output();
    assert_ended(&output, 0, &["warning[missing-value]", " --> lacking:1:3"]);
}

#[test]
fn a_form_that_it_is_not_in_is_a_finding() {
    for (form, text) in sources() {
        let base = base(&[("source", &text)]);
        for (name, other) in Form::ALL {
            if other == form {
                continue;
            }
            let output = run(&base, &["source", "--from", name]).output();
            // Markdown is also a text, and a heading or two in it read as one; nothing else is.
            if output.stdout.is_empty() {
                assert_ended(&output, 1, &["error[unreadable-source]", " --> source:1:"]);
            } else {
                let read: Value = serde_json::from_str(&output.stdout).expect("JSON");
                assert!(read.is_array() || read["id"].is_string(), "{form:?} as {name}");
            }
        }
    }
    let base = base(&[("source", "{}")]);
    let output = run(&base, &["source", "--from", "markdwon"]).output();
    assert_ended(&output, 2, &["did you mean markdown?"]);
}

#[test]
fn standard_input_has_a_name() {
    let base = base(&[]);
    let output = run(&base, &["-"]).input(page()).output();
    assert_ended(&output, 0, &[]);
    assert_eq!(output.stdout, straight());
    let lacking = "Message\n\nID: a/b\n";
    let output = run(&base, &["-"]).input(lacking).output();
    assert_ended(&output, 0, &[" --> <stdin>:1:1"]);
    // The name stands for a file that need not be there, and tells the form where nothing else does.
    let marked = "**Message**\n\nID: a/b\n";
    for (name, signature) in [("pages/a.md", "Message"), ("pages/a.txt", "**Message**")] {
        let output = run(&base, &["-", "--stdin-filename", name]).input(marked).output();
        assert_ended(&output, 0, &[&format!(" --> {name}:1:1")]);
        let read: Value = serde_json::from_str(&output.stdout).expect("JSON");
        assert_eq!(read["signature"], signature, "{name}");
    }
    assert!(!base.root().join("pages").exists());

    let output = run(&base, &["-", "-"]).input(lacking).output();
    assert_ended(&output, 2, &["standard input can be read only once"]);
    base.write("page", page());
    let output = run(&base, &["page", "--stdin-filename", "a"]).output();
    assert_ended(&output, 2, &["`--stdin-filename` names what comes from standard input"]);
    let output = run(&base, &["-", "page", "--stdout"]).input(lacking).output();
    assert_ended(&output, 0, &["in 2 files\n"]);
    let read: Value = serde_json::from_str(&output.stdout).expect("JSON");
    assert_eq!((&read[0]["id"], &read[1]["id"]), (&json!("a/b"), &json!(ID)), "{read}");
}

#[test]
fn several_inputs_are_one_array_where_that_is_asked_for() {
    let other = entry("example/other", &json!({}));
    let base = base(&[("a.md", &page()), ("b.json", &other), ("c.md", DIGEST)]);
    let output = run(&base, &["a.md", "b.json"]).output();
    assert_ended(&output, 2, &["several inputs", "`--into DIR`", "`--stdout`"]);
    assert_eq!(output.stdout, "");
    let output = run(&base, &["a.md", "b.json", "--stdout"]).output();
    let both = format!("[\n{},\n{}\n]\n", straight().trim_end(), other.trim_end());
    assert_eq!((output.code, &output.stdout), (Some(0), &both), "{}", output.stderr);

    // What comes out goes in again.
    let again = run(&base, &["-"]).input(both.as_str()).output();
    assert_eq!((again.code, &again.stdout), (Some(0), &both), "{}", again.stderr);
    let digest = run(&base, &["c.md"]).output();
    let again = run(&base, &["-"]).input(digest.stdout.as_str()).output();
    assert_eq!(again.stdout, digest.stdout);
    let one = run(&base, &["b.json", "--stdout"]).output();
    assert_eq!((one.code, one.stdout), (Some(0), other), "one entry is no array");
}

#[test]
fn folders_are_walked_in_order_and_hidden_files_left_out() {
    let named = |id: &str| entry(id, &json!({}));
    let base = base(&[
        ("in/b.json", &named("example/b")),
        ("in/a/z.json", &named("example/a")),
        ("in/c.md", &page()),
        ("in/.hidden.json", "{"),
        ("in/.git/x.json", "{"),
    ]);
    #[cfg(unix)]
    std::os::unix::fs::symlink("b.json", base.root().join("in/link.json")).expect("a link");
    let ids = |output: &Output| -> Vec<String> {
        let read: Vec<Value> = serde_json::from_str(&output.stdout).expect("an array");
        read.iter().map(|entry| entry["id"].as_str().unwrap_or_default().to_owned()).collect()
    };
    let output = run(&base, &["in", "--stdout"]).output();
    assert_ended(&output, 0, &["no findings in 3 files\n"]);
    assert_eq!(ids(&output), ["example/a", "example/b", ID]);
    let output = run(&base, &["in/c.md", "in/a", "--stdout"]).output();
    assert_eq!(ids(&output), [ID, "example/a"], "in the order in which they are named");

    fs::create_dir(base.root().join("empty")).expect("a new folder");
    let output = run(&base, &["empty", "--stdout"]).output();
    assert_ended(&output, 3, &["there is no file in what was named"]);
    // One that is not there does not stop the others.
    let output = run(&base, &["in/missing.json", "in", "--stdout"]).output();
    assert_ended(&output, 2, &["cannot read in/missing.json"]);
    assert_eq!(ids(&output).len(), 3);
    assert_ended(&run(&base, &[]).output(), 2, &["<FILE>"]);
}

#[test]
fn a_folder_gets_a_file_of_each_entry() {
    let base = base(&[
        ("in/page.md", &page()),
        ("in/env.json", &entry("example/other/linux", &json!({}))),
        ("in/digest", &DIGEST.replace("## example/disk-full", "## example/third")),
    ]);
    let output = run(&base, &["in", "--into", "new/out"]).output();
    assert_ended(&output, 0, &["wrote 4 entries to new/out\n"]);
    assert_eq!(base.read("new/out/example/disk-full.json"), straight());
    let out = base.root().join("new/out");
    let names = |files: &[std::path::PathBuf]| -> Vec<String> {
        let name = |path: &std::path::PathBuf| path.strip_prefix(&out).expect("below").to_owned();
        files.iter().map(|path| name(path).to_string_lossy().into_owned()).collect()
    };
    let files = files_below(&out);
    let expected = [
        "example/disk-full.json",
        "example/other/linux.json",
        "example/other.json",
        "example/third.json",
    ];
    assert_eq!(names(&files), expected, "nothing else, such as a file half written");
    let summary = output.stdout.lines().last().unwrap_or_default();
    assert!(summary.ends_with("warnings in 3 files"), "{}", output.stdout);

    // What is there already is not written again.
    let before: Vec<_> = files.iter().map(|path| fs::metadata(path).expect("a file")).collect();
    let output = run(&base, &["in", "--into", "new/out"]).output();
    assert_ended(&output, 0, &["wrote 0 entries to new/out; 4 did not change\n"]);
    assert!(!output.stderr.contains("wrote new/out/"), "{}", output.stderr);
    for (path, before) in files.iter().zip(before) {
        let now = fs::metadata(path).expect("a file").modified().expect("a time");
        assert_eq!(now, before.modified().expect("a time"), "{}", path.display());
    }
    for contradiction in
        [&["--into", "out", "--stdout"][..], &["--force"], &["--stdout", "--force"]]
    {
        assert_eq!(run(&base, &["in"]).args(contradiction).output().code, Some(2));
    }
}

#[test]
fn an_entry_that_is_there_and_differs_is_left_alone() {
    let base = base(&[("a.md", &page()), ("b.json", &entry("example/other", &json!({})))]);
    let file = "out/example/disk-full.json";
    let mine = entry(ID, &json!({"evidence_count": 7, "tags": ["disk"], "x-mine": true}));
    base.write(file, &mine);
    let names =
        "`error_code`, `evidence_count`, `signature_zh`, `versions`, `workarounds_zh`, `x-mine`";
    let output = run(&base, &["a.md", "b.json", "--into", "out"]).output();
    let refused = format!("{file} is there already and differs in {names}; `--force`");
    assert_ended(&output, 1, &[&refused, "wrote 1 entry to out; 1 not written\n"]);
    assert_eq!(base.read(file), mine);
    assert!(base.root().join("out/example/other.json").exists(), "the others are written");

    let output = run(&base, &["a.md", "b.json", "--into", "out", "--force"]).output();
    let changes = format!("wrote {file}; it differed in {names}\n");
    assert_ended(&output, 0, &[&changes, "wrote 1 entry to out; 1 did not change\n"]);
    assert_eq!(base.read(file), straight());

    // The same entry in another layout is another file; what is no entry is no less somebody's.
    for (there, says) in [
        (straight().replace("  ", "\t"), "differs in its layout"),
        ("notes\n".to_owned(), "differs in all of it: what is there is no entry"),
        (String::new(), "differs in all of it: what is there is no entry"),
    ] {
        base.write(file, &there);
        let output = run(&base, &["a.md", "--into", "out"]).output();
        assert_ended(&output, 1, &[says]);
        assert_eq!(base.read(file), there);
    }
}

#[test]
fn two_sources_of_one_id() {
    let base = base(&[
        ("a.md", &page()),
        ("b.json", &straight()),
        ("c.json", &entry(ID, &json!({"evidence_count": 7}))),
    ]);
    let output = run(&base, &["a.md", "b.json", "--into", "out"]).output();
    assert_ended(&output, 0, &["wrote 1 entry to out\n"]);
    let output = run(&base, &["c.json", "a.md", "--into", "other"]).output();
    let refused =
        "`example/disk-full` of a.md is not written: c.json gives another entry of that id\n";
    assert_ended(&output, 1, &[refused, "wrote 1 entry to other; 1 not written\n"]);
    assert!(base.read("other/example/disk-full.json").contains("\"evidence_count\": 7,"));
    // `--force` is about what was there before, not about what of the inputs counts.
    let output = run(&base, &["c.json", "a.md", "--into", "other", "--force"]).output();
    assert_ended(&output, 1, &[refused]);
    // On standard output each stands for itself.
    let output = run(&base, &["c.json", "a.md", "--stdout"]).output();
    assert_eq!((output.code, output.stdout.matches("\"id\"").count()), (Some(0), 2));
}

#[test]
fn check_writes_nothing_and_says_what_is_due() {
    let base = base(&[("a.md", &page()), ("a.json", &straight()), ("b.json", "{")]);
    let output = run(&base, &["a.json", "--check"]).output();
    assert_ended(&output, 0, &[]);
    assert_eq!(output.stdout, "no findings in 1 file\n");
    let output = run(&base, &["a.md", "a.json", "--check"]).output();
    assert_ended(&output, 1, &["a.md is not the canonical JSON of its entry\n"]);
    assert!(!output.stderr.contains("a.json"), "{}", output.stderr);
    assert_eq!(output.stdout, "no findings in 2 files\n");
    let output = run(&base, &["b.json", "--check"]).output();
    assert_ended(&output, 1, &[]);
    assert!(output.stdout.contains("error[unreadable-source]"), "{}", output.stdout);

    let due = &["a.md", "--check", "--into", "out"];
    assert_ended(&run(&base, due).output(), 1, &["out/example/disk-full.json is not there\n"]);
    assert!(!base.root().join("out").exists(), "nothing is made");
    base.write("out/example/disk-full.json", straight());
    let output = run(&base, due).output();
    assert_eq!((output.code, output.stderr.as_str()), (Some(0), ""));
    base.write("out/example/disk-full.json", straight() + "\n");
    assert_ended(&run(&base, due).output(), 1, &["out/example/disk-full.json differs\n"]);
    assert_eq!(base.read("out/example/disk-full.json"), straight() + "\n");
    // With `--stdout` as well, there is nothing to be written either.
    let output = run(&base, &["a.json", "--check", "--stdout"]).output();
    assert_eq!((output.code, output.stdout.as_str()), (Some(0), "no findings in 1 file\n"));
}

#[test]
fn the_status_is_for_the_worst_that_was_found() {
    let strange = page() + "\n## Sponsors\n\nBuy a bigger disk.\n";
    let whole_percent = render::text(&whole());
    let base = base(&[("strange.md", &strange), ("page.txt", &whole_percent), ("a.md", &page())]);
    let status = |arguments: &[&str]| run(&base, arguments).output().code;
    assert_eq!(status(&["strange.md"]), Some(0), "a warning");
    assert_eq!(status(&["strange.md", "--fail-on", "warning"]), Some(1));
    assert_eq!(status(&["strange.md", "--fail-on", "note"]), Some(1));
    let output = run(&base, &["strange.md", "--strict"]).output();
    assert_ended(&output, 1, &["error[not-understood]", " --> strange.md:"]);
    assert_eq!(output.stdout, straight(), "what was understood comes out");
    assert_eq!(status(&["a.md", "--strict", "--fail-on", "note"]), Some(0));
    assert_eq!(status(&["a.md", "--fail-on", "bad"]), Some(2));
    // The configuration has a word in it.
    base.write("errlore.toml", "[rules]\nnot-understood = \"error\"\n");
    assert_eq!(status(&["strange.md"]), Some(1));
    base.write("errlore.toml", "[rules]\nnot-understood = \"off\"\n");
    let output = run(&base, &["strange.md", "--fail-on", "note"]).output();
    assert_ended(&output, 0, &["no findings"]);
    base.write("errlore.toml", "[rules]\npercentage-may-be-cut = \"error\"\n");
    assert_eq!(status(&["page.txt"]), Some(1));
    let output = run(&base, &["page.txt"]).env("ERRLORE_FAIL_ON", "note").output();
    assert_eq!(output.code, Some(1));
    base.write("errlore.toml", "rules = 1\n");
    assert_eq!(status(&["a.md"]), Some(2));
}

#[test]
fn only_the_findings_are_coloured() {
    let base = base(&[("lacking.md", "# Message\n\nID: a/b\n")]);
    let plain = run(&base, &["lacking.md"]).output();
    assert!(plain.stderr.contains("missing-value") && !plain.stderr.contains('\u{1b}'));
    for arguments in [&[][..], &["--into", "out"], &["--check"]] {
        let coloured = run(&base, &["lacking.md", "--color", "always"]).args(arguments).output();
        let report = if arguments.is_empty() { &coloured.stderr } else { &coloured.stdout };
        assert!(report.contains("\u{1b}["), "{arguments:?}: {report:?}");
        if arguments.is_empty() {
            assert_eq!(coloured.stdout, plain.stdout, "JSON is for programs");
        }
        for (name, value) in [("NO_COLOR", "1"), ("NO_COLOR", "0"), ("CLICOLOR", "0")] {
            let output = run(&base, &["lacking.md"]).args(arguments).env(name, value).output();
            assert!(!(output.stdout + &output.stderr).contains('\u{1b}'), "{name}={value}");
        }
    }
    let forced = run(&base, &["lacking.md"]).env("CLICOLOR_FORCE", "1").output();
    assert!(forced.stderr.contains("\u{1b}["), "{:?}", forced.stderr);
    let output = run(&base, &["lacking.md"]).env("CLICOLOR_FORCE", "1").env("NO_COLOR", "1");
    assert!(!output.output().stderr.contains('\u{1b}'), "NO_COLOR counts first");
}

#[test]
fn a_closed_pipe_ends_quietly() {
    let base = base(&[("a.md", &page()), ("digest.md", &DIGEST.repeat(3000))]);
    for arguments in [&["a.md"][..], &["digest.md"], &["a.md", "--report", "json"]] {
        let output = run(&base, arguments).output_into_closed_pipe();
        assert_eq!(output.code, Some(0), "{arguments:?}: {}", output.stderr);
        assert!(!output.stderr.contains("pipe"), "{}", output.stderr);
    }
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let base = base(&[]);
    for number in 0..300 {
        let text = match number % 4 {
            0 => entry(&format!("example/e{number}"), &json!({})),
            1 => page().replace(ID, &format!("example/e{number}")),
            2 => format!("Message\n\nID: example/e{}\n", number / 2),
            _ => "no page".to_owned(),
        };
        base.write(Path::new("in").join(format!("{number:03}")), text);
    }
    let run = |jobs: &str| {
        let report = run(&base, &["in", "--stdout", "--report", "json", "--jobs", jobs]).output();
        let into = format!("out{jobs}");
        let written = run(&base, &["in", "--into", &into, "--jobs", jobs]).output();
        let files = files_below(&base.root().join(&into));
        let texts: Vec<_> =
            files.iter().map(|path| fs::read_to_string(path).expect("a text")).collect();
        let said = written.stderr.replace(&into, "out");
        (report.code, report.stdout, report.stderr, written.code, written.stdout, said, texts)
    };
    let one = run("1");
    assert_eq!((one.0, one.3), (Some(1), Some(1)));
    for jobs in ["2", "8"] {
        assert!(run(jobs) == one, "{jobs} threads");
    }
}
