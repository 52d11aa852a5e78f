//! Logistic regression with a ridge (le Cessie and van Houwelingen 1992), one weight after another by
//! Newton's method. Where it is known beforehand on which side a part speaks, its weight keeps to that.

use errlore::duplicates::{Part, logistic};

/// The penalty of a weight: half of it times the square of what the weight makes of one standard deviation
/// of its part is taken from the log-likelihood.
const RIDGE: f64 = 7.0;
/// A part that hardly ever varies is not to be bent to a few pairs.
const LEAST_RIDGE: f64 = 0.02;
const SWEEPS: usize = 400;

/// By how much the penalty of a part is less: what it says is known without pairs, but only a few show it.
fn relief(part: Part) -> f64 {
    match part {
        Part::SameSlug => 16.0,
        Part::Opposite => 4.0,
        _ => 1.0,
    }
}

/// The sign that a weight for duplicates may have.
fn range(part: Part) -> (f64, f64) {
    match part {
        Part::OtherDomain
        | Part::OtherProduct
        | Part::Environment
        | Part::SameSlug
        | Part::Opposite
        | Part::Swapped
        | Part::DeclaredConfused => (f64::NEG_INFINITY, 0.0),
        _ => (0.0, f64::INFINITY),
    }
}

/// The intercept and the weights that tell the rows with `yes` from the others. The penalty is on how far a
/// weight is from the one `given`.
pub(super) fn fit(
    rows: &[[f64; Part::COUNT]],
    yes: &[bool],
    with_signs: bool,
    given: &[f64; Part::COUNT],
) -> (f64, [f64; Part::COUNT]) {
    let mut weights = *given;
    let mut intercept = 0.0;
    let start = |row: &[f64; Part::COUNT]| row.iter().zip(given).map(|(x, w)| x * w).sum();
    let mut odds: Vec<f64> = rows.iter().map(start).collect();
    #[allow(clippy::cast_precision_loss, reason = "a few hundred rows")]
    let ridges = Part::ALL.map(|part| {
        let at = part as usize;
        let count = rows.len().max(1) as f64;
        let mean = rows.iter().map(|row| row[at]).sum::<f64>() / count;
        let variance = rows.iter().map(|row| (row[at] - mean).powi(2)).sum::<f64>() / count;
        (RIDGE * variance / relief(part)).max(LEAST_RIDGE)
    });
    for _ in 0..SWEEPS {
        let step = newton(&odds, yes, |_| 1.0, 0.0, 0.0);
        intercept += step;
        for odds in &mut odds {
            *odds += step;
        }
        for part in Part::ALL {
            let at = part as usize;
            let (least, most) =
                if with_signs { range(part) } else { (f64::NEG_INFINITY, f64::INFINITY) };
            let step = newton(&odds, yes, |row| rows[row][at], ridges[at], weights[at] - given[at]);
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
