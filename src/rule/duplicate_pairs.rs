//! [`DuplicatePairs`]: which entries of a knowledge base are about the same error, worked out once for all rules
//! that ask.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::{At, CorpusContext, Finding, Findings};
use crate::corpus::{Corpus, DocumentId};
use crate::duplicates::{Base, Digest, Evidence, Label, Query, Raised, Standing};
use crate::{pointer, visible};

/// Two documents whose entries are about the same error, the one with the lesser id first.
#[derive(Debug)]
pub struct DuplicatePair {
    /// The one.
    pub a: DocumentId,
    /// The other.
    pub b: DocumentId,
    /// What they are to each other, why it matters, and where they contradict each other.
    pub raised: Raised,
    /// What speaks for it and against it.
    pub evidence: Vec<Evidence>,
    is_decided: bool,
}

impl DuplicatePair {
    /// Whether they are duplicates that nobody has decided about since both are as they are.
    pub fn is_duplicate(&self) -> bool {
        self.raised.pair.label == Label::Duplicate && self.is_open()
    }

    /// Whether no decision holds: one that does leaves only contradictions to tell.
    pub fn is_open(&self) -> bool {
        !self.is_decided
    }

    /// The probability of duplicates in per cent.
    pub fn percent(&self) -> f64 {
        (self.raised.pair.probability * 100.0).round()
    }
}

/// Which entries are about the same error, or answer for the same message and may deny each other. Pairs of which no
/// side is in scope are left out, and such as are decided, duplicates excepted.
#[derive(Debug, Default)]
pub struct DuplicatePairs {
    pairs: Vec<DuplicatePair>,
}

impl DuplicatePairs {
    /// Compares what is worth it among the digests of a knowledge base.
    pub(crate) fn new(context: &CorpusContext<'_>, digests: Vec<Digest>) -> Self {
        let corpus = context.corpus;
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
        let is_in_scope = |entry: usize| documents[entry].is_some_and(|at| context.is_in_scope(at));
        let query = Query {
            case: context.config.regex.case,
            threshold: base.model().threshold,
            all: false,
            is_in_scope: &is_in_scope,
        };
        // What was let go is read again, for those that are about the same error.
        let read = |entry: usize| {
            Ok(documents[entry].and_then(|document| corpus.document(document).entry()))
        };
        // Reading what is there does not fail.
        let curation = base.curate(&standings, &query, read).unwrap_or_default();
        let related = |raised: Raised| {
            let (a, b) = (documents[raised.pair.a]?, documents[raised.pair.b]?);
            let evidence = raised.pair.evidence(base.model());
            let standing = standings.of(&base, raised.pair.a, raised.pair.b);
            let is_decided = matches!(standing, Standing::Decided(_));
            Some(DuplicatePair { a, b, raised, evidence, is_decided })
        };
        Self { pairs: curation.raised.into_par_iter().filter_map(related).collect() }
    }

    /// All pairs, by their ids.
    pub fn pairs(&self) -> &[DuplicatePair] {
        &self.pairs
    }

    /// The pairs that are reported as duplicates.
    pub fn duplicates(&self) -> impl Iterator<Item = &DuplicatePair> {
        self.pairs.iter().filter(|pair| pair.is_duplicate())
    }

    /// A finding for each entry that has pairs of a kind: on the entry with the greater id, or on the only
    /// one in scope. `say` gives the message about the surest pair, by the other's quoted id; the pairs
    /// come with it, the surest first.
    pub(crate) fn report(
        &self,
        context: &CorpusContext<'_>,
        found: &mut Findings,
        wanted: impl Fn(&DuplicatePair) -> bool,
        say: impl Fn(&DuplicatePair, &str) -> String,
        finish: impl Fn(&DuplicatePair, &mut Finding),
    ) {
        /// Of one entry no more others are shown.
        const MOST: usize = 5;
        let mut of_entry: BTreeMap<DocumentId, Vec<(&DuplicatePair, DocumentId)>> = BTreeMap::new();
        for pair in self.pairs.iter().filter(|pair| pair.is_open() && wanted(pair)) {
            if let Some((at, other)) = context.placed(pair.b, pair.a) {
                of_entry.entry(at).or_default().push((pair, other));
            }
        }
        for (document, mut pairs) in of_entry {
            pairs.sort_by(|(one, at), (two, other)| {
                let surest = two.raised.pair.probability.total_cmp(&one.raised.pair.probability);
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
