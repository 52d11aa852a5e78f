//! The lines of logs, a batch at a time: what is kept are counts and a few examples.

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use rayon::prelude::*;

use super::standing::{Answer, Answers};
use super::{Comparison, EXAMPLES, Effect, Example, Messages, Place, cut};
use crate::pattern::{Lookup, Pattern};

/// So many lines that matter are remembered, so that equal ones count once; at 16 bytes each.
const REMEMBERED: usize = 1 << 20;

/// What goes on from batch to batch.
pub(super) struct Seen<'a> {
    /// The patterns that changed.
    changed: Lookup<'a>,
    /// The others, and whose they are.
    unchanged: Lookup<'a>,
    holders: Vec<usize>,
    /// The patterns that changed by the number of their text, before and now.
    before: Vec<Vec<usize>>,
    after: Vec<Vec<usize>>,
    /// The lines that made a difference, by a hash of 64 bits.
    lines: HashSet<u64>,
    /// The examples by that hash: the pattern, which of its lists, and where in that.
    examples: HashMap<u64, Vec<(usize, usize, usize)>>,
}

/// A line, the first of those that are equal.
struct Line<'t> {
    number: usize,
    text: &'t str,
    times: usize,
}

/// What changed about a line, by the number of the pattern.
#[derive(Default)]
struct Change {
    matched: Vec<usize>,
    lost: Vec<usize>,
    ambiguous: Vec<(usize, Vec<String>)>,
}

impl Comparison<'_> {
    /// Compares over lines of a log too: each with its number, from 1. Lines that are equal count once, even
    /// from batch to batch, until a million of them have made a difference. Of a log it is counted how many
    /// errors are answered for a line, not which comes first.
    pub fn add_lines<T: AsRef<str>>(&mut self, file: &str, lines: &[(usize, T)]) {
        if self.is_empty() {
            return;
        }
        let mut seen = match self.seen.take() {
            Some(seen) => seen,
            None => self.seen(),
        };
        let lines = distinct(lines);
        let changes: Vec<Option<Change>> =
            lines.par_iter().map(|line| self.change(&seen, line.text)).collect();
        for (line, change) in lines.iter().zip(changes) {
            if let Some(change) = change {
                self.count(&mut seen, file, line, change);
            }
        }
        self.seen = Some(seen);
    }
}

impl<'a> Comparison<'a> {
    fn seen(&self) -> Seen<'a> {
        let (holders, patterns) = self.unchanged();
        let by_text = |number_of: fn(&super::Changed) -> Option<usize>| {
            let mut holders = vec![Vec::new(); self.patterns.len()];
            for (number, changed) in self.changed.iter().enumerate() {
                if let Some(pattern) = number_of(changed) {
                    holders[pattern].push(number);
                }
            }
            holders
        };
        Seen {
            changed: Lookup::new(self.patterns.clone(), self.case),
            unchanged: Lookup::new(patterns, self.case),
            holders,
            before: by_text(|changed| changed.before),
            after: by_text(|changed| changed.after),
            lines: HashSet::new(),
            examples: HashMap::new(),
        }
    }

    fn change(&self, seen: &Seen<'_>, line: &str) -> Option<Change> {
        let found = seen.changed.matching(line);
        let of = |holders: &[Vec<usize>]| {
            let mut numbers: Vec<usize> =
                found.iter().flat_map(|pattern| &holders[*pattern]).copied().collect();
            numbers.sort_unstable();
            numbers
        };
        let (was, is) = (of(&seen.before), of(&seen.after));
        let (matched, mut lost) = (super::without(&is, &was), super::without(&was, &is));
        if matched.is_empty() && lost.is_empty() {
            return None;
        }
        // Of a line only the errors count.
        let pattern = &Pattern::none();
        let answer = |number: &usize| Answer { slot: self.changed[*number].slot, pattern };
        let mut answers = Answers {
            before: was.iter().map(answer).collect(),
            after: is.iter().map(answer).collect(),
        };
        if !matched.is_empty() || lost.iter().any(|number| self.changed[*number].is_gone) {
            for found in seen.unchanged.matching(line) {
                let answer = Answer { slot: seen.holders[found], pattern };
                answers.before.push(answer);
                answers.after.push(answer);
            }
        }
        lost.retain(|number| !self.changed[*number].is_gone || answers.after.is_empty());
        let doubled = matched.iter().map(|number| (*number, self.changed[*number].slot));
        let ambiguous = doubled
            .filter(|(_, slot)| self.is_doubled(&answers, *slot))
            .map(|(number, slot)| (number, self.rivals(&answers.after, slot)))
            .collect();
        Some(Change { matched, lost, ambiguous })
    }

    fn count(&mut self, seen: &mut Seen<'_>, file: &str, line: &Line<'_>, change: Change) {
        let hash = hash(line.text);
        let is_new = if seen.lines.len() < REMEMBERED {
            seen.lines.insert(hash)
        } else {
            !seen.lines.contains(&hash)
        };
        let bare = |list: Vec<usize>| list.into_iter().map(|number| (number, Vec::new())).collect();
        let lists: [Vec<(usize, Vec<String>)>; 3] =
            [bare(change.matched), bare(change.lost), change.ambiguous];
        for (list, numbers) in lists.into_iter().enumerate() {
            for (number, rivals) in numbers {
                let messages = list_of(&mut self.effects[number], list);
                messages.lines += line.times;
                if !is_new {
                    continue;
                }
                messages.count += 1;
                if messages.examples.len() < EXAMPLES {
                    seen.examples.entry(hash).or_default().push((
                        number,
                        list,
                        messages.examples.len(),
                    ));
                    let place = Place::Line { file: file.to_owned(), line: line.number, times: 0 };
                    messages.examples.push(Example {
                        place,
                        text: cut(line.text),
                        own: false,
                        former: false,
                        rivals,
                    });
                }
            }
        }
        for (number, list, at) in seen.examples.get(&hash).into_iter().flatten() {
            let example = &mut list_of(&mut self.effects[*number], *list).examples[*at];
            if let Place::Line { times, .. } = &mut example.place {
                *times += line.times;
            }
        }
    }
}

/// The lists of an effect that lines may be in.
fn list_of(effect: &mut Effect, list: usize) -> &mut Messages {
    match list {
        0 => &mut effect.newly_matched,
        1 => &mut effect.no_longer_matched,
        _ => &mut effect.newly_ambiguous,
    }
}

fn distinct<T: AsRef<str>>(lines: &[(usize, T)]) -> Vec<Line<'_>> {
    let mut places: HashMap<&str, usize> = HashMap::with_capacity(lines.len());
    let mut list: Vec<Line<'_>> = Vec::new();
    for (number, text) in lines {
        let text = text.as_ref();
        let place = *places.entry(text).or_insert_with(|| {
            list.push(Line { number: *number, text, times: 0 });
            list.len() - 1
        });
        list[place].times += 1;
    }
    list
}

fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}
