//! A text has lost a part: a shell has expanded a `$name` to nothing or left a `\!`, a cut ended it in the
//! middle of a word, or a character stands for what could not be read.
//!
//! # Why
//! `proxy_pass $backend;` that went through a double-quoted shell string is `proxy_pass ;`, and whoever
//! copies it breaks a server. What such damage leaves: two blanks where a name was, a blank before a
//! semicolon, an option at the end with its value gone, `\!`, a text that is the beginning of another one
//! beside it and stops within a word. U+FFFD is what a program writes for bytes that it cannot decode, U+FFFC
//! for a picture or a field in a copied page.
//!
//! # Bad
//! ```json
//! {"workarounds": [{"action": "Set the zone: limit_req_zone  zone=one:20m", "success_rate": 0.9}]}
//! ```
//! ```json
//! {
//!   "workarounds": [{"action": "Log in first", "success_rate": 0.9, "how": "docker login -u  -p token"}]
//! }
//! ```
//! ```json
//! {"root_cause": "The path of the b\ufffdcher folder is not UTF-8."}
//! ```
//! ```json
//! {"root_cause": "The check if (\\!ok) is wrong."}
//! ```
//! ```json
//! {
//!   "workarounds": [
//!     {
//!       "action": "Increase the size of the vol",
//!       "success_rate": 0.9,
//!       "how": "Increase the size of the volume with lvextend."
//!     }
//!   ]
//! }
//! ```
//! ```json
//! {"workarounds": [{"action": "Set the backend", "success_rate": 0.9, "how": "proxy_pass ;"}]}
//! ```
//!
//! # Good
//! ```json
//! {
//!   "workarounds": [
//!     {"action": "List them", "success_rate": 0.9, "how": "find /tmp \\! -user root"},
//!     {"action": "Build it again", "success_rate": 0.9, "how": "cd my_app ; make clean_all ; make"}
//!   ]
//! }
//! ```
//! ```json
//! {
//!   "workarounds": [
//!     {
//!       "action": "Set the zone",
//!       "success_rate": 0.9,
//!       "how": "limit_req_zone $key zone=one:20m;  # in http {}"
//!     }
//!   ]
//! }
//! ```

use std::ops::Range;

use crate::diagnostic::Level;
use crate::pointer;
use crate::rule::{At, Check, EntryContext, Findings, Group, Rule};

pub(super) static RULE: Rule = Rule {
    id: "damaged-text",
    group: Group::Text,
    level: Level::Warning,
    since: "0.1.0",
    source: include_str!("damaged_text.rs"),
    check: Check::Entry(check),
};

/// A shorter text may well be the beginning of another one.
const FEWEST_WORDS: usize = 4;

fn check(cx: &EntryContext<'_>, found: &mut Findings) {
    for text in cx.texts.iter().filter(|text| !text.text.is_ascii()) {
        let lost = |(_, c): &(usize, char)| matches!(c, '\u{fffc}' | '\u{fffd}');
        if let Some((at, c)) = text.text.char_indices().find(lost) {
            let what = format!("U+{:04X} stands for what could not be read", u32::from(c));
            found
                .add(
                    At::Within(text.place.pointer(), at..at + c.len_utf8()),
                    "the text may have lost a part",
                )
                .label(what)
                .help("restore it from where it came from");
        }
    }
    for text in cx.texts.iter().filter(|text| text.is_prose() && text.language().is_none()) {
        if let Some((range, label)) = damage(text.text) {
            found
                .add(At::Within(text.place.pointer(), range), "the text may have lost a part")
                .label(label)
                .help("restore it from where it came from");
        }
    }
    for (index, workaround) in cx.entry.workarounds.iter().enumerate() {
        let (action, how) = (&workaround.action, &workaround.how);
        for (short, long, field) in [(action, how, "action"), (how, action, "how")] {
            // Only scripts that set blanks between words show where one ends.
            let letter = |c: char| c.is_ascii_alphabetic();
            let is_cut = short.ends_with(letter)
                && short.split_whitespace().count() >= FEWEST_WORDS
                && long.strip_prefix(short.as_str()).is_some_and(|rest| rest.starts_with(letter));
            if is_cut {
                found
                    .add(
                        pointer!["workarounds", index, field],
                        "the text stops in the middle of a word",
                    )
                    .help("restore the rest, or say it in other words");
            }
        }
    }
}

/// Where a text shows that a shell went over it, and how.
fn damage(text: &str) -> Option<(Range<usize>, &'static str)> {
    // Between blanks it is an operator of `find` and `test`.
    let is_operator = |at: usize| text[..at].ends_with(' ') && text[at + 2..].starts_with(' ');
    if let Some((at, _)) = text.match_indices("\\!").find(|(at, _)| !is_operator(*at)) {
        return Some((at..at + 2, "a shell's escape was left"));
    }
    // Blanks in code of several lines, or with line breaks spelled out, are layout.
    if text.contains('\n') || text.contains("\\n") {
        return None;
    }
    let mut blanks = text.match_indices("  ").filter(|(at, _)| !text[..*at].ends_with(' '));
    let hole = blanks.find(|(at, _)| {
        let (before, after) = (&text[..*at], text[*at..].trim_start());
        let last_word = before.rsplit(' ').next().unwrap_or_default();
        let next_word = after.split(' ').next().unwrap_or_default();
        let operator = |word: &str| {
            word != "/"
                && !word.is_empty()
                && !word.contains(|c: char| c.is_alphanumeric() || "\"'".contains(c))
        };
        let layout = |word: &str| {
            matches!(word, "or" | "and" | "vs" | "then")
                || COMMENT.iter().any(|mark| word.starts_with(mark))
                || word.is_empty()
        };
        let joins =
            |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '"' | '\'' | '=' | '(');
        let run = text[*at..].len() - after.len();
        run == 2
            && !layout(last_word)
            && !layout(next_word)
            && !operator(next_word)
            && !operator(last_word)
            && before.ends_with(joins)
    });
    if let Some((at, _)) = hole {
        return Some((at..at + 2, "two blanks: was something lost here?"));
    }
    // A directive that is all of a line may have had a value; a command in a row of them has not.
    if let Some(line) = text.trim_end().strip_suffix(" ;") {
        let directive = line.trim_start().split(' ').next().unwrap_or_default();
        if directive.contains('_') && directive.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')
        {
            return Some((line.len()..line.len() + 2, "something is missing here"));
        }
    }
    let option = text.trim_end().rsplit(' ').next().unwrap_or_default();
    let cut = text.trim_end().len();
    (text.ends_with(' ') && option.starts_with('-') && option.len() > 1)
        .then_some((cut..text.len(), "the value of the option is missing"))
}

/// What a comment or a prompt begins with: blanks before it are layout.
const COMMENT: &[&str] = &["#", "//", "/*", "<!--", "--", "→", "=>", "|", ";", "%", "*", "•"];
