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
    loses_nothing(both());
}

/// A merge whose result is what an edit makes of ours, which nobody can complain of.
#[track_caller]
fn loses_nothing(result: impl Fn(&mut Value)) {
    let base = branches();
    edit(&base, result);
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

/// Words that were put in are not found in those that stood there before.
#[test]
fn words_that_were_said_again_are_missed() {
    let base = branches();
    base.git(&["checkout", "--quiet", "topic"]);
    edit(&base, |entry| entry["root_cause"] = json!("The disk is full. The disk is full."));
    base.commit("again");
    base.git(&["checkout", "--quiet", "main"]);
    for cause in ["The disk is full.", "Today: The disk is full."] {
        edit(&base, |entry| {
            entry["tags"] = json!(["disk"]);
            entry["root_cause"] = json!(cause);
        });
        let result = base.read(PATH);
        base.git(&["checkout", "--quiet", PATH]);
        edit(&base, |entry| entry["root_cause"] = json!(cause));
        base.git(&["add", "--all"]);
        base.git(&["commit", "--quiet", "--allow-empty", "--message", "ours"]);
        merge(&base, &result);
        let (output, losses) = audit(&base);
        assert_eq!(losses, ["theirs root_cause"], "{cause}: {}", output.stdout);
        base.git(&["reset", "--quiet", "--hard", "HEAD~1"]);
    }
}

/// Ours has moved the entry to another file.
fn renamed() -> (Base, &'static str) {
    const NEW: &str = "entries/disk/moved.json";
    let base = branches();
    base.git(&["mv", PATH, NEW]);
    base.commit("moved");
    (base, NEW)
}

#[test]
fn an_entry_is_followed_to_its_new_file() {
    let (base, new) = renamed();
    let ours = base.read(new);
    let mut merged: Value = serde_json::from_str(&ours).expect("JSON");
    both()(&mut merged);
    for (result, expected) in
        [(merged.to_string(), &[][..]), (ours, &["theirs root_cause", "theirs tags"])]
    {
        base.git(&["merge", "--quiet", "--no-commit", "--strategy=ours", "topic"]);
        base.write(new, result);
        base.commit("a merge");
        let (output, losses) = audit(&base);
        assert_eq!(losses, expected, "{}", output.stdout);
        assert!(losses.is_empty() || output.stdout.contains(new), "{}", output.stdout);
        base.git(&["reset", "--quiet", "--hard", "HEAD~1"]);
    }
    // The other way round, and with the result under the old name.
    base.git(&["checkout", "--quiet", "topic"]);
    let theirs = base.read(PATH);
    merge_of(&base, "main", PATH, &theirs);
    let (output, losses) = audit(&base);
    assert_eq!(losses, ["theirs confidence"], "{}", output.stdout);
}

/// Merges a branch, with a result of one's own for a file.
fn merge_of(base: &Base, branch: &str, path: &str, result: &str) {
    base.git(&["merge", "--quiet", "--no-commit", "--strategy=ours", branch]);
    base.write(path, result);
    base.commit("a merge");
}

#[test]
fn markers_that_were_left_are_listed() {
    let base = branches();
    merge(&base, &format!("<<<<<<< ours\n{}", base.read(PATH)));
    let output = base.errlore(&["git", "audit"]).output();
    assert_eq!(output.code, Some(1), "{}", output.stderr);
    let wanted = "entries/disk/full.json: theirs lost: the result is no entry: ";
    assert!(output.stdout.contains(wanted), "{}", output.stdout);
}

#[test]
fn what_neither_side_made_is_no_loss() {
    loses_nothing(|entry| {
        both()(entry);
        entry["signature_zh"] = json!("磁盘已满");
    });
}

/// Branches that were merged both ways have two bases; an edit counts from what these came to.
#[test]
fn an_edit_counts_from_all_bases() {
    for is_kept in [true, false] {
        let base = branches();
        edit(&base, both());
        let merged = base.read(PATH);
        base.git(&["checkout", "--quiet", PATH]);
        merge(&base, &merged);
        base.git(&["checkout", "--quiet", "topic"]);
        merge_of(&base, "main^1", PATH, &merged);
        // Theirs takes back what came from ours, and ours changes something else.
        edit(&base, |entry| entry["confidence"] = json!(0.2));
        base.commit("back");
        base.git(&["checkout", "--quiet", "main"]);
        edit(&base, |entry| entry["signature_zh"] = json!("磁盘已满"));
        base.commit("else");
        edit(&base, |entry| entry["confidence"] = json!(if is_kept { 0.2 } else { 0.3 }));
        let result = base.read(PATH);
        base.git(&["checkout", "--quiet", PATH]);
        merge(&base, &result);
        let (output, losses) = audit(&base);
        let expected: &[&str] = if is_kept { &[] } else { &["theirs confidence"] };
        assert_eq!(losses, expected, "{}", output.stdout);
    }
}

/// Also where there is no folder of entries any more, and in a repository without a work tree.
#[test]
fn the_history_is_asked_and_not_the_work_tree() {
    let base = branches();
    let ours = base.read(PATH);
    merge(&base, &ours);
    let clone = base.home().join("bare.git");
    base.git(&["clone", "--quiet", "--bare", ".", &clone.to_string_lossy()]);
    let output = base.errlore(&["git", "audit"]).within(clone).output();
    assert!(output.stdout.ends_with("1 merge: 2 edits are lost\n"), "{}", output.stdout);
    base.git(&["rm", "--quiet", "-r", "entries"]);
    let (output, losses) = audit(&base);
    assert_eq!(losses, ["theirs root_cause", "theirs tags"], "{}", output.stdout);
    let output = base.errlore(&["diff", "HEAD"]).output();
    assert!(output.stdout.starts_with("disk/full: removed\n"), "{}", output.stdout);
}
