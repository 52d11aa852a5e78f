//! Pairs that hang together, directly or through others.

use std::collections::HashMap;

/// The places in a list of the pairs that hang together, group by group: each in order, and the groups by
/// their first.
pub(super) fn connected(pairs: impl Iterator<Item = (usize, usize)> + Clone) -> Vec<Vec<usize>> {
    let mut parents = HashMap::new();
    for (a, b) in pairs.clone() {
        let (a, b) = (root(&mut parents, a), root(&mut parents, b));
        parents.insert(a.max(b), a.min(b));
    }
    let mut groups: HashMap<usize, Vec<usize>> = HashMap::new();
    for (at, (a, _)) in pairs.enumerate() {
        groups.entry(root(&mut parents, a)).or_default().push(at);
    }
    let mut groups: Vec<Vec<usize>> = groups.into_values().collect();
    groups.sort_unstable();
    groups
}

/// What stands for all that hangs together with an entry; the way there is shortened (disjoint sets with
/// path halving, Tarjan and van Leeuwen 1984).
fn root(parents: &mut HashMap<usize, usize>, mut at: usize) -> usize {
    while let Some(parent) = parents.get(&at).copied().filter(|parent| *parent != at) {
        if let Some(above) = parents.get(&parent).copied() {
            parents.insert(at, above);
        }
        at = parent;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::connected;

    #[test]
    fn pairs_hang_together_through_others_in_any_order() {
        let pairs = [(8, 9), (1, 2), (5, 4), (2, 3), (4, 1), (9, 7), (10, 10)];
        assert_eq!(connected(pairs.into_iter()), [vec![0, 5], vec![1, 2, 3, 4], vec![6]]);
    }
}
