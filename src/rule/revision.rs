//! What happened to an entry since the version that it is compared with.

use crate::diff::{Fact, FactKind, diff, document, facts};
use crate::entry::Entry;

/// The change of an entry between two versions.
#[derive(Debug)]
pub struct Revision {
    facts: Vec<Fact>,
}

impl Revision {
    /// Compares two versions.
    pub fn new(before: &Entry, after: &Entry) -> Self {
        let (before, after) = (document(before), document(after));
        let changes = diff(&before, &after);
        Self { facts: facts(&before, &after, &changes) }
    }

    /// What it means, of a kind.
    pub fn facts(&self, kind: FactKind) -> impl Iterator<Item = &Fact> {
        self.facts.iter().filter(move |fact| fact.kind == kind)
    }
}
