//! [`Base`]: the entries of a knowledge base, their words weighed by how rare they are in it.

use std::collections::HashMap;
use std::sync::{LazyLock, OnceLock};

use rayon::prelude::*;

use super::candidates::Candidates;
use super::digest::{Digest, Field};
use super::hash::{HashedMap, Term};
use super::identity::Identities;
use super::model::Model;
use super::nearby::Neighbours;
use super::signature::code_kind;
use super::words::{COMMON, root};

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
    /// How much each page says: the fewer entries point to it, the more.
    pages: HashedMap<Term, f32>,
    /// How much each word of the prose says.
    prose: HashedMap<Term, f32>,
    /// Found when first needed.
    candidates: OnceLock<Candidates>,
    neighbours: OnceLock<Neighbours>,
    /// How many entries of a domain give each code.
    codes: HashMap<(String, String), u32>,
}

/// Words are counted apart in messages, in prose and in slugs: a word that is common in one may be rare
/// in another.
const KINDS: usize = 3;

fn kind(field: Field) -> usize {
    match field {
        Field::Signature | Field::Pattern => 0,
        Field::Slug => 1,
        Field::Cause | Field::Workarounds | Field::DeadEnds => 2,
    }
}

/// In how many entries each word is.
#[derive(Default)]
struct Counts([HashedMap<Term, u32>; KINDS], HashedMap<Term, u32>);

impl Counts {
    fn add(mut self, digest: &Digest) -> Self {
        let mut words: Vec<Term> = Vec::new();
        for kind_wanted in 0..KINDS {
            words.clear();
            let fields = Field::ALL.into_iter().filter(|field| kind(*field) == kind_wanted);
            // A pattern repeats its message: its words are no further evidence of how common they are.
            for field in fields.filter(|field| *field != Field::Pattern) {
                words.extend(digest.of(field).iter().map(|(word, _)| *word));
            }
            words.sort_unstable();
            words.dedup();
            for word in &words {
                *self.0[kind_wanted].entry(*word).or_default() += 1;
            }
        }
        for page in &digest.pages {
            *self.1.entry(*page).or_default() += 1;
        }
        self
    }

    fn merge(mut self, other: Self) -> Self {
        let maps = self.0.iter_mut().chain([&mut self.1]);
        for (map, other) in maps.zip(other.0.into_iter().chain([other.1])) {
            for (word, count) in other {
                *map.entry(word).or_default() += count;
            }
        }
        self
    }
}

static COMMON_TERMS: LazyLock<Vec<Term>> = LazyLock::new(|| {
    let mut terms: Vec<Term> = COMMON.iter().map(|word| root(word)).collect();
    terms.sort_unstable();
    terms.dedup();
    terms
});

/// How much a word says that `count` of `all` entries have: inverse document frequency (Spärck Jones
/// 1972) after [`ASSUMED`] entries from elsewhere, of which a fifth have each common word; without them a
/// base of ten entries would take any word for common.
fn rarity(count: u32, all: usize, is_common: bool) -> f32 {
    const ASSUMED: f32 = 300.0;
    let assumed = if is_common { ASSUMED / 5.0 } else { 0.5 };
    #[allow(clippy::cast_precision_loss, reason = "counts of entries are small")]
    let (count, all) = (count as f32, all as f32);
    (1.0 + (all + ASSUMED) / (count + assumed)).ln()
}

impl Base {
    /// Weighs the words of entries. Entries come in any order; ids need not be unique.
    pub fn new(entries: impl IntoIterator<Item = Digest>) -> Self {
        let mut entries: Vec<Digest> = entries.into_iter().collect();
        entries.par_sort_unstable_by(|a, b| {
            (&a.id, a.draft, a.content).cmp(&(&b.id, b.draft, b.content))
        });
        let counts = entries
            .par_iter()
            .fold(Counts::default, Counts::add)
            .reduce(Counts::default, Counts::merge);
        let all = entries.len();
        let identities = Identities::new(&mut entries);
        let vectors = entries
            .par_iter_mut()
            .map(|digest| {
                Field::ALL.map(|field| {
                    let words = std::mem::take(&mut digest.words[field as usize]);
                    let weighed = words.into_iter().map(|(word, times)| {
                        let count = counts.0[kind(field)].get(&word).copied().unwrap_or_default();
                        let is_common = COMMON_TERMS.binary_search(&word).is_ok();
                        (word, (1.0 + f32::from(times).ln()) * rarity(count, all, is_common))
                    });
                    Vector::new(weighed.collect())
                })
            })
            .collect();
        let pages = counts.1.into_iter().map(|(page, count)| (page, rarity(count, all, false)));
        let mut codes = HashMap::new();
        for digest in &entries {
            if let Some(code) = &digest.code {
                let domain = digest.id.domain().to_owned();
                *codes.entry((domain, code.clone())).or_default() += 1;
            }
        }
        let [_, _, prose] = counts.0;
        let prose = prose.into_iter().map(|(word, count)| {
            let is_common = COMMON_TERMS.binary_search(&word).is_ok();
            (word, rarity(count, all, is_common))
        });
        Self {
            entries,
            vectors,
            pages: pages.collect(),
            prose: prose.collect(),
            candidates: OnceLock::new(),
            neighbours: OnceLock::new(),
            codes,
            identities,
            model: Model::fitted().clone(),
        }
    }

    /// The same entries, compared with other weights.
    #[must_use]
    pub fn with_model(mut self, model: Model) -> Self {
        self.model = model;
        self
    }

    /// The pairs that are worth a comparison.
    pub fn candidates(&self) -> &Candidates {
        self.candidates.get_or_init(|| self.find_candidates())
    }

    pub(super) fn neighbours(&self) -> &Neighbours {
        self.neighbours.get_or_init(|| Neighbours::new(self.len(), &self.candidates().pairs))
    }

    /// The weights that entries are compared with.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// How much a word of the prose says; one that no entry has, as much as any can.
    pub(super) fn weight(&self, word: Term) -> f32 {
        let unknown = || rarity(0, self.len(), COMMON_TERMS.binary_search(&word).is_ok());
        self.prose.get(&word).copied().unwrap_or_else(unknown)
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
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
            pages.filter_map(|page| self.pages.get(page)).sum()
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
        let count = self.codes.get(&(one.id.domain().to_owned(), mine.to_owned()));
        let weight = |count| rarity(count, self.len(), false);
        Some(f64::from(weight(count.copied().unwrap_or(2)) / weight(2)))
    }
}
