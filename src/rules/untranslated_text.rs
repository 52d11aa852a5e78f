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
use crate::pointer;
use crate::rule::{Check, EntryContext, Findings, Rule};

pub(super) static RULE: Rule = Rule {
    id: "untranslated-text",
    level: Level::Warning,
    since: "0.1.0",
    source: include_str!("untranslated_text.rs"),
    check: Check::Entry(check),
};

fn check(cx: &EntryContext<'_>, found: &mut Findings) {
    let entry = cx.entry;
    for text in cx.texts.iter().filter(|text| text.role == Role::Chinese) {
        if !text.text.contains(is_han) {
            found
                .add(text.place.pointer(), "a Chinese field without Chinese")
                .help("translate it, or leave it empty so that the gap shows");
        }
    }
    // Where the main texts are Chinese, both may well be the same.
    if entry.locale.0.starts_with("zh") {
        return;
    }
    let pairs = [
        (pointer!["signature_zh"], entry.signature_zh.as_ref(), &entry.signature),
        (pointer!["root_cause_zh"], entry.root_cause_zh.as_ref(), &entry.root_cause),
    ];
    let steps = entry.workarounds_zh.iter().zip(&entry.workarounds).enumerate();
    let steps =
        steps.map(|(at, (text, step))| (pointer!["workarounds_zh", at], Some(text), &step.action));
    for (at, chinese, beside) in pairs.into_iter().chain(steps) {
        if chinese.is_some_and(|text| text == beside && text.contains(is_han)) {
            found
                .add(at, "a Chinese field with the same text as the field beside it")
                .help("one of the two is in the wrong language");
        }
    }
}
