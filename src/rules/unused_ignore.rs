//! An ignore of the configuration takes nothing away.
//!
//! # Why
//! The fault it was for has been mended, or the ignore never matched. Left there, it will hide the next
//! one. Only said when the whole knowledge base is checked with all rules.
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

use crate::config::Level;
use crate::rule::{Check, IgnoreUse, Rule};
use crate::visible;

pub(super) static RULE: Rule = Rule {
    id: "unused-ignore",
    level: Level::Warning,
    since: "0.1.0",
    source: include_str!("unused_ignore.rs"),
    check: Check::Ignores(check),
};

fn check(fate: &IgnoreUse<'_>) -> Option<String> {
    let idle = fate.complete && fate.used == 0 && !fate.ignore.is_expired(fate.today);
    idle.then(|| {
        format!(
            "no finding of `{}` in {} is there to ignore",
            fate.ignore.rule,
            visible::quote(&fate.ignore.entry)
        )
    })
}
