//! Whether a pattern can be matched here as the engines that it is to run in would match it.

use super::{Engine, HindranceKind, MAX_LENGTH, Pattern, PatternError, PatternFacts};

/// Why nothing can be told of what a pattern finds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unmatchable {
    /// It is no pattern where it is to run.
    Invalid(PatternError),
    /// The engines that it is to run in take it; here it cannot be matched.
    Undecided(PatternError),
}

impl Pattern {
    /// What is known of the pattern and its own signature where it is to run in some engines, and why nothing can
    /// be told of what it finds, where that is so: then it has an error.
    pub fn facts_in(
        &self,
        engines: &[Engine],
        signature: &str,
    ) -> (PatternFacts, Option<Unmatchable>) {
        let facts = self.facts(signature);
        match Unmatchable::new(self, &facts, engines) {
            None => (facts, None),
            Some(unmatchable) => {
                (PatternFacts::faulty(unmatchable.error().clone()), Some(unmatchable))
            }
        }
    }
}

impl Unmatchable {
    fn error(&self) -> &PatternError {
        match self {
            Self::Invalid(error) | Self::Undecided(error) => error,
        }
    }

    /// Why nothing can be told of what a pattern finds in some engines; nothing where it can.
    ///
    /// Engines of which none takes the pattern are told from others that refuse what some take: only the
    /// first makes it invalid. Of no engine at all, what is a pattern anywhere is one. Where `rust` is none of
    /// them, what one that takes the pattern reads otherwise than `rust` cannot be matched here.
    fn new(pattern: &Pattern, facts: &PatternFacts, engines: &[Engine]) -> Option<Self> {
        let own = facts.error.clone();
        if engines.contains(&Engine::Rust)
            || pattern.is_empty()
            || pattern.text().len() > MAX_LENGTH
        {
            return own.map(Self::Invalid);
        }
        if let Some(error) = own.as_ref().and_then(|_| pattern.syntax_error()) {
            return Some(Self::Invalid(error));
        }
        let mut refusal = None;
        let mut takers = Vec::new();
        for engine in engines {
            let found = pattern.portability(&[*engine]);
            match found.into_iter().find(|one| one.kind == HindranceKind::Refused) {
                Some(first) => _ = refusal.get_or_insert((*engine, first)),
                None => takers.push(*engine),
            }
        }
        if let Some((engine, refused)) = refusal.filter(|_| takers.is_empty()) {
            return Some(Self::Invalid(PatternError {
                message: format!("{} ({engine})", refused.message),
                range: Some(refused.range),
            }));
        }
        let differs = |engine: &Engine| {
            let found = pattern.portability(&[Engine::Rust, *engine]);
            // Some engines let `$` stand before a line break at the end, and a message has none.
            found.into_iter().find(|one| {
                one.kind == HindranceKind::Differs
                    && pattern.text().get(one.range.clone()) != Some("$")
            })
        };
        let other = || {
            let first = takers.iter().find_map(differs)?;
            Some(PatternError { message: first.message, range: Some(first.range) })
        };
        own.or_else(other).map(Self::Undecided)
    }
}
