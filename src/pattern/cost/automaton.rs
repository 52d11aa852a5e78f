//! The automaton of a pattern in which each way counts: two ways from a place to the next are two
//! links, so that `(a*)*` is not the same as `a*`.
//!
//! Glushkov's construction ("The abstract theory of automata", 1961), where a state is a place in the
//! pattern that has just taken a character; what assertions ask is resolved by giving each place a
//! state for each kind of character. The search for a beginning is part of it: a state that takes any
//! character comes before the pattern.

use super::letters::Letters;
use super::pieces::{EDGE, OTHER, Piece, Pieces, WORD, What, sides};
use crate::pattern::places::{ALL, Link, Part, Places, Reader, Sides, TooLarge};
use crate::pattern::syntax::Span;

/// The first state: nothing has been read.
pub(super) const START: u32 = 0;

/// The most places of a pattern.
const MOST_PLACES: usize = 4_000;

/// The most links from place to place.
const MOST_LINKS: usize = 100_000;

/// A repetition with a most is taken for one without where it may take so many more times than it must.
const LONG: u32 = 8;

/// An automaton.
#[derive(Debug)]
pub(super) struct Automaton {
    pub(super) states: Vec<State>,
    /// The repetitions without an end: where they stand in the pattern, and their places.
    pub(super) loops: Vec<(Span, std::ops::Range<usize>)>,
    /// Whether a repetition with an end was taken for one without.
    pub(super) relaxed: bool,
}

/// A state.
#[derive(Debug)]
pub(super) struct State {
    /// The letters that lead here.
    pub(super) letters: Letters,
    /// Where one may go, with repetition.
    pub(super) next: Vec<u32>,
    /// From where one may come.
    pub(super) before: Vec<u32>,
    /// The place in the pattern, if it is one in the pattern.
    pub(super) place: Option<usize>,
    /// Before which kinds of characters the pattern may end here, a bit for each.
    ends: u8,
    /// Whether every line that leads here is found.
    pub(super) found: bool,
}

impl Automaton {
    /// The automaton of a pattern. Where `relaxed`, long repetitions have no end.
    pub(super) fn new(pattern: &Pieces, relaxed: bool) -> Result<Self, String> {
        let places = Places::new(MOST_PLACES, MOST_LINKS, true);
        let mut builder = Builder { places, loops: Vec::new(), relax: relaxed, relaxed: false };
        let whole = builder.part(&pattern.root)?;
        let mut automaton =
            Self { states: Vec::new(), loops: builder.loops, relaxed: builder.relaxed };
        automaton.resolve(pattern, &whole, &builder.places);
        Ok(automaton)
    }

    fn resolve(&mut self, pattern: &Pieces, whole: &Part, places: &Places) {
        let Places { set_of, follow, .. } = places;
        let all = pattern.alphabet.all();
        let kinds: Vec<(usize, Letters)> = match pattern.word {
            None => vec![(OTHER, all)],
            Some(word) => vec![(WORD, word), (OTHER, all.without(&word))],
        };
        let state = |letters, place| State {
            letters,
            next: Vec::new(),
            before: Vec::new(),
            place,
            ends: 0,
            found: false,
        };
        self.states.push(state(Letters::default(), None));
        let mut kind_of = vec![EDGE];
        // The states of the search and of each place, one for each kind.
        let mut states_of: Vec<Vec<u32>> = Vec::with_capacity(set_of.len() + 1);
        let places = set_of.iter().enumerate().map(|(at, &set)| (Some(at), pattern.sets[set]));
        for (place, letters) in [(None, all)].into_iter().chain(places) {
            let mut states = Vec::with_capacity(kinds.len());
            for &(kind, of_kind) in &kinds {
                let letters = letters.and(&of_kind);
                if !letters.is_empty() {
                    states.push(u32::try_from(self.states.len()).unwrap_or(u32::MAX));
                    self.states.push(state(letters, place));
                    kind_of.push(kind);
                }
            }
            states_of.push(states);
        }
        let after = kinds.iter().map(|&(kind, _)| kind).chain([EDGE]);
        let after: Vec<usize> = after.collect();
        let mut leave = |from: usize, links: &[Link], end: Sides, searches: bool| {
            let kind = kind_of[from];
            let mut next = Vec::new();
            for &(place, allowed) in links {
                let states = states_of[place + 1].iter();
                next.extend(states.filter(|&&to| allowed & sides(kind, kind_of[to as usize]) != 0));
            }
            if searches {
                next.extend(&states_of[0]);
            }
            let state = &mut self.states[from];
            state.next = next;
            let ends = after.iter().filter(|&&after| end & sides(kind, after) != 0);
            state.ends = ends.fold(0, |ends, &after| ends | 1 << after);
            state.found = after.iter().all(|&after| state.ends >> after & 1 == 1);
        };
        leave(START as usize, &whole.first, whole.empty, true);
        for &from in &states_of[0] {
            leave(from as usize, &whole.first, whole.empty, true);
        }
        let mut ends = vec![0; set_of.len()];
        for &(place, allowed) in &whole.last {
            ends[place] |= allowed;
        }
        for (place, links) in follow.iter().enumerate() {
            for &from in &states_of[place + 1] {
                leave(from as usize, links, ends[place], false);
            }
        }
        for from in 0..self.states.len() {
            let next = std::mem::take(&mut self.states[from].next);
            for &to in &next {
                let before = &mut self.states[to as usize].before;
                let from = u32::try_from(from).unwrap_or(u32::MAX);
                if before.last() != Some(&from) {
                    before.push(from);
                }
            }
            self.states[from].next = next;
        }
    }

    /// Whether a line is found, by the letters of its characters.
    pub(super) fn finds(&self, pattern: &Pieces, line: &[u8]) -> bool {
        let mut now = vec![START as usize];
        let mut seen = vec![usize::MAX; self.states.len()];
        for (index, &letter) in line.iter().enumerate() {
            let kind = pattern.kind_of(letter);
            let mut after = Vec::new();
            for &state in &now {
                let state = &self.states[state];
                if state.found || state.ends >> kind & 1 == 1 {
                    return true;
                }
                for &next in &state.next {
                    let next = next as usize;
                    if seen[next] != index && self.states[next].letters.has(letter) {
                        seen[next] = index;
                        after.push(next);
                    }
                }
            }
            now = after;
        }
        now.iter().any(|&state| self.states[state].ends >> EDGE & 1 == 1)
    }
}

struct Builder {
    places: Places,
    loops: Vec<(Span, std::ops::Range<usize>)>,
    relax: bool,
    relaxed: bool,
}

impl From<TooLarge> for String {
    fn from(error: TooLarge) -> Self {
        match error {
            TooLarge::Places(most) => format!("it takes more than {most} characters"),
            TooLarge::Links(most) => format!("it has more than {most} ways from place to place"),
        }
    }
}

impl Reader for Builder {
    type Piece = Piece;
    type Error = String;

    fn places(&mut self) -> &mut Places {
        &mut self.places
    }

    fn part(&mut self, piece: &Piece) -> Result<Part, String> {
        match &piece.what {
            What::Empty => Ok(Part::empty(ALL)),
            What::Assert(sides) => Ok(Part::empty(*sides)),
            What::Set(set) => Ok(self.places.take(*set)?),
            What::Capture(body) => self.part(body),
            What::Concat(parts) => self.concat(parts),
            What::Either(parts) => self.either(parts),
            What::Repeat(repeat) => {
                let (min, mut max) = (repeat.min, repeat.max);
                if self.relax && max.is_some_and(|max| max.saturating_sub(min) >= LONG) {
                    (max, self.relaxed) = (None, true);
                }
                let (part, looped) = self.repeat(&repeat.body, min, max)?;
                self.loops.extend(looped.map(|places| (piece.span.clone(), places)));
                Ok(part)
            }
        }
    }
}
