//! What people have decided about pairs, kept as lines of JSON in the knowledge base.
//!
//! ```json
//! {"a":"disk/full","b":"disk/no-space","label":"duplicate","reason":"same message","date":"2026-01-02","hashes":["…","…"]}
//! ```
//!
//! `a` comes before `b`, and `hashes` are the [`Fingerprint`]s of both as they were then. Lines are only
//! ever added, and one that cannot be read stays as it is, so that nothing is lost. Of two lines about the
//! same pair the later holds. An id that is by now another entry's alias is that entry.

use std::collections::{BTreeMap, VecDeque};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::fingerprint::Fingerprint;
use super::model::Label;
use crate::entry::EntryId;
use crate::pointer::JsonPointer;

mod fault;
mod standing;

pub use fault::{Fault, FaultKind};
pub use standing::{Changed, Standing, Standings};

/// The name of the file, at the root of a knowledge base.
pub const FILE_NAME: &str = "decisions.jsonl";

/// What somebody decided about a pair.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// The entry whose id comes first.
    pub a: EntryId,
    /// The other.
    pub b: EntryId,
    /// What they are to each other.
    pub label: Label,
    /// Why.
    pub reason: String,
    /// When it was decided.
    pub date: NaiveDate,
    /// Hashes of what was compared, of `a` and of `b`.
    pub hashes: [Fingerprint; 2],
    /// The label of the earlier decision that this one knowingly takes the place of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<Label>,
    /// The places at which the two contradict each other, of `a` and of `b`, that were known to whoever
    /// decided that they are one error: a merge has to settle them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contradictions: Vec<[JsonPointer; 2]>,
}

impl Decision {
    /// The same decision with the ids in order.
    #[must_use]
    fn in_order(mut self) -> Self {
        if self.b < self.a {
            std::mem::swap(&mut self.a, &mut self.b);
            self.hashes.reverse();
            for places in &mut self.contradictions {
                places.reverse();
            }
        }
        self
    }

    /// The decision as a line of the file, without the line feed.
    fn line(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("texts and dates can be written as JSON")
    }
}

/// A line of the file, as it stands there, and what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Line {
    bytes: Vec<u8>,
    decision: Option<Decision>,
}

/// The decisions of a knowledge base: the file, line by line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decisions {
    lines: Vec<Line>,
}

impl Decisions {
    /// Reads the file. Each line that is no decision is a fault and is kept as it is.
    pub fn parse(bytes: &[u8]) -> (Self, Vec<Fault>) {
        let mut faults = Vec::new();
        let mut lines: Vec<&[u8]> = bytes.split(|byte| *byte == b'\n').collect();
        // What follows the last line feed is a line only if something is there.
        let is_ended = lines.last().is_some_and(|line| line.is_empty());
        if is_ended {
            lines.pop();
        }
        let last = lines.len();
        let lines = (1..).zip(lines).map(|(number, bytes)| {
            let is_cut = number == last && !is_ended;
            let decision = match fault::read(bytes, number == 1, is_cut) {
                Ok(decision) => decision.map(Decision::in_order),
                Err(kind) => {
                    faults.push(Fault { line: number, kind });
                    None
                }
            };
            Line { bytes: bytes.to_owned(), decision }
        });
        let lines = lines.collect();
        (Self { lines }, faults)
    }

    /// The bytes of the file: what was read, and what was recorded since.
    pub fn write(&self) -> Vec<u8> {
        let mut out = Vec::new();
        for line in &self.lines {
            out.extend_from_slice(&line.bytes);
            out.push(b'\n');
        }
        out
    }

    /// Adds a decision. It holds from now on; earlier ones about the pair stay as its history.
    pub fn record(&mut self, decision: Decision) {
        let decision = decision.in_order();
        self.lines.push(Line { bytes: decision.line(), decision: Some(decision) });
    }

    /// Takes the last line back that says exactly this; whether there was one.
    pub fn take_back(&mut self, decision: &Decision) -> bool {
        let bytes = decision.clone().in_order().line();
        let at = self.lines.iter().rposition(|line| line.bytes == bytes);
        at.is_some_and(|at| {
            self.lines.remove(at);
            true
        })
    }

    /// For each id that is no longer there, the nearest one that is and was decided to be its duplicate, over
    /// any number of steps.
    pub fn survivors(&self, is_there: impl Fn(&EntryId) -> bool) -> BTreeMap<&EntryId, &EntryId> {
        // Of two lines about the same pair the later holds.
        let held: BTreeMap<(&EntryId, &EntryId), Label> =
            self.all().map(|(_, decision)| ((&decision.a, &decision.b), decision.label)).collect();
        let mut beside: BTreeMap<&EntryId, Vec<&EntryId>> = BTreeMap::new();
        for ((a, b), _) in held.into_iter().filter(|(_, label)| *label == Label::Duplicate) {
            beside.entry(a).or_default().push(b);
            beside.entry(b).or_default().push(a);
        }
        let there = beside.keys().copied().filter(|id| is_there(id));
        let mut next: VecDeque<(&EntryId, &EntryId)> = there.map(|id| (id, id)).collect();
        let mut survivors = BTreeMap::new();
        while let Some((id, survivor)) = next.pop_front() {
            for lost in beside.get(id).into_iter().flatten().filter(|other| !is_there(other)) {
                if !survivors.contains_key(lost) {
                    survivors.insert(*lost, survivor);
                    next.push_back((lost, survivor));
                }
            }
        }
        survivors
    }

    /// All decisions in the order of the file, with the numbers of their lines, counted from 1.
    pub fn all(&self) -> impl Iterator<Item = (usize, &Decision)> {
        let numbered = (1..).zip(&self.lines);
        numbered.filter_map(|(number, line)| Some((number, line.decision.as_ref()?)))
    }
}
