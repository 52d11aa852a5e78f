//! What is known of patterns, measured in this process.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::{Duration, Instant};

use errlore::config::Case;
use errlore::pattern::{Automaton, Engine, Limits, Pattern, Relation, cross_matches};
use rayon::prelude::*;

use super::as_f64;
use super::measure::median;
use super::patterns::Item;
use super::table::{self, Table, thousands, three_digits};

/// How many copies with other words there are.
const SIZES: [usize; 3] = [10, 20, 40];

fn timed(runs: usize, mut what: impl FnMut()) -> Duration {
    let run = |_| {
        let start = Instant::now();
        what();
        start.elapsed()
    };
    median((0..runs).map(run).collect())
}

/// Measures and puts rows into a table.
pub(super) fn measure(table: &mut Table, items: &[Item], runs: usize) {
    let mut row = |items: &[Item], what: &str, wall: Duration| {
        let each = wall.as_secs_f64() * 1e6 / as_f64(items.len() as u64);
        table.push(vec![
            format!("{} patterns", thousands(&items.len().to_string())),
            what.to_owned(),
            table::time(wall),
            format!("{} µs", three_digits(each)),
        ]);
    };
    let crossing = |items: &[Item]| {
        let patterns: Vec<Pattern> =
            items.iter().map(|(pattern, _)| Pattern::new(&**pattern)).collect();
        let messages: Vec<&str> = items.iter().map(|(_, message)| &**message).collect();
        cross_matches(&patterns, &messages, Case::Insensitive).len()
    };
    let wall = timed(runs, || _ = std::hint::black_box(crossing(items)));
    row(items, "cross matches", wall);
    for copies in SIZES {
        let copies: Vec<Item> =
            (0..copies).flat_map(|copy| with_other_words(items, copy)).collect();
        let wall = timed(runs, || _ = std::hint::black_box(crossing(&copies)));
        row(&copies, "cross matches, copies with other words", wall);
    }
    let engines = Engine::ALL;
    let wall = timed(runs, || {
        for (pattern, _) in items {
            std::hint::black_box(Pattern::new(&**pattern).portability(&engines));
        }
    });
    row(items, "portability, one thread, eight engines", wall);
    let wall = timed(runs, || {
        for (pattern, _) in items {
            std::hint::black_box(Pattern::new(&**pattern).cost(Case::Insensitive));
        }
    });
    row(items, "cost, one thread", wall);
    let pairs = pairs(items);
    let mut undecided = 0;
    let wall = timed(runs, || undecided = overlaps(items, &pairs));
    table.push(vec![
        format!("{} pairs that share a word", thousands(&pairs.len().to_string())),
        format!("overlap, proved; {undecided} undecided"),
        table::time(wall),
        format!("{} µs", three_digits(wall.as_secs_f64() * 1e6 / as_f64(pairs.len() as u64))),
    ]);
}

/// Pairs of patterns that share a word of five letters.
fn pairs(items: &[Item]) -> BTreeSet<(usize, usize)> {
    let mut with_word: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
    for (number, (pattern, _)) in items.iter().enumerate() {
        let words = pattern.split(|c: char| !c.is_ascii_alphabetic());
        for word in words.filter(|word| word.len() >= 5) {
            with_word.entry(word.to_lowercase()).or_default().insert(number);
        }
    }
    let all = with_word.values();
    all.flat_map(|all| all.iter().flat_map(|a| all.range(a + 1..).map(|b| (*a, *b)))).collect()
}

/// Compares pairs of patterns; how many are not decided.
fn overlaps(items: &[Item], pairs: &BTreeSet<(usize, usize)>) -> usize {
    let automata: Vec<Option<Automaton>> = items
        .par_iter()
        .map(|(pattern, _)| Pattern::new(&**pattern))
        .map(|pattern| Automaton::new(&pattern, Case::Insensitive, &Limits::default()).ok())
        .collect();
    let is_undecided = |(a, b): &&(usize, usize)| match (&automata[*a], &automata[*b]) {
        (Some(a), Some(b)) => a.overlap(b).relation == Relation::Undecided,
        _ => true,
    };
    pairs.par_iter().filter(is_undecided).count()
}

/// Entries with other words, the same in pattern and message: about half of those of four letters and
/// more are others in each copy.
fn with_other_words(items: &[Item], copy: usize) -> Vec<Item> {
    let is_other = |word: &str| {
        let mut hasher = DefaultHasher::new();
        (word.to_ascii_lowercase(), copy).hash(&mut hasher);
        word.len() > 3 && hasher.finish().is_multiple_of(2)
    };
    let change = |text: &str| {
        let mut out = String::new();
        for word in text.split_inclusive(|c: char| !c.is_ascii_alphabetic()) {
            let letters = word.trim_end_matches(|c: char| !c.is_ascii_alphabetic());
            out.push_str(letters);
            if is_other(letters) {
                out.push_str(&format!("q{copy}"));
            }
            out.push_str(&word[letters.len()..]);
        }
        out
    };
    items.iter().map(|(pattern, message)| (change(pattern), change(message))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_change_alike_in_pattern_and_message() {
        let items = [("space left.*device".to_owned(), "no Space left on device".to_owned())];
        for copy in 0..20 {
            let [(pattern, message)] = &with_other_words(&items, copy)[..] else { panic!("one") };
            let found = cross_matches(&[Pattern::new(&**pattern)], &[message], Case::Insensitive);
            assert_eq!(found.len(), 1, "{pattern} in {message}");
        }
    }
}
