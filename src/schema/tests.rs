//! What the schema says of small documents; `tests/check/schema.rs` holds it against the types and the corpus.

use super::*;
use crate::json;

fn violations(patch: &serde_json::Value) -> Vec<(String, Part, String, Option<String>)> {
    let mut entry: serde_json::Value =
        serde_json::from_str(crate::rule::MINIMAL_ENTRY).expect("JSON");
    crate::rule::merge_patch(&mut entry, patch);
    let text = entry.to_string();
    let tree = json::parse(&text).expect("JSON");
    let root = tree.root(&text).expect("a root");
    let mut found: Vec<_> = entry_schema()
        .violations(root)
        .into_iter()
        .map(|v| (v.pointer.to_string(), v.part, v.message, v.help))
        .collect();
    found.sort_by(|a, b| a.0.cmp(&b.0));
    found
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn one_mistake_is_one_violation() {
    for (patch, pointer, part, message, help) in [
        (
            serde_json::json!({"regexp": "a"}),
            "/regexp",
            Part::UnknownKey,
            "unknown key `regexp`",
            Some("did you mean `regex`?"),
        ),
        (
            serde_json::json!({"workarounds": [{"action": "a", "sucess_rate": 1}]}),
            "/workarounds/0/sucess_rate",
            Part::UnknownKey,
            "unknown key `sucess_rate`",
            Some("did you mean `success_rate`?"),
        ),
        (
            serde_json::json!({"domain": null}),
            "/domain",
            Part::Value,
            "expected a string, found null",
            None,
        ),
        (
            serde_json::json!({"signature": 3}),
            "/signature",
            Part::Value,
            "expected a string, found a number",
            None,
        ),
        (
            serde_json::json!({"first_seen": "2023-02-30"}),
            "/first_seen",
            Part::Value,
            "`2023-02-30` is not a real date of the form YYYY-MM-DD",
            Some("for example `\"2024-02-29\"`"),
        ),
        (
            serde_json::json!({"resolvable": "yes"}),
            "/resolvable",
            Part::Value,
            "`yes` is not one of `\"true\"`, `\"partial\"`, `\"false\"`",
            None,
        ),
        (
            serde_json::json!({"resolvable": true}),
            "/resolvable",
            Part::Value,
            "`true` is not one of `\"true\"`, `\"partial\"`, `\"false\"`",
            Some("did you mean `\"true\"`?"),
        ),
        (
            serde_json::json!({"confidence": 84}),
            "/confidence",
            Part::Value,
            "`84` is more than 1",
            Some("a rate goes from 0 to 1: 84 % is 0.84"),
        ),
        (
            serde_json::json!({"confidence": -0.5}),
            "/confidence",
            Part::Value,
            "`-0.5` is less than 0",
            None,
        ),
        (
            serde_json::json!({"evidence_count": 1.5}),
            "/evidence_count",
            Part::Value,
            "`1.5` is not a whole number",
            None,
        ),
        (
            serde_json::json!({"dead_ends": []}),
            "/dead_ends",
            Part::Value,
            "the list is empty",
            None,
        ),
        (
            serde_json::json!({"official_doc_url": "see the docs"}),
            "/official_doc_url",
            Part::Value,
            "`see the docs` is not a valid address",
            Some("write the whole address, beginning with https://"),
        ),
        (
            serde_json::json!({"official_doc_url": "https:/example.org/disk"}),
            "/official_doc_url",
            Part::Value,
            "`https:/example.org/disk` is not a valid address",
            Some("write the whole address, beginning with https://"),
        ),
        (
            serde_json::json!({"id": "../evil"}),
            "/id",
            Part::Value,
            "`../evil` is not of the right form",
            Some("for example `\"python/keyerror/py311-linux\"`"),
        ),
        (
            serde_json::json!({"id": "example/nul.d"}),
            "/id",
            Part::Value,
            "`example/nul.d` is not allowed here",
            Some(
                "Windows has no files called con, prn, aux, nul, com1 to com9 or lpt1 to lpt9, with \
                 whatever extension",
            ),
        ),
        (
            serde_json::json!({"signature": ""}),
            "/signature",
            Part::Value,
            "the text is empty",
            None,
        ),
        (
            serde_json::json!({"versions": [{}]}),
            "/versions/0",
            Part::Opening,
            "the key `version` is missing",
            Some("for example `\"version\": \"nginx 1.24.0\"`"),
        ),
    ] {
        let found = if patch["domain"].is_null() && patch.get("domain").is_some() {
            // A merge patch cannot set null.
            let mut entry: serde_json::Value =
                serde_json::from_str(crate::rule::MINIMAL_ENTRY).expect("JSON");
            entry["domain"] = serde_json::Value::Null;
            let text = entry.to_string();
            let tree = json::parse(&text).expect("JSON");
            entry_schema()
                .violations(tree.root(&text).expect("a root"))
                .into_iter()
                .map(|v| (v.pointer.to_string(), v.part, v.message, v.help))
                .collect()
        } else {
            violations(&patch)
        };
        let expected = (pointer.to_owned(), part, message.to_owned(), help.map(str::to_owned));
        assert_eq!(found, [expected], "{patch}");
    }
}

#[test]
fn accepts_what_it_should() {
    for patch in [
        serde_json::json!({}),
        serde_json::json!({"x-note": {"any": ["thing", 1e300]}, "$schema": "x.json"}),
        serde_json::json!({"official_doc_url": "https://мвд.рф/", "locale": "zh-Hans-CN"}),
        serde_json::json!({"evidence_count": 3.0, "first_seen": "2024-02-29"}),
        serde_json::json!({"id": "a.b-c_d/x/y9"}),
    ] {
        assert_eq!(violations(&patch), [], "{patch}");
    }
    for patch in [
        serde_json::json!({"id": "python"}),
        serde_json::json!({"id": "a/b/c/d"}),
        serde_json::json!({"id": "A/b"}),
        serde_json::json!({"id": "a//b"}),
        serde_json::json!({"locale": "english language"}),
        serde_json::json!({"locale": "e"}),
        serde_json::json!({"first_seen": "2023-2-3"}),
    ] {
        assert_eq!(violations(&patch).len(), 1, "{patch}");
    }
}
