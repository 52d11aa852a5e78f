//! A value breaks `schema/entry.schema.json`, or a required key is missing.
//!
//! # Why
//! The schema is the contract with everyone who reads the knowledge base.
//!
//! # Bad
//! ```json
//! {"first_seen": "2023-02-30"}
//! ```
//! ```json
//! {"root_cause": null}
//! ```
//! ```json
//! {"workarounds": [{"action": "Free some space", "success_rate": 90}]}
//! ```
//!
//! # Good
//! ```json
//! {"first_seen": "2023-02-28"}
//! ```

use crate::diagnostic::Level;
use crate::rule::{At, Check, DocumentContext, Findings, Group, Rule};
use crate::schema::Part;

pub(super) static RULE: Rule = Rule {
    id: "schema-violation",
    group: Group::Schema,
    level: Level::Error,
    since: "0.1.0",
    source: include_str!("schema_violation.rs"),
    check: Check::Document(check),
};

fn check(cx: &DocumentContext<'_>, found: &mut Findings) {
    for violation in &cx.document.violations {
        let pointer = violation.pointer.clone();
        let at = match violation.part {
            Part::Value => At::Value(pointer),
            Part::Opening => At::Opening(pointer),
            // `unknown-key` says this one.
            Part::UnknownKey => continue,
        };
        let finding = found.add(at, violation.message.clone());
        if let Some(help) = &violation.help {
            finding.help(help.clone());
        }
    }
}
