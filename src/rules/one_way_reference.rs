//! An entry links to another, which does not link back.
//!
//! # Why
//! What leads to an error is preceded by it, and confusion is mutual: a reader who starts at the other
//! entry should find this one. Off by default: an entry about a common error cannot list all the rare ones
//! that point to it. Where a knowledge base keeps its links both ways, turn it on.
//!
//! # Bad
//! ```json
//! [
//!   {"transition_graph": {"leads_to": [{"error_id": "example/read-only", "probability": 0.2}]}},
//!   {"id": "example/read-only"}
//! ]
//! ```
//!
//! # Good
//! ```json
//! [
//!   {"transition_graph": {"leads_to": [{"error_id": "example/read-only", "probability": 0.2}]}},
//!   {
//!     "id": "example/read-only",
//!     "transition_graph": {"preceded_by": [{"error_id": "example/disk-full", "probability": 0.2}]}
//!   }
//! ]
//! ```

use crate::diagnostic::Level;
use crate::rule::{Check, CorpusContext, Findings, Group, Rule};
use crate::{pointer, visible};

pub(super) static RULE: Rule = Rule {
    id: "one-way-reference",
    group: Group::Link,
    level: Level::Off,
    since: "0.1.0",
    source: include_str!("one_way_reference.rs"),
    check: Check::Corpus(check),
};

fn check(cx: &CorpusContext<'_>, found: &mut Findings) {
    for (document, entry) in cx.corpus.entries() {
        for (relation, index, target) in entry.references() {
            let holders = cx.corpus.with_id(target);
            let holders = if holders.is_empty() { cx.corpus.with_alias(target) } else { holders };
            // Where several entries claim a name, nobody knows which should link back.
            let &[other] = holders else { continue };
            let Some(there) = &cx.corpus.document(other).card else { continue };
            if other == document || there.id == entry.id {
                continue;
            }
            let back = relation.inverse();
            let linked = there.references().any(|(kind, _, id)| {
                kind == back && (*id == entry.id || entry.aliases.contains(id))
            });
            if linked {
                continue;
            }
            let list = pointer!["transition_graph", back.key()];
            if cx.is_in_scope(document) {
                let name = visible::quote(there.id.as_str());
                found
                    .add_in(document, relation.pointer(index), format!("{name} does not link back"))
                    .help(format!("add this entry to its `{}`", back.key()))
                    .related(other, list, "not among these");
            } else {
                let name = visible::quote(entry.id.as_str());
                let message = format!("{name} links here, and this entry does not link back");
                found
                    .add_in(other, list, message)
                    .help(format!("add it to `{}`", back.key()))
                    .related(document, relation.pointer(index), "the link");
            }
        }
    }
}
