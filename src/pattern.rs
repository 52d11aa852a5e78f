//! A pattern, and what can be known about it and about messages.
//!
//! This knows nothing of entries, files or rules: it could be a crate of its own, and whoever uses it hands it
//! texts.
//!
//! Consumers search a pattern unanchored. To match it once, parsing it and walking over its syntax
//! costs a small part of what the `regex` crate spends on preparing for many searches. Where that
//! shortcut could differ from `regex` in the least, `regex` itself answers.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;
use std::sync::OnceLock;

use regex_syntax::ast::{self, Ast};
use regex_syntax::hir::Hir;
use regex_syntax::hir::translate::TranslatorBuilder;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use literals::Needs;
use overlap::Undecided;
use search::Searched;
use syntax::{Node, Reading, SyntaxError};

mod assertions;
mod cost;
mod engine;
mod facts;
pub mod han;
mod hir_matcher;
mod index;
mod literals;
mod lookup;
mod overlap;
mod pasted_signature;
mod places;
mod portability;
mod propose;
mod search;
mod syntax;
mod unmatchable;
pub mod visible;
mod why;

pub use cost::{Attack, Cost, Growth, LINE, Pump, SLOW};
pub use engine::{Engine, UnknownEngine};
pub use facts::PatternFacts;
pub use lookup::{Hit, Lookup, cross_matches, cross_matches_where, pair_matches};
pub use overlap::{Automaton, Limits, Overlap, Relation};
pub use portability::{Hindrance, HindranceKind, Rewrite};
pub use propose::{Origin, Proposal, Refusal, Repair, Request, Signatures, fillings};
pub use unmatchable::Unmatchable;
pub use why::{LONGEST_MESSAGE, MissKind, NearMiss, Relaxation, Why, nearest};

/// The longest pattern that is looked at, in bytes.
pub const MAX_LENGTH: usize = 10_000;

/// Whether letters of both cases are the same in a look-up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Case {
    /// They are.
    Insensitive,
    /// They are not.
    Sensitive,
}

/// Why a text is no pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatternError {
    /// What is wrong, without a full stop.
    pub message: String,
    /// Where in the pattern, in bytes.
    pub range: Option<Range<usize>>,
}

impl PatternError {
    fn new(message: impl fmt::Display, span: &ast::Span) -> Self {
        Self { message: message.to_string(), range: Some(span.start.offset..span.end.offset) }
    }
}

/// A pattern: its text, and whatever has been asked of it so far. Nothing is worked out before it is asked
/// for, and nothing twice. Two are equal if their texts are; a copy is a copy of the text.
#[derive(Default)]
pub struct Pattern {
    text: String,
    /// Much more memory than the text.
    parts: OnceLock<Box<Parts>>,
    /// What a text must hold, with case and without; small, and kept for whole knowledge bases.
    needs: [OnceLock<Box<Needs>>; 2],
}

/// What is made of a pattern.
#[derive(Debug, Default)]
struct Parts {
    syntax: OnceLock<Result<Ast, PatternError>>,
    /// The tree for each reading: the widest, then every engine.
    trees: [OnceLock<Result<Node, SyntaxError>>; 1 + Engine::ALL.len()],
    /// What searches need, by case.
    searched: [Searched; 2],
    /// By case.
    automata: [OnceLock<Box<Result<Automaton, Undecided>>>; 2],
}

impl Pattern {
    /// No pattern: an empty text.
    pub const fn none() -> Self {
        Self {
            text: String::new(),
            parts: OnceLock::new(),
            needs: [OnceLock::new(), OnceLock::new()],
        }
    }

    /// A text that may be a pattern.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::none() }
    }

    /// How it is written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Lets go of all that takes much memory. What look-ups need first, the literals of a text that it may
    /// match, is kept for those that are to come; whatever else is asked for then, it is read again.
    pub fn let_go(&mut self, look_ups: Option<Case>) {
        if let Some(case) = look_ups {
            self.needs(case);
        }
        self.parts = OnceLock::new();
    }

    /// This pattern if it has been read, else a copy that can be let go of: who goes through a whole
    /// knowledge base must not keep trees of all of it.
    pub fn passing(&self) -> Cow<'_, Self> {
        match self.parts.get() {
            Some(_) => Cow::Borrowed(self),
            None => Cow::Owned(self.clone()),
        }
    }

    fn parts(&self) -> &Parts {
        self.parts.get_or_init(Box::default)
    }

    /// Its syntax, as the `regex` crate reads it.
    fn syntax(&self) -> Result<&Ast, &PatternError> {
        let read = || {
            let text = &*self.text;
            if text.len() > MAX_LENGTH {
                let message =
                    format!("the pattern has {} bytes, more than {MAX_LENGTH}", text.len());
                return Err(PatternError { message, range: None });
            }
            let parsed = ast::parse::Parser::new().parse(text);
            parsed.map_err(|error| PatternError::new(error.kind(), error.span()))
        };
        self.parts().syntax.get_or_init(read).as_ref()
    }

    /// The pattern over characters, as `regex` takes it.
    fn hir(&self, case: Case) -> Result<Hir, PatternError> {
        let ignores_case = case == Case::Insensitive;
        let mut translator = TranslatorBuilder::new().case_insensitive(ignores_case).build();
        let translated = translator.translate(&self.text, self.syntax().map_err(Clone::clone)?);
        translated.map_err(|error| PatternError::new(error.kind(), error.span()))
    }

    /// Its tree in the syntax of an engine, or of any.
    fn tree(&self, reading: Reading) -> Result<&Node, &SyntaxError> {
        let place = match reading {
            Reading::Widest => 0,
            Reading::Of(engine) => 1 + engine as usize,
        };
        self.parts().trees[place].get_or_init(|| syntax::parse(&self.text, reading)).as_ref()
    }

    /// What a text must hold for it to match.
    fn needs(&self, case: Case) -> &Needs {
        self.needs[case as usize].get_or_init(|| {
            let hir = self.passing().hir(case);
            Box::new(hir.map(|hir| Needs::of(&hir)).unwrap_or_default())
        })
    }

    /// It as an automaton, within the usual limits.
    fn automaton(&self, case: Case) -> Result<&Automaton, &Undecided> {
        let make = || Box::new(Automaton::new(self, case, &Limits::default()));
        (**self.parts().automata[case as usize].get_or_init(make)).as_ref()
    }
}

impl Clone for Pattern {
    fn clone(&self) -> Self {
        Self::new(&*self.text)
    }
}

impl fmt::Debug for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text.fmt(f)
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Pattern {}

impl Serialize for Pattern {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.text.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Pattern {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::new)
    }
}

/// Whether a list, of words with bars between them, has a word.
fn lists(list: &str, word: &str) -> bool {
    list.split('|').any(|known| known == word)
}

#[cfg(test)]
mod tests;
