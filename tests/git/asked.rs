//! How git is asked: where the entries are, whatever a user has configured, and with its failures told.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::json;

use crate::support::{Base, Output, entry};

/// A patch whose pattern does not find the message, which is an error.
fn broken() -> serde_json::Value {
    json!({"regex": "NOPE", "signature": "write failed: no space left on device"})
}

/// A base with entries of which `a/one` is linked to, committed.
fn base() -> Base {
    let base = Base::new();
    base.entry("a/one", &json!({}));
    base.entry("a/two", &link("a/one"));
    base.entry("b/three", &json!({}));
    base.git(&["init", "--quiet"]);
    base.commit("first");
    base
}

fn link(id: &str) -> serde_json::Value {
    let edge = json!({"error_id": id, "distinction": "Another volume."});
    json!({"transition_graph": {"frequently_confused_with": [edge]}})
}

/// Runs git in a folder beside the base; the run must succeed.
fn git(base: &Base, folder: &Path, arguments: &[&str]) -> String {
    let allowed = ["-c", "protocol.file.allow=always"];
    let output = base.git_run(&[&allowed, arguments].concat()).within(folder).output();
    assert_eq!(output.code, Some(0), "git {arguments:?}: {}", output.stderr);
    output.stdout
}

/// A new repository beside the base, with something in it.
fn other(base: &Base, name: &str) -> PathBuf {
    let folder = base.home().join(name);
    fs::create_dir_all(&folder).expect("a folder");
    git(base, &folder, &["init", "--quiet"]);
    git(base, &folder, &["commit", "--quiet", "--allow-empty", "--message", "other"]);
    folder
}

fn errlore(base: &Base, folder: &Path, arguments: &[&str]) -> Output {
    base.errlore(arguments).within(folder).output()
}

fn rules(output: &Output) -> Vec<String> {
    let rules =
        output.stdout.lines().filter_map(|line| Some(line.split_once('[')?.1.split_once(']')?.0));
    rules.map(str::to_owned).collect()
}

const SINCE: [&str; 4] = ["--since", "HEAD", "--format", "concise"];

#[test]
fn since_asks_the_repository_of_the_entries() {
    let base = base();
    base.entry("a/one", &broken());
    let elsewhere = other(&base, "other");
    for folder in [elsewhere, base.home(), base.root().join("entries/b")] {
        let place = base.root().to_string_lossy().into_owned();
        for command in ["check", "regex"] {
            let output = errlore(&base, &folder, &[&[command, &*place], &SINCE[..]].concat());
            let found = rules(&output);
            assert!(found.contains(&"regex-misses-signature".into()), "{command}: {found:?}");
            assert_eq!(output.code, Some(1), "{}", output.stderr);
        }
    }
}

#[test]
fn since_asks_a_submodule_itself() {
    let base = base();
    let whole = other(&base, "whole");
    let source = base.root().to_string_lossy().into_owned();
    git(&base, &whole, &["submodule", "--quiet", "add", &source, "kb"]);
    git(&base, &whole, &["commit", "--quiet", "--message", "with a knowledge base"]);
    fs::write(whole.join("kb/entries/a/one.json"), entry("a/one", &broken())).expect("a file");
    let output = errlore(&base, &whole, &[&["check", "kb"], &SINCE[..]].concat());
    assert!(rules(&output).contains(&"regex-misses-signature".into()), "{}", output.stdout);
    // As in a hook of the outer repository.
    let run = base.errlore(&[&["check", "kb"], &SINCE[..]].concat()).within(&whole);
    let run = run.env("GIT_DIR", whole.join(".git")).env("GIT_INDEX_FILE", ".git/index");
    assert_eq!(run.output().stdout, output.stdout);
    // The same where the hook goes to the submodule; git says which index it uses, and often nothing else.
    let inner = whole.join("kb");
    git(&base, &inner, &["add", "--all"]);
    let plain = errlore(&base, &inner, &[&["check"], &SINCE[..]].concat());
    assert!(rules(&plain).contains(&"regex-misses-signature".into()), "{}", plain.stderr);
    for index in [PathBuf::from(".git/index"), whole.join(".git/index")] {
        let run = base.errlore(&[&["check"], &SINCE[..]].concat()).within(&inner);
        let output = run.env("GIT_INDEX_FILE", &index).output();
        assert_eq!((output.code, &output.stdout), (Some(1), &plain.stdout), "{}", output.stderr);
        assert_eq!(output.stderr, plain.stderr, "{}", index.display());
    }

    // Entries that are a submodule on their own.
    let entries = other(&base, "only");
    fs::create_dir(entries.join("a")).expect("a folder");
    fs::write(entries.join("a/one.json"), entry("a/one", &json!({}))).expect("a file");
    git(&base, &entries, &["add", "--all"]);
    git(&base, &entries, &["commit", "--quiet", "--message", "entries"]);
    let outer = other(&base, "outer");
    fs::write(outer.join("errlore.toml"), "").expect("a file");
    let source = entries.to_string_lossy().into_owned();
    git(&base, &outer, &["submodule", "--quiet", "add", &source, "entries"]);
    git(&base, &outer, &["commit", "--quiet", "--message", "with entries"]);
    fs::write(outer.join("entries/a/one.json"), entry("a/one", &broken())).expect("a file");
    let output = errlore(&base, &outer, &[&["check"], &SINCE[..]].concat());
    assert_eq!(rules(&output), ["regex-misses-signature"], "{}", output.stderr);
    let output = errlore(&base, &outer, &["diff", "HEAD"]);
    assert!(output.stdout.starts_with("a/one: "), "{}", output.stderr);
    let output = errlore(&base, &outer, &["diff", "HEAD:a/one", "a/one"]);
    assert!(output.stdout.starts_with("a/one: "), "{}", output.stderr);
}

/// git sets `GIT_DIR` for a hook in a linked work tree, and no `GIT_WORK_TREE`.
#[cfg(unix)]
#[test]
fn a_hook_in_a_linked_work_tree_sees_what_one_in_the_main_sees() {
    use std::os::unix::fs::PermissionsExt;
    let base = Base::new();
    base.git(&["init", "--quiet"]);
    base.write("kb/errlore.toml", "");
    base.write("kb/entries/a/one.json", entry("a/one", &json!({})));
    base.commit("first");
    let script = "#!/bin/sh\ncd kb && errlore diff HEAD && errlore check --since HEAD --format concise >&2\nexit 1\n";
    let hook = base.write(".git/hooks/pre-commit", script);
    fs::set_permissions(base.root().join(hook), PermissionsExt::from_mode(0o755)).expect("a hook");
    let linked = base.home().join("linked");
    git(&base, base.root(), &["worktree", "add", "--quiet", &linked.to_string_lossy()]);
    let seen = [base.root(), &linked].map(|folder| {
        let text = entry("a/one", &json!({"confidence": 0.8}));
        fs::write(folder.join("kb/entries/a/one.json"), text).expect("a file");
        let output =
            base.git_run(&["commit", "--all", "--message", "more"]).within(folder).output();
        (output.stdout, output.stderr)
    });
    assert_eq!(seen[0], seen[1]);
    assert!(seen[0].1.contains("unbacked-confidence"), "{seen:?}");
    assert!(seen[0].1.contains("a/one: 1 change\n"), "{seen:?}");
}

#[test]
fn what_is_staged_and_differs_is_said() {
    let base = base();
    let good = base.read("entries/a/one.json");
    base.entry("a/one", &broken());
    base.git(&["add", "--all"]);
    let check = |base: &Base| base.errlore(&["check", "--since", "HEAD"]).output();
    assert_eq!(check(&base).stderr, "", "the work tree is what is staged");
    base.write("entries/a/one.json", good);
    let output = check(&base);
    assert_eq!(output.code, Some(0));
    assert!(output.stderr.contains("staged differs from the work tree"), "{}", output.stderr);
    assert!(output.stderr.ends_with(": entries/a/one.json\n"), "{}", output.stderr);
    // A removal alone is staged too.
    base.git(&["reset", "--quiet", "--hard"]);
    base.git(&["rm", "--quiet", "--cached", "entries/b/three.json"]);
    assert!(check(&base).stderr.ends_with(": entries/b/three.json\n"));
    // Without anything staged there is nothing to be confused with.
    base.git(&["reset", "--quiet", "--hard"]);
    base.entry("a/one", &broken());
    assert_eq!(check(&base).stderr, "");
}

#[test]
fn no_configuration_changes_an_answer() {
    let base = base();
    base.entry("b/three", &link("a/one"));
    base.entry("c/four", &link("a/nowhere"));
    base.git(&["rm", "--quiet", "entries/a/two.json"]);
    base.write("entries/[x]*.json", entry("x", &json!({})));
    let answers = || {
        let runs = [
            &["diff", "HEAD"][..],
            &["check", "--since", "HEAD"],
            &["diff", "HEAD:a/one", "b/three"],
        ];
        runs.map(|arguments| {
            let run = base.errlore(arguments).env("GIT_ICASE_PATHSPECS", "1");
            let output = run.env("LANGUAGE", "de").env("GIT_TRACE", "1").output();
            (output.code, output.stdout, output.stderr)
        })
    };
    let before = answers();
    assert!(before[0].1.contains("a/nowhere"), "{before:?}");
    for (key, value) in [
        ("submodule.recurse", "true"),
        ("core.quotePath", "true"),
        ("diff.renames", "copies"),
        ("diff.noprefix", "true"),
        ("diff.mnemonicPrefix", "true"),
        ("diff.relative", "true"),
        ("diff.orderFile", "no-such-file"),
        ("diff.autoRefreshIndex", "false"),
        ("diff.external", "false"),
        ("grep.patternType", "perl"),
        ("grep.lineNumber", "true"),
        ("grep.fullName", "true"),
        ("color.ui", "always"),
        ("color.grep", "always"),
        ("status.branch", "true"),
        ("status.showUntrackedFiles", "no"),
        ("core.fsmonitor", "no-such-hook"),
        ("i18n.logOutputEncoding", "GBK"),
        ("core.excludesFile", "~/ignored"),
    ] {
        base.git(&["config", "--global", key, value]);
    }
    fs::write(base.home().join("ignored"), "*.json\n").expect("a file");
    assert_eq!(answers(), before);
}

#[test]
fn what_a_sparse_checkout_leaves_out_is_there() {
    let base = base();
    base.entry("a/one", &broken());
    base.entry("b/three", &link("a/two"));
    base.commit("second");
    let whole = base.errlore(&["diff", "HEAD~1"]).output().stdout;
    base.git(&["sparse-checkout", "set", "entries/b"]);
    assert!(!base.root().join("entries/a").exists());
    let sparse = base.errlore(&["diff", "HEAD~1"]).output();
    assert_eq!((sparse.stdout, sparse.stderr), (whole, String::new()));
    // What is left out is looked up, and not looked at, unless it has changed.
    let check =
        |more: &[&str]| rules(&base.errlore(&["check", "--format", "concise"]).args(more).output());
    assert_eq!(check(&[]), [""; 0]);
    assert!(check(&["--since", "HEAD~1"]).contains(&"regex-misses-signature".into()));
    let of_b = check(&["--since", "HEAD~1", "entries/b"]);
    assert!(!of_b.contains(&"regex-misses-signature".into()), "{of_b:?}");
    assert_eq!(base.errlore(&["diff", "HEAD~1:a/two", "a/two"]).output().code, Some(0));
    // A link to none is one.
    base.entry("b/three", &link("a/nowhere"));
    assert_eq!(check(&[]), ["unknown-reference"]);
    assert!(!base.root().join("entries/a").exists());
}

#[test]
fn an_id_at_a_revision_is_found_from_any_folder() {
    let base = Base::new();
    base.write("kb/errlore.toml", "");
    base.write("kb/entries/redis/x.json", entry("redis/x", &json!({})));
    base.write("kb/entries/redis/elsewhere.json", entry("redis/moved", &json!({})));
    base.git(&["init", "--quiet"]);
    base.commit("first");
    base.write("kb/entries/redis/x.json", entry("redis/x", &json!({"confidence": 0.8})));
    base.commit("second");
    for folder in ["kb", "kb/entries", "kb/entries/redis"] {
        let folder = base.root().join(folder);
        let output = errlore(&base, &folder, &["diff", "HEAD~1:redis/x", "redis/x"]);
        assert!(output.stdout.contains("~ confidence"), "{folder:?}: {}", output.stderr);
        let output = errlore(&base, &folder, &["diff", "HEAD~1:redis/moved", "redis/moved"]);
        assert_eq!((output.code, output.stdout), (Some(0), String::new()), "{}", output.stderr);
        let output = errlore(&base, &folder, &["diff", "HEAD:redis/none", "redis/x"]);
        assert_eq!(output.code, Some(3), "{}", output.stderr);
    }
    base.write("kb/entries/redis/another.json", entry("redis/moved", &json!({})));
    base.commit("one id in two files");
    let folder = base.root().join("kb");
    let output = errlore(&base, &folder, &["diff", "HEAD:redis/moved", "redis/x"]);
    assert_eq!(output.code, Some(2));
    let said = "several files hold `redis/moved`: HEAD:kb/entries/redis/another.json, \
                HEAD:kb/entries/redis/elsewhere.json";
    assert!(output.stderr.contains(said), "{}", output.stderr);
}

#[test]
fn git_says_itself_why_it_failed() {
    let base = base();
    for arguments in
        [&["diff", "HEAD"][..], &["diff", "HEAD:a/one", "a/two"], &["check", "--since", "HEAD"]]
    {
        let run = base.errlore(arguments).env("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1");
        let output = run.output();
        assert_eq!(output.code, Some(2), "{arguments:?}");
        assert!(output.stderr.contains("dubious ownership"), "{arguments:?}: {}", output.stderr);
        assert!(output.stderr.contains("safe.directory"), "{arguments:?}: {}", output.stderr);
        assert!(!output.stderr.contains("fetched"), "{arguments:?}: {}", output.stderr);
    }
    let run = base.errlore(&["git", "install"]).env("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1");
    let output = run.output();
    assert!(output.stderr.contains("safe.directory"), "{}", output.stderr);
    // What asks git nothing does not mind.
    let run = base.errlore(&["check"]).env("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1");
    assert_eq!(run.output().stderr, "");
}

#[test]
fn a_shallow_clone_is_said_to_be_one() {
    let base = base();
    base.git(&["branch", "topic"]);
    base.git(&["commit", "--quiet", "--allow-empty", "--message", "ours"]);
    base.git(&["checkout", "--quiet", "topic"]);
    base.git(&["commit", "--quiet", "--allow-empty", "--message", "theirs"]);
    let clone = base.home().join("clone");
    let source = format!("file://{}", base.root().to_string_lossy());
    let clone_name = clone.to_string_lossy().into_owned();
    git(
        &base,
        &base.home(),
        &["clone", "--quiet", "--depth=1", "--no-single-branch", &source, &clone_name],
    );
    for range in ["origin/main...origin/topic", "HEAD~1"] {
        let output = errlore(&base, &clone, &["diff", range]);
        assert_eq!(output.code, Some(2), "{range}");
        assert!(output.stderr.contains("git fetch --unshallow"), "{range}: {}", output.stderr);
    }
    let output = errlore(&base, &clone, &["check", "--since", "origin/main"]);
    assert!(output.stderr.contains("no commit in common"), "{}", output.stderr);
}

#[test]
fn what_a_partial_clone_lacks_is_said() {
    let base = base();
    base.git(&["config", "uploadpack.allowFilter", "true"]);
    base.entry("a/one", &json!({"confidence": 0.8}));
    base.commit("second");
    let clone = base.home().join("clone");
    let source = format!("file://{}", base.root().to_string_lossy());
    let clone_name = clone.to_string_lossy().into_owned();
    git(&base, &base.home(), &["clone", "--quiet", "--filter=blob:none", &source, &clone_name]);
    fs::rename(base.root().join(".git"), base.root().join("away")).expect("a folder");
    for arguments in [
        &["diff", "HEAD~1"][..],
        &["diff", "HEAD~1:a/one", "a/one"],
        &["check", "--since", "HEAD~1"],
    ] {
        let output = errlore(&base, &clone, arguments);
        assert_eq!((output.code, &*output.stdout), (Some(2), ""), "{arguments:?}");
        assert!(output.stderr.contains("could not fetch"), "{arguments:?}: {}", output.stderr);
        assert!(output.stderr.contains("partial clone"), "{arguments:?}: {}", output.stderr);
    }
    // Entries that are not checked out would have to be fetched one by one.
    fs::rename(base.root().join("away"), base.root().join(".git")).expect("a folder");
    let sparse = base.home().join("sparse");
    let name = sparse.to_string_lossy().into_owned();
    git(
        &base,
        &base.home(),
        &["clone", "--quiet", "--filter=blob:none", "--sparse", &source, &name],
    );
    git(&base, &sparse, &["sparse-checkout", "set", "entries/b"]);
    let output = errlore(&base, &sparse, &["check"]);
    assert_eq!((output.code, &*output.stdout), (Some(2), ""));
    assert!(output.stderr.contains("not checked out"), "{}", output.stderr);
}

#[test]
fn what_cannot_be_read_is_not_told_as_gone() {
    let base = base();
    base.write("entries/a/one.json", "{\"id\": ");
    base.entry("b/three", &json!({"confidence": 0.8}));
    let output = base.errlore(&["diff", "HEAD"]).output();
    assert_eq!(output.code, Some(2));
    assert!(output.stdout.starts_with("b/three: 1 change\n"), "{}", output.stdout);
    assert!(!output.stdout.contains("a/one"), "{}", output.stdout);
    assert!(
        output.stderr.contains("the new version of entries/a/one.json is no entry"),
        "{}",
        output.stderr
    );
}

#[cfg(unix)]
#[test]
fn a_link_in_the_place_of_an_entry_is_not_told_as_its_removal() {
    let base = base();
    fs::remove_file(base.root().join("entries/a/one.json")).expect("a file");
    let link = base.root().join("entries/a/one.json");
    std::os::unix::fs::symlink("two.json", link).expect("a link");
    std::os::unix::fs::symlink("two.json", base.root().join("entries/a/new.json")).expect("a link");
    let said = "the new version of entries/a/one.json is no ordinary file";
    let diff = |range: &str| base.errlore(&["diff", range]).output();
    let output = diff("HEAD");
    assert_eq!((output.code, &*output.stdout), (Some(2), ""), "{}", output.stderr);
    assert!(output.stderr.contains(said), "{}", output.stderr);
    base.commit("a link");
    let output = diff("HEAD~1..HEAD");
    assert_eq!((output.code, &*output.stdout), (Some(2), ""), "{}", output.stderr);
    assert!(output.stderr.contains(said), "{}", output.stderr);
}

#[test]
fn a_version_before_that_is_no_entry_is_said() {
    let base = base();
    let good = base.read("entries/a/one.json");
    base.write("entries/a/one.json", "{");
    base.commit("broken");
    base.write("entries/a/one.json", good);
    let output = base.errlore(&["check", "--since", "HEAD"]).output();
    let said = "entries/a/one.json: the version before is no entry, so what changed in it is not looked at\n";
    assert_eq!(output.stderr, said);
}

#[cfg(unix)]
#[test]
fn a_link_in_the_place_of_an_entry_says_nothing_of_the_version_before() {
    let base = base();
    let link = base.root().join("entries/a/one.json");
    fs::remove_file(&link).expect("a file");
    std::os::unix::fs::symlink("two.json", link).expect("a link");
    let output = errlore(&base, base.root(), &[&["check"], &SINCE[..]].concat());
    assert!(rules(&output).contains(&"unread-file".into()), "{}", output.stdout);
    assert_eq!(output.stderr, "");
}

#[test]
fn a_branch_without_a_commit_is_held_against_the_revision_itself() {
    let base = base();
    base.git(&["branch", "first"]);
    base.git(&["checkout", "--quiet", "--orphan", "new"]);
    base.entry("a/one", &broken());
    let arguments = ["check", "--since", "first", "--format", "concise"];
    let output = errlore(&base, base.root(), &arguments);
    assert!(rules(&output).contains(&"regex-misses-signature".into()), "{}", output.stderr);
    assert!(output.stderr.contains("no commit in common"), "{}", output.stderr);
}

#[test]
fn a_repository_without_a_work_tree_is_asked_too() {
    let base = base();
    base.entry("a/one", &json!({"confidence": 0.8}));
    base.git(&["rm", "--quiet", "entries/b/three.json"]);
    base.commit("second");
    let mirror = base.home().join("bare.git");
    let name = mirror.to_string_lossy().into_owned();
    git(&base, base.root(), &["clone", "--quiet", "--bare", ".", &name]);
    let output = errlore(&base, &mirror, &["diff", "HEAD~1..HEAD"]);
    assert_eq!((output.code, &*output.stderr), (Some(0), ""));
    assert!(output.stdout.contains("a/one: 1 change\n"), "{}", output.stdout);
    assert!(output.stdout.contains("b/three: removed\n"), "{}", output.stdout);
    let output = errlore(&base, &mirror, &["diff", "HEAD~1:a/one", "HEAD:a/one"]);
    assert!(output.stdout.contains("~ confidence"), "{}{}", output.stdout, output.stderr);
    let output = errlore(&base, &mirror, &["diff", "HEAD~1:a/one", "HEAD:a/none"]);
    assert_eq!(output.code, Some(3), "{}", output.stderr);
}

/// A hook that goes to the knowledge base takes the variables of git along.
#[test]
fn variables_that_lead_nowhere_are_no_hindrance() {
    let base = base();
    base.entry("a/one", &json!({"confidence": 0.8}));
    let folder = base.root().join("entries");
    let run = || base.errlore(&["diff", "HEAD"]).within(&folder);
    let plain = run().output();
    assert!(plain.stdout.contains("a/one: 1 change\n"), "{}", plain.stderr);
    let git_dir = base.root().join(".git");
    for (name, value) in [
        ("GIT_DIR", std::path::Path::new(".git")),
        ("GIT_DIR", std::path::Path::new("../.git")),
        ("GIT_DIR", &git_dir),
        ("GIT_INDEX_FILE", std::path::Path::new(".git/index")),
    ] {
        let output = run().env(name, value).output();
        assert_eq!((output.stdout, output.stderr), (plain.stdout.clone(), String::new()), "{name}");
    }
    let output = run().env("GIT_DIR", "../.git").env("GIT_WORK_TREE", "..").output();
    assert_eq!((output.stdout, output.stderr), (plain.stdout.clone(), String::new()));
    // A repository that is somewhere else than its work tree.
    base.write("errlore.toml", "");
    let away = base.home().join("away.git");
    fs::rename(&git_dir, &away).expect("a folder");
    let output = run().env("GIT_DIR", "../../away.git").env("GIT_WORK_TREE", "..").output();
    assert_eq!((output.stdout, output.stderr), (plain.stdout, String::new()));
}

#[test]
fn one_id_in_two_files_is_said() {
    let base = base();
    // The copy comes first, and the entry in its place changes.
    base.write("entries/a/0.json", entry("a/one", &json!({"confidence": 0.5})));
    base.entry("a/one", &json!({"confidence": 0.8}));
    let output = base.errlore(&["diff", "HEAD"]).output();
    assert!(output.stdout.contains("a/one: added"), "{}", output.stdout);
    assert!(output.stdout.contains("-> 0.8"), "{}", output.stdout);
    let said = "`a/one` is in several files: entries/a/0.json, entries/a/one.json\n";
    assert_eq!(output.stderr, said);
    base.commit("a copy");
    // One of them goes, and the other is as it was.
    fs::remove_file(base.root().join("entries/a/0.json")).expect("a file");
    let output = base.errlore(&["diff", "HEAD"]).output();
    assert_eq!(output.stderr, "`a/one` is still in entries/a/one.json\n", "{}", output.stdout);
    // Both change: each is held against itself.
    base.git(&["checkout", "--quiet", "."]);
    base.write("entries/a/0.json", entry("a/one", &json!({"confidence": 0.6})));
    base.entry("a/one", &json!({"confidence": 0.9}));
    let output = base.errlore(&["diff", "HEAD"]).output();
    for change in ["0.5 -> 0.6", "0.8 -> 0.9"] {
        assert!(output.stdout.contains(change), "{}", output.stdout);
    }
}
