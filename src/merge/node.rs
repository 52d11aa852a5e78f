//! The result of a merge as a tree: what is agreed on, and where it is not.

use serde_json::{Map, Value as Json};

use super::{Conflict, Side};
use crate::pointer::JsonPointer;

/// A value of the result.
#[derive(Clone, Debug)]
pub(super) enum Node {
    /// It is the same whichever side is chosen.
    Agreed(Json),
    /// An object that was merged by key.
    Object(Vec<(String, Node)>),
    /// A list that was merged by item.
    List(Vec<Node>),
    /// The sides do not agree: what each says, if it has it.
    Conflict([Option<Json>; 3]),
}

impl Node {
    /// The value with one side chosen in every conflict; `None` if that side has it not.
    pub(super) fn project(&self, side: Side) -> Option<Json> {
        match self {
            Self::Agreed(value) => Some(value.clone()),
            Self::Object(members) => {
                let members = members
                    .iter()
                    .filter_map(|(key, node)| Some((key.clone(), node.project(side)?)));
                Some(Json::Object(members.collect::<Map<_, _>>()))
            }
            Self::List(items) => {
                Some(Json::Array(items.iter().filter_map(|item| item.project(side)).collect()))
            }
            Self::Conflict(sides) => sides[side as usize].clone(),
        }
    }

    /// Whether a side has it.
    pub(super) fn is_on(&self, side: Side) -> bool {
        !matches!(self, Self::Conflict(sides) if sides[side as usize].is_none())
    }

    /// Adds the conflicts in it.
    pub(super) fn conflicts(&self, out: &mut Vec<Conflict>) {
        self.conflicts_at(&JsonPointer::root(), out);
    }

    fn conflicts_at(&self, at: &JsonPointer, out: &mut Vec<Conflict>) {
        match self {
            Self::Agreed(_) => {}
            Self::Object(members) => {
                for (key, node) in members {
                    node.conflicts_at(&at.clone().join(key.clone()), out);
                }
            }
            Self::List(items) => {
                let mut places = [0; 3];
                for item in items {
                    let ours = item.is_on(Side::Ours);
                    let place = places[if ours { Side::Ours } else { Side::Theirs } as usize];
                    item.conflicts_at(&at.clone().join(place), out);
                    for side in Side::ALL {
                        places[side as usize] += usize::from(item.is_on(side));
                    }
                }
            }
            Self::Conflict(sides) => {
                out.push(Conflict { pointer: at.clone(), sides: sides.clone() });
            }
        }
    }
}
