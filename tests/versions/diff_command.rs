//! `diff`: versions of an entry, and of a knowledge base in a real repository.

use errlore::canonical::canonical;
use errlore::entry::Entry;
use serde_json::{Value, json};

use crate::support::{Base, Output, entry};

/// A base in git with two entries.
fn base() -> Base {
    let base = Base::new();
    base.git(&["init", "--quiet"]);
    base.entry("disk/full", &json!({
        "signature": "write failed: no space left on device",
        "regex": "no space left",
        "root_cause": "The disk that holds the file is full, and nothing can be written to it.",
        "root_cause_zh": "存放文件的磁盘已满，无法写入。",
        "confidence": 0.8,
        "workarounds": [workaround("Delete what is not needed", 0.85), workaround("Move the files to a larger disk", 0.7)],
    }));
    base.entry("disk/quota", &json!({
        "signature": "write failed: disk quota exceeded",
        "regex": "quota exceeded",
        "transition_graph": {"leads_to": [{"error_id": "disk/full", "probability": 0.5, "condition": ""}]},
    }));
    base.commit("two entries");
    base
}

fn workaround(action: &str, rate: f64) -> Value {
    json!({"action": action, "success_rate": rate, "how": format!("How to {action}."), "condition": "", "sources": []})
}

/// Edits an entry of the work tree.
fn edit(base: &Base, id: &str, edit: impl FnOnce(&mut Value)) {
    let path = format!("entries/{id}.json");
    let mut value: Value = serde_json::from_str(&base.read(&path)).expect("JSON");
    edit(&mut value);
    base.write(&path, serde_json::to_string(&value).expect("JSON"));
}

fn json_of(output: &Output) -> Value {
    serde_json::from_str(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}{}", output.stdout, output.stderr))
}

fn kinds(entry: &Value) -> Vec<String> {
    let changes = entry["changes"].as_array().expect("a list");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    changes.iter().map(|change| text(&change["kind"]) + " " + &text(&change["pointer"])).collect()
}

/// What is staged, and in a merge the base and the sides.
#[test]
fn a_side_may_be_in_the_index() {
    let base = base();
    for (branch, confidence) in [("topic", 0.6), ("main", 0.7)] {
        base.git(&["checkout", "--quiet", "-B", branch, "HEAD"]);
        edit(&base, "disk/full", |entry| entry["confidence"] = json!(confidence));
        base.git(&["add", "--all"]);
        edit(&base, "disk/full", |entry| entry["confidence"] = json!(0.1));
        for staged in [":disk/full", ":0:entries/disk/full.json", ":./entries/disk/full.json"] {
            let output = base.errlore(&["diff", staged, "disk/full"]).output();
            let wanted = format!("confidence: {confidence} -> 0.1, ");
            assert!(
                output.stdout.contains(&wanted),
                "{staged}: {}{}",
                output.stdout,
                output.stderr
            );
        }
        base.git(&["checkout", "--quiet", "entries"]);
        base.commit(branch);
        if branch == "topic" {
            base.git(&["checkout", "--quiet", "--detach", "HEAD~1"]);
        }
    }
    assert_eq!(base.git_run(&["merge", "topic"]).output().code, Some(1));
    let output = base.errlore(&["diff", ":2:disk/full", ":3:disk/full"]).output();
    assert!(output.stdout.contains("confidence: 0.7 -> 0.6, "), "{}", output.stderr);
}

#[test]
fn how_it_is_written_is_no_change() {
    let base = base();
    // Other blanks, other order of keys.
    edit(&base, "disk/full", |_| {});
    assert_ne!(base.git(&["diff", "--stat"]), "");
    for arguments in [&["HEAD"][..], &["HEAD:disk/full", "disk/full"]] {
        let output = base.errlore(&["diff", "--exit-code"]).args(arguments).output();
        assert_eq!((output.code, output.stdout.as_str()), (Some(0), ""), "{}", output.stderr);
    }
}

#[test]
fn each_side_may_be_named_in_any_way() {
    let base = base();
    edit(&base, "disk/full", |entry| entry["confidence"] = json!(0.7));
    base.commit("less sure");
    let page = base.errlore(&["render", "disk/full"]).output().stdout;
    base.write("page.md", page);
    let old =
        ["HEAD~1:disk/full", "HEAD~1:entries/disk/full.json", "HEAD^:./entries/disk/full.json"];
    let new = ["disk/full", "entries/disk/full.json", "HEAD:disk/full", "page.md"];
    for old in old {
        for new in new {
            let output = base.errlore(&["diff", "--format", "json", old, new]).output();
            assert_eq!(
                kinds(&json_of(&output)),
                ["changed /confidence"],
                "{old} {new} {}",
                output.stderr
            );
        }
    }
    let text = base.read("entries/disk/full.json");
    let output =
        base.errlore(&["diff", "--format", "json", "HEAD~1:disk/full", "-"]).input(text).output();
    assert_eq!(kinds(&json_of(&output)), ["changed /confidence"]);
}

#[test]
fn a_patch_gives_the_new_version_byte_for_byte() {
    let base = base();
    edit(&base, "disk/full", |entry| {
        entry["workarounds"]
            .as_array_mut()
            .expect("a list")
            .insert(0, workaround("Add a disk", 0.9));
        entry["tags"] = json!(["disk", "写入"]);
    });
    let output =
        base.errlore(&["diff", "--format", "json-patch", "HEAD:disk/full", "disk/full"]).output();
    let patch: json_patch::Patch = serde_json::from_value(json_of(&output)).expect("a patch");
    let mut document: Value =
        serde_json::from_str(&base.git(&["show", "HEAD:entries/disk/full.json"])).expect("JSON");
    json_patch::patch(&mut document, &patch).expect("a patch that fits");
    let read = |text: &str| -> Entry { serde_json::from_str(text).expect("an entry") };
    assert_eq!(
        canonical(&read(&document.to_string())),
        canonical(&read(&base.read("entries/disk/full.json")))
    );
}

#[test]
fn what_became_of_entries_is_told() {
    let base = base();
    base.entry(
        "net/refused",
        &json!({"signature": "dial tcp: connection refused", "regex": "connection refused"}),
    );
    base.entry(
        "disk/slow",
        &json!({"signature": "the disk is slow today", "regex": "disk is slow"}),
    );
    base.commit("two more");
    base.git(&["mv", "entries/net/refused.json", "entries/net/connection-refused.json"]);
    edit(&base, "net/connection-refused", |entry| entry["id"] = json!("net/connection-refused"));
    base.git(&["rm", "--quiet", "entries/disk/full.json", "entries/disk/slow.json"]);
    edit(&base, "disk/quota", |entry| entry["aliases"] = json!(["disk/slow"]));
    base.entry("disk/new", &json!({"signature": "the disk is brand new", "regex": "brand new"}));
    let output = base.errlore(&["diff", "--format", "json", "HEAD"]).output();
    let entries = json_of(&output)["entries"].as_array().expect("a list").clone();
    let fates: Vec<String> = entries
        .iter()
        .map(|entry| {
            let text = |key: &str| entry[key].as_str().unwrap_or_default();
            format!("{} {}{}{}", text("id"), text("fate"), text("old_id"), text("into"))
        })
        .collect();
    assert_eq!(
        fates,
        [
            "disk/full removed",
            "disk/new added",
            "disk/quota changed",
            "disk/slow mergeddisk/quota",
            "net/connection-refused renamednet/refused",
        ]
    );
    assert_eq!(entries[0]["facts"][0]["message"], "linked to from disk/quota");
    let output = base.errlore(&["diff", "--format", "markdown", "HEAD"]).output();
    assert!(
        output.stdout.contains("| <code>disk/slow</code> | merged into disk/quota | "),
        "{}",
        output.stdout
    );
    // Ranges of commits.
    let output = base.errlore(&["diff", "HEAD~1..HEAD"]).output();
    assert!(output.stdout.starts_with("disk/slow: added\n"), "{}", output.stdout);
    let output = base.errlore(&["diff", "HEAD...HEAD~1"]).output();
    assert_eq!(output.stdout, "");
}

/// Each format that is read by people says by how much.
#[test]
fn numbers_days_and_patterns_say_what_their_change_comes_to() {
    let base = base();
    edit(&base, "disk/full", |entry| {
        entry["confidence"] = json!(0.75);
        entry["last_confirmed"] = json!("2026-01-05");
        entry["regex"] = json!("no space left on");
    });
    let before: Value =
        serde_json::from_str(&base.git(&["show", "HEAD:entries/disk/full.json"])).expect("JSON");
    let day = before["last_confirmed"].as_str().expect("a day");
    for format in ["text", "markdown", "html"] {
        let output = base.errlore(&["diff", "--format", format, "HEAD"]).output().stdout;
        for part in ["-0.05", " days later", "still finds its signature", day, "2026-01-05"] {
            assert!(output.contains(part), "{format}: {part}: {output}");
        }
    }
}

/// A name that is gone, with the entry or without it, and a link that was made to nothing.
#[test]
fn links_that_point_to_nothing_are_told() {
    let base = base();
    edit(&base, "disk/full", |entry| entry["aliases"] = json!(["disk/old", "disk/older"]));
    let link = |id: &str| json!({"error_id": id, "probability": 0.5, "condition": ""});
    edit(&base, "disk/quota", |entry| {
        entry["transition_graph"]["leads_to"] = json!([link("disk/old"), link("disk/full")]);
    });
    base.commit("an alias");
    // What others are called by is another, and one alias that nobody uses goes.
    edit(&base, "disk/full", |entry| {
        entry["id"] = json!("disk/no-space");
        entry["aliases"] = json!([]);
        entry["transition_graph"]["leads_to"] = json!([link("disk/quota"), link("disk/nowhere")]);
    });
    base.git(&["mv", "entries/disk/full.json", "entries/disk/no-space.json"]);
    let told = |range: &str| -> Vec<Value> {
        let output = base.errlore(&["diff", "--format", "json", range]).output();
        let entries = json_of(&output)["entries"].clone();
        let facts = entries.as_array().into_iter().flatten().map(|entry| &entry["facts"]);
        facts.flat_map(|facts| facts.as_array().cloned().unwrap_or_default()).collect()
    };
    let wanted = [
        "no entry is called `disk/full` any longer; linked to from disk/quota",
        "no entry is called `disk/old` any longer; linked to from disk/quota",
        "links to `disk/nowhere`, which is no entry",
    ];
    let messages = |facts: &[Value]| -> Vec<Value> {
        facts.iter().map(|fact| fact["message"].clone()).collect()
    };
    let facts = told("HEAD");
    assert_eq!(messages(&facts), wanted);
    assert_eq!(facts[2]["pointer"], "/transition_graph/leads_to/1/error_id");
    base.commit("another name");
    assert_eq!(messages(&told("HEAD~1..HEAD")), wanted);
    // An entry that takes the name over makes it one again.
    edit(&base, "disk/quota", |entry| entry["aliases"] = json!(["disk/full", "disk/old"]));
    base.entry("disk/nowhere", &json!({"signature": "nowhere to be seen", "regex": "nowhere"}));
    assert_eq!(messages(&told("HEAD~1")), [""; 0]);
}

#[test]
fn nothing_of_an_entry_is_shown_raw() {
    let base = base();
    edit(&base, "disk/full", |entry| {
        entry["root_cause"] = json!("\u{1b}[31m<script>alert(1)</script>\u{202e} | `x` @someone");
        entry["x-\u{1b}"] = json!("<b>");
    });
    for format in ["text", "markdown", "html", "json"] {
        let output = base.errlore(&["diff", "--format", format, "HEAD"]).output();
        assert_eq!(output.code, Some(0), "{}", output.stderr);
        assert!(
            !output.stdout.contains(['\u{1b}', '\u{202e}']) || format == "json",
            "{}",
            output.stdout
        );
        assert!(!output.stdout.contains("<script>") || !["markdown", "html"].contains(&format));
    }
}

#[test]
fn what_cannot_be_compared_is_told() {
    let base = base();
    base.write("entries/disk/full.json", "{\"id\": ");
    base.write("two.json", format!("[{0}, {0}]", base.read("entries/disk/quota.json")));
    let cases: [(&[&str], i32, &str); 12] = [
        (&["entries/disk/full.json", "disk/quota"], 2, "entries/disk/full.json is no entry"),
        (&["two.json", "disk/quota"], 2, "two.json holds 2 entries"),
        (&["disk/quote", "disk/quota"], 3, "did you mean `disk/quota`?"),
        (&["HEAD:disk/none", "disk/quota"], 3, "at `HEAD` there is no entry `disk/none`"),
        (&["nowhere:disk/full", "disk/quota"], 2, "there is no revision `nowhere`"),
        (&["nowhere"], 2, "there is no revision `nowhere`"),
        (&["disk/quota"], 2, "errlore diff HEAD:disk/quota disk/quota"),
        (&["HEAD:disk/quota"], 2, "errlore diff HEAD:disk/quota disk/quota"),
        (&["HEAD", "main"], 2, "errlore diff HEAD..main"),
        (&[":2:disk/quota", "disk/quota"], 3, "at `:2` there is no entry `disk/quota`"),
        (
            &["entries/disk/quota.json"],
            2,
            "errlore diff HEAD:entries/disk/quota.json entries/disk/quota.json",
        ),
        (
            &["--format", "json-patch", "HEAD"],
            2,
            "a JSON Patch is made of two versions of one entry",
        ),
    ];
    for (arguments, code, says) in cases {
        let output = base.errlore(&["diff"]).args(arguments).output();
        assert_eq!(output.code, Some(code), "{arguments:?}: {}{}", output.stdout, output.stderr);
        assert!(output.stderr.contains(says), "{arguments:?}: {}", output.stderr);
    }
    // The rest of the base is compared all the same.
    edit(&base, "disk/quota", |entry| entry["confidence"] = json!(0.1));
    let output = base.errlore(&["diff", "HEAD"]).output();
    assert_eq!(output.code, Some(2));
    assert!(output.stdout.contains("disk/quota: 1 change\n"), "{}", output.stdout);
    assert!(output.stderr.contains("entries/disk/full.json is no entry"), "{}", output.stderr);
}

#[test]
fn faults_of_a_change_are_findings() {
    let base = base();
    edit(&base, "disk/full", |entry| {
        entry["root_cause"] = json!("Nothing can be written.");
        entry["confidence"] = json!(0.9);
    });
    let check = |since: &[&str]| {
        let output = base.errlore(&["check", "--format", "json"]).args(since).output();
        let found = json_of(&output)["findings"].as_array().expect("a list").clone();
        let rules = found.iter().filter_map(|finding| finding["rule"].as_str().map(str::to_owned));
        rules
            .filter(|rule| ["untranslated-change", "unbacked-confidence"].contains(&rule.as_str()))
            .collect::<Vec<_>>()
    };
    assert_eq!(check(&["--since", "HEAD"]), ["unbacked-confidence", "untranslated-change"]);
    assert_eq!(check(&[]), [""; 0], "without an older version there is nothing to compare with");
}

/// As of the other commands, those below are meant where no knowledge base is around.
#[test]
fn from_the_top_of_a_repository_the_knowledge_base_below_it_is_compared() {
    let base = Base::new();
    std::fs::remove_dir(base.root().join("entries")).expect("it is empty");
    base.git(&["init", "--quiet"]);
    let path = "kb/entries/example/one.json";
    base.write(path, entry("example/one", &json!({"evidence_count": 1})));
    base.commit("first");
    base.write(path, entry("example/one", &json!({"evidence_count": 2})));
    let diff = |arguments: &[&str]| {
        let output = base.errlore(&[&["diff"], arguments].concat()).output();
        assert_eq!((output.code, &*output.stderr), (Some(0), ""), "{arguments:?}");
        output.stdout
    };
    let told = "  ~ evidence_count: 1 -> 2, +1\n";
    assert_eq!(diff(&["HEAD"]), format!("example/one: 1 change\n{told}"));
    for arguments in
        [["HEAD:example/one", "example/one"], ["HEAD:kb/entries/example/one.json", path]]
    {
        assert!(diff(&arguments).ends_with(told), "{arguments:?}");
    }
    base.write("other/entries/example/two.json", entry("example/two", &json!({})));
    let output = base.errlore(&["diff", "HEAD"]).output();
    assert_eq!((output.code, &*output.stdout), (Some(2), ""));
    assert!(output.stderr.contains("two knowledge bases: `kb` and `other`"), "{}", output.stderr);
    let output = base.errlore(&["diff", "HEAD"]).within(base.root().join("kb")).output();
    assert_eq!(output.stdout, format!("example/one: 1 change\n{told}"));
}
