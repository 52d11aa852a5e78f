//! The effects of changed patterns, held against plain matching of everything with everything.

use std::collections::{BTreeMap, BTreeSet};

use errlore::config::Case;
use errlore::corpus::Card;
use errlore::effects::{Comparison, Effect, Example, Messages, Place, Version};
use errlore::entry::EntryId;
use errlore::pattern::{Pattern, Relation};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

/// Two of them are about one error in two environments. With three that change and two lines there are ten
/// messages at most, so that each is shown.
const IDS: [&str; 5] = ["x/a", "x/b", "x/b/windows", "y/c", "z/e"];

/// A pattern and the messages that it is to find.
type Content = (String, Vec<String>);

/// A knowledge base: what each of the ids holds, if it is there.
type Base = Vec<Option<Content>>;

fn cards(base: &Base) -> Vec<Card> {
    let present = IDS.iter().zip(base).filter_map(|(id, content)| Some((id, content.as_ref()?)));
    let card = |(id, (pattern, messages)): (&&str, &Content)| {
        let mut card = Card::default();
        card.id = EntryId::new(*id);
        card.pattern = Pattern::new(&**pattern);
        card.messages.clone_from(messages);
        card
    };
    present.map(card).collect()
}

fn versions(cards: &[Card]) -> Vec<Version<'_>> {
    let versions =
        cards.iter().map(|card| Version { path: card.id.as_str(), card, in_scope: true });
    versions.collect()
}

fn effects(before: &Base, after: &Base, lines: &[String]) -> Vec<Effect> {
    let (before, after) = (cards(before), cards(after));
    let mut comparison = Comparison::new(&versions(&before), &versions(&after), CASE);
    let numbered: Vec<(usize, String)> = (1..).zip(lines.iter().cloned()).collect();
    // In two batches, so that what is equal may stand in both.
    let (one, other) = numbered.split_at(numbered.len() / 2);
    comparison.add_lines("log", one);
    comparison.add_lines("log", other);
    comparison.finish()
}

const CASE: Case = Case::Insensitive;

fn finds(pattern: &str, text: &str) -> bool {
    !pattern.is_empty()
        && regex::RegexBuilder::new(pattern)
            .case_insensitive(true)
            .build()
            .is_ok_and(|regex| regex.is_match(text))
}

/// The entries that answer for a message.
fn answers(base: &Base, text: &str) -> Vec<usize> {
    let finds = |entry: &usize| base[*entry].as_ref().is_some_and(|(regex, _)| finds(regex, text));
    (0..IDS.len()).filter(finds).collect()
}

fn pattern(base: &Base, entry: usize) -> &str {
    base[entry].as_ref().map_or("", |(pattern, _)| pattern)
}

fn are_rivals(a: usize, b: usize) -> bool {
    !EntryId::new(IDS[a]).is_variant_of(&EntryId::new(IDS[b]))
}

fn errors(answers: &[usize]) -> usize {
    let errors: BTreeSet<_> =
        answers.iter().map(|entry| IDS[*entry].split('/').take(2).collect::<Vec<_>>()).collect();
    errors.len()
}

/// Whether one entry comes before another in a look-up.
fn comes_before(base: &Base, one: usize, other: usize, text: &str) -> bool {
    let [one, other] = [one, other].map(|entry| Pattern::new(pattern(base, entry)));
    let (a, b) = (one.specificity(text, CASE), other.specificity(text, CASE));
    a > b || a == b && other.overlap(&one, CASE).relation == Relation::Contains
}

/// The entries that nobody comes before.
fn first(base: &Base, text: &str) -> Vec<usize> {
    let all = answers(base, text);
    let is_first =
        |entry: &usize| !all.iter().any(|other| comes_before(base, *other, *entry, text));
    all.iter().copied().filter(is_first).collect()
}

/// Whether a rival is named before an entry.
fn is_shadowed(base: &Base, entry: usize, text: &str) -> bool {
    let all = answers(base, text);
    let own = all.contains(&entry);
    all.into_iter()
        .any(|other| are_rivals(other, entry) && (!own || comes_before(base, other, entry, text)))
}

/// The messages of one entry in two states, each once, and whether it has it still.
fn messages<'b>(before: &'b Base, after: &'b Base, entry: usize) -> BTreeMap<&'b str, bool> {
    let of = |base: &'b Base| base[entry].iter().flat_map(|(_, messages)| messages);
    let former = of(before).map(|text| (text.as_str(), false));
    former.chain(of(after).map(|text| (text.as_str(), true))).collect()
}

/// All messages of two states: whose, the text, and whether it has it still.
fn all_messages<'b>(before: &'b Base, after: &'b Base) -> Vec<(usize, &'b str, bool)> {
    let of = |entry| {
        messages(before, after, entry).into_iter().map(move |(text, now)| (entry, text, now))
    };
    (0..IDS.len()).flat_map(of).collect()
}

fn number(id: &str) -> usize {
    IDS.iter().position(|known| *known == id).expect("a known id")
}

/// Whose message an example is, and its text; `None` for a line.
fn told(example: &Example) -> (Option<usize>, &str) {
    match &example.place {
        Place::Entry { id, .. } => (Some(number(id)), &example.text),
        Place::Line { .. } => (None, &example.text),
    }
}

fn listed(messages: &Messages) -> BTreeSet<(Option<usize>, &str)> {
    assert!(messages.count <= 10 && messages.count == messages.examples.len(), "{messages:?}");
    let listed: BTreeSet<_> = messages.examples.iter().map(told).collect();
    assert_eq!(listed.len(), messages.count, "each is there once: {messages:?}");
    listed
}

/// What one pattern finds that another does not find, among messages and lines.
fn found_only<'t>(
    one: &str,
    other: &str,
    messages: &[(usize, &'t str, bool)],
    lines: &'t [String],
) -> BTreeSet<(Option<usize>, &'t str)> {
    let of_base = messages.iter().map(|(entry, text, _)| (Some(*entry), *text));
    let all = of_base.chain(lines.iter().map(|line| (None, line.as_str())));
    all.filter(|(_, text)| finds(one, text) && !finds(other, text)).collect()
}

const PIECES: &[&str] =
    &["error", "disk", "full", "磁盘", ".*", r"\d+", "(a|bc)", "[^x]", "x?", " ", "K", "^", "["];
const WORDS: &[&str] = &["error", "DISK", "full", "磁盘", "a", "bc", "x", "7", " ", "\u{212a}"];

fn text_of(pieces: &'static [&'static str], most: usize) -> impl Strategy<Value = String> {
    prop::collection::vec(select(pieces), 0..=most).prop_map(|pieces| pieces.concat())
}

fn content() -> impl Strategy<Value = Content> {
    (text_of(PIECES, 3), prop::collection::vec(text_of(WORDS, 3), 1..=1))
}

fn base() -> impl Strategy<Value = Base> {
    prop::collection::vec(prop::option::weighted(0.8, content()), IDS.len())
}

/// A state and the next: some of the entries are other, new or gone; of others the pattern alone is other.
fn states() -> impl Strategy<Value = (Base, Base)> {
    let which = subsequence((0..IDS.len()).collect::<Vec<_>>(), 0..=3);
    (base(), base(), which, any::<bool>()).prop_map(|(before, next, which, keeps_messages)| {
        let mut after = before.clone();
        for entry in which {
            after[entry].clone_from(&next[entry]);
            if let (Some((_, was)), Some((_, is)), true) =
                (&before[entry], &mut after[entry], keeps_messages)
            {
                is.clone_from(was);
            }
        }
        (before, after)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn they_are_what_looking_at_everything_gives(
        (before, after) in states(),
        lines in prop::collection::vec(text_of(WORDS, 2), 0..3),
    ) {
        let found = effects(&before, &after, &lines);
        let all = all_messages(&before, &after);
        let (mut shadowed, mut ambiguous) = (BTreeSet::new(), BTreeSet::new());
        let mut changed = Vec::new();
        for effect in &found {
            let entry = number(&effect.entry);
            changed.push(entry);
            let (old, new) = (pattern(&before, entry), pattern(&after, entry));
            prop_assert_ne!(old, new);
            let mut gained = found_only(new, old, &all, &lines);
            let mut lost = found_only(old, new, &all, &lines);
            if before[entry].is_none() {
                gained.retain(|(owner, _)| *owner != Some(entry));
            }
            if after[entry].is_none() {
                lost.retain(|(_, text)| answers(&after, text).is_empty());
            }
            prop_assert_eq!(listed(&effect.newly_matched), gained);
            prop_assert_eq!(listed(&effect.no_longer_matched), lost);
            shadowed.extend(listed(&effect.newly_shadowed));
            ambiguous.extend(listed(&effect.newly_ambiguous));
        }
        changed.sort_unstable();
        let differ = |entry: &usize| pattern(&before, *entry) != pattern(&after, *entry);
        prop_assert_eq!(changed, (0..IDS.len()).filter(differ).collect::<Vec<_>>());

        let mut expected = BTreeSet::new();
        for entry in 0..IDS.len() {
            let (Some((_, was)), Some((_, is))) = (&before[entry], &after[entry]) else { continue };
            if answers(&before, &was[0]).contains(&entry)
                && !is_shadowed(&before, entry, &was[0])
                && is_shadowed(&after, entry, &is[0])
                // Another wording that no changed pattern has to do with is no effect of a pattern.
                && (0..IDS.len()).filter(differ).any(|other| {
                    [&was[0], &is[0]].iter().any(|text| {
                        finds(pattern(&before, other), text) || finds(pattern(&after, other), text)
                    })
                })
            {
                expected.insert((Some(entry), is[0].as_str()));
            }
        }
        // A signature that was reworded may be shadowed by what did not change.
        let reworded = |(entry, _): &(Option<usize>, &str)| {
            entry.is_some_and(|entry| before[entry].as_ref().map(|c| &c.1) != after[entry].as_ref().map(|c| &c.1))
        };
        prop_assert!(shadowed.is_subset(&expected), "{shadowed:?} {expected:?}");
        expected.retain(|place| !reworded(place));
        shadowed.retain(|place| !reworded(place));
        prop_assert_eq!(shadowed, expected);

        let mut expected = BTreeSet::new();
        for (entry, text, is_now) in &all {
            let (was, is) = (answers(&before, text), answers(&after, text));
            let tied = |base: &Base| errors(&first(base, text)) > 1;
            let doubled = errors(&was) <= 1 && errors(&is) > 1;
            if *is_now && (doubled || errors(&was) > 1 && tied(&after) && !tied(&before)) {
                expected.insert((Some(*entry), *text));
            }
        }
        for line in &lines {
            if errors(&answers(&before, line)) <= 1 && errors(&answers(&after, line)) > 1 {
                expected.insert((None, line));
            }
        }
        prop_assert_eq!(ambiguous, expected);
    }

    #[test]
    fn a_change_and_its_undoing_are_mirror_images(
        (before, after) in states(),
        lines in prop::collection::vec(text_of(WORDS, 2), 0..3),
    ) {
        prop_assert_eq!(effects(&before, &before, &lines), []);
        let (there, back) = (effects(&before, &after, &lines), effects(&after, &before, &lines));
        prop_assert_eq!(there.len(), back.len());
        for one in there {
            let other = back.iter().find(|other| other.entry == one.entry).expect("it changes back");
            prop_assert_eq!(&one.before, &other.after);
            // What is there in one state only has rules of its own.
            let entry = number(&one.entry);
            if before[entry].is_some() && after[entry].is_some() {
                prop_assert_eq!(listed(&one.newly_matched), listed(&other.no_longer_matched));
                prop_assert_eq!(listed(&one.no_longer_matched), listed(&other.newly_matched));
            }
        }
    }
}

#[test]
fn equal_lines_count_once_and_few_are_kept() {
    let of = |pattern: &str| vec![Some((pattern.to_owned(), vec!["error 1".to_owned()]))];
    let mut lines: Vec<String> = (0..50).map(|number| format!("error {}", number % 25)).collect();
    lines.push("error 3".to_owned());
    let found = effects(&of(r"error \d"), &of("error 1$"), &lines);
    let lost = &found[0].no_longer_matched;
    assert_eq!((lost.count, lost.lines, lost.examples.len()), (24, 49, 10));
    let third = lost.examples.iter().find(|example| example.text == "error 3").expect("the third");
    let place = Place::Line { file: "log".to_owned(), line: 4, times: 3 };
    assert_eq!(third.place, place);
}
