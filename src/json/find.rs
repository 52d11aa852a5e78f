//! Finding values by their pointers, and pointers by their values. Each container is walked over once,
//! however many lead through it.

use std::borrow::Cow;
use std::collections::HashMap;

use super::{Found, Kind, Value};
use crate::pointer::{JsonPointer, Step};

/// Finds many values below one, such as those that findings are about.
#[derive(Debug)]
pub struct Finder<'t> {
    root: Value<'t>,
    /// What the containers hold that were on the way so far.
    seen: HashMap<u32, Children<'t>>,
}

#[derive(Debug)]
enum Children<'t> {
    Items(Vec<Value<'t>>),
    /// Key and value; of a key that occurs twice, the last.
    Members(HashMap<Cow<'t, str>, (Value<'t>, Value<'t>)>),
}

impl<'t> Children<'t> {
    fn of(value: Value<'t>) -> Self {
        if value.kind() == Kind::Array {
            return Self::Items(value.items().collect());
        }
        let named = |(key, value): (Value<'t>, Value<'t>)| Some((key.as_str()?, (key, value)));
        Self::Members(value.members().filter_map(named).collect())
    }

    fn get(&self, step: &str) -> Option<Found<'t>> {
        match self {
            Self::Items(items) => {
                let value = *items.get(step.parse::<usize>().ok()?)?;
                Some(Found { key: None, value })
            }
            Self::Members(members) => {
                let (key, value) = *members.get(step)?;
                Some(Found { key: Some(key.span()), value })
            }
        }
    }
}

impl<'t> Finder<'t> {
    /// A finder of what lies below `root`.
    pub fn new(root: Value<'t>) -> Self {
        Self { root, seen: HashMap::new() }
    }

    /// Follows a pointer as far as it leads: what the last step that exists leads to, and whether
    /// that is the whole way.
    pub fn follow(&mut self, pointer: &JsonPointer) -> (Found<'t>, bool) {
        let (_, found, complete) = self.walk(pointer);
        (found, complete)
    }

    /// The last member of an object on the way that a pointer leads.
    pub(super) fn member_on_the_way(&mut self, pointer: &JsonPointer) -> Option<Value<'t>> {
        self.walk(pointer).0
    }

    fn walk(&mut self, pointer: &JsonPointer) -> (Option<Value<'t>>, Found<'t>, bool) {
        let mut found = Found { key: None, value: self.root };
        let mut member = None;
        for step in pointer.steps() {
            let at = found.value;
            let children = self.seen.entry(at.index).or_insert_with(|| Children::of(at));
            match children.get(&step) {
                Some(next) => found = next,
                None => return (member, found, false),
            }
            if found.key.is_some() {
                member = Some(found.value);
            }
        }
        (member, found, true)
    }
}

/// The longest way that is told, in bytes of its pointer.
const LONGEST: usize = 1_000;

/// A pointer and one more step, or without it where that is too long.
pub(super) fn join_within(pointer: &JsonPointer, step: Step) -> JsonPointer {
    let length = match &step {
        Step::Key(key) => key.len(),
        Step::Index(_) => 0,
    };
    let is_short = pointer.as_str().len() + length <= LONGEST;
    if is_short { pointer.clone().join(step) } else { pointer.clone() }
}

impl Value<'_> {
    /// The pointers from this value to others below it, by their numbers in the tree: `targets` are in
    /// order, and each is told once. Where the way is longer than [`LONGEST`], the pointer leads to the
    /// last value on it that can be told: a key of a megabyte must not be repeated for all that it holds.
    pub(super) fn pointers_to(self, targets: &[u32]) -> HashMap<u32, JsonPointer> {
        let mut pointers = HashMap::new();
        let mut open = vec![(self, JsonPointer::root(), targets)];
        while let Some((at, pointer, mut targets)) = open.pop() {
            while targets.first() == Some(&at.index) {
                pointers.insert(at.index, pointer.clone());
                targets = &targets[1..];
            }
            // The targets that lie below a child are the first of those that are left.
            let mut below = |child: Self, step: &dyn Fn() -> Step| {
                let next = child.data().next;
                let (own, others) = targets.split_at(targets.partition_point(|one| *one < next));
                if !own.is_empty() {
                    open.push((child, join_within(&pointer, step()), own));
                }
                targets = others;
            };
            for (index, item) in at.items().enumerate() {
                below(item, &|| Step::Index(index));
            }
            for (key, value) in at.members() {
                below(value, &|| Step::from(key.as_str().unwrap_or_default().into_owned()));
            }
        }
        pointers
    }
}
