//! Which pairs are raised: what is found, without what is decided, and what has changed since.

use std::collections::HashMap;

use chrono::NaiveDate;
use errlore::Result;
use errlore::duplicates::{Conflict, Contradiction, Label, Pair, Standing, Standings};
use serde::Serialize;

use super::known::Known;

/// The pairs that are raised.
#[derive(Debug)]
pub(super) struct Raised {
    /// Those that nobody has decided about.
    pub(super) pairs: Vec<Pair>,
    /// Those that were decided before one of the two changed, whatever they look like now.
    pub(super) outdated: Vec<Pair>,
    /// Those that are decided to be one error, and contradict each other where nobody has said to know it; and
    /// those that answer for one message, of which the one claims what the other denies.
    pub(super) contradicting: Contradicting,
    /// How many were left out.
    pub(super) left_out: LeftOut,
    /// How many blocks were too common to be compared in full, and the pairs in them.
    pub(super) cut: Cut,
}

/// Pairs that contradict each other.
#[derive(Debug)]
pub(super) struct Contradicting {
    pub(super) pairs: Vec<Pair>,
    /// Where, by the numbers of the entries.
    pub(super) contradictions: HashMap<(usize, usize), Vec<Contradiction>>,
}

impl Contradicting {
    /// Of decided duplicates those that contradict each other in ways that their decision does not know of; of
    /// others that may, those that do.
    fn new(
        known: &Known,
        standings: &Standings<'_>,
        decided: &[(usize, usize)],
        mut denying: Vec<Pair>,
        today: NaiveDate,
    ) -> Result<Self> {
        let mut pairs = compare(known, decided);
        for pairs in [&mut pairs, &mut denying] {
            pairs.retain(|pair| !known.is_ignored("contradicting-advice", pair, today));
        }
        let all = known.contradictions(&pairs.iter().collect::<Vec<_>>())?;
        let unread = all.into_iter().map(|((a, b), found)| ((a, b), standings.unread(a, b, found)));
        let mut contradictions: HashMap<_, _> = unread.collect();
        for ((a, b), mut found) in known.contradictions(&denying.iter().collect::<Vec<_>>())? {
            found.retain(|found| found.conflict == Conflict::Claim);
            contradictions.insert((a, b), found);
        }
        pairs.extend(denying);
        contradictions.retain(|_, found| !found.is_empty());
        pairs.retain(|pair| contradictions.contains_key(&(pair.a, pair.b)));
        Ok(Self { pairs, contradictions })
    }
}

/// Pairs that are not raised.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub(super) struct LeftOut {
    /// They are decided.
    pub(super) decided: usize,
    /// One of the entries says how it is told from the other.
    pub(super) declared: usize,
    /// All that are decided to be duplicates and are still two entries.
    pub(super) to_merge: usize,
    /// An ignore of the configuration takes them away.
    pub(super) ignored: usize,
}

/// What was too common to be compared in full.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub(super) struct Cut {
    pub(super) blocks: usize,
    pub(super) pairs: u64,
}

impl Raised {
    /// Finds the pairs that are duplicates from `threshold` on, and variants in name only; with `all`
    /// every pair that was compared, decided or not.
    pub(super) fn new(
        known: &Known,
        standings: &Standings<'_>,
        threshold: f64,
        all: bool,
        today: NaiveDate,
    ) -> Result<Self> {
        let base = &known.base;
        let candidates = base.candidates();
        let mut pairs =
            base.pairs(&candidates.pairs, if all { 0.0 } else { threshold }, known.case);
        let is_open = |pair: &Pair| {
            let standing = standings.of(base, pair.a, pair.b);
            known.is_asked_for(pair.a, pair.b) && matches!(standing, Standing::Undecided)
        };
        let mut denying = base.denying(&candidates.pairs, known.case);
        denying.retain(|pair| is_open(pair) && pair.probability < threshold);
        let mut left_out = LeftOut::default();
        pairs.retain(|pair| {
            if !known.is_asked_for(pair.a, pair.b) {
                return false;
            }
            match standings.of(base, pair.a, pair.b) {
                _ if all => true,
                Standing::Undecided => {
                    let is_ignored = known.is_ignored(rule_of(pair), pair, today);
                    left_out.ignored += usize::from(is_ignored);
                    !is_ignored
                }
                Standing::Outdated(..) => false,
                Standing::Declared => {
                    left_out.declared += 1;
                    false
                }
                Standing::Decided(_) => {
                    left_out.decided += 1;
                    false
                }
            }
        });
        let (mut old, mut one_error) = (Vec::new(), Vec::new());
        for ((a, b), standing) in standings.pairs(base) {
            match standing {
                Standing::Decided(decision) if decision.label == Label::Duplicate => {
                    left_out.to_merge += 1;
                    if known.is_asked_for(a, b) {
                        one_error.push((a, b));
                    }
                }
                Standing::Outdated(..) if known.is_asked_for(a, b) => old.push((a, b)),
                _ => {}
            }
        }
        Ok(Self {
            pairs,
            outdated: compare(known, &old),
            contradicting: Contradicting::new(known, standings, &one_error, denying, today)?,
            left_out,
            cut: Cut { blocks: candidates.cut_blocks, pairs: candidates.cut_pairs },
        })
    }
}

/// The rule about entries whose texts are the same.
pub(super) const COPIED_TEXT: &str = "copied-text";

/// The rule that speaks of a pair.
pub(super) fn rule_of(pair: &Pair) -> &'static str {
    match pair {
        Pair { in_name_only: true, .. } => "variant-in-name-only",
        Pair { is_copy: true, .. } => COPIED_TEXT,
        _ => "duplicate-entry",
    }
}

/// Compares pairs, at once: the patterns of all are tried together. They come in the order of their
/// numbers and stay in it.
pub(super) fn compare(known: &Known, pairs: &[(usize, usize)]) -> Vec<Pair> {
    let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    let numbers: Vec<(u32, u32)> = pairs.iter().map(|(a, b)| (number(*a), number(*b))).collect();
    known.base.pairs(&numbers, 0.0, known.case)
}
