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
    /// Places to count on from, one every [`STEP`] bytes; made when the first place is asked for that
    /// lies further on.
    marks: Arc<OnceLock<Vec<LineColumn>>>,
}

impl Source {
    /// A source called `name`, with `/` between the parts of a path on every system.
    pub fn new(name: impl Into<Arc<str>>, text: impl Into<Arc<str>>) -> Self {
        Self {
            name: name.into(),
            text: text.into(),
            number: None,
            before: (0, 0),
            marks: Arc::default(),
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
        let offset = self.text.floor_char_boundary(offset as usize);
        let (number, mut place) = (offset / STEP, LineColumn { line: 1, column: 1 });
        if number > 0 {
            place = self.marks.get_or_init(|| self.marks())[number];
        }
        let mut place = place.past(&self.text[self.mark(number)..offset]);
        place.line = place.line.saturating_add(self.before.0);
        place
    }

    fn marks(&self) -> Vec<LineColumn> {
        let mut marks = vec![LineColumn { line: 1, column: 1 }];
        for number in 1..=self.text.len() / STEP {
            let between = &self.text[self.mark(number - 1)..self.mark(number)];
            marks.push(marks[number - 1].past(between));
        }
        marks
    }

    /// Where the mark of a number stands.
    fn mark(&self, number: usize) -> usize {
        self.text.floor_char_boundary(number * STEP)
    }
}

/// How many bytes lie between the places that a source keeps.
const STEP: usize = 1024;

impl LineColumn {
    /// The place after a text that begins here.
    fn past(self, text: &str) -> Self {
        let (lines, column, rest) = match text.rfind('\n') {
            None => (0, self.column, text),
            Some(at) => (text.bytes().filter(|byte| *byte == b'\n').count(), 1, &text[at + 1..]),
        };
        Self {
            line: self.line.saturating_add(clamp(lines)),
            column: column.saturating_add(clamp(rest.chars().count())),
        }
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

    #[test]
    fn places_of_a_long_text_are_those_that_counting_gives() {
        let text = "消息\n".repeat(STEP) + &"消".repeat(STEP) + "\n\n" + &"x".repeat(STEP * 2 - 5);
        let source = Source::new("long", &*text);
        for offset in (0..text.len() + 9).step_by(7).chain([STEP - 1, STEP, STEP + 1, text.len()]) {
            let before = &text[..text.floor_char_boundary(offset)];
            let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
            let line = before.matches('\n').count() + 1;
            let offset = u32::try_from(offset).expect("small");
            assert_eq!(source.line_column(offset).to_string(), format!("{line}:{column}"));
        }
    }
}
