//! A text holds a control character, one that cannot be seen, or in code a blank that is not U+0020.
//!
//! # Why
//! Terminals obey control characters: an escape in a text can clear the screen or hide what follows.
//! Zero-width characters make two texts that look the same differ, and noncharacters (U+FFFF) are no text at
//! all. Line feeds and tabs are allowed where a text may run over lines. A no-break space that came along
//! from a web page is a blank to readers and a letter to a shell: the command is not found. Code is the steps
//! of an item, whatever stands between backticks, names, addresses and the pattern, unless the message has
//! the same blank.
//!
//! # Bad
//! ```json
//! {"root_cause": "The disk is \u001b[1mfull\u001b[0m."}
//! ```
//! ```json
//! {"category": "resource\u200b_error"}
//! ```
//! ```json
//! {"root_cause": "Run `df\u00a0-h` to see it."}
//! ```
//!
//! # Good
//! ```json
//! {"root_cause": "The disk is full:\ndf shows 100 %."}
//! ```

use std::collections::HashSet;

use crate::diagnostic::{Applicability, Level, Severity};
use crate::entry::{Role, Text};
use crate::han::is_wide;
use crate::rule::{At, Check, EntryContext, Findings, Group, Rule};
use crate::visible::{code_point, is_invisible, is_other_blank};

pub(super) static RULE: Rule = Rule {
    id: "control-character",
    group: Group::Text,
    level: Level::Error,
    since: "0.1.0",
    source: include_str!("control_character.rs"),
    check: Check::Entry(check),
};

fn check(cx: &EntryContext<'_>, found: &mut Findings) {
    for text in cx.texts {
        // Most texts are nothing but printable ASCII; a look at the bytes says so.
        if text.text.bytes().fold(true, |all, byte| all & (0x20..0x7f).contains(&byte)) {
            continue;
        }
        let lines = text.role == Role::Message || text.is_prose();
        // Joiners shape words of some scripts and emoji; a name has no use for them.
        let joins = |c: char| text.role == Role::Name && matches!(c, '\u{200c}' | '\u{200d}');
        let wrong = |c: char| joins(c) || is_invisible(c) && !(lines && (c == '\n' || c == '\t'));
        let blanks = blanks_in_code(text, &cx.entry.signature);
        let hits = text.text.char_indices().filter(|(at, c)| wrong(*c) || blanks.contains(at));
        // One finding a text: a damaged one is full of them.
        let hits: Vec<(usize, char)> = hits.collect();
        let Some(&(at, c)) = hits.first() else { continue };
        let more = match hits.len() - 1 {
            0 => String::new(),
            count => format!(" and {count} more"),
        };
        let is_blank = is_other_blank(c);
        let what = if is_blank { "a blank that is none to a program" } else { UNSEEN };
        let name = code_point(c);
        let mut clean = String::with_capacity(text.text.len());
        for (at, c) in text.text.char_indices() {
            match c {
                _ if blanks.contains(&at) => clean.push(' '),
                c if wrong(c) => {}
                c => clean.push(c),
            }
        }
        let at = At::Within(text.place.pointer(), at..at + c.len_utf8());
        let finding = found.add(at, format!("{what} ({name}){more}"));
        if is_blank {
            finding.at_most(Severity::Warning);
        }
        let (help, title) = if is_blank {
            ("write a plain blank", "write plain blanks")
        } else {
            ("remove it, or write what it was meant to be", "remove what cannot be seen")
        };
        finding.help(help).replace_whole(Applicability::Unsafe, clean, title);
    }
}

const UNSEEN: &str = "a character that cannot be seen";

/// Where the code in a text has blanks that only look like U+0020.
fn blanks_in_code(text: &Text<'_>, signature: &str) -> HashSet<usize> {
    if !text.text.contains(is_other_blank) {
        return HashSet::new();
    }
    let is_steps = text.role == Role::Action && text.place.pointer().as_str().ends_with("/how");
    let last_mark = text.text.rfind('`').unwrap_or_default();
    let (mut blanks, mut marks, mut before) = (HashSet::new(), 0, ' ');
    for (at, c) in text.text.char_indices() {
        marks += usize::from(c == '`');
        let is_code = match text.role {
            _ if !is_other_blank(c) => false,
            Role::Name | Role::Url => true,
            Role::Pattern => !signature.contains(c),
            Role::Prose | Role::Action if marks % 2 == 1 && at < last_mark => true,
            // Sentences in Chinese set blanks of their own width.
            Role::Prose | Role::Action => {
                is_steps && !is_wide(before) && !text.text[at + c.len_utf8()..].starts_with(is_wide)
            }
            _ => false,
        };
        if is_code {
            blanks.insert(at);
        }
        before = c;
    }
    blanks
}
