//! Advice that one side has put beside the contrary advice of the other: no line of it is in conflict, and yet one
//! of the two is wrong.

use crate::duplicates::{Base, Conflict, Contradiction, Digest};
use crate::entry::Entry;
use crate::visible;

/// What ours alone and theirs alone advise in `merged`, where it contradicts each other, in a sentence each.
pub(super) fn contradictions(merged: &Entry, ours: &Entry, theirs: &Entry) -> Vec<String> {
    let sides = (alone(ours, theirs, merged), alone(theirs, ours, merged));
    let (Some(own), Some(other)) = sides else { return Vec::new() };
    let base = Base::new([Digest::new(ours), Digest::new(theirs)]);
    let in_words = |found: &Contradiction| {
        let [own, other] = [0, 1].map(|side| visible::quote(&found.texts[side]));
        let (what, then) = match found.conflict {
            Conflict::DeadEnd if found.a.as_str().starts_with("/dead_ends") => {
                ("calls a dead end", "recommends")
            }
            Conflict::DeadEnd => ("recommends", "calls a dead end"),
            Conflict::Opposite => ("recommends", "recommends the opposite"),
            Conflict::Claim => return None,
        };
        Some(format!(
            "ours {what} {own}, and theirs {then} {other}: both are kept, find out which holds"
        ))
    };
    base.contradictions(&own, &other).iter().filter_map(in_words).collect()
}

/// A side with nothing but what it advises and the other does not, as far as that is in the result; `None` if there
/// is nothing.
fn alone(side: &Entry, other: &Entry, merged: &Entry) -> Option<Entry> {
    let mut own = side.clone();
    own.workarounds.retain(|item| {
        let is_in = |entry: &Entry| entry.workarounds.iter().any(|it| it.action == item.action);
        is_in(merged) && !is_in(other)
    });
    own.dead_ends.retain(|item| {
        let is_in = |entry: &Entry| entry.dead_ends.iter().any(|it| it.action == item.action);
        is_in(merged) && !is_in(other)
    });
    (!own.workarounds.is_empty() || !own.dead_ends.is_empty()).then_some(own)
}
