//! `duplicates --decide`, `--review` and `--measure` on the command line.

use std::thread;

use errlore::duplicates::{Decision, Label};
use serde_json::{Value, json};

use crate::support::{Base, Output};

const ONE: &str = "spool/lock-busy";
const TWO: &str = "spool/lock-file-in-use";
const FILE: &str = "decisions.jsonl";
const DAY: [&str; 2] = ["--today", "2026-01-02"];

fn entry() -> Value {
    json!({
        "signature": "spoold: cannot rename spool.lock: text file busy",
        "regex": "cannot rename \\S+\\.lock: text file busy",
        "root_cause": "Another spooler still holds the lock file open while it is renamed.",
        "workarounds": [{
            "action": "Stop the other spooler before the rename", "success_rate": 0.9,
            "how": "systemctl stop spoold", "condition": "", "sources": [],
        }],
    })
}

/// An error entered twice.
fn base() -> Base {
    let base = Base::new();
    let message = entry();
    base.entry(ONE, &message);
    base.entry(TWO, &message);
    base
}

fn run(base: &Base, arguments: &[&str]) -> Output {
    base.errlore(&["duplicates"]).args(arguments).output()
}

fn review(base: &Base, arguments: &[&str], keys: &str) -> Output {
    base.errlore(&["duplicates", "--review"]).args(&DAY).args(arguments).input(keys).output()
}

fn decide(base: &Base, label: &str, reason: &str) -> Output {
    let output =
        run(base, &[&["--decide", TWO, ONE, label, "--reason", reason], &DAY[..]].concat());
    let said = (output.code, output.stderr.as_str());
    assert_eq!(said, (Some(0), "wrote decisions.jsonl\n"), "{}", output.stdout);
    output
}

/// The decisions in the file.
fn decisions(base: &Base) -> Vec<Decision> {
    base.read(FILE).lines().map(|line| serde_json::from_str(line).expect("a decision")).collect()
}

fn labels(base: &Base) -> Vec<Label> {
    decisions(base).iter().map(|decision| decision.label).collect()
}

fn as_json(base: &Base) -> (Option<i32>, Value) {
    let output = run(base, &["--format", "json"]);
    (output.code, serde_json::from_str(&output.stdout).expect("JSON"))
}

#[test]
fn a_decided_pair_is_raised_again_only_when_one_changes() {
    let base = base();
    assert_eq!(run(&base, &[]).code, Some(1));
    let output = decide(&base, "distinct", "two daemons");
    assert_eq!(output.stdout, format!("{ONE} distinct {TWO}: two daemons\n"));
    let output = run(&base, &[]);
    assert_eq!(output.code, Some(0), "{}", output.stdout);
    assert!(output.stdout.contains("1 decided pair left out"), "{}", output.stdout);

    // Another layout and another date change nothing that was compared.
    let path = format!("entries/{TWO}.json");
    let mut entry: Value = serde_json::from_str(&base.read(&path)).expect("JSON");
    entry["last_confirmed"] = json!("2026-02-02");
    base.write(&path, serde_json::to_string(&entry).expect("JSON"));
    assert_eq!(run(&base, &[]).code, Some(0));

    entry["root_cause"] = json!("The tape of the spooler is full, so that its lock stays.");
    base.write(&path, serde_json::to_string(&entry).expect("JSON"));
    let output = run(&base, &[]);
    assert_eq!(output.code, Some(1));
    for part in
        ["decided distinct on 2026-01-02: two daemons", "since then spool/lock-file-in-use has"]
    {
        assert!(output.stdout.contains(part), "{}", output.stdout);
    }
    let (_, found) = as_json(&base);
    assert_eq!(found["outdated"][0]["changed"], json!([TWO]));
    assert_eq!(found["outdated"][0]["decision"]["reason"], "two daemons");

    let output = decide(&base, "duplicate", "the tape is a symptom");
    assert!(output.stdout.ends_with("in the place of: distinct on 2026-01-02: two daemons\n"));
    let (code, found) = as_json(&base);
    assert_eq!((code, &found["left_out"]["to_merge"]), (Some(0), &json!(1)));
    assert_eq!(labels(&base), [Label::Distinct, Label::Duplicate], "the history stays");
    assert_eq!(found["decisions_file"], json!([]), "a change of mind is no contradiction");
}

#[test]
fn one_entry_is_counted_as_one() {
    let base = Base::new();
    base.entry("example/one", &json!({}));
    assert_eq!(run(&base, &[]).stdout, "1 entry: no duplicates\n");
}

#[test]
fn a_check_goes_by_the_decisions_too() {
    let base = base();
    let raises = || {
        let output = base.errlore(&["check", "--format", "concise"]).output();
        output.stdout.contains("[duplicate-entry]")
    };
    assert!(raises());
    decide(&base, "distinct", "two daemons");
    assert!(!raises());
    std::fs::write(base.root().join(FILE), "{\"a\":\"spool/").expect("written");
    assert!(raises());
    let output = base.errlore(&["check", "--format", "concise"]).output();
    assert!(output.stderr.contains("decisions.jsonl:1: "), "{}", output.stderr);
}

#[test]
fn an_explanation_says_what_the_patterns_have_in_common() {
    let base = base();
    let mut patch = entry();
    patch["regex"] = json!("cannot rename \\S+\\.lock");
    base.entry(TWO, &patch);
    let output = run(&base, &["--explain", ONE, TWO]);
    let expected =
        "    = the patterns\n      contained: the second finds all that the first finds, and more";
    assert!(output.stdout.contains(expected), "{}", output.stdout);
    let output = run(&base, &["--explain", ONE, TWO, "--format", "json"]);
    let found: Value = serde_json::from_str(&output.stdout).expect("JSON");
    assert_eq!(found["patterns"]["relation"], "contained");
    assert_eq!(found["patterns"]["witness"], "cannot rename x.lock");
    let output = run(&base, &["--explain", ONE, ONE]);
    assert_eq!(output.code, Some(2));
    assert!(output.stderr.contains("both are the same entry"), "{}", output.stderr);
}

#[test]
fn a_declared_distinction_is_not_raised() {
    let base = base();
    let patch = |distinction: &str| {
        let mut patch = entry();
        patch["transition_graph"] = json!({"frequently_confused_with": [
            {"error_id": ONE, "distinction": distinction},
        ]});
        patch
    };
    base.entry(TWO, &patch("tbd"));
    assert_eq!(run(&base, &["--threshold", "0.5"]).code, Some(1));
    base.entry(TWO, &patch("Here the spooler of the printer holds it, there that of the scanner."));
    let output = run(&base, &["--threshold", "0.5"]);
    assert_eq!(output.code, Some(0), "{}", output.stdout);
    assert!(
        output.stdout.contains("1 pair left out of which one entry says how"),
        "{}",
        output.stdout
    );
}

#[test]
fn two_that_are_decided_to_be_two_are_never_in_one_cluster() {
    let base = base();
    base.entry("spool/rename-refused", &entry());
    assert!(run(&base, &[]).stdout.starts_with("cluster 1: 3 entries\n"));
    decide(&base, "distinct", "two daemons");
    let (code, found) = as_json(&base);
    assert_eq!((code, found["clusters"][0].as_array().map(Vec::len)), (Some(1), Some(2)));
    assert_eq!(found["bridges"].as_array().map(Vec::len), Some(1), "{found}");
    let output = run(&base, &[]);
    let words = "    = a bridge: what it would join does not hold together\n";
    assert_eq!(output.stdout.matches(words).count(), 1, "{}", output.stdout);
    // A decided pair that is listed is no finding.
    std::fs::remove_file(base.root().join("entries/spool/rename-refused.json"))
        .expect("it is there");
    assert_eq!(run(&base, &["--all-pairs"]).code, Some(0));
}

#[test]
fn a_renamed_entry_keeps_its_decisions() {
    let base = base();
    decide(&base, "distinct", "two daemons");
    let text = base.read(format!("entries/{TWO}.json"));
    std::fs::remove_file(base.root().join(format!("entries/{TWO}.json"))).expect("it is there");
    let mut entry: Value = serde_json::from_str(&text).expect("JSON");
    entry["id"] = json!("spool/renamed");
    let renamed = |entry: &Value| base.write("entries/spool/renamed.json", entry.to_string());
    renamed(&entry);
    let (code, found) = as_json(&base);
    assert_eq!(code, Some(1), "nothing says that it is the same entry");
    assert_eq!(found["decisions_file"][0]["message"], format!("no entry has the id `{TWO}`"));
    entry["aliases"] = json!([TWO]);
    renamed(&entry);
    let (code, found) = as_json(&base);
    assert_eq!(code, Some(0), "{found}");
    assert_eq!(found["decisions_file"][0]["message"], format!("`{TWO}` is now `spool/renamed`"));
    assert_eq!(decisions(&base).len(), 1);
}

#[test]
fn a_file_that_was_cut_is_told_and_written_on() {
    let base = base();
    decide(&base, "distinct", "two daemons");
    let whole = base.read(FILE);
    let cut = &whole[..whole.len() / 2];
    base.write(FILE, cut);
    let output = run(&base, &[]);
    assert_eq!(output.code, Some(1));
    assert!(
        output.stderr.contains("warning: decisions.jsonl:1: this line is cut short"),
        "{}",
        output.stderr
    );
    let arguments = ["--decide", ONE, TWO, "variant", "--reason", "once more"];
    assert_eq!(run(&base, &arguments).code, Some(0));
    assert!(base.read(FILE).starts_with(&format!("{cut}\n{{\"a\":\"{ONE}\"")));
    // A warning about the file remains until it is mended.
    let output = run(&base, &[]);
    assert!(output.code == Some(1) && output.stdout.contains("1 decided pair left out"));
}

#[test]
fn what_cannot_be_decided_is_refused_and_writes_nothing() {
    let base = base();
    let unknown = ["--decide", ONE, "spool/lock-file-in-us", "distinct", "--reason", "x"];
    let output = run(&base, &unknown);
    let guess = "did you mean `spool/lock-file-in-use`?";
    assert!(output.code == Some(3) && output.stderr.contains(guess), "{}", output.stderr);
    for (arguments, message) in [
        (["--decide", ONE, ONE, "distinct", "--reason", "x"], "both are the same entry"),
        (["--decide", ONE, TWO, "dupliacte", "--reason", "x"], "did you mean duplicate?"),
        (["--decide", ONE, TWO, "distinct", "--reason", "  "], "the reason is empty"),
    ] {
        let output = run(&base, &arguments);
        assert!(output.code == Some(2) && output.stderr.contains(message), "{}", output.stderr);
    }
    let output = run(&base, &["--decide", ONE, TWO, "distinct"]);
    assert!(output.code == Some(2) && output.stderr.contains("--reason"), "{}", output.stderr);
    let output = run(&base, &["--review", "-"]);
    assert!(
        output.code == Some(2) && output.stderr.contains("standard input"),
        "{}",
        output.stderr
    );
    assert!(!base.root().join(FILE).exists());
}

#[cfg(unix)]
#[test]
fn nothing_is_read_or_written_through_a_link() {
    let base = base();
    let outside = base.home().join("outside.jsonl");
    std::fs::write(&outside, "secret\n").expect("a new file");
    std::os::unix::fs::symlink(&outside, base.root().join(FILE)).expect("a new link");
    for arguments in [&[][..], &["--decide", ONE, TWO, "distinct", "--reason", "x"]] {
        let output = run(&base, arguments);
        assert!(
            output.code == Some(2) && output.stderr.contains("not a file of its own"),
            "{}",
            output.stderr
        );
    }
    assert_eq!(std::fs::read_to_string(outside).expect("it is there"), "secret\n");
}

#[test]
fn processes_that_decide_at_once_lose_nothing() {
    let base = base();
    let ids: Vec<String> = (0..12).map(|number| format!("example/entry-{number}")).collect();
    for id in &ids {
        base.entry(id, &json!({}));
    }
    thread::scope(|scope| {
        for id in &ids {
            let run =
                base.errlore(&["duplicates", "--decide", ONE, id, "distinct", "--reason", id]);
            scope.spawn(move || assert_eq!(run.output().code, Some(0)));
        }
    });
    let mut reasons: Vec<String> =
        decisions(&base).into_iter().map(|decision| decision.reason).collect();
    reasons.sort();
    let mut expected = ids;
    expected.sort();
    assert_eq!(reasons, expected);
    let names = |entry: std::io::Result<std::fs::DirEntry>| entry.expect("an item").file_name();
    let mut left: Vec<_> = std::fs::read_dir(base.root()).expect("a folder").map(names).collect();
    left.sort();
    assert_eq!(left, [FILE, "entries"], "no lock and no half of a file stays");
}

/// Three errors, each entered twice: three pairs to review.
fn pairs() -> Base {
    let base = Base::new();
    for (name, message, cause, remedy) in [
        (
            "turbine",
            "governor tripped: overspeed above 3600",
            "The governor lost its reference after a brownout.",
            "Feed the reference from the battery",
        ),
        (
            "ferry",
            "ramp refused: berth gives no release",
            "Nobody has confirmed the mooring lines ashore.",
            "Ask the harbour master for a confirmation",
        ),
        (
            "loom",
            "warp thread broken in shed 12",
            "The humidity of the hall was too low for cotton.",
            "Moisten the air of the weaving hall",
        ),
    ] {
        for slug in ["stopped", "halts"] {
            let patch = json!({
                "domain": name,
                "signature": format!("{name}: {message}"),
                "regex": message,
                "root_cause": cause,
                "workarounds": [{"action": remedy, "how": remedy, "success_rate": 0.8}],
                "dead_ends": [{"action": format!("Restart the {name}"), "why_fails": cause, "fail_rate": 0.9}],
            });
            base.entry(&format!("{name}/{name}-{slug}"), &patch);
        }
    }
    base
}

#[test]
fn a_review_is_written_answer_by_answer_and_resumed() {
    let base = pairs();
    // A skip, a decision with a reason, and the end of the input in the middle of the third.
    let output = review(&base, &[], "s\nD\nthe same stop\nn\n");
    assert_eq!((output.code, output.stderr.as_str()), (Some(1), "wrote decisions.jsonl\n"));
    assert!(output.stdout.ends_with("1 decided, 2 left\n"), "{}", output.stdout);
    let first = decisions(&base);
    assert_eq!((first.len(), first[0].label), (1, Label::Duplicate));
    assert_eq!(first[0].reason, "the same stop");
    assert_eq!(first[0].date.to_string(), DAY[1]);

    let output = review(&base, &[], "x\nv\n\nr\n\nq\n");
    assert!(output.stdout.contains("pair 1 of 2") && !output.stdout.contains("of 3"));
    assert!(output.stdout.contains("`x` is no answer"), "{}", output.stdout);
    assert_eq!(output.code, Some(0), "{}", output.stdout);
    assert_eq!(labels(&base), [Label::Duplicate, Label::Variant, Label::Related]);
    assert_eq!(decisions(&base)[1].reason, "reviewed side by side");
    let output = review(&base, &[], "");
    assert_eq!((output.code, output.stdout.starts_with("no pair is raised")), (Some(0), true));
}

#[test]
fn an_undo_takes_back_what_was_written_even_of_the_last_pair() {
    let base = pairs();
    let output = review(
        &base,
        &[],
        "u\nn\nby mistake\nu\ns\nu\nd\nfirst\nd\nsecond\nn\nthird\nu\nd\nthird again\nq\n",
    );
    assert_eq!(output.code, Some(0), "{}", output.stdout);
    for part in [
        "there is nothing to undo",
        "taken back: distinct on 2026-01-02: by mistake",
        "back to the pair",
    ] {
        assert!(output.stdout.contains(part), "{}", output.stdout);
    }
    let reasons: Vec<String> =
        decisions(&base).into_iter().map(|decision| decision.reason).collect();
    assert_eq!(reasons, ["first", "second", "third again"]);
    assert_eq!(labels(&base), [Label::Duplicate; 3]);
}

#[test]
fn a_blind_review_shows_neither_score_nor_evidence() {
    let base = pairs();
    let seen = review(&base, &[], "q\n");
    assert!(
        seen.stdout.contains("% duplicate") && seen.stdout.contains("    + "),
        "{}",
        seen.stdout
    );
    let blind = review(&base, &["--blind"], "q\n");
    assert!(blind.stdout.contains("pair 1 of 3"));
    assert!(!blind.stdout.contains("% duplicate"), "{}", blind.stdout);
    assert!(!blind.stdout.contains("    + "), "{}", blind.stdout);
}

#[test]
fn nothing_of_an_entry_reaches_the_terminal_raw() {
    let base = pairs();
    for slug in ["stopped", "halts"] {
        let path = format!("entries/loom/loom-{slug}.json");
        let text =
            base.read(&path).replace("The humidity", "The\\u001b]0;x\\u0007\\u202e humidity");
        base.write(&path, text);
    }
    base.write(FILE, "\u{1b}[2J\n{\"a\":\"\u{202e}\",\"b\":\"x\"}\n");
    let output = review(&base, &[], "s\ns\ns\nn\n\u{1b}[31m\nq\n");
    let all = output.stdout + &output.stderr;
    assert!(!all.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{all:?}");
}

#[test]
fn decisions_are_measured_on() {
    let base = pairs();
    let output = run(&base, &["--measure"]);
    assert_eq!(output.code, Some(3));
    assert!(output.stderr.contains("there are no decisions to measure on"), "{}", output.stderr);
    review(&base, &[], "d\n\nd\n\nn\n\nq\n");
    let output = run(&base, &["--measure", "--format", "json"]);
    assert_eq!((output.code, output.stderr.as_str()), (Some(0), ""));
    let found: Value = serde_json::from_str(&output.stdout).expect("JSON");
    assert_eq!((&found["precision"]["part"], &found["precision"]["whole"]), (&json!(2), &json!(3)));
    assert_eq!(found["recall"]["value"], 1.0);
    // The score interval of 2 of 3, as any table has it.
    let interval = &found["precision"]["interval_95"];
    assert!((interval[0].as_f64().expect("a number") - 0.2077).abs() < 5e-5, "{interval}");
    assert!((interval[1].as_f64().expect("a number") - 0.9385).abs() < 5e-5, "{interval}");
    let path = "entries/loom/loom-halts.json";
    base.write(path, base.read(path).replace("cotton", "linen"));
    let output = run(&base, &["--measure"]);
    assert!(
        output.stdout.contains("1 more is left out: an entry has changed since"),
        "{}",
        output.stdout
    );
}
