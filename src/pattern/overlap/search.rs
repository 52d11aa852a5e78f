//! Two searches over the product of two automata, each for a cheapest line (A*: Hart, Nilsson and
//! Raphael, "A Formal Basis for the Heuristic Determination of Minimum Cost Paths", 1968). What each
//! automaton alone still needs is known, never more than the truth, and guides the search.
//!
//! A line that both find: over pairs of states; no subsets are needed, so nothing can blow up. A line
//! that one finds and the other does not: over a state of the one and the set of all states that the
//! other may be in, made as needed. Of two such nodes with the same state the one with fewer states of
//! the other is as good as any below it (antichains: De Wulf, Doyen, Henzinger and Raskin, 2006).

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::hash::{BuildHasherDefault, Hasher};

use super::chars::{CharSet, Penalty};
use super::graph::{Graph, NEVER, START, STEP};
use super::{Limits, Undecided};

/// A cheapest line that both find; `None` if there is none.
pub(super) fn common(a: &Graph, b: &Graph, limits: &Limits) -> Result<Option<String>, Undecided> {
    let needs =
        |left: u32, right: u32| a.states[left as usize].rest.max(b.states[right as usize].rest);
    let start = needs(0, 0);
    if start == NEVER {
        return Ok(None);
    }
    let mut front = Front::new(limits);
    front.reach((0, 0), (0, (0, 0)), None, start)?;
    while let Some((node, cost)) = front.next() {
        let (left, right) = (&a.states[node.0 as usize], &b.states[node.1 as usize]);
        if left.accepts && right.accepts {
            return Ok(Some(front.text(node)));
        }
        front.pay(left.next.len() * right.next.len())?;
        for &to_left in &left.next {
            let set = &a.sets[a.states[to_left as usize].set];
            for &to_right in &right.next {
                let others = &b.sets[b.states[to_right as usize].set];
                if let Some((c, penalty)) = set.best_with(others) {
                    let cost = cost + STEP + penalty;
                    front.reach(
                        (to_left, to_right),
                        (cost, node),
                        Some(c),
                        needs(to_left, to_right),
                    )?;
                }
            }
        }
    }
    Ok(None)
}

/// A cheapest line that `a` finds and `b`, of which the classes are given, does not; `None` if there is
/// none.
pub(super) fn difference(
    a: &Graph,
    b: &Graph,
    classes: &[(CharSet, Box<[u64]>)],
    limits: &Limits,
) -> Result<Option<String>, Undecided> {
    if a.states[START].rest == NEVER {
        return Ok(None);
    }
    let mut subsets = Subsets::new(b, classes);
    if subsets.all[0].found {
        return Ok(None);
    }
    let mut meets: Vec<Vec<(u32, char, Penalty)>> = vec![Vec::new(); a.sets.len()];
    let mut met = vec![false; a.sets.len()];
    let mut least: Vec<Vec<u32>> = vec![Vec::new(); a.states.len()];
    let mut front = Front::new(limits);
    front.reach((0, 0), (0, (0, 0)), None, a.states[START].rest)?;
    while let Some((node, cost)) = front.next() {
        let (at, subset) = (node.0 as usize, node.1);
        let (state, bits) = (&a.states[at], &subsets.all[subset as usize]);
        if state.accepts && !bits.accepts {
            return Ok(Some(front.text(node)));
        }
        front.pay(1 + least[at].len() * subsets.words)?;
        if least[at].iter().any(|&other| subsets.all[other as usize].is_within(bits)) {
            continue;
        }
        least[at].push(subset);
        for &to in &state.next {
            let to_state = &a.states[to as usize];
            let set = to_state.set;
            if !met[set] {
                met[set] = true;
                front.pay(classes.len())?;
                meets[set] = (0..)
                    .zip(classes)
                    .filter_map(|(class, (chars, _))| {
                        let (c, penalty) = a.sets[set].best_with(chars)?;
                        Some((class, c, penalty))
                    })
                    .collect();
            }
            front.pay(meets[set].len())?;
            for &(class, c, penalty) in &meets[set] {
                let after = subsets.step(subset, class, &mut front)?;
                if !subsets.all[after as usize].found {
                    let cost = cost + STEP + penalty;
                    front.reach((to, after), (cost, node), Some(c), to_state.rest)?;
                }
            }
        }
    }
    Ok(None)
}

/// A node of a product: a state of the first, and a state or the number of a subset of the second.
type Node = (u32, u32);

/// The border of a search: what has been reached, and in which order to go on.
struct Front<'l> {
    reached: HashMap<Node, Reached, BuildHasherDefault<NodeHasher>>,
    /// By what a whole line through a node costs at least; of those with the same, first the one that
    /// has come the farthest, then by number, so that the order is always the same.
    open: BinaryHeap<Reverse<(u64, Reverse<u64>, Node)>>,
    steps: u64,
    limits: &'l Limits,
}

/// How a node was reached.
struct Reached {
    cost: u64,
    from: Node,
    by: Option<char>,
}

impl<'l> Front<'l> {
    fn new(limits: &'l Limits) -> Self {
        Self { reached: HashMap::default(), open: BinaryHeap::new(), steps: 0, limits }
    }

    /// Pays for some work.
    fn pay(&mut self, steps: usize) -> Result<(), Undecided> {
        self.steps = self.steps.saturating_add(steps as u64);
        if self.steps > self.limits.steps {
            let steps = self.limits.steps;
            return Err(Undecided::new(format!("the search takes more than {steps} steps")));
        }
        Ok(())
    }

    /// Reaches a node at a cost from another; from here a rest costs at least `rest`.
    fn reach(
        &mut self,
        node: Node,
        (cost, from): (u64, Node),
        by: Option<char>,
        rest: u64,
    ) -> Result<(), Undecided> {
        let reached = self.reached.entry(node).or_insert(Reached { cost: NEVER, from, by });
        if cost < reached.cost {
            *reached = Reached { cost, from, by };
            if self.reached.len() > self.limits.pairs {
                let pairs = self.limits.pairs;
                return Err(Undecided::new(format!("the product has more than {pairs} states")));
            }
            self.open.push(Reverse((cost.saturating_add(rest), Reverse(cost), node)));
        }
        Ok(())
    }

    /// The best node that is left, and its cost.
    fn next(&mut self) -> Option<(Node, u64)> {
        while let Some(Reverse((_, Reverse(cost), node))) = self.open.pop() {
            if self.reached.get(&node).is_some_and(|reached| reached.cost == cost) {
                return Some((node, cost));
            }
        }
        None
    }

    /// The line that leads to a node.
    fn text(&self, mut node: Node) -> String {
        let mut chars = Vec::new();
        while let Some(Reached { from, by: Some(c), .. }) = self.reached.get(&node) {
            chars.push(*c);
            node = *from;
        }
        chars.iter().rev().collect()
    }
}

/// A hash for nodes, which nobody chooses: a multiplication for each half.
#[derive(Default)]
struct NodeHasher(u64);

impl Hasher for NodeHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.write_u32(u32::from(byte));
        }
    }

    fn write_u32(&mut self, half: u32) {
        let mixed = (self.0 ^ u64::from(half)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 = mixed ^ mixed >> 32;
    }
}

/// The sets of states that an automaton may be in, as far as they have been needed.
struct Subsets<'g> {
    graph: &'g Graph,
    classes: &'g [(CharSet, Box<[u64]>)],
    words: usize,
    known: HashMap<Box<[u64]>, u32>,
    all: Vec<Subset>,
}

struct Subset {
    bits: Box<[u64]>,
    /// What may come next, whatever the character; made when first needed.
    next: Option<Box<[u64]>>,
    /// The subset after each class, where it is known.
    after: Vec<u32>,
    /// Whether a line that ends here is found.
    accepts: bool,
    /// Whether every line that goes on from here is found.
    found: bool,
}

/// The subset after a class that is not known yet.
const UNKNOWN: u32 = u32::MAX;

impl Subset {
    fn is_within(&self, other: &Self) -> bool {
        self.bits.iter().zip(&other.bits).all(|(mine, other)| mine & !other == 0)
    }
}

impl<'g> Subsets<'g> {
    fn new(graph: &'g Graph, classes: &'g [(CharSet, Box<[u64]>)]) -> Self {
        let words = graph.states.len().div_ceil(64);
        let mut subsets = Self { graph, classes, words, known: HashMap::new(), all: Vec::new() };
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
        let number = u32::try_from(self.all.len()).expect("fewer subsets than steps are allowed");
        self.known.insert(bits.clone(), number);
        self.all.push(Subset { bits, next: None, after: Vec::new(), accepts, found });
        number
    }

    /// The subset after a character of a class.
    fn step(&mut self, subset: u32, class: u32, front: &mut Front<'_>) -> Result<u32, Undecided> {
        let (from, class) = (&mut self.all[subset as usize], class as usize);
        if let Some(&after) = from.after.get(class)
            && after != UNKNOWN
        {
            return Ok(after);
        }
        if from.next.is_none() {
            from.after = vec![UNKNOWN; self.classes.len()];
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
            front.pay(links + self.classes.len() + 2 * self.words)?;
        }
        front.pay(2 * self.words)?;
        let mut bits = from.next.clone().unwrap_or_default();
        for (bits, enters) in bits.iter_mut().zip(&self.classes[class].1) {
            *bits &= enters;
        }
        let after = self.number(bits);
        self.all[subset as usize].after[class] = after;
        Ok(after)
    }
}

/// The states of a subset.
fn members(bits: &[u64]) -> impl Iterator<Item = usize> + '_ {
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
