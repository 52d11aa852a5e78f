//! What is written in English has changed, and the Chinese beside it has not.
//!
//! # Why
//! Who reads the Chinese is told what no longer holds. Looked at only with `--since`, where there is an older
//! version: the examples are an old and a new one.
//!
//! # Bad
//! ```json
//! [
//!   {"root_cause": "The disk is full.", "root_cause_zh": "磁盘已满。"},
//!   {"root_cause": "The disk is full, or the quota is used up.", "root_cause_zh": "磁盘已满。"}
//! ]
//! ```
//!
//! # Good
//! ```json
//! [
//!   {"root_cause": "The disk is full.", "root_cause_zh": "磁盘已满。"},
//!   {"root_cause": "The disk is full, or the quota is used up.", "root_cause_zh": "磁盘已满，或者配额已用完。"}
//! ]
//! ```

use crate::diagnostic::Level;
use crate::diff::FactKind;
use crate::rule::{Check, Findings, Group, Revision, Rule};

pub(super) static RULE: Rule = Rule {
    id: "untranslated-change",
    group: Group::Change,
    level: Level::Warning,
    since: "0.1.0",
    source: include_str!("untranslated_change.rs"),
    check: Check::Change(check),
};

fn check(revision: &Revision, found: &mut Findings) {
    for fact in revision.facts(FactKind::StaleTranslation) {
        found
            .add(fact.pointer.clone(), fact.message.clone())
            .help("translate what changed, or take the Chinese out until somebody does");
    }
}
