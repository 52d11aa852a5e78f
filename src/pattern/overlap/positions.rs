//! The positions of a pattern and what may follow each: the automaton of Glushkov ("The abstract theory
//! of automata", 1961), which has no empty steps. A position is one place in the pattern where one
//! character is taken.
//!
//! Look-around assertions need no characters, only what stands on both sides of a place: the edge of the
//! line, or a character of one of four kinds. So whether one may go from position to position is a set
//! of pairs of kinds, 25 bits. Assertions in a row intersect these sets, alternatives unite them, and
//! no other treatment of look-around is needed.

use std::collections::HashMap;

use regex_syntax::hir::{Class, ClassUnicode, ClassUnicodeRange, Hir, HirKind, Look, Repetition};

use super::chars::CharSet;
use super::{Limits, Undecided};
use crate::pattern::assertions::{Beside, holds};

/// The kinds of what stands beside a place.
pub(super) const EDGE: u32 = 0;
/// A letter, digit or underscore of ASCII.
pub(super) const ASCII_WORD: u32 = 1;
/// A word character above ASCII.
pub(super) const OTHER_WORD: u32 = 2;
/// A carriage return.
pub(super) const RETURN: u32 = 3;
/// Any other character.
pub(super) const OTHER: u32 = 4;

/// Pairs of kinds, before and after a place.
pub(super) type Sides = u32;

/// Every pair.
pub(super) const ALL: Sides = (1 << 25) - 1;

/// The bit of a pair.
pub(super) const fn sides(before: u32, after: u32) -> Sides {
    1 << (before * 5 + after)
}

/// Where an assertion holds.
fn sides_of(look: Look) -> Sides {
    let beside = |kind: u32| Beside {
        is_edge: kind == EDGE,
        is_return: kind == RETURN,
        is_ascii: kind == ASCII_WORD,
        is_word: kind == ASCII_WORD || kind == OTHER_WORD,
        // A line has no line feed in it.
        is_feed: false,
    };
    let pairs = (0..5).flat_map(|before| (0..5).map(move |after| (before, after)));
    pairs
        .filter(|&(before, after)| holds(look, beside(before), beside(after)))
        .fold(0, |m, (b, a)| m | sides(b, a))
}

/// The positions of a pattern.
pub(super) struct Positions {
    /// The sets of characters that occur, each once.
    pub(super) sets: Vec<CharSet>,
    /// The set that each position takes a character of.
    pub(super) set_of: Vec<usize>,
    /// What may follow each position, and where.
    pub(super) follow: Vec<Vec<(usize, Sides)>>,
    /// The whole pattern.
    pub(super) whole: Fragment,
}

/// A part of a pattern.
pub(super) struct Fragment {
    /// The positions that it may begin with.
    pub(super) first: Vec<(usize, Sides)>,
    /// The positions that it may end with.
    pub(super) last: Vec<(usize, Sides)>,
    /// Where it matches without taking a character.
    pub(super) empty: Sides,
}

impl Fragment {
    fn empty(sides: Sides) -> Self {
        Self { first: Vec::new(), last: Vec::new(), empty: sides }
    }
}

impl Positions {
    /// The positions of a pattern, unless there are too many.
    pub(super) fn new(hir: &Hir, limits: &Limits) -> Result<Self, Undecided> {
        let positions = Self {
            sets: Vec::new(),
            set_of: Vec::new(),
            follow: Vec::new(),
            whole: Fragment::empty(0),
        };
        let mut builder = Builder { positions, known: HashMap::new(), links: 0, limits };
        let whole = builder.part(hir)?;
        let mut positions = builder.positions;
        positions.whole = whole;
        for follow in &mut positions.follow {
            merge(follow);
        }
        merge(&mut positions.whole.first);
        merge(&mut positions.whole.last);
        Ok(positions)
    }
}

/// Unites what is said of one position in several places.
fn merge(links: &mut Vec<(usize, Sides)>) {
    links.sort_unstable();
    links.dedup_by(|next, kept| {
        let same = next.0 == kept.0;
        if same {
            kept.1 |= next.1;
        }
        same
    });
}

/// Those of some positions that may stand where `sides` says.
fn only(
    positions: &[(usize, Sides)],
    sides: Sides,
) -> impl Iterator<Item = (usize, Sides)> + use<'_> {
    positions.iter().map(move |&(at, s)| (at, s & sides)).filter(|&(_, sides)| sides != 0)
}

struct Builder<'l> {
    positions: Positions,
    known: HashMap<CharSet, usize>,
    links: usize,
    limits: &'l Limits,
}

impl Builder<'_> {
    fn part(&mut self, hir: &Hir) -> Result<Fragment, Undecided> {
        match hir.kind() {
            HirKind::Empty => Ok(Fragment::empty(ALL)),
            HirKind::Look(look) => Ok(Fragment::empty(sides_of(*look))),
            HirKind::Literal(literal) => {
                let text = std::str::from_utf8(&literal.0).map_err(|_| {
                    Undecided::new("the pattern holds bytes that are no characters")
                })?;
                let mut whole = Fragment::empty(ALL);
                for c in text.chars() {
                    let next = self.take(CharSet::of(c))?;
                    whole = self.then(whole, next)?;
                }
                Ok(whole)
            }
            HirKind::Class(Class::Unicode(class)) => self.take(CharSet::new(class)),
            HirKind::Class(Class::Bytes(class)) => {
                let class = class.to_unicode_class().ok_or_else(|| {
                    Undecided::new("the pattern holds bytes that are no characters")
                })?;
                self.take(CharSet::new(&class))
            }
            HirKind::Capture(capture) => self.part(&capture.sub),
            HirKind::Concat(parts) => {
                let mut whole = Fragment::empty(ALL);
                for part in parts {
                    let next = self.part(part)?;
                    whole = self.then(whole, next)?;
                }
                Ok(whole)
            }
            HirKind::Alternation(parts) => {
                let mut whole = Fragment::empty(0);
                for part in parts {
                    let next = self.part(part)?;
                    whole.first.extend(next.first);
                    whole.last.extend(next.last);
                    whole.empty |= next.empty;
                }
                Ok(whole)
            }
            HirKind::Repetition(repetition) => self.repeat(repetition),
        }
    }

    /// One character of a set.
    fn take(&mut self, set: CharSet) -> Result<Fragment, Undecided> {
        let positions = &mut self.positions;
        if set.is_empty() {
            return Ok(Fragment::empty(0));
        }
        let at = positions.set_of.len();
        if at >= self.limits.states {
            return Err(Undecided::new(format!(
                "the pattern has more than {} positions",
                self.limits.states
            )));
        }
        let sets = &mut positions.sets;
        let index = *self.known.entry(set).or_insert_with_key(|set| {
            sets.push(set.clone());
            sets.len() - 1
        });
        positions.set_of.push(index);
        positions.follow.push(Vec::new());
        Ok(Fragment { first: vec![(at, ALL)], last: vec![(at, ALL)], empty: 0 })
    }

    /// One part after another.
    fn then(&mut self, left: Fragment, right: Fragment) -> Result<Fragment, Undecided> {
        self.link(&left.last, &right.first)?;
        let mut whole =
            Fragment { first: left.first, last: right.last, empty: left.empty & right.empty };
        if left.empty != 0 {
            self.count(right.first.len())?;
            whole.first.extend(only(&right.first, left.empty));
        }
        if right.empty != 0 {
            self.count(left.last.len())?;
            whole.last.extend(only(&left.last, right.empty));
        }
        Ok(whole)
    }

    /// The required copies of a part, then the optional ones, nested: `x(x(x)?)?` has few links, where
    /// `x?x?x?` has one from each to each.
    fn repeat(&mut self, repetition: &Repetition) -> Result<Fragment, Undecided> {
        let (min, max) = (repetition.min, repetition.max);
        let before = self.positions.set_of.len();
        let mut copy = self.part(&repetition.sub)?;
        if self.positions.set_of.len() == before {
            return Ok(Fragment::empty(if min == 0 { ALL } else { copy.empty }));
        }
        let mut whole = Fragment::empty(ALL);
        for _ in 1..min {
            whole = self.then(whole, copy)?;
            copy = self.part(&repetition.sub)?;
        }
        let Some(max) = max else {
            self.link(&copy.last, &copy.first)?;
            if min == 0 {
                copy.empty = ALL;
            }
            return self.then(whole, copy);
        };
        // The copy at hand is the last that is required, or the innermost that is not.
        let mut tail = Fragment::empty(ALL);
        let optional = max.saturating_sub(min.max(1));
        for _ in 0..optional {
            let inner = self.part(&repetition.sub)?;
            tail = self.then(inner, tail)?;
            tail.empty = ALL;
        }
        tail = self.then(copy, tail)?;
        if min == 0 {
            tail.empty = ALL;
        }
        self.then(whole, tail)
    }

    fn link(&mut self, left: &[(usize, Sides)], right: &[(usize, Sides)]) -> Result<(), Undecided> {
        self.count(left.len().saturating_mul(right.len()))?;
        for &(from, sides) in left {
            self.positions.follow[from].extend(only(right, sides));
        }
        Ok(())
    }

    fn count(&mut self, links: usize) -> Result<(), Undecided> {
        self.links = self.links.saturating_add(links);
        if self.links > self.limits.links {
            return Err(Undecided::new(format!(
                "the pattern has more than {} ways from position to position",
                self.limits.links
            )));
        }
        Ok(())
    }
}

/// The kinds of characters that a pattern's assertions tell apart, each with its characters.
pub(super) fn kinds(hir: &Hir) -> Result<Vec<(u32, CharSet)>, Undecided> {
    let looks = hir.properties().look_set();
    let class = |pattern: &str| -> Result<ClassUnicode, Undecided> {
        let class = regex_syntax::parse(pattern)
            .map_err(|error| Undecided::new(format!("no class of word characters: {error}")))?;
        match class.into_kind() {
            HirKind::Class(Class::Unicode(class)) => Ok(class),
            _ => Err(Undecided::new("no class of word characters")),
        }
    };
    let mut rest = class("[\\s\\S]")?;
    let mut kinds = Vec::new();
    if looks.contains_anchor_crlf() {
        let set = ClassUnicode::new([ClassUnicodeRange::new('\r', '\r')]);
        rest.difference(&set);
        kinds.push((RETURN, CharSet::new(&set)));
    }
    let (ascii, unicode) = (looks.contains_word_ascii(), looks.contains_word_unicode());
    if ascii || unicode {
        let ascii_word = class("[0-9A-Za-z_]")?;
        let mut word = if unicode { class("\\w")? } else { ascii_word.clone() };
        rest.difference(&word);
        if ascii && unicode {
            word.difference(&ascii_word);
            kinds.push((OTHER_WORD, CharSet::new(&word)));
            kinds.push((ASCII_WORD, CharSet::new(&ascii_word)));
        } else {
            kinds.push((ASCII_WORD, CharSet::new(&word)));
        }
    }
    kinds.push((OTHER, CharSet::new(&rest)));
    Ok(kinds)
}
