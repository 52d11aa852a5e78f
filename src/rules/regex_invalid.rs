//! The pattern does not compile.
//!
//! # Why
//! It can never find anything. Where `rust` is among `regex.engines`, as it is by default, patterns are held to
//! the syntax of the `regex` crate, which is the common core of the usual engines: no look-around, no
//! back-references, bounded time on any text, and at most 10 MB when compiled. Where it is not, a pattern that
//! one of the engines takes is valid; what the others refuse is `regex-not-portable`. A pattern of more than
//! 10,000 bytes is always refused.
//!
//! # Bad
//! ```json
//! {"regex": "no space left on (device"}
//! ```
//! ```json
//! {"regex": "(?<=write failed: )no space"}
//! ```
//!
//! # Good
//! ```json
//! {"regex": "no space left on (device|volume)"}
//! ```

use crate::diagnostic::Level;
use crate::pattern::Unmatchable;
use crate::pointer;
use crate::rule::{At, Check, EntryContext, Findings, Group, Rule};

pub(super) static RULE: Rule = Rule {
    id: "regex-invalid",
    group: Group::Pattern,
    level: Level::Error,
    since: "0.1.0",
    source: include_str!("regex_invalid.rs"),
    check: Check::Entry(check),
};

fn check(cx: &EntryContext<'_>, found: &mut Findings) {
    let Some(Unmatchable::Invalid(error)) = cx.unmatchable() else { return };
    let at = At::within(pointer!["regex"], error.range.as_ref());
    let finding = found.add(at, format!("the pattern does not compile: {}", error.message));
    if error.message.contains("look-around") {
        finding
            .help("match the surroundings as well; a search needs no more than to find the line");
    }
}
