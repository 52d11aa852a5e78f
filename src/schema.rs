//! The contract of an entry, `schema/entry.schema.json`, embedded; and what a document does against it.
//!
//! The only module that knows `jsonschema`. The validator runs on our own tree: no second parse, and
//! each violation knows its place. Patterns run on a linear-time engine; nothing is ever fetched.

use std::collections::{BTreeMap, HashSet};
use std::sync::OnceLock;

use jsonschema::error::{TypeKind, ValidationErrorKind as Kind};
use jsonschema::{JsonType, JsonTypeSet, PatternOptions};

use crate::json::{self, Finder, Value};
use crate::pointer::{JsonPointer, Step};
use crate::suggest::did_you_mean;
use crate::visible;

mod node;

use node::TreeJson;

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
    /// The value at fault; for missing keys, the object that lacks them; for an unknown key, the
    /// member.
    pub pointer: JsonPointer,
    /// Which part of it.
    pub part: Part,
    /// What is wrong, without a full stop.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
    /// The key that an unknown key seems to stand for.
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

/// The rules that `errlore.toml` can name.
pub fn rule_ids() -> impl Iterator<Item = &'static str> + Clone {
    let rules = config_schema().document["properties"]["rules"]["properties"].as_object();
    rules.into_iter().flat_map(|rules| rules.keys().map(String::as_str))
}

impl Schema {
    fn embedded(text: &str) -> Self {
        Self::compiled(
            serde_json::from_str(text).expect("an embedded schema is JSON: a test reads it"),
        )
    }

    fn compiled(document: serde_json::Value) -> Self {
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
        let mut finder = Finder::new(value);
        let mut violations = Vec::new();
        // What each object lacks, and of a value the first thing that is wrong.
        let mut missing: BTreeMap<JsonPointer, Vec<(String, Option<String>)>> = BTreeMap::new();
        let mut told = HashSet::new();
        for error in self.validator.iter_errors(value) {
            let pointer = JsonPointer::parse(error.instance_path().as_str()).unwrap_or_default();
            let schema_path = error.schema_path().as_str();
            match error.kind() {
                Kind::Required { property } => {
                    let name = property.as_str().unwrap_or_default().to_owned();
                    let example = self.example(schema_path, &name);
                    missing.entry(pointer).or_default().push((name, example));
                }
                Kind::AdditionalProperties { unexpected } => {
                    let found = finder.follow(&pointer).0.value;
                    violations.extend(self.unknown_keys(found, &pointer, unexpected, schema_path));
                }
                kind => {
                    if told.insert(pointer.clone()) {
                        let found = finder.follow(&pointer).0.value;
                        violations.push(self.describe(found, pointer, kind, schema_path));
                    }
                }
            }
        }
        // A mistyped key is one mistake, though the right one is then missing as well.
        for typo in &violations {
            if let (Some(object), Some(key)) = (typo.pointer.parent(), &typo.key)
                && let Some(keys) = missing.get_mut(&object)
            {
                keys.retain(|(name, _)| name != key);
            }
        }
        violations.extend(missing.into_iter().filter_map(|(object, keys)| lacks(object, &keys)));
        violations
    }

    /// The keys of an object that must not be there.
    fn unknown_keys(
        &self,
        object: Value<'_>,
        pointer: &JsonPointer,
        unexpected: &[String],
        schema_path: &str,
    ) -> Vec<Violation> {
        let known = self.known_keys(schema_path);
        let present: HashSet<_> = object.members().filter_map(|(key, _)| key.as_str()).collect();
        let absent: Vec<&str> =
            known.iter().copied().filter(|key| !present.contains(*key)).collect();
        let violation = |key: &String| {
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
        };
        unexpected.iter().map(violation).collect()
    }

    /// What is wrong with a value.
    fn describe(
        &self,
        found: Value<'_>,
        pointer: JsonPointer,
        kind: &Kind,
        schema_path: &str,
    ) -> Violation {
        let shown = || visible::quote(&found.as_str().unwrap_or_else(|| found.source().into()));
        let holder = || self.at(schema_path).map(|(_, holder)| holder);
        let not_an_address = || {
            let help = "write the whole address, beginning with https://";
            (format!("{} is not a valid address", shown()), Some(help.to_owned()))
        };
        let (message, help) = match kind {
            Kind::Type { kind } => {
                let wanted = match kind {
                    TypeKind::Single(one) => vec![type_name(*one)],
                    TypeKind::Multiple(set) => type_names(*set),
                };
                let is_percentage = found.as_str().is_some_and(|text| text.ends_with('%'));
                let help = is_percentage
                    .then(|| "a rate is a number from 0 to 1: 84 % is 0.84".to_owned());
                if wanted == ["a whole number"] && found.as_number().is_some() {
                    (format!("{} is not a whole number", visible::quote(found.source())), help)
                } else {
                    let found = found.kind().name();
                    (format!("expected {}, found {found}", wanted.join(" or ")), help)
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
                let guess = did_you_mean(&text, options.iter().map(String::as_str));
                (
                    format!("{} is not one of {}", shown(), quoted.join(", ")),
                    guess.map(|guess| format!("did you mean `\"{guess}\"`?")),
                )
            }
            Kind::Format { format } if format.as_str() == "date" => (
                format!("{} is not a real date of the form YYYY-MM-DD", shown()),
                Some("for example `\"2024-02-29\"`".to_owned()),
            ),
            Kind::Format { .. } => not_an_address(),
            Kind::Pattern { .. } if holder().is_some_and(|it| it.get("format").is_some()) => {
                not_an_address()
            }
            Kind::Pattern { .. } => {
                let example = holder().and_then(|holder| holder.get("examples")?.get(0));
                let help = example.map(|example| format!("for example `{example}`"));
                (format!("{} is not of the right form", shown()), help)
            }
            Kind::Not { schema } => {
                let why = schema["description"].as_str().map(str::to_owned);
                (format!("{} is not allowed here", shown()), why)
            }
            Kind::MinLength { .. } => ("the text is empty".to_owned(), None),
            Kind::MinItems { .. } => ("the list is empty".to_owned(), None),
            Kind::Minimum { limit } => {
                (format!("{} is less than {limit}", visible::quote(found.source())), None)
            }
            Kind::Maximum { limit } => {
                let is_rate = limit.as_i64() == Some(1);
                (
                    format!("{} is more than {limit}", visible::quote(found.source())),
                    is_rate.then(|| "a rate goes from 0 to 1: 84 % is 0.84".to_owned()),
                )
            }
            other => (format!("the value breaks `{}` of the schema", other.keyword()), None),
        };
        Violation { pointer, part: Part::Value, message, help, key: None }
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

/// What to say of the keys that an object lacks, each with an example; nothing where it lacks none.
fn lacks(object: JsonPointer, keys: &[(String, Option<String>)]) -> Option<Violation> {
    let (first, example) = keys.first()?;
    let example = example.as_ref().map(|example| format!("`\"{first}\": {example}`"));
    let names: Vec<String> = keys.iter().map(|(name, _)| format!("`{name}`")).collect();
    let (message, help) = if keys.len() == 1 {
        let help = example.map(|example| format!("for example {example}"));
        (format!("the key {} is missing", names[0]), help)
    } else {
        let help = example.map(|example| format!("add each of them, the first as in {example}"));
        (format!("these {} keys are missing: {}", keys.len(), names.join(", ")), help)
    };
    Some(Violation { pointer: object, part: Part::Opening, message, help, key: None })
}

/// What to say of a file that holds an entry in the nested schema of the public knowledge base, which
/// is no entry but can be made one; nothing of any other.
pub(crate) fn nested(root: Value<'_>) -> Option<Violation> {
    let is_object = |key| root.get(key).is_some_and(|value| value.kind() == json::Kind::Object);
    let is_nested = root.get("signature").is_none()
        && is_object("error")
        && ["environment", "verdict", "metadata"].into_iter().any(is_object);
    is_nested.then(|| Violation {
        pointer: JsonPointer::root(),
        part: Part::Opening,
        message: "this is the nested public schema, not an entry".to_owned(),
        help: Some("`errlore normalize` makes an entry of it".to_owned()),
        key: None,
    })
}

/// Whether a text is an id, as the schema defines it.
pub(crate) fn is_id(text: &str) -> bool {
    static ID: OnceLock<Schema> = OnceLock::new();
    let schema =
        ID.get_or_init(|| Schema::compiled(entry_schema().document["$defs"]["id"].clone()));
    let quoted = serde_json::Value::from(text).to_string();
    let Ok(tree) = json::parse(&quoted) else { return false };
    tree.root(&quoted).is_some_and(|value| schema.accepts(value))
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
