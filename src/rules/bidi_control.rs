//! A text holds a bidirectional control: it shows otherwise than it reads.
//!
//! # Why
//! Such a character reorders what a person sees, not what a program runs: a command in an entry can look
//! harmless and be another ("Trojan Source", CVE-2021-42574). The marks for left and right are allowed in
//! texts with letters that run from right to left.
//!
//! # Bad
//! ```json
//! {"root_cause": "Run \u202etxt.exe\u202c now."}
//! ```
//!
//! # Good
//! ```json
//! {"root_cause": "Run exe.txt now."}
//! ```

use crate::diagnostic::{Applicability, Level};
use crate::rule::{At, Check, EntryContext, Findings, Group, Rule};
use crate::visible::is_bidi_control;

pub(super) static RULE: Rule = Rule {
    id: "bidi-control",
    group: Group::Text,
    level: Level::Error,
    since: "0.1.0",
    source: include_str!("bidi_control.rs"),
    check: Check::Entry(check),
};

fn check(cx: &EntryContext<'_>, found: &mut Findings) {
    for text in cx.texts.iter().filter(|text| !text.text.is_ascii()) {
        let right_to_left = text.text.contains(is_right_to_left);
        let wrong = |c: char| {
            is_bidi_control(c)
                && !(right_to_left && matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}'))
        };
        if let Some((at, c)) = text.text.char_indices().find(|(_, c)| wrong(*c)) {
            let clean: String = text.text.chars().filter(|c| !wrong(*c)).collect();
            let name = format!("U+{:04X}", u32::from(c));
            found
                .add(
                    At::Within(text.place.pointer(), at..at + c.len_utf8()),
                    format!("a bidirectional control ({name}) reorders what is shown"),
                )
                .help("remove it and read the text again")
                .replace_whole(Applicability::Unsafe, clean, "remove the bidirectional controls");
        }
    }
}

/// Letters that run from right to left: the ranges of Hebrew, Arabic and their neighbours.
fn is_right_to_left(c: char) -> bool {
    c != '\u{61c}'
        && matches!(
            c,
            '\u{590}'..='\u{8ff}'
                | '\u{fb1d}'..='\u{fdff}'
                | '\u{fe70}'..='\u{fefc}'
                | '\u{10800}'..='\u{10fff}'
                | '\u{1e800}'..='\u{1efff}'
        )
}
