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
//!   {
//!     "id": "example/read-only",
//!     "transition_graph": {"preceded_by": [{"error_id": "example/disk-full", "probability": 0.2}]}
//!   }
//! ]
//! ```

use std::collections::HashMap;

use crate::config::Level;
use crate::corpus::Corpus;
use crate::rule::{Check, CorpusContext, Findings, Rule};
use crate::suggest::did_you_mean;
use crate::visible;

pub(super) static RULE: Rule = Rule {
    id: "unknown-reference",
    level: Level::Error,
    since: "0.1.0",
    source: include_str!("unknown_reference.rs"),
    check: Check::Corpus(check),
};

fn check(cx: &CorpusContext<'_>, found: &mut Findings) {
    let mut by_domain: Option<HashMap<&str, Vec<&str>>> = None;
    for (document, entry) in cx.corpus.entries() {
        for (relation, index, target) in entry.references() {
            let known = target.is_empty()
                || !cx.corpus.with_id(target).is_empty()
                || !cx.corpus.with_alias(target).is_empty();
            if known {
                continue;
            }
            let is_removed = cx.removed.contains(target.as_str());
            let guess = (cx.is_in_scope(document) || is_removed).then(|| {
                // Only ids of the same domain are worth the comparison.
                let names =
                    by_domain.get_or_insert_with(|| ids_by_domain(cx.corpus)).get(target.domain());
                did_you_mean(target.as_str(), names.into_iter().flatten().copied())
            });
            let help = guess.flatten().map_or_else(
                || "mend the id, add the entry, or remove the link".to_owned(),
                |guess| format!("did you mean `{guess}`?"),
            );
            let message = format!("no entry has the id {}", visible::quote(target.as_str()));
            let finding = found.add_in(document, relation.pointer(index), message).help(help);
            finding.names_removed = is_removed;
        }
    }
}

fn ids_by_domain(corpus: &Corpus) -> HashMap<&str, Vec<&str>> {
    let mut names: HashMap<&str, Vec<&str>> = HashMap::new();
    for id in corpus.ids() {
        names.entry(id.domain()).or_default().push(id.as_str());
    }
    names
}
