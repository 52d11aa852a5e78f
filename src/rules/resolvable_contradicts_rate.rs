//! `resolvable` says one thing and `fix_success_rate` another.
//!
//! # Why
//! An error that cannot be solved has no advice that mostly helps, and one that can has advice that helps
//! more often than hardly ever.
//!
//! # Bad
//! ```json
//! {"resolvable": "false"}
//! ```
//!
//! # Good
//! ```json
//! {"resolvable": "true"}
//! ```

use crate::diagnostic::Level;
use crate::entry::Resolvable;
use crate::pointer;
use crate::rule::{Check, EntryContext, Findings, Group, Rule};

pub(super) static RULE: Rule = Rule {
    id: "resolvable-contradicts-rate",
    group: Group::Rate,
    level: Level::Warning,
    since: "0.1.0",
    source: include_str!("resolvable_contradicts_rate.rs"),
    check: Check::Entry(check),
};

/// Advice that helps more often than this solves the error.
const SOLVES: f64 = 0.5;
/// Advice that helps less often than this does not.
const HARDLY_EVER: f64 = 0.2;

fn check(cx: &EntryContext<'_>, found: &mut Findings) {
    let (rate, resolvable) = (cx.entry.fix_success_rate, cx.entry.resolvable);
    let message = match resolvable {
        _ if !cx.document.is_whole() => return,
        Resolvable::False if rate > SOLVES => {
            format!("an error that cannot be solved has a fix that helps in {rate} of all cases")
        }
        Resolvable::True if rate < HARDLY_EVER => {
            format!("an error that can be solved has a fix that helps in only {rate} of all cases")
        }
        _ => return,
    };
    found
        .add(pointer!["resolvable"], message)
        .help("\"partial\" is an answer too")
        .also(pointer!["fix_success_rate"], "the rate");
}
