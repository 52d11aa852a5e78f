//! JSON with places: one strict pass over a text gives a [`Tree`] that knows where each key and each
//! value stands, and which keys occur twice.
//!
//! The tree owns no text: a value is a range of the source, decoded when somebody asks. Nodes lie
//! in document order in one vector; a container is followed by its children, and each node knows
//! where its subtree ends. A member of an object is two nodes, the key and the value.

use std::borrow::Cow;

mod decimal;
mod deserialize;
mod find;
mod help;
mod parse;
mod strings;

pub(crate) use decimal::{Decimal, is_kept};
pub use deserialize::{DeserializeError, deserialize};
pub use find::Finder;
use find::join_within;
pub use parse::{MAX_DEPTH, SyntaxError, parse, parse_from};

use crate::pointer::JsonPointer;
use crate::source::Span;

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `null`
    Null,
    /// `false`
    False,
    /// `true`
    True,
    /// A number, kept as it is written.
    Number,
    /// A string.
    String,
    /// An array.
    Array,
    /// An object.
    Object,
}

impl Kind {
    /// The name a message uses.
    pub fn name(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::False | Self::True => "a boolean",
            Self::Number => "a number",
            Self::String => "a string",
            Self::Array => "an array",
            Self::Object => "an object",
        }
    }
}

#[derive(Clone, Copy, Debug)]
struct NodeData {
    kind: Kind,
    /// A string with a `\` in it.
    escaped: bool,
    /// The value of a member whose key the same object holds again further on.
    shadowed: bool,
    span: Span,
    /// Index of the first node after this subtree.
    next: u32,
    /// Items or members of a container.
    len: u32,
}

/// A key that an object holds more than once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DuplicateKey {
    /// The earlier occurrence of the key, with its quotes.
    pub first: Span,
    /// The later one. Readers that keep the last value see this one.
    pub second: Span,
    /// The object that holds both.
    object: u32,
}

/// A parsed document.
#[derive(Debug, Default)]
pub struct Tree {
    nodes: Vec<NodeData>,
    duplicates: Vec<DuplicateKey>,
}

impl Tree {
    /// The root value; `text` must be the text that was parsed. `None` for a tree of nothing.
    pub fn root<'t>(&'t self, text: &'t str) -> Option<Value<'t>> {
        (!self.nodes.is_empty()).then_some(Value { tree: self, text, index: 0 })
    }

    /// The keys that occur twice in one object, in document order of the later one.
    pub fn duplicates(&self) -> &[DuplicateKey] {
        &self.duplicates
    }
}

/// A value in a [`Tree`], together with its text. Cheap to copy.
#[derive(Clone, Copy, Debug)]
pub struct Value<'t> {
    tree: &'t Tree,
    text: &'t str,
    index: u32,
}

/// What a pointer leads to.
#[derive(Clone, Copy, Debug)]
pub struct Found<'t> {
    /// The key's place with its quotes, for a member of an object.
    pub key: Option<Span>,
    /// The value.
    pub value: Value<'t>,
}

impl<'t> Value<'t> {
    fn data(self) -> &'t NodeData {
        &self.tree.nodes[self.index as usize]
    }

    /// What it is.
    pub fn kind(self) -> Kind {
        self.data().kind
    }

    /// Where it stands; a string with its quotes, a container with its brackets.
    pub fn span(self) -> Span {
        self.data().span
    }

    /// The value as it is written.
    pub fn source(self) -> &'t str {
        &self.text[self.span().range()]
    }

    /// The tree's own number of this value, unlike that of any other value in it.
    pub(crate) fn id(self) -> u32 {
        self.index
    }

    /// The address of the tree, which tells values of two trees apart.
    pub(crate) fn tree_address(self) -> usize {
        std::ptr::from_ref(self.tree) as usize
    }

    /// The decoded text of a string.
    pub fn as_str(self) -> Option<Cow<'t, str>> {
        let data = self.data();
        if data.kind != Kind::String {
            return None;
        }
        let inner = &self.text[data.span.start as usize + 1..data.span.end as usize - 1];
        Some(if data.escaped { Cow::Owned(strings::unescape(inner)) } else { Cow::Borrowed(inner) })
    }

    /// Where in the source a byte range of a string's decoded text is written.
    pub fn span_within(self, decoded: std::ops::Range<usize>) -> Span {
        let data = self.data();
        let first = data.span.start as usize + 1;
        let inner = &self.text[first..(data.span.end as usize - 1).max(first)];
        if !data.escaped {
            return Span::new(first + decoded.start, first + decoded.end);
        }
        let start = strings::raw_offset(inner, decoded.start);
        Span::new(first + start, first + strings::raw_offset(inner, decoded.end).max(start))
    }

    /// The digits of a number, as they are written.
    pub fn as_number(self) -> Option<&'t str> {
        (self.kind() == Kind::Number).then(|| self.source())
    }

    /// Items or members; 0 for a scalar.
    pub fn len(self) -> usize {
        self.data().len as usize
    }

    /// Whether there are no items or members.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The items of an array; none of anything else.
    pub fn items(self) -> Items<'t> {
        let left = if self.kind() == Kind::Array { self.data().len } else { 0 };
        Items { next: Self { index: self.index + 1, ..self }, left }
    }

    /// The members of an object, as key and value, in document order; none of anything else. A key
    /// that occurs twice comes twice.
    pub fn members(self) -> Members<'t> {
        let left = if self.kind() == Kind::Object { self.data().len } else { 0 };
        Members { next: Self { index: self.index + 1, ..self }, left }
    }

    /// The member of that name; of a key that occurs twice, the last.
    pub fn get(self, key: &str) -> Option<Self> {
        self.member(key).map(|(_, value)| value)
    }

    fn member(self, key: &str) -> Option<(Self, Self)> {
        let mut members = self.members().filter(|(name, _)| name.is_text(key));
        if self.tree.duplicates.is_empty() { members.next() } else { members.last() }
    }

    /// Whether this string decodes to `text`.
    fn is_text(self, text: &str) -> bool {
        let data = self.data();
        if data.escaped {
            return self.as_str().is_some_and(|own| own == text);
        }
        let own = data.span.start as usize + 1..data.span.end as usize - 1;
        own.len() == text.len() && self.text.as_bytes()[own] == *text.as_bytes()
    }

    /// Whether the same object holds this member's key again further on.
    pub(crate) fn is_shadowed(self) -> bool {
        self.data().shadowed
    }

    /// How many members of this object are followed by another of the same key.
    pub(crate) fn shadowed(self) -> usize {
        if self.tree.duplicates.is_empty() {
            return 0;
        }
        self.members().filter(|(_, value)| value.is_shadowed()).count()
    }

    /// The first number below this value that does not read back as it is written, if there is one.
    pub fn first_inexact_number(self) -> Option<(JsonPointer, &'t str)> {
        let from = self.index as usize;
        let nodes = &self.tree.nodes[from..self.data().next as usize];
        let place = nodes.iter().position(|node| {
            node.kind == Kind::Number && !is_kept(&self.text[node.span.range()])
        })?;
        let index = self.index + u32::try_from(place).ok()?;
        let pointer = self.pointers_to(&[index]).remove(&index)?;
        Some((pointer, Self { index, ..self }.source()))
    }

    /// The keys that occur twice below this value, each with its text and its pointer, in document order
    /// of the later one.
    pub fn duplicates_below(self) -> Vec<(JsonPointer, String, DuplicateKey)> {
        let duplicates = &self.tree.duplicates;
        let mut objects: Vec<u32> = duplicates.iter().map(|duplicate| duplicate.object).collect();
        objects.sort_unstable();
        objects.dedup();
        let pointers = self.pointers_to(&objects);
        let placed = duplicates.iter().filter_map(|duplicate| {
            let quoted = &self.text[duplicate.second.range()];
            let key = strings::unescape(quoted.get(1..quoted.len() - 1)?);
            let pointer = join_within(pointers.get(&duplicate.object)?, key.clone().into());
            Some((pointer, key, *duplicate))
        });
        placed.collect()
    }

    /// Follows a pointer as far as it leads: what the last step that exists leads to, and whether
    /// that is the whole way.
    pub fn follow(self, pointer: &JsonPointer) -> (Found<'t>, bool) {
        Finder::new(self).follow(pointer)
    }

    /// A copy as `serde_json` keeps it. Numbers that `f64` cannot hold lose digits: for messages
    /// and comparisons only.
    pub fn to_serde(self) -> serde_json::Value {
        serde_json::from_str(self.source()).unwrap_or_default()
    }
}

/// Iterates over the items of an array.
#[derive(Clone, Debug)]
pub struct Items<'t> {
    next: Value<'t>,
    left: u32,
}

impl<'t> Iterator for Items<'t> {
    type Item = Value<'t>;

    fn next(&mut self) -> Option<Value<'t>> {
        self.left = self.left.checked_sub(1)?;
        let item = self.next;
        self.next.index = item.data().next;
        Some(item)
    }
}

/// Iterates over the members of an object.
#[derive(Clone, Debug)]
pub struct Members<'t> {
    next: Value<'t>,
    left: u32,
}

impl<'t> Iterator for Members<'t> {
    type Item = (Value<'t>, Value<'t>);

    fn next(&mut self) -> Option<(Value<'t>, Value<'t>)> {
        self.left = self.left.checked_sub(1)?;
        let key = self.next;
        let value = Value { index: key.index + 1, ..key };
        self.next.index = value.data().next;
        Some((key, value))
    }
}

#[cfg(test)]
mod tests;
