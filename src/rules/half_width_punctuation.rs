//! Half-width punctuation stands between two characters of a Chinese text.
//!
//! # Why
//! Chinese is set with full-width marks: `，` and not `,`. Between Han characters the half-width ones
//! look like a slip, and a search for a phrase misses one of the two forms. A message is as its program
//! writes it, and so is what stands in quotes or as code; an English sentence about Chinese names keeps its
//! own marks. Brackets are a slip only as a pair, and nothing is one in an address, in `[]` or `{}`, or in the
//! brackets of a call. The fix is safe where the text has no ASCII but such marks.
//!
//! # Bad
//! ```json
//! {"root_cause_zh": "磁盘已满,无法写入。"}
//! ```
//! ```json
//! {"root_cause_zh": "磁盘(日志)已满。"}
//! ```
//!
//! # Good
//! ```json
//! {"root_cause_zh": "磁盘已满，无法写入 (ENOSPC)。日志里有 `错误:磁盘已满`。"}
//! ```
//! ```json
//! {"root_cause_zh": "文件 (例如日志) 已满。函数 f(参数,值)返回错误。见 http://例子.测试/路径,键:值。"}
//! ```
//! ```json
//! {"root_cause_zh": "数据库.表 不匹配 [^甲,乙]，也不是 Map{键:值}，调用 open(文件,模式)。"}
//! ```
//! ```json
//! {"root_cause": "The signs 避難所,避難場所 name two kinds of place.", "signature_zh": "错误:磁盘已满"}
//! ```

use std::ops::Range;

use crate::diagnostic::{Applicability, Level};
use crate::entry::Role;
use crate::fields::{CHINESE, ENTRY};
use crate::han::is_han;
use crate::rule::{At, Check, EntryContext, Findings, Group, Rule};

pub(super) static RULE: Rule = Rule {
    id: "half-width-punctuation",
    group: Group::Text,
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
        _ => return None,
    })
}

fn check(cx: &EntryContext<'_>, found: &mut Findings) {
    for text in cx.texts.iter().filter(|text| !text.text.is_ascii()) {
        let pointer = text.place.pointer();
        let says_message = text.translates.and_then(|(original, _)| ENTRY.field(original));
        let is_message = says_message.is_some_and(|field| field.role == Role::Message);
        let language = text.language().map_or(&*cx.entry.locale.0, |language| language.tag);
        let is_chinese = text.is_prose() && !is_message && language.starts_with(CHINESE.tag);
        if !is_chinese {
            continue;
        }
        let text_only = text.translates.is_some() && is_plain(text.text);
        let applicability = if text_only { Applicability::Safe } else { Applicability::Unsafe };
        for slip in slips(text.text) {
            let (now, new) = (&text.text[slip.range.clone()], slip.new);
            let now = now.trim_end_matches(' ');
            let message = match now.chars().count() {
                1 => format!("half-width `{now}` between Chinese characters"),
                _ => "half-width brackets around Chinese characters".to_owned(),
            };
            let (help, title) = match now.chars().count() {
                1 => (format!("write `{new}`"), format!("replace `{now}` with `{new}`")),
                _ => ("write `（` and `）`".to_owned(), "replace both brackets".to_owned()),
            };
            found.add(At::Within(pointer.clone(), slip.range), message).help(help).replace(
                applicability,
                new,
                title,
            );
        }
    }
}

/// A half-width mark, or a pair of brackets with what they hold, and what to write there.
struct Slip {
    range: Range<usize>,
    new: String,
}

/// Whether a text holds no more ASCII than marks of a sentence and blanks: any other may be a part of code or
/// of a name, and a dot without a blank joins names.
fn is_plain(text: &str) -> bool {
    let joins_names =
        |(at, _): (usize, &str)| text[at + 1..].starts_with(|c: char| !c.is_whitespace());
    text.chars().all(|c| !c.is_ascii() || " \t\n,.;:!?()".contains(c))
        && !text.match_indices('.').any(joins_names)
}

/// The half-width marks between Han characters, other than in code.
fn slips(text: &str) -> Vec<Slip> {
    let mut found = Vec::new();
    let verbatim = verbatim(text);
    let mut verbatim = verbatim.iter().peekable();
    // The brackets that are open: which they are, where, and whether they hold code.
    let mut open: Vec<(char, usize, bool)> = Vec::new();
    let mut codes = 0;
    let mut is_address = false;
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        let last = std::mem::replace(&mut before, c);
        while verbatim.next_if(|quoted| quoted.end <= at).is_some() {}
        if verbatim.peek().is_some_and(|quoted| quoted.contains(&at)) {
            continue;
        }
        is_address = text[at..].starts_with("://")
            || (is_address && !c.is_whitespace() && !is_full_width(c));
        let rest = &text[at + c.len_utf8()..];
        let behind = rest.trim_start_matches(' ');
        // A blank after the mark is a part of the half-width way to set it.
        let end = text.len() - behind.len();
        match c {
            '(' | '[' | '{' => {
                let is_code = c != '(' || last.is_ascii_alphanumeric() || last == '_';
                codes += usize::from(is_code);
                open.push((c, at, is_code));
            }
            ')' | ']' | '}' => {
                let opening = match c {
                    ')' => '(',
                    ']' => '[',
                    _ => '{',
                };
                let Some((_, start, is_code)) = open.pop_if(|(mark, ..)| *mark == opening) else {
                    continue;
                };
                codes -= usize::from(is_code);
                let inner = &text[start + 1..at];
                let is_followed = behind.is_empty() || rest.starts_with(is_full_width);
                let qualifies = text[..start].ends_with(is_han)
                    && inner.starts_with(is_han)
                    && inner.ends_with(is_han)
                    && (behind.starts_with(is_han) || is_followed);
                if c == ')' && qualifies && codes == 0 && !is_address {
                    let end = if is_followed { at + 1 } else { end };
                    found.push(Slip { range: start..end, new: format!("（{inner}）") });
                }
            }
            _ => {
                // A dot without a blank joins names.
                let is_mark = is_han(last)
                    && behind.starts_with(is_han)
                    && (c != '.' || rest.starts_with(' '));
                let full = full_width(c).filter(|_| is_mark && codes == 0 && !is_address);
                found.extend(full.map(|full| Slip { range: at..end, new: full.to_string() }));
            }
        }
    }
    found.sort_by_key(|slip| slip.range.start);
    found
}

/// Whether a character is a mark of Chinese text.
fn is_full_width(c: char) -> bool {
    "，。；：！？（）、《》「」“”…—".contains(c)
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
