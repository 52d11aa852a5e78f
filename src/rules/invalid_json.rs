//! The file is not JSON (RFC 8259).
//!
//! # Why
//! Nobody can read the entry. Comments, trailing commas, single quotes, byte order marks and other
//! encodings than UTF-8 are refused: some readers take them, most do not.
//!
//! # Bad
//! ```text
//! {"id": "example/disk-full",}
//! ```
//!
//! # Good
//! ```json
//! {}
//! ```

use crate::diagnostic::{Edit, Level};
use crate::pointer::JsonPointer;
use crate::rule::{At, Check, DocumentContext, Findings, Group, Rule};

pub(super) static RULE: Rule = Rule {
    id: "invalid-json",
    group: Group::File,
    level: Level::Error,
    since: "0.1.0",
    source: include_str!("invalid_json.rs"),
    check: Check::Document(check),
};

fn check(cx: &DocumentContext<'_>, found: &mut Findings) {
    for fault in &cx.document.syntax {
        let at = At::Text(JsonPointer::root(), fault.span);
        let finding = found.add(at, fault.message.clone());
        if let Some(help) = fault.help {
            finding.help(help);
        }
        if let Some((span, text)) = &fault.related {
            finding.also(At::Text(JsonPointer::root(), *span), text.clone());
        }
        if cx.document.source.text()[fault.span.range()] == *"\u{feff}" {
            let edit = Edit { span: fault.span, text: String::new() };
            finding.rewrite(vec![edit], "remove the byte order mark");
        }
    }
}
