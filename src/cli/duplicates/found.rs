//! [`Found`]: what is told of a knowledge base, in whatever format.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;
use errlore::Result;
use errlore::duplicates::{Clusters, Contradiction, Fault, Pair, Standing, Standings};

use super::known::Known;
use super::raised::{COPIED_TEXT, Cut, LeftOut, Raised, rule_of};
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
    pub(super) outdated: &'k [Pair],
    /// Decided duplicates whose contradictions nobody has said to know.
    pub(super) contradicting: &'k [Pair],
    pub(super) clusters: Clusters,
    pub(super) left_out: LeftOut,
    pub(super) cut: Cut,
    /// Whether nothing has to be done.
    pub(super) is_clean: bool,
    bridges: BTreeSet<(usize, usize)>,
    /// Of the listed pairs that have some.
    contradictions: HashMap<(usize, usize), Vec<Contradiction>>,
}

impl<'k> Found<'k> {
    /// Takes what is raised, with `all` every pair, and looks for contradictions in it.
    pub(super) fn new(
        known: &'k Known,
        standings: &'k Standings<'k>,
        raised: &'k Raised,
        threshold: f64,
        all: bool,
        today: NaiveDate,
    ) -> Result<Self> {
        let reach = |pair: &&Pair| pair.probability >= threshold;
        let is_open =
            |pair: &&Pair| matches!(standings.of(&known.base, pair.a, pair.b), Standing::Undecided);
        let duplicates = raised.pairs.iter().filter(reach).filter(is_open);
        let duplicates: Vec<Pair> = duplicates.cloned().collect();
        let is_raised = |rule, pair: &Pair| known.is_raised(rule, pair, today);
        let contradicting = &raised.contradicting.pairs;
        let is_copy = |pair: &Pair| rule_of(pair) == COPIED_TEXT;
        let is_clean =
            !raised.pairs.iter().any(|pair| is_copy(pair) && is_raised(COPIED_TEXT, pair))
                && !duplicates.iter().any(|pair| is_raised(rule_of(pair), pair))
                && raised.outdated.is_empty()
                && !contradicting.iter().any(|pair| is_raised("contradicting-advice", pair))
                && !standings.faults.iter().any(Fault::is_warning);
        let clusters = known.base.clusters(&duplicates, threshold, known.case, standings);
        let mut found = Self {
            known,
            standings,
            pairs: raised.pairs.iter().filter(|pair| all || reach(pair)).collect(),
            are_all: all,
            in_name_only: raised.pairs.iter().filter(|pair| pair.in_name_only).collect(),
            copies: raised.pairs.iter().filter(|pair| is_copy(pair)).collect(),
            outdated: &raised.outdated,
            contradicting: &raised.contradicting.pairs,
            bridges: clusters.bridges.iter().copied().collect(),
            clusters,
            left_out: raised.left_out,
            cut: raised.cut,
            is_clean,
            contradictions: raised.contradicting.contradictions.clone(),
        };
        let listed = found.pairs.iter().chain(&found.in_name_only).chain(&found.copies).copied();
        let listed = listed.chain(found.outdated);
        let must_agree: Vec<&Pair> = listed.filter(|pair| pair.must_agree()).collect();
        found.contradictions.extend(known.contradictions(&must_agree)?);
        Ok(found)
    }

    /// Where the entries of a listed pair contradict each other.
    pub(super) fn contradictions(&self, pair: &Pair) -> &[Contradiction] {
        self.contradictions.get(&(pair.a, pair.b)).map(Vec::as_slice).unwrap_or_default()
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
        let lists = self.pairs.iter().chain(&self.in_name_only).chain(&self.copies).copied();
        let mut pairs: Vec<&Pair> = lists.chain(self.outdated).chain(self.contradicting).collect();
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
