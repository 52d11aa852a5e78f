//! From paths to documents: what to read, reading it, and the knowledge base that comes of it.
//!
//! One pass per file: read, decode, parse, hold against the schema, make an [`Entry`]. The text is
//! kept for excerpts; the tree with its places is not, because a rule names a pointer and the few
//! documents with findings are parsed again.

use std::collections::HashMap;

use crate::entry::{Entry, EntryId};
use crate::json::{self, SyntaxError, Tree};
use crate::pointer::JsonPointer;
use crate::schema::{self, Part, Violation, entry_schema};
use crate::source::{Source, Span};

mod asked;
mod base;
mod card;
mod discover;
mod read;
mod state;
mod walk;

pub use asked::STDIN;
pub use card::Card;
pub use discover::{
    Inputs, Request, discover, discover_each, locate, locate_at_any_time, locate_meant, settings,
};
pub use read::{Content, InputFile, Unread, read};
pub use state::{Doubts, FileState, FolderState, Stamp, State};

/// Which document of a [`Corpus`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DocumentId(pub u32);

/// A file as it was read.
#[derive(Debug)]
pub struct Document {
    /// Name and text.
    pub source: Source,
    /// The id that the place of the file asks for; `None` where the place says nothing.
    pub expected_id: Option<String>,
    /// Whether findings about it are asked for.
    pub in_scope: bool,
    /// Why it was not read at all.
    pub unread: Option<Unread>,
    /// Why it is not JSON. A byte order mark alone does not stop the parser.
    pub syntax: Vec<SyntaxError>,
    /// Keys that occur twice in one object.
    pub duplicates: Vec<Duplicate>,
    /// What breaks the schema.
    pub violations: Vec<Violation>,
    /// The first number that no reader keeps as it is written: where it is, and what it says.
    pub inexact: Option<(JsonPointer, String)>,
    /// What the others must know of the entry, if the file holds one.
    pub card: Option<Card>,
}

/// A document while its file is at hand.
#[derive(Debug)]
pub struct Loaded {
    /// What stays.
    pub document: Document,
    /// The JSON with its places, as far as the text is JSON.
    pub tree: Option<Tree>,
    /// The entry, if the file holds an object. What the schema refuses is missing from it.
    pub entry: Option<Entry>,
}

/// A key that occurs twice in one object.
#[derive(Debug)]
pub struct Duplicate {
    /// The key.
    pub key: String,
    /// The member.
    pub pointer: JsonPointer,
    /// The earlier key.
    pub first: Span,
    /// The later key.
    pub second: Span,
}

impl Document {
    /// Makes a document of a file's content.
    ///
    /// `number` is which of the inputs it is. Without `with_entry` the entry is made only where there
    /// is something to say about it.
    pub fn load(file: &InputFile, number: usize, content: Content, with_entry: bool) -> Loaded {
        let (text, unread, syntax, start) = match content {
            Content::Text(text) => match text.strip_prefix('\u{feff}') {
                None => (text, None, Vec::new(), Some(0)),
                Some(_) => (text, None, vec![byte_order_mark()], Some('\u{feff}'.len_utf8())),
            },
            Content::NotText(text, fault) => (text.into(), None, vec![fault], None),
            Content::Unread(reason) => ("".into(), Some(reason), Vec::new(), None),
        };
        let mut document = Self {
            source: Source::new(file.name.as_str(), text).numbered(number),
            expected_id: file.expected_id.clone(),
            in_scope: file.in_scope,
            unread,
            syntax,
            duplicates: Vec::new(),
            violations: Vec::new(),
            inexact: None,
            card: None,
        };
        let tree = start.and_then(|start| document.parse(start));
        let entry = tree.as_ref().and_then(|tree| document.examine(tree, with_entry));
        document.card = entry.as_ref().map(Card::new);
        Loaded { document, tree, entry }
    }

    fn parse(&mut self, start: usize) -> Option<Tree> {
        json::parse_from(self.source.text(), start).map_err(|fault| self.syntax.push(*fault)).ok()
    }

    /// Holds the text against the schema and reads the entry.
    fn examine(&mut self, tree: &Tree, with_entry: bool) -> Option<Entry> {
        let text = self.source.text();
        let root = tree.root(text)?;
        let nested = schema::nested(root);
        let is_nested = nested.is_some();
        self.violations = nested.map_or_else(|| entry_schema().violations(root), |one| vec![one]);
        let inexact = root.first_inexact_number();
        self.inexact = inexact.map(|(pointer, digits)| (pointer, digits.to_owned()));
        let duplicates = root.duplicates_below().into_iter().map(|(pointer, key, found)| {
            Duplicate { key, pointer, first: found.first, second: found.second }
        });
        self.duplicates = duplicates.collect();
        let is_faulty = !self.violations.is_empty() || !self.duplicates.is_empty();
        if root.kind() != json::Kind::Object || is_nested || !(with_entry || is_faulty) {
            return None;
        }
        // What the schema accepts the types can hold: a test keeps the two in step.
        json::deserialize(root, &self.refused()).ok()
    }

    /// Parses the text again, for the places in it.
    pub fn tree(&self) -> Option<Tree> {
        let start =
            self.source.text().strip_prefix('\u{feff}').map_or(0, |_| '\u{feff}'.len_utf8());
        json::parse_from(self.source.text(), start).ok()
    }

    /// Reads the entry again, once it has been let go. What the schema refuses is missing from it.
    pub fn entry(&self) -> Option<Entry> {
        let tree = self.tree()?;
        let root = tree.root(self.source.text())?;
        json::deserialize(root, &self.refused()).ok()
    }

    /// What the schema refuses.
    fn refused(&self) -> Vec<JsonPointer> {
        let of_values = self.violations.iter().filter(|violation| violation.part == Part::Value);
        of_values.map(|violation| violation.pointer.clone()).collect()
    }

    /// Whether the entry holds all that the file says and nothing else: the text is JSON, each key is
    /// there once, and all of it keeps the schema but for keys that stand for nothing it knows. A key
    /// that looks like a typo is a value missing elsewhere.
    pub fn is_whole(&self) -> bool {
        self.unread.is_none()
            && self.syntax.is_empty()
            && self.duplicates.is_empty()
            && self
                .violations
                .iter()
                .all(|violation| violation.part == Part::UnknownKey && violation.key.is_none())
    }
}

fn byte_order_mark() -> SyntaxError {
    SyntaxError {
        message: "the file begins with a byte order mark".to_owned(),
        span: Span::new(0, '\u{feff}'.len_utf8()),
        related: None,
        help: Some("save it as UTF-8 without one; most JSON readers refuse it"),
    }
}

/// All documents of a knowledge base, by path, and its entries by name.
#[derive(Debug, Default)]
pub struct Corpus {
    documents: Vec<Document>,
    gone: Vec<Document>,
    by_id: HashMap<EntryId, Vec<DocumentId>>,
    by_alias: HashMap<EntryId, Vec<DocumentId>>,
}

impl Corpus {
    /// A knowledge base of these documents, in this order.
    pub fn new(documents: Vec<Document>) -> Self {
        let mut corpus = Self { documents, ..Self::default() };
        let mut by_id: HashMap<EntryId, Vec<DocumentId>> =
            HashMap::with_capacity(corpus.documents.len());
        let mut by_alias: HashMap<EntryId, Vec<DocumentId>> = HashMap::new();
        for (id, entry) in corpus.entries() {
            if !entry.id.is_empty() {
                by_id.entry(entry.id.clone()).or_default().push(id);
            }
            for alias in &entry.aliases {
                let holders = by_alias.entry(alias.clone()).or_default();
                if holders.last() != Some(&id) {
                    holders.push(id);
                }
            }
        }
        (corpus.by_id, corpus.by_alias) = (by_id, by_alias);
        corpus
    }

    /// The same, with documents that are part of it no longer. They can be named, and that is all.
    #[must_use]
    pub fn with_gone(self, gone: Vec<Document>) -> Self {
        Self { gone, ..self }
    }

    /// One document, there or gone.
    pub fn document(&self, id: DocumentId) -> &Document {
        let at = id.0 as usize;
        self.documents.get(at).unwrap_or_else(|| &self.gone[at - self.documents.len()])
    }

    /// The documents that are gone.
    pub fn gone(&self) -> impl Iterator<Item = (DocumentId, &Document)> {
        let first = u32::try_from(self.documents.len()).unwrap_or(u32::MAX);
        (first..).map(DocumentId).zip(&self.gone)
    }

    /// All documents.
    pub fn documents(&self) -> &[Document] {
        &self.documents
    }

    /// The cards of all entries, in the order of their files.
    pub fn entries(&self) -> impl Iterator<Item = (DocumentId, &Card)> {
        (0..)
            .map(DocumentId)
            .zip(&self.documents)
            .filter_map(|(id, document)| document.card.as_ref().map(|card| (id, card)))
    }

    /// All ids, each once, in no order.
    pub fn ids(&self) -> impl Iterator<Item = &EntryId> {
        self.by_id.keys()
    }

    /// The documents that have an id.
    pub fn with_id(&self, id: &EntryId) -> &[DocumentId] {
        self.by_id.get(id).map_or(&[], Vec::as_slice)
    }

    /// The documents that had an id formerly.
    pub fn with_alias(&self, id: &EntryId) -> &[DocumentId] {
        self.by_alias.get(id).map_or(&[], Vec::as_slice)
    }
}
