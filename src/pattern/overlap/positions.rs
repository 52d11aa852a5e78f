//! The places of a pattern of the `regex` crate ([`super::super::places`]), with the kinds of characters that its
//! assertions tell apart: the edge of the line, or a character of one of four kinds.

use std::collections::HashMap;

use regex_syntax::hir::{Class, ClassUnicode, ClassUnicodeRange, Hir, HirKind, Look, Repetition};

use super::chars::CharSet;
use super::{Limits, Undecided};
use crate::pattern::assertions::{Beside, holds};
use crate::pattern::places::{ALL, Link, Part, Places, Reader, Sides, TooLarge};

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
    /// Their places, each with the number of its set.
    pub(super) places: Places,
    /// The whole pattern.
    pub(super) whole: Part,
}

impl Positions {
    /// The positions of a pattern, unless there are too many.
    pub(super) fn new(hir: &Hir, limits: &Limits) -> Result<Self, Undecided> {
        let places = Places::new(limits.states, limits.links, false);
        let mut builder = Builder { sets: Vec::new(), known: HashMap::new(), places };
        let mut whole = builder.part(hir)?;
        let Builder { sets, mut places, .. } = builder;
        places.follow.iter_mut().chain([&mut whole.first, &mut whole.last]).for_each(merge);
        Ok(Self { sets, places, whole })
    }
}

/// Unites what is said of one position in several places.
fn merge(links: &mut Vec<Link>) {
    links.sort_unstable();
    links.dedup_by(|next, kept| {
        let same = next.0 == kept.0;
        if same {
            kept.1 |= next.1;
        }
        same
    });
}

struct Builder {
    sets: Vec<CharSet>,
    known: HashMap<CharSet, usize>,
    places: Places,
}

impl From<TooLarge> for Undecided {
    fn from(error: TooLarge) -> Self {
        Self::new(match error {
            TooLarge::Places(most) => format!("the pattern has more than {most} positions"),
            TooLarge::Links(most) => {
                format!("the pattern has more than {most} ways from position to position")
            }
        })
    }
}

impl Reader for Builder {
    type Piece = Hir;
    type Error = Undecided;

    fn places(&mut self) -> &mut Places {
        &mut self.places
    }

    fn part(&mut self, hir: &Hir) -> Result<Part, Undecided> {
        let no_characters = || Undecided::new("the pattern holds bytes that are no characters");
        match hir.kind() {
            HirKind::Empty => Ok(Part::empty(ALL)),
            HirKind::Look(look) => Ok(Part::empty(sides_of(*look))),
            HirKind::Literal(literal) => {
                let text = std::str::from_utf8(&literal.0).map_err(|_| no_characters())?;
                let mut whole = Part::empty(ALL);
                for c in text.chars() {
                    let next = self.take(CharSet::of(c))?;
                    whole = self.places.then(whole, next)?;
                }
                Ok(whole)
            }
            HirKind::Class(Class::Unicode(class)) => self.take(CharSet::new(class)),
            HirKind::Class(Class::Bytes(class)) => {
                self.take(CharSet::new(&class.to_unicode_class().ok_or_else(no_characters)?))
            }
            HirKind::Capture(capture) => self.part(&capture.sub),
            HirKind::Concat(parts) => self.concat(parts),
            HirKind::Alternation(parts) => self.either(parts),
            HirKind::Repetition(Repetition { min, max, sub, .. }) => {
                Ok(self.repeat(sub, *min, *max)?.0)
            }
        }
    }
}

impl Builder {
    /// One character of a set.
    fn take(&mut self, set: CharSet) -> Result<Part, Undecided> {
        if set.is_empty() {
            return Ok(Part::empty(0));
        }
        let sets = &mut self.sets;
        let index = *self.known.entry(set).or_insert_with_key(|set| {
            sets.push(set.clone());
            sets.len() - 1
        });
        Ok(self.places.take(index)?)
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
