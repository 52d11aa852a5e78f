//! A text is not in Unicode Normalization Form C.
//!
//! # Why
//! `é` as one character and as `e` with an accent look the same and compare as different. Patterns are
//! left alone.
//!
//! # Bad
//! ```json
//! {"root_cause": "The cafe\u0301 is closed."}
//! ```
//!
//! # Good
//! ```json
//! {"root_cause": "The caf\u00e9 is closed."}
//! ```

use unicode_normalization::{UnicodeNormalization, is_nfc};

use crate::config::Level;
use crate::diagnostic::Applicability;
use crate::entry::Role;
use crate::rule::{Check, EntryContext, Findings, Rule};

pub(super) static RULE: Rule = Rule {
    id: "not-normalized",
    level: Level::Warning,
    since: "0.1.0",
    source: include_str!("not_normalized.rs"),
    check: Check::Entry(check),
};

fn check(cx: &EntryContext<'_>, found: &mut Findings) {
    for text in cx.texts.iter().filter(|text| text.role != Role::Pattern && !text.text.is_ascii()) {
        if is_nfc(text.text) {
            continue;
        }
        let composed: String = text.text.nfc().collect();
        // The pattern may look for the message as it is.
        let applicability =
            if text.role == Role::Message { Applicability::Unsafe } else { Applicability::Safe };
        found
            .add(text.place.pointer(), "the text is not in Unicode normalization form C")
            .help("compose its characters")
            .replace(applicability, composed, "normalize the text");
    }
}
