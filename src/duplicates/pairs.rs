//! Comparing two entries, and all that are worth it.

use rayon::prelude::*;

use super::base::Base;
use super::claims::may_deny;
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
    /// Whether cause and advice of the one are those of the other word for word, though they are no duplicates.
    pub is_copy: bool,
    /// How sure it is that both are about the same error: the probability that they would be duplicates
    /// under ids that say nothing, where their environments do not contradict each other.
    pub same_error: f64,
    /// The values, kept small: there may be a million pairs. What is not known is no number.
    known: [f32; Part::COUNT],
}

impl Pair {
    /// It must be more likely than not that two entries are about the same error for their advice to have to
    /// agree.
    pub const SAME_ERROR: f64 = 0.5;

    fn new(a: usize, b: usize, values: &Values) -> Self {
        #[allow(clippy::cast_possible_truncation, reason = "seven digits are enough")]
        let known = values.map(|value| value.map_or(f32::NAN, |value| value as f32));
        Self {
            a,
            b,
            label: Label::Distinct,
            probability: 0.0,
            in_name_only: false,
            is_copy: false,
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

    /// Whether their advice has to agree: they are about the same error, and not in environments that cannot
    /// be the same, of which the opposite may well be true.
    pub fn must_agree(&self) -> bool {
        self.same_error >= Self::SAME_ERROR && !self.environments_differ()
    }

    fn environments_differ(&self) -> bool {
        self.values()[Part::Environment as usize].is_some_and(|value| value >= 1.0)
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

/// Which pairs cannot reach a probability, whatever else is found: a few telling parts show it for most.
struct Reach {
    /// The log-odds that have to be reached.
    least: f64,
    /// The log-odds where all speaks for duplicates.
    most: f64,
    /// For each part what it adds where all speaks for duplicates, its weight, and its average.
    parts: [(f64, f64, f64); Part::COUNT],
}

impl Reach {
    fn new(model: &Model, least: f64) -> Self {
        let parts = Part::ALL.map(|part| {
            let of = &model.parts[part as usize];
            let (weight, centre) = (of.weights[0], of.centre);
            // Where it is not known it adds no more than where it is, or nothing.
            let most = (weight * (1.0 - centre)).max(weight * (part.least() - centre));
            (most.max(0.0), weight, centre)
        });
        let most = model.intercepts[0] + parts.iter().map(|(most, ..)| most).sum::<f64>();
        Self { least: (least / (1.0 - least)).ln(), most, parts }
    }

    /// The values of the first parts, of a pair that is not beyond reach.
    fn first(&self, base: &Base, a: usize, b: usize) -> Option<Values> {
        /// Sums in another order differ by less.
        const ROUNDING: f64 = 1e-6;
        let mut most = self.most;
        let mut first: Values = [None; Part::COUNT];
        for part in evidence::FIRST {
            let (highest, weight, centre) = self.parts[part as usize];
            let value = evidence::value(base, a, b, part);
            first[part as usize] = value;
            match value {
                Some(value) => most -= highest - weight * (value - centre),
                // It adds nothing, or what others of its kind let one expect.
                None if part == Part::ErrorCode => most -= highest,
                None => {}
            }
            if most < self.least - ROUNDING {
                return None;
            }
        }
        Some(first)
    }
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
        self.judge(&mut pair, model.threshold);
        pair
    }

    /// What a pair is whose values are known, if from `threshold` on they are duplicates.
    pub(super) fn judge(&self, pair: &mut Pair, threshold: f64) {
        pair.judge(self.model(), threshold);
        pair.is_copy = pair.label != Label::Duplicate && self.are_copies(pair.a, pair.b);
    }

    fn are_copies(&self, a: usize, b: usize) -> bool {
        let [a, b] = [a, b].map(|entry| self.entries[entry].advice);
        a == b && a != 0
    }

    /// The evidence of a pair as numbers.
    pub fn values(&self, a: usize, b: usize, case: Case) -> Values {
        self.pair(a, b, case).values()
    }

    /// The candidates that are duplicates with a probability of at least `threshold`, and those that are
    /// variants in name only or copies; sorted by their numbers. With 0 these are all candidates, and duplicates are
    /// labelled from the threshold of the model on.
    pub fn pairs(&self, candidates: &[(u32, u32)], threshold: f64, case: Case) -> Vec<Pair> {
        let labelled = if threshold > 0.0 { threshold } else { self.model().threshold };
        let mut pairs = self.within_reach(candidates, threshold, labelled, case);
        pairs.retain(|pair| pair.probability >= threshold || pair.in_name_only || pair.is_copy);
        pairs
    }

    /// The candidates of which the one may claim what the other denies, though they need not be about the same
    /// error: either answers for the other's message, and nothing tells their environments apart. Sorted as
    /// they come.
    pub(super) fn denying(&self, candidates: &[(u32, u32)], case: Case) -> Vec<Pair> {
        let answer = |pair: &Pair| {
            let is = |part: Part| pair.values()[part as usize].unwrap_or_default();
            let answers = is(Part::PatternMatch) > 0.0 || is(Part::SignatureEqual) >= 1.0;
            answers && !pair.environments_differ()
        };
        let claims = |entry: u32| self.entries[entry as usize].claims;
        let may_deny = candidates.par_iter().filter(|(a, b)| may_deny(claims(*a), claims(*b)));
        let pairs = may_deny.map(|(a, b)| self.pair(*a as usize, *b as usize, case));
        pairs.filter(answer).collect()
    }

    /// Compares the candidates that can reach a probability of `least`; duplicates are labelled from
    /// `threshold` on.
    pub(super) fn within_reach(
        &self,
        candidates: &[(u32, u32)],
        least: f64,
        threshold: f64,
        case: Case,
    ) -> Vec<Pair> {
        let model = self.model();
        let reach = Reach::new(model, least);
        let within_reach = |pair: &(u32, u32)| {
            let (a, b) = (pair.0 as usize, pair.1 as usize);
            if self.says_nothing(a) || self.says_nothing(b) {
                return None;
            }
            // Of a copy it does not matter how likely it is.
            if self.are_copies(a, b) {
                return Some(Pair::new(a, b, &evidence::values(self, a, b)));
            }
            let first = reach.first(self, a, b)?;
            let values = evidence::values_after(self, a, b, &first);
            (highest(model, &values) >= least).then(|| Pair::new(a, b, &values))
        };
        let mut pairs: Vec<Pair> = candidates.par_iter().filter_map(within_reach).collect();
        self.try_patterns(&mut pairs, case);
        pairs.par_iter_mut().for_each(|pair| self.judge(pair, threshold));
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
            let overlaps = Overlaps::new(&self.entries[of_one[0].a].pattern, case);
            for pair in of_one {
                let values = pair.values();
                if highest(self.model(), &values) >= LEAST_COMPARED {
                    let share = overlaps.share(&self.entries[pair.b].pattern);
                    pair.known[Part::PatternOverlap as usize] = known(share);
                }
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::duplicates::Digest;
    use crate::entry::{Entry, EntryId, Workaround};

    /// Entries that share something with each other, from everything to nothing.
    fn entries() -> Vec<Entry> {
        const WORDS: [&str; 7] =
            ["gasket", "flange", "spooler", "reel", "lock", "quota", "handshake"];
        let of = |from: usize, count: usize| {
            (from..from + count).map(|at| WORDS[at % WORDS.len()]).collect::<Vec<_>>().join(" ")
        };
        (0..42)
            .map(|at| Entry {
                id: EntryId::new(format!("plant/{}-{at}", of(at, 1))),
                signature: format!("{} failed at {at}", of(at, 1 + at % 3)),
                regex: of(at, 1 + at % 3),
                error_code: (at % 4 == 0).then(|| format!("E{}", 100 + at % 5)),
                root_cause: of(at / 2, 4),
                workarounds: (0..at % 3)
                    .map(|item| Workaround {
                        action: of(at / 3 + item, 3),
                        ..Workaround::default()
                    })
                    .collect(),
                ..Entry::default()
            })
            .collect()
    }

    #[test]
    fn what_is_beyond_reach_cannot_reach() {
        let base = Base::new(entries().iter().map(Digest::new));
        let mut beyond = 0;
        for least in [0.1, 0.6, 0.95] {
            let reach = Reach::new(base.model(), least);
            for a in 0..base.len() {
                for b in a + 1..base.len() {
                    if reach.first(&base, a, b).is_none() {
                        beyond += 1;
                        let values = evidence::values(&base, a, b);
                        assert!(highest(base.model(), &values) < least, "{a} {b} {least}");
                    }
                }
            }
        }
        assert!(beyond > 100, "{beyond}");
        let never = Reach::new(base.model(), 0.0);
        assert!((1..base.len()).all(|other| never.first(&base, 0, other).is_some()));
    }
}
