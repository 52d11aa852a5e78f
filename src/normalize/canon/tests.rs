//! The nested schema: each key in its place, and nothing dropped.

use serde_json::{Value as Json, json};

use super::*;
use crate::normalize::json::tests::assert_complete;
use crate::normalize::{Draft, Remark};
use crate::rule::{MINIMAL_ENTRY, merge_patch};

/// An entry in the nested schema with all that it names.
fn nested(patch: &Json) -> String {
    let mut value = json!({
        "schema_version": "1.0.0",
        "id": "example/disk-full",
        "url": "https://errors.example/disk-full",
        "error": {
            "signature": "write failed: no space left on device",
            "regex": "no space left on (device|volume)",
            "domain": "example",
            "category": "resource_error",
            "first_seen": "2024-01-15",
            "last_confirmed": "2025-12-01",
        },
        "environment": {
            "runtime": {"name": "ext4", "version_range": ">=1.0"},
            "hardware": {"disk": "any"},
            "os": "linux",
            "python": ">=3.11",
            "additional": {"mounted": true},
        },
        "verdict": {
            "resolvable": "true",
            "fix_success_rate": 0.9,
            "confidence": 0.3,
            "last_updated": "2025-12-02",
            "summary": "The volume that holds the file has no free blocks left.",
        },
        "dead_ends": [{
            "action": "Retry the write",
            "why_fails": "Nothing has become free in between.",
            "fail_rate": 0.9,
            "condition": "always",
            "common_misconception": "It was a passing fault.",
            "sources": ["https://errors.example/retry"],
        }],
        "workarounds": [{
            "action": "Free some space",
            "how": "Find the largest folders with du.",
            "success_rate": 0.9,
            "tradeoff": "It takes a while.",
            "sources": [],
        }],
        "transition_graph": {
            "leads_to": [{
                "error_id": "example/read-only",
                "probability": 0.2,
                "condition": "later",
                "typical_delay": "minutes",
            }],
            "preceded_by": [],
            "frequently_confused_with": [{"error_id": "example/quota", "distinction": "per user"}],
        },
        "metadata": {
            "generated_by": "a script",
            "generation_date": "2024-01-16",
            "review_status": "auto_generated",
            "evidence_count": 3,
            "page_views": 0,
            "ai_agent_hits": 1,
            "human_hits": 2,
            "last_verification": "2025-12-01",
        },
    });
    merge_patch(&mut value, patch);
    value.to_string()
}

fn only(text: &str) -> Draft {
    let mut reading = read(&Source::new("a.json", text));
    assert!(reading.remarks.is_empty(), "{:?}", reading.remarks);
    assert_eq!(reading.drafts.len(), 1, "{text}");
    assert_complete(text, &reading.drafts[0]);
    reading.drafts.remove(0)
}

fn written(draft: &Draft) -> Json {
    serde_json::from_str(&draft.json()).expect("JSON")
}

fn said(draft: &Draft, text: &str) -> Vec<String> {
    let shown = |remark: &Remark| {
        format!("{} {} {}", remark.rule.id, remark.pointer, &text[remark.span.range()])
    };
    draft.remarks.iter().map(shown).collect()
}

#[test]
fn each_key_has_its_place() {
    let text = nested(&json!({}));
    let draft = only(&text);
    assert_eq!(said(&draft, &text), [""; 0]);
    let mut wanted: Json = serde_json::from_str(MINIMAL_ENTRY).expect("JSON");
    let version = |version: &str| {
        json!({"version": version, "introduced": null, "deprecated": null, "removed": null,
            "behavior_change": null, "status": "active"})
    };
    let differs = json!({
        "versions": [version("ext4 >=1.0"), version("python >=3.11")],
        "os_specific": {"linux": ""},
        "verification_tier": "ai_generated",
        "last_updated": "2025-12-02",
        "evidence_count": 3,
        "dead_ends": [{
            "action": "Retry the write",
            "why_fails": "Nothing has become free in between.",
            "fail_rate": 0.9,
            "condition": "always",
            "sources": ["https://errors.example/retry"],
            "x-common-misconception": "It was a passing fault.",
        }],
        "workarounds": [{
            "action": "Free some space",
            "success_rate": 0.9,
            "how": "Find the largest folders with du.",
            "condition": "",
            "sources": [],
            "x-tradeoff": "It takes a while.",
        }],
        "transition_graph": {
            "leads_to": [{
                "error_id": "example/read-only",
                "probability": 0.2,
                "condition": "later",
                "x-typical-delay": "minutes",
            }],
            "preceded_by": [],
            "frequently_confused_with": [{"error_id": "example/quota", "distinction": "per user"}],
        },
        "x-additional": {"mounted": true},
        "x-ai-agent-hits": 1,
        "x-generated-by": "a script",
        "x-generation-date": "2024-01-16",
        "x-hardware": {"disk": "any"},
        "x-human-hits": 2,
        "x-page-views": 0,
        "x-schema-version": "1.0.0",
        "x-url": "https://errors.example/disk-full",
    });
    merge_patch(&mut wanted, &differs);
    assert_eq!(written(&draft), wanted);
}

#[test]
fn values_are_bound_to_what_they_became() {
    let text = nested(&json!({}));
    let draft = only(&text);
    for (pointer, value) in [
        ("/root_cause", "\"The volume that holds the file has no free blocks left.\""),
        ("/versions/0/version", "\"ext4\""),
        ("/versions/1/version", "\">=3.11\""),
        ("/os_specific/linux", "\"linux\""),
        ("/verification_tier", "\"auto_generated\""),
        ("/dead_ends/0/x-common-misconception", "\"It was a passing fault.\""),
        ("/x-hardware", "{\"disk\":\"any\"}"),
    ] {
        let is_it = |binding: &&crate::normalize::Binding| matches!(&binding.bound, crate::normalize::Bound::Field(p) if p.as_str() == pointer);
        let binding = draft.bindings.iter().find(is_it);
        let span = binding.unwrap_or_else(|| panic!("{pointer} is not bound")).span;
        assert_eq!(&text[span.range()], value, "{pointer}");
    }
    assert!(draft.bindings.is_sorted_by_key(|binding| binding.span));
}

#[test]
fn an_environment_without_much_in_it() {
    let environment = json!({
        "runtime": {"name": "python", "version_range": ">=3.11"},
        "hardware": null, "os": "any", "python": ">=3.11", "additional": null,
    });
    let text = nested(&json!({"environment": environment}));
    let draft = only(&text);
    assert_eq!(said(&draft, &text), [""; 0]);
    assert_eq!(draft.entry.versions.len(), 1, "the runtime is that Python");
    assert!(draft.entry.os_specific.is_empty());
    let text = nested(&json!({"environment": {"runtime": {"version_range": ""}, "python": ""}}));
    let draft = only(&text);
    assert_eq!(draft.entry.versions[0].version, "ext4");
    assert_eq!(draft.entry.versions.len(), 1);
    let text = nested(&json!({"environment": null}));
    assert!(only(&text).entry.versions.is_empty());
}

#[test]
fn what_the_schema_does_not_name_is_kept_and_said() {
    let text = nested(&json!({
        "error": {"subcategory": "full_volume", "cause": "a"},
        "environment": {"runtime": {"name": null, "vendor": "b"}, "framework": "c"},
        "dead_ends": [{"action": "a", "why_fails": "b", "fail_rate": 0.5, "mood": 1}],
        "metadata": {"last_verification": "2025-12-03"},
        "tags": "disk",
        "x-own": [1],
    }));
    let draft = only(&text);
    assert_eq!(
        said(&draft, &text),
        [
            "not-understood /dead_ends/0/mood \"mood\"",
            "value-read-leniently /tags \"disk\"",
            "not-understood /cause \"cause\"",
            "not-understood /runtime \"runtime\"",
            "not-understood /framework \"framework\"",
        ]
    );
    let written = written(&draft);
    for (pointer, value) in [
        ("/subcategory", json!("full_volume")),
        ("/tags", json!(["disk"])),
        ("/x-cause", json!("a")),
        ("/x-framework", json!("c")),
        ("/x-runtime", json!({"vendor": "b", "version_range": ">=1.0"})),
        ("/dead_ends/0/x-mood", json!(1)),
        ("/x-last-verification", json!("2025-12-03")),
        ("/x-own", json!([1])),
    ] {
        assert_eq!(written.pointer(pointer), Some(&value), "{pointer}: {written}");
    }
}

#[test]
fn two_values_for_one_field_are_both_kept() {
    let text = nested(&json!({"metadata": {"confidence": 0.5}, "summary": "a"}));
    let draft = only(&text);
    assert_eq!(draft.entry.confidence, 0.3);
    assert_eq!(written(&draft)["x-confidence"], 0.5);
    assert_eq!(written(&draft)["x-summary"], "a");
    assert_eq!(draft.remarks.len(), 2, "{:?}", draft.remarks);
}

#[test]
fn what_is_missing_is_said() {
    let text = nested(&json!({
        "error": {"regex": null, "first_seen": "last spring"},
        "verdict": {"confidence": "140%", "resolvable": true},
        "metadata": null,
    }));
    let draft = only(&text);
    assert_eq!(
        said(&draft, &text),
        [
            "not-understood /first_seen \"last spring\"",
            "rate-out-of-range /confidence \"140%\"",
            "value-read-leniently /resolvable true",
            "missing-value /regex {",
            "missing-value  {",
        ]
    );
    assert_eq!(written(&draft)["x-first-seen"], "last spring");
    let gaps: Vec<&str> = draft.gaps.iter().map(JsonPointer::as_str).collect();
    assert_eq!(gaps, ["/confidence", "/evidence_count", "/first_seen", "/verification_tier"]);
}

#[test]
fn many_entries_and_what_is_none() {
    let one = nested(&json!({}));
    for text in [format!("[{one}, {{\"id\": \"a/b\"}}, {one}]"), format!("{one}\n{{}}\n{one}\n")] {
        let reading = read(&Source::new("a.json", text.as_str()));
        assert_eq!(reading.drafts.len(), 2);
        assert_eq!(reading.remarks.len(), 1);
        assert_eq!(reading.remarks[0].rule.id, "unreadable-source");
    }
    let page = r#"{"error": "not found"}"#;
    assert_eq!(read(&Source::new("a.json", page)).drafts.len(), 0);
}

#[test]
fn the_draft_is_read_as_json() {
    let draft = only(&nested(&json!({"error": {"first_seen": "last spring"}})));
    let text = draft.json();
    let again = crate::normalize::json::read(&Source::new("a.json", text.as_str()));
    assert_eq!(again.drafts[0].json(), text);
}
