//! Nothing but a date has changed.
//!
//! # Why
//! A confirmation that found nothing to change is worth having, and a date that a program bumps on every entry is
//! not: it hides which entries are stale. Looked at only with `--since`, where there is an older version: the
//! examples are an old and a new one.
//!
//! # Bad
//! ```json
//! [
//!   {"last_confirmed": "2025-10-01", "last_updated": "2025-10-01"},
//!   {"last_confirmed": "2025-12-01", "last_updated": "2025-10-01"}
//! ]
//! ```
//!
//! # Good
//! ```json
//! [
//!   {"last_confirmed": "2025-10-01", "last_updated": "2025-10-01"},
//!   {"evidence_count": 1, "official_doc_url": "https://docs.example.org/disk"}
//! ]
//! ```

use crate::diagnostic::Level;
use crate::diff::FactKind;
use crate::rule::{Check, Findings, Group, Revision, Rule};

pub(super) static RULE: Rule = Rule {
    id: "date-only-change",
    group: Group::Change,
    level: Level::Note,
    since: "0.1.0",
    source: include_str!("date_only_change.rs"),
    check: Check::Change(check),
};

fn check(revision: &Revision, found: &mut Findings) {
    for fact in revision.facts(FactKind::DateOnlyChange) {
        found.add(fact.pointer.clone(), fact.message.clone()).help(
            "leave it if somebody has tried the advice again; count the case in `evidence_count`",
        );
    }
}
