//! What a value says, however it is spelled: rates, counts, dates, and the words of the schema.
//!
//! Each reading is the only one that the spelling allows, or there is none: 84 may be a slip for 0.84
//! and may be one for 8.4, and `06/01/2024` is a day in June to some and one in January to others.

use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::Error;

use crate::entry::{Resolvable, VerificationTier, VersionStatus};
use crate::json::Decimal;

mod date;

pub(crate) use date::date;

/// Why a text gives no rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NoRate {
    /// It is a number, but none from 0 to 1.
    OutOfRange,
    /// It is no number.
    NotUnderstood,
}

/// What a rate must be; the help for one that is none.
pub(crate) const RATE_HELP: &str = "a rate goes from 0 to 1: 84 % is 0.84";

/// A rate: a decimal from 0 to 1, or a percentage. `84` alone is out of range and not taken for 84 %.
pub(crate) fn rate(text: &str) -> Result<f64, NoRate> {
    let text = text.trim();
    let percentage = text.strip_suffix(['%', '％']);
    let number = Decimal::parse(percentage.unwrap_or(text).trim_end());
    let number = number.ok_or(NoRate::NotUnderstood)?;
    // The digits are shifted, not divided: 0.57 x 100 is not 57 in binary.
    let number = if percentage.is_some() { number.shifted(-2) } else { number };
    let rate = number.to_f64().ok_or(NoRate::OutOfRange)?;
    if (0.0..=1.0).contains(&rate) { Ok(rate) } else { Err(NoRate::OutOfRange) }
}

/// A count: a whole number from 0 to 2^53 - 1, also one with a fraction of zeros.
pub(crate) fn count(text: &str) -> Option<u64> {
    /// The largest integer that every reader of JSON keeps.
    const LARGEST: u64 = (1 << 53) - 1;
    Decimal::parse(text.trim())?.to_u64().filter(|number| *number <= LARGEST)
}

/// Whether something can be solved: the schema's words, and plain yes and no.
pub(crate) fn resolvable(text: &str) -> Option<Resolvable> {
    typed(word(text, &["true", "partial", "false"])?)
}

/// Who has looked at an entry.
pub(crate) fn tier(text: &str) -> Option<VerificationTier> {
    typed(word(text, &["ai_generated", "human_reviewed", "community_verified"])?)
}

/// How a version stands.
pub(crate) fn status(text: &str) -> Option<VersionStatus> {
    typed(word(text, &["active", "deprecated", "removed", "unknown"])?)
}

fn typed<'de, T: Deserialize<'de>>(word: &'de str) -> Option<T> {
    T::deserialize(IntoDeserializer::<Error>::into_deserializer(word)).ok()
}

/// The one of these words that a text means: case does not count, and blanks and hyphens are as good
/// as `_`. A few other words say the same as one of the schema's.
pub(crate) fn word<'w>(text: &str, options: &[&'w str]) -> Option<&'w str> {
    const SYNONYMS: [(&str, &str); 5] = [
        ("yes", "true"),
        ("no", "false"),
        ("partially", "partial"),
        ("partly", "partial"),
        // What the nested public schema calls it.
        ("auto_generated", "ai_generated"),
    ];
    let find = |wanted: &str| options.iter().copied().find(|option| *option == wanted);
    find(text).or_else(|| {
        let folded = text.trim().to_lowercase().replace([' ', '-'], "_");
        let same = SYNONYMS.iter().find(|(other, _)| *other == folded).map(|(_, word)| *word);
        find(&folded).or_else(|| find(same?))
    })
}

#[cfg(test)]
mod tests;
