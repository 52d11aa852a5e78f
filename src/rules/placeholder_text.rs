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

use crate::config::Level;
use crate::entry::Role;
use crate::rule::{Check, EntryContext, Findings, Rule};

pub(super) static RULE: Rule = Rule {
    id: "placeholder-text",
    level: Level::Error,
    since: "0.1.0",
    source: include_str!("placeholder_text.rs"),
    check: Check::Entry(check),
};

/// Texts that stand for none, in lower case without marks around them.
const WHOLE: &[&str] = &[
    "", "todo", "tbd", "tba", "fixme", "xxx", "n/a", "na", "none", "null", "nil", "undefined", "unknown",
    "placeholder", "lorem ipsum", "string", "text", "test", "foo", "bar", "asdf", "待补充", "待定", "无", "暂无",
];

fn check(cx: &EntryContext<'_>, found: &mut Findings) {
    for text in cx.texts.iter().filter(|text| matches!(text.role, Role::Message | Role::Prose | Role::Chinese)) {
        let marks = |c: char| c.is_whitespace() || "<>[](){}.,:;-_…?!*`\"'".contains(c);
        let bare = text.text.trim_matches(marks).to_lowercase();
        let begins = ["TODO:", "FIXME:", "TBD:", "XXX:", "Lorem ipsum"].iter().any(|word| text.text.starts_with(word));
        if begins || WHOLE.contains(&bare.as_str()) {
            found
                .add(text.place.pointer(), "the text is a placeholder")
                .help("write what it stands for, or leave the field out");
        }
    }
}
