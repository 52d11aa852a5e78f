//! Three versions of a value, by its shape in the schema.

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json};

use super::node::Node;
use super::{Side, list, message, text};
use crate::fields::{self, ENTRY, Merge, Object, Shape};

/// What one side has put in the place of another value, or `None`.
pub(super) type Three<'v> = [Option<&'v Json>; 3];

/// Merges, and notes what it decided.
#[derive(Default)]
pub(super) struct Merger {
    pub(super) notes: Vec<String>,
}

impl Merger {
    /// Three versions of an entry.
    pub(super) fn root(&mut self, base: Option<&Json>, ours: &Json, theirs: &Json) -> Node {
        let sides = [Some(ours), base, Some(theirs)];
        if let Verdict::Agreed(agreed) = verdict("", sides) {
            // What is nowhere an entry is made none of: `Merged::new` says so.
            return Node::Agreed(agreed.unwrap_or(&Json::Null).clone());
        }
        let mut members = self.object(&ENTRY, sides.map(|side| side.and_then(Json::as_object)));
        if message::is_lost(&members, ours, theirs) {
            decide_together(&mut members, &message::KEYS, sides);
            self.notes.push(
                "the pattern of each side finds the messages of that side, and merged it would not: \
                 they are to be decided together"
                    .to_owned(),
            );
        }
        if is_its_own_alias(&members, ours, theirs) {
            decide_together(&mut members, &["aliases", "id"], sides);
            self.notes.push(
                "the id of one side is an alias of the other: they are to be decided together"
                    .to_owned(),
            );
        }
        Node::Object(members)
    }

    /// Three versions of the value under a key; `None` if it is gone.
    pub(super) fn value(
        &mut self,
        shape: Option<&Shape>,
        key: &str,
        sides: Three<'_>,
    ) -> Option<Node> {
        if let Verdict::Agreed(agreed) = verdict(key, sides) {
            return agreed.cloned().map(Node::Agreed);
        }
        let [ours, base, theirs] = sides;
        // What the schema does not know is one value, whatever is in it.
        let Some(shape) = shape else { return Some(conflict(sides)) };
        let merged = match (ours, base, theirs) {
            (Some(Json::Object(_)), None | Some(Json::Object(_)), Some(Json::Object(_))) => {
                let sides = sides.map(|side| side.and_then(Json::as_object));
                match shape {
                    Shape::Object(object) => Node::Object(self.object(object, sides)),
                    _ => self.texts(key, sides),
                }
            }
            (Some(Json::Array(_)), None | Some(Json::Array(_)), Some(Json::Array(_))) => {
                self.lists(Some(shape), &[(key, sides)]).pop()?
            }
            (Some(Json::String(ours)), base, Some(Json::String(theirs))) => {
                let merged = match (fields::policy(key), base.and_then(Json::as_str)) {
                    (Merge::Words, Some(base)) => text::merge(base, ours, theirs),
                    (policy, base) => date(policy, ours, base, theirs),
                };
                merged.map_or_else(|| conflict(sides), |text| Node::Agreed(text.into()))
            }
            _ => conflict(sides),
        };
        Some(merged)
    }

    fn object(
        &mut self,
        shape: &Object,
        sides: [Option<&Map<String, Json>>; 3],
    ) -> Vec<(String, Node)> {
        let of = |key: &str| sides.map(|side| side.and_then(|members| members.get(key)));
        let mut keys: BTreeSet<&str> =
            sides.iter().flatten().flat_map(|side| side.keys().map(String::as_str)).collect();
        let mut members = Vec::new();
        // What is written in another language stands beside the workarounds, in the same order.
        let beside = fields::beside().map(|key| (key, of(key)));
        if beside[1].1.iter().any(|texts| texts.is_some_and(|texts| *texts != Json::Array(vec![])))
        {
            let field = shape.field(beside[0].0).map(|field| &field.shape);
            for ((key, _), node) in beside.iter().zip(self.lists(field, &beside)) {
                keys.remove(key);
                members.push(((*key).to_owned(), node));
            }
        }
        for key in keys {
            let field = shape.field(key).map(|field| &field.shape);
            let node = self.value(field, key, of(key));
            members.extend(node.map(|node| (key.to_owned(), node)));
        }
        members
    }

    /// Texts by keys of any name.
    fn texts(&mut self, key: &str, sides: [Option<&Map<String, Json>>; 3]) -> Node {
        let keys: BTreeSet<&String> = sides.iter().flatten().flat_map(|side| side.keys()).collect();
        let text = Shape::Text { nullable: false };
        let member = |name: &String| {
            let of = sides.map(|side| side.and_then(|members| members.get(name)));
            Some((name.clone(), self.value(Some(&text), key, of)?))
        };
        Node::Object(keys.into_iter().filter_map(member).collect())
    }

    /// Lists that stand beside each other, by item if that can be; whole if not.
    fn lists(&mut self, shape: Option<&Shape>, lists: &[(&str, Three<'_>)]) -> Vec<Node> {
        let item = match shape {
            Some(Shape::List { item, .. }) => Some(&**item),
            _ => None,
        };
        let sides: Vec<Three<'_>> = lists.iter().map(|list| list.1).collect();
        let (key, notes) = (lists.first().map_or("", |list| list.0), self.notes.len());
        let merged = match obstacle(&sides) {
            Some(why) => Err(why),
            None => list::merge(self, item, key, &sides),
        };
        merged.unwrap_or_else(|why| {
            self.notes.truncate(notes);
            let taken = whole(&sides);
            if taken.iter().any(|node| matches!(node, Node::Conflict(_))) {
                self.notes.push(format!("`{key}` cannot be merged by item: {why}"));
            }
            taken
        })
    }
}

/// Whether the id would be among the aliases, as it is on no side.
fn is_its_own_alias(members: &[(String, Node)], ours: &Json, theirs: &Json) -> bool {
    let has_itself = |id: Option<&Json>, aliases: Option<&Json>| {
        let aliases = aliases.and_then(Json::as_array);
        id.zip(aliases).is_some_and(|(id, aliases)| aliases.contains(id))
    };
    let is_merged = |side: Side| {
        let of = |key: &str| members.iter().find(|(own, _)| own == key)?.1.project(side);
        has_itself(of("id").as_ref(), of("aliases").as_ref())
    };
    [Side::Ours, Side::Theirs].into_iter().any(is_merged)
        && ![ours, theirs].iter().any(|side| has_itself(side.get("id"), side.get("aliases")))
}

/// Makes a conflict of what the sides say under each of these keys, if it is not the same.
fn decide_together(members: &mut [(String, Node)], keys: &[&str], sides: [Option<&Json>; 3]) {
    for (key, node) in members.iter_mut().filter(|(key, _)| keys.contains(&key.as_str())) {
        let values: Three<'_> = sides.map(|side| side.and_then(|side| side.get(&*key)));
        if values[Side::Ours as usize] != values[Side::Theirs as usize] {
            *node = conflict(values);
        }
    }
}

/// Lists that stand beside each other as one value.
fn whole(lists: &[Three<'_>]) -> Vec<Node> {
    let is_same = |one: Side, other: Side| {
        lists.iter().all(|sides| sides[one as usize] == sides[other as usize])
    };
    let taken = match () {
        () if is_same(Side::Ours, Side::Base) => Some(Side::Theirs),
        () if is_same(Side::Theirs, Side::Base) => Some(Side::Ours),
        () => None,
    };
    let node = |sides: &Three<'_>| match (taken, *sides) {
        (Some(side), sides) => Node::Agreed(sides[side as usize].cloned().unwrap_or_default()),
        (None, [ours, _, theirs]) if ours == theirs => {
            Node::Agreed(ours.cloned().unwrap_or_default())
        }
        (None, sides) => conflict(sides),
    };
    lists.iter().map(node).collect()
}

/// What there is to decide about a value.
enum Verdict<'v> {
    /// Nothing: the sides agree, or only one of them has changed it.
    Agreed(Option<&'v Json>),
    /// Both have changed it.
    Open,
}

fn verdict<'v>(key: &str, [ours, base, theirs]: Three<'v>) -> Verdict<'v> {
    let says_nothing = |value: Option<&Json>| match value {
        // It says that it always holds.
        _ if fields::says_when_empty(key) => false,
        Some(Json::Null) => true,
        Some(Json::String(text)) => text.is_empty(),
        Some(Json::Array(items)) => items.is_empty(),
        Some(Json::Object(members)) => members.is_empty(),
        _ => false,
    };
    match () {
        () if ours == theirs || base == ours => Verdict::Agreed(theirs),
        () if base == theirs => Verdict::Agreed(ours),
        // Both have added it, and one of them says nothing.
        () if base.is_none() && says_nothing(ours) => Verdict::Agreed(theirs),
        () if base.is_none() && says_nothing(theirs) => Verdict::Agreed(ours),
        () => Verdict::Open,
    }
}

pub(super) fn conflict(sides: Three<'_>) -> Node {
    Node::Conflict(sides.map(Option::<&Json>::cloned))
}

/// Why lists that stand beside each other can only be taken whole.
fn obstacle(lists: &[Three<'_>]) -> Option<&'static str> {
    const MOST: usize = 2_000;
    let counts = |side: usize| {
        let count = |list: &Three<'_>| list[side].and_then(Json::as_array).map_or(0, Vec::len);
        lists.iter().map(count).collect::<Vec<_>>()
    };
    let counts = [counts(0), counts(1), counts(2)];
    match () {
        () if counts.iter().flatten().any(|count| *count > MOST) => Some("it is too long"),
        () if !counts.iter().all(|counts| counts.is_sorted_by(|one, next| one >= next)) => {
            Some("there are more texts in Chinese than workarounds")
        }
        () => None,
    }
}

/// The day that two days which both changed come to: a confirmation or an edit counts from the later one,
/// and what was first seen on the earlier one was seen by then. `None` where that is no matter of course:
/// a day was put back, or the first one later; or the text is no day.
pub(super) fn date(policy: Merge, ours: &str, base: Option<&str>, theirs: &str) -> Option<String> {
    let (first, last) = if ours < theirs { (ours, theirs) } else { (theirs, ours) };
    let day = match policy {
        Merge::Earlier => base.is_none_or(|base| last < base).then_some(first),
        Merge::Later => base.is_none_or(|base| base < first).then_some(last),
        Merge::Whole | Merge::Words => None,
    };
    day.map(str::to_owned)
}
