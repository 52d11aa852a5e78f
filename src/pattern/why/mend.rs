//! A pattern rewritten so that it takes what it did not, and nothing it took before is lost.

use std::ops::Range;

use regex_syntax::ast::{self, Ast};

use super::MissKind;
use super::align::{EditOp, Shape};
use super::pieces::Count;
use crate::pattern::propose::{blank, literal};

/// Any words on one line, or none.
pub(super) const GAP: &str = r"[^\r\n]{0,200}";

/// One change of a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Edit {
    /// The kind of what it mends.
    pub(super) kind: MissKind,
    /// What is replaced: bytes of the pattern.
    pub(super) span: Range<usize>,
    /// What stands there in the message: places between characters.
    pub(super) at: Range<usize>,
    /// What is written in its place.
    text: String,
}

/// The changes that make the edits; neighbours of a kind are one change.
pub(super) fn edits(pattern: &str, chars: &[char], taken: &[EditOp]) -> Vec<Edit> {
    let mut joined: Vec<EditOp> = Vec::new();
    for taken in taken {
        match joined.last_mut() {
            Some(last)
                if last.kind == taken.kind
                    && matches!(taken.kind, MissKind::Missing | MissKind::Truncated)
                    && last.span.end == taken.span.start
                    && last.at == taken.at =>
            {
                last.span.end = taken.span.end;
                last.shape = Shape::Other;
            }
            _ => joined.push(taken.clone()),
        }
    }
    joined.sort_by_key(|taken| (taken.span.start, taken.span.end));
    // What repeats may have been mended once for each round.
    joined.dedup_by(|later, earlier| {
        later.span == earlier.span || later.span.start < earlier.span.end
    });
    let edit = |taken: EditOp| {
        let slice = pattern.get(taken.span.clone())?;
        let text: String = chars.get(taken.at.clone())?.iter().collect();
        let text = replacement(&taken, slice, &text);
        Some(Edit { kind: taken.kind, span: taken.span, at: taken.at, text })
    };
    joined.into_iter().filter_map(edit).collect()
}

/// A pattern with changes made.
pub(super) fn apply<'e>(pattern: &str, edits: impl IntoIterator<Item = &'e Edit>) -> String {
    let mut out = String::with_capacity(pattern.len() + 64);
    let mut done = 0;
    for edit in edits {
        if edit.span.start >= done {
            out.push_str(&pattern[done..edit.span.start]);
            out.push_str(&edit.text);
            done = edit.span.end;
        }
    }
    out + &pattern[done..]
}

fn replacement(taken: &EditOp, slice: &str, text: &str) -> String {
    let has_line_end = text.contains(['\n', '\r']);
    match taken.kind {
        MissKind::Case => both_cases(slice, text),
        MissKind::Blanks => match taken.shape {
            Shape::Class(count) => format!(r"[\s\S]{}", quantifier(count)),
            _ if text.is_empty() => r"\s*".to_owned(),
            _ => {
                let mut out = String::new();
                blank(text, &mut out);
                out
            }
        },
        MissKind::Quote => {
            let mut class = String::from("['\"`‘’“”");
            class.extend(
                slice
                    .chars()
                    .chain(text.chars())
                    .filter(|c| super::align::QUOTES.contains(c) && !"'\"`‘’“”".contains(*c)),
            );
            let times = match taken.shape {
                Shape::Class(count) => quantifier(count),
                _ => String::new(),
            };
            class + "]" + &times
        }
        MissKind::Anchor | MissKind::Truncated => String::new(),
        MissKind::Escape | MissKind::Typo => spelled(text),
        MissKind::Count => {
            let length = u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
            let old = match taken.shape {
                Shape::Class(count) => count,
                _ => Count::ONCE,
            };
            let max = old.max.filter(|max| *max >= length || *max >= 5);
            let max = max.map(|max| max.max(length.next_multiple_of(50)));
            let max = if old.max.is_some_and(|max| max >= length) { old.max } else { max };
            let count = Count { min: old.min.min(length), max };
            format!("{}{}", atom(slice), quantifier(count))
        }
        MissKind::NumberForWord | MissKind::OtherWord => {
            let plain = |text: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
            let is_digits = matches!(atom(slice), r"\d" | "[0-9]" | r"[\d]");
            if plain(text) && (is_digits || taken.shape == Shape::Word && plain(slice)) {
                "[A-Za-z0-9_]+".to_owned()
            } else if is_digits || taken.shape == Shape::Word {
                r"\S+".to_owned()
            } else {
                format!(r"(?:{slice}|\S+)")
            }
        }
        MissKind::Missing => format!("(?:{slice})?"),
        MissKind::Extra if text.chars().all(char::is_whitespace) => {
            let mut out = String::new();
            blank(text, &mut out);
            out.pop();
            out + "*"
        }
        MissKind::Extra if has_line_end => r"[\s\S]{0,200}".to_owned(),
        MissKind::Extra => GAP.to_owned(),
        MissKind::WordOrder => slice.to_owned(),
    }
}

fn spelled(text: &str) -> String {
    let mut out = String::new();
    literal(text, &mut out);
    out
}

/// A word whose letters may be of both cases where the pattern and the message differ.
fn both_cases(slice: &str, text: &str) -> String {
    if slice.contains('\\') || slice.chars().count() != text.chars().count() {
        return format!("(?i:{slice})");
    }
    let mut out = String::new();
    for (a, b) in slice.chars().zip(text.chars()) {
        if a == b {
            literal(a.encode_utf8(&mut [0; 4]), &mut out);
        } else {
            out.push_str(&format!("[{a}{b}]"));
        }
    }
    out
}

/// A piece without its quantifier.
fn atom(slice: &str) -> &str {
    match &ast::parse::Parser::new().parse(slice) {
        Ok(Ast::Repetition(repetition)) => &slice[..repetition.op.span.start.offset],
        _ => slice,
    }
}

fn quantifier(count: Count) -> String {
    match (count.min, count.max) {
        (1, Some(1)) => String::new(),
        (0, Some(1)) => "?".to_owned(),
        (0, None) => "*".to_owned(),
        (1, None) => "+".to_owned(),
        (min, None) => format!("{{{min},}}"),
        (min, Some(max)) if min == max => format!("{{{min}}}"),
        (min, Some(max)) => format!("{{{min},{max}}}"),
    }
}
