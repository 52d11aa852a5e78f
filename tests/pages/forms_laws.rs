//! Rendering and reading are inverse, over real entries and generated ones.

use std::collections::BTreeMap;

use errlore::canonical::canonical;
use errlore::entry::Entry;
use errlore::normalize::{Bound, Form, normalize, read_markdown};
use errlore::render;
use errlore::source::Source;
use proptest::prelude::*;

use crate::generated;
use crate::support::corpora::corpora;

fn read(text: &str, form: Form) -> errlore::normalize::Draft {
    let mut reading = normalize(&Source::new("page", text), form);
    assert_eq!(reading.drafts.len(), 1, "one page is one draft: {text}");
    reading.drafts.remove(0)
}

/// An entry as it is once it has been written canonically.
fn settled(entry: &Entry) -> Entry {
    serde_json::from_str(&canonical(entry)).expect("canonical text reads back")
}

/// The entry with what a text page shows, and nothing else.
fn shown_by_text(entry: &Entry) -> Entry {
    let mut shown = Entry {
        id: entry.id.clone(),
        signature: entry.signature.clone(),
        domain: entry.domain.clone(),
        category: entry.category.clone(),
        root_cause: entry.root_cause.clone(),
        root_cause_type: entry.root_cause_type.clone(),
        root_cause_zh: entry.root_cause_zh.clone(),
        versions: entry.versions.clone(),
        dead_ends: entry.dead_ends.clone(),
        workarounds: entry.workarounds.clone(),
        workarounds_zh: entry.workarounds_zh.clone(),
        official_doc_url: entry.official_doc_url.clone(),
        official_doc_section: entry.official_doc_section.clone(),
        error_code: entry.error_code.clone(),
        verification_tier: entry.verification_tier,
        confidence: entry.confidence,
        fix_success_rate: entry.fix_success_rate,
        resolvable: entry.resolvable,
        first_seen: entry.first_seen,
        evidence_count: entry.evidence_count,
        ..Entry::default()
    };
    for version in &mut shown.versions {
        version.removed = None;
        version.extra.clear();
    }
    for dead_end in &mut shown.dead_ends {
        dead_end.condition.clear();
        dead_end.sources.clear();
        dead_end.extra.clear();
    }
    for workaround in &mut shown.workarounds {
        workaround.condition.clear();
        workaround.sources.clear();
        workaround.extra.clear();
    }
    shown
}

/// The entry with what an HTML page shows, and nothing else.
fn shown_by_html(entry: &Entry) -> Entry {
    let mut shown = Entry {
        schema: None,
        subcategory: None,
        tags: Vec::new(),
        aliases: Vec::new(),
        extra: BTreeMap::new(),
        locale: Entry::default().locale,
        ..entry.clone()
    };
    if shown.os_specific.values().all(String::is_empty) {
        shown.os_specific.clear();
    }
    shown.versions.iter_mut().for_each(|version| version.extra.clear());
    shown.dead_ends.iter_mut().for_each(|dead_end| dead_end.extra.clear());
    shown.workarounds.iter_mut().for_each(|workaround| workaround.extra.clear());
    shown
}

/// Checks the laws on entries; gives what breaks them.
fn faults(entries: &[Entry]) -> Vec<String> {
    let mut faults = Vec::new();
    for entry in entries {
        let entry = settled(entry);
        let whole = canonical(&entry);
        let text = render::text(&entry);
        let html = render::html(&entry);
        let markdown = render::markdown(&entry);
        let mut check = |form: Form, page: &str, wanted: &str| {
            let draft = read(page, form);
            let got = canonical(&draft.entry);
            let open = draft.bindings.iter().filter(|b| b.bound == Bound::NotUnderstood);
            for binding in open {
                faults.push(format!(
                    "{} {form:?} not understood: {:?}",
                    entry.id,
                    page.get(binding.span.range())
                ));
            }
            if got != wanted {
                for diff in similar::TextDiff::from_lines(wanted, &got)
                    .iter_all_changes()
                    .filter(|c| c.tag() != similar::ChangeTag::Equal)
                    .take(4)
                {
                    faults.push(format!(
                        "{} {form:?} {} {}",
                        entry.id,
                        diff.tag(),
                        diff.value().trim_end()
                    ));
                }
            }
        };
        check(Form::Markdown, &markdown, &whole);
        check(Form::Text, &text, &canonical(&shown_by_text(&entry)));
        check(Form::Html, &html, &canonical(&shown_by_html(&entry)));
    }
    faults
}

#[test]
fn real_entries_come_back() {
    for corpus in corpora() {
        let entries = corpus.entries();
        let faults = faults(&entries);
        assert!(
            faults.is_empty(),
            "{} faults:\n{}",
            faults.len(),
            faults[..faults.len().min(60)].join("\n")
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn markdown_carries_whatever_may_stand_in_a_text(entry in generated::hostile()) {
        let entry = settled(&entry);
        let page = render::markdown(&entry);
        prop_assert_eq!(canonical(&read_markdown(&page)), canonical(&entry), "{}", page);
    }

    #[test]
    fn canonical_json_is_read_as_it_is(entry in generated::hostile()) {
        let text = canonical(&entry);
        let reading = normalize(&Source::new("entry.json", text.as_str()), Form::Json);
        prop_assert_eq!(reading.drafts.len(), 1);
        prop_assert_eq!(reading.drafts[0].json(), text);
    }

    #[test]
    fn plain_entries_come_back(entry in generated::plain()) {
        let faults = faults(std::slice::from_ref(&entry));
        prop_assert!(faults.is_empty(), "{}\n{}", faults.join("\n"), render::text(&entry));
    }
}
