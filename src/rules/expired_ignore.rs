//! An ignore of the configuration has expired.
//!
//! # Why
//! It was meant to hold until a day that is over; what it hid is reported again. Only said when the
//! whole knowledge base is checked with all rules.
//!
//! # Bad
//! ```text
//! [[ignore]]
//! rule = "stale-entry"
//! reason = "review in spring"
//! until = "2020-05-01"
//! ```
//!
//! # Good
//! An ignore whose `until` is yet to come, or that has none.

use crate::diagnostic::Level;
use crate::rule::{Check, Group, IgnoreUse, Rule};

pub(super) static RULE: Rule = Rule {
    id: "expired-ignore",
    group: Group::Configuration,
    level: Level::Warning,
    since: "0.1.0",
    source: include_str!("expired_ignore.rs"),
    check: Check::Ignores(check),
};

fn check(fate: &IgnoreUse<'_>) -> Option<String> {
    let until =
        fate.ignore.until.filter(|_| fate.complete && fate.ignore.is_expired(fate.today))?;
    Some(format!("the ignore of `{}` ended on {until}", fate.ignore.rule))
}
