//! Decisions about pairs: what a file of them says, what is wrong with it, and that nothing of it is lost.

use chrono::NaiveDate;
use errlore::config::Case;
use errlore::duplicates::{
    Base, Changed, Decision, Decisions, Digest, FaultKind, Fingerprint, Label, Measure, Model,
    Standing, unseen,
};
use errlore::entry::{Confusion, DeadEnd, Entry, EntryId, Workaround};
use errlore::pointer;
use proptest::prelude::*;

use crate::support::corpora::corpora;

fn entry(id: &str) -> Entry {
    Entry {
        id: EntryId::new(id),
        signature: "spool: cannot rename the lock file".to_owned(),
        root_cause: "Another process holds the lock file open while it is renamed.".to_owned(),
        dead_ends: vec![DeadEnd { action: "Wait".to_owned(), ..DeadEnd::default() }],
        workarounds: vec![
            Workaround { action: "Stop the other".to_owned(), ..Workaround::default() },
            Workaround { action: "Use another folder".to_owned(), ..Workaround::default() },
        ],
        ..Entry::default()
    }
}

fn base(entries: &[Entry]) -> Base {
    Base::new(entries.iter().map(Digest::new))
}

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

fn decision(a: &Entry, b: &Entry, label: Label, date: &str) -> Decision {
    Decision {
        a: a.id.clone(),
        b: b.id.clone(),
        label,
        reason: "looked at both".to_owned(),
        date: day(date),
        hashes: [Fingerprint::new(a), Fingerprint::new(b)],
        replaces: None,
        contradictions: Vec::new(),
    }
}

fn decided(decisions: &[Decision]) -> Decisions {
    let mut all = Decisions::default();
    for decision in decisions {
        all.record(decision.clone());
    }
    all
}

/// How the entries 0 and 1 stand to each other: the label, and whether either has changed.
fn stands(decisions: &Decisions, entries: &[Entry]) -> Option<(Label, bool, bool)> {
    let base = base(entries);
    match decisions.against(&base).of(&base, 1, 0) {
        Standing::Undecided | Standing::Declared => None,
        Standing::Decided(decision) => Some((decision.label, false, false)),
        Standing::Outdated(decision, Changed { a, b }) => Some((decision.label, a, b)),
    }
}

fn any_label() -> impl Strategy<Value = Label> {
    prop::sample::select(Label::ALL.to_vec())
}

fn any_decision() -> impl Strategy<Value = Decision> {
    let ids = (any::<String>(), any::<String>())
        .prop_filter("two ids", |(a, b)| a != b && !a.is_empty() && !b.is_empty());
    let date = (1900..2200_i32, 1..366_u32)
        .prop_filter_map("a date", |(year, day)| NaiveDate::from_yo_opt(year, day));
    let replaces = prop::option::of(any_label());
    (ids, any_label(), any::<String>(), date, replaces).prop_map(
        |((a, b), label, reason, date, replaces)| {
            let entry = |id: &str| Entry {
                id: EntryId::new(id),
                signature: id.to_owned(),
                ..Entry::default()
            };
            let decision = decision(&entry(&a), &entry(&b), label, "2026-01-02");
            let contradictions = if label == Label::Duplicate {
                vec![[pointer!["workarounds", 0, "action"], pointer!["dead_ends", 1, "action"]]]
            } else {
                Vec::new()
            };
            Decision { reason, date, replaces, contradictions, ..decision }
        },
    )
}

proptest! {
    #[test]
    fn what_is_written_reads_back(decisions in prop::collection::vec(any_decision(), 0..8)) {
        let written = decided(&decisions);
        let (read, faults) = Decisions::parse(&written.write());
        prop_assert_eq!(&faults, &[]);
        prop_assert_eq!(read, written);
    }

    #[test]
    fn whatever_a_file_holds_stays_in_it(bytes in prop::collection::vec(any::<u8>(), 0..400), decision in any_decision()) {
        let (mut decisions, _) = Decisions::parse(&bytes);
        decisions.record(decision);
        let written = decisions.write();
        prop_assert!(written.starts_with(&bytes));
        prop_assert_eq!(Decisions::parse(&written).0, decisions);
    }

    #[test]
    fn a_cut_costs_one_decision_at_most(decisions in prop::collection::vec(any_decision(), 1..6), at in any::<prop::sample::Index>()) {
        let bytes = decided(&decisions).write();
        let at = at.index(bytes.len());
        let whole = bytes[..at].split(|byte| *byte == b'\n').count() - 1;
        let (read, faults) = Decisions::parse(&bytes[..at]);
        // A line that lacks nothing but its end is whole too.
        prop_assert!(read.all().count() >= whole);
        prop_assert!(faults.iter().all(|fault| fault.line == whole + 1 && fault.kind == FaultKind::Cut));
        prop_assert!(read.write().starts_with(&bytes[..at]));
    }

    #[test]
    fn the_order_of_the_ids_is_the_same_decision(decision in any_decision()) {
        let mut other = decision.clone();
        std::mem::swap(&mut other.a, &mut other.b);
        other.hashes.reverse();
        for places in &mut other.contradictions {
            places.reverse();
        }
        prop_assert_eq!(decided(&[decision]), decided(&[other]));
    }
}

#[test]
fn each_bad_line_is_named_and_the_good_ones_count() {
    let good = decided(&[decision(&entry("a/one"), &entry("a/two"), Label::Related, "2026-01-02")]);
    let good = String::from_utf8(good.write()).expect("JSON is text");
    let with = |from: &str, to: &str| good.replace(from, to);
    let bad = [
        ("not json\n".to_owned(), "not JSON"),
        ("[1, 2]\n".to_owned(), "no object"),
        ("{}\n".to_owned(), "missing field"),
        (with("\"a/one\"", "1"), "invalid type"),
        (with("related", "same"), "unknown variant"),
        (with("2026-01-02", "2026-02-30"), "out of range"),
        (with("a/two", "a/one"), "one entry twice"),
        (with("a/two", ""), "empty"),
        (with("\"hashes\":[\"", "\"hashes\":[\"zz"), "16 hexadecimal digits"),
        (with("\"reason\"", "\"label\":\"related\",\"reason\""), "duplicate field"),
        (format!("{}\n", "[".repeat(100_000)), "not JSON"),
        ("<<<<<<< HEAD\n".to_owned(), "merge conflict"),
        (format!("{}\n", &good[..50]), "cut short"),
    ];
    for (line, why) in bad {
        let bytes = [&*good, &line, "\n", &good].concat().into_bytes();
        let (decisions, faults) = Decisions::parse(&bytes);
        assert_eq!(decisions.all().map(|(line, _)| line).collect::<Vec<_>>(), [1, 4], "{line}");
        assert_eq!(faults.len(), 1, "{line}: {faults:?}");
        assert!(faults[0].line == 2 && faults[0].message().contains(why), "{line}: {faults:?}");
        assert_eq!(decisions.write(), bytes);
    }
    let (decisions, faults) = Decisions::parse(b"\xff\xfe\n\n  \r\n");
    assert_eq!((decisions.all().count(), faults.len()), (0, 1));
    let marked = format!("\u{feff}{}", good.replace('\n', "\r\n"));
    assert_eq!(Decisions::parse(marked.as_bytes()).0.all().count(), 1);
}

#[test]
fn only_what_was_compared_makes_a_decision_outdated() {
    let entries = [entry("a/one"), entry("a/two")];
    let decisions = decided(&[decision(&entries[0], &entries[1], Label::Distinct, "2026-01-02")]);
    let after = |change: fn(&mut Entry)| {
        let mut entries = entries.clone();
        change(&mut entries[1]);
        stands(&decisions, &entries)
    };
    let holds = Some((Label::Distinct, false, false));
    let outdated = Some((Label::Distinct, false, true));
    assert_eq!(after(|_| ()), holds);
    assert_eq!(after(|entry| entry.last_confirmed = Some(day("2026-05-05"))), holds);
    assert_eq!(after(|entry| entry.confidence = 0.1), holds);
    assert_eq!(after(|entry| entry.tags.push("spool".to_owned())), holds);
    assert_eq!(after(|entry| entry.workarounds.reverse()), holds);
    assert_eq!(after(|entry| entry.root_cause = entry.root_cause.replace(' ', "  ") + "\n"), holds);
    assert_eq!(after(|entry| entry.signature += " again"), outdated);
    assert_eq!(after(|entry| entry.regex += "lock file"), outdated);
    assert_eq!(after(|entry| entry.dead_ends[0].why_fails += "It comes back."), outdated);
    assert_eq!(after(|entry| entry.workarounds.truncate(1)), outdated);
    // A word that search engines pass over turns the sentence round.
    assert_eq!(
        after(|entry| entry.root_cause = entry.root_cause.replace("is", "is not")),
        outdated
    );
}

#[test]
fn the_later_line_holds_and_a_contradiction_is_told() {
    let entries = [entry("a/one"), entry("a/two")];
    let make = |label, date| decision(&entries[0], &entries[1], label, date);
    let told = |decisions: &Decisions| {
        decisions
            .against(&base(&entries))
            .faults
            .iter()
            .map(|f| (f.line, f.message()))
            .collect::<Vec<_>>()
    };
    let later =
        decided(&[make(Label::Distinct, "2026-01-02"), make(Label::Duplicate, "2026-01-03")]);
    assert_eq!(stands(&later, &entries), Some((Label::Duplicate, false, false)));
    assert_eq!(told(&later), []);
    let same_day =
        decided(&[make(Label::Distinct, "2026-01-02"), make(Label::Duplicate, "2026-01-02")]);
    assert_eq!(stands(&same_day, &entries), Some((Label::Duplicate, false, false)));
    let message = "line 1 says distinct of the same pair on the same day, and this one duplicate";
    assert_eq!(told(&same_day), [(2, message.to_owned())]);
    let knowingly =
        Decision { replaces: Some(Label::Distinct), ..make(Label::Duplicate, "2026-01-02") };
    assert_eq!(told(&decided(&[make(Label::Distinct, "2026-01-02"), knowingly])), []);
    let mut taken_back = same_day.clone();
    assert!(taken_back.take_back(&make(Label::Duplicate, "2026-01-02")));
    assert!(!taken_back.take_back(&make(Label::Duplicate, "2026-01-02")));
    assert_eq!(stands(&taken_back, &entries), Some((Label::Distinct, false, false)));
}

#[test]
fn a_former_id_is_the_entry_that_has_it_as_an_alias() {
    let old = [entry("a/one"), entry("z/two")];
    let decisions = decided(&[decision(&old[0], &old[1], Label::Distinct, "2026-01-02")]);
    // The new id comes first, so that the two change places.
    let mut renamed = entry("a/new");
    renamed.aliases = vec![EntryId::new("z/two")];
    renamed.root_cause += " It is new here.";
    let entries = [renamed, old[0].clone()];
    assert_eq!(stands(&decisions, &entries), Some((Label::Distinct, true, false)));
    let faults = decisions.against(&base(&entries)).faults;
    let renamed = FaultKind::Renamed(EntryId::new("z/two"), EntryId::new("a/new"));
    assert!(
        faults.len() == 1 && faults[0].kind == renamed && !faults[0].is_warning(),
        "{faults:?}"
    );
    let mut merged = entry("a/one");
    merged.aliases = vec![EntryId::new("z/two")];
    let faults = decisions.against(&base(&[merged])).faults;
    assert!(matches!(faults[1].kind, FaultKind::Merged(_)), "{faults:?}");
    let faults = decisions.against(&base(&[entry("a/one"), entry("z/twoo")])).faults;
    let unknown = FaultKind::UnknownId(EntryId::new("z/two"), Some(EntryId::new("z/twoo")));
    assert!(faults.len() == 1 && faults[0].kind == unknown, "{faults:?}");
}

#[test]
fn a_declared_distinction_counts_as_a_decision() {
    let with = |distinction: &str| {
        let mut entries = [entry("a/one"), entry("a/two")];
        entries[1].transition_graph.frequently_confused_with = vec![Confusion {
            error_id: EntryId::new("a/one"),
            distinction: distinction.to_owned(),
            ..Confusion::default()
        }];
        let base = base(&entries);
        matches!(Decisions::default().against(&base).of(&base, 0, 1), Standing::Declared)
    };
    assert!(with("There another process holds the file; here the folder is read-only."));
    assert!(!with("TODO: say how they differ"));
    assert!(!with(""));
}

#[test]
fn judged_pairs_of_real_entries_are_decisions_that_hold() {
    for corpus in corpora() {
        let entries = corpus.entries();
        let base = base(&entries);
        let by_id =
            |id: &str| entries.iter().find(|entry| entry.id.as_str() == id).expect("an entry");
        let mut decisions = Decisions::default();
        for (a, b, label) in corpus.judged() {
            decisions.record(decision(by_id(&a), by_id(&b), label, "2026-01-02"));
        }
        let (decisions, faults) = Decisions::parse(&decisions.write());
        let standings = decisions.against(&base);
        assert!(faults.is_empty() && standings.faults.is_empty(), "{:?}", standings.faults);
        let (mut judged, mut numbers) = (Vec::new(), Vec::new());
        for ((a, b), standing) in standings.pairs(&base) {
            let Standing::Decided(decision) = standing else { panic!("{standing:?}") };
            judged.push((base.values(a, b, Case::Insensitive), decision.label));
            numbers.push((a, b));
        }
        let measure = |probabilities: Vec<f64>| {
            let is = judged.iter().map(|(_, label)| *label == Label::Duplicate);
            Measure::new(probabilities.into_iter().zip(is), 0.6)
        };
        // Weights that know nothing are the worst to start from, and still the fit finds its way.
        let mut ignorant = Model::fitted().clone();
        for part in &mut ignorant.parts {
            part.weights = [0.0; 3];
        }
        ignorant.intercepts = [0.0; 3];
        let before = measure(vec![0.5; judged.len()]);
        let after = measure(unseen(&ignorant, &judged, &numbers));
        assert!(after.brier < before.brier.map(|brier| brier - 0.1), "{after:?}");
        assert!(
            after.precision.value() > Some(0.8) && after.recall.value() > Some(0.7),
            "{after:?}"
        );
    }
}
