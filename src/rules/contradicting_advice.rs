//! Two entries about the same error contradict each other: what one recommends is a dead end of the
//! other, or they recommend, or claim, the opposite.
//!
//! # Why
//! One of the two sends people the wrong way, and which of them they are shown is chance. A merge of such
//! entries has to decide. Actions are compared by what they do, not by their words: compressing is what
//! gzip does. An action that is a dead end only where it is overdone or half done ("on the client only",
//! "without checking") contradicts nothing, and neither does advice for another environment. Entries that
//! answer for the same message may advise otherwise where they are about different errors, but what one of
//! them claims ("still exists", "is required") the other must not deny.
//!
//! # Bad
//! ```json
//! [
//!   {"id": "spool/job-too-big/spool3-linux", "domain": "spool",
//!    "signature": "spool: the payload of the job is too big", "regex": "payload of the job is",
//!    "root_cause": "The job holds more than the spooler takes at once.",
//!    "dead_ends": [{"action": "Compress the payload with gzip", "fail_rate": 0.8,
//!      "why_fails": "The spooler counts what it has unpacked.", "condition": "", "sources": []}]},
//!   {"id": "spool/job-too-big/spool3-linux-arm64", "domain": "spool",
//!    "signature": "spool: the payload of the job is too big", "regex": "the job is too big",
//!    "root_cause": "The job holds more than the spooler takes at once.",
//!    "workarounds": [{"action": "Enable deflate compression of the payload", "success_rate": 0.9,
//!      "how": "Set compress = true for the queue.", "condition": "", "sources": []}]}
//! ]
//! ```
//!
//! # Good
//! ```json
//! [
//!   {"id": "spool/job-too-big/spool3-linux", "domain": "spool",
//!    "signature": "spool: the payload of the job is too big", "regex": "payload of the job is",
//!    "root_cause": "The job holds more than the spooler takes at once.",
//!    "dead_ends": [{"action": "Raise the timeout", "fail_rate": 0.8,
//!      "why_fails": "Time is not what is short.", "condition": "", "sources": []}]},
//!   {"id": "spool/job-too-big/spool3-linux-arm64", "domain": "spool",
//!    "signature": "spool: the payload of the job is too big", "regex": "the job is too big",
//!    "root_cause": "The job holds more than the spooler takes at once.",
//!    "workarounds": [{"action": "Raise the limit of the queue", "success_rate": 0.9,
//!      "how": "Set max_payload for it.", "condition": "", "sources": []}]}
//! ]
//! ```

use crate::diagnostic::Level;
use crate::rule::{Check, CorpusContext, DuplicatePairs, Findings, Group, Rule, name};

pub(super) static RULE: Rule = Rule {
    id: "contradicting-advice",
    group: Group::Duplicate,
    level: Level::Warning,
    since: "0.1.0",
    source: include_str!("contradicting_advice.rs"),
    check: Check::Duplicates(check),
};

fn check(cx: &CorpusContext<'_>, related: &DuplicatePairs, found: &mut Findings) {
    /// Of two entries no more contradictions are shown.
    const MOST: usize = 3;
    for pair in related.pairs() {
        for contradiction in pair.raised.contradictions.iter().take(MOST) {
            let sides = [(pair.a, &contradiction.a), (pair.b, &contradiction.b)];
            let [here, there] = match (cx.is_in_scope(pair.a), cx.is_in_scope(pair.b)) {
                (true, false) => sides,
                _ => [sides[1], sides[0]],
            };
            let other = name(cx.corpus, there.0);
            let (message, label) = contradiction.seen_from(here.0 == pair.a, &other);
            found
                .add_in(here.0, here.1.clone(), message)
                .help("find out which holds, or say in the conditions when each does")
                .related(there.0, there.1.clone(), label);
        }
    }
}
