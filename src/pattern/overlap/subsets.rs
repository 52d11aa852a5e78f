//! The sets of states that an automaton may be in after a text, as far as a search needs them: what a
//! deterministic automaton would have for its states. A state that another in the set simulates adds
//! nothing and is left out, which keeps counted repetitions from multiplying the sets.

use std::collections::HashMap;

use super::Undecided;
use super::chars::CharSet;
use super::graph::{Graph, START};
use super::search::Front;
use super::simulation::simulation;

/// What is known about an automaton before any search.
#[derive(Debug)]
pub(super) struct Prepared {
    /// The kinds of characters that it tells apart, with the states that each may lead to, as bits.
    pub(super) classes: Vec<(CharSet, Box<[u64]>)>,
    /// The states that each state simulates, if that is known.
    below: Option<Vec<Box<[u64]>>>,
}

impl Prepared {
    pub(super) fn new(graph: &Graph) -> Self {
        let below = simulation(graph, graph).map(|simulated| {
            let words = graph.states.len().div_ceil(64);
            let mut below = vec![vec![0_u64; words].into_boxed_slice(); graph.states.len()];
            for (state, by) in simulated.iter().enumerate() {
                for by in members(by) {
                    below[by][state / 64] |= 1 << (state % 64);
                }
            }
            below
        });
        Self { classes: graph.classes(), below }
    }
}

/// The sets that have been needed so far.
pub(super) struct Subsets<'g> {
    graph: &'g Graph,
    prepared: &'g Prepared,
    pub(super) words: usize,
    known: HashMap<Box<[u64]>, u32>,
    pub(super) all: Vec<Subset>,
}

pub(super) struct Subset {
    pub(super) bits: Box<[u64]>,
    /// What all its states together can do: these and those that they simulate.
    below: Box<[u64]>,
    /// How many states there are.
    pub(super) size: u32,
    /// What may come next, whatever the character; made when first needed.
    next: Option<Box<[u64]>>,
    /// The subset after each class, where it is known.
    after: Vec<u32>,
    /// Whether a line that ends here is found.
    pub(super) accepts: bool,
    /// Whether every line that goes on from here is found.
    pub(super) found: bool,
}

/// The subset after a class that is not known yet.
const UNKNOWN: u32 = u32::MAX;

impl Subset {
    /// Whether the other can do all that this can.
    pub(super) fn is_below(&self, other: &Self) -> bool {
        self.bits.iter().zip(&other.below).all(|(mine, below)| mine & !below == 0)
    }
}

impl<'g> Subsets<'g> {
    pub(super) fn new(graph: &'g Graph, prepared: &'g Prepared) -> Self {
        let words = graph.states.len().div_ceil(64);
        let mut subsets = Self { graph, prepared, words, known: HashMap::new(), all: Vec::new() };
        let mut start = vec![0; words].into_boxed_slice();
        start[START] = 1;
        subsets.number(start);
        subsets
    }

    /// The number of a subset.
    fn number(&mut self, bits: Box<[u64]>) -> u32 {
        if let Some(&number) = self.known.get(&bits) {
            return number;
        }
        let (mut accepts, mut found) = (false, false);
        for state in members(&bits) {
            accepts |= self.graph.states[state].accepts;
            found |= self.graph.states[state].found;
        }
        let mut below = bits.clone();
        if let Some(all_below) = &self.prepared.below {
            for state in members(&bits) {
                for (mine, its) in below.iter_mut().zip(&all_below[state]) {
                    *mine |= its;
                }
            }
        }
        let number = u32::try_from(self.all.len()).expect("fewer subsets than steps are allowed");
        self.known.insert(bits.clone(), number);
        let size = bits.iter().map(|word| word.count_ones()).sum();
        self.all.push(Subset { bits, below, size, next: None, after: Vec::new(), accepts, found });
        number
    }

    /// The subset after a character of a class.
    pub(super) fn step(
        &mut self,
        subset: u32,
        class: u32,
        front: &mut Front<'_>,
    ) -> Result<u32, Undecided> {
        let (from, class) = (&mut self.all[subset as usize], class as usize);
        let classes = &self.prepared.classes;
        if let Some(&after) = from.after.get(class)
            && after != UNKNOWN
        {
            return Ok(after);
        }
        if from.next.is_none() {
            from.after = vec![UNKNOWN; classes.len()];
            let mut next = vec![0; self.words].into_boxed_slice();
            let mut links = 0;
            for state in members(&from.bits) {
                let to = &self.graph.states[state].next;
                links += to.len();
                for &to in to {
                    next[to as usize / 64] |= 1 << (to % 64);
                }
            }
            from.next = Some(next);
            front.pay(links + classes.len() + 2 * self.words)?;
        }
        let mut bits = from.next.clone().unwrap_or_default();
        for (bits, enters) in bits.iter_mut().zip(&classes[class].1) {
            *bits &= enters;
        }
        let size = self.reduce(&mut bits);
        front.pay((3 + size) * self.words)?;
        let after = self.number(bits);
        self.all[subset as usize].after[class] = after;
        Ok(after)
    }

    /// Leaves out each state that another simulates; of those that simulate each other, the first is
    /// kept. Gives how many states there were.
    fn reduce(&self, bits: &mut [u64]) -> usize {
        let mut size = 0;
        let Some(below) = &self.prepared.below else { return size };
        let all: Vec<usize> = members(bits).collect();
        for state in all {
            size += 1;
            if bits[state / 64] >> (state % 64) & 1 == 0 {
                continue;
            }
            for (bits, below) in bits.iter_mut().zip(&below[state]) {
                *bits &= !below;
            }
            bits[state / 64] |= 1 << (state % 64);
        }
        size
    }
}

/// Whether two sets of states have one in common.
pub(super) fn meet(one: &[u64], other: &[u64]) -> bool {
    one.iter().zip(other).any(|(one, other)| one & other != 0)
}

/// The states of a set.
pub(super) fn members(bits: &[u64]) -> impl Iterator<Item = usize> + '_ {
    bits.iter().enumerate().flat_map(|(index, &word)| {
        let mut word = word;
        std::iter::from_fn(move || {
            (word != 0).then(|| {
                let bit = word.trailing_zeros() as usize;
                word &= word - 1;
                index * 64 + bit
            })
        })
    })
}
