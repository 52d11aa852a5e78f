//! Sources: the text of a file, its name, and places in it.
//!
//! A place is a [`Span`] of bytes; lines and columns are computed from it when somebody looks.

use std::fmt;
use std::sync::{Arc, OnceLock};

/// A range of bytes in a source, end exclusive. Files are limited to 4 GiB by it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The range `start..end`.
    pub fn new(start: usize, end: usize) -> Self {
        Self { start: clamp(start), end: clamp(end) }
    }

    /// The span as a range of `usize`.
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }
}

fn clamp(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}

/// A line and a column, both counted from 1; columns count characters (Unicode scalar values).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LineColumn {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

impl fmt::Display for LineColumn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// The text of one file and the name by which reports call it.
///
/// Where a file is not UTF-8, the text has U+FFFD in place of each invalid sequence: spans before
/// the first of them are exact.
#[derive(Clone, Debug)]
pub struct Source {
    name: Arc<str>,
    text: Arc<str>,
    number: Option<usize>,
    /// Where the text begins in the file, where that was read in parts: lines and bytes before it.
    before: (u32, u64),
    /// Where its lines begin; made for a long text when the first place in it is asked for.
    lines: Arc<OnceLock<Vec<usize>>>,
}

impl Source {
    /// A source called `name`, with `/` between the parts of a path on every system.
    pub fn new(name: impl Into<Arc<str>>, text: impl Into<Arc<str>>) -> Self {
        Self {
            name: name.into(),
            text: text.into(),
            number: None,
            before: (0, 0),
            lines: Arc::default(),
        }
    }

    /// The same source, as the part of a file that begins after so many lines and bytes. Its places are
    /// those of the file.
    #[must_use]
    pub fn after(self, lines: u32, bytes: u64) -> Self {
        Self { before: (lines, bytes), ..self }
    }

    /// The place of a byte of the text in the file.
    pub fn offset(&self, byte: u32) -> u64 {
        self.before.1 + u64::from(byte)
    }

    /// The same source, known as the file of that number. Names need not tell files apart: two that
    /// are not UTF-8 may look the same.
    #[must_use]
    pub fn numbered(self, number: usize) -> Self {
        Self { number: Some(number), ..self }
    }

    /// Which file of the inputs it is, if it is one.
    pub fn number(&self) -> Option<usize> {
        self.number
    }

    /// The name as given: a path relative to the working directory, or `<stdin>`. It may hold
    /// anything a file name can hold; reports escape it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Line and column of a byte offset; an offset past the end is the end, one inside a character
    /// is that character.
    pub fn line_column(&self, offset: u32) -> LineColumn {
        /// Of a shorter text the lines are counted each time.
        const LONG: usize = 64 * 1024;
        let mut offset = (offset as usize).min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        let before = &self.text[..offset];
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        let line = if self.text.len() < LONG {
            before.bytes().filter(|&b| b == b'\n').count()
        } else {
            let breaks = || self.text.match_indices('\n').map(|(at, _)| at + 1).collect();
            self.lines.get_or_init(breaks).partition_point(|begin| *begin <= start)
        };
        let column = before[start..].chars().count();
        let line = clamp(line + 1).saturating_add(self.before.0);
        LineColumn { line, column: clamp(column + 1) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters() {
        let source = Source::new("a.json", "{\n  \"消息\": 1\n}");
        let colon = source.text().find(':').expect("there is a colon");
        assert_eq!(
            source.line_column(u32::try_from(colon).expect("small")).to_string(),
            "2:7",
            "two blanks, two quotes, two characters of three bytes each"
        );
        assert_eq!(source.line_column(10_000).to_string(), "3:2");
    }
}
