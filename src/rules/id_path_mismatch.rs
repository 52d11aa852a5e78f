//! An entry's file is not at `<id>.json` below the folder of entries.
//!
//! # Why
//! The path is how people find an entry and how two of one id collide in git, where it can be seen.
//!
//! # Bad
//! ```text
//! entries/example/disk.json holds the entry example/disk-full
//! ```
//!
//! # Good
//! ```text
//! entries/example/disk-full.json holds the entry example/disk-full
//! ```

use crate::diagnostic::Level;
use crate::rule::{Check, EntryContext, Findings, Group, Rule};
use crate::{pointer, visible};

pub(super) static RULE: Rule = Rule {
    id: "id-path-mismatch",
    group: Group::Id,
    level: Level::Error,
    since: "0.1.0",
    source: include_str!("id_path_mismatch.rs"),
    check: Check::Entry(check),
};

fn check(cx: &EntryContext<'_>, found: &mut Findings) {
    let Some(expected) = &cx.document.expected_id else { return };
    let id = cx.entry.id.as_str();
    if id.is_empty() || id == expected {
        return;
    }
    found
        .add(pointer!["id"], format!("the file is not where the id {} says", visible::quote(id)))
        .label(format!("the path says {}", visible::quote(expected)))
        .help(format!("move the file to {id}.json in the folder of entries, or mend the id"));
}
