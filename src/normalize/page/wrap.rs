//! Lines that a converter wrapped at a width, put together again.
//!
//! A break is soft where the first word of the next line would not have fitted: that is how filling
//! breaks lines. The width is read off the texts that are known to be one paragraph.

use std::borrow::Cow;

use textwrap::core::display_width;

use crate::han::is_wide;
use crate::normalize::line::Line;

/// No program wraps at more than this.
const WIDEST: usize = 140;
/// Nor at less, where a whole page is concerned.
const NARROWEST: usize = 40;

/// The width at which the texts of a page are wrapped; `None` where they are not. `prose` holds the
/// lines of each text that is one paragraph.
pub(super) fn width(prose: &[&[Line<'_>]]) -> Option<usize> {
    let widest = prose.iter().copied().flatten().map(end).max()?;
    if !(NARROWEST..=WIDEST).contains(&widest) {
        return None;
    }
    let pairs = prose.iter().flat_map(|lines| lines.windows(2)).filter(|pair| pair[1].gap == 0);
    pairs.into_iter().any(|pair| is_soft(&pair[0], &pair[1], widest)).then_some(widest)
}

/// The column at which a line ends.
fn end(line: &Line<'_>) -> usize {
    line.indent() + display_width(&line.marker) + display_width(&line.text)
}

/// Whether the break between two lines comes from wrapping at a width.
pub(super) fn is_soft(line: &Line<'_>, next: &Line<'_>, width: usize) -> bool {
    if next.gap > 0 || line.is_code() || next.is_code() {
        return false;
    }
    let literal = next.literal();
    let word = literal.split(' ').next().unwrap_or_default();
    // Between full-width characters a line can break anywhere.
    let first = word.chars().next().filter(|c| is_wide(*c)).map_or(word.len(), char::len_utf8);
    end(line) <= width && end(line) + 1 + display_width(&word[..first]) > width
}

/// Puts two pieces of a text together where they were broken.
pub(super) fn join(text: &mut String, next: &str) {
    let before = text.chars().next_back();
    let after = next.chars().next();
    if !(before.is_some_and(is_wide) && after.is_some_and(is_wide)) {
        text.push(' ');
    }
    text.push_str(next);
}

/// The lines with those put together whose breaks are soft.
pub(super) fn filled<'s>(lines: &[Line<'s>], width: usize) -> Vec<Line<'s>> {
    let mut out: Vec<Line<'s>> = Vec::with_capacity(lines.len());
    for (index, line) in lines.iter().enumerate() {
        let joins = index > 0 && is_soft(&lines[index - 1], line, width);
        match out.last_mut() {
            Some(last) if joins => {
                let mut text = last.text.to_string();
                join(&mut text, &line.literal());
                last.text = Cow::Owned(text);
                last.exact = false;
                last.span.end = line.span.end;
            }
            _ => out.push(line.clone()),
        }
    }
    out
}
