//! Which patterns may match a text: those of which it holds all the literals that one alternative needs.

use std::cell::RefCell;

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use rayon::prelude::*;

use super::literals::{Needs, folded};
use super::{Case, Pattern};

/// Whether a literal is in a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Presence {
    #[default]
    Unknown,
    Absent,
    There,
    /// It is there, and the ways that it leads to have been gone.
    Gone,
}

/// What has been found in a text; kept from text to text, as it is as large as the base, and left as it
/// was found.
#[derive(Default)]
struct Scratch {
    presence: Vec<Presence>,
    /// The literals of which something is known.
    known: Vec<u32>,
    /// The text in small letters.
    text: String,
}

impl Scratch {
    fn set(&mut self, literal: u32, presence: Presence) {
        self.presence[literal as usize] = presence;
        self.known.push(literal);
    }

    /// Forgets the text.
    fn clear(&mut self) {
        for literal in self.known.drain(..) {
            self.presence[literal as usize] = Presence::Unknown;
        }
    }
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
    literals: Vec<String>,
    /// The literals that lead to a way, and their numbers. Without an automaton every pattern may match.
    leads: Option<AhoCorasick>,
    numbers: Vec<u32>,
    /// The ways whose most telling set each literal is in.
    led_to: Vec<Vec<u32>>,
    ways: Vec<Way>,
    /// Sets of literals, by their numbers.
    sets: Vec<Vec<u32>>,
    /// The patterns that need none.
    always: Vec<u32>,
}

impl Index {
    pub(super) fn new(patterns: &[&Pattern], case: Case) -> Self {
        let needs: Vec<&Needs> = patterns.par_iter().map(|pattern| pattern.needs(case)).collect();
        let mut literals: Vec<String> =
            needs.iter().flat_map(|needs| &needs.sets).flatten().cloned().collect();
        literals.par_sort_unstable();
        literals.dedup();
        let mut index = Self {
            leads: None,
            numbers: Vec::new(),
            led_to: vec![Vec::new(); literals.len()],
            literals,
            ways: Vec::new(),
            sets: Vec::new(),
            always: Vec::new(),
        };
        for (pattern, needs) in (0..).zip(needs) {
            index.add(pattern, needs);
        }
        let is_lead = |number: &u32| !index.led_to[*number as usize].is_empty();
        index.numbers = (0..).take(index.literals.len()).filter(is_lead).collect();
        let leads = index.numbers.iter().map(|number| &index.literals[*number as usize]);
        // A table of all states, which is larger than the cache, is no faster in a log and takes long to make.
        let kind = Some(AhoCorasickKind::ContiguousNFA);
        index.leads = AhoCorasick::builder().kind(kind).prefilter(false).build(leads).ok();
        if index.leads.is_none() {
            index.always = (0..).take(patterns.len()).collect();
        }
        index
    }

    fn add(&mut self, pattern: u32, needs: &Needs) {
        let number = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
        if needs.ways.is_empty() {
            self.always.push(pattern);
        }
        let first = number(self.sets.len());
        let literals = &self.literals;
        let number_of = |text: &String| literals.binary_search(text).map(number).ok();
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
        SCRATCH.with_borrow_mut(|scratch| {
            let mut small = std::mem::take(&mut scratch.text);
            if text.is_ascii() {
                small.clear();
                small.push_str(text);
                small.make_ascii_lowercase();
            } else {
                small = folded(text);
            }
            let found = self.candidates_in(&small, scratch);
            scratch.text = small;
            found
        })
    }

    fn candidates_in(&self, text: &str, scratch: &mut Scratch) -> Vec<u32> {
        let size = self.literals.len().max(scratch.presence.len());
        scratch.presence.resize(size, Presence::Unknown);
        let mut found = self.always.clone();
        for lead in self.leads.iter().flat_map(|leads| leads.find_overlapping_iter(text)) {
            let literal = self.numbers[lead.pattern().as_usize()];
            if scratch.presence[literal as usize] != Presence::Gone {
                scratch.set(literal, Presence::Gone);
                let ways =
                    self.led_to[literal as usize].iter().map(|way| &self.ways[*way as usize]);
                let has_all = |way: &&Way| self.has_all(way, text, scratch);
                found.extend(ways.filter(has_all).map(|way| way.pattern));
            }
        }
        scratch.clear();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Whether a text has one literal of each set that a way needs beside the one that leads to it.
    fn has_all(&self, way: &Way, text: &str, scratch: &mut Scratch) -> bool {
        way.others.iter().all(|set| {
            self.sets[*set as usize].iter().any(|literal| {
                if scratch.presence[*literal as usize] == Presence::Unknown {
                    let is_there = text.contains(&self.literals[*literal as usize]);
                    let presence = if is_there { Presence::There } else { Presence::Absent };
                    scratch.set(*literal, presence);
                }
                matches!(scratch.presence[*literal as usize], Presence::There | Presence::Gone)
            })
        })
    }
}
