//! Two documents, compared value by value.

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json};

use super::pairing::{Identity, in_order, pair};
use super::{Change, Kind};
use crate::fields::{ENTRY, Object, Shape, is_known_by};
use crate::pointer::JsonPointer;

/// The changes that make a new version of an old one, in the order of the schema's keys.
pub fn diff(old: &Json, new: &Json) -> Vec<Change> {
    let mut comparison = Comparison { changes: Vec::new() };
    match (old, new) {
        (Json::Object(before), Json::Object(after)) => {
            let root = JsonPointer::root();
            comparison.objects(&Place { old: root.clone(), new: root }, &ENTRY, before, after);
        }
        _ => comparison.values(
            &Place { old: JsonPointer::root(), new: JsonPointer::root() },
            None,
            "",
            old,
            new,
        ),
    }
    comparison.changes
}

/// Where something stands in both versions.
struct Place {
    old: JsonPointer,
    new: JsonPointer,
}

impl Place {
    fn key(&self, key: &str) -> Self {
        let join = |pointer: &JsonPointer| pointer.clone().join(key.to_owned());
        Self { old: join(&self.old), new: join(&self.new) }
    }

    fn from(&self) -> Option<JsonPointer> {
        (self.old != self.new).then(|| self.old.clone())
    }
}

struct Comparison {
    changes: Vec<Change>,
}

impl Comparison {
    fn push(
        &mut self,
        kind: Kind,
        pointer: JsonPointer,
        from: Option<JsonPointer>,
        before: Option<&Json>,
        after: Option<&Json>,
    ) {
        let (before, after) = (before.cloned(), after.cloned());
        self.changes.push(Change { pointer, kind, from, before, after });
    }

    fn values(&mut self, place: &Place, shape: Option<&Shape>, key: &str, old: &Json, new: &Json) {
        if old == new {
            return;
        }
        match (old, new) {
            (Json::Object(before), Json::Object(after)) => match shape {
                Some(Shape::Object(object)) => self.objects(place, object, before, after),
                _ => self.maps(place, before, after),
            },
            (Json::Array(before), Json::Array(after)) => {
                let item = match shape {
                    Some(Shape::List { item, .. }) => Some(&**item),
                    _ => None,
                };
                self.lists(place, item, Identity::of(key), before, after);
            }
            _ => {
                let kind = if is_known_by(key) { Kind::Renamed } else { Kind::Changed };
                self.push(kind, place.new.clone(), place.from(), Some(old), Some(new));
            }
        }
    }

    /// Objects of the schema: first its keys in its order, then all others.
    fn objects(
        &mut self,
        place: &Place,
        object: &Object,
        old: &Map<String, Json>,
        new: &Map<String, Json>,
    ) {
        for field in object.fields {
            self.member(place, Some(&field.shape), field.name, old, new);
        }
        let others: BTreeSet<&String> =
            old.keys().chain(new.keys()).filter(|key| object.field(key).is_none()).collect();
        for key in others {
            self.member(place, None, key, old, new);
        }
    }

    fn member(
        &mut self,
        place: &Place,
        shape: Option<&Shape>,
        key: &str,
        old: &Map<String, Json>,
        new: &Map<String, Json>,
    ) {
        let at = place.key(key);
        match (old.get(key), new.get(key)) {
            (Some(before), Some(after)) => self.values(&at, shape, key, before, after),
            (None, Some(after)) => self.push(Kind::Added, at.new, None, None, Some(after)),
            (Some(before), None) => {
                let from = at.from();
                self.push(Kind::Removed, at.new, from, Some(before), None);
            }
            (None, None) => {}
        }
    }

    /// Objects whose keys are names of somebody's own: a key that is gone and one that is new with the same
    /// text are one that was renamed.
    fn maps(&mut self, place: &Place, old: &Map<String, Json>, new: &Map<String, Json>) {
        let mut gone: Vec<&String> = old.keys().filter(|key| !new.contains_key(*key)).collect();
        let says = |value: &Json| value.as_str().is_none_or(|text| !text.is_empty());
        let mut renamed = Vec::new();
        for key in new.keys().filter(|key| !old.contains_key(*key)) {
            let same = gone.iter().position(|old_key| old[*old_key] == new[key] && says(&new[key]));
            if let Some(at) = same {
                renamed.push((gone.remove(at), key));
            }
        }
        let keys: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
        for key in keys {
            if renamed.iter().any(|(before, _)| *before == key) && !new.contains_key(key) {
                continue;
            }
            match renamed.iter().find(|(_, after)| *after == key) {
                Some((before, _)) => {
                    let (from, pointer) = (place.key(before).old, place.key(key).new);
                    let names = (Json::from(before.as_str()), Json::from(key.as_str()));
                    let (before, after) = (Some(names.0), Some(names.1));
                    let kind = Kind::Renamed;
                    self.changes.push(Change { pointer, kind, from: Some(from), before, after });
                }
                None => self.member(place, None, key, old, new),
            }
        }
    }

    fn lists(
        &mut self,
        place: &Place,
        shape: Option<&Shape>,
        identity: Identity,
        old: &[Json],
        new: &[Json],
    ) {
        let pairs = pair(identity, old, new);
        let join = |pointer: &JsonPointer, index: usize| pointer.clone().join(index);
        let mut is_kept = vec![false; old.len()];
        for (old, _) in &pairs {
            is_kept[*old] = true;
        }
        for (index, item) in old.iter().enumerate() {
            if !is_kept[index] {
                let pointer = join(&place.new, index);
                let from = join(&place.old, index);
                let from = (from != pointer).then_some(from);
                self.push(Kind::Removed, pointer, from, Some(item), None);
            }
        }
        let stays = in_order(&pairs);
        let mut of_new = vec![None; new.len()];
        for (pair, stays) in pairs.iter().zip(stays) {
            of_new[pair.1] = Some((pair.0, stays));
        }
        for (index, item) in new.iter().enumerate() {
            let pointer = join(&place.new, index);
            let Some((from, stays)) = of_new[index] else {
                self.push(Kind::Added, pointer, None, None, Some(item));
                continue;
            };
            let before = join(&place.old, from);
            if !stays && identity != Identity::Set {
                let places = (Json::from(from), Json::from(index));
                let (pointer, before) = (pointer.clone(), before.clone());
                self.push(Kind::Moved, pointer, Some(before), Some(&places.0), Some(&places.1));
            }
            let at = Place { old: before, new: pointer };
            self.values(&at, shape, "", &old[from], item);
        }
    }
}
