//! [`Card`]: what the rest of a knowledge base must know of an entry.
//!
//! The entry itself is looked at while its file is at hand and then let go: a hundred thousand of them
//! would take more memory than their files.

use crate::entry::{Entry, EntryId, Relation, Sample, samples};
use crate::pattern::Pattern;

/// What stands in for an entry once it has been looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Card {
    /// Its id.
    pub id: EntryId,
    /// Its category.
    pub category: String,
    /// Its former ids.
    pub aliases: Vec<EntryId>,
    /// Its pattern.
    pub pattern: Pattern,
    /// The messages that the pattern is to find: the signature, then samples as they were seen.
    pub messages: Vec<String>,
    /// Messages of other errors that the pattern is not to find.
    pub counterexamples: Vec<String>,
    references: Vec<(Relation, usize, EntryId)>,
}

impl Card {
    /// The card of an entry.
    pub fn new(entry: &Entry) -> Self {
        let messages = std::iter::once(&*entry.signature)
            .chain(samples(entry, Sample::Match).map(|(_, text)| text));
        let counterexamples = samples(entry, Sample::NoMatch);
        let references =
            entry.references().map(|(relation, index, target)| (relation, index, target.clone()));
        Self {
            id: entry.id.clone(),
            category: entry.category.clone(),
            aliases: entry.aliases.clone(),
            pattern: Pattern::new(&*entry.regex),
            messages: messages.map(str::to_owned).collect(),
            counterexamples: counterexamples.map(|(_, text)| text.to_owned()).collect(),
            references: references.collect(),
        }
    }

    /// The links to other entries, in document order: where each stands, and its target.
    pub fn references(&self) -> impl Iterator<Item = (Relation, usize, &EntryId)> {
        self.references.iter().map(|(relation, index, target)| (*relation, *index, target))
    }
}
