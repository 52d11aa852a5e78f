//! Which patterns may match a text: those of which it holds all the literals that one alternative needs.

use std::cell::RefCell;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use rayon::prelude::*;

use super::Parsed;
use super::literals::{Needs, folded};
use crate::config::Case;

/// What has been found in a text; kept from text to text, as it is as large as the base, and left as it
/// was found.
#[derive(Default)]
struct Scratch {
    /// Which literals have been found.
    is_there: Vec<bool>,
    /// Their numbers.
    literals: Vec<u32>,
}

thread_local! {
    static SCRATCH: RefCell<Scratch> = RefCell::default();
}

/// A way to match a pattern.
#[derive(Debug)]
struct Way {
    pattern: u32,
    /// Sets of literals of each of which one has to be there, beside the one that leads here.
    others: Vec<u32>,
}

/// Patterns by what a text must hold for them.
#[derive(Debug)]
pub(super) struct Index {
    automaton: AhoCorasick,
    /// The ways whose most telling set each literal is in.
    led_to: Vec<Vec<u32>>,
    ways: Vec<Way>,
    /// Sets of literals, by their numbers.
    sets: Vec<Vec<u32>>,
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
        let mut literals: Vec<&str> =
            needs.iter().flat_map(|needs| &needs.sets).flatten().map(String::as_str).collect();
        literals.par_sort_unstable();
        literals.dedup();
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .ascii_case_insensitive(true)
            .build(&literals)
            .unwrap_or_else(|_| AhoCorasick::new([""; 0]).expect("no literals"));
        let mut index = Self {
            automaton,
            led_to: vec![Vec::new(); literals.len()],
            ways: Vec::new(),
            sets: Vec::new(),
            always: Vec::new(),
        };
        for (pattern, needs) in (0..).zip(&needs) {
            index.add(pattern, needs, &literals);
        }
        index
    }

    fn add(&mut self, pattern: u32, needs: &Needs, literals: &[&str]) {
        let number = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
        if needs.ways.is_empty() {
            self.always.push(pattern);
        }
        let first = number(self.sets.len());
        let number_of = |text: &String| literals.binary_search(&text.as_str()).map(number).ok();
        let sets = needs.sets.iter().map(|set| set.iter().filter_map(number_of).collect());
        self.sets.extend(sets);
        for way in &needs.ways {
            let of_way = (0..needs.sets.len()).filter(|set| way >> set & 1 == 1);
            let Some(leads) = of_way.clone().max_by_key(|set| needs.worth(*set)) else { continue };
            let others = of_way.filter(|set| *set != leads).map(|set| first + number(set));
            let others = others.collect();
            for literal in &self.sets[first as usize + leads] {
                self.led_to[*literal as usize].push(number(self.ways.len()));
            }
            self.ways.push(Way { pattern, others });
        }
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
        let Scratch { is_there, literals } = scratch;
        is_there.resize(self.led_to.len().max(is_there.len()), false);
        for literal in self.automaton.find_overlapping_iter(text) {
            let literal = literal.pattern();
            if !std::mem::replace(&mut is_there[literal.as_usize()], true) {
                literals.push(literal.as_u32());
            }
        }
        let mut found = self.always.clone();
        for literal in &*literals {
            for way in &self.led_to[*literal as usize] {
                let Way { pattern, others } = &self.ways[*way as usize];
                let has_one = |set: &u32| {
                    self.sets[*set as usize].iter().any(|literal| is_there[*literal as usize])
                };
                if others.iter().all(has_one) {
                    found.push(*pattern);
                }
            }
        }
        for literal in literals.drain(..) {
            is_there[literal as usize] = false;
        }
        found.sort_unstable();
        found.dedup();
        found
    }
}
