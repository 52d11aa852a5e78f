//! The parser against `serde_json`, and its places against the text.

use proptest::prelude::*;

use super::{Kind, Tree, Value, parse};
use crate::pointer;

fn tree(text: &str) -> Tree {
    parse(text).unwrap_or_else(|error| panic!("{text}: {error:?}"))
}

#[test]
fn places_are_those_of_the_text() {
    let text = r#"{"a": [1, {"b~/": "x\ty"}], "é": null}"#;
    let tree = tree(text);
    let root = tree.root(text).expect("a root");
    let (found, complete) = root.follow(&pointer!["a", 1, "b~/"]);
    assert!(complete);
    assert_eq!(found.value.source(), r#""x\ty""#);
    assert_eq!(&text[found.key.expect("a key").range()], r#""b~/""#);
    assert_eq!(found.value.as_str().expect("a string"), "x\ty");
    let (nearest, complete) = root.follow(&pointer!["a", 7]);
    assert!(!complete);
    assert_eq!(nearest.value.kind(), Kind::Array);
    assert_eq!(root.get("é").map(Value::kind), Some(Kind::Null));
}

#[test]
fn duplicate_keys_have_both_places() {
    for text in [r#"{"o": {"k": 1, "x": 2, "k": 3}}"#, r#"{"o": {"k": 1, "x": 2, "\u006b": 3}}"#] {
        let tree = tree(text);
        let root = tree.root(text).expect("a root");
        let duplicates = root.duplicates_below();
        let [(pointer, key, duplicate)] = duplicates.as_slice() else { panic!("{duplicates:?}") };
        assert_eq!(&text[duplicate.first.range()], r#""k""#);
        assert!(duplicate.second.start > duplicate.first.end);
        assert_eq!((pointer.as_str(), &**key), ("/o/k", "k"));
        assert_eq!(root.get("o").and_then(|o| o.get("k")).map(Value::source), Some("3"));
        let read: serde_json::Value = super::deserialize(root, &[]).expect("reads");
        assert_eq!(read, serde_json::json!({"o": {"k": 3, "x": 2}}));
    }
}

#[test]
fn a_part_of_a_string_has_its_place() {
    let text = r#"["a\n\ud83d\ude00b消c", "plain"]"#;
    let tree = tree(text);
    let root = tree.root(text).expect("a root");
    let first = root.items().next().expect("an item");
    let decoded = first.as_str().expect("a string").into_owned();
    for part in ["a", "\n", "😀", "b", "消", "消c"] {
        let at = decoded.find(part).expect("it is there");
        let span = first.span_within(at..at + part.len());
        let quoted = format!("\"{}\"", &text[span.range()]);
        assert_eq!(serde_json::from_str::<String>(&quoted).expect("JSON"), part);
    }
}

#[test]
fn a_whole_number_is_an_integer_however_written() {
    for text in ["3", "3.0", "0.3e1", "30e-1"] {
        let tree = tree(text);
        assert_eq!(
            super::deserialize::<u64>(tree.root(text).expect("a root"), &[]).ok(),
            Some(3),
            "{text}"
        );
    }
    for text in ["3.5", "-1", "1e300", "\"3\""] {
        let tree = tree(text);
        assert!(
            super::deserialize::<u64>(tree.root(text).expect("a root"), &[]).is_err(),
            "{text}"
        );
    }
}

#[test]
fn refuses_with_a_place() {
    for (text, at, message) in [
        ("", 0, "the file is empty"),
        ("{\"a\": 1,}", 7, "a comma with nothing after it"),
        ("{\"a\" 1}", 5, "expected `:` after the key, found `1`"),
        ("{a: 1}", 1, "expected a key in double quotes, found `a`"),
        ("[1 2]", 3, "expected `,` or `]`, found `2`"),
        ("[1e999]", 1, "a number out of range"),
        ("[01]", 1, "a number with a leading zero"),
        ("[1.]", 3, "expected a digit, found `]`"),
        ("[\"\\ud800\"]", 2, "half of a surrogate pair"),
        ("[\"\\udc00\\ud800\"]", 2, "half of a surrogate pair"),
        ("[\"\\q\"]", 2, "an escape that JSON does not have"),
        ("[\"a\nb\"]", 3, "a raw control character (U+000A) in a string"),
        ("[\"abc", 5, "the file ends within a string"),
        ("{} {}", 3, "expected the end of the file, found `{`"),
        ("[NaN]", 1, "expected a value, found `NaN`"),
        ("\u{0}", 0, "expected a value, found a control character, U+0000"),
    ] {
        let error = parse(text).expect_err(text);
        assert_eq!((error.span.start, error.message.as_str()), (at, message), "{text}");
    }
    let deep = "[".repeat(10_000);
    assert_eq!(parse(&deep).expect_err("deep").span.start, 128);
}

fn json() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        any::<f64>().prop_filter("finite", |n| n.is_finite()).prop_map(Into::into),
        any::<String>().prop_map(Into::into),
    ];
    leaf.prop_recursive(4, 64, 8, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..8).prop_map(serde_json::Value::from),
            prop::collection::btree_map(any::<String>(), inner, 0..60)
                .prop_map(|map| serde_json::Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn reads_what_serde_json_writes(value in json()) {
        let text = serde_json::to_string_pretty(&value).expect("serialises");
        let tree = tree(&text);
        let read: serde_json::Value =
            super::deserialize(tree.root(&text).expect("a root"), &[]).expect("reads");
        let oracle: serde_json::Value = serde_json::from_str(&text).expect("its own text");
        // As texts: a negative zero is equal to zero and yet another text.
        prop_assert_eq!(read.to_string(), oracle.to_string());
    }

    /// Any text, and any text with one byte changed, is JSON for both or for neither.
    #[test]
    fn accepts_what_serde_json_accepts(value in json(), at in any::<prop::sample::Index>(), with in "[\\[\\]{}\",:\\\\0-9eE+.\\-tfn u\u{1}]") {
        let text = serde_json::to_string(&value).expect("serialises");
        let mut chars: Vec<char> = text.chars().collect();
        let at = at.index(chars.len());
        chars[at] = with.chars().next().expect("one");
        let text: String = chars.into_iter().collect();
        let oracle = serde_json::from_str::<serde_json::Value>(&text);
        prop_assert_eq!(parse(&text).is_ok(), oracle.is_ok(), "{}: {:?}", text, oracle);
    }

    #[test]
    fn never_panics(text in any::<String>()) {
        let _ = parse(&text);
    }
}
