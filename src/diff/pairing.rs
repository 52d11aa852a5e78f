//! Which item of an old list is which of a new one.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde_json::Value as Json;

use super::assignment::assign;
use super::likeness::Item;
pub use crate::fields::Identity;

/// Less alike, two items are not the same.
const LEAST: f64 = 0.32;
/// With more pairs to compare, an item is compared only with those that share rare words with it.
const MOST: usize = 40_000;

/// The pairs of items that are the same one, as their places in the old and in the new list, in the order of
/// the old one.
pub fn pair(identity: Identity, old: &[Json], new: &[Json]) -> Vec<(usize, usize)> {
    let mut pairing = Pairing::of((0..old.len()).collect(), (0..new.len()).collect());
    pairing.by(|place| Some(old[place].to_string()), |place| Some(new[place].to_string()));
    if let Identity::Key(key) = identity {
        let name = |item: &Json| item[key].as_str().map(str::to_owned);
        pairing.by(|place| name(&old[place]), |place| name(&new[place]));
    }
    if identity != Identity::Set && !pairing.old.is_empty() && !pairing.new.is_empty() {
        pairing.by_likeness(old, new);
    }
    pairing.pairs.sort_unstable();
    pairing.pairs
}

/// The pairs that were found, and what is left.
pub(crate) struct Pairing {
    /// The pairs, as places in the old and in the new list, in the order in which they were found.
    pub(crate) pairs: Vec<(usize, usize)>,
    /// The places in the old list that are not paired yet.
    pub(crate) old: Vec<usize>,
    /// The same in the new one.
    pub(crate) new: Vec<usize>,
}

impl Pairing {
    /// Places that are still to be paired.
    pub(crate) fn of(old: Vec<usize>, new: Vec<usize>) -> Self {
        Self { pairs: Vec::new(), old, new }
    }

    /// Pairs what has the same name; of several, the first with the first.
    pub(crate) fn by(
        &mut self,
        old_name: impl Fn(usize) -> Option<String>,
        new_name: impl Fn(usize) -> Option<String>,
    ) {
        let mut named: HashMap<String, Vec<usize>> = HashMap::new();
        for place in self.new.iter().rev() {
            if let Some(name) = new_name(*place) {
                named.entry(name).or_default().push(*place);
            }
        }
        let mut taken = Vec::new();
        self.old.retain(|old| {
            let found = old_name(*old).and_then(|name| named.get_mut(&name)?.pop());
            found.map(|new| taken.push((*old, new))).is_none()
        });
        let places: HashSet<usize> = taken.iter().map(|pair| pair.1).collect();
        self.new.retain(|new| !places.contains(new));
        self.pairs.append(&mut taken);
    }

    /// Pairs what is left and alike, so that the pairs are worth most together.
    pub(crate) fn by_likeness(&mut self, old: &[Json], new: &[Json]) {
        let items = |places: &[usize], list: &[Json]| -> Vec<Item> {
            places.iter().map(|place| Item::new(&list[*place])).collect()
        };
        let (olds, news) = (items(&self.old, old), items(&self.new, new));
        let taken = if olds.len() * news.len() <= MOST {
            assigned(&olds, &news, LEAST)
        } else {
            greedy(&olds, &news)
        };
        let taken: Vec<_> =
            taken.iter().map(|(row, column)| (self.old[*row], self.new[*column])).collect();
        let (olds, news): (HashSet<usize>, HashSet<usize>) = taken.iter().copied().unzip();
        self.old.retain(|old| !olds.contains(old));
        self.new.retain(|new| !news.contains(new));
        self.pairs.extend(taken);
    }
}

/// The pairs of two lists, of which no item is in the other, that are alike enough; each item is in one at most.
pub(super) fn alike(old: &[Json], new: &[Json], least: f64) -> Vec<(usize, usize)> {
    let items = |list: &[Json]| -> Vec<Item> { list.iter().map(Item::new).collect() };
    assigned(&items(old), &items(new), least)
}

/// The pairs that are worth most together, each of which is alike enough.
fn assigned(olds: &[Item], news: &[Item], least: f64) -> Vec<(usize, usize)> {
    let worth = |a: &Item, b: &Item| Some(a.likeness(b)).filter(|like| *like >= least);
    let row = |a: &Item| news.iter().map(|b| worth(a, b).unwrap_or(0.0)).collect();
    let values: Vec<Vec<f64>> = olds.iter().map(row).collect();
    let assigned = assign(&values).into_iter().enumerate();
    assigned.filter_map(|(row, column)| Some((row, column?))).collect()
}

/// Pairs of long lists: each item is compared with those few that share its rarest words, and the pairs that are most
/// alike are taken first.
fn greedy(olds: &[Item], news: &[Item]) -> Vec<(usize, usize)> {
    /// So many words of an item are looked up.
    const WORDS: usize = 12;
    /// A word that more items have tells nothing.
    const COMMON: usize = 50;
    /// With so many others an item is compared.
    const OTHERS: usize = 8;
    let mut holders: HashMap<u32, Vec<usize>> = HashMap::new();
    for (column, item) in news.iter().enumerate() {
        for word in item.words() {
            holders.entry(word).or_default().push(column);
        }
    }
    let mut pairs: Vec<(f64, usize, usize)> = Vec::new();
    for (row, item) in olds.iter().enumerate() {
        let mut lists: Vec<&Vec<usize>> = item
            .words()
            .into_iter()
            .filter_map(|word| holders.get(&word))
            .filter(|list| list.len() <= COMMON)
            .collect();
        lists.sort_by_key(|list| list.len());
        let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
        for column in lists.iter().take(WORDS).flat_map(|list| list.iter()) {
            *counts.entry(*column).or_default() += 1;
        }
        let mut others: Vec<(usize, usize)> = counts.into_iter().collect();
        others.sort_by_key(|(column, count)| (std::cmp::Reverse(*count), *column));
        for (column, _) in others.into_iter().take(OTHERS) {
            pairs.push((item.likeness(&news[column]), row, column));
        }
    }
    pairs.retain(|(like, ..)| *like >= LEAST);
    pairs.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    let (mut is_taken, mut is_paired) = (vec![false; news.len()], vec![false; olds.len()]);
    let mut taken = Vec::new();
    for (_, row, column) in pairs {
        if !is_paired[row] && !is_taken[column] {
            (is_paired[row], is_taken[column]) = (true, true);
            taken.push((row, column));
        }
    }
    taken
}

/// Those of some pairs, in the order of the old list, that have kept their order: a longest increasing
/// subsequence of the new places; of several, one with the most items that have kept their place too. The others were
/// moved.
pub fn in_order(pairs: &[(usize, usize)]) -> Vec<bool> {
    let mut places: Vec<usize> = pairs.iter().map(|(_, new)| *new).collect();
    places.sort_unstable();
    // For each place the best sequence that ends there or before, in a tree of maxima (Fenwick, "A New Data Structure
    // for Cumulative Frequency Tables", 1994): its length, how many have kept their place, and its last pair.
    let mut best: Vec<Option<(usize, usize, usize)>> = vec![None; pairs.len() + 1];
    let up_to = |best: &[Option<(usize, usize, usize)>], mut place: usize| {
        let mut found = None;
        while place > 0 {
            found = found.max(best[place]);
            place &= place - 1;
        }
        found
    };
    let mut before = vec![None; pairs.len()];
    for (at, (old, new)) in pairs.iter().enumerate() {
        let mut place = places.partition_point(|place| place < new);
        let found = up_to(&best, place);
        before[at] = found.map(|(.., pair)| pair);
        let (length, kept, _) = found.unwrap_or_default();
        let mine = Some((length + 1, kept + usize::from(old == new), at));
        place += 1;
        while place < best.len() {
            best[place] = best[place].max(mine);
            place += place & place.wrapping_neg();
        }
    }
    let mut stays = vec![false; pairs.len()];
    let mut at = up_to(&best, pairs.len()).map(|(.., pair)| pair);
    while let Some(pair) = at {
        stays[pair] = true;
        at = before[pair];
    }
    stays
}

#[cfg(test)]
mod tests {
    use super::in_order;

    #[test]
    fn what_keeps_its_place_in_a_list_turned_round_is_not_moved() {
        let stays = |new: &[usize]| -> Vec<usize> {
            let pairs: Vec<(usize, usize)> = new.iter().copied().enumerate().collect();
            let stays = in_order(&pairs).into_iter().enumerate();
            stays.filter_map(|(at, stays)| stays.then_some(at)).collect()
        };
        assert_eq!(stays(&[2, 1, 0]), [1]);
        assert_eq!(stays(&[3, 1, 2, 0]), [1, 2]);
        assert_eq!(stays(&[1, 2, 3, 0]), [0, 1, 2]);
        assert_eq!(stays(&[0, 4, 2, 1, 3]), [0, 2, 4]);
        assert_eq!(stays(&[]), [0_usize; 0]);
    }
}
