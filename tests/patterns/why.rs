//! Why a pattern does not find a message: each near miss, and laws that hold for all of them.

use errlore::config::Case;
use errlore::duplicates::Label;
use errlore::entry::Entry;
use errlore::pattern::{
    Automaton, Engine, Limits, MissKind, Origin, Pattern, Relation, Repair, Request, Signatures,
    Why,
};
use proptest::prelude::*;

use crate::support::corpora::corpora;

fn why(pattern: &str, message: &str, case: Case) -> Why {
    Pattern::new(pattern).why(message, case)
}

fn ask(pattern: &str, message: &str) -> Why {
    why(pattern, message, Case::Insensitive)
}

/// The kinds of the first way to see it, with the piece and what stands there.
fn first(pattern: &str, message: &str, case: Case) -> Vec<(MissKind, String, String)> {
    let why = why(pattern, message, case);
    assert!(!why.matches && why.unknown.is_none(), "{pattern} on {message}: {why:?}");
    let first = why.near.first().unwrap_or_else(|| panic!("{pattern} on {message}: {why:?}"));
    let miss = |miss: &errlore::pattern::NearMiss| {
        let piece = pattern[miss.pattern.clone()].to_owned();
        (miss.kind, piece, message[miss.message.clone()].to_owned())
    };
    first.misses.iter().map(miss).collect()
}

/// A pattern, a message, and the near miss: its kind, the piece, what stands there.
const CASES: &[(&str, &str, MissKind, &str, &str)] = &[
    ("no space left on", "no  space left on device", MissKind::Blanks, " ", "  "),
    ("no space left on", "no\u{a0}space left on device", MissKind::Blanks, " ", "\u{a0}"),
    ("read failed:.*disk", "read failed:\nthe disk is gone", MissKind::Blanks, ".*", "\nthe "),
    ("文件 不存在", "错误：文件\u{3000}不存在", MissKind::Blanks, " ", "\u{3000}"),
    ("文件 不存在", "错误：文件不存在", MissKind::Blanks, " ", ""),
    ("module 'os' is gone", "module `os` is gone", MissKind::Quote, "'", "`"),
    ("module ['\"]os['\"]? is gone", "module `os' is gone", MissKind::Quote, "['\"]", "`"),
    ("找不到“配置”", "找不到\"配置\"", MissKind::Quote, "“", "\""),
    ("^disk is full", "write: disk is full", MissKind::Anchor, "^", ""),
    (r"disk is full\z", "disk is full now", MissKind::Anchor, r"\z", ""),
    (r"\bfull disk", "a nearlyfull disk", MissKind::Anchor, r"\b", ""),
    (r"exit code \d+", "exit code abort", MissKind::NumberForWord, r"\d+", "abort"),
    ("exit code abort", "exit code 17", MissKind::NumberForWord, "abort", "17"),
    (r"第\d+行有错误", "第三行有错误", MissKind::NumberForWord, r"\d+", "三"),
    ("cannot alocate memory", "cannot allocate memory", MissKind::Typo, "alocate", "allocate"),
    ("connection refused", "conection refused", MissKind::Typo, "connection", "conection"),
    (r"took \d{1,3} ms to start", "took 12345 ms to start", MissKind::Count, r"\d{1,3}", "12345"),
    ("fatal error: cannot open", "cannot open", MissKind::Missing, "fatal error: ", ""),
    ("cannot open file", "cannot open the old file", MissKind::Extra, "", "the old "),
    ("call foo(bar) failed", "call foo(bar) failed", MissKind::Escape, "(", "("),
    ("list[int] expected", "list[int] expected", MissKind::Escape, "[int]", "[int]"),
    ("costs $5 a call", "costs $5 a call", MissKind::Escape, "$", "$"),
    ("disk quota exceeded for user", "disk quota exceeded", MissKind::Truncated, " for user", ""),
    (
        "磁盘空间不足.*请清理",
        "请清理：磁盘空间不足",
        MissKind::WordOrder,
        "磁盘空间不足.*请清理",
        "请清理：磁盘空间不足",
    ),
    (
        "tap.water.*india",
        "in India the tap water is safe",
        MissKind::WordOrder,
        "tap.water.*india",
        "India the tap water",
    ),
    (
        "the volume is locked now",
        "the folder is locked now",
        MissKind::OtherWord,
        "volume",
        "folder",
    ),
];

#[test]
fn each_kind_of_near_miss_is_told() {
    let mut wrong = Vec::new();
    for (pattern, message, kind, piece, text) in CASES {
        let why = ask(pattern, message);
        assert!(!why.matches && why.unknown.is_none(), "{pattern} on {message}: {why:?}");
        let told = why.near.first().is_some_and(|first| {
            let miss = &first.misses[0];
            miss.kind == *kind
                && pattern[miss.pattern.clone()] == **piece
                && message[miss.message.clone()] == **text
        });
        if !told {
            wrong.push(format!("{pattern} on {message}: {why:#?}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {}: {}", wrong.len(), CASES.len(), wrong.join("\n"));
}

#[test]
fn case_is_a_near_miss_where_look_ups_keep_it() {
    let found = first("No space left", "no space left", Case::Sensitive);
    assert_eq!(found, [(MissKind::Case, "No".to_owned(), "no".to_owned())]);
}

/// The engines that a pattern is to run in unless told otherwise.
const ENGINES: [Engine; 5] =
    [Engine::Rust, Engine::Python, Engine::JavaScript, Engine::Pcre2, Engine::Re2];

#[test]
fn real_patterns_that_miss_a_message_are_explained_and_mended() {
    for corpus in corpora() {
        let entries = corpus.entries();
        let by_id = |id: &str| entries.iter().find(|entry| entry.id.as_str() == id);
        // All patterns of the fixtures find their own message: they are asked about that of a duplicate.
        let questions: Vec<(&Entry, &Entry)> = if corpus.is_large() {
            entries.iter().map(|entry| (entry, entry)).collect()
        } else {
            let judged = corpus.judged().into_iter();
            let duplicates = judged.filter(|(_, _, label)| *label == Label::Duplicate);
            let pairs = duplicates.map(|(a, b, _)| [a, b].map(|id| by_id(&id).expect("an entry")));
            pairs.flat_map(|[a, b]| [(a, b), (b, a)]).collect()
        };
        let (mut missed, mut near, mut proposed, mut mended) = (0, 0, 0, 0);
        for (entry, owner) in questions {
            let message = &*owner.signature;
            if Pattern::new(&*entry.regex).facts(message).matches_ignoring_case {
                continue;
            }
            missed += 1;
            let why = ask(&entry.regex, message);
            assert!(why.failed.is_some() && why.unknown.is_none(), "{}: {why:?}", entry.id);
            near += usize::from(!why.near.is_empty());
            // The duplicate is about to be merged into the entry.
            let known = entries.iter().filter(|own| own.id == entry.id || own.id != owner.id);
            let signatures: Signatures<'_> =
                known.map(|entry| (entry.id.as_str(), entry.signature.as_str())).collect();
            let repairs = signatures.repairs(&Request {
                id: entry.id.as_str(),
                pattern: &Pattern::new(&*entry.regex),
                messages: &[message],
                counterexamples: &[],
                case: Case::Insensitive,
                engines: &ENGINES,
            });
            proposed += usize::from(!repairs.is_empty());
            mended += usize::from(repairs.iter().any(|repair| repair.origin == Origin::Mended));
            for repair in &repairs {
                let regex =
                    regex::RegexBuilder::new(&repair.pattern).case_insensitive(true).build();
                let regex = regex.expect("a pattern");
                assert!(regex.is_match(message) && !regex.is_match(""), "{}", repair.pattern);
                let others =
                    entries.iter().filter(|other| other.id != entry.id && other.id != owner.id);
                let mut others = others.filter(|other| regex.is_match(&other.signature));
                assert!(
                    others
                        .all(|other| repair.also_finds.iter().any(|id| *id == *other.id.as_str())),
                    "{}: {}",
                    entry.id,
                    repair.pattern
                );
            }
        }
        let shown = format!("{missed} missed: {near} near, {proposed} proposed, {mended} mended");
        let (all, least_proposed, least_near) =
            if corpus.is_large() { (124, 110, 20) } else { (22, 22, 15) };
        assert_eq!(missed, all, "{shown}");
        assert!(proposed >= least_proposed && near >= least_near, "{shown}");
    }
}

#[test]
fn how_far_a_pattern_comes_is_told() {
    let why = ask("cannot open .*: permission denied", "log: cannot open a.txt: permission lost");
    let message = "log: cannot open a.txt: permission lost";
    assert_eq!(&message[why.matched.expect("a part")], "cannot open a.txt: permission ");
    let failed = why.failed.expect("a piece");
    assert_eq!(&"cannot open .*: permission denied"[failed], "denied");
    // Of alternatives the one that comes furthest.
    let pattern = "(disk is broken|disk is full of (files|logs))";
    let why = ask(pattern, "磁盘: the disk is full of cats");
    assert_eq!(&pattern[why.fitted], "disk is full of ");
    assert_eq!(&pattern[why.failed.expect("a piece")], "(files|logs)");
    let why = ask("nothing of it", "错误");
    assert_eq!((why.matched, why.failed), (None, Some(0..7)));
}

#[test]
fn several_near_misses_are_told_together() {
    let (pattern, message) = ("cannot open 'x' for reading", "cannot opne  `x` for reading");
    let why = ask(pattern, message);
    let kinds: Vec<MissKind> = why.near[0].misses.iter().map(|miss| miss.kind).collect();
    let expected = [MissKind::Typo, MissKind::Blanks, MissKind::Quote, MissKind::Quote];
    assert_eq!(kinds, expected, "{why:#?}");
}

#[test]
fn doubled_backslashes_are_seen() {
    let why = ask(r"exit code \\d+ of \\w+", "exit code 17 of make");
    assert_eq!(why.near[0].pattern, r"exit code \d+ of \w+");
    assert_eq!(why.near[0].misses[0].kind, MissKind::Escape);
}

#[test]
fn a_message_that_is_found_is_no_miss() {
    let why = ask("space left", "no space left here");
    assert!(why.matches && why.near.is_empty() && why.failed.is_none());
    assert_eq!(why.matched, Some(3..13));
}

#[test]
fn what_cannot_be_taken_apart_is_said_so() {
    for pattern in ["(?=a)b", "(?<!a)b", r"(a)\1", "(", "a{2,1}", r"(?-u:\xff)", "\\p{Nothing}"] {
        let why = ask(pattern, "message");
        assert!(why.unknown.is_some() && why.near.is_empty() && !why.matches, "{pattern}: {why:?}");
    }
    let long = "a".repeat(10_001);
    assert!(ask(&long, "message").unknown.is_some());
}

#[test]
fn hostile_patterns_and_messages_have_an_end() {
    let long = format!("{}no space left", "x ".repeat(1 << 19));
    let patterns = [
        "no space left behind".to_owned(),
        ".*".to_owned(),
        "(((a*)*)*)*b".to_owned(),
        "(.{0,50}x){40}y".to_owned(),
        ".{0,200}a.{0,200}b.{0,200}c.{0,200}d!".to_owned(),
        "word ".repeat(1_900),
        "(a|b|c)?".repeat(150) + "z",
        "[^a]*a?".repeat(150) + "\u{3}",
        format!("{}a{}", "(".repeat(240), ")?".repeat(240)),
        String::new(),
    ];
    for pattern in &patterns {
        for message in ["", "\0", "\n\n\r", "a".repeat(600).as_str(), &long] {
            let why = ask(pattern, message);
            assert!(why.matches || why.near.len() <= 4, "{pattern}");
        }
    }
    let why = ask("no space left behind", &long);
    assert_eq!(&long[why.matched.expect("a part")], "no space left");
    let window = why.window.expect("not all is looked at");
    assert!(window.len() <= 4 * errlore::pattern::LONGEST_MESSAGE && window.end == long.len());
}

fn repairs(pattern: &str, messages: &[&str], not: &[&str], others: &[(&str, &str)]) -> Vec<Repair> {
    let signatures: Signatures<'_> = others.iter().copied().collect();
    signatures.repairs(&Request {
        id: "own",
        pattern: &Pattern::new(pattern),
        messages,
        counterexamples: not,
        case: Case::Insensitive,
        engines: &ENGINES,
    })
}

#[test]
fn the_most_specific_proposal_comes_first_and_none_is_a_paste() {
    let messages =
        ["cannot open 'a.txt': no such file", "cannot open `b.log`: no such file or directory"];
    let found = repairs(r"cannot open '.+': no such file$", &messages, &[], &[]);
    assert!(found.len() > 1, "{found:?}");
    assert!(found.iter().any(|repair| repair.origin == Origin::Mended), "{found:?}");
    assert!(found.is_sorted_by_key(|repair| std::cmp::Reverse(repair.score)), "{found:?}");
    for repair in &found {
        assert!(!repair.pattern.contains("b\\.log"), "{repair:?}");
    }
}

#[test]
fn a_proposal_keeps_clear_of_others_and_of_counterexamples() {
    let messages = ["disk quota exceeded for user 7", "disk quota exceeded for group 9"];
    let others = [("other", "disk quota exceeded for project 3")];
    let pattern = "disk quota exceeded for user";
    let found = repairs(pattern, &messages, &["disk quota exceeded for nobody"], &others);
    for repair in &found {
        let regex = regex::Regex::new(&repair.pattern).expect("a pattern");
        assert!(!regex.is_match(others[0].1) && repair.also_finds.is_empty(), "{repair:?}");
    }
    // What the old pattern finds already is said.
    let others = [("other", "disk quota exceeded for user 3 of the project")];
    let found = repairs(pattern, &messages[..2], &[], &others);
    assert!(found.iter().any(|repair| repair.also_finds == ["other"]), "{found:?}");
}

#[test]
fn samples_count_where_a_pattern_is_made() {
    let signatures: Signatures<'_> = [("other", "volume full")].into_iter().collect();
    let request = Request {
        id: "own",
        pattern: &Pattern::none(),
        messages: &["volume vol1 is out of space", "volume data is nearly out of space"],
        counterexamples: &["volume vol1 is out of order"],
        case: Case::Insensitive,
        engines: &ENGINES,
    };
    let made = signatures.propose_for(&request).expect("a pattern").pattern;
    let regex = regex::Regex::new(&made).expect("a pattern");
    assert!(request.messages.iter().all(|message| regex.is_match(message)), "{made}");
    assert!(!regex.is_match(request.counterexamples[0]), "{made}");
}

/// Patterns and messages that nearly fit: the words of one language, put together at random.
fn pattern() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "no|space|left|Disk|is|full|磁盘|已满",
        Just(" ".to_owned()),
        Just(r"\s+".to_owned()),
        Just(".*".to_owned()),
        Just(".{0,5}".to_owned()),
        Just(r"\d+".to_owned()),
        Just("[^']+".to_owned()),
        Just("(left|on|已满)".to_owned()),
        Just("(?:on )?".to_owned()),
        Just("(is )+".to_owned()),
        "['\"`:.()]".prop_map(|mark| regex::escape(&mark)),
        Just("^".to_owned()),
        Just("$".to_owned()),
        Just(r"\b".to_owned()),
        Just("|".to_owned()),
        Just("(x)".to_owned()),
        Just("[7]".to_owned()),
    ];
    prop::collection::vec(piece, 1..9).prop_map(|pieces| pieces.concat())
}

fn message() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "no|space|left|lfet|disk|Disk|is|full|on|磁盘|已满|三",
        "[ \u{a0}\n]",
        Just(" ".to_owned()),
        "[0-9]{1,3}",
        "['\"`“:.()x]",
    ];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// A near miss is proved, none of it can be left out, and everything stands where it is said.
    #[test]
    fn near_misses_are_proved(pattern in pattern(), message in message(), sensitive in any::<bool>()) {
        let case = if sensitive { Case::Sensitive } else { Case::Insensitive };
        let build = |pattern: &str| {
            regex::RegexBuilder::new(pattern).case_insensitive(!sensitive).build()
        };
        let Ok(regex) = build(&pattern) else { return Ok(()) };
        let why = why(&pattern, &message, case);
        prop_assert_eq!(&why.unknown, &None);
        prop_assert_eq!(why.matches, regex.is_match(&message));
        prop_assert!(pattern.get(why.fitted.clone()).is_some());
        if why.matches {
            prop_assert!(why.near.is_empty() && why.failed.is_none());
            return Ok(());
        }
        let failed = why.failed.clone().expect("a pattern that finds nothing fails somewhere");
        prop_assert!(pattern.get(failed).is_some());
        if let Some(matched) = &why.matched {
            let part = message.get(matched.clone());
            prop_assert!(part.is_some());
            // The pieces before the one that fails do find what is said, brackets apart.
            if let Ok(prefix) = build(&pattern[why.fitted.clone()]) {
                prop_assert!(prefix.is_match(&message), "{} {:?}", prefix, why);
            }
        }
        for relaxation in &why.near {
            let relaxed = build(&relaxation.pattern).expect("a relaxed pattern is one");
            prop_assert!(relaxed.is_match(&message), "{} on {:?}", relaxation.pattern, message);
            prop_assert!(!relaxation.misses.is_empty());
            for miss in &relaxation.misses {
                prop_assert!(pattern.get(miss.pattern.clone()).is_some());
                prop_assert!(message.get(miss.message.clone()).is_some());
            }
        }
    }

    /// Whatever a pattern and a message are made of, there is an answer.
    #[test]
    fn nothing_panics(pattern in "[ab(){}\\[\\]|*+?.^$\\\\0-9,dswb -]{0,24}", message in "\\PC{0,24}") {
        let why = ask(&pattern, &message);
        prop_assert!(why.matches || why.failed.is_some() || why.unknown.is_some());
    }

    /// What is proposed keeps what is promised.
    #[test]
    fn proposals_stand_the_trial(
        old in pattern(),
        own in prop::collection::vec(message(), 1..4),
        not in prop::collection::vec(message(), 0..2),
        others in prop::collection::vec(message(), 0..4),
    ) {
        let own: Vec<&str> = own.iter().map(String::as_str).collect();
        let not: Vec<&str> = not.iter().map(String::as_str).collect();
        let others: Vec<(&str, &str)> = others.iter().map(|text| ("other", text.as_str())).collect();
        let build = |pattern: &str| {
            regex::RegexBuilder::new(pattern).case_insensitive(true).build()
        };
        let found = repairs(&old, &own, &not, &others);
        prop_assert!(found.len() <= 5);
        prop_assert!(found.is_sorted_by_key(|repair| std::cmp::Reverse(repair.score)));
        for repair in &found {
            let regex = build(&repair.pattern).expect("a proposal is a pattern");
            prop_assert!(own.iter().all(|text| regex.is_match(text)), "{:?}", repair);
            prop_assert!(!not.iter().any(|text| regex.is_match(text)), "{:?}", repair);
            prop_assert!(!regex.is_match(""), "{:?}", repair);
            let finds = others.iter().any(|(_, text)| regex.is_match(text));
            prop_assert_eq!(finds, !repair.also_finds.is_empty());
            if finds {
                let old = build(&old).expect("only a pattern can be the excuse");
                prop_assert!(others.iter().any(|(_, text)| old.is_match(text)));
            }
            let hindrances = Pattern::new(&*repair.pattern).portability(&ENGINES);
            prop_assert!(hindrances.is_empty(), "{:?}", hindrances);
            let echo = own.iter().any(|text| Pattern::new(&*repair.pattern).facts(text).echo.is_some());
            prop_assert!(!echo, "{:?}", repair);
        }
        for (place, one) in found.iter().enumerate() {
            for other in &found[place + 1..] {
                let limits = Limits { pairs: 100_000, steps: 2_000_000, ..Limits::default() };
                let [a, b] = [one, other].map(|repair| {
                    let pattern = Pattern::new(&*repair.pattern);
                    Automaton::new(&pattern, Case::Insensitive, &limits).expect("a pattern")
                });
                let relation = a.overlap(&b).relation;
                prop_assert!(relation != Relation::Equal, "{:?} {:?}", one, other);
            }
        }
    }
}

/// Changes a message a little, in the part that its pattern finds; gives nothing where there is no place
/// for it.
type Damage = fn(&str) -> Option<String>;

#[test]
fn real_messages_that_are_damaged_a_little_are_told_how() {
    for corpus in corpora() {
        let entries = corpus.entries();
        let blank: Damage = |part| {
            let half = part.floor_char_boundary(part.len() / 2);
            let at = half + part[half..].find(' ')?;
            Some(format!("{} {}", &part[..at], &part[at..]))
        };
        let quote: Damage =
            |part| part.contains('\'').then(|| part.replace('\'', "`")).filter(|text| text != part);
        let swapped: Damage = |part| {
            let half = part.floor_char_boundary(part.len() / 2);
            let from = half + part[half..].find(' ')? + 1;
            let word = part[from..].split(|c: char| !c.is_ascii_lowercase()).next()?;
            if word.len() < 6 {
                return None;
            }
            let (a, b) = (&word[2..3], &word[3..4]);
            (a != b).then(|| format!("{}{b}{a}{}", &part[..from + 2], &part[from + 4..]))
        };
        for (kind, damage, floor) in [
            (MissKind::Blanks, blank, 95),
            (MissKind::Quote, quote, 90),
            (MissKind::Typo, swapped, 90),
        ] {
            let (mut tried, mut told) = (0, 0);
            for entry in entries.iter().step_by(if corpus.is_large() { 4 } else { 1 }) {
                let found = ask(&entry.regex, &entry.signature);
                let Some(range) = found.matched.filter(|_| found.matches) else { continue };
                let Some(part) = damage(&entry.signature[range.clone()]) else { continue };
                let message = entry.signature[..range.start].to_owned() + &part;
                let why = ask(&entry.regex, &message);
                if why.matches || why.unknown.is_some() {
                    continue;
                }
                tried += 1;
                let is_told = why
                    .near
                    .first()
                    .is_some_and(|near| near.misses.iter().all(|miss| miss.kind == kind));
                told += usize::from(is_told);
            }
            println!("{kind:?}: {told} of {tried} told");
            let least = if corpus.is_large() { 10 } else { 3 };
            assert!(tried > least && told * 100 >= tried * floor, "{kind:?}: {told} of {tried}");
        }
    }
}
