//! Nobody has confirmed the entry for a long time.
//!
//! # Why
//! Products change. After `stale-after-days` (two years) without a confirmation the advice may no longer
//! hold. An entry whose `last_confirmed` is not known goes by `last_updated`, then by `first_seen`.
//!
//! # Bad
//! ```json
//! {"first_seen": "2019-01-01", "last_confirmed": "2020-01-01", "last_updated": "2020-01-01"}
//! ```
//!
//! # Good
//! ```json
//! {"first_seen": "2019-01-01", "last_confirmed": "2025-12-01", "last_updated": "2025-12-01"}
//! ```

use crate::diagnostic::Level;
use crate::pointer;
use crate::rule::{Check, EntryContext, Findings, Group, Rule};

pub(super) static RULE: Rule = Rule {
    id: "stale-entry",
    group: Group::Date,
    level: Level::Note,
    since: "0.1.0",
    source: include_str!("stale_entry.rs"),
    check: Check::Entry(check),
};

fn check(cx: &EntryContext<'_>, found: &mut Findings) {
    let entry = cx.entry;
    let known = [
        ("last_confirmed", entry.last_confirmed),
        ("last_updated", entry.last_updated),
        ("first_seen", entry.first_seen),
    ];
    let Some((key, date)) = known.into_iter().find_map(|(key, date)| Some((key, date?))) else {
        return;
    };
    let days = (cx.today - date).num_days();
    if days > i64::from(cx.config.stale_after_days) {
        found
            .add(pointer![key], format!("nobody has confirmed the entry for {days} days"))
            .help("try the advice again and set `last_confirmed`, or mark the versions that no longer have the error");
    }
}
