//! Logistic regression with a ridge (le Cessie and van Houwelingen 1992), one weight after another by
//! Newton's method. Where it is known beforehand on which side a part speaks, its weight keeps to that.

use crate::duplicates::{Part, logistic};

const SWEEPS: usize = 400;

/// What is known of the weights before any pair is seen.
#[derive(Clone, Debug)]
pub struct Prior {
    /// The intercept.
    pub intercept: f64,
    /// Half of it times the square of the distance from that intercept is taken from the log-likelihood.
    pub intercept_ridge: f64,
    /// The weight of each part.
    pub weights: [f64; Part::COUNT],
    /// The same penalty for the weight of each part.
    pub ridges: [f64; Part::COUNT],
    /// Whether a weight keeps to the side on which its part speaks for duplicates, or against them.
    pub is_signed: bool,
}

/// The sign that a weight for duplicates may have.
fn range(part: Part) -> (f64, f64) {
    match part {
        Part::SlugUntold
        | Part::OtherSubject
        | Part::OtherCode
        | Part::OtherDomain
        | Part::OtherProduct
        | Part::Environment
        | Part::SameSlug
        | Part::Opposite
        | Part::Swapped
        | Part::DeclaredConfused => (f64::NEG_INFINITY, 0.0),
        _ => (0.0, f64::INFINITY),
    }
}

/// The intercept and the weights that tell the rows with `yes` from the others; each row is a distance from
/// the averages, as [`filled`](crate::duplicates::Model::filled) gives it.
pub fn regression(
    rows: &[[f64; Part::COUNT]],
    yes: &[bool],
    prior: &Prior,
) -> (f64, [f64; Part::COUNT]) {
    let mut weights = prior.weights;
    let mut intercept = prior.intercept;
    let start = |row: &[f64; Part::COUNT]| {
        prior.intercept + row.iter().zip(&weights).map(|(x, w)| x * w).sum::<f64>()
    };
    let mut odds: Vec<f64> = rows.iter().map(start).collect();
    for _ in 0..SWEEPS {
        let distance = intercept - prior.intercept;
        let step = newton(&odds, yes, |_| 1.0, prior.intercept_ridge, distance);
        intercept += step;
        for odds in &mut odds {
            *odds += step;
        }
        for part in Part::ALL {
            let at = part as usize;
            let (least, most) =
                if prior.is_signed { range(part) } else { (f64::NEG_INFINITY, f64::INFINITY) };
            let distance = weights[at] - prior.weights[at];
            let step = newton(&odds, yes, |row| rows[row][at], prior.ridges[at], distance);
            let new = (weights[at] + step).clamp(least, most);
            let step = new - weights[at];
            weights[at] = new;
            for (odds, row) in odds.iter_mut().zip(rows) {
                *odds += step * row[at];
            }
        }
    }
    (intercept, weights)
}

/// The step of one weight; `weight` is how far it is from where the penalty wants it.
fn newton(
    odds: &[f64],
    yes: &[bool],
    value: impl Fn(usize) -> f64,
    ridge: f64,
    weight: f64,
) -> f64 {
    let (mut slope, mut curve) = (-ridge * weight, ridge);
    for (row, (odds, yes)) in odds.iter().zip(yes).enumerate() {
        let probability = logistic(*odds);
        let value = value(row);
        slope += value * (f64::from(u8::from(*yes)) - probability);
        curve += value * value * probability * (1.0 - probability);
    }
    // Half a step keeps far from the optimum what a whole one could overshoot.
    0.5 * slope / curve.max(1e-6)
}
