//! The pattern of an entry is a proposal of `normalize --propose-regex`.
//!
//! # Why
//! It finds its own message and no other entry's, but only a person knows which parts of a message vary.
//! Parts that look as if they did and are spelled out all the same are named.
//!
//! # Bad
//! ```text
//! errlore normalize --propose-regex page.txt
//! ```
//!
//! # Good
//! A source that gives the pattern.

use crate::diagnostic::Level;
use crate::rule::{Check, Group, Rule};

pub(crate) static RULE: Rule = Rule {
    id: "pattern-proposed",
    group: Group::Reading,
    level: Level::Note,
    since: "0.1.0",
    source: include_str!("pattern_proposed.rs"),
    check: Check::Reading,
};
