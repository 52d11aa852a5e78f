//! The values of an entry in the order of the table of fields, for those who go through all of them.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{EntryId, Extra, Locale, Resolvable, RootCauseType, VerificationTier, VersionStatus};

/// What a field holds.
#[derive(Clone, Debug)]
pub(crate) enum Value<'e> {
    /// `null`.
    Nothing,
    /// A text or a word.
    Text(&'e str),
    /// A number that may have a fraction.
    Rate(f64),
    /// A whole number.
    Count(u64),
    /// A day.
    Date(NaiveDate),
    /// A list.
    List(Vec<Value<'e>>),
    /// Texts by keys of any name.
    Texts(&'e BTreeMap<String, String>),
    /// The values of the fields of an object, in the order of the table, and then those of no field.
    Object(Vec<Value<'e>>),
    /// What stands under keys that the schema does not name.
    Extra(&'e Extra),
}

/// What can be the value of a field.
pub(crate) trait AsValue {
    /// The value.
    fn value(&self) -> Value<'_>;
}

/// Defines a type of the schema. Its members stand in the order of the schema, and all of them are its values.
macro_rules! with_values {
    ($($(#[$meta:meta])* pub struct $name:ident {
        $($(#[$about:meta])* pub $field:ident: $kind:ty,)+
    })+) => {$(
        $(#[$meta])*
        pub struct $name {
            $($(#[$about])* pub $field: $kind,)+
        }

        impl $crate::entry::value::AsValue for $name {
            fn value(&self) -> $crate::entry::value::Value<'_> {
                $crate::entry::value::Value::Object(vec![$(self.$field.value()),+])
            }
        }
    )+};
}
pub(crate) use with_values;

/// Defines words of the schema: the variants of a type, each with what is written for it.
macro_rules! words {
    ($($kind:ident: $($variant:ident = $word:literal),+;)+) => {$(
        impl AsValue for $kind {
            fn value(&self) -> Value<'_> {
                Value::Text(match self { $(Self::$variant => $word),+ })
            }
        }
    )+};
}

words! {
    Resolvable: True = "true", Partial = "partial", False = "false";
    VersionStatus: Active = "active", Deprecated = "deprecated", Removed = "removed", Unknown = "unknown";
    VerificationTier: AiGenerated = "ai_generated", HumanReviewed = "human_reviewed",
        CommunityVerified = "community_verified";
}

macro_rules! values {
    ($($kind:ty: $of:expr;)+) => {$(
        impl AsValue for $kind {
            fn value(&self) -> Value<'_> {
                let of: fn(&Self) -> Value<'_> = $of;
                of(self)
            }
        }
    )+};
}

values! {
    String: |text| Value::Text(text);
    EntryId: |id| Value::Text(id.as_str());
    RootCauseType: |kind| Value::Text(&kind.0);
    Locale: |locale| Value::Text(&locale.0);
    f64: |rate| Value::Rate(*rate);
    u64: |count| Value::Count(*count);
    NaiveDate: |day| Value::Date(*day);
    BTreeMap<String, String>: |texts| Value::Texts(texts);
    Extra: |extra| Value::Extra(extra);
}

impl<T: AsValue> AsValue for Option<T> {
    fn value(&self) -> Value<'_> {
        self.as_ref().map_or(Value::Nothing, AsValue::value)
    }
}

impl<T: AsValue> AsValue for Vec<T> {
    fn value(&self) -> Value<'_> {
        Value::List(self.iter().map(AsValue::value).collect())
    }
}
