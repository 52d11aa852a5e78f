//! What a merge that somebody made has lost of what its sides had made.

use serde_json::Value as Json;

use super::recheck::Look;
use super::{Doubt, Side, merge};
use crate::diff::{Change, diff, document};
use crate::entry::Entry;

/// Edits of a side that the result has not.
#[derive(Clone, Debug, PartialEq)]
pub struct Dropped {
    /// The side.
    pub side: Side,
    /// The field that they are in.
    pub field: String,
    /// Whether the sides did not agree on it, so that somebody had to choose.
    pub was_conflict: bool,
    /// What the result made of what the merge would have been with that side chosen.
    pub changes: Vec<Change>,
}

/// What stands for several bases: two of them merged, with what they have in common for a base. What they do not agree
/// on is as it was there.
pub fn common(root: Option<Entry>, one: Option<Entry>, other: Option<Entry>) -> Option<Entry> {
    match (one, other) {
        (Some(one), Some(other)) => match merge(root.as_ref(), &one, &other) {
            Ok(merged) => merged.ancestor(root.as_ref()).or(root),
            Err(_) => root,
        },
        (None, None) => None,
        // One has it not: it is new on the other, or one removed it.
        (one, other) if root.is_none() => one.or(other),
        (one, other) if one == root || other == root => None,
        _ => root,
    }
}

/// Holds the result of a merge against its sides: the fields in which a side's edits are lost. Where the sides did not
/// agree and the result is what one of them says, nothing is: somebody chose.
pub fn audit(
    base: Option<&Entry>,
    ours: &Entry,
    theirs: &Entry,
    result: &Entry,
) -> Result<Vec<Dropped>, Doubt> {
    let merged = merge(base, ours, theirs)?;
    let base = base.map(document);
    let sides = [(Side::Ours, document(ours)), (Side::Theirs, document(theirs))];
    let chosen = [Side::Ours, Side::Theirs].map(|side| document(&merged.entry(side)));
    let result = document(result);
    let mut dropped = Vec::new();
    for (number, (side, own)) in sides.iter().enumerate() {
        let other = &sides[1 - number].1;
        let look =
            Look { base: base.as_ref(), own: Some(own), other: Some(other), result: Some(&result) };
        for field in look.lost_fields() {
            // What neither side made is no loss of this one, and what the other made is one of that.
            if base.as_ref().is_some_and(|base| base[&field] == own[&field]) {
                continue;
            }
            let is_in = |pointer: &str| {
                pointer.strip_prefix('/').and_then(|rest| rest.split('/').next())
                    == Some(field.as_str())
            };
            let was_conflict =
                merged.conflicts.iter().any(|conflict| is_in(conflict.pointer.as_str()));
            let is_chosen = |with: &Json| with[&field] == result[&field];
            if was_conflict && chosen.iter().any(is_chosen) {
                continue;
            }
            let changes = diff(&chosen[number], &result);
            let changes: Vec<Change> =
                changes.into_iter().filter(|change| is_in(change.pointer.as_str())).collect();
            dropped.push(Dropped { side: *side, field, was_conflict, changes });
        }
    }
    Ok(dropped)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An entry that one of two bases has not.
    #[test]
    fn a_base_has_what_both_have_or_one_made() {
        let entry = |confidence: f64| Entry { confidence, ..Entry::default() };
        let (old, new) = (Some(entry(0.1)), Some(entry(0.2)));
        for (root, one, other, wanted) in [
            (&None, &new, &None, &new),
            (&None, &None, &None, &None),
            (&old, &old, &None, &None),
            (&old, &None, &old, &None),
            (&old, &None, &None, &None),
            (&old, &new, &None, &old),
            (&old, &new, &old, &new),
        ] {
            let found = common(root.clone(), one.clone(), other.clone());
            assert_eq!(found, *wanted, "{root:?} {one:?} {other:?}");
        }
    }
}
