//! What must hold of a reading, whatever was read.

use errlore::canonical::canonical;
use errlore::entry::{DeadEnd, Entry, EntryId, Version, Workaround};
use errlore::json;
use errlore::normalize::{Bound, Draft, Form, Reading, normalize, read_markdown};
use errlore::render;
use errlore::source::{Source, Span};

/// Reads a text in a form and holds what came of it, and pages made of it, against the laws.
pub fn check(text: &str, form: Form) {
    let reading = normalize(&Source::new("source", text), form);
    said_something(&reading);
    places(text, &reading);
    for draft in &reading.drafts {
        draft_is_json(draft);
        canonical_stays(&draft.entry);
        comes_back(&draft.entry, form);
    }
    comes_back(&entry_of(text), form);
}

/// A source of which no entry is read has a remark that says why.
fn said_something(reading: &Reading) {
    assert!(!reading.drafts.is_empty() || !reading.remarks.is_empty(), "nothing is said");
}

/// Each place lies in the source and does not cut a character; those of a draft are in order.
fn places(text: &str, reading: &Reading) {
    let check = |span: Span, what: &dyn std::fmt::Debug| {
        assert!(text.get(span.range()).is_some(), "{span:?} is no part of the source: {what:?}");
    };
    for draft in &reading.drafts {
        for binding in &draft.bindings {
            check(binding.span, binding);
        }
        assert!(draft.bindings.is_sorted_by_key(|binding| binding.span), "bindings out of order");
    }
    let remarks = reading.drafts.iter().flat_map(|draft| &draft.remarks).chain(&reading.remarks);
    for remark in remarks {
        check(remark.span, remark);
    }
}

/// A draft is written as JSON in which each field that something is bound to is there, and each gap is
/// `null`.
fn draft_is_json(draft: &Draft) {
    let text = draft.json();
    serde_json::from_str::<serde_json::Value>(&text).expect("a draft is JSON");
    let tree = json::parse(&text).unwrap_or_else(|fault| panic!("{fault:?}: {text}"));
    let root = tree.root(&text).expect("a draft has a root");
    for binding in &draft.bindings {
        if let Bound::Field(pointer) = &binding.bound {
            assert!(root.follow(pointer).1, "{pointer} is bound and not in the draft:\n{text}");
        }
    }
    for gap in &draft.gaps {
        let (found, is_there) = root.follow(gap);
        assert!(is_there && found.value.kind() == json::Kind::Null, "{gap} is no gap:\n{text}");
    }
}

/// The canonical text of an entry is read as that entry, by each of the two readers of JSON, and there
/// is nothing to say about it.
fn canonical_stays(entry: &Entry) {
    let text = canonical(entry);
    assert_eq!(canonical(&settled(entry)), text, "canonical text is not stable");
    let reading = normalize(&Source::new("canonical", &*text), Form::Json);
    let [draft] = &reading.drafts[..] else { panic!("{:?}: {text}", reading.remarks) };
    assert_eq!(canonical(&draft.entry), text, "canonical text is read as something else");
}

/// An entry as it is once it has been written canonically.
fn settled(entry: &Entry) -> Entry {
    serde_json::from_str(&canonical(entry)).expect("canonical text is an entry")
}

/// An entry is read back from its page: whole from Markdown, as one draft from the others, which cannot
/// say which line of them is a heading or an id and which is a text that looks like one.
fn comes_back(entry: &Entry, form: Form) {
    let entry = settled(entry);
    let page = match form {
        Form::Markdown => render::markdown(&entry),
        Form::Html => render::html(&entry),
        _ => render::text(&entry),
    };
    let reading = normalize(&Source::new("page", &*page), form);
    places(&page, &reading);
    if form == Form::Markdown {
        assert_eq!(canonical(&read_markdown(&page)), canonical(&entry), "of the page:\n{page}");
    }
    let ids = page.matches("ID").count() + page.matches("Id").count();
    if entry.id.is_usable() && (form == Form::Markdown || ids == 1 && !has_heading(&entry)) {
        assert_eq!(reading.drafts.len(), 1, "not one draft of the page:\n{page}");
        assert_eq!(reading.drafts[0].entry.id, entry.id, "of the page:\n{page}");
    }
}

/// Whether one of the texts above the id could be a heading.
fn has_heading(entry: &Entry) -> bool {
    const WORDS: [&str; 10] = [
        "version",
        "cause",
        "documentation",
        "workaround",
        "dead end",
        "pattern",
        "regex",
        "operating",
        "chain",
        "中文",
    ];
    let texts = [&*entry.signature, entry.signature_zh.as_deref().unwrap_or_default()];
    let texts = texts.concat().to_lowercase();
    texts.contains("原因") || WORDS.iter().any(|word| texts.contains(word))
}

/// An entry whose texts are the pieces of a text.
fn entry_of(text: &str) -> Entry {
    let mut pieces = text.split("\n\n").map(str::to_owned).filter(|piece| !piece.is_empty());
    let mut next = || pieces.next().unwrap_or_default();
    // An empty text that may be missing is one that is.
    let some = |text: String| Some(text).filter(|text| !text.trim().is_empty());
    let mut entry = Entry {
        id: EntryId::new("fuzz/entry"),
        signature: next(),
        root_cause: next(),
        category: next(),
        regex: next(),
        domain: next(),
        ..Entry::default()
    };
    entry.error_code = some(next());
    entry.signature_zh = some(next());
    entry.root_cause_zh = some(next());
    entry.official_doc_url = some(next());
    entry.official_doc_section = some(next());
    entry.root_cause_type.0 = next();
    entry.os_specific.insert(next(), next());
    for _ in 0..2 {
        entry.versions.push(Version {
            version: next(),
            introduced: some(next()),
            removed: some(next()),
            behavior_change: some(next()),
            ..Version::default()
        });
        entry.workarounds.push(Workaround {
            action: next(),
            how: next(),
            condition: next(),
            sources: vec![next()],
            ..Workaround::default()
        });
        entry.dead_ends.push(DeadEnd {
            action: next(),
            why_fails: next(),
            condition: next(),
            sources: vec![next()],
            ..DeadEnd::default()
        });
    }
    entry.workarounds_zh = pieces.by_ref().take(3).collect();
    entry.tags = pieces.by_ref().take(3).collect();
    entry
}
