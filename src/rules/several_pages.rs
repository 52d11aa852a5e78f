//! A source holds more than one page.
//!
//! # Why
//! Each is read as an entry of its own. If that was not meant, two downloads went into one file.
//!
//! # Bad
//! ```text
//! disk ai_generated true
//! No space left on device
//! ID: example/disk-full
//!
//! Root Cause
//!
//! The disk is full.
//!
//! disk ai_generated true
//! No space left on device
//! ID: example/disk-full-again
//!
//! Root Cause
//!
//! The disk is full.
//! ```
//!
//! # Good
//! One page in a file, or a digest.

use crate::diagnostic::Level;
use crate::rule::{Check, Group, Rule};

pub(crate) static RULE: Rule = Rule {
    id: "several-pages",
    group: Group::Reading,
    level: Level::Note,
    since: "0.1.0",
    source: include_str!("several_pages.rs"),
    check: Check::Reading,
};
