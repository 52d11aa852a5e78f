//! [`Related`]: which entries of a knowledge base are about the same error, worked out once for all rules
//! that ask.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::{At, CorpusContext, Finding, Findings};
use crate::corpus::{Corpus, DocumentId};
use crate::duplicates::{Base, Contradiction, Digest, Evidence, Label, Pair, Standing};
use crate::{pointer, visible};

/// Two documents whose entries are about the same error, the one with the lesser id first.
#[derive(Debug)]
pub struct RelatedPair {
    /// The one.
    pub a: DocumentId,
    /// The other.
    pub b: DocumentId,
    /// What they are to each other.
    pub pair: Pair,
    /// What speaks for it and against it.
    pub evidence: Vec<Evidence>,
    /// Where they contradict each other, the plainest first.
    pub contradictions: Vec<Contradiction>,
    /// Whether somebody has decided that they are duplicates: then they are here for the contradictions that
    /// this decision does not know of.
    pub is_decided: bool,
}

impl RelatedPair {
    /// Whether they are duplicates.
    pub fn is_duplicate(&self) -> bool {
        self.pair.label == Label::Duplicate
    }

    /// The probability of duplicates in per cent.
    pub fn percent(&self) -> f64 {
        (self.pair.probability * 100.0).round()
    }
}

/// Which entries are about the same error, or answer for the same message and may deny each other. Pairs of which no side is in scope are left out, and such as are
/// decided, duplicates excepted.
#[derive(Debug, Default)]
pub struct Related {
    pairs: Vec<RelatedPair>,
}

impl Related {
    /// Compares what is worth it among the digests of a knowledge base.
    pub(crate) fn new(context: &CorpusContext<'_>, digests: Vec<Digest>) -> Self {
        let (corpus, case) = (context.corpus, context.config.regex.case);
        let mut base = Base::new(digests);
        if let Some(model) = context.weights {
            base = base.with_model(model.clone());
        }
        let standings = context.decisions.against(&base);
        // Of several entries under one id each would be taken for the others: another rule says so.
        let document = |entry: usize| match corpus.with_id(base.id(entry)) {
            [document] => Some(*document),
            _ => None,
        };
        let documents: Vec<Option<DocumentId>> = (0..base.len()).map(document).collect();
        let is_asked = |entry: u32| {
            documents[entry as usize].is_some_and(|document| context.is_in_scope(document))
        };
        let candidates = base.candidates().pairs.iter().copied();
        let candidates: Vec<(u32, u32)> =
            candidates.filter(|(a, b)| is_asked(*a) || is_asked(*b)).collect();
        let mut pairs = base.same_errors(&candidates, Pair::SAME_ERROR, case);
        pairs.extend(base.denying(&candidates, case));
        // Of a pair that is there twice the first stays: they are the same.
        pairs.sort_by_key(|pair| (pair.a, pair.b));
        pairs.dedup_by_key(|pair| (pair.a, pair.b));
        let is_decided = |pair: &Pair| match standings.of(&base, pair.a, pair.b) {
            Standing::Undecided | Standing::Outdated(..) => Some(false),
            Standing::Decided(decision) if decision.label == Label::Duplicate => Some(true),
            Standing::Decided(_) | Standing::Declared => None,
        };
        pairs.retain(|pair| is_decided(pair).is_some());
        // What was let go is read again, for those that are about the same error.
        let read = |entry: usize| {
            Ok(documents[entry].and_then(|document| corpus.document(document).entry()))
        };
        let numbers: Vec<(usize, usize)> = pairs.iter().map(|pair| (pair.a, pair.b)).collect();
        // Reading what is there does not fail.
        let found = base.contradictions_of(&numbers, read).unwrap_or_default();
        let related = |(pair, mut contradictions): (Pair, Vec<Contradiction>)| {
            contradictions.retain(|found| pair.has_to_settle(found));
            let is_decided = is_decided(&pair)?;
            if is_decided {
                contradictions = standings.unread(pair.a, pair.b, contradictions);
            }
            let (a, b) = (documents[pair.a]?, documents[pair.b]?);
            let evidence = pair.evidence(base.model());
            Some(RelatedPair { a, b, pair, evidence, contradictions, is_decided })
        };
        Self { pairs: pairs.into_par_iter().zip(found).filter_map(related).collect() }
    }

    /// All pairs, by their ids.
    pub fn pairs(&self) -> &[RelatedPair] {
        &self.pairs
    }

    /// A finding for each entry that has pairs of a kind: on the entry with the greater id, or on the only
    /// one in scope. `say` gives the message about the surest pair, by the other's quoted id; the pairs
    /// come with it, the surest first.
    pub(crate) fn report(
        &self,
        context: &CorpusContext<'_>,
        found: &mut Findings,
        wanted: impl Fn(&RelatedPair) -> bool,
        say: impl Fn(&RelatedPair, &str) -> String,
        finish: impl Fn(&RelatedPair, &mut Finding),
    ) {
        /// Of one entry no more others are shown.
        const MOST: usize = 5;
        let mut of_entry: BTreeMap<DocumentId, Vec<(&RelatedPair, DocumentId)>> = BTreeMap::new();
        for pair in self.pairs.iter().filter(|pair| !pair.is_decided && wanted(pair)) {
            let (at, other) = match (context.is_in_scope(pair.a), context.is_in_scope(pair.b)) {
                (true, false) => (pair.a, pair.b),
                _ => (pair.b, pair.a),
            };
            of_entry.entry(at).or_default().push((pair, other));
        }
        for (document, mut pairs) in of_entry {
            pairs.sort_by(|(one, at), (two, other)| {
                let surest = two.pair.probability.total_cmp(&one.pair.probability);
                surest.then(at.cmp(other))
            });
            let (surest, other) = pairs[0];
            let message = say(surest, &name(context.corpus, other));
            let finding = found.add_in(document, pointer!["signature"], message);
            for (pair, other) in pairs.iter().take(MOST) {
                let text = match pairs.len() {
                    1 => "the other message".to_owned(),
                    _ => format!("{} ({} %)", name(context.corpus, *other), pair.percent()),
                };
                finding.related(*other, At::Value(pointer!["signature"]), text);
            }
            finish(surest, finding);
        }
    }
}

/// The quoted id of a document's entry.
pub(crate) fn name(corpus: &Corpus, document: DocumentId) -> String {
    let card = corpus.document(document).card.as_ref();
    visible::quote(card.map(|card| card.id.as_str()).unwrap_or_default())
}
