//! [`Crossing`]: what the patterns of a knowledge base find among each other's messages.

use std::collections::HashMap;

use crate::config::Case;
use crate::corpus::{Corpus, DocumentId};
use crate::pattern::{Limits, Overlap, cross_matches, overlap, specificity};

/// Which entries answer for the messages of which others. Entries about the same error in another
/// environment are not others.
#[derive(Debug)]
pub struct Crossing {
    /// The entries that have a message which the pattern of an entry finds, with the first of their
    /// messages that it finds, by the entry with the pattern.
    others: HashMap<DocumentId, Vec<(DocumentId, usize)>>,
    /// The entries whose patterns find the signature of an entry.
    answers: HashMap<DocumentId, Vec<DocumentId>>,
    case: Case,
}

impl Crossing {
    /// Matches all patterns of a knowledge base against all its messages.
    pub(crate) fn new(corpus: &Corpus, case: Case) -> Self {
        let (mut holders, mut patterns) = (Vec::new(), Vec::new());
        let (mut owners, mut messages) = (Vec::new(), Vec::new());
        for (document, card) in corpus.entries() {
            if !card.regex.is_empty() {
                holders.push((document, card));
                patterns.push(&*card.regex);
            }
            for (index, message) in card.messages.iter().enumerate() {
                owners.push((document, card, index));
                messages.push(&**message);
            }
        }
        let mut crossing = Self { others: HashMap::new(), answers: HashMap::new(), case };
        for (pattern, message) in cross_matches(&patterns, &messages, case) {
            let (holder, card) = holders[pattern as usize];
            let (owner, other, index) = owners[message as usize];
            if holder == owner || card.id.is_variant_of(&other.id) {
                continue;
            }
            let others = crossing.others.entry(holder).or_default();
            if others.last().is_none_or(|(last, _)| *last != owner) {
                others.push((owner, index));
            }
            if index == 0 {
                crossing.answers.entry(owner).or_default().push(holder);
            }
        }
        crossing
    }

    /// The entries of which the pattern of an entry finds a message, each with which message that is.
    pub fn others(&self, document: DocumentId) -> &[(DocumentId, usize)] {
        self.others.get(&document).map(Vec::as_slice).unwrap_or_default()
    }

    /// The other entries whose patterns find the signature of an entry.
    pub fn answers(&self, document: DocumentId) -> &[DocumentId] {
        self.answers.get(&document).map(Vec::as_slice).unwrap_or_default()
    }

    /// How specific a pattern is about a message: what a look-up orders by.
    pub fn specificity(&self, pattern: &str, message: &str) -> usize {
        specificity(pattern, message, self.case)
    }

    /// What two patterns have in common.
    pub fn overlap(&self, one: &str, other: &str) -> Overlap {
        overlap(one, other, self.case, &Limits::default())
    }
}
