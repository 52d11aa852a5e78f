//! What git shows of a change: the folders of `tests/cases/git`, with `old.json` and `new.json`.
//!
//! `expected.txt` is what `git diff` shows. Where there is a `textconv.txt`, it is the new version as `git log -p`
//! compares it.

use crate::support::cases::hold;

#[test]
fn git_shows_what_it_should() {
    hold("git", |case| {
        let base = case.base();
        let arguments =
            ["git", "diff", "entry.json", "old.json", "0", "100644", "new.json", "0", "100644"];
        let diff = base.errlore(&arguments).output();
        let mut made = vec![("expected.txt", diff.stdout)];
        if case.text("textconv.txt").is_some() {
            let text = base.errlore(&["git", "textconv", "new.json"]).output();
            made.push(("textconv.txt", text.stdout));
        }
        made
    });
}
