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
    /// Whether they are variants by their ids alone: nothing says that the environments differ, and under
    /// ids of their own they would be duplicates.
    pub in_name_only: bool,
    /// How sure it is that both are about the same error: the probability that they would be duplicates
    /// under ids that say nothing, where their environments do not contradict each other.
    pub same_error: f64,
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

fn judge(model: &Model, values: &Values, threshold: f64) -> Comparison {
    let is = |part: Part, value: f64| values[part as usize] == Some(value);
    let label = model.label(values, threshold);
    let is_in_name = label == Label::Variant
        && is(Part::SameSlug, 1.0)
        && is(Part::Environment, 0.0)
        && model.probability(&with(values, Part::SameSlug, 0.0)) >= threshold;
    Comparison {
        label,
        probability: model.probability(values),
        in_name_only: is_in_name,
        same_error: model.probability(&nameless(values)),
        evidence: model.evidence(values),
    }
}

fn with(values: &Values, part: Part, value: f64) -> Values {
    let mut values = *values;
    values[part as usize] = Some(value);
    values
}

/// The values under ids that say nothing: neither that the error is the same, nor that one environment is
/// narrower than the other.
fn nameless(values: &Values) -> Values {
    let values = with(values, Part::SameSlug, 0.0);
    match values[Part::Environment as usize] {
        Some(difference) if difference < 1.0 => with(&values, Part::Environment, 0.0),
        _ => values,
    }
}

/// The most that the probability can be, whatever the patterns find, and under ids that say nothing.
fn highest(model: &Model, values: &Values) -> f64 {
    let values = nameless(values);
    let found = model.probability(&with(&values, Part::PatternMatch, 1.0));
    found.max(model.probability(&values))
}

impl Base {
    /// Compares two entries, `case` being how consumers search with patterns. The answer is the same from
    /// either side.
    pub fn compare(&self, a: usize, b: usize, case: Case) -> Comparison {
        let model = Model::fitted();
        judge(model, &self.values(a, b, case), model.threshold)
    }

    /// The evidence of a pair as numbers.
    pub fn values(&self, a: usize, b: usize, case: Case) -> Values {
        let mut pairs = [((a, b), evidence::values(self, a, b))];
        self.try_patterns(&mut pairs, case);
        pairs[0].1
    }

    /// The candidates that are duplicates with a probability of at least `threshold`, and those that are
    /// variants in name only; sorted by their numbers. With 0 these are all candidates, and duplicates are
    /// labelled from the threshold of the model on.
    pub fn pairs(&self, candidates: &[(u32, u32)], threshold: f64, case: Case) -> Vec<Pair> {
        let labelled = if threshold > 0.0 { threshold } else { Model::fitted().threshold };
        let mut pairs = self.within_reach(candidates, threshold, labelled, case);
        pairs.retain(|Pair { comparison, .. }| {
            comparison.probability >= threshold || comparison.in_name_only
        });
        pairs
    }

    /// The candidates that are about the same error, as sure as `least`, duplicates and variants; sorted by
    /// their numbers.
    pub fn same_errors(&self, candidates: &[(u32, u32)], least: f64, case: Case) -> Vec<Pair> {
        let mut pairs = self.within_reach(candidates, least, Model::fitted().threshold, case);
        pairs.retain(|pair| pair.comparison.same_error >= least);
        pairs
    }

    /// Compares the candidates that can reach a probability of `least`; duplicates are labelled from
    /// `threshold` on.
    fn within_reach(
        &self,
        candidates: &[(u32, u32)],
        least: f64,
        threshold: f64,
        case: Case,
    ) -> Vec<Pair> {
        let model = Model::fitted();
        let within_reach = |pair: &(u32, u32)| {
            let (a, b) = (pair.0 as usize, pair.1 as usize);
            let values = evidence::values(self, a, b);
            let within = highest(model, &values) >= least;
            within.then_some(((a, b), values))
        };
        let mut scored: Vec<_> = candidates.par_iter().filter_map(within_reach).collect();
        self.try_patterns(&mut scored, case);
        let compared = scored.into_par_iter().map(|((a, b), values)| Pair {
            a,
            b,
            comparison: judge(model, &values, threshold),
        });
        compared.collect()
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
