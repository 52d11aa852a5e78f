//! Which state can do all that another can (simulation: Milner, "An Algebraic Definition of Simulation
//! between Programs", 1971). A state that is simulated finds no line that the other does not find from
//! there on. The opposite does not hold, so this only makes a search shorter and never decides anything
//! that the search would not.

use super::graph::Graph;
use super::subsets::members;

/// Beyond so many pairs of states it is not worth the work.
const MOST_PAIRS: usize = 4_000_000;

/// Nor beyond so many steps: contrived patterns need one round for each of their states.
const MOST_STEPS: usize = 40_000_000;

/// For each state of `a`, the states of `b` that simulate it, as bits; `None` if that is too much work.
pub(super) fn simulation(a: &Graph, b: &Graph) -> Option<Vec<Box<[u64]>>> {
    let words = b.states.len().div_ceil(64);
    let none = vec![0_u64; words].into_boxed_slice();
    if a.states.len().saturating_mul(b.states.len()) > MOST_PAIRS {
        return None;
    }
    let bits = |holds: &dyn Fn(usize) -> bool| {
        let mut bits = none.clone();
        for state in (0..b.states.len()).filter(|&state| holds(state)) {
            bits[state / 64] |= 1 << (state % 64);
        }
        bits
    };
    let all = bits(&|_| true);
    let accepting = bits(&|state| b.states[state].accepts);
    let found = bits(&|state| b.states[state].found);
    // Of each set of characters, the states of `b` that take all of it.
    let takes: Vec<Box<[u64]>> = a
        .sets
        .iter()
        .map(|set| {
            let wider: Vec<bool> = b.sets.iter().map(|other| set.is_within(other)).collect();
            bits(&|state| state > 0 && wider[b.states[state].set])
        })
        .collect();
    let before_a = before(a);
    let before_b = before(b);
    let mut simulated: Vec<Box<[u64]>> = a
        .states
        .iter()
        .map(|state| if state.accepts { accepting.clone() } else { all.clone() })
        .collect();
    // From the ends backwards, so that little has to be done twice.
    let mut order: Vec<usize> = (1..a.states.len()).collect();
    order.sort_by_key(|&state| a.states[state].rest);
    let mut changed = vec![true; a.states.len()];
    let mut steps = 0;
    while changed[1..].contains(&true) {
        for &to in &order {
            if !std::mem::take(&mut changed[to]) || before_a[to].is_empty() {
                continue;
            }
            // The states of `b` from which a step as the one to here leads to a state that is as good.
            let mut able = found.clone();
            let good = simulated[to].iter().zip(&takes[a.states[to].set]).map(|(s, t)| s & t);
            for state in members(&good.collect::<Vec<u64>>()) {
                steps += 1 + before_b[state].len();
                for &from in &before_b[state] {
                    able[from as usize / 64] |= 1 << (from % 64);
                }
            }
            steps += words * (1 + before_a[to].len());
            if steps > MOST_STEPS {
                return None;
            }
            for &from in &before_a[to] {
                let from = from as usize;
                for (mine, able) in simulated[from].iter_mut().zip(&able) {
                    changed[from] |= *mine & !able != 0;
                    *mine &= able;
                }
            }
        }
    }
    Some(simulated)
}

/// The states that lead to each.
fn before(graph: &Graph) -> Vec<Vec<u32>> {
    let mut before = vec![Vec::new(); graph.states.len()];
    for (index, state) in (0..).zip(&graph.states) {
        for &next in &state.next {
            before[next as usize].push(index);
        }
    }
    before
}
