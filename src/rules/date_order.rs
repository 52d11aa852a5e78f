//! A date lies before one that it must follow.
//!
//! # Why
//! Nobody confirms an error before it was first seen, and a confirmation is itself a change: the order
//! is `first_seen`, then `last_confirmed`, and `last_updated` not before `first_seen`.
//!
//! # Bad
//! ```json
//! {"first_seen": "2024-05-01", "last_confirmed": "2024-04-01", "last_updated": "2024-05-02"}
//! ```
//!
//! # Good
//! ```json
//! {"first_seen": "2024-04-01", "last_confirmed": "2025-05-01", "last_updated": "2025-05-01"}
//! ```

use crate::diagnostic::Level;
use crate::pointer;
use crate::rule::{Check, EntryContext, Findings, Group, Rule};

pub(super) static RULE: Rule = Rule {
    id: "date-order",
    group: Group::Date,
    level: Level::Error,
    since: "0.1.0",
    source: include_str!("date_order.rs"),
    check: Check::Entry(check),
};

fn check(cx: &EntryContext<'_>, found: &mut Findings) {
    // A day that is yet to come is wrong by itself: `date-in-future` says so.
    let Some(first) = cx.entry.first_seen.filter(|first| *first <= cx.today) else { return };
    let dates =
        [("last_confirmed", cx.entry.last_confirmed), ("last_updated", cx.entry.last_updated)];
    for (key, date) in dates {
        if let Some(date) = date.filter(|date| *date < first) {
            found
                .add(pointer![key], format!("`{key}` ({date}) lies before `first_seen` ({first})"))
                .help("one of the two dates is wrong")
                .also(pointer!["first_seen"], "first seen here");
        }
    }
}
