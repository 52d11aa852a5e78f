//! An entry has lost more than a third of its text.
//!
//! # Why
//! A program that writes an entry anew, or a merge that went wrong, drops what people had found out. Looked at
//! only with `--since`, where there is an older version: the examples are an old and a new one.
//!
//! # Bad
//! ```json
//! [
//!   {"os_specific": {
//!     "linux": "Logs that nobody rotates fill the disk first, then images of containers that are idle.",
//!     "macos": "Snapshots of Time Machine hold what was deleted until the disk is nearly full.",
//!     "windows": "The folder of component versions grows with each update and is not emptied by itself.",
//!     "freebsd": "A dataset may have a quota of its own, and snapshots of it count as being used.",
//!     "solaris": "The swap file lies on the same pool, and a busy machine takes the last of it."
//!   }},
//!   {"os_specific": {}}
//! ]
//! ```
//!
//! # Good
//! ```json
//! [
//!   {"os_specific": {"linux": "Logs that nobody rotates fill the disk first."}},
//!   {"os_specific": {}}
//! ]
//! ```

use crate::diagnostic::Level;
use crate::diff::FactKind;
use crate::rule::{Check, Findings, Group, Revision, Rule};

pub(super) static RULE: Rule = Rule {
    id: "text-loss",
    group: Group::Change,
    level: Level::Warning,
    since: "0.1.0",
    source: include_str!("text_loss.rs"),
    check: Check::Change(check),
};

fn check(revision: &Revision, found: &mut Findings) {
    for fact in revision.facts(FactKind::TextLoss) {
        found
            .add(fact.pointer.clone(), fact.message.clone())
            .help("look at what went with `errlore diff`, and put back what still holds");
    }
}
