//! Fitting weights to decisions.
//!
//! The weights that come with errlore are what is known beforehand: few decisions move them a little, many
//! a lot, and what no decision shows stays as it is. Averages and spreads stay too, so that a weight means
//! the same before and after.

use std::cmp::Reverse;
use std::fmt;

use super::evidence::{Part, Values};
use super::groups::connected;
use super::model::{Label, Model};

mod logistic;

pub use logistic::{Prior, regression};

/// Why weights cannot be fitted: too few decisions, in all or of one kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooFew {
    /// How many are duplicates.
    pub duplicates: usize,
    /// How many are not.
    pub others: usize,
}

impl TooFew {
    /// So many decisions are needed.
    pub const LEAST: usize = 40;
    /// And so many each of duplicates and of others.
    pub const LEAST_OF_EACH: usize = 8;
}

impl fmt::Display for TooFew {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { duplicates, others } = self;
        write!(
            f,
            "{duplicates} duplicates and {others} others are too few to fit weights to: it takes {}, and \
             {} of each",
            Self::LEAST,
            Self::LEAST_OF_EACH
        )
    }
}

impl std::error::Error for TooFew {}

/// A decided pair: its evidence, and what it is.
pub type Judged = (Values, Label);

/// Weights fitted to decisions, starting from those of `model` and held to them.
pub fn refit(model: &Model, judged: &[Judged]) -> Result<Model, TooFew> {
    let duplicates = judged.iter().filter(|(_, label)| *label == Label::Duplicate).count();
    let others = judged.len() - duplicates;
    let least = duplicates.min(others);
    if judged.len() < TooFew::LEAST || least < TooFew::LEAST_OF_EACH {
        return Err(TooFew { duplicates, others });
    }
    Ok(fitted(model, judged))
}

/// Probabilities of pairs by weights that were not fitted to them: each tenth of the pairs by weights
/// fitted to the others. `entries` are the numbers of the entries of each pair; pairs that hang together
/// through an entry are in the same tenth, so that none is known from both sides.
pub fn unseen(model: &Model, judged: &[Judged], entries: &[(usize, usize)]) -> Vec<f64> {
    /// Into so many parts pairs are divided.
    const FOLDS: usize = 10;
    let folds = folds(entries, FOLDS);
    let mut probabilities = vec![0.0; judged.len()];
    for fold in 0..FOLDS {
        let seen = judged.iter().zip(&folds).filter(|(_, of)| **of != fold);
        let seen: Vec<Judged> = seen.map(|(judged, _)| *judged).collect();
        let fitted = fitted(model, &seen);
        for (at, (values, _)) in judged.iter().enumerate().filter(|(at, _)| folds[*at] == fold) {
            probabilities[at] = fitted.probability(values);
        }
    }
    probabilities
}

fn fitted(model: &Model, judged: &[Judged]) -> Model {
    let mut new = model.clone();
    for (question, label) in [Label::Duplicate, Label::Variant, Label::Related].iter().enumerate() {
        // The second question is asked of what is no duplicate, the third of what is no variant either.
        let of = judged.iter().filter(|(_, is)| is >= label);
        let rows: Vec<_> = of.clone().map(|(values, _)| model.filled(values)).collect();
        let yes: Vec<bool> = of.map(|(_, is)| is == label).collect();
        if !(yes.contains(&true) && yes.contains(&false)) {
            continue;
        }
        let prior = prior(model, question, &rows);
        let (intercept, weights) = regression(&rows, &yes, &prior);
        new.intercepts[question] = rounded(intercept);
        for (part, weight) in new.parts.iter_mut().zip(weights) {
            part.weights[question] = rounded(weight);
        }
    }
    new
}

/// A weight with as many digits as it is worth.
fn rounded(number: f64) -> f64 {
    (number * 1000.0).round() / 1000.0 + 0.0
}

/// The weights of a model as what is known beforehand. A part is held the more the more it varies, so that
/// its scale does not matter, and where it varies less in the decisions than it did before, as before.
fn prior(model: &Model, question: usize, rows: &[[f64; Part::COUNT]]) -> Prior {
    /// As much as so many pairs.
    const RIDGE: f64 = 7.0;
    /// A part that hardly ever varies is not to be bent to a few pairs.
    const LEAST: f64 = 0.02;
    #[allow(clippy::cast_precision_loss, reason = "a few thousand rows")]
    let count = rows.len().max(1) as f64;
    Prior {
        intercept: model.intercepts[question],
        intercept_ridge: 1.0,
        weights: Part::ALL.map(|part| model.parts[part as usize].weights[question]),
        ridges: Part::ALL.map(|part| {
            let at = part as usize;
            let mean = rows.iter().map(|row| row[at]).sum::<f64>() / count;
            let variance = rows.iter().map(|row| (row[at] - mean).powi(2)).sum::<f64>() / count;
            (RIDGE * variance.max(model.parts[at].spread.powi(2))).max(LEAST)
        }),
        is_signed: question == 0,
    }
}

/// The part of each pair: groups of entries that hang together stay together, the largest first into the
/// part that is smallest so far.
pub fn folds(pairs: &[(usize, usize)], count: usize) -> Vec<usize> {
    let mut groups = connected(pairs.iter().copied());
    groups.sort_by_key(|group| (Reverse(group.len()), group[0]));
    let (mut sizes, mut folds) = (vec![0; count], vec![0; pairs.len()]);
    for group in groups {
        let fold = (0..count).min_by_key(|fold| sizes[*fold]).unwrap_or(0);
        sizes[fold] += group.len();
        for pair in group {
            folds[pair] = fold;
        }
    }
    folds
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(root_cause: f64, other: bool) -> Values {
        let mut values: Values = [None; Part::COUNT];
        values[Part::RootCause as usize] = Some(root_cause);
        values[Part::OtherProduct as usize] = Some(f64::from(u8::from(other)));
        values
    }

    /// Pairs that are duplicates where the causes are alike, whatever else.
    fn judged(count: u32) -> Vec<Judged> {
        (0..count)
            .map(|number| {
                let alike = f64::from(number % 10) / 10.0;
                let label = if alike > 0.45 { Label::Duplicate } else { Label::Distinct };
                (values(alike, number % 3 == 0), label)
            })
            .collect()
    }

    #[test]
    fn too_few_decisions_fit_nothing() {
        let model = Model::fitted();
        assert!(refit(model, &judged(39)).is_err() && refit(model, &judged(40)).is_ok());
        let same: Vec<Judged> = (0..100).map(|_| (values(0.9, false), Label::Duplicate)).collect();
        let error = refit(model, &same).expect_err("one kind only");
        assert_eq!((error.duplicates, error.others), (100, 0));
    }

    #[test]
    fn few_decisions_move_weights_a_little_and_many_a_lot() {
        let model = Model::fitted();
        let weight = |model: &Model| model.parts[Part::RootCause as usize].weights[0];
        let (few, many) = (judged(40), judged(4000));
        let few = refit(model, &few).expect("enough");
        let many = refit(model, &many).expect("enough");
        assert!(weight(model) < weight(&few) && weight(&few) < weight(&many));
        // What no pair shows stays as it is, and the averages do.
        for (old, new) in model.parts.iter().zip(&many.parts) {
            assert_eq!((old.centre, old.spread), (new.centre, new.spread));
        }
        assert_eq!(
            model.parts[Part::ErrorCode as usize].weights,
            many.parts[Part::ErrorCode as usize].weights
        );
        let probability = |alike| many.probability(&values(alike, false));
        assert!(probability(0.9) > 0.9 && probability(0.1) < 0.1);
    }

    #[test]
    fn a_perfect_prior_stays_and_the_optimum_is_one() {
        // One part, no penalty to speak of: the maximum of the likelihood is known. Of rows at 1 three of
        // four are duplicates, of rows at -1 one of four: log-odds of ln 3 and -ln 3.
        let row = |x: f64| {
            let mut row = [0.0; Part::COUNT];
            row[Part::RootCause as usize] = x;
            row
        };
        let rows = [1.0, 1.0, 1.0, 1.0, -1.0, -1.0, -1.0, -1.0].map(row);
        let yes = [true, true, true, false, true, false, false, false];
        let prior = Prior {
            intercept: 0.3,
            intercept_ridge: 0.0,
            weights: [0.0; Part::COUNT],
            ridges: [1e-9; Part::COUNT],
            is_signed: true,
        };
        let (intercept, weights) = regression(&rows, &yes, &prior);
        assert!(intercept.abs() < 1e-6);
        assert!((weights[Part::RootCause as usize] - 3.0_f64.ln()).abs() < 1e-6);
    }

    #[test]
    fn pairs_that_share_an_entry_are_in_one_fold() {
        let pairs = [(1, 2), (5, 6), (2, 3), (7, 8), (9, 3), (10, 11)];
        let folds = folds(&pairs, 3);
        assert!(folds[0] == folds[2] && folds[2] == folds[4]);
        assert!(folds[1] != folds[0] && folds[3] != folds[0]);
    }
}
