//! Where in a text a match can begin, so that most places need not be tried.

use regex_syntax::hir::{Class, Hir, HirKind};

use super::one_of;

/// The places of a text at which a pattern is tried.
#[derive(Debug)]
pub(super) enum Starts {
    /// At a character that begins with one of these bytes.
    Bytes(Box<[bool; 256]>),
    /// At the start, and after each character that is none of a class: the pattern begins with any
    /// number of those, so that what fails before them fails after each.
    Runs(Class),
    /// Everywhere.
    Anywhere,
}

impl Starts {
    pub(super) fn of(hir: &Hir) -> Self {
        if let Some(class) = run(hir) {
            return Self::Runs(class.clone());
        }
        let mut bytes = Box::new([false; 256]);
        if first(hir, &mut bytes) { Self::Anywhere } else { Self::Bytes(bytes) }
    }

    /// Tries places in order until one does; says whether one did.
    pub(super) fn any(&self, text: &str, mut matches: impl FnMut(usize) -> bool) -> bool {
        match self {
            Self::Bytes(first) => {
                let starts = text.bytes().enumerate().filter(|(_, byte)| first[usize::from(*byte)]);
                starts.map(|(start, _)| start).any(matches)
            }
            Self::Runs(class) => {
                let mut start = 0;
                loop {
                    if matches(start) {
                        return true;
                    }
                    while let Some(len) = one_of(class, &text.as_bytes()[start..]) {
                        start += len;
                    }
                    match text[start..].chars().next() {
                        Some(c) => start += c.len_utf8(),
                        None => return false,
                    }
                }
            }
            Self::Anywhere => {
                (0..=text.len()).filter(|start| text.is_char_boundary(*start)).any(matches)
            }
        }
    }
}

/// The class of which a pattern begins with any number, as in `.*`.
fn run(hir: &Hir) -> Option<&Class> {
    match hir.kind() {
        HirKind::Concat(parts) => run(parts.first()?),
        HirKind::Capture(capture) => run(&capture.sub),
        HirKind::Repetition(repetition) => match repetition.sub.kind() {
            HirKind::Class(class) if repetition.min == 0 && repetition.max.is_none() => Some(class),
            _ => None,
        },
        _ => None,
    }
}

/// Marks the bytes with which a match of a pattern can begin; says whether it may be empty.
fn first(hir: &Hir, bytes: &mut [bool; 256]) -> bool {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => true,
        HirKind::Literal(literal) => {
            let first = literal.0.first();
            first.map(|byte| bytes[usize::from(*byte)] = true).is_none()
        }
        HirKind::Class(Class::Bytes(class)) => {
            for range in class.ranges() {
                bytes[usize::from(range.start())..=usize::from(range.end())].fill(true);
            }
            false
        }
        HirKind::Class(Class::Unicode(class)) => {
            // In UTF-8 the first bytes are in the order of the characters.
            let lead = |c: char| usize::from(c.encode_utf8(&mut [0; 4]).as_bytes()[0]);
            for range in class.ranges() {
                bytes[lead(range.start())..=lead(range.end())].fill(true);
            }
            false
        }
        HirKind::Capture(capture) => first(&capture.sub, bytes),
        HirKind::Repetition(repetition) => first(&repetition.sub, bytes) || repetition.min == 0,
        HirKind::Concat(parts) => parts.iter().all(|part| first(part, bytes)),
        HirKind::Alternation(parts) => {
            // Each marks its bytes, whatever the others may be.
            let empty = parts.iter().filter(|part| first(part, bytes)).count();
            empty > 0
        }
    }
}
