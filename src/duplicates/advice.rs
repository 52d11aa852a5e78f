//! Advice that contradicts itself: what one entry recommends and another lists as a dead end.
//!
//! An action is compared by what it means (`action.rs`), its words weighed by how rare they are in the base.
//! Whether two entries are about the same error is for the caller to know: of another error, or of another
//! environment, the opposite may well be true.

use std::collections::{BTreeSet, HashMap};

use rayon::prelude::*;
use serde::Serialize;

use super::action::Action;
use super::base::Base;
use super::claims::{Claim, claims};
use super::groups::connected;
use super::words;
use crate::Result;
use crate::entry::Entry;
use crate::pointer;
use crate::pointer::JsonPointer;

/// In which way two entries contradict each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Conflict {
    /// What the one recommends is a dead end of the other.
    DeadEnd,
    /// The one recommends the opposite of what the other recommends.
    Opposite,
    /// The one claims the opposite of what the other claims.
    Claim,
}

/// A place in each of two entries, of which one contradicts the other.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Contradiction {
    /// In which way.
    pub conflict: Conflict,
    /// The place in the one entry.
    pub a: JsonPointer,
    /// The place in the other.
    pub b: JsonPointer,
    /// How much the two are about the same, 0 to 1.
    pub alike: f64,
    /// What stands at the two places; of a long text its beginning.
    pub texts: [String; 2],
}

impl Contradiction {
    /// What is wrong, seen from the place in the one entry (`is_a`) or in the other: a plain clause that names
    /// the other entry as `other`, and a word for the place there.
    pub fn seen_from(&self, is_a: bool, other: &str) -> (String, &'static str) {
        let here = if is_a { &self.a } else { &self.b };
        match self.conflict {
            Conflict::DeadEnd if here.as_str().starts_with("/workarounds") => {
                (format!("what is recommended here is a dead end of {other}"), "a dead end there")
            }
            Conflict::DeadEnd => {
                (format!("{other} recommends what is a dead end here"), "recommended there")
            }
            Conflict::Opposite => (format!("{other} recommends the opposite"), "the opposite"),
            Conflict::Claim => (format!("{other} claims the opposite"), "the opposite"),
        }
    }

    /// What contradicts what, as a plain clause: in lower case and without a full stop.
    pub fn in_words(&self) -> String {
        let (a, b) = (self.a.as_str(), self.b.as_str());
        match self.conflict {
            Conflict::DeadEnd if a.starts_with("/workarounds") => {
                format!("the first recommends at {a} what is a dead end of the second at {b}")
            }
            Conflict::DeadEnd => {
                format!("the second recommends at {b} what is a dead end of the first at {a}")
            }
            Conflict::Opposite => {
                format!("the first recommends at {a} the opposite of what the second does at {b}")
            }
            Conflict::Claim => {
                format!("the first claims at {a} the opposite of what the second does at {b}")
            }
        }
    }
}

/// Something to do, where it stands, and how often it works or fails.
struct Item<'e> {
    pointer: JsonPointer,
    text: &'e str,
    action: Action,
    rate: f64,
}

impl Item<'_> {
    fn place(&self) -> (&JsonPointer, &str) {
        (&self.pointer, self.text)
    }
}

/// What is shown of a text.
fn beginning(text: &str) -> String {
    /// So many bytes are enough to know it by.
    const MOST: usize = 240;
    let shown = words::first_bytes(text, MOST);
    if shown.len() < text.len() { format!("{shown}…") } else { shown.to_owned() }
}

/// What an entry advises and claims, made ready to be compared.
struct Advice<'e> {
    helps: Vec<Item<'e>>,
    fails: Vec<Item<'e>>,
    claims: Vec<Claim<'e>>,
}

impl<'e> Advice<'e> {
    /// Takes from an entry what is compared.
    fn new(entry: &'e Entry) -> Self {
        /// Of an entry no more workarounds, and no more dead ends, are looked at.
        const MOST: usize = 32;
        let helps = entry.workarounds.iter().take(MOST).enumerate().map(|(at, item)| Item {
            pointer: pointer!["workarounds", at, "action"],
            text: &item.action,
            action: Action::new(&item.action),
            rate: item.success_rate,
        });
        let fails = entry.dead_ends.iter().take(MOST).enumerate().map(|(at, item)| Item {
            pointer: pointer!["dead_ends", at, "action"],
            text: &item.action,
            action: Action::new(&item.action),
            rate: item.fail_rate,
        });
        Self { helps: helps.collect(), fails: fails.collect(), claims: claims(entry) }
    }
}

/// How much two actions have in common.
#[derive(Debug)]
struct Alike {
    /// Which part of each the other tells, by weight: the greater and the lesser.
    most: f32,
    least: f32,
    /// The weight of what both are made of.
    shared: f32,
}

impl Base {
    /// Where two entries, which are about the same error, contradict each other; the entries need not be
    /// of the base, which only weighs words. The same from either side.
    pub fn contradictions(&self, a: &Entry, b: &Entry) -> Vec<Contradiction> {
        self.clashes(&Advice::new(a), &Advice::new(b))
    }

    /// Where the entries of many pairs contradict each other, in the order of the pairs. Each entry is read once for
    /// all pairs that hang together, some at a time; nothing is said of one that cannot be read.
    ///
    /// # Errors
    ///
    /// What `read` fails with.
    pub fn contradictions_of(
        &self,
        pairs: &[(usize, usize)],
        read: impl Fn(usize) -> Result<Option<Entry>> + Sync,
    ) -> Result<Vec<Vec<Contradiction>>> {
        /// So many pairs at a time: their entries are in memory.
        const AT_A_TIME: usize = 8_000;
        let order: Vec<usize> = connected(pairs.iter().copied()).into_iter().flatten().collect();
        let mut all = vec![Vec::new(); pairs.len()];
        for some in order.chunks(AT_A_TIME) {
            let numbers: BTreeSet<usize> =
                some.iter().flat_map(|at| [pairs[*at].0, pairs[*at].1]).collect();
            let numbers: Vec<usize> = numbers.into_iter().collect();
            let read = |number: &usize| Ok(read(*number)?.map(|entry| (*number, entry)));
            let entries: Vec<Option<(usize, Entry)>> =
                numbers.par_iter().map(read).collect::<Result<_>>()?;
            let advice = entries.par_iter().flatten();
            let advice: HashMap<usize, Advice<'_>> =
                advice.map(|(number, entry)| (*number, Advice::new(entry))).collect();
            let clashes = |at: &usize| {
                let (a, b) = pairs[*at];
                let (one, other) = advice.get(&a).zip(advice.get(&b))?;
                Some((*at, self.clashes(one, other)))
            };
            let found: Vec<_> = some.par_iter().filter_map(clashes).collect();
            for (at, found) in found {
                all[at] = found;
            }
        }
        Ok(all)
    }

    /// The same of what was made ready before, where an entry is held against many.
    fn clashes(&self, one: &Advice<'_>, other: &Advice<'_>) -> Vec<Contradiction> {
        let mut found = Vec::new();
        let mut add = |conflict, a: (&JsonPointer, &str), b: (&JsonPointer, &str), alike: f32| {
            let texts = [a.1, b.1].map(beginning);
            let (a, b) = (a.0.clone(), b.0.clone());
            found.push(Contradiction { conflict, a, b, alike: f64::from(alike), texts });
        };
        for (helps, fails, is_turned) in
            [(&one.helps, &other.fails, false), (&other.helps, &one.fails, true)]
        {
            for help in helps {
                for fail in fails {
                    if let Some(alike) = self.is_dead_end(help, fail) {
                        let (a, b) = if is_turned { (fail, help) } else { (help, fail) };
                        add(Conflict::DeadEnd, a.place(), b.place(), alike);
                    }
                }
            }
        }
        for mine in &one.helps {
            for others in &other.helps {
                if let Some(alike) = self.is_opposite(&mine.action, &others.action) {
                    add(Conflict::Opposite, mine.place(), others.place(), alike);
                }
            }
        }
        for mine in &one.claims {
            for others in &other.claims {
                if let Some(alike) = mine.is_opposite(others, |word| self.weight(word)) {
                    add(Conflict::Claim, mine.place(), others.place(), alike);
                }
            }
        }
        found.sort_by(|x, y| x.conflict.cmp(&y.conflict).then(y.alike.total_cmp(&x.alike)));
        found
    }

    fn is_dead_end(&self, help: &Item<'_>, fail: &Item<'_>) -> Option<f32> {
        /// A dead end that fails less often, and a workaround that helps less often, is a matter of degree.
        const LEAST_RATE: f64 = 0.5;
        /// The shared words weigh so much at least: one rare word, or two that are not.
        const LEAST_SHARED: f32 = 4.5;
        let (helps, fails) = (&help.action, &fail.action);
        // To look at something, or to count on it, is not to do it.
        let does =
            |operation: Option<&str>| operation.is_none_or(|it| !["check", "assume"].contains(&it));
        let is_one_unsaid = helps.operation.is_none() || fails.operation.is_none();
        let may_be = (helps.operation == fails.operation || is_one_unsaid)
            && does(helps.operation)
            && does(fails.operation)
            && helps.direction == fails.direction
            && helps.is_off == fails.is_off
            && !fails.is_qualified
            && (!helps.is_careful || fails.is_careful)
            && !helps.names_another(fails)
            && help.rate >= LEAST_RATE
            && fail.rate >= LEAST_RATE
            && !helps.is_on_another_side(fails);
        if !may_be {
            return None;
        }
        let alike = self.alike(helps, fails)?;
        // Where only one of them says what is done, all else must be the same.
        let (most, least) =
            if helps.operation == fails.operation { (0.75, 0.28) } else { (0.99, 0.6) };
        let is_same = alike.most >= most && alike.least >= least && alike.shared >= LEAST_SHARED;
        is_same.then_some(f32::midpoint(alike.most, alike.least))
    }

    fn is_opposite(&self, one: &Action, other: &Action) -> Option<f32> {
        let turned = one.direction * other.direction < 0 || one.is_off != other.is_off;
        if one.operation != other.operation
            || !turned
            || one.is_on_another_side(other)
            || one.names_another(other)
        {
            return None;
        }
        let alike = self.alike(one, other)?;
        (alike.least >= 0.7 && alike.shared >= 6.0)
            .then_some(f32::midpoint(alike.most, alike.least))
    }

    fn alike(&self, one: &Action, other: &Action) -> Option<Alike> {
        let told = |from: &Action, to: &Action| {
            let (mut told, mut all) = (0.0, 0.0);
            for (word, counted) in &from.core {
                let weight = self.weight(*counted);
                all += weight;
                told += if to.tells(*word) { weight } else { 0.0 };
            }
            (all > 0.0).then_some(told / all)
        };
        let (mine, others) = told(one, other).zip(told(other, one))?;
        let shared = one.core.iter().filter_map(|(word, counted)| {
            let at = other.core.binary_search_by_key(word, |(word, _)| *word).ok()?;
            Some(self.weight(*counted).min(self.weight(other.core[at].1)))
        });
        Some(Alike { most: mine.max(others), least: mine.min(others), shared: shared.sum() })
    }
}
