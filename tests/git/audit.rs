//! `git audit`: what merges that were made without a driver, or by a careless hand, have lost.

use serde_json::{Value, json};

use crate::support::{Base, Output};

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
    let report: Value = serde_json::from_str(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", output.stderr));
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let list = report["losses"].as_array().expect("a list").iter();
    let list =
        list.map(|loss| format!("{} {}", text(&loss["side"]), text(&loss["pointer"]))).collect();
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
    assert_eq!(losses, ["theirs /root_cause", "theirs /tags/0"], "{}", output.stdout);
    assert_eq!(output.code, Some(1));
    let output = base.errlore(&["git", "audit"]).output();
    let text = output.stdout;
    assert!(text.contains(" a merge\n  entries/disk/full.json: theirs lost: disk/full /root_cause: changed `The disk is full.` to \
         `The disk is full, or the quota is.`, and `The disk is full.` in the result\n"), "{text}");
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
        results.iter().zip([&[][..], &[], &["ours /confidence", "theirs /confidence"]])
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
        output.stdout.contains(
            "entries/disk/quota.json: theirs lost: disk/quota: added, and not in the result\n"
        ),
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
        assert_eq!(losses, ["theirs /root_cause"], "{cause}: {}", output.stdout);
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
        [(merged.to_string(), &[][..]), (ours, &["theirs /root_cause", "theirs /tags/0"])]
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
    assert_eq!(losses, ["theirs /confidence"], "{}", output.stdout);
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
    let wanted = "entries/disk/full.json: theirs lost: disk/full: the result is no entry: ";
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
        let expected: &[&str] = if is_kept { &[] } else { &["theirs /confidence"] };
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
    assert_eq!(losses, ["theirs /root_cause", "theirs /tags/0"], "{}", output.stdout);
    let output = base.errlore(&["diff", "HEAD"]).output();
    assert!(output.stdout.starts_with("disk/full: removed\n"), "{}", output.stdout);
}

/// What ours did is undone by a merge that takes theirs, and each of it is listed.
#[test]
fn what_was_taken_out_cleared_or_moved_is_listed() {
    let base = Base::new();
    base.git(&["init", "--quiet"]);
    let step = |action: &str, how: &str| {
        json!({
            "action": action, "success_rate": 0.8, "how": how, "condition": "as root",
            "sources": ["https://example.com/a", "https://example.com/b"],
        })
    };
    base.entry(
        "disk/full",
        &json!({
            "versions": [{"version": "linux 6.1", "status": "active", "removed": "6.8", "x-k": 1}],
            "workarounds": [
                step("Add a disk", "Plug it in."), step("Delete old logs", "rm -r /var/log/old"),
                step("Move the cache", "mv /cache /mnt"),
            ],
            "transition_graph": {"leads_to": [
                {"error_id": "disk/quota", "probability": 0.2, "condition": "after a while"},
            ]},
            "signature_zh": "磁盘已满",
        }),
    );
    base.commit("base");
    base.git(&["checkout", "--quiet", "-b", "topic"]);
    edit(&base, |entry| entry["confidence"] = json!(0.5));
    base.commit("theirs");
    let theirs = base.read(PATH);
    base.git(&["checkout", "--quiet", "main"]);
    edit(&base, |entry| {
        entry["versions"][0]["removed"] = json!(null);
        entry["versions"][0].as_object_mut().expect("a version").remove("x-k");
        let steps = entry["workarounds"].as_array_mut().expect("a list");
        steps[0]["how"] = json!("");
        steps[1]["condition"] = json!("");
        steps[2]["sources"] = json!(["https://example.com/b"]);
        steps.swap(0, 1);
        entry["transition_graph"]["leads_to"][0]["condition"] = json!("");
        entry["signature_zh"] = json!(null);
    });
    base.commit("ours");
    merge(&base, &theirs);
    let (output, losses) = audit(&base);
    assert_eq!(
        losses,
        [
            "ours /signature_zh",
            "ours /transition_graph/leads_to/0/condition",
            "ours /versions/0/removed",
            "ours /versions/0/x-k",
            "ours /workarounds/0/how",
            "ours /workarounds/1/condition",
            "ours /workarounds/2/sources/0",
            "ours /workarounds",
        ]
    );
    assert_eq!(output.code, Some(1));
    let text = base.errlore(&["git", "audit"]).output().stdout;
    for line in [
        "disk/full /versions/0/x-k (`linux 6.1`): removed `1`, and still in the result\n",
        "disk/full /workarounds/0/how (`Add a disk`): cleared `Plug it in.`, and `Plug it in.` in the result\n",
        "disk/full /workarounds: reordered, and in another order in the result\n",
    ] {
        let line = format!("  {PATH}: ours lost: {line}");
        assert!(text.contains(&line), "{line}{text}");
    }
}

/// The branches merged with a loss, and a clone of them below the home folder.
fn clone(options: &[&str]) -> (Base, std::path::PathBuf) {
    let base = branches();
    let ours = base.read(PATH);
    merge(&base, &ours);
    base.git(&["config", "uploadpack.allowFilter", "true"]);
    let (from, to) = (format!("file://{}", base.root().display()), base.home().join("clone"));
    let ends = [from.as_str(), to.to_str().expect("a path")];
    base.git(&[&["clone", "--quiet"], options, &ends].concat());
    (base, to)
}

#[test]
fn a_shallow_clone_is_told_and_not_audited() {
    for depth in ["1", "2", "3"] {
        let (base, clone) = clone(&["--depth", depth]);
        if depth == "3" {
            base.git_run(&["fetch", "--quiet", "--unshallow"]).within(&clone).output();
        }
        let output = base.errlore(&["git", "audit"]).within(&clone).output();
        if depth == "3" {
            assert!(output.stdout.ends_with("1 merge: 2 edits are lost\n"), "{output:?}");
            continue;
        }
        assert_eq!((output.code, output.stdout.as_str()), (Some(2), ""), "{depth}");
        assert!(output.stderr.contains("this clone is shallow"), "{}", output.stderr);
        assert!(output.stderr.contains("`git fetch --unshallow`"), "{}", output.stderr);
    }
}

#[test]
fn what_a_partial_clone_lacks_is_told() {
    let (base, clone) = clone(&["--filter=blob:none"]);
    let run = |arguments: &[&str]| base.git_run(arguments).within(&clone).output();
    let origin = run(&["remote", "get-url", "origin"]).stdout;
    run(&["remote", "set-url", "origin", "file:///nowhere"]);
    let output = base.errlore(&["git", "audit"]).within(&clone).output();
    assert_eq!((output.code, output.stdout.as_str()), (Some(2), ""), "{}", output.stderr);
    assert!(output.stderr.contains("this clone is partial"), "{}", output.stderr);
    assert!(output.stderr.contains("`git fetch --refetch --no-filter`"), "{}", output.stderr);
    run(&["remote", "set-url", "origin", origin.trim()]);
    run(&["fetch", "--quiet", "--refetch", "--no-filter"]);
    run(&["remote", "set-url", "origin", "file:///nowhere"]);
    let output = base.errlore(&["git", "audit"]).within(&clone).output();
    assert!(output.stdout.ends_with("1 merge: 2 edits are lost\n"), "{output:?}");
}

/// A commit that is not there is a failure, and no merge without a base.
#[test]
fn a_missing_commit_is_a_failure() {
    let base = branches();
    let ours = base.read(PATH);
    merge(&base, &ours);
    let commit = base.git(&["rev-parse", "HEAD~2"]).trim().to_owned();
    let object = base.root().join(".git/objects").join(&commit[..2]).join(&commit[2..]);
    std::fs::remove_file(object).expect("a loose object");
    let output = base.errlore(&["git", "audit"]).output();
    assert_eq!((output.code, output.stdout.as_str()), (Some(2), ""), "{}", output.stderr);
    assert!(output.stderr.starts_with("error: git "), "{}", output.stderr);
}

/// Histories that have nothing in common, and names of objects that are longer.
#[test]
fn unrelated_histories_are_merged_from_nothing() {
    for format in ["sha1", "sha256"] {
        let base = Base::new();
        base.git(&["init", "--quiet", "--object-format", format]);
        base.entry("disk/full", &json!({"confidence": 0.2}));
        base.commit("ours");
        base.git(&["checkout", "--quiet", "--orphan", "topic"]);
        base.entry("disk/full", &json!({"confidence": 0.2, "signature_zh": "磁盘已满"}));
        base.entry("disk/quota", &json!({"signature": "the quota is used up"}));
        base.commit("theirs");
        base.git(&["checkout", "--quiet", "main"]);
        let unrelated = "--allow-unrelated-histories";
        base.git(&["merge", "--quiet", "--no-edit", "--strategy=ours", unrelated, "topic"]);
        let (output, losses) = audit(&base);
        assert_eq!(losses, ["theirs /signature_zh", "theirs "], "{}", output.stderr);
        assert_eq!(output.code, Some(1));
    }
}

#[test]
fn a_driver_that_is_not_set_up_is_told() {
    let base = branches();
    let said = |base: &Base| base.errlore(&["git", "audit"]).output().stderr;
    assert_eq!(said(&base), "");
    base.write(".gitattributes", "entries/**/*.json merge=errlore\n");
    let note = said(&base);
    assert!(note.contains("`errlore git install`") && note.lines().count() == 1, "{note}");
    base.git(&["config", "merge.errlore.driver", "errlore git merge %O %A %B"]);
    assert_eq!(said(&base), "");
}

#[test]
fn what_is_too_large_is_told_and_no_loss() {
    let base = branches();
    base.git(&["checkout", "--quiet", "topic"]);
    edit(&base, |entry| entry["x-much"] = json!("x".repeat(20_000)));
    base.commit("much");
    base.git(&["checkout", "--quiet", "main"]);
    let ours = base.read(PATH);
    merge(&base, &ours);
    base.write("errlore.toml", "max-file-size = 10000\n");
    let (output, losses) = audit(&base);
    assert_eq!((output.code, losses), (Some(0), Vec::new()));
    assert!(output.stderr.contains("larger than `max-file-size`"), "{}", output.stderr);
    let report: Value = serde_json::from_str(&output.stdout).expect("JSON");
    let [unseen] = &report["not_looked_at"].as_array().expect("a list")[..] else {
        panic!("{}", output.stdout)
    };
    assert_eq!(unseen["commit"], base.git(&["rev-parse", "HEAD"]).trim_end());
    assert_eq!([&unseen["path"], &unseen["why"]], [PATH, "larger than `max-file-size`"]);
    // Nor is a merge of three sides.
    for branch in ["a", "b"] {
        base.git(&["checkout", "--quiet", "-b", branch, "main"]);
        base.write(branch, branch);
        base.commit(branch);
    }
    base.git(&["checkout", "--quiet", "main"]);
    base.write("c", "c");
    base.commit("c");
    base.git(&["merge", "--quiet", "--no-edit", "a", "b"]);
    base.write("errlore.toml", "max-file-size = 10000\n");
    let text = base.errlore(&["git", "audit"]).output().stdout;
    let wanted = "1 merge: no edit of either side is lost; not looked at: 1 merge and 1 file\n";
    assert_eq!(text, wanted);
}

/// What becomes of a whole entry that both sides made something of.
/// What a side does.
type Step<'s> = &'s dyn Fn(&Base);

#[test]
fn an_entry_that_both_sides_changed_is_looked_for() {
    const OTHER: &str = "entries/disk/other.json";
    const NEW: &str = "entries/disk/new.json";
    let changed = |base: &Base, path: &str, changes: &[(&str, Value)]| {
        let mut value: Value = serde_json::from_str(&base.read(path)).expect("JSON");
        for (key, new) in changes {
            value[*key] = new.clone();
        }
        base.write(path, serde_json::to_string_pretty(&value).expect("JSON"));
    };
    let remove = |base: &Base, path: &str| {
        base.git(&["rm", "--quiet", "--force", path]);
    };
    let take = |base: &Base, from: &str| {
        base.git(&["checkout", "--quiet", from, "--", OTHER]);
    };
    let enter = |base: &Base, patch: &Value| {
        base.entry("disk/new", patch);
    };
    let add = |base: &Base| enter(base, &json!({}));
    let edit = |base: &Base| {
        changed(base, OTHER, &[("confidence", json!(0.9)), ("tags", json!(["disk"]))]);
    };
    let cases: [(&str, Step<'_>, Step<'_>, Step<'_>, &[&str]); 8] = [
        (
            "both removed, and there",
            &|base| remove(base, OTHER),
            &|base| remove(base, OTHER),
            &|base| take(base, "base"),
            &["ours ", "theirs "],
        ),
        ("both added, and gone", &add, &add, &|base| remove(base, NEW), &["ours ", "theirs "]),
        (
            "both added otherwise, and gone",
            &add,
            &|base| enter(base, &json!({"confidence": 0.1})),
            &|base| remove(base, NEW),
            &["ours ", "theirs "],
        ),
        (
            "removed; changed; the base",
            &|base| remove(base, OTHER),
            &edit,
            &|base| take(base, "base"),
            &["ours ", "theirs /confidence", "theirs /tags/0"],
        ),
        (
            "removed; changed; one of the changes",
            &|base| remove(base, OTHER),
            &edit,
            &|base| {
                take(base, "base");
                changed(base, OTHER, &[("confidence", json!(0.9))]);
            },
            &["theirs /tags/0"],
        ),
        (
            "removed; changed; the changes",
            &|base| remove(base, OTHER),
            &edit,
            &|base| take(base, "topic"),
            &[],
        ),
        (
            "added by one, with less in the result",
            &|_| {},
            &|base| enter(base, &json!({"tags": ["disk"], "confidence": 0.1})),
            &|base| enter(base, &json!({"tags": [], "confidence": 0.1})),
            &["theirs /tags/0"],
        ),
        (
            "both removed, and gone",
            &|base| remove(base, OTHER),
            &|base| remove(base, OTHER),
            &|_| {},
            &[],
        ),
    ];
    let base = branches();
    base.git(&["checkout", "--quiet", "main"]);
    base.entry("disk/other", &json!({"confidence": 0.2, "tags": []}));
    base.commit("another");
    base.git(&["tag", "base"]);
    for (what, ours, theirs, result, wanted) in cases {
        for (branch, step) in [("topic", theirs), ("main", ours)] {
            base.git(&["checkout", "--quiet", "-B", branch, "base"]);
            step(&base);
            base.write(branch, what);
            base.commit(branch);
        }
        base.git(&["merge", "--quiet", "--no-commit", "--strategy=ours", "topic"]);
        result(&base);
        base.commit("a merge");
        let (output, losses) = audit(&base);
        assert_eq!(losses, wanted, "{what}: {}", output.stdout);
        assert_eq!(output.code, Some(i32::from(!wanted.is_empty())), "{what}");
    }
}
