//! The order of the words of a message: whether two messages have the same words, two of them in each
//! other's place, and whether one speaks of one side of a thing where the other speaks of the other.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::hash::{Term, term};
use super::vocabulary::{DEEDS, SIDES};
use super::words;

/// Of a message no more words are put in order.
const MOST: usize = 48;
/// Words between two things of which it matters which is which.
const LINKS: &[&str] = &["to", "from", "into", "than", "as", "by", "with", "->", "=>", "!=", "→"];

/// The terms of words that name two sides of a thing.
static OTHER_SIDES: LazyLock<Vec<(Term, Term)>> = LazyLock::new(|| {
    let all = SIDES.iter().chain(DEEDS);
    all.flat_map(|(one, other)| [(term(one), term(other)), (term(other), term(one))]).collect()
});

/// The words of a message in their order.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Order {
    /// The words that are there once, and where.
    once: Vec<(Term, u8)>,
    /// Words that name a side, with the words before and after.
    sides: Vec<(Term, Option<Term>, Option<Term>)>,
}

impl Order {
    /// Of a message.
    pub(super) fn new(message: &str) -> Self {
        let mut all: Vec<Term> = Vec::new();
        // What links two words has a place, so that the words beside it do not stand side by side.
        let mut places: Vec<u8> = Vec::new();
        let mut place = 0_u8;
        for token in message.split_whitespace() {
            if LINKS.contains(&&*token.to_lowercase()) {
                place = place.saturating_add(1);
            } else {
                words::each(token, |word| {
                    all.push(term(word));
                    places.push(place);
                    place = place.saturating_add(1);
                });
            }
            if all.len() >= MOST || place >= u8::MAX / 2 {
                break;
            }
        }
        let is_once = |word: &Term| all.iter().filter(|other| *other == word).count() == 1;
        let once = all.iter().zip(&places).filter(|(word, _)| is_once(word));
        let beside = |at: Option<usize>| at.and_then(|at| all.get(at)).copied();
        let names_side = |word: &Term| OTHER_SIDES.iter().any(|(side, _)| side == word);
        let sides = all.iter().enumerate().filter(|(_, word)| names_side(word));
        Self {
            once: once.map(|(word, place)| (*word, *place)).collect(),
            sides: sides
                .map(|(at, word)| (*word, beside(at.checked_sub(1)), beside(Some(at + 1))))
                .collect(),
        }
    }

    /// Whether two words stand in each other's place, with a third between them, and all other words that
    /// both messages have in their own.
    pub(super) fn is_swapped(&self, other: &Self) -> bool {
        let shared = |from: &Self, to: &Self| -> Vec<(Term, u8)> {
            let has = |word: Term| to.once.iter().any(|(other, _)| *other == word);
            from.once.iter().copied().filter(|(word, _)| has(*word)).collect()
        };
        let (mine, others) = (shared(self, other), shared(other, self));
        let mut differ = (0..mine.len()).filter(|at| mine[*at].0 != others[*at].0);
        let (Some(first), Some(second), None) = (differ.next(), differ.next(), differ.next())
        else {
            return false;
        };
        // Of words side by side, as in "build failed" and "failed build", the order says nothing.
        let is_apart = |words: &[(Term, u8)]| words[second].1 > words[first].1 + 1;
        mine.len() > 2 && is_apart(&mine) && is_apart(&others)
    }

    /// Whether the messages speak of two sides of a thing in the same place.
    pub(super) fn is_of_another_side(&self, other: &Self) -> bool {
        let speaks = |of: &Self, side: Term| of.sides.iter().any(|(found, ..)| *found == side);
        self.sides.iter().any(|(side, before, after)| {
            other.sides.iter().any(|(its_side, its_before, its_after)| {
                OTHER_SIDES.contains(&(*side, *its_side))
                    && ((before == its_before && before.is_some())
                        || (after == its_after && after.is_some()))
                    && !speaks(self, *its_side)
                    && !speaks(other, *side)
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn both(a: &str, b: &str, is: fn(&Order, &Order) -> bool) -> bool {
        let (a, b) = (Order::new(a), Order::new(b));
        let yes = is(&a, &b);
        assert_eq!(yes, is(&b, &a), "from either side");
        yes
    }

    #[test]
    fn operands_are_swapped_and_clauses_are_not() {
        let swapped = |a, b| both(a, b, Order::is_swapped);
        assert!(swapped(
            "expected type Half but found Float",
            "expected type Float but found Half"
        ));
        assert!(swapped("cannot convert string to int", "cannot convert int to string"));
        assert!(swapped(
            "A100: copy from host to device failed",
            "A100: copy from device to host failed"
        ));
        for (a, b) in [
            ("lock held: cannot rename it", "cannot rename it: lock held"),
            ("build failed in step 3", "failed build in step 3"),
            ("string to int", "string to int"),
            ("spool stopped", "stopped spool"),
            ("", ""),
        ] {
            assert!(!swapped(a, b), "{a} / {b}");
        }
    }

    #[test]
    fn sides_count_in_the_same_place_only() {
        let other = |a, b| both(a, b, Order::is_of_another_side);
        assert!(other("the client closed the session", "the server closed the session"));
        assert!(other("cannot reach source database", "cannot reach target database"));
        for (a, b) in [
            ("the client closed the session", "the client closed the session"),
            ("client refused by server", "server refused the client"),
            ("server is full", "connection lost by a client"),
        ] {
            assert!(!other(a, b), "{a} / {b}");
        }
    }
}
