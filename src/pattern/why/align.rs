//! A pattern aligned with a message at the least cost of edits.
//!
//! The message is walked piece by piece of the pattern: for each place of the message, the best way to have
//! reached it. It is the alignment of Needleman and Wunsch (1970) with a regular language for one of the
//! texts (Myers and Miller, 1989), where the pieces that a person would mend stand in place of single
//! characters: a letter of the other case, other blanks, another quote. What each edit costs is how much
//! it takes away from what the pattern says. Taking none, this is a search as the `regex` crate does one.

use std::ops::Range;

use regex_syntax::hir::Look;

use super::MissKind;
use super::pieces::{Count, Kind, Piece, Set};
use crate::pattern::assertions::{Beside, holds};
use crate::pattern::literals::fold;

mod edit_ops;

pub(super) use edit_ops::QUOTES;

/// A dearer way is a rewrite.
const DEAREST: u32 = 60;

/// Which kinds of edits are allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Allowed(u16);

impl Allowed {
    pub(super) const NONE: Self = Self(0);
    pub(super) const ALL: Self = Self(u16::MAX);

    pub(super) fn only(kind: MissKind) -> Self {
        Self(1 << kind as u16)
    }

    fn has(self, kind: MissKind) -> bool {
        self.0 & (1 << kind as u16) != 0
    }
}

/// An edit that an alignment needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct EditOp {
    pub(super) kind: MissKind,
    /// The piece of the pattern; nothing long where text is missing between two pieces.
    pub(super) span: Range<usize>,
    /// What stands there in the message: places between characters.
    pub(super) at: Range<usize>,
    /// What is looked at to mend it.
    pub(super) shape: Shape,
}

/// The shape of a piece that does not fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// Letters and digits, as the pattern writes them.
    Word,
    /// A class, and how often.
    Class(Count),
    /// Anything else.
    Other,
}

/// The best way to reach a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Way {
    /// What the edits on the way cost.
    pub(super) cost: u32,
    /// How many characters were spelled out.
    pub(super) literals: u32,
    /// Where it began.
    pub(super) start: u32,
    /// The last edit: one more than its number, or 0.
    trail: u32,
}

impl Way {
    const NONE: Self = Self { cost: u32::MAX, literals: 0, start: 0, trail: 0 };

    pub(super) fn is_there(self) -> bool {
        self.cost != u32::MAX
    }

    /// Whether this is the better way: less freely, then more literally, then from further left.
    pub(super) fn beats(self, other: Self) -> bool {
        let key = |way: Self| (way.cost, std::cmp::Reverse(way.literals), way.start);
        key(self) < key(other)
    }
}

/// For each place of the message, the best way there.
pub(super) type Ways = Vec<Way>;

struct Record {
    taken: EditOp,
    before: u32,
}

/// A message, about to be laid along patterns.
pub(super) struct Aligner<'m> {
    /// The pattern as it is written.
    pattern: &'m str,
    /// The characters of the part that is looked at.
    pub(super) chars: &'m [char],
    /// Whether nothing stands before and after that part.
    ends: (bool, bool),
    allowed: Allowed,
    records: Vec<Record>,
    /// Steps that are left.
    fuel: u64,
}

impl<'m> Aligner<'m> {
    pub(super) fn new(
        pattern: &'m str,
        chars: &'m [char],
        ends: (bool, bool),
        allowed: Allowed,
        fuel: u64,
    ) -> Self {
        Self { pattern, chars, ends, allowed, records: Vec::new(), fuel }
    }

    /// The steps that are left.
    pub(super) fn fuel(&self) -> u64 {
        self.fuel
    }

    /// Whether there was too much to do.
    pub(super) fn gave_up(&self) -> bool {
        self.fuel == 0
    }

    /// Every place is a beginning.
    pub(super) fn anywhere(&self) -> Ways {
        let places = 0..=u32::try_from(self.chars.len()).unwrap_or(u32::MAX - 1);
        places.map(|start| Way { cost: 0, literals: 0, start, trail: 0 }).collect()
    }

    /// The edits on a way, in order.
    pub(super) fn taken(&self, way: Way) -> Vec<EditOp> {
        let mut all = Vec::new();
        let mut at = way.trail;
        while let Some(record) = at.checked_sub(1).and_then(|at| self.records.get(at as usize)) {
            all.push(record.taken.clone());
            at = record.before;
        }
        all.reverse();
        all
    }

    /// The places behind a row of pieces, from those before it.
    pub(super) fn row(&mut self, row: &[Piece], mut from: Ways) -> Ways {
        let mut cut_short = Vec::new();
        for (index, piece) in row.iter().enumerate() {
            if index > 0 && self.allowed.has(MissKind::Extra) {
                self.extra(piece, &mut from);
            }
            if index > 0 && self.allowed.has(MissKind::Truncated) && self.ends.1 {
                // What ends in a gap ends nowhere.
                let end = from.last().filter(|_| !row[index - 1].is_gap());
                let end = end.copied().unwrap_or(Way::NONE);
                cut_short.push((index, self.within(piece, &from, end)));
            }
            from = self.step(piece, &from);
            if !from.iter().any(|way| way.is_there()) && cut_short.is_empty() {
                break;
            }
        }
        for (index, way) in cut_short {
            let lost: u32 = row[index..].iter().map(Piece::literals).fold(0, u32::saturating_add);
            if way.is_there() && way.literals > lost {
                self.drop_rest(&row[index..], way, &mut from);
            }
        }
        from
    }

    /// The best way to the end of the message, which may end within a word of the pattern.
    fn within(&self, piece: &Piece, from: &Ways, end: Way) -> Way {
        let Kind::Word(letters) = &piece.kind else { return end };
        let places = self.chars.len().saturating_sub(letters.len() - 1)..self.chars.len();
        let begins = |at: &usize| {
            let mut pairs = letters.iter().zip(&self.chars[*at..]);
            from[*at].is_there() && pairs.all(|((_, set), c)| set.has(*c))
        };
        let ways = places.filter(begins).map(|at| from[at]);
        ways.fold(end, |best, way| if way.beats(best) { way } else { best })
    }

    /// The message ends before the pattern does.
    fn drop_rest(&mut self, rest: &[Piece], mut way: Way, to: &mut Ways) {
        let end = self.chars.len();
        let lost = rest.iter().map(Piece::literals).fold(0, u32::saturating_add);
        way.cost = way.cost.saturating_add(2 + lost / 2);
        if !to.last().is_some_and(|last| way.beats(*last)) {
            return;
        }
        // Brackets go with what stands in them, if they are all there.
        let is_bracket = |piece: &&Piece| matches!(piece.kind, Kind::Bracket);
        let text = |piece: &Piece| &self.pattern[piece.span.clone()];
        let opened = rest.iter().filter(is_bracket).map(text).filter(|text| *text == "(").count();
        let is_balanced = 2 * opened == rest.iter().filter(is_bracket).count();
        for piece in rest.iter().filter(|piece| is_balanced || !is_bracket(piece)) {
            let span = piece.span.clone();
            let taken =
                EditOp { kind: MissKind::Truncated, span, at: end..end, shape: Shape::Other };
            way.trail = self.record(taken, way.trail);
        }
        to[end] = way;
    }

    fn record(&mut self, taken: EditOp, before: u32) -> u32 {
        self.records.push(Record { taken, before });
        u32::try_from(self.records.len()).unwrap_or(0)
    }

    fn spend(&mut self, steps: usize) -> bool {
        self.fuel = self.fuel.saturating_sub(steps as u64);
        self.fuel > 0
    }

    /// The places behind a piece, from those before it.
    pub(super) fn step(&mut self, piece: &Piece, from: &Ways) -> Ways {
        let mut to = vec![Way::NONE; from.len()];
        if !self.spend(from.len()) {
            return to;
        }
        match &piece.kind {
            Kind::Word(letters) => self.word(letters, from, &mut to),
            Kind::Mark(_, set) => self.class(set, Count::ONCE, 1, from, &mut to),
            Kind::Blank(set, count) | Kind::Class(set, count) => {
                self.class(set, *count, 0, from, &mut to);
            }
            Kind::Place(look) => {
                for (at, way) in from.iter().enumerate() {
                    if way.is_there() && self.looks(*look, at) {
                        to[at] = *way;
                    }
                }
            }
            Kind::Bracket => to.clone_from(from),
            Kind::Choice(branches, count) => self.choice(branches, *count, from, &mut to),
        }
        if self.allowed != Allowed::NONE {
            self.edited(piece, from, &mut to);
        }
        to
    }

    fn word(&mut self, letters: &[(char, Set)], from: &Ways, to: &mut Ways) {
        let count = u32::try_from(letters.len()).unwrap_or(u32::MAX);
        for (at, way) in from.iter().enumerate() {
            let Some(text) = self.chars.get(at..at + letters.len()).filter(|_| way.is_there())
            else {
                continue;
            };
            if letters.iter().zip(text).all(|((_, set), c)| set.has(*c)) {
                let literals = way.literals.saturating_add(count);
                improve(to, at + letters.len(), Way { literals, ..*way });
            }
        }
    }

    /// Characters of a set, each of which spells out `literal` characters.
    fn class(&mut self, set: &Set, count: Count, literal: u32, from: &Ways, to: &mut Ways) {
        let is_in: Vec<bool> = self.chars.iter().map(|c| set.has(*c)).collect();
        let next = |ways: &Ways| {
            let mut next = vec![Way::NONE; ways.len()];
            for (at, is_in) in is_in.iter().enumerate() {
                if *is_in && ways[at].is_there() {
                    let literals = ways[at].literals.saturating_add(literal);
                    next[at + 1] = Way { literals, ..ways[at] };
                }
            }
            next
        };
        let mut now = from.clone();
        for _ in 0..count.min {
            if !self.spend(now.len()) || !now.iter().any(|way| way.is_there()) {
                return;
            }
            now = next(&now);
        }
        let most = count.max.map(|max| (max.saturating_sub(count.min)) as usize);
        if let Some(more) = most.filter(|more| *more <= self.chars.len()) {
            merge(to, &now);
            for _ in 0..more {
                if !self.spend(now.len()) || !now.iter().any(|way| way.is_there()) {
                    return;
                }
                now = next(&now);
                merge(to, &now);
            }
            return;
        }
        for at in 0..is_in.len() {
            if is_in[at] && now[at].is_there() {
                let way = now[at];
                improve(&mut now, at + 1, way);
            }
        }
        merge(to, &now);
    }

    fn choice(&mut self, branches: &[Vec<Piece>], count: Count, from: &Ways, to: &mut Ways) {
        let mut now = from.clone();
        let mut round = 0;
        loop {
            if round >= count.min {
                let before = to.clone();
                merge(to, &now);
                if round > count.min && *to == before {
                    return;
                }
            }
            if count.max == Some(round) || !now.iter().any(|way| way.is_there()) {
                return;
            }
            let mut next = vec![Way::NONE; from.len()];
            for row in branches {
                if !self.spend(from.len()) {
                    return;
                }
                let ways = self.row(row, now.clone());
                merge(&mut next, &ways);
            }
            // Rounds that take nothing lead nowhere new: from here on each is like the last.
            if next == now && round < count.min {
                round = count.min;
            } else {
                round += 1;
            }
            now = next;
        }
    }

    fn looks(&self, look: Look, at: usize) -> bool {
        let before = at.checked_sub(1).map(|at| self.chars[at]);
        let after = self.chars.get(at).copied();
        let (starts, ends) = self.ends;
        let beside = |c: Option<char>, is_end: bool| Beside {
            is_edge: c.is_none() && is_end,
            is_feed: c == Some('\n'),
            is_return: c == Some('\r'),
            is_ascii: c.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_'),
            is_word: c.is_some_and(is_word),
        };
        holds(look, beside(before, starts), beside(after, ends))
    }
}

/// Whether `\w` takes a character.
fn is_word(c: char) -> bool {
    regex_syntax::is_word_character(c)
}

fn improve(ways: &mut Ways, at: usize, way: Way) {
    if way.beats(ways[at]) {
        ways[at] = way;
    }
}

fn merge(into: &mut Ways, others: &Ways) {
    for (way, other) in into.iter_mut().zip(others) {
        if other.beats(*way) {
            *way = *other;
        }
    }
}

/// Whether two characters are the same letter.
fn is_same_letter(a: char, b: char) -> bool {
    a == b || fold(a) == fold(b)
}
