//! What a curator has to look at: the pairs of a knowledge base, held against what is decided about them and
//! against what the entries advise. One pipeline, read by the rules and by every view.
//!
//! ```text
//! candidates in scope -> compared -> held against decisions and declarations -> contradictions -> by reason
//! ```

use std::collections::HashSet;

use serde::Serialize;

use super::advice::{Conflict, Contradiction};
use super::base::Base;
use super::decisions::{Standing, Standings};
use super::model::Label;
use super::pairs::Pair;
use crate::config::Case;
use crate::entry::Entry;
use crate::error::Result;

/// What is asked of a knowledge base.
#[derive(Clone, Copy)]
pub struct Query<'q> {
    /// How consumers search with patterns.
    pub case: Case,
    /// From this probability on a pair is a duplicate.
    pub threshold: f64,
    /// Whether every pair that was compared is wanted, whatever it is and whatever is decided.
    pub all: bool,
    /// Which entries are in scope: pairs of which no side is are left out.
    pub is_in_scope: &'q (dyn Fn(usize) -> bool + Sync),
}

/// Why a pair is raised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The two are most likely the same error.
    Duplicate,
    /// They are variants by their ids alone.
    InNameOnly,
    /// Cause and advice are the same word for word, though they are no duplicates.
    Copy,
    /// It was decided, and one of the two has changed since.
    Outdated,
    /// They contradict each other, and nobody has said to know it: they are about the same error, or answer for the
    /// same message.
    Contradicting,
    /// None: all pairs were asked for.
    Compared,
}

/// A pair to look at.
#[derive(Clone, Debug)]
pub struct Raised {
    /// The pair.
    pub pair: Pair,
    /// Why.
    pub reason: Reason,
    /// Where the two contradict each other, the plainest first. Of what is decided, what the decision does not know.
    pub contradictions: Vec<Contradiction>,
}

/// How many pairs are not raised.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct LeftOut {
    /// They are decided.
    pub decided: usize,
    /// One of the entries says how it is told from the other.
    pub declared: usize,
    /// All that are decided to be duplicates and are still two entries.
    pub to_merge: usize,
    /// An ignore of the configuration takes them away; for the caller to count.
    pub ignored: usize,
}

/// What was too common to be compared in full.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Cut {
    /// Sets of entries that share something.
    pub blocks: usize,
    /// The pairs in them that were not compared.
    pub pairs: u64,
}

/// What a curator has to look at.
#[derive(Clone, Debug, Default)]
pub struct Curation {
    /// The pairs, by their numbers.
    pub raised: Vec<Raised>,
    /// What is not raised.
    pub left_out: LeftOut,
    /// What was not compared.
    pub cut: Cut,
}

impl Base {
    /// Finds the pairs to look at. `read` gives the whole entry of a number, or nothing if it cannot be read; pairs
    /// with such an entry contradict nothing.
    ///
    /// # Errors
    ///
    /// What `read` fails with.
    pub fn curate(
        &self,
        standings: &Standings<'_>,
        query: &Query<'_>,
        read: impl Fn(usize) -> Result<Option<Entry>> + Sync,
    ) -> Result<Curation> {
        let is_asked = |a: usize, b: usize| (query.is_in_scope)(a) || (query.is_in_scope)(b);
        let candidates = self.candidates();
        let cut = Cut { blocks: candidates.cut_blocks, pairs: candidates.cut_pairs };
        let candidates = candidates.pairs.iter().copied();
        let candidates: Vec<(u32, u32)> =
            candidates.filter(|(a, b)| is_asked(*a as usize, *b as usize)).collect();
        let mut left_out = LeftOut::default();

        let least = if query.all { 0.0 } else { query.threshold.min(Pair::SAME_ERROR) };
        let mut pairs = self.compared(&candidates, least, query);
        let mut denying = self.denying(&candidates, query.case);
        for pair in &mut denying {
            self.judge(pair, query.threshold);
        }
        let may_deny: HashSet<(usize, usize)> =
            denying.iter().map(|pair| (pair.a, pair.b)).collect();
        pairs.extend(denying);
        let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let mut decided = Vec::new();
        for ((a, b), standing) in standings.pairs(self) {
            let is_duplicate = |label| label == Label::Duplicate;
            let is_to_merge =
                matches!(standing, Standing::Decided(decision) if is_duplicate(decision.label));
            left_out.to_merge += usize::from(is_to_merge);
            if is_asked(a, b) && (is_to_merge || matches!(standing, Standing::Outdated(..))) {
                decided.push((number(a), number(b)));
            }
        }
        pairs.extend(self.compared(&decided, 0.0, query));
        // Of a pair that is there twice the first stays: they are the same.
        pairs.sort_by_key(|pair| (pair.a, pair.b));
        pairs.dedup_by_key(|pair| (pair.a, pair.b));

        let of = |pair: &Pair| standings.of(self, pair.a, pair.b);
        let denies = |pair: &Pair| may_deny.contains(&(pair.a, pair.b));
        let is_settled = |pair: &Pair| match of(pair) {
            Standing::Undecided | Standing::Outdated(..) => false,
            Standing::Decided(decision) => decision.label != Label::Duplicate,
            Standing::Declared => true,
        };
        let may_contradict: Vec<(usize, usize)> = pairs
            .iter()
            .filter(|pair| (pair.must_agree() || denies(pair)) && (query.all || !is_settled(pair)))
            .map(|pair| (pair.a, pair.b))
            .collect();
        let found = self.contradictions_of(&may_contradict, read)?;
        let mut found = may_contradict.into_iter().zip(found).peekable();

        let mut raised = Vec::new();
        for pair in pairs {
            let looked_at = found.next_if(|(numbers, _)| *numbers == (pair.a, pair.b));
            let mut contradictions = looked_at.map(|(_, found)| found).unwrap_or_default();
            contradictions.retain(|found| {
                pair.must_agree() || (found.conflict == Conflict::Claim && denies(&pair))
            });
            let mut reason = match &pair {
                Pair { label: Label::Duplicate, .. } => Reason::Duplicate,
                Pair { in_name_only: true, .. } => Reason::InNameOnly,
                Pair { is_copy: true, .. } => Reason::Copy,
                _ if !contradictions.is_empty() => Reason::Contradicting,
                _ => Reason::Compared,
            };
            let would_be_listed = !matches!(reason, Reason::Contradicting | Reason::Compared);
            match of(&pair) {
                Standing::Undecided => {}
                Standing::Outdated(..) => reason = Reason::Outdated,
                Standing::Declared => {
                    left_out.declared += usize::from(would_be_listed);
                    reason = Reason::Compared;
                }
                Standing::Decided(decision) => {
                    left_out.decided += usize::from(would_be_listed);
                    reason = Reason::Compared;
                    if decision.label == Label::Duplicate {
                        contradictions = standings.unread(pair.a, pair.b, contradictions);
                        if !contradictions.is_empty() {
                            reason = Reason::Contradicting;
                        }
                    }
                }
            }
            if query.all || reason != Reason::Compared {
                raised.push(Raised { pair, reason, contradictions });
            }
        }
        Ok(Curation { raised, left_out, cut })
    }

    /// Candidates that are duplicates, variants or copies as sure as `least`; with 0 all of them.
    fn compared(&self, candidates: &[(u32, u32)], least: f64, query: &Query<'_>) -> Vec<Pair> {
        let mut pairs = self.within_reach(candidates, least, query.threshold, query.case);
        pairs.retain(|pair| {
            pair.same_error.max(pair.probability) >= least || pair.in_name_only || pair.is_copy
        });
        pairs
    }
}
