//! Glushkov's construction ("The abstract theory of automata", 1961): the automaton of a pattern without empty
//! steps, of which each state is a place in the pattern where one character is taken.
//!
//! Assertions need no characters, only what stands on both sides of a place. So whether one may go from place to
//! place is a set of pairs of kinds of characters: assertions in a row intersect these sets, alternatives unite
//! them.

use std::ops::Range;

/// Pairs of what stands before and after a place, a bit for each.
pub(super) type Sides = u32;

/// Every pair.
pub(super) const ALL: Sides = Sides::MAX;

/// A place, and what may stand on both sides of the way to it.
pub(super) type Link = (usize, Sides);

/// A part of a pattern.
#[derive(Debug)]
pub(super) struct Part {
    /// The places that it may begin with.
    pub(super) first: Vec<Link>,
    /// The places that it may end with.
    pub(super) last: Vec<Link>,
    /// Where it matches without taking a character.
    pub(super) empty: Sides,
    /// Whether there are several ways to do so.
    several: bool,
}

impl Part {
    pub(super) fn empty(empty: Sides) -> Self {
        Self { first: Vec::new(), last: Vec::new(), empty, several: false }
    }

    fn make_optional(&mut self) {
        self.several |= self.empty != 0;
        self.empty = ALL;
    }
}

/// What makes a pattern too large.
pub(super) enum TooLarge {
    /// It takes more characters than so many.
    Places(usize),
    /// It has more ways from place to place than so many.
    Links(usize),
}

/// The places of a pattern.
#[derive(Debug)]
pub(super) struct Places {
    /// The set that each place takes a character of.
    pub(super) set_of: Vec<usize>,
    /// What may follow each place, and where.
    pub(super) follow: Vec<Vec<Link>>,
    links: usize,
    most: usize,
    most_ways: usize,
    /// Whether two ways from a place to the next are two links, so that `(a*)*` is not the same as `a*`.
    counts_ways: bool,
}

impl Places {
    pub(super) fn new(most: usize, most_ways: usize, counts_ways: bool) -> Self {
        let (set_of, follow) = (Vec::new(), Vec::new());
        Self { set_of, follow, links: 0, most, most_ways, counts_ways }
    }

    /// One character of a set.
    pub(super) fn take(&mut self, set: usize) -> Result<Part, TooLarge> {
        let place = self.set_of.len();
        if place >= self.most {
            return Err(TooLarge::Places(self.most));
        }
        self.set_of.push(set);
        self.follow.push(Vec::new());
        let here = vec![(place, ALL)];
        Ok(Part { first: here.clone(), last: here, empty: 0, several: false })
    }

    /// One part after another.
    pub(super) fn then(&mut self, left: Part, right: Part) -> Result<Part, TooLarge> {
        self.link(&left.last, &right.first)?;
        let mut whole = Part {
            first: left.first,
            last: right.last,
            empty: left.empty & right.empty,
            several: left.several || right.several,
        };
        whole.several &= whole.empty != 0;
        self.extend(&mut whole.first, &right.first, left.empty, left.several)?;
        self.extend(&mut whole.last, &left.last, right.empty, right.several)?;
        Ok(whole)
    }

    /// Adds the places of a part that stands behind one that may be empty; twice if in several ways.
    fn extend(
        &mut self,
        links: &mut Vec<Link>,
        behind: &[Link],
        empty: Sides,
        several: bool,
    ) -> Result<(), TooLarge> {
        if empty == 0 {
            return Ok(());
        }
        let times = if self.counts_ways { 2 } else { 1 };
        self.count(times * behind.len())?;
        for link in only(behind, empty) {
            links.push(link);
            if several && self.counts_ways {
                links.push(link);
            }
        }
        Ok(())
    }

    fn link(&mut self, left: &[Link], right: &[Link]) -> Result<(), TooLarge> {
        self.count(left.len().saturating_mul(right.len()))?;
        for &(from, allowed) in left {
            self.follow[from].extend(only(right, allowed));
        }
        Ok(())
    }

    fn count(&mut self, links: usize) -> Result<(), TooLarge> {
        self.links = self.links.saturating_add(links);
        if self.links > self.most_ways { Err(TooLarge::Links(self.most_ways)) } else { Ok(()) }
    }
}

/// Those of some links that may be gone where `sides` says.
fn only(links: &[Link], sides: Sides) -> impl Iterator<Item = Link> + use<'_> {
    links.iter().map(move |&(at, s)| (at, s & sides)).filter(|&(_, sides)| sides != 0)
}

/// A way to read patterns of some form.
pub(super) trait Reader {
    /// A piece of a pattern.
    type Piece;
    /// Why there is no automaton.
    type Error: From<TooLarge>;

    fn places(&mut self) -> &mut Places;

    fn part(&mut self, piece: &Self::Piece) -> Result<Part, Self::Error>;

    fn concat(&mut self, pieces: &[Self::Piece]) -> Result<Part, Self::Error> {
        let mut whole = Part::empty(ALL);
        for piece in pieces {
            let next = self.part(piece)?;
            whole = self.places().then(whole, next)?;
        }
        Ok(whole)
    }

    fn either(&mut self, pieces: &[Self::Piece]) -> Result<Part, Self::Error> {
        let mut whole = Part::empty(0);
        for piece in pieces {
            let next = self.part(piece)?;
            whole.first.extend(next.first);
            whole.last.extend(next.last);
            whole.several |= next.several || (whole.empty & next.empty != 0);
            whole.empty |= next.empty;
        }
        Ok(whole)
    }

    /// The required copies of a piece, then the optional ones, nested: `x(x(x)?)?` has few links, where
    /// `x?x?x?` has one from each to each. With it the places of the copy that is repeated without an end.
    fn repeat(
        &mut self,
        piece: &Self::Piece,
        min: u32,
        max: Option<u32>,
    ) -> Result<(Part, Option<Range<usize>>), Self::Error> {
        let mut before = self.places().set_of.len();
        if max == Some(0) {
            return Ok((Part::empty(ALL), None));
        }
        let mut copy = self.part(piece)?;
        if self.places().set_of.len() == before {
            return Ok((Part::empty(if min == 0 { ALL } else { copy.empty }), None));
        }
        let mut whole = Part::empty(ALL);
        for _ in 1..min {
            whole = self.places().then(whole, copy)?;
            before = self.places().set_of.len();
            copy = self.part(piece)?;
        }
        let Some(max) = max else {
            self.places().link(&copy.last, &copy.first)?;
            let looped = before..self.places().set_of.len();
            if min == 0 {
                copy.make_optional();
            } else {
                copy.several |= copy.empty != 0;
            }
            return Ok((self.places().then(whole, copy)?, Some(looped)));
        };
        // The copy at hand is the last that is required, or the innermost that is not.
        let mut tail = Part::empty(ALL);
        for _ in 0..max.saturating_sub(min.max(1)) {
            let inner = self.part(piece)?;
            tail = self.places().then(inner, tail)?;
            tail.make_optional();
        }
        tail = self.places().then(copy, tail)?;
        if min == 0 {
            tail.make_optional();
        }
        Ok((self.places().then(whole, tail)?, None))
    }
}
