//! `duplicates --refit` on the command line.

use chrono::NaiveDate;
use errlore::duplicates::{Decision, Decisions, Fingerprint, Label, Model};
use errlore::entry::{Entry, EntryId};
use serde_json::json;

use crate::support::{Base, Output};

const WEIGHTS: &str = "duplicates.json";
const NAMES: [&str; 24] = [
    "anvil", "bellows", "crane", "derrick", "easel", "furnace", "gantry", "hoist", "ingot", "jig",
    "kiln", "lathe", "mandrel", "nozzle", "oven", "press", "quern", "ratchet", "spindle",
    "turbine", "urn", "valve", "winch", "yoke",
];

fn run(base: &Base, arguments: &[&str]) -> Output {
    base.errlore(&["duplicates"]).args(arguments).output()
}

fn fingerprint(base: &Base, id: &str) -> Fingerprint {
    let text = base.read(format!("entries/{id}.json"));
    let entry: Entry = serde_json::from_str(&text).expect("an entry");
    Fingerprint::new(&entry)
}

/// A knowledge base of a taste of its own: entries with one message are others where the causes differ, and
/// entries with one cause are the same whatever the message. So many pairs of each are decided.
fn base(pairs: usize) -> Base {
    let base = Base::new();
    let mut decisions = Decisions::default();
    let mut decide = |a: &str, b: &str, label| {
        decisions.record(Decision {
            a: EntryId::new(a),
            b: EntryId::new(b),
            label,
            reason: "by the cause".to_owned(),
            date: NaiveDate::from_ymd_opt(2026, 1, 2).expect("a date"),
            hashes: [fingerprint(&base, a), fingerprint(&base, b)],
            replaces: None,
            contradictions: Vec::new(),
        });
    };
    for (number, name) in NAMES.iter().enumerate().take(pairs) {
        let add = |slug: &str, message: &str, cause: &str| {
            let remedy = format!("Look after the {cause} of the {name}");
            let id = format!("{name}/{slug}");
            base.entry(
                &id,
                &json!({
                    "signature": message,
                    "regex": message,
                    "root_cause": format!("The {cause} of the {name} is worn out."),
                    "workarounds": [{"action": remedy, "how": remedy, "success_rate": 0.8}],
                }),
            );
            id
        };
        let message = format!("{name}: fault {} in the main loop", 100 + number);
        let other = format!("E{number} emergency halt requested by operator");
        let first = add("main-loop", &message, "bearing");
        let same_message = add("main-loop-fault", &message, "thermostat");
        let same_cause = add("halt", &other, "bearing");
        decide(&first, &same_message, Label::Distinct);
        decide(&same_cause, &first, Label::Duplicate);
    }
    base.write("decisions.jsonl", decisions.write());
    base
}

#[test]
fn weights_follow_the_decisions_and_hold_from_then_on() {
    let base = base(NAMES.len());
    let measured = |base: &Base| {
        let output = run(base, &["--measure", "--format", "json"]);
        assert_eq!((output.code, output.stderr.as_str()), (Some(0), ""));
        let found: serde_json::Value = serde_json::from_str(&output.stdout).expect("JSON");
        found["brier"].as_f64().expect("a number")
    };
    let before = measured(&base);
    let output = run(&base, &["--refit"]);
    assert_eq!((output.code, output.stderr.as_str()), (Some(0), ""), "{}", output.stdout);
    assert!(output.stdout.contains("are in duplicates.json, and hold"), "{}", output.stdout);
    let text = base.read(WEIGHTS);
    let model = Model::parse(&text).expect("weights");
    assert_eq!(model.write(), text);
    assert!(measured(&base) < before - 0.1, "from {before} to {}", measured(&base));
    // The same decisions give the same weights, whatever holds at the time.
    let output = run(&base, &["--refit"]);
    assert_eq!(output.code, Some(0), "{}", output.stdout);
    assert!(output.stdout.ends_with("duplicates.json holds these weights already\n"));
    assert_eq!(base.read(WEIGHTS), text);
}

#[test]
fn old_and_new_weights_are_told_and_worse_ones_are_refused() {
    let base = base(NAMES.len());
    assert_eq!(run(&base, &["--refit"]).code, Some(0));
    let good = base.read(WEIGHTS);
    assert!(good.contains("  \"fitted_until\": \"2026-01-02\",\n"), "{good}");
    // As if they had been fitted before any of these pairs was decided: nothing fitted to a part of the
    // pairs can judge the rest as well as what has seen all.
    let old = good.replace("2026-01-02", "2026-01-01");
    base.write(WEIGHTS, &old);
    let output = run(&base, &["--refit"]);
    assert_eq!(output.code, Some(1), "{}", output.stdout);
    // Lines that are broken to fit a terminal, as one.
    let told = output.stdout.replace("\n  ", "|").replace('\n', " ").replace('|', "\n  ");
    for part in [
        "weights that come with errlore:\n  precision ",
        "weights of duplicates.json, which may have been fitted to them:\n  precision ",
        "the same of the pairs decided after 2026-01-01, 48 of them:\n  precision ",
        "new weights, each tenth of the pairs by such as were fitted to the others:\n  precision ",
        "nothing is written: what was decided since is judged worse than by duplicates.json",
    ] {
        assert!(told.contains(part), "{part}: {told}");
    }
    assert_eq!(base.read(WEIGHTS), old);
    // Poor weights give way.
    let poor = good.replace("2026-01-02", "2026-01-01").replace("\"weights\":[", "\"weights\":[-");
    let poor = poor.replace("[--", "[");
    base.write(WEIGHTS, &poor);
    let output = run(&base, &["--refit"]);
    assert_eq!(output.code, Some(0), "{}{}", output.stdout, output.stderr);
    assert_eq!(base.read(WEIGHTS), good);
}

#[test]
fn weights_that_do_no_better_are_not_written() {
    let base = base(NAMES.len());
    // The same pairs, decided by lot.
    let lines: Vec<String> = base.read("decisions.jsonl").lines().map(str::to_owned).collect();
    let by_lot = lines.iter().enumerate().map(|(number, line)| {
        let label = if number % 4 < 2 { "duplicate" } else { "distinct" };
        let mut line: serde_json::Value = serde_json::from_str(line).expect("JSON");
        line["label"] = json!(label);
        format!("{line}\n")
    });
    base.write("decisions.jsonl", by_lot.collect::<String>());
    let output = run(&base, &["--refit"]);
    if output.code == Some(0) {
        assert!(base.root().join(WEIGHTS).exists(), "{}", output.stdout);
    } else {
        assert_eq!(output.code, Some(1), "{}", output.stdout);
        assert!(output.stdout.contains("nothing is written"), "{}", output.stdout);
        assert!(!base.root().join(WEIGHTS).exists());
    }
}

#[test]
fn too_few_decisions_write_nothing() {
    let base = base(7);
    let output = run(&base, &["--refit"]);
    assert_eq!(output.code, Some(3), "{}", output.stdout);
    assert!(output.stderr.contains("7 duplicates and 7 others are too few"), "{}", output.stderr);
    assert!(!base.root().join(WEIGHTS).exists());
}

#[test]
fn a_bad_file_of_weights_is_an_error_and_can_be_made_anew() {
    let base = base(NAMES.len());
    assert_eq!(run(&base, &["--refit"]).code, Some(0));
    let good = base.read(WEIGHTS);
    for (bad, why) in [
        (good[..good.len() / 2].to_owned(), "EOF"),
        (good.replace("\"root_cause\"", "\"root-cause\""), "not those of this version"),
        (good.replace("\"threshold\": 0.6", "\"threshold\": 1.5"), "threshold"),
        (good.replace("\"centre\":0.", "\"centre\":9000."), "a number is beyond 1000"),
        (" ".repeat(100_000), "more than 64 kB"),
    ] {
        base.write(WEIGHTS, &bad);
        let output = run(&base, &[]);
        assert_eq!(output.code, Some(2), "{why}: {}", output.stdout);
        assert!(
            output.stderr.contains(why) && output.stderr.contains("--refit"),
            "{}",
            output.stderr
        );
        assert_eq!(run(&base, &["--refit"]).code, Some(0));
        assert_eq!(base.read(WEIGHTS), good);
    }
}
