//! An entry links to itself.
//!
//! # Why
//! It leads nowhere, and programs that follow links may go round for ever.
//!
//! # Bad
//! ```json
//! {
//!   "transition_graph": {
//!     "frequently_confused_with": [{"error_id": "example/disk-full", "distinction": "It is the same."}]
//!   }
//! }
//! ```
//!
//! # Good
//! ```json
//! {"transition_graph": {"frequently_confused_with": []}}
//! ```

use crate::diagnostic::Level;
use crate::rule::{Check, EntryContext, Findings, Group, Rule};

pub(super) static RULE: Rule = Rule {
    id: "self-reference",
    group: Group::Link,
    level: Level::Error,
    since: "0.1.0",
    source: include_str!("self_reference.rs"),
    check: Check::Entry(check),
};

fn check(cx: &EntryContext<'_>, found: &mut Findings) {
    for (relation, index, target) in cx.entry.references() {
        let own = *target == cx.entry.id || cx.entry.aliases.contains(target);
        if own && !target.is_empty() {
            found.add(relation.pointer(index), "the entry links to itself").help("remove the link");
        }
    }
}
