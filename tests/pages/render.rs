//! Pages of entries: what they look like, and that nothing of an entry gets lost or becomes markup.
//!
//! Each folder of `tests/render` holds an entry and its pages; `BLESS=1` writes them.

use std::fs;
use std::path::{Path, PathBuf};

use errlore::canonical::canonical_text;
use errlore::entry::Entry;
use errlore::render;
use errlore::visible::is_unsafe_to_show;
use proptest::prelude::*;

use crate::pages::{html_texts, markdown_texts};
use crate::support::corpora::{Corpus, corpora};

/// A form and its function.
type Form = (&'static str, fn(&Entry) -> String);

const FORMS: [Form; 3] =
    [("page.md", render::markdown), ("page.txt", render::text), ("page.html", render::html)];

fn cases() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/render");
    let mut cases: Vec<PathBuf> = fs::read_dir(folder)
        .expect("a folder of cases")
        .map(|item| item.expect("an item").path())
        .filter(|path| path.is_dir())
        .collect();
    cases.sort();
    cases
}

fn entry_of(case: &Path) -> Entry {
    let text = fs::read_to_string(case.join("entry.json")).expect("an entry");
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", case.display()))
}

#[test]
fn pages_are_as_they_were_blessed() {
    for case in cases() {
        let entry = entry_of(&case);
        for (name, form) in FORMS {
            let (path, page) = (case.join(name), form(&entry));
            if std::env::var_os("BLESS").is_some() {
                fs::write(&path, &page).expect("a file that can be written");
            }
            let blessed = fs::read_to_string(&path).unwrap_or_default();
            assert!(page == blessed, "{} differs; see it with BLESS=1:\n{page}", path.display());
        }
    }
}

/// The texts of an entry that a page shows, as far as both forms show them alike.
fn texts(entry: &Entry) -> Vec<String> {
    let mut texts: Vec<&str> = vec![&entry.signature, entry.id.as_str()];
    if !entry.root_cause.trim().is_empty() {
        texts.extend([&*entry.root_cause, &entry.root_cause_type.0]);
    }
    let optional = [&entry.root_cause_zh, &entry.official_doc_url, &entry.official_doc_section];
    texts.extend(optional.into_iter().flatten().map(String::as_str));
    for version in &entry.versions {
        texts.push(&version.version);
        let optional =
            [&version.introduced, &version.deprecated, &version.removed, &version.behavior_change];
        texts.extend(optional.into_iter().flatten().map(String::as_str));
    }
    for item in &entry.workarounds {
        texts.extend([&*item.action, &item.how]);
        texts.extend(item.sources.iter().map(String::as_str));
    }
    for item in &entry.dead_ends {
        texts.extend([&*item.action, &item.why_fails]);
        texts.extend(item.sources.iter().map(String::as_str));
    }
    texts.extend(entry.workarounds_zh.iter().map(String::as_str));
    let graph = &entry.transition_graph;
    texts.extend(graph.leads_to.iter().map(|edge| edge.error_id.as_str()));
    let texts = texts.into_iter().map(|text| canonical_text(text).into_owned());
    texts.filter(|text| !text.is_empty()).collect()
}

/// A text in which each character that must not be shown is an escape, as Markdown has it.
fn shown(text: &str) -> String {
    let hidden = |c: char| is_unsafe_to_show(c) && c != '\n' && c != '\t';
    let mut out = String::new();
    for c in text.chars() {
        if hidden(c) { out.extend(c.escape_default()) } else { out.push(c) }
    }
    out
}

fn check_markdown(entry: &Entry) {
    let page = render::markdown(entry);
    let hidden = |c: char| is_unsafe_to_show(c) && c != '\n' && c != '\t';
    assert!(!page.contains(hidden), "{page}");
    let (front, body) =
        page.strip_prefix("---\n").and_then(|rest| rest.split_once("\n---\n")).expect("a front");
    assert!(front.starts_with("format: \"errlore-entry\""), "{front}");
    let found = markdown_texts(body);
    let one_line = |text: &str| text.replace(['\n', '\t'], " ");
    let mut names = vec![entry.id.as_str()];
    names.extend(entry.transition_graph.leads_to.iter().map(|edge| edge.error_id.as_str()));
    for text in texts(entry) {
        // An id, and an address that is no link, stand there as code, on one line.
        let wanted = shown(&text);
        let is_there = found.contains(&wanted) || found.contains(&one_line(&wanted));
        assert!(is_there, "{text:?} is not in {found:#?}\n{page}");
    }
    let code = shown(&entry.regex);
    assert!(entry.regex.is_empty() || found.contains(&code), "{code:?} is not in {found:#?}");
}

fn check_html(entry: &Entry) {
    let page = render::html(entry);
    let hidden = |c: char| is_unsafe_to_show(c) && c != '\n' && c != '\t';
    assert!(!page.contains(hidden), "{page}");
    let found = html_texts(&page);
    for text in texts(entry).into_iter().chain([entry.regex.clone()]) {
        let is_there = text.is_empty() || found.contains(&text);
        assert!(is_there, "{text:?} is not in {found:#?}\n{page}");
    }
}

#[test]
fn blessed_pages_lose_nothing() {
    for case in cases() {
        let entry = entry_of(&case);
        check_markdown(&entry);
        check_html(&entry);
    }
}

#[test]
fn pages_of_real_entries_lose_nothing() {
    for entry in corpora().iter().flat_map(Corpus::entries) {
        check_markdown(&entry);
        check_html(&entry);
    }
}

/// Texts made of what means something to Markdown, to HTML, or to the reader of a page.
fn text() -> impl Strategy<Value = String> {
    let pieces: Vec<&str> = vec![
        "a",
        "b1",
        "中",
        "文。",
        " ",
        "  ",
        "\t",
        "\n",
        "\n\n",
        "\\",
        "`",
        "```",
        "*",
        "**",
        "_",
        "__",
        "~",
        "~~~",
        "#",
        "# ",
        "- ",
        "+ ",
        "---",
        "===",
        "1. ",
        "12) ",
        "> ",
        "|",
        "| - |",
        ":-",
        "[",
        "]",
        "](",
        "[x]: ",
        "![",
        "(",
        ")",
        "<",
        ">",
        "<b>",
        "</b>",
        "<!--",
        "&",
        "&amp;",
        "&#10;",
        "$",
        "$$",
        "!",
        "\"",
        "'",
        ":",
        "https://a.bc/_d_",
        "www.e_",
        "{",
        "}",
        "Condition:",
        "Sources:",
        "ID: ",
        "\u{a0}",
        "\u{3000}",
        "\u{202e}",
        "\u{1b}",
        "\0",
        "\r",
        "\u{2028}",
        "\u{200d}",
        "é",
        "e\u{301}",
        "ש",
        "    ",
        "</pre>",
        "</script>",
        "-",
        "=",
    ];
    proptest::collection::vec(proptest::sample::select(pieces), 1..12)
        .prop_map(|text| text.concat())
}

fn any_entry() -> impl Strategy<Value = Entry> {
    let texts = proptest::collection::vec(text(), 18);
    (texts, 0.0..=1.0f64).prop_map(|(texts, rate)| {
        let [
            id, signature, regex, cause, kind, cause_zh, version, introduced, change, action, how,
            why, condition, source, step, target, url, section,
        ] = texts.try_into().expect("as many as were asked for");
        let item = serde_json::json!({
            "action": action, "how": how, "why_fails": why, "condition": condition,
            "sources": [source], "success_rate": rate, "fail_rate": rate,
        });
        serde_json::from_value(serde_json::json!({
            "id": id, "signature": signature, "regex": regex, "root_cause": cause,
            "root_cause_type": kind, "root_cause_zh": cause_zh, "official_doc_url": url,
            "official_doc_section": section, "workarounds": [item, item], "dead_ends": [item],
            "workarounds_zh": [step],
            "versions": [{"version": version, "introduced": introduced, "removed": change, "behavior_change": change}],
            "transition_graph": {"leads_to": [{"error_id": target, "probability": rate, "condition": condition}]},
        }))
        .expect("an entry")
    })
}

proptest! {
    #[test]
    fn no_text_gets_lost_or_becomes_markup(entry in any_entry()) {
        check_markdown(&entry);
        check_html(&entry);
    }

    #[test]
    fn a_text_of_several_lines_stands_deeper_than_headings_and_items(entry in any_entry()) {
        let page = render::text(&entry);
        for text in [&entry.signature, &entry.root_cause] {
            let text = canonical_text(text);
            if text.contains('\n') {
                for line in text.split('\n').filter(|line| !line.is_empty()) {
                    prop_assert!(page.contains(&format!("\n    {line}\n")), "{line:?}\n{page}");
                }
            }
        }
        // Canonical texts are a fixed point: the page of the same entry, written and read, is the same.
        let again: Entry = serde_json::from_str(&errlore::canonical::canonical(&entry)).expect("JSON");
        for (_, form) in FORMS {
            prop_assert_eq!(form(&again), form(&entry));
        }
    }
}
