//! `regex --run-engines`: real engines are asked, and whatever one does, the run ends and says so.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::support::corpora::corpora;
use crate::support::{self, Base, Output, Run};

const RULE: &str = "regex-engine-disagrees";

/// Whether a program is there; says so where it is not.
fn is_installed(program: &str) -> bool {
    let mut run = Command::new(program);
    run.arg("--version").stdout(Stdio::null()).stderr(Stdio::null());
    let found = run.status().is_ok_and(|status| status.success());
    if !found {
        support::skipped(&format!("no {program}"));
    }
    found
}

/// A base whose consumers run some engines, with the entries given.
fn base(engines: &[&str], entries: &[(&str, Value)]) -> Base {
    let base = Base::new();
    base.write("errlore.toml", format!("[regex]\nengines = {engines:?}\n"));
    for (id, patch) in entries {
        base.entry(id, patch);
    }
    base
}

/// A run that asks the engines and waits so long for each answer.
fn asking(base: &Base, milliseconds: u32) -> Run {
    let limit = milliseconds.to_string();
    let arguments = ["regex", "--run-engines", "--engine-limit", &limit, "--format", "json"];
    base.errlore(&arguments)
}

/// The findings about what engines do.
fn disagreements(output: &Output) -> Vec<String> {
    let found = output.findings().into_iter().filter(|found| found["rule"] == RULE);
    let line = |found: Value| {
        let text = |key: &str| found[key].as_str().unwrap_or_default().to_owned();
        format!("{} {}: {}", text("entry"), text("pointer"), text("message"))
    };
    found.map(line).collect()
}

/// Three messages with their patterns.
fn three() -> Vec<(&'static str, Value)> {
    ["one", "two", "three"]
        .into_iter()
        .zip(["example/a", "example/b", "example/c"])
        .map(|(word, id)| {
            (id, json!({"signature": format!("{word} failed"), "regex": format!("{word} failed")}))
        })
        .collect()
}

/// A search that doubles with each letter, in engines that backtrack.
fn catastrophe() -> Value {
    let sample = "a_device_with_quite_a_long_name_that_was_chosen_to_be_so was full";
    json!({
        "signature": "disk is full",
        "regex": r"^(\w+)+ is full",
        "x-samples": {"no_match": [sample]}
    })
}

#[test]
fn nothing_real_is_called_portable_and_refused() {
    let (python, node) = (is_installed("python3"), is_installed("node"));
    let engines = ["rust", "python", "javascript", "javascript-u", "javascript-v"];
    let base = base(&engines, &[]);
    for corpus in corpora() {
        for folder in &corpus.folders {
            let run = asking(&base, 60_000).args(&["--config", "errlore.toml"]);
            let output = run.arg(folder).output();
            assert_eq!(disagreements(&output), [""; 0]);
            assert_eq!(output.stderr.lines().count(), usize::from(!python) + usize::from(!node));
            // Patterns of the large corpus have faults of other kinds.
            let code = i32::from(corpus.is_large());
            assert_eq!(output.code, Some(code), "{}", output.stderr);
        }
    }
}

#[test]
fn what_an_engine_does_not_find_is_a_finding() {
    if !is_installed("python3") || !is_installed("node") {
        return;
    }
    let entries = [
        // `$` before the last line end: Python only.
        (
            "example/a",
            json!({"signature": "a\n", "regex": "a$|a\n$", "x-samples": {"no_match": ["ba\n"]}}),
        ),
        ("example/b", json!({"signature": "磁盘 failed", "regex": r"^\w+ failed"})),
        ("example/c", json!({"signature": "all is well", "regex": "all is well"})),
    ];
    let base = base(&["rust", "python", "javascript-u"], &entries);
    let output = asking(&base, 10_000).output();
    let found = disagreements(&output);
    let expected = "example/b /signature: javascript-u does not find this message, which the pattern finds here";
    assert_eq!(found, [expected], "{}", output.stdout);
    assert_eq!(output.stderr, "");
    assert_eq!(output.code, Some(1));
}

#[test]
fn a_pattern_that_cannot_be_matched_here_is_held_to_what_it_should_find() {
    if !is_installed("python3") {
        return;
    }
    let patch = |signature: &str, sample: &str| {
        json!({
            "signature": signature,
            "regex": "(?<!no )space left",
            "x-samples": {"no_match": [sample]}
        })
    };
    let entries = [
        ("example/a", patch("little space left", "no space left")),
        ("example/b", patch("no space left on it", "some space left")),
    ];
    let base = base(&["python", "pcre2"], &entries);
    let output = asking(&base, 10_000).output();
    assert_eq!(
        disagreements(&output),
        [
            "example/b /signature: python does not find this message with the pattern",
            "example/b /x-samples/no_match/0: python finds this message, which is another error's",
        ]
    );
    assert!(!output.stdout.contains("regex-not-decided"), "{}", output.stdout);
    assert_eq!(output.stderr, "not run: pcre2 (there is a way to run python3 and node only)\n");

    // Whoever does not ask is told that nothing was checked, and no more.
    let output = base.errlore(&["regex", "--format", "json"]).output();
    let rules: Vec<_> = output.findings().iter().map(|found| found["rule"].clone()).collect();
    assert_eq!(rules, ["regex-not-decided"; 2], "{}", output.stdout);
    assert_eq!(output.code, Some(0));
}

#[test]
fn an_endless_search_is_ended_and_reported() {
    for (program, engine) in [("python3", "python"), ("node", "javascript")] {
        if !is_installed(program) {
            continue;
        }
        let mut entries = three();
        entries.push(("example/bad", catastrophe()));
        let base = base(&["rust", engine], &entries);
        let output = asking(&base, 4_000).output();
        let expected =
            format!("example/bad /regex: {engine} did not answer within 4 s on this pattern");
        assert_eq!(disagreements(&output), [expected], "{}", output.stderr);
        assert_eq!(output.stderr, "", "the others were asked");
        assert_eq!(output.code, Some(1));
    }
}

#[test]
fn nothing_is_taken_for_code() {
    if !is_installed("python3") || !is_installed("node") {
        return;
    }
    let base = Base::new();
    let mark = base.root().join("mark");
    let path = mark.display();
    let texts = [
        format!("'); open('{path}', 'w'); re.compile('"),
        format!("\"); require('fs').writeFileSync('{path}', ''); (\""),
        format!("`${{require('fs').writeFileSync('{path}', '')}}`"),
        format!("$(touch {path}) `touch {path}` ; touch {path} \u{2028}\u{0}\u{7f}"),
    ];
    base.write("errlore.toml", "[regex]\nengines = [\"rust\", \"python\", \"javascript\"]\n");
    for (number, text) in texts.iter().enumerate() {
        let quoted: String = text
            .chars()
            .map(|c| if c.is_ascii_punctuation() { format!("\\{c}") } else { c.into() })
            .collect();
        let id = format!("example/e{number}");
        base.entry(&id, &json!({"signature": text, "regex": text}));
        base.entry(&format!("{id}-quoted"), &json!({"signature": text, "regex": quoted}));
    }
    let output = asking(&base, 10_000).output();
    assert_eq!((output.code, output.stderr.as_str()), (Some(1), ""));
    assert_eq!(disagreements(&output), [""; 0]);
    assert!(!mark.exists(), "something was executed");
}

#[test]
fn it_does_not_go_with_what_changes_files() {
    for other in ["--fix", "--unsafe-fixes", "--diff"] {
        let output =
            base(&["python"], &three()).errlore(&["regex", "--run-engines", other]).output();
        assert_eq!(output.code, Some(2), "{}", output.stderr);
    }
}

/// What engines that misbehave do to a run.
#[cfg(unix)]
mod fake {
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    /// Answers a line with what the questions of these tests expect: each pattern finds its text.
    const ANSWERS: &str = "\
answer() {
    n=${line#*:}
    n=${n%%,*}
    echo \"{\\\"n\\\":$n,\\\"finds\\\":[true]}\"
}
";

    /// Refuses the pattern of a line.
    const REFUSES: &str =
        "n=${line#*:}; n=${n%%,*}; echo \"{\\\"n\\\":$n,\\\"refuses\\\":\\\"for a reason\\\"}\"";

    /// Puts a shell script first on the `PATH`, under the name of a program.
    fn installed(base: &Base, program: &str, script: &str) -> PathBuf {
        let folder = base.root().join("bin");
        fs::create_dir_all(&folder).expect("a new folder");
        let path = folder.join(program);
        fs::write(&path, format!("#!/bin/sh\n{script}")).expect("a script");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("a mode");
        folder
    }

    /// Runs with a script in place of `python3`.
    fn run(script: &str, milliseconds: u32) -> Output {
        let base = base(&["rust", "python"], &three());
        let folder = installed(&base, "python3", script);
        let path = std::env::var("PATH").unwrap_or_default();
        asking(&base, milliseconds).env("PATH", format!("{}:{path}", folder.display())).output()
    }

    /// The engine was given up, with one error that says so and the help that follows.
    #[track_caller]
    fn assert_given_up(output: &Output, says: &str) {
        let lines: Vec<&str> = output.stderr.lines().collect();
        assert_eq!(lines.len(), 2, "{}", output.stderr);
        assert!(lines[0].starts_with(&format!("error: python3 {says}")), "{}", output.stderr);
        assert!(lines[1].starts_with("help: "), "{}", output.stderr);
        assert_eq!(output.code, Some(2));
    }

    #[test]
    fn one_that_answers_agrees() {
        let output = run(&format!("{ANSWERS}while read -r line; do answer; done"), 20_000);
        assert_eq!((output.code, output.stderr.as_str()), (Some(0), ""));
        assert_eq!(disagreements(&output), [""; 0]);
    }

    #[test]
    fn one_that_ends_at_once() {
        assert_given_up(&run("exit 3", 20_000), "ended without an answer and was given up: 3 ");
    }

    #[test]
    fn one_that_never_answers() {
        let output = run("while :; do :; done", 500);
        assert_given_up(&output, "did not answer within 500 ms and was given up: 3 ");
        assert_eq!(disagreements(&output), [""; 0], "no pattern is to blame");
        // Neither does one that reads all it is given and leaves the reading to another.
        assert_given_up(&run("cat >/dev/null; while :; do :; done", 500), "did not answer");
    }

    #[test]
    fn one_that_says_what_is_no_answer() {
        let says = "said what is no answer and was given up: 3 ";
        for script in [
            "echo hello; cat >/dev/null",
            "printf '\\377\\000\\n'; cat >/dev/null",
            "echo '{\"n\":1,\"finds\":[true]}'; cat >/dev/null",
            "echo '{\"n\":0,\"finds\":[true,true]}'; cat >/dev/null",
            "echo '{\"n\":0,\"finds\":[true],\"refuses\":\"x\"}'; cat >/dev/null",
            "while :; do echo endless; done",
        ] {
            assert_given_up(&run(script, 20_000), says);
        }
        // A megabyte and more on one line; the pipe is closed on whoever goes on.
        assert_given_up(&run("while :; do printf '%01000d' 0; done", 20_000), says);
        assert_given_up(
            &run("echo '{\"n\":0,\"finds\":[false]}'; cat >/dev/null", 20_000),
            "does not find `a` in `a`",
        );
    }

    #[test]
    fn one_that_fails_at_a_pattern_is_started_again() {
        let at = |pattern: &str, does: &str| {
            format!(
                "{ANSWERS}while read -r line; do case $line in *{pattern}*) {does};; esac; answer; done"
            )
        };
        let output = run(&at("two", "exit 1"), 20_000);
        assert_eq!(
            disagreements(&output),
            ["example/b /regex: python ended without an answer on this pattern"]
        );
        assert_eq!((output.code, output.stderr.as_str()), (Some(1), ""));
        let output = run(&at("two", "while :; do :; done"), 2_000);
        assert_eq!(
            disagreements(&output),
            ["example/b /regex: python did not answer within 2 s on this pattern"]
        );
        // The rest is asked all the same.
        let script = format!(
            "{ANSWERS}while read -r line; do case $line in *two*) exit 1;; *three*) {REFUSES};; *) answer;; esac; done"
        );
        assert_eq!(
            disagreements(&run(&script, 20_000)),
            [
                "example/b /regex: python ended without an answer on this pattern",
                "example/c /regex: python refuses the pattern, which is called portable: for a reason",
            ]
        );
        // What goes wrong in a reply shows nothing that a terminal obeys.
        let refuses = "echo '{\"n\":2,\"refuses\":\"\\u001b[31mred\"}'; continue";
        let output = run(&at("two", refuses), 20_000);
        assert_eq!(
            disagreements(&output),
            [
                "example/b /regex: python refuses the pattern, which is called portable: \\u{1b}[31mred"
            ]
        );
    }

    #[test]
    fn one_that_fails_at_every_pattern_is_given_up() {
        let script = format!(
            "{ANSWERS}while read -r line; do case $line in *failed*) exit 1;; esac; answer; done"
        );
        let mut entries = three();
        for (number, id) in ["d", "e", "f", "g"].into_iter().enumerate() {
            let message = format!("{number} failed");
            let id: &'static str = Box::leak(format!("example/{id}").into_boxed_str());
            entries.push((id, json!({"signature": message, "regex": message})));
        }
        let base = base(&["rust", "python"], &entries);
        let folder = installed(&base, "python3", &script);
        let path = std::env::var("PATH").unwrap_or_default();
        let run = asking(&base, 20_000);
        let output = run.env("PATH", format!("{}:{path}", folder.display())).output();
        assert_given_up(&output, "failed 4 times and was given up: 3 questions were not asked");
        assert_eq!(disagreements(&output).len(), 4, "{}", output.stdout);
    }

    #[test]
    fn one_that_is_not_there_is_said_and_no_failure() {
        let base = base(&["rust", "python", "javascript", "javascript-v", "re2"], &three());
        let empty = base.root().join("bin");
        fs::create_dir_all(&empty).expect("a new folder");
        let output = asking(&base, 20_000).env("PATH", &empty).output();
        assert_eq!(output.code, Some(0));
        let lines: Vec<&str> = output.stderr.lines().collect();
        assert_eq!(
            lines,
            [
                "not run: re2 (there is a way to run python3 and node only)",
                "not run: python (python3 is not on the PATH; install it)",
                "not run: javascript, javascript-v (node is not on the PATH; install it)",
            ]
        );
    }

    #[test]
    fn a_flag_that_an_old_program_does_not_know() {
        let script = format!(
            "{ANSWERS}while read -r line; do case $line in *'\"iv\"'*) {REFUSES};; *) answer;; esac; done"
        );
        let base = base(&["rust", "javascript", "javascript-v"], &three());
        let folder = installed(&base, "node", &script);
        let path = std::env::var("PATH").unwrap_or_default();
        let run = asking(&base, 20_000);
        let output = run.env("PATH", format!("{}:{path}", folder.display())).output();
        assert_eq!(disagreements(&output), [""; 0]);
        assert_eq!(
            output.stderr,
            "not run: javascript-v (this node does not know it; install a newer one)\n"
        );
        assert_eq!(output.code, Some(0));
    }
}
