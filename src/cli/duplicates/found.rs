//! [`Found`]: what is told of a knowledge base, in whatever format.

use std::collections::{BTreeSet, HashMap};

use errlore::duplicates::{
    Clusters, Contradiction, Curation, Cut, Fault, LeftOut, Pair, Reason, Standings,
};

use super::known::Known;
use super::words;

/// For and against so many reasons are given.
pub(super) const REASONS: usize = 3;

/// What was found.
pub(super) struct Found<'k> {
    pub(super) known: &'k Known,
    pub(super) standings: &'k Standings<'k>,
    /// What is listed, by the numbers of the entries: duplicates, or all pairs that were compared.
    pub(super) pairs: Vec<&'k Pair>,
    pub(super) are_all: bool,
    pub(super) in_name_only: Vec<&'k Pair>,
    /// Those whose texts are the same, though they are no duplicates.
    pub(super) copies: Vec<&'k Pair>,
    /// Decided before one of the two changed.
    pub(super) outdated: Vec<&'k Pair>,
    /// Those that are raised for nothing but their contradictions.
    pub(super) contradicting: Vec<&'k Pair>,
    pub(super) clusters: Clusters,
    pub(super) left_out: LeftOut,
    pub(super) cut: Cut,
    /// Whether nothing has to be done.
    pub(super) is_clean: bool,
    bridges: BTreeSet<(usize, usize)>,
    /// Of the listed pairs that have some.
    contradictions: HashMap<(usize, usize), &'k [Contradiction]>,
}

impl<'k> Found<'k> {
    /// Sorts what is raised; with `all` every pair is listed.
    pub(super) fn new(
        known: &'k Known,
        standings: &'k Standings<'k>,
        curation: &'k Curation,
        threshold: f64,
        all: bool,
    ) -> Self {
        let raised = &curation.raised;
        let of = |reason: Reason| -> Vec<&'k Pair> {
            raised.iter().filter(|of| of.reason == reason).map(|of| &of.pair).collect()
        };
        let duplicates = of(Reason::Duplicate);
        // What only sounds like a variant can wait.
        let waits = |reason: Reason| matches!(reason, Reason::InNameOnly | Reason::Compared);
        let is_clean = !raised.iter().any(|of| !waits(of.reason) && known.is_finding(of))
            && !standings.faults.iter().any(Fault::is_warning);
        let of_clusters: Vec<Pair> = duplicates.iter().copied().cloned().collect();
        let clusters = known.base.clusters(&of_clusters, threshold, known.case, standings);
        let contradictions = raised.iter().filter(|of| !of.contradictions.is_empty());
        Self {
            known,
            standings,
            pairs: if all { raised.iter().map(|of| &of.pair).collect() } else { duplicates },
            are_all: all,
            in_name_only: of(Reason::InNameOnly),
            copies: of(Reason::Copy),
            outdated: of(Reason::Outdated),
            contradicting: of(Reason::Contradicting),
            bridges: clusters.bridges.iter().copied().collect(),
            clusters,
            left_out: curation.left_out,
            cut: curation.cut,
            is_clean,
            contradictions: contradictions
                .map(|of| ((of.pair.a, of.pair.b), &*of.contradictions))
                .collect(),
        }
    }

    /// Where the entries of a listed pair contradict each other.
    pub(super) fn contradictions(&self, pair: &Pair) -> &[Contradiction] {
        self.contradictions.get(&(pair.a, pair.b)).copied().unwrap_or_default()
    }

    /// How many of the listed pairs contradict each other.
    pub(super) fn contradicting_pairs(&self) -> usize {
        self.contradictions.len()
    }

    /// What else there is to say of a pair: whether it is a bridge, and what is decided about it.
    pub(super) fn notes(&self, pair: &Pair) -> Vec<String> {
        let (base, pair_of) = (&self.known.base, (pair.a, pair.b));
        let mut notes = Vec::new();
        if self.bridges.contains(&pair_of) {
            notes.push("a bridge: what it would join does not hold together".to_owned());
        }
        notes.extend(words::standing(base, pair, self.standings.of(base, pair.a, pair.b)));
        notes
    }

    /// All that is listed, the likeliest first, each pair once.
    pub(super) fn surest_first(&self) -> Vec<&'k Pair> {
        let lists =
            [&self.pairs, &self.in_name_only, &self.copies, &self.outdated, &self.contradicting];
        let mut pairs: Vec<&Pair> = lists.into_iter().flatten().copied().collect();
        pairs.sort_by_key(|pair| (pair.a, pair.b));
        pairs.dedup_by_key(|pair| (pair.a, pair.b));
        pairs.sort_by(|one, two| two.probability.total_cmp(&one.probability));
        pairs
    }
}

/// What to call what two entries are to each other.
pub(super) fn label(pair: &Pair) -> &'static str {
    match pair {
        Pair { in_name_only: true, .. } => "variant in name only",
        Pair { is_copy: true, .. } => "copied text",
        _ => pair.label.as_str(),
    }
}

/// From which side a pair is told: the entry that is new or has changed, or else the one whose id comes
/// last; and the other.
pub(super) fn sides(known: &Known, pair: &Pair) -> (usize, usize) {
    let is_new = |entry| known.in_scope(entry).map(|(_, is_new)| is_new);
    match (is_new(pair.a), is_new(pair.b)) {
        (Some(_), None) | (Some(true), Some(false)) => (pair.a, pair.b),
        _ => (pair.b, pair.a),
    }
}
