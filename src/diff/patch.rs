//! Changes as a JSON Patch (RFC 6902): each operation on a value that was there is preceded by a `test` of
//! it, so that the patch fails on any other version instead of spoiling it.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value as Json;

use super::apply::Branch;
use super::compare::diff;
use super::{Change, Kind};
use crate::pointer::JsonPointer;

/// An operation of RFC 6902, section 4.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "op", rename_all = "lowercase")]
pub enum Operation {
    /// The value there must be this one.
    Test {
        /// Where.
        path: JsonPointer,
        /// What is there.
        value: Json,
    },
    /// Puts a value into an object or before an item of a list.
    Add {
        /// Where.
        path: JsonPointer,
        /// The value.
        value: Json,
    },
    /// Takes a value out.
    Remove {
        /// Where.
        path: JsonPointer,
    },
    /// Puts a value in the place of another.
    Replace {
        /// Where.
        path: JsonPointer,
        /// The value.
        value: Json,
    },
    /// Takes a value out and puts it in elsewhere.
    Move {
        /// Where it is.
        from: JsonPointer,
        /// Where it comes.
        path: JsonPointer,
    },
}

/// The patch that makes a new version of an old one.
pub fn patch(old: &Json, new: &Json) -> Vec<Operation> {
    let changes = diff(old, new);
    let mut patch = Patch { work: old.clone(), operations: Vec::new() };
    let root = Branch::new(&changes);
    if let Some(change) = root.own.first() {
        patch.value(change, JsonPointer::root());
    }
    patch.below(&root, &JsonPointer::root());
    patch.operations
}

struct Patch {
    /// The old version with all operations so far applied.
    work: Json,
    operations: Vec<Operation>,
}

impl Patch {
    fn test(&mut self, path: &JsonPointer) {
        let value = self.work.pointer(path.as_str()).cloned().unwrap_or_default();
        self.operations.push(Operation::Test { path: path.clone(), value });
    }

    fn below(&mut self, branch: &Branch<'_>, path: &JsonPointer) {
        if self.work.pointer(path.as_str()).is_some_and(Json::is_array) {
            self.list(branch, path);
        } else {
            for (key, branch) in &branch.below {
                for change in &branch.own {
                    self.value(change, path.clone().join(key.clone()));
                }
            }
        }
        for (step, branch) in branch.below.iter().filter(|(_, branch)| !branch.below.is_empty()) {
            self.below(branch, &path.clone().join(step.clone()));
        }
    }

    /// A change that is none of a list's order.
    fn value(&mut self, change: &Change, path: JsonPointer) {
        let key = |pointer: &JsonPointer| pointer.steps().last().map(std::borrow::Cow::into_owned);
        let old_key =
            change.from.as_ref().and_then(key).filter(|from| Some(from) != key(&path).as_ref());
        if let Some(old_key) = old_key {
            let from = path.parent().unwrap_or_default().join(old_key);
            self.test(&from);
            let value = self.take(&from);
            self.put(&path, value);
            self.operations.push(Operation::Move { from, path });
            return;
        }
        self.replace(change, path);
    }

    /// Puts a new value at a place, or takes away what is there.
    fn replace(&mut self, change: &Change, path: JsonPointer) {
        if change.kind != Kind::Added {
            self.test(&path);
        }
        let Some(value) = change.after.clone() else {
            self.take(&path);
            self.operations.push(Operation::Remove { path });
            return;
        };
        self.put(&path, value.clone());
        self.operations.push(if change.kind == Kind::Added {
            Operation::Add { path, value }
        } else {
            Operation::Replace { path, value }
        });
    }

    /// Puts a value where it belongs in the work, in place of another if there is one.
    fn put(&mut self, path: &JsonPointer, value: Json) {
        if let Some(place) = self.work.pointer_mut(path.as_str()) {
            *place = value;
        } else if let (Some(parent), Some(key)) = (path.parent(), path.steps().last())
            && let Some(Json::Object(members)) = self.work.pointer_mut(parent.as_str())
        {
            members.insert(key.into_owned(), value);
        }
    }

    /// Takes a member of an object out of the work.
    fn take(&mut self, path: &JsonPointer) -> Json {
        let parent = path.parent().unwrap_or_default();
        let members = self.work.pointer_mut(parent.as_str()).and_then(Json::as_object_mut);
        members
            .zip(path.steps().last())
            .and_then(|(members, key)| members.remove(&*key))
            .unwrap_or_default()
    }

    fn items(&mut self, list: &JsonPointer) -> Option<&mut Vec<Json>> {
        self.work.pointer_mut(list.as_str())?.as_array_mut()
    }

    /// Takes items out of a list, puts in new ones, moves others, and changes those that are no objects.
    fn list(&mut self, branch: &Branch<'_>, list: &JsonPointer) {
        let (mut removed, mut placed) = (Vec::new(), BTreeMap::new());
        let mut replaced = Vec::new();
        for (step, branch) in &branch.below {
            let Ok(at) = step.parse::<usize>() else { continue };
            for change in &branch.own {
                match change.kind {
                    Kind::Removed => removed.push(at),
                    Kind::Added | Kind::Moved => _ = placed.insert(at, *change),
                    Kind::Changed | Kind::Renamed => replaced.push((at, *change)),
                }
            }
        }
        // The old place of each item that is there now; none has what was added.
        let count = self.items(list).map_or(0, |items| items.len());
        let mut now: Vec<Option<usize>> = (0..count).map(Some).collect();
        removed.sort_unstable();
        for at in removed.into_iter().rev().filter(|at| *at < count) {
            let path = list.clone().join(at);
            self.test(&path);
            self.operations.push(Operation::Remove { path });
            now.remove(at);
            self.items(list).map(|items| items.remove(at));
        }
        self.place(list, &mut now, &placed);
        for (at, change) in replaced {
            self.replace(change, list.clone().join(at));
        }
    }

    /// Goes along the new list and puts each item that was moved or added behind the one before it.
    fn place(
        &mut self,
        list: &JsonPointer,
        now: &mut Vec<Option<usize>>,
        placed: &BTreeMap<usize, &Change>,
    ) {
        let old_place = |change: &Change| {
            let step = change.from.as_ref()?.steps().last()?;
            step.parse::<usize>().ok().filter(|_| change.kind == Kind::Moved)
        };
        let moved: Vec<usize> = placed.values().filter_map(|change| old_place(change)).collect();
        let added = placed.len() - moved.len();
        let kept: Vec<usize> =
            now.iter().flatten().copied().filter(|at| !moved.contains(at)).collect();
        let mut kept = kept.into_iter();
        let mut next = 0;
        for at in 0..now.len() + added {
            let Some(change) = placed.get(&at) else {
                let item = kept.next();
                let found = now.iter().position(|own| own.is_some() && *own == item);
                next = found.map_or(next, |found| found + 1);
                continue;
            };
            let item = old_place(change);
            if let Some(from) = now.iter().position(|own| own.is_some() && *own == item) {
                let path = list.clone().join(from);
                if from < next {
                    next -= 1;
                }
                if from != next {
                    self.test(&path);
                    self.operations
                        .push(Operation::Move { from: path, path: list.clone().join(next) });
                    let own = now.remove(from);
                    now.insert(next, own);
                    if let Some(items) = self.items(list) {
                        let item = items.remove(from);
                        items.insert(next, item);
                    }
                }
            } else {
                let value = change.after.clone().unwrap_or_default();
                now.insert(next, None);
                if let Some(items) = self.items(list) {
                    items.insert(next, value.clone());
                }
                self.operations.push(Operation::Add { path: list.clone().join(next), value });
            }
            next += 1;
        }
    }
}
