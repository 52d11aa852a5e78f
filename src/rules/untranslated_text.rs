//! A Chinese field holds no Chinese, or the same text as the field beside it.
//!
//! # Why
//! A reader who asked for Chinese gets English and believes it is all there is. An empty field says that
//! the translation is missing; a copied one hides it.
//!
//! # Bad
//! ```json
//! {"root_cause_zh": "The volume that holds the file has no free blocks left."}
//! ```
//! ```json
//! {"workarounds_zh": ["Free some space"]}
//! ```
//!
//! # Good
//! ```json
//! {"root_cause_zh": "文件所在的卷没有空闲块。", "workarounds_zh": ["释放一些空间。"]}
//! ```

use crate::config::Level;
use crate::entry::Role;
use crate::han::is_han;
use crate::rule::{Check, EntryContext, Findings, Rule};

pub(super) static RULE: Rule = Rule {
    id: "untranslated-text",
    level: Level::Warning,
    since: "0.1.0",
    source: include_str!("untranslated_text.rs"),
    check: Check::Entry(check),
};

fn check(cx: &EntryContext<'_>, found: &mut Findings) {
    for text in cx.texts.iter().filter(|text| text.role == Role::Chinese) {
        if !text.text.contains(is_han) {
            found
                .add(text.place.pointer(), "a Chinese field without Chinese")
                .help("translate it, or leave it empty so that the gap shows");
        }
    }
}
