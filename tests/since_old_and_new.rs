//! `check --since`: what a change brings is told from what stood there before.

use serde_json::{Value, json};
use support::{Base, Output};

mod support;

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
    let mut value = json!({"regex": "no such words", "evidence_count": 1});
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
    let renamed = json!({"aliases": ["example/old-fault"], "signature": "the reel is gone"});
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
