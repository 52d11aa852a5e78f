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

use crate::diagnostic::{Applicability, Level};
use crate::entry::Role;
use crate::rule::{Check, EntryContext, Findings, Group, Rule};

pub(super) static RULE: Rule = Rule {
    id: "not-normalized",
    group: Group::Text,
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
        let is_message = text.role == Role::Message;
        let is_found = |message| cx.pattern_finds(message) == Some(true);
        let is_needed = is_message && is_found(text.text) && !is_found(&composed);
        let finding = found
            .add(text.place.pointer(), "the text is not in Unicode normalization form C")
            .help("compose its characters");
        if !is_needed {
            // The pattern may look for the message as it is.
            let applicability =
                if is_message { Applicability::Unsafe } else { Applicability::Safe };
            finding.replace(applicability, composed, "normalize the text");
        }
    }
}
