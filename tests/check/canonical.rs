//! The canonical form is a fixed point, whatever the texts hold.

use errlore::canonical::canonical;
use errlore::entry::{Entry, EntryId, Resolvable, Version, Workaround};
use proptest::prelude::*;

fn read(text: &str) -> Entry {
    serde_json::from_str(text).expect("canonical text is an entry")
}

/// Texts with what canonical form changes in them: blanks, letters that compose, controls, quotes.
fn text() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "a",
        "b",
        " ",
        "\u{a0}",
        "\t",
        "\n",
        "e\u{301}",
        "\u{e9}",
        "\"",
        "\\",
        "\0",
        "\u{202e}",
        "\u{2028}",
        "消息",
        "😀",
        "\u{1100}\u{1161}",
        "\u{212b}",
        "\u{2000}",
    ]);
    prop::collection::vec(piece, 0..6).prop_map(|pieces| pieces.concat())
}

prop_compose! {
    fn entries()(
        id in text(), signature in text(), regex in text(), zh in prop::option::of(text()),
        tags in prop::collection::vec(text(), 0..5), aliases in prop::collection::vec(text(), 0..4),
        os_specific in prop::collection::btree_map(text(), text(), 0..3),
        rate in 0.0_f64..=1.0, count in 0_u64..1 << 53, own in text(),
    ) -> Entry {
        Entry {
            id: EntryId::new(id),
            signature,
            regex,
            signature_zh: zh.clone(),
            versions: vec![Version { version: own.clone(), ..Version::default() }],
            os_specific,
            workarounds: vec![Workaround { action: own.clone(), success_rate: rate, ..Workaround::default() }],
            error_code: zh,
            confidence: rate,
            resolvable: Resolvable::Partial,
            evidence_count: count,
            tags,
            aliases: aliases.into_iter().map(EntryId::new).collect(),
            extra: [(format!("x-{own}"), serde_json::json!({"b": own, "a": [rate, count, null]}))].into(),
            ..Entry::default()
        }
    }
}

proptest! {
    #[test]
    fn canonical_of_canonical_is_the_same(entry in entries()) {
        let once = canonical(&entry);
        prop_assert_eq!(canonical(&read(&once)), once);
    }
}

#[test]
fn blanks_do_not_hide_that_two_labels_are_one() {
    let tags = [" b", "a", "b", "a ", "e\u{301}", "\u{e9}"].map(str::to_owned).to_vec();
    let once = canonical(&Entry { tags, ..Entry::default() });
    assert_eq!(read(&once).tags, ["a", "b", "\u{e9}"]);
}
