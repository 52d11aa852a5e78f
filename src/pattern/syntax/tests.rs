//! What a tree says of where its pieces stand.

use proptest::prelude::*;

use super::*;

fn widest(pattern: &str) -> Node {
    parse(pattern, Reading::Widest).expect("a pattern")
}

/// Each piece stands within the one that holds it, after the one before it.
fn check_places(node: &Node, text: &str) {
    assert!(text.get(node.span.clone()).is_some(), "{:?} in {text:?}", node.span);
    let parts: Vec<&Node> = match &node.kind {
        Kind::Concat(parts) | Kind::Alternation(parts) => parts.iter().collect(),
        Kind::Group(group) => vec![&group.body],
        Kind::Repeat(repeat) => vec![&repeat.body],
        _ => vec![],
    };
    let mut last = node.span.start;
    for part in parts {
        assert!(part.span.start <= part.span.end && part.span.end <= node.span.end, "{text:?}");
        // A comment before a quantifier stands within what the quantifier makes.
        if part.kind != Kind::Comment && !matches!(part.kind, Kind::Repeat(_) | Kind::Empty) {
            assert!(last <= part.span.start, "{text:?}");
            last = part.span.end;
        }
        check_places(part, text);
    }
}

#[test]
fn pieces_are_what_they_mean_where_they_mean_most() {
    let Kind::Concat(parts) = widest(r"a\h(?<n>b|c)++\x{41}").kind else { panic!("a sequence") };
    assert_eq!(parts.len(), 4);
    assert_eq!(parts[1], Node::new(Kind::Shorthand('h'), 1..3));
    let Kind::Repeat(repeat) = &parts[2].kind else { panic!("a repetition") };
    assert_eq!((repeat.min, repeat.max, repeat.greed), (1, None, Greed::Possessive));
    let Kind::Group(group) = &repeat.body.kind else { panic!("a group") };
    assert_eq!(group.kind, GroupKind::Named(NameStyle::Angle, 6..7));
    assert!(matches!(group.body.kind, Kind::Alternation(_)));
    let code = Char { code: 0x41, spelling: Spelling::HexBraced };
    assert_eq!(parts[3], Node::new(Kind::Char(code), 14..20));
}

#[test]
fn one_text_is_read_as_each_engine_reads_it() {
    let class = |reading| match parse("[a[b]]", reading).expect("a pattern").kind {
        Kind::Class(class) => class.items.len(),
        Kind::Concat(parts) => 10 + parts.len(),
        other => panic!("{other:?}"),
    };
    assert_eq!(class(Reading::Of(Engine::Rust)), 2);
    assert_eq!(class(Reading::Of(Engine::Python)), 12);
    let quantified = |engine| {
        matches!(parse("a{,3}", Reading::Of(engine)).expect("a pattern").kind, Kind::Repeat(_))
    };
    assert!(quantified(Engine::Python) && !quantified(Engine::JavaScript));
}

#[test]
fn depth_is_bounded() {
    for (open, close) in [("(", ")"), ("[", "]"), ("(?:(?>", "))"), ("(?((", ")")] {
        let deep = open.repeat(10_000) + "a" + &close.repeat(10_000);
        assert!(parse(&deep, Reading::Of(Engine::Java)).is_err());
    }
    assert!(parse(&format!("a{}", "*".repeat(10_000)), Reading::Widest).is_err());
    assert!(parse(&("(".repeat(250) + &")".repeat(250)), Reading::Widest).is_ok());
}

proptest! {
    #[test]
    fn places_are_right_for_any_text(text in "[-a\\\\xu{}()\\[\\]?*+|^$<>:=!#&~PQEpkg0-9 é]{0,24}") {
        for reading in Engine::ALL.map(Reading::Of).into_iter().chain([Reading::Widest]) {
            match parse(&text, reading) {
                Ok(tree) => check_places(&tree, &text),
                Err(error) => prop_assert!(text.get(error.span.clone()).is_some()),
            }
        }
    }
}
