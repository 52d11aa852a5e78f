//! A matcher that walks over a pattern's syntax and needs nothing built: for one search over one short
//! text it is done before an automaton would be ready. It gives up, rather than being slow, where
//! backtracking takes too many steps.

use std::cmp::Ordering;
use std::ops::Range;

use regex_syntax::hir::{Class, Hir, HirKind, Look, Repetition};

use super::literals::fold;
use needle::Needles;
use starts::Starts;

mod needle;
mod starts;

/// A pattern to walk over. It may be one over bytes if all texts are ASCII.
#[derive(Debug)]
pub(super) struct Walk {
    hir: Hir,
    starts: Starts,
    needles: Needles,
    /// Whether a match found here ends where `regex` ends it, which takes rounds of a repetition that
    /// take nothing in a way of its own.
    pub(super) ends_are_sure: bool,
}

impl Walk {
    pub(super) fn new(hir: Hir) -> Self {
        let (starts, needles) = (Starts::of(&hir), Needles::of(&hir));
        Self { ends_are_sure: !repeats_nothing(&hir), hir, starts, needles }
    }

    /// Whether the pattern may match without taking a character.
    pub(super) fn may_be_empty(&self) -> bool {
        self.hir.properties().minimum_len() == Some(0)
    }

    /// Whether the pattern matches anywhere in a text; `None` if that is not settled within the budget,
    /// or if the pattern holds something that is not handled here.
    pub(super) fn is_match(&self, text: &str) -> Option<bool> {
        /// Enough for all but contrived patterns, and less than a tenth of a millisecond.
        const BUDGET: u32 = 20_000;
        if !self.needles.may_be_in(text) {
            return Some(false);
        }
        let mut matcher = Matcher { counts_literals: false, ..Matcher::new(text, BUDGET) };
        let found = self.starts.any(text, |start| matcher.run(&self.hir, start, &mut |_, _| true));
        (!matcher.gave_up).then_some(found)
    }

    /// Where the pattern first matches, and how many characters of the text its literals match there: a
    /// letter in either case is a literal too.
    pub(super) fn find(&self, text: &str) -> Result<Option<(Range<usize>, usize)>, Unsettled> {
        /// A look-up asks this of few patterns.
        const BUDGET: u32 = 200_000;
        let mut matcher = Matcher::new(text, BUDGET);
        let mut found = None;
        self.starts.any(text, |start| {
            matcher.run(&self.hir, start, &mut |matcher, end| {
                found = Some((start..end, matcher.literals));
                true
            })
        });
        if matcher.gave_up { Err(Unsettled) } else { Ok(found) }
    }
}

/// The budget did not suffice, or the pattern holds something that is not handled here.
pub(super) struct Unsettled;

/// Whether a part that may match nothing is repeated, single characters apart.
fn repeats_nothing(hir: &Hir) -> bool {
    match hir.kind() {
        HirKind::Repetition(repetition) => {
            repetition.sub.properties().minimum_len() == Some(0) || repeats_nothing(&repetition.sub)
        }
        HirKind::Capture(capture) => repeats_nothing(&capture.sub),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => parts.iter().any(repeats_nothing),
        HirKind::Empty | HirKind::Literal(_) | HirKind::Class(_) | HirKind::Look(_) => false,
    }
}

/// What must match after a part of a pattern has matched up to an offset.
type Rest<'r, 'h> = &'r mut dyn FnMut(&mut Matcher<'h>, usize) -> bool;

struct Matcher<'h> {
    haystack: &'h [u8],
    steps: u32,
    depth: u32,
    gave_up: bool,
    /// How many characters literals have matched on the way here.
    literals: usize,
    /// Whether anybody asks for that.
    counts_literals: bool,
}

impl<'h> Matcher<'h> {
    fn new(haystack: &'h str, steps: u32) -> Self {
        let haystack = haystack.as_bytes();
        Self { haystack, steps, depth: 0, gave_up: false, literals: 0, counts_literals: true }
    }

    /// How many letters a class stands for, as far as anybody asks.
    fn letters(&self, class: &Class) -> usize {
        usize::from(self.counts_literals && is_letter(class))
    }

    /// Goes on after characters that a literal has matched.
    fn past_literal(&mut self, count: usize, at: usize, rest: Rest<'_, 'h>) -> bool {
        self.literals += count;
        let matched = rest(self, at);
        self.literals -= count;
        matched
    }

    /// Whether the pattern matches from `at` on so that the rest matches too. Having given up counts
    /// as a match: it ends the search at once.
    fn run(&mut self, hir: &Hir, at: usize, rest: Rest<'_, 'h>) -> bool {
        /// A deeper stack is not worth the risk.
        const DEEPEST: u32 = 400;
        if self.steps == 0 || self.depth == DEEPEST || self.gave_up {
            self.gave_up = true;
            return true;
        }
        self.steps -= 1;
        self.depth += 1;
        let matched = match hir.kind() {
            HirKind::Empty => rest(self, at),
            HirKind::Literal(literal) => {
                let text = &literal.0;
                self.haystack[at..].starts_with(text)
                    && self.past_literal(characters(text), at + text.len(), rest)
            }
            HirKind::Class(class) => one_of(class, &self.haystack[at..])
                .is_some_and(|len| self.past_literal(self.letters(class), at + len, rest)),
            HirKind::Look(look) => self.looks(*look, at) && rest(self, at),
            HirKind::Capture(capture) => self.run(&capture.sub, at, rest),
            HirKind::Alternation(choices) => {
                choices.iter().any(|choice| self.run(choice, at, rest))
            }
            HirKind::Concat(parts) => self.concat(parts, at, rest),
            HirKind::Repetition(repetition) => self.repeat(repetition, at, rest),
        };
        self.depth -= 1;
        matched
    }

    /// Parts one after another. What matches in one way only, as letters do, needs no recursion.
    fn concat(&mut self, parts: &[Hir], at: usize, rest: Rest<'_, 'h>) -> bool {
        let (mut end, mut literals) = (at, 0);
        for (number, part) in parts.iter().enumerate() {
            let (length, count) = match part.kind() {
                HirKind::Class(class) => match one_of(class, &self.haystack[end..]) {
                    Some(length) => (length, self.letters(class)),
                    None => return false,
                },
                HirKind::Literal(literal) if self.haystack[end..].starts_with(&literal.0) => {
                    (literal.0.len(), characters(&literal.0))
                }
                HirKind::Literal(_) => return false,
                _ => {
                    let others = &parts[number + 1..];
                    self.literals += literals;
                    let matched =
                        self.run(part, end, &mut |matcher, at| matcher.concat(others, at, rest));
                    self.literals -= literals;
                    return matched;
                }
            };
            end += length;
            literals += count;
        }
        self.past_literal(literals, end, rest)
    }

    fn repeat(&mut self, repetition: &Repetition, at: usize, rest: Rest<'_, 'h>) -> bool {
        let most = repetition.max.map_or(usize::MAX, |max| max as usize);
        let least = repetition.min as usize;
        // What matches single characters, as in `.*`, needs no recursion.
        let single = |text: &[u8]| match repetition.sub.kind() {
            HirKind::Class(class) => Some(one_of(class, text)),
            HirKind::Literal(literal) if literal.0.len() == 1 => {
                Some((text.first() == literal.0.first()).then_some(1))
            }
            _ => None,
        };
        if single(&[]).is_some() {
            let (mut count, mut end) = (0, at);
            if !repetition.greedy {
                loop {
                    if count >= least && rest(self, end) {
                        return true;
                    }
                    match single(&self.haystack[end..]) {
                        Some(Some(len)) if count < most => end += len,
                        _ => return false,
                    }
                    count += 1;
                }
            }
            while count < most
                && let Some(Some(len)) = single(&self.haystack[end..])
            {
                count += 1;
                end += len;
            }
            while count >= least {
                if rest(self, end) {
                    return true;
                }
                if count == 0 {
                    break;
                }
                count -= 1;
                end -= 1;
                // Back over the rest of a character.
                while self.haystack[end] & 0xc0 == 0x80 {
                    end -= 1;
                }
            }
            return false;
        }
        self.repeat_from(repetition, 0, at, rest)
    }

    fn repeat_from(
        &mut self,
        repetition: &Repetition,
        done: u32,
        at: usize,
        rest: Rest<'_, 'h>,
    ) -> bool {
        let is_enough = done >= repetition.min;
        if !repetition.greedy && is_enough && rest(self, at) {
            return true;
        }
        let more = repetition.max.is_none_or(|max| done < max)
            && self.run(&repetition.sub, at, &mut |matcher, next| {
                // A round that took nothing cannot lead anywhere new, once there are enough rounds.
                (next > at || done < repetition.min)
                    && matcher.repeat_from(repetition, done + 1, next, rest)
            });
        more || (repetition.greedy && is_enough && rest(self, at))
    }

    fn looks(&mut self, look: Look, at: usize) -> bool {
        let before = at.checked_sub(1).map(|at| self.haystack[at]);
        let after = self.haystack.get(at).copied();
        let word = |byte: Option<u8>| byte.is_some_and(|b| b.is_ascii_alphanumeric() || b == b'_');
        match look {
            Look::Start => before.is_none(),
            Look::End => after.is_none(),
            Look::StartLF => before.is_none_or(|byte| byte == b'\n'),
            Look::EndLF => after.is_none_or(|byte| byte == b'\n'),
            Look::WordAscii => word(before) != word(after),
            Look::WordAsciiNegate => word(before) == word(after),
            Look::WordUnicode => self.is_word(true, at) != self.is_word(false, at),
            Look::WordUnicodeNegate => self.is_word(true, at) == self.is_word(false, at),
            _ => {
                self.gave_up = true;
                true
            }
        }
    }

    /// Whether the character before or after a place is one of a word, in Unicode.
    fn is_word(&self, before: bool, at: usize) -> bool {
        let c = if before {
            let start = (0..at).rev().find(|at| self.haystack[*at] & 0xc0 != 0x80);
            start.and_then(|start| decode(&self.haystack[start..at]))
        } else {
            decode(&self.haystack[at..])
        };
        c.is_some_and(regex_syntax::is_word_character)
    }
}

/// How many characters a text has.
fn characters(text: &[u8]) -> usize {
    text.iter().filter(|byte| **byte & 0xc0 != 0x80).count()
}

/// Whether a class is one letter in both cases.
fn is_letter(class: &Class) -> bool {
    /// A letter has a few forms at most.
    const MOST: usize = 4;
    fn is_one(mut forms: impl Iterator<Item = (char, char)>) -> bool {
        let first = forms.next().filter(|(start, end)| start == end).map(|(c, _)| fold(c));
        first.is_some() && forms.all(|(start, end)| start == end && Some(fold(start)) == first)
    }
    match class {
        Class::Unicode(class) => {
            let ranges = class.ranges();
            ranges.len() <= MOST && is_one(ranges.iter().map(|range| (range.start(), range.end())))
        }
        Class::Bytes(class) => {
            let of = |byte| char::from(byte);
            let ranges = class.ranges();
            ranges.len() <= MOST
                && is_one(ranges.iter().map(|range| (of(range.start()), of(range.end()))))
        }
    }
}

/// The length of the character at the start of a text, if it is one of a class.
fn one_of(class: &Class, text: &[u8]) -> Option<usize> {
    let first = *text.first()?;
    match class {
        Class::Bytes(class) => class
            .ranges()
            .iter()
            .any(|range| (range.start()..=range.end()).contains(&first))
            .then_some(1),
        Class::Unicode(class) => {
            let c = if first.is_ascii() { char::from(first) } else { decode(text)? };
            class
                .ranges()
                .binary_search_by(|range| {
                    if range.end() < c {
                        Ordering::Less
                    } else if range.start() > c {
                        Ordering::Greater
                    } else {
                        Ordering::Equal
                    }
                })
                .is_ok()
                .then(|| c.len_utf8())
        }
    }
}

/// The first character of a text that is not ASCII.
fn decode(text: &[u8]) -> Option<char> {
    let len = text.len().min(4);
    let valid = text[..len].utf8_chunks().next()?.valid();
    valid.chars().next()
}
