//! The items of a list. Which is which is told by what they say: those that say the same, and then those with the same
//! key, which is the first that the schema asks for: the name of a version, the target of a link, an action. An item
//! under another key is another item.

use std::collections::{BTreeSet, HashMap, HashSet, VecDeque};

use serde_json::{Map, Value as Json};

use super::{Deed, Look, Loss, Search, Standing, says_nothing, words};
use crate::fields::{self, Shape};
use crate::pointer::JsonPointer;

/// A list in the base, on one side, on the other, and in the result.
struct Lists<'v> {
    /// What items are known by; those without a key by all that they say.
    key: Option<&'static str>,
    base: &'v [Json],
    own: &'v [Json],
    other: &'v [Json],
    result: &'v [Json],
    /// The place of each item of the base on the side and on the other.
    base_in_own: Vec<Option<usize>>,
    base_in_other: Vec<Option<usize>>,
    base_in_result: Vec<Option<usize>>,
    /// The place of each item of the side in the base and in the result.
    own_in_base: Vec<Option<usize>>,
    own_in_result: Vec<Option<usize>>,
    /// The place of each item of the other side in the base and in the result.
    other_in_base: Vec<Option<usize>>,
    other_in_result: Vec<Option<usize>>,
    /// Behind which item of the base that is still there each item of the base, and of the side, stands.
    base_gaps: Vec<Option<usize>>,
    own_gaps: Vec<Option<usize>>,
}

/// The items of the base, the side, the other and the result that bear a name.
type Bearers<'v> = HashMap<String, [Vec<&'v Json>; 4]>;

impl<'v> Lists<'v> {
    fn new(look: Look<'v>, item: &Shape) -> Self {
        let key = match item {
            Shape::Object(object) => {
                object.fields.iter().find(|field| field.required).map(|field| field.name)
            }
            _ => None,
        };
        let [base, own, other, result] = look
            .each(|value| value.and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default());
        let base_in_own = places(key, base, own);
        let base_in_other = places(key, base, other);
        let own_in_base = turned_round(&base_in_own, own.len());
        let other_in_base = turned_round(&base_in_other, other.len());
        let own_gaps = gaps(own_in_base.iter().copied());
        let stays = base_in_own.iter().enumerate().map(|(old, own)| own.map(|_| old));
        let base_gaps = gaps(stays);
        Self {
            key,
            base_gaps,
            own_gaps,
            base,
            own,
            other,
            result,
            base_in_own,
            base_in_other,
            base_in_result: places(key, base, result),
            own_in_base,
            own_in_result: places(key, own, result),
            other_in_base,
            other_in_result: places(key, other, result),
        }
    }

    /// The items of each version by their names.
    fn bearers(&self) -> Bearers<'v> {
        let mut bearers = Bearers::new();
        for (version, items) in
            [self.base, self.own, self.other, self.result].into_iter().enumerate()
        {
            for item in items {
                bearers.entry(name(self.key, item)).or_default()[version].push(item);
            }
        }
        bearers
    }

    /// What the other side made of an item of the base; `None` if it took that out.
    fn on_other(&self, old: usize) -> Option<&'v Json> {
        self.base_in_other[old].map(|at| &self.other[at])
    }

    /// The item of the result that an item of the base is there, on the side, or on the other.
    fn in_result(&self, old: usize) -> Option<usize> {
        let own = self.base_in_own[old].and_then(|at| self.own_in_result[at]);
        let other = || self.base_in_other[old].and_then(|at| self.other_in_result[at]);
        own.or_else(other).or(self.base_in_result[old])
    }

    /// What the other side has added, by name, and by name without case and a full stop.
    fn added_by_other(&self) -> [HashMap<String, usize>; 2] {
        let new = || (0..self.other.len()).rev().filter(|at| self.other_in_base[*at].is_none());
        let named = |at: usize| name(self.key, &self.other[at]);
        [
            new().map(|at| (named(at), at)).collect(),
            new().map(|at| (spoken(&named(at)), at)).collect(),
        ]
    }

    /// Whether an item that the side has added may be what it put in the place of one of the base.
    fn is_instead(&self, own: usize, old: usize) -> bool {
        self.own_gaps[own] == self.base_gaps[old] || is_like(&self.own[own], &self.base[old])
    }

    /// The items of the base that the side took out, or words anew, and the other side changed, or words
    /// anew too; so many as can well be compared.
    fn contested(&self) -> Vec<usize> {
        const MOST: usize = 20;
        let gone = (0..self.base.len()).filter(|old| self.base_in_own[*old].is_none());
        let is_open = |old: &usize| self.on_other(*old) != Some(&self.base[*old]);
        gone.filter(is_open).take(MOST).collect()
    }

    /// Whether the result has what the other side made of an item of the base, which it may have taken out.
    fn has_of_other(&self, old: usize) -> bool {
        self.base_in_other[old].is_none_or(|at| {
            self.other_in_result[at].is_some_and(|to| self.result[to] == self.other[at])
        })
    }

    /// Whether it cannot be told from the items which edit is whose: both sides changed what bears a name that stands
    /// there several times, or took out together all that there was.
    fn is_one_value(&self, bearers: &Bearers<'_>) -> bool {
        let is_mixed = |[base, own, other, _]: &[Vec<&Json>; 4]| {
            [base, own, other].iter().any(|items| items.len() > 1)
                && base != own
                && base != other
                && own != other
        };
        let stays =
            |old: usize| self.base_in_own[old].is_some() && self.base_in_other[old].is_some();
        let is_emptied = self.own != self.base
            && self.other != self.base
            && !(0..self.base.len()).any(stays)
            && self.own_in_base.iter().chain(&self.other_in_base).all(Option::is_some);
        is_emptied || (self.key.is_some() && bearers.values().any(is_mixed))
    }
}

impl Search {
    /// The items of lists.
    pub(super) fn list(&mut self, look: Look<'_>, pointer: &JsonPointer, item: &Shape, key: &str) {
        let lists = Lists::new(look, item);
        let bearers = lists.bearers();
        let is_whole = self.stray && key == fields::beside()[0];
        if look.result == look.other && (is_whole || lists.is_one_value(&bearers)) {
            return self.one(look, pointer.clone(), None, key);
        }
        let outer = self.item.take();
        let place = |at: usize| pointer.clone().join(at);
        for old in 0..lists.base.len() {
            let base = Some(&lists.base[old]);
            let own = lists.base_in_own[old].map(|at| &lists.own[at]);
            let other = lists.on_other(old);
            let at = lists.in_result(old);
            let look = Look { base, own, other, result: at.map(|at| &lists.result[at]) };
            self.item = title(lists.key, &lists.base[old]);
            let [was, is, others, found] =
                bearers[&name(lists.key, &lists.base[old])].each_ref().map(Vec::len);
            match (own, at) {
                (Some(_), Some(at)) => self.value(look, place(at), Some(item), key),
                (None, Some(at)) if found > is + others.saturating_sub(was) => {
                    self.lose(look, place(at), Deed::Removed, look.standing());
                }
                // With the item all is gone that the side took out of it.
                (Some(own), None) if other.is_none() && has_less(own, &lists.base[old]) => {}
                (Some(own), None) if Some(own) != base => {
                    let at = lists.base_in_own[old].unwrap_or_default();
                    self.lose(look, place(at), Deed::Edited, look.standing());
                }
                (Some(_), None) if other == base => {
                    self.lose(look, place(old), Deed::Kept, Standing::Alone);
                }
                _ => {}
            }
        }
        self.additions(&lists, pointer, item, key);
        self.strangers(&lists, &bearers, pointer);
        self.item = outer;
        self.order(&lists, look, pointer);
    }

    /// What the side has added.
    fn additions(&mut self, lists: &Lists<'_>, pointer: &JsonPointer, item: &Shape, key: &str) {
        let mut contested = lists.contested();
        let [by_name, by_sound] = lists.added_by_other();
        for (at, own) in lists.own.iter().enumerate() {
            if lists.own_in_base[at].is_some() || says_nothing(own) {
                continue;
            }
            self.item = title(lists.key, own);
            let named = name(lists.key, own);
            let beside = by_name.get(&named).or_else(|| by_sound.get(&spoken(&named))).copied();
            let other = beside.map(|at| &lists.other[at]);
            let found = lists.own_in_result[at];
            let result = found.map(|at| &lists.result[at]);
            let look = Look { base: None, own: Some(own), other, result };
            if let Some(found) = found {
                let place = pointer.clone().join(found);
                let losses = self.within(look, &place, item, key);
                let is_of_other = |old: &usize| {
                    let (base, other) = (Some(&lists.base[*old]), lists.on_other(*old));
                    let look = Look { base, own: Some(own), other, result };
                    let is_overruled = |loss: &Loss| loss.standing == Standing::Overruled;
                    let turned = Look { base, own: other, other: Some(own), result };
                    is_reworded(lists.key, &lists.base[*old], own)
                        && self.within(turned, &place, item, key).iter().all(is_overruled)
                        && self.within(look, &place, item, key).iter().all(is_overruled)
                };
                let is_chosen = !losses.is_empty() && contested.iter().any(is_of_other);
                self.losses.extend(losses.into_iter().map(|mut loss| {
                    if is_chosen {
                        loss.standing = Standing::Overruled;
                    }
                    loss
                }));
                continue;
            }
            // Somebody chose what the other side added under this name, or made of what was there before.
            let is_others = beside.is_some_and(|at| lists.other_in_result[at].is_some());
            let instead = contested
                .iter()
                .position(|old| lists.is_instead(at, *old) && lists.has_of_other(*old))
                .filter(|_| lists.key == Some("action"));
            let standing = match instead {
                _ if is_others => Standing::Overruled,
                Some(old) => {
                    contested.remove(old);
                    Standing::Overruled
                }
                None => Standing::Alone,
            };
            self.lose(look, pointer.clone().join(at), Deed::Added, standing);
        }
    }

    /// The losses within an item.
    fn within(&self, look: Look<'_>, pointer: &JsonPointer, item: &Shape, key: &str) -> Vec<Loss> {
        let (side, stray) = (self.side, self.stray);
        let mut search = Self { side, stray, item: self.item.clone(), losses: Vec::new() };
        search.value(look, pointer.clone(), Some(item), key);
        search.losses
    }

    /// What the result has and neither side, or more often than they.
    fn strangers(&mut self, lists: &Lists<'_>, bearers: &Bearers<'_>, pointer: &JsonPointer) {
        let mut known = HashSet::new();
        for (at, result) in lists.result.iter().enumerate() {
            let name = name(lists.key, result);
            let [was, is, others, found] = bearers[&name].each_ref().map(Vec::len);
            let most = is.max(others).max((is + others).saturating_sub(was));
            if found > most && known.insert(name) {
                self.item = title(lists.key, result);
                let look = Look { base: None, own: None, other: None, result: Some(result) };
                self.lose(look, pointer.clone().join(at), Deed::Kept, Standing::Alone);
            }
        }
    }

    /// The order of what was there before. What both sides reordered is nobody's alone.
    fn order(&mut self, lists: &Lists<'_>, look: Look<'_>, pointer: &JsonPointer) {
        let common = |from: &[Option<usize>], others: &[Option<usize>]| -> Vec<(usize, usize)> {
            from.iter().zip(others).filter_map(|(old, at)| Some(((*old)?, (*at)?))).collect()
        };
        // The items of the base, in the order of a side, with their places in the result.
        let own = common(&lists.own_in_base, &lists.own_in_result);
        let exchanges = exchanges(&own);
        if exchanges.is_empty() {
            return;
        }
        let is_there = |(first, second): &(usize, usize)| first < second;
        let others = common(&lists.other_in_base, &lists.other_in_result);
        let place: HashMap<usize, usize> =
            others.iter().enumerate().map(|(at, (old, _))| (*old, at)).collect();
        let in_other: Vec<usize> =
            own.iter().filter_map(|(old, _)| place.get(old).copied()).collect();
        let is_alike = in_other.is_sorted();
        let standing = if is_alike || turned(&own).is_disjoint(&turned(&others)) {
            if exchanges.iter().all(is_there) {
                return;
            }
            Standing::Alone
        } else {
            if exchanges.iter().any(is_there) {
                return;
            }
            let is_others = self::exchanges(&others).iter().any(is_there);
            if is_others { Standing::Overruled } else { Standing::Contested }
        };
        self.lose(look, pointer.clone(), Deed::Reordered, standing);
    }
}

/// What an item is known by: its key, or all that it says.
fn name(key: Option<&str>, item: &Json) -> String {
    let name = key.and_then(|key| item.get(key)?.as_str()).filter(|name| !name.is_empty());
    name.map_or_else(|| item.to_string(), str::to_owned)
}

/// What an item is called in messages.
fn title(key: Option<&str>, item: &Json) -> Option<String> {
    let text = key.map_or(Some(item), |key| item.get(key));
    text?.as_str().map(str::to_owned)
}

/// What was there last before each.
fn gaps(items: impl Iterator<Item = Option<usize>>) -> Vec<Option<usize>> {
    let mut last = None;
    let behind = |item: Option<usize>| {
        let before = last;
        last = item.or(last);
        before
    };
    items.map(behind).collect()
}

/// The place of each item of one list in another: first of what is equal, then of what has the same name. Of
/// several, the first is the first.
fn places(key: Option<&str>, from: &[Json], to: &[Json]) -> Vec<Option<usize>> {
    let mut places = vec![None; from.len()];
    let mut is_taken = vec![false; to.len()];
    for name in [&|item: &Json| item.to_string(), &|item: &Json| name(key, item)]
        as [&dyn Fn(&Json) -> String; 2]
    {
        let mut named: HashMap<String, VecDeque<usize>> = HashMap::new();
        for at in (0..to.len()).filter(|at| !is_taken[*at]) {
            named.entry(name(&to[at])).or_default().push_back(at);
        }
        for (item, place) in from.iter().zip(&mut places).filter(|(_, place)| place.is_none()) {
            *place = named.get_mut(&name(item)).and_then(VecDeque::pop_front);
            if let Some(at) = *place {
                is_taken[at] = true;
            }
        }
    }
    places
}

/// The places of the items of the other list, of which there are so many.
fn turned_round(places: &[Option<usize>], count: usize) -> Vec<Option<usize>> {
    let mut round = vec![None; count];
    for (from, to) in places.iter().enumerate() {
        if let Some(to) = to {
            round[*to] = Some(from);
        }
    }
    round
}

/// Where the order of the base goes back along a list: the places in the result of the two items.
fn exchanges(list: &[(usize, usize)]) -> Vec<(usize, usize)> {
    let pairs = list.windows(2).filter(|pair| pair[0].0 > pair[1].0);
    pairs.map(|pair| (pair[0].1, pair[1].1)).collect()
}

/// The items of the base that stand on another side of some other than before.
fn turned(list: &[(usize, usize)]) -> BTreeSet<usize> {
    let mut turned = BTreeSet::new();
    let (mut largest, mut smallest) = (0, usize::MAX);
    for (old, _) in list {
        if *old < largest {
            turned.insert(*old);
        }
        largest = largest.max(*old);
    }
    for (old, _) in list.iter().rev() {
        if *old > smallest {
            turned.insert(*old);
        }
        smallest = smallest.min(*old);
    }
    turned
}

/// A name without case and a full stop.
fn spoken(name: &str) -> String {
    name.trim_end_matches(['.', '。']).to_lowercase()
}

/// Whether an item is another of which something was taken out or cleared, and nothing else changed.
fn has_less(item: &Json, whole: &Json) -> bool {
    let (Some(members), Some(all)) = (item.as_object(), whole.as_object()) else { return false };
    let is_less =
        |(key, value): (&String, &Json)| says_nothing(value) || all.get(key) == Some(value);
    item != whole && members.iter().all(is_less)
}

/// Whether an item is another under a new key: it says the same of how, or of why, or of all else.
fn is_reworded(key: Option<&str>, old: &Json, new: &Json) -> bool {
    let (Some(key), Some(before), Some(after)) = (key, old.as_object(), new.as_object()) else {
        return false;
    };
    let rest = |item: &Map<String, Json>| -> Map<String, Json> {
        item.clone().into_iter().filter(|(own, value)| own != key && !says_nothing(value)).collect()
    };
    let is_same =
        |key: &&str| old[key] == new[key] && old[key].as_str().is_some_and(|text| !text.is_empty());
    let rest = [rest(before), rest(after)];
    ["how", "why_fails"].iter().any(is_same) || (rest[0] == rest[1] && !rest[0].is_empty())
}

/// Whether two items have a third of their words in common.
fn is_like(a: &Json, b: &Json) -> bool {
    let [a, b] = [a, b].map(|item| {
        let mut all = BTreeSet::new();
        for text in
            item.as_object().into_iter().flat_map(|item| item.values()).filter_map(Json::as_str)
        {
            words(text, |word| _ = all.insert(word));
        }
        all
    });
    a.intersection(&b).count() * 3 >= a.len().max(b.len())
}
