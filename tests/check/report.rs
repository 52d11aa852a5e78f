//! What a run prints and how it ends: exit statuses, formats, where reports go, colours, pipes,
//! threads.

use serde_json::{Value, json};

use crate::support::{self, Base, FORMATS, place, placeholder, stale};

/// A base with one finding, which counts as `level`.
fn base_with(level: &str) -> Base {
    let base = Base::new();
    base.neighbours();
    base.write("errlore.toml", format!("[rules]\nstale-entry = \"{level}\"\n"));
    base
}

#[test]
fn the_exit_status_is_the_same_with_every_format() {
    let clean = Base::new();
    clean.entry("example/good", &json!({}));
    let faulty = Base::new();
    faulty.entry("example/bad", &placeholder());
    let misconfigured = base_with("loud");
    let empty = Base::new();
    for format in FORMATS {
        for (base, status) in [(&clean, 0), (&faulty, 1), (&misconfigured, 2), (&empty, 3)] {
            for arguments in
                [&["--format", format][..], &["--format", format, "--output", "report"]]
            {
                let output = base.errlore(&["check"]).args(arguments).output();
                assert_eq!(output.code, Some(status), "{arguments:?}: {}", output.stderr);
            }
        }
    }
}

#[test]
fn an_error_and_a_finding_together_are_an_error() {
    let base = Base::new();
    let path = base.entry("example/bad", &placeholder());
    for format in FORMATS {
        let output = base.errlore(&["check", &path, "missing.json", "--format", format]).output();
        assert_eq!(output.code, Some(2), "{format}");
        assert!(output.stdout.contains("placeholder-text"), "{format}: {}", output.stdout);
        assert!(output.stderr.contains("missing.json"), "{format}: {}", output.stderr);
    }
}

#[test]
fn usage_errors_have_status_2() {
    let base = base_with("note");
    for arguments in [
        &["check", "--no-such-flag"][..],
        &["check", "--format", "xml"],
        &["check", "--format", "json="],
        &["check", "--fail-on", "fatal"],
        &["check", "--today", "yesterday"],
        &["check", "--since", ""],
        &["no-such-command"],
        &[],
    ] {
        let output = base.errlore(arguments).output();
        assert_eq!(output.code, Some(2), "{arguments:?}: {}", output.stdout);
        assert!(!output.stderr.is_empty(), "{arguments:?}");
    }
    let output = base.errlore(&["check", "--format", "jsno"]).output();
    assert!(output.stderr.contains("did you mean json?"), "{}", output.stderr);
}

#[test]
fn fail_on_draws_the_line() {
    let order = ["note", "warning", "error"];
    for (found, level) in order.into_iter().enumerate() {
        let base = base_with(level);
        for (asked, fail_on) in order.into_iter().enumerate() {
            let output = base.errlore(&["check", "--fail-on", fail_on]).output();
            let status = i32::from(found >= asked);
            assert_eq!(output.code, Some(status), "{level} with --fail-on {fail_on}");
        }
        let output = base.errlore(&["check"]).output();
        assert_eq!(
            output.code,
            Some(i32::from(level == "error")),
            "errors fail unless asked otherwise"
        );
    }
}

#[test]
fn several_formats_at_once() {
    let base = base_with("error");
    let alone = base.check();
    let output = base.errlore(&["check", "--format", "text", "--format", "json=out.json"]).output();
    assert_eq!(output.code, Some(1));
    assert!(output.stdout.starts_with("error[stale-entry]"), "{}", output.stdout);
    assert_eq!(base.read("out.json"), alone.stdout, "the same as on standard output");
    let output = base.errlore(&["check", "--format", "jsonl=a.jsonl,github=b.txt"]).output();
    assert_eq!((output.code, output.stdout.as_str()), (Some(1), ""));
    assert!(base.read("a.jsonl").starts_with("{\"version\":1,\"rule\":\"stale-entry\""));
    assert!(base.read("b.txt").starts_with("::error "));
    let output = base.errlore(&["check", "--format", "json", "--output", "c.json"]).output();
    assert_eq!(output.stdout, "");
    assert_eq!(base.read("c.json"), alone.stdout);
}

#[test]
fn two_formats_on_one_output_are_refused() {
    let base = base_with("error");
    for arguments in [
        &["--format", "text", "--format", "json"][..],
        &["--format", "text,json"],
        &["--format", "text,json", "--output", "out"],
    ] {
        let output = base.errlore(&["check"]).args(arguments).output();
        assert_eq!(output.code, Some(2), "{arguments:?}");
        assert_eq!(output.stdout, "");
        assert!(
            output.stderr.contains("--format text --format json="),
            "what to do: {}",
            output.stderr
        );
        assert!(!base.root().join("out").exists());
    }
}

#[test]
fn a_report_that_cannot_be_written_is_an_error() {
    let base = base_with("note");
    let output = base.errlore(&["check", "--format", "json=no/such/folder/out.json"]).output();
    assert_eq!(output.code, Some(2), "{}", output.stderr);
    assert!(output.stderr.contains("no/such/folder"), "{}", output.stderr);
    let output = base.errlore(&["check", "--output", "entries"]).output();
    assert_eq!(output.code, Some(2), "a folder: {}", output.stderr);
    assert_eq!(base.check().code, Some(0), "and the entries are still there");
}

#[test]
fn concise_is_one_line_a_finding() {
    let base = Base::new();
    let path = base.entry("example/bad", &placeholder());
    base.neighbours();
    base.write("entries/example/broken.json", "{");
    let output = base.errlore(&["check", "--format", "concise"]).output();
    let lines: Vec<&str> = output.stdout.lines().collect();
    let at = place(&path, &base.read(&path), "\"TODO");
    assert!(lines[0].starts_with(&format!("{at}: error[placeholder-text] ")), "{}", output.stdout);
    assert_eq!(lines.len(), base.check().findings().len(), "{}", output.stdout);
    let form = regex::Regex::new(r"^[^:]+:\d+:\d+: (error|warning|note)\[[a-z-]+\] [^ ].*[^.]$")
        .expect("a pattern");
    for line in lines {
        assert!(form.is_match(line), "{line}");
    }
}

#[test]
fn json_and_jsonl_say_the_same() {
    let base = Base::new();
    base.entry("example/bad", &placeholder());
    base.neighbours();
    let findings = base.check().findings();
    let lines = base.errlore(&["check", "--format", "jsonl"]).output().stdout;
    let mut lines: Vec<Value> =
        lines.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    for line in &mut lines {
        let version = line.as_object_mut().expect("an object").remove("version");
        assert_eq!(version, Some(json!(1)));
    }
    assert_eq!(lines, findings);
    let found = &findings[0];
    assert_eq!(found["entry"], "example/bad");
    assert_eq!(found["pointer"], "/root_cause");
    // The span is in bytes of the file, end exclusive.
    let text = base.read(found["path"].as_str().expect("a path"));
    let span = |end: usize| {
        usize::try_from(found["span"][end].as_u64().expect("an offset")).expect("small")
    };
    assert_eq!(&text[span(0)..span(1)], "\"TODO: find out\"");
}

#[test]
fn columns_count_characters_and_the_caret_stands_below() {
    let base = Base::new();
    let patch = json!({"root_cause_zh": "磁盘已满,无法写入。"});
    let file = base.entry("example/wide", &patch);
    let text = base.read(&file);
    let output = base.check();
    let found = output.only("half-width-punctuation");
    assert_eq!(support::place_of(&found), place(&file, &text, ",无"));
    let shown = base.errlore(&["check"]).output().stdout;
    let lines: Vec<&str> = shown.lines().collect();
    let at = lines.iter().position(|line| line.contains("磁盘")).expect("the excerpt");
    // Each Chinese character is two columns wide on a terminal.
    let width: usize = lines[at]
        .split(",无")
        .next()
        .into_iter()
        .flat_map(str::chars)
        .map(|c| if c.is_ascii() { 1 } else { 2 })
        .sum();
    assert_eq!(lines[at + 1].find('^'), Some(width), "{shown}");
}

#[test]
fn github_escapes_what_it_must() {
    let base = Base::new();
    let text = support::entry("example/odd", &placeholder())
        .replace("\"aliases\": []", "\"aliases\": [], \"50%, a:b\": 1");
    base.write("entries/example/100%,a:b.json", text);
    let output = base.errlore(&["check", "--format", "github"]).output();
    let lines: Vec<&str> = output.stdout.lines().collect();
    assert!(lines.len() >= 3, "{}", output.stdout);
    for line in &lines {
        assert!(line.contains(" file=entries/example/100%25%2Ca%3Ab.json,line="), "{line}");
    }
    let unknown = lines.iter().find(|line| line.contains("title=unknown-key::")).expect("the key");
    // In a message only the percent sign and line ends are escaped.
    assert!(unknown.contains("`50%25, a:b`"), "{unknown}");
    assert!(unknown.contains("%0A"), "the help is a second line: {unknown}");
}

#[test]
fn github_shows_the_worst_and_counts_the_rest() {
    let base = Base::new();
    base.write("errlore.toml", "[rules]\nplaceholder-text = \"error\"\nstale-entry = \"warning\"\nhalf-width-punctuation = \"note\"\n");
    for index in 0..12 {
        base.entry(&format!("example/a-warning-{index:02}"), &stale());
    }
    for index in 0..15 {
        base.entry(&format!("example/b-error-{index:02}"), &placeholder());
    }
    for index in 0..3 {
        base.entry(
            &format!("example/c-note-{index:02}"),
            &json!({"root_cause_zh": "磁盘已满,无法写入。"}),
        );
    }
    let output = base.errlore(&["check", "--format", "github"]).output();
    let kinds: Vec<&str> =
        output.stdout.lines().map(|line| line.split(' ').next().unwrap_or(line)).collect();
    let mut expected = vec!["::error"; 10];
    expected.extend(["::warning"; 10]);
    expected.push("::notice");
    assert_eq!(kinds, expected, "{}", output.stdout);
    let notice = output.stdout.lines().last().expect("lines");
    assert!(notice.contains("::10 more"), "5 errors, 2 warnings and 3 notes are left: {notice}");
    for count in ["15 errors", "12 warnings", "3 notes"] {
        assert!(notice.contains(count), "{count}: {notice}");
    }
    assert_eq!(output.code, Some(1));
}

/// The ten that are shown are of more than one file.
#[test]
fn github_shows_a_file_without_keys_as_one_fault() {
    let base = base_with("note");
    base.write("entries/a/empty.json", "{}");
    base.entry("b/broken", &json!({"regex": "("}));
    let output = base.errlore(&["check", "--format", "github"]).output();
    let titles: Vec<&str> =
        output.stdout.lines().filter_map(|line| line.split("title=").nth(1)).collect();
    let starts = [
        "schema-violation::these 14 keys are missing",
        "regex-invalid::",
        "errlore::1 more finding is not shown",
    ];
    assert_eq!(titles.len(), starts.len(), "{}", output.stdout);
    for (title, start) in titles.iter().zip(starts) {
        assert!(title.starts_with(start), "{title}");
    }
}

#[test]
fn github_without_findings_says_nothing() {
    let base = Base::new();
    base.entry("example/good", &json!({}));
    let output = base.errlore(&["check", "--format", "github"]).output();
    assert_eq!((output.code, output.stdout.as_str(), output.stderr.as_str()), (Some(0), "", ""));
}

#[test]
fn colour_is_a_flag_then_the_environment_then_the_terminal() {
    let base = base_with("error");
    let coloured = |flags: &[&str], variables: &[&str]| {
        let mut run = base.errlore(&["check"]).args(flags);
        for variable in variables {
            run = run.env(variable, "1");
        }
        run.output().stdout.contains("\u{1b}[")
    };
    assert!(!coloured(&[], &[]), "a pipe is no terminal");
    assert!(coloured(&["--color", "always"], &[]));
    assert!(coloured(&["--color", "always"], &["NO_COLOR"]));
    assert!(coloured(&[], &["CLICOLOR_FORCE"]));
    assert!(!coloured(&[], &["NO_COLOR", "CLICOLOR_FORCE"]));
    assert!(!coloured(&["--color", "never"], &["CLICOLOR_FORCE"]));
    assert!(coloured(&[], &["FORCE_COLOR"]));
    assert!(!coloured(&[], &["NO_COLOR", "FORCE_COLOR"]));
}

#[test]
fn a_variable_that_says_no_forces_no_colour() {
    let base = base_with("error");
    let coloured = |arguments: &[&str], variables: &[(&str, &str)]| {
        let run = variables
            .iter()
            .fold(base.errlore(arguments), |run, (name, value)| run.env(name, value));
        let output = run.output();
        (output.stdout + &output.stderr).contains('\u{1b}')
    };
    for arguments in [&["check"][..], &["check", "missing.json"], &["--help"], &["no-such"]] {
        for (variables, expected) in [
            (&[("CLICOLOR_FORCE", "0")][..], false),
            (&[("CLICOLOR_FORCE", "")], false),
            (&[("FORCE_COLOR", "0")], false),
            (&[("FORCE_COLOR", "false")], false),
            (&[("FORCE_COLOR", "")], false),
            (&[("FORCE_COLOR", "3")], true),
            (&[("FORCE_COLOR", "true")], true),
            (&[("CLICOLOR_FORCE", "0"), ("FORCE_COLOR", "1")], true),
            (&[("CLICOLOR_FORCE", "false")], false),
        ] {
            assert_eq!(coloured(arguments, variables), expected, "{arguments:?} {variables:?}");
        }
    }
}

#[cfg(target_os = "linux")]
#[test]
fn colours_of_a_terminal_are_judged_for_each_stream() {
    let base = base_with("error");
    // `script` makes a terminal; what goes to the other stream does not count.
    let coloured = |variable: &str, rest: &str, says: &str| {
        let run = format!("env {variable} \"$ERRLORE\" {rest}");
        let output = std::process::Command::new("timeout")
            .args(["--foreground", "60", "script", "-qec", &run, "/dev/null"])
            .current_dir(base.root())
            .env("HOME", base.home())
            .env("ERRLORE", env!("CARGO_BIN_EXE_errlore"))
            .env("SHELL", "/bin/sh")
            .env("TERM", "xterm")
            .env_remove("NO_COLOR")
            .stdin(std::process::Stdio::null())
            .output()
            .expect("script runs");
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(text.contains(says), "{text}");
        text.contains("\u{1b}[")
    };
    // What comes before a command runs, as help, is written to one stream or the other as well.
    for (command, says, [other, only]) in [
        ("check", "example/", ["2>/dev/null", ""]),
        ("--help", "Usage", ["2>/dev/null", ""]),
        ("no-such", "Usage", [">/dev/null", "2>&1"]),
    ] {
        for (variable, rest, expected) in [
            ("A=0", "", true),
            ("FORCE_COLOR=0", "", false),
            ("FORCE_COLOR=false", "", false),
            ("NO_COLOR=1", "", false),
            ("CLICOLOR_FORCE=0", "", true),
            ("CLICOLOR_FORCE=0", other, true),
            ("CLICOLOR_FORCE=0", &format!("{only} | cat"), false),
            ("CLICOLOR_FORCE=0", "--color never", false),
            ("CLICOLOR_FORCE=0", &format!("--color=always {only} | cat"), true),
        ] {
            let rest = format!("{command} {rest}");
            assert_eq!(coloured(variable, &rest, says), expected, "{variable} {rest}");
        }
    }
}

#[test]
fn a_path_that_is_not_there_is_not_called_clean() {
    let base = base_with("note");
    for format in FORMATS {
        let output = base.errlore(&["check", "missing", "--format", format]).output();
        assert_eq!(output.code, Some(2), "{format}");
        let all = output.stdout + &output.stderr;
        assert!(!all.contains("no findings") && !all.contains("0 files"), "{format}: {all}");
        assert!(all.contains("missing"), "{format}: {all}");
    }
}

#[test]
fn colour_is_for_people_only() {
    let base = base_with("error");
    for format in ["concise", "json", "jsonl", "github"] {
        let output = base.errlore(&["check", "--color", "always", "--format", format]).output();
        assert!(!output.stdout.contains('\u{1b}'), "{format}: {}", output.stdout);
    }
    base.errlore(&["check", "--color", "always", "--format", "text=out.txt"]).output();
    assert!(!base.read("out.txt").contains('\u{1b}'), "nor for files");
    let output = base.errlore(&["check", "missing.json", "--color", "always"]).output();
    assert!(output.stderr.contains("\u{1b}["), "errors are coloured too: {}", output.stderr);
}

#[test]
fn colours_change_nothing_but_colours() {
    let base = base_with("error");
    let plain = base.errlore(&["check"]).output().stdout;
    let coloured = base.errlore(&["check", "--color", "always"]).output().stdout;
    let codes = regex::Regex::new("\u{1b}\\[[0-9;]*m").expect("a pattern");
    assert_eq!(codes.replace_all(&coloured, ""), plain);
}

#[test]
fn a_closed_pipe_ends_quietly() {
    let base = Base::new();
    for index in 0..3 {
        base.entry(&format!("example/bad-{index}"), &placeholder());
    }
    for format in FORMATS {
        let output = base.errlore(&["check", "--format", format]).output_into_closed_pipe();
        assert_eq!(output.stderr, "", "{format}");
        assert_eq!(output.code, Some(1), "{format}: the findings are there all the same");
    }
    for arguments in [
        &["rules"][..],
        &["explain", "stale-entry"],
        &["config"],
        &["--help"],
        &["check", "--help"],
        &["check", "--diff"],
    ] {
        let output = base.errlore(arguments).output_into_closed_pipe();
        assert_eq!((output.stderr.as_str(), output.code), ("", Some(0)), "{arguments:?}");
    }
}

#[test]
fn the_same_bytes_with_any_number_of_threads() {
    let base = Base::new();
    let link = |target: usize| json!({"leads_to": [{"error_id": format!("example/entry-{target:02}"), "probability": 0.5}]});
    for index in 0..60 {
        let mut patch = match index % 4 {
            0 => placeholder(),
            1 => stale(),
            2 => json!({"transition_graph": link(index / 2)}),
            _ => {
                json!({"aliases": ["example/same"], "category": if index % 8 == 3 { "resource-error" } else { "resource_error" }})
            }
        };
        patch["tags"] = json!(["b", "a"]);
        base.entry(&format!("example/entry-{index:02}"), &patch);
    }
    for index in 0..10 {
        base.write(format!("entries/example/broken-{index}.json"), format!("{{\"id\": {index}"));
        // Ten files that say they are one entry.
        let text = support::entry("example/entry-00", &json!({}));
        base.write(format!("entries/example/copy-{index}.json"), text.replace("  ", " "));
    }
    for format in FORMATS {
        let run =
            |jobs: &str| base.errlore(&["check", "--format", format, "--jobs", jobs]).output();
        let first = run("1");
        assert_eq!(first.code, Some(1), "{}", first.stderr);
        for jobs in ["4", "4", "1", "16"] {
            assert!(run(jobs).stdout == first.stdout, "{format} with --jobs {jobs} differs");
        }
    }
}

#[test]
fn findings_come_in_the_order_of_paths_and_places() {
    let base = Base::new();
    for id in ["b/x", "a-b/x", "a/z", "a/a/linux", "a/a"] {
        let mut patch = placeholder();
        patch["signature"] = json!("write failed: no space\u{200b} left on device");
        base.entry(id, &patch);
    }
    let findings = base.check().findings();
    let keys: Vec<(String, u64)> = findings
        .iter()
        .map(|found| (found["path"].to_string(), found["span"][0].as_u64().expect("an offset")))
        .collect();
    assert!(keys.len() >= 10 && keys.is_sorted(), "{keys:?}");
}

/// A report into a device or a pipe goes into it; a rename would put a file in its place.
#[cfg(unix)]
#[test]
fn a_pipe_is_written_to_and_not_replaced() {
    use std::os::unix::fs::FileTypeExt;
    let base = Base::new();
    base.entry("example/disk-full", &json!({}));
    let pipe = base.root().join("pipe");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    if !made.is_ok_and(|status| status.success()) {
        support::skipped("no mkfifo");
        return;
    }
    let reader = {
        let pipe = pipe.clone();
        std::thread::spawn(move || std::fs::read_to_string(pipe))
    };
    let output = base.errlore(&["check", "--format", "json=pipe"]).output();
    assert_eq!(output.code, Some(0), "{}", output.stderr);
    let report = reader.join().expect("no panic").expect("a text");
    assert!(report.contains("\"findings\""), "{report}");
    assert!(std::fs::symlink_metadata(&pipe).expect("it is there").file_type().is_fifo());
}
