//! A link names a former id of an entry.
//!
//! # Why
//! It still leads there, by way of the alias; the day the alias goes it leads nowhere.
//!
//! # Bad
//! ```json
//! [
//!   {"transition_graph": {"leads_to": [{"error_id": "example/readonly", "probability": 0.2}]}},
//!   {
//!     "id": "example/read-only",
//!     "aliases": ["example/readonly"],
//!     "transition_graph": {"preceded_by": [{"error_id": "example/disk-full", "probability": 0.2}]}
//!   }
//! ]
//! ```
//!
//! # Good
//! ```json
//! [
//!   {"transition_graph": {"leads_to": [{"error_id": "example/read-only", "probability": 0.2}]}},
//!   {
//!     "id": "example/read-only",
//!     "aliases": ["example/readonly"],
//!     "transition_graph": {"preceded_by": [{"error_id": "example/disk-full", "probability": 0.2}]}
//!   }
//! ]
//! ```

use crate::diagnostic::{Applicability, Level};
use crate::rule::{Check, CorpusContext, Findings, Group, Rule};
use crate::{pointer, visible};

pub(super) static RULE: Rule = Rule {
    id: "reference-to-alias",
    group: Group::Link,
    level: Level::Warning,
    since: "0.1.0",
    source: include_str!("reference_to_alias.rs"),
    check: Check::Corpus(check),
};

fn check(cx: &CorpusContext<'_>, found: &mut Findings) {
    for (document, entry) in cx.asked() {
        for (relation, index, target) in entry.references() {
            let [holder] = cx.corpus.with_alias(target) else { continue };
            let Some(current) = &cx.corpus.document(*holder).card else { continue };
            if !cx.corpus.with_id(target).is_empty() || *holder == document || current.id.is_empty()
            {
                continue;
            }
            let (old, new) = (visible::quote(target.as_str()), visible::quote(current.id.as_str()));
            let linked =
                entry.references().any(|(kind, _, id)| kind == relation && *id == current.id);
            let finding = found
                .add_in(document, relation.pointer(index), format!("{old} is now called {new}"))
                .related(*holder, pointer!["id"], "this entry");
            if linked {
                finding.help("remove the link: the entry is linked under its present id as well");
            } else {
                finding.replace(
                    Applicability::Safe,
                    current.id.as_str(),
                    format!("replace it with {new}"),
                );
            }
        }
    }
}
