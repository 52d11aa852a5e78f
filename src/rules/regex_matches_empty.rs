//! The pattern matches the empty text.
//!
//! # Why
//! Searched unanchored it matches every text there is, so the entry answers for every error.
//!
//! # Bad
//! ```json
//! {"regex": "(no space left on device)?"}
//! ```
//! ```json
//! {"regex": "no space left on device|"}
//! ```
//!
//! # Good
//! ```json
//! {"regex": "no space left on device"}
//! ```

use crate::diagnostic::Level;
use crate::pointer;
use crate::rule::{Check, EntryContext, Findings, Group, Rule};

pub(super) static RULE: Rule = Rule {
    id: "regex-matches-empty",
    group: Group::Pattern,
    level: Level::Error,
    since: "0.1.0",
    source: include_str!("regex_matches_empty.rs"),
    check: Check::Entry(check),
};

fn check(cx: &EntryContext<'_>, found: &mut Findings) {
    if cx.facts().matches_empty {
        found
            .add(pointer!["regex"], "the pattern matches the empty text, and so every text")
            .help("look for an alternative that is empty, or one in which all is optional");
    }
}
