//! Two entries are variants of one error by their ids, and name the same environment in two ways.
//!
//! # Why
//! `queue/full/go1-linux` and `queue/full/go121-linux` look like one error in two environments, but
//! Go 1.21 is a Go 1: both answer for the same users, with advice that grows apart. Entries that differ in
//! their `versions`, or in the systems of `os_specific`, are real variants and are not reported.
//!
//! # Bad
//! ```json
//! [
//!   {"id": "queue/full/go1-linux", "domain": "queue",
//!    "signature": "queue: cannot enqueue job: buffer is full", "regex": "cannot enqueue job: buffer",
//!    "root_cause": "Consumers are slower than producers, and the buffer is bounded."},
//!   {"id": "queue/full/go121-linux", "domain": "queue",
//!    "signature": "queue: cannot enqueue job: buffer is full", "regex": "cannot enqueue job: .* full",
//!    "root_cause": "The buffer is bounded, and consumers are slower than producers."}
//! ]
//! ```
//!
//! # Good
//! ```json
//! [
//!   {"id": "queue/full/go1-linux", "domain": "queue",
//!    "signature": "queue: cannot enqueue job: buffer is full", "regex": "cannot enqueue job: buffer",
//!    "root_cause": "Consumers are slower than producers, and the buffer is bounded."},
//!   {"id": "queue/full/go1-windows", "domain": "queue",
//!    "signature": "queue: cannot enqueue job: buffer is full", "regex": "cannot enqueue job: .* full",
//!    "root_cause": "The buffer is bounded, and consumers are slower than producers."}
//! ]
//! ```
//! ```json
//! [
//!   {"id": "queue/full/go1", "domain": "queue", "os_specific": {"linux": ""},
//!    "signature": "queue: cannot enqueue job: buffer is full", "regex": "cannot enqueue job: buffer",
//!    "root_cause": "Consumers are slower than producers, and the buffer is bounded."},
//!   {"id": "queue/full/go121", "domain": "queue", "os_specific": {"windows": ""},
//!    "signature": "queue: cannot enqueue job: buffer is full", "regex": "cannot enqueue job: .* full",
//!    "root_cause": "The buffer is bounded, and consumers are slower than producers."}
//! ]
//! ```

use crate::diagnostic::Level;
use crate::rule::{Check, CorpusContext, DuplicatePair, DuplicatePairs, Findings, Group, Rule};

pub(super) static RULE: Rule = Rule {
    id: "variant-in-name-only",
    group: Group::Duplicate,
    level: Level::Warning,
    since: "0.1.0",
    source: include_str!("variant_in_name_only.rs"),
    check: Check::Duplicates(check),
};

fn check(cx: &CorpusContext<'_>, related: &DuplicatePairs, found: &mut Findings) {
    let say = |_: &DuplicatePair, other: &str| {
        format!("no stated difference in environment from {other}")
    };
    let is_in_name = |pair: &DuplicatePair| pair.raised.pair.in_name_only;
    related.report(cx, found, is_in_name, say, |_, finding| {
        finding
            .help("merge the entries, or give each the `versions` or the systems (`os_specific`) that it is about");
    });
}
