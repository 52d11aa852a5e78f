//! How decisions stand to the entries as they are now.

use std::collections::BTreeMap;

use super::{Decision, Decisions, Fault, FaultKind};
use crate::duplicates::base::Base;
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
    changed: Changed,
}

impl Decisions {
    /// Holds the decisions against the entries.
    pub fn against<'d>(&'d self, base: &Base) -> Standings<'d> {
        /// For so many unknown ids the nearest known one is sought.
        const MOST_GUESSES: usize = 50;
        let mut found = Standings::default();
        let mut guesses = 0;
        for (line, decision) in self.all() {
            let mut numbers = [None; 2];
            for (number, id) in numbers.iter_mut().zip([&decision.a, &decision.b]) {
                *number = base.resolve(id.as_str());
                match number {
                    None => {
                        guesses += 1;
                        let ids = (0..base.len()).map(|number| base.id(number).as_str());
                        let known = ids.take(if guesses > MOST_GUESSES { 0 } else { usize::MAX });
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
            let mut sides = [(a, decision.hashes[0]), (b, decision.hashes[1])];
            sides.sort_unstable_by_key(|(number, _)| *number);
            let changed = sides.map(|(number, hash)| base.fingerprint(number) != hash);
            let changed = Changed { a: changed[0], b: changed[1] };
            found.hold((sides[0].0, sides[1].0), Held { line, decision, changed });
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
            Some(held) => standing(held),
            None if base.tells_apart(a, b) => Standing::Declared,
            None => Standing::Undecided,
        }
    }

    /// All pairs that a line decides about, by their numbers, the smaller first.
    pub fn pairs(&self) -> impl Iterator<Item = ((usize, usize), Standing<'d>)> {
        self.pairs.iter().map(|(pair, held)| (*pair, standing(held)))
    }
}

fn standing<'d>(held: &Held<'d>) -> Standing<'d> {
    match held.changed {
        Changed { a: false, b: false } => Standing::Decided(held.decision),
        changed => Standing::Outdated(held.decision, changed),
    }
}
