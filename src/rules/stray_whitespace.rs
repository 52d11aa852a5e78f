//! A text begins or ends with a blank.
//!
//! # Why
//! Nobody sees it, and comparisons, look-ups and tables do. A pattern is left alone: a blank in it is part
//! of what it matches.
//!
//! # Bad
//! ```json
//! {"root_cause": "The disk is full. "}
//! ```
//!
//! # Good
//! ```json
//! {"root_cause": "The disk is full."}
//! ```

use crate::config::Level;
use crate::diagnostic::Applicability;
use crate::entry::Role;
use crate::rule::{At, Check, EntryContext, Findings, Rule};

pub(super) static RULE: Rule = Rule {
    id: "stray-whitespace",
    level: Level::Warning,
    since: "0.1.0",
    source: include_str!("stray_whitespace.rs"),
    check: Check::Entry(check),
};

fn check(cx: &EntryContext<'_>, found: &mut Findings) {
    for text in cx.texts.iter().filter(|text| text.role != Role::Pattern) {
        let trimmed = text.text.trim();
        if trimmed.len() == text.text.len() {
            continue;
        }
        let leading = text.text.len() - text.text.trim_start().len();
        // Point at the blanks themselves, at the end if they are at both.
        let end = leading + trimmed.len();
        let range = if end < text.text.len() { end..text.text.len() } else { 0..leading };
        found
            .add(At::Within(text.place.pointer(), range), "a blank at the end of a text")
            .label("here")
            .replace(Applicability::Safe, "", "remove the blanks");
    }
}
