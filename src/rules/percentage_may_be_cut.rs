//! A page gives rates as whole percentages.
//!
//! # Why
//! Pages of this kind cut a rate instead of rounding it: 0.58 can show as 57 %, because 0.58 x 100 is a
//! little less than 58. The draft has what the page says; the entry itself may have had more.
//!
//! # Bad
//! ```text
//! # No space left on device
//!
//! ID: example/disk-full
//!
//! 84% Fix Rate
//! ```
//!
//! # Good
//! A source that gives rates as decimals.

use crate::diagnostic::Level;
use crate::rule::{Check, Group, Rule};

pub(crate) static RULE: Rule = Rule {
    id: "percentage-may-be-cut",
    group: Group::Reading,
    level: Level::Note,
    since: "0.1.0",
    source: include_str!("percentage_may_be_cut.rs"),
    check: Check::Reading,
};
