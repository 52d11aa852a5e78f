//! The blast radius of an edit: what the patterns that changed find now and found before, and what that does
//! to look-ups.
//!
//! Two states of a knowledge base are compared over the messages of both (signatures, and samples that are to
//! be found) and over the lines of logs. Only patterns that changed are searched for; the others are asked
//! about the messages that those find, for the place that a look-up gives each.
//!
//! Entries that describe one error in several environments are no rivals: a message that two of them answer
//! for is not ambiguous.

use std::collections::{HashMap, HashSet};

use crate::config::Case;
use crate::corpus::Card;
use crate::pattern::{Pattern, cross_matches};

mod lines;
mod slots;
mod standing;

use lines::Seen;
use slots::Slot;
use standing::{Answer, Answers};

/// So many messages of a kind are shown of each pattern; all are counted.
const EXAMPLES: usize = 10;
/// Of a message so many characters are kept.
const SHOWN: usize = 300;
/// So many of the other entries are named for a message.
const RIVALS: usize = 3;

/// An entry in one of the two states.
#[derive(Clone, Copy, Debug)]
pub struct Version<'a> {
    /// Its file, as reports call it.
    pub path: &'a str,
    /// What is known of it.
    pub card: &'a Card,
    /// Whether the effects of its pattern are asked for.
    pub in_scope: bool,
}

/// What the changed patterns do, and how much of it is accepted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Effects {
    /// One a changed pattern, in the order of the files.
    pub patterns: Vec<Effect>,
    /// How many messages may be lost, all patterns together.
    pub max_lost: Option<usize>,
}

impl Effects {
    /// How many messages are no longer matched; one that two patterns lose counts twice.
    pub fn lost(&self) -> usize {
        self.patterns.iter().map(|effect| effect.no_longer_matched.count).sum()
    }

    /// Whether more is lost than may be.
    pub fn is_over_budget(&self) -> bool {
        self.max_lost.is_some_and(|most| self.lost() > most)
    }
}

/// What the change of one pattern does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Effect {
    /// The id of the entry, as it is now; of one that is gone, as it was.
    pub entry: String,
    /// Its file.
    pub path: String,
    /// Whether the entry was not there before.
    pub is_new: bool,
    /// Whether the entry is not there now.
    pub is_gone: bool,
    /// The pattern before; `None` where there was none.
    pub before: Option<String>,
    /// The pattern now; `None` where there is none.
    pub after: Option<String>,
    /// What it finds and did not find. The own messages of an entry that is new are left out.
    pub newly_matched: Messages,
    /// What it found and does not find any more. Of an entry that is gone, what no entry answers for now, its own
    /// messages among it.
    pub no_longer_matched: Messages,
    /// Signatures for which a look-up named their own entry first, and now names another one before it.
    pub newly_shadowed: Messages,
    /// Messages that several entries answer for, where one at most did; and messages of the base for which
    /// a look-up cannot tell which of the first two is the better one.
    pub newly_ambiguous: Messages,
}

impl Effect {
    /// Whether nothing that was looked at notices the change.
    pub fn is_empty(&self) -> bool {
        [&self.newly_matched, &self.no_longer_matched, &self.newly_shadowed, &self.newly_ambiguous]
            .iter()
            .all(|messages| messages.count == 0)
    }
}

/// Some messages: how many, and a few of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Messages {
    /// How many there are; lines that are equal count once.
    pub count: usize,
    /// How many of them are the entry's own.
    pub own: usize,
    /// How many lines of logs there are among them, each repetition counted.
    pub lines: usize,
    /// Ten at most, the entry's own first.
    pub examples: Vec<Example>,
}

/// One message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    /// Where it stands.
    pub place: Place,
    /// Its text, cut after 300 characters.
    pub text: String,
    /// Whether it is a message of the entry itself.
    pub own: bool,
    /// Whether its entry has it no longer, or is gone.
    pub former: bool,
    /// The entries that are named before its own, or that answer for it too: three at most.
    pub rivals: Vec<String>,
}

/// Where a message stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// In an entry.
    Entry {
        /// Its id.
        id: String,
        /// Where in it: `/signature`, or a sample, `/x-samples/match/0` (RFC 6901).
        pointer: String,
    },
    /// In a log.
    Line {
        /// The file.
        file: String,
        /// The line, from 1: the first of those that are equal.
        line: usize,
        /// How many lines are equal to it, itself included.
        times: usize,
    },
}

/// A message of the knowledge base.
struct Message<'a> {
    slot: usize,
    /// 0 for the signature, then the samples.
    index: usize,
    text: &'a str,
    former: bool,
}

/// A pattern that changed.
struct Changed {
    slot: usize,
    /// Its number among the texts of the patterns that changed.
    before: Option<usize>,
    after: Option<usize>,
    /// Whether the entry is new.
    is_new: bool,
    /// Whether the entry is gone.
    is_gone: bool,
    in_scope: bool,
}

/// Two states of a knowledge base, about to be compared.
pub struct Comparison<'a> {
    slots: Vec<Slot<'a>>,
    changed: Vec<Changed>,
    /// The texts of the patterns that changed, each once.
    patterns: Vec<&'a Pattern>,
    case: Case,
    /// One for each of `changed`.
    effects: Vec<Effect>,
    seen: Option<Seen<'a>>,
}

impl<'a> Comparison<'a> {
    /// Compares over the messages of both states.
    pub fn new(before: &[Version<'a>], after: &[Version<'a>], case: Case) -> Self {
        let slots = slots::paired(before, after);
        let (mut changed, mut patterns, mut numbers) = (Vec::new(), Vec::new(), HashMap::new());
        let mut number = |pattern: &'a Pattern| {
            *numbers.entry(pattern.text()).or_insert_with(|| {
                patterns.push(pattern);
                patterns.len() - 1
            })
        };
        let mut effects = Vec::new();
        for (place, slot) in slots.iter().enumerate().filter(|(_, slot)| slot.is_changed()) {
            changed.push(Changed {
                slot: place,
                before: slot.pattern_before().map(&mut number),
                after: slot.pattern_after().map(&mut number),
                is_new: slot.before.is_none(),
                is_gone: slot.after.is_none(),
                in_scope: slot.in_scope(),
            });
            effects.push(Effect {
                entry: slot.id().to_owned(),
                path: slot.latest().path.to_owned(),
                is_new: slot.before.is_none(),
                is_gone: slot.after.is_none(),
                before: slot.pattern_before().map(|pattern| pattern.text().to_owned()),
                after: slot.pattern_after().map(|pattern| pattern.text().to_owned()),
                ..Effect::default()
            });
        }
        let mut comparison = Self { slots, changed, patterns, case, effects, seen: None };
        if !comparison.changed.is_empty() {
            comparison.over_the_base();
        }
        comparison
    }

    /// Whether no pattern changed, so that no line can make a difference.
    pub fn is_empty(&self) -> bool {
        self.changed.is_empty()
    }

    /// What the patterns in scope do.
    pub fn finish(self) -> Vec<Effect> {
        let effects = self.changed.iter().zip(self.effects);
        effects.filter(|(changed, _)| changed.in_scope).map(|(_, effect)| effect).collect()
    }

    /// The messages of both states, and for each slot which are its signature before and now.
    fn messages(&self) -> (Vec<Message<'a>>, Vec<[Option<usize>; 2]>) {
        let (mut messages, mut signatures) = (Vec::new(), Vec::with_capacity(self.slots.len()));
        for (slot, versions) in self.slots.iter().enumerate() {
            let first = messages.len();
            let mut known: HashSet<&str> = HashSet::new();
            let mut place = [None, None];
            // What is there now, then what was there before.
            for (is_former, version) in [(false, versions.after), (true, versions.before)] {
                let Some(version) = version else { continue };
                for (index, text) in version.card.messages.iter().enumerate() {
                    if known.insert(text) {
                        messages.push(Message { slot, index, text, former: is_former });
                    }
                    if index == 0 {
                        let added = messages[first..].iter().position(|known| known.text == text);
                        place[usize::from(!is_former)] = added.map(|at| first + at);
                    }
                }
            }
            signatures.push(place);
        }
        (messages, signatures)
    }

    fn over_the_base(&mut self) {
        let (messages, signatures) = self.messages();
        let texts: Vec<&str> = messages.iter().map(|message| message.text).collect();
        let mut found: Vec<Vec<usize>> = vec![Vec::new(); self.patterns.len()];
        for (pattern, message) in cross_matches(&self.patterns, &texts, self.case) {
            found[pattern as usize].push(message as usize);
        }
        let touched = touched(&found, &signatures);
        let answers = self.answers(&touched, &messages, &found);
        let at = |message: usize| touched.binary_search(&message).ok().map(|at| &answers[at]);

        let none = Vec::new();
        let of = |pattern: Option<usize>| pattern.map_or(&none, |number| &found[number]);
        for number in 0..self.changed.len() {
            let changed = &self.changed[number];
            let slot = changed.slot;
            let (was, is) = (of(changed.before), of(changed.after));
            let gained = without(is, was);
            let lost = without(was, is).into_iter().filter(|message| {
                let answered = || at(*message).is_some_and(|answers| !answers.after.is_empty());
                !changed.is_gone || !answered()
            });
            let lost: Vec<usize> = lost.collect();
            let new = |message: &usize| !changed.is_new || messages[*message].slot != slot;
            let matched: Vec<usize> = gained.iter().copied().filter(new).collect();
            let doubled = gained.into_iter().filter(|message| {
                !messages[*message].former
                    && at(*message).is_some_and(|answers| self.is_doubled(answers, slot))
            });
            let doubled: Vec<(usize, Vec<String>)> = doubled
                .map(|message| (message, self.rivals(at(message).map_or(&[], |a| &a.after), slot)))
                .collect();
            let bare =
                |list: Vec<usize>| list.into_iter().map(|message| (message, Vec::new())).collect();
            let entries = |list| self.listed(&messages, slot, list);
            let (matched, lost) = (entries(bare(matched)), entries(bare(lost)));
            let doubled = entries(doubled);
            let effect = &mut self.effects[number];
            effect.newly_matched = matched;
            effect.no_longer_matched = lost;
            effect.newly_ambiguous = doubled;
        }
        self.order(&messages, &signatures, &touched, &answers);
    }

    /// Who answers for the messages that changed patterns find, in both states.
    fn answers(
        &self,
        touched: &[usize],
        messages: &[Message<'a>],
        found: &[Vec<usize>],
    ) -> Vec<Answers<'a>> {
        let mut answers: Vec<Answers<'a>> = touched.iter().map(|_| Answers::default()).collect();
        // The changed ones first: they are what is asked about.
        for changed in &self.changed {
            for (is_after, number) in [(false, changed.before), (true, changed.after)] {
                let Some(number) = number else { continue };
                let answer = Answer { slot: changed.slot, pattern: self.patterns[number] };
                for message in &found[number] {
                    let Ok(at) = touched.binary_search(message) else { continue };
                    answers[at].side(is_after).push(answer);
                }
            }
        }
        let (holders, patterns) = self.unchanged();
        let texts: Vec<&str> = touched.iter().map(|message| messages[*message].text).collect();
        for (pattern, at) in cross_matches(&patterns, &texts, self.case) {
            let (slot, pattern) = (holders[pattern as usize], patterns[pattern as usize]);
            for is_after in [false, true] {
                answers[at as usize].side(is_after).push(Answer { slot, pattern });
            }
        }
        answers
    }

    /// The patterns that are as they were, and whose they are.
    fn unchanged(&self) -> (Vec<usize>, Vec<&'a Pattern>) {
        let same = self.slots.iter().enumerate().filter(|(_, slot)| !slot.is_changed());
        same.filter_map(|(place, slot)| Some((place, slot.pattern_after()?))).unzip()
    }

    /// Whether a message was answered for by one error at most and is by several now, this one new among
    /// them.
    fn is_doubled(&self, answers: &Answers<'_>, slot: usize) -> bool {
        let errors = |side: &[Answer<'_>]| -> HashSet<usize> {
            side.iter().map(|answer| self.slots[answer.slot].error).collect()
        };
        let before = errors(&answers.before);
        before.len() <= 1
            && !before.contains(&self.slots[slot].error)
            && errors(&answers.after).len() > 1
    }

    /// The names of those that answer for other errors.
    fn rivals(&self, answers: &[Answer<'_>], slot: usize) -> Vec<String> {
        let error = self.slots[slot].error;
        let others = answers.iter().filter(|answer| self.slots[answer.slot].error != error);
        others.take(RIVALS).map(|answer| self.slots[answer.slot].id().to_owned()).collect()
    }

    /// Counts messages of the base and shows a few, the own ones of a slot first.
    fn listed(
        &self,
        messages: &[Message<'_>],
        slot: usize,
        mut list: Vec<(usize, Vec<String>)>,
    ) -> Messages {
        list.sort_by_key(|(message, _)| (messages[*message].slot != slot, *message));
        let own = list.iter().filter(|(message, _)| messages[*message].slot == slot).count();
        let count = list.len();
        list.truncate(EXAMPLES);
        let example = |(message, rivals): (usize, Vec<String>)| {
            let message = &messages[message];
            let pointer = match message.index {
                0 => "/signature".to_owned(),
                index => format!("/x-samples/match/{}", index - 1),
            };
            Example {
                place: Place::Entry { id: self.slots[message.slot].id().to_owned(), pointer },
                text: cut(message.text),
                own: message.slot == slot,
                former: message.former,
                rivals,
            }
        };
        Messages { count, own, lines: 0, examples: list.into_iter().map(example).collect() }
    }
}

/// The messages that any of the patterns finds; a signature that was reworded with its other wording.
fn touched(found: &[Vec<usize>], signatures: &[[Option<usize>; 2]]) -> Vec<usize> {
    let mut touched: Vec<usize> = found.concat();
    touched.sort_unstable();
    touched.dedup();
    let has = |message: &usize| touched.binary_search(message).is_ok();
    let pairs = signatures.iter().filter_map(|[before, after]| Some([(*before)?, (*after)?]));
    let reworded: Vec<usize> =
        pairs.filter(|pair| pair[0] != pair[1] && pair.iter().any(has)).flatten().collect();
    touched.extend(reworded);
    touched.sort_unstable();
    touched.dedup();
    touched
}

/// What is in one sorted list and not in another.
fn without(list: &[usize], other: &[usize]) -> Vec<usize> {
    list.iter().copied().filter(|item| other.binary_search(item).is_err()).collect()
}

/// The beginning of a message.
fn cut(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}
