//! `fix_success_rate` is above what the workarounds come to together, or far below the worst of them.
//!
//! # Why
//! The headline says how often the advice here helps. Tried one after the other, workarounds that help in 0.95
//! and in 0.85 of all cases leave at least 0.05 × 0.15 without help, if what one fails at is no harder for the
//! other: together they help in up to 0.99, and never in more. Less than 0.2 below the worst is allowed: not
//! everyone manages to follow advice.
//!
//! # Bad
//! ```json
//! {"fix_success_rate": 0.99}
//! ```
//! ```json
//! {"fix_success_rate": 0.7}
//! ```
//!
//! # Good
//! ```json
//! {"fix_success_rate": 0.9}
//! ```
//! ```json
//! {
//!   "fix_success_rate": 0.99,
//!   "workarounds": [
//!     {"action": "Free some space", "success_rate": 0.95, "how": "du -xh / | sort -h | tail"},
//!     {"action": "Add a disk", "success_rate": 0.85, "how": "lvextend -r -L +10G vg/root"}
//!   ]
//! }
//! ```

use crate::diagnostic::Level;
use crate::pointer;
use crate::rule::{Check, EntryContext, Findings, Group, Rule};

pub(super) static RULE: Rule = Rule {
    id: "rate-out-of-line",
    group: Group::Rate,
    level: Level::Warning,
    since: "0.1.0",
    source: include_str!("rate_out_of_line.rs"),
    check: Check::Entry(check),
};

/// How far below the worst workaround the headline is far.
const FAR: f64 = 0.2;
/// Rates are written with two decimals: one that is no further above was rounded.
const ROUNDED: f64 = 0.005;
/// What sums of decimals are off by.
const TINY: f64 = 1e-9;

fn check(cx: &EntryContext<'_>, found: &mut Findings) {
    let rate = cx.entry.fix_success_rate;
    // A missing rate reads as 0; the schema has said so then.
    if !cx.document.is_whole() {
        return;
    }
    let rates =
        || cx.entry.workarounds.iter().map(|workaround| workaround.success_rate).enumerate();
    if cx.entry.workarounds.is_empty() {
        if rate > 0.0 {
            found
                .add(pointer!["fix_success_rate"], format!("a rate of {rate} without a workaround"))
                .help("describe what helps, or set the rate to 0.0");
        }
        return;
    }
    // What helps on one condition says little of all cases.
    let unconditional =
        rates().filter(|(index, _)| cx.entry.workarounds[*index].condition.is_empty());
    let worst = unconditional.min_by(|a, b| a.1.total_cmp(&b.1));
    let together = 1.0 - rates().map(|(_, rate)| 1.0 - rate).product::<f64>();
    if rate > together + ROUNDED + TINY {
        let bound = (together * 100.0).round() / 100.0;
        let message = match cx.entry.workarounds.len() {
            1 => format!("the rate {rate} is above that of the only workaround ({bound})"),
            _ => format!("the rate {rate} is above what all workarounds come to ({bound})"),
        };
        found.add(pointer!["fix_success_rate"], message).help(
            "lower it, or say what else helps; it is how often at least one of the workarounds helps",
        );
    } else if let Some((index, worst)) = worst
        && rate < worst - FAR + TINY
    {
        found
            .add(
                pointer!["fix_success_rate"],
                format!("the rate {rate} is far below the worst workaround ({worst})"),
            )
            .help(
                "it is how often at least one of the workarounds helps: raise it, or lower theirs",
            )
            .also(pointer!["workarounds", index, "success_rate"], "this workaround");
    }
}
