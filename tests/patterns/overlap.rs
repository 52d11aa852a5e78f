//! What two patterns have in common: known answers, laws, and every pattern of the real base.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use errlore::config::Case;
use errlore::pattern::{Automaton, Limits, Overlap, Pattern, Relation};
use proptest::prelude::*;
use rayon::prelude::*;

use crate::support::corpora::{Corpus, corpora};

fn overlap(a: &str, b: &str, case: Case) -> Overlap {
    Pattern::new(a).overlap(&Pattern::new(b), case)
}

fn compare(a: &str, b: &str) -> Overlap {
    overlap(a, b, Case::Insensitive)
}

fn with_case(a: &str, b: &str) -> Overlap {
    overlap(a, b, Case::Sensitive)
}

fn within(limits: &Limits, a: &str, b: &str) -> Overlap {
    let build = |text| Automaton::new(&Pattern::new(text), Case::Sensitive, limits).expect(text);
    build(a).overlap(&build(b))
}

/// Relation, witness, common, only the first, only the second.
type Shown<'o> = (Relation, Option<&'o str>, Option<&'o str>, Option<&'o str>, Option<&'o str>);

fn shown(overlap: &Overlap) -> Shown<'_> {
    let Overlap { relation, witness, common, only_a, only_b, .. } = overlap;
    (*relation, witness.as_deref(), common.as_deref(), only_a.as_deref(), only_b.as_deref())
}

/// The pattern of the entry on WebSocket close code 1009.
const SEED: &str = "status code 1009|(message too large|MESSAGE_TOO_LARGE)";
/// One for its double, a page that carries none.
const OTHER_SEED: &str = "WebSocket.*exceeds maximum size|Error code 1009";

#[test]
fn a_seed_finds_more_than_was_meant() {
    for meant_for_others in ["status code 10090", "HTTP 413: message too large"] {
        for case in [Case::Insensitive, Case::Sensitive] {
            let found = overlap(SEED, meant_for_others, case);
            assert_eq!(found.relation, Relation::Contains);
            assert_eq!(found.common.as_deref(), Some(meant_for_others), "as it is written");
            assert_eq!(found.only_b, None);
        }
    }
    let found = compare(SEED, OTHER_SEED);
    assert_eq!(found.relation, Relation::Overlaps);
    assert_eq!(found.witness.as_deref().map(str::len), Some("status code 1009".len() + 15));
    assert_eq!(found.only_b.as_deref(), Some("Error code 1009"));
    assert_eq!(compare(SEED, "(message too large)|status code 1009").relation, Relation::Contains);
    assert_eq!(
        compare(SEED, "message(_| )too\\1large").reason.as_deref(),
        Some("the second pattern: it does not parse: backreferences are not supported")
    );
}

#[test]
fn known_answers() {
    use Relation::{Contained, Contains, Disjoint, Equal, Overlaps};
    let cases: &[(&str, &str, Shown<'_>)] = &[
        ("a+", "aa*", (Equal, Some("a"), Some("a"), None, None)),
        ("foo", "foobar", (Contains, Some("foo"), Some("foobar"), Some("foo"), None)),
        ("foobar", "foo", (Contained, Some("foo"), Some("foobar"), None, Some("foo"))),
        ("^a", "b$", (Overlaps, Some("ab"), Some("ab"), Some("a"), Some("b"))),
        ("^abc$", "^abd$", (Disjoint, None, None, Some("abc"), Some("abd"))),
        ("(?i)x", "X", (Contains, Some("x"), Some("X"), Some("x"), None)),
        (
            "\\bfoo\\b",
            "xfoo",
            (Overlaps, Some("xfoo foo"), Some("xfoo foo"), Some("foo"), Some("xfoo")),
        ),
        (".", "[^a]", (Contains, Some("a"), Some("x"), Some("a"), None)),
        ("[^ab]", "[^ac]", (Overlaps, Some("x"), Some("x"), Some("c"), Some("b"))),
        ("", ".*", (Equal, Some(""), Some(""), None, None)),
        ("", "x", (Contains, Some(""), Some("x"), Some(""), None)),
        ("^$", ".", (Disjoint, None, None, Some(""), Some("x"))),
        ("^$|.", "\\A|\\z", (Equal, Some(""), Some(""), None, None)),
        ("消息过大", "消息", (Contained, Some("消息"), Some("消息过大"), None, Some("消息"))),
        (
            "状态码 \\d+",
            "状态码 1009",
            (Contains, Some("状态码 0"), Some("状态码 1009"), Some("状态码 0"), None),
        ),
        ("[一-龥]", "\\p{Han}", (Contained, Some("〆"), Some("中"), None, Some("〆"))),
        ("\\d", "[0-9]", (Contains, Some("٠"), Some("0"), Some("٠"), None)),
        ("\\w\\b\\w", "a", (Disjoint, None, None, None, Some("a"))),
        ("\\w\\b\\w", "a\\B\\s", (Equal, None, None, None, None)),
        ("a\\nb", "b", (Disjoint, None, None, None, Some("b"))),
        ("[\\x00-\\x08x]", "x|\\x00", (Contains, Some("\u{1}"), Some("x"), Some("\u{1}"), None)),
    ];
    for (a, b, expected) in cases {
        let found = with_case(a, b);
        let mut expected = *expected;
        if let (Some("〆"), Some(only)) = (expected.1, found.witness.as_deref()) {
            // Which of the characters beyond the range is a matter of taste.
            assert!(only.chars().all(|c| !('一'..='龥').contains(&c)));
            (expected.1, expected.4) = (Some(only), Some(only));
        }
        assert_eq!(shown(&found), expected, "{a} and {b}");
    }
    assert_eq!(compare("(?i)x", "X").relation, Relation::Equal);
    assert_eq!(compare("keyerror", "KeyError: 'a'").common.as_deref(), Some("KeyError: 'a'"));
}

#[test]
fn what_is_no_pattern_or_too_large_is_undecided() {
    let reason = |pattern: &str| {
        let found = compare(pattern, "a");
        assert_eq!(shown(&found), (Relation::Undecided, None, None, None, None), "{pattern}");
        assert_eq!(compare("a", pattern).relation, Relation::Undecided);
        let reason = found.reason.expect("a reason");
        reason.strip_prefix("the first pattern: ").expect("which pattern").to_owned()
    };
    assert!(reason("(?=a)").contains("look-around"));
    assert!(reason("(a)\\1").contains("backreferences"));
    assert!(reason("a(b").contains("unclosed group"));
    assert!(reason("\\xff(?-u:\\xff)").contains("UTF-8"));
    assert!(reason(&"a".repeat(1_000_000)).contains("1000000 bytes"));
    assert!(reason("(a{1000}){1000}").contains("more than 20000 positions"));
    assert!(reason("((?:\\w{1000}){1000}){1000}").contains("more than 20000 positions"));
    assert!(reason("(a?){1000}(b?){1000}").contains("more than 400000 ways"));
    let many: Vec<String> = (0..1_500).map(|i| format!("w{i}")).collect();
    let many = many.join("|");
    assert_eq!(compare(&many, "w77").relation, Relation::Contains);
    assert_eq!(compare(&many, &many).relation, Relation::Equal);
    let alternatives = "a|".repeat(4_999) + "b";
    assert_eq!(compare(&alternatives, "[ab]").relation, Relation::Equal);
    let found = within(&Limits { pairs: 1, ..Limits::default() }, "a", "b");
    assert_eq!(found.relation, Relation::Undecided);
    assert_eq!(found.reason.as_deref(), Some("the product has more than 1 states"));
    assert_eq!(found.only_a.as_deref(), Some("a"), "what is known is told");
}

/// A deterministic automaton of these would have 2 to the power of 40 states.
#[test]
fn patterns_whose_subsets_multiply_are_compared() {
    let late = |c: char| format!("^[ab]*{c}[ab]{{40}}$");
    assert_eq!(with_case(&late('a'), &late('b')).relation, Relation::Disjoint);
    let wider = format!("{}|{}", late('a'), late('b'));
    assert_eq!(with_case(&late('a'), &wider).relation, Relation::Contained);
    assert_eq!(with_case(&wider, "^[ab]{41,}$").relation, Relation::Equal);
    let found = with_case("red.*green.*blue", "red.{0,60}green.{0,60}blue");
    assert_eq!(found.relation, Relation::Contains);
    assert_eq!(found.witness.map(|line| line.len()), Some("redgreenblue".len() + 61));
}

#[test]
fn relations_are_written_in_lower_case() {
    let names = [
        (Relation::Equal, "\"equal\""),
        (Relation::Contains, "\"contains\""),
        (Relation::Contained, "\"contained\""),
        (Relation::Overlaps, "\"overlaps\""),
        (Relation::Disjoint, "\"disjoint\""),
        (Relation::Undecided, "\"undecided\""),
    ];
    for (relation, name) in names {
        assert_eq!(serde_json::to_string(&relation).expect("JSON"), name);
    }
}

/// Small patterns over `a`, `b` and a blank.
fn patterns() -> impl Strategy<Value = String> {
    let one_of = |parts: &'static [&'static str]| {
        prop::sample::select(parts).prop_map(str::to_owned).boxed()
    };
    let leaf = prop_oneof![
        4 => "[ab ]{1,2}",
        1 => one_of(&[".", "[ab]", "[^a]", "\\w", "\\W", "\\s", ""]),
        1 => one_of(&["^", "$", "\\b", "\\B", "\\b{start}", "\\b{end-half}"]),
    ];
    let times = &["*", "+", "?", "{2}", "{1,2}", "{0,2}", "{2,}"];
    leaf.prop_recursive(4, 12, 3, move |inner| {
        let parts = || prop::collection::vec(inner.clone(), 2..4);
        prop_oneof![
            3 => parts().prop_map(|parts| parts.concat()),
            2 => parts().prop_map(|parts| format!("(?:{})", parts.join("|"))),
            2 => (inner.clone(), one_of(times)).prop_map(|(part, times)| format!("(?:{part}){times}")),
            1 => inner.prop_map(|part| format!("^(?:{part})$")),
        ]
    })
}

/// All lines of up to four characters, the shorter first: those that patterns name, and of each class one
/// that they do not.
fn lines() -> Vec<String> {
    let mut all = vec![String::new()];
    let mut from = 0;
    for _ in 0..4 {
        let to = all.len();
        for line in from..to {
            for c in ['a', 'b', ' ', 'x', '-', '\t'] {
                all.push(format!("{}{c}", all[line]));
            }
        }
        from = to;
    }
    all
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn answers_are_those_of_regex_line_by_line(a in patterns(), b in patterns()) {
        let found = with_case(&a, &b);
        prop_assert_ne!(found.relation, Relation::Undecided, "{:?}", found.reason);
        let regexes = [&a, &b].map(|pattern| regex::Regex::new(pattern).expect("a pattern"));
        let [in_a, in_b] = regexes;
        let examples = [
            (&found.common, true, true),
            (&found.only_a, true, false),
            (&found.only_b, false, true),
        ];
        let lines = lines();
        for (example, by_a, by_b) in examples {
            let first = lines.iter().find(|l| in_a.is_match(l) == by_a && in_b.is_match(l) == by_b);
            if let Some(example) = example {
                prop_assert_eq!((in_a.is_match(example), in_b.is_match(example)), (by_a, by_b));
                // The lines are sorted by length: none is shorter.
                let length = example.chars().count();
                match first {
                    Some(first) => prop_assert_eq!(length, first.chars().count()),
                    None => prop_assert!(length > 4, "{:?} was not among the lines", example),
                }
            } else {
                prop_assert_eq!(first, None);
            }
        }
        let relation = match (&found.only_a, &found.only_b, &found.common) {
            (None, None, _) => Relation::Equal,
            (_, _, None) => Relation::Disjoint,
            (Some(_), None, _) => Relation::Contains,
            (None, Some(_), _) => Relation::Contained,
            _ => Relation::Overlaps,
        };
        prop_assert_eq!(found.relation, relation);
    }

    /// Characters that fold to others, that are words only in Unicode, and the kinds of line ends.
    #[test]
    fn answers_hold_for_characters_of_every_kind(
        a in "(\\(\\?(i|mR|s|R)\\))?(\\[\\^?[ksé]\\]|[ksKé消.^$|]|\\\\[wWsbBr]|\\(\\?-u:\\\\[bB]\\)|[ks.][*+?]){1,5}",
        b in "([ksKé消.^$|]|\\\\[wWsbBr]|\\(\\?-u:\\\\[bB]\\)|[ks.][*+?]){1,5}",
        ignored in any::<bool>(),
    ) {
        let case = if ignored { Case::Insensitive } else { Case::Sensitive };
        let regex = |pattern: &str| {
            regex::RegexBuilder::new(pattern).case_insensitive(ignored).build()
        };
        let (Ok(in_a), Ok(in_b)) = (regex(&a), regex(&b)) else { return Ok(()) };
        let found = overlap(&a, &b, case);
        prop_assert_ne!(found.relation, Relation::Undecided, "{:?}", found.reason);
        let mut lines = vec![String::new()];
        for line in 0..585 {
            let longer = ["k", "K", "ſ", "é", "消", " ", "\r", "-"];
            lines.extend(longer.map(|c| format!("{}{c}", lines[line])));
        }
        for line in &lines {
            let example = match (in_a.find(line).is_some(), in_b.find(line).is_some()) {
                (true, true) => &found.common,
                (true, false) => &found.only_a,
                (false, true) => &found.only_b,
                (false, false) => continue,
            };
            let length = example.as_ref().map(|example| example.chars().count());
            prop_assert!(length.is_some_and(|length| length <= line.chars().count()), "{:?}", line);
        }
    }

    #[test]
    fn the_other_side_sees_the_mirror_image(a in patterns(), b in patterns()) {
        for case in [Case::Sensitive, Case::Insensitive] {
            let found = overlap(&a, &b, case);
            let Overlap { relation, witness, common, only_a, only_b, reason } =
                overlap(&b, &a, case);
            let mirrored = Overlap {
                relation: relation.mirrored(),
                only_a: only_b,
                only_b: only_a,
                witness,
                common,
                reason,
            };
            prop_assert_eq!(found, mirrored);
        }
    }

    #[test]
    fn a_pattern_equals_itself_and_its_like(a in patterns()) {
        for same in [a.clone(), format!("(?:{a})"), format!(".*(?:{a})"), format!("(?:{a})|(?:{a})a")] {
            prop_assert_eq!(with_case(&a, &same).relation, Relation::Equal, "{}", same);
        }
    }

    #[test]
    fn small_limits_give_no_wrong_answer(a in patterns(), b in patterns(), pairs in 0..40_usize, steps in 0..400_u64) {
        let limits = Limits { pairs, steps, ..Limits::default() };
        let found = within(&limits, &a, &b);
        if found.relation == Relation::Undecided {
            prop_assert!(found.reason.is_some());
        } else {
            prop_assert_eq!(found, with_case(&a, &b));
        }
    }
}

/// The automata of the patterns of a corpus.
fn automata_of(corpus: &Corpus) -> (Vec<String>, Vec<Automaton>) {
    let patterns: Vec<String> = corpus.entries().into_iter().map(|entry| entry.regex).collect();
    let build = |text: &String| {
        let pattern = Pattern::new(&**text);
        Automaton::new(&pattern, Case::Insensitive, &Limits::default()).expect(text)
    };
    let automata = patterns.par_iter().map(build).collect();
    (patterns, automata)
}

/// A build for development compares a part of the pairs of the large corpus: it is ten times as slow.
fn every(corpus: &Corpus) -> usize {
    if cfg!(debug_assertions) && corpus.is_large() { 61 } else { 1 }
}

/// All pairs of real patterns that share a word, each of which stands literally in both.
#[test]
fn real_pairs_are_decided() {
    let word = regex::Regex::new("[A-Za-z]{5,}").expect("a pattern");
    for corpus in corpora() {
        let start = Instant::now();
        let (patterns, automata) = automata_of(&corpus);
        let built = start.elapsed();
        let mut with_word: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
        for (index, pattern) in patterns.iter().enumerate() {
            for word in word.find_iter(pattern) {
                with_word.entry(word.as_str().to_lowercase()).or_default().insert(index);
            }
        }
        let pairs: BTreeSet<(usize, usize)> = with_word
            .values()
            .flat_map(|all| all.iter().flat_map(|&a| all.range(a + 1..).map(move |&b| (a, b))))
            .collect();
        let pairs: Vec<(usize, usize)> = pairs.into_iter().step_by(every(&corpus)).collect();
        let start = Instant::now();
        let relations: Vec<Relation> =
            pairs.par_iter().map(|&(a, b)| automata[a].overlap(&automata[b]).relation).collect();
        let compared = start.elapsed();
        let count = |relation| relations.iter().filter(|&&found| found == relation).count();
        let undecided = count(Relation::Undecided);
        println!(
            "{} automata in {built:.1?}; {} pairs in {compared:.1?}: {} equal, {} contained, {} undecided",
            automata.len(),
            pairs.len(),
            count(Relation::Equal),
            count(Relation::Contains) + count(Relation::Contained),
            undecided
        );
        assert_eq!(undecided, 0);
    }
}

/// What editors do to real patterns. Where a pattern becomes wider or narrower, that is proved, also where
/// the shortest line that shows it is long.
#[test]
fn edits_of_real_patterns_are_decided() {
    for corpus in corpora() {
        let (patterns, automata) = automata_of(&corpus);
        let edit = |pattern: &str, index: usize| match index % 4 {
            0 => (format!("{pattern}|zzz zzz"), Relation::Contained),
            1 => (format!("(?:{pattern})zzz"), Relation::Contains),
            2 => (pattern.replace(".*", ".{0,20}"), Relation::Contains),
            _ => (pattern.replace(".*", ".+"), Relation::Contains),
        };
        let step = every(&corpus).min(5);
        (0..patterns.len()).into_par_iter().step_by(step).for_each(|index| {
            let (edited, expected) = edit(&patterns[index], index / step);
            let after =
                Automaton::new(&Pattern::new(&*edited), Case::Insensitive, &Limits::default());
            let found = automata[index].overlap(&after.expect(&edited));
            // `.*` may be missing or needless, and what ends in `$` has nothing after it.
            let known = [expected, Relation::Equal, Relation::Disjoint].contains(&found.relation);
            assert!(known, "{} and {edited}: {found:?}", patterns[index]);
        });
    }
}
