//! The analysis of portability, held against the engines themselves.
//!
//! What a real engine refuses must never be called portable. The reverse, a pattern called refused that
//! the engine takes, is counted and kept at what it is.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use errlore::entry::Entry;
use errlore::pattern::{Engine, Hindrance, HindranceKind, Pattern, PatternError};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use serde_json::json;

use crate::support;
use crate::support::corpora::corpora;

/// Patterns, one a line, that hold every piece of syntax, right and wrong.
const HOSTILE: &str = include_str!("../portability/hostile.txt");

const PYTHON: &str = "\
import json, re, sys, warnings
warnings.simplefilter('ignore')
def takes(pattern):
    try:
        re.compile(pattern)
        return True
    except Exception:
        return False
print(json.dumps([takes(pattern) for pattern in json.load(sys.stdin)]))
";

/// With the `google-re2` package for Python.
const RE2: &str = "\
import json, sys
patterns = json.load(sys.stdin)
try:
    import re2
except ImportError:
    print('null')
    sys.exit()
options = re2.Options()
options.log_errors = False
def takes(pattern):
    try:
        re2.compile(pattern, options)
        return True
    except Exception:
        return False
print(json.dumps([takes(pattern) for pattern in patterns]))
";

const NODE: &str = "\
const flags = process.argv[1] || '';
const takes = pattern => { try { new RegExp(pattern, flags); return true } catch { return false } };
console.log(JSON.stringify(JSON.parse(require('fs').readFileSync(0, 'utf8')).map(takes)));
";

/// What comes out of a program that is given JSON; nothing where the program is not installed.
fn ask(program: &str, arguments: &[&str], input: &serde_json::Value) -> Option<String> {
    let child = Command::new(program)
        .args(arguments)
        .env("PYTHONIOENCODING", "utf-8")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn();
    let Ok(mut child) = child else {
        support::skipped(&format!("no {program}"));
        return None;
    };
    let mut stdin = child.stdin.take().expect("a pipe");
    let text = input.to_string();
    let writer = std::thread::spawn(move || stdin.write_all(text.as_bytes()));
    let output = child.wait_with_output().expect("the program ends");
    writer.join().expect("a thread that ends").expect("a program that reads");
    Some(String::from_utf8(output.stdout).expect("UTF-8"))
}

/// Which patterns an engine takes.
fn takes(engine: Engine, patterns: &[String]) -> Option<Vec<bool>> {
    let input = json!(patterns);
    let answers = |text: Option<String>| {
        let answers: Option<Vec<bool>> = serde_json::from_str(&text?).expect("a list of answers");
        if answers.is_none() {
            support::skipped("no google-re2");
        }
        answers
    };
    match engine {
        Engine::Rust => Some(patterns.iter().map(|p| regex_syntax_takes(p)).collect()),
        Engine::Pcre2 => Some(patterns.iter().map(|p| pcre2(p).is_some()).collect()),
        Engine::Python => answers(ask("python3", &["-c", PYTHON], &input)),
        Engine::JavaScript => answers(ask("node", &["-e", NODE], &input)),
        Engine::JavaScriptU => answers(ask("node", &["-e", NODE, "u"], &input)),
        Engine::JavaScriptV => answers(ask("node", &["-e", NODE, "v"], &input)),
        Engine::Java => java(patterns),
        Engine::Re2 => answers(ask("python3", &["-c", RE2], &input)),
    }
}

/// Whether it is a pattern, however large it gets.
fn regex_syntax_takes(pattern: &str) -> bool {
    match regex::Regex::new(pattern) {
        Ok(_) | Err(regex::Error::CompiledTooBig(_)) => true,
        Err(_) => false,
    }
}

fn pcre2(pattern: &str) -> Option<pcre2::bytes::Regex> {
    pcre2::bytes::RegexBuilder::new().utf(true).build(pattern).ok()
}

/// Java reads the patterns as lines of UTF-16 in hexadecimal digits: it has no JSON.
fn java(patterns: &[String]) -> Option<Vec<bool>> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/portability/Takes.java");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let lines: Vec<String> = patterns
        .iter()
        .map(|pattern| {
            let units = pattern.encode_utf16();
            units.fold(String::new(), |line, unit| line + &format!("{unit:04x}"))
        })
        .collect();
    let path = folder.path().join("patterns.txt");
    std::fs::write(&path, lines.join("\n") + "\n").expect("a file that can be written");
    let arguments = [source.to_string_lossy().into_owned(), path.to_string_lossy().into_owned()];
    let output = Command::new("java").args(arguments).output().ok();
    let Some(output) = output.filter(|output| output.status.success()) else {
        support::skipped("no java that runs a source");
        return None;
    };
    Some(String::from_utf8_lossy(&output.stdout).lines().map(|line| line == "1").collect())
}

fn portability(pattern: &str, engines: &[Engine]) -> Vec<Hindrance> {
    Pattern::new(pattern).portability(engines)
}

fn syntax_error(pattern: &str) -> Option<PatternError> {
    Pattern::new(pattern).syntax_error()
}

fn refusals(pattern: &str, engine: Engine) -> Vec<Hindrance> {
    let mut found = portability(pattern, &[engine]);
    found.retain(|hindrance| hindrance.kind == HindranceKind::Refused);
    found
}

/// Compares the analysis with each engine that is there: none may refuse what is called portable. Gives
/// how many patterns of how many are called refused and yet are taken, over the engines.
fn compare(what: &str, patterns: &[String]) -> (usize, usize) {
    let mut wrong = Vec::new();
    let mut too_strict = 0;
    let mut answers = 0;
    for engine in Engine::ALL {
        let Some(taken) = takes(engine, patterns) else { continue };
        assert_eq!(taken.len(), patterns.len(), "{engine}");
        let mut strict = Vec::new();
        for (pattern, taken) in patterns.iter().zip(taken) {
            let refused = refusals(pattern, engine);
            if !taken && refused.is_empty() {
                wrong.push(format!("{engine} refuses {pattern:?}"));
            }
            if taken && !refused.is_empty() {
                strict.push(format!("{pattern:?}: {}", refused[0].message));
            }
        }
        answers += patterns.len();
        too_strict += strict.len();
        println!("{what}, {engine}: {} called refused and taken", strict.len());
        for pattern in strict {
            println!("    {pattern}");
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    (too_strict, answers)
}

/// An engine that is always there agrees on real patterns, where Node may be missing.
#[test]
fn an_embedded_javascript_takes_what_is_called_portable() {
    // Under `v` it refuses `[\d.:]`, which Node takes.
    let engines = [(Engine::JavaScript, ""), (Engine::JavaScriptU, "u")];
    for entry in real_entries() {
        for (engine, flags) in engines {
            let taken = regress::Regex::with_flags(&entry.regex, flags).is_ok();
            let refused = !refusals(&entry.regex, engine).is_empty();
            assert!(taken || refused, "{engine} refuses {:?}", entry.regex);
        }
    }
}

/// What is found in one pattern for some engines: the engines, the piece, and how bad it is.
fn found(pattern: &str, engines: &[Engine]) -> Vec<(String, String, HindranceKind)> {
    let describe = |hindrance: Hindrance| {
        let names: Vec<&str> = hindrance.engines.iter().map(|engine| engine.name()).collect();
        (names.join(" "), pattern[hindrance.range].to_owned(), hindrance.kind)
    };
    portability(pattern, engines).into_iter().map(describe).collect()
}

/// Engines, the piece that hinders them, and how bad it is.
type Expected = (&'static str, &'static str, HindranceKind);

#[test]
fn meanings_are_told_apart() {
    use HindranceKind::{Differs, Refused};
    let cases: &[(&str, &[Expected])] = &[
        ("plain text", &[]),
        ("end$", &[("python pcre2", "$", Differs), ("java", "$", Differs)]),
        (r"\d+", &[]),
        (r"a\ b", &[("javascript-u javascript-v", r"\ ", Refused)]),
        (r"\Aa", &[("javascript", r"\A", Differs), ("javascript-u javascript-v", r"\A", Refused)]),
        ("(?=a)", &[("rust re2", "(?=", Refused)]),
        ("a(?>b)", &[("rust javascript javascript-u javascript-v re2", "(?>", Refused)]),
        (r"(a)\1", &[("rust re2", r"\1", Refused)]),
        (
            "[[a]]",
            &[
                ("javascript-u", "]", Refused),
                ("python javascript javascript-u pcre2 re2", "[", Differs),
            ],
        ),
        (
            r"\<a",
            &[
                ("javascript-u javascript-v", r"\<", Refused),
                ("python javascript pcre2 re2 java", r"\<", Differs),
            ],
        ),
        (r"\v", &[("pcre2 java", r"\v", Differs)]),
        ("(?P<n>a)", &[("javascript javascript-u javascript-v java", "(?P<n>", Refused)]),
        ("(?<n>a)", &[("python", "(?<n>", Refused)]),
        ("a{1001}", &[("re2", "{1001}", Refused)]),
        ("(?i)a", &[("javascript javascript-u javascript-v", "(?i)", Refused)]),
        (
            "a(?i)b",
            &[
                ("javascript javascript-u javascript-v", "(?i)", Refused),
                ("python", "(?i)", Refused),
            ],
        ),
    ];
    for (pattern, expected) in cases {
        let mut found = found(pattern, &Engine::ALL);
        let mut expected: Vec<_> = expected
            .iter()
            .map(|(engines, piece, kind)| ((*engines).to_owned(), (*piece).to_owned(), *kind))
            .collect();
        found.sort();
        expected.sort();
        assert_eq!(found, expected, "{pattern}");
    }
    // `\Z` is compared with the first engine that takes it.
    let engines = [Engine::Rust, Engine::Python, Engine::Pcre2, Engine::Java];
    assert_eq!(
        found(r"a\Z", &engines),
        [
            ("rust".to_owned(), r"\Z".to_owned(), Refused),
            ("pcre2 java".to_owned(), r"\Z".to_owned(), Differs),
        ]
    );
}

#[test]
fn names_of_engines_are_read_as_written() {
    for engine in Engine::ALL {
        assert_eq!(engine.to_string().parse(), Ok(engine));
    }
    let error = "perl".parse::<Engine>().expect_err("no engine of ours");
    assert!(error.to_string().contains("javascript-u"), "{error}");
}

/// Large patterns and patterns of any depth: an answer, soon, without overflow. The time is not
/// measured; what took more than linear time would hardly end here.
#[test]
fn large_patterns_are_read_in_linear_time() {
    let pieces = [
        "(", "[", "[^", "(?:", "(?=", "(?<", "(?<=", "(?#", "(*", "\\Q", "\\x{", "\\p{", "\\N{",
        "\\k<", "\\g{", "{", "a{1", "[[:", "[a-", "[&&", "a|", "a*", "*", "(a)", "()*", "[a]",
        "\\ ", "\\1", "$", "(?i)", "(?x) #", "(?<n>a)", "\\", "\\u", "é", "😀", "[:a", "[a&&",
        "\\c", "(?#)", "(?(1)", "\\Q\\E",
    ];
    for piece in pieces {
        let pattern = piece.repeat(100_000 / piece.len());
        let _ = portability(&pattern, &Engine::ALL);
        let _ = syntax_error(&pattern);
    }
}

fn hostile() -> Vec<String> {
    HOSTILE.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

/// The entries of all corpora, since to start an engine takes longer than to ask it.
fn real_entries() -> impl Iterator<Item = Entry> {
    corpora().into_iter().flat_map(|corpus| corpus.entries())
}

#[test]
fn real_patterns_are_judged_as_the_engines_judge_them() {
    let patterns: Vec<String> = real_entries().map(|entry| entry.regex).collect();
    assert_eq!(compare("corpora", &patterns).0, 0);
}

#[test]
fn hostile_patterns_are_judged_as_the_engines_judge_them() {
    let (too_strict, answers) = compare("hostile", &hostile());
    assert!(too_strict * 100 < answers, "{too_strict} of {answers}");
}

/// Pieces of syntax that are strung together.
const PIECES: &[&str] = &[
    "a",
    "b",
    "é",
    "😀",
    " ",
    "-",
    ".",
    "^",
    "$",
    "|",
    "(",
    ")",
    "(?:",
    "(?i)",
    "(?i:",
    "(?=",
    "(?<=",
    "(?<!",
    "(?>",
    "(?P<n>",
    "(?<n>",
    "(?<m>",
    "(?#c)",
    "(?x)",
    "(?m)",
    "[",
    "]",
    "[^",
    "[a-z]",
    "[^a]",
    "[[",
    "]]",
    "&&",
    "--",
    "[:alpha:]",
    "[[:alpha:]]",
    "*",
    "+",
    "?",
    "*?",
    "++",
    "{2}",
    "{1,3}",
    "{,3}",
    "{",
    "}",
    "{2",
    "\\d",
    "\\w",
    "\\s",
    "\\b",
    "\\B",
    "\\A",
    "\\Z",
    "\\z",
    "\\h",
    "\\R",
    "\\K",
    "\\N",
    "\\1",
    "\\2",
    "\\0",
    "\\10",
    "\\k<n>",
    "(?P=n)",
    "\\x41",
    "\\x{41}",
    "\\x",
    "\\u0041",
    "\\u{41}",
    "\\cA",
    "\\p{L}",
    "\\pL",
    "\\p{Greek}",
    "\\.",
    "\\ ",
    "\\-",
    "\\/",
    "\\\"",
    "\\_",
    "\\]",
    "\\[",
    "\\{",
    "\\Q",
    "\\E",
    "\\e",
    "\\a",
    "\\v",
    "\\G",
    "\\X",
    "\\q",
    "\\y",
    "(?(1)",
    "(?R)",
    "(?1)",
    "(?|",
    "(*ACCEPT)",
    "#",
    "&",
    "~",
    "!",
    ":",
    "=",
    "/",
    ",",
];

fn generated(count: usize) -> Vec<String> {
    let piece = prop::sample::select(PIECES);
    let inner = prop::collection::vec(piece, 1..9).prop_map(|pieces| pieces.concat());
    let pattern = (inner, 0..6_u8).prop_map(|(inner, frame)| match frame {
        0 => format!("({inner})"),
        1 => format!("[{inner}]"),
        2 => format!("(?:{inner})+"),
        3 => format!("(a)(?<n>b){inner}"),
        _ => inner,
    });
    let mut runner = TestRunner::deterministic();
    let tree = |_| pattern.new_tree(&mut runner).expect("a pattern").current();
    (0..count).map(tree).collect()
}

#[test]
fn generated_patterns_are_judged_as_the_engines_judge_them() {
    let (too_strict, answers) = compare("generated", &generated(20_000));
    assert!(too_strict * 100 < answers, "{too_strict} of {answers}");
}

#[test]
fn what_is_no_pattern_anywhere_is_taken_nowhere() {
    let mut patterns = hostile();
    patterns.extend(generated(4_000));
    patterns.retain(|pattern| syntax_error(pattern).is_some());
    assert!(patterns.len() > 100);
    for engine in Engine::ALL {
        let Some(taken) = takes(engine, &patterns) else { continue };
        for (pattern, taken) in patterns.iter().zip(taken) {
            assert!(!taken, "{engine} takes {pattern:?}: {:?}", syntax_error(pattern));
        }
    }
}

const PYTHON_FINDS: &str = "\
import json, re, sys, warnings
warnings.simplefilter('ignore')
def find(pattern, text):
    try:
        found = re.search(pattern, text)
        return list(found.span()) if found else []
    except Exception:
        return None
print(json.dumps([find(*pair) for pair in json.load(sys.stdin)]))
";

const NODE_FINDS: &str = "\
const flags = process.argv[1] || '';
const find = ([pattern, text]) => {
    try {
        const found = new RegExp(pattern, flags).exec(text);
        return found ? [found.index, found.index + found[0].length] : [];
    } catch { return null }
};
console.log(JSON.stringify(JSON.parse(require('fs').readFileSync(0, 'utf8')).map(find)));
";

/// What an engine finds: nothing where it refuses the pattern, else the place of the match, if any.
type Found = Option<Vec<usize>>;

/// What an engine finds in each text with its pattern.
fn finds(engine: Engine, pairs: &[(String, String)]) -> Option<Vec<Found>> {
    let input = json!(pairs);
    let answers = |text: Option<String>| {
        text.map(|text| serde_json::from_str::<Vec<Found>>(&text).expect("a list of answers"))
    };
    let in_rust = |(pattern, text): &(String, String)| {
        let regex = regex::Regex::new(pattern).ok()?;
        Some(regex.find(text).map_or(vec![], |found| vec![found.start(), found.end()]))
    };
    let in_pcre2 = |(pattern, text): &(String, String)| {
        let found = pcre2(pattern)?.find(text.as_bytes()).ok()?;
        Some(found.map_or(vec![], |found| vec![found.start(), found.end()]))
    };
    match engine {
        Engine::Rust => Some(pairs.iter().map(in_rust).collect()),
        Engine::Pcre2 => Some(pairs.iter().map(in_pcre2).collect()),
        Engine::Python => answers(ask("python3", &["-c", PYTHON_FINDS], &input)),
        Engine::JavaScript => answers(ask("node", &["-e", NODE_FINDS], &input)),
        Engine::JavaScriptU => answers(ask("node", &["-e", NODE_FINDS, "u"], &input)),
        Engine::JavaScriptV => answers(ask("node", &["-e", NODE_FINDS, "v"], &input)),
        Engine::Re2 | Engine::Java => None,
    }
}

/// The pattern with the rewrites that are offered for some engines, and whether nothing is left then.
///
/// What stands behind a first fault may be seen only when that is mended.
fn rewritten(pattern: &str, engines: &[Engine]) -> (String, bool) {
    let mut text = pattern.to_owned();
    for _ in 0..20 {
        let found = portability(&text, engines);
        let count = found.len();
        let mut rewrites: Vec<_> =
            found.into_iter().filter_map(|hindrance| hindrance.rewrite).collect();
        if count == 0 || rewrites.len() < count {
            return (text, count == 0);
        }
        rewrites.sort_by_key(|rewrite| (rewrite.range.start, rewrite.range.end));
        let mut next = usize::MAX;
        for rewrite in rewrites.iter().rev() {
            if rewrite.range.end <= next {
                text.replace_range(rewrite.range.clone(), &rewrite.replacement);
                next = rewrite.range.start;
            }
        }
    }
    (text, false)
}

/// Engines that can be asked what they find.
const ASKED: [Engine; 6] = [
    Engine::Rust,
    Engine::Python,
    Engine::JavaScript,
    Engine::JavaScriptU,
    Engine::JavaScriptV,
    Engine::Pcre2,
];

/// Each pattern whose hindrances all have a rewrite is taken after it, and finds what it found.
fn rewrites_hold(what: &str, pairs: &[(String, String)]) -> usize {
    // A pair of engines: the first takes the pattern as it is, the second may not.
    let mut total = 0;
    let mut wrong = Vec::new();
    for home in [Engine::Rust, Engine::Python, Engine::Pcre2] {
        for other in ASKED {
            let engines = [home, other];
            let (mut before, mut after, mut whole) = (vec![], vec![], vec![]);
            for pair in pairs.iter().filter(|(pattern, _)| refusals(pattern, home).is_empty()) {
                let (text, complete) = rewritten(&pair.0, &engines);
                if text != pair.0 {
                    before.push(pair.clone());
                    after.push((text, pair.1.clone()));
                    whole.push(complete);
                }
            }
            total += whole.iter().filter(|complete| **complete).count();
            let Some(expected) = finds(home, &before) else { continue };
            let Some(at_home) = finds(home, &after) else { continue };
            let Some(there) = finds(other, &after) else { continue };
            for (number, expected) in expected.iter().enumerate() {
                let (old, new) = (&before[number], &after[number].0);
                if at_home[number] != *expected {
                    wrong.push(format!("{home} differs: {old:?} -> {new:?}"));
                }
                let same = there[number].as_ref().map(Vec::is_empty);
                if whole[number] && same != expected.as_ref().map(Vec::is_empty) {
                    wrong.push(format!("{other} differs from {home}: {old:?} -> {new:?}"));
                }
            }
        }
    }
    println!("{what}: {total} rewrites");
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    total
}

#[test]
fn rewrites_of_real_patterns_find_what_they_found() {
    let pairs: Vec<_> = real_entries().map(|entry| (entry.regex, entry.signature)).collect();
    // 36 of them are of the fixtures.
    assert!(rewrites_hold("corpora", &pairs) > 30);
}

#[test]
fn rewrites_of_hostile_patterns_find_what_they_found() {
    let texts =
        ["", "a", "Ab-c d", "a{2}", "x A 41 L &&~~--[:]", "(a|b)\\ /\"'#_", "aab abc\tn\u{b}"];
    let mut patterns = hostile();
    patterns.extend(generated(1_500));
    let pair = |pattern: &String| texts.map(|text| (pattern.clone(), text.to_owned()));
    let pairs: Vec<_> = patterns.iter().flat_map(pair).collect();
    assert!(rewrites_hold("hostile", &pairs) > 100);
}
