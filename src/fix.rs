//! Fixes: which edits of a report can be made together, and the text after them.

use std::collections::BTreeMap;

use crate::diagnostic::{Applicability, Edit, SourceId};
use crate::report::Report;
use crate::source::Source;

/// The text of each source after the fixes up to an applicability, with how many were made.
///
/// Edits that touch each other wait for the next round, as does one that covers the whole file
/// while others have something to do in it.
pub fn fixed(report: &Report, up_to: Applicability) -> BTreeMap<SourceId, (String, usize)> {
    let mut edits: BTreeMap<SourceId, Vec<&Edit>> = BTreeMap::new();
    for diagnostic in &report.diagnostics {
        if let Some(fix) = diagnostic.fix.as_ref().filter(|fix| fix.applicability <= up_to) {
            edits.entry(diagnostic.primary.location.source).or_default().extend(&fix.edits);
        }
    }
    edits.into_iter().map(|(id, edits)| (id, apply(report.source(id), edits))).collect()
}

fn apply(source: &Source, mut edits: Vec<&Edit>) -> (String, usize) {
    // The shortest first: a rewrite of the whole file comes last and then overlaps.
    edits.sort_by_key(|edit| (edit.span.end - edit.span.start, edit.span.start));
    let mut made: Vec<&Edit> = Vec::new();
    for edit in edits {
        let apart = |other: &&Edit| edit.span.end < other.span.start || other.span.end < edit.span.start;
        if made.iter().all(apart) {
            made.push(edit);
        }
    }
    made.sort_by_key(|edit| edit.span.start);
    let (text, mut out, mut at) = (source.text(), String::with_capacity(source.text().len()), 0);
    for edit in &made {
        let range = edit.span.range();
        out.push_str(&text[at..range.start]);
        out.push_str(&edit.text);
        at = range.end;
    }
    out.push_str(&text[at..]);
    (out, made.len())
}
