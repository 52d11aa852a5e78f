//! A value was written in another way than the schema asks for, and has one obvious reading.
//!
//! # Why
//! `true` for `"true"`, `"84%"` for 0.84, `2024/6/1` for 2024-06-01: the draft has the reading, and somebody
//! should know that there was one.
//!
//! # Bad
//! ```text
//! {"id": "example/disk-full", "domain": "example", "resolvable": true}
//! ```
//!
//! # Good
//! ```text
//! {"id": "example/disk-full", "domain": "example", "resolvable": "true"}
//! ```

use crate::diagnostic::Level;
use crate::rule::{Check, Group, Rule};

pub(crate) static RULE: Rule = Rule {
    id: "value-read-leniently",
    group: Group::Reading,
    level: Level::Note,
    since: "0.1.0",
    source: include_str!("value_read_leniently.rs"),
    check: Check::Reading,
};
