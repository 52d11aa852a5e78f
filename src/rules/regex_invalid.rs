//! The pattern does not compile.
//!
//! # Why
//! It can never find anything. Patterns are held to the syntax of the `regex` crate, which is the common
//! core of the usual engines: no look-around, no back-references, bounded time on any text. A pattern of
//! more than 10,000 bytes, or one that compiles to more than 10 MB, is refused as well.
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

use crate::config::Level;
use crate::pointer;
use crate::rule::{At, Check, EntryContext, Findings, Rule};

pub(super) static RULE: Rule = Rule {
    id: "regex-invalid",
    level: Level::Error,
    since: "0.1.0",
    source: include_str!("regex_invalid.rs"),
    check: Check::Entry(check),
};

fn check(cx: &EntryContext<'_>, found: &mut Findings) {
    let Some(error) = &cx.pattern().error else { return };
    let at = match &error.range {
        // An error at the very end has no width; point at the last character then.
        Some(range) if !range.is_empty() => At::Within(pointer!["regex"], range.clone()),
        _ => At::Value(pointer!["regex"]),
    };
    let finding = found.add(at, format!("the pattern does not compile: {}", error.message));
    if error.message.contains("look-around") {
        finding
            .help("match the surroundings as well; a search needs no more than to find the line");
    }
}
