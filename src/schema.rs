//! The contract of an entry, `schema/entry.schema.json`, embedded; and what a document does against it.
//!
//! The only module that knows `jsonschema`. The validator runs on our own tree: no second parse, and
//! each violation knows its place. Patterns run on a linear-time engine; nothing is ever fetched.

use std::sync::OnceLock;

use jsonschema::error::{TypeKind, ValidationErrorKind as Kind};
use jsonschema::{JsonType, JsonTypeSet, PatternOptions};

use crate::json::Value;
use crate::pointer::{JsonPointer, Step};
use crate::suggest::did_you_mean;
use crate::visible;

mod node;
mod shape;

use node::TreeJson;
pub(crate) use shape::{Field, Object, Shape, entry_shape};

/// The text of `schema/entry.schema.json`.
pub const ENTRY_SCHEMA: &str = include_str!("../schema/entry.schema.json");

/// The text of `schema/config.schema.json`.
pub const CONFIG_SCHEMA: &str = include_str!("../schema/config.schema.json");

/// A compiled schema.
pub struct Schema {
    validator: jsonschema::Validator<TreeJson>,
    document: serde_json::Value,
}

impl std::fmt::Debug for Schema {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Schema").field("$id", &self.document["$id"]).finish_non_exhaustive()
    }
}

/// One way in which a document breaks a schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The value at fault; for a missing key, the object that lacks it; for an unknown key, the
    /// member.
    pub pointer: JsonPointer,
    /// Which part of it.
    pub part: Part,
    /// What is wrong, without a full stop.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
    /// The key that is missing, or that an unknown key seems to stand for.
    pub key: Option<String>,
}

/// Which part of a member or an item a finding is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The value.
    Value,
    /// The key of a member that must not be there.
    UnknownKey,
    /// The key that leads to the object, or its opening bracket: the object lacks something.
    Opening,
}

/// The schema of an entry.
pub fn entry_schema() -> &'static Schema {
    static SCHEMA: OnceLock<Schema> = OnceLock::new();
    SCHEMA.get_or_init(|| Schema::embedded(ENTRY_SCHEMA))
}

/// The schema of `errlore.toml`, as the JSON that the same TOML would be.
pub fn config_schema() -> &'static Schema {
    static SCHEMA: OnceLock<Schema> = OnceLock::new();
    SCHEMA.get_or_init(|| Schema::embedded(CONFIG_SCHEMA))
}

impl Schema {
    fn embedded(text: &str) -> Self {
        let document: serde_json::Value =
            serde_json::from_str(text).expect("an embedded schema is JSON: a test reads it");
        let validator = jsonschema::options_for::<TreeJson>()
            .offline()
            .should_validate_formats(true)
            .with_pattern_options(PatternOptions::regex())
            .build(&document)
            .expect("an embedded schema compiles: a test builds it");
        Self { validator, document }
    }

    /// Whether a document keeps the schema.
    pub fn accepts(&self, value: Value<'_>) -> bool {
        self.validator.is_valid(value)
    }

    /// Each way in which a document breaks the schema; one mistake gives one violation.
    pub fn violations(&self, value: Value<'_>) -> Vec<Violation> {
        if self.accepts(value) {
            return Vec::new();
        }
        let mut violations = Vec::new();
        for error in self.validator.iter_errors(value) {
            let pointer = JsonPointer::parse(error.instance_path().as_str()).unwrap_or_default();
            self.describe(
                value,
                pointer,
                error.kind(),
                error.schema_path().as_str(),
                &mut violations,
            );
        }
        // A mistyped key is one mistake, though the right one is then missing as well.
        let typos: Vec<(JsonPointer, String)> = violations
            .iter()
            .filter(|violation| violation.part == Part::UnknownKey)
            .filter_map(|violation| Some((violation.pointer.parent()?, violation.key.clone()?)))
            .collect();
        violations.retain(|violation| {
            let is_typo = |(object, key): &(JsonPointer, String)| {
                *object == violation.pointer && violation.key.as_ref() == Some(key)
            };
            violation.part != Part::Opening || !typos.iter().any(is_typo)
        });
        violations
    }

    fn describe(
        &self,
        root: Value<'_>,
        pointer: JsonPointer,
        kind: &Kind,
        schema_path: &str,
        out: &mut Vec<Violation>,
    ) {
        let found = root.follow(&pointer).0.value;
        let shown = || visible::quote(&found.as_str().unwrap_or_else(|| found.source().into()));
        let mut part = Part::Value;
        let mut help = None;
        let mut missing = None;
        let message = match kind {
            Kind::AdditionalProperties { unexpected } => {
                let known = self.known_keys(schema_path);
                let present = |key: &str| found.get(key).is_some();
                let absent: Vec<&str> = known.iter().copied().filter(|key| !present(key)).collect();
                out.extend(unexpected.iter().map(|key| {
                    let guess = did_you_mean(key, absent.iter().copied())
                        .or_else(|| did_you_mean(key, known.iter().copied()));
                    let help = guess.map_or_else(
                        || {
                            let own = key.trim_start_matches(['x', 'X', '-', '_']);
                            let own = visible::quote(&format!("x-{own}"));
                            format!("a key of your own begins with `x-`: {own}")
                        },
                        |guess| format!("did you mean `{guess}`?"),
                    );
                    Violation {
                        pointer: pointer.clone().join(Step::from(key.clone())),
                        part: Part::UnknownKey,
                        message: format!("unknown key {}", visible::quote(key)),
                        help: Some(help),
                        key: guess.map(str::to_owned),
                    }
                }));
                return;
            }
            Kind::Required { property } => {
                part = Part::Opening;
                let name = property.as_str().unwrap_or_default();
                missing = Some(name.to_owned());
                help = self
                    .example(schema_path, name)
                    .map(|example| format!("for example `\"{name}\": {example}`"));
                format!("the key `{name}` is missing")
            }
            Kind::Type { kind } => {
                let wanted = match kind {
                    TypeKind::Single(one) => vec![type_name(*one)],
                    TypeKind::Multiple(set) => type_names(*set),
                };
                if found.as_str().is_some_and(|text| text.ends_with('%')) {
                    help = Some("a rate is a number from 0 to 1: 84 % is 0.84".to_owned());
                }
                if wanted == ["a whole number"] && found.as_number().is_some() {
                    format!("{} is not a whole number", visible::quote(found.source()))
                } else {
                    format!("expected {}, found {}", wanted.join(" or "), found.kind().name())
                }
            }
            Kind::Enum { options } => {
                let options: Vec<String> = options
                    .as_array()
                    .into_iter()
                    .flatten()
                    .map(|option| option.as_str().map_or_else(|| option.to_string(), str::to_owned))
                    .collect();
                let text = found.as_str().unwrap_or_else(|| found.source().into());
                let quoted: Vec<String> = options.iter().map(|o| format!("`\"{o}\"`")).collect();
                help = did_you_mean(&text, options.iter().map(String::as_str))
                    .map(|guess| format!("did you mean `\"{guess}\"`?"));
                format!("{} is not one of {}", shown(), quoted.join(", "))
            }
            Kind::Format { format } => {
                if format.as_str() == "date" {
                    help = Some("for example `\"2024-02-29\"`".to_owned());
                    format!("{} is not a real date of the form YYYY-MM-DD", shown())
                } else {
                    help = Some("write the whole address, beginning with https://".to_owned());
                    format!("{} is not a valid address", shown())
                }
            }
            Kind::Pattern { .. } => {
                help = self
                    .at(schema_path)
                    .and_then(|(_, holder)| holder.get("examples")?.get(0))
                    .map(|example| format!("for example `{example}`"));
                format!("{} is not of the right form", shown())
            }
            Kind::MinLength { .. } => "the text is empty".to_owned(),
            Kind::MinItems { .. } => "the list is empty".to_owned(),
            Kind::Minimum { limit } => {
                format!("{} is less than {limit}", visible::quote(found.source()))
            }
            Kind::Maximum { limit } => {
                if limit.as_i64() == Some(1) {
                    help = Some("a rate goes from 0 to 1: 84 % is 0.84".to_owned());
                }
                format!("{} is more than {limit}", visible::quote(found.source()))
            }
            other => format!("the value breaks `{}` of the schema", other.keyword()),
        };
        out.push(Violation { pointer, part, message, help, key: missing });
    }

    /// The schema object that holds the keyword at a schema path, with the keyword's value.
    fn at(&self, schema_path: &str) -> Option<(&serde_json::Value, &serde_json::Value)> {
        let (holder, _) = schema_path.rsplit_once('/')?;
        Some((self.document.pointer(schema_path)?, self.document.pointer(holder)?))
    }

    /// The keys that the object schema around a keyword names.
    fn known_keys(&self, schema_path: &str) -> Vec<&str> {
        self.at(schema_path)
            .and_then(|(_, holder)| holder.get("properties")?.as_object())
            .map(|properties| properties.keys().map(String::as_str).collect())
            .unwrap_or_default()
    }

    /// The example that the object schema around a keyword gives for a property, if it is short.
    fn example(&self, schema_path: &str, property: &str) -> Option<String> {
        let (_, holder) = self.at(schema_path)?;
        let example = holder.get("properties")?.get(property)?.get("examples")?.get(0)?.to_string();
        (example.chars().count() <= 60).then_some(example)
    }
}

fn type_names(set: JsonTypeSet) -> Vec<&'static str> {
    set.iter().map(type_name).collect()
}

fn type_name(kind: JsonType) -> &'static str {
    match kind {
        JsonType::Array => "an array",
        JsonType::Boolean => "a boolean",
        JsonType::Integer => "a whole number",
        JsonType::Null => "null",
        JsonType::Number => "a number",
        JsonType::Object => "an object",
        JsonType::String => "a string",
    }
}

#[cfg(test)]
mod tests;
