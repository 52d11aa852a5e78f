//! How well probabilities meet what people have decided.

use serde::Serialize;

/// A part of a whole, and how far off it may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proportion {
    /// How many.
    pub part: usize,
    /// Of how many.
    pub whole: usize,
}

impl Proportion {
    /// Its value, 0 to 1; nothing of nothing is nothing.
    pub fn value(self) -> Option<f64> {
        (self.whole > 0).then(|| number(self.part) / number(self.whole))
    }

    /// The interval that holds the true proportion in 95 of 100 samples: the score interval (Wilson 1927),
    /// which keeps its word on few pairs and near 0 and 1.
    pub fn interval(self) -> Option<[f64; 2]> {
        /// The quantile of the normal distribution that leaves 2.5 % above it.
        const Z: f64 = 1.959_963_984_540_054;
        let (value, count) = (self.value()?, number(self.whole));
        let middle = value + Z * Z / (2.0 * count);
        let half = Z * (value * (1.0 - value) / count + Z * Z / (4.0 * count * count)).sqrt();
        let divisor = 1.0 + Z * Z / count;
        // Rounding must not lead outside, nor away from a value at the very end.
        let low = if self.part == 0 { 0.0 } else { ((middle - half) / divisor).max(0.0) };
        let high = if self.part == self.whole { 1.0 } else { ((middle + half) / divisor).min(1.0) };
        Some([low, high])
    }
}

#[allow(clippy::cast_precision_loss, reason = "counts of decisions are small")]
fn number(count: usize) -> f64 {
    count as f64
}

/// Pairs whose probability lies in one tenth.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tenth {
    /// How many.
    pub pairs: usize,
    /// How many of them are duplicates.
    pub duplicates: usize,
}

/// How well probabilities meet decisions: duplicates against all else.
#[derive(Clone, Debug, PartialEq)]
pub struct Measure {
    /// Which part of what is said to be duplicates is.
    pub precision: Proportion,
    /// Which part of the duplicates is said to be.
    pub recall: Proportion,
    /// The mean squared distance of probability and truth (Brier 1950): 0 is perfect, and always one half
    /// gives 0.25.
    pub brier: Option<f64>,
    /// By probability, in tenths: in a calibrated model as many are duplicates as it says.
    pub tenths: [Tenth; 10],
}

impl Measure {
    /// Of pairs with their probability and whether they are duplicates, if from `threshold` on they are
    /// said to be.
    pub fn new(pairs: impl IntoIterator<Item = (f64, bool)>, threshold: f64) -> Self {
        let (mut both, mut said, mut are, mut all, mut squares) = (0, 0, 0, 0, 0.0);
        let mut tenths = [Tenth::default(); 10];
        for (probability, is) in pairs {
            let is_said = probability >= threshold;
            both += usize::from(is && is_said);
            said += usize::from(is_said);
            are += usize::from(is);
            all += 1;
            squares += (probability - f64::from(u8::from(is))).powi(2);
            let tenth = (1..10).filter(|tenth| probability * 10.0 >= f64::from(*tenth)).count();
            tenths[tenth].pairs += 1;
            tenths[tenth].duplicates += usize::from(is);
        }
        Self {
            precision: Proportion { part: both, whole: said },
            recall: Proportion { part: both, whole: are },
            brier: (all > 0).then(|| squares / number(all)),
            tenths,
        }
    }

    /// The harmonic mean of precision and recall; nothing where there are no duplicates, found or not.
    pub fn f1(&self) -> Option<f64> {
        let all = self.precision.whole + self.recall.whole;
        Proportion { part: 2 * self.precision.part, whole: all }.value()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_are_those_of_the_literature() {
        // Newcombe 1998, table I, method 3.
        for (part, whole, low, high) in [
            (81, 263, 0.2553, 0.3662),
            (15, 148, 0.0624, 0.1605),
            (0, 20, 0.0, 0.1611),
            (1, 29, 0.0061, 0.1718),
        ] {
            let [found_low, found_high] =
                Proportion { part, whole }.interval().expect("there are some");
            assert!((found_low - low).abs() < 5e-5, "{part} of {whole}: {found_low}");
            assert!((found_high - high).abs() < 5e-5, "{part} of {whole}: {found_high}");
            // What is not in it has the mirrored interval.
            let [mirrored, _] = Proportion { part: whole - part, whole }.interval().expect("some");
            assert!((mirrored - (1.0 - found_high)).abs() < 1e-12);
        }
        assert_eq!(Proportion { part: 0, whole: 0 }.interval(), None);
    }

    #[test]
    fn counts_are_right() {
        let pairs =
            [(0.95, true), (0.7, false), (0.65, true), (0.3, true), (0.1, false), (1.0, true)];
        let measure = Measure::new(pairs, 0.65);
        assert_eq!(measure.precision, Proportion { part: 3, whole: 4 });
        assert_eq!(measure.recall, Proportion { part: 3, whole: 4 });
        assert_eq!(measure.f1(), Some(0.75));
        assert_eq!(measure.tenths[9], Tenth { pairs: 2, duplicates: 2 });
        assert_eq!(measure.tenths[1].pairs + measure.tenths[3].pairs + measure.tenths[6].pairs, 3);
        let squares = 0.05_f64.powi(2) + 0.49 + 0.35_f64.powi(2) + 0.49 + 0.01;
        assert!((measure.brier.expect("some") - squares / 6.0).abs() < 1e-12);
        assert_eq!(Measure::new([], 0.5).f1(), None);
    }
}
