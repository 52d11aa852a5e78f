//! The entry is confident on fewer than three pieces of evidence.
//!
//! # Why
//! One report is an anecdote. With fewer than three, `confidence` should not be above 0.3.
//!
//! # Bad
//! ```json
//! {"confidence": 0.88, "evidence_count": 1, "official_doc_url": "https://docs.example.org/disk"}
//! ```
//!
//! # Good
//! ```json
//! {"confidence": 0.3, "evidence_count": 1, "official_doc_url": "https://docs.example.org/disk"}
//! ```

use crate::diagnostic::Level;
use crate::pointer;
use crate::rule::{Check, EntryContext, Findings, Group, Rule};

pub(super) static RULE: Rule = Rule {
    id: "confidence-without-evidence",
    group: Group::Rate,
    level: Level::Warning,
    since: "0.1.0",
    source: include_str!("confidence_without_evidence.rs"),
    check: Check::Entry(check),
};

/// Fewer pieces of evidence than this are not enough.
const ENOUGH: u64 = 3;
/// How confident an entry may be without them.
const MOST: f64 = 0.3;

fn check(cx: &EntryContext<'_>, found: &mut Findings) {
    let (confidence, evidence) = (cx.entry.confidence, cx.entry.evidence_count);
    if cx.document.is_whole() && evidence < ENOUGH && confidence > MOST {
        found
            .add(
                pointer!["confidence"],
                format!("a confidence of {confidence} rests on {}", pieces(evidence)),
            )
            .help(format!("collect {ENOUGH}, or lower it to {MOST}"))
            .also(pointer!["evidence_count"], "the evidence");
    }
}

fn pieces(count: u64) -> String {
    match count {
        0 => "no evidence".to_owned(),
        1 => "one piece of evidence".to_owned(),
        count => format!("{count} pieces of evidence"),
    }
}
