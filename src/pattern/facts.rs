//! What is known about a pattern and its own message.

use std::ops::Range;

use super::hir_matcher::Walk;
use super::{Case, Pattern, PatternError, pasted_signature};

/// What is known about a pattern and its own signature.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PatternFacts {
    /// Why it is no pattern.
    pub error: Option<PatternError>,
    /// Whether it matches the signature with case.
    pub matches_with_case: bool,
    /// Whether it matches the signature when case is ignored.
    pub matches_ignoring_case: bool,
    /// Whether it matches the empty text, and so every text.
    pub matches_empty: bool,
    /// The alternative that is the signature, whole or cut off, if without it the pattern would
    /// not match: a byte range of the pattern.
    pub echo: Option<Range<usize>>,
}

impl Pattern {
    /// Looks into a pattern. An empty one is taken for missing: nothing is known.
    pub fn facts(&self, signature: &str) -> PatternFacts {
        if self.is_empty() {
            return PatternFacts::default();
        }
        let with_case = match self.search(signature, Case::Sensitive) {
            Ok(found) => found,
            Err(error) => {
                return PatternFacts::faulty(error.clone());
            }
        };
        let matches_ignoring_case = with_case || self.is_in(signature, Case::Insensitive);
        let pasted = || pasted_signature::find(self, signature);
        PatternFacts {
            error: None,
            matches_with_case: with_case,
            matches_ignoring_case,
            matches_empty: self.may_be_empty(signature) && self.is_in("", Case::Sensitive),
            echo: matches_ignoring_case.then(pasted).flatten(),
        }
    }

    /// Whether the pattern finds a text; nothing where there is none, or it is no pattern.
    pub fn finds(&self, text: &str, case: Case) -> Option<bool> {
        if self.is_empty() { None } else { self.search(text, case).ok() }
    }

    /// Whether it may match without taking a character, as far as that is known without another look.
    fn may_be_empty(&self, signature: &str) -> bool {
        self.walk(signature, Case::Sensitive).is_none_or(Walk::may_be_empty)
    }
}

impl PatternFacts {
    /// All that is known of what is no pattern.
    pub(super) fn faulty(error: PatternError) -> Self {
        Self { error: Some(error), ..Self::default() }
    }

    /// Whether the pattern finds the signature the way that consumers search.
    pub fn matches(&self, case: Case) -> bool {
        match case {
            Case::Sensitive => self.matches_with_case,
            Case::Insensitive => self.matches_ignoring_case,
        }
    }
}
