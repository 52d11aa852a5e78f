//! A link leads to an id that no entry has.
//!
//! # Why
//! Whoever follows it finds nothing. Most often the other entry was renamed; an alias there mends all
//! links to it at once. Where it was merged, `decisions.jsonl` tells into which. Of a file that
//! lies in no knowledge base nobody knows what it may link to, and nothing is said.
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

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::corpus::{Corpus, Document};
use crate::diagnostic::Level;
use crate::entry::{EntryId, Relation};
use crate::rule::{Check, CorpusContext, Findings, Group, Rule};
use crate::suggest::did_you_mean;
use crate::visible;

pub(super) static RULE: Rule = Rule {
    id: "unknown-reference",
    group: Group::Link,
    level: Level::Error,
    since: "0.1.0",
    source: include_str!("unknown_reference.rs"),
    check: Check::Corpus(check),
};

fn check(cx: &CorpusContext<'_>, found: &mut Findings) {
    if cx.is_alone {
        return;
    }
    let holder = |id: &EntryId| {
        let holders = cx.corpus.with_id(id);
        let holders = if holders.is_empty() { cx.corpus.with_alias(id) } else { holders };
        Some(&cx.corpus.document(*holders.first()?).card.as_ref()?.id)
    };
    let is_there = |id: &EntryId| holder(id).is_some();
    let is_unread =
        |document: &&Document| document.card.as_ref().is_none_or(|card| card.id.is_empty());
    let unread = cx.corpus.documents().iter().filter(is_unread);
    let unread: HashSet<&str> =
        unread.filter_map(|document| document.expected_id.as_deref()).collect();
    let mut by_domain: Option<HashMap<&str, Vec<&str>>> = None;
    let mut survivors: Option<BTreeMap<&EntryId, &EntryId>> = None;
    for (document, entry) in cx.corpus.entries() {
        let mut linked: Option<HashSet<(Relation, &str)>> = None;
        for (relation, index, target) in entry.references() {
            // A file in its place that cannot be read may hold it: another rule says that.
            let known = target.is_empty() || is_there(target) || unread.contains(target.as_str());
            let is_removed = cx.removed.contains(target.as_str());
            if known || !(cx.is_in_scope(document) || is_removed) {
                continue;
            }
            let lost = visible::quote(target.as_str());
            let survivors = survivors.get_or_insert_with(|| cx.decisions.survivors(is_there));
            let survivor = survivors.get(target).and_then(|id| holder(id));
            let help = if survivor == Some(&entry.id) {
                "it was decided to be a duplicate of this very entry: remove the link".to_owned()
            } else if let Some(survivor) = survivor {
                let survivor = visible::quote(survivor.as_str());
                format!(
                    "it was decided to be a duplicate of {survivor}: link to that, or add {lost} to the \
                     aliases of {survivor}"
                )
            } else if is_removed {
                // It is no slip of the pen.
                format!(
                    "it went with this change: remove the link, or add {lost} to the aliases of the entry \
                     that takes its place"
                )
            } else {
                // Only ids of the same domain are worth the comparison; neither the entry itself nor what it
                // links to already is meant.
                let linked = linked.get_or_insert_with(|| {
                    entry.references().map(|(kind, _, id)| (kind, id.as_str())).collect()
                });
                let names = by_domain.get_or_insert_with(|| ids_by_domain(cx.corpus));
                let names = names.get(target.domain()).into_iter().flatten().copied();
                let names = names.filter(|name| {
                    *name != entry.id.as_str() && !linked.contains(&(relation, *name))
                });
                match did_you_mean(target.as_str(), names) {
                    Some(guess) => format!("did you mean {}?", visible::quote(guess)),
                    None => "mend the id, add the entry, or remove the link".to_owned(),
                }
            };
            let finding = found
                .add_in(document, relation.pointer(index), format!("no entry has the id {lost}"))
                .help(help);
            finding.is_broken_by_change = is_removed;
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
