//! The nested public schema: `error`, `environment`, `verdict` and `metadata` around the lists of an
//! entry.
//!
//! ```text
//! error.*            -> the field of the same name      verdict.summary        -> root_cause
//! verdict.*          -> the field of the same name      metadata.review_status -> verification_tier
//! environment.os     -> os_specific                     environment.runtime    -> versions
//! ```
//!
//! A status of `active` says that a version has the error, which is what an environment means. What has
//! no field is kept under an `x-` key: `url` as `x-url`, the `tradeoff` of a workaround as its
//! `x-tradeoff`, what stands in a section at the top.

use serde_json::{Value as Json, json};

use super::json::{Members, Reader, Unknown, Unusable, read_each};
use super::{Draft, Reading, value};
use crate::fields::ENTRY;
use crate::json::{Kind, Value};
use crate::pointer::JsonPointer;
use crate::rules::not_understood;
use crate::source::Source;

/// What the nested schema names and an entry has no field for.
const WITHOUT_FIELD: &[&str] = &[
    "$schema",
    "schema_version",
    "url",
    "hardware",
    "additional",
    "generated_by",
    "generation_date",
    "last_verification",
    "page_views",
    "ai_agent_hits",
    "human_hits",
    "common_misconception",
    "tradeoff",
    "typical_delay",
];

/// The objects that hold what an entry has at the top, in the order in which they are read.
const SECTIONS: [&str; 4] = ["error", "verdict", "environment", "metadata"];

/// Reads each entry of a source in the nested schema.
pub(crate) fn read(source: &Source) -> Reading {
    read_each(source, |root, draft| {
        if root.get("error").is_none_or(|error| error.kind() != Kind::Object) {
            return Err(Unusable(
                "the object has no `error` with the message and the pattern in it",
            ));
        }
        read_one(root, draft);
        Ok(())
    })
}

fn read_one(root: Value<'_>, draft: &mut Draft) {
    let mut nested =
        Nested { reader: Reader::new(draft, Unknown::Own(WITHOUT_FIELD)), members: Members::new() };
    let is_section =
        |name: &str, value: Value<'_>| SECTIONS.contains(&name) && value.kind() == Kind::Object;
    for (key, value) in root.members() {
        let name = key.as_str().unwrap_or_default();
        if !is_section(&name, value) {
            nested.member("", &name, key, value);
        }
    }
    for section in SECTIONS {
        let members = root.get(section).into_iter().flat_map(Value::members);
        let mut members: Vec<_> =
            members.map(|(key, value)| (key.as_str().unwrap_or_default(), key, value)).collect();
        // Whatever the order in the source, the runtime is the first of the versions.
        members.sort_by_key(|(name, ..)| name != "runtime");
        for (name, key, value) in members {
            nested.member(section, &name, key, value);
        }
    }
    nested.reader.finish(nested.members);
}

struct Nested<'d> {
    reader: Reader<'d>,
    members: Members,
}

impl Nested<'_> {
    /// Finds the place of a member of a section, or of the whole.
    fn member(&mut self, section: &str, name: &str, key: Value<'_>, value: Value<'_>) {
        let says_nothing = match value.kind() {
            Kind::Null => true,
            Kind::Array | Kind::Object => value.is_empty(),
            _ => false,
        };
        let shape = &ENTRY;
        match (section, name) {
            ("environment", "runtime") if self.runtime(value) => {}
            ("environment", "python") if self.python(value) => {}
            ("environment", "os") => self.system(value),
            ("verdict", "summary") => self.field("root_cause", value),
            ("metadata", "review_status") => self.tier(value),
            ("metadata", "last_verification") if self.repeats_confirmation(value) => {}
            (_, name) if WITHOUT_FIELD.contains(&name) => {
                if !says_nothing {
                    self.keep(name, value);
                }
            }
            (_, name) => match shape.field(name) {
                Some(field) if !self.members.contains_key(name) => self.field(field.name, value),
                Some(field) => {
                    let message = format!("another value for `{name}`");
                    let pointer = crate::pointer![field.name];
                    let span = value.span();
                    self.reader.draft.remark(&not_understood::RULE, pointer, span, message);
                    self.keep(name, value);
                }
                None => {
                    if !name.starts_with("x-") {
                        self.reader.unknown_key(shape, name, key.span(), &JsonPointer::root());
                    }
                    self.keep(name, value);
                }
            },
        }
    }

    fn field(&mut self, name: &'static str, value: Value<'_>) {
        self.reader.field(&mut self.members, &ENTRY, name, value, &JsonPointer::root());
    }

    fn keep(&mut self, name: &str, value: Value<'_>) {
        self.reader.keep_as_own(&mut self.members, name, value, &JsonPointer::root());
    }

    /// `{"name": "python", "version_range": ">=3.11"}` is the version `python >=3.11`.
    fn runtime(&mut self, value: Value<'_>) -> bool {
        let name = value.get("name").filter(|name| text_of(*name).is_some());
        let (Some(name), false) = (name, self.members.contains_key("versions")) else {
            return false;
        };
        let range = value.get("version_range").filter(|range| text_of(*range).is_some());
        let parts: Vec<Value<'_>> = [Some(name), range].into_iter().flatten().collect();
        let version: Vec<String> = parts.iter().filter_map(|part| text_of(*part)).collect();
        let at = crate::pointer!["versions", 0];
        for part in parts {
            self.reader.draft.bind(part.span(), at.clone().join("version"));
        }
        let mut members = Members::new();
        for (key, value) in value.members() {
            let key = key.as_str().unwrap_or_default();
            let is_used = key == "name"
                || (key == "version_range" && (range.is_some() || text_is_empty(value)));
            if !is_used {
                self.reader.keep_as_own(&mut members, &key, value, &at);
            }
        }
        members.insert("version".to_owned(), version.join(" ").into());
        members.insert("status".to_owned(), "active".into());
        self.members.insert("versions".to_owned(), json!([members]));
        true
    }

    /// The Python beside the runtime is a version of its own, unless it is the runtime.
    fn python(&mut self, value: Value<'_>) -> bool {
        if text_is_empty(value) {
            return true;
        }
        let Some(range) = text_of(value) else { return false };
        let version = format!("python {range}");
        let versions = self.members.entry("versions").or_insert_with(|| json!([]));
        let Some(versions) = versions.as_array_mut() else { return false };
        let same = versions.iter().position(|known| known["version"] == *version);
        let index = same.unwrap_or(versions.len());
        if same.is_none() {
            versions.push(json!({"version": version, "status": "active"}));
        }
        self.reader.draft.bind(value.span(), crate::pointer!["versions", index, "version"]);
        true
    }

    fn system(&mut self, value: Value<'_>) {
        let name = value.as_str().map(|name| name.trim().to_owned());
        match name.as_deref() {
            _ if self.members.contains_key("os_specific") => self.keep("os", value),
            // On every system alike: nothing is specific to one.
            Some("any" | "all" | "cross-platform" | "") => {
                self.reader.draft.bind(value.span(), crate::pointer!["os_specific"]);
            }
            Some(name) => {
                let pointer = crate::pointer!["os_specific", name.to_owned()];
                self.reader.draft.bind(value.span(), pointer);
                self.members.insert("os_specific".to_owned(), json!({name: ""}));
            }
            None => self.field("os_specific", value),
        }
    }

    fn tier(&mut self, value: Value<'_>) {
        // The one word of the three that the two schemas do not share.
        if value.as_str().is_some_and(|word| word == "auto_generated") {
            self.reader.draft.bind(value.span(), crate::pointer!["verification_tier"]);
            self.members.insert("verification_tier".to_owned(), "ai_generated".into());
        } else {
            self.field("verification_tier", value);
        }
    }

    /// Whether the day of the last verification is the one on which the entry was last confirmed.
    fn repeats_confirmation(&mut self, value: Value<'_>) -> bool {
        let date = value.as_str().and_then(|text| value::date(&text));
        let confirmed = self.members.get("last_confirmed").and_then(Json::as_str);
        let repeats = date.is_some() && date == confirmed.and_then(value::date);
        if repeats {
            self.reader.draft.bind(value.span(), crate::pointer!["last_confirmed"]);
        }
        repeats
    }
}

/// A text with something in it, or the digits of a number.
fn text_of(value: Value<'_>) -> Option<String> {
    let text = match value.kind() {
        Kind::Number => value.source().into(),
        _ => value.as_str()?,
    };
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

fn text_is_empty(value: Value<'_>) -> bool {
    value.kind() == Kind::Null || value.as_str().is_some_and(|text| text.trim().is_empty())
}

#[cfg(test)]
mod tests;
