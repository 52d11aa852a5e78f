//! What is wrong with a file of decisions, and reading one line of it.

use serde_json::Value;
use serde_json::error::Category;

use super::Decision;
use crate::duplicates::model::Label;
use crate::entry::EntryId;
use crate::suggest::did_you_mean;
use crate::visible;

/// Something to say about a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The line, counted from 1.
    pub line: usize,
    /// What there is to say.
    pub kind: FaultKind,
}

/// What there is to say about a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// The line is no decision; why.
    Unreadable(String),
    /// The line ends before the decision does, as where a file was cut.
    Cut,
    /// A mark that git leaves where it could not merge.
    Conflict,
    /// An id that no entry has, and the one that may be meant.
    UnknownId(EntryId, Option<EntryId>),
    /// An entry that has another id by now.
    Renamed(EntryId, EntryId),
    /// Two entries, not decided to be the same, that are one by now.
    Merged(EntryId),
    /// Another line of the same day says something else of the same pair.
    Contradiction {
        /// The earlier line.
        earlier: usize,
        /// What the earlier line says.
        was: Label,
        /// What this line says.
        is: Label,
    },
}

impl Fault {
    /// Whether the file needs mending, as against a note about what has happened since.
    pub fn is_warning(&self) -> bool {
        use FaultKind::{Conflict, Contradiction, Cut, Unreadable};
        matches!(self.kind, Unreadable(_) | Cut | Conflict | Contradiction { .. })
    }

    /// What is wrong, in lower case and without a full stop.
    pub fn message(&self) -> String {
        let quote = |id: &EntryId| visible::quote(id.as_str());
        match &self.kind {
            FaultKind::Unreadable(why) => format!("this line is no decision: {why}"),
            FaultKind::Cut => "this line is cut short".to_owned(),
            FaultKind::Conflict => "this line is a mark of a merge conflict".to_owned(),
            FaultKind::UnknownId(id, _) => format!("no entry has the id {}", quote(id)),
            FaultKind::Renamed(from, to) => format!("{} is now {}", quote(from), quote(to)),
            FaultKind::Merged(id) => format!("both are now one entry, {}", quote(id)),
            FaultKind::Contradiction { earlier, was, is } => format!(
                "line {earlier} says {} of the same pair on the same day, and this one {}",
                was.as_str(),
                is.as_str()
            ),
        }
    }

    /// What to do about it.
    pub fn help(&self) -> String {
        match &self.kind {
            FaultKind::Unreadable(_) => {
                "the line is kept and counts for nothing; mend it, or decide the pair again".to_owned()
            }
            FaultKind::Cut => "the rest of it may be in git; the line is kept and counts for nothing".to_owned(),
            FaultKind::Conflict => {
                "keep the lines of both sides and delete the marks; `decisions.jsonl merge=union` in \
                 .gitattributes makes git do so"
                    .to_owned()
            }
            FaultKind::UnknownId(_, Some(guess)) => {
                format!("did you mean {}? the decision is kept", visible::quote(guess.as_str()))
            }
            FaultKind::UnknownId(_, None) => {
                "the decision is kept; a new id of the entry needs the old one among its aliases".to_owned()
            }
            FaultKind::Renamed(..) => "the decision holds for the new id".to_owned(),
            FaultKind::Merged(_) => "the decision is kept and counts for nothing".to_owned(),
            FaultKind::Contradiction { .. } => {
                "the later line holds; delete the one that is wrong".to_owned()
            }
        }
    }

    /// An id that no entry has, with a guess.
    pub(super) fn unknown<'i>(
        line: usize,
        id: &EntryId,
        known: impl Iterator<Item = &'i str>,
    ) -> Self {
        let guess = did_you_mean(id.as_str(), known).map(EntryId::new);
        Self { line, kind: FaultKind::UnknownId(id.clone(), guess) }
    }
}

/// Reads a line; a blank one says nothing.
pub(super) fn read(
    bytes: &[u8],
    is_first: bool,
    is_last_without_end: bool,
) -> Result<Option<Decision>, FaultKind> {
    /// No honest line is longer, in bytes.
    const LONGEST: usize = 1 << 20;
    const CONFLICTS: [&[u8]; 4] = [b"<<<<<<<", b"=======", b">>>>>>>", b"|||||||"];
    if bytes.len() > LONGEST {
        return Err(FaultKind::Unreadable(format!("it has {} bytes", bytes.len())));
    }
    let Ok(text) = std::str::from_utf8(bytes) else {
        let not_text = FaultKind::Unreadable("it is not UTF-8".to_owned());
        return Err(if is_last_without_end { FaultKind::Cut } else { not_text });
    };
    let text = if is_first { text.strip_prefix('\u{feff}').unwrap_or(text) } else { text };
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    if CONFLICTS.iter().any(|mark| bytes.starts_with(mark)) {
        return Err(FaultKind::Conflict);
    }
    // First as JSON, so that a line which is cut is told from one that says something else.
    let unreadable = |why: &str| Err(FaultKind::Unreadable(why.to_owned()));
    match serde_json::from_str::<Value>(text) {
        Ok(Value::Object(_)) => {}
        Ok(_) => return unreadable("it is no object with the keys of one"),
        Err(error) if error.classify() == Category::Eof => return Err(FaultKind::Cut),
        Err(error) => return unreadable(&format!("it is not JSON at column {}", error.column())),
    }
    let decision: Decision = serde_json::from_str(text).map_err(|error| {
        let why = error.to_string();
        let why = why.split(" at line ").next().unwrap_or_default();
        FaultKind::Unreadable(visible::name(why).into_owned())
    })?;
    if decision.a.is_empty() || decision.b.is_empty() {
        return unreadable("an id is empty");
    }
    if decision.a == decision.b {
        return unreadable("it names one entry twice");
    }
    Ok(Some(decision))
}
