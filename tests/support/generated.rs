//! Entries that are made up: hostile ones hold whatever may stand in a text (marks of Markdown and HTML,
//! words that mean something on a page, several lines, control characters), plain ones what people write.

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

/// What people's sentences are made of.
const WORDS: &[&str] = &[
    "a",
    "the",
    "is",
    "was",
    "not",
    "server",
    "client",
    "message",
    "limit",
    "of",
    "than",
    "larger",
    "1009",
    "4096",
    "64MB",
    "3.11",
    "v1.28.0",
    "`max_size`",
    "\"payload\"",
    "'utf-8'",
    "(default)",
    "--no-cache",
    "/etc/hosts",
    "C:\\Temp",
    "<stdin>",
    "std::vec<T>",
    "a_b_c",
    "__init__",
    "x*y",
    "#define",
    "$HOME",
    "100%",
    "AT&T",
    "[1]",
    "{id}",
    "foo()",
    "e.g.",
    "don't",
    "https://example.org/a",
    "a|b",
    "x^2",
    "~1.2",
    "=>",
    "\\d+",
    "café",
    "naïve,",
];

/// What people's sentences are made of in Chinese.
const PHRASES: &[&str] =
    &["服务器关闭连接", "消息超过限制", "请检查 max_size 配置", "使用 `gzip` 压缩", "默认值为1MB"];

/// Lines of code.
const CODE: &[&str] = &[
    "npm install --save-dev x",
    "const ws = new WebSocket(url, { maxPayload: 64 * 1024 });",
    "if a < b && c > d {",
    "  return Err(\"no\")",
    "}",
    "# a comment",
    "- name: x",
    "SELECT * FROM t WHERE a = '_';",
    "<configuration key=\"a\">",
    "1. first",
    "$ kubectl get pods -A | grep x",
];

/// Names of domains, categories, causes.
const NAMES: &[&str] = &["websocket", "network", "protocol_error", "k8s", "c-sharp", "data2"];

/// Codes of errors.
const CODES: &[&str] = &["E0505", "1009", "ERR_X-1", "0x80070005", "SQLSTATE 42P01"];

/// What the texts of an entry are made of.
#[derive(Clone)]
struct Texts {
    /// A domain, a tag.
    word: BoxedStrategy<String>,
    code: BoxedStrategy<String>,
    /// An id that need not be one.
    other_id: BoxedStrategy<EntryId>,
    address: BoxedStrategy<String>,
    /// What stands in a cell of a table, a heading.
    cell: BoxedStrategy<String>,
    /// What may have several lines.
    text: BoxedStrategy<String>,
    /// What stands in the fields for Chinese.
    chinese: BoxedStrategy<String>,
    /// The action of an item.
    action: BoxedStrategy<String>,
    /// How many decimals a rate has at most.
    decimals: u32,
    extra: BoxedStrategy<Extra>,
}

/// Entries of which each field is filled or empty and holds whatever may stand in a text, as they are
/// once they are canonical.
pub(crate) fn hostile() -> impl Strategy<Value = Entry> {
    let piece = (select(PIECES), select(&["", " ", " ", "  "][..]));
    let line = prop::collection::vec(piece, 0..6)
        .prop_map(|pieces| pieces.into_iter().flat_map(|(piece, gap)| [piece, gap]).collect())
        .boxed();
    let breaks = select(&["\n", "\n", "\n\n", "\n  ", "\n\t", "\n\n\n", "\r\n"][..]);
    let text = lines(line.clone(), breaks, 4);
    entries(&Texts {
        word: line.clone(),
        code: line.clone(),
        other_id: prop_oneof![3 => id(), 1 => line.clone().prop_map(EntryId::new)].boxed(),
        address: text.clone(),
        cell: text.clone(),
        chinese: text.clone(),
        action: text.clone(),
        decimals: 4,
        extra: extra(&line, &text),
        text,
    })
}

/// Entries with texts such as people write, with code in some of them.
pub(crate) fn plain() -> impl Strategy<Value = Entry> {
    let words = prop::collection::vec(select(WORDS), 2..14);
    let sentence = (words, select(&["", ".", "!", "?", ":"][..]));
    let english = sentence.prop_map(|(words, end)| format!("The {}{end}", words.join(" "))).boxed();
    let chinese = prop::collection::vec(select(PHRASES), 1..6);
    let chinese = chinese.prop_map(|phrases| phrases.join("，") + "。").boxed();
    let line = prop_oneof![4 => english.clone(), 1 => chinese.clone()].boxed();
    let code = || select(CODE).prop_map(str::to_owned);
    let code_lines = (select(&["\n", "\n\n", "\n    "][..]), code());
    let more = prop_oneof![3 => code_lines, 1 => (Just("\n\n"), english.clone())];
    let text = (english.clone(), prop::collection::vec(more, 0..4)).prop_map(|(first, more)| {
        more.into_iter().fold(first, |text, (gap, line)| text + gap + &line)
    });
    let address = select(&["https://example.org/docs/a_b", "http://example.com/?q=1#c-d"][..]);
    entries(&Texts {
        word: select(NAMES).prop_map(str::to_owned).boxed(),
        code: select(CODES).prop_map(str::to_owned).boxed(),
        other_id: id().boxed(),
        address: address.prop_map(str::to_owned).boxed(),
        cell: line.clone().prop_map(|line| line.replace("https://", "")).boxed(),
        text: prop_oneof![2 => english, 1 => text].boxed(),
        chinese,
        action: line,
        decimals: 3,
        extra: Just(Extra::default()).boxed(),
    })
}

/// A text of some lines, of which most are one.
fn lines(
    line: BoxedStrategy<String>,
    breaks: impl Strategy<Value = &'static str> + 'static,
    most: usize,
) -> BoxedStrategy<String> {
    let more = prop_oneof![
        2 => Just(Vec::new()),
        1 => prop::collection::vec((breaks, line.clone()), 1..most),
    ];
    let joined = |(first, more): (String, Vec<(&str, String)>)| {
        more.into_iter().fold(first, |text, (gap, line)| text + gap + &line)
    };
    (line, more).prop_map(joined).boxed()
}

/// A text that is there if it says anything.
fn optional(text: &BoxedStrategy<String>) -> impl Strategy<Value = Option<String>> + use<> {
    prop::option::of(text.clone()).prop_map(|text| text.filter(|text| !text.trim().is_empty()))
}

/// A rate of some decimals.
fn rate(most: u32) -> impl Strategy<Value = f64> {
    let decimal = |(number, digits): (u32, u32)| {
        let scale = 10_u32.pow(digits);
        f64::from(number % (scale + 1)) / f64::from(scale)
    };
    (any::<u32>(), 1..=most).prop_map(decimal)
}

fn date() -> impl Strategy<Value = Option<NaiveDate>> {
    let day = (1_i32..10_000, 1_u32..367).prop_map(|(year, day)| NaiveDate::from_yo_opt(year, day));
    prop::option::of(day).prop_map(Option::flatten)
}

fn id() -> impl Strategy<Value = EntryId> {
    let usable = select(&["example/disk-full", "a/b/c", "x.y_z/0-9", "example/a--b"][..]);
    usable.prop_map(EntryId::new)
}

/// Keys of one's own, and values of all kinds.
fn extra(line: &BoxedStrategy<String>, text: &BoxedStrategy<String>) -> BoxedStrategy<Extra> {
    let key = prop_oneof![
        2 => select(&["x-a", "x-note", "x-b_c"][..]).prop_map(str::to_owned),
        1 => line.clone().prop_map(|line| format!("x-{line}")),
        1 => select(&["ID", "Tags", "rootCause", "format", "Fail Rate"][..]).prop_map(str::to_owned),
    ];
    let value = (text.clone(), rate(4))
        .prop_map(|(text, rate)| json!([text, {"b": rate, "a": [null, 1, true]}]));
    let value = prop_oneof![value, text.clone().prop_map(serde_json::Value::from), Just(json!({}))];
    prop::collection::btree_map(key, value, 0..2).boxed()
}

fn list<T: std::fmt::Debug>(
    item: impl Strategy<Value = T>,
    most: usize,
) -> impl Strategy<Value = Vec<T>> {
    prop::collection::vec(item, 0..=most)
}

fn version(texts: &Texts) -> impl Strategy<Value = Version> + use<> {
    use VersionStatus::{Active, Deprecated, Removed, Unknown};
    let status = select(&[Active, Deprecated, Removed, Unknown][..]);
    let maybe = || optional(&texts.cell);
    let parts =
        (texts.cell.clone(), maybe(), maybe(), maybe(), maybe(), status, texts.extra.clone());
    parts.prop_map(|(version, introduced, deprecated, removed, behavior_change, status, extra)| {
        Version { version, introduced, deprecated, removed, behavior_change, status, extra }
    })
}

fn dead_end(texts: &Texts) -> impl Strategy<Value = DeadEnd> + use<> {
    let text = || texts.text.clone();
    let rate = rate(texts.decimals);
    (
        texts.action.clone(),
        text(),
        rate,
        text(),
        list(texts.address.clone(), 2),
        texts.extra.clone(),
    )
        .prop_map(|(action, why_fails, fail_rate, condition, sources, extra)| DeadEnd {
            action,
            why_fails,
            fail_rate,
            condition,
            sources,
            extra,
        })
}

fn workaround(texts: &Texts) -> impl Strategy<Value = Workaround> + use<> {
    let text = || texts.text.clone();
    let rate = rate(texts.decimals);
    (
        texts.action.clone(),
        text(),
        rate,
        text(),
        list(texts.address.clone(), 2),
        texts.extra.clone(),
    )
        .prop_map(|(action, how, success_rate, condition, sources, extra)| Workaround {
            action,
            success_rate,
            how,
            condition,
            sources,
            extra,
        })
}

fn graph(texts: &Texts) -> impl Strategy<Value = TransitionGraph> + use<> {
    let other = || (texts.other_id.clone(), texts.text.clone(), texts.extra.clone());
    let transition = || {
        (other(), rate(texts.decimals)).prop_map(|((error_id, condition, extra), probability)| {
            Transition { error_id, probability, condition, extra }
        })
    };
    let confusion = other().prop_map(|(error_id, distinction, extra)| Confusion {
        error_id,
        distinction,
        extra,
    });
    let lists = (list(transition(), 2), list(transition(), 2), list(confusion, 2));
    (lists, texts.extra.clone()).prop_map(
        |((leads_to, preceded_by, frequently_confused_with), extra)| TransitionGraph {
            leads_to,
            preceded_by,
            frequently_confused_with,
            extra,
        },
    )
}

/// What an entry is: its names, words and figures.
fn head(texts: &Texts) -> impl Strategy<Value = Entry> + use<> {
    use Resolvable::{False, Partial, True};
    use VerificationTier::{AiGenerated, CommunityVerified, HumanReviewed};
    let tier = select(&[AiGenerated, HumanReviewed, CommunityVerified][..]);
    let word = || texts.word.clone();
    let text = || texts.text.clone();
    let names = (
        id(),
        text(),
        optional(&texts.chinese),
        texts.cell.clone(),
        word(),
        word(),
        optional(&word()),
    );
    let rate = || rate(texts.decimals);
    let figures = (rate(), rate(), 0_u64..1 << 53, date(), date(), date());
    let words = (tier, select(&[True, Partial, False][..]), optional(&texts.code), word());
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

fn entries(texts: &Texts) -> impl Strategy<Value = Entry> + use<> {
    let text = || texts.text.clone();
    let (word, address) = (texts.word.clone(), optional(&texts.address));
    let about = (text(), word, optional(&texts.chinese), address, optional(&texts.cell));
    let lists = (
        list(version(texts), 2),
        prop::collection::btree_map(texts.cell.clone(), text(), 0..2),
        list(dead_end(texts), 3),
        list(workaround(texts), 3),
        list(texts.chinese.clone(), 3),
    );
    let ids = list(texts.other_id.clone(), 2);
    let rest = (graph(texts), list(texts.word.clone(), 3), ids, texts.extra.clone());
    (head(texts), about, lists, rest).prop_map(|(head, about, lists, rest)| {
        let (root_cause, kind, root_cause_zh, official_doc_url, official_doc_section) = about;
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
