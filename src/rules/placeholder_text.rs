//! A text is a placeholder.
//!
//! # Why
//! `TODO` was meant to be replaced. A text that is not known is empty or null, not a word that says so.
//!
//! # Bad
//! ```json
//! {"root_cause": "TODO: find out"}
//! ```
//! ```json
//! {"dead_ends": [{"action": "N/A", "why_fails": "tbd", "fail_rate": 0.5}]}
//! ```
//!
//! # Good
//! ```json
//! {"root_cause": "The linter reports TODO comments in the file."}
//! ```

use crate::diagnostic::Level;
use crate::entry::Role;
use crate::rule::{Check, EntryContext, Findings, Group, Rule};

pub(super) static RULE: Rule = Rule {
    id: "placeholder-text",
    group: Group::Text,
    level: Level::Error,
    since: "0.1.0",
    source: include_str!("placeholder_text.rs"),
    check: Check::Entry(check),
};

/// Texts that stand for none, in lower case without marks around them.
const WHOLE: &[&str] = &[
    "",
    "todo",
    "tbd",
    "tba",
    "to be determined",
    "to be done",
    "fixme",
    "xxx",
    "n/a",
    "n / a",
    "n.a",
    "na",
    "not applicable",
    "none",
    "null",
    "nil",
    "undefined",
    "unknown",
    "placeholder",
    "lorem ipsum",
    "string",
    "text",
    "test",
    "foo",
    "bar",
    "asdf",
    "待补充",
    "待填写",
    "待定",
    "未知",
    "同上",
    "无",
    "暂无",
    "略",
];

fn check(cx: &EntryContext<'_>, found: &mut Findings) {
    for text in cx.texts {
        // A message may be `null`; what a person wrote may not.
        let is_placeholder = match text.role {
            Role::Message => begins(text.text),
            Role::Prose | Role::Action => begins(text.text) || is_whole(text.text),
            _ => false,
        };
        if is_placeholder {
            found
                .add(text.place.pointer(), "the text is a placeholder")
                .help("write what it stands for, or leave the field out");
        }
    }
}

fn is_whole(text: &str) -> bool {
    /// No placeholder is longer, whatever marks it wears.
    const LONGEST: usize = 60;
    if text.len() > LONGEST {
        return false;
    }
    let marks = |c: char| c.is_whitespace() || "<>[](){}.,:;-–—_…?!*/#`\"'".contains(c);
    let bare = text.trim_matches(marks).to_lowercase();
    // `<root cause>` and `{{root_cause}}` are parts of a template.
    let template = (text.starts_with("{{") && text.ends_with("}}")) || text.starts_with("[insert ");
    template || WHOLE.contains(&bare.as_str())
}

/// Whether a text begins with a note to its author, such as `TODO: find out` or `// FIXME(ann) why`.
fn begins(text: &str) -> bool {
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || "[(/#*".contains(c));
    let word_end = text.find(|c: char| !c.is_alphabetic()).unwrap_or(text.len());
    let (word, rest) = text.split_at(word_end);
    let noted = rest.starts_with([':', '(', ']', '：']) || rest.starts_with(" -");
    match word {
        "TODO" | "FIXME" | "TBD" | "XXX" => noted || (word != "TODO" && rest.starts_with(' ')),
        "todo" | "Todo" | "fixme" | "tbd" => rest.starts_with([':', '：']),
        _ => text.starts_with("Lorem ipsum"),
    }
}
