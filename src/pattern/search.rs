//! One pattern, searched for in texts.
//!
//! To compile a pattern with `regex` costs as much as walking over its syntax in a few hundred messages
//! does. So it is walked over, and compiled only where that does not settle the answer, or where there
//! are more texts than that.

use std::ops::Range;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use regex_syntax::hir::translate::TranslatorBuilder;
use regex_syntax::hir::{Class, Hir, HirKind};

use super::hir_matcher::{Unsettled, Walk};
use super::{Case, Pattern, PatternError, literals};

/// What has been made of a pattern to search for it.
#[derive(Debug, Default)]
pub(super) struct Searched {
    over_bytes: OnceLock<Option<Walk>>,
    over_characters: OnceLock<Option<Walk>>,
    full: OnceLock<Result<regex::Regex, PatternError>>,
    /// In how many texts it has been walked over.
    walks: AtomicU32,
}

/// Where a pattern matches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    /// The part of the text, as `regex` gives it.
    pub(super) range: Range<usize>,
    /// How many characters of the text the literals of the pattern match; where that takes too long to
    /// tell, how many they match at least in any text.
    pub(super) literals: usize,
}

impl Pattern {
    fn searched(&self, case: Case) -> &Searched {
        &self.parts().searched[case as usize]
    }

    /// The pattern to be walked over in texts like one; nothing where that is not sure to give the answer that
    /// `regex` gives, or where it is no pattern.
    pub(super) fn walk(&self, text: &str, case: Case) -> Option<&Walk> {
        let over = Over::texts_like(&self.text, text);
        let place = match over {
            Over::Bytes => &self.searched(case).over_bytes,
            Over::Characters => &self.searched(case).over_characters,
        };
        place.get_or_init(|| self.walkable(over, case).map(Walk::new)).as_ref()
    }

    /// The pattern as the `regex` crate compiles it.
    pub(super) fn full(&self, case: Case) -> Result<&regex::Regex, &PatternError> {
        let compile = || {
            self.syntax().map_err(Clone::clone)?;
            regex::RegexBuilder::new(&self.text)
                .case_insensitive(case == Case::Insensitive)
                .build()
                .map_err(|error| self.describe(&error))
        };
        self.searched(case).full.get_or_init(compile).as_ref()
    }

    /// An error of the compiler, with its place where the translator knows one.
    fn describe(&self, error: &regex::Error) -> PatternError {
        if let regex::Error::CompiledTooBig(limit) = error {
            let message = format!("the pattern compiles to more than {} MB", limit >> 20);
            return PatternError { message, range: None };
        }
        self.hir(Case::Sensitive).err().unwrap_or_else(|| PatternError {
            message: "the pattern does not compile".to_owned(),
            range: None,
        })
    }

    /// Whether the pattern is in a text; an error where it is no pattern.
    pub(super) fn search(&self, text: &str, case: Case) -> Result<bool, &PatternError> {
        /// After more texts than these a pattern is worth compiling.
        const FEW: u32 = 300;
        self.syntax()?;
        let searched = self.searched(case);
        let is_worth_it =
            searched.full.get().is_some() || searched.walks.fetch_add(1, Ordering::Relaxed) >= FEW;
        let walked = (!is_worth_it).then(|| self.walk(text, case)?.is_match(text)).flatten();
        walked.map_or_else(|| Ok(self.full(case)?.is_match(text)), Ok)
    }

    /// Whether the pattern is in a text. What is no pattern is in none.
    pub(super) fn is_in(&self, text: &str, case: Case) -> bool {
        self.search(text, case).unwrap_or(false)
    }

    /// Where the pattern first matches in a text.
    pub(super) fn find(&self, text: &str, case: Case) -> Option<Found> {
        let walk = self.walk(text, case);
        let literals = match walk.map_or(Err(Unsettled), |walk| walk.find(text)) {
            Ok(None) => return None,
            Ok(Some((range, literals))) if walk.is_some_and(|walk| walk.ends_are_sure) => {
                return Some(Found { range, literals });
            }
            Ok(Some((_, literals))) => literals,
            Err(Unsettled) => self.hir(case).map_or(0, |hir| literals::least(&hir)),
        };
        let range = self.full(case).ok()?.find(text)?.range();
        Some(Found { range, literals })
    }

    /// How many characters of a message its literals match; where that takes too long to tell, how many they
    /// match at least in any message. Zero where it does not match.
    pub fn specificity(&self, message: &str, case: Case) -> usize {
        self.find(message, case).map_or(0, |found| found.literals)
    }

    /// The syntax as it can be walked over. A pattern that may be too large to compile is left to `regex`,
    /// which says so.
    fn walkable(&self, over: Over, case: Case) -> Option<Hir> {
        let text = &*self.text;
        if text.contains("(?") && text.contains("-u") {
            return None;
        }
        let hir = TranslatorBuilder::new()
            .unicode(over == Over::Characters)
            .utf8(over == Over::Characters)
            .case_insensitive(case == Case::Insensitive)
            .build()
            .translate(text, self.syntax().ok()?)
            .ok()?;
        let class_size = match over {
            Over::Bytes if has_escape(text, &['w', 'W', 'd', 'D', 's', 'S']) => LARGE_CLASS,
            Over::Bytes => SMALL_CLASS,
            Over::Characters => 0,
        };
        (unicode_size(&hir, class_size) <= MOST_STATES).then_some(hir)
    }
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
