//! An address is not http or https, names a host that only exists for the one who wrote it, or carries
//! credentials.
//!
//! # Why
//! Readers click on it and programs fetch it. `file:` and `javascript:` have no place in a source, a
//! loopback, private or link-local host answers with something else on every machine, and a user name with
//! a password has been published. Hosts are understood as browsers do (WHATWG URL Standard): `127.1`,
//! `0x7f000001`, `[::ffff:7f00:1]` and full-width digits are all 127.0.0.1.
//!
//! # Bad
//! ```json
//! {"official_doc_url": "ftp://docs.example.org/disk"}
//! ```
//! ```json
//! {"official_doc_url": "https://2130706433/"}
//! ```
//! ```json
//! {"official_doc_url": "https://user:secret@docs.example.org/"}
//! ```
//!
//! # Good
//! ```json
//! {"official_doc_url": "https://docs.example.org/disk"}
//! ```

use crate::diagnostic::Level;
use crate::entry::Role;
use crate::rule::{Check, EntryContext, Findings, Group, Rule};
use crate::web;

pub(super) static RULE: Rule = Rule {
    id: "unsafe-url",
    group: Group::Url,
    level: Level::Error,
    since: "0.1.0",
    source: include_str!("unsafe_url.rs"),
    check: Check::Entry(check),
};

fn check(cx: &EntryContext<'_>, found: &mut Findings) {
    for text in cx.texts.iter().filter(|text| text.role == Role::Url) {
        if let Some(fault) = web::fault(text.text) {
            let help = if fault.contains("credentials") {
                "remove them, and change them: they have been published"
            } else {
                "name a public page that everyone can reach"
            };
            found.add(text.place.pointer(), fault).help(help);
        }
    }
}
