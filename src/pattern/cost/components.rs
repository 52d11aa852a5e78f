//! The loops of an automaton: its strongly connected components (Tarjan, "Depth-first search and linear
//! graph algorithms", 1972), without recursion. What leads to a match for certain is left out: no line
//! that fails comes through there.

use super::automaton::{Automaton, START};

/// No component.
pub(super) const NONE: u32 = u32::MAX;

/// The components that hold a cycle.
#[derive(Debug)]
pub(super) struct Components {
    /// The states of each; a component comes before those that lead to it.
    pub(super) members: Vec<Vec<u32>>,
    /// The component of each state, or [`NONE`].
    pub(super) of: Vec<u32>,
}

impl Components {
    pub(super) fn new(automaton: &Automaton) -> Self {
        const UNSEEN: u32 = u32::MAX;
        let states = &automaton.states;
        let mut found = Self { members: Vec::new(), of: vec![NONE; states.len()] };
        let mut order = vec![UNSEEN; states.len()];
        let mut low = vec![0; states.len()];
        let mut open = vec![false; states.len()];
        let mut stack: Vec<u32> = Vec::new();
        let mut count = 0;
        // Each state under way, and how many of its ways have been gone.
        let mut path: Vec<(u32, usize)> = vec![(START, 0)];
        while let Some((state, gone)) = path.last_mut() {
            let (at, index) = (*state, *state as usize);
            if *gone == 0 {
                order[index] = count;
                low[index] = count;
                count += 1;
                open[index] = true;
                stack.push(at);
            }
            if let Some(&next) = states[index].next.get(*gone) {
                *gone += 1;
                let to = next as usize;
                if order[to] == UNSEEN && !states[to].found {
                    path.push((next, 0));
                } else if open[to] {
                    low[index] = low[index].min(order[to]);
                }
                continue;
            }
            path.pop();
            if let Some(&(parent, _)) = path.last() {
                low[parent as usize] = low[parent as usize].min(low[index]);
            }
            if low[index] == order[index] {
                found.close(automaton, index, &mut stack, &mut open);
            }
        }
        found
    }

    /// Takes the component of a state off the stack.
    fn close(
        &mut self,
        automaton: &Automaton,
        root: usize,
        stack: &mut Vec<u32>,
        open: &mut [bool],
    ) {
        let from = stack.iter().rposition(|&state| state as usize == root).unwrap_or(0);
        let mut members = stack.split_off(from);
        for &state in &members {
            open[state as usize] = false;
        }
        let is_cycle = members.len() > 1
            || automaton.states[root].next.iter().any(|&next| next as usize == root);
        if is_cycle {
            let number = u32::try_from(self.members.len()).unwrap_or(NONE);
            for &state in &members {
                self.of[state as usize] = number;
            }
            members.sort_unstable();
            self.members.push(members);
        }
    }
}
