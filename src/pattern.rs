//! What can be known about a pattern and its own message.
//!
//! Consumers search a pattern unanchored. To match it once, parsing it and walking over its syntax
//! costs a small part of what the `regex` crate spends on preparing for many searches. Where that
//! shortcut could differ from `regex` in the least, `regex` itself answers.

use regex_syntax::ast::{self, Ast};
use regex_syntax::hir::translate::TranslatorBuilder;
use regex_syntax::hir::{Class, Hir, HirKind};

use crate::config::Case;
use direct::Walk;

mod cost;
mod direct;
mod echo;
mod engine;
mod grams;
mod index;
mod judged;
mod literals;
mod look;
mod lookup;
mod overlap;
mod portability;
mod propose;
mod search;
mod syntax;
mod why;

pub use cost::{Attack, Cost, Growth, LINE, Pump, SLOW, cost};
pub use engine::{Engine, UnknownEngine};
pub use judged::Unmatchable;
pub use lookup::{Hit, Lookup, cross_matches, pair_matches, specificity};
pub use overlap::{Automaton, Limits, Overlap, Relation, Undecided, overlap};
pub use portability::{Hindrance, HindranceKind, Rewrite, portability, syntax_error};
pub use propose::{Origin, Proposal, Refusal, Repair, Request, Signatures, fillings};
pub use why::{LONGEST_MESSAGE, MissKind, NearMiss, Relaxation, Why, nearest, why};

/// The longest pattern that is looked at, in bytes.
pub const MAX_LENGTH: usize = 10_000;

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
    pub echo: Option<std::ops::Range<usize>>,
}

/// Why a text is no pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatternError {
    /// What is wrong, without a full stop.
    pub message: String,
    /// Where in the pattern, in bytes.
    pub range: Option<std::ops::Range<usize>>,
}

impl PatternFacts {
    /// Looks into a pattern. An empty one is taken for missing: nothing is known.
    pub fn new(pattern: &str, signature: &str) -> Self {
        if pattern.is_empty() {
            return Self::default();
        }
        let parsed = match Parsed::new(pattern) {
            Ok(parsed) => parsed,
            Err(error) => return Self { error: Some(error), ..Self::default() },
        };
        let with_case = match parsed.search(signature, Case::Sensitive) {
            Ok(answer) => answer,
            Err(error) => return Self { error: Some(error), ..Self::default() },
        };
        let ignoring_case = with_case.found
            || parsed.search(signature, Case::Insensitive).is_ok_and(|answer| answer.found);
        let mut facts = Self {
            error: None,
            matches_with_case: with_case.found,
            matches_ignoring_case: ignoring_case,
            matches_empty: with_case.may_be_empty
                && parsed.search("", Case::Sensitive).is_ok_and(|answer| answer.found),
            echo: None,
        };
        if facts.matches_ignoring_case {
            facts.echo = echo::find(&parsed, signature);
        }
        facts
    }

    /// Whether the pattern finds the signature the way that consumers search.
    pub fn matches(&self, case: Case) -> bool {
        match case {
            Case::Sensitive => self.matches_with_case,
            Case::Insensitive => self.matches_ignoring_case,
        }
    }
}

/// A pattern and its syntax tree.
#[derive(Debug)]
struct Parsed<'p> {
    text: &'p str,
    ast: Ast,
}

impl<'p> Parsed<'p> {
    fn new(text: &'p str) -> Result<Self, PatternError> {
        if text.len() > MAX_LENGTH {
            let message = format!("the pattern has {} bytes, more than {MAX_LENGTH}", text.len());
            return Err(PatternError { message, range: None });
        }
        let ast = ast::parse::Parser::new().parse(text).map_err(|error| {
            let range = error.span().start.offset..error.span().end.offset;
            PatternError { message: error.kind().to_string(), range: Some(range) }
        })?;
        Ok(Self { text, ast })
    }

    /// Searches a text for the pattern, unanchored.
    fn search(&self, haystack: &str, case: Case) -> Result<Answer, PatternError> {
        if let Some(answer) = shortcut(self.text, &self.ast, haystack, case) {
            return Ok(answer);
        }
        let regex = self.full(case)?;
        Ok(Answer { found: regex.is_match(haystack), may_be_empty: regex.is_match("") })
    }

    /// The pattern over characters, as `regex` takes it.
    fn hir(&self, case: Case) -> Option<Hir> {
        let ignores_case = case == Case::Insensitive;
        let mut translator = TranslatorBuilder::new().case_insensitive(ignores_case).build();
        translator.translate(self.text, &self.ast).ok()
    }

    fn full(&self, case: Case) -> Result<regex::Regex, PatternError> {
        regex::RegexBuilder::new(self.text)
            .case_insensitive(case == Case::Insensitive)
            .build()
            .map_err(|error| self.describe(&error))
    }

    /// An error of the compiler, with its place where the parser knows one.
    fn describe(&self, error: &regex::Error) -> PatternError {
        if let regex::Error::CompiledTooBig(limit) = error {
            let message = format!("the pattern compiles to more than {} MB", limit >> 20);
            return PatternError { message, range: None };
        }
        match regex_syntax::parse(self.text) {
            Err(regex_syntax::Error::Translate(error)) => PatternError {
                message: error.kind().to_string(),
                range: Some(error.span().start.offset..error.span().end.offset),
            },
            _ => PatternError { message: "the pattern does not compile".to_owned(), range: None },
        }
    }
}

/// What a search says.
struct Answer {
    /// Whether the pattern matches somewhere.
    found: bool,
    /// Whether it may match without taking a character.
    may_be_empty: bool,
}

/// Searches by walking over the syntax, if that is sure to give the answer that `regex` gives.
fn shortcut(pattern: &str, ast: &Ast, haystack: &str, case: Case) -> Option<Answer> {
    let walk = Walk::new(walkable(pattern, ast, Over::texts_like(pattern, haystack), case)?);
    Some(Answer { found: walk.is_match(haystack)?, may_be_empty: walk.may_be_empty() })
}

/// What a pattern is taken over.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Over {
    Bytes,
    Characters,
}

impl Over {
    /// Where both texts are ASCII, Unicode classes and case folding cannot make a difference, and the
    /// pattern is taken over bytes, which is cheaper to prepare. Escapes that name code points or
    /// Unicode classes could; patterns with those, and other texts, are taken over characters.
    fn texts_like(pattern: &str, haystack: &str) -> Self {
        let is_plain = haystack.is_ascii()
            && pattern.is_ascii()
            && !has_escape(pattern, &['x', 'u', 'U', 'p', 'P']);
        if is_plain { Self::Bytes } else { Self::Characters }
    }
}

fn has_escape(pattern: &str, letters: &[char]) -> bool {
    pattern.split('\\').skip(1).any(|rest| rest.starts_with(letters))
}

/// The syntax of a pattern as it can be walked over. A pattern that may be too large to compile is left
/// to `regex`, which says so.
fn walkable(pattern: &str, ast: &Ast, over: Over, case: Case) -> Option<Hir> {
    if pattern.contains("(?") && pattern.contains("-u") {
        return None;
    }
    let hir = TranslatorBuilder::new()
        .unicode(over == Over::Characters)
        .utf8(over == Over::Characters)
        .case_insensitive(case == Case::Insensitive)
        .build()
        .translate(pattern, ast)
        .ok()?;
    let class_size = match over {
        Over::Bytes if has_escape(pattern, &['w', 'W', 'd', 'D', 's', 'S']) => LARGE_CLASS,
        Over::Bytes => SMALL_CLASS,
        Over::Characters => 0,
    };
    (unicode_size(&hir, class_size) <= MOST_STATES).then_some(hir)
}

/// States of an automaton over Unicode that a class such as `\w` takes at most, about.
const LARGE_CLASS: u64 = 2_000;
/// The same for a class such as `.` or `[^']`.
const SMALL_CLASS: u64 = 50;
/// Up to here a pattern certainly compiles within the limit of `regex`, 10 MB.
const MOST_STATES: u64 = 100_000;

/// About how many states the automaton of a pattern has over Unicode, if a class has `class` states
/// and some for each of its ranges.
fn unicode_size(hir: &Hir, class: u64) -> u64 {
    let all = |parts: &[Hir]| {
        parts.iter().map(|part| unicode_size(part, class)).fold(1, u64::saturating_add)
    };
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => 1,
        HirKind::Literal(literal) => literal.0.len() as u64,
        HirKind::Class(Class::Unicode(ranges)) => class + 4 * ranges.ranges().len() as u64,
        HirKind::Class(Class::Bytes(_)) => class,
        HirKind::Capture(capture) => unicode_size(&capture.sub, class),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => all(parts),
        HirKind::Repetition(repetition) => {
            let copies = repetition.max.unwrap_or(repetition.min.saturating_add(1)).max(1);
            unicode_size(&repetition.sub, class).saturating_mul(u64::from(copies))
        }
    }
}

#[cfg(test)]
mod tests;
