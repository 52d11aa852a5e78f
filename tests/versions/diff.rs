//! What changed between two versions of an entry: laws, edit scripts of which the truth is known, and a
//! foreign reader of JSON Patch.

use std::collections::BTreeSet;

use errlore::canonical::canonical;
use errlore::diff::pairing::{Identity, pair};
use errlore::diff::{Change, Kind, apply, diff, document, patch};
use errlore::entry::Entry;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::edits::{Edits, Rng};
use crate::generated;
use crate::support::corpora::corpora;

/// Holds for each two versions.
fn laws(old: &Value, new: &Value) {
    let changes = diff(old, new);
    assert_eq!(changes.is_empty(), old == new);
    let applied = apply(old, &changes).unwrap_or_else(|at| panic!("{at:?} in {changes:#?}"));
    assert_eq!(applied, *new, "{changes:#?}");
    let operations = serde_json::to_value(patch(old, new)).expect("JSON");
    let read: json_patch::Patch = serde_json::from_value(operations).expect("a patch of RFC 6902");
    let mut patched = old.clone();
    json_patch::patch(&mut patched, &read).unwrap_or_else(|error| panic!("{error}: {read}"));
    assert_eq!(patched, *new, "{read}");
    let entry =
        |document: &Value| -> Option<Entry> { serde_json::from_value(document.clone()).ok() };
    if let (Some(entry), Some(expected)) = (entry(&patched), entry(new)) {
        assert_eq!(canonical(&entry), canonical(&expected));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn changes_make_the_new_version(old in generated::hostile(), new in generated::hostile()) {
        let (old, new) = (document(&old), document(&new));
        laws(&old, &old);
        laws(&old, &new);
    }

    #[test]
    fn changes_make_any_json(old in json_value(), new in json_value()) {
        laws(&old, &new);
    }
}

fn json_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(json!(null)),
        any::<bool>().prop_map(|value| json!(value)),
        (0..3).prop_map(|value| json!(value)),
        "[ab]{0,3}".prop_map(|value| json!(value)),
    ];
    leaf.prop_recursive(4, 40, 5, |inner| {
        let key = prop_oneof![
            Just("workarounds"),
            Just("tags"),
            Just("versions"),
            Just("x-a"),
            Just("a/b~c")
        ];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::btree_map(key.prop_map(str::to_owned), inner, 0..4)
                .prop_map(|members| json!(members)),
        ]
    })
}

#[test]
fn real_entries_keep_the_laws() {
    for corpus in corpora() {
        let entries = corpus.documents();
        let mut rng = Rng::new(1);
        let edits = Edits::new(&entries);
        for _ in 0..corpus.tries(400) {
            let old = rng.pick(&entries);
            laws(old, &edits.edited(old, &mut rng).0);
            laws(old, rng.pick(&entries));
        }
    }
}

/// At least 98 of 100 items are paired as the script that edited them knows.
#[test]
fn items_are_paired_as_they_were_edited() {
    for corpus in corpora() {
        let entries = corpus.documents();
        let mut rng = Rng::new(7);
        let edits = Edits::new(&entries);
        let (mut right, mut all) = (0, 0);
        for _ in 0..corpus.tries(2_000) {
            let old = rng.pick(&entries);
            let (new, truth) = edits.edited(old, &mut rng);
            for (list, truth) in truth {
                let items =
                    |document: &Value| document[&list].as_array().cloned().unwrap_or_default();
                let (old, new) = (items(old), items(&new));
                let found: BTreeSet<(usize, usize)> =
                    pair(Identity::of(&list), &old, &new).into_iter().collect();
                for at in 0..old.len() {
                    let of = |pairs: &BTreeSet<(usize, usize)>| {
                        pairs.iter().find(|pair| pair.0 == at).map(|pair| pair.1)
                    };
                    right += usize::from(of(&found) == of(&truth));
                    all += 1;
                }
            }
        }
        println!("{right} of {all} items paired as they were edited");
        assert!(right * 100 >= all * 98, "{right} of {all}");
    }
}

fn entry() -> Value {
    let text = errlore::rule::MINIMAL_ENTRY;
    document(&serde_json::from_str(text).expect("an entry"))
}

fn with(mut document: Value, pointer: &str, value: Value) -> Value {
    *document.pointer_mut(pointer).expect(pointer) = value;
    document
}

fn shown(changes: &[Change]) -> Vec<(&'static str, String, String)> {
    let kind = |kind| match kind {
        Kind::Added => "added",
        Kind::Removed => "removed",
        Kind::Changed => "changed",
        Kind::Moved => "moved",
        Kind::Renamed => "renamed",
    };
    let from = |change: &Change| change.from.as_ref().map(ToString::to_string).unwrap_or_default();
    changes
        .iter()
        .map(|change| (kind(change.kind), from(change), change.pointer.to_string()))
        .collect()
}

#[test]
fn a_reorder_is_a_move_and_an_edit_within_is_one_too() {
    let item = |action: &str, rate: f64| json!({"action": action, "success_rate": rate, "how": "", "condition": "", "sources": []});
    let old = with(
        entry(),
        "/workarounds",
        json!([
            item("Raise the limit of the server", 0.8),
            item("Split the message into parts", 0.7),
            item("Send a link to the file", 0.6),
        ]),
    );
    let new = with(
        old.clone(),
        "/workarounds",
        json!([
            item("Split the message into several parts", 0.75),
            item("Raise the limit of the server", 0.8),
            item("Send a link to the file", 0.6),
        ]),
    );
    assert_eq!(
        shown(&diff(&old, &new)),
        [
            ("changed", "/workarounds/1/action".into(), "/workarounds/0/action".into()),
            ("changed", "/workarounds/1/success_rate".into(), "/workarounds/0/success_rate".into()),
            ("moved", "/workarounds/0".into(), "/workarounds/1".into()),
        ]
    );
}

#[test]
fn names_that_change_are_renamed() {
    let version = |name: &str| {
        json!({"version": name, "introduced": null, "deprecated": null,
        "removed": null, "behavior_change": "the limit became an option", "status": "active"})
    };
    let old = with(entry(), "/versions", json!([version("nginx 1.24")]));
    let old = with(old, "/os_specific", json!({"linux": "The limit is per user.", "macos": ""}));
    let new = with(old.clone(), "/versions", json!([version("nginx 1.24.0")]));
    let new = with(new, "/os_specific", json!({"Linux": "The limit is per user.", "macos": ""}));
    let new = with(new, "/id", json!("example/disk-is-full"));
    assert_eq!(
        shown(&diff(&old, &new)),
        [
            ("renamed", String::new(), "/id".into()),
            ("renamed", String::new(), "/versions/0/version".into()),
            ("renamed", "/os_specific/linux".into(), "/os_specific/Linux".into()),
        ]
    );
}

#[test]
fn how_a_number_and_the_keys_are_written_is_no_change() {
    let text = r#"{"confidence": 0.80, "id": "example/x", "tags": ["b", "a", "a"]}"#;
    let other = r#"{"tags": ["a", "b"], "id": "example/x", "confidence": 8e-1}"#;
    let read = |text: &str| document(&serde_json::from_str(text).expect("an entry"));
    assert_eq!(diff(&read(text), &read(other)), []);
}

/// Long lists are paired by other means than short ones.
#[test]
fn the_items_of_a_long_list_are_found_again() {
    for corpus in corpora() {
        let entries = corpus.documents();
        let mut rng = Rng::new(3);
        let all: Vec<Value> = entries
            .iter()
            .flat_map(|entry| entry["workarounds"].as_array().into_iter().flatten())
            .cloned()
            .collect();
        let all: Vec<Value> = all.into_iter().step_by(4).collect();
        let mut order: Vec<usize> = (0..all.len()).collect();
        rng.shuffle(&mut order);
        let edited = |at: &usize| {
            let mut item = all[*at].clone();
            item["success_rate"] = json!(0.123);
            item["action"] =
                json!(format!("{} today", item["action"].as_str().unwrap_or_default()));
            item
        };
        let new: Vec<Value> = order.iter().map(edited).collect();
        let pairs = pair(Identity::Likeness, &all, &new);
        let right = pairs.iter().filter(|(old, new)| order[*new] == *old).count();
        assert!(right * 100 >= all.len() * 98, "{right} of {}", all.len());
    }
}
