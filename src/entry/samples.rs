//! Messages that a pattern is to find, or not to find: the `x-samples` of an entry.

use serde_json::Value;

use super::Entry;
use crate::pointer;
use crate::pointer::JsonPointer;

/// What a sample is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sample {
    /// The pattern is to find it.
    Match,
    /// It is another message that looks like it.
    NoMatch,
}

impl Sample {
    /// The key of its list.
    pub fn key(self) -> &'static str {
        match self {
            Self::Match => "match",
            Self::NoMatch => "no_match",
        }
    }
}

/// The samples of an entry, each with its place.
pub fn samples(entry: &Entry, kind: Sample) -> impl Iterator<Item = (JsonPointer, &str)> {
    let list = entry.extra.get("x-samples").and_then(|samples| samples.get(kind.key()));
    let list = list.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    list.iter().enumerate().filter_map(move |(index, text)| {
        Some((pointer!["x-samples", kind.key(), index], text.as_str()?))
    })
}
