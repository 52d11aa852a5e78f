//! What the schema of an entry says of each field, for those who read other forms into one.

use std::sync::OnceLock;

use super::{ENTRY_SCHEMA, entry_schema};
use crate::json;
use crate::pointer::JsonPointer;

/// What a value must be.
#[derive(Debug)]
pub(crate) enum Shape {
    /// A text; where it is `nullable`, `null` stands for none.
    Text {
        /// Whether it may be `null`.
        nullable: bool,
    },
    /// A full date; where it is `nullable`, `null` stands for none.
    Date {
        /// Whether it may be `null`.
        nullable: bool,
    },
    /// A number from 0 to 1.
    Rate,
    /// A whole number.
    Count,
    /// One of these words.
    Word(Vec<&'static str>),
    /// A list.
    List {
        /// What each item must be.
        item: Box<Shape>,
        /// Whether there must be one.
        needs_one: bool,
    },
    /// Texts by keys of any name.
    Texts,
    /// An object with these fields.
    Object(Object),
}

/// An object of the schema.
#[derive(Debug)]
pub(crate) struct Object {
    /// Its fields, in the order of the schema.
    pub(crate) fields: Vec<Field>,
    /// The names of those that must be there, in the order of the schema.
    pub(crate) required: Vec<&'static str>,
}

/// A field of an object.
#[derive(Debug)]
pub(crate) struct Field {
    /// Its key.
    pub(crate) name: &'static str,
    /// The key without case, blanks and marks.
    pub(crate) letters: String,
    /// What its value must be.
    pub(crate) shape: Shape,
}

impl Object {
    /// The field of a name.
    pub(crate) fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The field that another spelling of its name means: `rootCause`, `Root-Cause`, `ROOT CAUSE`.
    pub(crate) fn field_spelled(&self, name: &str) -> Option<&Field> {
        let letters = letters(name);
        self.fields.iter().find(|field| field.letters == letters)
    }
}

/// A name without case, blanks and the marks that join words.
fn letters(name: &str) -> String {
    let marks = |c: &char| !matches!(c, ' ' | '_' | '-' | '.');
    name.chars().filter(marks).flat_map(char::to_lowercase).collect()
}

/// The shape of an entry.
pub(crate) fn entry_shape() -> &'static Object {
    static SHAPE: OnceLock<Object> = OnceLock::new();
    SHAPE.get_or_init(|| object(&entry_schema().document, ""))
}

/// The object at a pointer of the schema.
fn object(schema: &'static serde_json::Value, pointer: &str) -> Object {
    let names = |key: &str| schema[key].as_array().map(Vec::as_slice).unwrap_or_default();
    let properties = schema["properties"].as_object().into_iter().flatten();
    let field = |(name, property): (&'static String, &'static serde_json::Value)| Field {
        name: name.as_str(),
        letters: letters(name),
        shape: shape(property),
    };
    let mut fields: Vec<Field> = properties.map(field).collect();
    let order = keys_of(&format!("{pointer}/properties"));
    fields.sort_by_key(|field| order.iter().position(|key| key == field.name));
    Object {
        fields,
        required: names("required").iter().filter_map(serde_json::Value::as_str).collect(),
    }
}

/// The keys of the object at a pointer of the schema, as they are written there.
fn keys_of(pointer: &str) -> Vec<String> {
    let Ok(tree) = json::parse(ENTRY_SCHEMA) else { return Vec::new() };
    let (Some(root), Some(pointer)) = (tree.root(ENTRY_SCHEMA), JsonPointer::parse(pointer)) else {
        return Vec::new();
    };
    let members = root.follow(&pointer).0.value.members();
    members.filter_map(|(key, _)| Some(key.as_str()?.into_owned())).collect()
}

fn shape(property: &'static serde_json::Value) -> Shape {
    let mut property = property;
    let mut pointer = "";
    if let Some(reference) = property["$ref"].as_str() {
        pointer = reference.trim_start_matches('#');
        match entry_schema().document.pointer(pointer) {
            Some(target) => property = target,
            None => return Shape::Texts,
        }
    }
    if let Some(words) = property["enum"].as_array() {
        return Shape::Word(words.iter().filter_map(serde_json::Value::as_str).collect());
    }
    let types = &property["type"];
    let is = |name: &str| {
        *types == name || types.as_array().is_some_and(|all| all.iter().any(|one| one == name))
    };
    let nullable = is("null");
    match () {
        () if is("array") => {
            let needs_one = property["minItems"].as_u64().is_some_and(|least| least > 0);
            Shape::List { item: Box::new(shape(&property["items"])), needs_one }
        }
        () if is("integer") => Shape::Count,
        () if is("number") => Shape::Rate,
        () if is("string") && property["format"] == "date" => Shape::Date { nullable },
        () if is("string") => Shape::Text { nullable },
        () if property.get("properties").is_some() => Shape::Object(object(property, pointer)),
        () => Shape::Texts,
    }
}
