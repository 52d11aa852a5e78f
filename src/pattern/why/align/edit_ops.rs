//! The edits with which a piece of a pattern is made to fit a message.

use super::{Aligner, DEAREST, EditOp, Shape, Way, Ways, is_same_letter, is_word};
use crate::pattern::han::is_han;
use crate::pattern::why::MissKind;
use crate::pattern::why::pieces::{Count, Kind, Piece, Set};

/// Marks that quote.
pub(in crate::pattern::why) const QUOTES: &[char] =
    &['\'', '"', '`', '“', '”', '‘', '’', '„', '«', '»', '「', '」', '´'];

/// Text that is passed over is no longer than this, in characters.
const LONGEST_GAP: usize = 200;

/// A kind of edit of one piece, and what it costs.
#[derive(Clone, Copy)]
struct Op<'p> {
    piece: &'p Piece,
    kind: MissKind,
    cost: u32,
}

impl Aligner<'_> {
    /// Adds the ways behind a piece that is edited.
    pub(super) fn edited(&mut self, piece: &Piece, from: &Ways, to: &mut Ways) {
        for kind in MissKind::ALL {
            if !self.allowed.has(kind) || !self.spend(from.len()) {
                continue;
            }
            let op = |cost| Op { piece, kind, cost };
            match (kind, &piece.kind) {
                (MissKind::Case, Kind::Word(letters)) => {
                    self.each(op(1), from, to, |chars| {
                        let text = chars.get(..letters.len())?;
                        let same = |((c, set), other): (&(char, Set), &char)| {
                            set.has(*other) || is_same_letter(*c, *other)
                        };
                        letters.iter().zip(text).all(same).then_some(letters.len())
                    });
                }
                (MissKind::Typo, Kind::Word(letters)) => {
                    self.typo(op(3), letters, from, to);
                }
                (MissKind::Quote, Kind::Mark(c, _)) if QUOTES.contains(c) => {
                    self.each(op(1), from, to, |chars| {
                        chars.first().filter(|c| QUOTES.contains(c)).map(|_| 1)
                    });
                }
                (MissKind::Quote, Kind::Class(set, _))
                    if !set.is_wide() && QUOTES.iter().any(|quote| set.has(*quote)) =>
                {
                    self.each(op(1), from, to, |chars| {
                        chars.first().filter(|c| QUOTES.contains(c)).map(|_| 1)
                    });
                }
                (MissKind::Blanks, Kind::Blank(..)) => {
                    self.each(op(1), from, to, |chars| {
                        Some(chars.iter().take_while(|c| c.is_whitespace()).count())
                    });
                }
                (MissKind::Blanks, Kind::Class(set, _)) if set.is_wide() && !set.has('\n') => {
                    self.run(op(1), from, to, |_| true);
                }
                (MissKind::Anchor, Kind::Place(_)) => {
                    self.each(op(1), from, to, |_| Some(0));
                }
                (MissKind::Escape, Kind::Class(..) | Kind::Place(_) | Kind::Bracket) => {
                    let text = self.pattern[piece.span.clone()].chars();
                    let text: Vec<char> = text.take(LONGEST_GAP).collect();
                    self.each(op(1), from, to, |chars| {
                        chars.starts_with(&text).then_some(text.len())
                    });
                }
                (MissKind::Count, Kind::Class(set, count)) if *count != Count::ONCE => {
                    self.run(op(2), from, to, |c| set.has(c));
                }
                (MissKind::NumberForWord | MissKind::OtherWord, _) => {
                    self.other_word(piece, kind, from, to);
                }
                (MissKind::Missing, Kind::Blank(..)) => {
                    self.each(op(1), from, to, |_| Some(0));
                }
                (MissKind::Missing, Kind::Place(_) | Kind::Bracket) => {}
                (MissKind::Missing, _) => {
                    self.each(op(3 + piece.literals()), from, to, |_| Some(0));
                }
                _ => {}
            }
        }
    }

    /// From each place a way to one other, if `length` tells how far it is.
    fn each(
        &mut self,
        op: Op<'_>,
        from: &Ways,
        to: &mut Ways,
        length: impl Fn(&[char]) -> Option<usize>,
    ) {
        for (at, way) in from.iter().enumerate() {
            if way.is_there()
                && let Some(length) = length(&self.chars[at..])
            {
                // Nothing where a blank stood says more than another blank.
                let nothing = op.kind == MissKind::Blanks && length == 0;
                let cost = op.cost + u32::from(nothing);
                self.take(Op { cost, ..op }, *way, at..at + length, to);
            }
        }
    }

    /// Ways to every place of a run of characters; the best beginning of each run is carried along.
    fn run(&mut self, op: Op<'_>, from: &Ways, to: &mut Ways, is_in: impl Fn(char) -> bool) {
        let mut carried: Option<(usize, Way)> = None;
        for (at, way) in from.iter().enumerate().take(self.chars.len()) {
            if way.is_there() && carried.is_none_or(|(_, best)| way.beats(best)) {
                carried = Some((at, *way));
            }
            if !is_in(self.chars[at]) {
                carried = None;
            }
            if let Some((start, way)) = carried {
                self.take(op, way, start..at + 1, to);
            }
        }
    }

    fn take(&mut self, op: Op<'_>, way: Way, at: std::ops::Range<usize>, to: &mut Ways) {
        let Op { piece, kind, cost } = op;
        let kept = match kind {
            MissKind::Case | MissKind::Typo | MissKind::Quote => piece.literals(),
            _ => 0,
        };
        let literals = way.literals.saturating_add(kept);
        let next = Way { cost: way.cost.saturating_add(cost), literals, ..way };
        if next.cost > DEAREST || !next.beats(to[at.end]) {
            return;
        }
        let shape = match &piece.kind {
            Kind::Word(_) => Shape::Word,
            Kind::Class(_, count) => Shape::Class(*count),
            _ => Shape::Other,
        };
        let end = at.end;
        let taken = EditOp { kind, span: piece.span.clone(), at, shape };
        let trail = self.record(taken, way.trail);
        to[end] = Way { trail, ..next };
    }

    /// Another word where one stands, told apart by a letter or two (Damerau, 1964).
    fn typo(&mut self, op: Op<'_>, letters: &[(char, Set)], from: &Ways, to: &mut Ways) {
        /// A shorter word is another word when one letter is changed.
        const LENGTHS: std::ops::RangeInclusive<usize> = 4..=40;
        if !LENGTHS.contains(&letters.len()) {
            return;
        }
        let word: Vec<char> = letters.iter().map(|(c, _)| *c).collect();
        let most = if word.len() < 8 { 1 } else { 2 };
        for (at, way) in from.iter().enumerate() {
            let begins = at == 0 || !is_word(self.chars[at - 1]);
            if !way.is_there() || !begins || way.cost > DEAREST {
                continue;
            }
            let other = token(&self.chars[at..]);
            // Mostly one of the first two letters is right.
            let alike = word.iter().zip(other).take(2).any(|(a, b)| is_same_letter(*a, *b));
            if other.len().abs_diff(word.len()) > most || !alike {
                continue;
            }
            let (distance, end) = (distance(&word, other), at + other.len());
            if self.spend(word.len() * other.len()) && (1..=most).contains(&distance) {
                self.take(op, *way, at..end, to);
            }
        }
    }

    /// A number where the pattern has a word, or the other way round; or one word for another.
    fn other_word(&mut self, piece: &Piece, kind: MissKind, from: &Ways, to: &mut Ways) {
        /// Chinese words are short.
        const MOST_HAN: usize = 6;
        let wants_number = match &piece.kind {
            Kind::Word(letters) => letters.iter().all(|(c, _)| c.is_numeric()),
            Kind::Class(set, _) => set.is_digits(),
            Kind::Choice(_, Count::ONCE) => false,
            _ => return,
        };
        let cost = match (kind, &piece.kind) {
            (MissKind::NumberForWord, _) => 3,
            (_, Kind::Class(..)) => 4,
            _ => 3 + piece.literals().min(8),
        };
        for (at, way) in from.iter().enumerate() {
            if !way.is_there() || way.cost.saturating_add(cost) > DEAREST {
                continue;
            }
            let word = token(&self.chars[at..]);
            let rest = self.chars[at..].iter().take(LONGEST_GAP);
            let whole = rest.take_while(|c| !c.is_whitespace()).count();
            let is_number = !word.is_empty() && word.iter().all(|c| c.is_numeric());
            let fits = (kind == MissKind::NumberForWord) == (is_number != wants_number);
            let length = word.len();
            // Where words are not set apart, any of the next characters may end one.
            let han = word.iter().take_while(|c| is_han(**c)).take(MOST_HAN).count();
            for length in [length, whole].into_iter().chain(1..=han) {
                if fits && length > 0 {
                    self.take(Op { piece, kind, cost }, *way, at..at + length, to);
                }
            }
        }
    }

    /// More text before a piece than the pattern has.
    pub(super) fn extra(&mut self, piece: &Piece, ways: &mut Ways) {
        // Between words, rather than in front of a blank.
        let cost = if matches!(piece.kind, Kind::Blank(..)) { 5 } else { 4 };
        if !self.spend(ways.len()) {
            return;
        }
        let span = piece.span.start..piece.span.start;
        let mut carried: Option<(usize, Way)> = None;
        let from = ways.clone();
        for (at, way) in from.iter().enumerate().take(self.chars.len()) {
            let fresh = Way { cost: way.cost.saturating_add(cost), ..*way };
            if way.is_there() && carried.is_none_or(|(_, best)| fresh.beats(best)) {
                carried = Some((at, fresh));
            }
            let Some((start, mut way)) = carried else { continue };
            let word_begins =
                at > start && self.chars[at - 1].is_whitespace() && !self.chars[at].is_whitespace();
            way.cost += u32::from(word_begins);
            let goes_on = at - start < LONGEST_GAP && way.cost <= DEAREST;
            carried = goes_on.then_some((start, way));
            if goes_on && way.beats(ways[at + 1]) {
                let (kind, shape) = (MissKind::Extra, Shape::Other);
                let taken = EditOp { kind, span: span.clone(), at: start..at + 1, shape };
                let trail = self.record(taken, way.trail);
                ways[at + 1] = Way { trail, ..way };
            }
        }
    }
}

/// The word at the start of a text.
fn token(text: &[char]) -> &[char] {
    let word = text.iter().take(LONGEST_GAP).take_while(|c| is_word(**c));
    &text[..word.count()]
}

/// How many letters are to be put in, left out, changed or swapped; letters of both cases are the same.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut rows = vec![vec![0; b.len() + 1]; a.len() + 1];
    for (row, distance) in rows.iter_mut().zip(0..) {
        row[0] = distance;
    }
    rows[0] = (0..=b.len()).collect();
    for i in 1..=a.len() {
        for j in 1..=b.len() {
            let same = |i: usize, j: usize| is_same_letter(a[i - 1], b[j - 1]);
            let change = rows[i - 1][j - 1] + usize::from(!same(i, j));
            let mut best = change.min(rows[i - 1][j] + 1).min(rows[i][j - 1] + 1);
            if i > 1 && j > 1 && same(i, j - 1) && same(i - 1, j) {
                best = best.min(rows[i - 2][j - 2] + 1);
            }
            rows[i][j] = best;
        }
    }
    rows[a.len()][b.len()]
}
