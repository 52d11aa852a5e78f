//! A link leads to an id that no entry has.
//!
//! # Why
//! Whoever follows it finds nothing. Most often the other entry was renamed; an alias there mends all
//! links to it at once.
//!
//! # Bad
//! ```json
//! {"transition_graph": {"leads_to": [{"error_id": "example/read-only", "probability": 0.2}]}}
//! ```
//!
//! # Good
//! ```json
//! [
//!   {"transition_graph": {"leads_to": [{"error_id": "example/read-only", "probability": 0.2}]}},
//!   {"id": "example/read-only", "transition_graph": {"preceded_by": [{"error_id": "example/disk-full", "probability": 0.2}]}}
//! ]
//! ```

use crate::entry::EntryId;
use crate::suggest::did_you_mean;
use crate::visible;
use crate::config::Level;
use crate::rule::{Check, CorpusContext, Findings, Rule};

pub(super) static RULE: Rule = Rule {
    id: "unknown-reference",
    level: Level::Error,
    since: "0.1.0",
    source: include_str!("unknown_reference.rs"),
    check: Check::Corpus(check),
};

fn check(cx: &CorpusContext<'_>, found: &mut Findings) {
    let mut names: Option<Vec<&str>> = None;
    for (document, entry) in cx.corpus.entries() {
        for (relation, index, target) in entry.references() {
            let known = target.is_empty()
                || !cx.corpus.with_id(target).is_empty()
                || !cx.corpus.with_alias(target).is_empty();
            if known {
                continue;
            }
            let names = names.get_or_insert_with(|| cx.corpus.ids().map(EntryId::as_str).collect());
            // Only ids of the same domain are worth the comparison.
            let near = names.iter().copied().filter(|name| name.split('/').next() == Some(target.domain()));
            let guess = if cx.is_in_scope(document) { did_you_mean(target.as_str(), near) } else { None };
            let help = guess.map_or_else(
                || "mend the id, add the entry, or remove the link".to_owned(),
                |guess| format!("did you mean `{guess}`?"),
            );
            let message = format!("no entry has the id {}", visible::quote(target.as_str()));
            found.add_in(document, relation.pointer(index), message).help(help);
        }
    }
}
