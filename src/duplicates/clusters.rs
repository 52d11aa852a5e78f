//! Putting duplicates together, without chains.
//!
//! Pairs are taken from the surest down (agglomerative clustering). Two clusters become one where the
//! probabilities between their members are at the threshold on average and none is far below it; so a
//! weak bridge between two groups joins nothing and is listed as a bridge.

use std::collections::HashMap;

use rayon::prelude::*;

use super::base::Base;
use super::decisions::Standings;
use super::evidence;
use super::groups::connected;
use super::pairs::Pair;
use crate::config::Case;

/// Groups of duplicates.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Clusters {
    /// The members of each cluster by their numbers, sorted; by their first.
    pub clusters: Vec<Vec<usize>>,
    /// Pairs that are duplicates by themselves and stand between two clusters, or between a cluster and an
    /// entry, that do not hold together; sorted.
    pub bridges: Vec<(usize, usize)>,
}

/// In a larger group of entries that hang together patterns are not tried on pairs that were no candidates.
const SMALL: usize = 12;
/// Of two clusters no more than so many members each are held against each other.
const MOST_MEMBERS: usize = 6;

impl Base {
    /// Puts pairs together that are duplicates; `pairs` are those that reach `threshold`. Two entries that are
    /// decided to be two, or of which one tells how it differs from the other, are never in one cluster.
    pub fn clusters(
        &self,
        pairs: &[Pair],
        threshold: f64,
        case: Case,
        standings: &Standings<'_>,
    ) -> Clusters {
        let mut found = Clusters::default();
        let mut apart: HashMap<usize, Vec<usize>> = HashMap::new();
        for (a, b) in standings.apart(self) {
            apart.entry(a).or_default().push(b);
            apart.entry(b).or_default().push(a);
        }
        let groups = connected(pairs.iter().map(|pair| (pair.a, pair.b)));
        let each: Vec<Clusters> = groups
            .into_par_iter()
            .map(|group| {
                let pairs = group.into_iter().map(|at| &pairs[at]).collect();
                Group::new(self, pairs, threshold, case, &apart).clusters()
            })
            .collect();
        for clusters in each {
            found.clusters.extend(clusters.clusters);
            found.bridges.extend(clusters.bridges);
        }
        found.clusters.sort_unstable();
        found.bridges.sort_unstable();
        found
    }
}

/// Pairs that hang together.
struct Group<'b> {
    base: &'b Base,
    pairs: Vec<&'b Pair>,
    threshold: f64,
    case: Case,
    /// The entries that each must not be in a cluster with.
    apart: &'b HashMap<usize, Vec<usize>>,
    known: HashMap<(usize, usize), f64>,
    is_small: bool,
}

impl<'b> Group<'b> {
    fn new(
        base: &'b Base,
        mut pairs: Vec<&'b Pair>,
        threshold: f64,
        case: Case,
        apart: &'b HashMap<usize, Vec<usize>>,
    ) -> Self {
        pairs.sort_by(|one, other| {
            let surest = other.probability.total_cmp(&one.probability);
            surest.then((one.a, one.b).cmp(&(other.a, other.b)))
        });
        let known: HashMap<_, _> =
            pairs.iter().map(|pair| ((pair.a, pair.b), pair.probability)).collect();
        let is_small = pairs.len() <= SMALL * (SMALL - 1) / 2;
        Self { base, pairs, threshold, case, apart, known, is_small }
    }

    fn clusters(mut self) -> Clusters {
        let mut cluster_of: HashMap<usize, usize> = HashMap::new();
        let mut members: Vec<Vec<usize>> = Vec::new();
        for at in 0..self.pairs.len() {
            let (a, b) = (self.pairs[at].a, self.pairs[at].b);
            let mut cluster = |entry: usize| {
                *cluster_of.entry(entry).or_insert_with(|| {
                    members.push(vec![entry]);
                    members.len() - 1
                })
            };
            let (one, other) = (cluster(a), cluster(b));
            if one != other
                && !self.are_apart(&members[one], &members[other], &cluster_of)
                && self.hold_together(&members[one], &members[other])
            {
                let (one, other) = (one.min(other), one.max(other));
                let moved = std::mem::take(&mut members[other]);
                for entry in &moved {
                    cluster_of.insert(*entry, one);
                }
                members[one].extend(moved);
            }
        }
        let between = |pair: &&&Pair| cluster_of[&pair.a] != cluster_of[&pair.b];
        let bridges = self.pairs.iter().filter(between).map(|pair| (pair.a, pair.b)).collect();
        let mut clusters: Vec<Vec<usize>> =
            members.into_iter().filter(|members| members.len() > 1).collect();
        for members in &mut clusters {
            members.sort_unstable();
        }
        Clusters { clusters, bridges }
    }

    /// Whether a member of one cluster must not be in a cluster with a member of the other.
    fn are_apart(
        &self,
        one: &[usize],
        other: &[usize],
        cluster_of: &HashMap<usize, usize>,
    ) -> bool {
        if self.apart.is_empty() {
            return false;
        }
        let (few, many) = if one.len() <= other.len() { (one, other) } else { (other, one) };
        let cluster = cluster_of[&many[0]];
        let from = few.iter().filter_map(|entry| self.apart.get(entry)).flatten();
        let mut from = from.filter_map(|entry| cluster_of.get(entry));
        from.any(|of| *of == cluster)
    }

    fn hold_together(&mut self, one: &[usize], other: &[usize]) -> bool {
        /// No pair may be below this part of the threshold.
        const LEAST: f64 = 0.25;
        let (mut sum, mut count, mut least) = (0.0, 0.0, 1.0_f64);
        for a in spread(one) {
            for b in spread(other) {
                let probability = self.probability(a.min(b), a.max(b));
                sum += probability;
                count += 1.0;
                least = least.min(probability);
            }
        }
        sum >= self.threshold * count && least >= LEAST * self.threshold
    }

    fn probability(&mut self, a: usize, b: usize) -> f64 {
        let (base, case, is_small) = (self.base, self.case, self.is_small);
        *self.known.entry((a, b)).or_insert_with(|| {
            if is_small {
                base.pair(a, b, case).probability
            } else {
                base.model().probability(&evidence::values(base, a, b))
            }
        })
    }
}

/// A few members, spread over all.
fn spread(members: &[usize]) -> impl Iterator<Item = usize> {
    let count = members.len().min(MOST_MEMBERS);
    (0..count).map(move |at| members[at * members.len() / count])
}
