//! The matcher and the automaton agree with the `regex` crate on what is found, and what is foretold is
//! what is counted.

use proptest::prelude::*;

use super::*;
use backtrack::Outcome;

fn pattern() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        6 => "[abc ]",
        1 => Just(".".to_owned()),
        1 => Just("[^a]".to_owned()),
        1 => Just("[ab]".to_owned()),
        1 => Just("\\w".to_owned()),
        1 => Just("\\b".to_owned()),
        1 => Just("\\B".to_owned()),
        1 => Just("^".to_owned()),
        1 => Just("$".to_owned()),
        1 => Just(String::new()),
    ];
    leaf.prop_recursive(5, 40, 4, |inner| {
        let quantifier = prop_oneof![
            Just("*"),
            Just("+"),
            Just("?"),
            Just("*?"),
            Just("+?"),
            Just("??"),
            Just("{2}"),
            Just("{1,3}"),
            Just("{0,2}?"),
            Just("{2,}"),
            Just("{3,}?"),
            Just("{0}"),
        ];
        prop_oneof![
            3 => prop::collection::vec(inner.clone(), 1..5).prop_map(|parts| parts.concat()),
            2 => prop::collection::vec(inner.clone(), 1..4)
                .prop_map(|parts| format!("({})", parts.join("|"))),
            1 => inner.clone().prop_map(|part| format!("(?i:{part})")),
            3 => (inner, quantifier).prop_map(|(part, mark)| format!("(?:{part}){mark}")),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]
    #[test]
    fn what_is_found_is_what_regex_finds(text in pattern(), line in "[abcAB -]{0,12}") {
        let expected = regex::Regex::new(&text).expect("a pattern").is_match(&line);
        let read = Pieces::new(&Pattern::new(&*text), Case::Sensitive).expect("a pattern");
        let (outcome, _) = Program::new(&read).search(&line, 2_000_000);
        let expected_outcome = if expected { Outcome::Found } else { Outcome::NotFound };
        if outcome != Outcome::GivenUp {
            prop_assert_eq!(outcome, expected_outcome, "{} in {:?}", text, line);
        }
        if let Ok(automaton) = Automaton::new(&read, false) {
            let letters: Vec<u8> = line.chars().map(|c| read.alphabet.letter(c)).collect();
            prop_assert_eq!(automaton.finds(&read, &letters), expected, "{} in {:?}", text, line);
        }
    }

    #[test]
    fn an_attack_line_is_not_found(text in pattern()) {
        if let Cost { attack: Some(attack), growth, .. } = Pattern::new(&*text).cost(Case::Insensitive) {
            let regex = regex::RegexBuilder::new(&text).case_insensitive(true).build();
            let line = attack.line(100);
            prop_assert!(!regex.expect("a pattern").is_match(&line), "{}: {:?} {}", text, growth, line);
        }
    }
}

/// The steps on a line that are counted one by one.
fn counted(text: &str, length: usize) -> (f64, f64) {
    let Cost { growth: Growth::Polynomial(power), attack: Some(attack), .. } =
        Pattern::new(text).cost(Case::Insensitive)
    else {
        panic!("{text} is polynomial");
    };
    let read = Pieces::new(&Pattern::new(text), Case::Insensitive).expect("a pattern");
    let program = Program::new(&read);
    let (outcome, steps) = program.search(&attack.line(length), u64::MAX);
    assert_eq!(outcome, Outcome::NotFound);
    let foretold = growth::polynomial(&program, &attack, power as usize, length);
    #[allow(clippy::cast_precision_loss, reason = "it is small")]
    (steps, foretold.expect("it grows so").1 as f64)
}

#[test]
fn steps_on_long_lines_are_foretold_from_short_ones() {
    for (text, length) in [
        ("a.*b.*c", 400),
        ("error.*failed.*(reset|timeout)", 400),
        ("ab.*cd.*ef.*gh", 200),
        ("x*y*z*x*!", 80),
        (".*?=.*?;.*?#", 120),
        ("(one.*two|three.*four.*five).*six", 200),
    ] {
        let (steps, foretold) = counted(text, length);
        assert!((steps - foretold).abs() <= 0.01 * steps, "{text}: {steps} {foretold}");
    }
}
