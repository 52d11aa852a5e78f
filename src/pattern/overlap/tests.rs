//! The automata against `regex`, line by line.

use super::*;

/// All lines of up to `longest` characters of an alphabet.
fn lines(alphabet: &[char], longest: usize) -> Vec<String> {
    let mut all = vec![String::new()];
    let mut last = all.clone();
    for _ in 0..longest {
        last = last
            .iter()
            .flat_map(|line| alphabet.iter().map(move |c| format!("{line}{c}")))
            .collect();
        all.extend(last.iter().cloned());
    }
    all
}

#[test]
fn an_automaton_finds_what_regex_finds() {
    let lines = lines(&['a', ' ', '_', 'é', '\r', 'ſ', '消'], 4);
    let patterns = [
        "",
        "a",
        "^",
        "$",
        "^$",
        "\\b",
        "\\B",
        "\\ba\\b",
        "\\Ba",
        "a\\B",
        "(?-u:\\b)a",
        "a(?-u:\\B).",
        "é\\b",
        "(?-u:\\b)é",
        "\\b{start}a",
        "a\\b{end}",
        "\\b{start-half}a|é\\b{end-half}",
        "(?-u:\\b{start})_",
        "(?-u:\\b{end-half})é\\b",
        "(?m:^a$)",
        "(?mR:^a$)",
        "(?R).$",
        "(?s).$",
        "\\Aa|a\\z",
        "a\\b|\\bé",
        "(a|\\b)+é",
        "(\\b|a)* ",
        "(?:\\b){2}a",
        "(\\ba?){2,3}_",
        "a{2,}",
        "(a|é){1,2}$",
        "(aé?){0,2}^",
        "[^a]\\w",
        "\\s",
        "\\W$",
        ".",
        "[^\\s\\S]",
        "a|[^\\s\\S]",
        "\\n",
        "a\\n|é",
        "(?i)S",
        "s",
        "x{0}",
        "(^a|_$)+",
        "(^|_)a(_|$)",
        "\\p{Han}",
        "\\b消",
        "消\\B",
    ];
    for pattern in patterns {
        for case in [Case::Sensitive, Case::Insensitive] {
            let automaton =
                Automaton::new(&Pattern::new(pattern), case, &Limits::default()).expect(pattern);
            let mut shortest: Option<&str> = None;
            for line in &lines {
                let found = automaton.search(line).expect(pattern);
                assert_eq!(automaton.graph.finds(line), found, "{pattern} on {line:?}");
                if found && shortest.is_none() {
                    shortest = Some(line);
                }
            }
            if let Some(shortest) = shortest {
                let claimed = automaton.shortest.as_deref().expect(pattern);
                assert!(automaton.search(claimed).expect(pattern), "{pattern} on {claimed:?}");
                assert!(
                    claimed.chars().count() <= shortest.chars().count(),
                    "{pattern}: {claimed:?}"
                );
            }
        }
    }
}

#[test]
fn examples_are_spelled_as_the_patterns_are() {
    let spell = |line: &str, pieces: &[&str]| {
        let pieces: Vec<Vec<char>> = pieces.iter().map(|piece| piece.chars().collect()).collect();
        spelling::spell(line, &pieces, &[])
    };
    assert_eq!(
        spell("http 413: too large", &["HTTP 413", "Too"]).as_deref(),
        Some("HTTP 413: Too large")
    );
    assert_eq!(spell("keyerror", &["KeyError", "Error"]).as_deref(), Some("KeyError"));
    assert_eq!(spell("abc", &["abc", "abcd"]), None);
}
