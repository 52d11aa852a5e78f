//! Facts stay with their item in a merge, and nothing is decided in silence: known answers, and random merges that are
//! held against a ledger of facts.

use errlore::canonical::canonical;
use errlore::entry::Entry;
use errlore::merge::{Markers, merge};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

use crate::edits::Rng;
use crate::generated;
use crate::ledger::Ledger;
use crate::sides::sides;
use crate::support;
use crate::support::corpora::corpora;

/// How many merges are tried of each kind of entry: more by hand, with `MERGE_TRIPLES=10000`.
fn count() -> usize {
    std::env::var("MERGE_TRIPLES").ok().and_then(|count| count.parse().ok()).unwrap_or(600)
}

fn entry(document: &Value) -> Entry {
    serde_json::from_value(document.clone()).expect("an entry")
}

/// A version as it is written.
fn written(document: &Value) -> Value {
    serde_json::from_str(&canonical(&entry(document))).expect("JSON")
}

/// Entries that are made up, the same in each run.
fn made_up() -> Vec<Value> {
    let mut runner = TestRunner::deterministic();
    let strategy = generated::plain();
    let mut make = || strategy.new_tree(&mut runner).expect("an entry").current();
    (0..60).map(|_| serde_json::from_str(&canonical(&make())).expect("JSON")).collect()
}

/// Merges random sides of some entries, both ways round, and gives how many are clean.
#[track_caller]
fn hold(entries: &[Value], seed: u64) -> usize {
    let mut rng = Rng::new(seed);
    let mut clean = 0;
    let (mut wrong, mut failures) = (0, 0);
    let cases = count();
    for case in 0..cases {
        let triple = sides(rng.pick(entries), &mut rng, 1 + case % 6);
        let [base, ours, theirs] = [&triple.base, &triple.ours, &triple.theirs].map(written);
        let versions = [&base, &ours, &theirs].map(entry);
        for (own, other, is_mirrored) in [(1, 2, false), (2, 1, true)] {
            let merged = match merge(Some(&versions[0]), &versions[own], &versions[other]) {
                Ok(merged) => merged,
                Err(failure) => {
                    failures += 1;
                    println!("case {case}: {failure:?}");
                    continue;
                }
            };
            let text = merged.text(&Markers::default());
            let (ours, theirs) = if is_mirrored { (&theirs, &ours) } else { (&ours, &theirs) };
            let ledger = Ledger { base: &base, ours, theirs, text: &text, notes: &merged.notes };
            let wrongs = ledger.wrongs();
            if !wrongs.is_empty() {
                wrong += 1;
                println!("case {case}, mirrored: {is_mirrored}\n{}\n", wrongs.join("\n"));
            }
            clean += usize::from(merged.conflicts.is_empty() && !is_mirrored);
        }
    }
    println!(
        "{cases} merges, {clean} of them clean, {wrong} wrong, {failures} failed verification"
    );
    assert_eq!(wrong, 0);
    // A result that fails is one conflict of the whole file.
    assert_eq!(failures, 0);
    clean
}

/// The entries of each corpus, and with the fixtures some that are made up.
#[test]
fn facts_of_real_and_made_up_entries_stay_where_they_are() {
    for corpus in corpora() {
        let mut entries: Vec<Value> = corpus.documents().iter().map(written).collect();
        if !corpus.is_large() {
            entries.extend(made_up());
        }
        let clean = hold(&entries, if corpus.is_large() { 31 } else { 29 });
        // All conflicts would be no merge.
        assert!(clean > count() / 3, "{}: {clean}", corpus.name);
    }
}

/// What a merge is to come to.
enum Wanted {
    /// A clean merge: what a patch makes of the base.
    Clean(Value),
    /// Conflicts, at these places.
    Conflict(&'static [&'static str]),
}

/// Merges what two patches make of what one makes of the minimal entry, both ways round, by the command.
#[track_caller]
fn known(what: &str, base: &Value, ours: &Value, theirs: &Value, wanted: Wanted) {
    let patched = |patch: &Value| {
        let mut document: Value =
            serde_json::from_str(&support::entry("example/disk-full", base)).expect("JSON");
        errlore::rule::merge_patch(&mut document, patch);
        written(&document)
    };
    let (base, ours, theirs) = (patched(&json!({})), patched(ours), patched(theirs));
    let folder = support::Base::new();
    let run = |ours: &Value, theirs: &Value| {
        for (name, document) in [("base", &base), ("ours", ours), ("theirs", theirs)] {
            folder.write(name, canonical(&entry(document)));
        }
        let output = folder.errlore(&["git", "merge", "base", "ours", "theirs"]).output();
        (output, folder.read("ours"))
    };
    let (output, text) = run(&ours, &theirs);
    let (mirrored, _) = run(&theirs, &ours);
    let conflicts = |output: &support::Output| -> Vec<String> {
        let lines = output.stderr.lines().filter_map(|line| line.split_once(": conflict: "));
        lines
            .map(|(_, line)| line.split([' ', ':']).next().unwrap_or_default().to_owned())
            .collect()
    };
    match wanted {
        Wanted::Clean(patch) => {
            assert_eq!(
                (output.code, mirrored.code),
                (Some(0), Some(0)),
                "{what}: {}",
                output.stderr
            );
            assert_eq!(text, canonical(&entry(&patched(&patch))), "{what}");
        }
        Wanted::Conflict(places) => {
            assert_eq!((output.code, mirrored.code), (Some(1), Some(1)), "{what}: {text}");
            assert_eq!(conflicts(&output), places, "{what}: {}", output.stderr);
            assert_eq!(conflicts(&mirrored).len(), places.len(), "{what}: {}", mirrored.stderr);
        }
    }
    let notes = [];
    let ledger = Ledger { base: &base, ours: &ours, theirs: &theirs, text: &text, notes: &notes };
    assert_eq!(ledger.wrongs(), [""; 0], "{what}");
}

/// Which of two that are the same a side has replaced is not seen where both have.
#[test]
fn of_two_that_are_the_same_nobody_knows_which_was_replaced() {
    let dead_ends = |actions: &[&str]| {
        let item =
            |action: &&str| json!({"action": action, "why_fails": "It stays.", "fail_rate": 0.8});
        json!({"dead_ends": actions.iter().map(item).collect::<Vec<_>>()})
    };
    let base = dead_ends(&["Restart", "Restart", "Wait"]);
    for (what, ours, theirs) in [
        ("another one each", ["Reboot", "Restart", "Wait"], ["Restart", "Log out", "Wait"]),
        ("the same one", ["Reboot", "Restart", "Wait"], ["Log out", "Restart", "Wait"]),
    ] {
        let (ours, theirs) = (dead_ends(&ours), dead_ends(&theirs));
        known(what, &base, &ours, &theirs, Wanted::Conflict(&["/dead_ends"]));
    }
    known(
        "both take one out, and one side changes another item",
        &base,
        &dead_ends(&["Restart", "Wait"]),
        &json!({"dead_ends": [
            {"action": "Restart", "why_fails": "It stays.", "fail_rate": 0.8},
            {"action": "Wait", "why_fails": "It stays.", "fail_rate": 0.9},
        ]}),
        Wanted::Clean(json!({"dead_ends": [
            {"action": "Restart", "why_fails": "It stays.", "fail_rate": 0.8},
            {"action": "Wait", "why_fails": "It stays.", "fail_rate": 0.9},
        ]})),
    );
}

fn version(name: &str, status: &str) -> Value {
    json!({"version": name, "status": status, "introduced": "2022-10"})
}

#[test]
fn what_has_another_name_is_another_item() {
    let versions = |items: &[(&str, &str)]| -> Value {
        json!({"versions": items.iter().map(|(name, status)| version(name, status)).collect::<Vec<_>>()})
    };
    let before = versions(&[("python 3.9", "active"), ("python 3.10", "active")]);
    let removed = versions(&[("python 3.9", "removed"), ("python 3.10", "active")]);
    for ours in [["python 3.13", "python 3.10"], ["python 3.10", "python 3.13"]] {
        let ours = versions(&ours.map(|name| (name, "active")));
        known(
            "removed and added; changed",
            &before,
            &ours,
            &removed,
            Wanted::Conflict(&["/versions/0"]),
        );
        known("removed and added", &before, &ours, &json!({}), Wanted::Clean(ours.clone()));
    }
    known(
        "each drops the same and adds another",
        &before,
        &versions(&[("python 3.10", "active"), ("python 3.13", "active")]),
        &versions(&[("python 3.10", "active"), ("python 3.12", "removed")]),
        Wanted::Clean(versions(&[
            ("python 3.10", "active"),
            ("python 3.13", "active"),
            ("python 3.12", "removed"),
        ])),
    );
    known(
        "names exchanged, and one of them changed",
        &before,
        &versions(&[("python 3.10", "deprecated"), ("python 3.9", "active")]),
        &removed,
        Wanted::Clean(versions(&[("python 3.10", "deprecated"), ("python 3.9", "removed")])),
    );
    known(
        "two of one name",
        &versions(&[("python 3.9", "active"), ("python 3.9", "deprecated")]),
        &versions(&[("python 3.9", "unknown")]),
        &versions(&[("python 3.9", "removed"), ("python 3.9", "deprecated")]),
        Wanted::Conflict(&["/versions"]),
    );

    // Whether a target is only called otherwise now cannot be seen from one entry.
    for (list, key) in [
        ("leads_to", "probability"),
        ("preceded_by", "probability"),
        ("frequently_confused_with", "distinction"),
    ] {
        let links = |items: &[(&str, u8)]| {
            let item = |(id, number): &(&str, u8)| match key {
                "probability" => json!({"error_id": id, key: f64::from(*number) / 10.0}),
                _ => json!({"error_id": id, key: format!("That one has {number}.")}),
            };
            json!({"transition_graph": {list: items.iter().map(item).collect::<Vec<_>>()}})
        };
        let (old, new) = ("linux/too-many-open-files", "linux/too-many-open-files-2");
        known(
            list,
            &links(&[(old, 1), ("linux/oom", 2)]),
            &links(&[(new, 1), ("linux/oom", 2)]),
            &links(&[(old, 3), ("linux/oom", 2)]),
            Wanted::Conflict(match list {
                "leads_to" => &["/transition_graph/leads_to/0"],
                "preceded_by" => &["/transition_graph/preceded_by/0"],
                _ => &["/transition_graph/frequently_confused_with/0"],
            }),
        );
    }
}

fn step(action: &str, how: &str) -> Value {
    json!({"action": action, "success_rate": 0.8, "how": how, "condition": "", "sources": ["https://example.org/a"]})
}

/// What advice is called is its action. A new wording is new advice in the place of the old.
#[test]
fn advice_in_other_words_takes_its_place_or_is_a_conflict() {
    let steps = |items: &[(&str, &str)]| -> Value {
        json!({"workarounds": items.iter().map(|(action, how)| step(action, how)).collect::<Vec<_>>()})
    };
    let (first, last) = (("Raise the limt", "Run `ulimit -n 9`."), ("Wait", "For an hour."));
    let mended = ("Raise the limit", first.1);
    let base = steps(&[first, last]);
    known(
        "reworded",
        &base,
        &steps(&[mended, last]),
        &json!({}),
        Wanted::Clean(steps(&[mended, last])),
    );
    known(
        "reworded; moved",
        &base,
        &steps(&[mended, last]),
        &steps(&[last, first]),
        Wanted::Clean(steps(&[last, mended])),
    );
    known(
        "both reworded alike",
        &base,
        &steps(&[mended, last]),
        &steps(&[mended, ("Wait", "For a day.")]),
        Wanted::Clean(steps(&[mended, ("Wait", "For a day.")])),
    );
    for (what, theirs) in [
        ("changed", steps(&[(first.0, "Run `ulimit -n 7`."), last])),
        ("removed", steps(&[last])),
        ("reworded otherwise", steps(&[("Raise the limits", first.1), last])),
        ("replaced by what is in no way alike", steps(&[("Buy a disk", "In a shop."), last])),
    ] {
        known(what, &base, &steps(&[mended, last]), &theirs, Wanted::Conflict(&["/workarounds/0"]));
    }
    known(
        "both replaced",
        &base,
        &steps(&[("Free the disk", "Run df."), last]),
        &steps(&[("Give it its folder back", "Run chown."), last]),
        Wanted::Conflict(&["/workarounds/0"]),
    );
    known(
        "each takes out what the other left",
        &base,
        &steps(&[first]),
        &steps(&[last]),
        Wanted::Conflict(&["/workarounds"]),
    );
    known(
        "both added it, and spell it otherwise",
        &base,
        &steps(&[first, last, ("Restart it", "")]),
        &steps(&[first, last, ("restart it.", "Now.")]),
        Wanted::Conflict(&["/workarounds/2"]),
    );
    let always = step("Ask", "Somebody.");
    let mut sometimes = always.clone();
    sometimes["condition"] = json!("at night");
    let added =
        |item: &Value| json!({"workarounds": [step(first.0, first.1), step(last.0, last.1), item]});
    known(
        "both added it, and to one it always holds",
        &base,
        &added(&always),
        &added(&sometimes),
        Wanted::Conflict(&["/workarounds/2/condition"]),
    );
}

/// A value that a mixture would make a third of.
#[test]
fn what_is_one_value_is_not_mixed() {
    known(
        "an id that is its own alias",
        &json!({"aliases": ["example/full"]}),
        &json!({"id": "example/no-space"}),
        &json!({"aliases": ["example/full", "example/no-space"]}),
        Wanted::Conflict(&["/aliases", "/id"]),
    );
    let items = |numbers: [u8; 4]| json!({"x-m": numbers});
    known(
        "a list",
        &items([0; 4]),
        &items([0, 1, 0, 0]),
        &items([0, 0, 1, 0]),
        Wanted::Conflict(&["/x-m"]),
    );
    known(
        "one side",
        &items([0; 4]),
        &items([0, 1, 0, 0]),
        &json!({}),
        Wanted::Clean(items([0, 1, 0, 0])),
    );
    let owner = |a: u8, b: u8| json!({"x-owner": {"a": a, "b": [b]}});
    known("an object", &owner(0, 0), &owner(1, 0), &owner(0, 1), Wanted::Conflict(&["/x-owner"]));
    let inside = |numbers: [u8; 2]| {
        let mut item = step("Wait", "For an hour.");
        item["x-m"] = json!(numbers);
        json!({"workarounds": [item]})
    };
    known(
        "in an item",
        &inside([0, 0]),
        &inside([0, 1]),
        &inside([1, 0]),
        Wanted::Conflict(&["/workarounds/0/x-m"]),
    );

    let how = |text: &str| json!({"workarounds": [step("Scale it", text)]});
    known(
        "a command",
        &how("kubectl scale deploy web --replicas=3"),
        &how("kubectl scale deploy api --replicas=3"),
        &how("kubectl scale deploy web --replicas=0"),
        Wanted::Conflict(&["/workarounds/0/how"]),
    );
    let cause = |name: &str, number: u8| json!({"root_cause": format!("Run as `serve {name} --at {number}`, it reads no file at all.")});
    known(
        "code in a text",
        &cause("a", 1),
        &cause("b", 1),
        &cause("a", 2),
        Wanted::Conflict(&["/root_cause"]),
    );
    let system = |name: &str, number: u8| json!({"os_specific": {"linux": format!("gpu={name}; memory={number}")}});
    known(
        "a setting",
        &system("a", 1),
        &system("b", 1),
        &system("a", 2),
        Wanted::Conflict(&["/os_specific/linux"]),
    );
    let condition = |name: &str, number: u8| json!({"dead_ends": [{"action": "Wait", "why_fails": "It stays.", "fail_rate": 0.5, "condition": format!("below {number} on {name}")}]});
    known(
        "a condition",
        &condition("a", 1),
        &condition("b", 1),
        &condition("a", 2),
        Wanted::Conflict(&["/dead_ends/0/condition"]),
    );
    let tags = |tags: &[&str]| json!({"tags": tags});
    known(
        "all tags gone",
        &tags(&["a", "b"]),
        &tags(&["a"]),
        &tags(&["b"]),
        Wanted::Conflict(&["/tags"]),
    );
}

/// What the pattern is to find, and what it is not to find.
#[test]
fn a_pattern_that_misses_the_message_of_the_other_side_is_a_conflict() {
    let message = "write failed: no space left on device";
    let base = json!({"signature": message, "regex": "no space left"});
    for (ours, theirs, places) in [
        (
            json!({"signature": "no space left on disk 3"}),
            json!({"regex": "left on device"}),
            &["/regex", "/signature"],
        ),
        (
            json!({"x-samples": {"match": ["No space left on disk 3"]}}),
            json!({"regex": "left on device"}),
            &["/regex", "/x-samples"],
        ),
        (
            json!({"x-samples": {"no_match": ["quota left on device"]}}),
            json!({"regex": "left on device"}),
            &["/regex", "/x-samples"],
        ),
    ] {
        known("a narrower pattern", &base, &ours, &theirs, Wanted::Conflict(places));
    }
    known(
        "a pattern that still does",
        &base,
        &json!({"signature": "No space left on device: 3"}),
        &json!({"regex": "(?i)no space left on device"}),
        Wanted::Clean(
            json!({"signature": "No space left on device: 3", "regex": "(?i)no space left on device"}),
        ),
    );
}

#[test]
fn the_chinese_stands_beside_its_own_workaround() {
    let steps = |items: &[(&str, &str)]| {
        let texts: Vec<&str> =
            items.iter().map(|item| item.1).filter(|text| !text.is_empty()).collect();
        json!({"workarounds": items.iter().map(|item| step(item.0, item.0)).collect::<Vec<_>>(), "workarounds_zh": texts})
    };
    let (wait, ask, raise) =
        (("Wait", "等待。"), ("Ask", "询问。"), ("Raise the limit", "提高限制。"));
    let plain = ("Buy a disk", "");
    known(
        "what has a text comes first",
        &steps(&[wait, ask]),
        &steps(&[wait, ask, plain]),
        &steps(&[wait, ask, raise]),
        Wanted::Clean(steps(&[wait, ask, raise, plain])),
    );
    known(
        "what is not translated is moved to the front, and something translated is added",
        &steps(&[wait, ("Ask", ""), plain]),
        &steps(&[wait, plain, ("Ask", "")]),
        &steps(&[wait, ask, plain]),
        Wanted::Conflict(&["/workarounds", "/workarounds_zh"]),
    );
    let mut more = steps(&[wait, ask]);
    more["workarounds_zh"] = json!(["等待。", "询问。", "走开。"]);
    let with = |texts: [&str; 3]| json!({"workarounds_zh": texts});
    known(
        "more texts than workarounds",
        &more,
        &with(["等一下。", "询问。", "走开。"]),
        &with(["等待。", "询问。", "走。"]),
        Wanted::Conflict(&["/workarounds_zh"]),
    );
    known(
        "one side takes out a workaround and its text, the other only the text",
        &steps(&[wait, ask, raise]),
        &steps(&[wait, ask]),
        &steps(&[wait, ask, (raise.0, "")]),
        Wanted::Clean(steps(&[wait, ask])),
    );
    known(
        "two edits of one text",
        &steps(&[("Wait", "先运行 a 命令，再运行 b 命令。")]),
        &steps(&[("Wait", "先运行 c 命令，再运行 b 命令。")]),
        &steps(&[("Wait", "先运行 a 命令，再运行 d 命令。")]),
        Wanted::Conflict(&["/workarounds_zh/0"]),
    );
}

#[test]
fn advice_that_contradicts_that_of_the_other_side_is_told() {
    let read = |slug: &str| -> Entry {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        let path = root.join(format!("entries/communication/{slug}.json"));
        serde_json::from_slice(&std::fs::read(path).expect("an entry")).expect("an entry")
    };
    let one = read("websocket-1009-message-too-big");
    let other = read("websocket-close-frame-1009-message-too-large");
    let told = |ours: &Entry, theirs: &Entry| -> Vec<String> {
        let notes = merge(None, ours, theirs).expect("no failure").notes;
        notes.into_iter().filter(|note| note.contains("find out which holds")).collect()
    };
    let [note] = &told(&one, &other)[..] else { panic!("{:?}", told(&one, &other)) };
    assert!(note.starts_with("ours recommends `Use compression"), "{note}");
    assert!(note.contains("theirs calls a dead end `Compress the payload with gzip"), "{note}");
    let [turned] = &told(&other, &one)[..] else { panic!("{:?}", told(&other, &one)) };
    assert!(turned.starts_with("ours calls a dead end `Compress the payload"), "{turned}");
    // What one of them says of itself is not for the merge to tell.
    assert_eq!(told(&one, &one), [""; 0]);
}
