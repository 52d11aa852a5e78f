//! Entries that say themselves how they are told from others: `frequently_confused_with`.
//!
//! A distinction counts where it says something. A sentence that stands beside many links, whatever they
//! join, with nothing but the names filled in, does not.

use serde::{Deserialize, Serialize};

use super::hash::{Term, hash, term};
use super::statistics::Counts;
use super::words;
use crate::entry::{Entry, EntryId};

/// A declared distinction from another entry.
#[derive(Clone, Debug, Serialize, Deserialize)]
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
pub(super) const TEMPLATE: u32 = 4;

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

impl Distinction {
    /// The runs of three words in the text, each once.
    pub(super) fn runs(&self) -> &[Term] {
        &self.runs
    }

    /// Whether it is no template, `runs` being those of all entries; a draft is not among them.
    pub(super) fn is_real(&self, runs: &Counts, is_draft: bool) -> bool {
        let own = u32::from(is_draft);
        let is_template = |run: &&Term| runs.get(**run).is_some_and(|count| count + own > TEMPLATE);
        let templates = self.runs.iter().filter(is_template).count();
        2 * templates < self.runs.len()
    }
}

#[cfg(test)]
mod tests {
    use super::super::digest::Digest;
    use super::super::statistics::Statistics;
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
        let sentences = ["basalt", "cobalt", "gypsum", "jasper", "quartz", "slate"].map(|name| {
            format!("{name} shows other symptoms and needs another remedy than this one does")
        });
        let other = "There the valve of the pump is stuck; here its motor has no power".to_owned();
        let digests: Vec<Digest> =
            sentences.into_iter().chain([other]).map(|text| Digest::new(&entry(&text))).collect();
        let statistics = Statistics::of(&digests);
        let is_real = |digest: &Digest| digest.distinctions[0].is_real(statistics.runs(), false);
        let real: Vec<bool> = digests.iter().map(is_real).collect();
        assert_eq!(real, [false, false, false, false, false, false, true]);
        let draft = Digest::new(&entry(
            "marble shows other symptoms and needs another remedy than this one",
        ));
        assert!(!draft.distinctions[0].is_real(statistics.runs(), true));
    }
}
