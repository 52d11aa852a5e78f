//! Knowledge bases and what is found in them: the folders of `tests/cases/check`.
//!
//! Beside `entries`, and an `errlore.toml` if there is one, stands `expected.txt`.

use crate::support::cases::hold;

#[test]
fn knowledge_bases_are_told_what_they_should_be() {
    hold("check", |case| vec![("expected.txt", case.base().errlore(&["check"]).output().stdout)]);
}
