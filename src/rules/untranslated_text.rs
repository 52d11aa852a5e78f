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

use crate::diagnostic::Level;
use crate::rule::{Check, EntryContext, Findings, Group, Rule};

pub(super) static RULE: Rule = Rule {
    id: "untranslated-text",
    group: Group::Text,
    level: Level::Warning,
    since: "0.1.0",
    source: include_str!("untranslated_text.rs"),
    check: Check::Entry(check),
};

fn check(cx: &EntryContext<'_>, found: &mut Findings) {
    let translated = || cx.texts.iter().filter_map(|text| Some((text, text.translates?)));
    for (text, (_, language)) in translated() {
        let name = language.name;
        if !text.text.contains(language.is_letter) {
            found
                .add(text.place.pointer(), format!("a {name} field without {name}"))
                .help("translate it, or leave it empty so that the gap shows");
        }
    }
    for (text, (original, language)) in translated() {
        // Where the main texts are in that language, both may well be the same.
        if cx.entry.locale.0.starts_with(language.tag) || !text.text.contains(language.is_letter) {
            continue;
        }
        let at = text.place.pointer();
        // What an item of a list is in another language stands at the place of that item.
        let beside = match at.steps().nth(1) {
            Some(index) => crate::pointer![original, index.into_owned(), "action"],
            None => crate::pointer![original],
        };
        if cx.texts.iter().any(|other| other.text == text.text && other.place.pointer() == beside) {
            let name = language.name;
            found
                .add(at, format!("a {name} field with the same text as the field beside it"))
                .help("one of the two is in the wrong language");
        }
    }
}
