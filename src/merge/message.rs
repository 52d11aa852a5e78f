//! The pattern and the messages that it is to find, which the sides may have changed apart from each other.

use serde_json::Value as Json;

use super::Side;
use super::node::Node;
use crate::config::Case;
use crate::entry::Sample;
use crate::pattern::Pattern;

/// What makes a pattern right or wrong.
pub(super) const KEYS: [&str; 3] = ["regex", "signature", "x-samples"];

/// Whether the pattern of each side finds what it is to find there, and would not any longer once merged.
pub(super) fn is_lost(members: &[(String, Node)], ours: &Json, theirs: &Json) -> bool {
    let project = |side: Side| -> Json {
        let of = |(key, node): &(String, Node)| Some((key.clone(), node.project(side)?));
        let known = members.iter().filter(|(key, _)| KEYS.contains(&key.as_str()));
        Json::Object(known.filter_map(of).collect())
    };
    let is_new = |entry: &Json| {
        [ours, theirs].iter().all(|side| KEYS.iter().any(|key| side.get(key) != entry.get(key)))
    };
    let merged = [Side::Ours, Side::Theirs].map(project);
    merged.iter().any(is_new)
        && [Case::Sensitive, Case::Insensitive].into_iter().any(|case| {
            fits(ours, case) && fits(theirs, case) && !merged.iter().all(|entry| fits(entry, case))
        })
}

/// Whether the pattern of an entry finds its messages, and none of those that it is not to find.
fn fits(entry: &Json, case: Case) -> bool {
    let samples = |kind: Sample| {
        let list = entry.get("x-samples").and_then(|samples| samples.get(kind.key()));
        list.and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_str)
    };
    let text = |key: &str| entry.get(key).and_then(Json::as_str).unwrap_or_default();
    let pattern = Pattern::new(text("regex"));
    let finds = |message: &str| pattern.finds(message, case) == Some(true);
    finds(text("signature"))
        && samples(Sample::Match).all(finds)
        && !samples(Sample::NoMatch).any(finds)
}
