//! Known answers on the fixtures, and on 1,702 real entries where they lie beside the repository.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use errlore::canonical::canonical;
use errlore::check::{Selection, Settings, check};
use errlore::config::Config;
use errlore::corpus::{self, Inputs, Request};
use errlore::diagnostic::{Applicability, Diagnostic, Severity};
use errlore::entry::Entry;
use errlore::report::Report;
use serde_json::Value;

use crate::support::corpora::{Corpus, corpora};

fn inputs(folder: &Path) -> Inputs {
    let request = Request {
        paths: vec![folder.to_owned()],
        working_directory: PathBuf::from(env!("CARGO_MANIFEST_DIR")),
        whole: true,
        ..Request::default()
    };
    corpus::discover(&request).expect("the folder can be walked")
}

/// All folders of a corpus, each with what is known of it.
fn folders() -> Vec<(Corpus, PathBuf)> {
    let folders = |corpus: Corpus| {
        let folders = corpus.folders.clone();
        folders.into_iter().map(move |folder| (corpus.clone(), folder))
    };
    corpora().into_iter().flat_map(folders).collect()
}

#[test]
fn real_entries_keep_the_schema_and_their_patterns_are_known() {
    for (corpus, folder) in folders() {
        let inputs = inputs(&folder);
        let config = Config::default();
        let today = NaiveDate::from_ymd_opt(2026, 11, 22).expect("a real day");
        let report = check(
            &inputs,
            Settings { config: &config, today, selection: Selection::All, engines: None },
        );
        assert!(report.failures.is_empty());
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for diagnostic in &report.diagnostics {
            *counts.entry(diagnostic.rule).or_default() += 1;
        }
        for rule in [
            "invalid-json",
            "duplicate-key",
            "schema-violation",
            "unknown-key",
            "regex-invalid",
            "date-order",
        ] {
            assert_eq!(counts.get(rule), None, "{rule}");
        }
        if !corpus.is_large() {
            // Of the fixtures two are one error on purpose, and two are told by one message.
            if folder.ends_with("tests/fixtures/entries") {
                let counts: Vec<_> = counts.into_iter().collect();
                assert_eq!(counts, [("duplicate-entry", 1), ("regex-shadowed", 1)]);
            }
            continue;
        }
        assert_eq!(report.files, 1_702);
        // Python's `re` finds 1,395 signatures with case and 1,578 ignoring it.
        assert_eq!(counts.get("regex-misses-signature"), Some(&(1_702 - 1_578)));
        // What is neither an error nor a duplicate: at most one in three entries.
        let beyond = report
            .diagnostics
            .iter()
            .filter(|found| found.severity != Severity::Error && found.rule != "duplicate-entry");
        let beyond = beyond.count();
        assert!(beyond <= 1_702 / 3, "{beyond}: {counts:?}");
    }
}

/// Fixes of both kinds, on every fifth entry of the large corpus: what is found afterwards was found before.
#[test]
fn fixing_adds_no_finding() {
    for (corpus, folder) in folders() {
        let every = if corpus.is_large() { 5 } else { 1 };
        for up_to in [Applicability::Safe, Applicability::Unsafe] {
            let made = fixes(&folder, every, up_to);
            let is_expected = corpus.is_large() && up_to == Applicability::Unsafe;
            assert!(made > 0 || !is_expected, "there is something to fix");
        }
    }
}

/// How many fixes are made in every so many files of a folder. Panics if one leads to another finding.
fn fixes(folder: &Path, every: usize, up_to: Applicability) -> usize {
    let config = Config::default();
    let today = NaiveDate::from_ymd_opt(2026, 11, 22).expect("a real day");
    let settings = Settings { config: &config, today, selection: Selection::All, engines: None };
    let said = |report: &Report| -> BTreeSet<String> {
        let of = |found: &Diagnostic| {
            let place = &found.primary.location.pointer;
            format!("{} {} {place}", found.rule, found.entry.as_deref().unwrap_or_default())
        };
        report.diagnostics.iter().map(of).collect()
    };
    let mut inputs = inputs(folder);
    let files = std::mem::take(&mut inputs.files);
    inputs.files = files.into_iter().step_by(every).collect();
    let mut report = check(&inputs, settings);
    let before = said(&report);
    let mut made = 0;
    for _ in 0..10 {
        let fixed = errlore::fix::fixed(&report, up_to);
        if fixed.is_empty() {
            break;
        }
        made += fixed.len();
        for (id, (text, _)) in fixed {
            let number = report.source(id).number().expect("a file");
            inputs.files[number].given = Some(text.into_bytes());
        }
        report = check(&inputs, settings);
    }
    let new: Vec<_> = said(&report).difference(&before).cloned().collect();
    assert_eq!(new, [""; 0], "{up_to:?}");
    made
}

#[test]
fn canonical_is_a_fixed_point_and_loses_nothing() {
    for file in corpora().iter().flat_map(Corpus::files) {
        let text = std::fs::read_to_string(&file).expect("readable");
        let entry: Entry = serde_json::from_str(&text).expect("an entry");
        let once = canonical(&entry);
        let again: Entry = serde_json::from_str(&once).expect("an entry");
        assert_eq!(canonical(&again), once, "{}", file.display());
        let (before, after) = (parse(&text), parse(&once));
        assert!(holds(&after, &before), "{}", file.display());
    }
}

fn parse(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON")
}

/// Whether all that `part` says stands in `whole` too, blanks at the ends of texts apart.
fn holds(whole: &Value, part: &Value) -> bool {
    match (whole, part) {
        (Value::Object(whole), Value::Object(part)) => {
            part.iter().all(|(key, value)| whole.get(key).is_some_and(|own| holds(own, value)))
        }
        (Value::Array(whole), Value::Array(part)) => {
            whole.len() == part.len()
                && whole.iter().zip(part).all(|(whole, part)| holds(whole, part))
        }
        (Value::String(whole), Value::String(part)) => whole == part.trim(),
        _ => whole == part,
    }
}
