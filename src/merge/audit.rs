//! What a merge that somebody made has lost of what its sides had made.

use super::losses::{Deed, Loss, Standing, losses};
use super::{Side, merge};
use crate::diff::document;
use crate::entry::Entry;

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

/// Holds the result of a merge against its sides: the edits of either that are lost. Where both sides changed the same
/// and the result is what one of them says, nothing is: somebody chose. What neither side made is no loss.
pub fn audit(base: Option<&Entry>, ours: &Entry, theirs: &Entry, result: &Entry) -> Vec<Loss> {
    let (base, ours, theirs) = (base.map(document), document(ours), document(theirs));
    let result = document(result);
    let of = |side, own, other| losses(side, base.as_ref(), own, other, &result);
    let both = [of(Side::Ours, &ours, &theirs), of(Side::Theirs, &theirs, &ours)];
    let is_lost = |loss: &Loss| loss.deed != Deed::Kept && loss.standing != Standing::Overruled;
    both.into_iter().flatten().filter(is_lost).collect()
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
