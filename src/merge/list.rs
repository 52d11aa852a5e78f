//! Three versions of a list: which item is which, which are there, and in which order.

use std::collections::HashSet;

use serde_json::Value as Json;

use super::Side;
use super::node::Node;
use super::value::{Merger, Three, conflict};
use crate::diff::pairing::{Identity, in_order, pair};
use crate::schema::Shape;

/// The items of ours, of the base, of theirs.
pub(super) type Versions = [Vec<Json>; 3];

/// A list in three versions.
pub(super) struct Lists(Versions);

impl Lists {
    pub(super) fn new(versions: Versions) -> Self {
        Self(versions)
    }

    fn of(&self, side: Side) -> &[Json] {
        &self.0[side as usize]
    }

    /// The item of each version that is in a slot.
    fn at(&self, slot: Slot) -> Three<'_> {
        Side::ALL.map(|side| self.of(side).get(slot[side as usize]?))
    }
}

/// One item: its place in ours, in the base, in theirs.
type Slot = [Option<usize>; 3];

const OURS: usize = Side::Ours as usize;
const BASE: usize = Side::Base as usize;
const THEIRS: usize = Side::Theirs as usize;

/// How the items of a list of the schema, or under a key of somebody's own, are known.
pub(super) fn identity(shape: Option<&Shape>, key: &str) -> Identity {
    match Identity::of(key) {
        Identity::Set if shape.is_none() => Identity::Likeness,
        identity => identity,
    }
}

/// Merges lists that stand beside each other, the first of which tells which item is which.
pub(super) fn merge(
    merger: &mut Merger,
    shape: Option<&Shape>,
    key: &str,
    lists: &[&Lists],
) -> Vec<Vec<Node>> {
    let Some(first) = lists.first() else { return Vec::new() };
    let identity = identity(shape, key);
    if identity == Identity::Set {
        return vec![set(first)];
    }
    let alignment = Alignment::new(identity, first);
    if alignment.has_two_orders {
        merger.notes.push(format!("both sides reordered `{key}`: the order of ours was kept"));
    }
    let mut results = vec![Vec::new(); lists.len()];
    let mut is_without = false;
    for slot in alignment.slots {
        let nodes = item(merger, shape, key, lists, slot);
        let is_there = nodes.first().is_some_and(Option::is_some);
        is_without |= is_there && nodes.iter().any(Option::is_none);
        for (result, node) in results.iter_mut().zip(nodes) {
            result.extend(node);
        }
    }
    if is_without {
        merger.notes.push(format!(
            "`{key}_zh` has no text for some of `{key}`: see that those that are there stand beside the right ones"
        ));
    }
    results
}

/// What becomes of an item, in each of the lists.
fn item(
    merger: &mut Merger,
    shape: Option<&Shape>,
    key: &str,
    lists: &[&Lists],
    slot: Slot,
) -> Vec<Option<Node>> {
    let nothing = vec![None; lists.len()];
    let versions: Vec<Three<'_>> = lists.iter().map(|list| list.at(slot)).collect();
    let stays = |side: usize| {
        versions.iter().all(|sides| sides[side].is_none() || sides[side] == sides[BASE])
    };
    let (with, without) = (slot.map(|place| place.is_some()), slot.map(|place| place.is_none()));
    match () {
        // One side has taken it out; the other has left it as it was, or not.
        () if with[BASE] && without[OURS] && (without[THEIRS] || stays(THEIRS)) => nothing,
        () if with[BASE] && without[THEIRS] && stays(OURS) => nothing,
        () if with[BASE] && (without[OURS] || without[THEIRS]) => {
            let is_said = |sides: &Three<'_>| sides.iter().any(Option::is_some);
            versions.iter().map(|sides| is_said(sides).then(|| conflict(*sides))).collect()
        }
        () => {
            let names = [key, "workarounds_zh"];
            let mut nodes = Vec::new();
            for (sides, name) in versions.iter().zip(names) {
                // An item of texts has no key of its own.
                nodes.push(merger.value(shape, name, *sides));
            }
            nodes
        }
    }
}

/// What is in both, or new on one side.
fn set(lists: &Lists) -> Vec<Node> {
    let has = |side: Side, item: &Json| lists.of(side).contains(item);
    let is_kept = |item: &&Json| {
        let (ours, base, theirs) =
            (has(Side::Ours, item), has(Side::Base, item), has(Side::Theirs, item));
        if base { ours && theirs } else { true }
    };
    let all = lists.of(Side::Ours).iter().chain(lists.of(Side::Theirs));
    let mut items: Vec<&Json> = all.filter(is_kept).collect();
    items.sort_by_key(|item| item.as_str());
    items.dedup();
    items.into_iter().cloned().map(Node::Agreed).collect()
}

/// What an item is called; the same name is the same item. `None` if it says nothing.
fn name(identity: Identity, item: &Json) -> Option<String> {
    let key = if let Identity::Key(key) = identity { key } else { "action" };
    let text = item.get(key)?.as_str()?.trim_end_matches(['.', '。']).to_lowercase();
    (!text.is_empty()).then_some(text)
}

/// Whether two items are the same one, though they need not say the same of it.
pub(super) fn is_same(identity: Identity, a: &Json, b: &Json) -> bool {
    a == b || name(identity, a).is_some_and(|own| name(identity, b) == Some(own))
}

/// The items of a list in the order of the result.
struct Alignment {
    slots: Vec<Slot>,
    /// Whether both sides moved an item to different places.
    has_two_orders: bool,
}

impl Alignment {
    fn new(identity: Identity, lists: &Lists) -> Self {
        let (ours, base, theirs) =
            (lists.of(Side::Ours), lists.of(Side::Base), lists.of(Side::Theirs));
        let (left, right) = (pair(identity, base, ours), pair(identity, base, theirs));
        let apart = |pairs: &[(usize, usize)], own: &[Json], others: &[Json], of_others: &[_]| {
            let new = unpaired(of_others, others.len());
            let is_apart = |(old, at): &(usize, usize)| {
                let is_new = |other: &usize| is_same(identity, &own[*at], &others[*other]);
                !is_same(identity, &base[*old], &own[*at]) && new.iter().any(is_new)
            };
            pairs.iter().filter(|pair| !is_apart(pair)).copied().collect::<Vec<_>>()
        };
        // What one side has made of an item may be what the other has added: then both have added it.
        let (left, right) =
            (apart(&left, ours, theirs, &right), apart(&right, theirs, ours, &left));
        let mut slots: Vec<Slot> = (0..base.len()).map(|at| [None, Some(at), None]).collect();
        for (pairs, side) in [(&left, OURS), (&right, THEIRS)] {
            for (old, new) in pairs {
                slots[*old][side] = Some(*new);
            }
        }
        let mut added = unpaired(&right, theirs.len());
        for own in unpaired(&left, ours.len()) {
            let equal = added.iter().position(|other| theirs[*other] == ours[own]);
            let same =
                || added.iter().position(|other| is_same(identity, &ours[own], &theirs[*other]));
            let other = equal.or_else(same).map(|at| added.remove(at));
            slots.push([Some(own), None, other]);
        }
        slots.extend(added.into_iter().map(|other| [None, None, Some(other)]));
        Self::ordered(&slots, &moved(&left), &moved(&right))
    }

    /// The order of ours, in which what only theirs has moved or has at all stands behind what it stands
    /// behind in theirs. What ours has added there comes first. Where both have moved the same item to
    /// different places, nothing of the order of theirs counts.
    fn ordered(slots: &[Slot], moved: &HashSet<usize>, moved_in: &HashSet<usize>) -> Self {
        let by = |side: usize| {
            let mut order: Vec<usize> =
                (0..slots.len()).filter(|slot| slots[*slot][side].is_some()).collect();
            order.sort_by_key(|slot| slots[*slot][side]);
            order
        };
        let in_both = |order: &[usize]| -> Vec<usize> {
            let is_in_both = |slot: &&usize| slots[**slot].iter().all(Option::is_some);
            order.iter().filter(is_in_both).copied().collect()
        };
        let (ours, theirs) = (by(OURS), by(THEIRS));
        let has_two_orders = !moved.is_disjoint(moved_in) && in_both(&ours) != in_both(&theirs);
        let is_free = |slot: usize| {
            let old = slots[slot][BASE];
            !has_two_orders
                && old.is_some_and(|old| moved_in.contains(&old) && !moved.contains(&old))
        };
        let mut order: Vec<usize> = ours
            .iter()
            .copied()
            .filter(|slot| slots[*slot][THEIRS].is_none() || !is_free(*slot))
            .collect();
        let mut before: Option<usize> = None;
        for slot in theirs.iter().copied() {
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
        Self { slots: order.into_iter().map(|slot| slots[slot]).collect(), has_two_orders }
    }
}

/// The places of a list that are in no pair.
fn unpaired(pairs: &[(usize, usize)], count: usize) -> Vec<usize> {
    let taken: HashSet<usize> = pairs.iter().map(|pair| pair.1).collect();
    (0..count).filter(|place| !taken.contains(place)).collect()
}

/// The places in the base of the items that a side has moved.
fn moved(pairs: &[(usize, usize)]) -> HashSet<usize> {
    let stays = in_order(pairs);
    pairs.iter().zip(stays).filter(|(_, stays)| !stays).map(|(pair, _)| pair.0).collect()
}
