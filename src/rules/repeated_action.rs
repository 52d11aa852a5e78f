//! Two dead ends, or two workarounds, have the same action; or one action is both.
//!
//! # Why
//! The same advice twice, with two rates, is one too many. The same advice as a dead end and as a
//! workaround is a contradiction.
//!
//! # Bad
//! ```json
//! {
//!   "workarounds": [
//!     {"action": "Free some space", "success_rate": 0.9},
//!     {"action": "free some space.", "success_rate": 0.9}
//!   ]
//! }
//! ```
//! ```json
//! {"workarounds": [{"action": "Retry the write", "success_rate": 0.9}]}
//! ```
//!
//! # Good
//! ```json
//! {
//!   "workarounds": [
//!     {"action": "Free some space", "success_rate": 0.9},
//!     {"action": "Add a disk", "success_rate": 0.9}
//!   ]
//! }
//! ```

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use crate::diagnostic::Level;
use crate::pointer;
use crate::rule::{Check, EntryContext, Findings, Group, Rule};
use crate::wording::bare;

pub(super) static RULE: Rule = Rule {
    id: "repeated-action",
    group: Group::Text,
    level: Level::Warning,
    since: "0.1.0",
    source: include_str!("repeated_action.rs"),
    check: Check::Entry(check),
};

fn check(cx: &EntryContext<'_>, found: &mut Findings) {
    let entry = cx.entry;
    let dead_ends = entry.dead_ends.iter().map(|item| (&item.action, &item.condition)).enumerate();
    let workarounds =
        entry.workarounds.iter().map(|item| (&item.action, &item.condition)).enumerate();
    let all = dead_ends
        .map(|item| ("dead_ends", item))
        .chain(workarounds.map(|item| ("workarounds", item)));
    let mut seen: HashMap<(String, String), (&'static str, usize)> = HashMap::new();
    for (list, (index, (action, condition))) in all {
        if action.is_empty() {
            continue;
        }
        match seen.entry((bare(action), bare(condition))) {
            Entry::Vacant(slot) => {
                slot.insert((list, index));
            }
            Entry::Occupied(first) => {
                let (first_list, first_index) = *first.get();
                let message = if list == first_list {
                    "the same action twice"
                } else {
                    "the same action is a dead end and a workaround"
                };
                found
                    .add(pointer![list, index, "action"], message)
                    .help("keep one, or say under which condition each holds")
                    .also(pointer![first_list, first_index, "action"], "first here");
            }
        }
    }
}
