//! Three versions of a list: what becomes of each item.

use serde_json::Value as Json;

use super::Side;
use super::node::Node;
use super::pairing::{Identity, ItemTriple, align};
use super::value::{Merger, Three, conflict};
use crate::fields::{self, Shape};

const OURS: usize = Side::Ours as usize;
const BASE: usize = Side::Base as usize;
const THEIRS: usize = Side::Theirs as usize;

/// The items of a side; none if it has no list.
fn items(side: Option<&Json>) -> &[Json] {
    side.and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default()
}

/// Merges lists that stand beside each other, the first of which tells which item is which; `shape` is that of its
/// items. Fails where they can only be taken whole, and says why.
pub(super) fn merge(
    merger: &mut Merger,
    shape: Option<&Shape>,
    key: &str,
    lists: &[Three<'_>],
) -> Result<Vec<Node>, &'static str> {
    let identity = Identity::of(key);
    let Some(versions) = lists.first().map(|list| list.map(items)) else { return Ok(Vec::new()) };
    if !lists[1..].iter().all(|texts| follow(identity, versions, texts.map(items))) {
        return Err("some Chinese stood beside another workaround already");
    }
    let results = if identity == Identity::Set {
        vec![set(versions)]
    } else {
        let alignment = align(identity, versions).ok_or("of some items there are two")?;
        let rows = alignment.slots.into_iter().filter_map(|slot| {
            let nodes = item(merger, identity, shape, key, lists, slot);
            nodes.iter().any(Option::is_some).then_some(Row { is_new: slot[BASE].is_none(), nodes })
        });
        let mut rows: Vec<Row> = rows.collect();
        let is_moved = untranslated_last(&mut rows)
            .ok_or("some Chinese would stand beside another workaround")?;
        if alignment.has_two_orders {
            merger.notes.push(format!("both sides reordered `{key}`: the order of ours was kept"));
        }
        if is_moved {
            merger.notes.push(format!(
                "`{key}`: what is new and has no text in `{}` stands behind what has one",
                fields::beside()[1]
            ));
        }
        let mut results = vec![Vec::new(); lists.len()];
        for row in rows {
            for (result, node) in results.iter_mut().zip(row.nodes) {
                result.extend(node);
            }
        }
        results
    };
    let results: Vec<Node> = results.into_iter().map(Node::List).collect();
    // Each side has taken out what the other left.
    let is_emptied = |(node, sides): (&Node, &Three<'_>)| {
        [Side::Ours, Side::Theirs].into_iter().any(|side| {
            let rest = node.project(side);
            items(rest.as_ref()).is_empty() && !items(sides[side as usize]).is_empty()
        })
    };
    if results.iter().zip(lists).any(is_emptied) {
        return Err("nothing would be left");
    }
    Ok(results)
}

/// Whether the texts of each side stand beside the items that they are of: not where the items moved and the texts
/// stayed.
fn follow(identity: Identity, versions: [&[Json]; 3], texts: [&[Json]; 3]) -> bool {
    let base = versions[BASE];
    let translated = base.iter().take(texts[BASE].len()).enumerate();
    let follow = |side: usize| {
        let stays = |(old, item): (usize, &Json)| {
            let at = versions[side].iter().position(|own| identity.is_same(own, item));
            at.is_none_or(|at| at == old)
        };
        texts[side] != texts[BASE] || translated.clone().all(stays)
    };
    follow(OURS) && follow(THEIRS)
}

/// What becomes of an item, in each of the lists.
struct Row {
    /// Whether it is not in the base.
    is_new: bool,
    nodes: Vec<Option<Node>>,
}

impl Row {
    /// Whether a side has it; if so, whether it has a text beside it.
    fn text_on(&self, side: Side) -> Option<bool> {
        let mut is_there =
            self.nodes.iter().map(|node| node.as_ref().is_some_and(|node| node.is_on(side)));
        is_there.next()?.then(|| is_there.all(|is_there| is_there))
    }
}

/// Texts stand beside the first items of a list, so what has none must stand behind what has one. What is new is put
/// there; gives whether anything was. `None` if that does not do.
fn untranslated_last(rows: &mut Vec<Row>) -> Option<bool> {
    let is_right = |rows: &[Row]| {
        Side::ALL.into_iter().all(|side| {
            rows.iter().filter_map(|row| row.text_on(side)).is_sorted_by(|one, next| one >= next)
        })
    };
    if is_right(rows) {
        return Some(false);
    }
    let last = rows.iter().rposition(|row| row.nodes.iter().all(Option::is_some))?;
    let behind = rows.split_off(last + 1);
    let is_loose = |row: &Row| row.is_new && row.nodes.iter().any(Option::is_none);
    let (loose, kept): (Vec<Row>, Vec<Row>) = rows.drain(..).partition(is_loose);
    rows.extend(kept.into_iter().chain(loose).chain(behind));
    is_right(rows).then_some(true)
}

/// What becomes of an item, in each of the lists.
fn item(
    merger: &mut Merger,
    identity: Identity,
    shape: Option<&Shape>,
    key: &str,
    lists: &[Three<'_>],
    slot: ItemTriple,
) -> Vec<Option<Node>> {
    let versions: Vec<Three<'_>> =
        lists.iter().map(|list| [0, 1, 2].map(|side| items(list[side]).get(slot[side]?))).collect();
    let Some([ours, base, theirs]) = versions.first().copied() else { return Vec::new() };
    // A side has taken it out, or put another in its place, or both have added it under names that are not the same.
    let is_another =
        |a: Option<&Json>, b: Option<&Json>| a.zip(b).is_some_and(|(a, b)| !identity.is_same(a, b));
    let is_gone = base.is_some() && (ours.is_none() || theirs.is_none());
    let is_whole =
        is_gone || is_another(base, ours) || is_another(base, theirs) || is_another(ours, theirs);
    // What one side puts in its place has a text of its own beside it.
    let stays = |side: usize, taken: Option<&Json>| {
        let is_as_before = |sides: &Three<'_>| {
            sides[side] == sides[BASE] || (sides[side].is_none() && taken.is_none())
        };
        versions.iter().all(is_as_before)
    };
    let taken = match () {
        () if !is_whole || ours == theirs => None,
        () if theirs == base && stays(THEIRS, ours) => Some(ours),
        () if ours == base && stays(OURS, theirs) => Some(theirs),
        () => {
            let node = |sides: &Three<'_>| match sides {
                [ours, _, theirs] if ours == theirs => ours.cloned().map(Node::Agreed),
                sides => Some(conflict(*sides)),
            };
            return versions.iter().map(node).collect();
        }
    };
    let mut nodes = Vec::new();
    for (at, sides) in versions.iter().enumerate() {
        nodes.push(match taken {
            Some(taken) if at == 0 => taken.cloned().map(Node::Agreed),
            // A text beside an item has no key of its own.
            _ => merger.value(shape, if at == 0 { key } else { fields::beside()[1] }, *sides),
        });
    }
    nodes
}

/// What is in both, or new on one side.
fn set([ours, base, theirs]: [&[Json]; 3]) -> Vec<Node> {
    let is_kept =
        |item: &&Json| !base.contains(item) || (ours.contains(item) && theirs.contains(item));
    let mut items: Vec<&Json> = ours.iter().chain(theirs).filter(is_kept).collect();
    items.sort_by_key(|item| item.as_str());
    items.dedup();
    items.into_iter().cloned().map(Node::Agreed).collect()
}
