//! An object holds a key that the schema does not name.
//!
//! # Why
//! Most often it is a typo, and what it holds is never read. A key of your own begins with `x-`; it is
//! kept and never looked into.
//!
//! # Bad
//! ```json
//! {"root_causes": "The disk is full."}
//! ```
//!
//! # Good
//! ```json
//! {"x-team": "storage"}
//! ```

use crate::diagnostic::Level;
use crate::rule::{At, Check, DocumentContext, Findings, Group, Rule};
use crate::schema::Part;

pub(super) static RULE: Rule = Rule {
    id: "unknown-key",
    group: Group::Schema,
    level: Level::Error,
    since: "0.1.0",
    source: include_str!("unknown_key.rs"),
    check: Check::Document(check),
};

fn check(cx: &DocumentContext<'_>, found: &mut Findings) {
    for violation in &cx.document.violations {
        if violation.part == Part::UnknownKey {
            let finding = found.add(At::Key(violation.pointer.clone()), violation.message.clone());
            if let Some(help) = &violation.help {
                finding.help(help.clone());
            }
        }
    }
}
