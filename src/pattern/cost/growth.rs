//! How many steps a search takes on long lines, from what it takes on short ones.
//!
//! On the lines of an [`Attack`], the number of steps is a polynomial in the number of repetitions,
//! once that is more than a few. So it is counted for a few small numbers and worked out for large ones
//! from its differences (Newton), which is exact; that it is exact is tried on a number that
//! had no part in it.

use super::attack::{Attack, Pump};
use super::backtrack::{Outcome, Program};

/// The steps of one count, so that no pattern takes more than some milliseconds.
const MOST: u64 = 400_000;

/// Counts the steps on lines of some numbers of repetitions, as long as they are few enough.
fn count(program: &Program<'_>, attack: &Attack, times: usize, most: u64) -> Option<f64> {
    let (outcome, steps) = program.search(&attack.repeated(times), most);
    (outcome == Outcome::NotFound).then_some(steps)
}

#[allow(clippy::cast_precision_loss, reason = "counts are below 2^53")]
fn precise(number: u64) -> f64 {
    number as f64
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "`as` saturates")]
fn whole(number: f64) -> u64 {
    number.round() as u64
}

/// The steps on a line of so many characters, if they grow as a power of some degree.
pub(super) fn polynomial(
    program: &Program<'_>,
    attack: &Attack,
    degree: usize,
    length: usize,
) -> Option<(Attack, u64)> {
    // With one repetition not every way through the pattern is there.
    const FIRST: usize = 2;
    let mut known: Vec<f64> = Vec::new();
    for at in FIRST..=FIRST + degree {
        match count(program, attack, at, MOST) {
            Some(steps) => known.push(steps),
            None => break,
        }
    }
    // Too few to see a growth at all.
    if known.len() <= 2 {
        return None;
    }
    let complete = known.len() == degree + 1;
    let times = attack.times(length);
    // Where steps became too many, their growth between the last two is the least that is to come.
    let newest = known.len() - 1;
    let at = precise((FIRST + newest) as u64);
    let power = (known[newest] / known[newest - 1]).ln() / (at / (at - 1.0)).ln();
    let least = known[newest] * (precise(times as u64) / at).powf(power);
    let differences = differences(known);
    let foretold = |times: usize| newton(&differences, times.saturating_sub(FIRST));
    let tried = FIRST + degree + 2;
    let holds = match count(program, attack, tried, MOST) {
        Some(steps) if complete => (foretold(tried) - steps).abs() <= 0.02 * steps,
        _ => differences.iter().all(|&difference| difference >= 0.0),
    };
    // Growth of the full degree: the last difference is there.
    let grows = differences.last().is_some_and(|&last| last > 0.5);
    let steps = if complete { foretold(times) } else { least };
    (grows && holds).then(|| (attack.clone(), whole(steps)))
}

/// The steps on a line of so many characters for a pattern with repetitions that end: what such a pattern
/// tries from one place is about the same as from the next, until the line ends. So it is counted from
/// some places and summed up. All that is repeated in the lines stands close together.
pub(super) fn bounded(
    program: &Program<'_>,
    attack: &Attack,
    length: usize,
) -> Option<(Attack, u64)> {
    /// How many parts of the line a count is made in.
    const PARTS: usize = 4;
    let pumps = attack.pumps.iter().map(|pump| pump.text.clone() + &pump.then);
    let pump = Pump { text: pumps.collect(), weight: 1, then: String::new() };
    let once = pump.text.chars().count();
    let attack = Attack { pumps: vec![pump], ..attack.clone() };
    let line = attack.line(length);
    let times = attack.times(length);
    let first = attack.prefix.chars().count();
    let mut sum = 0.0;
    for part in 0..PARTS {
        let start = first + once * (times * (2 * part + 1) / (2 * PARTS));
        let (outcome, steps) = program.search_from(&line, start..start + once, 3 * MOST);
        if outcome == Outcome::Found {
            return None;
        }
        sum += steps;
    }
    let steps = sum / precise(PARTS as u64) * precise(times as u64);
    Some((attack, whole(steps)))
}

/// The first of some numbers, of their differences, of the differences of those, and so on.
fn differences(mut values: Vec<f64>) -> Vec<f64> {
    let mut first = Vec::with_capacity(values.len());
    while let Some(&head) = values.first() {
        first.push(head);
        values = values.windows(2).map(|two| two[1] - two[0]).collect();
    }
    first
}

/// The value so many places on, from differences.
fn newton(differences: &[f64], places: usize) -> f64 {
    let places = precise(places as u64);
    let mut factor = 1.0;
    let mut sum = 0.0;
    for (order, difference) in (0_u64..).zip(differences) {
        sum += factor * difference;
        factor *= (places - precise(order)) / precise(order + 1);
    }
    sum
}

/// Whether steps become too many to count on a line of a few repetitions.
pub(super) fn explodes(program: &Program<'_>, attack: &Attack) -> bool {
    /// With the third power, a line of so many repetitions would take far fewer steps.
    const TIMES: usize = 40;
    let half = program.search(&attack.repeated(TIMES / 4), MOST);
    let whole = program.search(&attack.repeated(TIMES), MOST);
    half.0 != Outcome::Found && whole.0 == Outcome::GivenUp
}
