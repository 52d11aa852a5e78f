//! [`CrossMatches`]: what the patterns of a knowledge base find among each other's messages.

use std::collections::{HashMap, HashSet};

use super::CorpusContext;
use crate::config::Case;
use crate::corpus::{Card, Corpus, DocumentId};
use crate::entry::Relation;
use crate::pattern::cross_matches_where;

/// Which entries answer for the messages of which others. Entries about the same error in another
/// environment are not others.
#[derive(Debug)]
pub struct CrossMatches {
    /// The entries that have a message which the pattern of an entry finds, with the first of their
    /// messages that it finds, by the entry with the pattern.
    others: HashMap<DocumentId, Vec<(DocumentId, usize)>>,
    /// The entries whose patterns find the signature of an entry.
    answers: HashMap<DocumentId, Vec<DocumentId>>,
    /// Pairs of which another rule speaks, the lesser first.
    told: HashSet<(DocumentId, DocumentId)>,
    case: Case,
}

impl CrossMatches {
    /// Matches all patterns of a knowledge base against all its messages.
    pub(crate) fn new(corpus: &Corpus, case: Case) -> Self {
        let (mut holders, mut patterns) = (Vec::new(), Vec::new());
        let (mut owners, mut messages) = (Vec::new(), Vec::new());
        for (document, card) in corpus.entries() {
            if !card.pattern.is_empty() {
                holders.push((document, card));
                patterns.push(&card.pattern);
            }
            for (index, message) in card.messages.iter().enumerate() {
                owners.push((document, card, index));
                messages.push(&**message);
            }
        }
        let (others, answers) = (HashMap::new(), HashMap::new());
        let mut crossing = Self { others, answers, told: HashSet::new(), case };
        let are_others = |pattern: u32, message: u32| {
            let (holder, card) = holders[pattern as usize];
            let (owner, other, _) = owners[message as usize];
            holder != owner && !card.id.is_variant_of(&other.id)
        };
        for (pattern, message) in cross_matches_where(&patterns, &messages, case, are_others) {
            if !are_others(pattern, message) {
                continue;
            }
            let (holder, _) = holders[pattern as usize];
            let (owner, _, index) = owners[message as usize];
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

    /// Whether letters of both cases are the same.
    pub fn case(&self) -> Case {
        self.case
    }
}
