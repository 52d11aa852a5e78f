//! What holds for every source: nothing is dropped, a draft reads back as itself, canonical JSON is read
//! as it is.

use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::tests::{assert_complete, only, read_text, remarks};

/// Values of all kinds, some of which say something where they may turn up.
fn values() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(json!(null)),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        (-2.0_f64..2.0).prop_map(Json::from),
        prop::sample::select(vec![
            "",
            " ",
            "84%",
            "140%",
            "true",
            "Partial",
            "active",
            "2024-06-01",
            "2024/6/1",
            "a/b",
            "A/b",
            "3",
            "linux",
            "e\u{301}",
            "消息",
        ])
        .prop_map(Json::from),
    ];
    leaf.prop_recursive(4, 24, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Json::from),
            prop::collection::btree_map(keys(), inner, 0..6)
                .prop_map(|map| Json::Object(map.into_iter().collect())),
        ]
    })
}

fn keys() -> impl Strategy<Value = String> {
    let known = [
        "id",
        "signature",
        "regex",
        "domain",
        "root_cause",
        "rootCause",
        "versions",
        "version",
        "status",
        "os_specific",
        "dead_ends",
        "Dead Ends",
        "action",
        "why_fails",
        "fail_rate",
        "condition",
        "sources",
        "workarounds",
        "success_rate",
        "how",
        "transition_graph",
        "leads_to",
        "error_id",
        "probability",
        "tags",
        "aliases",
        "resolvable",
        "first_seen",
        "evidence_count",
        "x-tags",
        "x-a",
        "odd",
        "",
    ];
    prop::sample::select(known.map(str::to_owned).to_vec())
}

proptest! {
    /// Whatever comes, each value of it is in the draft, and the draft reads back as itself.
    #[test]
    fn nothing_is_dropped(members in prop::collection::btree_map(keys(), values(), 1..8)) {
        let text = serde_json::to_string(&members).expect("JSON");
        for draft in &read_text(&text).drafts {
            assert_complete(&text, draft);
            let written = draft.json();
            prop_assert_eq!(only(&written).json(), written);
        }
    }

    #[test]
    fn nothing_panics(text: String) {
        read_text(&text);
    }
}

/// The entries of this repository are canonical, and so they are read as they are; those of the large corpus, where
/// it lies beside the repository, become canonical.
#[test]
fn real_entries_are_read_without_a_remark() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    for (folder, is_own) in
        [("entries", true), ("tests/fixtures/entries", true), ("../shared/corpus/entries", false)]
    {
        let folder = root.join(folder);
        if !is_own && !folder.is_dir() {
            continue;
        }
        let files = json_files(&folder);
        assert!(files.len() > 30, "{}", files.len());
        for (name, text) in files {
            let draft = only(&text);
            assert_eq!(remarks(&draft.remarks, &text), [""; 0], "{name}");
            let entry = serde_json::from_str(&text).expect("an entry");
            assert_eq!(draft.json(), crate::canonical::canonical(&entry), "{name}");
            assert!(!is_own || draft.json() == text, "{name}");
            assert_complete(&text, &draft);
        }
    }
}

/// The entry that the project began with, as it was given: canonical but for the end of its last line.
#[test]
fn the_first_seed_is_read_as_it_is() {
    let seed = include_str!(
        "../../../entries/communication/websocket-close-frame-1009-message-too-large.json"
    );
    let draft = only(seed.trim_end());
    assert_eq!(remarks(&draft.remarks, seed), [""; 0]);
    assert_eq!(draft.json(), seed);
}

/// The files below a folder, with their texts.
fn json_files(folder: &std::path::Path) -> Vec<(String, String)> {
    let mut files = Vec::new();
    for item in std::fs::read_dir(folder).expect("a folder") {
        let path = item.expect("an item").path();
        if path.is_dir() {
            files.extend(json_files(&path));
        } else {
            let text = std::fs::read_to_string(&path).expect("a text");
            files.push((path.display().to_string(), text));
        }
    }
    files
}
