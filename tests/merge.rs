//! Three-way merge: laws over entries that are made up and over real ones, and a ledger of what each side
//! put in and took out.

use std::collections::BTreeSet;
use std::fs;

use errlore::canonical::canonical;
use errlore::diff::document;
use errlore::entry::Entry;
use errlore::merge::{Markers, Merged, Side, merge};
use proptest::prelude::*;
use serde_json::{Value, json};

use triples::{LISTS, Triple, Triples, stamps};

#[path = "support/edits.rs"]
#[allow(dead_code, reason = "edits with another truth are for others")]
mod edits;
#[path = "support/generated.rs"]
mod generated;
mod support;
#[path = "support/triples.rs"]
mod triples;

fn entry(document: &Value) -> Entry {
    serde_json::from_value(document.clone()).expect("an entry")
}

/// Merges without the result being thrown away.
#[track_caller]
fn merged(base: Option<&Entry>, ours: &Entry, theirs: &Entry) -> Merged {
    merge(base, ours, theirs).unwrap_or_else(|doubt| {
        panic!("{doubt:?}\n{:#?}\n{}\n{}", base.map(canonical), canonical(ours), canonical(theirs))
    })
}

/// The text of a merge that must be without conflicts.
#[track_caller]
fn clean(base: &Entry, ours: &Entry, theirs: &Entry) -> String {
    let merged = merged(Some(base), ours, theirs);
    assert_eq!(merged.conflicts, []);
    merged.text(&Markers::default())
}

fn laws(base: &Entry, side: &Entry) {
    assert_eq!(clean(base, side, base), canonical(side));
    assert_eq!(clean(base, base, side), canonical(side));
    assert_eq!(clean(base, side, side), canonical(side));
    let anew = merged(None, side, side);
    assert_eq!(anew.text(&Markers::default()), canonical(side));
}

/// With a side chosen in every conflict the text is that entry.
fn choices(merged: &Merged) {
    let text = merged.text(&Markers::default());
    for side in [Side::Ours, Side::Theirs] {
        assert_eq!(chosen(&text, side), canonical(&merged.entry(side)), "{side:?}: {text}");
    }
}

/// The text with one side chosen in every conflict, as an editor does it.
fn chosen(text: &str, side: Side) -> String {
    let mut part = None;
    let mut out = String::new();
    for line in text.lines() {
        match (part, line.get(..7).unwrap_or_default()) {
            (None, "<<<<<<<") => part = Some(Side::Ours),
            (Some(Side::Ours), "|||||||") => part = Some(Side::Base),
            (Some(Side::Base), "=======") => part = Some(Side::Theirs),
            (Some(Side::Theirs), ">>>>>>>") => part = None,
            _ if part.is_none_or(|part| part == side) => out += &format!("{line}\n"),
            _ => {}
        }
    }
    out
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, ..ProptestConfig::default() })]

    #[test]
    fn a_side_and_the_base_give_the_side(base in generated::hostile(), side in generated::hostile()) {
        laws(&base, &side);
    }

    #[test]
    fn whatever_is_merged_each_side_can_be_chosen(
        base in prop::option::of(generated::hostile()),
        ours in generated::hostile(),
        theirs in generated::plain(),
    ) {
        // A result that is doubted goes no further.
        for (ours, theirs) in [(&ours, &theirs), (&theirs, &ours)] {
            if let Ok(merged) = merge(base.as_ref(), ours, theirs) {
                choices(&merged);
            }
        }
    }
}

fn real() -> Option<Vec<Value>> {
    let folder = support::shared("corpus/entries")?;
    let read = |path: &std::path::PathBuf| {
        let entry: Entry =
            serde_json::from_slice(&fs::read(path).expect("a file")).expect("an entry");
        document(&entry)
    };
    Some(support::files_below(&folder).iter().map(read).collect())
}

#[test]
fn real_entries_keep_the_laws() {
    let Some(entries) = real() else { return };
    let mut rng = edits::Rng::new(3);
    for _ in 0..150 {
        let (base, side) = (entry(rng.pick(&entries)), entry(rng.pick(&entries)));
        laws(&base, &side);
    }
}

/// How many triples are tried: more by hand, with `MERGE_TRIPLES=10000`.
fn count() -> usize {
    std::env::var("MERGE_TRIPLES").ok().and_then(|count| count.parse().ok()).unwrap_or(300)
}

#[test]
fn nothing_that_a_side_did_is_lost_without_a_conflict() {
    let Some(entries) = real() else { return };
    let mut triples = Triples::new(&entries, 11);
    let (mut conflicts, mut clean) = (0, 0);
    for _ in 0..count() {
        let triple = triples.next();
        let versions = [&triple.base, &triple.ours, &triple.theirs].map(entry);
        let merged = merged(Some(&versions[0]), &versions[1], &versions[2]);
        let text = merged.text(&Markers::default());
        choices(&merged);
        assert_eq!(lost(&triple, &text), BTreeSet::new(), "{}", shown(&triple, &text));
        if merged.conflicts.is_empty() {
            clean += 1;
            assert_each_field(&triple, &text);
        } else {
            conflicts += 1;
        }
        let mirrored = merge(Some(&versions[0]), &versions[2], &versions[1]).expect("a merge");
        assert_eq!(mirrored.conflicts.len(), merged.conflicts.len(), "{}", shown(&triple, &text));
        if merged.conflicts.is_empty() {
            let other = mirrored.text(&Markers::default());
            assert_eq!(sorted(&text), sorted(&other), "{}", shown(&triple, &text));
        }
    }
    println!("{clean} triples without a conflict, {conflicts} with");
    assert!(clean > 0 && conflicts > 0);
}

fn shown(triple: &Triple, text: &str) -> String {
    format!("{:#}\n{:#}\n{:#}\n{text}", triple.base, triple.ours, triple.theirs)
}

/// The lines of a text that are not between markers.
fn outside(text: &str) -> String {
    let (mut is_inside, mut out) = (false, String::new());
    for line in text.lines() {
        is_inside |= line.starts_with("<<<<<<<");
        if !is_inside {
            out += &format!("{line}\n");
        }
        is_inside &= !line.starts_with(">>>>>>>");
    }
    out
}

/// What a side put in and is not there, what a side took out and stands there all the same, and what is
/// there twice.
fn lost(triple: &Triple, text: &str) -> BTreeSet<String> {
    let base = stamps(&triple.base.to_string());
    let (all, outside) = (stamps(text), outside(text));
    let mut lost = BTreeSet::new();
    for side in [&triple.ours, &triple.theirs] {
        let side = stamps(&side.to_string());
        lost.extend(side.difference(&base).filter(|stamp| !all.contains(*stamp)).cloned());
        let gone = base.difference(&side);
        lost.extend(gone.filter(|stamp| stamps(&outside).contains(*stamp)).cloned());
    }
    let twice = all.into_iter().filter(|stamp| outside.matches(stamp.as_str()).count() > 1);
    lost.extend(twice.filter(|stamp| stamp.ends_with('q')));
    lost
}

/// The item of a list that bears a stamp.
fn stamped<'v>(document: &'v Value, list: &str, stamp: &str) -> Option<&'v Value> {
    document[list].as_array()?.iter().find(|item| {
        item["action"].as_str().is_some_and(|text| text.ends_with(&format!(" {stamp}")))
    })
}

/// Each rate stands in the item that it was given to.
fn assert_each_field(triple: &Triple, text: &str) {
    let result: Value = serde_json::from_str(text).expect("JSON");
    for (list, _, rate) in LISTS {
        for item in result[list].as_array().expect("a list") {
            let action = item["action"].as_str().expect("an action");
            let stamp = action.rsplit(' ').next().expect("a stamp");
            let of = |version| stamped(version, list, stamp).map(|item| &item[rate]);
            let (base, ours, theirs) = (of(&triple.base), of(&triple.ours), of(&triple.theirs));
            let wanted = if ours == base || ours.is_none() { theirs } else { ours };
            assert_eq!(Some(&item[rate]), wanted, "{stamp}: {}", shown(triple, text));
        }
    }
}

/// A document with its lists in an order of their own.
fn sorted(text: &str) -> Value {
    let mut document: Value = serde_json::from_str(text).expect("JSON");
    for (list, ..) in LISTS {
        let items = document[list].as_array_mut().expect("a list");
        items.sort_by_key(ToString::to_string);
    }
    document
}

fn minimal(patch: &Value) -> Entry {
    let text = support::entry("example/disk-full", patch);
    serde_json::from_str(&text).expect("an entry")
}
