//! Why a pattern does not find a message: how far it comes, and what stands in its way.
//!
//! The pattern is taken apart into pieces and aligned with the message ([`align`]): first without an
//! edit, which tells the longest part that matches and the first piece that fails; then with edits of one kind
//! at a time, then of all kinds. Each alignment is turned into a pattern with just these edits, and only what `regex` then finds is told: no near miss is a guess.
//!
//! All work is counted, so that the same question has the same answer everywhere.

use std::ops::Range;

use serde::Serialize;

use super::{Case, Pattern};
use align::{Aligner, Allowed, EditOp, Way, Ways};
use mend::Edit;
pub use nearest::nearest;
use pieces::{Kind, Piece};

mod align;
mod explain;
mod mend;
mod nearest;
mod order;
mod pieces;

/// How many characters of a message are looked at.
pub const LONGEST_MESSAGE: usize = 4_096;

/// What may be done for one way to look at a message, in steps: places of it times pieces of a pattern,
/// times kinds of edits.
const FUEL: u64 = 3_000_000;

/// How a pattern and a message come together, or why they do not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Why {
    /// Whether the pattern finds the message.
    pub matches: bool,
    /// The part of the message that the pattern finds; if it finds none, the part that its first pieces
    /// find. A byte range; `None` if not even the first piece is there.
    pub matched: Option<Range<usize>>,
    /// The pieces of the pattern that matched: a byte range of the pattern.
    pub fitted: Range<usize>,
    /// The first piece that is not there: a byte range of the pattern.
    pub failed: Option<Range<usize>>,
    /// What would have to be different, each alone enough; the least first.
    pub near: Vec<Relaxation>,
    /// Why nothing can be told.
    pub unknown: Option<String>,
    /// The part of the message that was looked at, if that is not all of it: a byte range.
    pub window: Option<Range<usize>>,
}

/// What would have to be different for a pattern to find a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relaxation {
    /// The pattern with just these pieces relaxed: it finds the message.
    pub pattern: String,
    /// The places, by their order in the pattern; no one can be left out.
    pub misses: Vec<NearMiss>,
}

/// A place where a pattern nearly finds a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NearMiss {
    /// What it is.
    pub kind: MissKind,
    /// The piece of the pattern: a byte range; empty where the message has more than the pattern.
    pub pattern: Range<usize>,
    /// What stands there in the message: a byte range.
    pub message: Range<usize>,
    /// The same in words: a clause, without a full stop.
    pub explanation: String,
}

/// What keeps a piece of a pattern from matching.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum MissKind {
    /// A letter is of the other case.
    Case,
    /// The white space is another, or there is none.
    Blanks,
    /// It is quoted with another mark.
    Quote,
    /// What is syntax in the pattern stands in the message.
    Escape,
    /// `^`, `$`, `\b` and the like ask for what is not there.
    Anchor,
    /// One word differs by a letter or two.
    Typo,
    /// A number stands where the pattern has a word, or a word for a number.
    NumberForWord,
    /// There are more characters of a kind, or fewer.
    Count,
    /// The message ends too early.
    Truncated,
    /// Something is not in the message.
    Missing,
    /// Something is in the message that the pattern does not have.
    Extra,
    /// Another word stands there.
    OtherWord,
    /// All is there, in another order.
    WordOrder,
}

impl MissKind {
    /// All kinds, the slightest first.
    pub const ALL: [Self; 13] = [
        Self::Case,
        Self::Blanks,
        Self::Quote,
        Self::Escape,
        Self::Anchor,
        Self::Typo,
        Self::NumberForWord,
        Self::Count,
        Self::Truncated,
        Self::Missing,
        Self::Extra,
        Self::OtherWord,
        Self::WordOrder,
    ];

    /// Whether it takes nothing away from what the pattern says.
    const fn is_slight(self) -> bool {
        (self as u8) <= Self::Anchor as u8
    }
}

impl Pattern {
    /// Tells why the pattern does not find a message, or where it does.
    pub fn why(&self, message: &str, case: Case) -> Why {
        let unknown = |reason: String| Why { unknown: Some(reason), ..Why::default() };
        let pattern = self.text();
        let syntax = match self.syntax() {
            Ok(syntax) => syntax,
            Err(error) => {
                return unknown(format!("the pattern cannot be taken apart: {}", error.message));
            }
        };
        let regex = match self.full(case) {
            Ok(regex) => regex,
            Err(error) => return unknown(error.message.clone()),
        };
        if let Some(found) = regex.find(message) {
            let (matched, fitted) = (Some(found.range()), 0..pattern.len());
            return Why { matches: true, matched, fitted, ..Why::default() };
        }
        let Some(branches) = pieces::pieces(pattern, syntax, case) else {
            return unknown("the pattern is one over bytes: it cannot be taken apart".to_owned());
        };
        let window = window(message, &branches);
        let question = Question::new(pattern, message, window, case, &branches);
        let mut why = question.strict();
        why.near = question.near();
        let whole = question.window == (0..message.len());
        why.window = (!whole).then_some(question.window);
        why
    }
}

/// The part of a long message that is looked at: around the longest word of the pattern that is in it.
fn window(message: &str, branches: &[Vec<Piece>]) -> Range<usize> {
    let size: usize = branches.iter().flatten().map(Piece::size).fold(1, usize::saturating_add);
    // The longer the pattern, the less of the message can be held against it.
    let kinds = MissKind::ALL.len() + 1;
    let steps = usize::try_from(FUEL).unwrap_or(usize::MAX) / kinds;
    let most = (steps / size).clamp(256, LONGEST_MESSAGE);
    if message.chars().nth(most).is_none() {
        return 0..message.len();
    }
    let words = branches.iter().flatten().filter_map(|piece| match &piece.kind {
        Kind::Word(letters) => Some(letters.iter().map(|(c, _)| *c).collect::<String>()),
        _ => None,
    });
    let mut words: Vec<String> = words.take(64).collect();
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    let lower = message.to_ascii_lowercase();
    let place = words.iter().find_map(|word| lower.find(&word.to_ascii_lowercase()));
    let half = most / 2;
    let before = message[..place.unwrap_or(0)].char_indices().rev();
    let start = before.take(half).last().map_or(0, |(at, _)| at);
    let end = message[start..].char_indices().nth(most).map_or(message.len(), |(at, _)| start + at);
    start..end
}

struct Question<'q> {
    pattern: &'q str,
    message: &'q str,
    window: Range<usize>,
    case: Case,
    branches: &'q [Vec<Piece>],
    chars: Vec<char>,
    /// Where each place between the characters is in the message, in bytes.
    offsets: Vec<usize>,
}

/// A way through one of the alternatives.
struct Through {
    way: Way,
    taken: Vec<EditOp>,
    /// How much the alternative spells out.
    literals: u32,
}

impl<'q> Question<'q> {
    fn new(
        pattern: &'q str,
        message: &'q str,
        window: Range<usize>,
        case: Case,
        branches: &'q [Vec<Piece>],
    ) -> Self {
        let text = &message[window.clone()];
        let offsets = text.char_indices().map(|(at, _)| window.start + at).chain([window.end]);
        let (chars, offsets) = (text.chars().collect(), offsets.collect());
        Self { pattern, message, window, case, branches, chars, offsets }
    }

    fn ends(&self) -> (bool, bool) {
        (self.window.start == 0, self.window.end == self.message.len())
    }

    fn aligner(&self, allowed: Allowed, fuel: u64) -> Aligner<'_> {
        Aligner::new(self.pattern, &self.chars, self.ends(), allowed, fuel)
    }

    fn bytes(&self, at: &Range<usize>) -> Range<usize> {
        self.offsets[at.start]..self.offsets[at.end]
    }

    /// How far the pattern comes, and where it fails: in the alternative that comes furthest.
    fn strict(&self) -> Why {
        let mut best: Option<((u32, usize), Why)> = None;
        let mut fuel = FUEL;
        for row in self.branches {
            let Some((key, why)) = self.strict_row(row, &mut fuel) else { continue };
            if best.as_ref().is_none_or(|(known, _)| key > *known) {
                best = Some((key, why));
            }
        }
        best.map_or_else(Why::default, |(_, why)| why)
    }

    fn strict_row(&self, row: &[Piece], fuel: &mut u64) -> Option<((u32, usize), Why)> {
        let mut aligner = self.aligner(Allowed::NONE, *fuel);
        let start = row.first()?.span.start;
        let mut before: Ways = aligner.anywhere();
        for (index, piece) in row.iter().enumerate() {
            let after = aligner.step(piece, &before);
            *fuel = aligner.fuel();
            if aligner.gave_up() {
                return None;
            }
            if after.iter().any(|way| way.is_there()) {
                before = after;
                continue;
            }
            let ways = before.iter().enumerate().filter(|(_, way)| way.is_there());
            let common = |at: usize| match &piece.kind {
                Kind::Word(letters) => {
                    let pairs = letters.iter().zip(&self.chars[at..]);
                    pairs.take_while(|((_, set), c)| set.has(**c)).count()
                }
                _ => 0,
            };
            let (at, way) = ways.max_by_key(|(at, way)| (way.literals, common(*at), *at))?;
            let any = way.literals > 0 || row[..index].iter().any(|piece| piece.literals() > 0);
            let matched = any.then(|| self.bytes(&(way.start as usize..at)));
            let (fitted, failed) = (start..piece.span.start, Some(piece.span.clone()));
            return Some((
                (way.literals, index),
                Why { matched, fitted, failed, ..Why::default() },
            ));
        }
        None
    }

    /// What would have to be different.
    fn near(&self) -> Vec<Relaxation> {
        /// More ways to see it help nobody.
        const MOST: usize = 4;
        let mut near: Vec<(u32, Relaxation)> = Vec::new();
        near.extend(self.doubled());
        for kind in MissKind::ALL {
            if kind == MissKind::WordOrder
                || near.iter().any(|(cost, _)| *cost <= 2) && !kind.is_slight()
            {
                continue;
            }
            near.extend(self.relaxed(Allowed::only(kind)));
        }
        near.extend(self.turned_round());
        if near.iter().all(|(cost, _)| *cost > 2) {
            near.extend(self.relaxed(Allowed::ALL));
        }
        // Of two that cost the same, one that keeps all parts.
        let cuts = |relaxation: &Relaxation| {
            relaxation.misses.iter().any(|miss| miss.kind == MissKind::Truncated)
        };
        near.sort_by_key(|(cost, relaxation)| (*cost, cuts(relaxation)));
        let least = near.first().map_or(0, |(cost, _)| *cost);
        near.retain(|(cost, _)| *cost <= 2 * least + 3);
        let mut seen = Vec::new();
        near.retain(|(_, relaxation)| {
            let is_new = !seen.contains(&relaxation.pattern);
            seen.push(relaxation.pattern.clone());
            is_new
        });
        near.into_iter().map(|(_, relaxation)| relaxation).take(MOST).collect()
    }

    /// The pattern with the cheapest edits of some kinds, proved and with none to spare.
    fn relaxed(&self, allowed: Allowed) -> Option<(u32, Relaxation)> {
        /// What is rewritten in more places is another pattern.
        const MOST: usize = 8;
        let Through { way, taken, literals } = self.through(allowed)?;
        // Two fifths of what the pattern says must be left, or it was never about this message.
        if taken.is_empty() || way.literals < 3.min(literals) || way.literals * 5 < literals * 2 {
            return None;
        }
        let mut edits = mend::edits(self.pattern, &self.chars, &taken);
        self.proved(&mend::apply(self.pattern, &edits))?;
        let mut index = 0;
        while index < edits.len() && edits.len() <= 4 * MOST {
            let others = edits.iter().enumerate().filter(|(other, _)| *other != index);
            let without = mend::apply(self.pattern, others.map(|(_, edit)| edit));
            if self.proved(&without).is_some() {
                edits.remove(index);
            } else {
                index += 1;
            }
        }
        if edits.is_empty() || edits.len() > MOST {
            return None;
        }
        let pattern = mend::apply(self.pattern, &edits);
        let misses = edits.iter().map(|edit| self.miss(edit)).collect();
        Some((way.cost, Relaxation { pattern, misses }))
    }

    fn miss(&self, edit: &Edit) -> NearMiss {
        let at = self.bytes(&edit.at);
        NearMiss::new(edit.kind, (self.pattern, edit.span.clone()), (self.message, at))
    }

    fn through(&self, allowed: Allowed) -> Option<Through> {
        let mut best: Option<Through> = None;
        let mut fuel = FUEL;
        for row in self.branches {
            let mut aligner = self.aligner(allowed, fuel);
            let from = aligner.anywhere();
            let ways = aligner.row(row, from);
            fuel = aligner.fuel();
            let Some(way) = ways.into_iter().reduce(|a, b| if b.beats(a) { b } else { a }) else {
                continue;
            };
            let better = best.as_ref().is_none_or(|best| way.beats(best.way));
            if way.is_there() && better && !aligner.gave_up() {
                let literals = row.iter().map(Piece::literals).fold(0, u32::saturating_add);
                best = Some(Through { way, taken: aligner.taken(way), literals });
            }
        }
        best
    }

    /// `Some` if a pattern finds the message.
    fn proved(&self, pattern: &str) -> Option<()> {
        let pattern = Pattern::new(pattern);
        pattern.full(self.case).ok()?.is_match(self.message).then_some(())
    }

    /// Backslashes that were doubled on the way into the pattern.
    fn doubled(&self) -> Option<(u32, Relaxation)> {
        let at = self.pattern.find(r"\\")?;
        let pattern = self.pattern.replace(r"\\", r"\");
        self.proved(&pattern)?;
        let rest = &self.pattern[at + 2..];
        let span = at..at + 2 + rest.chars().next().map_or(0, char::len_utf8);
        let explanation = format!(
            "{} is a backslash and what follows it: the backslashes are doubled",
            crate::pattern::visible::quote(&self.pattern[span.clone()])
        );
        let miss = NearMiss { kind: MissKind::Escape, pattern: span, message: 0..0, explanation };
        Some((1, Relaxation { pattern, misses: vec![miss] }))
    }

    /// All parts in another order.
    fn turned_round(&self) -> Option<(u32, Relaxation)> {
        let mut fuel = FUEL;
        self.branches.iter().find_map(|row| {
            let found = order::reorder(self.pattern, row, &self.chars, self.ends(), &mut fuel)?;
            let pattern = format!("{}|{}", self.pattern, found.pattern);
            self.proved(&pattern)?;
            let place = (self.message, self.bytes(&found.at));
            let miss = NearMiss::new(MissKind::WordOrder, (self.pattern, found.span), place);
            Some((3, Relaxation { pattern, misses: vec![miss] }))
        })
    }
}
