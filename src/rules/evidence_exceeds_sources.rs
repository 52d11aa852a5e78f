//! The entry counts more pieces of evidence than it names sources.
//!
//! # Why
//! Evidence that nobody can look up cannot be checked. Each piece should have its address in a `sources`
//! list or in `official_doc_url`. Off unless the configuration turns it on: where evidence is counted
//! by other means, such as votes or reports, it speaks of almost every entry.
//!
//! # Bad
//! ```json
//! {"evidence_count": 40}
//! ```
//!
//! # Good
//! ```json
//! {"evidence_count": 1, "official_doc_url": "https://docs.example.org/disk"}
//! ```

use std::collections::HashSet;

use crate::diagnostic::Level;
use crate::entry::Role;
use crate::pointer;
use crate::rule::{Check, EntryContext, Findings, Group, Rule};

pub(super) static RULE: Rule = Rule {
    id: "evidence-exceeds-sources",
    group: Group::Rate,
    level: Level::Off,
    since: "0.1.0",
    source: include_str!("evidence_exceeds_sources.rs"),
    check: Check::Entry(check),
};

fn check(cx: &EntryContext<'_>, found: &mut Findings) {
    let urls: HashSet<&str> =
        cx.texts.iter().filter(|text| text.role == Role::Url).map(|text| text.text).collect();
    let evidence = cx.entry.evidence_count;
    if evidence > urls.len() as u64 {
        found
            .add(
                pointer!["evidence_count"],
                format!("the entry counts {evidence} and names {} sources", urls.len()),
            )
            .help("name the sources, or lower the count");
    }
}
