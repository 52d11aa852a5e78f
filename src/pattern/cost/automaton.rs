//! The automaton of a pattern in which each way counts: two ways from a place to the next are two
//! links, so that `(a*)*` is not the same as `a*`.
//!
//! Glushkov's construction ("The abstract theory of automata", 1961), where a state is a place in the
//! pattern that has just taken a character; what assertions ask is resolved by giving each place a
//! state for each kind of character. The search for a beginning is part of it: a state that takes any
//! character comes before the pattern.

use super::letters::Letters;
use super::pieces::{ALL, EDGE, OTHER, Piece, Pieces, Repeat, Sides, WORD, What, sides};
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
        let mut builder = Builder {
            set_of: Vec::new(),
            follow: Vec::new(),
            loops: Vec::new(),
            links: 0,
            relax: relaxed,
            relaxed: false,
        };
        let whole = builder.part(&pattern.root)?;
        let mut automaton =
            Self { states: Vec::new(), loops: builder.loops, relaxed: builder.relaxed };
        automaton.resolve(pattern, &whole, &builder.set_of, &builder.follow);
        Ok(automaton)
    }

    fn resolve(&mut self, pattern: &Pieces, whole: &Part, set_of: &[usize], follow: &[Vec<Link>]) {
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

/// A place, and what may stand on both sides of the way to it.
type Link = (usize, Sides);

/// A part of a pattern.
struct Part {
    /// The places that it may begin with.
    first: Vec<Link>,
    /// The places that it may end with.
    last: Vec<Link>,
    /// Where it matches without taking a character.
    empty: Sides,
    /// Whether there are several ways to do so.
    several: bool,
}

impl Part {
    fn empty(empty: Sides) -> Self {
        Self { first: Vec::new(), last: Vec::new(), empty, several: false }
    }
}

struct Builder {
    set_of: Vec<usize>,
    follow: Vec<Vec<Link>>,
    loops: Vec<(Span, std::ops::Range<usize>)>,
    links: usize,
    relax: bool,
    relaxed: bool,
}

impl Builder {
    fn part(&mut self, piece: &Piece) -> Result<Part, String> {
        match &piece.what {
            What::Empty => Ok(Part::empty(ALL)),
            What::Capture(body) => self.part(body),
            What::Assert(sides) => Ok(Part::empty(*sides)),
            What::Set(set) => self.take(*set),
            What::Concat(parts) => {
                let mut whole = Part::empty(ALL);
                for part in parts {
                    let next = self.part(part)?;
                    whole = self.then(whole, next)?;
                }
                Ok(whole)
            }
            What::Either(parts) => {
                let mut whole = Part::empty(0);
                for part in parts {
                    let next = self.part(part)?;
                    whole.first.extend(next.first);
                    whole.last.extend(next.last);
                    whole.several |= next.several || (whole.empty & next.empty != 0);
                    whole.empty |= next.empty;
                }
                Ok(whole)
            }
            What::Repeat(repeat) => self.repeat(repeat, &piece.span),
        }
    }

    fn take(&mut self, set: usize) -> Result<Part, String> {
        let place = self.set_of.len();
        if place >= MOST_PLACES {
            return Err(format!("it takes more than {MOST_PLACES} characters"));
        }
        self.set_of.push(set);
        self.follow.push(Vec::new());
        Ok(Part { first: vec![(place, ALL)], last: vec![(place, ALL)], empty: 0, several: false })
    }

    /// One part after another.
    fn then(&mut self, left: Part, right: Part) -> Result<Part, String> {
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
    ) -> Result<(), String> {
        if empty != 0 {
            self.count(2 * behind.len())?;
            let allowed = behind.iter().map(|&(place, sides)| (place, sides & empty));
            for link in allowed.filter(|&(_, sides)| sides != 0) {
                links.push(link);
                if several {
                    links.push(link);
                }
            }
        }
        Ok(())
    }

    /// The required copies, then the optional ones, nested: `x(x(x)?)?`.
    fn repeat(&mut self, repeat: &Repeat, span: &Span) -> Result<Part, String> {
        let Repeat { body, min, max, .. } = repeat;
        let (min, mut max) = (*min, *max);
        if self.relax && max.is_some_and(|max| max.saturating_sub(min) >= LONG) {
            (max, self.relaxed) = (None, true);
        }
        let mut before = self.set_of.len();
        if max == Some(0) {
            return Ok(Part::empty(ALL));
        }
        let mut copy = self.part(body)?;
        if self.set_of.len() == before {
            return Ok(Part::empty(if min == 0 { ALL } else { copy.empty }));
        }
        let mut whole = Part::empty(ALL);
        for _ in 1..min {
            whole = self.then(whole, copy)?;
            before = self.set_of.len();
            copy = self.part(body)?;
        }
        let optional = |part: &mut Part| {
            part.several |= part.empty != 0;
            part.empty = ALL;
        };
        let Some(max) = max else {
            self.link(&copy.last, &copy.first)?;
            let last = self.set_of.len();
            self.loops.push((span.clone(), before..last));
            if min == 0 {
                optional(&mut copy);
            } else {
                copy.several |= copy.empty != 0;
            }
            return self.then(whole, copy);
        };
        // The copy at hand is the last that is required, or the innermost that is not.
        let mut tail = Part::empty(ALL);
        for _ in 0..max.saturating_sub(min.max(1)) {
            let inner = self.part(body)?;
            tail = self.then(inner, tail)?;
            optional(&mut tail);
        }
        tail = self.then(copy, tail)?;
        if min == 0 {
            optional(&mut tail);
        }
        self.then(whole, tail)
    }

    fn link(&mut self, left: &[Link], right: &[Link]) -> Result<(), String> {
        self.count(left.len().saturating_mul(right.len()))?;
        for &(from, allowed) in left {
            let links = right.iter().map(|&(to, sides)| (to, sides & allowed));
            self.follow[from].extend(links.filter(|&(_, sides)| sides != 0));
        }
        Ok(())
    }

    fn count(&mut self, links: usize) -> Result<(), String> {
        self.links = self.links.saturating_add(links);
        if self.links > MOST_LINKS {
            return Err(format!("it has more than {MOST_LINKS} ways from place to place"));
        }
        Ok(())
    }
}
