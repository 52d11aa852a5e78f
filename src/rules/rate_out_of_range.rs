//! A rate in a source is below 0 or above 1.
//!
//! # Why
//! 140 % is a slip, and nobody but its author knows of what. The draft has no rate there.
//!
//! # Bad
//! ```text
//! # No space left on device
//!
//! ID: example/disk-full
//!
//! 140% Fix Rate
//! ```
//!
//! # Good
//! A rate from 0 % to 100 %.

use crate::diagnostic::Level;
use crate::rule::{Check, Group, Rule};

pub(crate) static RULE: Rule = Rule {
    id: "rate-out-of-range",
    group: Group::Reading,
    level: Level::Error,
    since: "0.1.0",
    source: include_str!("rate_out_of_range.rs"),
    check: Check::Reading,
};
