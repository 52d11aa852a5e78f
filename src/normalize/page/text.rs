//! Lines to the text of a field.

use crate::normalize::line::{Line, next_column};
use crate::source::Span;

/// The text that lines hold together, as it was before a converter laid it out, and where it stands.
///
/// Lines of code are as they are. Of other lines the indentation of the first is layout; where the
/// lines after it have less, theirs is their own: a converter has set the first one in only.
pub(super) fn assemble(lines: &[Line<'_>]) -> Option<(String, Span)> {
    let first = lines.iter().position(|line| !line.text.trim().is_empty())?;
    let last = lines.iter().rposition(|line| !line.text.trim().is_empty())?;
    let lines = &lines[first..=last];
    let base = lines[0].indent();
    let rest = lines[1..].iter().filter(|line| !line.is_code()).map(Line::indent).min();
    let base = if rest.is_some_and(|rest| rest < base) { 0 } else { base };
    let mut out = String::new();
    for (index, line) in lines.iter().enumerate() {
        if index > 0 {
            out.extend(std::iter::repeat_n('\n', line.gap + 1));
            if !line.is_code() {
                out.push_str(past(line.leading, base));
            }
        }
        if index == 0 && lines.len() == 1 {
            out.push_str(&line.value());
        } else {
            out.push_str(&line.literal());
        }
    }
    let span = Span { start: lines[0].span.start, end: lines[lines.len() - 1].span.end };
    Some((out.trim_end().to_owned(), span))
}

/// The blanks beyond a column.
fn past(blanks: &str, column: usize) -> &str {
    let mut before = 0;
    let at = blanks.char_indices().find(|(_, c)| {
        let is_past = before >= column;
        before = next_column(before, *c);
        is_past
    });
    at.map_or("", |(at, _)| &blanks[at..])
}
