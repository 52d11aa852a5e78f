//! [`Crossing`]: what the patterns of a knowledge base find among each other's messages.

use std::collections::{HashMap, HashSet};

use super::CorpusContext;
use crate::config::Case;
use crate::corpus::{Card, Corpus, DocumentId};
use crate::entry::Relation;
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
    /// Pairs of which another rule speaks, the lesser first.
    told: HashSet<(DocumentId, DocumentId)>,
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
        let (others, answers) = (HashMap::new(), HashMap::new());
        let mut crossing = Self { others, answers, told: HashSet::new(), case };
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

    /// Leaves out pairs of which another rule speaks: entries that are to be merged.
    pub(crate) fn leave_out(&mut self, pairs: impl Iterator<Item = (DocumentId, DocumentId)>) {
        self.told.extend(pairs.map(|(a, b)| (a.min(b), a.max(b))));
    }

    /// Whether the pattern of an entry finds messages of more others than are allowed.
    pub fn is_too_broad(&self, cx: &CorpusContext<'_>, document: DocumentId) -> bool {
        self.others(document).len() > cx.config.regex.max_others
    }

    /// Whether what two patterns find of each other comes of a fault that is reported by itself: they are
    /// one entry twice, or one of the patterns is too broad.
    pub fn is_told(&self, cx: &CorpusContext<'_>, a: DocumentId, b: DocumentId) -> bool {
        let is_at_fault = |document| cx.is_in_scope(document) && self.is_too_broad(cx, document);
        self.told.contains(&(a.min(b), a.max(b))) || is_at_fault(a) || is_at_fault(b)
    }

    /// Whether two entries answer for each other's message, and neither says how they differ.
    pub fn collide(&self, cx: &CorpusContext<'_>, a: DocumentId, b: DocumentId) -> bool {
        let names = |one: &Card, other: &Card| {
            one.references().any(|(relation, _, id)| {
                relation == Relation::ConfusedWith
                    && (*id == other.id || other.aliases.contains(id))
            })
        };
        let card = |document| cx.corpus.document(document).card.as_ref();
        let (Some(one), Some(other)) = (card(a), card(b)) else { return false };
        self.answers(a).contains(&b)
            && self.answers(b).contains(&a)
            && !names(one, other)
            && !names(other, one)
            && !self.is_told(cx, a, b)
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
