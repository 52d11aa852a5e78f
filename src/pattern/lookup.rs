//! Looking up messages by the patterns of a knowledge base, and the patterns by each other's messages.
//!
//! Each pattern is asked for only where a text has the literals that one of its alternatives needs; one pass
//! over the text finds the most telling of those, of all patterns at once. A `RegexSet` of everything
//! takes minutes to build for what this does in a fraction of a second.
//!
//! The look-up order: the pattern comes first whose literals match more characters of the message. How long
//! the whole match is says nothing: `.*` is long. Of two that spell out as much, the one comes first that
//! the other contains.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;

use super::index::Index;
use super::{Case, Pattern, Relation};

/// Which patterns find which texts: pairs of their numbers, sorted by pattern and text. A pattern that does
/// not compile finds nothing. What is there several times is looked at once.
pub fn cross_matches<P: Borrow<Pattern>>(
    patterns: &[P],
    texts: &[&str],
    case: Case,
) -> Vec<(u32, u32)> {
    cross_matches_where(patterns, texts, case, |_, _| true)
}

/// The same, but for pairs of the number of a pattern and that of a text that nobody asks about: a pattern
/// is looked at no further if it is about those alone.
pub fn cross_matches_where<P: Borrow<Pattern>>(
    patterns: &[P],
    texts: &[&str],
    case: Case,
    is_asked: impl Fn(u32, u32) -> bool + Sync,
) -> Vec<(u32, u32)> {
    let (first, of_pattern) = distinct(patterns.iter().map(|pattern| pattern.borrow().text()));
    let first: Vec<&Pattern> = first.iter().map(|number| patterns[*number].borrow()).collect();
    let (distinct_texts, of_text) = distinct(texts.iter().copied());
    let distinct_texts: Vec<&str> = distinct_texts.iter().map(|number| texts[*number]).collect();
    let is_asked = |pattern: u32, text: u32| {
        let texts = &of_text[text as usize];
        let asked = |pattern: &u32| texts.iter().any(|text| is_asked(*pattern, *text));
        of_pattern[pattern as usize].iter().any(asked)
    };
    let found = distinct_matches(&first, &distinct_texts, case, is_asked);
    let mut pairs: Vec<(u32, u32)> = Vec::with_capacity(found.len());
    for (pattern, text) in found {
        for pattern in &of_pattern[pattern as usize] {
            pairs.extend(of_text[text as usize].iter().map(|text| (*pattern, *text)));
        }
    }
    pairs.par_sort_unstable();
    pairs
}

/// Which of some pairs, of the number of a pattern and that of a text, match; in the order of the pairs. A
/// pattern is prepared once for pairs that stand together, and searches a text that is there several times
/// once.
pub fn pair_matches(
    patterns: &[&Pattern],
    texts: &[&str],
    pairs: &[(u32, u32)],
    case: Case,
) -> Vec<bool> {
    let (distinct, numbers) = distinct(texts.iter().copied());
    let mut of_text = vec![0; texts.len()];
    for (place, numbers) in numbers.iter().enumerate() {
        for number in numbers {
            of_text[*number as usize] = place;
        }
    }
    let groups: Vec<&[(u32, u32)]> = pairs.chunk_by(|a, b| a.0 == b.0).collect();
    groups
        .into_par_iter()
        .flat_map_iter(|group| {
            let pattern = patterns[group[0].0 as usize].passing();
            let mut places: Vec<(usize, usize)> =
                group.iter().enumerate().map(|(at, pair)| (of_text[pair.1 as usize], at)).collect();
            places.sort_unstable();
            let mut found = vec![false; group.len()];
            for same in places.chunk_by(|a, b| a.0 == b.0) {
                let is_found = pattern.is_in(texts[distinct[same[0].0]], case);
                for (_, at) in same {
                    found[*at] = is_found;
                }
            }
            found
        })
        .collect()
}

/// The number of the first of texts that are equal, and the numbers under which each was given.
fn distinct<'t>(texts: impl Iterator<Item = &'t str>) -> (Vec<usize>, Vec<Vec<u32>>) {
    let (mut known, mut numbers) = (HashMap::new(), Vec::<Vec<u32>>::new());
    let mut list = Vec::new();
    for (number, text) in texts.enumerate() {
        let place = *known.entry(text).or_insert_with(|| {
            list.push(number);
            numbers.push(Vec::new());
            list.len() - 1
        });
        numbers[place].push(u32::try_from(number).unwrap_or(u32::MAX));
    }
    (list, numbers)
}

fn distinct_matches(
    patterns: &[&Pattern],
    texts: &[&str],
    case: Case,
    is_asked: impl Fn(u32, u32) -> bool + Sync,
) -> Vec<(u32, u32)> {
    let index = Index::new(patterns, case);
    let mut pairs: Vec<(u32, u32)> = texts
        .par_iter()
        .enumerate()
        .flat_map_iter(|(text, content)| {
            let text = u32::try_from(text).unwrap_or(u32::MAX);
            index.candidates(content).into_iter().map(move |pattern| (pattern, text))
        })
        .filter(|(pattern, text)| is_asked(*pattern, *text))
        .collect();
    pairs.par_sort_unstable();
    let groups: Vec<&[(u32, u32)]> = pairs.chunk_by(|a, b| a.0 == b.0).collect();
    groups
        .into_par_iter()
        .flat_map_iter(|group| {
            let pattern = patterns[group[0].0 as usize].passing();
            let finds = move |pair: &&(u32, u32)| pattern.is_in(texts[pair.1 as usize], case);
            group.iter().filter(finds).copied()
        })
        .collect()
}

/// The patterns of a knowledge base, made ready to be looked up by message.
#[derive(Debug)]
pub struct Lookup<'p> {
    patterns: Vec<&'p Pattern>,
    case: Case,
    index: Index,
    /// Whether the first of two patterns contains the second, as far as that has been asked.
    contains: Mutex<HashMap<(usize, usize), bool>>,
}

/// A pattern that finds a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Its number.
    pub pattern: usize,
    /// How many characters of the message its literals match.
    pub score: usize,
    /// The part of the message that it finds: a byte range.
    pub range: std::ops::Range<usize>,
}

impl<'p> Lookup<'p> {
    /// Makes patterns ready.
    pub fn new(patterns: Vec<&'p Pattern>, case: Case) -> Self {
        let index = Index::new(&patterns, case);
        Self { patterns, case, index, contains: Mutex::default() }
    }

    /// The patterns that find a message, the most specific first.
    pub fn find(&self, message: &str) -> Vec<Hit> {
        let mut hits: Vec<Hit> = Vec::new();
        for pattern in self.index.candidates(message) {
            let pattern = pattern as usize;
            if let Some(found) = self.patterns[pattern].find(message, self.case) {
                hits.push(Hit { pattern, score: found.literals, range: found.range });
            }
        }
        hits.sort_by_key(|hit| (std::cmp::Reverse(hit.score), hit.pattern));
        for equal in hits.chunk_by_mut(|a, b| a.score == b.score) {
            self.order(equal);
        }
        hits
    }

    /// The numbers of the patterns that find a message, in no order that means anything; for a message of
    /// which only that is asked, as it costs far less than the look-up order.
    pub fn matching(&self, message: &str) -> Vec<usize> {
        let candidates = self.index.candidates(message).into_iter().map(|pattern| pattern as usize);
        let finds = |pattern: &usize| self.patterns[*pattern].is_in(message, self.case);
        candidates.filter(finds).collect()
    }

    /// Puts the tighter patterns first; those of which neither contains the other stay as they are.
    fn order(&self, hits: &mut [Hit]) {
        /// Among more than these, whoever asks is not helped by their order.
        const MOST: usize = 12;
        let count = hits.len().min(MOST);
        for place in 1..count {
            let earlier =
                (0..place).find(|at| self.contains(hits[*at].pattern, hits[place].pattern));
            if let Some(at) = earlier {
                hits[at..=place].rotate_right(1);
            }
        }
    }

    /// Whether one pattern finds all that another finds, and more.
    fn contains(&self, wide: usize, tight: usize) -> bool {
        let known = |map: &mut HashMap<(usize, usize), bool>| map.get(&(wide, tight)).copied();
        let lock = || self.contains.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(answer) = known(&mut lock()) {
            return answer;
        }
        let found = self.patterns[wide].overlap(self.patterns[tight], self.case);
        let answer = found.relation == Relation::Contains;
        lock().insert((wide, tight), answer);
        answer
    }
}
