//! Near misses in words.

use super::{MissKind, NearMiss};
use crate::pattern::visible::quote;

/// What a near miss is, as a clause without a full stop.
pub(super) fn explain(kind: MissKind, piece: &str, text: &str) -> String {
    let (piece_text, there) = (piece, quote(text));
    let piece = quote(piece);
    match kind {
        MissKind::Case => format!("the message has {there} in other letters than {piece}: case"),
        MissKind::Blanks if text.is_empty() => {
            format!("{piece} asks for a blank, and the message has none there")
        }
        MissKind::Blanks => {
            format!("{piece} does not take the white space there: {there}{}", blank_name(text))
        }
        MissKind::Quote => {
            let (there, piece) = (mark(text, &there), mark(piece_text, &piece));
            format!("the message quotes with {there}, the pattern with {piece}")
        }
        MissKind::Anchor => format!("{piece} asks for a border that is not there"),
        MissKind::Escape => {
            format!("{piece} is syntax, and the message has these characters: escape them")
        }
        MissKind::Typo => format!("{piece} and {there} differ by a letter or two"),
        MissKind::NumberForWord if text.starts_with(char::is_numeric) => {
            format!("a number, {there}, stands where the pattern has {piece}")
        }
        MissKind::NumberForWord => {
            format!("{there} stands where the pattern asks for a number, {piece}")
        }
        MissKind::OtherWord => format!("{there} stands where the pattern has {piece}"),
        MissKind::Count => {
            format!("{piece} does not take as many characters as stand there: {there}")
        }
        MissKind::Missing => format!("the message does not have {piece}"),
        MissKind::Extra => format!("the message has more there than the pattern: {there}"),
        MissKind::Truncated => format!("the message ends before {piece}"),
        MissKind::WordOrder => {
            format!("the message has all parts of {piece}, in another order: {there}")
        }
    }
}

/// A mark in quotes that it is not.
fn mark(text: &str, quoted: &str) -> String {
    if text == "`" { "\"`\"".to_owned() } else { quoted.to_owned() }
}

/// The name of white space that looks like a blank.
fn blank_name(text: &str) -> String {
    let odd = text.chars().find(|c| !c.is_ascii());
    let code = |c: char| format!(", U+{:04X}", u32::from(c));
    match odd {
        Some('\u{a0}') => ", a no-break space".to_owned(),
        Some('\u{3000}') => ", an ideographic space".to_owned(),
        Some(c) => code(c),
        None if text.contains('\n') => ", a line end".to_owned(),
        None if text.contains('\t') => ", a tab".to_owned(),
        None => String::new(),
    }
}

impl NearMiss {
    pub(super) fn new(
        kind: MissKind,
        (pattern, span): (&str, std::ops::Range<usize>),
        (message, at): (&str, std::ops::Range<usize>),
    ) -> Self {
        let piece = pattern.get(span.clone()).unwrap_or_default();
        let text = message.get(at.clone()).unwrap_or_default();
        let explanation = explain(kind, piece, text);
        Self { kind, pattern: span, message: at, explanation }
    }
}
