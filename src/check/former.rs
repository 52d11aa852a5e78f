//! The names that entries had in an older version.

use crate::config::Config;
use crate::corpus::{self, Corpus, Document, DocumentId, InputFile};
use crate::entry::{Entry, EntryId};
use crate::pointer;
use crate::rule::FormerName;
use crate::source::Source;

/// The names that an entry had and does not have now; the document gets its number when all have been read.
pub(super) fn lost(before: &Entry, now: &Entry) -> Vec<FormerName> {
    let is_lost = |name: &&EntryId| **name != now.id && !now.aliases.contains(name);
    let names = FormerName::all(before).filter(|(name, _)| is_lost(name));
    let lost = names.map(|(name, was)| {
        let key = was.steps().next().unwrap_or_default().into_owned();
        FormerName { name: name.clone(), document: DocumentId(0), at: pointer![key].into() }
    });
    lost.collect()
}

/// The documents of files that are gone.
pub(super) fn gone(files: &[InputFile], config: &Config) -> Vec<Document> {
    let load = |file: &InputFile| {
        // What could not be read was no entry.
        let content = corpus::read(file, config.max_file_size).ok()?;
        let mut document = Document::load(file, 0, content, true).document;
        // It is none of the files that are there.
        document.source = Source::new(file.name.as_str(), document.source.text());
        Some(document)
    };
    files.iter().filter_map(load).collect()
}

/// The names of the entries that are gone.
pub(super) fn names_of_gone(corpus: &Corpus) -> Vec<FormerName> {
    let mut names = Vec::new();
    for (document, gone) in corpus.gone() {
        let Some(entry) = gone.entry() else { continue };
        names.extend(FormerName::all(&entry).map(|(name, at)| FormerName {
            name: name.clone(),
            document,
            at: at.into(),
        }));
    }
    names
}
