//! Formatting a document: the canonical text of it, where nothing is lost by putting that in its place.

use crate::canonical::{canonical, canonical_text};
use crate::corpus::Loaded;
use crate::entry::{Role, Text};
use crate::fields;

/// What formatting makes of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Formatted {
    /// The text is canonical.
    Unchanged,
    /// The canonical text.
    Changed(String),
    /// It cannot be formatted: it is no entry, breaks the schema in a way that a rewrite would lose, or
    /// holds a number that canonical form cannot keep.
    Refused,
}

/// Formats a document. Its layout, its order and the spelling of its numbers may change; of its texts
/// but the message and the pattern, blanks at the ends go and characters are composed.
pub fn format(loaded: &Loaded) -> Formatted {
    let document = &loaded.document;
    let entry = loaded.entry.as_ref().filter(|_| document.is_whole());
    let Some(entry) = entry else { return Formatted::Refused };
    let text = canonical(entry);
    if *document.source.text() == text {
        Formatted::Unchanged
    } else if document.inexact.is_none() {
        Formatted::Changed(text)
    } else {
        Formatted::Refused
    }
}

/// Whether a JSON text is the canonical one but for keys that it leaves out, and that say nothing where they
/// stand. Formatting writes them; leaving them out is no fault.
pub fn only_leaves_out(text: &str, canonical: &str) -> bool {
    let says_nothing = |line: &str| {
        line.split_once("\": ").is_some_and(|(key, value)| match value.trim_end_matches(',') {
            "\"\"" | "null" | "[]" | "{}" => true,
            word => fields::all().any(|field| {
                !field.default.is_empty()
                    && word.trim_matches('"') == field.default
                    && key.trim_start() == format!("\"{}", field.name)
            }),
        })
    };
    let wanted: Vec<&str> = canonical.split('\n').collect();
    let mut at = 0;
    for line in text.split('\n') {
        // Where commas stand follows from the rest.
        let is_same = |other: &str| line.trim_end_matches(',') == other.trim_end_matches(',');
        while let Some(other) = wanted.get(at).filter(|other| !is_same(other)) {
            at += 1;
            if says_nothing(other) {
                continue;
            }
            // An object of such keys alone.
            if !other.ends_with("\": {") {
                return false;
            }
            at += wanted[at..].iter().take_while(|line| says_nothing(line)).count();
            if !wanted.get(at).is_some_and(|line| line.trim_start().starts_with('}')) {
                return false;
            }
            at += 1;
        }
        at += 1;
    }
    at == wanted.len()
}

/// Whether canonical form would make another text of it: one without blanks at its ends, or with
/// composed characters. Rules of their own know what that means.
pub fn is_altered(text: &Text<'_>) -> bool {
    let printable = text.text.bytes().fold(true, |all, byte| all & (0x20..0x7f).contains(&byte));
    if printable && !text.text.starts_with(' ') && !text.text.ends_with(' ') {
        return false;
    }
    !matches!(text.role, Role::Pattern | Role::Message) && canonical_text(text.text) != text.text
}
