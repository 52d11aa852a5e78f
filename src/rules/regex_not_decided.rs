//! The pattern cannot be matched here, so that what it finds was not checked.
//!
//! # Why
//! Patterns are matched with the `regex` crate. Where `rust` is not among `regex.engines`, a pattern may use
//! what that crate does not know, such as look-around and back-references. Then nobody has looked whether it
//! finds its own message, or those of other entries: that nothing else is said of it does not mean that all is
//! well. `errlore regex --run-engines` asks the engines themselves about the entry's own messages. `errlore
//! match` never finds such an entry.
//!
//! # Bad
//! With `engines = ["python", "javascript"]`:
//!
//! ```text
//! {"regex": "(?<=write failed: )no space"}
//! ```
//!
//! # Good
//! ```json
//! {"regex": "write failed: no space"}
//! ```

use crate::diagnostic::Level;
use crate::pattern::Unmatchable;
use crate::pointer;
use crate::rule::{Answer, At, Check, EntryContext, Findings, Group, Rule};

pub(super) static RULE: Rule = Rule {
    id: "regex-not-decided",
    group: Group::Pattern,
    level: Level::Note,
    since: "0.1.0",
    source: include_str!("regex_not_decided.rs"),
    check: Check::Entry(check),
};

fn check(cx: &EntryContext<'_>, found: &mut Findings) {
    let Some(Unmatchable::Undecided(error)) = cx.unmatchable() else { return };
    // An engine has looked.
    if cx.answers.iter().any(|(_, answer)| matches!(answer, Answer::Finds(_))) {
        return;
    }
    let at = At::within(pointer!["regex"], error.range.as_ref());
    found
        .add(at, "what the pattern finds was not checked: errlore cannot match this part of it")
        .help("`errlore regex --run-engines` asks the engines that are installed");
}
