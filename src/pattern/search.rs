//! One pattern, searched for in several texts.
//!
//! To compile a pattern with `regex` costs as much as walking over its syntax in a few hundred messages
//! does. So it is walked over, and compiled only where that does not settle the answer, or where there
//! are more texts than that.

use std::ops::Range;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use super::direct::{Unsettled, Walk};
use super::{Over, Parsed, literals, walkable};
use crate::config::Case;

/// A pattern of the `regex` crate and what has been made of it so far.
#[derive(Debug)]
pub(super) struct Search<'p> {
    parsed: Parsed<'p>,
    case: Case,
    over_bytes: OnceLock<Option<Walk>>,
    over_characters: OnceLock<Option<Walk>>,
    full: OnceLock<Option<regex::Regex>>,
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

impl<'p> Search<'p> {
    /// A pattern, unless it does not parse.
    pub(super) fn new(pattern: &'p str, case: Case) -> Option<Self> {
        let parsed = Parsed::new(pattern).ok()?;
        Some(Self {
            parsed,
            case,
            over_bytes: OnceLock::new(),
            over_characters: OnceLock::new(),
            full: OnceLock::new(),
            walks: AtomicU32::new(0),
        })
    }

    fn walk(&self, text: &str) -> Option<&Walk> {
        let over = Over::texts_like(self.parsed.text, text);
        let place = match over {
            Over::Bytes => &self.over_bytes,
            Over::Characters => &self.over_characters,
        };
        let make = || walkable(self.parsed.text, &self.parsed.ast, over, self.case).map(Walk::new);
        place.get_or_init(make).as_ref()
    }

    fn full(&self) -> Option<&regex::Regex> {
        self.full.get_or_init(|| self.parsed.full(self.case).ok()).as_ref()
    }

    /// Whether the pattern is in a text.
    pub(super) fn is_in(&self, text: &str) -> bool {
        /// After more texts than these a pattern is worth compiling.
        const FEW: u32 = 300;
        let is_compiled = || self.full.get().is_some();
        let is_worth_it = is_compiled() || self.walks.fetch_add(1, Ordering::Relaxed) >= FEW;
        let walked = (!is_worth_it).then(|| self.walk(text)?.is_match(text)).flatten();
        walked.unwrap_or_else(|| self.full().is_some_and(|regex| regex.is_match(text)))
    }

    /// Where the pattern first matches in a text.
    pub(super) fn find(&self, text: &str) -> Option<Found> {
        let walk = self.walk(text);
        let literals = match walk.map_or(Err(Unsettled), |walk| walk.find(text)) {
            Ok(None) => return None,
            Ok(Some((range, literals))) if walk.is_some_and(|walk| walk.ends_are_sure) => {
                return Some(Found { range, literals });
            }
            Ok(Some((_, literals))) => literals,
            Err(Unsettled) => self.parsed.hir(self.case).map_or(0, |hir| literals::least(&hir)),
        };
        let range = self.full()?.find(text)?.range();
        Some(Found { range, literals })
    }
}
