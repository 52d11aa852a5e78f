//! `check --since`: what a change brings is told from what stood there before.

use serde_json::{Value, json};

use crate::support::{self, Base, Output};

/// A knowledge base with one commit: an entry whose pattern misses its message, and a sound one.
fn base() -> Base {
    let base = Base::new();
    base.git(&["init", "--quiet", "--initial-branch", "main"]);
    base.entry("example/old-fault", &faulty(&json!({})));
    base.entry("example/sound", &json!({}));
    base.commit("before");
    base
}

fn faulty(patch: &Value) -> Value {
    let mut value = json!({
        "signature": "spoold: the reel is gone", "regex": "no such words", "evidence_count": 1,
    });
    errlore::rule::merge_patch(&mut value, patch);
    value
}

fn since(base: &Base, more: &[&str]) -> Output {
    base.errlore(&["check", "--since", "HEAD", "--format", "json"]).args(more).output()
}

/// The rules and entries of what is reported, and how many findings were left out.
fn found(output: &Output) -> (Vec<String>, u64) {
    let report: Value = serde_json::from_str(&output.stdout).expect("JSON");
    let name = |found: &Value| format!("{} {}", found["rule"], found["entry"]).replace('"', "");
    let old = report["summary"]["old"].as_u64().expect("a count");
    (output.findings().iter().map(name).collect(), old)
}

const OLD: &str = "regex-misses-signature example/old-fault";

#[test]
fn a_fault_that_stood_there_before_fails_nothing() {
    let base = base();
    base.entry("example/old-fault", &faulty(&json!({"evidence_count": 2})));
    let output = since(&base, &[]);
    assert_eq!((output.code, found(&output)), (Some(0), (Vec::new(), 1)), "{}", output.stderr);
    let all = since(&base, &["--all"]);
    assert_eq!((all.code, found(&all)), (Some(1), (vec![OLD.to_owned()], 0)));
    let text = base.errlore(&["check", "--since", "HEAD"]).output();
    assert_eq!(text.stdout, "no findings in 1 file, 1 from before left out\n");
}

#[test]
fn a_fault_that_the_change_brings_is_told_beside_an_old_one() {
    let base = base();
    base.entry("example/old-fault", &faulty(&json!({"confidence": 0.1, "domain": "another"})));
    base.entry("example/sound", &json!({"regex": "no such words either"}));
    let output = since(&base, &[]);
    let wanted = ["id-domain-mismatch example/old-fault", "regex-misses-signature example/sound"];
    assert_eq!((output.code, found(&output)), (Some(1), (wanted.map(str::to_owned).into(), 1)));
}

#[test]
fn places_are_known_by_what_they_are() {
    let workaround = |action: &str, how: &str| json!({"action": action, "success_rate": 0.9, "how": how, "condition": "", "sources": []});
    let base = base();
    let (one, two) = (workaround("Stop the reel", "TODO"), workaround("Oil the gear", "By hand"));
    base.entry("example/sound", &json!({"workarounds": [one, two]}));
    base.commit("a placeholder");
    // The other way round, and in another layout.
    let id = "example/sound";
    let text = support::entry(id, &json!({"workarounds": [two, one]}));
    base.write(format!("entries/{id}.json"), text.replace("  ", "    "));
    let output = since(&base, &[]);
    assert_eq!(found(&output), (vec![format!("not-canonical {id}")], 1), "{}", output.stdout);
    // The same fault in another workaround is another one, whatever else is mended.
    let (one, two) = (workaround("Stop the reel", "By hand"), workaround("Oil the gear", "TODO"));
    base.entry(id, &json!({"workarounds": [one, two]}));
    let output = since(&base, &[]);
    assert_eq!(found(&output), (vec![format!("placeholder-text {id}")], 0), "{}", output.stdout);
}

#[test]
fn one_more_missing_key_is_a_new_fault() {
    let base = base();
    let without = |keys: &[&str]| {
        let mut value: Value =
            serde_json::from_str(&support::entry("example/sound", &json!({}))).expect("JSON");
        for key in keys {
            value.as_object_mut().expect("an object").remove(*key);
        }
        base.write("entries/example/sound.json", value.to_string());
    };
    without(&["category"]);
    base.commit("a key is missing");
    without(&["category"]);
    base.entry("example/old-fault", &faulty(&json!({"evidence_count": 3})));
    assert_eq!(since(&base, &[]).code, Some(0));
    without(&["category", "root_cause"]);
    let output = since(&base, &[]);
    assert_eq!(output.code, Some(1), "{}", output.stdout);
    assert!(output.stdout.contains("root_cause"), "{}", output.stdout);
}

#[test]
fn an_entry_is_known_by_its_former_id() {
    let base = base();
    base.git(&["mv", "entries/example/old-fault.json", "entries/example/new-name.json"]);
    let renamed = json!({"aliases": ["example/old-fault"]});
    base.entry("example/new-name", &faulty(&renamed));
    let output = since(&base, &[]);
    assert_eq!((output.code, found(&output)), (Some(0), (Vec::new(), 1)), "{}", output.stdout);
}

#[test]
fn a_link_that_loses_its_target_is_new_in_a_file_that_did_not_change() {
    let base = base();
    let link = json!([{"error_id": "example/sound", "distinction": "There the gear is whole."}]);
    let graph = json!({"leads_to": [], "preceded_by": [], "frequently_confused_with": link});
    base.entry("example/linked", &json!({"transition_graph": graph}));
    base.commit("a link");
    base.git(&["rm", "--quiet", "entries/example/sound.json"]);
    let (rules, old) = found(&since(&base, &[]));
    assert!(rules.contains(&"unknown-reference example/linked".to_owned()), "{rules:?}");
    assert_eq!(old, 0);
}

#[test]
fn of_duplicates_the_new_pair_is_told() {
    let twin = |id: &str| {
        let entry = json!({
            "signature": "spoold: cannot rename spool.lock: text file busy",
            "regex": "cannot rename \\S+\\.lock: text file busy",
            "root_cause": "Another spooler still holds the lock file open while it is renamed.",
            "workarounds": [{"action": "Stop the other spooler", "success_rate": 0.9,
                "how": "systemctl stop spoold", "condition": "", "sources": []}],
        });
        (id.to_owned(), entry)
    };
    let base = base();
    for (id, entry) in [twin("spool/busy-lock"), twin("spool/lock-in-use")] {
        base.entry(&id, &entry);
    }
    base.commit("an error entered twice");
    let (id, mut entry) = twin("spool/lock-in-use");
    entry["evidence_count"] = json!(2);
    base.entry(&id, &entry);
    let (rules, _) = found(&since(&base, &[]));
    assert!(!rules.iter().any(|rule| rule.starts_with("duplicate-entry")), "{rules:?}");
    let (id, entry) = twin("spool/rename-fails");
    base.entry(&id, &entry);
    let (rules, _) = found(&since(&base, &[]));
    assert!(rules.contains(&format!("duplicate-entry {id}")), "{rules:?}");
}

/// The findings about ids that are gone, as `path: message`, each with the entries that may be the same.
fn removed_ids(base: &Base) -> Vec<String> {
    let found = since(base, &[]).findings();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let of = |found: &Value| {
        let heirs = found["related"].as_array().into_iter().flatten();
        let told = format!("{}: {}", text(&found["path"]), text(&found["message"]));
        heirs.fold(told, |told, heir| told + " " + &text(&heir["path"]))
    };
    found.iter().filter(|found| found["rule"] == "removed-id").map(of).collect()
}

#[test]
fn an_id_that_vanishes_is_told_where_it_stood() {
    let base = base();
    base.git(&["rm", "--quiet", "entries/example/sound.json"]);
    let gone =
        "entries/example/sound.json: `example/sound` was the id of an entry, and leads nowhere now";
    assert_eq!(removed_ids(&base), [gone]);
    assert_eq!(since(&base, &[]).code, Some(1));
    let text = base.errlore(&["check", "--since", "HEAD"]).output().stdout;
    assert!(text.contains("2 |   \"id\": \"example/sound\","), "{text}");
    // Whoever has its message is likely to be it.
    let message = "write failed: no space left on device of example sound";
    base.entry("example/heir", &json!({"signature": message, "regex": "device of example"}));
    assert_eq!(removed_ids(&base), [format!("{gone} entries/example/heir.json")]);
    base.entry(
        "example/heir",
        &json!({"signature": message, "regex": "device of example", "aliases": ["example/sound"]}),
    );
    assert_eq!(removed_ids(&base), [""; 0]);
    base.commit("renamed");
    // A former id is one that others may hold, too.
    base.entry("example/heir", &json!({"signature": message, "regex": "device of example"}));
    let dropped =
        "entries/example/heir.json: `example/sound` was the id of an entry, and leads nowhere now";
    assert_eq!(removed_ids(&base), [dropped]);
    base.write(
        "errlore.toml",
        "[[ignore]]\nrule = 'removed-id'\nentry = 'example/heir'\nreason = 'never released'\n",
    );
    assert_eq!(removed_ids(&base), [""; 0]);
    // Nor is that idle where there is no older version.
    let rules = base.check().findings();
    assert!(rules.iter().all(|found| found["rule"] != "unused-ignore"), "{rules:?}");
}

/// No alias could hold it, and no link could lead to it.
#[test]
fn what_was_no_id_is_not_missed() {
    let base = base();
    let wrong = base.read("entries/example/sound.json").replace("\"example/sound\"", "\"sound\"");
    base.write("entries/example/sound.json", &wrong);
    base.commit("an id without a domain");
    base.write("entries/example/sound.json", wrong.replace("\"sound\"", "\"example/sound\""));
    assert_eq!(since(&base, &[]).code, Some(0));
    base.git(&["rm", "--quiet", "--force", "entries/example/sound.json"]);
    assert_eq!(removed_ids(&base), [""; 0]);
}

#[test]
fn an_id_that_is_another_in_the_same_file_is_told() {
    let base = base();
    let text = base.read("entries/example/sound.json").replace("example/sound", "example/other");
    base.write("entries/example/sound.json", text);
    let gone =
        "entries/example/sound.json: `example/sound` was the id of an entry, and leads nowhere now";
    assert_eq!(removed_ids(&base), [gone]);
}

/// A hook as it is shipped, for a repository that has the program at hand.
fn shipped_hook(id: &str) -> String {
    let all = include_str!("../../.pre-commit-hooks.yaml");
    let start = all.find(&format!("- id: {id}\n")).expect("a hook");
    let rest = &all[start..];
    let end = rest[1..].find("\n- ").map_or(rest.len(), |end| end + 1);
    let hook = rest[..end].replace("language: rust", "language: system").replace('\n', "\n      ");
    format!("repos:\n  - repo: local\n    hooks:\n      {hook}\n")
}

/// A repository in which the real pre-commit runs a hook that is shipped; nothing where it is not installed. The
/// variable `PRE_COMMIT` names the program, where it is not on the path.
fn with_hook(id: &str) -> Option<Base> {
    let base = Base::new();
    base.git(&["init", "--quiet", "--initial-branch", "main"]);
    base.write(".pre-commit-config.yaml", shipped_hook(id));
    let program = std::env::var("PRE_COMMIT").unwrap_or_else(|_| "pre-commit".to_owned());
    // By git, which finds programs where the tests look for them.
    let run =
        |what: &str| base.git_run(&["-c", &format!("alias.x=!'{program}' {what}"), "x"]).output();
    if run("--version").code != Some(0) {
        support::skipped("pre-commit is not installed");
        return None;
    }
    let shipped = concat!(env!("CARGO_MANIFEST_DIR"), "/.pre-commit-hooks.yaml");
    for what in [&format!("validate-manifest '{shipped}'"), "install"] {
        let output = run(what);
        assert_eq!(output.code, Some(0), "{what}: {}{}", output.stdout, output.stderr);
    }
    Some(base)
}

/// Tries to commit all that is there: whether the hook let it pass, and what it said.
fn try_commit(base: &Base) -> (bool, String) {
    base.git(&["add", "--all"]);
    try_commit_staged(base)
}

/// The same of what is staged.
fn try_commit_staged(base: &Base) -> (bool, String) {
    let output = base.git_run(&["commit", "--message", "a change"]).output();
    (output.code == Some(0), output.stdout + &output.stderr)
}

#[test]
fn the_shipped_hook_sees_what_a_commit_removes() {
    let Some(base) = with_hook("errlore") else { return };
    let link = json!([{"error_id": "example/sound", "distinction": "There the gear is whole."}]);
    let graph = json!({"leads_to": [], "preceded_by": [], "frequently_confused_with": link});
    // The first commit is checked whole.
    base.entry("example/linked", &json!({"transition_graph": graph}));
    let (passed, said) = try_commit(&base);
    assert!(!passed && said.contains("unknown-reference"), "{said}");
    base.entry("example/sound", &json!({}));
    let (passed, said) = try_commit(&base);
    assert!(passed, "{said}");
    // An edit elsewhere.
    base.entry("example/another", &json!({}));
    assert!(try_commit(&base).0);
    // What is deleted is named to no hook.
    base.git(&["rm", "--quiet", "entries/example/sound.json"]);
    let (passed, said) = try_commit(&base);
    assert!(!passed && said.contains("unknown-reference") && said.contains("removed-id"), "{said}");
    base.git(&["reset", "--quiet", "--hard"]);
    // Nor is the old name of what is renamed.
    base.git(&["mv", "entries/example/sound.json", "entries/example/well.json"]);
    let text = base.read("entries/example/well.json").replace("example/sound", "example/well");
    base.write("entries/example/well.json", text);
    let (passed, said) = try_commit(&base);
    assert!(!passed && said.contains("unknown-reference"), "{said}");
}

#[test]
fn each_shipped_hook_looks_at_what_the_commit_will_hold() {
    let bad = support::placeholder();
    for (id, refused) in [
        ("errlore", "placeholder-text"),
        ("errlore-all", "placeholder-text"),
        ("errlore-validate", "schema-violation"),
    ] {
        let Some(base) = with_hook(id) else { return };
        let broken = |path: &str| match id {
            "errlore-validate" => {
                let text =
                    base.read(path).replace("\"evidence_count\": 0", "\"evidence_count\": \"0\"");
                base.write(path, text);
            }
            _ => _ = base.entry("example/half", &bad),
        };
        // Before there is any entry, and the first of them.
        let (passed, said) = try_commit(&base);
        assert!(passed, "{id}: {said}");
        base.entry("example/sound", &json!({}));
        let (passed, said) = try_commit(&base);
        assert!(passed, "{id}: {said}");
        // What is not tracked is in no commit, whether git ignores it or not.
        base.entry("example/half", &json!({}));
        broken("entries/example/half.json");
        base.write("notes.txt", "more");
        base.git(&["add", "notes.txt"]);
        let (passed, said) = try_commit_staged(&base);
        assert!(passed, "{id}: {said}");
        let (passed, said) = try_commit(&base);
        assert!(!passed && said.contains(refused), "{id}: {said}");
        // Staged bad, and mended in the work tree alone; then the other way round.
        base.entry("example/half", &json!({}));
        let (passed, said) = try_commit_staged(&base);
        assert!(!passed && said.contains(refused), "{id}: {said}");
        base.git(&["add", "--all"]);
        broken("entries/example/half.json");
        let (passed, said) = try_commit_staged(&base);
        assert!(passed, "{id}: {said}");
    }
}

#[test]
fn what_only_an_untracked_entry_answers_for_is_missing_in_the_commit() {
    let base = Base::new();
    base.git(&["init", "--quiet", "--initial-branch", "main"]);
    let link = json!([{"error_id": "example/draft", "distinction": "There the gear is whole."}]);
    let graph = json!({"leads_to": [], "preceded_by": [], "frequently_confused_with": link});
    base.entry("example/linked", &json!({"transition_graph": graph}));
    base.git(&["add", "--all"]);
    base.entry("example/draft", &support::placeholder());
    for ignored in ["", "draft.json\n"] {
        base.write(".git/info/exclude", ignored);
        for since in [&[][..], &["--since", "HEAD"]] {
            let check = |more: &[&str]| {
                let output = base.errlore(&["check", "--format", "json"]).args(since).args(more);
                let findings = output.output().findings();
                let of = |rule: &str| findings.iter().any(|found| found["rule"] == rule);
                (of("unknown-reference"), of("placeholder-text"))
            };
            assert_eq!(check(&["--tracked"]), (true, false), "{since:?}");
            let is_looked_at = since.is_empty() || ignored.is_empty();
            assert_eq!(check(&[]), (false, is_looked_at), "{since:?}");
        }
    }
}

#[test]
fn another_wrong_value_is_another_fault() {
    let base = base();
    let (id, file) = ("example/old-fault", "entries/example/old-fault.json");
    let output = |patch: Value| {
        base.entry(id, &faulty(&patch));
        since(&base, &[])
    };
    for patch in [
        json!({"regex": "no such words any more"}),
        json!({"signature": "spoold: the reel is on fire"}),
        json!({"aliases": ["example/other"], "regex": "other words"}),
    ] {
        let output = output(patch.clone());
        assert_eq!(found(&output), (vec![OLD.to_owned()], 0), "{patch}");
    }
    // What is hidden in a text beside what was hidden there.
    base.entry(id, &json!({"root_cause": "The gear\u{200b} is broken."}));
    base.commit("hidden");
    base.entry(id, &json!({"root_cause": "The gear\u{200b} is broken.\u{e0041}\u{e0042}"}));
    assert_eq!(since(&base, &[]).code, Some(1));
    // A file that is no JSON.
    base.write(file, "{\"id\": nope}");
    base.commit("broken");
    base.write(file, "{\"id\": nope} and more");
    assert_eq!(since(&base, &[]).code, Some(1));
}

#[test]
fn what_was_there_before_is_asked_of_files_that_were_not_named_too() {
    let base = base();
    let copy = |id: &str, count: u32| {
        json!({
            "id": id, "signature": "spoold: cannot rename spool.lock: text file busy",
            "regex": "cannot rename \\S+\\.lock: text file busy",
            "root_cause": "Another spooler still holds the lock file open while it is renamed.",
            "workarounds": [{"action": "Stop the other spooler", "success_rate": 0.9,
                "how": "systemctl stop spoold", "condition": "", "sources": []}],
            "evidence_count": count,
        })
    };
    base.entry("example/second", &copy("example/second", 1));
    base.commit("a second");
    base.entry("example/sound", &copy("example/sound", 1));
    base.entry("example/second", &copy("example/second", 2));
    let output = since(&base, &["entries/example/second.json"]);
    let (rules, _) = found(&output);
    assert_eq!(rules, ["duplicate-entry example/second"], "{}", output.stderr);
}

#[test]
fn what_is_handed_over_is_held_against_the_file() {
    let base = base();
    let file = "entries/example/sound.json";
    let text = base.read(file);
    let run = |input: &str| {
        let arguments =
            ["check", "-", "--stdin-filename", file, "--since", "HEAD", "--format", "json"];
        base.errlore(&arguments).input(input).output()
    };
    assert_eq!((run(&text).code, found(&run(&text)).0), (Some(0), Vec::new()));
    let broken = support::entry("example/sound", &json!({"regex": "no such words"}));
    let wanted = vec!["regex-misses-signature example/sound".to_owned()];
    assert_eq!((run(&broken).code, found(&run(&broken)).0), (Some(1), wanted));
    assert_eq!(run("{").code, Some(1));
}

#[test]
fn a_named_file_that_is_gone_is_looked_at_as_it_was() {
    let base = base();
    let file = "entries/example/sound.json";
    base.git(&["rm", "--quiet", file]);
    let output = since(&base, &[file]);
    assert_eq!(found(&output).0, ["removed-id example/sound"], "{}", output.stderr);
    for command in ["check", "validate", "regex", "fmt"] {
        let never = [command, "entries/example/never-there.json", "--since", "HEAD"];
        assert_eq!(base.errlore(&never).output().code, Some(2), "{command}");
    }
}

#[test]
fn a_file_that_cannot_be_read_breaks_no_link_to_it() {
    let base = base();
    let link = json!([{"error_id": "example/sound", "distinction": "There the gear is whole."}]);
    let graph = json!({"leads_to": [], "preceded_by": [], "frequently_confused_with": link});
    base.entry("example/linked", &json!({"transition_graph": graph}));
    base.commit("a link");
    base.write("entries/example/sound.json", "{");
    assert_eq!(found(&since(&base, &[])).0, ["invalid-json null"]);
}

#[test]
fn each_shipped_hook_sees_every_file_of_a_knowledge_base_in_a_folder() {
    for (id, name) in [
        ("errlore", "one.json"),
        ("errlore-all", "one.json"),
        ("errlore-validate", "one.json"),
        ("errlore-validate", "other.JSON"),
    ] {
        let base = Base::new();
        std::fs::remove_dir(base.root().join("entries")).expect("it is empty");
        base.git(&["init", "--quiet"]);
        base.write("docs/kb/entries/a/one.json", support::entry("a/one", &json!({})));
        base.commit("first");
        base.write(format!("docs/kb/entries/a/{name}"), "{");
        base.git(&["add", "--all"]);
        let hook = shipped_hook(id);
        assert!(hook.contains("always_run: true") && !hook.contains("files: ^"), "{hook}");
        let command = hook.split_once("entry: errlore ").and_then(|(_, rest)| rest.lines().next());
        let arguments: Vec<&str> = command.expect("a command").split(' ').collect();
        let output = base.errlore(&arguments).output();
        assert_eq!(output.code, Some(1), "{id} {name}: {}{}", output.stdout, output.stderr);
    }
}
