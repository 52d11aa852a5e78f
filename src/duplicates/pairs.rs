//! Comparing two entries, and all that are worth it.

use rayon::prelude::*;

use super::base::Base;
use super::evidence::{self, Part, Values};
use super::model::{Evidence, Label, Model};
use crate::config::Case;
use crate::pattern::pair_matches;

/// What two entries are to each other, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// What they are.
    pub label: Label,
    /// The probability that they are duplicates.
    pub probability: f64,
    /// What speaks for it and against it, in the order of [`Part::ALL`].
    pub evidence: Vec<Evidence>,
}

/// Two entries by their numbers, the smaller first, and what they are to each other.
#[derive(Clone, Debug, PartialEq)]
pub struct Pair {
    /// The one.
    pub a: usize,
    /// The other.
    pub b: usize,
    /// What they are to each other.
    pub comparison: Comparison,
}

impl Base {
    /// Compares two entries, `case` being how consumers search with patterns. The answer is the same from
    /// either side.
    pub fn compare(&self, a: usize, b: usize, case: Case) -> Comparison {
        let model = Model::fitted();
        self.judge(model, &self.values(a, b, case), model.threshold)
    }

    /// The evidence of a pair as numbers.
    pub fn values(&self, a: usize, b: usize, case: Case) -> Values {
        let mut pairs = [((a, b), evidence::values(self, a, b))];
        self.try_patterns(&mut pairs, case);
        pairs[0].1
    }

    fn judge(&self, model: &Model, values: &Values, threshold: f64) -> Comparison {
        Comparison {
            label: model.label(values, threshold),
            probability: model.probability(values),
            evidence: model.evidence(values),
        }
    }

    /// The candidates that are duplicates with a probability of at least `threshold`, sorted by their
    /// numbers. With 0 these are all candidates.
    pub fn pairs(&self, candidates: &[(u32, u32)], threshold: f64, case: Case) -> Vec<Pair> {
        let model = Model::fitted();
        let within_reach = |pair: &(u32, u32)| {
            let (a, b) = (pair.0 as usize, pair.1 as usize);
            let values = evidence::values(self, a, b);
            let reachable = model.highest(&values, Part::PatternMatch) >= threshold;
            reachable.then_some(((a, b), values))
        };
        let mut scored: Vec<_> = candidates.par_iter().filter_map(within_reach).collect();
        self.try_patterns(&mut scored, case);
        scored
            .into_par_iter()
            .filter(|(_, values)| model.probability(values) >= threshold)
            .map(|((a, b), values)| {
                let comparison = self.judge(model, &values, threshold.max(f64::MIN_POSITIVE));
                Pair { a, b, comparison }
            })
            .collect()
    }

    /// Tries the patterns of pairs on each other's messages.
    fn try_patterns(&self, pairs: &mut [((usize, usize), Values)], case: Case) {
        let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let mut searches: Vec<(u32, u32)> = pairs
            .iter()
            .flat_map(|((a, b), _)| [(number(*a), number(*b)), (number(*b), number(*a))])
            .filter(|(pattern, text)| {
                let (pattern, text) = (*pattern as usize, *text as usize);
                !self.entries[pattern].regex.is_empty() && !self.entries[text].message.is_empty()
            })
            .collect();
        searches.par_sort_unstable();
        searches.dedup();
        let patterns: Vec<&str> = self.entries.iter().map(|entry| &*entry.regex).collect();
        let texts: Vec<&str> = self.entries.iter().map(|entry| &*entry.message).collect();
        let found = pair_matches(&patterns, &texts, &searches, case);
        pairs.par_iter_mut().for_each(|((a, b), values)| {
            let answer = |pattern: usize, text: usize| {
                let at = searches.binary_search(&(number(pattern), number(text))).ok()?;
                Some(f64::from(u8::from(found[at])))
            };
            values[Part::PatternMatch as usize] = match (answer(*a, *b), answer(*b, *a)) {
                (Some(one), Some(other)) => Some(f64::midpoint(one, other)),
                (one, other) => one.or(other),
            };
        });
    }
}
