//! A [`Value`] as a serde source, so that plain structs can be read from it without a second parse.
//!
//! Values that are named as refused are treated as missing: what the schema does not accept, the
//! struct does not carry. A refused item of an array takes the whole array with it, so that the
//! indices of the others stay what the document says. Of a key that occurs twice the last counts.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;

use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, IntoDeserializer, MapAccess,
    SeqAccess, VariantAccess, Visitor,
};

use super::{Decimal, Finder, Items, Kind, Members, Value};
use crate::pointer::JsonPointer;

/// Why a value does not fit the type that was asked for.
#[derive(Debug)]
pub struct DeserializeError(String);

impl fmt::Display for DeserializeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for DeserializeError {}

impl serde::de::Error for DeserializeError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

/// Reads a `T` from a value, as if the values at the `refused` pointers were not there.
pub fn deserialize<T: DeserializeOwned>(
    value: Value<'_>,
    refused: &[JsonPointer],
) -> Result<T, DeserializeError> {
    let mut finder = Finder::new(value);
    // The member to leave out: the last object member on the way.
    let member = |pointer| finder.member_on_the_way(pointer).map(|member| member.index);
    let absent: HashSet<u32> = refused.iter().filter_map(member).collect();
    T::deserialize(Reader { value, absent: &absent })
}

#[derive(Clone, Copy)]
struct Reader<'t, 'a> {
    value: Value<'t>,
    absent: &'a HashSet<u32>,
}

impl<'t> Reader<'t, '_> {
    fn string(self) -> Cow<'t, str> {
        self.value.as_str().unwrap_or_default()
    }
}

impl<'de> Deserializer<'de> for Reader<'de, '_> {
    type Error = DeserializeError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        match self.value.kind() {
            Kind::Null => visitor.visit_unit(),
            Kind::False => visitor.visit_bool(false),
            Kind::True => visitor.visit_bool(true),
            Kind::Number => {
                let digits = self.value.source();
                match (digits.parse::<u64>(), digits.parse::<i64>()) {
                    (Ok(number), _) => visitor.visit_u64(number),
                    (_, Ok(number)) => visitor.visit_i64(number),
                    _ => visitor.visit_f64(digits.parse().map_err(serde::de::Error::custom)?),
                }
            }
            Kind::String => match self.string() {
                Cow::Borrowed(text) => visitor.visit_borrowed_str(text),
                Cow::Owned(text) => visitor.visit_string(text),
            },
            Kind::Array => {
                visitor.visit_seq(Sequence { items: self.value.items(), absent: self.absent })
            }
            Kind::Object => visitor.visit_map(Map {
                members: self.value.members(),
                value: None,
                absent: self.absent,
            }),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        match self.value.kind() {
            Kind::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        visitor.visit_enum(Variant(self))
    }

    /// A whole number, however written: JSON Schema says that `1.0` is an integer.
    fn deserialize_u64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        match self.value.as_number().and_then(Decimal::parse).and_then(|number| number.to_u64()) {
            Some(number) => visitor.visit_u64(number),
            None => self.deserialize_any(visitor),
        }
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u128 f32 f64 char str string bytes byte_buf
        unit unit_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

struct Sequence<'t, 'a> {
    items: Items<'t>,
    absent: &'a HashSet<u32>,
}

impl<'de> SeqAccess<'de> for Sequence<'de, '_> {
    type Error = DeserializeError;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Self::Error> {
        let next = self.items.next();
        next.map(|value| seed.deserialize(Reader { value, absent: self.absent })).transpose()
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.items.left as usize)
    }
}

struct Map<'t, 'a> {
    members: Members<'t>,
    value: Option<Value<'t>>,
    absent: &'a HashSet<u32>,
}

impl<'de> MapAccess<'de> for Map<'de, '_> {
    type Error = DeserializeError;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Self::Error> {
        let absent = self.absent;
        let next =
            self.members.find(|(_, value)| !absent.contains(&value.index) && !value.is_shadowed());
        let Some((key, value)) = next else { return Ok(None) };
        self.value = Some(value);
        seed.deserialize(Reader { value: key, absent }).map(Some)
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<T::Value, Self::Error> {
        let value = self.value.take().ok_or_else(|| DeserializeError("no value".into()))?;
        seed.deserialize(Reader { value, absent: self.absent })
    }
}

/// A string as the variant of an enum without data.
struct Variant<'t, 'a>(Reader<'t, 'a>);

impl<'de> EnumAccess<'de> for Variant<'de, '_> {
    type Error = DeserializeError;
    type Variant = Self;

    fn variant_seed<T: DeserializeSeed<'de>>(
        self,
        seed: T,
    ) -> Result<(T::Value, Self), Self::Error> {
        let name = self.0.string();
        let variant = seed.deserialize(IntoDeserializer::<Self::Error>::into_deserializer(name))?;
        Ok((variant, self))
    }
}

impl<'de> VariantAccess<'de> for Variant<'de, '_> {
    type Error = DeserializeError;

    fn unit_variant(self) -> Result<(), Self::Error> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, _: T) -> Result<T::Value, Self::Error> {
        Err(DeserializeError("expected a variant without data".into()))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, _: V) -> Result<V::Value, Self::Error> {
        Err(DeserializeError("expected a variant without data".into()))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Self::Error> {
        Err(DeserializeError("expected a variant without data".into()))
    }
}
