//! The documentation of each rule is true: what it calls bad raises the rule and no other, what it
//! calls good raises nothing, and a safe fix silences its rule without raising another.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use errlore::canonical::canonical;
use errlore::check::add_reading;
use errlore::check::{Selection, Settings, check};
use errlore::config::{Case, Config};
use errlore::corpus::{InputFile, Inputs};
use errlore::diagnostic::Applicability;
use errlore::diagnostic::Level;
use errlore::entry::Entry;
use errlore::normalize::{self, detect};
use errlore::pattern::Engine;
use errlore::report::Report;
use errlore::rule::{Answer, Check, EngineAnswers, MINIMAL_ENTRY, Question, Rule, merge_patch};
use errlore::rules;
use errlore::source::Source;

use crate::support;

const TODAY: Option<NaiveDate> = NaiveDate::from_ymd_opt(2026, 1, 1);

/// Every rule runs, also one that is off by default.
fn everything() -> Config {
    let off = rules::all().iter().filter(|rule| rule.level == Level::Off);
    Config {
        rules: off.map(|rule| (rule.id.to_owned(), Level::Note)).collect(),
        ..Config::default()
    }
}

fn run(inputs: &Inputs) -> Report {
    let config = everything();
    let today = TODAY.expect("a real day");
    check(inputs, Settings { config: &config, today, selection: Selection::All, engines: None })
}

/// The files that an example of a rule stands for: merge patches on the minimal entry, each at its own path. Where a
/// rule is about a change, the first is an older version: of an entry that is there, or of one that is gone.
fn inputs(rule: &Rule, example: &str) -> Inputs {
    let mut inputs = files(example);
    if matches!(rule.check, Check::Change(_) | Check::Former(_)) {
        let older = inputs.files.remove(0);
        match inputs.files.iter_mut().find(|file| file.expected_id == older.expected_id) {
            Some(file) => file.before = older.given,
            None => inputs.gone.push(older),
        }
    }
    inputs
}

fn files(example: &str) -> Inputs {
    let patch: serde_json::Value = serde_json::from_str(example).expect("an example is JSON");
    let patches = match patch {
        serde_json::Value::Array(patches) => patches,
        patch => vec![patch],
    };
    let files = patches.iter().enumerate().map(|(number, patch)| {
        let mut value: serde_json::Value = serde_json::from_str(MINIMAL_ENTRY).expect("JSON");
        let id = patch["id"].as_str().unwrap_or("example/disk-full");
        merge_patch(&mut value, &support::own_message(id, patch));
        merge_patch(&mut value, patch);
        let id = value["id"].as_str().unwrap_or_default().to_owned();
        // In the order of the schema, but with its texts as they are.
        let text = match serde_json::from_value::<Entry>(value.clone()) {
            Ok(entry) => serde_json::to_string_pretty(&entry),
            Err(_) => serde_json::to_string_pretty(&value),
        };
        InputFile {
            path: None,
            name: format!("entries/{id}.json#{number}"),
            expected_id: Some(id),
            in_scope: true,
            special: None,
            given: Some((text.expect("serialises") + "\n").into_bytes()),
            before: None,
        }
    });
    Inputs { files: files.collect(), complete: true, ..Inputs::default() }
}

fn raised(report: &Report) -> BTreeSet<&'static str> {
    report.diagnostics.iter().map(|diagnostic| diagnostic.rule).collect()
}

/// Examples that are not about how an entry is written down may be written in any way.
fn others(report: &Report, rule: &Rule) -> BTreeSet<&'static str> {
    let mut others = raised(report);
    others.remove(rule.id);
    others.remove("not-canonical");
    others
}

#[test]
fn what_is_bad_raises_the_rule_and_no_other() {
    for rule in rules::all() {
        for example in rule.examples("Bad") {
            let report = run(&inputs(rule, &example));
            assert!(raised(&report).contains(rule.id), "{}: {example}", rule.id);
            assert_eq!(others(&report, rule), BTreeSet::new(), "{}: {example}", rule.id);
        }
    }
}

#[test]
fn what_is_good_raises_nothing() {
    for rule in rules::all() {
        for example in rule.examples("Good") {
            let report = run(&inputs(rule, &example));
            assert_eq!(others(&report, rule), BTreeSet::new(), "{}: {example}", rule.id);
            assert!(!raised(&report).contains(rule.id), "{}: {example}", rule.id);
        }
    }
}

#[test]
fn a_safe_fix_silences_its_rule_and_raises_no_other() {
    let mut seen = BTreeSet::new();
    for rule in rules::all() {
        for example in rule.examples("Bad") {
            let mut inputs = inputs(rule, &example);
            let before = run(&inputs);
            let safe = |report: &Report| {
                report.diagnostics.iter().any(|found| {
                    found.rule == rule.id
                        && found
                            .fix
                            .as_ref()
                            .is_some_and(|fix| fix.applicability == Applicability::Safe)
                })
            };
            if !safe(&before) {
                continue;
            }
            seen.insert(rule.id);
            for (id, (text, _)) in errlore::fix::fixed(&before, Applicability::Safe) {
                let name = before.source(id).name();
                let file =
                    inputs.files.iter_mut().find(|file| file.name == name).expect("its file");
                file.given = Some(text.into_bytes());
            }
            let after = run(&inputs);
            assert!(!raised(&after).contains(rule.id), "{}: {example}", rule.id);
            assert!(raised(&after).is_subset(&raised(&before)), "{}: {example}", rule.id);
        }
    }
    for fixable in ["half-width-punctuation", "not-normalized", "reference-to-alias"] {
        assert!(seen.contains(fixable), "{fixable} has a safe fix");
    }
}

/// The rules that `normalize` raises while it reads, with the sources under a heading of their
/// documentation. Two of them are about what the command does with a pattern, and show the command.
fn sources(heading: &str) -> Vec<(&'static Rule, Vec<String>)> {
    let is_read = |rule: &&Rule| {
        matches!(rule.check, Check::Reading)
            && !["pattern-proposed", "no-pattern-found"].contains(&rule.id)
    };
    let of = |rule: &'static Rule| {
        let docs = rule.docs();
        let (bad, good) = docs.split_once("\n# Good\n").expect("a section of what is good");
        let section = match heading {
            "Good" => good,
            _ => bad.split_once("\n# Bad\n").expect("a section of what is bad").1,
        };
        let blocks = section.split("```text\n").skip(1);
        let blocks = blocks.filter_map(|block| Some(block.split_once("```")?.0.to_owned()));
        (rule, blocks.collect())
    };
    rules::all().iter().copied().filter(is_read).map(of).collect()
}

/// The rules that a source raises while it is read, in the form that it seems to have.
fn raised_by_reading(text: &str) -> BTreeSet<&'static str> {
    let source = Source::new("source", text);
    let reading = normalize::normalize(&source, detect("source", text));
    let mut report = Report::default();
    let config = Config::default();
    add_reading(&mut report, &source, &reading, &config, false);
    raised(&report)
}

#[test]
fn a_bad_source_raises_the_rule() {
    let rules = sources("Bad");
    assert!(rules.len() >= 10, "{} rules", rules.len());
    for (rule, blocks) in rules {
        assert!(!blocks.is_empty(), "{} shows no source", rule.id);
        for block in blocks {
            let raised = raised_by_reading(&block);
            assert!(raised.contains(rule.id), "{}: {raised:?}\n{block}", rule.id);
            // An example is short: what it lacks beside its fault is no matter.
            let other = |id: &&str| ![rule.id, "missing-value"].contains(id);
            let others: Vec<_> = raised.into_iter().filter(other).collect();
            assert_eq!(others, [""; 0], "{}\n{block}", rule.id);
        }
    }
}

#[test]
fn a_good_source_does_not_raise_the_rule() {
    for (rule, blocks) in sources("Good") {
        for block in blocks {
            assert!(!raised_by_reading(&block).contains(rule.id), "{}\n{block}", rule.id);
        }
    }
}

/// The sources under a heading of a rule's documentation that are shown and not run.
fn text_blocks(rule: &Rule, heading: &str) -> Vec<String> {
    let docs = rule.docs();
    let section = docs.split("\n# ").find_map(|section| section.strip_prefix(heading));
    let blocks = section.unwrap_or_default().split("```text\n").skip(1);
    blocks.filter_map(|block| Some(block.split_once("```")?.0.to_owned())).collect()
}

/// The default of look-ups hides no fault, so this rule asks for another configuration.
#[test]
fn a_pattern_that_needs_case_ignored_is_a_fault_where_look_ups_keep_case() {
    let rule = rules::find("regex-needs-ignore-case").expect("a rule");
    let mut keeps_case = everything();
    keeps_case.regex.case = Case::Sensitive;
    for example in text_blocks(rule, "Bad") {
        let inputs = inputs(rule, &example);
        assert_eq!(raised(&run(&inputs)), BTreeSet::new(), "{example}");
        let today = TODAY.expect("a real day");
        let settings =
            Settings { config: &keeps_case, today, selection: Selection::All, engines: None };
        let raised = raised(&check(&inputs, settings));
        assert_eq!(raised, BTreeSet::from([rule.id]), "{example}");
    }
}

/// Two rules need more than entries: consumers without the `regex` crate, and engines that were asked.
#[test]
fn what_other_engines_take_and_say() {
    let mut config = everything();
    config.regex.engines = vec!["python".to_owned(), "javascript".to_owned()];
    let run = |inputs: &Inputs, engines: Option<&EngineAnswers>| {
        let today = TODAY.expect("a real day");
        raised(&check(
            inputs,
            Settings { config: &config, today, selection: Selection::All, engines },
        ))
    };
    let rule = rules::find("regex-not-decided").expect("a rule");
    for example in text_blocks(rule, "Bad") {
        let mut raised = run(&inputs(rule, &example), None);
        raised.remove("not-canonical");
        assert_eq!(raised, BTreeSet::from([rule.id]), "{example}");
    }
    let rule = rules::find("regex-engine-disagrees").expect("a rule");
    for (heading, answer) in [
        ("Bad", Answer::Fails("did not answer".to_owned())),
        ("Bad", Answer::Refuses("no".to_owned())),
        ("Bad", Answer::Finds(vec![false, false])),
        ("Bad", Answer::Finds(vec![true, true])),
        ("Good", Answer::Finds(vec![true, false])),
    ] {
        for example in text_blocks(rule, heading) {
            let inputs = inputs(rule, &example);
            let text = inputs.files[0].given.as_deref().expect("a text");
            let entry: Entry = serde_json::from_slice(text).expect("an entry");
            let mut answers = EngineAnswers::default();
            let question = Question::of(&entry).expect("it has a pattern");
            answers.add(question, Engine::Python, answer.clone());
            let is_raised = run(&inputs, Some(&answers)).contains(rule.id);
            assert_eq!(is_raised, heading == "Bad", "{answer:?}: {example}");
            assert!(!run(&inputs, None).contains(rule.id), "{example}");
        }
    }
}

/// What engines say is found only where they are asked: an ignore of it is of use there.
#[test]
fn an_ignore_of_what_engines_say_is_not_idle_where_none_was_asked() {
    let text = "[[ignore]]\nrule = 'regex-engine-disagrees'\nreason = 'an old engine'\n";
    let source = Source::new("errlore.toml", text);
    let (config, _) = errlore::config::parse(&source).expect("a configuration");
    let mut inputs = files("{}");
    inputs.loaded.file = Some(("errlore.toml".into(), source));
    let answers = EngineAnswers::default();
    for (engines, is_idle) in [(None, false), (Some(&answers), true)] {
        let today = TODAY.expect("a real day");
        let settings = Settings { config: &config, today, selection: Selection::All, engines };
        assert_eq!(raised(&check(&inputs, settings)).contains("unused-ignore"), is_idle);
    }
}

/// Whatever a rule is about, an ignore takes its findings away, and is then of use.
#[test]
fn an_ignore_of_each_rule_is_used() {
    let today = TODAY.expect("a real day");
    for rule in rules::all() {
        for example in rule.examples("Bad") {
            let mut inputs = inputs(rule, &example);
            let text = format!("[[ignore]]\nrule = '{}'\nreason = 'known'\n", rule.id);
            let source = Source::new("errlore.toml", text);
            let (ignoring, _) = errlore::config::parse(&source).expect("a configuration");
            let config = Config { rules: everything().rules, ..ignoring };
            inputs.loaded.file = Some(("errlore.toml".into(), source));
            let settings =
                Settings { config: &config, today, selection: Selection::All, engines: None };
            let report = check(&inputs, settings);
            assert!(report.ignored > 0, "{}: {example}", rule.id);
            for other in [rule.id, "unused-ignore"] {
                assert!(!raised(&report).contains(other), "{}: {other}: {example}", rule.id);
            }
        }
    }
}

#[test]
fn every_rule_is_documented() {
    let mut ids = BTreeSet::new();
    for rule in rules::all() {
        let docs = rule.docs();
        for heading in ["\n# Why\n", "\n# Bad\n", "\n# Good\n"] {
            assert!(docs.contains(heading), "{} has no {heading:?}", rule.id);
        }
        assert!(docs.lines().all(|line| line.chars().count() <= 110), "{} is too wide", rule.id);
        assert!(ids.insert(rule.id), "{} is there twice", rule.id);
        assert_eq!(rules::find(rule.id).map(|found| found.id), Some(rule.id));
    }
}

/// What runs on whole files is exempt from the examples above; here it is.
#[test]
fn a_file_in_another_form_is_not_canonical() {
    let mut inputs = files("{}");
    assert_eq!(raised(&run(&inputs)), BTreeSet::new());
    let entry: Entry = serde_json::from_str(MINIMAL_ENTRY).expect("the minimal entry is one");
    assert_eq!(canonical(&entry), MINIMAL_ENTRY);
    inputs.files[0].given = Some(serde_json::to_vec(&entry).expect("serialises"));
    let report = run(&inputs);
    assert_eq!(raised(&report), BTreeSet::from(["not-canonical"]));
    let fixed = errlore::fix::fixed(&report, Applicability::Safe);
    let (text, count) = fixed.values().next().expect("one file");
    assert_eq!((text.as_str(), *count), (MINIMAL_ENTRY, 1));
}

#[test]
fn a_number_that_cannot_be_kept_is_not_rewritten() {
    let mut inputs = files("{}");
    let text = MINIMAL_ENTRY.replace("\n}\n", ",\n  \"x-n\": 12345678901234567890123\n}\n");
    inputs.files[0].given = Some(text.into_bytes());
    let report = run(&inputs);
    assert_eq!(raised(&report), BTreeSet::from(["not-canonical"]));
    assert!(report.diagnostics[0].fix.is_none(), "a rewrite would lose digits");
}
