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
        // In code, and in a message that the pattern looks for, a mark may mean something.
        let plain = text.role == Role::Chinese && !text.text.contains(['`', '"', '\'', '=']);
        let applicability = if plain { Applicability::Safe } else { Applicability::Unsafe };
        let chars: Vec<(usize, char)> = text.text.char_indices().collect();
        for window in chars.windows(3) {
            let [(_, before), (at, mark), (next, after)] = *window else { continue };
            let Some(full) = full_width(mark).filter(|_| is_han(before)) else { continue };
            // A blank after the mark is a part of the half-width way to set it.
            let rest = &text.text[next..];
            let behind = rest.trim_start_matches(' ');
            let end = next + rest.len() - behind.len();
            if !behind.starts_with(is_han) || (mark == '(' && after == ' ') {
                continue;
            }
            found
                .add(
                    At::Within(text.place.pointer(), at..end),
                    format!("half-width `{mark}` between Chinese characters"),
                )
                .help(format!("write `{full}`"))
                .replace(applicability, full, format!("replace `{mark}` with `{full}`"));
        }
    }
}
