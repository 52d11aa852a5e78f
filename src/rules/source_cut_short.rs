//! A source ends in the middle: an element, a block of code or a list item is never finished.
//!
//! # Why
//! A broken download looks like a shorter page. What came through is in the draft, the rest is not, and
//! nothing else would tell.
//!
//! # Bad
//! ```text
//! # No space left on device
//!
//! ID: example/disk-full
//!
//! ## Root Cause
//!
//! The disk is full.
//!
//! ## Workarounds
//! ```
//!
//! # Good
//! A page that is whole.

use crate::diagnostic::Level;
use crate::rule::{Check, Group, Rule};

pub(crate) static RULE: Rule = Rule {
    id: "source-cut-short",
    group: Group::Reading,
    level: Level::Warning,
    since: "0.1.0",
    source: include_str!("source_cut_short.rs"),
    check: Check::Reading,
};
