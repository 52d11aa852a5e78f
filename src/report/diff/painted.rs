//! A text with the styles of its parts. It is broken into lines before a style is written, so that none runs over
//! the end of a line.

use std::ops::Range;

use anstyle::Style;

use crate::wrap;

/// One line, as long as it likes.
#[derive(Clone, Debug, Default)]
pub(super) struct Painted {
    text: String,
    /// Where each part ends, and its style.
    parts: Vec<(usize, Style)>,
}

impl Painted {
    /// Adds a part, which is safe to show and has no line breaks.
    pub(super) fn push(&mut self, text: &str, style: Style) {
        self.text.push_str(text);
        self.parts.push((self.text.len(), style));
    }

    /// Adds all of another.
    pub(super) fn append(&mut self, other: &Self) {
        let start = self.text.len();
        self.text.push_str(&other.text);
        self.parts.extend(other.parts.iter().map(|(end, style)| (start + end, *style)));
    }

    /// Lines of at most so many columns, the first one with its own number.
    pub(super) fn rows(&self, first: usize, others: usize) -> Vec<String> {
        let row = |range: Range<usize>| {
            let mut row = String::new();
            let mut at = range.start;
            let first = self.parts.partition_point(|(end, _)| *end <= range.start);
            for (end, style) in &self.parts[first..] {
                let end = (*end).min(range.end);
                if at < end {
                    row.push_str(&format!("{style}{}{style:#}", &self.text[at..end]));
                    at = end;
                }
                if end == range.end {
                    break;
                }
            }
            row
        };
        wrap::lines(&self.text, first, others).into_iter().map(row).collect()
    }
}
