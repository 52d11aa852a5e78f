//! Looking up messages by the patterns of a knowledge base, and the patterns by each other's messages.
//!
//! One automaton (Aho and Corasick, 1975) finds the literals that the patterns need; only patterns of which
//! one is there are tried. A `RegexSet` of everything takes minutes to build for what this does in a
//! fraction of a second.
//!
//! The look-up order: the pattern comes first whose literals match more characters of the message. How long
//! the whole match is says nothing: `.*` is long. Of two that spell out as much, the one comes first that
//! the other contains.

use std::cell::OnceCell;
use std::collections::HashMap;
use std::sync::{Mutex, OnceLock, PoisonError};

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use rayon::prelude::*;
use regex_syntax::hir::Hir;

use super::literals::{self, folded};
use super::{Limits, Over, Parsed, Relation, direct, overlap, walkable};
use crate::config::Case;

/// Patterns by what a text must hold for them.
#[derive(Debug)]
struct Index {
    automaton: AhoCorasick,
    /// The patterns that need each literal, with which of their sets it is in.
    owners: Vec<Vec<(u32, u8)>>,
    /// Which sets each pattern has, a bit each.
    sets: Vec<u8>,
    /// The patterns that need none.
    always: Vec<u32>,
}

impl Index {
    fn new(patterns: &[&str], case: Case) -> Self {
        let needed: Vec<Vec<literals::Literals>> = patterns
            .par_iter()
            .map(|pattern| {
                let hir = Parsed::new(pattern).ok().and_then(|parsed| parsed.hir(case));
                hir.map(|hir| literals::required(&hir)).unwrap_or_default()
            })
            .collect();
        let mut owned: Vec<(&str, (u32, u8))> = Vec::new();
        let mut always = Vec::new();
        for (number, sets) in (0..).zip(&needed) {
            for (bit, set) in sets.iter().enumerate() {
                owned.extend(set.iter().map(|text| (&**text, (number, 1 << bit))));
            }
            if sets.is_empty() {
                always.push(number);
            }
        }
        owned.sort_unstable();
        let groups: Vec<&[(&str, (u32, u8))]> = owned.chunk_by(|a, b| a.0 == b.0).collect();
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .ascii_case_insensitive(true)
            .build(groups.iter().map(|group| group[0].0))
            .unwrap_or_else(|_| AhoCorasick::new([""; 0]).expect("no literals"));
        let owners = groups.iter().map(|group| group.iter().map(|(_, owner)| *owner).collect());
        let sets = needed.iter().map(|sets| (1 << sets.len()) - 1).collect();
        Self { automaton, owners: owners.collect(), sets, always }
    }

    /// The patterns that may match a text, in order.
    fn candidates(&self, text: &str) -> Vec<u32> {
        let other;
        let text = if text.is_ascii() {
            text
        } else {
            other = folded(text);
            &other
        };
        let mut seen: Vec<(u32, u8)> = Vec::new();
        for literal in self.automaton.find_overlapping_iter(text) {
            seen.extend(&self.owners[literal.pattern().as_usize()]);
        }
        seen.sort_unstable();
        let groups = seen.chunk_by(|a, b| a.0 == b.0);
        let has_all = |group: &&[(u32, u8)]| {
            let sets = group.iter().fold(0, |sets, (_, set)| sets | set);
            sets == self.sets[group[0].0 as usize]
        };
        let mut found: Vec<u32> = groups.filter(has_all).map(|group| group[0].0).collect();
        found.extend(&self.always);
        found.sort_unstable();
        found
    }
}

/// One pattern, about to be searched for in several texts.
struct Search<'p> {
    parsed: Parsed<'p>,
    case: Case,
    over_bytes: OnceCell<Option<Hir>>,
    over_characters: OnceCell<Option<Hir>>,
    full: OnceCell<Option<regex::Regex>>,
}

impl<'p> Search<'p> {
    fn new(pattern: &'p str, case: Case) -> Option<Self> {
        let parsed = Parsed::new(pattern).ok()?;
        let (over_bytes, over_characters) = (OnceCell::new(), OnceCell::new());
        Some(Self { parsed, case, over_bytes, over_characters, full: OnceCell::new() })
    }

    fn walkable(&self, text: &str) -> Option<&Hir> {
        let over = Over::texts_like(self.parsed.text, text);
        let place = match over {
            Over::Bytes => &self.over_bytes,
            Over::Characters => &self.over_characters,
        };
        place.get_or_init(|| walkable(self.parsed.text, &self.parsed.ast, over, self.case)).as_ref()
    }

    /// Whether the pattern is in a text; for few texts, since walking over the syntax needs nothing built.
    fn walks_to(&self, text: &str) -> bool {
        let walked = self.walkable(text).and_then(|hir| direct::is_match(hir, text));
        walked.unwrap_or_else(|| self.finds(text))
    }

    /// Whether the pattern is in a text.
    fn finds(&self, text: &str) -> bool {
        let full = self.full.get_or_init(|| self.parsed.full(self.case).ok());
        full.as_ref().is_some_and(|regex| regex.is_match(text))
    }
}

/// Which patterns find which texts: pairs of their numbers, sorted by pattern and text. A pattern that does
/// not compile finds nothing. What is there several times is looked at once.
pub fn cross_matches(patterns: &[&str], texts: &[&str], case: Case) -> Vec<(u32, u32)> {
    let (patterns, of_pattern) = distinct(patterns);
    let (texts, of_text) = distinct(texts);
    let found = distinct_matches(&patterns, &texts, case);
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
/// pattern is prepared once for pairs that stand together.
pub fn pair_matches(
    patterns: &[&str],
    texts: &[&str],
    pairs: &[(u32, u32)],
    case: Case,
) -> Vec<bool> {
    let groups: Vec<&[(u32, u32)]> = pairs.chunk_by(|a, b| a.0 == b.0).collect();
    groups
        .into_par_iter()
        .flat_map_iter(|group| {
            let search = Search::new(patterns[group[0].0 as usize], case);
            group.iter().map(move |pair| {
                search.as_ref().is_some_and(|search| search.walks_to(texts[pair.1 as usize]))
            })
        })
        .collect()
}

/// Texts, each once, and the numbers under which each was given.
fn distinct<'t>(texts: &[&'t str]) -> (Vec<&'t str>, Vec<Vec<u32>>) {
    let (mut known, mut numbers) = (HashMap::new(), Vec::<Vec<u32>>::new());
    let mut list = Vec::new();
    for (number, text) in (0..).zip(texts) {
        let place = *known.entry(*text).or_insert_with(|| {
            list.push(*text);
            numbers.push(Vec::new());
            list.len() - 1
        });
        numbers[place].push(number);
    }
    (list, numbers)
}

fn distinct_matches(patterns: &[&str], texts: &[&str], case: Case) -> Vec<(u32, u32)> {
    let index = Index::new(patterns, case);
    let mut pairs: Vec<(u32, u32)> = texts
        .par_iter()
        .enumerate()
        .flat_map_iter(|(text, content)| {
            let text = u32::try_from(text).unwrap_or(u32::MAX);
            index.candidates(content).into_iter().map(move |pattern| (pattern, text))
        })
        .collect();
    pairs.par_sort_unstable();
    let groups: Vec<&[(u32, u32)]> = pairs.chunk_by(|a, b| a.0 == b.0).collect();
    groups
        .into_par_iter()
        .flat_map_iter(|group| {
            /// For more texts than these a pattern is worth compiling.
            const FEW: usize = 24;
            let search = Search::new(patterns[group[0].0 as usize], case);
            let finds = move |pair: &&(u32, u32)| {
                let text = texts[pair.1 as usize];
                search.as_ref().is_some_and(|search| {
                    if group.len() > FEW { search.finds(text) } else { search.walks_to(text) }
                })
            };
            group.iter().filter(finds).copied()
        })
        .collect()
}

/// The patterns of a knowledge base, made ready to be looked up by message.
#[derive(Debug)]
pub struct Lookup<'p> {
    patterns: Vec<&'p str>,
    case: Case,
    index: Index,
    /// Made when first needed: most patterns never are.
    compiled: Vec<OnceLock<Option<regex::Regex>>>,
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
    pub fn new(patterns: Vec<&'p str>, case: Case) -> Self {
        let index = Index::new(&patterns, case);
        let compiled = patterns.iter().map(|_| OnceLock::new()).collect();
        Self { patterns, case, index, compiled, contains: Mutex::default() }
    }

    /// The patterns that find a message, the most specific first.
    pub fn find(&self, message: &str) -> Vec<Hit> {
        let mut hits: Vec<Hit> = Vec::new();
        for pattern in self.index.candidates(message) {
            let pattern = pattern as usize;
            if let Some(found) = self.compiled(pattern).and_then(|regex| regex.find(message)) {
                let score = specificity(self.patterns[pattern], message, self.case);
                hits.push(Hit { pattern, score, range: found.range() });
            }
        }
        hits.sort_by_key(|hit| (std::cmp::Reverse(hit.score), hit.pattern));
        for equal in hits.chunk_by_mut(|a, b| a.score == b.score) {
            self.order(equal);
        }
        hits
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
        let (wider, tighter) = (self.patterns[wide], self.patterns[tight]);
        let found = overlap(wider, tighter, self.case, &Limits::default());
        let answer = found.relation == Relation::Contains;
        lock().insert((wide, tight), answer);
        answer
    }

    fn compiled(&self, pattern: usize) -> Option<&regex::Regex> {
        let make = || Parsed::new(self.patterns[pattern]).ok()?.full(self.case).ok();
        self.compiled[pattern].get_or_init(make).as_ref()
    }
}

/// How many characters of a message the literals of a pattern match; where that takes too long to tell, how
/// many they match at least in any message.
pub fn specificity(pattern: &str, message: &str, case: Case) -> usize {
    let Some(search) = Search::new(pattern, case) else { return 0 };
    let walked = search.walkable(message).and_then(|hir| direct::literals_matched(hir, message));
    walked.unwrap_or_else(|| {
        let needed = search.parsed.hir(case).map(|hir| literals::required(&hir));
        let shortest = |set: &literals::Literals| set.iter().map(|text| text.chars().count()).min();
        needed.iter().flatten().filter_map(shortest).sum()
    })
}
