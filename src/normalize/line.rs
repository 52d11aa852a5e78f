//! Lines: what every form of a page is lowered to before it is read.
//!
//! A line of a text page is a line. Of Markdown and HTML, a paragraph, a heading, the beginning of a
//! list item, a table row is one line each, and each line of code is one. What the grammar of the page
//! needs to know about the form is in the line: its marker, its marks, how far it is indented.

use std::borrow::Cow;
use std::ops::Range;

use crate::source::Span;

/// One line of a page.
#[derive(Clone, Debug)]
pub(super) struct Line<'s> {
    /// The text, without marker and without blanks at either end. It may hold line feeds, where the
    /// form has breaks within a paragraph.
    pub(super) text: Cow<'s, str>,
    /// The blanks before it that belong to its layout or, in code, to its text.
    pub(super) leading: &'s str,
    /// The list or heading marker before it, as it is written.
    pub(super) marker: Cow<'s, str>,
    /// Where the text stands in the source.
    pub(super) span: Span,
    /// Whether the text is the source's own at that place, byte for byte.
    pub(super) exact: bool,
    /// What sort of line it is.
    pub(super) kind: Kind,
    /// How many blank lines stand before it.
    pub(super) gap: usize,
    /// What is set off in the text, in order of their beginnings.
    pub(super) marks: Vec<Mark>,
}

/// What sort of line it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Text, or anything in a form that shows no kinds.
    Text,
    /// A heading of that level.
    Heading(u8),
    /// The beginning of an item of a list.
    Item,
    /// A line of preformatted text.
    Code,
    /// A row of a table.
    Row(Vec<Cell>),
}

/// A cell of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Cell {
    /// Its text.
    pub(super) text: String,
    /// Where it stands.
    pub(super) span: Span,
}

/// A part of a line that is set off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    /// What it is.
    pub(super) style: Style,
    /// The part, with its delimiters, in bytes of the line's text.
    pub(super) range: Range<usize>,
    /// How many bytes of it are the delimiters before and after.
    pub(super) delimiters: (usize, usize),
}

/// How a part of a line is set off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Style {
    /// Strong, usually bold.
    Strong,
    /// Emphasised, usually italic.
    Emphasis,
    /// Code.
    Code,
    /// A link to that address.
    Link(String),
}

impl Mark {
    /// The part without its delimiters.
    pub(super) fn inner(&self) -> Range<usize> {
        self.range.start + self.delimiters.0..self.range.end - self.delimiters.1
    }
}

impl<'s> Line<'s> {
    /// A line whose text is the source's own.
    pub(super) fn of(text: &'s str, start: usize) -> Self {
        Self {
            text: Cow::Borrowed(text),
            leading: "",
            marker: Cow::Borrowed(""),
            span: Span::new(start, start + text.len()),
            exact: true,
            kind: Kind::Text,
            gap: 0,
            marks: Vec::new(),
        }
    }

    /// Moves the line in the source.
    pub(super) fn shift(&mut self, offset: usize) {
        let moved = |span: Span| Span::new(span.range().start + offset, span.range().end + offset);
        self.span = moved(self.span);
        if let Kind::Row(cells) = &mut self.kind {
            for cell in cells {
                cell.span = moved(cell.span);
            }
        }
    }

    /// How many columns it is indented.
    pub(super) fn indent(&self) -> usize {
        columns(self.leading)
    }

    /// The text as a reader sees it: without the delimiters of its marks.
    pub(super) fn plain(&self) -> Cow<'_, str> {
        if self.marks.iter().all(|mark| mark.delimiters == (0, 0)) {
            return Cow::Borrowed(&self.text);
        }
        let mut out = String::with_capacity(self.text.len());
        let mut hidden: Vec<Range<usize>> = Vec::new();
        for mark in &self.marks {
            let inner = mark.inner();
            hidden.push(mark.range.start..inner.start);
            hidden.push(inner.end..mark.range.end);
        }
        hidden.sort_unstable_by_key(|range| range.start);
        let mut done = 0;
        for range in hidden {
            if range.start >= done {
                out.push_str(&self.text[done..range.start]);
            }
            done = done.max(range.end);
        }
        out.push_str(&self.text[done..]);
        Cow::Owned(out)
    }

    /// The text with the marker that the form gave a meaning it may not have.
    pub(super) fn literal(&self) -> Cow<'_, str> {
        if self.marker.is_empty() {
            Cow::Borrowed(&self.text)
        } else {
            Cow::Owned(format!("{}{}", self.marker, self.text))
        }
    }

    /// Where a part of the text stands: exactly, or the whole line where the form changed the text.
    pub(super) fn span_of(&self, part: Range<usize>) -> Span {
        if self.exact {
            let start = self.span.range().start;
            Span::new(start + part.start, start + part.end)
        } else {
            self.span
        }
    }

    /// The whole text if it is set off as one, without the delimiters; else the text as it is.
    pub(super) fn unwrapped(&self) -> &str {
        let all = self.marks.iter().find(|mark| {
            mark.range == (0..self.text.len()) && !matches!(mark.style, Style::Link(_))
        });
        all.map_or(&self.text, |mark| &self.text[mark.inner()])
    }

    /// The text as the value of a field: with its marker, but without the delimiters of a mark around
    /// the whole.
    pub(super) fn value(&self) -> Cow<'_, str> {
        let inner = self.unwrapped();
        if inner.len() == self.text.len() { self.literal() } else { Cow::Borrowed(inner) }
    }

    /// Whether nothing but marks of drawing stands in it: a rule, or the underline of a heading.
    pub(super) fn is_rule(&self) -> bool {
        let text = self.text.trim();
        let mut chars = text.chars();
        let Some(first) = chars.next() else { return false };
        "-=*_~─━═·".contains(first)
            && text.chars().count() >= 3
            && text.chars().all(|c| c == first || c == ' ' || c == '+' || c == '|')
    }

    /// Whether it is a line of code.
    pub(super) fn is_code(&self) -> bool {
        self.kind == Kind::Code
    }
}

/// How many columns blanks take.
fn columns(blanks: &str) -> usize {
    blanks.chars().fold(0, next_column)
}

/// The column after a blank; a tab goes to the next multiple of eight.
pub(super) fn next_column(column: usize, blank: char) -> usize {
    if blank == '\t' { (column / 8 + 1) * 8 } else { column + 1 }
}
