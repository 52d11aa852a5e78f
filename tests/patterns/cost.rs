//! How slow patterns get, held against known answers and against PCRE2, which can count its own work.

use errlore::config::Case;
use errlore::pattern::{Attack, Cost, Growth, LINE, Pattern, SLOW};

use crate::support::corpora::corpora;

fn cost(pattern: &str, case: Case) -> Cost {
    Pattern::new(pattern).cost(case)
}

fn growth(pattern: &str) -> Growth {
    cost(pattern, Case::Insensitive).growth
}

/// Patterns that multiply, from the literature on regular expressions that deny service.
const EXPONENTIAL: [&str; 14] = [
    r"(a+)+$",
    r"(a|a)*b",
    r"(a|aa)+$",
    r"(a*)*b",
    r"(x+x+)+y",
    r"(a|b|ab)*c",
    r"(\d+)*x",
    r"(?:a(?:|))*b",
    r"^(([a-z])+.)+[A-Z]([a-z])+$",
    r"(\w+\s?)+: write",
    r"(?:.*,)*;",
    r"((ab)*)*c",
    r"\b(a+)+\b!",
    r"(a|[ab])*c",
];

/// Patterns and the power with which they grow.
const POLYNOMIAL: [(&str, u32); 16] = [
    (r"a*a*b", 3),
    (r"\s+$", 2),
    (r".*.*=.*", 3),
    (r"a.*b", 2),
    (r"a.*b.*", 2),
    (r"a.*b.*c", 3),
    (r"a.*b.*c.*d", 4),
    (r"^a.*b.*c", 2),
    (r"^a*a*a*b", 3),
    (r"(one.*two|three.*four.*five)", 3),
    (r"(?:ab)+c", 2),
    (r"(a|b)*c", 2),
    (r#"[^"]*""#, 2),
    (r"(ab|cd)*(ab)*x", 3),
    (r"\bfoo\b.*\bbar\b.*\bbaz\b", 3),
    (r"a.*?b.*?c", 3),
];

/// Patterns with which a search takes as many steps as the line is long, but for a factor.
const LINEAR: [&str; 12] = [
    "",
    ".*",
    ".+",
    "a",
    "no space left on (device|volume)",
    "(a+)+",
    "(a|aa)+",
    "^a*b",
    "^(?:ab)+c",
    "x{3,5}y",
    "a.{0,40}b",
    "error: .*",
];

#[test]
fn growth_is_what_is_known() {
    for pattern in EXPONENTIAL {
        assert_eq!(growth(pattern), Growth::Exponential, "{pattern}");
    }
    for (pattern, power) in POLYNOMIAL {
        assert_eq!(growth(pattern), Growth::Polynomial(power), "{pattern}");
    }
    for pattern in LINEAR {
        assert_eq!(growth(pattern), Growth::Linear, "{pattern}");
    }
}

/// How PCRE2 without its optimisations searches, with so many calls of its matcher at most; `None` if
/// that is not enough.
fn pcre2_finds(pattern: &str, line: &str, calls: u64) -> Option<bool> {
    let options = "(*NO_AUTO_POSSESS)(*NO_START_OPT)(*NO_DOTSTAR_ANCHOR)";
    let text = format!("{options}(*LIMIT_MATCH={calls})(?i){pattern}");
    let regex = pcre2::bytes::Regex::new(&text).expect("a pattern of PCRE2");
    regex.is_match(line.as_bytes()).ok()
}

/// The fewest calls with which PCRE2 finds that a line does not match.
fn pcre2_calls(pattern: &str, line: &str) -> u64 {
    let (mut low, mut high) = (0, 1);
    while pcre2_finds(pattern, line, high).is_none() {
        (low, high) = (high, 2 * high);
        assert!(high < 1 << 32, "{pattern}: too many calls");
    }
    while high - low > 1 {
        let middle = low.midpoint(high);
        match pcre2_finds(pattern, line, middle) {
            Some(_) => high = middle,
            None => low = middle,
        }
    }
    high
}

fn attack(pattern: &str) -> Attack {
    cost(pattern, Case::Insensitive).attack.unwrap_or_else(|| panic!("{pattern} has an attack"))
}

#[test]
fn attack_lines_make_pcre2_work_as_foretold() {
    for pattern in EXPONENTIAL {
        // PCRE2 looks where groups end in ways that save it some of the work.
        let line = attack(pattern).repeated(40);
        assert_eq!(pcre2_finds(pattern, &line, 1_000_000), None, "{pattern} on {line}");
    }
    for (pattern, power) in POLYNOMIAL {
        let attack = attack(pattern);
        let calls = |times| pcre2_calls(pattern, &attack.repeated(times));
        let (one, two) = (calls(24), calls(48));
        #[allow(clippy::cast_precision_loss, reason = "a ratio")]
        let measured = (two as f64 / one as f64).log2();
        // PCRE2 counts anew from each beginning; where there are many, they are one power more.
        let beginnings = if pattern.starts_with('^') { 0.0 } else { 1.0 };
        let off = (measured + beginnings - f64::from(power)).abs();
        assert!(off < 0.15, "{pattern}: {power}, measured {measured}: {one} {two}");
    }
}

#[test]
fn steps_are_told_where_they_are_many() {
    let steps = |pattern| cost(pattern, Case::Insensitive).steps;
    assert!(steps("a.*b.*c.*d").is_some_and(|steps| steps >= SLOW));
    assert!(steps("connection.*refused.*port").is_some_and(|steps| steps < SLOW));
    assert!(steps("a.{0,40}b.{0,40}c.{0,40}d").is_some_and(|steps| steps < SLOW));
    assert!(steps("[^x]{1,200}[^x]{1,200}[^x]{1,200}y").is_some_and(|steps| steps >= SLOW));
}

#[test]
fn attack_lines_are_as_long_as_asked() {
    let attack = attack("error.*failed.*retry");
    for length in [100, 500, LINE] {
        let line = attack.line(length).chars().count();
        assert!(line <= length && line + 60 > length, "{line} of {length}");
    }
}

#[test]
fn bad_input_is_undecided_or_quick() {
    let alternatives: Vec<String> = (0..1_500).map(|n| format!("w{n}")).collect();
    let loops: Vec<String> = (0..600).map(|n| format!("w{n}.*x")).collect();
    let undecided = [
        "a".repeat(1 << 20),
        format!("({})", "ab|".repeat(3_000)),
        "(?:a{1000}){1000}".to_owned(),
        "(".repeat(5_000),
        "(?1)".to_owned(),
        r"(?(1)a|b)".to_owned(),
        r"(?<=a+)b".to_owned(),
    ];
    for pattern in undecided {
        let shown: String = pattern.chars().take(40).collect();
        let growth = growth(&pattern);
        assert!(matches!(growth, Growth::Undecided(_)), "{shown}: {growth:?}");
    }
    let quick = [
        alternatives.join("|"),
        loops.join("|"),
        "(a".repeat(200) + &")*".repeat(200),
        ".*".repeat(1_000) + "x",
        "(?:a?){50}".repeat(20),
        "(?:(?:a{0,9}){0,9}){0,9}b".to_owned(),
        "(){1000000000}a".to_owned(),
        "(a?){1000000}".to_owned(),
        "\\p{L}+\\s*(?i)straße".to_owned(),
        "(?:\\w{1,64}\\.){1,8}\\w{2,}$".to_owned(),
    ];
    for pattern in quick {
        // Whatever it says.
        cost(&pattern, Case::Insensitive);
        cost(&pattern, Case::Sensitive);
    }
}

/// Real patterns: none is exponential, all are judged, and few are slow.
#[test]
fn few_real_patterns_are_slow() {
    for corpus in corpora() {
        let entries = corpus.entries();
        let mut slow = 0;
        for entry in &entries {
            let Cost { growth, steps, .. } = cost(&entry.regex, Case::Insensitive);
            assert_ne!(growth, Growth::Exponential, "{}", entry.regex);
            assert!(!matches!(growth, Growth::Undecided(_)), "{}: {growth:?}", entry.regex);
            slow += usize::from(steps.is_some_and(|steps| steps >= SLOW));
        }
        assert_eq!(slow, if corpus.is_large() { SLOW_IN_CORPUS } else { 0 }, "{}", corpus.name);
    }
}

/// About 1 in 20.
const SLOW_IN_CORPUS: usize = 90;
