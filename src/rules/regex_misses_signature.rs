//! The pattern does not find the entry's own message.
//!
//! # Why
//! The signature is the one message that the entry surely is about. A pattern that misses it will miss
//! what users paste too. It is searched unanchored, as look-ups do. One that only the case of its letters
//! keeps from finding it is `regex-needs-ignore-case`.
//!
//! # Bad
//! ```json
//! {"regex": "disk (is )?full"}
//! ```
//!
//! # Good
//! ```json
//! {"regex": "no space left on (device|volume)"}
//! ```

use crate::diagnostic::Level;
use crate::pointer;
use crate::rule::{Check, EntryContext, Findings, Group, Rule};

pub(super) static RULE: Rule = Rule {
    id: "regex-misses-signature",
    group: Group::Pattern,
    level: Level::Error,
    since: "0.1.0",
    source: include_str!("regex_misses_signature.rs"),
    check: Check::Entry(check),
};

fn check(cx: &EntryContext<'_>, found: &mut Findings) {
    let facts = cx.facts();
    let known =
        !cx.entry.regex.is_empty() && !cx.entry.signature.is_empty() && facts.error.is_none();
    if known && !facts.matches_ignoring_case {
        found
            .add(pointer!["regex"], "the pattern does not match the signature")
            .help("make the pattern find the message; keep what varies in it general")
            .also(pointer!["signature"], "the message it should find");
    }
}
