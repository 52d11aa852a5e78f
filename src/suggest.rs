//! "Did you mean": the name that a mistyped name most likely stands for.

use similar::TextDiff;

/// The candidate nearest to `word`, if it is near enough to be worth a guess.
pub fn did_you_mean<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    /// Ratio of common characters (Ratcliff and Obershelp) from which a guess helps.
    const NEAR: f32 = 0.7;
    if word.len() > 64 {
        return None;
    }
    let word = word.to_lowercase();
    candidates
        .into_iter()
        .map(|candidate| (TextDiff::from_chars(word.as_str(), candidate).ratio(), candidate))
        .filter(|(ratio, _)| *ratio >= NEAR)
        .max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.cmp(a.1)))
        .map(|(_, candidate)| candidate)
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
    }
}
