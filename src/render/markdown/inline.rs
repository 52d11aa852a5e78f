//! Text escaped so that Markdown, and GitHub's dialect of it, shows it literally.
//!
//! Only what could mean something where it stands is escaped, so that the source reads well. A
//! character that must not be shown as it is stands there as its escape: the page shows it, and the
//! front matter has the text.

use crate::canonical::canonical_text;
use crate::visible;

/// Where a text stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// In a paragraph whose lines are indented by so many columns; a line break is one there.
    Paragraph(usize),
    /// In a heading.
    Heading,
    /// In a cell of a table.
    Cell,
}

/// A text as it must be written to be shown literally. In a paragraph it is the beginning of a line.
pub(super) fn escaped(text: &str, place: Place) -> String {
    let text = canonical_text(text);
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    let is_one_of_several = text.contains('\n');
    let mut lines = text.split('\n').peekable();
    while let Some(line) = lines.next() {
        let is_last = lines.peek().is_none();
        Line { text: &shown(line), place, is_one_of_several, is_last }.escape(&mut out);
        match (place, lines.peek()) {
            (_, None) => {}
            // Two breaks in a row would end the paragraph.
            (Place::Paragraph(indent), Some(next)) if !next.is_empty() => {
                out.push_str("\\\n");
                out.push_str(&" ".repeat(indent));
            }
            _ => out.push_str("&#10;"),
        }
    }
    out
}

/// A text in which each character that must not be shown is written as its escape; line feeds and
/// tabs stay.
pub(super) fn shown(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if visible::is_unsafe_to_show(c) && c != '\n' && c != '\t' {
            out.extend(c.escape_default());
        } else {
            out.push(c);
        }
    }
    out
}

/// A text as code within a line.
pub(super) fn code(text: &str) -> String {
    let text = shown(&canonical_text(text)).replace(['\n', '\t'], " ");
    let fence = "`".repeat(longest_run(&text, '`') + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// A fence that no line of the text ends.
pub(super) fn fence(text: &str) -> String {
    "`".repeat(longest_run(text, '`').max(2) + 1)
}

fn longest_run(text: &str, of: char) -> usize {
    let (mut longest, mut run) = (0, 0);
    for c in text.chars() {
        run = if c == of { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    longest
}

/// One line of a text.
#[derive(Clone, Copy)]
struct Line<'t> {
    text: &'t str,
    place: Place,
    /// Whether the text has other lines: then this one could be a row of a table.
    is_one_of_several: bool,
    is_last: bool,
}

impl Line<'_> {
    fn escape(self, out: &mut String) {
        let starts_line = matches!(self.place, Place::Paragraph(_));
        let ordinal = if starts_line { ordinal(self.text) } else { None };
        let mut before = None;
        for (at, c) in self.text.char_indices() {
            let rest = &self.text[at + c.len_utf8()..];
            let next = rest.chars().next();
            match c {
                '\t' => out.push_str("&#9;"),
                // Blanks at either end of a line are not shown.
                ' ' if at == 0 || next.is_none() => out.push_str("&#32;"),
                _ => {
                    let is_special = self.means_something(c, before, next)
                        || Some(at) == ordinal
                        || starts_line && at == 0 && begins_block(c, next)
                        || self.begins_damaged_address(c, &self.text[..at], rest);
                    if is_special {
                        out.push('\\');
                    }
                    out.push(c);
                }
            }
            before = Some(c);
        }
    }

    /// Whether a character within a line could be markup.
    fn means_something(self, c: char, before: Option<char>, next: Option<char>) -> bool {
        let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        match c {
            '\\' | '`' | '*' | '[' | ']' | '<' | '~' | '$' => true,
            // Within a word it is no emphasis.
            '_' => !(is_word(before) && is_word(next)),
            '&' => is_word(next) || next == Some('#'),
            '|' => self.is_one_of_several || self.place == Place::Cell,
            '#' => self.place == Place::Heading && next.is_none(),
            _ => false,
        }
    }

    /// Whether an address begins here that GitHub would make a link of, with the escapes in it and
    /// right after it. One without escapes is left to it.
    fn begins_damaged_address(self, c: char, before: &str, rest: &str) -> bool {
        let begins = match c {
            ':' => rest.starts_with("//"),
            '.' => before.ends_with("www"),
            _ => false,
        };
        if !begins {
            return false;
        }
        let (address, is_followed_by_escape) = match rest.split_once(' ') {
            Some((address, more)) => (address, more.is_empty()),
            None => (rest, !self.is_last),
        };
        let mut last = Some(c);
        let mut chars = address.chars().peekable();
        let mut is_escape = || {
            let c = chars.next()?;
            let before = last.replace(c);
            Some(c == '\t' || self.means_something(c, before, chars.peek().copied()))
        };
        is_followed_by_escape || std::iter::from_fn(&mut is_escape).any(|is_escape| is_escape)
    }
}

/// Whether a character at the beginning of a line could begin a heading, a quote, an item, a rule or
/// a row of dashes.
fn begins_block(c: char, next: Option<char>) -> bool {
    matches!(c, '#' | '>' | '-' | '+' | '=') || c == ':' && next == Some('-')
}

/// Where the dot or the bracket stands that makes an item of a line such as `1. text`.
fn ordinal(line: &str) -> Option<usize> {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let mark = line[digits..].starts_with(['.', ')']);
    let ends =
        line[digits..].get(1..).is_none_or(|rest| rest.is_empty() || rest.starts_with([' ', '\t']));
    (digits > 0 && mark && ends).then_some(digits)
}
