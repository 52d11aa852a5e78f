//! The pattern finds a message that it is not to find.
//!
//! # Why
//! `x-samples.no_match` holds look-alikes: messages of other errors that this entry must not answer for.
//!
//! # Bad
//! ```json
//! {"x-samples": {"no_match": ["no space left on device: inodes are exhausted"]}}
//! ```
//!
//! # Good
//! ```json
//! {"x-samples": {"no_match": ["read-only file system"]}}
//! ```

use crate::diagnostic::Level;
use crate::entry::{Sample, samples};
use crate::pointer;
use crate::rule::{Check, EntryContext, Findings, Group, Rule};

pub(super) static RULE: Rule = Rule {
    id: "regex-matches-counterexample",
    group: Group::Pattern,
    level: Level::Error,
    since: "0.1.0",
    source: include_str!("regex_matches_counterexample.rs"),
    check: Check::Entry(check),
};

fn check(cx: &EntryContext<'_>, found: &mut Findings) {
    for (at, text) in samples(cx.entry, Sample::NoMatch) {
        if cx.pattern_finds(text) == Some(true) {
            found
                .add(at, "the pattern finds this message, which is another error's")
                .help("make the pattern narrower")
                .also(pointer!["regex"], "the pattern");
        }
    }
}
