//! The pattern does not run, or does not mean the same, in an engine that consumers use.
//!
//! # Why
//! A pattern is run by programs in several languages. What one engine takes another refuses, so that the
//! look-up fails there, or takes for something else, so that it finds other messages. `regex.engines` says
//! which engines count. That `\d` and `\w` differ beyond ASCII is not reported.
//!
//! # Bad
//! ```json
//! {"regex": "(?i)no space left on device"}
//! ```
//!
//! ```json
//! {"regex": "no space left on (?P<what>device|volume)"}
//! ```
//!
//! # Good
//! ```json
//! {"regex": "[Nn]o space left on (device|volume)"}
//! ```

use crate::diagnostic::{Applicability, Level};
use crate::pattern::{HindranceKind, Unmatchable};
use crate::pointer;
use crate::rule::{At, Check, EntryContext, Findings, Group, Rule};

pub(super) static RULE: Rule = Rule {
    id: "regex-not-portable",
    group: Group::Pattern,
    level: Level::Warning,
    since: "0.1.0",
    source: include_str!("regex_not_portable.rs"),
    check: Check::Entry(check),
};

fn check(cx: &EntryContext<'_>, found: &mut Findings) {
    /// A pattern of nothing but faults is told by the first of them.
    const MOST: usize = 5;
    // What is a pattern nowhere is another fault.
    if cx.entry.regex.is_empty() || matches!(cx.unmatchable(), Some(Unmatchable::Invalid(_))) {
        return;
    }
    let hindrances = cx.pattern().portability(&cx.engines());
    for hindrance in hindrances.into_iter().take(MOST) {
        let names: Vec<&str> = hindrance.engines.iter().map(|engine| engine.name()).collect();
        let verb = match hindrance.kind {
            HindranceKind::Refused => "does not run in",
            HindranceKind::Differs => "means something else in",
        };
        let message = format!("the pattern {verb} {}: {}", names.join(", "), hindrance.message);
        let at = match &hindrance.rewrite {
            Some(rewrite) => rewrite.range.clone(),
            None => hindrance.range.clone(),
        };
        let finding = found.add(At::Within(pointer!["regex"], at), message);
        match hindrance.rewrite {
            Some(rewrite) => {
                let title = "write it as all engines read it";
                finding.replace(Applicability::Safe, rewrite.replacement, title)
            }
            None => finding.help("write it in what the engines of `regex.engines` have in common"),
        };
    }
}
