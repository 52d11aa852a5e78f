//! From evidence to a probability: three logistic regressions, one behind the other.
//!
//! The first tells duplicates from the rest, the second variants from the rest of that, the third related
//! entries from such as have nothing to do with each other. The weights are data, `weights.json`; `cargo
//! xtask fit-duplicates` fits them on pairs that people have judged. A knowledge base may have its own, in
//! `duplicates.json`. What is not known of a pair, because an
//! entry has no pattern or no workarounds, is taken to be as the rest of its kind is: what is known of the
//! messages stands in for the patterns, what is known of the cause for the workarounds.

use std::sync::LazyLock;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::evidence::{Part, Values};

/// The name of the file with a knowledge base's own weights, at its root.
pub const FILE_NAME: &str = "duplicates.json";

/// What two entries are to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Label {
    /// The same error and the same advice: one of them is enough.
    Duplicate,
    /// The same error in another environment.
    Variant,
    /// Another error that looks alike.
    Related,
    /// No relation.
    Distinct,
}

impl Label {
    /// All of them, from the nearest relation to none.
    pub const ALL: [Self; 4] = [Self::Duplicate, Self::Variant, Self::Related, Self::Distinct];

    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Duplicate => "duplicate",
            Self::Variant => "variant",
            Self::Related => "related",
            Self::Distinct => "distinct",
        }
    }
}

/// A piece of evidence in a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Evidence {
    /// Which piece.
    pub name: &'static str,
    /// Its value, 0 to 1 or -1 to 1.
    pub value: f64,
    /// What it adds to the log-odds of a duplicate, over what it is on average.
    pub weight: f64,
}

/// The weights of a regression for each question, and what they are taken from.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// From this probability on a pair is a duplicate.
    pub threshold: f64,
    /// Log-odds where every part is on average: of a duplicate, a variant, a related entry.
    pub intercepts: [f64; 3],
    /// The parts of the evidence, in the order of [`Part::ALL`].
    pub parts: Vec<Weights>,
    /// The day of the last decision that weights of a knowledge base's own were fitted to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fitted_until: Option<NaiveDate>,
}

/// What a part counts.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Weights {
    /// The name of the part.
    pub name: String,
    /// Its average.
    pub centre: f64,
    /// Its standard deviation.
    pub spread: f64,
    /// Log-odds for each 1 above the average: of a duplicate, a variant, a related entry.
    pub weights: [f64; 3],
}

/// What is evidence of the message.
const MESSAGE: &[Part] = &[
    Part::SignatureWords,
    Part::SignatureContained,
    Part::SignatureShape,
    Part::PatternMatch,
    Part::PatternOverlap,
    Part::PatternWords,
];
/// What is evidence of the advice.
const ADVICE: &[Part] =
    &[Part::RootCause, Part::Workarounds, Part::DeadEnds, Part::Told, Part::CauseTold];
/// That a pattern does not find a message counts in full where the words of the messages are so much alike,
/// and the less the less they are: nobody expects it of a message in other words.
const ALIKE: f64 = 0.5;
/// A part that hardly varies says nothing of others.
const LEAST_SPREAD: f64 = 0.05;

static FITTED: LazyLock<Model> =
    LazyLock::new(|| Model::parse(include_str!("weights.json")).expect("weights of ours"));

impl Model {
    /// The weights that come with errlore.
    pub fn fitted() -> &'static Self {
        &FITTED
    }

    /// Reads weights from their file; an error says what is wrong, in lower case and without a full stop.
    pub fn parse(text: &str) -> Result<Self, String> {
        /// No fitted weight comes near it.
        const MOST: f64 = 1_000.0;
        let model: Self = serde_json::from_str(text).map_err(|error| error.to_string())?;
        let names = model.parts.iter().map(|part| &*part.name);
        if !names.eq(Part::ALL.iter().map(|part| part.name())) {
            return Err("the parts of the evidence are not those of this version".to_owned());
        }
        if !(model.threshold > 0.0 && model.threshold <= 1.0) {
            return Err("the threshold is not above 0 and at most 1".to_owned());
        }
        let of_parts = model
            .parts
            .iter()
            .flat_map(|part| [part.centre, part.spread].into_iter().chain(part.weights));
        if of_parts.chain(model.intercepts).any(|number| number.abs() > MOST) {
            return Err(format!("a number is beyond {MOST}"));
        }
        Ok(model)
    }

    /// The weights as their file is written: a part a line.
    pub fn write(&self) -> String {
        let json = |part: &Weights| serde_json::to_string(part).expect("names and numbers");
        let parts: Vec<String> =
            self.parts.iter().map(|part| format!("    {}", json(part))).collect();
        let [duplicate, variant, related] = self.intercepts;
        let until = self.fitted_until.map(|day| format!("  \"fitted_until\": \"{day}\",\n"));
        let until = until.unwrap_or_default();
        format!(
            "{{\n  \"threshold\": {},\n{until}  \"intercepts\": [{duplicate},{variant},{related}],\n  \"parts\": \
             [\n{}\n  ]\n}}\n",
            self.threshold,
            parts.join(",\n")
        )
    }

    /// The evidence with what is not known filled in, as distances from the averages.
    pub fn filled(&self, values: &Values) -> [f64; Part::COUNT] {
        let mut filled = [0.0; Part::COUNT];
        for kind in [MESSAGE, ADVICE] {
            let known = kind.iter().filter_map(|part| {
                let weights = &self.parts[*part as usize];
                Some((values[*part as usize]? - weights.centre) / weights.spread.max(LEAST_SPREAD))
            });
            let (sum, count) = known.fold((0.0, 0.0_f64), |(sum, count), z| (sum + z, count + 1.0));
            for part in kind {
                let weights = &self.parts[*part as usize];
                let guess = sum / count.max(1.0) * weights.spread;
                filled[*part as usize] = guess.clamp(-weights.centre, 1.0 - weights.centre);
            }
        }
        for ((filled, value), weights) in filled.iter_mut().zip(values).zip(&self.parts) {
            if let Some(value) = value {
                *filled = value - weights.centre;
            }
        }
        if values[Part::PatternMatch as usize] == Some(0.0) {
            let alike = values[Part::SignatureWords as usize].unwrap_or(1.0);
            for part in [Part::PatternMatch, Part::PatternsShare] {
                filled[part as usize] *= (alike / ALIKE).clamp(0.0, 1.0);
            }
        }
        filled
    }

    /// The log-odds of the three questions.
    fn log_odds(&self, values: &Values) -> [f64; 3] {
        let mut odds = self.intercepts;
        for (part, value) in self.parts.iter().zip(self.filled(values)) {
            for (odds, weight) in odds.iter_mut().zip(part.weights) {
                *odds += weight * value;
            }
        }
        odds
    }

    /// The probability of a duplicate.
    pub fn probability(&self, values: &Values) -> f64 {
        logistic(self.log_odds(values)[0])
    }

    /// What two entries are to each other, if from `threshold` on they are duplicates.
    pub fn label(&self, values: &Values, threshold: f64) -> Label {
        let [duplicate, variant, related] = self.log_odds(values).map(logistic);
        if duplicate >= threshold {
            Label::Duplicate
        } else if values[Part::SameSlug as usize] == Some(1.0) || variant >= 0.5 {
            Label::Variant
        } else if related >= 0.5 {
            Label::Related
        } else {
            Label::Distinct
        }
    }

    /// What each known part adds to the log-odds of a duplicate; what adds nothing is left out.
    pub fn evidence(&self, values: &Values) -> Vec<Evidence> {
        let filled = self.filled(values);
        Part::ALL
            .iter()
            .zip(&self.parts)
            .filter_map(|(part, weights)| {
                let value = values[*part as usize]?;
                let weight = weights.weights[0] * filled[*part as usize];
                Some(Evidence { name: part.name(), value, weight })
            })
            .filter(|evidence| evidence.weight != 0.0)
            .collect()
    }
}

/// The probability of log-odds.
pub fn logistic(odds: f64) -> f64 {
    1.0 / (1.0 + (-odds).exp())
}
