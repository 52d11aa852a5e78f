//! The look for what each side of a merge made: it finds each loss that is planted, and says nothing of good merges.

use errlore::canonical::canonical;
use errlore::diff::document;
use errlore::entry::Entry;
use errlore::merge::{Loss, Side, audit, merge};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

use crate::edits::Rng;
use crate::generated;
use crate::scripted::{Edit, some_edit, with_own_keys};
use crate::support;
use crate::support::corpora::corpora;

fn entry(document: &Value) -> Entry {
    serde_json::from_value(document.clone()).expect("an entry")
}

/// The fixtures, some entries that are made up, and a part of the large corpus where it is there.
fn entries() -> Vec<Value> {
    let mut entries: Vec<Entry> = Vec::new();
    for corpus in corpora() {
        entries.extend(corpus.entries().into_iter().step_by(if corpus.is_large() {
            10
        } else {
            1
        }));
    }
    let mut runner = TestRunner::deterministic();
    entries.extend(
        (0..40).map(|_| generated::plain().new_tree(&mut runner).expect("an entry").current()),
    );
    entries.iter().map(document).collect()
}

/// A base and what each side did to it.
struct Scene {
    base: Value,
    edits: [Vec<Edit>; 2],
}

impl Scene {
    /// Edits of which none touches what another does, or, with `apart` false, no other one of its side.
    fn new(entries: &[Value], rng: &mut Rng, apart: bool) -> Self {
        let base = document(&entry(&with_own_keys(rng.pick(entries), rng)));
        let mut edits: [Vec<Edit>; 2] = Default::default();
        for number in 0..2 + rng.below(6) {
            let edit = some_edit(&base, rng, &format!("stamp{number}q"));
            let side = rng.below(2);
            let known = edits.iter().enumerate().filter(|(own, _)| apart || *own == side);
            if known.flat_map(|(_, edits)| edits).all(|known| known.is_apart(&edit)) {
                edits[side].push(edit);
            }
        }
        Self { base, edits }
    }

    /// The base with these edits.
    fn with<'e>(&self, edits: impl Iterator<Item = &'e Edit>) -> Entry {
        let mut document = self.base.clone();
        for edit in edits {
            edit.apply(&mut document);
        }
        entry(&document)
    }

    fn side(&self, side: usize) -> Entry {
        self.with(self.edits[side].iter())
    }

    fn audit(&self, result: &Entry) -> Vec<Loss> {
        audit(Some(&entry(&self.base)), &self.side(0), &self.side(1), result)
    }

    fn shown(&self, result: &Entry, losses: &[Loss]) -> String {
        format!("{:#?}\n{losses:#?}\n{:#}\n{}", self.edits, self.base, canonical(result))
    }
}

/// A scene, an edit that its result lacks, and where that is to be told.
fn planted(entries: &[Value], rng: &mut Rng) -> (Scene, usize, Entry, String, Edit) {
    loop {
        let scene = Scene::new(entries, rng, true);
        let side = rng.below(2);
        let Some(lost) = scene.edits[side].iter().position(Edit::is_easily_lost) else { continue };
        let lost = scene.edits[side][lost].clone();
        let is_other = |edit: &&Edit| format!("{edit:?}") != format!("{lost:?}");
        // With too little left of a list nobody sees its order.
        let is_hidden = |edit: &Edit| match (&lost, edit) {
            (Edit::Move { list, .. }, Edit::RemoveItem { list: other, .. }) => list == other,
            (Edit::Move { .. }, edit) => edit.is_rename(),
            _ => false,
        };
        if scene.edits.iter().flatten().any(is_hidden) {
            continue;
        }
        // What each side has left the other has taken out: that is for somebody to decide.
        let [all, own] = [scene.with(scene.edits.iter().flatten()), scene.side(side)];
        let is_empty = |version: &Entry| {
            let version = document(version);
            let pointer = lost.taken_from(&version);
            pointer.is_some_and(|pointer| version.pointer(&pointer) == Some(&json!([])))
        };
        if is_empty(&all) && !is_empty(&own) {
            continue;
        }
        let result = scene.with(scene.edits.iter().flatten().filter(is_other));
        let pointer = lost.pointer(&document(&result)).expect("it is there");
        return (scene, side, result, pointer, lost);
    }
}

#[test]
fn each_planted_loss_of_a_removal_a_clearing_or_a_move_is_found() {
    let entries = entries();
    let mut rng = Rng::new(2024);
    let mut counts = std::collections::BTreeMap::new();
    for _ in 0..1000 {
        let (scene, side, result, pointer, lost) = planted(&entries, &mut rng);
        let losses = scene.audit(&result);
        let found: Vec<(usize, &str)> =
            losses.iter().map(|loss| (loss.side as usize / 2, loss.pointer.as_str())).collect();
        let wanted = (side, pointer.as_str());
        assert_eq!(found, [wanted], "{lost:?}\n{}", scene.shown(&result, &losses));
        *counts.entry(format!("{:?}", losses[0].deed)).or_insert(0) += 1;
    }
    println!("{counts:?}");
    assert_eq!(counts.into_keys().collect::<Vec<_>>(), ["Cleared", "Removed", "Reordered"]);
}

#[test]
fn a_merge_made_by_doing_all_edits_loses_nothing() {
    let entries = entries();
    let mut rng = Rng::new(7);
    for _ in 0..1000 {
        let scene = Scene::new(&entries, &mut rng, true);
        let turned = rng.below(2);
        let result = scene.with(scene.edits[turned].iter().chain(&scene.edits[1 - turned]));
        let losses = scene.audit(&result);
        assert_eq!(losses, [], "{}", scene.shown(&result, &losses));
    }
}

#[test]
fn a_merge_of_our_own_loses_nothing_whichever_side_is_chosen() {
    let entries = entries();
    let mut rng = Rng::new(11);
    let (mut clean, mut conflicts, mut failures) = (0, 0, 0);
    for _ in 0..500 {
        let mut scene = Scene::new(&entries, &mut rng, false);
        // Whether an item under another name is the same one, the merge has to say.
        for edits in &mut scene.edits {
            edits.retain(|edit| !edit.is_rename());
        }
        let Ok(merged) = merge(Some(&entry(&scene.base)), &scene.side(0), &scene.side(1)) else {
            failures += 1;
            continue;
        };
        if merged.conflicts.is_empty() {
            clean += 1;
        } else {
            conflicts += 1;
        }
        for side in [Side::Ours, Side::Theirs] {
            let result = merged.entry(side);
            let losses = scene.audit(&result);
            assert_eq!(losses, [], "{side:?}\n{}", scene.shown(&result, &losses));
        }
    }
    println!("{clean} without a conflict, {conflicts} with, {failures} failed verification");
    assert!(clean > 200 && conflicts > 20, "{clean} {conflicts} {failures}");
}

/// Merges with a planted loss, and good ones, in a real repository.
#[test]
fn planted_losses_are_found_in_a_repository() {
    const CASES: usize = 40;
    let own = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("entries");
    let entries: Vec<Value> = support::files_below(&own)
        .iter()
        .map(|path| serde_json::from_slice(&std::fs::read(path).expect("a file")).expect("JSON"))
        .collect();
    let mut rng = Rng::new(5);
    let mut versions: [Vec<String>; 4] = Default::default();
    let mut planted = Vec::new();
    for case in 0..CASES {
        let base = with_own_keys(rng.pick(&entries), &mut rng);
        let lost = loop {
            let edit = some_edit(&base, &mut rng, "stamp1q");
            if edit.is_easily_lost() {
                break edit;
            }
        };
        let other = loop {
            let edit = some_edit(&base, &mut rng, "stamp2q");
            if !edit.is_easily_lost() && edit.is_apart(&lost) {
                break edit;
            }
        };
        let with = |edits: &[&Edit]| {
            let mut document = base.clone();
            for edit in edits {
                edit.apply(&mut document);
            }
            document
        };
        let is_lost = case % 2 == 0;
        let result = if is_lost { with(&[&other]) } else { with(&[&other, &lost]) };
        if is_lost {
            let pointer = lost.pointer(&result).expect("it is there");
            planted.push(format!("entries/case/{case:02}.json ours {pointer}"));
        }
        for (version, document) in
            versions.iter_mut().zip([base.clone(), with(&[&lost]), with(&[&other]), result])
        {
            version.push(serde_json::to_string_pretty(&document).expect("JSON"));
        }
    }
    let base = support::Base::new();
    base.git(&["init", "--quiet"]);
    let write = |texts: &[String]| {
        for (case, text) in texts.iter().enumerate() {
            base.write(format!("entries/case/{case:02}.json"), text);
        }
    };
    let [old, ours, theirs, result] = &versions;
    write(old);
    base.commit("base");
    base.git(&["checkout", "--quiet", "-b", "topic"]);
    write(theirs);
    base.commit("theirs");
    base.git(&["checkout", "--quiet", "main"]);
    write(ours);
    base.commit("ours");
    base.git(&["merge", "--quiet", "--no-commit", "--strategy=ours", "topic"]);
    write(result);
    base.commit("a merge");
    let output = base.errlore(&["git", "audit", "--format", "json"]).output();
    let report: Value = serde_json::from_str(&output.stdout).expect("JSON");
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let losses = report["losses"].as_array().expect("a list").iter().map(|loss| {
        format!("{} {} {}", text(&loss["path"]), text(&loss["side"]), text(&loss["pointer"]))
    });
    assert_eq!(losses.collect::<Vec<_>>(), planted, "{}", output.stderr);
}

/// A rename of one side and a change of the other, brought together by hand.
#[test]
fn a_renamed_version_with_the_status_of_the_other_side_is_no_loss() {
    let with = |name: &str, status: &str| -> Entry {
        entry(&json!({"versions": [{"version": name, "status": status}]}))
    };
    let (base, ours) = (with("redis >=7.0", "active"), with("redis >=7.2", "active"));
    let theirs = with("redis >=7.0", "deprecated");
    let lost = |result: &Entry| audit(Some(&base), &ours, &theirs, result).len();
    assert_eq!(lost(&with("redis >=7.2", "deprecated")), 0);
    assert_ne!(lost(&with("redis >=7.2", "unknown")), 0);
}

/// Where one side emptied a list and the other one reordered it, whoever takes the list of one side has chosen.
#[test]
fn a_list_that_is_chosen_whole_is_no_loss() {
    let with = |actions: &[&str]| {
        let item =
            |action: &&str| json!({"action": action, "why_fails": "It stays.", "fail_rate": 0.8});
        let mut document: Value =
            serde_json::from_str(&support::entry("example/disk-full", &json!({}))).expect("JSON");
        document["dead_ends"] = actions.iter().map(item).collect();
        entry(&document)
    };
    let (base, moved, emptied) = (with(&["Wait", "Ask"]), with(&["Ask", "Wait"]), with(&[]));
    for result in [&moved, &emptied] {
        assert_eq!(audit(Some(&base), &moved, &emptied, result), []);
    }
    let lost = audit(Some(&base), &base, &emptied, &base);
    assert_eq!(lost.len(), 2, "nobody stood against it: {lost:#?}");
}
