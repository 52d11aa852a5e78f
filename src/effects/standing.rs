//! Who comes first in a look-up, before and now.
//!
//! The look-up order, pair by pair: the pattern comes first that spells out more of the message; of two that
//! spell out as much, the one that the other contains. Between others the order of their files decides, which
//! tells a reader nothing: those two are tied.

use std::collections::HashMap;

use rayon::prelude::*;

use super::{Comparison, Message};
use crate::pattern::{Case, Pattern, Relation};

/// Where more entries than these answer for a message, the others are not ranked: it is ambiguous anyway.
const RANKED: usize = 50;
/// Where more entries than these spell out as much, only those are compared.
const LEADERS: usize = 6;
/// No more pairs of patterns are compared; the others count as tied.
const PAIRS: usize = 2_000;

/// An entry whose pattern finds a message.
#[derive(Clone, Copy)]
pub(super) struct Answer<'a> {
    pub(super) slot: usize,
    pub(super) pattern: &'a Pattern,
}

/// All entries whose patterns find a message.
#[derive(Default)]
pub(super) struct Answers<'a> {
    pub(super) before: Vec<Answer<'a>>,
    pub(super) after: Vec<Answer<'a>>,
}

impl<'a> Answers<'a> {
    pub(super) fn side(&mut self, is_after: bool) -> &mut Vec<Answer<'a>> {
        if is_after { &mut self.after } else { &mut self.before }
    }
}

/// An answer with how many characters of the message its pattern spells out.
struct Ranked<'a> {
    answer: Answer<'a>,
    error: usize,
    score: usize,
}

/// What is known of pairs of patterns that spell out as much.
struct Pairs<'a>(HashMap<(&'a str, &'a str), Relation>);

/// Two patterns, the lesser first.
type Two<'a> = (&'a Pattern, &'a Pattern);

impl<'a> Pairs<'a> {
    fn new(mut wanted: Vec<Two<'a>>, case: Case) -> Self {
        wanted.par_sort_unstable_by_key(texts);
        wanted.dedup_by_key(|two| texts(two));
        wanted.truncate(PAIRS);
        let compared = wanted.into_par_iter().map(|(a, b)| {
            let relation = a.overlap(b, case).relation;
            (texts(&(a, b)), relation)
        });
        Self(compared.collect())
    }

    /// Whether one pattern finds all that another finds, and more.
    fn contains(&self, wide: &'a Pattern, tight: &'a Pattern) -> bool {
        let (pair, relation) = if wide.text() <= tight.text() {
            ((wide, tight), Relation::Contains)
        } else {
            ((tight, wide), Relation::Contained)
        };
        self.0.get(&texts(&pair)) == Some(&relation)
    }
}

fn texts<'a>((a, b): &Two<'a>) -> (&'a str, &'a str) {
    (a.text(), b.text())
}

fn in_order<'a>(a: &'a Pattern, b: &'a Pattern) -> Option<Two<'a>> {
    (a != b).then(|| if a.text() < b.text() { (a, b) } else { (b, a) })
}

/// Those that spell out the most.
fn leaders<'r, 'a>(ranked: &'r [Ranked<'a>]) -> Vec<&'r Ranked<'a>> {
    let best = ranked.iter().map(|hit| hit.score).max().unwrap_or_default();
    ranked.iter().filter(|hit| hit.score == best).collect()
}

/// Those that nobody comes before, as far as they have been compared.
fn first<'r, 'a>(ranked: &'r [Ranked<'a>], pairs: &Pairs<'a>) -> Vec<&'r Ranked<'a>> {
    let leaders = leaders(ranked);
    let is_wide = |wide: &&&Ranked<'a>| {
        let compared = leaders.iter().take(LEADERS);
        compared.into_iter().any(|tight| pairs.contains(wide.answer.pattern, tight.answer.pattern))
    };
    leaders.iter().filter(|leader| !is_wide(leader)).copied().collect()
}

/// Whether the first of several are of two errors.
fn are_tied(first: &[&Ranked<'_>]) -> bool {
    first.iter().any(|hit| hit.error != first[0].error)
}

impl<'a> Comparison<'a> {
    /// Adds which signatures are newly shadowed, and which messages of the base are newly tied.
    pub(super) fn order(
        &mut self,
        messages: &[Message<'a>],
        signatures: &[[Option<usize>; 2]],
        touched: &[usize],
        answers: &[Answers<'a>],
    ) {
        let ranked: Vec<[Vec<Ranked<'a>>; 2]> = touched
            .par_iter()
            .zip(answers)
            .map(|(message, answers)| {
                let message = &messages[*message];
                let mut scores = HashMap::new();
                [&answers.before, &answers.after]
                    .map(|side| self.ranked(message, side, &mut scores))
            })
            .collect();
        let wanted = touched.par_iter().zip(&ranked).flat_map_iter(|(message, sides)| {
            sides.iter().flat_map(|side| pairs_of(&messages[*message], side))
        });
        let pairs = Pairs::new(wanted.collect(), self.case);

        let number_of: HashMap<usize, usize> = self
            .changed
            .iter()
            .enumerate()
            .map(|(number, changed)| (changed.slot, number))
            .collect();
        let mut shadowed: Vec<Vec<(usize, Vec<String>)>> = vec![Vec::new(); self.changed.len()];
        let at = |message: usize| touched.binary_search(&message).ok().map(|at| &ranked[at]);
        for (slot, places) in signatures.iter().enumerate() {
            let [Some(before), Some(after)] = *places else { continue };
            let (Some([was, _]), Some([_, is])) = (at(before), at(after)) else { continue };
            if !finds(was, slot) || !self.ahead(was, slot, &pairs).is_empty() {
                continue;
            }
            let ahead = self.ahead(is, slot, &pairs);
            let of_others = ahead.iter().filter_map(|hit| number_of.get(&hit.answer.slot));
            let of_others: Vec<usize> = of_others.copied().collect();
            let own = number_of.get(&slot).copied();
            let causes = match own {
                Some(own) if of_others.is_empty() || !finds(is, slot) => vec![own],
                _ => of_others,
            };
            let Some(best) = ahead.iter().max_by_key(|hit| hit.score) else { continue };
            for cause in causes {
                let by = if self.changed[cause].slot == slot {
                    best.answer.slot
                } else {
                    self.changed[cause].slot
                };
                shadowed[cause].push((after, vec![self.slots[by].id().to_owned()]));
            }
        }
        let mut tied: Vec<Vec<(usize, Vec<String>)>> = vec![Vec::new(); self.changed.len()];
        for (message, [was, is]) in touched.iter().zip(&ranked) {
            let several = |side: &[Ranked<'_>]| are_tied(&side.iter().collect::<Vec<_>>());
            if messages[*message].former || !several(was) || !several(is) {
                continue;
            }
            let (was, is) = (first(was, &pairs), first(is, &pairs));
            if !are_tied(&is) || are_tied(&was) {
                continue;
            }
            let changed = |hits: &[&Ranked<'_>]| -> Vec<usize> {
                hits.iter().filter_map(|hit| number_of.get(&hit.answer.slot)).copied().collect()
            };
            let mut causes = changed(&is);
            if causes.is_empty() {
                causes = changed(&was);
            }
            let answers: Vec<Answer<'_>> = is.iter().map(|hit| hit.answer).collect();
            for cause in causes {
                let rivals = self.rivals(&answers, self.changed[cause].slot);
                tied[cause].push((*message, rivals));
            }
        }
        for (number, (shadowed, tied)) in shadowed.into_iter().zip(tied).enumerate() {
            let slot = self.changed[number].slot;
            let shadowed = self.listed(messages, slot, shadowed);
            let tied = self.listed(messages, slot, tied);
            let effect = &mut self.effects[number];
            effect.newly_shadowed = shadowed;
            let ambiguous = &mut effect.newly_ambiguous;
            ambiguous.count += tied.count;
            ambiguous.own += tied.own;
            ambiguous.examples.extend(tied.examples);
            ambiguous.examples.sort_by_key(|example| !example.own);
            ambiguous.examples.truncate(super::EXAMPLES);
        }
    }

    /// The answers for a message with their scores. Where there is one, nothing depends on it.
    fn ranked(
        &self,
        message: &Message<'_>,
        side: &[Answer<'a>],
        scores: &mut HashMap<&'a str, usize>,
    ) -> Vec<Ranked<'a>> {
        let own = side.iter().filter(|answer| answer.slot == message.slot);
        let others = side.iter().filter(|answer| answer.slot != message.slot);
        let rank = |answer: &Answer<'a>| Ranked {
            answer: *answer,
            error: self.slots[answer.slot].error,
            score: match side {
                [_] => 0,
                _ => *scores
                    .entry(answer.pattern.text())
                    .or_insert_with(|| answer.pattern.specificity(message.text, self.case)),
            },
        };
        own.chain(others).take(RANKED).map(rank).collect()
    }

    /// The entries about other errors that come before an entry.
    fn ahead<'r>(
        &self,
        ranked: &'r [Ranked<'a>],
        slot: usize,
        pairs: &Pairs<'a>,
    ) -> Vec<&'r Ranked<'a>> {
        let own = ranked.iter().find(|hit| hit.answer.slot == slot);
        let comes_before = |hit: &&Ranked<'a>| {
            hit.error != self.slots[slot].error
                && own.is_none_or(|own| {
                    hit.score > own.score
                        || hit.score == own.score
                            && pairs.contains(own.answer.pattern, hit.answer.pattern)
                })
        };
        ranked.iter().filter(comes_before).collect()
    }
}

fn finds(ranked: &[Ranked<'_>], slot: usize) -> bool {
    ranked.iter().any(|hit| hit.answer.slot == slot)
}

/// The pairs of patterns of which it matters whether one contains the other.
fn pairs_of<'a>(message: &Message<'a>, ranked: &[Ranked<'a>]) -> Vec<Two<'a>> {
    let mut pairs = Vec::new();
    let leaders = leaders(ranked);
    for (place, one) in leaders.iter().take(LEADERS).enumerate() {
        let others = leaders[place + 1..].iter().filter(|other| other.error != one.error);
        let others = others.take(LEADERS);
        pairs.extend(others.filter_map(|other| in_order(one.answer.pattern, other.answer.pattern)));
    }
    let own = ranked.iter().find(|hit| hit.answer.slot == message.slot);
    if let Some(own) = own.filter(|_| message.index == 0) {
        let equal = ranked.iter().filter(|hit| hit.error != own.error && hit.score == own.score);
        let equal = equal.take(LEADERS);
        pairs.extend(equal.filter_map(|hit| in_order(own.answer.pattern, hit.answer.pattern)));
    }
    pairs
}
