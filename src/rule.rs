//! What a rule is, what it may look at, and how it says what it found. A rule lives in one file of `rules/`. The comment at its head is its documentation and its test. The JSON under
//! `# Bad` and `# Good` are merge patches (RFC 7396) on [`MINIMAL_ENTRY`]; an array holds several entries.

use std::cell::OnceCell;
use std::collections::HashSet;
use std::ops::Range;

use chrono::NaiveDate;

use crate::config::{Config, Ignore};
use crate::corpus::{Card, Corpus, Document, DocumentId};
use crate::diagnostic::{Applicability, Edit, Level, Severity};
use crate::duplicates::{Decisions, Model};
use crate::entry::{Entry, EntryId, Text};
use crate::pattern::{Engine, Pattern, PatternFacts, Unmatchable};
use crate::pointer::JsonPointer;
use crate::source::Span;

mod cross_matches;
mod duplicate_pairs;
mod engines;
mod group;
mod revision;

pub use cross_matches::CrossMatches;
pub(crate) use duplicate_pairs::name;
pub use duplicate_pairs::{DuplicatePair, DuplicatePairs};
pub use engines::{Answer, EngineAnswers, Message, Question, messages};
pub use group::Group;
pub use revision::Revision;

/// The smallest valid entry; the examples of rules are patches on it. It passes every rule.
pub const MINIMAL_ENTRY: &str = include_str!("rules/minimal_entry.json");

/// One rule.
#[derive(Debug)]
pub struct Rule {
    /// Its name: the fault it finds. "allow <id>" reads well.
    pub id: &'static str,
    /// What it is about.
    pub group: Group,
    /// What a finding counts as unless the configuration says otherwise.
    pub level: Level,
    /// The version of errlore that brought it.
    pub since: &'static str,
    /// The source file, whose head is the documentation.
    pub source: &'static str,
    /// What it does.
    pub check: Check,
}

/// What a rule looks at.
#[derive(Debug)]
pub enum Check {
    /// One document as it was read, entry or not.
    Document(fn(&DocumentContext<'_>, &mut Findings)),
    /// One entry.
    Entry(fn(&EntryContext<'_>, &mut Findings)),
    /// All entries together.
    Corpus(fn(&CorpusContext<'_>, &mut Findings)),
    /// All patterns, and what they find among each other's messages.
    Patterns(fn(&CorpusContext<'_>, &CrossMatches, &mut Findings)),
    /// One entry and what real engines said of its pattern; runs only where they were asked
    /// (`errlore regex --run-engines`).
    Engines(fn(&EntryContext<'_>, &mut Findings)),
    /// What happened to one entry since an older version; runs only where there is one (`--since`).
    Change(fn(&Revision, &mut Findings)),
    /// All entries, and the names that some of them had before; runs only where there is an older version (`--since`).
    Former(fn(&CorpusContext<'_>, &[FormerName], &mut Findings)),
    /// All entries, and which of them are about the same error.
    Duplicates(fn(&CorpusContext<'_>, &DuplicatePairs, &mut Findings)),
    /// Nothing that is checked: raised by `normalize`, while another form is read.
    Reading,
    /// The ignores of the configuration, after all else.
    Ignores(fn(&IgnoreUse<'_>) -> Option<String>),
}

impl Rule {
    /// What its findings count as; `None` if it is off.
    pub fn severity(&self, config: &Config) -> Option<Severity> {
        config.rules.get(self.id).unwrap_or(&self.level).severity()
    }

    /// The documentation in Markdown: what the source's `//!` lines say.
    pub fn docs(&self) -> String {
        let lines = self.source.lines().map_while(|line| line.strip_prefix("//!"));
        let mut docs = String::new();
        for line in lines {
            docs.push_str(line.strip_prefix(' ').unwrap_or(line));
            docs.push('\n');
        }
        docs
    }

    /// The first paragraph of the documentation: what the rule finds.
    pub fn summary(&self) -> String {
        let docs = self.docs();
        let paragraph = docs.split("\n\n").next().unwrap_or_default();
        paragraph.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// The JSON examples under a heading of the documentation.
    pub fn examples(&self, heading: &str) -> Vec<String> {
        let docs = self.docs();
        let section = docs.split("\n# ").find_map(|section| section.strip_prefix(heading));
        let blocks = section.unwrap_or_default().split("```json\n").skip(1);
        blocks.filter_map(|block| Some(block.split_once("```")?.0.to_owned())).collect()
    }
}

/// A document before it is an entry.
#[derive(Debug)]
pub struct DocumentContext<'a> {
    /// What was read.
    pub document: &'a Document,
    /// The entry, if it holds one.
    pub entry: Option<&'a Entry>,
    /// The texts of the entry in document order.
    pub texts: &'a [Text<'a>],
    /// The configuration.
    pub config: &'a Config,
    /// Another file whose name differs in nothing but the case of letters.
    pub twin: Option<&'a str>,
}

/// An entry and what belongs to it.
#[derive(Debug)]
pub struct EntryContext<'a> {
    /// The entry. What the schema refuses is missing from it.
    pub entry: &'a Entry,
    /// Where it came from.
    pub document: &'a Document,
    /// Its texts in document order.
    pub texts: &'a [Text<'a>],
    /// The configuration.
    pub config: &'a Config,
    /// The day it is.
    pub today: NaiveDate,
    /// What real engines said of its pattern; nothing where none was asked.
    pub answers: &'a [(Engine, Answer)],
    judged: OnceCell<(PatternFacts, Option<Unmatchable>)>,
}

impl<'a> EntryContext<'a> {
    /// The context of one entry.
    pub fn new(
        entry: &'a Entry,
        document: &'a Document,
        texts: &'a [Text<'a>],
        config: &'a Config,
        today: NaiveDate,
    ) -> Self {
        Self { entry, document, texts, config, today, answers: &[], judged: OnceCell::new() }
    }

    /// The same with what real engines said of its pattern.
    #[must_use]
    pub fn with_answers(mut self, answers: &'a [(Engine, Answer)]) -> Self {
        self.answers = answers;
        self
    }

    /// The engines that its pattern is to run in.
    pub fn engines(&self) -> Vec<Engine> {
        self.config.regex.engines.iter().filter_map(|name| name.parse().ok()).collect()
    }

    /// Its pattern.
    pub fn pattern(&self) -> &'a Pattern {
        static NONE: Pattern = Pattern::none();
        self.document.card.as_ref().map_or(&NONE, |card| &card.pattern)
    }

    /// Why nothing can be told of what its pattern finds; nothing where it can.
    pub fn unmatchable(&self) -> Option<&Unmatchable> {
        self.judged().1.as_ref()
    }

    /// What is known about the entry's pattern and its own signature; worked out once. What cannot be matched
    /// here as its engines would has an error.
    pub fn facts(&self) -> &PatternFacts {
        &self.judged().0
    }

    fn judged(&self) -> &(PatternFacts, Option<Unmatchable>) {
        let judge = || self.pattern().facts_in(&self.engines(), &self.entry.signature);
        self.judged.get_or_init(judge)
    }

    /// Whether the entry's pattern finds a text the way that consumers search; `None` if it is none.
    pub fn pattern_finds(&self, text: &str) -> Option<bool> {
        let is_known = self.facts().error.is_none();
        is_known.then(|| self.pattern().finds(text, self.config.regex.case)).flatten()
    }
}

/// The whole knowledge base.
#[derive(Debug)]
pub struct CorpusContext<'a> {
    /// All documents.
    pub corpus: &'a Corpus,
    /// The names of entries, ids and aliases, that the change under review took away.
    pub removed: &'a HashSet<String>,
    /// As of [`crate::corpus::Inputs`].
    pub is_alone: bool,
    /// What people have decided about entries that look like duplicates.
    pub decisions: &'a Decisions,
    /// The weights that the knowledge base compares its entries with, if they are not those of errlore.
    pub weights: Option<&'a Model>,
    /// The configuration.
    pub config: &'a Config,
}

impl CorpusContext<'_> {
    /// Whether findings about a document are asked for.
    pub fn is_in_scope(&self, document: DocumentId) -> bool {
        self.corpus.document(document).in_scope
    }

    /// The entries that findings are asked for.
    pub fn asked(&self) -> impl Iterator<Item = (DocumentId, &Card)> {
        self.corpus.entries().filter(|(document, _)| self.is_in_scope(*document))
    }

    /// Of several documents that claim a name, the one that has it: one that is not in scope, as it was there
    /// before, or else the first.
    pub fn owner(&self, holders: &[DocumentId]) -> Option<DocumentId> {
        let there = holders.iter().find(|holder| !self.is_in_scope(**holder));
        there.or(holders.first()).copied()
    }

    /// Where a finding about two documents stands, and then the other one: on the first, or on the second
    /// where that alone is in scope; nowhere if neither is.
    pub fn placed(
        &self,
        first: DocumentId,
        second: DocumentId,
    ) -> Option<(DocumentId, DocumentId)> {
        match (self.is_in_scope(first), self.is_in_scope(second)) {
            (true, _) => Some((first, second)),
            (false, true) => Some((second, first)),
            (false, false) => None,
        }
    }
}

/// An id, or a former id, that an entry had in an older version and does not have now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormerName {
    /// The name.
    pub name: EntryId,
    /// The file of the entry, which may be gone.
    pub document: DocumentId,
    /// Where in it: where the name stood in a file that is gone, what is there now in any other.
    pub at: At,
}

impl FormerName {
    /// The names that an entry had, and where they stood in it.
    pub fn all(before: &Entry) -> impl Iterator<Item = (&EntryId, JsonPointer)> {
        let aliases = before.aliases.iter().enumerate();
        let aliases = aliases.map(|(at, alias)| (alias, crate::pointer!["aliases", at]));
        let names = std::iter::once((&before.id, crate::pointer!["id"])).chain(aliases);
        names.filter(|(name, _)| !name.is_empty())
    }
}

/// An ignore of the configuration and what became of it.
#[derive(Debug)]
pub struct IgnoreUse<'a> {
    /// The ignore.
    pub ignore: &'a Ignore,
    /// How many findings it took away.
    pub used: usize,
    /// Whether its rule ran.
    pub has_run: bool,
    /// Whether the whole knowledge base was looked at, so that no use can have been missed.
    pub complete: bool,
    /// The day it is.
    pub today: NaiveDate,
}

/// Where in a document a finding points. A rule names a pointer; bytes are worked out later.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum At {
    /// The value.
    Value(JsonPointer),
    /// The key of a member.
    Key(JsonPointer),
    /// The key that leads to an object, or its opening bracket: the object lacks something.
    Opening(JsonPointer),
    /// A part of a string, as a byte range of its decoded text.
    Within(JsonPointer, Range<usize>),
    /// A place in the text, for what is no JSON; the pointer is the nearest value.
    Text(JsonPointer, Span),
}

impl From<JsonPointer> for At {
    fn from(pointer: JsonPointer) -> Self {
        Self::Value(pointer)
    }
}

impl At {
    /// A part of a string, or all of it where there is no such part or it has no width.
    pub fn within(pointer: JsonPointer, range: Option<&Range<usize>>) -> Self {
        match range {
            Some(range) if !range.is_empty() => Self::Within(pointer, range.clone()),
            _ => Self::Value(pointer),
        }
    }

    /// The pointer of the place.
    pub fn pointer(&self) -> &JsonPointer {
        match self {
            Self::Value(pointer)
            | Self::Key(pointer)
            | Self::Opening(pointer)
            | Self::Within(pointer, _)
            | Self::Text(pointer, _) => pointer,
        }
    }
}

/// What a rule found; its places are not worked out yet.
#[derive(Debug)]
pub struct Finding {
    pub(crate) rule: &'static Rule,
    pub(crate) document: DocumentId,
    pub(crate) at: At,
    pub(crate) message: String,
    pub(crate) label: String,
    pub(crate) help: Option<String>,
    pub(crate) related: Vec<(DocumentId, At, String)>,
    pub(crate) fix: Option<FindingFix>,
    /// The change under review broke it, by taking away what it names: it counts also where its document
    /// is not in scope.
    pub(crate) is_broken_by_change: bool,
    /// It counts as no more than this, whatever the level of the rule.
    pub(crate) most: Severity,
}

/// A fix in a rule's own terms.
#[derive(Clone, Debug)]
pub(crate) struct FindingFix {
    pub(crate) title: String,
    pub(crate) applicability: Applicability,
    pub(crate) change: Change,
}

/// What a fix changes.
#[derive(Clone, Debug)]
pub(crate) enum Change {
    /// The string at a pointer, or a byte range of its decoded text, becomes another text.
    Text(JsonPointer, Option<Range<usize>>, String),
    /// Ranges of the file become other texts.
    Raw(Vec<Edit>),
}

impl Finding {
    /// Adds a short remark beside the place.
    pub fn label(&mut self, text: impl Into<String>) -> &mut Self {
        self.label = text.into();
        self
    }

    /// Adds what to do.
    pub fn help(&mut self, text: impl Into<String>) -> &mut Self {
        self.help = Some(text.into());
        self
    }

    /// Lets it count as no more than this, whatever the level of the rule: it is less sure than others.
    pub fn at_most(&mut self, severity: Severity) -> &mut Self {
        self.most = severity;
        self
    }

    /// Adds another place, in any document.
    pub fn related(
        &mut self,
        document: DocumentId,
        at: impl Into<At>,
        text: impl Into<String>,
    ) -> &mut Self {
        self.related.push((document, at.into(), text.into()));
        self
    }

    /// Adds another place in the same document.
    pub fn also(&mut self, at: impl Into<At>, text: impl Into<String>) -> &mut Self {
        let document = self.document;
        self.related(document, at, text)
    }

    /// Adds a fix that puts another text where the finding points: for the string, or for the part
    /// of it.
    pub fn replace(
        &mut self,
        applicability: Applicability,
        new: impl Into<String>,
        title: impl Into<String>,
    ) -> &mut Self {
        let range = match &self.at {
            At::Within(_, range) => Some(range.clone()),
            _ => None,
        };
        let change = Change::Text(self.at.pointer().clone(), range, new.into());
        self.fix = Some(FindingFix { title: title.into(), applicability, change });
        self
    }

    /// Adds a fix that replaces the whole string, wherever in it the finding points.
    pub fn replace_whole(
        &mut self,
        applicability: Applicability,
        new: impl Into<String>,
        title: impl Into<String>,
    ) -> &mut Self {
        let change = Change::Text(self.at.pointer().clone(), None, new.into());
        self.fix = Some(FindingFix { title: title.into(), applicability, change });
        self
    }

    /// Adds a safe fix that edits the text of the file; the edits are in order and apart.
    pub fn rewrite(&mut self, edits: Vec<Edit>, title: impl Into<String>) -> &mut Self {
        let change = Change::Raw(edits);
        let applicability = Applicability::Safe;
        self.fix = Some(FindingFix { title: title.into(), applicability, change });
        self
    }
}

/// Where rules put what they find.
#[derive(Debug)]
pub struct Findings {
    pub(crate) rule: &'static Rule,
    pub(crate) document: DocumentId,
    pub(crate) list: Vec<Finding>,
}

impl Findings {
    pub(crate) fn new(rule: &'static Rule, document: DocumentId) -> Self {
        Self { rule, document, list: Vec::new() }
    }

    /// A finding in the document at hand.
    pub fn add(&mut self, at: impl Into<At>, message: impl Into<String>) -> &mut Finding {
        self.add_in(self.document, at, message)
    }

    /// A finding in a document of the knowledge base.
    pub fn add_in(
        &mut self,
        document: DocumentId,
        at: impl Into<At>,
        message: impl Into<String>,
    ) -> &mut Finding {
        self.list.push(Finding {
            rule: self.rule,
            document,
            at: at.into(),
            message: message.into(),
            label: String::new(),
            help: None,
            related: Vec::new(),
            fix: None,
            is_broken_by_change: false,
            most: Severity::Error,
        });
        let last = self.list.len() - 1;
        &mut self.list[last]
    }
}

/// Applies a merge patch (RFC 7396) to a document.
pub fn merge_patch(target: &mut serde_json::Value, patch: &serde_json::Value) {
    let serde_json::Value::Object(members) = patch else {
        *target = patch.clone();
        return;
    };
    if !target.is_object() {
        *target = serde_json::Value::Object(serde_json::Map::new());
    }
    if let serde_json::Value::Object(object) = target {
        for (key, value) in members {
            if value.is_null() {
                object.remove(key);
            } else {
                merge_patch(object.entry(key.clone()).or_insert(serde_json::Value::Null), value);
            }
        }
    }
}
