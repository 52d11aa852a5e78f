//! Something among the entries is not read, though a reader may take it for an entry: a link, a hidden file,
//! a name that does not end in `.json`, a file that is too large, a configuration.
//!
//! # Why
//! A link can lead out of the knowledge base and a pipe never ends, so neither is followed. A file above
//! `max-file-size` is no entry. Of `disk.JSON`, `.disk.json`, `disk.json5` and `disk.json ` some programs read
//! what others pass over. An errlore.toml among the entries could switch the rules off for them, so it rules
//! over nothing. What is not read is not checked, and that must not go unseen.
//!
//! # Bad
//! ```text
//! entries/example/disk-full.json -> /etc/hostname
//! entries/shared -> ../docs/shared
//! entries/example/disk-full.JSON
//! entries/example/.disk-full.json
//! entries/example/errlore.toml
//! ```
//!
//! # Good
//! An ordinary file below the limit whose name ends in `.json` and does not begin with a dot.

use crate::diagnostic::Level;
use crate::pointer::JsonPointer;
use crate::rule::{Check, DocumentContext, Findings, Group, Rule};

pub(super) static RULE: Rule = Rule {
    id: "unread-file",
    group: Group::File,
    level: Level::Error,
    since: "0.1.0",
    source: include_str!("unread_file.rs"),
    check: Check::Document(check),
};

fn check(cx: &DocumentContext<'_>, found: &mut Findings) {
    if let Some(reason) = cx.document.unread {
        found.add(JsonPointer::root(), format!("not read: {reason}")).help(reason.help());
    }
}
