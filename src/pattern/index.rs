//! Which patterns may match a text: those of which it holds all the literals that one alternative needs.

use std::cell::RefCell;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use rayon::prelude::*;

use super::Parsed;
use super::literals::{Needs, folded};
use crate::config::Case;

/// What a text is asked for; kept from text to text, as it is as large as the base, and left as it was
/// found.
#[derive(Default)]
struct Scratch {
    /// Which literals have been found.
    literals: Vec<bool>,
    /// The sets of each pattern of which a literal has been found.
    sets: Vec<u32>,
    /// The literals, and the patterns, of which there is something above.
    seen_literals: Vec<usize>,
    seen: Vec<u32>,
}

thread_local! {
    static SCRATCH: RefCell<Scratch> = RefCell::default();
}

/// Patterns by what a text must hold for them.
#[derive(Debug)]
pub(super) struct Index {
    automaton: AhoCorasick,
    /// The patterns that need each literal, with the set of theirs that it is in, as a bit.
    owners: Vec<Vec<(u32, u32)>>,
    /// The sets that each way to match a pattern needs.
    ways: Vec<Vec<u32>>,
    /// The patterns that need none.
    always: Vec<u32>,
}

impl Index {
    pub(super) fn new(patterns: &[&str], case: Case) -> Self {
        let needs: Vec<Needs> = patterns
            .par_iter()
            .map(|pattern| {
                let hir = Parsed::new(pattern).ok().and_then(|parsed| parsed.hir(case));
                hir.map(|hir| Needs::of(&hir)).unwrap_or_default()
            })
            .collect();
        let mut owned: Vec<(&str, (u32, u32))> = Vec::new();
        let mut always = Vec::new();
        for (number, needs) in (0..).zip(&needs) {
            for (bit, set) in needs.sets.iter().enumerate() {
                owned.extend(set.iter().map(|text| (&**text, (number, 1 << bit))));
            }
            if needs.ways.is_empty() {
                always.push(number);
            }
        }
        owned.sort_unstable();
        let groups: Vec<&[(&str, (u32, u32))]> = owned.chunk_by(|a, b| a.0 == b.0).collect();
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .ascii_case_insensitive(true)
            .build(groups.iter().map(|group| group[0].0))
            .unwrap_or_else(|_| AhoCorasick::new([""; 0]).expect("no literals"));
        let owners = groups.iter().map(|group| group.iter().map(|(_, owner)| *owner).collect());
        let owners = owners.collect();
        let ways = needs.into_iter().map(|needs| needs.ways).collect();
        Self { automaton, owners, ways, always }
    }

    /// The patterns that may match a text, in order.
    pub(super) fn candidates(&self, text: &str) -> Vec<u32> {
        let other;
        let text = if text.is_ascii() {
            text
        } else {
            other = folded(text);
            &other
        };
        SCRATCH.with_borrow_mut(|scratch| self.candidates_in(text, scratch))
    }

    fn candidates_in(&self, text: &str, scratch: &mut Scratch) -> Vec<u32> {
        let Scratch { literals, sets, seen_literals, seen } = scratch;
        literals.resize(self.owners.len().max(literals.len()), false);
        sets.resize(self.ways.len().max(sets.len()), 0);
        for literal in self.automaton.find_overlapping_iter(text) {
            let literal = literal.pattern().as_usize();
            if std::mem::replace(&mut literals[literal], true) {
                continue;
            }
            seen_literals.push(literal);
            for (pattern, set) in &self.owners[literal] {
                let sets = &mut sets[*pattern as usize];
                if *sets == 0 {
                    seen.push(*pattern);
                }
                *sets |= set;
            }
        }
        for literal in seen_literals.drain(..) {
            literals[literal] = false;
        }
        let mut found = self.always.clone();
        for pattern in seen.drain(..) {
            let there = std::mem::take(&mut sets[pattern as usize]);
            if self.ways[pattern as usize].iter().any(|way| way & !there == 0) {
                found.push(pattern);
            }
        }
        found.sort_unstable();
        found
    }
}
