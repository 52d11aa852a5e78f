//! An address is http where https would do.
//!
//! # Why
//! What comes over http can be changed on the way: a bad thing for instructions that people run.
//!
//! # Bad
//! ```json
//! {"official_doc_url": "http://docs.example.org/disk"}
//! ```
//!
//! # Good
//! ```json
//! {"official_doc_url": "https://docs.example.org/disk"}
//! ```

use crate::diagnostic::{Applicability, Level};
use crate::entry::Role;
use crate::rule::{Check, EntryContext, Findings, Group, Rule};
use crate::web;

pub(super) static RULE: Rule = Rule {
    id: "insecure-url",
    group: Group::Url,
    level: Level::Note,
    since: "0.1.0",
    source: include_str!("insecure_url.rs"),
    check: Check::Entry(check),
};

fn check(cx: &EntryContext<'_>, found: &mut Findings) {
    for text in cx.texts.iter().filter(|text| text.role == Role::Url) {
        let scheme = text.text.split("://").next().unwrap_or_default();
        if scheme.eq_ignore_ascii_case("http")
            && web::fault(text.text).is_none()
            && text.text.len() > scheme.len()
        {
            let secure = format!("https{}", &text.text[scheme.len()..]);
            found
                .add(text.place.pointer(), "the address is not secure")
                .help("use https if the site has it")
                .replace(Applicability::Unsafe, secure, "use https");
        }
    }
}
