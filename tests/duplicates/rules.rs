//! What the rules say about entries that are about the same error.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use chrono::NaiveDate;
use errlore::canonical::canonical;
use errlore::check::{Selection, Settings, check};
use errlore::config::Config;
use errlore::corpus::{InputFile, Inputs};
use errlore::diagnostic::{Diagnostic, Severity};
use errlore::duplicates::{Base, Conflict, Decision, Digest, Fingerprint, Label};
use errlore::entry::{Confusion, DeadEnd, Entry, EntryId, Workaround};
use errlore::report::Report;

use crate::support;
use crate::support::corpora::corpora;

const SEEDS: [&str; 2] = [
    "communication/websocket-1009-message-too-big",
    "communication/websocket-close-frame-1009-message-too-large",
];
const RULES: [&str; 3] = ["duplicate-entry", "variant-in-name-only", "contradicting-advice"];

fn own_entries() -> Vec<Entry> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("entries");
    let read = |path| fs::read_to_string(path).expect("an entry");
    let parse = |text: String| serde_json::from_str(&text).expect("a valid entry");
    support::files_below(&folder).iter().map(read).map(parse).collect()
}

fn inputs(entries: &[Entry]) -> Inputs {
    let file = |entry: &Entry| InputFile {
        path: None,
        name: format!("entries/{}.json", entry.id),
        expected_id: Some(entry.id.to_string()),
        in_scope: true,
        special: None,
        given: Some(canonical(entry).into_bytes()),
        before: None,
    };
    Inputs { files: entries.iter().map(file).collect(), complete: true, ..Inputs::default() }
}

fn report(inputs: &Inputs) -> Report {
    let config = Config::default();
    let today = NaiveDate::from_ymd_opt(2026, 11, 22).expect("a real day");
    check(inputs, Settings { config: &config, today, selection: Selection::All, engines: None })
}

/// What the rules about duplicates say: rule, entry, place, message, and where else they point.
fn said(inputs: &Inputs) -> Vec<String> {
    let report = report(inputs);
    let about = |found: &&Diagnostic| RULES.contains(&found.rule);
    let mut lines: Vec<String> = (report.diagnostics.iter().filter(about))
        .map(|found| {
            let related = found.related.iter().map(|label| {
                format!(
                    "{}{}",
                    report.source(label.location.source).name(),
                    label.location.pointer.as_str()
                )
            });
            let related: Vec<String> = related.collect();
            format!(
                "{} {} {} {} {:?} {related:?}",
                found.severity,
                found.rule,
                found.entry.as_deref().unwrap_or_default(),
                found.primary.location.pointer.as_str(),
                found.message
            )
        })
        .collect();
    lines.sort();
    lines
}

fn rules_of(inputs: &Inputs) -> Vec<&'static str> {
    let report = report(inputs);
    let mut rules: Vec<_> = report.diagnostics.iter().map(|found| found.rule).collect();
    rules.retain(|rule| RULES.contains(rule));
    rules
}

#[test]
fn the_two_seeds_are_one_error_and_contradict_each_other() {
    let lines = said(&inputs(&own_entries()));
    assert_eq!(lines.len(), 2, "{lines:#?}");
    let [big, large] = SEEDS;
    assert!(
        lines[0].contains(&format!("warning contradicting-advice {large} /dead_ends/1/action")),
        "{lines:#?}"
    );
    assert!(lines[0].contains(&format!("entries/{big}.json/workarounds/2/action")), "{lines:#?}");
    assert!(lines[1].contains(&format!("duplicate-entry {large} /signature")), "{lines:#?}");
}

#[test]
fn the_order_of_files_changes_nothing() {
    let mut entries = own_entries();
    let one = said(&inputs(&entries));
    entries.reverse();
    assert_eq!(one, said(&inputs(&entries)));
    entries.rotate_left(5);
    assert_eq!(one, said(&inputs(&entries)));
}

#[test]
fn a_pair_counts_when_either_side_is_in_scope_and_is_shown_there() {
    let entries = own_entries();
    for seed in SEEDS {
        let mut inputs = inputs(&entries);
        for (file, entry) in inputs.files.iter_mut().zip(&entries) {
            file.in_scope = entry.id.as_str() == seed;
        }
        let lines = said(&inputs);
        assert_eq!(lines.len(), 2, "{lines:#?}");
        assert!(lines.iter().all(|line| line.contains(&format!(" {seed} /"))), "{lines:#?}");
    }
    let mut inputs = inputs(&entries);
    for (file, entry) in inputs.files.iter_mut().zip(&entries) {
        file.in_scope = !SEEDS.contains(&entry.id.as_str());
    }
    assert!(said(&inputs).is_empty());
}

#[test]
fn a_distinction_silences_from_either_side_and_a_bare_link_does_not() {
    for (from, to) in [(SEEDS[0], SEEDS[1]), (SEEDS[1], SEEDS[0])] {
        for (distinction, count) in
            [("The close frame arrives; the other is raised here.", 0), (" ", 1)]
        {
            let mut entries = own_entries();
            let entry = entries.iter_mut().find(|entry| entry.id.as_str() == from).expect("a seed");
            entry.transition_graph.frequently_confused_with = vec![Confusion {
                error_id: EntryId::new(to),
                distinction: distinction.to_owned(),
                ..Confusion::default()
            }];
            let lines = said(&inputs(&entries));
            assert_eq!(lines.is_empty(), count == 0, "{distinction:?}: {lines:#?}");
        }
    }
}

#[test]
fn what_people_have_told_apart_is_not_reported() {
    let mut inputs = inputs(&own_entries());
    let entries = own_entries();
    let fingerprint = |id: &str| {
        let entry = entries.iter().find(|entry| entry.id.as_str() == id).expect("a seed");
        Fingerprint::new(entry)
    };
    inputs.decisions.record(Decision {
        a: EntryId::new(SEEDS[0]),
        b: EntryId::new(SEEDS[1]),
        label: Label::Distinct,
        reason: "two limits".to_owned(),
        date: NaiveDate::from_ymd_opt(2026, 11, 22).expect("a date"),
        hashes: SEEDS.map(fingerprint),
        replaces: None,
        contradictions: Vec::new(),
    });
    assert_eq!(said(&inputs), [""; 0]);
}

#[test]
fn a_copy_is_an_error_and_counts_once_for_each_entry() {
    let mut entries = own_entries();
    let entry =
        entries.iter().find(|entry| entry.id.as_str().starts_with("redis/")).expect("one").clone();
    for number in 1..=3 {
        entries.push(Entry { id: EntryId::new(format!("{}-{number}", entry.id)), ..entry.clone() });
    }
    let report = report(&inputs(&entries));
    let copies: Vec<&Diagnostic> = (report.diagnostics.iter())
        .filter(|found| {
            found.rule == "duplicate-entry"
                && found.entry.as_deref().is_some_and(|id| id.starts_with("redis/"))
        })
        .collect();
    assert_eq!(copies.iter().map(|found| found.related.len()).collect::<Vec<_>>(), [1, 2, 3]);
    assert!(copies.iter().all(|found| found.severity == Severity::Error));
}

#[test]
fn two_entries_under_one_id_are_the_fault_of_another_rule() {
    let mut entries = own_entries();
    entries.push(entries[0].clone());
    let mut inputs = inputs(&entries);
    inputs.files.last_mut().expect("the copy").name = "entries/elsewhere.json".to_owned();
    assert_eq!(said(&inputs).len(), 2);
}

fn advises(helps: &[&str], fails: &[&str]) -> Entry {
    let help = |action: &&str| Workaround {
        action: (*action).to_owned(),
        success_rate: 0.9,
        ..Workaround::default()
    };
    let fail = |action: &&str| DeadEnd {
        action: (*action).to_owned(),
        fail_rate: 0.8,
        ..DeadEnd::default()
    };
    Entry {
        workarounds: helps.iter().map(help).collect(),
        dead_ends: fails.iter().map(fail).collect(),
        ..Entry::default()
    }
}

#[test]
fn actions_are_compared_by_what_they_do() {
    let base = Base::new(own_entries().iter().map(Digest::new));
    let conflict = |help: &str, fail: &str| {
        let (one, other) = (advises(&[help], &[]), advises(&[], &[fail]));
        let found = base.contradictions(&one, &other);
        let turned = base.contradictions(&other, &one);
        assert_eq!(found.len(), turned.len(), "{help} {fail}");
        for (one, other) in found.iter().zip(&turned) {
            assert_eq!((&one.a, &one.b, one.alike), (&other.b, &other.a, other.alike));
        }
        !found.is_empty()
    };
    for (help, fail) in [
        ("Enable permessage-deflate compression of the payload", "Compress the payload with gzip"),
        ("Raise the timeout of the gateway", "Increase the gateway timeout"),
        ("Delete the lock file", "Remove the lock file"),
        ("Turn off the antivirus scanner", "Disable the antivirus scanner"),
        ("Upgrade the linker to the latest release", "Update the linker"),
        ("Set TURBO_MODE=1", "Set TURBO_MODE=1 to see more"),
    ] {
        assert!(conflict(help, fail), "{help} / {fail}");
    }
    for (help, fail) in [
        ("Increase the timeout", "Increase the memory"),
        ("Increase the timeout of the gateway", "Reduce the timeout of the gateway"),
        ("Increase the frame size on the server", "Increase the frame size on the client only"),
        ("Increase the frame size on the server", "Increase the frame size on the client"),
        ("Turn off the antivirus scanner", "Turn on the antivirus scanner"),
        ("Check the lock file", "Remove the lock file"),
        ("Use a token instead of deleting the lock file", "Delete the lock file"),
        ("Set TURBO_MODE=1", "Set TURBO_MODE=0"),
        ("Set TURBO_MODE", "Set QUIET_MODE"),
        ("Delete the stale lock file after checking the holder", "Delete the lock file"),
        ("", ""),
    ] {
        assert!(!conflict(help, fail), "{help} / {fail}");
    }
}

#[test]
fn opposites_are_found_in_advice_and_in_claims() {
    let base = Base::new(own_entries().iter().map(Digest::new));
    let conflicts = |one: &Entry, other: &Entry| -> Vec<Conflict> {
        base.contradictions(one, other).iter().map(|found| found.conflict).collect()
    };
    let (on, off) =
        (advises(&["Enable the nagle buffer"], &[]), advises(&["Disable the nagle buffer"], &[]));
    assert_eq!(conflicts(&on, &off), [Conflict::Opposite]);
    assert_eq!(conflicts(&on, &on), []);
    let claims = |text: &str| Entry { root_cause: text.to_owned(), ..Entry::default() };
    let (yes, no) = (
        claims("The zebra codec of the spooler is supported."),
        claims("Since 4.0 it fails: the zebra codec of the spooler is not supported."),
    );
    assert_eq!(conflicts(&yes, &no), [Conflict::Claim]);
    assert_eq!(conflicts(&yes, &claims("The ibis codec of the printer is not supported.")), []);
}

#[test]
fn hostile_advice_is_compared_like_any_other() {
    let base = Base::new([]);
    let long = "delete the lock (".repeat(20_000);
    for text in
        ["", " ", "((((", "....", "to to to", "\u{202e}\u{0}", "删除锁文件", "=", "--=", &long]
    {
        let (one, other) = (
            advises(&[text, "Delete the lock"], &[text]),
            advises(&[text], &[text, "Remove the lock"]),
        );
        assert_eq!(
            base.contradictions(&one, &other).len(),
            base.contradictions(&other, &one).len(),
            "{text}"
        );
    }
    let many: Vec<&str> = std::iter::repeat_n("Delete the lock file", 5_000).collect();
    assert!(base.contradictions(&advises(&many, &[]), &advises(&[], &many)).len() <= 1_024);
}

#[test]
fn real_entries_raise_a_sane_number() {
    for corpus in corpora() {
        let entries = corpus.entries();
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for rule in rules_of(&inputs(&entries)) {
            *counts.entry(rule).or_default() += 1;
        }
        let within = |rule: &str, least: usize, most: usize| {
            let count = counts.get(rule).copied().unwrap_or_default();
            assert!((least..=most).contains(&count), "{rule}: {count}");
        };
        if corpus.is_large() {
            within("duplicate-entry", 80, 170);
            within("variant-in-name-only", 15, 50);
            within("contradicting-advice", 4, 12);
        } else {
            within("duplicate-entry", 11, 17);
            within("variant-in-name-only", 0, 0);
            within("contradicting-advice", 1, 1);
        }
    }
}
