//! A text holds a control character, or one that cannot be seen.
//!
//! # Why
//! Terminals obey control characters: an escape in a text can clear the screen or hide what follows.
//! Zero-width characters make two texts that look the same differ. Line feeds and tabs are allowed where
//! a text may run over lines.
//!
//! # Bad
//! ```json
//! {"root_cause": "The disk is \u001b[1mfull\u001b[0m."}
//! ```
//! ```json
//! {"category": "resource\u200b_error"}
//! ```
//!
//! # Good
//! ```json
//! {"root_cause": "The disk is full:\ndf shows 100 %."}
//! ```

use crate::config::Level;
use crate::diagnostic::Applicability;
use crate::entry::Role;
use crate::rule::{At, Check, EntryContext, Findings, Rule};

pub(super) static RULE: Rule = Rule {
    id: "control-character",
    level: Level::Error,
    since: "0.1.0",
    source: include_str!("control_character.rs"),
    check: Check::Entry(check),
};

/// What has no shape of its own: controls, zero-width characters, fillers, tags (Unicode 16).
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}'
                | '\u{34f}'
                | '\u{115f}'
                | '\u{1160}'
                | '\u{180e}'
                | '\u{200b}'
                | '\u{2028}'
                | '\u{2029}'
                | '\u{2060}'..='\u{2064}'
                | '\u{206a}'..='\u{206f}'
                | '\u{2800}'
                | '\u{3164}'
                | '\u{feff}'
                | '\u{ffa0}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

fn check(cx: &EntryContext<'_>, found: &mut Findings) {
    for text in cx.texts {
        // Most texts are nothing but printable ASCII; a look at the bytes says so.
        if text.text.bytes().fold(true, |all, byte| all & (0x20..0x7f).contains(&byte)) {
            continue;
        }
        let lines = matches!(text.role, Role::Message | Role::Prose | Role::Chinese);
        // Joiners shape words of some scripts and emoji; a name has no use for them.
        let joins = |c: char| text.role == Role::Name && matches!(c, '\u{200c}' | '\u{200d}');
        let wrong = |c: char| joins(c) || is_hidden(c) && !(lines && (c == '\n' || c == '\t'));
        let mut hits = text.text.char_indices().filter(|(_, c)| wrong(*c));
        // One finding a text: a damaged one is full of them.
        if let Some((at, c)) = hits.next() {
            let more = match hits.count() {
                0 => String::new(),
                count => format!(" and {count} more"),
            };
            let clean: String = text.text.chars().filter(|c| !wrong(*c)).collect();
            let name = format!("U+{:04X}", u32::from(c));
            found
                .add(
                    At::Within(text.place.pointer(), at..at + c.len_utf8()),
                    format!("a character that cannot be seen ({name}){more}"),
                )
                .help("remove it, or write what it was meant to be")
                .replace_whole(Applicability::Unsafe, clean, "remove what cannot be seen");
        }
    }
}
