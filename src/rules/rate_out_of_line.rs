//! `fix_success_rate` is above the best workaround, or far below the worst.
//!
//! # Why
//! The headline says how often the advice here helps. No advice here helps that often, or all of it
//! helps much more often. Up to 0.1 below the worst is allowed: not everyone manages to follow advice.
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

use crate::config::Level;
use crate::pointer;
use crate::rule::{Check, EntryContext, Findings, Rule};

pub(super) static RULE: Rule = Rule {
    id: "rate-out-of-line",
    level: Level::Warning,
    since: "0.1.0",
    source: include_str!("rate_out_of_line.rs"),
    check: Check::Entry(check),
};

/// How far below the worst workaround the headline may be.
const MARGIN: f64 = 0.1;

fn check(cx: &EntryContext<'_>, found: &mut Findings) {
    let rate = cx.entry.fix_success_rate;
    // A missing rate reads as 0; the schema has said so then.
    if !cx.document.is_whole() {
        return;
    }
    let rates =
        || cx.entry.workarounds.iter().map(|workaround| workaround.success_rate).enumerate();
    let best = rates().max_by(|a, b| a.1.total_cmp(&b.1));
    let worst = rates().min_by(|a, b| a.1.total_cmp(&b.1));
    let (Some(best), Some(worst)) = (best, worst) else {
        if rate > 0.0 {
            found
                .add(pointer!["fix_success_rate"], format!("a rate of {rate} without a workaround"))
                .help("describe what helps, or set the rate to 0.0");
        }
        return;
    };
    let (side, (index, bound)) = match () {
        () if rate > best.1 => ("above the best", best),
        () if rate < worst.1 - MARGIN - f64::EPSILON => ("far below the worst", worst),
        () => return,
    };
    found
        .add(
            pointer!["fix_success_rate"],
            format!("the rate {rate} is {side} workaround ({bound})"),
        )
        .help("set it between the lowest and the highest `success_rate`")
        .also(pointer!["workarounds", index, "success_rate"], "this workaround");
}
