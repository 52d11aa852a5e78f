//! What patterns find among the messages nearby: those of an entry and of its candidates.
//!
//! Two patterns that find each other's messages say little if one of them finds those of many other errors
//! too. Looking at the candidates alone keeps the work in proportion to the number of entries.

use rayon::prelude::*;

use super::base::Base;
use super::pairs::Pair;
use crate::config::Case;
use crate::pattern::{Pattern, pair_matches};

/// The candidates of each entry.
#[derive(Debug)]
pub(super) struct Neighbours {
    /// Where those of each entry begin, and where the last end.
    starts: Vec<usize>,
    others: Vec<u32>,
}

impl Neighbours {
    /// From which entry has which beside it.
    pub(super) fn new(entries: usize, sides: impl Iterator<Item = (u32, u32)> + Clone) -> Self {
        let mut starts = vec![0; entries + 1];
        for (from, _) in sides.clone() {
            starts[from as usize + 1] += 1;
        }
        for at in 0..entries {
            starts[at + 1] += starts[at];
        }
        let mut next = starts.clone();
        let mut others = vec![0; starts[entries]];
        for (from, to) in sides {
            others[next[from as usize]] = to;
            next[from as usize] += 1;
        }
        Self { starts, others }
    }

    pub(super) fn of(&self, entry: usize) -> &[u32] {
        &self.others[self.starts[entry]..self.starts[entry + 1]]
    }
}

/// What patterns find, of what they were tried on.
#[derive(Debug)]
pub(super) struct Finds {
    /// The number of a pattern and that of a message; sorted.
    searches: Vec<(u32, u32)>,
    found: Vec<bool>,
    /// The number of a pattern and hashes of the messages that it finds, sorted.
    messages: Vec<(u32, Vec<u64>)>,
}

impl Finds {
    /// Tries the patterns of pairs on the messages of both, and on those of the candidates of each.
    pub(super) fn new(base: &Base, pairs: &[Pair], case: Case) -> Self {
        let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let mut patterns: Vec<u32> =
            pairs.iter().flat_map(|pair| [number(pair.a), number(pair.b)]).collect();
        patterns.par_sort_unstable();
        patterns.dedup();
        let neighbours = base.neighbours();
        let nearby = patterns.iter().flat_map(|pattern| {
            let near = neighbours.of(*pattern as usize).iter().copied();
            near.chain([*pattern]).map(|text| (*pattern, text))
        });
        let of_pairs = pairs.iter().map(|pair| (number(pair.a), number(pair.b)));
        let mut searches: Vec<(u32, u32)> = of_pairs
            .flat_map(|(a, b)| [(a, b), (b, a)])
            .chain(nearby)
            .filter(|(pattern, text)| {
                !base.entries[*pattern as usize].pattern.is_empty()
                    && !base.entries[*text as usize].message.is_empty()
            })
            .collect();
        searches.par_sort_unstable();
        searches.dedup();
        let found = tried(base, &searches, case);
        let mut messages: Vec<(u32, Vec<u64>)> = Vec::new();
        for ((pattern, text), found) in searches.iter().zip(&found) {
            if messages.last().is_none_or(|(last, _)| last != pattern) {
                messages.push((*pattern, Vec::new()));
            }
            if let Some((_, messages)) = messages.last_mut().filter(|_| *found) {
                messages.push(base.entries[*text as usize].message_hash);
            }
        }
        messages.par_iter_mut().for_each(|(_, messages)| {
            messages.sort_unstable();
            messages.dedup();
        });
        Self { searches, found, messages }
    }

    /// Which part of the patterns of two entries find the other's message; nothing where neither was tried.
    pub(super) fn each_other(&self, a: usize, b: usize) -> Option<f64> {
        let answer = |pattern: usize, text: usize| {
            let search = (u32::try_from(pattern).ok()?, u32::try_from(text).ok()?);
            let at = self.searches.binary_search(&search).ok()?;
            Some(f64::from(u8::from(self.found[at])))
        };
        match (answer(a, b), answer(b, a)) {
            (Some(one), Some(other)) => Some(f64::midpoint(one, other)),
            (one, other) => one.or(other),
        }
    }

    /// Of the messages that either pattern finds which part both find: Jaccard's coefficient (1901). Equal
    /// messages count once. Nothing where a pattern was not tried or neither finds any.
    pub(super) fn shared(&self, a: usize, b: usize) -> Option<f64> {
        let messages = |pattern: usize| {
            let pattern = u32::try_from(pattern).ok()?;
            let at = self.messages.binary_search_by_key(&pattern, |(pattern, _)| *pattern).ok()?;
            Some(&self.messages[at].1)
        };
        let (mine, others) = (messages(a)?, messages(b)?);
        let both = mine.iter().filter(|message| others.binary_search(message).is_ok()).count();
        let either = mine.len() + others.len() - both;
        let number = |count: usize| u32::try_from(count).ok().map(f64::from);
        (either > 0).then_some(number(both)? / number(either)?)
    }
}

/// Whether each search, of sorted ones, finds something. Only what is asked for is gathered: a search may be
/// for one pair of a large base.
fn tried(base: &Base, searches: &[(u32, u32)], case: Case) -> Vec<bool> {
    let mut texts: Vec<u32> = searches.iter().map(|search| search.1).collect();
    texts.par_sort_unstable();
    texts.dedup();
    let mut patterns: Vec<&Pattern> = Vec::new();
    let mut local = Vec::with_capacity(searches.len());
    let mut last = None;
    for (pattern, text) in searches {
        if last != Some(*pattern) {
            last = Some(*pattern);
            patterns.push(&base.entries[*pattern as usize].pattern);
        }
        let number = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        let text = texts.binary_search(text).unwrap_or_default();
        local.push((number(patterns.len() - 1), number(text)));
    }
    let messages: Vec<&str> =
        texts.iter().map(|text| &*base.entries[*text as usize].message).collect();
    pair_matches(&patterns, &messages, &local, case)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::duplicates::Digest;
    use crate::entry::{Entry, EntryId};

    #[test]
    fn candidates_are_those_of_both_sides() {
        let pairs = [(0, 1), (0, 3), (1, 3)];
        let near = Neighbours::new(4, pairs.iter().flat_map(|(a, b)| [(*a, *b), (*b, *a)]));
        let all: Vec<&[u32]> = (0..4).map(|entry| near.of(entry)).collect();
        assert_eq!(all, [&[1, 3][..], &[0, 3], &[], &[0, 1]]);
    }

    #[test]
    fn a_pattern_that_finds_others_too_shares_less() {
        let of = [
            ("a", "gasket leak at flange 3", "gasket leak at flange"),
            ("b", "gasket leak at flange 9", "gasket leak"),
            ("c", "gasket leak at valve", "leak at valve"),
        ];
        let entries = of.map(|(slug, signature, regex)| Entry {
            id: EntryId::new(format!("plant/{slug}")),
            signature: signature.to_owned(),
            regex: regex.to_owned(),
            ..Entry::default()
        });
        let base = Base::new(entries.iter().map(Digest::new));
        let pairs = [(0, 1), (0, 2), (1, 2)].map(|(a, b)| base.pair(a, b, Case::Insensitive));
        let finds = Finds::new(&base, &pairs, Case::Insensitive);
        // a finds two messages, b all three, c one.
        assert_eq!(finds.each_other(0, 1), Some(1.0));
        assert_eq!(finds.each_other(0, 2), Some(0.0));
        assert_eq!(finds.shared(0, 1), Some(2.0 / 3.0));
        assert_eq!(finds.shared(0, 2), Some(0.0));
        assert_eq!(finds.shared(1, 2), Some(1.0 / 3.0));
    }
}
