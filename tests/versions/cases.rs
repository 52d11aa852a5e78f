//! Versions of an entry, what differs and what they make together: the folders of `tests/cases/merge` and
//! `tests/cases/diff`.

use crate::support::cases::hold;

/// Beside `base.json` (missing where both sides are new), `left.json` and `right.json` stands `expected.json`, or
/// `conflict.txt` with the markers, and `said.txt` with what is said about it. Left is where the result goes.
#[test]
fn versions_make_what_they_should() {
    hold("merge", |case| {
        let base = case.base();
        if case.text("base.json").is_none() {
            base.write("base.json", "");
        }
        let run = base.errlore(&["git", "merge", "base.json", "left.json", "right.json"]);
        let output = run.args(&["7", "entry.json"]).output();
        let result = base.read("left.json");
        let (merged, conflict) = match output.code {
            Some(0) => (result, String::new()),
            _ => (String::new(), result),
        };
        vec![("expected.json", merged), ("conflict.txt", conflict), ("said.txt", output.stderr)]
    });
}

/// Beside `old.json` and `new.json` stands `expected.txt`.
#[test]
fn changes_are_told_as_they_should_be() {
    hold("diff", |case| {
        let output = case.base().errlore(&["diff", "old.json", "new.json"]).output();
        vec![("expected.txt", output.stdout)]
    });
}
