//! Facts stay with their item in a merge, and nothing is decided in silence: known answers, and random merges that are
//! held against a ledger of facts.

use errlore::canonical::canonical;
use errlore::entry::Entry;
use errlore::merge::{Markers, merge};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use serde_json::Value;

use edits::Rng;
use ledger::Ledger;
use sides::sides;

#[path = "support/edits.rs"]
#[allow(dead_code, reason = "edits with another truth are for others")]
mod edits;
#[path = "support/generated.rs"]
#[allow(dead_code, reason = "hostile entries are for others")]
mod generated;
#[path = "support/ledger.rs"]
mod ledger;
#[path = "support/sides.rs"]
mod sides;
mod support;

/// How many merges are tried of each kind of entry.
const CASES: usize = 600;

fn entry(document: &Value) -> Entry {
    serde_json::from_value(document.clone()).expect("an entry")
}

/// A version as it is written.
fn written(document: &Value) -> Value {
    serde_json::from_str(&canonical(&entry(document))).expect("JSON")
}

/// The entries of this repository.
fn own() -> Vec<Value> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("entries");
    let read = |path: &std::path::PathBuf| {
        written(&serde_json::from_slice(&std::fs::read(path).expect("a file")).expect("JSON"))
    };
    support::files_below(&folder)
        .iter()
        .filter(|path| path.extension().is_some_and(|own| own == "json"))
        .map(read)
        .collect()
}

/// Entries that are made up, the same in each run.
fn made_up() -> Vec<Value> {
    let mut runner = TestRunner::deterministic();
    let strategy = generated::plain();
    let mut make = || strategy.new_tree(&mut runner).expect("an entry").current();
    (0..60).map(|_| serde_json::from_str(&canonical(&make())).expect("JSON")).collect()
}

/// Merges random sides of some entries, both ways round, and gives how many are clean.
#[track_caller]
fn hold(entries: &[Value], seed: u64) -> usize {
    let mut rng = Rng::new(seed);
    let mut clean = 0;
    let (mut wrong, mut doubts) = (0, 0);
    for case in 0..CASES {
        let triple = sides(rng.pick(entries), &mut rng, 1 + case % 6);
        let [base, ours, theirs] = [&triple.base, &triple.ours, &triple.theirs].map(written);
        let versions = [&base, &ours, &theirs].map(entry);
        for (own, other, is_mirrored) in [(1, 2, false), (2, 1, true)] {
            let merged = match merge(Some(&versions[0]), &versions[own], &versions[other]) {
                Ok(merged) => merged,
                Err(doubt) => {
                    doubts += 1;
                    println!("case {case}: {doubt:?}");
                    continue;
                }
            };
            let text = merged.text(&Markers::default());
            let (ours, theirs) = if is_mirrored { (&theirs, &ours) } else { (&ours, &theirs) };
            let ledger = Ledger { base: &base, ours, theirs, text: &text, notes: &merged.notes };
            let wrongs = ledger.wrongs();
            if !wrongs.is_empty() {
                wrong += 1;
                println!("case {case}, mirrored: {is_mirrored}\n{}\n", wrongs.join("\n"));
            }
            clean += usize::from(merged.conflicts.is_empty() && !is_mirrored);
        }
    }
    println!("{CASES} merges, {clean} of them clean, {wrong} wrong, {doubts} thrown away");
    assert_eq!(wrong, 0);
    clean
}

#[test]
fn facts_of_own_and_made_up_entries_stay_where_they_are() {
    let entries: Vec<Value> = own().into_iter().chain(made_up()).collect();
    let clean = hold(&entries, 29);
    // All conflicts would be no merge.
    assert!(clean > CASES / 3, "{clean}");
}

#[test]
fn facts_of_real_entries_stay_where_they_are() {
    let Some(entries) = support::real_entries() else { return };
    let entries: Vec<Value> = entries
        .iter()
        .map(|entry| serde_json::from_str(&canonical(entry)).expect("JSON"))
        .collect();
    let clean = hold(&entries, 31);
    assert!(clean > CASES / 3, "{clean}");
}
