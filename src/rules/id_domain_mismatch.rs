//! The first segment of the id is not the entry's domain.
//!
//! # Why
//! Entries are filed and filtered by domain; the two must not tell different stories.
//!
//! # Bad
//! ```json
//! {"domain": "sample"}
//! ```
//!
//! # Good
//! ```json
//! {"domain": "example"}
//! ```

use crate::diagnostic::Level;
use crate::rule::{Check, EntryContext, Findings, Group, Rule};
use crate::{pointer, visible};

pub(super) static RULE: Rule = Rule {
    id: "id-domain-mismatch",
    group: Group::Id,
    level: Level::Error,
    since: "0.1.0",
    source: include_str!("id_domain_mismatch.rs"),
    check: Check::Entry(check),
};

fn check(cx: &EntryContext<'_>, found: &mut Findings) {
    let (id, domain) = (&cx.entry.id, cx.entry.domain.as_str());
    if id.is_empty() || domain.is_empty() || id.domain() == domain {
        return;
    }
    let message = format!(
        "the domain is {}, but the id begins with {}",
        visible::quote(domain),
        visible::quote(id.domain())
    );
    found.add(pointer!["domain"], message).also(pointer!["id"], "the id");
}
