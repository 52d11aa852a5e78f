//! How much the patterns of two entries need the same.

use std::cell::OnceCell;

use crate::config::Case;
use crate::pattern::{Automaton, Limits, Pattern};

/// Patterns of people are far smaller; what is larger is left undecided, so that all pairs of a large base
/// cost little.
const LIMITS: Limits =
    Limits { length: 1_000, states: 1_500, links: 30_000, pairs: 20_000, steps: 500_000 };

/// A pattern that others are compared with.
pub(super) struct Overlaps<'p> {
    pattern: &'p Pattern,
    case: Case,
    /// Made when it is first needed; nothing where it is too large.
    automaton: OnceCell<Option<Automaton>>,
}

impl<'p> Overlaps<'p> {
    pub(super) fn new(pattern: &'p Pattern, case: Case) -> Self {
        Self { pattern, case, automaton: OnceCell::new() }
    }

    /// How much of the lines that the two need is the same, 0 to 1; nothing where that is not known.
    pub(super) fn share(&self, other: &Pattern) -> Option<f64> {
        if self.pattern.is_empty() || other.is_empty() {
            return None;
        }
        if self.pattern == other {
            return Some(1.0);
        }
        let automaton = |pattern: &Pattern| Automaton::new(pattern, self.case, &LIMITS).ok();
        let mine = self.automaton.get_or_init(|| automaton(self.pattern)).as_ref()?;
        mine.shared(&automaton(other)?).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_patterns_need_in_common_counts() {
        let share = |a, b| {
            let (a, b) = (Pattern::new(a), Pattern::new(b));
            Overlaps::new(&a, Case::Insensitive).share(&b)
        };
        for (a, b, wanted) in [
            ("gasket leak", "gasket leak", Some(1.0)),
            ("gasket leak", "(?:pump|gasket) leak.*", Some(1.0)),
            ("gasket leak|valve stuck", "Valve stuck|pump dry", Some(1.0)),
            ("gasket", "valve", Some(0.0)),
            ("^gasket", "^valve", Some(0.0)),
            // "gasket leak": five characters of the eight and of the eight that they need.
            ("gasket l", "ket leak", Some(5.0 / 8.0)),
            ("", "valve", None),
            ("(", "valve", None),
            ("a*", "valve", None),
            ("a*", "a*", Some(1.0)),
            ("(?:a{1000}){1000}", "valve", None),
        ] {
            assert_eq!(share(a, b), wanted, "{a} {b}");
            assert_eq!(share(b, a), wanted, "{b} {a}");
        }
    }
}
