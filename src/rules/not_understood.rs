//! A part of a source belongs to no field and is no label that is known.
//!
//! # Why
//! Nothing is dropped unseen. What stands there may be a field under a heading of another name, or a part
//! of the site around the entry. `normalize --strict` refuses it.
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
//! ## Sponsors
//!
//! Buy a bigger disk.
//! ```
//!
//! # Good
//! A page that holds the parts of an entry and nothing else.

use crate::diagnostic::Level;
use crate::rule::{Check, Group, Rule};

pub(crate) static RULE: Rule = Rule {
    id: "not-understood",
    group: Group::Reading,
    level: Level::Warning,
    since: "0.1.0",
    source: include_str!("not_understood.rs"),
    check: Check::Reading,
};
