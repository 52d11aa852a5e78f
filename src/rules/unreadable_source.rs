//! A source holds no entry that can be read.
//!
//! # Why
//! A page of another site, an empty page, a broken download: a half-read entry would be worse than none, so
//! nothing is written for it. The other sources still come out.
//!
//! # Bad
//! ```text
//! 404 Not Found
//!
//! The page you are looking for does not exist.
//! ```
//!
//! # Good
//! A page with the id of its entry and the message it is about.

use crate::diagnostic::Level;
use crate::rule::{Check, Group, Rule};

pub(crate) static RULE: Rule = Rule {
    id: "unreadable-source",
    group: Group::Reading,
    level: Level::Error,
    since: "0.1.0",
    source: include_str!("unreadable_source.rs"),
    check: Check::Reading,
};
