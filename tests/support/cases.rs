//! Cases that are folders: what a program is given, and beside it what it should make of that.
//!
//! `BLESS=1` writes what the program makes now; read the diff before you keep it. A file `known-gap` in a case
//! says in one sentence what is not right yet: the case then holds the right result, which the program must not
//! give. Once it does, the file has to go.

use std::fs;
use std::path::{Path, PathBuf};

use super::Base;

/// The folder of one case.
pub(crate) struct Case(PathBuf);

impl Case {
    /// A file of the case.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// The text of a file that may be missing.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        fs::read_to_string(self.path(name)).ok()
    }

    /// The first file of a name, whatever its extension.
    pub(crate) fn with_stem(&self, stem: &str) -> PathBuf {
        let mut files = super::files_below(&self.0).into_iter();
        let found = files.find(|path| path.file_stem().is_some_and(|own| own == stem));
        found.unwrap_or_else(|| panic!("no {stem} in {}", self.0.display()))
    }

    /// A knowledge base with all files of the case but what is expected.
    pub(crate) fn base(&self) -> Base {
        let base = Base::new();
        for file in super::files_below(&self.0) {
            let name = file.strip_prefix(&self.0).expect("a file of the case");
            base.write(name, fs::read(&file).expect("a file"));
        }
        base
    }
}

/// Holds what is made of each case of an area against the files beside it. `made` gives names of files and what
/// should stand in them; nothing stands in a file that should not be there.
pub(crate) fn hold(area: &str, made: impl Fn(&Case) -> Vec<(&'static str, String)>) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases").join(area);
    let items = fs::read_dir(&folder).expect("a folder of cases");
    let mut cases: Vec<PathBuf> = items.map(|item| item.expect("an item").path()).collect();
    cases.sort();
    assert!(!cases.is_empty(), "{}", folder.display());
    let mut faults = Vec::new();
    for case in cases.into_iter().map(Case) {
        let gap = case.text("known-gap");
        let made = made(&case);
        let differing: Vec<String> = made
            .iter()
            .filter_map(|(name, text)| differs(&case, name, text, gap.is_some()))
            .collect();
        match gap {
            None => faults.extend(differing),
            Some(gap) if differing.is_empty() => {
                let case = case.0.display();
                faults.push(format!(
                    "{case}: this is right now, so that `known-gap` has to go: {gap}"
                ));
            }
            Some(_) => {}
        }
    }
    assert!(faults.is_empty(), "BLESS=1 writes what is made now:\n{}", faults.join("\n"));
}

/// How a file of a case differs from what was made. With `BLESS=1` it is written, unless it holds what is not
/// reached yet.
fn differs(case: &Case, name: &str, text: &str, is_gap: bool) -> Option<String> {
    let path = case.path(name);
    if std::env::var_os("BLESS").is_some() && !is_gap {
        bless(&path, text);
    }
    let expected = case.text(name).unwrap_or_default();
    (expected != text).then(|| shown(&path, &expected, text))
}

fn bless(path: &Path, text: &str) {
    if text.is_empty() {
        // It need not be there.
        let _ = fs::remove_file(path);
    } else {
        fs::write(path, text).expect("a file that can be written");
    }
}

/// Holds a text against a file that can be blessed.
#[track_caller]
pub(crate) fn hold_file(path: &Path, text: &str) {
    if std::env::var_os("BLESS").is_some() {
        bless(path, text);
    }
    let expected = fs::read_to_string(path).unwrap_or_default();
    assert!(expected == text, "BLESS=1 writes what is made now: {}", shown(path, &expected, text));
}

/// The first line in which two texts differ.
fn shown(path: &Path, expected: &str, text: &str) -> String {
    let (mut expected, mut made) = (expected.lines(), text.lines());
    let mut number = 0;
    loop {
        number += 1;
        let lines = (expected.next(), made.next());
        if lines.0 != lines.1 || lines.0.is_none() {
            let line =
                |line: Option<&str>| line.map_or("the end".to_owned(), |line| format!("{line:?}"));
            let (expected, made) = (line(lines.0), line(lines.1));
            return format!("{}:{number}: expected {expected}, made {made}", path.display());
        }
    }
}
