//! An object holds the same key twice.
//!
//! # Why
//! Readers disagree on which of the two counts (RFC 8259, section 4): most take the last and drop the
//! first without a word. One of the two texts is lost.
//!
//! # Bad
//! ```text
//! {"domain": "example", "domain": "sample"}
//! ```
//!
//! # Good
//! ```json
//! {"domain": "example"}
//! ```

use crate::diagnostic::Level;
use crate::rule::{At, Check, DocumentContext, Findings, Group, Rule};
use crate::visible;

pub(super) static RULE: Rule = Rule {
    id: "duplicate-key",
    group: Group::File,
    level: Level::Error,
    since: "0.1.0",
    source: include_str!("duplicate_key.rs"),
    check: Check::Document(check),
};

fn check(cx: &DocumentContext<'_>, found: &mut Findings) {
    for duplicate in &cx.document.duplicates {
        let pointer = &duplicate.pointer;
        let message = format!("the key {} occurs twice", visible::quote(&duplicate.key));
        found
            .add(At::Text(pointer.clone(), duplicate.second), message)
            .label("again here")
            .help("keep the one that is right")
            .also(At::Text(pointer.clone(), duplicate.first), "first here");
    }
}
