//! What is said of duplicates, whole: the folders of `tests/cases/duplicates`, each a knowledge base with its
//! `expected.txt`, and the fixtures.

use std::fs;

use crate::support::Base;
use crate::support::cases::{hold, hold_file};
use crate::support::corpora::fixtures;

#[test]
fn duplicates_are_told_as_they_should_be() {
    hold("duplicates", |case| {
        vec![("expected.txt", case.base().errlore(&["duplicates", "entries"]).output().stdout)]
    });
}

#[test]
fn duplicates_among_the_fixtures_are_told() {
    let (base, corpus) = (Base::new(), fixtures());
    for (file, entry) in corpus.files().iter().zip(corpus.entries()) {
        let path = format!("entries/{}.json", entry.id);
        base.write(path, fs::read(file).expect("an entry"));
    }
    let output = base.errlore(&["duplicates", "entries"]).output();
    hold_file(&corpus.pairs.with_file_name("duplicates.txt"), &output.stdout);
}
