//! Lines that a converter wrapped at a width, put together again.
//!
//! A break is soft where the first word of the next line would not have fitted: that is how filling
//! breaks lines. The width is read off the texts that are known to be one paragraph.

use textwrap::core::display_width;

use crate::han::is_wide;
use crate::normalize::line::{Kind, Line};

/// No program wraps at more than this.
const WIDEST: usize = 132;
/// Nor at less, where a whole page is concerned.
const NARROWEST: usize = 40;

/// What shows whether a page is wrapped: breaks where there can have been none.
#[derive(Debug, Default)]
pub(super) struct Evidence {
    /// The widest line of a text that is known to be one paragraph.
    widest: usize,
    /// Where lines end that may be wrapped and may be code.
    ends: Vec<usize>,
    /// Of breaks within a paragraph: how far the line would have gone with the next word.
    within: Vec<usize>,
    /// Of breaks below the first line of an item: where it ends, and how far it would have gone. What
    /// comes next may be another text.
    below: Vec<(usize, usize)>,
    /// Of those, where the next line reads like the rest of a sentence.
    rest: Vec<(usize, usize)>,
    /// Whether texts are set in from their headings, as programs do that show pages on a terminal.
    pub(super) has_margin: bool,
}

impl Evidence {
    /// Lines of which none is code.
    pub(super) fn prose(&mut self, lines: &[Line<'_>]) {
        // An address is not wrapped.
        let is_prose = |line: &&Line<'_>| {
            !line.is_code() && !line.text.contains(is_wide) && !line.text.contains("://")
        };
        let prose = lines.iter().filter(is_prose);
        self.widest = prose.map(end).max().unwrap_or(0).max(self.widest);
    }

    /// Lines that may be code.
    pub(super) fn text(&mut self, lines: &[Line<'_>]) {
        self.ends.extend(lines.iter().filter(|line| !line.is_code()).map(end));
    }

    /// Lines of which each block is one paragraph, beginning at a column.
    pub(super) fn paragraphs(&mut self, lines: &[Line<'_>], column: usize) {
        let is_laid_out = lines.iter().any(|line| line.is_code() || is_set_in(line, column));
        let lines: &[Line<'_>] = if is_laid_out { &[] } else { lines };
        self.prose(lines);
        for pair in lines.windows(2).filter(|pair| pair[1].gap == 0 && pair[1].marker.is_empty()) {
            self.within.push(with_next(&pair[0], &pair[1]));
        }
    }

    /// The lines of an item.
    pub(super) fn beginning(&mut self, item: &[Line<'_>]) {
        let Some(first) = item.first() else { return };
        self.prose(&item[..1]);
        let goes_on = |next: &&Line<'_>| {
            next.gap == 0 && !next.is_code() && !is_set_in(next, column_of_text(first))
        };
        if let Some(next) = item.get(1).filter(goes_on) {
            let pair = (end(first), with_next(first, next));
            self.below.push(pair);
            if is_rest(&next.text) {
                // Once for what comes, once for what was there.
                self.rest.push(pair);
                self.rest.extend(needs_more(&first.text).then_some(pair));
            }
        }
    }

    /// The width at which the page is wrapped; `None` where it is not.
    pub(super) fn width(&self) -> Option<usize> {
        /// Where only items show it: the widths that programs wrap at.
        const USUAL: [std::ops::RangeInclusive<usize>; 3] = [66..=80, 98..=100, 118..=120];
        /// Filled lines end near the width.
        const NEAR: usize = 9;
        let widest = self.widest;
        if !(NARROWEST..=WIDEST).contains(&widest) {
            return None;
        }
        let is_usual = USUAL.iter().any(|usual| usual.contains(&widest));
        let near = |list: &[(usize, usize)]| {
            list.iter().filter(|(end, next)| end + NEAR >= widest && *next > widest).count()
        };
        let shown = self.within.iter().any(|next| *next > widest)
            || is_usual && near(&self.rest) >= 2
            || is_usual && self.has_margin && (near(&self.below) >= 2 || near(&self.rest) >= 1);
        // The widest line that is known may not be full.
        let next = self.within.iter().copied().filter(|next| *next > widest).min();
        let full = |end: &usize| next.is_some_and(|next| (widest..next).contains(end));
        let fullest = self.ends.iter().copied().filter(full).max();
        shown.then_some(fullest.unwrap_or(widest))
    }
}

/// Whether a line reads like the end of a sentence that began above: a few words in small letters.
fn is_rest(text: &str) -> bool {
    const LONGEST: usize = 40;
    text.len() <= LONGEST
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.split(' ').all(|word| {
            let word = word.trim_end_matches(['.', ',']);
            word.chars().all(|c| c.is_ascii_alphabetic() || "'-".contains(c))
        })
}

/// Whether a line reads like the beginning of a text and not like the rest of the one above: with a
/// capital after words that need nothing more, or as code.
pub(super) fn reads_like_a_beginning(above: &str, text: &str) -> bool {
    !needs_more(above) && text.starts_with(|c: char| c.is_uppercase() || c == '#')
        || reads_like_code(above, text)
}

/// Whether a line reads like code below a text that needs nothing more.
pub(super) fn reads_like_code(above: &str, text: &str) -> bool {
    let word = text.split(' ').next().unwrap_or_default();
    let is_code = word.contains(['(', '=', '/', '_', '$', '{', '<']) && !word.starts_with('(')
        || [" --", " '", "()", "= ", "://", " -", "::"].iter().any(|sign| text.contains(sign));
    is_code && !needs_more(above)
}

/// Whether a text cannot end like this.
fn needs_more(text: &str) -> bool {
    const OPEN: [&str; 29] = [
        "a", "an", "the", "in", "of", "to", "for", "with", "and", "or", "by", "from", "at", "on",
        "via", "is", "are", "as", "that", "your", "its", "into", "using", "than", "if", "be",
        "not", "no", "when",
    ];
    let last = text.rsplit(' ').next().unwrap_or_default();
    OPEN.contains(&last.to_lowercase().as_str())
        || last.ends_with([',', '-', '(', '/', '+', '&', ':'])
}

/// The column at which a line ends.
fn end(line: &Line<'_>) -> usize {
    column_of_text(line) + display_width(&line.text)
}

/// The column at which the text of a line begins.
pub(super) fn column_of_text(line: &Line<'_>) -> usize {
    line.indent() + display_width(&line.marker)
}

/// Whether a line is set in as code is, from the column where texts begin.
fn is_set_in(line: &Line<'_>, column: usize) -> bool {
    line.indent() >= column + 4
}

/// Whether the break between two lines of a text that begins at a column comes from wrapping at a width.
pub(super) fn is_soft(line: &Line<'_>, next: &Line<'_>, width: usize, column: usize) -> bool {
    let is_other_item = next.kind == Kind::Item && next.indent() < column_of_text(line);
    if next.gap > 0 || line.is_code() || next.is_code() || is_set_in(next, column) || is_other_item
    {
        return false;
    }
    // Not all programs count a full-width character as two columns, or break lines between two of them.
    let word = next.text.split(' ').next().unwrap_or_default();
    let whole = if word.starts_with(is_wide) { end(line) + 1 + display_width(word) } else { 0 };
    (end(line) <= width || !line.text.is_ascii()) && with_next(line, next).max(whole) > width
}

/// The column at which a line would end with the first word of the next one.
fn with_next(line: &Line<'_>, next: &Line<'_>) -> usize {
    let literal = next.literal();
    let word = literal.split(' ').next().unwrap_or_default();
    // Between full-width characters a line can break anywhere.
    let first = word.chars().next().filter(|c| is_wide(*c)).map_or(word.len(), char::len_utf8);
    end(line) + 1 + display_width(&word[..first])
}

/// Whether nothing stood where a text was broken: between two full-width characters, and after a
/// hyphen or a slash within a word.
pub(in crate::normalize) fn joins_tightly(before: &str, after: &str) -> bool {
    let mut last = before.chars().rev();
    let next = after.chars().next();
    match (last.next(), last.next()) {
        (Some('-' | '/'), Some(before)) => {
            before.is_alphanumeric() && next.is_some_and(char::is_alphanumeric)
        }
        (Some(last), _) => is_wide(last) && next.is_some_and(is_wide),
        _ => false,
    }
}

/// Puts two pieces of a text together where they were broken.
pub(super) fn join(text: &mut String, next: &str) {
    if !joins_tightly(text, next) {
        text.push(' ');
    }
    text.push_str(next);
}

/// The lines of texts that begin at a column, or where the text of their item does, with those put together
/// whose breaks are soft.
pub(super) fn filled<'s>(lines: &[Line<'s>], width: usize, column: usize) -> Vec<Line<'s>> {
    let mut out: Vec<Line<'s>> = Vec::with_capacity(lines.len());
    let mut column = column;
    for (index, line) in lines.iter().enumerate() {
        if line.kind == Kind::Item {
            column = column.max(column_of_text(line));
        }
        let joins = index > 0 && is_soft(&lines[index - 1], line, width, column);
        match out.last_mut() {
            Some(last) if joins => {
                join(last.text.to_mut(), &line.literal());
                last.exact = false;
                last.span.end = line.span.end;
            }
            _ => out.push(line.clone()),
        }
    }
    out
}
