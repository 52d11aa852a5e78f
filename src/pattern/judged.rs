//! What becomes of a pattern that the `regex` crate does not take.

use super::{
    Engine, HindranceKind, MAX_LENGTH, PatternError, PatternFacts, portability, syntax_error,
};

/// Why nothing can be told of what a pattern finds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unmatchable {
    /// It is no pattern where it is to run.
    Invalid(PatternError),
    /// The engines that it is to run in take it; here it cannot be matched.
    Undecided(PatternError),
}

impl Unmatchable {
    /// Whether a pattern is one for engines of which `rust` is none; nothing where it can be matched.
    ///
    /// Engines of which none takes the pattern are told from others that refuse what some take: only the
    /// first makes it invalid. Of no engine at all, what is a pattern anywhere is one.
    pub fn new(pattern: &str, facts: &PatternFacts, engines: &[Engine]) -> Option<Self> {
        let error = facts.error.as_ref()?.clone();
        if engines.contains(&Engine::Rust) || pattern.len() > MAX_LENGTH {
            return Some(Self::Invalid(error));
        }
        if let Some(error) = syntax_error(pattern) {
            return Some(Self::Invalid(error));
        }
        let mut refusal = None;
        for engine in engines {
            let found = portability(pattern, &[*engine]).into_iter();
            let mut refusals = found.filter(|one| one.kind == HindranceKind::Refused);
            let Some(first) = refusals.next() else { return Some(Self::Undecided(error)) };
            refusal.get_or_insert((*engine, first));
        }
        Some(match refusal {
            None => Self::Undecided(error),
            Some((engine, refused)) => Self::Invalid(PatternError {
                message: format!("{} ({engine})", refused.message),
                range: Some(refused.range),
            }),
        })
    }
}
