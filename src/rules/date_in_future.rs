//! A date lies after today.
//!
//! # Why
//! Nothing has been seen or confirmed tomorrow. Today is the system's date, or what `--today` says; one
//! day of grace allows for time zones.
//!
//! # Bad
//! ```json
//! {"last_confirmed": "2199-01-01"}
//! ```
//!
//! # Good
//! ```json
//! {"last_confirmed": "2025-12-01"}
//! ```

use crate::diagnostic::Level;
use crate::pointer;
use crate::rule::{Check, EntryContext, Findings, Group, Rule};

pub(super) static RULE: Rule = Rule {
    id: "date-in-future",
    group: Group::Date,
    level: Level::Error,
    since: "0.1.0",
    source: include_str!("date_in_future.rs"),
    check: Check::Entry(check),
};

fn check(cx: &EntryContext<'_>, found: &mut Findings) {
    let entry = cx.entry;
    let dates = [
        ("first_seen", entry.first_seen),
        ("last_confirmed", entry.last_confirmed),
        ("last_updated", entry.last_updated),
    ];
    for (key, date) in dates {
        if let Some(date) = date.filter(|date| (*date - cx.today).num_days() > 1) {
            found
                .add(pointer![key], format!("`{key}` ({date}) lies after today ({})", cx.today))
                .help("a date in an entry is a day that has been; use null where it is not known");
        }
    }
}
