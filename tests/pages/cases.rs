//! Pages and what is read off them: the folders of `tests/cases/page`.
//!
//! Beside `page.txt`, `page.md` or `page.html` stands `expected.json`, the entry, and `not-understood.txt` with each
//! stretch of the page that is nothing, if there is one.

use std::fs;

use errlore::normalize::{Bound, detect, normalize};
use errlore::source::Source;

use crate::support::cases::hold;

#[test]
fn pages_are_read_as_they_should_be() {
    hold("page", |case| {
        let path = case.with_stem("page");
        let name = path.to_string_lossy();
        let text = fs::read_to_string(&path).expect("a page");
        let reading = normalize(&Source::new(&*name, text.as_str()), detect(&name, &text));
        let (mut entries, mut rest) = (String::new(), String::new());
        for draft in &reading.drafts {
            entries += &draft.json();
            let bindings = draft.bindings.iter();
            for binding in bindings.filter(|binding| binding.bound == Bound::NotUnderstood) {
                rest += text[binding.span.range()].trim_end();
                rest += "\n";
            }
        }
        vec![("expected.json", entries), ("not-understood.txt", rest)]
    });
}
