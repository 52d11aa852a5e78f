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
    let base = rows.first().map_or(0, |row| row.begin);
    let text = std::mem::take(&mut line.text);
    let mut out = String::with_capacity(text.len());
    // Where each break stood, and how far what stands after it has moved.
    let mut moves: Vec<(usize, usize, usize)> = Vec::new();
    let mut done = 0;
    for (index, (at, c)) in text.match_indices(['\n', SOFT]).enumerate() {
        if c == "\n" {
            continue;
        }
        out.push_str(&text[done..at]);
        done = at + 1;
        if !is_filled {
            let inner = rows.get(index + 1).map_or(0, |row| row.begin.saturating_sub(base));
            out.push('\n');
            out.extend(std::iter::repeat_n(' ', inner));
        } else if !joins_tightly(&out, &text[done..]) {
            out.push(' ');
        }
        moves.push((at, done, out.len()));
    }
    out.push_str(&text[done..]);
    let place_now = |offset: usize| {
        let before = moves.partition_point(|(at, ..)| *at < offset);
        moves[..before].last().map_or(offset, |(_, from, to)| offset - from + to)
    };
    for mark in &mut line.marks {
        mark.range = place_now(mark.range.start)..place_now(mark.range.end);
    }
    line.text = Cow::Owned(out);
}
