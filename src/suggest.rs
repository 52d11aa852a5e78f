//! "Did you mean": the name that a mistyped name most likely stands for.

use similar::TextDiff;

/// The candidate nearest to `word`, if it is near enough to be worth a guess.
pub fn did_you_mean<'c>(
    word: &str,
    candidates: impl IntoIterator<Item = &'c str>,
) -> Option<&'c str> {
    /// Ratio of common characters (Ratcliff and Obershelp) from which a guess helps.
    const NEAR: f32 = 0.7;
    /// Nobody mistypes a longer name, and comparing long texts is dear.
    const LONGEST: usize = 128;
    if word.len() > LONGEST {
        return None;
    }
    let word = word.to_lowercase();
    let letters = Letters::of(&word);
    let mut best: Option<(f32, &str)> = None;
    for candidate in candidates {
        let enough = best.map_or(NEAR, |(ratio, _)| ratio);
        if candidate.len() > LONGEST || letters.highest_ratio(&Letters::of(candidate)) < enough {
            continue;
        }
        let ratio = TextDiff::from_chars(word.as_str(), candidate).ratio();
        let better =
            best.is_none_or(|(known, name)| ratio > known || (ratio == known && candidate < name));
        if ratio >= NEAR && better {
            best = Some((ratio, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// The nearest name, or else the only one that begins with what was typed.
pub fn did_you_begin<'c>(
    word: &str,
    candidates: impl Iterator<Item = &'c str> + Clone,
) -> Option<&'c str> {
    did_you_mean(word, candidates.clone()).or_else(|| {
        let mut longer =
            candidates.filter(|candidate| !word.is_empty() && candidate.starts_with(word));
        longer.next().filter(|_| longer.next().is_none())
    })
}

/// How often each byte occurs, folded into few classes: a quick bound on how alike two names can be.
struct Letters {
    counts: [u8; 64],
    len: u16,
}

impl Letters {
    fn of(name: &str) -> Self {
        let mut letters = Self { counts: [0; 64], len: 0 };
        for byte in name.bytes() {
            letters.counts[usize::from(byte) % 64] += 1;
            letters.len += 1;
        }
        letters
    }

    /// No ratio of the two names is above this. Bytes stand for characters, which only raises it
    /// for names in ASCII; others are so rare among ids and keys that a missed guess costs nothing.
    fn highest_ratio(&self, other: &Self) -> f32 {
        let common: u16 =
            self.counts.iter().zip(&other.counts).map(|(a, b)| u16::from(*a.min(b))).sum();
        2.0 * f32::from(common) / f32::from((self.len + other.len).max(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guesses_near_names_only() {
        let keys = ["regex", "resolvable", "root_cause", "root_cause_zh"];
        assert_eq!(did_you_mean("regexp", keys), Some("regex"));
        assert_eq!(did_you_mean("Root-Cause", keys), Some("root_cause"));
        assert_eq!(did_you_mean("colour", keys), None);
        assert_eq!(did_you_begin("res", keys.into_iter()), Some("resolvable"));
        assert_eq!(did_you_begin("r", keys.into_iter()), None);
        assert_eq!(did_you_mean(&"x".repeat(1000), keys), None);
    }
}
