//! The pattern answers for the messages of many other entries.
//!
//! # Why
//! Whoever pastes one of those messages is shown this entry too. What a pattern finds is looked up in the
//! signatures and samples of the whole knowledge base; entries about the same error in another environment
//! do not count. How many others are allowed is set by `regex.max-others`.
//!
//! # Bad
//! ```json
//! [
//!   {"regex": "no space|left|quota"},
//!   {"id": "example/a", "signature": "user quota exceeded", "regex": "user quota"},
//!   {"id": "example/b", "signature": "mail quota exceeded", "regex": "mail quota"},
//!   {"id": "example/c", "signature": "disk quota exceeded", "regex": "disk quota"},
//!   {"id": "example/d", "signature": "print quota exceeded", "regex": "print quota"}
//! ]
//! ```
//!
//! # Good
//! ```json
//! [
//!   {"regex": "no space left"},
//!   {"id": "example/a", "signature": "user quota exceeded", "regex": "user quota"},
//!   {"id": "example/b", "signature": "mail quota exceeded", "regex": "mail quota"}
//! ]
//! ```

use crate::diagnostic::Level;
use crate::pointer::JsonPointer;
use crate::rule::{Check, CorpusContext, CrossMatches, Findings, Group, Rule};
use crate::{pointer, visible};

pub(super) static RULE: Rule = Rule {
    id: "regex-too-broad",
    group: Group::Pattern,
    level: Level::Warning,
    since: "0.1.0",
    source: include_str!("regex_too_broad.rs"),
    check: Check::Patterns(check),
};

fn check(cx: &CorpusContext<'_>, crossing: &CrossMatches, found: &mut Findings) {
    /// More names help nobody.
    const SHOWN: usize = 3;
    for (document, _) in cx.corpus.entries() {
        if !cx.is_in_scope(document) || !crossing.is_too_broad(cx, document) {
            continue;
        }
        let others = crossing.others(document);
        let names = others.iter().filter_map(|(other, _)| cx.corpus.document(*other).card.as_ref());
        let names: Vec<String> =
            names.take(SHOWN).map(|card| visible::quote(card.id.as_str())).collect();
        let more = match others.len().saturating_sub(SHOWN) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let message = format!(
            "the pattern finds the messages of {} other entries: {}{more}",
            others.len(),
            names.join(", ")
        );
        let finding = found.add_in(document, pointer!["regex"], message);
        finding.help("spell out what only this error says");
        for (other, index) in others.iter().take(SHOWN) {
            let at = message_pointer(*index);
            finding.related(*other, at, "it finds this");
        }
    }
}

/// Where the message of an entry stands: the signature is the first, the samples come after it.
fn message_pointer(index: usize) -> JsonPointer {
    match index.checked_sub(1) {
        None => pointer!["signature"],
        Some(index) => pointer!["x-samples", "match", index],
    }
}
