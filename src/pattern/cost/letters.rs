//! The letters that a pattern tells apart: sets of characters, each of which lies as a whole in or
//! outside of every set of the pattern.

use crate::pattern::overlap::chars::{CharSet, partition};

/// The most letters of one pattern.
const MOST: usize = 256;

/// A set of letters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Letters([u64; MOST / 64]);

impl Letters {
    pub(super) fn has(&self, letter: u8) -> bool {
        self.0[usize::from(letter / 64)] >> (letter % 64) & 1 == 1
    }

    pub(super) fn add(&mut self, letter: u8) {
        self.0[usize::from(letter / 64)] |= 1 << (letter % 64);
    }

    pub(super) fn and(&self, other: &Self) -> Self {
        let mut both = *self;
        both.0.iter_mut().zip(&other.0).for_each(|(word, other)| *word &= other);
        both
    }

    pub(super) fn without(&self, other: &Self) -> Self {
        let mut rest = *self;
        rest.0.iter_mut().zip(&other.0).for_each(|(word, other)| *word &= !other);
        rest
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0 == [0; MOST / 64]
    }

    pub(super) fn iter(self) -> impl Iterator<Item = u8> {
        (0..=u8::MAX).filter(move |&letter| self.has(letter))
    }
}

/// Which character is which letter.
#[derive(Debug)]
pub(super) struct Alphabet {
    /// The characters of each letter.
    sets: Vec<CharSet>,
    /// The letter of each character of ASCII; of the line feed, which no line holds, any.
    ascii: [u8; 128],
    /// The character that stands for each letter, and how unusual it is.
    shown: Vec<(char, u64)>,
}

impl Alphabet {
    /// The letters that some sets tell apart, and the letters of each set; fails if there are too many.
    pub(super) fn new(sets: &[CharSet]) -> Result<(Self, Vec<Letters>), String> {
        let parts = partition(sets);
        if parts.len() > MOST {
            return Err(format!("it tells more than {MOST} kinds of characters apart"));
        }
        let mut of_sets = vec![Letters::default(); sets.len()];
        let mut alphabet = Self { sets: Vec::new(), ascii: [0; 128], shown: Vec::new() };
        for (letter, (set, members)) in (0..=u8::MAX).zip(parts) {
            for member in members {
                of_sets[member as usize].add(letter);
            }
            for (code, place) in (0_u8..).zip(&mut alphabet.ascii) {
                if set.contains(char::from(code)) {
                    *place = letter;
                }
            }
            alphabet.shown.push(set.best().unwrap_or((char::REPLACEMENT_CHARACTER, u64::MAX)));
            alphabet.sets.push(set);
        }
        Ok((alphabet, of_sets))
    }

    /// Every letter.
    pub(super) fn all(&self) -> Letters {
        let mut all = Letters::default();
        (0..=u8::MAX).zip(&self.sets).for_each(|(letter, _)| all.add(letter));
        all
    }

    /// The letter of a character.
    pub(super) fn letter(&self, c: char) -> u8 {
        if let Some(&letter) = self.ascii.get(c as usize) {
            return letter;
        }
        let found = (0..=u8::MAX).zip(&self.sets).find(|(_, set)| set.contains(c));
        found.map_or(0, |(letter, _)| letter)
    }

    /// The character that stands for a letter.
    pub(super) fn char(&self, letter: u8) -> char {
        self.shown[usize::from(letter)].0
    }

    /// The letter of a set whose character reads best.
    pub(super) fn best(&self, letters: Letters) -> Option<u8> {
        letters.iter().min_by_key(|&letter| {
            let (c, penalty) = self.shown[usize::from(letter)];
            let rank = match c {
                'a'..='z' => 0,
                '0'..='9' => 1,
                'A'..='Z' => 2,
                _ => 3_u8,
            };
            (penalty, rank, c != 'x', c)
        })
    }
}
