//! A second look at a merge, which knows nothing of how it was made: with one side chosen in every conflict,
//! is each change of that side there?

use serde_json::{Map, Value as Json};

use super::list::{identity, is_same};
use super::value::{date, is_prose};
use super::{Doubt, Markers, Merged, Side, mark, text};
use crate::canonical::canonical;
use crate::diff::document;
use crate::diff::pairing::{Identity, pair};
use crate::json;
use crate::schema::{Shape, entry_schema, entry_shape};

/// Holds a merge against what went into it.
pub(super) fn recheck(
    merged: &Merged,
    base: Option<&Json>,
    ours: &Json,
    theirs: &Json,
) -> Result<(), Doubt> {
    let markers = Markers::default();
    let text = merged.text(&markers);
    let were_valid = [ours, theirs].iter().all(|side| is_valid(&side.to_string()));
    for (side, own, other) in [(Side::Ours, ours, theirs), (Side::Theirs, theirs, ours)] {
        let name = side.name();
        let entry = merged.entry(side);
        let result = document(&entry);
        let written = canonical(&entry);
        if mark::choose(&text, markers.size, side) != written {
            return Err(Doubt(format!("the text with {name} chosen is another")));
        }
        if were_valid && !is_valid(&written) {
            return Err(Doubt(format!("with {name} chosen it is no valid entry")));
        }
        let look = Look { base, own: Some(own), other: Some(other), result: Some(&result) };
        if let Some(key) = look.lost_fields().first() {
            return Err(Doubt(format!("the change of {name} to `{key}` is not there")));
        }
    }
    Ok(())
}

fn is_valid(text: &str) -> bool {
    let tree = json::parse(text);
    tree.is_ok_and(|tree| tree.root(text).is_some_and(|root| entry_schema().accepts(root)))
}

/// A value in the base, on one side, on the other, and in the result with the side chosen.
#[derive(Clone, Copy)]
pub(super) struct Look<'v> {
    pub(super) base: Option<&'v Json>,
    pub(super) own: Option<&'v Json>,
    pub(super) other: Option<&'v Json>,
    pub(super) result: Option<&'v Json>,
}

impl<'v> Look<'v> {
    /// The fields of an entry of which the result has not what the side made.
    pub(super) fn lost_fields(self) -> Vec<String> {
        let shape = |key: &str| entry_shape().field(key).map(|field| &field.shape);
        let mut keys = self.keys();
        keys.retain(|key| !self.at(key).is_kept(shape(key), key));
        keys
    }

    fn versions(self) -> [Option<&'v Json>; 4] {
        [self.base, self.own, self.other, self.result]
    }

    fn keys(self) -> Vec<String> {
        let objects = self.versions().into_iter().flatten().filter_map(Json::as_object);
        let mut keys: Vec<String> = objects.flat_map(Map::keys).cloned().collect();
        keys.sort_unstable();
        keys.dedup();
        keys
    }

    fn at(self, key: &str) -> Self {
        let [base, own, other, result] =
            self.versions().map(|value| value.and_then(|value| value.get(key)));
        Self { base, own, other, result }
    }

    /// Whether the result has what the side made of the base, or the other side's value where the side made
    /// nothing of it.
    fn is_kept(self, shape: Option<&Shape>, key: &str) -> bool {
        let Self { base, own, other, result } = self;
        if result == own || (own == base && result == other) {
            return true;
        }
        let is_empty = |value: &Json| matches!(value, Json::Null) || value == "";
        match (own, result) {
            (Some(own), _) if base.is_none() && is_empty(own) => result == other,
            (Some(Json::Object(_)), Some(Json::Object(_))) => self.keys().iter().all(|name| {
                let (shape, key) = match shape {
                    Some(Shape::Object(object)) => {
                        (object.field(name).map(|field| &field.shape), name.as_str())
                    }
                    Some(Shape::Texts) => (shape, key),
                    _ => (None, name.as_str()),
                };
                self.at(name).is_kept(shape, key)
            }),
            (Some(Json::Array(own)), Some(Json::Array(result))) => {
                let items = |value: Option<&Json>| value.and_then(Json::as_array).cloned();
                let (base, other) =
                    (items(base).unwrap_or_default(), items(other).unwrap_or_default());
                let item = match shape {
                    Some(Shape::List { item, .. }) => Some(&**item),
                    _ => None,
                };
                items_are_kept(item, key, &base, own, &other, result)
            }
            (Some(Json::String(own)), Some(Json::String(result))) => {
                let base = base.and_then(Json::as_str);
                let other = other.and_then(Json::as_str).unwrap_or_default();
                let is_date = matches!(key, "first_seen" | "last_confirmed" | "last_updated");
                // Of words that stood there before it is not seen whether they were put in once more.
                let has = |base: &str| match result {
                    _ if base == own => false,
                    result if result == other => text::is_in(base, own, other),
                    result => result != base && text::has(base, own, result),
                };
                (is_date && date(key, own, base, other).as_ref() == Some(result))
                    || (is_prose(key) && base.is_some_and(has))
            }
            _ => false,
        }
    }
}

fn items_are_kept(
    shape: Option<&Shape>,
    key: &str,
    base: &[Json],
    own: &[Json],
    other: &[Json],
    result: &[Json],
) -> bool {
    let count = |list: &[Json], item: &Json| list.iter().filter(|own| *own == item).count();
    let identity = identity(shape, key);
    let pairs = pair(identity, base, own);
    let others = pair(identity, base, other);
    let of = |pairs: &[(usize, usize)], place: usize, list: &'_ [Json]| -> Option<Json> {
        let found = pairs.iter().find(|pair| pair.0 == place)?;
        list.get(found.1).cloned()
    };
    // What the side took out is out, unless it or the other side has put in the same anew.
    let gone = (0..base.len()).filter(|place| pairs.iter().all(|pair| pair.0 != *place));
    let is_out = |place: usize| {
        let item = &base[place];
        let added = count(other, item).saturating_sub(count(base, item));
        count(result, item) <= count(own, item) + added
    };
    let mut gone = gone;
    if !gone.all(is_out) {
        return false;
    }
    own.iter().enumerate().all(|(place, item)| {
        let old = pairs.iter().find(|pair| pair.1 == place).map(|pair| pair.0);
        let before = old.map(|old| &base[old]);
        if before == Some(item) || result.contains(item) {
            return true;
        }
        if identity == Identity::Set {
            return false;
        }
        let beside = old.and_then(|old| of(&others, old, other));
        let same = other.iter().find(|other| is_same(identity, item, other));
        result.iter().any(|found| {
            let found = Some(found);
            Look { base: before, own: Some(item), other: beside.as_ref(), result: found }
                .is_kept(shape, key)
                || Look { base: None, own: Some(item), other: same, result: found }
                    .is_kept(shape, key)
        })
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::entry::Entry;
    use crate::rule::{MINIMAL_ENTRY, merge_patch};

    fn with(patch: &Json) -> Json {
        let item = |action: &str, rate: f64| json!({"action": action, "why_fails": "It stays.", "fail_rate": rate});
        let mut entry: Json = serde_json::from_str(MINIMAL_ENTRY).expect("JSON");
        let lists = json!({
            "dead_ends": [item("Restart the client", 0.8), item("Clear all caches", 0.7)],
            "root_cause": "The disk of the server is full.", "tags": ["a", "b"],
            "last_updated": "2024-01-01",
        });
        merge_patch(&mut entry, &lists);
        merge_patch(&mut entry, patch);
        let entry: Entry = serde_json::from_value(entry).expect("an entry");
        document(&entry)
    }

    /// A result that knows nothing of what a side did is found out, whatever that was.
    #[test]
    fn what_is_not_there_is_missed() {
        let base = with(&json!({}));
        let item = |action: &str, rate: f64| json!({"action": action, "why_fails": "It stays.", "fail_rate": rate});
        let ours = with(&json!({"signature_zh": "磁盘已满"}));
        let result = Merged::new(Some(&base), &ours, &base);
        assert_eq!(recheck(&result, Some(&base), &ours, &base), Ok(()));
        for patch in [
            json!({"confidence": 0.123}),
            json!({"tags": ["a"]}),
            json!({"tags": ["a", "b", "c"]}),
            json!({"root_cause": "The disk of the client is full."}),
            json!({"last_updated": "2025-01-01"}),
            json!({"dead_ends": [item("Restart the client", 0.8)]}),
            json!({"dead_ends": [item("Restart the client", 0.7), item("Clear all caches", 0.8)]}),
            json!({"dead_ends": [item("Restart the client", 0.8), item("Clear the caches", 0.7)]}),
            json!({"dead_ends": [item("Restart the client", 0.8), item("Clear all caches", 0.7), item("Wait", 0.8)]}),
            json!({"os_specific": {"linux": "The limit is per user."}}),
            json!({"x-note": [1]}),
        ] {
            let theirs = with(&patch);
            let found = recheck(&result, Some(&base), &ours, &theirs);
            assert!(found.is_err(), "{patch}");
            let whole = Merged::new(Some(&base), &ours, &theirs);
            assert_eq!(recheck(&whole, Some(&base), &ours, &theirs), Ok(()), "{patch}");
        }
    }
}
