//! Breaks within a paragraph of Markdown.
//!
//! To `CommonMark` such a break is a blank: programs wrap paragraphs. Some converters, though, write
//! preformatted text as a paragraph, and there a break is one. Where each break of a paragraph stands
//! at the width of the page, it was wrapped.

use std::borrow::Cow;

use textwrap::core::display_width;

use super::super::line::Line;
use super::super::page::joins_tightly;

/// Stands for a break until it is known what it means. `CommonMark` leaves no such character in a text.
pub(super) const SOFT: char = '\u{0}';

/// The widths that programs wrap at, the commonest first.
const USUAL: [std::ops::RangeInclusive<usize>; 3] = [66..=80, 98..=100, 118..=120];

/// Where the width of a page does not show: a word that would have ended before this was not wrapped.
const SURELY_FITS: usize = 62;

/// Puts into each line what its breaks stand for.
pub(super) fn resolve(source: &str, lines: &mut [Line<'_>]) {
    let broken: Vec<usize> =
        (0..lines.len()).filter(|index| lines[*index].text.contains(SOFT)).collect();
    let rows: Vec<Vec<Row<'_>>> = broken.iter().map(|index| rows(source, &lines[*index])).collect();
    let breaks = || rows.iter().flat_map(|rows| rows.windows(2));
    // The width at which most breaks stand.
    let width = USUAL.iter().find_map(|usual| {
        let widest = breaks().map(|pair| pair[0].end).filter(|end| usual.contains(end)).max()?;
        let filled = breaks().filter(|pair| !fits(pair, widest)).count();
        (filled * 2 > breaks().count()).then_some(widest)
    });
    for (index, rows) in broken.iter().zip(&rows) {
        let total = rows.len().saturating_sub(1);
        let loose = rows.windows(2).filter(|pair| fits(pair, width.unwrap_or(SURELY_FITS))).count();
        replace(&mut lines[*index], rows, loose * 4 <= total);
        lines[*index].exact = false;
    }
}

/// Whether the first word of a row would have fitted on the row above.
fn fits(pair: &[Row<'_>], width: usize) -> bool {
    let word = pair[1].text.split(' ').next().unwrap_or_default();
    pair[0].end + 1 + display_width(word) <= width
}

/// A line of the source that a paragraph runs over.
struct Row<'s> {
    text: &'s str,
    /// The column it begins at, and the one it ends at.
    begin: usize,
    end: usize,
}

fn rows<'s>(source: &'s str, line: &Line<'_>) -> Vec<Row<'s>> {
    let span = line.span.range();
    let start = source[..span.start].rfind('\n').map_or(0, |at| at + 1);
    let first = display_width(&source[start..span.start]);
    let rows = source[span].split('\n').enumerate().map(|(index, row)| {
        let text = row.trim();
        let before = display_width(&row[..row.len() - row.trim_start().len()]);
        let begin = if index == 0 { first } else { before };
        Row { text, begin, end: begin + display_width(text) }
    });
    rows.collect()
}

/// Replaces the marks of breaks: by blanks where the text was filled, else by line feeds and what a row
/// is set in more than the first.
fn replace(line: &mut Line<'_>, rows: &[Row<'_>], is_filled: bool) {
    let mut text = std::mem::take(&mut line.text).into_owned();
    let mut number = 0;
    let mut from = 0;
    while let Some(at) = text[from..].find(['\n', SOFT]).map(|at| from + at) {
        number += 1;
        from = at + 1;
        if text[at..].starts_with('\n') {
            continue;
        }
        let new: Cow<'_, str> = if !is_filled {
            let base = rows.first().map_or(0, |row| row.begin);
            let inner = rows.get(number).map_or(0, |row| row.begin.saturating_sub(base));
            format!("\n{}", " ".repeat(inner)).into()
        } else if joins_tightly(&text[..at], &text[at + 1..]) {
            "".into()
        } else {
            " ".into()
        };
        let moved = |offset: usize| if offset > at { offset + new.len() - 1 } else { offset };
        for mark in &mut line.marks {
            mark.range = moved(mark.range.start)..moved(mark.range.end);
        }
        text.replace_range(at..=at, &new);
        from = at + new.len();
    }
    line.text = Cow::Owned(text);
}
