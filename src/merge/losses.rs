//! What a side of a merge made of the base and the result has not: what it put in, changed, cleared, took out or moved.
//!
//! This is the second look, at a merge of ours ([`mod@super::verify`]) and at one of others ([`mod@super::audit`]).
//! It knows nothing of how a merge is made, and which item of a list is which it tells by a notion of its own
//! ([`mod@items`]): an error there must not hide here.

use std::collections::{BTreeSet, HashMap};

use serde::Serialize;
use serde_json::Value as Json;

use super::value::date;
use super::{Side, text};
use crate::diff;
use crate::fields::{self, ENTRY, Field, Merge, Role, Shape};
use crate::pointer::JsonPointer;

mod items;

/// What a side did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Deed {
    /// It put something in.
    Added,
    /// It gave something another value.
    Edited,
    /// It left a text, a list or a value empty.
    Cleared,
    /// It took something out.
    Removed,
    /// It put the items of a list into another order.
    Reordered,
    /// It left alone what the other side left alone too.
    Kept,
}

/// What the other side says where an edit is not in the result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nothing that stands against it.
    Alone,
    /// Something else, and the result says neither.
    Contested,
    /// Something else, and the result says that: somebody chose.
    Overruled,
}

/// An edit of a side that is not in the result.
#[derive(Clone, Debug, PartialEq)]
pub struct Loss {
    /// The side.
    pub side: Side,
    /// Where it stands in the result; of what is not there, its place in the side's version.
    pub pointer: JsonPointer,
    /// What the item of a list is called that it is, or is in.
    pub item: Option<String>,
    /// What the side did.
    pub deed: Deed,
    /// What the other side says.
    pub standing: Standing,
    /// What the base says.
    pub before: Option<Json>,
    /// What the side made of it.
    pub made: Option<Json>,
    /// What the result says.
    pub found: Option<Json>,
}

/// What a side made of the base and the result has not, in the order of the keys.
pub(super) fn losses(
    side: Side,
    base: Option<&Json>,
    own: &Json,
    other: &Json,
    result: &Json,
) -> Vec<Loss> {
    let versions = [base, Some(own), Some(other), Some(result)];
    let stray = is_stray(base, own) || is_stray(base, other);
    let joined = if stray { None } else { joined(versions) };
    let [base, own, other, result] =
        joined.as_ref().map_or(versions, |joined| joined.each_ref().map(Option::as_ref));
    let mut search = Search { side, item: None, stray, losses: Vec::new() };
    let look = Look { base, own, other, result };
    if result != own {
        search.members(look, &JsonPointer::root(), |key| {
            (ENTRY.field(key).map(|field| &field.shape), None)
        });
    }
    search.losses.into_iter().map(apart).collect()
}

/// Whether workarounds of the base stand elsewhere on a side and their Chinese does not, so that nobody can tell what
/// it is of.
fn is_stray(base: Option<&Json>, side: &Json) -> bool {
    let list = |version: Option<&Json>, key: &str| {
        version.and_then(|version| version[key].as_array()).cloned().unwrap_or_default()
    };
    let [workarounds, key] = fields::beside();
    let texts = list(base, key);
    let places: HashMap<String, usize> = list(Some(side), workarounds)
        .iter()
        .enumerate()
        .rev()
        .map(|(at, item)| (item["action"].to_string(), at))
        .collect();
    let moved = |(old, item): (usize, &Json)| {
        places.get(&item["action"].to_string()).is_some_and(|at| *at != old)
    };
    texts == list(Some(side), key)
        && list(base, workarounds).iter().take(texts.len()).enumerate().any(moved)
}

/// The versions with the Chinese of each workaround in it, if none has more of these than of those.
fn joined(versions: [Option<&Json>; 4]) -> Option<[Option<Json>; 4]> {
    let says_any = |version: &Json| {
        version[fields::beside()[1]].as_array().is_some_and(|list| !list.is_empty())
    };
    if !versions.iter().flatten().any(|version| says_any(version)) {
        return None;
    }
    let mut joined = versions.map(Option::<&Json>::cloned);
    for version in joined.iter_mut().flatten() {
        let members = version.as_object_mut()?;
        let chinese = members.remove(fields::beside()[1]);
        let chinese = chinese.as_ref().and_then(Json::as_array).cloned().unwrap_or_default();
        let items = members.get_mut("workarounds").and_then(Json::as_array_mut);
        let items = items.map(Vec::as_mut_slice).unwrap_or_default();
        if chinese.len() > items.len() {
            return None;
        }
        for (item, text) in items.iter_mut().zip(chinese) {
            item.as_object_mut()?.insert(fields::beside()[1].to_owned(), text);
        }
    }
    Some(joined)
}

/// A loss with the Chinese of a workaround where it really stands.
fn apart(mut loss: Loss) -> Loss {
    let steps: Vec<String> = loss.pointer.steps().map(Into::into).collect();
    if let [list, place, key] = steps.as_slice()
        && list == "workarounds"
        && key == fields::beside()[1]
    {
        loss.pointer = JsonPointer::root().join(fields::beside()[1].to_owned()).join(place.clone());
    }
    for value in [&mut loss.before, &mut loss.made, &mut loss.found].into_iter().flatten() {
        value.as_object_mut().map(|item| item.remove(fields::beside()[1]));
    }
    loss
}

/// A value in the base, on one side, on the other, and in the result.
#[derive(Clone, Copy)]
struct Look<'v> {
    base: Option<&'v Json>,
    own: Option<&'v Json>,
    other: Option<&'v Json>,
    result: Option<&'v Json>,
}

impl<'v> Look<'v> {
    fn each<T>(self, of: impl Fn(Option<&'v Json>) -> T) -> [T; 4] {
        [self.base, self.own, self.other, self.result].map(of)
    }

    fn at(self, key: &str) -> Self {
        let [base, own, other, result] = self.each(|value| value.and_then(|value| value.get(key)));
        Self { base, own, other, result }
    }

    fn standing(self) -> Standing {
        match () {
            () if self.other == self.base || self.other == self.own => Standing::Alone,
            // It is new on both sides, and one says nothing.
            () if self.base.is_none() && self.other.is_some_and(says_nothing) => Standing::Alone,
            () if self.result == self.other => Standing::Overruled,
            () => Standing::Contested,
        }
    }
}

/// The losses of a side, as far as they are found.
struct Search {
    side: Side,
    /// What the item is called that is looked at.
    item: Option<String>,
    /// Whether a side has left Chinese beside another workaround, so that a merge takes both lists whole.
    stray: bool,
    losses: Vec<Loss>,
}

impl Search {
    fn lose(&mut self, look: Look<'_>, pointer: JsonPointer, deed: Deed, standing: Standing) {
        let [before, made, _, found] = look.each(Option::<&Json>::cloned);
        let (side, item) = (self.side, self.item.clone());
        self.losses.push(Loss { side, pointer, item, deed, standing, before, made, found });
    }

    /// The members of objects; `shape` says what each must be, and the key that it goes by instead of its own.
    fn members<'s>(
        &mut self,
        look: Look<'_>,
        pointer: &JsonPointer,
        shape: impl Fn(&str) -> (Option<&'s Shape>, Option<&'s str>),
    ) {
        let objects = look.each(|value| value.and_then(Json::as_object));
        let keys: BTreeSet<&String> =
            objects.iter().flatten().flat_map(|object| object.keys()).collect();
        for key in keys {
            let (shape, name) = shape(key);
            let pointer = pointer.clone().join(key.clone());
            self.value(look.at(key), pointer, shape, name.unwrap_or(key));
        }
    }

    fn value(&mut self, look: Look<'_>, pointer: JsonPointer, shape: Option<&Shape>, key: &str) {
        let Look { base, own, other, result } = look;
        if own == base {
            if other == base && result != base {
                self.lose(look, pointer, Deed::Kept, Standing::Alone);
            }
            return;
        }
        // What is new and says nothing is no edit.
        if result == own || (base.is_none() && own.is_some_and(says_nothing)) {
            return;
        }
        match (shape, own, result) {
            (Some(Shape::Object(object)), Some(Json::Object(_)), Some(Json::Object(_))) => {
                self.members(look, &pointer, |key| {
                    let shape = object.field(key).map(|field| &field.shape);
                    // It has been joined with the item.
                    (shape.or((key == fields::beside()[1]).then_some(&TEXT)), None)
                });
            }
            (Some(Shape::Texts), Some(Json::Object(_)), Some(Json::Object(_))) => {
                self.members(look, &pointer, |_| (Some(&TEXT), Some(key)));
            }
            (Some(Shape::List { item, .. }), Some(Json::Array(_)), Some(Json::Array(_))) => {
                self.list(look, &pointer, item, key);
            }
            _ => self.one(look, pointer, shape, key),
        }
    }

    /// A value that is there as a whole, or not.
    fn one(&mut self, look: Look<'_>, pointer: JsonPointer, shape: Option<&Shape>, key: &str) {
        let Look { base, own, other, result } = look;
        let mut standing = look.standing();
        // Without a condition it always holds.
        if fields::says_when_empty(key) && base.is_none() && other.is_some() && result == other {
            standing = Standing::Overruled;
        }
        if let (Some(_), Some(own), Some(result)) = (shape, text_of(own), text_of(result)) {
            let (base, other) = (text_of(base), text_of(other).unwrap_or_default());
            if date(fields::policy(key), own, base, other).as_deref() == Some(result) {
                return;
            }
            let is_woven = |base: &str| is_woven_in(base, own, other, result);
            match base {
                Some(base) if fields::policy(key) == Merge::Words => {
                    if is_woven(base) {
                        return;
                    }
                    // Both can stand in one text.
                    if text::merge(base, own, other).is_some() {
                        standing = Standing::Alone;
                    }
                }
                // Somebody has brought both together, as no merge of ours does it.
                Some(base) if is_text(key) && is_woven(base) => standing = Standing::Overruled,
                _ => {}
            }
        }
        let deed = match (base, own) {
            (None, _) => Deed::Added,
            (_, None) => Deed::Removed,
            (Some(base), Some(own)) if says_nothing(own) && !says_nothing(base) => Deed::Cleared,
            _ => Deed::Edited,
        };
        self.lose(look, pointer, deed, standing);
    }
}

/// Whether the text under a key is no prose, but written in words all the same.
fn is_text(key: &str) -> bool {
    let is_text = |field: &Field| field.role == Role::Action || field.says_when_empty;
    key == "os_specific"
        || key == fields::beside()[1]
        || fields::all().any(|field| field.name == key && is_text(field))
}

const TEXT: Shape = Shape::Text { nullable: false };

fn text_of(value: Option<&Json>) -> Option<&str> {
    value.and_then(Json::as_str)
}

fn says_nothing(value: &Json) -> bool {
    match value {
        Json::Null => true,
        Json::String(text) => text.is_empty(),
        Json::Array(items) => items.is_empty(),
        Json::Object(members) => members.is_empty(),
        _ => false,
    }
}

/// Whether a text, which is not that of a side, has what that side put in and has not what it took out.
fn is_woven_in(base: &str, own: &str, other: &str, result: &str) -> bool {
    if result == other {
        return text::is_in(base, own, other);
    }
    // Of words that stood there before it is not seen whether they were put in once more.
    if result == base || !text::has(base, own, result) {
        return false;
    }
    let [of_base, of_own, of_result] = [base, own, result].map(counted);
    let (mut put_in, mut taken_out) = (HashMap::new(), HashMap::new());
    for piece in diff::words(base, other) {
        let counts = match piece.side {
            diff::Side::Both => continue,
            diff::Side::New => &mut put_in,
            diff::Side::Old => &mut taken_out,
        };
        words(piece.text, |word| *counts.entry(word).or_insert(0) += 1);
    }
    let words: BTreeSet<&str> = of_base.keys().chain(of_own.keys()).copied().collect();
    words.into_iter().all(|word| {
        let count = |counts: &HashMap<&str, usize>| counts.get(word).copied().unwrap_or(0);
        let (base, own, result) = (count(&of_base), count(&of_own), count(&of_result));
        match own.cmp(&base) {
            std::cmp::Ordering::Greater => result + count(&taken_out) >= own,
            std::cmp::Ordering::Less => result <= own + count(&put_in),
            std::cmp::Ordering::Equal => true,
        }
    })
}

/// How often each word stands in a text.
fn counted(text: &str) -> HashMap<&str, usize> {
    let mut counts = HashMap::new();
    words(text, |word| *counts.entry(word).or_insert(0) += 1);
    counts
}

/// Goes over the words of a text, in which each character beyond those of alphabets is one.
fn words<'t>(text: &'t str, mut each: impl FnMut(&'t str)) {
    let is_sign = |c: char| c >= '\u{2e80}';
    for run in text.split(|c: char| !c.is_alphanumeric()) {
        let mut rest = run;
        while let Some(first) = rest.chars().next() {
            let end = if is_sign(first) {
                first.len_utf8()
            } else {
                rest.find(is_sign).unwrap_or(rest.len())
            };
            each(&rest[..end]);
            rest = &rest[end..];
        }
    }
}
