//! The entries that tests run on: those of this repository, which everybody has, and the large corpus where it
//! lies beside it.

use std::fs;
use std::path::{Path, PathBuf};

use errlore::duplicates::Label;
use errlore::entry::Entry;
use serde_json::Value;

use super::files_below;

/// Some folders of entries, and pairs of them that people have judged.
#[derive(Clone)]
pub(crate) struct Corpus {
    pub(crate) name: &'static str,
    pub(crate) folders: Vec<PathBuf>,
    pub(crate) pairs: PathBuf,
}

/// The fixtures, and the large corpus if it is there. What is known of one of them alone, such as how many
/// entries have a fault, a test asks for by [`Corpus::is_large`].
pub(crate) fn corpora() -> Vec<Corpus> {
    let mut corpora = vec![fixtures()];
    if let Some(large) = beside("corpus") {
        corpora.push(Corpus {
            name: "the large corpus",
            folders: vec![large.join("entries")],
            pairs: large.join("pairs.jsonl"),
        });
    }
    corpora
}

/// The entries of the repository and those that are for tests alone.
pub(crate) fn fixtures() -> Corpus {
    let own = root().join("tests/fixtures");
    Corpus {
        name: "the fixtures",
        folders: vec![root().join("entries"), own.join("entries")],
        pairs: own.join("pairs.jsonl"),
    }
}

/// A file or folder that lies beside the repository and is not everybody's, where it is there.
pub(crate) fn beside(path: &str) -> Option<PathBuf> {
    Some(root().join("../shared").join(path)).filter(|path| path.exists())
}

/// A page as it is copied out of the window of a browser.
pub(crate) fn copied_page() -> PathBuf {
    root().join("tests/cases/page/copied-from-a-browser/page.txt")
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

impl Corpus {
    /// Pages of some of the fixtures, in a folder for each program that wrote them.
    pub(crate) fn pages(&self) -> PathBuf {
        self.pairs.with_file_name("pages")
    }

    /// Some of the fixtures in one file.
    pub(crate) fn digest(&self) -> PathBuf {
        self.pairs.with_file_name("llms-full.md")
    }

    /// Whether it is the one that not everybody has.
    pub(crate) fn is_large(&self) -> bool {
        self.name != "the fixtures"
    }

    /// How often something random is tried: on the fixtures, a third as often as on the large corpus.
    pub(crate) fn tries(&self, count: usize) -> usize {
        if self.is_large() { count } else { count / 3 }
    }

    /// Its files, each folder by path.
    pub(crate) fn files(&self) -> Vec<PathBuf> {
        self.folders.iter().flat_map(|folder| files_below(folder)).collect()
    }

    /// Its entries, in the order of the files.
    pub(crate) fn entries(&self) -> Vec<Entry> {
        let read = |path: PathBuf| {
            let text = fs::read_to_string(&path).expect("an entry");
            serde_json::from_str(&text)
                .unwrap_or_else(|error| panic!("{}: {error}", path.display()))
        };
        self.files().into_iter().map(read).collect()
    }

    /// Its entries as documents.
    pub(crate) fn documents(&self) -> Vec<Value> {
        self.entries().iter().map(errlore::diff::document).collect()
    }

    /// The judged pairs, as two ids and what they are to each other.
    pub(crate) fn judged(&self) -> Vec<(String, String, Label)> {
        let text = fs::read_to_string(&self.pairs).expect("judged pairs");
        let pair = |line: &str| {
            let pair: Value = serde_json::from_str(line).expect("JSON");
            let id = |key| pair[key].as_str().expect("an id").to_owned();
            let label = serde_json::from_value(pair["label"].clone()).expect("a label");
            (id("a"), id("b"), label)
        };
        text.lines().map(pair).collect()
    }
}
