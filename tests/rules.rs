//! The documentation of each rule is true: what it calls bad raises the rule and no other, what it
//! calls good raises nothing, and a safe fix silences its rule without raising another.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use errlore::canonical::canonical;
use errlore::check::{Selection, Settings, check};
use errlore::config::{Config, Level};
use errlore::corpus::{InputFile, Inputs};
use errlore::diagnostic::Applicability;
use errlore::entry::Entry;
use errlore::report::Report;
use errlore::rule::{MINIMAL_ENTRY, Rule, merge_patch};
use errlore::rules;

const TODAY: Option<NaiveDate> = NaiveDate::from_ymd_opt(2026, 1, 1);

/// Every rule runs, also one that is off by default.
fn everything() -> Config {
    let off = rules::all().iter().filter(|rule| rule.level == Level::Off);
    Config {
        rules: off.map(|rule| (rule.id.to_owned(), Level::Note)).collect(),
        ..Config::default()
    }
}

fn run(inputs: &Inputs) -> Report {
    let config = everything();
    let today = TODAY.expect("a real day");
    check(inputs, Settings { config: &config, today, selection: Selection::All })
}

/// The files that an example stands for: merge patches on the minimal entry, each at its own path.
fn inputs(example: &str) -> Inputs {
    let patch: serde_json::Value = serde_json::from_str(example).expect("an example is JSON");
    let patches = match patch {
        serde_json::Value::Array(patches) => patches,
        patch => vec![patch],
    };
    let files = patches.iter().enumerate().map(|(number, patch)| {
        let mut value: serde_json::Value = serde_json::from_str(MINIMAL_ENTRY).expect("JSON");
        merge_patch(&mut value, patch);
        let id = value["id"].as_str().unwrap_or_default().to_owned();
        // In the order of the schema, but with its texts as they are.
        let text = match serde_json::from_value::<Entry>(value.clone()) {
            Ok(entry) => serde_json::to_string_pretty(&entry),
            Err(_) => serde_json::to_string_pretty(&value),
        };
        InputFile {
            path: None,
            name: format!("entries/{id}.json#{number}"),
            expected_id: Some(id),
            in_scope: true,
            special: None,
            given: Some((text.expect("serialises") + "\n").into_bytes()),
        }
    });
    Inputs { files: files.collect(), complete: true, ..Inputs::default() }
}

fn raised(report: &Report) -> BTreeSet<&'static str> {
    report.diagnostics.iter().map(|diagnostic| diagnostic.rule).collect()
}

/// Examples that are not about how an entry is written down may be written in any way.
fn others(report: &Report, rule: &Rule) -> BTreeSet<&'static str> {
    let mut others = raised(report);
    others.remove(rule.id);
    others.remove("not-canonical");
    others
}

#[test]
fn what_is_bad_raises_the_rule_and_no_other() {
    for rule in rules::all() {
        for example in rule.examples("Bad") {
            let report = run(&inputs(&example));
            assert!(raised(&report).contains(rule.id), "{}: {example}", rule.id);
            assert_eq!(others(&report, rule), BTreeSet::new(), "{}: {example}", rule.id);
        }
    }
}

#[test]
fn what_is_good_raises_nothing() {
    for rule in rules::all() {
        for example in rule.examples("Good") {
            let report = run(&inputs(&example));
            assert_eq!(others(&report, rule), BTreeSet::new(), "{}: {example}", rule.id);
            assert!(!raised(&report).contains(rule.id), "{}: {example}", rule.id);
        }
    }
}

#[test]
fn a_safe_fix_silences_its_rule_and_raises_no_other() {
    let mut seen = BTreeSet::new();
    for rule in rules::all() {
        for example in rule.examples("Bad") {
            let mut inputs = inputs(&example);
            let before = run(&inputs);
            let safe = |report: &Report| {
                report.diagnostics.iter().any(|found| {
                    found.rule == rule.id
                        && found
                            .fix
                            .as_ref()
                            .is_some_and(|fix| fix.applicability == Applicability::Safe)
                })
            };
            if !safe(&before) {
                continue;
            }
            seen.insert(rule.id);
            for (id, (text, _)) in errlore::fix::fixed(&before, Applicability::Safe) {
                let name = before.source(id).name();
                let file =
                    inputs.files.iter_mut().find(|file| file.name == name).expect("its file");
                file.given = Some(text.into_bytes());
            }
            let after = run(&inputs);
            assert!(!raised(&after).contains(rule.id), "{}: {example}", rule.id);
            assert!(raised(&after).is_subset(&raised(&before)), "{}: {example}", rule.id);
        }
    }
    for fixable in ["half-width-punctuation", "not-normalized", "reference-to-alias"] {
        assert!(seen.contains(fixable), "{fixable} has a safe fix");
    }
}

#[test]
fn every_rule_is_documented() {
    let mut ids = BTreeSet::new();
    for rule in rules::all() {
        let docs = rule.docs();
        for heading in ["\n# Why\n", "\n# Bad\n", "\n# Good\n"] {
            assert!(docs.contains(heading), "{} has no {heading:?}", rule.id);
        }
        assert!(docs.lines().all(|line| line.chars().count() <= 110), "{} is too wide", rule.id);
        assert!(ids.insert(rule.id), "{} is there twice", rule.id);
        assert_eq!(rules::find(rule.id).map(|found| found.id), Some(rule.id));
    }
}

/// What runs on whole files is exempt from the examples above; here it is.
#[test]
fn a_file_in_another_form_is_not_canonical() {
    let mut inputs = inputs("{}");
    assert_eq!(raised(&run(&inputs)), BTreeSet::new());
    let entry: Entry = serde_json::from_str(MINIMAL_ENTRY).expect("the minimal entry is one");
    assert_eq!(canonical(&entry), MINIMAL_ENTRY);
    inputs.files[0].given = Some(serde_json::to_vec(&entry).expect("serialises"));
    let report = run(&inputs);
    assert_eq!(raised(&report), BTreeSet::from(["not-canonical"]));
    let fixed = errlore::fix::fixed(&report, Applicability::Safe);
    let (text, count) = fixed.values().next().expect("one file");
    assert_eq!((text.as_str(), *count), (MINIMAL_ENTRY, 1));
}

#[test]
fn a_number_that_cannot_be_kept_is_not_rewritten() {
    let mut inputs = inputs("{}");
    let text = MINIMAL_ENTRY.replace("\n}\n", ",\n  \"x-n\": 12345678901234567890123\n}\n");
    inputs.files[0].given = Some(text.into_bytes());
    let report = run(&inputs);
    assert_eq!(raised(&report), BTreeSet::from(["not-canonical"]));
    assert!(report.diagnostics[0].fix.is_none(), "a rewrite would lose digits");
}
