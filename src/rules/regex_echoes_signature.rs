//! The pattern matches only through a copy of the signature that a program pasted in.
//!
//! # Why
//! Such an alternative was added to make a check pass. It finds this one wording and no other, and
//! the alternatives that were meant to find the error do not. A phrase beside other wordings of the error
//! is no such copy: what shows one is a cut in the middle of a word, or a blank written `\ `.
//!
//! # Bad
//! ```json
//! {"regex": "(disk.*full|ENOSPC|write failed: no space left on dev)"}
//! ```
//!
//! ```json
//! {"regex": "(disk.*full|ENOSPC|write\\ failed:\\ no\\ space\\ left\\ on\\ device)"}
//! ```
//!
//! # Good
//! ```json
//! {"regex": "(disk.*full|ENOSPC|no space left on (device|volume))"}
//! ```
//! ```json
//! {"regex": "ENOSPC|disk quota exceeded|write failed: no space left on device"}
//! ```

use crate::diagnostic::Level;
use crate::pointer;
use crate::rule::{At, Check, EntryContext, Findings, Group, Rule};

pub(super) static RULE: Rule = Rule {
    id: "regex-echoes-signature",
    group: Group::Pattern,
    level: Level::Warning,
    since: "0.1.0",
    source: include_str!("regex_echoes_signature.rs"),
    check: Check::Entry(check),
};

fn check(cx: &EntryContext<'_>, found: &mut Findings) {
    if let Some(echo) = &cx.facts().echo {
        found
            .add(
                At::Within(pointer!["regex"], echo.clone()),
                "only a copy of the signature makes the pattern match",
            )
            .label("this alternative is the signature")
            .help("replace it by a pattern of what does not vary in the message")
            .also(pointer!["signature"], "copied from here");
    }
}
