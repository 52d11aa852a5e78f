//! The short way against `regex`, and known patterns.

use proptest::prelude::*;

use super::*;

#[test]
fn facts_of_known_patterns() {
    let facts = Pattern::new("status code 1009|(message too large|MESSAGE_TOO_LARGE)")
        .facts("Status Code 1009");
    assert_eq!((facts.matches_with_case, facts.matches_ignoring_case), (false, true));
    assert!(!facts.matches_empty);
    assert!(Pattern::new("a*|b").facts("x").matches_empty);
    assert!(Pattern::new("é").facts("CAFÉ").matches_ignoring_case);
    assert!(
        Pattern::new("\\x{212A}").facts("10 k").matches_ignoring_case,
        "the Kelvin sign folds to k"
    );
}

#[test]
fn errors_have_a_place() {
    let error = |pattern: &str| Pattern::new(pattern).facts("x").error.expect(pattern);
    assert_eq!(error("a(b").range, Some(1..2));
    assert_eq!(error("a\\p{Nope}").range, Some(1..9));
    assert_eq!(error("(?=a)").range, Some(0..3));
    assert!(error("((a{1000}){1000}){1000}").message.contains("more than 10 MB"));
    assert!(error("(\\w{1000}){100}").message.contains("more than 10 MB"));
    assert!(error(&"a".repeat(1_000_000)).message.contains("more than 10000"));
    assert!(Pattern::new("(".repeat(9_000)).facts("x").error.is_some());
}

#[test]
fn a_pasted_signature_is_an_echo() {
    let signature = "Bluetooth: HCI advertising timeout on controller";
    let echo = |pattern: &str| {
        Pattern::new(pattern).facts(signature).echo.map(|range| pattern[range].to_owned())
    };
    assert_eq!(
        echo("(ble.*adv.*fail|Bluetooth:\\ HCI\\ advertising\\ timeout\\ on\\ controller)")
            .as_deref(),
        Some("Bluetooth:\\ HCI\\ advertising\\ timeout\\ on\\ controller")
    );
    assert_eq!(
        echo("x|Bluetooth: HCI advertising timeout on contr").as_deref(),
        Some("Bluetooth: HCI advertising timeout on contr")
    );
    assert_eq!(
        echo("Bluetooth: HCI advertising timeout on contr|x").as_deref(),
        Some("Bluetooth: HCI advertising timeout on contr")
    );
    assert_eq!(echo("Bluetooth: HCI advertising timeout|x"), None, "an honest beginning");
    assert_eq!(echo("x|HCI advertising timeout"), None, "a part of the message");
    assert_eq!(
        echo("HCI.*timeout|Bluetooth: HCI advertising timeout on controller"),
        None,
        "not needed to pass"
    );
    assert_eq!(echo("Bluetooth: HCI advertising timeout on controller"), None, "no alternative");
}

proptest! {
    /// Whenever the short way answers, `regex` gives the same answer.
    #[test]
    fn the_short_way_agrees_with_regex(
        pattern in "(\\(\\?[imsUR]\\))?([ks.^$|]|\\[\\^?[a-zé消]\\]|\\\\[wdsbWDSBk.]|\\((k\\|S|s*|k?|\\^|)\\)[*+?]{0,2}|[ks.][*+?]\\??|k\\{1,3\\}|(\\(s\\|k*\\))\\{2,3\\}){1,8}",
        haystack in "[ -~\n]{0,12}|[ksKS_0 ]{0,8}|[ksKSſ\u{212a}é消٣ ]{0,8}",
    ) {
        let read = Pattern::new(&*pattern);
        if read.syntax().is_err() {
            return Ok(());
        }
        for case in [Case::Sensitive, Case::Insensitive] {
            let regex =
                regex::RegexBuilder::new(&pattern).case_insensitive(case == Case::Insensitive).build();
            let walk = read.walk(&haystack, case);
            if let Some((walk, found)) = walk.and_then(|walk| Some((walk, walk.is_match(&haystack)?))) {
                let empty = regex::Regex::new(&pattern).is_ok_and(|regex| regex.is_match(""));
                prop_assert!(walk.may_be_empty() || !empty, "{} matches nothing", pattern);
                let expected = regex.as_ref().map(|regex| regex.is_match(&haystack));
                prop_assert_eq!(Ok(&found), expected.as_ref(), "{} on {:?}", pattern, haystack);
            }
            if let Ok(regex) = regex {
                let full = regex.find(&haystack).map(|found| found.range());
                let found = read.find(&haystack, case).map(|found| found.range);
                prop_assert_eq!(found, full, "{} in {:?}", pattern, haystack);
            }
        }
    }
}
