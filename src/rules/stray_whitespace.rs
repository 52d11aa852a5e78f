//! A text begins or ends with a blank.
//!
//! # Why
//! Nobody sees it, and comparisons, look-ups and tables do. Often it is what remains where a value was
//! lost, so the fix is not a safe one. A pattern is left alone: a blank in it is part of what it matches. So is a
//! message of which the pattern looks for the blank.
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
//! ```json
//! {"signature": "fatal: no space left ", "regex": "fatal: no space left "}
//! ```

use crate::diagnostic::{Applicability, Level};
use crate::entry::Role;
use crate::rule::{At, Check, EntryContext, Findings, Group, Rule};

pub(super) static RULE: Rule = Rule {
    id: "stray-whitespace",
    group: Group::Text,
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
        let is_found = |message| cx.pattern_finds(message) == Some(true);
        if text.role == Role::Message && is_found(text.text) && !is_found(trimmed) {
            continue;
        }
        let leading = text.text.len() - text.text.trim_start().len();
        let end = leading + trimmed.len();
        let (range, message) = match (leading > 0, end < text.text.len()) {
            (true, true) => (end..text.text.len(), "the text begins and ends with a blank"),
            (true, false) => (0..leading, "the text begins with a blank"),
            (false, _) => (end..text.text.len(), "the text ends with a blank"),
        };
        found
            .add(At::Within(text.place.pointer(), range), message)
            .help("was something lost there? If not, remove the blank")
            .replace_whole(Applicability::Unsafe, trimmed, "remove the blanks");
    }
}
