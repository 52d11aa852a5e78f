//! Which entry an id names, former ids included, and which entries say that they are no duplicates.

use super::base::Base;
use super::declared::{self, Distinction};
use super::digest::Digest;
use super::fingerprint::Fingerprint;
use crate::entry::EntryId;

/// What ids mean in a knowledge base.
#[derive(Debug, Default)]
pub(super) struct Identities {
    /// Former ids with the numbers of their entries, sorted.
    aliases: Vec<(EntryId, usize)>,
    /// Pairs of which one entry tells how it differs from the other, the smaller number first, sorted.
    apart: Vec<(usize, usize)>,
}

impl Identities {
    /// Of entries sorted by id, whose aliases and distinctions it takes.
    pub(super) fn new(entries: &mut [Digest]) -> Self {
        let mut aliases = Vec::new();
        let mut distinctions: Vec<Vec<Distinction>> = Vec::with_capacity(entries.len());
        for (number, digest) in entries.iter_mut().enumerate() {
            let taken = std::mem::take(&mut digest.aliases).into_iter();
            aliases.extend(taken.map(|alias| (alias, number)));
            distinctions.push(std::mem::take(&mut digest.distinctions));
        }
        aliases.sort_unstable();
        let mut found = Self { aliases, apart: Vec::new() };
        let mut apart: Vec<(usize, usize)> = Vec::new();
        for (from, others) in declared::real(distinctions).into_iter().enumerate() {
            let named = others.iter().filter_map(|id| found.resolve(entries, id.as_str()));
            apart.extend(named.filter(|to| *to != from).map(|to| (from.min(to), from.max(to))));
        }
        apart.sort_unstable();
        apart.dedup();
        found.apart = apart;
        found
    }

    fn resolve(&self, entries: &[Digest], id: &str) -> Option<usize> {
        let at = entries.partition_point(|digest| digest.id.as_str() < id);
        if entries.get(at).is_some_and(|digest| digest.id.as_str() == id) {
            return Some(at);
        }
        let at = self.aliases.partition_point(|(alias, _)| alias.as_str() < id);
        self.aliases.get(at).filter(|(alias, _)| alias.as_str() == id).map(|(_, number)| *number)
    }
}

impl Base {
    /// The number of the entry that an id names, or once named: an alias of an entry is that entry.
    pub fn resolve(&self, id: &str) -> Option<usize> {
        self.identities.resolve(&self.entries, id)
    }

    /// A hash of what people compare of an entry.
    pub fn fingerprint(&self, number: usize) -> Fingerprint {
        self.entries[number].fingerprint
    }

    /// All pairs of which one entry says how it differs from the other, the smaller number first.
    pub(super) fn told_apart(&self) -> &[(usize, usize)] {
        &self.identities.apart
    }

    /// Whether one of two entries is declared to be confused with the other, and says how they differ.
    pub fn tells_apart(&self, a: usize, b: usize) -> bool {
        self.identities.apart.binary_search(&(a.min(b), a.max(b))).is_ok()
    }
}
