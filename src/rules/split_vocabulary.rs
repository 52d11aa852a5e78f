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

use crate::corpus::DocumentId;
use crate::diagnostic::{Applicability, Level, Severity};
use crate::rule::{Check, CorpusContext, Findings, Group, Rule};
use crate::{pointer, visible};

pub(super) static RULE: Rule = Rule {
    id: "split-vocabulary",
    group: Group::Text,
    level: Level::Warning,
    since: "0.1.0",
    source: include_str!("split_vocabulary.rs"),
    check: Check::Corpus(check),
};

fn check(cx: &CorpusContext<'_>, found: &mut Findings) {
    /// More places help nobody.
    const SHOWN: usize = 3;
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
        let (name, times) = (visible::quote(usual), holders.len());
        let rare = || same.iter().filter(|(spelling, _)| *spelling != usual);
        let mut is_told = false;
        for (rare, documents) in rare() {
            let asked = || documents.iter().filter(|document| cx.is_in_scope(**document));
            let Some(first) = asked().next() else { continue };
            is_told = true;
            // One spelling is one decision, however many entries have it.
            let (rare, of) = (
                visible::quote(rare),
                match documents.len() {
                    1 => String::new(),
                    many => format!(" of {many} entries"),
                },
            );
            let message = format!("the category {rare}{of} is elsewhere spelled {name}");
            let finding = found.add_in(*first, pointer!["category"], message);
            finding
                .help(format!("agree on one spelling; {name} is used {times} times"))
                .related(holders[0], pointer!["category"], "for example here")
                .replace(Applicability::Unsafe, *usual, format!("use {name}"));
            for other in asked().skip(1).take(SHOWN) {
                finding.related(*other, pointer!["category"], "here too");
            }
        }
        // Whoever touches an entry with the usual spelling has done nothing wrong, and may know better.
        let touched = holders.iter().find(|document| !is_told && cx.is_in_scope(**document));
        if let (Some(document), Some((rare, others))) = (touched, rare().next()) {
            let rare = visible::quote(rare);
            found
                .add_in(
                    *document,
                    pointer!["category"],
                    format!("the category {name} is elsewhere spelled {rare}"),
                )
                .help(format!("agree on one spelling; {name} is used {times} times"))
                .at_most(Severity::Note)
                .related(others[0], pointer!["category"], "for example here");
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
