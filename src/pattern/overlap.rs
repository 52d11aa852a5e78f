//! What two patterns have in common, proved: which of them finds more, and the shortest line that shows
//! it.
//!
//! A pattern is searched unanchored in one line of text, which holds no line feed. It becomes an
//! automaton over characters without empty steps (Glushkov; [`positions`]), in which assertions are
//! resolved to what stands on both sides of a place and which takes the whole line ([`graph`]). Two
//! patterns are then compared by searches over products of such automata ([`search`]): for a line that
//! both find, over pairs of states; for a line that only one finds, over the states of the one and the
//! subsets of the other that are met on the way. No automaton is made deterministic as a whole, so that
//! counted repetitions and large classes of Unicode cost little.
//!
//! Each line that is given as an example has been tried with the `regex` crate, and all work is counted
//! and capped: where it would take more, or where an example did not stand the trial, the answer is
//! "undecided", never a guess. No clock is read, so that the answer is the same on every machine.

use std::sync::OnceLock;

use serde::Serialize;

use super::{Case, Pattern, PatternError};

pub(super) mod chars;
mod graph;
mod positions;
mod search;
mod simulation;
mod spelling;
mod subsets;

use graph::Graph;
use subsets::Prepared;

/// How one pattern relates to another: which lines they find.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Relation {
    /// Both find the same lines.
    Equal,
    /// The first finds all that the second finds, and more.
    Contains,
    /// The second finds all that the first finds, and more.
    Contained,
    /// There are lines that both find, and for each lines that only it finds.
    Overlaps,
    /// No line is found by both.
    Disjoint,
    /// Not known within the limits.
    Undecided,
}

impl Relation {
    /// The relation seen from the other side.
    #[must_use]
    pub fn mirrored(self) -> Self {
        match self {
            Self::Contains => Self::Contained,
            Self::Contained => Self::Contains,
            same => same,
        }
    }
}

/// What two patterns have in common. Each example is a shortest of its kind, in characters, and among
/// those one that reads well; there is none where no such line exists or where none was found within the
/// limits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Overlap {
    /// How the first pattern relates to the second.
    pub relation: Relation,
    /// A line that both find, if they are equal or overlap; one that only the wider finds, if one
    /// contains the other.
    pub witness: Option<String>,
    /// A line that both find.
    pub common: Option<String>,
    /// A line that the first finds and the second does not.
    pub only_a: Option<String>,
    /// A line that the second finds and the first does not.
    pub only_b: Option<String>,
    /// Why it is undecided.
    pub reason: Option<String>,
}

impl Overlap {
    fn undecided(reason: String) -> Self {
        let relation = Relation::Undecided;
        let reason = Some(reason);
        Self { relation, witness: None, common: None, only_a: None, only_b: None, reason }
    }

    fn mirrored(self) -> Self {
        Self {
            relation: self.relation.mirrored(),
            only_a: self.only_b,
            only_b: self.only_a,
            ..self
        }
    }
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undecided {
    /// The reason, in lower case and without a full stop.
    pub reason: String,
}

impl Undecided {
    fn new(reason: impl Into<String>) -> Self {
        Self { reason: reason.into() }
    }
}

/// How much work is done before the answer is "undecided". Numbers of things, not seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The length of a pattern, in bytes.
    pub length: usize,
    /// The states of one automaton.
    pub states: usize,
    /// The ways from state to state of one automaton.
    pub links: usize,
    /// The nodes of one search, at about 50 bytes.
    pub pairs: usize,
    /// The steps of one search, some nanoseconds each. A subset is paid for too, so that this bounds
    /// the memory: 8 bytes a step.
    pub steps: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            length: super::MAX_LENGTH,
            states: 20_000,
            links: 400_000,
            pairs: 500_000,
            steps: 20_000_000,
        }
    }
}

impl Limits {
    fn smaller(&self, other: &Self) -> Self {
        Self {
            length: self.length.min(other.length),
            states: self.states.min(other.states),
            links: self.links.min(other.links),
            pairs: self.pairs.min(other.pairs),
            steps: self.steps.min(other.steps),
        }
    }
}

impl Pattern {
    /// Compares two patterns, which are searched unanchored in a line, letters of both cases being the same
    /// or not.
    pub fn overlap(&self, other: &Self, case: Case) -> Overlap {
        match (self.automaton(case), other.automaton(case)) {
            (Ok(a), Ok(b)) => a.overlap(b),
            (Err(error), _) => Overlap::undecided(format!("the first pattern: {}", error.reason)),
            (_, Err(error)) => Overlap::undecided(format!("the second pattern: {}", error.reason)),
        }
    }
}

/// A pattern made ready for comparisons.
#[derive(Debug)]
pub struct Automaton {
    pattern: String,
    case: Case,
    limits: Limits,
    graph: Graph,
    /// The shortest line that is found.
    shortest: Option<String>,
    /// Pieces of text as the pattern spells them.
    spellings: Vec<Vec<char>>,
    /// Both are made when first needed: most patterns of a base are told apart without.
    prepared: OnceLock<Prepared>,
    regex: OnceLock<Option<regex::Regex>>,
}

impl Automaton {
    /// Makes a pattern ready; fails if it is no pattern of the `regex` crate or is too large. One that is
    /// too large only for `regex` to compile is noticed when an example is tried: then each comparison
    /// is undecided.
    pub fn new(pattern: &Pattern, case: Case, limits: &Limits) -> Result<Self, Undecided> {
        let (length, most) = (pattern.text().len(), limits.length);
        if length > most {
            return Err(Undecided::new(format!(
                "the pattern has {length} bytes, more than {most}"
            )));
        }
        let error =
            |error: &PatternError| Undecided::new(format!("it does not parse: {}", error.message));
        let read = pattern.passing();
        let ast = read.syntax().map_err(error)?;
        let graph = Graph::new(&read.hir(case).map_err(|found| error(&found))?, limits)?;
        Ok(Self {
            pattern: pattern.text().to_owned(),
            case,
            limits: *limits,
            shortest: graph.shortest(),
            graph,
            spellings: spelling::pieces(ast),
            prepared: OnceLock::new(),
            regex: OnceLock::new(),
        })
    }

    /// Which part of a shortest line that either finds is also part of one that the other needs, 0 to 1: 1
    /// where the longer of the two is found by both, 0 where both find only what holds the two one behind
    /// the other, or nothing.
    ///
    /// # Errors
    /// Where it takes more than the limits, or one of them finds nothing or the empty line.
    pub fn shared(&self, other: &Self) -> Result<f64, Undecided> {
        let length = |line: &str| u32::try_from(line.chars().count()).map_or(f64::MAX, f64::from);
        let shortest =
            |of: &Self| of.shortest.as_deref().map(length).filter(|length| *length > 0.0);
        let (Some(mine), Some(others)) = (shortest(self), shortest(other)) else {
            return Err(Undecided::new("a pattern finds nothing, or the empty line"));
        };
        let common = self.with(other, &self.limits.smaller(&other.limits))?;
        let shared = common.map_or(0.0, |line| mine + others - length(&line));
        Ok((shared / mine.min(others)).clamp(0.0, 1.0))
    }

    /// Compares two patterns. The answer is the mirror image of the one from the other side, to the
    /// letter.
    pub fn overlap(&self, other: &Self) -> Overlap {
        let order = self.pattern.cmp(&other.pattern);
        let order = order.then((self.case as u8).cmp(&(other.case as u8)));
        if order.is_le() { self.compare(other) } else { other.compare(self).mirrored() }
    }

    fn compare(&self, other: &Self) -> Overlap {
        let limits = self.limits.smaller(&other.limits);
        let only_a = self.without(other, &limits);
        let only_b = other.without(self, &limits);
        let common = self.with(other, &limits);
        let mut reason = None;
        let mut checked = |found: Result<Option<String>, Undecided>, by_a, by_b| {
            let found = found.and_then(|line| {
                line.map(|line| self.checked(other, line, by_a, by_b)).transpose()
            });
            found.unwrap_or_else(|error| {
                reason.get_or_insert(error.reason);
                None
            })
        };
        let only_a = checked(only_a, true, false);
        let only_b = checked(only_b, false, true);
        let common = checked(common, true, true);
        if let Some(reason) = reason {
            return Overlap { common, only_a, only_b, ..Overlap::undecided(reason) };
        }
        let relation = match (&only_a, &only_b, &common) {
            (None, None, _) => Relation::Equal,
            (_, _, None) => Relation::Disjoint,
            (Some(_), None, _) => Relation::Contains,
            (None, Some(_), _) => Relation::Contained,
            (Some(_), Some(_), Some(_)) => Relation::Overlaps,
        };
        let witness = match relation {
            Relation::Equal | Relation::Overlaps => common.clone(),
            Relation::Contains => only_a.clone(),
            Relation::Contained => only_b.clone(),
            Relation::Disjoint | Relation::Undecided => None,
        };
        Overlap { relation, witness, common, only_a, only_b, reason: None }
    }

    /// A shortest line that this finds and the other does not. Mostly this one's shortest is such a
    /// line; only where it is not, there is something to search.
    fn without(&self, other: &Self, limits: &Limits) -> Result<Option<String>, Undecided> {
        let Some(shortest) = &self.shortest else { return Ok(None) };
        if !other.graph.finds(shortest) {
            return Ok(Some(shortest.clone()));
        }
        if self.pattern == other.pattern && self.case == other.case {
            return Ok(None);
        }
        let prepared = other.prepared.get_or_init(|| Prepared::new(&other.graph));
        search::difference(&self.graph, &other.graph, prepared, limits)
    }

    /// A shortest line that both find.
    fn with(&self, other: &Self, limits: &Limits) -> Result<Option<String>, Undecided> {
        let (Some(mine), Some(others)) = (&self.shortest, &other.shortest) else { return Ok(None) };
        let no_shorter = |one: &str, than: &str| one.chars().count() >= than.chars().count();
        if no_shorter(mine, others) && other.graph.finds(mine) {
            return Ok(Some(mine.clone()));
        }
        if no_shorter(others, mine) && self.graph.finds(others) {
            return Ok(Some(others.clone()));
        }
        search::common(&self.graph, &other.graph, limits)
    }

    /// A line as the patterns spell it, if `regex` agrees on who finds it; else the line as it is, if
    /// `regex` agrees on that.
    fn checked(
        &self,
        other: &Self,
        line: String,
        by_a: bool,
        by_b: bool,
    ) -> Result<String, Undecided> {
        let holds = |line: &str| -> Result<bool, Undecided> {
            Ok(!line.contains('\n') && self.search(line)? == by_a && other.search(line)? == by_b)
        };
        if let Some(spelled) = spelling::spell(&line, &self.spellings, &other.spellings)
            && holds(&spelled)?
        {
            return Ok(spelled);
        }
        if holds(&line)? {
            return Ok(line);
        }
        debug_assert!(false, "{} and {} on {line:?}", self.pattern, other.pattern);
        Err(Undecided::new("an example that was worked out did not stand a trial"))
    }

    /// Searches a line with the `regex` crate.
    fn search(&self, line: &str) -> Result<bool, Undecided> {
        // Without its lazy automata `regex` is as fast on lines this short, and takes half the memory.
        let regex = self.regex.get_or_init(|| {
            regex::RegexBuilder::new(&self.pattern)
                .case_insensitive(self.case == Case::Insensitive)
                .dfa_size_limit(0)
                .build()
                .ok()
        });
        match regex {
            // `is_match` of regex 1.13 denies `(?-u:\B)|é` in "aéa", where `find` finds it: it stops at an
            // empty match inside the character.
            Some(regex) => Ok(regex.find(line).is_some()),
            None => Err(Undecided::new("the pattern is too large to try an example")),
        }
    }
}

#[cfg(test)]
mod tests;
