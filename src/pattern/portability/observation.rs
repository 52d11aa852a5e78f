//! What one engine says of a pattern.

use std::collections::HashSet;

use super::check::Check;
use super::{Case, Engine, Pattern, PatternError, Range, Reading, Rewrite};
use crate::pattern::syntax::{Class, ItemKind, Kind, Node};

/// What is seen of an engine and a piece.
pub(super) struct Observation {
    /// Where the piece stands.
    pub(super) at: Range<usize>,
    pub(super) meaning: Meaning,
    /// What says the same in every engine that takes it.
    pub(super) rewrite: Option<Rewrite>,
}

/// What an engine takes a piece for.
pub(super) enum Meaning {
    /// For no pattern, and why.
    Refused(String),
    /// For something that engines differ on.
    Taken {
        /// What is asked of the piece. Only what engines say to one question is compared.
        topic: &'static str,
        /// The answer, a verb first.
        meaning: &'static str,
    },
}

impl Observation {
    pub(super) fn refusal(at: Range<usize>, message: impl Into<String>) -> Self {
        Self { at, meaning: Meaning::Refused(message.into()), rewrite: None }
    }

    pub(super) const fn is_refusal(&self) -> bool {
        matches!(self.meaning, Meaning::Refused(_))
    }
}

/// What an engine says of a pattern.
pub(super) fn of(pattern: &Pattern, engine: Engine) -> Vec<Observation> {
    let mut observations = match pattern.tree(Reading::Of(engine)) {
        Ok(tree) => Check::new(pattern.text(), engine, tree).observations(tree),
        Err(error) => vec![Observation::refusal(error.span.clone(), error.message)],
    };
    if engine == Engine::Rust {
        // The engine itself is at hand; what it says is only worded and placed like the others'.
        match pattern.hir(Case::Sensitive) {
            Ok(_) => observations.retain(|observation| !observation.is_refusal()),
            Err(PatternError { message, range })
                if !observations.iter().any(Observation::is_refusal) =>
            {
                observations.push(Observation::refusal(range.unwrap_or(0..0), message));
            }
            Err(_) => {}
        }
    }
    observations
}

/// Where the pieces of a pattern stand, and what opens its groups, as an engine reads it.
pub(super) fn pieces(pattern: &Pattern, engine: Engine) -> HashSet<(usize, usize)> {
    let mut pieces = HashSet::new();
    if let Ok(tree) = pattern.tree(Reading::Of(engine)) {
        collect(tree, &mut pieces);
    }
    pieces
}

fn collect(node: &Node, pieces: &mut HashSet<(usize, usize)>) {
    match &node.kind {
        Kind::Concat(parts) | Kind::Alternation(parts) => {
            for part in parts {
                collect(part, pieces);
            }
        }
        Kind::Repeat(repeat) => collect(&repeat.body, pieces),
        Kind::Group(group) => {
            pieces.insert((group.opening.start, group.opening.end));
            collect(&group.body, pieces);
        }
        Kind::Class(class) => collect_class(class, pieces),
        _ => {
            pieces.insert((node.span.start, node.span.end));
        }
    }
}

fn collect_class(class: &Class, pieces: &mut HashSet<(usize, usize)>) {
    for item in &class.items {
        match &item.kind {
            ItemKind::Range(ends) => {
                for end in [&ends.0, &ends.1] {
                    pieces.insert((end.span.start, end.span.end));
                }
            }
            ItemKind::Nested(nested) => collect_class(nested, pieces),
            _ => {
                pieces.insert((item.span.start, item.span.end));
            }
        }
    }
}
