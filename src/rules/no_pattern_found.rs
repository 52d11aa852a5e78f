//! `normalize --propose-regex` found no pattern for the message of an entry.
//!
//! # Why
//! The message has too few fixed words, or any pattern that finds it finds another entry's message too: the
//! two may be one error.
//!
//! # Bad
//! ```text
//! errlore normalize --propose-regex page.txt
//! ```
//!
//! # Good
//! A message with words of its own.

use crate::diagnostic::Level;
use crate::rule::{Check, Group, Rule};

pub(crate) static RULE: Rule = Rule {
    id: "no-pattern-found",
    group: Group::Reading,
    level: Level::Warning,
    since: "0.1.0",
    source: include_str!("no_pattern_found.rs"),
    check: Check::Reading,
};
