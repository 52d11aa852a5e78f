//! Changes applied to the version that they were made from.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::{Change, Kind};

/// Why changes cannot be applied: the value at this pointer is not what they were made from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unfit(pub String);

/// The new version that changes make of an old one.
pub fn apply(old: &Json, changes: &[Change]) -> Result<Json, Unfit> {
    let root = Branch::new(changes);
    let mut value = old.clone();
    if let Some(change) = root.own.first() {
        value = change.after.clone().ok_or_else(|| Unfit("nothing would be left".to_owned()))?;
    }
    root.apply_below(&mut value)?;
    Ok(value)
}

/// The changes at a place, and below it.
#[derive(Default)]
pub(super) struct Branch<'c> {
    pub(super) own: Vec<&'c Change>,
    pub(super) below: BTreeMap<String, Branch<'c>>,
}

impl<'c> Branch<'c> {
    pub(super) fn new(changes: &'c [Change]) -> Self {
        let mut root = Self::default();
        for change in changes {
            let mut branch = &mut root;
            for step in change.pointer.steps() {
                branch = branch.below.entry(step.into_owned()).or_default();
            }
            branch.own.push(change);
        }
        root
    }

    fn apply_below(&self, value: &mut Json) -> Result<(), Unfit> {
        match value {
            Json::Array(items) => self.apply_to_list(items)?,
            Json::Object(members) => {
                let mut names = Vec::new();
                for (key, branch) in &self.below {
                    for change in &branch.own {
                        match last_step(change.from.as_ref()).filter(|from| from != key) {
                            Some(old_key) => {
                                let moved =
                                    members.get(&old_key).cloned().ok_or_else(|| unfit(change))?;
                                names.push((old_key, key.clone(), moved));
                            }
                            None => match change.kind {
                                Kind::Removed => _ = members.remove(key),
                                _ => _ = members.insert(key.clone(), after(change)?),
                            },
                        }
                    }
                }
                for (old_key, ..) in &names {
                    members.remove(old_key);
                }
                members.extend(names.into_iter().map(|(_, key, value)| (key, value)));
            }
            _ => {}
        }
        for (step, branch) in self.below.iter().filter(|(_, branch)| !branch.below.is_empty()) {
            let inner = match value {
                Json::Array(items) => step.parse::<usize>().ok().and_then(|at| items.get_mut(at)),
                Json::Object(members) => members.get_mut(step),
                _ => None,
            };
            branch.apply_below(inner.ok_or_else(|| Unfit(step.clone()))?)?;
        }
        Ok(())
    }

    /// What is gone is taken out, what is new or was moved is put where it is now, and all others fill the
    /// places between them in their old order.
    fn apply_to_list(&self, items: &mut Vec<Json>) -> Result<(), Unfit> {
        let mut left: Vec<Option<Json>> = std::mem::take(items).into_iter().map(Some).collect();
        let mut placed: BTreeMap<usize, Json> = BTreeMap::new();
        let mut replaced: Vec<(usize, Json)> = Vec::new();
        let changes = self.below.iter().flat_map(|(step, branch)| {
            branch.own.iter().map(move |change| (step.parse::<usize>().ok(), *change))
        });
        for (at, change) in changes {
            let at = at.ok_or_else(|| unfit(change))?;
            let mut take = |from: usize| {
                left.get_mut(from).and_then(Option::take).ok_or_else(|| unfit(change))
            };
            match change.kind {
                Kind::Added => _ = placed.insert(at, after(change)?),
                Kind::Removed => _ = take(at)?,
                Kind::Moved => {
                    let from = last_step(change.from.as_ref()).and_then(|step| step.parse().ok());
                    let item = take(from.ok_or_else(|| unfit(change))?)?;
                    placed.insert(at, item);
                }
                Kind::Changed | Kind::Renamed => replaced.push((at, after(change)?)),
            }
        }
        let mut others = left.into_iter().flatten();
        while let Some(item) = placed.remove(&items.len()).or_else(|| others.next()) {
            items.push(item);
        }
        if let Some(at) = placed.keys().next() {
            return Err(Unfit(at.to_string()));
        }
        for (at, value) in replaced {
            *items.get_mut(at).ok_or_else(|| Unfit(at.to_string()))? = value;
        }
        Ok(())
    }
}

fn after(change: &Change) -> Result<Json, Unfit> {
    change.after.clone().ok_or_else(|| unfit(change))
}

fn unfit(change: &Change) -> Unfit {
    Unfit(change.pointer.to_string())
}

fn last_step(pointer: Option<&crate::pointer::JsonPointer>) -> Option<String> {
    pointer?.steps().last().map(std::borrow::Cow::into_owned)
}
