//! The pattern finds the signature only when case is ignored.
//!
//! # Why
//! Look-ups that keep case miss the message. Where all consumers ignore case this is harmless, and a
//! note; where `regex.case` is `"sensitive"` it is a fault, and `regex-misses-signature` says so.
//!
//! # Bad
//! ```json
//! {"regex": "No space left on device"}
//! ```
//!
//! # Good
//! ```json
//! {"regex": "[Nn]o space left on device"}
//! ```

use crate::config::{Case, Level};
use crate::pointer;
use crate::rule::{Check, EntryContext, Findings, Rule};

pub(super) static RULE: Rule = Rule {
    id: "regex-needs-ignore-case",
    level: Level::Note,
    since: "0.1.0",
    source: include_str!("regex_needs_ignore_case.rs"),
    check: Check::Entry(check),
};

fn check(cx: &EntryContext<'_>, found: &mut Findings) {
    let facts = cx.pattern();
    let harmless = cx.config.regex.case == Case::Insensitive;
    if harmless && facts.matches_ignoring_case && !facts.matches_with_case {
        found
            .add(pointer!["regex"], "the pattern matches the signature only when case is ignored")
            .help("write the letters as the message has them")
            .also(pointer!["signature"], "the message");
    }
}
