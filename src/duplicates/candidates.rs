//! Which pairs are worth a comparison, found without looking at all pairs.
//!
//! Each entry has keys: its error codes within the domain, the names of exceptions, the shape of its
//! message, `MinHash` bands of the message's words and characters, its slug, and the words of the message, the
//! pattern and the prose that are rare in the base. Entries that share a key form a block. For each entry
//! the blocks add up, a rare word counting more, and the best few others are its candidates: the work
//! grows with the number of entries, not of pairs. A pattern that spells out the words of another entry's
//! message meets it through these words.

use std::collections::HashMap;

use rayon::prelude::*;

use super::base::Base;
use super::digest::Field;
use super::hash::{bands, hash, mix};

/// A block of more entries says too little of each pair: only neighbours in it are compared.
const MOST_IN_BLOCK: usize = 200;
/// In a block that is cut each entry is held against so many that follow.
const NEIGHBOURS: usize = 4;
/// A key of this weight says by itself that two entries are alike; in blocks of others that are cut only
/// neighbours are held against each other that share a word of the cause.
const TELLING: f32 = 0.7;
/// For one entry no more members of blocks are looked at; the smallest blocks come first.
pub(super) const MOST_MET: usize = 6_000;
/// Of the others that an entry meets, so many are its candidates.
const BEST: usize = 20;
/// A pair that scores less is none: it shares a word or two that are not rare.
const LEAST_SCORE: f32 = 0.08;
/// So many of the heaviest words of each kind of text are keys.
const MOST_WORDS: usize = 28;

/// The pairs that are worth a comparison, and what was left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Candidates {
    /// Numbers of entries, the smaller first; sorted.
    pub pairs: Vec<(u32, u32)>,
    /// How many blocks were so common that only neighbours in them were compared.
    pub cut_blocks: usize,
    /// How many pairs these blocks hold that were not taken from them; a pair may be in several.
    pub cut_pairs: u64,
    /// How many times an entry met another that was not among its best.
    pub weak_pairs: u64,
}

/// A key of an entry: what it is, and how much of the entry it is.
#[derive(Debug)]
pub(super) struct Key {
    pub(super) name: u64,
    pub(super) entry: u32,
    pub(super) weight: f32,
}

impl Base {
    pub(super) fn find_candidates(&self, keys: &[Key]) -> Candidates {
        let blocks: Vec<&[Key]> =
            keys.chunk_by(|a, b| a.name == b.name).filter(|block| block.len() > 1).collect();
        let mut found = Candidates::default();
        // Of each entry, its blocks.
        let mut of_entry: Vec<Vec<(u32, f32)>> = Vec::new();
        of_entry.resize_with(self.len(), Vec::new);
        for (number, block) in (0_u32..).zip(&blocks) {
            if block.len() > MOST_IN_BLOCK {
                self.cut(block, &mut found);
                continue;
            }
            for key in *block {
                of_entry[key.entry as usize].push((number, key.weight));
            }
        }
        let scored: Vec<(Vec<(u32, u32)>, u64)> = of_entry
            .into_par_iter()
            .enumerate()
            .map_init(
                || vec![0.0_f32; self.len()],
                |scores, (entry, mine)| best(entry, mine, &blocks, scores),
            )
            .collect();
        for (pairs, weak) in scored {
            found.pairs.extend(pairs);
            found.weak_pairs += weak;
        }
        found.pairs.par_sort_unstable();
        found.pairs.dedup();
        found
    }

    /// The keys of all entries that are no drafts, by their names.
    pub(super) fn keys_of_entries(&self) -> Vec<Key> {
        let mut keys: Vec<Key> = (0..self.len())
            .into_par_iter()
            .filter(|entry| self.entries[*entry].draft.is_none())
            .flat_map_iter(|entry| self.keys(entry))
            .collect();
        keys.par_sort_unstable_by_key(|key| (key.name, key.entry));
        keys
    }

    /// For each draft, its best entries, as pairs; drafts do not meet each other. A block that is too common
    /// is looked at like others, the smallest first: there are few drafts.
    pub(super) fn find_candidates_of_drafts(&self) -> Vec<(u32, u32)> {
        if self.entries.iter().all(|digest| digest.draft.is_none()) {
            return Vec::new();
        }
        let is_draft = |key: &Key| self.entries[key.entry as usize].draft.is_some();
        let mut keys: Vec<Key> =
            (0..self.len()).into_par_iter().flat_map_iter(|entry| self.keys(entry)).collect();
        keys.par_sort_unstable_by_key(|key| (key.name, is_draft(key), key.entry));
        let mut blocks: Vec<&[Key]> = Vec::new();
        let mut of_draft: HashMap<u32, Vec<(u32, f32)>> = HashMap::new();
        for same in keys.chunk_by(|a, b| a.name == b.name) {
            let (entries, drafts) = same.split_at(same.partition_point(|key| !is_draft(key)));
            if entries.is_empty() || drafts.is_empty() {
                continue;
            }
            let number = u32::try_from(blocks.len()).unwrap_or(u32::MAX);
            blocks.push(entries);
            for key in drafts {
                of_draft.entry(key.entry).or_default().push((number, key.weight));
            }
        }
        let of_draft: Vec<(u32, Vec<(u32, f32)>)> = of_draft.into_iter().collect();
        let mut pairs: Vec<(u32, u32)> = of_draft
            .into_par_iter()
            .map_init(
                || vec![0.0_f32; self.len()],
                |scores, (draft, mine)| best(draft as usize, mine, &blocks, scores).0,
            )
            .flatten_iter()
            .collect();
        pairs.par_sort_unstable();
        pairs
    }

    /// Takes only neighbours of a block that is too common: entries with the same words of the cause stand
    /// together, then those with neighbouring ids.
    fn cut(&self, block: &[Key], found: &mut Candidates) {
        let mut members: Vec<(u64, u32)> = block
            .iter()
            .map(|key| {
                let cause = self.vector(key.entry as usize, Field::Cause);
                let least = cause.words.iter().map(|(word, _)| mix(u64::from(*word))).min();
                (least.unwrap_or_default(), key.entry)
            })
            .collect();
        members.sort_unstable();
        members.dedup();
        let before = found.pairs.len();
        let is_telling = block.iter().all(|key| key.weight >= TELLING);
        for (at, (cause, entry)) in members.iter().enumerate() {
            let others = members[at + 1..].iter().take(NEIGHBOURS);
            let others = others.take_while(|(other, _)| is_telling || other == cause);
            found.pairs.extend(others.map(|(_, other)| (*entry.min(other), *entry.max(other))));
        }
        let all = members.len() as u64;
        found.cut_blocks += 1;
        found.cut_pairs += all * all.saturating_sub(1) / 2 - (found.pairs.len() - before) as u64;
    }

    /// The keys of an entry.
    pub(super) fn keys(&self, number: usize) -> Vec<Key> {
        const SHAPE: f32 = TELLING;
        const CODE: f32 = 0.5;
        const NAME: f32 = 0.35;
        const SLUG: f32 = 0.3;
        const BAND: f32 = 0.25;
        let digest = &self.entries[number];
        let entry = u32::try_from(number).unwrap_or(u32::MAX);
        let mut keys = Vec::with_capacity(64);
        let mut add = |kind: u64, key: u64, weight: f32| {
            keys.push(Key { name: mix(key ^ mix(kind)), entry, weight });
        };
        if let Some(shape) = digest.signature.shape {
            add(1, shape, SHAPE);
        }
        let domain = hash(digest.id.domain().as_bytes());
        for code in &digest.signature.codes {
            add(2, domain ^ u64::from(*code), CODE);
            add(3, u64::from(*code), CODE / 2.0);
        }
        for name in &digest.signature.names {
            add(4, u64::from(*name), NAME);
        }
        let slug = digest.id.as_str().split('/').nth(1).unwrap_or_default();
        add(5, hash(slug.as_bytes()), SLUG);
        add(6, digest.content, 1.0);
        let words: Vec<u32> =
            self.vector(number, Field::Signature).words.iter().map(|(word, _)| *word).collect();
        for band in bands(&words, 8, 2) {
            add(7, band, BAND);
        }
        for band in bands(&digest.signature.grams, 8, 3) {
            add(8, band, BAND);
        }
        let kinds: [(u64, &[(Field, f32)]); 3] = [
            (9, &[(Field::Signature, 0.8), (Field::Pattern, 0.4)]),
            (10, &[(Field::Slug, 0.4)]),
            (11, &[(Field::Cause, 0.5), (Field::Workarounds, 0.5), (Field::DeadEnds, 0.3)]),
        ];
        for (kind, fields) in kinds {
            for (word, weight) in self.heaviest(number, fields) {
                add(kind, u64::from(word), weight);
            }
        }
        keys
    }

    /// The heaviest words of some fields, each field brought to the same length and then weighed.
    fn heaviest(&self, number: usize, fields: &[(Field, f32)]) -> Vec<(u32, f32)> {
        let mut words: Vec<(u32, f32)> = Vec::new();
        for (field, share) in fields {
            let vector = self.vector(number, *field);
            let scale = share / vector.norm().max(f32::MIN_POSITIVE);
            words.extend(vector.words.iter().map(|(word, weight)| (*word, weight * scale)));
        }
        words.sort_unstable_by_key(|(word, _)| *word);
        words.dedup_by(|next, kept| {
            let same = next.0 == kept.0;
            if same {
                kept.1 += next.1;
            }
            same
        });
        words.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        words.truncate(MOST_WORDS);
        words
    }
}

/// The best others of an entry, as pairs, and how many it met that are not among them. `scores` is all
/// zeros, before and after.
pub(super) fn best(
    entry: usize,
    mut mine: Vec<(u32, f32)>,
    blocks: &[&[Key]],
    scores: &mut [f32],
) -> (Vec<(u32, u32)>, u64) {
    mine.sort_unstable_by_key(|(block, _)| (blocks[*block as usize].len(), *block));
    let mut met: Vec<u32> = Vec::new();
    let mut left = MOST_MET;
    for (block, weight) in mine {
        let block = blocks[block as usize];
        if block.len() > left {
            break;
        }
        left -= block.len();
        for key in block {
            let score = &mut scores[key.entry as usize];
            if *score == 0.0 {
                met.push(key.entry);
            }
            *score += weight * key.weight;
        }
    }
    let mut ranked: Vec<(u32, f32)> = met
        .into_iter()
        .map(|other| (other, std::mem::take(&mut scores[other as usize])))
        .filter(|(other, score)| *other as usize != entry && *score >= LEAST_SCORE)
        .collect();
    let all = ranked.len();
    if all > BEST {
        ranked.select_nth_unstable_by(BEST, |a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        ranked.truncate(BEST);
    }
    let entry = u32::try_from(entry).unwrap_or(u32::MAX);
    let pairs: Vec<_> =
        ranked.iter().map(|(other, _)| (entry.min(*other), entry.max(*other))).collect();
    let weak = (all - pairs.len()) as u64;
    (pairs, weak)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::duplicates::Digest;
    use crate::entry::{Entry, EntryId};

    #[test]
    fn in_a_common_block_neighbours_share_a_word_of_the_cause_or_the_key_tells_enough() {
        let causes = ["the gasket leaks", "the spooler hangs", "the reel is full"];
        let entries = (0..9).map(|at| Entry {
            id: EntryId::new(format!("plant/e{at}")),
            root_cause: causes[at % 3].to_owned(),
            ..Entry::default()
        });
        let base = Base::new(entries.map(|entry| Digest::new(&entry)));
        let pairs = |weights: [f32; 2]| {
            let key = |entry| Key { name: 1, entry, weight: weights[usize::from(entry > 0)] };
            let mut found = Candidates::default();
            base.cut(&(0..9).map(key).collect::<Vec<_>>(), &mut found);
            assert_eq!((found.cut_blocks, found.cut_pairs), (1, 36 - found.pairs.len() as u64));
            found.pairs
        };
        let of_one_cause = pairs([0.3, 0.3]);
        assert_eq!(of_one_cause.len(), 9);
        assert!(of_one_cause.iter().all(|(a, b)| a % 3 == b % 3), "{of_one_cause:?}");
        // One heavy key makes no block of it that tells more.
        assert_eq!(pairs([0.9, 0.3]), of_one_cause);
        assert_eq!(pairs([TELLING; 2]).len(), 26);
    }
}
