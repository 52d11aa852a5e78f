//! The confidence has risen, and neither `evidence_count` nor the sources have.
//!
//! # Why
//! Confidence says how sure readers may be; what makes it rise is a case that was seen or a page that says so.
//! Looked at only with `--since`, where there is an older version: the examples are an old and a new one.
//!
//! # Bad
//! ```json
//! [{"confidence": 0.1}, {"confidence": 0.3}]
//! ```
//!
//! # Good
//! ```json
//! [
//!   {"confidence": 0.1},
//!   {"confidence": 0.3, "evidence_count": 1, "official_doc_url": "https://docs.example.org/disk"}
//! ]
//! ```

use crate::diagnostic::Level;
use crate::diff::FactKind;
use crate::rule::{Check, Findings, Group, Revision, Rule};

pub(super) static RULE: Rule = Rule {
    id: "unbacked-confidence",
    group: Group::Change,
    level: Level::Warning,
    since: "0.1.0",
    source: include_str!("unbacked_confidence.rs"),
    check: Check::Change(check),
};

fn check(revision: &Revision, found: &mut Findings) {
    for fact in revision.facts(FactKind::UnbackedConfidence) {
        found
            .add(fact.pointer.clone(), fact.message.clone())
            .help("add the source, or count the case in `evidence_count`");
    }
}
