//! Cross matches and look-ups, held against plain matching one by one.

use errlore::config::Case;
use errlore::pattern::{Lookup, Pattern, cross_matches};
use proptest::prelude::*;
use proptest::sample::select;

use crate::support::corpora::corpora;

fn patterns<T: AsRef<str>>(texts: impl IntoIterator<Item = T>) -> Vec<Pattern> {
    texts.into_iter().map(|text| Pattern::new(text.as_ref())).collect()
}

/// What `regex` says, pair by pair.
fn one_by_one(patterns: &[Pattern], texts: &[&str], case: Case) -> Vec<(u32, u32)> {
    let mut found = Vec::new();
    for (number, pattern) in (0..).zip(patterns) {
        let built = regex::RegexBuilder::new(pattern.text())
            .case_insensitive(case == Case::Insensitive)
            .build();
        let Ok(regex) = built else { continue };
        let texts = (0..).zip(texts).filter(|(_, text)| regex.is_match(text));
        found.extend(texts.map(|(text, _)| (number, text)));
    }
    found
}

#[test]
fn on_real_entries_they_are_what_one_by_one_gives() {
    for corpus in corpora() {
        let entries = corpus.entries();
        let patterns = patterns(entries.iter().map(|entry| &entry.regex));
        let texts: Vec<&str> = entries.iter().map(|entry| &*entry.signature).collect();
        let found = cross_matches(&patterns, &texts, Case::Insensitive);
        assert!(
            found.len() > if corpus.is_large() { 1_000 } else { entries.len() },
            "{}",
            found.len()
        );
        assert_eq!(found, one_by_one(&patterns, &texts, Case::Insensitive));
        let lookup = Lookup::new(patterns.iter().collect(), Case::Insensitive);
        for number in (0..texts.len()).step_by(20) {
            let mut hits: Vec<usize> =
                lookup.find(texts[number]).iter().map(|hit| hit.pattern).collect();
            hits.sort_unstable();
            let pairs = found.iter().filter(|pair| pair.1 as usize == number);
            let expected: Vec<usize> = pairs.map(|pair| pair.0 as usize).collect();
            assert_eq!(hits, expected, "{}", texts[number]);
        }
    }
}

/// Pieces of patterns, and of texts that they match or nearly do.
const PIECES: &[&str] = &[
    "error",
    "Straße",
    "KELVIN",
    "\u{212a}elvin",
    "ſharp",
    "磁盘已满",
    "内存",
    "σς",
    "(a|bc|def)",
    "(?:foo|bar)+",
    "x?",
    "[ab]",
    "[^a]",
    r"\d+",
    r"\w+",
    ".*",
    ".",
    "^",
    "$",
    r"\b",
    "(?i:Case)",
    "(?-i)Case",
    "colou?r",
    "(abc){2}",
    "ΐ",
    "ﬅ",
    " ",
    "timeout|time-out",
    r"\.",
    "ss",
    "k",
];

const WORDS: &[&str] = &[
    "error",
    "ERROR",
    "straße",
    "STRASSE",
    "kelvin",
    "\u{212a}ELVIN",
    "SHARP",
    "ſharp",
    "磁盘已满",
    "内存",
    "ΣΣ",
    "σς",
    "bc",
    "DEF",
    "foobar",
    "a",
    "b",
    "7",
    "case",
    "Case",
    "color",
    "Colour",
    "abcabc",
    "ΐ",
    "ﬆ",
    " ",
    ".",
    "time-out",
    "K",
    "ẞ",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn they_are_what_one_by_one_gives(
        patterns in prop::collection::vec(prop::collection::vec(select(PIECES), 0..5), 1..8),
        texts in prop::collection::vec(prop::collection::vec(select(WORDS), 0..6), 1..8),
        ignores_case in any::<bool>(),
    ) {
        let texts: Vec<String> = texts.into_iter().map(|words| words.concat()).collect();
        let patterns = self::patterns(patterns.iter().map(|pieces| pieces.concat()));
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let case = if ignores_case { Case::Insensitive } else { Case::Sensitive };
        let found = cross_matches(&patterns, &texts, case);
        prop_assert_eq!(&found, &one_by_one(&patterns, &texts, case));
        let lookup = Lookup::new(patterns.iter().collect(), case);
        for (number, text) in (0..).zip(&texts) {
            let mut hits: Vec<usize> = lookup.find(text).iter().map(|hit| hit.pattern).collect();
            hits.sort_unstable();
            let here = found.iter().filter(|(_, text)| *text == number);
            let here: Vec<usize> = here.map(|(pattern, _)| *pattern as usize).collect();
            prop_assert_eq!(hits, here);
        }
    }
}

#[test]
fn the_more_specific_pattern_comes_first_not_the_longer_match() {
    let patterns = patterns([
        ".*",
        "message.*",
        r"code 1009 .message too (big|long).",
        "1009",
        "(1009|message too big)",
    ]);
    let lookup = Lookup::new(patterns.iter().collect(), Case::Insensitive);
    let hits = lookup.find("WebSocket closed with Code 1009 (message too big) by the server");
    let order: Vec<(usize, usize)> = hits.iter().map(|hit| (hit.pattern, hit.score)).collect();
    assert_eq!(order, [(2, 25), (1, 7), (3, 4), (4, 4), (0, 0)]);
    assert_eq!(hits[0].range, 22..49);
}

#[test]
fn of_two_that_spell_out_as_much_the_tighter_comes_first() {
    let patterns = patterns(["code .* 1009", r"code \w+ 1009", r"code [a-z]+ 1009", "1009.*code"]);
    let lookup = Lookup::new(patterns.iter().collect(), Case::Insensitive);
    let order: Vec<usize> = lookup.find("code close 1009").iter().map(|hit| hit.pattern).collect();
    assert_eq!(order, [2, 1, 0]);
}
