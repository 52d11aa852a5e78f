//! Which entry an id names, former ids included, and which entries say that they are no duplicates.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::base::Base;
use super::declared::Distinction;
use super::digest::Digest;
use super::fingerprint::Fingerprint;
use super::statistics::Counts;
use crate::entry::EntryId;

/// What ids mean in a knowledge base.
#[derive(Debug, Default)]
pub(super) struct Identities {
    /// Former ids with the numbers of their entries, sorted.
    aliases: Vec<(EntryId, usize)>,
    /// Pairs of which one entry tells how it differs from the other, the smaller number first, sorted.
    apart: Vec<(usize, usize)>,
}

/// What an entry says of ids.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Links {
    /// Its former ids.
    pub(super) aliases: Vec<EntryId>,
    /// The entries that it tells itself from.
    pub(super) distinct_from: Vec<EntryId>,
}

impl Links {
    /// Takes them from an entry; of a draft the former ids are nobody's.
    pub(super) fn take(digest: &mut Digest, runs: &Counts) -> Self {
        let mut aliases = std::mem::take(&mut digest.aliases);
        let is_draft = digest.draft.is_some();
        if is_draft {
            aliases.clear();
        }
        let distinctions = std::mem::take(&mut digest.distinctions).into_iter();
        let real = distinctions.filter(|distinction| distinction.is_real(runs, is_draft));
        Self { aliases, distinct_from: real.map(|Distinction { from, .. }| from).collect() }
    }
}

impl Identities {
    /// Of entries sorted by id, whose aliases and distinctions it takes; `runs` are those of templates.
    pub(super) fn new(entries: &mut [Digest], runs: &Counts) -> Self {
        let links = entries.par_iter_mut().map(|digest| Links::take(digest, runs)).collect();
        Self::of(entries, links)
    }

    /// Of entries sorted by id, and what each says of ids.
    pub(super) fn of(entries: &[Digest], links: Vec<Links>) -> Self {
        let mut aliases = Vec::new();
        let mut distinctions: Vec<Vec<EntryId>> = Vec::with_capacity(entries.len());
        for (number, Links { aliases: taken, distinct_from }) in links.into_iter().enumerate() {
            aliases.extend(taken.into_iter().map(|alias| (alias, number)));
            distinctions.push(distinct_from);
        }
        aliases.sort_unstable();
        let mut found = Self { aliases, apart: Vec::new() };
        let mut apart: Vec<(usize, usize)> = Vec::new();
        for (from, others) in distinctions.iter().enumerate() {
            let named = others.iter().filter_map(|id| found.resolve(entries, id.as_str()));
            apart.extend(named.filter(|to| *to != from).map(|to| (from.min(to), from.max(to))));
        }
        apart.sort_unstable();
        apart.dedup();
        found.apart = apart;
        found
    }

    /// Former ids with the numbers of their entries, as far as an id that is in use does not hide them.
    pub(super) fn aliases(&self, entries: &[Digest]) -> Vec<(EntryId, usize)> {
        let mut aliases = self.aliases.clone();
        aliases.retain(|(alias, number)| self.resolve(entries, alias.as_str()) == Some(*number));
        aliases.dedup();
        aliases
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
    /// The number of the entry, which is no draft, that has an id, or had it.
    pub(super) fn resolve_entry(&self, id: &str) -> Option<usize> {
        let is_entry = |number: &usize| self.entries[*number].draft.is_none();
        let formerly = || {
            let aliases = &self.identities.aliases;
            let at = aliases.partition_point(|(alias, _)| alias.as_str() < id);
            aliases.get(at).filter(|(alias, _)| alias.as_str() == id).map(|(_, number)| *number)
        };
        self.number(id).filter(is_entry).or_else(formerly)
    }

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
