//! The pattern does not find the entry's own message.
//!
//! # Why
//! The signature is the one message that the entry surely is about. A pattern that misses it will miss
//! what users paste too. It is searched unanchored, as look-ups do, and with case ignored unless
//! `regex.case` says otherwise.
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

use crate::config::Level;
use crate::pointer;
use crate::rule::{Check, EntryContext, Findings, Rule};

pub(super) static RULE: Rule = Rule {
    id: "regex-misses-signature",
    level: Level::Error,
    since: "0.1.0",
    source: include_str!("regex_misses_signature.rs"),
    check: Check::Entry(check),
};

fn check(cx: &EntryContext<'_>, found: &mut Findings) {
    let facts = cx.pattern();
    let case = cx.config.regex.case;
    let known =
        !cx.entry.regex.is_empty() && !cx.entry.signature.is_empty() && facts.error.is_none();
    if known && !facts.matches(case) {
        let (message, help) = if facts.matches_ignoring_case {
            (
                "the pattern matches the signature only when case is ignored",
                "look-ups keep case here: write the letters as the message has them",
            )
        } else {
            (
                "the pattern does not match the signature",
                "make the pattern find the message; keep what varies in it general",
            )
        };
        found
            .add(pointer!["regex"], message)
            .help(help)
            .also(pointer!["signature"], "the message it should find");
    }
}
