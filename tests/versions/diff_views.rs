//! Nothing of what was added, removed or changed is left out of a view of differences.
//!
//! The checker knows documents and lines of text, and nothing of how views are made.

use std::collections::BTreeSet;

use errlore::diff::bases::{EntryDiff, Version, bases, versions};
use errlore::diff::document;
use errlore::render::changes_html;
use errlore::report::{Layout, TextStyle, diff_json, diff_markdown, diff_text};
use proptest::prelude::*;
use pulldown_cmark::{Event, Parser};
use serde_json::{Value, json};
use textwrap::core::display_width;

use crate::generated;

fn version(document: &Value) -> Version {
    Version { path: "entries/example/disk-full.json".to_owned(), document: document.clone() }
}

fn differences(old: Option<&Value>, new: Option<&Value>) -> Vec<EntryDiff> {
    match (old, new) {
        (Some(old), Some(new)) => vec![versions(version(old), version(new))],
        _ => bases(old.map(version).into_iter().collect(), new.map(version).into_iter().collect()),
    }
}

fn text(diffs: &[EntryDiff], color: bool, layout: Layout) -> String {
    diff_text(diffs, TextStyle { color, width: 80, repeats: usize::MAX }, layout)
}

/// The texts, numbers and truths of a document.
fn leaves(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => members.values().for_each(|member| leaves(member, found)),
        Value::Array(items) => items.iter().for_each(|item| leaves(item, found)),
        Value::String(text) => _ = found.insert(text.clone()),
        Value::Null => {}
        other => _ = found.insert(other.to_string()),
    }
}

fn leaves_of(value: Option<&Value>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    if let Some(value) = value {
        leaves(value, &mut found);
    }
    found
}

/// A text without blanks and line breaks, what is not shown as it is written in escapes.
fn bare(text: &str) -> String {
    let hidden = |c: char| {
        c.is_control()
            || "\u{61c}\u{200e}\u{200f}\u{2028}\u{2029}\u{feff}".contains(c)
            || ('\u{202a}'..='\u{202e}').contains(&c)
            || ('\u{2066}'..='\u{2069}').contains(&c)
    };
    let shown = |c: char| match c {
        '\n' | ' ' => String::new(),
        c if hidden(c) => c.escape_default().to_string(),
        c if c.is_whitespace() => String::new(),
        c => c.to_string(),
    };
    text.chars().map(shown).collect()
}

/// What is left of a text in which what is between two marks goes, and two other marks go.
fn without(text: &str, gone: [&str; 2], marks: [&str; 2]) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once(gone[0]) {
        out += before;
        rest = behind.split_once(gone[1]).map_or("", |(_, behind)| behind);
    }
    (out + rest).replace(marks[0], "").replace(marks[1], "")
}

/// The words of a text; each Chinese character is one.
fn words(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut word = String::new();
    for c in text.chars().chain([' ']) {
        let is_wide = display_width(c.encode_utf8(&mut [0; 4])) > 1;
        if (c.is_alphanumeric() || c == '_') && !is_wide {
            word.push(c);
            continue;
        }
        found.insert(std::mem::take(&mut word));
        if is_wide && c.is_alphanumeric() {
            found.insert(c.to_string());
        }
    }
    found.remove("");
    found
}

/// Without what colours a terminal.
fn uncolored(text: &str) -> String {
    let mut parts = text.split('\u{1b}');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |out, part| out + part.split_once('m').map_or(part, |(_, rest)| rest))
}

/// What Markdown makes a reader see: without tags, with references read.
fn read_markdown(markdown: &str) -> String {
    let mut out = String::new();
    for event in Parser::new(markdown) {
        match event {
            Event::Text(text) | Event::Code(text) => out += &text,
            Event::SoftBreak | Event::HardBreak | Event::End(_) => out.push('\n'),
            Event::Html(html) => out += &read_html(&html),
            _ => {}
        }
    }
    out
}

fn read_html(html: &str) -> String {
    let mut out = String::new();
    for part in html.split('<') {
        let text = part.split_once('>').map_or(part, |(_, text)| text);
        let mut parts = text.split('&');
        out += parts.next().unwrap_or_default();
        for part in parts {
            let (name, rest) = part.split_once(';').expect("a reference");
            let c = match name {
                "lt" => '<',
                "gt" => '>',
                "amp" => '&',
                "quot" => '"',
                number => {
                    let number = number.trim_start_matches('#').parse().expect("a number");
                    char::from_u32(number).expect("a character")
                }
            };
            out.push(c);
            out += rest;
        }
    }
    out
}

/// Each of the texts that one version alone has is shown: whole, or, of one that stands in place of another, with
/// each word that the other version has nowhere.
fn shows(shown: &str, side: &BTreeSet<String>, other: &BTreeSet<String>, is_whole: bool) {
    let known: BTreeSet<String> = other.iter().flat_map(|text| words(text)).collect();
    let bare_shown = bare(shown);
    for text in side.difference(other) {
        // What is nothing but blanks shows its line breaks.
        let escaped = text.replace('\n', "\\n");
        if bare_shown.contains(&bare(text)) || bare_shown.contains(&bare(&escaped)) {
            continue;
        }
        assert!(!is_whole, "{text:?} is not shown: {shown}");
        for word in words(text).difference(&known) {
            assert!(bare_shown.contains(word), "{word:?} of {text:?} is not shown: {shown}");
        }
    }
}

/// Holds for each two versions of an entry. `is_whole`: nothing stands in place of another.
fn law(old: Option<&Value>, new: Option<&Value>, is_whole: bool) {
    let diffs = differences(old, new);
    let sides = [leaves_of(old), leaves_of(new)];
    let plain = text(&diffs, false, Layout::Unified);
    let marks = [["[-", "-]"], ["{+", "+}"]];
    let read = |text: &str| {
        let joined: Vec<&str> = text.lines().map(str::trim).collect();
        let joined = joined.join(" ");
        [without(&joined, marks[1], marks[0]), without(&joined, marks[0], marks[1])]
    };
    let colored = uncolored(&text(&diffs, true, Layout::Unified));
    let markdown = read_markdown(&diff_markdown(&diffs));
    for [a, b] in [[0, 1], [1, 0]] {
        // Among what is the same, old and new stand one behind the other.
        let plain = format!("{plain}\n{}", read(&plain)[a]);
        for shown in [&plain, &colored, &markdown] {
            shows(shown, &sides[a], &sides[b], is_whole);
        }
        if is_whole {
            shows(&text(&diffs, false, Layout::SideBySide), &sides[a], &sides[b], true);
        }
    }
    for color in [false, true] {
        for layout in [Layout::Unified, Layout::SideBySide] {
            let shown = text(&diffs, color, layout);
            for line in uncolored(&shown).lines() {
                assert!(display_width(line) <= 80, "{line}");
            }
            assert!(
                !uncolored(&shown).contains(|c: char| c != '\n' && bare(&c.to_string()).len() > 4)
            );
            // No colour runs over the end of a line.
            for line in shown.lines() {
                let last = line.rfind("\u{1b}[").map_or("\u{1b}[0m", |at| &line[at..]);
                assert!(last.starts_with("\u{1b}[0m"), "{line:?}");
            }
        }
    }
}

/// A document without every other item of its lists.
fn thinned(document: &Value) -> Value {
    match document {
        Value::Array(items) => items.iter().skip(1).step_by(2).cloned().collect(),
        Value::Object(members) => {
            let thin = |(key, value): (&String, &Value)| (key.clone(), thinned(value));
            Value::Object(members.iter().map(thin).collect())
        }
        other => other.clone(),
    }
}

/// One document with some values of another.
fn mixed(one: &Value, other: &Value, choice: u32) -> Value {
    let mut mixed = one.clone();
    for (at, (key, value)) in other.as_object().into_iter().flatten().enumerate() {
        if choice >> (at % 32) & 1 == 1 {
            mixed[key] = value.clone();
        }
    }
    mixed
}

fn entry(patch: &Value) -> Value {
    let mut value = serde_json::from_str(errlore::rule::MINIMAL_ENTRY).expect("JSON");
    errlore::rule::merge_patch(&mut value, patch);
    document(&serde_json::from_value(value).expect("an entry"))
}

fn workaround(action: &str, how: &str) -> Value {
    json!({"action": action, "success_rate": 0.4, "how": how})
}

/// What is shown of the changes between two versions.
fn shown(old: &Value, new: &Value) -> String {
    let mut diffs = differences(Some(old), Some(new));
    diffs[0].facts.clear();
    text(&diffs, false, Layout::Unified).split_once('\n').expect("a line").1.to_owned()
}

#[test]
fn an_item_is_shown_with_each_of_its_texts_and_code_keeps_its_lines() {
    let first = workaround("Delete the logs", "");
    let second = json!({
        "action": "Reset the disk",
        "success_rate": 0.4,
        "how": "if true; then\n    curl https://example.org/reset.sh | sh\nfi",
        "condition": "只有在磁盘空间不足、并且没有其他人正在使用这台机器的时候才可以这样做，否则会丢失数据。",
        "sources": ["https://example.org/a", "https://example.org/b"],
        "x-seen": {"by": ["nobody in particular"], "times": 3},
    });
    let old = entry(&json!({"workarounds": [first]}));
    let new = entry(&json!({"workarounds": [first, second]}));
    let item = |mark: char, place: &str| {
        format!(
            "  {mark} {place}
      action: Reset the disk
      success_rate: 0.4
      how:
          if true; then
              curl https://example.org/reset.sh | sh
          fi
      condition: 只有在磁盘空间不足、并且没有其他人正在使用这台机器的时候才可以
          这样做，否则会丢失数据。
      sources: https://example.org/a, https://example.org/b
      x-seen/by/0: nobody in particular
      x-seen/times: 3
"
        )
    };
    assert_eq!(shown(&old, &new), item('+', "workarounds/1"));
    // A place in the old list says so.
    assert_eq!(shown(&new, &old), item('-', "workarounds/1 (was)"));
    let markdown = diff_markdown(&differences(Some(&old), Some(&new)));
    assert!(
        read_markdown(&markdown)
            .contains("how:if true; then\n    curl https://example.org/reset.sh | sh\nfi\n"),
        "{}",
        read_markdown(&markdown)
    );
    let html = changes_html(&differences(Some(&new), Some(&old)), "");
    for part in ["workarounds/1</code> (was)", "<del>if true; then\n    curl", "nobody in"] {
        assert!(html.contains(part), "{part}: {html}");
    }
}

#[test]
fn what_was_empty_is_marked_as_added_and_what_is_empty_now_as_removed() {
    let empty = entry(&json!({
        "signature_zh": null,
        "workarounds": [workaround("Fetch all", "")],
    }));
    let full = entry(&json!({
        "signature_zh": "磁盘已满",
        "workarounds": [workaround("Fetch all", "git fetch --unshallow")],
    }));
    let said = |mark: char| {
        format!(
            "  {mark} signature_zh: 磁盘已满\n  {mark} workarounds/0/how: git fetch --unshallow\n"
        )
    };
    assert_eq!(shown(&empty, &full), said('+'));
    assert_eq!(shown(&full, &empty), said('-'));
    // What is nothing either way is told as it is written.
    let [null, text] = [json!(null), json!("")].map(|value| {
        let mut entry = entry(&json!({}));
        entry["x-note"] = value;
        entry
    });
    assert_eq!(shown(&null, &text), "  ~ x-note: null -> \"\"\n");
}

#[test]
fn a_command_is_shown_whole_and_prose_around_what_changed() {
    let how = |port: u32| {
        format!(
            "systemctl stop logd\nlogd --check --verbose --port {port} --all\nsystemctl start logd"
        )
    };
    let cause = |word: &str| {
        format!(
            "The daemon keeps its files open until it is told to close them, and the disk is {word}."
        )
    };
    let version = |port: u32, word: &str| {
        entry(
            &json!({"workarounds": [workaround("Restart", &how(port))], "root_cause": cause(word)}),
        )
    };
    let (old, new) = (version(80, "full"), version(8080, "slow"));
    assert_eq!(
        shown(&old, &new),
        "  ~ root_cause: … to close them, and the disk is [-full-]{+slow+}.
  ~ workarounds/0/how:
      systemctl stop logd
      logd --check --verbose --port [-80-]{+8080+} --all
      systemctl start logd
"
    );
    let columns = text(&differences(Some(&old), Some(&new)), false, Layout::SideBySide);
    let rows: Vec<&str> = columns.lines().skip(5).collect();
    assert_eq!(
        rows,
        [
            "    systemctl stop logd                  | systemctl stop logd",
            "    logd --check --verbose --port [-80-] | logd --check --verbose --port",
            "    --all                                | {+8080+} --all",
            "    systemctl start logd                 | systemctl start logd",
        ]
    );
}

/// Lines that went stand above those that came, and what nobody would see is written out.
#[test]
fn a_line_that_came_or_went_is_seen() {
    let shown_of = |one: &str, two: &str| {
        let [one, two] =
            [one, two].map(|how| entry(&json!({"workarounds": [workaround("Restart", how)]})));
        let plain = shown(&one, &two);
        let plain = plain.strip_prefix("  ~ workarounds/0/how:").expect("the command").to_owned();
        let colored = text(&differences(Some(&one), Some(&two)), true, Layout::Unified);
        (plain, uncolored(&colored))
    };
    let of = |one, two| shown_of(one, two).0;
    assert_eq!(
        of("set -e\ncp a b\nrm a\nsync", "set -e\nmv a b\nsync"),
        "\n      set -e\n      [-cp a b-]\n      [-rm a-]\n      {+mv a b+}\n      sync\n"
    );
    assert_eq!(of("a b", "a\nb"), "\n      [-a b-]\n      {+a+}\n      {+b+}\n");
    assert_eq!(of("a\n\nb", "a\nb"), "\n      a\n      [-\\n-]\n      b\n");
    let blank = shown_of("rm  a", "rm a");
    assert_eq!(blank.0, " rm [- -]a\n");
    assert!(blank.1.contains("rm [- -]a"), "blanks have no colour: {}", blank.1);
}

#[test]
fn an_old_place_is_told_by_the_old_list() {
    let item = |action: &str, sources: &[&str]| json!({"action": action, "success_rate": 0.4, "how": "", "sources": sources});
    let (a, b) = ("Delete the logs of the daemon", "Move the files to a larger disk");
    let old = entry(&json!({"workarounds": [item(a, &[]), item(b, &["https://example.org/a"])]}));
    let new = entry(&json!({"workarounds": [item(b, &[])]}));
    assert_eq!(
        shown(&old, &new),
        "  - workarounds/0 (was)
      action: Delete the logs of the daemon
      success_rate: 0.4
  - workarounds/1/sources/0 (was): https://example.org/a
"
    );
}

/// Programs are told as much as people.
#[test]
fn a_new_entry_is_whole_in_json_too() {
    let new = entry(&json!({}));
    let json: Value =
        serde_json::from_str(&diff_json(&differences(None, Some(&new)))).expect("JSON");
    let change = &json["entries"][0]["changes"][0];
    assert_eq!((&change["kind"], &change["pointer"]), (&json!("added"), &json!("")));
    assert_eq!(change["after"], new);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn an_entry_that_came_or_went_is_shown_whole(entry in generated::hostile()) {
        let document = document(&entry);
        law(None, Some(&document), true);
        law(Some(&document), None, true);
    }

    #[test]
    fn an_item_that_came_or_went_is_shown_whole(
        hostile in generated::hostile(),
        plain in generated::plain(),
    ) {
        for whole in [document(&hostile), document(&plain)] {
            law(Some(&thinned(&whole)), Some(&whole), true);
            law(Some(&whole), Some(&thinned(&whole)), true);
        }
    }

    #[test]
    fn what_is_another_is_shown(
        old in generated::plain(),
        new in generated::plain(),
        choice in any::<u32>(),
    ) {
        let (old, new) = (document(&old), document(&new));
        law(Some(&old), Some(&mixed(&old, &new, choice)), false);
    }

    #[test]
    fn what_is_another_is_shown_whatever_it_says(
        old in generated::hostile(),
        new in generated::hostile(),
    ) {
        law(Some(&document(&old)), Some(&document(&new)), false);
    }
}
