//! Fixes: which of a report can be made together, and the text after them.

use std::collections::BTreeMap;

use crate::diagnostic::{Applicability, Edit, Fix, SourceId};
use crate::report::Report;
use crate::source::Source;

/// The text of each source after the fixes up to an applicability, with how many were made.
///
/// A fix is made whole or not at all. Of two that touch each other the one with the smaller edits is
/// made; the other waits for the next round.
pub fn fixed(report: &Report, up_to: Applicability) -> BTreeMap<SourceId, (String, usize)> {
    let mut fixes: BTreeMap<SourceId, Vec<&Fix>> = BTreeMap::new();
    for diagnostic in &report.diagnostics {
        if let Some(fix) = diagnostic.fix.as_ref().filter(|fix| fix.applicability <= up_to) {
            fixes.entry(diagnostic.primary.location.source).or_default().push(fix);
        }
    }
    fixes.into_iter().map(|(id, fixes)| (id, apply(report.source(id), fixes))).collect()
}

fn apply(source: &Source, mut fixes: Vec<&Fix>) -> (String, usize) {
    fixes.sort_by_key(|fix| fix.edits.iter().map(|edit| edit.span.end - edit.span.start).max());
    // By where they begin; no two of them touch.
    let mut made: BTreeMap<u32, &Edit> = BTreeMap::new();
    let mut count = 0;
    for fix in fixes {
        let is_free = |edit: &Edit| {
            let before = made.range(..=edit.span.start).next_back();
            let after = made.range(edit.span.start..).next();
            before.is_none_or(|(_, other)| other.span.end < edit.span.start)
                && after.is_none_or(|(start, _)| edit.span.end < *start)
        };
        if fix.edits.iter().all(is_free) {
            made.extend(fix.edits.iter().map(|edit| (edit.span.start, edit)));
            count += 1;
        }
    }
    let (text, mut out, mut at) = (source.text(), String::with_capacity(source.text().len()), 0);
    for edit in made.values() {
        let range = edit.span.range();
        out.push_str(&text[at..range.start]);
        out.push_str(&edit.text);
        at = range.end;
    }
    out.push_str(&text[at..]);
    (out, count)
}
