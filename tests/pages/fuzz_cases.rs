//! Sources that the fuzzer found, and sources with a great many of everything.

use std::time::{Duration, Instant};

use errlore::canonical::canonical;
use errlore::json;
use errlore::normalize::{Bound, Draft, Form, normalize};
use errlore::source::Source;

/// The one draft of a page, all of whose places lie in it and all of whose fields it has.
fn read(page: &str, form: Form) -> Draft {
    let mut reading = normalize(&Source::new("page", page), form);
    assert_eq!(reading.drafts.len(), 1, "one page is one draft: {page}");
    let draft = reading.drafts.remove(0);
    let text = draft.json();
    let tree = json::parse(&text).expect("a draft is JSON");
    let root = tree.root(&text).expect("a draft has a root");
    for binding in &draft.bindings {
        assert!(page.get(binding.span.range()).is_some(), "{binding:?} is no part of {page}");
        if let Bound::Field(pointer) = &binding.bound {
            assert!(root.follow(pointer).1, "{pointer} is not in {text}");
        }
    }
    for remark in draft.remarks.iter().chain(&reading.remarks) {
        assert!(page.get(remark.span.range()).is_some(), "{remark:?} is no part of {page}");
    }
    draft
}

/// What a page has at the places of a remark whose message holds a text.
fn remarked<'p>(page: &'p str, draft: &Draft, message: &str) -> Vec<&'p str> {
    let remarks = draft.remarks.iter().filter(|remark| remark.message.contains(message));
    remarks.map(|remark| &page[remark.span.range()]).collect()
}

/// What a page has that is not understood.
fn not_understood<'p>(page: &'p str, draft: &Draft) -> Vec<&'p str> {
    let open = draft.bindings.iter().filter(|binding| binding.bound == Bound::NotUnderstood);
    open.map(|binding| &page[binding.span.range()]).collect()
}

#[test]
fn an_id_within_a_message_of_several_lines_is_text() {
    let page = "ai_generated true\n\n    first line\n    ID: not/this\n\nID: this/one\n";
    let draft = read(page, Form::Text);
    assert_eq!(draft.entry.id.as_str(), "this/one");
    assert_eq!(draft.entry.signature, "first line\nID: not/this");
}

#[test]
fn badges_are_found_in_their_order() {
    let page = "b a a b ai_generated true\n\nMessage\n\nID: a/b\n";
    let draft = read(page, Form::Text);
    assert_eq!(draft.entry.error_code.as_deref(), Some("b a"));
    let at = |name: &str| {
        let name = errlore::pointer::JsonPointer::root().join(name.to_owned());
        let binding = draft.bindings.iter().find(|b| b.bound == Bound::Field(name.clone()));
        binding.expect("it is bound").span.range()
    };
    assert_eq!([at("error_code"), at("domain"), at("category")], [0..3, 4..5, 6..7]);
}

#[test]
fn cells_that_stand_closer_than_the_status_are_in_order() {
    let heads = "Version\nStatus\nIntroduced\nNotes\n\n";
    let rows = "ws 8\n\nactive\n8.0\n\nws 9\n\nactive\n\n";
    let page = format!("ID: a/b\n\nVersion Compatibility\n\n{heads}{rows}Root Cause\n\nx\n");
    let versions = read(&page, Form::Text).entry.versions;
    let read: Vec<_> = versions.iter().map(|v| (&*v.version, v.introduced.as_deref())).collect();
    assert_eq!(read, [("ws 8", Some("8.0")), ("ws 9", None)]);
}

#[test]
fn letters_that_grow_in_lower_case_do_no_harm() {
    let page = "İİİ ai_generated true\n\nMessage\n\nID: a/b\n";
    assert_eq!(read(page, Form::Text).entry.domain, "İİİ");
}

#[test]
fn a_key_that_occurs_twice_in_front_matter_counts_once() {
    let page = "---\nid: a/b\ncategory: one\ncategory: two\n---\n\n# Message\n";
    let draft = read(page, Form::Markdown);
    assert_eq!(draft.entry.category, "one");
    assert_eq!(not_understood(page, &draft), ["category: two"]);
}

#[test]
fn a_remark_on_a_key_of_front_matter_points_at_it() {
    let page = "---\nid: a/b\n\"Tags\": [\"x\"]\nstrange: \"\\\"\\\"\\\"\"\n---\n\n# Message\n";
    let draft = read(page, Form::Markdown);
    assert_eq!(remarked(page, &draft, "is read as `tags`"), ["\"Tags\": "]);
    assert_eq!(remarked(page, &draft, "unknown key"), ["strange: "]);
}

#[test]
fn a_key_of_ones_own_is_no_field_in_another_spelling() {
    let mut entry = read("# Message\n\nID: a/b\n", Form::Markdown).entry;
    entry.extra.insert("ID".to_owned(), "c/d".into());
    let page = errlore::render::markdown(&entry);
    assert_eq!(canonical(&read(&page, Form::Markdown).entry), canonical(&entry));
}

#[test]
fn front_matter_keeps_all_that_it_cannot_read_of_a_list() {
    let page =
        "---\nid: a/b\nworkarounds: [[1, 2], {\"action\": \"x\"}, [3, 4]]\n---\n\n# Message\n";
    let draft = read(page, Form::Markdown);
    assert_eq!(draft.entry.workarounds.len(), 1);
    assert_eq!(draft.entry.extra["x-workarounds"], serde_json::json!([[1, 2], [3, 4]]));
}

#[test]
fn what_front_matter_replaces_is_no_field() {
    let page =
        "---\nid: a/b\ndead_ends: []\n---\n\n# Message\n\n## Dead Ends\n\n1. 50% fail **x**\n";
    let draft = read(page, Form::Markdown);
    assert!(draft.entry.dead_ends.is_empty());
    let replaced = Bound::Label("replaced by the front matter");
    assert!(draft.bindings.iter().any(|binding| binding.bound == replaced));
}

/// A source, what it is called, and the form it is in.
type Crowd = (&'static str, Form, String);

/// So many of everything that looking at each for each would take minutes.
fn crowds() -> Vec<Crowd> {
    const MANY: usize = 30_000;
    let numbered = |line: fn(usize) -> String| (0..MANY).map(line).collect::<String>();
    let head = "c d ai_generated true\n\nMessage\n\nID: a/b\n\nRoot Cause\n\nx\n\n";
    let text = |name, begin: &str, more: String| (name, Form::Text, format!("{begin}{more}"));
    let below =
        |name, heading: &str, more: String| text(name, &format!("{head}{heading}\n\n"), more);
    let page = "# Message\n\nID: a/b\n\n## Root Cause\n\n";
    let markdown = |name, more: String| (name, Form::Markdown, format!("{page}{more}"));
    let front = |name, lines: String| {
        (name, Form::Markdown, format!("---\nformat: \"errlore-entry\"\n{lines}---\n\n{page}x\n"))
    };
    let digest = |name, more: String| {
        (name, Form::Digest, format!("## a/b\n\n- ERROR: x\n\n### Dead Ends\n\n{more}"))
    };
    vec![
        text("ids", head, "ID: a/b\n".repeat(MANY)),
        text("words of badges", "", numbered(|n| format!("w{n} ")) + head),
        below("wrapped lines", "中文", (["lorem ipsum "; 6].concat() + "dolor\n").repeat(MANY)),
        below("indentation", "中文", (" ".repeat(MANY * 4) + "x\n").repeat(3)),
        below("heads of columns", "Version Compatibility", {
            "Version\n".repeat(MANY) + &"zz  yy  xx  active\n".repeat(MANY)
        }),
        below(
            "cells",
            "Version Compatibility",
            "Version  Status\n".to_owned() + &"a  ".repeat(MANY),
        ),
        below("rates out of range", "Workarounds", {
            "1. 900% success a\n".repeat(MANY) + &"1. 90% success a\n".repeat(MANY)
        }),
        markdown("marks and breaks", "*a* b\n".repeat(MANY)),
        markdown("strong text", "**the server 's** ".repeat(MANY)),
        markdown("images in images", "![".repeat(MANY) + "a" + &"](b)".repeat(MANY)),
        markdown("ids", "x\n\n".to_owned() + &"ID: a/b\n\n".repeat(MANY)),
        front("keys", numbered(|n| format!("k{n}: {n}\n"))),
        front("the same key", "Tags: []\n".repeat(MANY)),
        front("quotes", format!("\"{}\n", "\\\":".repeat(MANY))),
        digest("marks", "(fail_rate=0.9): why ".repeat(MANY)),
        digest("hashes", "## ".repeat(MANY * 4)),
        digest("blanks", "\n### Workarounds\nx".repeat(MANY) + &"\n".repeat(MANY * 8)),
    ]
}

#[test]
fn a_great_many_of_anything_is_read_in_time() {
    for (name, form, text) in crowds() {
        let begin = Instant::now();
        let reading = normalize(&Source::new(name, &*text), form);
        for draft in &reading.drafts {
            assert!(!canonical(&draft.entry).is_empty() && !draft.json().is_empty());
        }
        let time = begin.elapsed();
        assert!(time < Duration::from_mins(1), "{name} in {form:?} took {time:?}");
    }
}
