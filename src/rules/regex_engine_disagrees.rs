//! A real engine refuses the pattern, or finds another thing, than the analysis says.
//!
//! # Why
//! What runs, and what is found, is worked out here without running anything. `errlore regex --run-engines`
//! asks the engines of `regex.engines` that are installed: `python3` for `python`, `node` for `javascript`
//! and its flags. Each is given the pattern with the signature and the samples of the entry; where it does not
//! find what is found here, refuses what is called portable, or does not get to an answer, consumers are let
//! down. A pattern that cannot be matched here is held to what it should find. No other command raises this
//! rule. That an engine takes what `regex-not-portable` calls refused is no finding: the oldest version counts.
//!
//! # Bad
//! A backtracking engine tries out every way to share the letters among the repetitions, twice as many for
//! each letter more:
//!
//! ```text
//! {
//!   "regex": "^(\\w+)+ is full",
//!   "signature": "disk is full",
//!   "x-samples": {"no_match": ["a_device_with_quite_a_long_name was full"]}
//! }
//! ```
//!
//! # Good
//! ```text
//! {
//!   "regex": "^\\w+ is full",
//!   "signature": "disk is full",
//!   "x-samples": {"no_match": ["a_device_with_quite_a_long_name was full"]}
//! }
//! ```

use std::collections::BTreeMap;

use crate::diagnostic::Level;
use crate::pattern::{Engine, HindranceKind, Unmatchable};
use crate::rule::{Answer, Check, EntryContext, Findings, Group, Rule, messages};
use crate::{pointer, visible};

pub(super) static RULE: Rule = Rule {
    id: "regex-engine-disagrees",
    group: Group::Pattern,
    level: Level::Error,
    since: "0.1.0",
    source: include_str!("regex_engine_disagrees.rs"),
    check: Check::Engines(check),
};

fn check(cx: &EntryContext<'_>, found: &mut Findings) {
    // Several engines mostly disagree about the same: one finding then.
    let mut refusals: BTreeMap<&str, Vec<Engine>> = BTreeMap::new();
    let mut failures: BTreeMap<&str, Vec<Engine>> = BTreeMap::new();
    let mut answers: Vec<(Engine, &[bool])> = Vec::new();
    for (engine, answer) in cx.answers {
        match answer {
            Answer::Refuses(reason) => {
                let known = cx.pattern().portability(&[*engine]);
                if !known.iter().any(|one| one.kind == HindranceKind::Refused) {
                    refusals.entry(reason).or_default().push(*engine);
                }
            }
            Answer::Fails(how) => failures.entry(how).or_default().push(*engine),
            Answer::Finds(list) => answers.push((*engine, list)),
        }
    }
    for (reason, engines) in refusals {
        let reason = visible::name(reason);
        let message =
            format!("{} refuses the pattern, which is called portable: {reason}", names(&engines));
        found
            .add(pointer!["regex"], message)
            .help("write it in what the engines of `regex.engines` have in common");
    }
    for (how, engines) in failures {
        let message = format!("{} {} on this pattern", names(&engines), visible::name(how));
        found.add(pointer!["regex"], message).help(
            "where a repetition holds another, leave one of them out: engines that backtrack try every way",
        );
    }
    // A pattern that is none where it is to run has to be written anew.
    if matches!(cx.unmatchable(), Some(Unmatchable::Invalid(_))) {
        return;
    }
    for (number, message) in messages(cx.entry).enumerate() {
        let here = cx.pattern_finds(message.text);
        let expected = here.unwrap_or(message.is_wanted);
        let others = answers.iter().filter(|(_, list)| list.get(number) == Some(&!expected));
        let engines: Vec<Engine> = others.map(|(engine, _)| *engine).collect();
        if engines.is_empty() {
            continue;
        }
        let engines = names(&engines);
        let (text, help) = match (expected, here.is_some()) {
            (true, true) => (
                format!("{engines} does not find this message, which the pattern finds here"),
                "write what they read differently as a class that is the same everywhere",
            ),
            (true, false) => (
                format!("{engines} does not find this message with the pattern"),
                "make the pattern find the message; keep what varies in it general",
            ),
            (false, true) => (
                format!("{engines} finds this message, which the pattern does not find here"),
                "write what they read differently as a class that is the same everywhere",
            ),
            (false, false) => (
                format!("{engines} finds this message, which is another error's"),
                "make the pattern narrower",
            ),
        };
        found.add(message.at, text).help(help).also(pointer!["regex"], "the pattern");
    }
}

fn names(engines: &[Engine]) -> String {
    let names: Vec<&str> = engines.iter().map(|engine| engine.name()).collect();
    names.join(", ")
}
