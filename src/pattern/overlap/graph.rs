//! A pattern as an automaton over the characters of a whole line: unanchored, with its assertions
//! resolved, without empty steps. It is not made deterministic; what is needed of its subsets is made
//! during a search.
//!
//! A position becomes one state for each kind of character that assertions tell apart, so that a state
//! knows what stands before it. A line that the pattern finds stays found: once the whole pattern has
//! matched, any rest is taken.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

use regex_syntax::hir::Hir;

use super::chars::{CharSet, Penalty, partition};
use super::positions::{EDGE, Positions, kinds, sides};
use super::{Limits, Undecided};
use crate::pattern::places::{ALL, Sides};

/// What a character of a witness costs: far more than any penalty, so that the cheapest is a shortest.
pub(super) const STEP: u64 = 1 << 32;

/// No way leads to a match.
pub(super) const NEVER: u64 = u64::MAX;

/// The first state: nothing has been read.
pub(super) const START: usize = 0;

/// An automaton.
#[derive(Debug)]
pub(super) struct Graph {
    /// The sets of characters that occur, each once.
    pub(super) sets: Vec<CharSet>,
    pub(super) states: Vec<State>,
}

/// A state: what has been read, seen from one place in the pattern.
#[derive(Debug)]
pub(super) struct State {
    /// The set that the character just read is one of.
    pub(super) set: usize,
    /// Where one may go from here; only states from which there is a way to a match.
    pub(super) next: Vec<u32>,
    /// Whether a line that ends here is found.
    pub(super) accepts: bool,
    /// Whether any line that goes on from here is found.
    pub(super) found: bool,
    /// The least that a rest up to a match costs.
    pub(super) rest: u64,
}

impl Graph {
    pub(super) fn new(hir: &Hir, limits: &Limits) -> Result<Self, Undecided> {
        let positions = Positions::new(hir, limits)?;
        let kinds = kinds(hir)?;
        let mut builder = Builder::new(&positions, &kinds, limits)?;
        builder.link()?;
        let mut graph = builder.graph;
        graph.measure();
        Ok(graph)
    }

    /// The shortest line that is found; `None` if there is none.
    pub(super) fn shortest(&self) -> Option<String> {
        let mut at = &self.states[START];
        let mut text = String::new();
        if at.rest == NEVER {
            return None;
        }
        while !at.accepts {
            let (c, next) = at.next.iter().find_map(|&next| {
                let state = &self.states[next as usize];
                let (c, penalty) = self.sets[state.set].best()?;
                (state.rest + STEP + penalty == at.rest).then_some((c, state))
            })?;
            text.push(c);
            at = next;
        }
        Some(text)
    }

    /// Whether a line is found.
    pub(super) fn finds(&self, line: &str) -> bool {
        let mut now = vec![START];
        let mut seen = vec![usize::MAX; self.states.len()];
        for (index, c) in line.chars().enumerate() {
            let mut after = Vec::new();
            for &state in &now {
                if self.states[state].found {
                    return true;
                }
                for &next in &self.states[state].next {
                    let next = next as usize;
                    if seen[next] != index && self.sets[self.states[next].set].contains(c) {
                        seen[next] = index;
                        after.push(next);
                    }
                }
            }
            now = after;
        }
        now.iter().any(|&state| self.states[state].accepts)
    }

    /// The kinds of characters that the automaton tells apart, with the states that each may lead to,
    /// as bits.
    pub(super) fn classes(&self) -> Vec<(CharSet, Box<[u64]>)> {
        let mut of_set: Vec<Vec<usize>> = vec![Vec::new(); self.sets.len()];
        for (index, state) in self.states.iter().enumerate().skip(1) {
            of_set[state.set].push(index);
        }
        let words = self.states.len().div_ceil(64);
        let enters = |members: Vec<u32>| {
            let mut bits = vec![0_u64; words].into_boxed_slice();
            for &state in members.iter().flat_map(|&set| &of_set[set as usize]) {
                bits[state / 64] |= 1 << (state % 64);
            }
            bits
        };
        partition(&self.sets).into_iter().map(|(set, members)| (set, enters(members))).collect()
    }

    /// Works out from each state the cost of the cheapest way to a match (Dijkstra, backwards), and
    /// forgets the ways that lead nowhere.
    fn measure(&mut self) {
        let costs: Vec<Penalty> =
            self.sets.iter().map(|set| set.best().map_or(0, |best| best.1)).collect();
        let mut before: Vec<Vec<u32>> = vec![Vec::new(); self.states.len()];
        let mut heap = BinaryHeap::new();
        for (index, state) in (0_u32..).zip(&mut self.states) {
            for &next in &state.next {
                before[next as usize].push(index);
            }
            if state.accepts {
                state.rest = 0;
                heap.push(Reverse((0, index)));
            }
        }
        while let Some(Reverse((rest, index))) = heap.pop() {
            let state = &self.states[index as usize];
            if state.rest < rest {
                continue;
            }
            let rest = rest + STEP + costs[state.set];
            for &from in &before[index as usize] {
                if rest < self.states[from as usize].rest {
                    self.states[from as usize].rest = rest;
                    heap.push(Reverse((rest, from)));
                }
            }
        }
        let dead: Vec<bool> = self.states.iter().map(|state| state.rest == NEVER).collect();
        for state in &mut self.states {
            state.next.retain(|&next| !dead[next as usize]);
        }
    }
}

/// What takes part in the automaton: the edge at the start, what is read before the match begins, the
/// positions, and what is read after it.
const BEFORE: usize = 0;
const AFTER: usize = 1;
const FIRST: usize = 2;

struct Builder<'b> {
    graph: Graph,
    positions: &'b Positions,
    kinds: &'b [(u32, CharSet)],
    /// The state of each place and kind.
    state_of: Vec<Vec<Option<u32>>>,
    links: usize,
    limits: &'b Limits,
}

impl<'b> Builder<'b> {
    fn new(
        positions: &'b Positions,
        kinds: &'b [(u32, CharSet)],
        limits: &'b Limits,
    ) -> Result<Self, Undecided> {
        let mut graph = Graph { sets: Vec::new(), states: Vec::new() };
        // Of each set, the part that is of each kind; the last row is any character.
        let mut known = HashMap::new();
        let mut number = |set: CharSet| -> Option<usize> {
            if set.is_empty() {
                return None;
            }
            Some(*known.entry(set).or_insert_with_key(|set| {
                graph.sets.push(set.clone());
                graph.sets.len() - 1
            }))
        };
        let mut parts: Vec<Vec<Option<usize>>> = Vec::new();
        for set in &positions.sets {
            parts.push(kinds.iter().map(|(_, kind)| number(set.and(kind))).collect());
        }
        parts.push(kinds.iter().map(|(_, kind)| number(kind.clone())).collect());
        let state =
            |set| State { set, next: Vec::new(), accepts: false, found: false, rest: NEVER };
        // The set of the first state is never asked for.
        let mut states = vec![state(0)];
        let any = parts.len() - 1;
        let places = [any, any].into_iter().chain(positions.places.set_of.iter().copied());
        let mut state_of = Vec::new();
        for set in places {
            let of_kinds = parts[set].iter().map(|part| {
                part.and_then(|set| {
                    states.push(state(set));
                    u32::try_from(states.len() - 1).ok()
                })
            });
            state_of.push(of_kinds.collect());
        }
        graph.states = states;
        if graph.states.len() > limits.states {
            return Err(Undecided::new(format!(
                "the automaton has more than {} states",
                limits.states
            )));
        }
        Ok(Self { graph, positions, kinds, state_of, links: 0, limits })
    }

    fn link(&mut self) -> Result<(), Undecided> {
        let whole = &self.positions.whole;
        let mut first: Vec<(usize, Sides)> =
            whole.first.iter().map(|&(at, sides)| (at + FIRST, sides)).collect();
        first.push((BEFORE, ALL));
        self.leave(START, EDGE, &first, whole.empty)?;
        self.leave_place(BEFORE, &first, whole.empty)?;
        self.leave_place(AFTER, &[], ALL)?;
        let mut ends = vec![0; self.positions.places.set_of.len()];
        for &(at, sides) in &whole.last {
            ends[at] = sides;
        }
        for (at, end) in ends.into_iter().enumerate() {
            let follow: Vec<(usize, Sides)> = self.positions.places.follow[at]
                .iter()
                .map(|&(at, sides)| (at + FIRST, sides))
                .collect();
            self.leave_place(at + FIRST, &follow, end)?;
        }
        Ok(())
    }

    fn leave_place(
        &mut self,
        place: usize,
        follow: &[(usize, Sides)],
        end: Sides,
    ) -> Result<(), Undecided> {
        for (index, &(kind, _)) in self.kinds.iter().enumerate() {
            if let Some(state) = self.state_of[place][index] {
                self.leave(state as usize, kind, follow, end)?;
            }
        }
        Ok(())
    }

    /// Adds the ways out of a state, if the character before them is of a kind. The pattern may end here
    /// where `end` says.
    fn leave(
        &mut self,
        state: usize,
        kind: u32,
        follow: &[(usize, Sides)],
        end: Sides,
    ) -> Result<(), Undecided> {
        let accepts = end & sides(kind, EDGE) != 0;
        let found = accepts && self.kinds.iter().all(|&(after, _)| end & sides(kind, after) != 0);
        let mut next = Vec::new();
        let follow = if found { &[] } else { follow };
        for &(place, sides_there) in follow.iter().chain([&(AFTER, end)]) {
            for (&(after, _), to) in self.kinds.iter().zip(&self.state_of[place]) {
                if let Some(to) = to
                    && sides_there & sides(kind, after) != 0
                {
                    next.push(*to);
                }
            }
        }
        self.links += next.len();
        if self.links > self.limits.links {
            return Err(Undecided::new(format!(
                "the automaton has more than {} ways from state to state",
                self.limits.links
            )));
        }
        let state = &mut self.graph.states[state];
        (state.next, state.accepts, state.found) = (next, accepts, found);
        Ok(())
    }
}
