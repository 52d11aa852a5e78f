//! The front matter of a Markdown file and the page below it give different values for a field.
//!
//! # Why
//! The front matter has what the page cannot show exactly, so it counts. Whoever edited the page may not
//! have seen that the field stands above as well.
//!
//! # Bad
//! ```text
//! ---
//! format: "errlore-entry"
//! signature: "No space left on device"
//! ---
//!
//! # No space left on disk
//!
//! ID: `example/disk-full`
//! ```
//!
//! # Good
//! A field in the front matter or on the page.

use crate::diagnostic::Level;
use crate::rule::{Check, Group, Rule};

pub(crate) static RULE: Rule = Rule {
    id: "front-matter-differs",
    group: Group::Reading,
    level: Level::Note,
    since: "0.1.0",
    source: include_str!("front_matter_differs.rs"),
    check: Check::Reading,
};
