//! Three-way merge of an entry: what two sides made of a base, brought together by structure.
//!
//! ```text
//! base, ours, theirs -> tree of what is agreed and what is not -> canonical text, with markers
//! ```
//!
//! Versions are merged as canonical JSON. Objects are merged by key, the items of lists by what they are known by
//! ([`mod@pairing`]), prose by words ([`mod@text`]); a list or object that the schema does not know is one value. What
//! both sides changed to different values, or one removed and the other changed, is a [`Conflict`] and never a silent
//! loss. So is what neither side has written: a mixed command, a pattern that misses the message of the other side
//! ([`mod@message`]).
//!
//! Laws, held by tests: merging a side with the base gives the other side; a merge without conflicts says
//! the same from both sides; with one side chosen in every conflict the text is a valid canonical entry
//! that has every change of that side. [`merge`] checks the last of its own result ([`mod@verify`]), by a
//! look for each edit that [`audit`] has too ([`mod@losses`]).

use serde_json::Value as Json;

use crate::canonical::canonical;
use crate::diff::document;
use crate::entry::Entry;
use crate::pointer::JsonPointer;

mod advice;
mod audit;
mod conflict_markers;
mod explain;
mod list;
mod losses;
mod message;
mod node;
mod pairing;
mod read;
mod text;
mod value;
mod verify;

pub use audit::{audit, common};
pub use conflict_markers::{Markers, whole};
pub use losses::{Deed, Loss, Standing};
pub use read::{Unreadable, read};

use node::Node;

/// One of the versions of a merge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// What is merged into.
    Ours = 0,
    /// What both come from.
    Base = 1,
    /// What is merged in.
    Theirs = 2,
}

impl Side {
    /// All of them, in the order in which a conflict shows them.
    pub const ALL: [Self; 3] = [Self::Ours, Self::Base, Self::Theirs];

    /// The name in messages.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ours => "ours",
            Self::Base => "base",
            Self::Theirs => "theirs",
        }
    }
}

/// Something on which the sides do not agree.
#[derive(Clone, Debug, PartialEq)]
pub struct Conflict {
    /// Where it stands in the result, with ours chosen in all conflicts; what ours has not, with theirs.
    pub pointer: JsonPointer,
    /// What is said there: by ours, by the base, by theirs; `None` where it is not there.
    pub sides: [Option<Json>; 3],
}

/// What became of three versions.
#[derive(Clone, Debug)]
pub struct Merged {
    tree: Node,
    /// The entry with ours, the base or theirs chosen in every conflict.
    entries: [Entry; 3],
    /// What the sides do not agree on; nothing else is open.
    pub conflicts: Vec<Conflict>,
    /// What was decided and may be looked at, in a sentence each.
    pub notes: Vec<String>,
}

/// Why a result is not taken: it does not have what this side changed there, or is no valid entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerificationFailed(pub String);

/// Merges two versions of an entry that come from a base, or that were both new.
pub fn merge(
    base: Option<&Entry>,
    ours: &Entry,
    theirs: &Entry,
) -> Result<Merged, VerificationFailed> {
    let (base, own, other) = (base.map(document), document(ours), document(theirs));
    let mut merged = Merged::new(base.as_ref(), &own, &other)?;
    verify::verify(&merged, base.as_ref(), &own, &other)?;
    let said = advice::contradictions(&merged.entry(Side::Ours), ours, theirs);
    merged.notes.extend(said);
    Ok(merged)
}

impl Merged {
    fn new(base: Option<&Json>, ours: &Json, theirs: &Json) -> Result<Self, VerificationFailed> {
        let mut merger = value::Merger::default();
        let tree = merger.root(base, ours, theirs);
        let mut conflicts = Vec::new();
        tree.conflicts(&mut conflicts);
        let chosen = |side: Side| {
            let entry =
                tree.project(side).and_then(|document| serde_json::from_value(document).ok());
            entry.ok_or_else(|| {
                VerificationFailed(format!("with {} chosen it is no entry", side.name()))
            })
        };
        let entries = [chosen(Side::Ours)?, chosen(Side::Base)?, chosen(Side::Theirs)?];
        Ok(Self { tree, entries, conflicts, notes: merger.notes })
    }

    /// What can be the base of another merge: what the sides agree on, and what the base says where they do not.
    /// `None` if they do not agree and there is no base, or what comes of it is no entry.
    pub fn ancestor(&self, base: Option<&Entry>) -> Option<Entry> {
        if self.conflicts.is_empty() {
            return Some(self.entry(Side::Ours));
        }
        base?;
        Some(self.entry(Side::Base)).filter(|entry| read(canonical(entry).as_bytes()).is_ok())
    }

    /// The entry with one side chosen in every conflict.
    pub fn entry(&self, side: Side) -> Entry {
        self.entries[side as usize].clone()
    }

    /// The canonical text; conflicts stand in it between markers.
    pub fn text(&self, markers: &Markers) -> String {
        if self.conflicts.is_empty() {
            canonical(&self.entry(Side::Ours))
        } else {
            conflict_markers::marked(self, markers)
        }
    }
}
