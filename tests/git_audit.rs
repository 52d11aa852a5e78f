//! `git audit`: what merges that were made without a driver, or by a careless hand, have lost.

mod support;

use serde_json::{Value, json};
use support::{Base, Output};

const PATH: &str = "entries/disk/full.json";

fn edit(base: &Base, edit: impl FnOnce(&mut Value)) {
    let mut value: Value = serde_json::from_str(&base.read(PATH)).expect("JSON");
    edit(&mut value);
    base.write(PATH, serde_json::to_string_pretty(&value).expect("JSON"));
}

/// Two branches that differ: ours has another confidence and a new workaround, theirs another cause and a tag.
fn branches() -> Base {
    let base = Base::new();
    base.git(&["init", "--quiet"]);
    base.entry(
        "disk/full",
        &json!({"confidence": 0.2, "root_cause": "The disk is full.", "tags": []}),
    );
    base.commit("base");
    base.git(&["checkout", "--quiet", "-b", "topic"]);
    edit(&base, |entry| {
        entry["root_cause"] = json!("The disk is full, or the quota is.");
        entry["tags"] = json!(["disk"]);
    });
    base.commit("theirs");
    base.git(&["checkout", "--quiet", "main"]);
    edit(&base, |entry| entry["confidence"] = json!(0.3));
    base.commit("ours");
    base
}

/// Merges the branches with a result of one's own.
fn merge(base: &Base, result: &str) {
    base.git(&["merge", "--quiet", "--no-commit", "--strategy=ours", "topic"]);
    base.write(PATH, result);
    base.commit("a merge");
}

fn audit(base: &Base) -> (Output, Vec<String>) {
    let output = base.errlore(&["git", "audit", "--format", "json"]).output();
    let losses: Value = serde_json::from_str(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", output.stderr));
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let list = losses.as_array().expect("a list").iter();
    let list =
        list.map(|loss| format!("{} {}", text(&loss["side"]), text(&loss["field"]))).collect();
    (output, list)
}

fn both() -> impl Fn(&mut Value) {
    |entry: &mut Value| {
        entry["root_cause"] = json!("The disk is full, or the quota is.");
        entry["tags"] = json!(["disk"]);
        entry["confidence"] = json!(0.3);
    }
}

#[test]
fn a_merge_that_has_all_loses_nothing() {
    let base = branches();
    edit(&base, both());
    let result = base.read(PATH);
    base.git(&["checkout", "--quiet", PATH]);
    merge(&base, &result);
    let (output, losses) = audit(&base);
    assert_eq!((output.code, losses), (Some(0), Vec::new()), "{}", output.stdout);
}

#[test]
fn what_a_merge_dropped_is_listed() {
    let base = branches();
    // As `git checkout --ours` leaves it.
    let ours = base.read(PATH);
    merge(&base, &ours);
    let (output, losses) = audit(&base);
    assert_eq!(losses, ["theirs root_cause", "theirs tags"], "{}", output.stdout);
    assert_eq!(output.code, Some(1));
    let output = base.errlore(&["git", "audit"]).output();
    let text = output.stdout;
    assert!(text.contains(" a merge\n  entries/disk/full.json: theirs lost: `root_cause` has not what theirs made of it\n"), "{text}");
    assert!(text.ends_with("1 merge: 2 edits are lost\n"), "{text}");
    // Before that merge there was none.
    let output = base.errlore(&["git", "audit", "HEAD~1"]).output();
    assert_eq!(
        (output.code, output.stdout.as_str()),
        (Some(0), "0 merges: no edit of either side is lost\n")
    );
}

#[test]
fn a_choice_in_a_conflict_is_no_loss() {
    let base = branches();
    base.git(&["checkout", "--quiet", "topic"]);
    edit(&base, |entry| entry["confidence"] = json!(0.1));
    base.commit("another number");
    base.git(&["checkout", "--quiet", "main"]);
    let mut results = Vec::new();
    for confidence in [0.1, 0.3, 0.25] {
        edit(&base, |entry| {
            both()(entry);
            entry["confidence"] = json!(confidence);
        });
        results.push(base.read(PATH));
        base.git(&["checkout", "--quiet", PATH]);
    }
    for (result, expected) in
        results.iter().zip([&[][..], &[], &["ours confidence", "theirs confidence"]])
    {
        merge(&base, result);
        let (output, losses) = audit(&base);
        assert_eq!(losses, expected, "{}", output.stdout);
        base.git(&["reset", "--quiet", "--hard", "HEAD~1"]);
    }
}

#[test]
fn a_file_that_went_missing_is_listed() {
    let base = branches();
    base.git(&["checkout", "--quiet", "topic"]);
    base.entry("disk/quota", &json!({"signature": "the quota is used up"}));
    base.commit("a new entry");
    base.git(&["checkout", "--quiet", "main"]);
    base.git(&["merge", "--quiet", "--no-edit", "--strategy=ours", "topic"]);
    let output = base.errlore(&["git", "audit"]).output();
    assert!(
        output
            .stdout
            .contains("entries/disk/quota.json: theirs lost: added, and not in the result\n"),
        "{}",
        output.stdout
    );
}

#[test]
fn a_range_that_is_none_is_told() {
    let base = branches();
    let output = base.errlore(&["git", "audit", "nowhere..main"]).output();
    assert_eq!(output.code, Some(2));
    assert!(output.stderr.contains("a range is a revision such as"), "{}", output.stderr);
}
