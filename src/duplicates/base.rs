//! [`Base`]: the entries of a knowledge base, their words weighed by how rare they are in it.

use std::cmp::Ordering;
use std::sync::{Arc, OnceLock};

use rayon::prelude::*;

use super::candidates::{Candidates, Key};
use super::digest::{Digest, Field};
use super::hash::Term;
use super::identity::Identities;
use super::model::Model;
use super::nearby::Neighbours;
use super::signature::code_kind;
use super::statistics::Statistics;

/// The words of a field with their weights, sorted by word.
#[derive(Debug, Default)]
pub(super) struct Vector {
    pub(super) words: Vec<(Term, f32)>,
    norm: f32,
    /// The squares of the weights.
    square: f32,
}

impl Vector {
    fn new(words: Vec<(Term, f32)>) -> Self {
        let square: f32 = words.iter().map(|(_, weight)| weight * weight).sum();
        Self { words, norm: square.sqrt(), square }
    }

    /// The cosine of two vectors, and which part of the smaller one the larger contains; nothing where
    /// either has no words.
    pub(super) fn alike(&self, other: &Self) -> Option<(f64, f64)> {
        if self.words.is_empty() || other.words.is_empty() {
            return None;
        }
        let (mut product, mut a, mut b) = (0.0_f32, 0, 0);
        let (mut mine, mut others) = (0.0_f32, 0.0_f32);
        while let (Some(one), Some(two)) = (self.words.get(a), other.words.get(b)) {
            if one.0 == two.0 {
                product += one.1 * two.1;
                mine += one.1 * one.1;
                others += two.1 * two.1;
            }
            a += usize::from(one.0 <= two.0);
            b += usize::from(two.0 <= one.0);
        }
        let cosine = (product / (self.norm * other.norm)).min(1.0);
        let contained = (mine / self.square).max(others / other.square).min(1.0);
        Some((f64::from(cosine), f64::from(contained)))
    }

    fn has(&self, word: Term) -> bool {
        self.words.binary_search_by_key(&word, |(word, _)| *word).is_ok()
    }

    pub(super) fn norm(&self) -> f32 {
        self.norm
    }
}

/// The entries of a knowledge base, made ready to be compared.
#[derive(Debug)]
pub struct Base {
    /// Sorted by id, so that the order in which entries come changes nothing.
    pub(super) entries: Vec<Digest>,
    pub(super) vectors: Vec<[Vector; Field::COUNT]>,
    pub(super) identities: Identities,
    model: Model,
    pub(super) statistics: Arc<Statistics>,
    /// Found when first needed.
    candidates: OnceLock<Candidates>,
    of_drafts: OnceLock<Vec<(u32, u32)>>,
    neighbours: OnceLock<Neighbours>,
}

impl Base {
    /// Weighs the words of entries. Entries come in any order; ids need not be unique.
    pub fn new(entries: impl IntoIterator<Item = Digest>) -> Self {
        let mut entries: Vec<Digest> = entries.into_iter().collect();
        entries.par_sort_unstable_by(in_order);
        let statistics = Statistics::of(&entries);
        let identities = Identities::new(&mut entries, statistics.runs());
        Self::of(entries, Arc::new(statistics), identities)
    }

    /// Entries that are sorted, some perhaps of many, with what is known of all.
    pub(super) fn of(
        mut entries: Vec<Digest>,
        statistics: Arc<Statistics>,
        identities: Identities,
    ) -> Self {
        let vectors = entries.par_iter_mut().map(|digest| vectors(digest, &statistics)).collect();
        Self {
            entries,
            vectors,
            identities,
            model: Model::fitted().clone(),
            statistics,
            candidates: OnceLock::new(),
            of_drafts: OnceLock::new(),
            neighbours: OnceLock::new(),
        }
    }

    /// The same with what was found elsewhere: the entries that each draft is held against, and those nearby.
    pub(super) fn with_found(self, of_drafts: Vec<(u32, u32)>, neighbours: Neighbours) -> Self {
        let (of_drafts, neighbours) = (OnceLock::from(of_drafts), OnceLock::from(neighbours));
        Self { of_drafts, neighbours, ..self }
    }

    /// The same entries, compared with other weights.
    #[must_use]
    pub fn with_model(mut self, model: Model) -> Self {
        self.model = model;
        self
    }

    /// The pairs that are worth a comparison.
    pub fn candidates(&self) -> &Candidates {
        self.candidates.get_or_init(|| self.find_candidates(&self.keys_of_entries()))
    }

    /// The same, with the keys of the entries at hand.
    pub(super) fn candidates_by(&self, keys: &[Key]) -> &Candidates {
        self.candidates.get_or_init(|| self.find_candidates(keys))
    }

    /// The entries that each draft is held against.
    pub(super) fn candidates_of_drafts(&self) -> &[(u32, u32)] {
        self.of_drafts.get_or_init(|| self.find_candidates_of_drafts())
    }

    pub(super) fn neighbours(&self) -> &Neighbours {
        self.neighbours.get_or_init(|| {
            let of_entries = self.candidates().pairs.iter().flat_map(|(a, b)| [(*a, *b), (*b, *a)]);
            let is_draft = |number: u32| self.entries[number as usize].draft.is_some();
            let of_drafts = self.candidates_of_drafts().iter();
            let of_drafts = of_drafts.map(|(a, b)| if is_draft(*a) { (*a, *b) } else { (*b, *a) });
            Neighbours::new(self.len(), of_entries.chain(of_drafts))
        })
    }

    /// The weights that entries are compared with.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// How much a word of the prose says; one that no entry has, as much as any can.
    pub(super) fn weight(&self, word: Term) -> f32 {
        self.statistics.of_prose(word)
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Whether an entry has no words to compare: neither a message nor a cause nor advice. All such entries
    /// are alike, and that says nothing.
    pub fn says_nothing(&self, number: usize) -> bool {
        let has_words = |field: &Field| !self.vector(number, *field).words.is_empty();
        let texts = [Field::Signature, Field::Cause, Field::Workarounds, Field::DeadEnds];
        self.entries[number].message.trim().is_empty() && !texts.iter().any(has_words)
    }

    /// The id of an entry; entries are numbered by their ids.
    pub fn id(&self, number: usize) -> &crate::entry::EntryId {
        &self.entries[number].id
    }

    /// The number of an entry.
    pub fn number(&self, id: &str) -> Option<usize> {
        let at = self.entries.partition_point(|digest| digest.id.as_str() < id);
        (self.entries.get(at)?.id.as_str() == id).then_some(at)
    }

    pub(super) fn vector(&self, number: usize, field: Field) -> &Vector {
        &self.vectors[number][field as usize]
    }

    /// How much two entries point to the same pages: the weight of the shared ones as a part of those of
    /// the entry that points to less; nothing where either points nowhere.
    pub(super) fn shared_pages(&self, a: usize, b: usize) -> Option<f64> {
        let (a, b) = (&self.entries[a].pages, &self.entries[b].pages);
        let weight = |pages: &mut dyn Iterator<Item = &Term>| -> f32 {
            pages.map(|page| self.statistics.of_page(*page)).sum()
        };
        let least = weight(&mut a.iter()).min(weight(&mut b.iter()));
        if a.is_empty() || b.is_empty() || least <= 0.0 {
            return None;
        }
        let shared = weight(&mut a.iter().filter(|page| b.binary_search(page).is_ok()));
        Some(f64::from(shared / least).min(1.0))
    }

    /// Which part of the words of a field of each of two entries, by weight, is in some fields of the other,
    /// on average; nothing where a side has no words.
    pub(super) fn told(&self, a: usize, b: usize, field: Field, fields: &[Field]) -> Option<f64> {
        let told = |from: usize, to: usize| {
            let words = &self.vector(from, field).words;
            let has = |word: Term| fields.iter().any(|field| self.vector(to, *field).has(word));
            let is_empty = |field: &Field| self.vector(to, *field).words.is_empty();
            if words.is_empty() || fields.iter().all(is_empty) {
                return None;
            }
            let told = words.iter().filter(|(word, _)| has(*word)).map(|(_, weight)| weight);
            let all: f32 = words.iter().map(|(_, weight)| weight).sum();
            Some(f64::from(told.sum::<f32>() / all))
        };
        told(a, b).zip(told(b, a)).map(|(one, other)| f64::midpoint(one, other))
    }

    /// Which part of the words of the slug of each of two entries the other uses nowhere, on average. Of
    /// entries that say the same the slugs alone may differ: that says nothing.
    pub(super) fn untold_slugs(&self, a: usize, b: usize) -> f64 {
        if self.entries[a].content == self.entries[b].content {
            return 0.0;
        }
        let is_told = |to: usize, word| Field::ALL.iter().any(|field| self.has(to, *field, word));
        let untold = |from: usize, to: usize| {
            let (mut all, mut untold) = (0_u32, 0_u32);
            for word in self.slug_words(from, to) {
                all += 1;
                untold += u32::from(!is_told(to, word));
            }
            (f64::from(untold) / f64::from(all.max(1))).sqrt()
        };
        f64::midpoint(untold(a, b), untold(b, a))
    }

    /// How many of two entries name in their message and their slug what the other has in neither: 0, 0.5 or
    /// 1.
    pub(super) fn other_subjects(&self, a: usize, b: usize) -> f64 {
        let is_other = |from: usize, to: usize| {
            let is_named = |word| {
                self.has(from, Field::Signature, word)
                    && !self.has(to, Field::Signature, word)
                    && !self.has(to, Field::Slug, word)
            };
            u8::from(self.slug_words(from, to).any(is_named))
        };
        f64::from(is_other(a, b) + is_other(b, a)) / 2.0
    }

    /// The words of the slug of an entry that do not name the domain or the environment of either.
    fn slug_words(&self, from: usize, to: usize) -> impl Iterator<Item = Term> {
        let (from, to) = (&self.entries[from], &self.entries[to]);
        let words = from.slug.iter().copied();
        words.filter(|word| !from.place.contains(word) && !to.place.contains(word))
    }

    fn has(&self, entry: usize, field: Field, word: Term) -> bool {
        self.vector(entry, field).has(word)
    }

    /// Whether two entries of a domain give the same error code: the rarer it is, the nearer to 1; -1 for
    /// another code, and nothing where that cannot be told.
    pub(super) fn same_code(&self, a: usize, b: usize) -> Option<f64> {
        let (one, two) = (&self.entries[a], &self.entries[b]);
        let (mine, others) = (one.code.as_deref()?, two.code.as_deref()?);
        if one.id.domain() != two.id.domain() {
            return None;
        }
        if mine != others {
            // `1009` and `CLOSE 1009` may be one code, and so may `403` and `AccessDenied`.
            let is_part = mine.contains(others) || others.contains(mine);
            return (!is_part && code_kind(mine) == code_kind(others)).then_some(-1.0);
        }
        Some(self.statistics.of_code(one.id.domain(), mine))
    }
}

/// The order of entries, by which they are numbered.
pub(super) fn in_order(a: &Digest, b: &Digest) -> Ordering {
    (&a.id, a.draft, a.content).cmp(&(&b.id, b.draft, b.content))
}

/// The words of an entry, weighed.
fn vectors(digest: &mut Digest, statistics: &Statistics) -> [Vector; Field::COUNT] {
    Field::ALL.map(|field| {
        let words = std::mem::take(&mut digest.words[field as usize]);
        let weighed = words
            .into_iter()
            .map(|(word, times)| (word, statistics.weight(field, word, times)))
            .collect();
        Vector::new(weighed)
    })
}
