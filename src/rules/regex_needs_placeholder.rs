//! The pattern finds the signature, but not with its placeholders filled in.
//!
//! # Why
//! A signature such as `port X is in use` or `cannot open <file>` shows where the message varies. Nobody ever
//! sees the `X`: a pattern that asks for it finds nothing. The placeholders are filled in with a number, a
//! word, a name and a path; it is enough if the pattern finds one of these messages. What may as well be a
//! name, such as `X server` or a word in quotes, is none.
//!
//! # Bad
//! ```json
//! {
//!   "signature": "write failed: no space left on <device>",
//!   "regex": "no space left on <device>"
//! }
//! ```
//!
//! # Good
//! ```json
//! {
//!   "signature": "write failed: no space left on <device>",
//!   "regex": "no space left on \\S+"
//! }
//! ```
//! ```json
//! {"signature": "cannot connect to X server", "regex": "cannot connect to X server"}
//! ```
//! ```json
//! {"signature": "the field 'key' is missing", "regex": "the field 'key' is missing"}
//! ```

use crate::diagnostic::Level;
use crate::pattern::fillings;
use crate::rule::{At, Check, EntryContext, Findings, Group, Rule};
use crate::{pointer, visible};

pub(super) static RULE: Rule = Rule {
    id: "regex-needs-placeholder",
    group: Group::Pattern,
    level: Level::Warning,
    since: "0.1.0",
    source: include_str!("regex_needs_placeholder.rs"),
    check: Check::Entry(check),
};

fn check(cx: &EntryContext<'_>, found: &mut Findings) {
    let facts = cx.facts();
    let finds_signature = facts.error.is_none() && facts.matches(cx.config.regex.case);
    if cx.entry.regex.is_empty() || !finds_signature {
        return;
    }
    let (places, filled) = fillings(&cx.entry.signature);
    let Some(first) = filled.first() else { return };
    if filled.iter().any(|text| cx.pattern_finds(text) == Some(true)) {
        return;
    }
    let finding = found.add(
        pointer!["regex"],
        format!(
            "the pattern does not find the message with its placeholders filled in, such as {}",
            visible::quote(first)
        ),
    );
    finding.help("write what varies as a class, such as `\\d+` or `\\S+`");
    for place in places.into_iter().take(3) {
        finding.also(At::Within(pointer!["signature"], place), "a placeholder");
    }
}
