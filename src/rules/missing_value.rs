//! A source does not give a value that an entry needs.
//!
//! # Why
//! A page shows only a part of an entry: no pattern, no date of the last review. Nothing is invented, so the
//! draft stays empty there, and `check` refuses it until somebody fills it in.
//!
//! # Bad
//! ```text
//! # No space left on device
//!
//! ID: example/disk-full
//! ```
//!
//! # Good
//! A source that gives each value the schema requires.

use crate::diagnostic::Level;
use crate::rule::{Check, Group, Rule};

pub(crate) static RULE: Rule = Rule {
    id: "missing-value",
    group: Group::Reading,
    level: Level::Warning,
    since: "0.1.0",
    source: include_str!("missing_value.rs"),
    check: Check::Reading,
};
