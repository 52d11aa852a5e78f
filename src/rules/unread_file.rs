//! A file among the entries is not read: it is too large, a symbolic link, or no file.
//!
//! # Why
//! A link can lead out of the knowledge base and a pipe never ends, so neither is followed. A file above
//! `max-file-size` is no entry. What is not read is not checked, and that must not go unseen.
//!
//! # Bad
//! ```text
//! entries/example/disk-full.json -> /etc/hostname
//! ```
//!
//! # Good
//! An ordinary file below the limit.

use crate::config::Level;
use crate::pointer::JsonPointer;
use crate::rule::{Check, DocumentContext, Findings, Rule};

pub(super) static RULE: Rule = Rule {
    id: "unread-file",
    level: Level::Error,
    since: "0.1.0",
    source: include_str!("unread_file.rs"),
    check: Check::Document(check),
};

fn check(cx: &DocumentContext<'_>, found: &mut Findings) {
    if let Some(reason) = &cx.document.unread {
        found
            .add(JsonPointer::root(), format!("not read: {reason}"))
            .help("put an ordinary file there, or raise `max-file-size` in errlore.toml");
    }
}
