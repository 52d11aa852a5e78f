//! A list of sources names the same address twice.
//!
//! # Why
//! One page is one source, however often it is listed.
//!
//! # Bad
//! ```json
//! {
//!   "workarounds": [
//!     {
//!       "action": "Free some space",
//!       "success_rate": 0.9,
//!       "sources": ["https://docs.example.org/disk", "https://docs.example.org/disk"]
//!     }
//!   ]
//! }
//! ```
//!
//! # Good
//! ```json
//! {
//!   "workarounds": [
//!     {
//!       "action": "Free some space",
//!       "success_rate": 0.9,
//!       "sources": ["https://docs.example.org/disk", "https://docs.example.org/du"]
//!     }
//!   ]
//! }
//! ```

use std::collections::HashMap;

use crate::diagnostic::Level;
use crate::pointer;
use crate::rule::{Check, EntryContext, Findings, Group, Rule};

pub(super) static RULE: Rule = Rule {
    id: "repeated-source",
    group: Group::Url,
    level: Level::Warning,
    since: "0.1.0",
    source: include_str!("repeated_source.rs"),
    check: Check::Entry(check),
};

fn check(cx: &EntryContext<'_>, found: &mut Findings) {
    let dead_ends = cx.entry.dead_ends.iter().map(|item| item.sources.as_slice()).enumerate();
    let workarounds = cx.entry.workarounds.iter().map(|item| item.sources.as_slice()).enumerate();
    let lists = dead_ends
        .map(|item| ("dead_ends", item))
        .chain(workarounds.map(|item| ("workarounds", item)));
    for (list, (index, sources)) in lists {
        let mut seen = HashMap::new();
        for (item, source) in sources.iter().enumerate() {
            // A slash at the end names the same page.
            let first = *seen.entry(source.trim_end_matches('/')).or_insert(item);
            if first != item {
                found
                    .add(pointer![list, index, "sources", item], "the same source twice")
                    .help("remove one")
                    .also(pointer![list, index, "sources", first], "first here");
            }
        }
    }
}
