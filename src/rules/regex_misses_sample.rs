//! The pattern does not find a message that it is to find.
//!
//! # Why
//! `x-samples.match` holds messages as they were seen in the wild. Whoever makes the pattern narrower is told
//! here what it no longer finds.
//!
//! # Bad
//! ```json
//! {"x-samples": {"match": ["write failed: disk quota exceeded"]}}
//! ```
//!
//! # Good
//! ```json
//! {"x-samples": {"match": ["cp: error writing 'b': No space left on device"]}}
//! ```

use crate::diagnostic::Level;
use crate::entry::{Sample, samples};
use crate::pointer;
use crate::rule::{Check, EntryContext, Findings, Group, Rule};

pub(super) static RULE: Rule = Rule {
    id: "regex-misses-sample",
    group: Group::Pattern,
    level: Level::Error,
    since: "0.1.0",
    source: include_str!("regex_misses_sample.rs"),
    check: Check::Entry(check),
};

fn check(cx: &EntryContext<'_>, found: &mut Findings) {
    for (at, text) in samples(cx.entry, Sample::Match) {
        if cx.pattern_finds(text) == Some(false) {
            found
                .add(at, "the pattern does not find this message")
                .help("make the pattern find it; if it is another error, move it to `no_match`")
                .also(pointer!["regex"], "the pattern");
        }
    }
}
