//! A list of links names the same entry twice.
//!
//! # Why
//! One of the two is left over from an edit, and their numbers may differ.
//!
//! # Bad
//! ```json
//! [
//!   {
//!     "transition_graph": {
//!       "leads_to": [
//!         {"error_id": "example/b", "probability": 0.2},
//!         {"error_id": "example/b", "probability": 0.4}
//!       ]
//!     }
//!   },
//!   {
//!     "id": "example/b",
//!     "transition_graph": {"preceded_by": [{"error_id": "example/disk-full", "probability": 0.2}]}
//!   }
//! ]
//! ```
//!
//! # Good
//! ```json
//! [
//!   {"transition_graph": {"leads_to": [{"error_id": "example/b", "probability": 0.2}]}},
//!   {
//!     "id": "example/b",
//!     "transition_graph": {"preceded_by": [{"error_id": "example/disk-full", "probability": 0.2}]}
//!   }
//! ]
//! ```

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use crate::diagnostic::Level;
use crate::entry::{EntryId, Relation};
use crate::rule::{Check, EntryContext, Findings, Group, Rule};
use crate::visible;

pub(super) static RULE: Rule = Rule {
    id: "repeated-reference",
    group: Group::Link,
    level: Level::Warning,
    since: "0.1.0",
    source: include_str!("repeated_reference.rs"),
    check: Check::Entry(check),
};

fn check(cx: &EntryContext<'_>, found: &mut Findings) {
    let mut seen: HashMap<(Relation, &EntryId), usize> = HashMap::new();
    for (relation, index, target) in cx.entry.references() {
        if target.is_empty() {
            continue;
        }
        match seen.entry((relation, target)) {
            Entry::Vacant(slot) => {
                slot.insert(index);
            }
            Entry::Occupied(first) => {
                let message = format!(
                    "{} is linked twice in `{}`",
                    visible::quote(target.as_str()),
                    relation.key()
                );
                let first = relation.pointer(*first.get());
                found
                    .add(relation.pointer(index), message)
                    .help("keep one of the two")
                    .also(first, "first here");
            }
        }
    }
}
