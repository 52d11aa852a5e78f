//! JSON in the schema's keys that is not canonical: keys in any order and in other spellings, values
//! of another type that have one obvious reading, many entries in one array or one a line.
//!
//! What cannot be read is kept: a value that no field takes lies under an `x-` key where it stood.

use crate::fields::ENTRY;
use crate::source::Source;

use super::Reading;

mod documents;
mod exact;
mod list;
mod reader;
mod scalar;

pub(super) use documents::{Unusable, read_each};
pub(super) use reader::{Members, Reader, Unknown};

/// Reads each entry of a JSON source.
pub(crate) fn read(source: &Source) -> Reading {
    read_each(source, |value, draft| {
        let shape = &ENTRY;
        let is_known =
            |name: &str| shape.field_spelled(name).is_some_and(|field| field.name != "$schema");
        if !value.members().any(|(key, _)| key.as_str().is_some_and(|name| is_known(&name))) {
            return Err(Unusable("the object has no key of an entry"));
        }
        let mut reader = Reader::new(draft, Unknown::AsItIs);
        let members = reader.object(value, shape, &crate::pointer![]);
        reader.finish(members);
        Ok(())
    })
}

#[cfg(test)]
mod laws;
#[cfg(test)]
pub(super) mod tests;
