//! Which item of one version of a list is which of the others, and in which order they stand in the result.
//!
//! An item is known by its key: the name of a version, the target of a link, the action of a workaround or a
//! dead end, an address. Under another key it is another item: one was removed and one added. Whether the target
//! of a link was only renamed cannot be seen from one entry. Where advice was reworded or replaced, the old item
//! and the new one share an [`ItemTriple`], so that what the other side made of the old one meets it in one conflict.
//! Nothing is carried over from one key to another.

use std::collections::{HashMap, HashSet};

use serde_json::Value as Json;

use super::Side;
use crate::diff::pairing::{Pairing, in_order};
use crate::fields;

/// One item: its place in ours, in the base, in theirs.
pub(super) type ItemTriple = [Option<usize>; 3];

const OURS: usize = Side::Ours as usize;
const BASE: usize = Side::Base as usize;
const THEIRS: usize = Side::Theirs as usize;

/// What the items of a list are known by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Identity {
    /// The text under a key.
    Key(&'static str),
    /// All that they say.
    Value,
    /// The same, and their order says nothing.
    Set,
}

impl Identity {
    /// What the items of the list under a key of the schema are known by.
    pub(super) fn of(key: &str) -> Self {
        let Some(field) = fields::all().find(|field| field.name == key) else { return Self::Value };
        let named = field.shape.fields().iter().find(|inner| inner.names_item);
        match (field.items, named) {
            (fields::Identity::Set, _) => Self::Set,
            (_, Some(named)) => Self::Key(named.name),
            _ => Self::Value,
        }
    }

    /// What an item is called; `None` if it says nothing.
    fn name(self, item: &Json) -> Option<&str> {
        let Self::Key(key) = self else { return None };
        item[key].as_str().filter(|name| !name.is_empty())
    }

    /// The name without case and a full stop.
    fn spoken(self, item: &Json) -> Option<String> {
        self.name(item).map(|name| name.trim_end_matches(['.', '。']).to_lowercase())
    }

    /// Whether two items are the same one, though they need not say the same of it.
    pub(super) fn is_same(self, a: &Json, b: &Json) -> bool {
        a == b || self.name(a).is_some_and(|own| self.name(b) == Some(own))
    }

    /// Whether a new name may be a new wording.
    fn is_advice(self) -> bool {
        self == Self::Key("action")
    }
}

/// The items of the result, in its order.
pub(super) struct Alignment {
    /// The items.
    pub(super) slots: Vec<ItemTriple>,
    /// Whether the order of theirs could not be brought together with that of ours.
    pub(super) has_two_orders: bool,
}

/// Aligns ours, the base and theirs. `None` where a name stands twice in a version and both sides have changed what
/// bears it: then it cannot be said which is which.
pub(super) fn align(identity: Identity, versions: [&[Json]; 3]) -> Option<Alignment> {
    if is_ambiguous(identity, versions) {
        return None;
    }
    let [ours, base, theirs] = versions;
    let (mut left, mut right) = (by_name(identity, base, ours), by_name(identity, base, theirs));
    // What both have added, by name.
    let mut added = Pairing::of(left.new, right.new);
    added.by(|own| Some(ours[own].to_string()), |other| Some(theirs[other].to_string()));
    let name = |item| identity.name(item).map(str::to_owned);
    added.by(|own| name(&ours[own]), |other| name(&theirs[other]));
    added.by(|own| identity.spoken(&ours[own]), |other| identity.spoken(&theirs[other]));
    (left.new, right.new) = (added.old, added.new);
    if identity.is_advice() {
        reworded(&mut left, base, ours);
        reworded(&mut right, base, theirs);
    }
    let mut slots: Vec<ItemTriple> = (0..base.len()).map(|at| [None, Some(at), None]).collect();
    for (pairing, side) in [(&mut left, OURS), (&mut right, THEIRS)] {
        pairing.pairs.sort_unstable();
        for (old, new) in &pairing.pairs {
            slots[*old][side] = Some(*new);
        }
    }
    slots.extend(added.pairs.into_iter().map(|(own, other)| [Some(own), None, Some(other)]));
    slots.extend(left.new.into_iter().map(|own| [Some(own), None, None]));
    slots.extend(right.new.into_iter().map(|other| [None, None, Some(other)]));
    Some(ordered(&slots, &moved(&left.pairs), &moved(&right.pairs)))
}

/// Pairs what is the same, and then what has the same name.
fn by_name(identity: Identity, old: &[Json], new: &[Json]) -> Pairing {
    let mut pairing = Pairing::of((0..old.len()).collect(), (0..new.len()).collect());
    pairing.by(|at| Some(old[at].to_string()), |at| Some(new[at].to_string()));
    let name = |item| identity.name(item).map(str::to_owned);
    pairing.by(|at| name(&old[at]), |at| name(&new[at]));
    pairing
}

/// Pairs what is left by what it says, and then what stands in the place of another.
fn reworded(pairing: &mut Pairing, old: &[Json], new: &[Json]) {
    pairing.by_likeness(old, new);
    pairing.pairs.sort_unstable();
    let stays = in_order(&pairing.pairs);
    let anchors: Vec<(usize, usize)> = pairing
        .pairs
        .iter()
        .zip(stays)
        .filter_map(|(pair, stays)| stays.then_some(*pair))
        .collect();
    // The number of the gap between items that stayed.
    let gap = |at: usize, place: fn(&(usize, usize)) -> usize| {
        Some(anchors.partition_point(|anchor| place(anchor) < at).to_string())
    };
    pairing.by(|at| gap(at, |anchor| anchor.0), |at| gap(at, |anchor| anchor.1));
}

/// Whether a name stands twice and it cannot be said which of its bearers a side has changed, taken out or put
/// another in the place of.
fn is_ambiguous(identity: Identity, versions: [&[Json]; 3]) -> bool {
    let mut bearers: HashMap<&str, [Vec<&Json>; 3]> = HashMap::new();
    for (side, items) in versions.into_iter().enumerate() {
        for item in items {
            if let Some(name) = identity.name(item) {
                bearers.entry(name).or_default()[side].push(item);
            }
        }
    }
    let is_new = |[ours, base, theirs]: &[Vec<&Json>; 3]| {
        base.is_empty() && !(ours.is_empty() && theirs.is_empty())
    };
    let any_new = bearers.values().any(is_new);
    let mut bearers = bearers.into_values();
    bearers.any(|[ours, base, theirs]| {
        let is_repeated = [&ours, &base, &theirs].iter().any(|items| items.len() > 1);
        // Both have taken one out; what is new may stand in the place of another one on each side.
        let is_same = ours == theirs && !(any_new && ours.len() < base.len());
        is_repeated && ours != base && base != theirs && !is_same
    })
}

/// The places in the base of the items that a side has moved.
fn moved(pairs: &[(usize, usize)]) -> HashSet<usize> {
    let stays = in_order(pairs);
    pairs.iter().zip(stays).filter(|(_, stays)| !stays).map(|(pair, _)| pair.0).collect()
}

/// The order of ours, in which what only theirs has moved stands where theirs has put it. If both have moved the same item
/// to different places, or some exchange of two items is lost that way, nothing of the order of theirs counts.
fn ordered(slots: &[ItemTriple], moved: &HashSet<usize>, moved_in: &HashSet<usize>) -> Alignment {
    let is_free = |slot: &ItemTriple| {
        slot[BASE].is_some_and(|old| moved_in.contains(&old) && !moved.contains(&old))
    };
    let both = interleaved(slots, is_free);
    let in_all = || slots.iter().filter(|slot| slot.iter().all(Option::is_some));
    let is_as_in_theirs = {
        let mut in_ours: Vec<&ItemTriple> = in_all().collect();
        in_ours.sort_by_key(|slot| slot[OURS]);
        in_ours.is_sorted_by_key(|slot| slot[THEIRS])
    };
    let has_two_orders =
        (!moved.is_disjoint(moved_in) && !is_as_in_theirs) || loses_exchange(&both);
    let slots = if has_two_orders { interleaved(slots, |_| false) } else { both };
    Alignment { slots, has_two_orders }
}

/// The order of ours, in which what is free or only in theirs stands behind what it stands behind in theirs. What ours
/// has added there comes first.
fn interleaved(slots: &[ItemTriple], is_free: impl Fn(&ItemTriple) -> bool) -> Vec<ItemTriple> {
    let by = |side: usize| {
        let mut order: Vec<usize> =
            (0..slots.len()).filter(|slot| slots[*slot][side].is_some()).collect();
        order.sort_by_key(|slot| slots[*slot][side]);
        order
    };
    let is_fixed = |slot: &usize| slots[*slot][THEIRS].is_none() || !is_free(&slots[*slot]);
    let mut order: Vec<usize> = by(OURS).into_iter().filter(is_fixed).collect();
    let mut before: Option<usize> = None;
    for slot in by(THEIRS) {
        if !order.contains(&slot) {
            let behind = before.and_then(|before| order.iter().position(|own| *own == before));
            let mut at = behind.map_or(0, |behind| behind + 1);
            let is_of_ours =
                |slot: &usize| slots[*slot][BASE].is_none() && slots[*slot][THEIRS].is_none();
            while slots[slot][BASE].is_none() && order.get(at).is_some_and(is_of_ours) {
                at += 1;
            }
            order.insert(at, slot);
        }
        before = Some(slot);
    }
    order.into_iter().map(|slot| slots[slot]).collect()
}

/// Whether two items stand in this order as neither side has put them: each exchange that a side has made is one here.
fn loses_exchange(order: &[ItemTriple]) -> bool {
    let places: Vec<[usize; 3]> =
        order.iter().filter_map(|slot| Some([slot[0]?, slot[1]?, slot[2]?])).collect();
    places.iter().enumerate().any(|(at, first)| {
        places[at + 1..].iter().any(|second| {
            let is_turned = |side: usize| first[side] > second[side];
            let side = if is_turned(BASE) == is_turned(OURS) { THEIRS } else { OURS };
            is_turned(side)
        })
    })
}
