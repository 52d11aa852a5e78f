//! Entries with whatever may stand in a text: marks of Markdown and HTML, words that mean something on
//! a page, several lines, control characters.

use chrono::NaiveDate;
use errlore::entry::{
    Confusion, DeadEnd, Entry, EntryId, Extra, Locale, Resolvable, RootCauseType, Transition,
    TransitionGraph, VerificationTier, Version, VersionStatus, Workaround,
};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::json;

/// What may stand in a text of one line.
const PIECES: &[&str] = &[
    "a",
    "word",
    "The disk is full.",
    "Full: no space",
    "snake_case_name",
    "CamelCase",
    "x.y()",
    "",
    " ",
    "  ",
    "\t",
    "\u{a0}",
    "\u{3000}",
    "-",
    "--",
    "---",
    "===",
    "***",
    "* * *",
    "___",
    "|",
    "||",
    "| a | b |",
    "|---|---|",
    "\\",
    "\\|",
    "`",
    "``",
    "```",
    "~~~",
    "`code`",
    "**",
    "**bold**",
    "*",
    "_",
    "__x__",
    "~~x~~",
    "#",
    "# ",
    "## ",
    "## Dead Ends",
    "### Workarounds",
    "Root Cause",
    "中文",
    "中文步骤",
    "Workarounds",
    "Dead Ends",
    "Pattern",
    "Error Chain",
    "Operating Systems",
    "Version Compatibility",
    "Official Documentation",
    "Common approaches that don't work:",
    "1. ",
    "2) ",
    "10. ",
    "- ",
    "+ ",
    "> ",
    "• ",
    "1.",
    "90% success",
    "90% success rate: ",
    "60% fail",
    "(60% failed) ",
    "12.5%",
    "84%Fix Rate",
    "84% Fix Rate",
    "1 Evidence",
    "Confidence",
    "2024-01-15 First Seen",
    "ID: a/b",
    "ID:",
    "Id: `a/b`",
    "Condition: ",
    "Condition:",
    "Sources:",
    "Sources: https://example.org/",
    "Source:",
    "LEADS_TO: a/b (20%, x)",
    "- LEADS_TO: x",
    "ai_generated true",
    "human_reviewed",
    "partial",
    "active",
    "unknown",
    "generic",
    "true",
    "null",
    "Version",
    "Status",
    "Notes",
    "Also available as: JSON · Markdown · 中文",
    "·",
    "<b>",
    "</b>",
    "<br>",
    "<div role=\"main\">",
    "<div class=\"a\">",
    "</div>",
    "<main>",
    "</main>",
    "<!-- a -->",
    "<!--",
    "<script>",
    "</script>",
    "</pre>",
    "<a href=\"x\">",
    "<![CDATA[",
    "&amp;",
    "&",
    "&#10;",
    "&nbsp;",
    "&lt;b&gt;",
    "<",
    ">",
    "\"",
    "'",
    "[a](b)",
    "[a]: b",
    "[x] ",
    "![a](b)",
    "<https://example.org/a>",
    "https://example.org/a_b_c",
    "www.example.org/*",
    "a@example.org",
    "http://x/",
    "$x$",
    "^",
    "%",
    "(",
    ")",
    "(20%, x)",
    ", ",
    ":",
    "：",
    ";",
    "=",
    "{",
    "}",
    "{{x}}",
    "消息",
    "磁盘已满。",
    "，",
    "😀",
    "👩\u{200d}💻",
    "e\u{301}",
    "é",
    "שלום",
    "\u{200f}",
    "\u{202e}",
    "\u{2066}",
    "\u{1b}[31m",
    "\u{7}",
    "\0",
    "\u{85}",
    "\u{2028}",
    "\u{feff}",
    "\r",
    "\u{c}",
    "\u{7f}",
    "\u{fffd}",
    "format: \"errlore-entry\"",
    "id: a/b",
    "signature: x",
    "U+202E",
    "\\u{202e}",
];

/// A text of one line.
pub(crate) fn line() -> impl Strategy<Value = String> {
    let piece = select(PIECES);
    let pieces = prop::collection::vec((piece, select(&["", " ", " ", "  "][..])), 0..6);
    pieces.prop_map(|pieces| pieces.into_iter().flat_map(|(piece, gap)| [piece, gap]).collect())
}

/// A text of a few lines, of which most are one.
pub(crate) fn text() -> impl Strategy<Value = String> {
    let breaks = select(&["\n", "\n", "\n\n", "\n  ", "\n\t", "\n\n\n", "\r\n"][..]);
    let more = prop_oneof![
        2 => Just(Vec::new()),
        1 => prop::collection::vec((breaks, line()), 1..4),
    ];
    (line(), more).prop_map(|(first, more)| {
        first + &more.into_iter().flat_map(|(gap, line)| [gap.to_owned(), line]).collect::<String>()
    })
}

/// A text that is there if it says anything.
fn optional(text: impl Strategy<Value = String>) -> impl Strategy<Value = Option<String>> {
    prop::option::of(text.prop_map(Some))
        .prop_map(|text| text.flatten().filter(|text| !text.trim().is_empty()))
}

/// A rate of up to four decimals.
fn rate() -> impl Strategy<Value = f64> {
    let decimal = |(number, digits): (u32, u32)| {
        let scale = 10_u32.pow(digits);
        f64::from(number % (scale + 1)) / f64::from(scale)
    };
    (any::<u32>(), 1_u32..5).prop_map(decimal)
}

fn date() -> impl Strategy<Value = Option<NaiveDate>> {
    let day = (1_i32..10_000, 1_u32..367).prop_map(|(year, day)| NaiveDate::from_yo_opt(year, day));
    prop::option::of(day).prop_map(Option::flatten)
}

fn id() -> impl Strategy<Value = EntryId> {
    let usable = select(&["example/disk-full", "a/b/c", "x.y_z/0-9", "example/a--b"][..]);
    usable.prop_map(EntryId::new)
}

/// Ids of other entries, which may be none.
fn other_id() -> impl Strategy<Value = EntryId> {
    prop_oneof![3 => id(), 1 => line().prop_map(EntryId::new)]
}

fn list<T: std::fmt::Debug>(
    item: impl Strategy<Value = T>,
    most: usize,
) -> impl Strategy<Value = Vec<T>> {
    prop::collection::vec(item, 0..=most)
}

/// Keys of one's own, and values of all kinds.
fn extra() -> impl Strategy<Value = Extra> {
    let key = prop_oneof![
        2 => select(&["x-a", "x-note", "x-b_c"][..]).prop_map(str::to_owned),
        1 => line().prop_map(|line| format!("x-{line}")),
    ];
    let value =
        (text(), rate()).prop_map(|(text, rate)| json!([text, {"b": rate, "a": [null, 1, true]}]));
    let value = prop_oneof![value, text().prop_map(serde_json::Value::from), Just(json!({}))];
    prop::collection::btree_map(key, value, 0..2)
}

fn version() -> impl Strategy<Value = Version> {
    use VersionStatus::{Active, Deprecated, Removed, Unknown};
    let status = select(&[Active, Deprecated, Removed, Unknown][..]);
    let parts = (
        text(),
        optional(text()),
        optional(text()),
        optional(text()),
        optional(text()),
        status,
        extra(),
    );
    parts.prop_map(|(version, introduced, deprecated, removed, behavior_change, status, extra)| {
        Version { version, introduced, deprecated, removed, behavior_change, status, extra }
    })
}

fn dead_end() -> impl Strategy<Value = DeadEnd> {
    (text(), text(), rate(), text(), list(text(), 2), extra()).prop_map(
        |(action, why_fails, fail_rate, condition, sources, extra)| DeadEnd {
            action,
            why_fails,
            fail_rate,
            condition,
            sources,
            extra,
        },
    )
}

fn workaround() -> impl Strategy<Value = Workaround> {
    (text(), text(), rate(), text(), list(text(), 2), extra()).prop_map(
        |(action, how, success_rate, condition, sources, extra)| Workaround {
            action,
            success_rate,
            how,
            condition,
            sources,
            extra,
        },
    )
}

fn graph() -> impl Strategy<Value = TransitionGraph> {
    let transition = || {
        (other_id(), rate(), text(), extra()).prop_map(
            |(error_id, probability, condition, extra)| Transition {
                error_id,
                probability,
                condition,
                extra,
            },
        )
    };
    let confusion = (other_id(), text(), extra())
        .prop_map(|(error_id, distinction, extra)| Confusion { error_id, distinction, extra });
    (list(transition(), 2), list(transition(), 2), list(confusion, 2), extra()).prop_map(
        |(leads_to, preceded_by, frequently_confused_with, extra)| TransitionGraph {
            leads_to,
            preceded_by,
            frequently_confused_with,
            extra,
        },
    )
}

/// What an entry is: its names, words and figures.
fn head() -> impl Strategy<Value = Entry> {
    use Resolvable::{False, Partial, True};
    use VerificationTier::{AiGenerated, CommunityVerified, HumanReviewed};
    let tier = select(&[AiGenerated, HumanReviewed, CommunityVerified][..]);
    let names = (id(), text(), optional(text()), text(), line(), line(), optional(line()));
    let figures = (rate(), rate(), 0_u64..1 << 53, date(), date(), date());
    let words = (tier, select(&[True, Partial, False][..]), optional(line()), line());
    (names, figures, words).prop_map(|(names, figures, words)| {
        let (id, signature, signature_zh, regex, domain, category, subcategory) = names;
        let (
            confidence,
            fix_success_rate,
            evidence_count,
            first_seen,
            last_confirmed,
            last_updated,
        ) = figures;
        let (verification_tier, resolvable, error_code, locale) = words;
        let locale = if locale.trim().is_empty() { Locale::default() } else { Locale(locale) };
        Entry {
            id,
            signature,
            signature_zh,
            regex,
            domain,
            category,
            subcategory,
            confidence,
            fix_success_rate,
            evidence_count,
            first_seen,
            last_confirmed,
            last_updated,
            verification_tier,
            resolvable,
            error_code,
            locale,
            ..Entry::default()
        }
    })
}

/// Entries of which each field is filled or empty, as they are once they are canonical.
pub(crate) fn entries() -> impl Strategy<Value = Entry> {
    let texts = (text(), line(), optional(text()), optional(line()), optional(text()));
    let lists = (
        list(version(), 2),
        prop::collection::btree_map(text(), text(), 0..2),
        list(dead_end(), 3),
        list(workaround(), 3),
        list(text(), 3),
    );
    let rest = (graph(), list(line(), 3), list(other_id(), 2), extra());
    (head(), texts, lists, rest).prop_map(|(head, texts, lists, rest)| {
        let (root_cause, kind, root_cause_zh, official_doc_url, official_doc_section) = texts;
        let (versions, os_specific, dead_ends, workarounds, workarounds_zh) = lists;
        let (transition_graph, tags, aliases, extra) = rest;
        let root_cause_type =
            if kind.trim().is_empty() { RootCauseType::default() } else { RootCauseType(kind) };
        Entry {
            root_cause,
            root_cause_type,
            root_cause_zh,
            official_doc_url,
            official_doc_section,
            versions,
            os_specific,
            dead_ends,
            workarounds,
            workarounds_zh,
            transition_graph,
            tags,
            aliases,
            extra,
            ..head
        }
    })
}
