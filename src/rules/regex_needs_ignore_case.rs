//! Look-ups keep case, and the pattern finds the signature only when case is ignored.
//!
//! # Why
//! The pattern is right but for the case of its letters: no look-up finds the entry. Where look-ups ignore case,
//! which is the default of `regex.case`, that is no fault.
//!
//! # Bad
//! With `case = "sensitive"` under `[regex]`:
//! ```text
//! {"regex": "No space left on device"}
//! ```
//!
//! # Good
//! ```json
//! {"regex": "[Nn]o space left on device"}
//! ```

use crate::config::Case;
use crate::diagnostic::Level;
use crate::pointer;
use crate::rule::{Check, EntryContext, Findings, Group, Rule};

pub(super) static RULE: Rule = Rule {
    id: "regex-needs-ignore-case",
    group: Group::Pattern,
    level: Level::Error,
    since: "0.1.0",
    source: include_str!("regex_needs_ignore_case.rs"),
    check: Check::Entry(check),
};

fn check(cx: &EntryContext<'_>, found: &mut Findings) {
    let facts = cx.facts();
    let keeps_case = cx.config.regex.case == Case::Sensitive;
    if keeps_case && facts.matches_ignoring_case && !facts.matches_with_case {
        found
            .add(pointer!["regex"], "the pattern matches the signature only when case is ignored")
            .help("look-ups keep case here: write the letters as the message has them")
            .also(pointer!["signature"], "the message it should find");
    }
}
