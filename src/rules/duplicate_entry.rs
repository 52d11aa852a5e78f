//! Two entries describe the same error.
//!
//! # Why
//! Whoever looks the error up is shown one of them and misses what the other knows; corrections go into
//! one and not into the other. Most such entries share no word of their ids, so that nobody notices.
//!
//! How sure it is, is a probability (see `errlore duplicates`). Where that is 90 % and more, the finding
//! counts as the rule's level says; below, it is a warning at most.
//!
//! Merge the two. Where they are two errors, say in `frequently_confused_with` how to tell them apart:
//! with a `distinction` the pair is not reported.
//!
//! # Bad
//! ```json
//! [
//!   {"id": "spool/lock-busy", "domain": "spool", "error_code": "EBUSY",
//!    "signature": "EBUSY: cannot rename the spool lock: resource busy",
//!    "regex": "cannot rename the spool lock",
//!    "root_cause": "Another spooler still holds the lock while it is renamed.",
//!    "workarounds": [{"action": "Stop the other spooler", "success_rate": 0.9,
//!      "how": "Find it with lsof and end it.", "condition": "", "sources": []}]},
//!   {"id": "spool/rename-of-lock", "domain": "spool", "error_code": "EBUSY",
//!    "signature": "EBUSY: rename of the spool lock failed: resource busy",
//!    "regex": "rename of the spool lock failed",
//!    "root_cause": "The lock is still held by another spooler while it is renamed.",
//!    "workarounds": [{"action": "End the other spooler", "success_rate": 0.9,
//!      "how": "lsof tells which it is.", "condition": "", "sources": []}]}
//! ]
//! ```
//!
//! # Good
//! ```json
//! [
//!   {"id": "spool/lock-busy", "domain": "spool",
//!    "signature": "EBUSY: cannot rename the spool lock: resource busy",
//!    "regex": "cannot rename the spool lock",
//!    "root_cause": "Another spooler still holds the lock while it is renamed."},
//!   {"id": "spool/printer-gone", "domain": "spool",
//!    "signature": "printer on port 9100 does not answer",
//!    "regex": "printer on port \\d+ does not answer",
//!    "root_cause": "The printer was switched off, or its cable is loose."}
//! ]
//! ```

use crate::diagnostic::{Level, Severity};
use crate::duplicates::reasons;
use crate::rule::{Check, CorpusContext, DuplicatePair, DuplicatePairs, Findings, Group, Rule};

pub(super) static RULE: Rule = Rule {
    id: "duplicate-entry",
    group: Group::Duplicate,
    level: Level::Error,
    since: "0.1.0",
    source: include_str!("duplicate_entry.rs"),
    check: Check::Duplicates(check),
};

fn check(cx: &CorpusContext<'_>, related: &DuplicatePairs, found: &mut Findings) {
    /// From here on a pair is sure enough to stop a merge.
    const SURE: f64 = 0.9;
    /// So many reasons are given.
    const REASONS: usize = 2;
    let say = |pair: &DuplicatePair, other: &str| {
        format!("probably a duplicate of {other} ({} %)", pair.percent())
    };
    related.report(cx, found, DuplicatePair::is_duplicate, say, |pair, finding| {
        let reasons = reasons(&pair.evidence, REASONS).for_it;
        finding
            .label(reasons.join("; "))
            .help("merge the entries, say in `frequently_confused_with` how to tell them apart, or record what they are with `errlore duplicates --decide`");
        if pair.raised.pair.probability < SURE {
            finding.at_most(Severity::Warning);
        }
    });
}
