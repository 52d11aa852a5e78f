//! [`EngineAnswers`]: what real engines said of the patterns, and what they are asked.
//!
//! Plain data: whoever runs engines hands it over before a check, and rules read it.

use std::collections::HashMap;

use crate::entry::{Entry, Sample, samples};
use crate::pattern::{Engine, MAX_LENGTH};
use crate::pointer;
use crate::pointer::JsonPointer;

/// What an engine is asked: to take a pattern, and to search texts for it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Question {
    /// The pattern.
    pub pattern: String,
    /// The texts, in the order of [`messages`].
    pub texts: Vec<String>,
}

impl Question {
    /// What is to be asked about an entry; nothing where it has no pattern, or one that is too long to
    /// be looked at.
    pub fn of(entry: &Entry) -> Option<Self> {
        let is_asked = !entry.regex.is_empty() && entry.regex.len() <= MAX_LENGTH;
        let texts = || messages(entry).map(|message| message.text.to_owned()).collect();
        is_asked.then(|| Self { pattern: entry.regex.clone(), texts: texts() })
    }
}

/// A text that the pattern of an entry is to find, or is not to find.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message<'e> {
    /// Where it stands.
    pub at: JsonPointer,
    /// The text.
    pub text: &'e str,
    /// Whether the pattern is to find it.
    pub is_wanted: bool,
}

/// The messages of an entry that are not empty: the signature, samples as they were seen, look-alikes.
pub fn messages(entry: &Entry) -> impl Iterator<Item = Message<'_>> {
    let of = |kind, is_wanted| {
        samples(entry, kind).map(move |(at, text)| Message { at, text, is_wanted })
    };
    let signature = Message { at: pointer!["signature"], text: &entry.signature, is_wanted: true };
    std::iter::once(signature)
        .chain(of(Sample::Match, true))
        .chain(of(Sample::NoMatch, false))
        .filter(|message| !message.text.is_empty())
}

/// What an engine said to a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It does not take the pattern, and why, in its own words.
    Refuses(String),
    /// It takes the pattern and finds these of the texts.
    Finds(Vec<bool>),
    /// It did not get to an answer; how, as the end of a sentence about the engine: `did not answer`.
    Fails(String),
}

/// What real engines said, by what they were asked.
#[derive(Clone, Debug, Default)]
pub struct EngineAnswers {
    by_question: HashMap<Question, Vec<(Engine, Answer)>>,
}

impl EngineAnswers {
    /// Adds an answer.
    pub fn add(&mut self, question: Question, engine: Engine, answer: Answer) {
        self.by_question.entry(question).or_default().push((engine, answer));
    }

    /// What the engines said about an entry; nothing where it has changed since they were asked.
    pub fn about(&self, entry: &Entry) -> &[(Engine, Answer)] {
        let answers = Question::of(entry).and_then(|question| self.by_question.get(&question));
        answers.map(Vec::as_slice).unwrap_or_default()
    }
}
