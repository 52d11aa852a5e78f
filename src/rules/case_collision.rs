//! Two files have names that differ in nothing but the case of letters.
//!
//! # Why
//! Windows and macOS keep one of the two: whoever checks the knowledge base out there loses an entry, and
//! the next commit may remove it for all.
//!
//! # Bad
//! ```text
//! entries/example/disk-full.json beside entries/example/Disk-Full.json
//! ```
//!
//! # Good
//! ```text
//! entries/example/disk-full.json beside entries/example/disk-full-quota.json
//! ```

use crate::diagnostic::Level;
use crate::pointer::JsonPointer;
use crate::rule::{At, Check, DocumentContext, Findings, Group, Rule};
use crate::visible;

pub(super) static RULE: Rule = Rule {
    id: "case-collision",
    group: Group::File,
    level: Level::Error,
    since: "0.1.0",
    source: include_str!("case_collision.rs"),
    check: Check::Document(check),
};

fn check(cx: &DocumentContext<'_>, found: &mut Findings) {
    if let Some(twin) = cx.twin {
        let message =
            format!("the name differs from {} in the case of letters alone", visible::quote(twin));
        found
            .add(At::Opening(JsonPointer::root()), message)
            .help("rename one of the two; an id is in lower case");
    }
}
