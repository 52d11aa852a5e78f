//! What changed between two versions of an entry: a list of [`Change`]s, as a curator thinks of them.
//!
//! Versions are compared as canonical JSON, so that the order of keys, `0.80` and `0.8` make no
//! difference. The items of lists are paired by what they are ([`pairing`]): versions by name, links by
//! target, workarounds and dead ends by an assignment over the likeness of their texts. So a
//! workaround that was reworded, rated anew and moved is one item with three changes.
//!
//! Laws, held by tests: `diff(a, a)` is empty; `apply(a, diff(a, b)) == b`; a [`patch`] of RFC 6902 made of
//! the same changes gives the same.

use serde::Serialize;
use serde_json::Value as Json;

use crate::canonical::canonical;
use crate::entry::Entry;
use crate::pointer::JsonPointer;

mod apply;
mod assignment;
pub mod bases;
mod compare;
mod difference;
mod facts;
mod likeness;
pub mod pairing;
mod patch;
pub mod view;
mod words;

pub use apply::{Unfit, apply};
pub use compare::diff;
pub use difference::difference;
pub use facts::{Fact, FactKind, facts};
pub use patch::{Operation, patch};
pub use words::{Piece, Side, words};

/// What happened to a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It is another.
    Changed,
    /// It is an item of a list and stands at another place among those that are still there.
    Moved,
    /// What others know it by is another: the id, the name of a version, the target of a link, a key.
    Renamed,
}

/// One thing that changed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Change {
    /// Where it stands in the new version. Of what is gone: its old place in the list or object that held
    /// it, wherever that stands now.
    pub pointer: JsonPointer,
    /// What happened.
    pub kind: Kind,
    /// Where it stood in the old version, if that is elsewhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<JsonPointer>,
    /// The old value; of an item that was moved, its old place in the list, from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<Json>,
    /// The new value; of an item that was moved, its new place in the list, from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<Json>,
}

/// An entry as versions are compared: its canonical JSON.
pub fn document(entry: &Entry) -> Json {
    serde_json::from_str(&canonical(entry)).expect("canonical text is JSON")
}
