//! Three versions of a value, by its shape in the schema.

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json};

use super::list::{self, Lists, Versions};
use super::node::Node;
use super::{Side, text};
use crate::schema::{Object, Shape, entry_shape};

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
        if let Verdict::Agreed(agreed) = verdict(sides) {
            return Node::Agreed(agreed.cloned().unwrap_or_default());
        }
        self.object(Some(entry_shape()), sides.map(|side| side.and_then(Json::as_object)))
    }

    /// Three versions of the value under a key; `None` if it is gone.
    pub(super) fn value(
        &mut self,
        shape: Option<&Shape>,
        key: &str,
        sides: Three<'_>,
    ) -> Option<Node> {
        if let Verdict::Agreed(agreed) = verdict(sides) {
            return agreed.cloned().map(Node::Agreed);
        }
        let [ours, base, theirs] = sides;
        let merged = match (ours, base, theirs) {
            (Some(Json::Object(_)), None | Some(Json::Object(_)), Some(Json::Object(_))) => {
                let object = match shape {
                    Some(Shape::Object(object)) => Some(object),
                    _ => None,
                };
                let sides = sides.map(|side| side.and_then(Json::as_object));
                match shape {
                    Some(Shape::Texts) => self.texts(key, sides),
                    _ => self.object(object, sides),
                }
            }
            (Some(Json::Array(_)), None | Some(Json::Array(_)), Some(Json::Array(_)))
                if sides.iter().flatten().all(|side| is_mergeable(side)) =>
            {
                self.list(shape, key, sides)
            }
            (Some(Json::String(ours)), base, Some(Json::String(theirs))) if shape.is_some() => {
                let merged = match (key, base.and_then(Json::as_str)) {
                    ("first_seen" | "last_confirmed" | "last_updated", base) => {
                        date(key, ours, base, theirs)
                    }
                    (key, Some(base)) if is_prose(key) => text::merge(base, ours, theirs),
                    _ => None,
                };
                merged.map_or_else(|| conflict(sides), |text| Node::Agreed(text.into()))
            }
            _ => conflict(sides),
        };
        Some(merged)
    }

    fn object(&mut self, shape: Option<&Object>, sides: [Option<&Map<String, Json>>; 3]) -> Node {
        let of = |key: &str| sides.map(|side| side.and_then(|members| members.get(key)));
        let keys: BTreeSet<&String> = sides.iter().flatten().flat_map(|side| side.keys()).collect();
        let mut members = Vec::new();
        // What is written in Chinese stands beside the workarounds, in the same order.
        let beside = shape.and_then(|_| parallel(of("workarounds"), of("workarounds_zh")));
        for key in keys {
            let field = shape.and_then(|shape| shape.field(key)).map(|field| &field.shape);
            match (&beside, key.as_str()) {
                (Some(lists), "workarounds") => {
                    for (key, node) in
                        ["workarounds", "workarounds_zh"].into_iter().zip(self.beside(field, lists))
                    {
                        members.push((key.to_owned(), node));
                    }
                }
                (Some(_), "workarounds_zh") => {}
                _ => {
                    let node = self.value(field, key, of(key));
                    members.extend(node.map(|node| (key.clone(), node)));
                }
            }
        }
        Node::Object(members)
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

    fn list(&mut self, shape: Option<&Shape>, key: &str, sides: Three<'_>) -> Node {
        let items = |side: Option<&Json>| side.and_then(Json::as_array).cloned();
        let lists = Lists::new(sides.map(|side| items(side).unwrap_or_default()));
        let (item, needs_one) = match shape {
            Some(Shape::List { item, needs_one }) => (Some(&**item), *needs_one),
            _ => (None, false),
        };
        let nodes = list::merge(self, item, key, &[&lists]).pop().unwrap_or_default();
        let node = Node::List(nodes);
        // Each side has taken out what the other left.
        let is_empty =
            |side| node.project(side).as_ref().and_then(Json::as_array).is_some_and(Vec::is_empty);
        if needs_one && (is_empty(Side::Ours) || is_empty(Side::Theirs)) {
            return conflict(sides);
        }
        node
    }

    /// The workarounds, and what is written in Chinese beside them.
    fn beside(&mut self, shape: Option<&Shape>, lists: &[Lists; 2]) -> [Node; 2] {
        let item = match shape {
            Some(Shape::List { item, .. }) => Some(&**item),
            _ => None,
        };
        let mut merged = list::merge(self, item, "workarounds", &[&lists[0], &lists[1]]);
        let chinese = merged.pop().unwrap_or_default();
        let workarounds = merged.pop().unwrap_or_default();
        [Node::List(workarounds), Node::List(chinese)]
    }
}

/// What there is to decide about a value.
enum Verdict<'v> {
    /// Nothing: the sides agree, or only one of them has changed it.
    Agreed(Option<&'v Json>),
    /// Both have changed it.
    Open,
}

fn verdict([ours, base, theirs]: Three<'_>) -> Verdict<'_> {
    let says_nothing = |value: Option<&Json>| match value {
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

/// Whether a list is short enough to be merged by item; a longer one is one value.
fn is_mergeable(list: &Json) -> bool {
    const MOST: usize = 2_000;
    list.as_array().is_some_and(|items| items.len() <= MOST)
}

/// Whether the text under a key is read, and is no name, pattern, address or message, of which a mixture
/// would be one that nobody has seen.
pub(super) fn is_prose(key: &str) -> bool {
    matches!(
        key,
        "root_cause"
            | "root_cause_zh"
            | "action"
            | "how"
            | "why_fails"
            | "condition"
            | "distinction"
            | "behavior_change"
            | "workarounds_zh"
            | "os_specific"
    )
}

/// The day that two days which both changed come to: a confirmation or an edit counts from the later one,
/// and what was first seen on the earlier one was seen by then. `None` where that is no matter of course:
/// a day was put back, or the first one later.
pub(super) fn date(key: &str, ours: &str, base: Option<&str>, theirs: &str) -> Option<String> {
    let (first, last) = if ours < theirs { (ours, theirs) } else { (theirs, ours) };
    let day = if key == "first_seen" {
        base.is_none_or(|base| last < base).then_some(first)
    } else {
        base.is_none_or(|base| base < first).then_some(last)
    };
    day.map(str::to_owned)
}

/// The workarounds and their Chinese, where each version has as many of these as of those, or none.
fn parallel(workarounds: Three<'_>, chinese: Three<'_>) -> Option<[Lists; 2]> {
    let items = |side: Option<&Json>| side.and_then(Json::as_array).cloned().unwrap_or_default();
    let lists: [Versions; 2] = [workarounds.map(items), chinese.map(items)];
    let is_beside = (0..3).all(|at| {
        let count = lists[1][at].len();
        count == 0 || count == lists[0][at].len()
    });
    let says_something = lists[1].iter().any(|list| !list.is_empty());
    (is_beside && says_something).then(|| lists.map(Lists::new))
}
