//! Three-way merge: laws over entries that are made up and over real ones, and a ledger of what each side
//! put in and took out.

use errlore::canonical::canonical;
use errlore::diff::document;
use errlore::entry::Entry;
use errlore::merge::{Markers, Merged, Side, merge};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::edits;
use crate::generated;
use crate::support;
use crate::support::corpora::corpora;
use crate::triples::{LISTS, Losses, Triple, Triples};

fn entry(document: &Value) -> Entry {
    serde_json::from_value(document.clone()).expect("an entry")
}

/// Merges; the result passes verification.
#[track_caller]
fn merged(base: Option<&Entry>, ours: &Entry, theirs: &Entry) -> Merged {
    merge(base, ours, theirs).unwrap_or_else(|failure| {
        panic!(
            "{failure:?}\n{:#?}\n{}\n{}",
            base.map(canonical),
            canonical(ours),
            canonical(theirs)
        )
    })
}

/// The text of a merge that must be without conflicts.
#[track_caller]
fn clean(base: &Entry, ours: &Entry, theirs: &Entry) -> String {
    let merged = merged(Some(base), ours, theirs);
    assert_eq!(merged.conflicts, []);
    merged.text(&Markers::default())
}

fn laws(base: &Entry, side: &Entry) {
    assert_eq!(clean(base, side, base), canonical(side));
    assert_eq!(clean(base, base, side), canonical(side));
    assert_eq!(clean(base, side, side), canonical(side));
    let anew = merged(None, side, side);
    assert_eq!(anew.text(&Markers::default()), canonical(side));
}

/// With a side chosen in every conflict the text is that entry.
fn choices(merged: &Merged) {
    let text = merged.text(&Markers::default());
    for side in [Side::Ours, Side::Theirs] {
        assert_eq!(chosen(&text, side), canonical(&merged.entry(side)), "{side:?}: {text}");
    }
}

/// The text with one side chosen in every conflict, as an editor does it.
fn chosen(text: &str, side: Side) -> String {
    let mut part = None;
    let mut out = String::new();
    for line in text.lines() {
        match (part, line.get(..7).unwrap_or_default()) {
            (None, "<<<<<<<") => part = Some(Side::Ours),
            (Some(Side::Ours), "|||||||") => part = Some(Side::Base),
            (Some(Side::Base), "=======") => part = Some(Side::Theirs),
            (Some(Side::Theirs), ">>>>>>>") => part = None,
            _ if part.is_none_or(|part| part == side) => out += &format!("{line}\n"),
            _ => {}
        }
    }
    out
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, ..ProptestConfig::default() })]

    #[test]
    fn a_side_and_the_base_give_the_side(base in generated::hostile(), side in generated::hostile()) {
        laws(&base, &side);
    }

    #[test]
    fn whatever_is_merged_each_side_can_be_chosen(
        base in prop::option::of(generated::hostile()),
        ours in generated::hostile(),
        theirs in generated::plain(),
    ) {
        // A result that fails goes no further.
        for (ours, theirs) in [(&ours, &theirs), (&theirs, &ours)] {
            if let Ok(merged) = merge(base.as_ref(), ours, theirs) {
                choices(&merged);
            }
        }
    }
}

/// Keys that belong together are merged together.
fn group(key: &str) -> &str {
    match key {
        "workarounds_zh" => "workarounds",
        // No entry is an alias of itself, and a pattern finds its messages.
        "aliases" => "id",
        "regex" | "x-samples" => "signature",
        key => key,
    }
}

/// What two sides changed in different fields is all there, and nothing else is.
fn fields_apart(base: &Entry, ours: &Entry, theirs: &Entry, choice: u64) {
    let (base, ours, theirs) = (document(base), document(ours), document(theirs));
    let mut versions = [base.clone(), base.clone(), base.clone()];
    let mut keys: Vec<&String> = [&base, &ours, &theirs]
        .into_iter()
        .flat_map(|document| document.as_object().expect("an object").keys())
        .collect();
    keys.sort();
    keys.dedup();
    let mut groups: Vec<&str> = keys.iter().map(|key| group(key)).collect();
    groups.dedup();
    for key in keys {
        let place = groups.iter().position(|own| *own == group(key)).expect("a group");
        let is_ours = choice >> (place % 64) & 1 == 0;
        let from = if is_ours { &ours } else { &theirs };
        for side in [usize::from(!is_ours), 2] {
            let members = versions[side].as_object_mut().expect("an object");
            match from.get(key) {
                Some(value) => _ = members.insert(key.clone(), value.clone()),
                None => _ = members.remove(key),
            }
        }
    }
    let [ours, theirs, wanted] = versions.each_ref().map(entry);
    assert_eq!(clean(&entry(&base), &ours, &theirs), canonical(&wanted));
    assert_eq!(clean(&entry(&base), &theirs, &ours), canonical(&wanted));
}

/// Whatever one side made of a list, and one item that the other added: take that out again, and it is the
/// list of the one side.
fn one_more(base: &Entry, side: &Entry, place: usize) {
    let with_list = |from: &Entry| Entry { dead_ends: from.dead_ends.clone(), ..base.clone() };
    let mut other = base.clone();
    let item = errlore::entry::DeadEnd {
        action: "Xylophone 42".to_owned(),
        why_fails: "Zzz".to_owned(),
        ..errlore::entry::DeadEnd::default()
    };
    other.dead_ends.insert(place % (base.dead_ends.len() + 1), item.clone());
    let side = with_list(side);
    for (ours, theirs) in [(&side, &other), (&other, &side)] {
        let merged = merged(Some(base), ours, theirs);
        assert_eq!(merged.conflicts, []);
        let mut entry = merged.entry(Side::Ours);
        let place = entry.dead_ends.iter().position(|own| *own == item).expect("it is there");
        entry.dead_ends.remove(place);
        assert_eq!(canonical(&entry), canonical(&side));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, ..ProptestConfig::default() })]

    #[test]
    fn what_does_not_overlap_is_all_there(
        (base, ours, theirs) in (generated::hostile(), generated::hostile(), generated::plain()),
        choice in any::<u64>(),
        place in 0_usize..4,
    ) {
        fields_apart(&base, &ours, &theirs, choice);
        one_more(&base, &ours, place);
    }
}

#[test]
fn what_does_not_overlap_in_real_entries_is_all_there() {
    for corpus in corpora() {
        let entries = corpus.documents();
        let mut rng = edits::Rng::new(5);
        let edits = edits::Edits::new(&entries);
        for _ in 0..corpus.tries(100) {
            let base = rng.pick(&entries);
            let (ours, theirs) = (edits.edited(base, &mut rng).0, edits.edited(base, &mut rng).0);
            let choice = rng.below(usize::MAX) as u64;
            fields_apart(&entry(base), &entry(&ours), &entry(&theirs), choice);
            one_more(&entry(base), &entry(&ours), rng.below(4));
        }
    }
}

#[test]
fn real_entries_keep_the_laws() {
    for corpus in corpora() {
        let entries = corpus.documents();
        let mut rng = edits::Rng::new(3);
        for _ in 0..corpus.tries(150) {
            let (base, side) = (entry(rng.pick(&entries)), entry(rng.pick(&entries)));
            laws(&base, &side);
        }
    }
}

/// How many triples are tried: more by hand, with `MERGE_TRIPLES=10000`.
fn count() -> usize {
    std::env::var("MERGE_TRIPLES").ok().and_then(|count| count.parse().ok()).unwrap_or(300)
}

#[test]
fn nothing_that_a_side_did_is_lost_without_a_conflict() {
    for corpus in corpora() {
        let entries = corpus.documents();
        let mut triples = Triples::new(&entries, 11, 6);
        let (mut conflicts, mut clean) = (0, 0);
        for _ in 0..corpus.tries(count()) {
            let triple = triples.next();
            let versions = [&triple.base, &triple.ours, &triple.theirs].map(entry);
            let merged = merged(Some(&versions[0]), &versions[1], &versions[2]);
            let text = merged.text(&Markers::default());
            choices(&merged);
            assert_eq!(triple.losses(&text), Losses::default(), "{}", shown(&triple, &text));
            if merged.conflicts.is_empty() {
                clean += 1;
            } else {
                conflicts += 1;
            }
            let mirrored = merge(Some(&versions[0]), &versions[2], &versions[1]).expect("a merge");
            assert_eq!(
                mirrored.conflicts.len(),
                merged.conflicts.len(),
                "{}",
                shown(&triple, &text)
            );
            if merged.conflicts.is_empty() {
                let other = mirrored.text(&Markers::default());
                assert_eq!(sorted(&text), sorted(&other), "{}", shown(&triple, &text));
            }
        }
        println!("{clean} triples without a conflict, {conflicts} with");
        assert!(clean > 0 && conflicts > 0);
    }
}

fn shown(triple: &Triple, text: &str) -> String {
    format!("{:#}\n{:#}\n{:#}\n{text}", triple.base, triple.ours, triple.theirs)
}

/// A document with its lists in an order of their own.
fn sorted(text: &str) -> Value {
    let mut document: Value = serde_json::from_str(text).expect("JSON");
    for list in LISTS.iter().map(|(list, ..)| *list).chain(["workarounds_zh"]) {
        let items = document[list].as_array_mut().expect("a list");
        items.sort_by_key(ToString::to_string);
    }
    document
}

/// The minimal entry with some items, and what a patch makes of it.
fn with(patch: &Value) -> Entry {
    let step = |action: &str, rate: f64| json!({"action": action, "success_rate": rate, "how": format!("{action} now."), "condition": "", "sources": []});
    let end = |action: &str| json!({"action": action, "why_fails": format!("Nothing comes of \"{action}\"."), "fail_rate": 0.9, "condition": "", "sources": []});
    let lists = json!({
        "workarounds": [step("Raise the limit", 0.8), step("Split the message", 0.7), step("Compress the file", 0.6)],
        "dead_ends": [end("Restart the client"), end("Clear the cache"), end("Wait for an hour")],
        "root_cause": "The server takes messages of at most 64 kB, and closes the connection on a longer one.",
        "tags": ["disk", "network"], "confidence": 0.8, "fix_success_rate": 0.7,
        "first_seen": "2024-03-01", "last_confirmed": "2024-04-01", "last_updated": "2024-04-01",
    });
    let mut lists = lists;
    errlore::rule::merge_patch(&mut lists, patch);
    let text = support::entry("example/disk-full", &lists);
    serde_json::from_str(&text).expect("an entry")
}

/// An entry whose lists are edited.
fn edited(edit: impl FnOnce(&mut Entry)) -> Entry {
    let mut entry = with(&json!({}));
    edit(&mut entry);
    entry
}

/// What git makes of three texts, line by line.
fn by_lines(texts: [&str; 3]) -> (String, bool) {
    let base = support::Base::new();
    let names = ["ours", "base", "theirs"];
    for (name, text) in names.iter().zip(texts) {
        base.write(name, text);
    }
    let output = base.git_run(&["merge-file", "-p", "--diff3"]).args(&names).output();
    (output.stdout, output.code == Some(0))
}

/// What git does line by line with what is merged here without a conflict.
#[derive(Debug, PartialEq)]
enum ByLines {
    /// It finds a conflict.
    Conflict,
    /// It finds none, and something stands there twice.
    Twice(&'static str),
}

/// Known answers: what line by line cannot be merged, or is merged wrongly.
#[test]
fn what_git_cannot_merge_line_by_line() {
    let base = edited(|_| {});
    let add = |place: usize, action: &'static str| {
        edited(|entry| {
            let mut step = entry.workarounds[0].clone();
            step.action = action.to_owned();
            step.how = format!("{action}, in the settings of the proxy.");
            entry.workarounds.insert(place, step);
        })
    };
    let add_end = |place: usize| {
        edited(|entry| {
            let mut end = entry.dead_ends[0].clone();
            end.action = "Open the port".to_owned();
            end.why_fails = "It is open.".to_owned();
            entry.dead_ends.insert(place, end);
        })
    };
    let tag = |tag: &'static str| edited(|entry| entry.tags.push(tag.to_owned()));
    for (what, ours, theirs, wanted, git) in [
        (
            "a swap, and a rate in it",
            edited(|entry| entry.workarounds.swap(0, 1)),
            edited(|entry| entry.workarounds[0].success_rate = 0.5),
            edited(|entry| {
                entry.workarounds[0].success_rate = 0.5;
                entry.workarounds.swap(0, 1);
            }),
            ByLines::Conflict,
        ),
        (
            "lines beside each other",
            edited(|entry| entry.confidence = 0.5),
            edited(|entry| entry.fix_success_rate = 0.5),
            edited(|entry| (entry.confidence, entry.fix_success_rate) = (0.5, 0.5)),
            ByLines::Conflict,
        ),
        (
            "a workaround added by each",
            add(3, "Use the proxy"),
            add(3, "Send a link"),
            edited(|entry| {
                let [ours, theirs] = [add(3, "Use the proxy"), add(3, "Send a link")];
                entry.workarounds.push(ours.workarounds[3].clone());
                entry.workarounds.push(theirs.workarounds[3].clone());
            }),
            ByLines::Conflict,
        ),
        (
            "a tag added by each",
            tag("proxy"),
            tag("zeta"),
            edited(|entry| entry.tags.extend(["proxy", "zeta"].map(str::to_owned))),
            ByLines::Conflict,
        ),
        (
            "a dead end added by both, at different places",
            add_end(1),
            add_end(3),
            add_end(1),
            ByLines::Twice("Open the port"),
        ),
        (
            "words of one text",
            edited(|entry| entry.root_cause = entry.root_cause.replace("64 kB", "1 MB")),
            edited(|entry| entry.root_cause = entry.root_cause.replace("connection", "socket")),
            edited(|entry| {
                entry.root_cause =
                    entry.root_cause.replace("64 kB", "1 MB").replace("connection", "socket");
            }),
            ByLines::Conflict,
        ),
        (
            "dates bumped by both",
            edited(|entry| entry.last_updated = "2025-01-01".parse().ok()),
            edited(|entry| entry.last_updated = "2025-03-01".parse().ok()),
            edited(|entry| entry.last_updated = "2025-03-01".parse().ok()),
            ByLines::Conflict,
        ),
    ] {
        assert_eq!(clean(&base, &ours, &theirs), canonical(&wanted), "{what}");
        let texts = [&ours, &base, &theirs].map(canonical);
        let (text, is_clean) = by_lines(texts.each_ref().map(String::as_str));
        match git {
            ByLines::Conflict => assert!(!is_clean, "{what}: git is better than it was: {text}"),
            ByLines::Twice(part) => {
                let action = format!("\"action\": \"{part}\"");
                assert!(is_clean && text.matches(&action).count() == 2, "{what}: {text}");
            }
        }
    }
}

/// A conflict as its pointer and what ours, base and theirs say, and the lines between the markers.
fn only_conflict(base: &Entry, ours: &Entry, theirs: &Entry) -> (String, String) {
    let merged = merged(Some(base), ours, theirs);
    choices(&merged);
    let text = merged.text(&Markers::default());
    let start = text.find("<<<<<<<").unwrap_or_else(|| panic!("no conflict: {text}"));
    let end = text.rfind(">>>>>>>").expect("an end");
    (merged.explain().join("\n"), text[start..end].to_owned())
}

#[test]
fn what_is_a_conflict_and_how_it_is_shown() {
    let base = edited(|_| {});
    let (said, shown) = only_conflict(
        &base,
        &edited(|entry| entry.confidence = 0.5),
        &edited(|entry| entry.confidence = 0.6),
    );
    assert_eq!(said, "/confidence: `0.5` in ours, `0.6` in theirs, `0.8` before");
    assert_eq!(
        shown,
        "<<<<<<< ours\n  \"confidence\": 0.5,\n||||||| base\n  \"confidence\": 0.8,\n=======\n  \"confidence\": 0.6,\n"
    );

    // Removed by one, rated anew by the other.
    let (said, shown) = only_conflict(
        &base,
        &edited(|entry| _ = entry.workarounds.remove(1)),
        &edited(|entry| entry.workarounds[1].success_rate = 0.1),
    );
    assert_eq!(said, "/workarounds/1 (`Split the message`): removed by ours, changed by theirs");
    assert!(shown.starts_with("<<<<<<< ours\n||||||| base\n    {\n"), "{shown}");
    assert!(shown.ends_with("\"sources\": []\n    },\n"), "{shown}");

    // Of the last item, the bracket before it goes with it.
    let (_, shown) = only_conflict(
        &base,
        &edited(|entry| _ = entry.workarounds.pop()),
        &edited(|entry| entry.workarounds[2].success_rate = 0.1),
    );
    assert!(shown.starts_with("<<<<<<< ours\n    }\n||||||| base\n    },\n    {\n"), "{shown}");

    // The same words, a pattern, days that go back, all dead ends gone between them.
    for (pointer, ours, theirs) in [
        (
            "/root_cause",
            edited(|entry| entry.root_cause = entry.root_cause.replace("64 kB", "1 MB")),
            edited(|entry| entry.root_cause = entry.root_cause.replace("64 kB", "2 MB")),
        ),
        (
            "/regex",
            edited(|entry| entry.regex = "no space left on (the )?device".to_owned()),
            edited(|entry| entry.regex = "[Nn]o space left on device".to_owned()),
        ),
        (
            "/signature",
            edited(|entry| entry.signature = format!("error: {}", entry.signature)),
            edited(|entry| entry.signature = format!("{}.", entry.signature)),
        ),
        (
            "/last_updated",
            edited(|entry| entry.last_updated = "2024-03-10".parse().ok()),
            edited(|entry| entry.last_updated = "2025-03-10".parse().ok()),
        ),
        (
            "/first_seen",
            edited(|entry| entry.first_seen = "2024-01-10".parse().ok()),
            edited(|entry| entry.first_seen = "2024-03-10".parse().ok()),
        ),
        (
            "/dead_ends",
            edited(|entry| entry.dead_ends.truncate(1)),
            edited(|entry| _ = entry.dead_ends.remove(0)),
        ),
    ] {
        let merged = merged(Some(&base), &ours, &theirs);
        if pointer == "/dead_ends" {
            // What each has left the other has taken out.
            let ours = edited(|entry| _ = entry.dead_ends.drain(..2));
            let theirs = edited(|entry| entry.dead_ends.truncate(2));
            let merged = self::merged(Some(&base), &ours, &theirs);
            assert_eq!(merged.conflicts[0].pointer.as_str(), "/dead_ends");
            continue;
        }
        let pointers: Vec<&str> =
            merged.conflicts.iter().map(|conflict| conflict.pointer.as_str()).collect();
        assert_eq!(pointers, [pointer]);
        choices(&merged);
    }
    // Both have found that it was seen before.
    let earlier = |day: &str| edited(|entry| entry.first_seen = day.parse().ok());
    assert_eq!(
        clean(&base, &earlier("2023-01-01"), &earlier("2022-01-01")),
        canonical(&earlier("2022-01-01"))
    );
}

#[test]
fn what_is_new_on_both_sides() {
    let (ours, theirs) =
        (with(&json!({"signature_zh": "磁盘已满"})), with(&json!({"confidence": 0.5})));
    let merged = merged(None, &ours, &theirs);
    let pointers: Vec<&str> =
        merged.conflicts.iter().map(|conflict| conflict.pointer.as_str()).collect();
    assert_eq!(pointers, ["/confidence"]);
    let text = merged.text(&Markers::default());
    assert!(text.contains("||||||| base\n=======\n"), "there is no base: {text}");
    assert!(text.contains("\"signature_zh\": \"磁盘已满\""), "{text}");

    // Two versions of one name are one, and what they say of it differs.
    let version =
        |status: &str| with(&json!({"versions": [{"version": "nginx 1.24", "status": status}]}));
    let base = with(&json!({}));
    let named = self::merged(Some(&base), &version("active"), &version("removed"));
    assert_eq!(named.conflicts[0].pointer.as_str(), "/versions/0/status");
    let others = [
        version("active"),
        with(&json!({"versions": [{"version": "nginx 1.25", "status": "active"}]})),
    ];
    let both = self::merged(Some(&base), &others[0], &others[1]);
    assert_eq!((both.conflicts.len(), both.entry(Side::Ours).versions.len()), (0, 2));
}
