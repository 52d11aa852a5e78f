//! Half-width punctuation stands between two Chinese characters.
//!
//! # Why
//! Chinese is set with full-width marks: `，` and not `,`. Between Han characters the half-width ones
//! look like a slip, and a search for a phrase misses one of the two forms.
//!
//! # Bad
//! ```json
//! {"root_cause_zh": "磁盘已满,无法写入。"}
//! ```
//!
//! # Good
//! ```json
//! {"root_cause_zh": "磁盘已满，无法写入 (ENOSPC)。"}
//! ```

use crate::config::Level;
use crate::diagnostic::Applicability;
use crate::entry::Role;
use crate::han::is_han;
use crate::rule::{At, Check, EntryContext, Findings, Rule};

pub(super) static RULE: Rule = Rule {
    id: "half-width-punctuation",
    level: Level::Note,
    since: "0.1.0",
    source: include_str!("half_width_punctuation.rs"),
    check: Check::Entry(check),
};

/// The full-width form of a mark.
fn full_width(mark: char) -> Option<char> {
    Some(match mark {
        ',' => '，',
        '.' => '。',
        ';' => '；',
        ':' => '：',
        '!' => '！',
        '?' => '？',
        '(' => '（',
        ')' => '）',
        _ => return None,
    })
}

fn check(cx: &EntryContext<'_>, found: &mut Findings) {
    for text in cx.texts.iter().filter(|text| !text.text.is_ascii()) {
        if matches!(text.role, Role::Pattern | Role::Url) {
            continue;
        }
        let chars: Vec<(usize, char)> = text.text.char_indices().collect();
        for window in chars.windows(3) {
            let [(_, before), (at, mark), (_, after)] = *window else { continue };
            let Some(full) = full_width(mark).filter(|_| is_han(before) && is_han(after)) else { continue };
            let range = at..at + mark.len_utf8();
            found
                .add(At::Within(text.place.pointer(), range), format!("half-width `{mark}` between Chinese characters"))
                .help(format!("write `{full}`"))
                .replace(Applicability::Safe, full, format!("replace `{mark}` with `{full}`"));
        }
    }
}
