//! Half-width punctuation stands between two characters of a Chinese text.
//!
//! # Why
//! Chinese is set with full-width marks: `，` and not `,`. Between Han characters the half-width ones
//! look like a slip, and a search for a phrase misses one of the two forms. A message is as its program
//! writes it, and so is what stands in quotes or as code; an English sentence about Chinese names keeps its
//! own marks.
//!
//! # Bad
//! ```json
//! {"root_cause_zh": "磁盘已满,无法写入。"}
//! ```
//!
//! # Good
//! ```json
//! {"root_cause_zh": "磁盘已满，无法写入 (ENOSPC)。日志里有 `错误:磁盘已满`。"}
//! ```
//! ```json
//! {"root_cause": "The signs 避難所,避難場所 name two kinds of place.", "signature_zh": "错误:磁盘已满"}
//! ```

use std::ops::Range;

use crate::config::Level;
use crate::diagnostic::Applicability;
use crate::entry::Role;
use crate::han::is_han;
use crate::pointer;
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
        let pointer = text.place.pointer();
        let is_chinese = match text.role {
            Role::Chinese => pointer != pointer!["signature_zh"],
            Role::Prose => cx.entry.locale.0.starts_with("zh"),
            _ => false,
        };
        if !is_chinese {
            continue;
        }
        // What is set equal to something may be code without a mark of it.
        let plain = text.role == Role::Chinese && !text.text.contains(['`', '"', '\'', '=']);
        let applicability = if plain { Applicability::Safe } else { Applicability::Unsafe };
        let verbatim = verbatim(text.text);
        let chars: Vec<(usize, char)> = text.text.char_indices().collect();
        for window in chars.windows(3) {
            let [(_, before), (at, mark), (next, after)] = *window else { continue };
            let Some(full) = full_width(mark).filter(|_| is_han(before)) else { continue };
            // A blank after the mark is a part of the half-width way to set it.
            let rest = &text.text[next..];
            let behind = rest.trim_start_matches(' ');
            let end = next + rest.len() - behind.len();
            if !behind.starts_with(is_han)
                || (mark == '(' && after == ' ')
                || verbatim.iter().any(|quoted| quoted.contains(&at))
            {
                continue;
            }
            found
                .add(
                    At::Within(pointer.clone(), at..end),
                    format!("half-width `{mark}` between Chinese characters"),
                )
                .help(format!("write `{full}`"))
                .replace(applicability, full, format!("replace `{mark}` with `{full}`"));
        }
    }
}

/// What stands in quotes or between backquotes: code, and what a program says.
fn verbatim(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(open) = text[at..].find(['`', '"', '\'', '“', '‘', '「']).map(|start| at + start)
    {
        let mark = text[open..].chars().next().unwrap_or_default();
        let close = match mark {
            '“' => '”',
            '‘' => '’',
            '「' => '」',
            same => same,
        };
        let inside = open + mark.len_utf8();
        at = match text[inside..].find(close) {
            Some(end) => {
                found.push(inside..inside + end);
                inside + end + close.len_utf8()
            }
            None => inside,
        };
    }
    found
}
