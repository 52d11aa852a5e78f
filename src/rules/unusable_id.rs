//! A source gives an id that is none: `domain/slug` or `domain/slug/env` in lower case.
//!
//! # Why
//! The id is the path of the entry's file. One that is no id could lead anywhere, so no file is written.
//!
//! # Bad
//! ```text
//! # No space left on device
//!
//! ID: ../../etc/passwd
//! ```
//!
//! # Good
//! `ID: example/disk-full`

use crate::diagnostic::Level;
use crate::rule::{Check, Group, Rule};

pub(crate) static RULE: Rule = Rule {
    id: "unusable-id",
    group: Group::Reading,
    level: Level::Error,
    since: "0.1.0",
    source: include_str!("unusable_id.rs"),
    check: Check::Reading,
};
