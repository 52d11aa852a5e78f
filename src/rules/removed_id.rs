//! An id, or an alias, that an entry had is held by no entry now.
//!
//! # Why
//! Others may hold it: links in other places, look-ups, decisions. It must still lead somewhere. An entry that
//! is renamed, or made one with another, leaves its id among the `aliases` of the entry that answers for it now.
//! If nothing answers for it any more, an ignore in `errlore.toml` says why. Looked at only with `--since`,
//! where there is an older version: the examples begin with it. A finding about a file that is gone points to
//! where the id stood in it.
//!
//! # Bad
//! ```json
//! [{"id": "example/no-space"}, {"id": "example/disk-full"}]
//! ```
//!
//! # Good
//! ```json
//! [{"id": "example/no-space"}, {"id": "example/disk-full", "aliases": ["example/no-space"]}]
//! ```

use std::collections::HashMap;

use crate::corpus::DocumentId;
use crate::diagnostic::Level;
use crate::rule::{Check, CorpusContext, Findings, FormerName, Group, Rule};
use crate::{pointer, visible};

pub(super) static RULE: Rule = Rule {
    id: "removed-id",
    group: Group::Id,
    level: Level::Error,
    since: "0.1.0",
    source: include_str!("removed_id.rs"),
    check: Check::Former(check),
};

fn check(cx: &CorpusContext<'_>, former: &[FormerName], found: &mut Findings) {
    let corpus = cx.corpus;
    let is_held = |former: &&FormerName| {
        !corpus.with_id(&former.name).is_empty() || !corpus.with_alias(&former.name).is_empty()
    };
    let message = |document: DocumentId| {
        let card = corpus.document(document).card.as_ref()?;
        card.messages.first().map(String::as_str).filter(|message| !message.is_empty())
    };
    let mut by_message: Option<HashMap<&str, DocumentId>> = None;
    for former in former.iter().filter(|former| !is_held(former)) {
        let name = visible::quote(former.name.as_str());
        let finding = found.add_in(
            former.document,
            former.at.clone(),
            format!("{name} was the id of an entry, and leads nowhere now"),
        );
        finding.help(format!(
            "add {name} to the `aliases` of the entry that answers for it now; if none does, say so in an ignore"
        ));
        // Who has the message of an entry that is gone is likely to be that entry.
        let heirs = by_message.get_or_insert_with(|| {
            corpus.entries().filter_map(|(id, _)| Some((message(id)?, id))).collect()
        });
        let heir = message(former.document).and_then(|message| heirs.get(message));
        if let Some(heir) = heir.filter(|heir| **heir != former.document) {
            finding.related(*heir, pointer!["id"], "has its message");
        }
    }
}
