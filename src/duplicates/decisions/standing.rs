//! How decisions stand to the entries as they are now.

use std::collections::BTreeMap;

use super::{Decision, Decisions, Fault, FaultKind};
use crate::duplicates::advice::Contradiction;
use crate::duplicates::base::Base;
use crate::duplicates::fingerprint::Fingerprint;
use crate::duplicates::model::Label;

/// Which of two entries has changed in what was compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Changed {
    /// The one with the smaller number.
    pub a: bool,
    /// The other.
    pub b: bool,
}

/// How a pair stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing<'d> {
    /// Nobody has decided about it.
    Undecided,
    /// One of the entries says how it is told from the other.
    Declared,
    /// It is decided, and both are as they were.
    Decided(&'d Decision),
    /// It was decided; since then one of the two has changed.
    Outdated(&'d Decision, Changed),
}

/// The decisions that hold, by the numbers of the entries, and what there is to say about the file.
#[derive(Debug, Default)]
pub struct Standings<'d> {
    /// By the smaller number and the larger.
    pairs: BTreeMap<(usize, usize), Held<'d>>,
    /// What there is to say, by line. What [`Decisions::parse`] found is not among it.
    pub faults: Vec<Fault>,
}

#[derive(Clone, Copy, Debug)]
struct Held<'d> {
    line: usize,
    decision: &'d Decision,
    /// Whether the entry with the smaller number is the one that the decision names last.
    is_turned: bool,
}

impl<'d> Held<'d> {
    /// How the pair stands if these are the fingerprints of its entries, that of the smaller number first.
    fn standing(&self, are: [Fingerprint; 2]) -> Standing<'d> {
        let [mut a, mut b] = self.decision.hashes;
        if self.is_turned {
            std::mem::swap(&mut a, &mut b);
        }
        match (Changed { a: are[0] != a, b: are[1] != b }) {
            Changed { a: false, b: false } => Standing::Decided(self.decision),
            changed => Standing::Outdated(self.decision, changed),
        }
    }
}

impl Decisions {
    /// Holds the decisions against the entries.
    pub fn against<'d>(&'d self, base: &Base) -> Standings<'d> {
        /// For so many unknown ids the nearest known one is sought.
        const MOST_GUESSES: usize = 50;
        let mut found = Standings::default();
        let mut guesses = 0;
        for (line, decision) in self.all() {
            let ids = [&decision.a, &decision.b];
            let numbers = ids.map(|id| base.resolve(id.as_str()));
            // Of two duplicates one is gone once they are merged: its id is no slip.
            let may_be_merged = decision.label == Label::Duplicate && numbers != [None; 2];
            for (number, id) in numbers.iter().zip(ids) {
                match number {
                    None => {
                        guesses += usize::from(!may_be_merged);
                        let ids = (0..base.len()).map(|number| base.id(number).as_str());
                        let guess = !may_be_merged && guesses <= MOST_GUESSES;
                        let known = ids.take(if guess { usize::MAX } else { 0 });
                        found.faults.push(Fault::unknown(line, id, known));
                    }
                    Some(number) if base.id(*number) != id => {
                        let kind = FaultKind::Renamed(id.clone(), base.id(*number).clone());
                        found.faults.push(Fault { line, kind });
                    }
                    Some(_) => {}
                }
            }
            let [Some(a), Some(b)] = numbers else { continue };
            if a == b {
                if decision.label != Label::Duplicate {
                    found.faults.push(Fault { line, kind: FaultKind::Merged(base.id(a).clone()) });
                }
                continue;
            }
            found.hold((a.min(b), a.max(b)), Held { line, decision, is_turned: b < a });
        }
        found
    }
}

impl<'d> Standings<'d> {
    fn hold(&mut self, pair: (usize, usize), new: Held<'d>) {
        if let Some(old) = self.pairs.insert(pair, new) {
            let (was, is) = (old.decision.label, new.decision.label);
            let same_day = old.decision.date == new.decision.date;
            if same_day && was != is && new.decision.replaces != Some(was) {
                let kind = FaultKind::Contradiction { earlier: old.line, was, is };
                self.faults.push(Fault { line: new.line, kind });
            }
        }
    }

    /// How a pair stands; the numbers in any order.
    pub fn of(&self, base: &Base, a: usize, b: usize) -> Standing<'d> {
        match self.pairs.get(&(a.min(b), a.max(b))) {
            Some(held) => held.standing([a.min(b), a.max(b)].map(|entry| base.fingerprint(entry))),
            None if base.tells_apart(a, b) => Standing::Declared,
            None => Standing::Undecided,
        }
    }

    /// How a draft stands to an entry, if the draft is what an entry is to become: as that entry would with
    /// the text of the draft.
    pub fn of_draft(&self, base: &Base, draft: usize, is_now: usize, entry: usize) -> Standing<'d> {
        match self.pairs.get(&(is_now.min(entry), is_now.max(entry))) {
            Some(held) => {
                let mut are = [draft, entry].map(|number| base.fingerprint(number));
                if entry < is_now {
                    are.reverse();
                }
                held.standing(are)
            }
            None if base.tells_apart(is_now, entry) => Standing::Declared,
            None => self.of(base, draft, entry),
        }
    }

    /// All pairs that a line decides about, by their numbers, the smaller first.
    pub fn pairs<'s>(
        &'s self,
        base: &'s Base,
    ) -> impl Iterator<Item = ((usize, usize), Standing<'d>)> + use<'s, 'd> {
        self.pairs.iter().map(|(pair, held)| {
            (*pair, held.standing([pair.0, pair.1].map(|entry| base.fingerprint(entry))))
        })
    }

    /// The pairs that are two errors by a decision that holds, or by what the entries say of each other.
    pub(in crate::duplicates) fn apart(&self, base: &Base) -> Vec<(usize, usize)> {
        let decided = self.pairs(base).filter(|(_, standing)| {
            matches!(standing, Standing::Decided(decision) if decision.label != Label::Duplicate)
        });
        let declared = base.told_apart().iter().copied();
        let is_open = |(a, b): &(usize, usize)| !self.pairs.contains_key(&(*a, *b));
        decided.map(|(pair, _)| pair).chain(declared.filter(is_open)).collect()
    }

    /// Of the contradictions between two entries, the smaller number first, those that the decision about
    /// them does not know of.
    pub fn unread(&self, a: usize, b: usize, found: Vec<Contradiction>) -> Vec<Contradiction> {
        let Some(held) = self.pairs.get(&(a, b)) else { return found };
        let is_read = |contradiction: &Contradiction| {
            held.decision.contradictions.iter().any(|[one, other]| {
                let (a, b) = if held.is_turned { (other, one) } else { (one, other) };
                (a, b) == (&contradiction.a, &contradiction.b)
            })
        };
        found.into_iter().filter(|contradiction| !is_read(contradiction)).collect()
    }
}
