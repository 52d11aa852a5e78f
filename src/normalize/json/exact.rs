//! Values that are kept as they are.

use serde_json::Value as Json;

use super::reader::{Members, Reader};
use crate::json::{Kind, Value, is_kept};
use crate::pointer::JsonPointer;
use crate::rules::value_read_leniently;
use crate::visible;

impl Reader<'_> {
    /// A value as it is. A number of more digits than readers keep becomes a text.
    pub(super) fn exact(&mut self, value: Value<'_>, at: &JsonPointer) -> Json {
        match value.kind() {
            Kind::Array => value.items().map(|item| self.exact(item, at)).collect(),
            Kind::Object => {
                let members = value.members().map(|(key, value)| {
                    (key.as_str().unwrap_or_default().into_owned(), self.exact(value, at))
                });
                Json::Object(members.collect())
            }
            Kind::Number if !is_kept(value.source()) => {
                let digits = visible::quote(value.source());
                let message =
                    format!("{digits} has more digits than a number keeps, and is kept as a text");
                self.draft.remark(&value_read_leniently::RULE, at.clone(), value.span(), message);
                Json::from(value.source())
            }
            _ => value.to_serde(),
        }
    }
}

/// The key under which a value is kept that has no field: `x-`, and hyphens instead of `_`.
pub(super) fn own_name(key: &str) -> String {
    if key.starts_with("x-") { key.to_owned() } else { format!("x-{}", key.replace('_', "-")) }
}

/// The first of some names that no member has, or else the last of them with a number.
pub(super) fn free_name<const N: usize>(members: &Members, names: &[String; N]) -> String {
    let is_free = |name: &String| !members.contains_key(name);
    if let Some(free) = names.iter().find(|name| is_free(name)) {
        return free.clone();
    }
    let last = names.last().map_or("x-", String::as_str);
    let mut numbered = (2..).map(|number: usize| format!("{last}-{number}"));
    numbered.find(is_free).unwrap_or_default()
}
