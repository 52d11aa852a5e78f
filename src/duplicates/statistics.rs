//! How common words, pages and codes are in a knowledge base, and so how much each of them says.

use std::sync::LazyLock;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::declared;
use super::digest::{Digest, Field};
use super::hash::{HashedMap, Term, term};
use super::words::{COMMON, root};

/// Words are counted apart in messages, in prose and in slugs: a word that is common in one may be rare
/// in another.
const KINDS: usize = 3;
const PROSE: usize = 2;

fn kind(field: Field) -> usize {
    match field {
        Field::Signature | Field::Pattern => 0,
        Field::Slug => 1,
        Field::Cause | Field::Workarounds | Field::DeadEnds => PROSE,
    }
}

/// How common what entries hold is. Drafts do not count: what an entry is to another does not depend on
/// what is held against them.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Statistics {
    entries: u32,
    words: [Counts; KINDS],
    pages: Counts,
    /// By domain and code.
    codes: Counts,
    /// Runs of words in declared distinctions, those that are a template's or nearly.
    runs: Counts,
}

/// In how many entries each term is, sorted.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(from = "Vec<(Term, u32)>", into = "Vec<(Term, u32)>")]
pub(super) struct Counts {
    terms: Vec<(Term, u32)>,
    /// Where the terms begin that have the same first bits: terms are hashes, spread evenly.
    starts: Vec<u32>,
    shift: u32,
}

impl From<Vec<(Term, u32)>> for Counts {
    fn from(mut terms: Vec<(Term, u32)>) -> Self {
        if !terms.is_sorted() {
            terms.sort_unstable();
        }
        let bits = terms.len().max(2).ilog2().min(24);
        let shift = Term::BITS - bits;
        let mut starts = vec![0; (1 << bits) + 1];
        for (term, _) in &terms {
            starts[(term >> shift) as usize + 1] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        Self { terms, starts, shift }
    }
}

impl From<Counts> for Vec<(Term, u32)> {
    fn from(counts: Counts) -> Self {
        counts.terms
    }
}

impl Clone for Counts {
    fn clone(&self) -> Self {
        Self { terms: self.terms.clone(), starts: self.starts.clone(), shift: self.shift }
    }
}

impl Counts {
    fn of(map: HashedMap<Term, u32>) -> Self {
        let mut terms: Vec<(Term, u32)> = map.into_iter().collect();
        terms.par_sort_unstable();
        Self::from(terms)
    }

    pub(super) fn get(&self, term: Term) -> Option<u32> {
        if self.terms.is_empty() {
            return None;
        }
        let bucket = (term >> self.shift) as usize;
        let (from, to) = (self.starts[bucket] as usize, self.starts[bucket + 1] as usize);
        let found = self.terms[from..to].binary_search_by_key(&term, |(term, _)| *term).ok()?;
        Some(self.terms[from + found].1)
    }
}

/// The counts as they are gathered.
#[derive(Default)]
struct Gathered {
    entries: u32,
    words: [HashedMap<Term, u32>; KINDS],
    pages: HashedMap<Term, u32>,
    codes: HashedMap<Term, u32>,
    runs: HashedMap<Term, u32>,
}

impl Gathered {
    fn add(mut self, digest: &Digest) -> Self {
        self.entries += 1;
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
                *self.words[kind_wanted].entry(*word).or_default() += 1;
            }
        }
        for page in &digest.pages {
            *self.pages.entry(*page).or_default() += 1;
        }
        if let Some(code) = &digest.code {
            *self.codes.entry(code_term(digest.id.domain(), code)).or_default() += 1;
        }
        for run in digest.distinctions.iter().flat_map(declared::Distinction::runs) {
            *self.runs.entry(*run).or_default() += 1;
        }
        self
    }

    fn maps(&mut self) -> [&mut HashedMap<Term, u32>; KINDS + 3] {
        let [messages, slugs, prose] = &mut self.words;
        [messages, slugs, prose, &mut self.pages, &mut self.codes, &mut self.runs]
    }

    fn merge(mut self, mut other: Self) -> Self {
        self.entries += other.entries;
        for (map, other) in self.maps().into_iter().zip(other.maps()) {
            // The smaller one is poured into the larger.
            if other.len() > map.len() {
                std::mem::swap(map, other);
            }
            for (term, count) in other.drain() {
                *map.entry(term).or_default() += count;
            }
        }
        self
    }
}

fn code_term(domain: &str, code: &str) -> Term {
    term(&format!("{domain}\0{code}"))
}

static COMMON_TERMS: LazyLock<Vec<Term>> = LazyLock::new(|| {
    let mut terms: Vec<Term> = COMMON.iter().map(|word| root(word)).collect();
    terms.sort_unstable();
    terms.dedup();
    terms
});

fn is_common(word: Term) -> bool {
    COMMON_TERMS.binary_search(&word).is_ok()
}

/// How much a word says that `count` of `all` entries have: inverse document frequency (Spärck Jones
/// 1972) after [`ASSUMED`] entries from elsewhere, of which a fifth have each common word; without them a
/// base of ten entries would take any word for common.
fn rarity(count: u32, all: u32, is_common: bool) -> f32 {
    const ASSUMED: f32 = 300.0;
    let assumed = if is_common { ASSUMED / 5.0 } else { 0.5 };
    #[allow(clippy::cast_precision_loss, reason = "counts of entries are small")]
    let (count, all) = (count as f32, all as f32);
    (1.0 + (all + ASSUMED) / (count + assumed)).ln()
}

impl Statistics {
    /// Counts what entries hold.
    pub(super) fn of(digests: &[Digest]) -> Self {
        let gathered = digests
            .par_iter()
            .filter(|digest| digest.draft.is_none())
            .fold(Gathered::default, Gathered::add)
            .reduce(Gathered::default, Gathered::merge);
        let Gathered { entries, words, pages, codes, mut runs } = gathered;
        runs.retain(|_, count| *count >= declared::TEMPLATE);
        Self {
            entries,
            words: words.map(Counts::of),
            pages: Counts::of(pages),
            codes: Counts::of(codes),
            runs: Counts::of(runs),
        }
    }

    /// How much a word of a field says that an entry has so many times.
    pub(super) fn weight(&self, field: Field, word: Term, times: u16) -> f32 {
        let count = self.words[kind(field)].get(word).unwrap_or_default();
        (1.0 + f32::from(times).ln()) * rarity(count, self.entries, is_common(word))
    }

    /// How much a word of the prose says; one that no entry has, as much as any can.
    pub(super) fn of_prose(&self, word: Term) -> f32 {
        let count = self.words[PROSE].get(word).unwrap_or_default();
        rarity(count, self.entries, is_common(word))
    }

    /// How much a page says: the fewer entries point to it, the more.
    pub(super) fn of_page(&self, page: Term) -> f32 {
        rarity(self.pages.get(page).unwrap_or_default(), self.entries, false)
    }

    /// How much a code of a domain says, of what one says that two entries give.
    pub(super) fn of_code(&self, domain: &str, code: &str) -> f64 {
        // An entry and a draft, where no other entry gives it.
        let count = self.codes.get(code_term(domain, code)).unwrap_or_default().max(2);
        let weight = |count| rarity(count, self.entries, false);
        f64::from(weight(count) / weight(2))
    }

    /// In how many distinctions that entries declare a run of words is, as far as there are some.
    pub(super) fn runs(&self) -> &Counts {
        &self.runs
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_found_again() {
        for many in [0_u32, 1, 2, 3, 1000] {
            let all: HashedMap<Term, u32> =
                (0..many).map(|number| (term(&number.to_string()), number)).collect();
            let counts = Counts::of(all);
            assert!((0..many).all(|number| counts.get(term(&number.to_string())) == Some(number)));
            assert_eq!(counts.get(term("no such word")), None);
        }
    }
}
