//! Entries that say themselves how they are told from others: `frequently_confused_with`.
//!
//! A distinction counts where it says something. A sentence that stands beside many links, whatever they
//! join, with nothing but the names filled in, does not.

use rayon::prelude::*;

use super::hash::{HashedMap, Term, hash, term};
use super::words;
use crate::entry::{Entry, EntryId};

/// A declared distinction from another entry.
#[derive(Debug)]
pub(super) struct Distinction {
    /// The other entry, as it is named.
    pub(super) from: EntryId,
    /// The runs of three words in the text, each once.
    runs: Vec<Term>,
}

/// Distinctions with fewer words, stop words apart, say too little.
const LEAST_WORDS: usize = 4;
/// Of a distinction no more words are looked at.
const MOST_WORDS: usize = 60;
/// Of an entry no more distinctions are looked at.
const MOST: usize = 64;
/// A run of words that so many other distinctions have is a phrase of a template.
const TEMPLATE: u32 = 4;

/// The distinctions of an entry that are no placeholders.
pub(super) fn distinctions(entry: &Entry) -> Vec<Distinction> {
    let edges = &entry.transition_graph.frequently_confused_with;
    let each = edges.iter().take(MOST).filter_map(|edge| {
        if is_note(&edge.distinction) {
            return None;
        }
        let mut all = Vec::new();
        words::each(&edge.distinction, |word| {
            if all.len() < MOST_WORDS {
                all.push(term(word));
            }
        });
        if all.len() < LEAST_WORDS {
            return None;
        }
        let mut runs: Vec<Term> = all
            .windows(3)
            .map(|run| {
                let bytes: Vec<u8> = run.iter().flat_map(|term| term.to_le_bytes()).collect();
                (hash(&bytes) >> 32) as Term
            })
            .collect();
        runs.sort_unstable();
        runs.dedup();
        Some(Distinction { from: edge.error_id.clone(), runs })
    });
    each.collect()
}

/// Whether a text is a note of its author to write something here.
fn is_note(text: &str) -> bool {
    let text = text.trim_start_matches(|c: char| !c.is_alphanumeric());
    let end = text.find(|c: char| !c.is_alphanumeric()).unwrap_or(text.len());
    match &text[..end] {
        "TODO" | "FIXME" | "TBD" | "TBA" | "XXX" | "Lorem" => true,
        word => {
            matches!(&*word.to_lowercase(), "todo" | "fixme" | "tbd" | "tba")
                && text[end..].starts_with([':', '：'])
        }
    }
}

/// Of all distinctions of a knowledge base, those that are no template, by the entry that makes them.
pub(super) fn real(mut all: Vec<Vec<Distinction>>) -> Vec<Vec<EntryId>> {
    let mut counts: HashedMap<Term, u32> = HashedMap::default();
    for run in all.iter().flatten().flat_map(|distinction| &distinction.runs) {
        *counts.entry(*run).or_default() += 1;
    }
    all.par_iter_mut()
        .map(|distinctions| {
            let of = std::mem::take(distinctions).into_iter();
            of.filter(|distinction| {
                let is_template =
                    |run: &&Term| counts.get(run).is_some_and(|count| *count > TEMPLATE);
                let templates = distinction.runs.iter().filter(is_template).count();
                2 * templates < distinction.runs.len()
            })
            .map(|distinction| distinction.from)
            .collect()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entry::Confusion;

    fn entry(distinction: &str) -> Entry {
        let mut entry = Entry::default();
        entry.transition_graph.frequently_confused_with = vec![Confusion {
            error_id: EntryId::new("example/other"),
            distinction: distinction.to_owned(),
            ..Confusion::default()
        }];
        entry
    }

    #[test]
    fn a_note_or_a_word_is_no_distinction() {
        for text in [
            "",
            "TODO: find out how these two differ",
            "different",
            "tbd",
            "n/a",
            "FIXME which of them",
        ] {
            assert!(distinctions(&entry(text)).is_empty(), "{text}");
        }
        for text in [
            "There the quota of the user is used up, and the disk has room.",
            "那里是用户配额已用完，磁盘仍有空间。",
            "Todo lists are kept by another daemon there, which never locks.",
        ] {
            assert_eq!(distinctions(&entry(text)).len(), 1, "{text}");
        }
    }

    #[test]
    fn a_sentence_that_stands_everywhere_is_no_distinction() {
        let mut all: Vec<Vec<Distinction>> =
            ["basalt", "cobalt", "gypsum", "jasper", "quartz", "slate"]
                .into_iter()
                .map(|name| {
                    format!(
                        "{name} shows other symptoms and needs another remedy than this one does"
                    )
                })
                .map(|text| distinctions(&entry(&text)))
                .collect();
        all.push(distinctions(&entry(
            "There the valve of the pump is stuck; here its motor has no power",
        )));
        let real = real(all);
        let counts: Vec<usize> = real.iter().map(Vec::len).collect();
        assert_eq!(counts, [0, 0, 0, 0, 0, 0, 1]);
    }
}
