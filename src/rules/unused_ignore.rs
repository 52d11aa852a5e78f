//! An ignore of the configuration takes nothing away.
//!
//! # Why
//! The fault it was for has been mended, or the ignore never matched. Left there, it will hide the next
//! one. Only said when the whole knowledge base is checked with all rules, and of rules that ran: those that are
//! off did not, nor did those that run only with `--since`, with `--run-engines` or in `normalize`.
//!
//! # Bad
//! ```text
//! [[ignore]]
//! rule = "stale-entry"
//! entry = "no-such-domain/*"
//! reason = "protocol text does not age"
//! ```
//!
//! # Good
//! An ignore that matches at least one finding.

use crate::diagnostic::Level;
use crate::rule::{Check, Group, IgnoreUse, Rule};
use crate::visible;

pub(super) static RULE: Rule = Rule {
    id: "unused-ignore",
    group: Group::Configuration,
    level: Level::Warning,
    since: "0.1.0",
    source: include_str!("unused_ignore.rs"),
    check: Check::Ignores(check),
};

fn check(fate: &IgnoreUse<'_>) -> Option<String> {
    let could_be_used = fate.complete && fate.has_run && !fate.ignore.is_expired(fate.today);
    let idle = could_be_used && fate.used == 0;
    idle.then(|| {
        format!(
            "no finding of `{}` in {} is there to ignore",
            fate.ignore.rule,
            visible::quote(&fate.ignore.entry)
        )
    })
}
