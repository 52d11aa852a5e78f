//! Comparing two entries, and all that are worth it.

use rayon::prelude::*;

use super::base::Base;
use super::evidence::{self, Part, Values};
use super::model::{Evidence, Label, Model};
use super::nearby::Finds;
use super::overlaps::Overlaps;
use crate::config::Case;

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
    /// What speaks for it and against it, in the order of [`Part::ALL`].
    pub evidence: Vec<Evidence>,
}

/// Two entries by their numbers, the smaller first, and what they are to each other.
#[derive(Clone, Debug)]
pub struct Pair {
    /// The one.
    pub a: usize,
    /// The other.
    pub b: usize,
    /// What they are to each other.
    pub label: Label,
    /// The probability that they are duplicates.
    pub probability: f64,
    /// Whether they are variants by their ids alone.
    pub in_name_only: bool,
    /// How sure it is that both are about the same error: the probability that they would be duplicates
    /// under ids that say nothing, where their environments do not contradict each other.
    pub same_error: f64,
    /// The values, kept small: there may be a million pairs. What is not known is no number.
    known: [f32; Part::COUNT],
}

impl Pair {
    fn new(a: usize, b: usize, values: &Values) -> Self {
        #[allow(clippy::cast_possible_truncation, reason = "seven digits are enough")]
        let known = values.map(|value| value.map_or(f32::NAN, |value| value as f32));
        Self {
            a,
            b,
            label: Label::Distinct,
            probability: 0.0,
            in_name_only: false,
            same_error: 0.0,
            known,
        }
    }

    fn values(&self) -> Values {
        self.known.map(|value| (!value.is_nan()).then_some(f64::from(value)))
    }

    /// What speaks for duplicates and against it, in the order of [`Part::ALL`].
    pub fn evidence(&self, model: &Model) -> Vec<Evidence> {
        model.evidence(&self.values())
    }

    /// Whether they name environments that cannot be the same.
    pub fn environments_differ(&self) -> bool {
        self.values()[Part::Environment as usize].is_some_and(|difference| difference >= 1.0)
    }

    pub(super) fn judge(&mut self, model: &Model, threshold: f64) {
        let values = self.values();
        let is = |part: Part, value: f64| values[part as usize] == Some(value);
        self.label = model.label(&values, threshold);
        self.probability = model.probability(&values);
        self.same_error = model.probability(&nameless(&values));
        self.in_name_only = self.label == Label::Variant
            && is(Part::SameSlug, 1.0)
            && is(Part::Environment, 0.0)
            && model.probability(&with(&values, Part::SameSlug, 0.0)) >= threshold;
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

/// The most that the probability can be, whatever is not known yet of the patterns, and under ids that say
/// nothing.
fn highest(model: &Model, values: &Values) -> f64 {
    let values = nameless(values);
    let mut found = values;
    for part in [Part::PatternMatch, Part::PatternsShare, Part::PatternOverlap] {
        let value = &mut found[part as usize];
        value.get_or_insert(1.0);
    }
    model.probability(&found).max(model.probability(&values))
}

/// The patterns of pairs that cannot be duplicates as sure as this are not compared.
const LEAST_COMPARED: f64 = 0.05;

impl Base {
    /// Compares two entries, `case` being how consumers search with patterns. The answer is the same from
    /// either side.
    pub fn compare(&self, a: usize, b: usize, case: Case) -> Comparison {
        let pair = self.pair(a, b, case);
        Comparison {
            label: pair.label,
            probability: pair.probability,
            in_name_only: pair.in_name_only,
            evidence: pair.evidence(self.model()),
        }
    }

    /// The same with the numbers of the entries.
    pub fn pair(&self, a: usize, b: usize, case: Case) -> Pair {
        let (a, b) = (a.min(b), a.max(b));
        let model = self.model();
        let mut pairs = [Pair::new(a, b, &evidence::values(self, a, b))];
        self.try_patterns(&mut pairs, case);
        let [mut pair] = pairs;
        pair.judge(model, model.threshold);
        pair
    }

    /// The evidence of a pair as numbers.
    pub fn values(&self, a: usize, b: usize, case: Case) -> Values {
        self.pair(a, b, case).values()
    }

    /// The candidates that are duplicates with a probability of at least `threshold`, and those that are
    /// variants in name only; sorted by their numbers. With 0 these are all candidates, and duplicates are
    /// labelled from the threshold of the model on.
    pub fn pairs(&self, candidates: &[(u32, u32)], threshold: f64, case: Case) -> Vec<Pair> {
        let labelled = if threshold > 0.0 { threshold } else { self.model().threshold };
        let mut pairs = self.within_reach(candidates, threshold, labelled, case);
        pairs.retain(|pair| pair.probability >= threshold || pair.in_name_only);
        pairs
    }

    /// The candidates that are about the same error, as sure as `least`, duplicates and variants; sorted by
    /// their numbers.
    pub fn same_errors(&self, candidates: &[(u32, u32)], least: f64, case: Case) -> Vec<Pair> {
        let mut pairs = self.within_reach(candidates, least, self.model().threshold, case);
        pairs.retain(|pair| pair.same_error >= least);
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
        let model = self.model();
        let within_reach = |pair: &(u32, u32)| {
            let (a, b) = (pair.0 as usize, pair.1 as usize);
            let values = evidence::values(self, a, b);
            (highest(model, &values) >= least).then(|| Pair::new(a, b, &values))
        };
        let mut pairs: Vec<Pair> = candidates.par_iter().filter_map(within_reach).collect();
        self.try_patterns(&mut pairs, case);
        pairs.par_iter_mut().for_each(|pair| pair.judge(model, threshold));
        pairs
    }

    /// Tries the patterns of pairs, and compares those of pairs that may be duplicates.
    fn try_patterns(&self, pairs: &mut [Pair], case: Case) {
        let finds = Finds::new(self, pairs, case);
        #[allow(clippy::cast_possible_truncation, reason = "seven digits are enough")]
        let known = |value: Option<f64>| value.map_or(f32::NAN, |value| value as f32);
        pairs.par_iter_mut().for_each(|pair| {
            pair.known[Part::PatternMatch as usize] = known(finds.each_other(pair.a, pair.b));
            pair.known[Part::PatternsShare as usize] = known(finds.shared(pair.a, pair.b));
        });
        pairs.par_chunk_by_mut(|one, next| one.a == next.a).for_each(|of_one| {
            let overlaps = Overlaps::new(&self.entries[of_one[0].a].regex, case);
            for pair in of_one {
                let values = pair.values();
                if highest(self.model(), &values) >= LEAST_COMPARED {
                    let share = overlaps.share(&self.entries[pair.b].regex);
                    pair.known[Part::PatternOverlap as usize] = known(share);
                }
            }
        });
    }
}
