//! Whether a pattern runs in other engines, and means there what it means here.
//!
//! Each engine that is asked for reads the pattern in its own way and takes observations: what it refuses, and
//! what it takes a piece for where engines are known to differ. The first engine of the list that
//! takes the pattern is the one that the others are compared with; JavaScript without a flag, which takes
//! nearly everything, is so only where no other is. Nothing is run; the tests hold the
//! observations against the engines themselves.
//!
//! The engines are taken at these versions: Python 3.11, Node 20, PCRE2 10.42 and later, RE2 with Go 1.22,
//! Java 17. What is refused by the oldest of them is said to be refused.

use std::collections::{BTreeMap, HashSet};
use std::ops::Range;

use super::engine::Engine;
use super::syntax::{Reading, SyntaxError};
use super::{Case, Pattern, PatternError};

mod check;
mod classes;
mod escapes;
mod groups;
mod observation;
mod properties;

use observation::{Meaning, Observation};

/// Something that keeps a pattern from running everywhere alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hindrance {
    /// The engines that it concerns, in the order of [`Engine::ALL`].
    pub engines: Vec<Engine>,
    /// Where, in bytes of the pattern.
    pub range: Range<usize>,
    /// How bad it is.
    pub kind: HindranceKind,
    /// What is wrong and why, without a full stop.
    pub message: String,
    /// What can be written instead, where that matches the same.
    pub rewrite: Option<Rewrite>,
}

/// How bad a [`Hindrance`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum HindranceKind {
    /// The pattern does not compile.
    Refused,
    /// It compiles and means something else.
    Differs,
}

/// Other text for a part of the pattern.
///
/// Two rewrites of one pattern may overlap; then only one of them is to be applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rewrite {
    /// What is replaced, in bytes of the pattern.
    pub range: Range<usize>,
    /// What is written in its place.
    pub replacement: String,
}

impl Pattern {
    /// What no engine takes for a pattern, if this is no pattern for any.
    pub fn syntax_error(&self) -> Option<PatternError> {
        let SyntaxError { message, span } = self.tree(Reading::Widest).err()?;
        Some(PatternError { message: (*message).to_owned(), range: Some(span.clone()) })
    }

    /// What keeps a pattern from running alike in some engines, by place in the pattern.
    ///
    /// Meanings are compared with those of the first engine given that takes the pattern.
    pub fn portability(&self, engines: &[Engine]) -> Vec<Hindrance> {
        portability(self, engines)
    }
}

fn portability(pattern: &Pattern, engines: &[Engine]) -> Vec<Hindrance> {
    let mut taken: Vec<(Engine, Vec<Observation>)> = Vec::new();
    for &engine in engines {
        if !taken.iter().any(|(known, _)| *known == engine) {
            taken.push((engine, observation::of(pattern, engine)));
        }
    }
    // JavaScript without a flag takes nearly everything, much of it for what was not meant.
    let is_taken = |observations: &[Observation]| !observations.iter().any(Observation::is_refusal);
    let reference = taken
        .iter()
        .position(|(engine, observations)| *engine != Engine::JavaScript && is_taken(observations))
        .or_else(|| taken.iter().position(|(_, observations)| is_taken(observations)));
    let meanings: BTreeMap<(usize, &str), (&str, Option<&Rewrite>)> = reference
        .map(|at| &taken[at].1)
        .into_iter()
        .flatten()
        .filter_map(|observation| match observation.meaning {
            Meaning::Taken { topic, meaning } => {
                Some(((observation.at.start, topic), (meaning, observation.rewrite.as_ref())))
            }
            Meaning::Refused(_) => None,
        })
        .collect();
    // Where a rewrite makes sure of the meaning that the reference gives a piece.
    let pinned: BTreeMap<usize, &Rewrite> = meanings
        .iter()
        .filter_map(|((start, _), (_, rewrite))| Some((*start, (*rewrite)?)))
        .collect();

    let reference_pieces = reference.map(|at| observation::pieces(pattern, taken[at].0));
    // What one engine would rather read must not change what the reference reads.
    let keeps_meaning = |rewrite: &Rewrite| {
        let range = &rewrite.range;
        let is_piece =
            |pieces: &HashSet<(usize, usize)>| pieces.contains(&(range.start, range.end));
        reference_pieces.as_ref().is_none_or(is_piece)
    };

    let mut found: BTreeMap<Cause, Vec<Engine>> = BTreeMap::new();
    for (engine, observations) in &taken {
        let refused: HashSet<usize> = observations
            .iter()
            .filter(|observation| observation.is_refusal())
            .map(|observation| observation.at.start)
            .collect();
        for observation in observations {
            let (kind, message, rewrite) = match &observation.meaning {
                Meaning::Refused(message) => {
                    let own = observation.rewrite.as_ref().filter(|rewrite| keeps_meaning(rewrite));
                    let rewrite = pinned.get(&observation.at.start).copied().or(own);
                    let rewrite = rewrite.filter(|rewrite| named_alike(rewrite, engines));
                    (HindranceKind::Refused, message.clone(), rewrite)
                }
                Meaning::Taken { topic, meaning } => {
                    let Some((usual, rewrite)) = meanings.get(&(observation.at.start, topic))
                    else {
                        continue;
                    };
                    // What is refused has no meaning to compare.
                    if usual == meaning || refused.contains(&observation.at.start) {
                        continue;
                    }
                    let with = reference.map_or("", |at| taken[at].0.name());
                    let piece = pattern.text().get(observation.at.clone()).unwrap_or_default();
                    let message = format!("`{piece}` {meaning}, whereas in {with} it {usual}");
                    (HindranceKind::Differs, message, *rewrite)
                }
            };
            let cause = Cause {
                start: observation.at.start,
                end: observation.at.end,
                kind,
                message,
                rewrite: rewrite.map(|it| (it.range.start, it.range.end, it.replacement.clone())),
            };
            let engines = found.entry(cause).or_default();
            if engines.last() != Some(engine) {
                engines.push(*engine);
            }
        }
    }
    let hindrances = found.into_iter().map(|(cause, mut engines)| {
        engines.sort_unstable();
        Hindrance {
            engines,
            range: cause.start..cause.end,
            kind: cause.kind,
            message: cause.message,
            rewrite: cause
                .rewrite
                .map(|(start, end, replacement)| Rewrite { range: start..end, replacement }),
        }
    });
    hindrances.collect()
}

/// Whether a rewrite that names a group does so in a way that all of the engines know.
fn named_alike(rewrite: &Rewrite, engines: &[Engine]) -> bool {
    let no_p = |engine: &Engine| engine.is_javascript() || *engine == Engine::Java;
    if rewrite.replacement.starts_with("(?P<") {
        return !engines.iter().any(no_p);
    }
    !rewrite.replacement.starts_with("(?<") || !engines.contains(&Engine::Python)
}

/// What makes two findings one.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Cause {
    start: usize,
    end: usize,
    kind: HindranceKind,
    message: String,
    rewrite: Option<(usize, usize, String)>,
}
