//! Two searches over the product of two automata, each for a cheapest line (A*: Hart, Nilsson and
//! Raphael, "A Formal Basis for the Heuristic Determination of Minimum Cost Paths", 1968). What each
//! automaton alone still needs is known, never more than the truth, and guides the search.
//!
//! A line that both find: over pairs of states; no subsets are needed, so nothing can blow up. A line
//! that one finds and the other does not: over a state of the one and the set of all states that the
//! other may be in, made as needed. Of two such nodes with the same state the one with fewer states of
//! the other is the better one, and none is of use in which the other can do all that the one can (antichains
//! with simulation: Abdulla, Chen, Holík, Mayr and Vojnar, "When Simulation Meets Antichains", 2010).

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::hash::{BuildHasherDefault, Hasher};

use super::chars::Penalty;
use super::graph::{Graph, NEVER, START, STEP};
use super::simulation::simulation;
use super::subsets::{Prepared, Subset, Subsets, meet};
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
    front.reach((0, 0), (0, (0, 0)), None, start, 0)?;
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
                    let rest = needs(to_left, to_right);
                    front.reach((to_left, to_right), (cost, node), Some(c), rest, 0)?;
                }
            }
        }
    }
    Ok(None)
}

/// A cheapest line that `a` finds and `b` does not; `None` if there is none.
pub(super) fn difference(
    a: &Graph,
    b: &Graph,
    prepared: &Prepared,
    limits: &Limits,
) -> Result<Option<String>, Undecided> {
    if a.states[START].rest == NEVER {
        return Ok(None);
    }
    let mut front = Front::new(limits);
    let mut subsets = Subsets::new(b, prepared);
    // What `a` can still find, `b` finds anyway if it may be in one of these states.
    let covered = simulation(a, b);
    front.pay(a.states.len() * subsets.words)?;
    let covers = |at: u32, subset: &Subset| {
        subset.found
            || covered.as_ref().is_some_and(|states| meet(&states[at as usize], &subset.bits))
    };
    if covers(0, &subsets.all[0]) {
        return Ok(None);
    }
    let mut meets: Vec<Vec<(u32, char, Penalty)>> = vec![Vec::new(); a.sets.len()];
    let mut met = vec![false; a.sets.len()];
    let mut least: Vec<Vec<u32>> = vec![Vec::new(); a.states.len()];
    front.reach((0, 0), (0, (0, 0)), None, a.states[START].rest, 0)?;
    while let Some((node, cost)) = front.next() {
        let (at, subset) = (node.0 as usize, node.1);
        let (state, others) = (&a.states[at], &subsets.all[subset as usize]);
        if state.accepts && !others.accepts {
            return Ok(Some(front.text(node)));
        }
        front.pay(1 + least[at].len())?;
        if least[at].iter().any(|&other| subsets.all[other as usize].is_below(others)) {
            continue;
        }
        least[at].push(subset);
        for &to in &state.next {
            let to_state = &a.states[to as usize];
            let set = to_state.set;
            if !met[set] {
                met[set] = true;
                front.pay(prepared.classes.len())?;
                meets[set] = (0..)
                    .zip(&prepared.classes)
                    .filter_map(|(class, (chars, _))| {
                        let (c, penalty) = a.sets[set].best_with(chars)?;
                        Some((class, c, penalty))
                    })
                    .collect();
            }
            front.pay(meets[set].len())?;
            for &(class, c, penalty) in &meets[set] {
                let after = subsets.step(subset, class, &mut front)?;
                let others = &subsets.all[after as usize];
                if !covers(to, others) {
                    let cost = cost + STEP + penalty;
                    front.reach((to, after), (cost, node), Some(c), to_state.rest, others.size)?;
                }
            }
        }
    }
    Ok(None)
}

/// A node of a product: a state of the first, and a state or the number of a subset of the second.
type Node = (u32, u32);

/// Which node comes next: the one through which a whole line costs the least, of those the one that has
/// come the farthest, then the one with the smallest subset, then by number, so that the order is always
/// the same.
type Rank = (u64, Reverse<u64>, u32, Node);

/// The border of a search: what has been reached, and in which order to go on.
pub(super) struct Front<'l> {
    reached: HashMap<Node, Reached, BuildHasherDefault<NodeHasher>>,
    open: BinaryHeap<Reverse<Rank>>,
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
    pub(super) fn pay(&mut self, steps: usize) -> Result<(), Undecided> {
        self.steps = self.steps.saturating_add(steps as u64);
        if self.steps > self.limits.steps {
            let steps = self.limits.steps;
            return Err(Undecided::new(format!("the search takes more than {steps} steps")));
        }
        Ok(())
    }

    /// Reaches a node at a cost from another; from here a rest costs at least `rest`. Its subset has a
    /// size.
    fn reach(
        &mut self,
        node: Node,
        (cost, from): (u64, Node),
        by: Option<char>,
        rest: u64,
        size: u32,
    ) -> Result<(), Undecided> {
        let reached = self.reached.entry(node).or_insert(Reached { cost: NEVER, from, by });
        if cost < reached.cost {
            *reached = Reached { cost, from, by };
            if self.reached.len() > self.limits.pairs {
                let pairs = self.limits.pairs;
                return Err(Undecided::new(format!("the product has more than {pairs} states")));
            }
            self.open.push(Reverse((cost.saturating_add(rest), Reverse(cost), size, node)));
        }
        Ok(())
    }

    /// The best node that is left, and its cost.
    fn next(&mut self) -> Option<(Node, u64)> {
        while let Some(Reverse((_, Reverse(cost), _, node))) = self.open.pop() {
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
