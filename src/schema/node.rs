//! [`Value`] as an instance that `jsonschema` validates in place.

use std::borrow::Cow;

use jsonschema::JsonType;
use jsonschema::json::{Array, Json, JsonNumber, Node, NodeIdentity, Object};

use crate::json::{Decimal, Items, Kind, Members, Value};

/// The representation of JSON that is our tree.
pub(super) struct TreeJson;

impl Json for TreeJson {
    type Node<'a> = Value<'a>;
    type PreparedKey = Box<str>;
    type StringBuffer = (String, crate::json::Tree);

    // A lookup walks over the members, so one pass over them is worth several lookups.
    const KEYS_PER_LOOKUP: usize = 8;
    const ACYCLIC: bool = true;

    fn prepare_key(key: &str) -> Box<str> {
        key.into()
    }

    fn with_string_node<T>(
        buffer: &mut Self::StringBuffer,
        string: &str,
        f: impl FnOnce(Value<'_>) -> T,
    ) -> T {
        let (text, tree) = buffer;
        *text = serde_json::Value::from(string).to_string();
        *tree = crate::json::parse(text).unwrap_or_default();
        f(tree.root(text).expect("a string is a value"))
    }
}

/// A number as it is written.
pub(super) struct Digits<'t>(&'t str);

impl JsonNumber for Digits<'_> {
    fn as_u64(&self) -> Option<u64> {
        self.0.parse().ok()
    }

    fn as_i64(&self) -> Option<i64> {
        self.0.parse().ok()
    }

    fn as_f64(&self) -> Option<f64> {
        self.0.parse().ok()
    }

    fn as_str(&self) -> Cow<'_, str> {
        Cow::Borrowed(self.0)
    }

    fn to_number(&self) -> Cow<'_, serde_json::Number> {
        // The parser has refused what does not fit into an f64.
        Cow::Owned(serde_json::from_str(self.0).unwrap_or_else(|_| serde_json::Number::from(0)))
    }

    fn is_integer(&self) -> bool {
        Decimal::parse(self.0).is_some_and(|number| number.is_whole())
    }
}

impl<'t> Node<'t, TreeJson> for Value<'t> {
    type Object = Value<'t>;
    type Array = Value<'t>;
    type Number = Digits<'t>;

    fn as_object(&self) -> Option<Value<'t>> {
        (self.kind() == Kind::Object).then_some(*self)
    }

    fn as_array(&self) -> Option<Value<'t>> {
        (self.kind() == Kind::Array).then_some(*self)
    }

    fn as_string(&self) -> Option<Cow<'t, str>> {
        Value::as_str(*self)
    }

    fn as_number(&self) -> Option<Digits<'t>> {
        Value::as_number(*self).map(Digits)
    }

    fn as_boolean(&self) -> Option<bool> {
        match self.kind() {
            Kind::True => Some(true),
            Kind::False => Some(false),
            _ => None,
        }
    }

    fn is_null(&self) -> bool {
        self.kind() == Kind::Null
    }

    fn json_type(&self) -> JsonType {
        match self.kind() {
            Kind::Null => JsonType::Null,
            Kind::False | Kind::True => JsonType::Boolean,
            Kind::Number => JsonType::Number,
            Kind::String => JsonType::String,
            Kind::Array => JsonType::Array,
            Kind::Object => JsonType::Object,
        }
    }

    fn string_length_within(&self, min: u64, max: u64) -> Option<bool> {
        let text = Value::as_str(*self)?;
        if max == u64::MAX && min <= 1 {
            return Some(text.len() as u64 >= min);
        }
        Some((min..=max).contains(&(text.chars().count() as u64)))
    }

    fn equals_value(&self, expected: &serde_json::Value) -> bool {
        match (expected.as_str(), Value::as_str(*self)) {
            (Some(expected), Some(own)) => expected == own,
            (None, None) => self.to_serde() == *expected,
            _ => false,
        }
    }

    fn to_value(&self) -> Cow<'t, serde_json::Value> {
        Cow::Owned(self.to_serde())
    }

    fn identity(&self) -> Option<NodeIdentity> {
        Some(NodeIdentity::tagged(self.tree_address(), self.id()))
    }
}

impl<'t> Object<'t, TreeJson> for Value<'t> {
    type Node = Value<'t>;
    type MemberName = Cow<'t, str>;
    type MembersIter = NamedMembers<'t>;

    fn len(&self) -> usize {
        Value::len(*self) - Value::shadowed(*self)
    }

    fn get(&self, key: &Box<str>) -> Option<Value<'t>> {
        Value::get(*self, key)
    }

    fn members(&self) -> NamedMembers<'t> {
        NamedMembers(Value::members(*self))
    }
}

/// The members of an object with their keys decoded.
pub(super) struct NamedMembers<'t>(Members<'t>);

impl<'t> Iterator for NamedMembers<'t> {
    type Item = (Cow<'t, str>, Value<'t>);

    fn next(&mut self) -> Option<Self::Item> {
        // Of a key that occurs twice the last value counts, as it does for `get`.
        let (key, value) = self.0.find(|(_, value)| !value.is_shadowed())?;
        Some((key.as_str().unwrap_or_default(), value))
    }
}

impl<'t> Array<'t, TreeJson> for Value<'t> {
    type Node = Value<'t>;
    type ElementsIter = Items<'t>;

    fn len(&self) -> usize {
        Value::len(*self)
    }

    fn elements(&self) -> Items<'t> {
        self.items()
    }
}
