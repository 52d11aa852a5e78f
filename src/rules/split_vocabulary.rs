//! Two categories of the knowledge base differ only in spelling.
//!
//! # Why
//! `config`, `config-error` and `config_error` are one category. Whoever filters by one of them misses the
//! entries under the others. The spelling that most entries use is taken for the right one.
//!
//! # Bad
//! ```json
//! [
//!   {"id": "example/a", "category": "config_error"},
//!   {"id": "example/b", "category": "config_error"},
//!   {"id": "example/c", "category": "config"}
//! ]
//! ```
//!
//! # Good
//! ```json
//! [{"id": "example/a", "category": "config_error"}, {"id": "example/b", "category": "disk_error"}]
//! ```

use std::collections::BTreeMap;

use crate::config::Level;
use crate::corpus::DocumentId;
use crate::diagnostic::Applicability;
use crate::rule::{Check, CorpusContext, Findings, Rule};
use crate::{pointer, visible};

pub(super) static RULE: Rule = Rule {
    id: "split-vocabulary",
    level: Level::Warning,
    since: "0.1.0",
    source: include_str!("split_vocabulary.rs"),
    check: Check::Corpus(check),
};

fn check(cx: &CorpusContext<'_>, found: &mut Findings) {
    let mut spellings: BTreeMap<String, BTreeMap<&str, Vec<DocumentId>>> = BTreeMap::new();
    for (document, entry) in cx.corpus.entries() {
        if !entry.category.is_empty() {
            let same = spellings.entry(bare(&entry.category)).or_default();
            same.entry(&entry.category).or_default().push(document);
        }
    }
    for same in spellings.values().filter(|same| same.len() > 1) {
        // The most used; of two used alike the one that comes first in the alphabet.
        let Some((usual, holders)) = same.iter().rev().max_by_key(|(_, documents)| documents.len())
        else {
            continue;
        };
        for (rare, documents) in same.iter().filter(|(rare, _)| rare != &usual) {
            for document in documents {
                found
                    .add_in(
                        *document,
                        pointer!["category"],
                        format!(
                            "the category {} is elsewhere spelled {}",
                            visible::quote(rare),
                            visible::quote(usual)
                        ),
                    )
                    .help(format!(
                        "agree on one spelling; {} is used {} times",
                        visible::quote(usual),
                        holders.len()
                    ))
                    .related(holders[0], pointer!["category"], "for example here")
                    .replace(
                        Applicability::Unsafe,
                        *usual,
                        format!("use {}", visible::quote(usual)),
                    );
            }
        }
    }
}

/// A category without what is only spelling: case, separators, a plural, a final "error".
fn bare(category: &str) -> String {
    let words = category.to_lowercase().replace(['-', ' ', '.'], "_");
    let words: Vec<&str> = words.split('_').filter(|word| !word.is_empty()).collect();
    let words = match words.as_slice() {
        [rest @ .., "error" | "errors"] if !rest.is_empty() => rest,
        all => all,
    };
    let stem = words.concat();
    let plural = stem.len() > 4 && stem.ends_with('s') && !stem.ends_with("ss");
    if plural { stem[..stem.len() - 1].to_owned() } else { stem }
}
