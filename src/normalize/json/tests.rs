//! JSON that is not canonical: what is read, what is noted, and that nothing is dropped.

use serde_json::{Value as Json, json};

use super::*;
use crate::json::{Kind, Value, parse};
use crate::normalize::{Bound, Draft, Remark};
use crate::rule::{MINIMAL_ENTRY, merge_patch};

pub(super) fn read_text(text: &str) -> Reading {
    read(&Source::new("a.json", text))
}

/// The minimal entry with a patch, as JSON that is not canonical.
fn patched(patch: &Json) -> String {
    let mut value: Json = serde_json::from_str(MINIMAL_ENTRY).expect("JSON");
    merge_patch(&mut value, patch);
    value.to_string()
}

pub(super) fn only(text: &str) -> Draft {
    let mut reading = read_text(text);
    assert!(reading.remarks.is_empty(), "{:?}", reading.remarks);
    assert_eq!(reading.drafts.len(), 1, "{text}");
    reading.drafts.remove(0)
}

/// The remarks on a text, each as `rule pointer source`.
pub(super) fn remarks(remarks: &[Remark], text: &str) -> Vec<String> {
    let shown = |remark: &Remark| {
        format!("{} {} {}", remark.rule.id, remark.pointer, &text[remark.span.range()])
    };
    remarks.iter().map(shown).collect()
}

/// What the draft of the patched minimal entry has at a pointer, and the remarks.
#[track_caller]
fn assert_read(patch: &Json, pointer: &str, wanted: &Json, said: &[&str]) {
    let text = patched(patch);
    let draft = only(&text);
    let written: Json = serde_json::from_str(&draft.json()).expect("JSON");
    assert_eq!(written.pointer(pointer), Some(wanted), "{patch}: {written}");
    assert_eq!(remarks(&draft.remarks, &text), said, "{patch}");
    assert_complete(&text, &draft);
}

/// Each value of the source that says something is bound to a place of the draft.
#[track_caller]
pub(in crate::normalize) fn assert_complete(text: &str, draft: &Draft) {
    fn leaves<'t>(value: Value<'t>, out: &mut Vec<Value<'t>>) {
        match value.kind() {
            Kind::Array => value.items().for_each(|item| leaves(item, out)),
            Kind::Object => value.members().for_each(|(_, value)| leaves(value, out)),
            Kind::Null => {}
            _ if value.as_str().is_some_and(|text| text.trim().is_empty()) => {}
            _ => out.push(value),
        }
    }
    let tree = parse(text).expect("JSON");
    let written = draft.json();
    let written_tree = parse(&written).expect("JSON");
    let root = written_tree.root(&written).expect("a root");
    let mut all = Vec::new();
    leaves(tree.root(text).expect("a root"), &mut all);
    for leaf in all {
        let holds = draft.bindings.iter().find(|binding| {
            binding.span.start <= leaf.span().start && leaf.span().end <= binding.span.end
        });
        let binding = holds.unwrap_or_else(|| panic!("{} is lost: {text}", leaf.source()));
        let Bound::Field(pointer) = &binding.bound else { continue };
        let (_, complete) = root.follow(pointer);
        assert!(complete, "{pointer} is not there: {written}");
    }
}

#[test]
fn canonical_json_is_read_as_it_is() {
    let full = json!({
        "$schema": "entry.schema.json",
        "signature_zh": "磁盘已满",
        "regex": " e\u{301}\t(a|b) ",
        "versions": [{"version": "8", "status": "active", "x-a": [1, {"b": 0.5}]}],
        "os_specific": {"linux": "", "x-odd": "kept"},
        "transition_graph": {"leads_to": [{"error_id": "a/b", "probability": 1.0}]},
        "tags": ["a", "b"], "aliases": ["a/c"], "x-n": 1, "x-o": {"e": [], "f": {}, "g": null},
    });
    let mut entry: Json = serde_json::from_str(MINIMAL_ENTRY).expect("JSON");
    merge_patch(&mut entry, &full);
    let entry = serde_json::from_value(entry).expect("an entry");
    for text in [MINIMAL_ENTRY.to_owned(), crate::canonical::canonical(&entry)] {
        let draft = only(&text);
        assert_eq!(draft.json(), text);
        assert_eq!(remarks(&draft.remarks, &text), [""; 0]);
        assert_complete(&text, &draft);
    }
}

#[test]
fn another_order_and_missing_options_are_no_matter() {
    let mut value: Json = serde_json::from_str(MINIMAL_ENTRY).expect("JSON");
    let defaults = ["versions", "tags", "locale", "error_code", "transition_graph", "aliases"];
    value.as_object_mut().expect("an object").retain(|key, _| !defaults.contains(&key.as_str()));
    let draft = only(&value.to_string());
    assert_eq!(draft.json(), MINIMAL_ENTRY);
    assert!(draft.remarks.is_empty(), "{:?}", draft.remarks);
}

#[test]
fn values_of_another_type_with_one_reading() {
    for (patch, pointer, wanted, span) in [
        (json!({"resolvable": true}), "/resolvable", json!("true"), "true"),
        (json!({"resolvable": "Partial"}), "/resolvable", json!("partial"), "\"Partial\""),
        (json!({"confidence": "84%"}), "/confidence", json!(0.84), "\"84%\""),
        (json!({"confidence": "0.5"}), "/confidence", json!(0.5), "\"0.5\""),
        (json!({"evidence_count": "3"}), "/evidence_count", json!(3), "\"3\""),
        (json!({"first_seen": "2024/6/1"}), "/first_seen", json!("2024-06-01"), "\"2024/6/1\""),
        (json!({"first_seen": 20_240_601}), "/first_seen", json!("2024-06-01"), "20240601"),
        (json!({"last_updated": ""}), "/last_updated", json!(null), "\"\""),
        (json!({"error_code": 1009}), "/error_code", json!("1009"), "1009"),
        (json!({"error_code": ["E1"]}), "/error_code", json!("E1"), "[\"E1\"]"),
        (json!({"signature_zh": " "}), "/signature_zh", json!(null), "\" \""),
        (
            json!({"verification_tier": "AI-generated"}),
            "/verification_tier",
            json!("ai_generated"),
            "\"AI-generated\"",
        ),
        (json!({"tags": "disk"}), "/tags", json!(["disk"]), "\"disk\""),
        (json!({"tags": ""}), "/tags", json!([]), "\"\""),
        (json!({"transition_graph": []}), "/transition_graph/leads_to", json!([]), "[]"),
        (json!({"os_specific": ["linux"]}), "/os_specific", json!({"linux": ""}), "[\"linux\"]"),
    ] {
        let said = format!("value-read-leniently {} {span}", pointer.trim_end_matches("/leads_to"));
        assert_read(&patch, pointer, &wanted, &[&said]);
    }
}

#[test]
fn null_stands_for_nothing() {
    let text = patched(&json!({})).replace("\"tags\":[]", "\"tags\":null");
    let draft = only(&text);
    assert_eq!(draft.json(), MINIMAL_ENTRY);
    assert_eq!(remarks(&draft.remarks, &text), ["value-read-leniently /tags null"]);
}

#[test]
fn lists_of_plain_texts() {
    assert_read(
        &json!({"versions": ["nginx 1.24.0", {"version": 8}]}),
        "/versions/1/version",
        &json!("8"),
        &[
            "value-read-leniently /versions/0/version \"nginx 1.24.0\"",
            "value-read-leniently /versions/1/version 8",
        ],
    );
    assert_read(
        &json!({"versions": {"ws 8": "Active", "ws 9": "removed"}}),
        "/versions/1/status",
        &json!("removed"),
        &["value-read-leniently /versions {\"ws 8\":\"Active\",\"ws 9\":\"removed\"}"],
    );
    assert_read(
        &json!({"transition_graph": {"frequently_confused_with": ["a/b"]}}),
        "/transition_graph/frequently_confused_with/0/error_id",
        &json!("a/b"),
        &["value-read-leniently /transition_graph/frequently_confused_with/0/error_id \"a/b\""],
    );
    let step = json!({"action": "Wait", "why_fails": "It stays.", "fail_rate": 0.5});
    let said = format!("value-read-leniently /dead_ends {step}");
    assert_read(&json!({"dead_ends": step}), "/dead_ends/0/fail_rate", &json!(0.5), &[&said]);
}

#[test]
fn what_has_no_reading_is_kept_beside_its_field() {
    for (patch, kept, value, said) in [
        (
            json!({"first_seen": "06/01/2024"}),
            "/x-first-seen",
            json!("06/01/2024"),
            "not-understood /first_seen \"06/01/2024\"",
        ),
        (json!({"category": true}), "/x-category", json!(true), "not-understood /category true"),
        (
            json!({"resolvable": "perhaps"}),
            "/x-resolvable",
            json!("perhaps"),
            "not-understood /resolvable \"perhaps\"",
        ),
        (json!({"confidence": 84}), "/x-confidence", json!(84), "rate-out-of-range /confidence 84"),
        (
            json!({"confidence": "140%"}),
            "/x-confidence",
            json!("140%"),
            "rate-out-of-range /confidence \"140%\"",
        ),
        (
            json!({"evidence_count": -1}),
            "/x-evidence-count",
            json!(-1),
            "not-understood /evidence_count -1",
        ),
        (
            json!({"root_cause": ["a", "b"]}),
            "/x-root-cause",
            json!(["a", "b"]),
            "not-understood /root_cause [\"a\",\"b\"]",
        ),
        (
            json!({"workarounds": ["Wait"]}),
            "/x-workarounds/0",
            json!("Wait"),
            "not-understood /workarounds/0 \"Wait\"",
        ),
        (
            json!({"tags": ["a", ["b", "c"], "d"]}),
            "/x-tags/0",
            json!(["b", "c"]),
            "not-understood /tags/1 [\"b\",\"c\"]",
        ),
        (json!({"tags": 7}), "/x-tags", json!(7), "not-understood /tags 7"),
        (
            json!({"versions": {"a": "broken"}}),
            "/x-versions/a",
            json!("broken"),
            "not-understood /versions {\"a\":\"broken\"}",
        ),
        (
            json!({"os_specific": {"linux": {"gpu": "any"}}}),
            "/x-os-specific/linux/gpu",
            json!("any"),
            "not-understood /os_specific/linux {\"gpu\":\"any\"}",
        ),
        (
            json!({"transition_graph": "none"}),
            "/x-transition-graph",
            json!("none"),
            "not-understood /transition_graph \"none\"",
        ),
    ] {
        assert_read(&patch, kept, &value, &[said]);
    }
    assert_read(
        &json!({"dead_ends": [{"action": "a", "why_fails": "b", "fail_rate": "often", "condition": {}}]}),
        "/dead_ends/0/x-fail-rate",
        &json!("often"),
        &[
            "not-understood /dead_ends/0/condition {}",
            "not-understood /dead_ends/0/fail_rate \"often\"",
        ],
    );
}

#[test]
fn what_is_kept_takes_no_name_that_is_taken() {
    let patch = json!({"confidence": "high", "x-confidence": 1, "x-confidence-2": 2});
    assert_read(
        &patch,
        "/x-confidence-3",
        &json!("high"),
        &["not-understood /confidence \"high\""],
    );
    assert_read(&patch, "/x-confidence", &json!(1), &["not-understood /confidence \"high\""]);
}

#[test]
fn gaps_are_written_as_null() {
    let draft = only(&patched(&json!({"confidence": "high"})));
    assert!(draft.json().contains("\n  \"confidence\": null,\n"), "{}", draft.json());
    assert_eq!(only(&draft.json()).json(), draft.json());
}

#[test]
fn keys_in_another_spelling() {
    let text = patched(&json!({}))
        .replace("root_cause\"", "rootCause\"")
        .replace("dead_ends", "Dead-Ends");
    let draft = only(&text);
    assert_eq!(draft.json(), MINIMAL_ENTRY);
    assert_eq!(
        remarks(&draft.remarks, &text),
        [
            "value-read-leniently /dead_ends \"Dead-Ends\"",
            "value-read-leniently /root_cause \"rootCause\""
        ]
    );
    let both = patched(&json!({"rootCause": "b"}));
    let draft = only(&both);
    assert_eq!(draft.entry.root_cause, "The volume that holds the file has no free blocks left.");
    assert_eq!(remarks(&draft.remarks, &both), ["not-understood /rootCause \"rootCause\""]);
    assert_eq!(draft.entry.extra["rootCause"], "b");
}

#[test]
fn unknown_keys_stay_and_are_said() {
    let text = patched(
        &json!({"solutions": ["a"], "x-team": 1, "dead_ends": [{"action": "a", "why_fails": "b", "fail_rate": 0.5, "y": 2}]}),
    );
    let draft = only(&text);
    assert_eq!(draft.entry.extra["solutions"], json!(["a"]));
    assert_eq!(draft.entry.dead_ends[0].extra["y"], 2);
    assert_eq!(
        remarks(&draft.remarks, &text),
        ["not-understood /solutions \"solutions\"", "not-understood /dead_ends/0/y \"y\""]
    );
}

#[test]
fn numbers_that_are_not_kept_become_texts() {
    let text =
        patched(&json!({})).replace("{\"aliases\"", "{\"x-n\":12345678901234567890123,\"aliases\"");
    let draft = only(&text);
    assert_eq!(draft.entry.extra["x-n"], "12345678901234567890123");
    assert_eq!(
        remarks(&draft.remarks, &text),
        ["value-read-leniently /x-n 12345678901234567890123"]
    );
}

#[test]
fn what_is_missing_is_said_once_and_not_made_up() {
    let text = r#"{"id": "example/a", "dead_ends": [{"action": "Wait"}], "confidence": null}"#;
    let draft = only(text);
    assert_eq!(
        remarks(&draft.remarks, text),
        [
            "value-read-leniently /domain \"example/a\"",
            "missing-value  {",
            "missing-value /regex {",
            "missing-value /dead_ends/0 \"Wait\"",
        ]
    );
    assert_eq!(
        draft.remarks[1].message,
        "the source gives no `signature`, `category`, `root_cause`, `workarounds`, \
         `verification_tier`, `confidence`, `fix_success_rate`, `resolvable`, `first_seen` and \
         `evidence_count`"
    );
    let written: Json = serde_json::from_str(&draft.json()).expect("JSON");
    for pointer in [
        "/confidence",
        "/resolvable",
        "/first_seen",
        "/dead_ends/0/fail_rate",
        "/verification_tier",
        "/evidence_count",
    ] {
        assert_eq!(written.pointer(pointer), Some(&Json::Null), "{pointer}");
    }
    assert_eq!(written["domain"], "example");
    assert_eq!(written["regex"], "");
}

#[test]
fn an_id_that_is_none_stays_and_is_an_error() {
    for id in [
        "../../etc/passwd",
        "Python/KeyError",
        "a/../b",
        "a/.git/b",
        "a",
        "a/b/c/d",
        "a//b",
        "a/b ?",
    ] {
        let text = patched(&json!({"id": id}));
        let draft = only(&text);
        assert_eq!(remarks(&draft.remarks, &text), [format!("unusable-id /id \"{id}\"")]);
        assert_eq!(draft.entry.id.as_str(), id);
    }
}

#[test]
fn many_entries_in_one_source() {
    let one = patched(&json!({}));
    for text in [
        format!("[{one}, 5, {one}]"),
        format!("\u{feff}{one}\n5\n\n{one}"),
        format!("{one}\r\n{{\"id\": \r\n{one}\r\n"),
        format!("{one}\n{{\"id\": 1, \"id\": 2}}\n{one}\n"),
        format!("[{one}, {{\"id\": 1, \"id\": 2}}, {one}]"),
    ] {
        let reading = read_text(&text);
        assert_eq!(reading.drafts.len(), 2, "{text}");
        assert!(reading.drafts.iter().all(|draft| draft.json() == MINIMAL_ENTRY));
        let [remark] = &reading.remarks[..] else { panic!("{:?}", reading.remarks) };
        assert_eq!(remark.rule.id, "unreadable-source");
        for draft in &reading.drafts {
            let bound = &draft.bindings[0];
            assert!(text[bound.span.range()].len() > 1, "places count from the start: {text}");
        }
        let last = reading.drafts[1].bindings.last().expect("a binding");
        assert!(last.span.start as usize > text.len() / 2, "{text}");
    }
}

#[test]
fn what_holds_no_entry() {
    for (text, place, part) in [
        ("", "", "empty"),
        ("\u{feff}", "\u{feff}", "empty"),
        ("{\"id\": }", "}", "a value"),
        ("5", "5", "an object"),
        ("[]", "[]", "empty"),
        ("{}", "{", "no key"),
        ("{\"error\": \"not found\", \"$schema\": \"a\"}", "{", "no key"),
        ("{\"id\": 1, \"id\": 2}", "\"id\"", "twice"),
        ("{\"id\": 'a'}", "'", "a value"),
    ] {
        let reading = read_text(text);
        assert!(reading.drafts.is_empty(), "{text}");
        let [remark] = &reading.remarks[..] else { panic!("{text}: {:?}", reading.remarks) };
        assert_eq!(remark.rule.id, "unreadable-source");
        assert_eq!(&text[remark.span.range()], place, "{text}");
        assert!(remark.message.contains(part), "{text}: {}", remark.message);
    }
    let deep = "[".repeat(100_000);
    assert_eq!(read_text(&deep).remarks.len(), 1);
}
