//! Two files hold entries of the same id.
//!
//! # Why
//! An id names one entry. Links to it and look-ups by it find one of the two, and nobody knows which.
//!
//! # Bad
//! ```json
//! [{"id": "example/disk-full"}, {"id": "example/disk-full"}]
//! ```
//!
//! # Good
//! ```json
//! [{"id": "example/disk-full"}, {"id": "example/disk-full/linux"}]
//! ```

use crate::diagnostic::Level;
use crate::rule::{Check, CorpusContext, Findings, Group, Rule};
use crate::{pointer, visible};

pub(super) static RULE: Rule = Rule {
    id: "duplicate-id",
    group: Group::Id,
    level: Level::Error,
    since: "0.1.0",
    source: include_str!("duplicate_id.rs"),
    check: Check::Corpus(check),
};

fn check(cx: &CorpusContext<'_>, found: &mut Findings) {
    for (document, entry) in cx.asked() {
        let holders = cx.corpus.with_id(&entry.id);
        if let Some(owner) = cx.owner(holders).filter(|owner| *owner != document) {
            let at = pointer!["id"];
            found
                .add_in(
                    document,
                    at.clone(),
                    format!("the id {} is taken", visible::quote(entry.id.as_str())),
                )
                .help("give one of the two another id, or merge them")
                .related(owner, at, "this entry has it");
        }
    }
}
