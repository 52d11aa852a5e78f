//! The schema, the types and the canonical form say the same, both ways; and the schema is one that
//! other tools can use.

use errlore::canonical::canonical;
use errlore::entry::Entry;
use errlore::fields::{self, ENTRY, Shape};
use errlore::rule::MINIMAL_ENTRY;
use errlore::schema::{CONFIG_SCHEMA, ENTRY_SCHEMA};
use serde_json::{Value, json};

fn schema() -> Value {
    serde_json::from_str(ENTRY_SCHEMA).expect("the schema is JSON")
}

/// The keys of an object in a JSON text, in the order in which they are written there.
fn keys_in_order(text: &str, path: &[&str]) -> Vec<String> {
    let tree = errlore::json::parse(text).expect("JSON");
    let mut value = tree.root(text).expect("a root");
    for step in path {
        value = match step.parse::<usize>() {
            Ok(index) => value.items().nth(index).expect("an item"),
            Err(_) => value.get(step).unwrap_or_else(|| panic!("no {step} in {path:?}")),
        };
    }
    value.members().map(|(key, _)| key.as_str().expect("a key").into_owned()).collect()
}

/// An entry in which every list has an item and every option a value.
fn full() -> Entry {
    let mut value: Value = serde_json::from_str(MINIMAL_ENTRY).expect("JSON");
    let patch = serde_json::json!({
        "$schema": "entry.schema.json",
        "versions": [{"version": "1"}],
        "transition_graph": {
            "leads_to": [{"error_id": "a/b", "probability": 0.5}],
            "preceded_by": [{"error_id": "a/b", "probability": 0.5}],
            "frequently_confused_with": [{"error_id": "a/b"}],
        },
    });
    errlore::rule::merge_patch(&mut value, &patch);
    serde_json::from_value(value).expect("an entry")
}

/// Where each object of the schema shows in a canonical entry.
const OBJECTS: [(&str, &[&str]); 7] = [
    ("", &[]),
    ("/$defs/version", &["versions", "0"]),
    ("/$defs/dead_end", &["dead_ends", "0"]),
    ("/$defs/workaround", &["workarounds", "0"]),
    ("/$defs/transition_graph", &["transition_graph"]),
    ("/$defs/transition", &["transition_graph", "leads_to", "0"]),
    ("/$defs/confusion", &["transition_graph", "frequently_confused_with", "0"]),
];

/// Whether a key of an object came with a later version of the schema than the first.
fn is_later(schema: &Value, object: &str, key: &str) -> bool {
    let object = schema.pointer(object).expect("an object of the schema");
    object["properties"][key].get("x-since").is_some()
}

#[test]
fn the_types_have_the_keys_of_the_schema_in_its_order() {
    let canonical = canonical(&full());
    let serialized = serde_json::to_string(&full()).expect("serialises");
    for (pointer, path) in OBJECTS {
        let mut steps: Vec<&str> = pointer.split('/').skip(1).collect();
        steps.push("properties");
        let mut wanted = keys_in_order(ENTRY_SCHEMA, &steps);
        assert_eq!(keys_in_order(&serialized, path), wanted, "serde {pointer}");
        // The full entry says nothing in what came later.
        wanted.retain(|key| !is_later(&schema(), pointer, key));
        assert_eq!(keys_in_order(&canonical, path), wanted, "canonical {pointer}");
    }
}

/// The table of fields is the schema: each property once, in its order, of its kind.
#[test]
fn the_table_of_fields_is_the_schema() {
    fn kind(schema: &Value, property: &Value) -> String {
        if let Some(reference) = property["$ref"].as_str() {
            let target = schema.pointer(reference.trim_start_matches('#')).expect("a definition");
            return kind(schema, target);
        }
        let types = &property["type"];
        let (first, null) = match types.as_array() {
            Some(types) => (&types[0], if types.len() > 1 { " or null" } else { "" }),
            None => (types, ""),
        };
        match first.as_str() {
            _ if property.get("enum").is_some() => format!("one of {}", property["enum"]),
            Some("string") if property["format"] == "date" => format!("date{null}"),
            Some("string") => format!("text{null}"),
            Some("number") => "rate".to_owned(),
            Some("integer") => "count".to_owned(),
            Some("array") => {
                let least = if property["minItems"] == 1 { "one or more " } else { "" };
                format!("list of {least}{}", kind(schema, &property["items"]))
            }
            Some("object") if property.get("properties").is_some() => "object".to_owned(),
            _ => "texts".to_owned(),
        }
    }
    fn shape(of: &Shape) -> String {
        match of {
            Shape::Word(words) => format!("one of {}", json!(words)),
            Shape::Date { nullable } => format!("date{}", if *nullable { " or null" } else { "" }),
            Shape::Text { nullable } => format!("text{}", if *nullable { " or null" } else { "" }),
            Shape::Rate => "rate".to_owned(),
            Shape::Count => "count".to_owned(),
            Shape::List { item, needs_one } => {
                format!("list of {}{}", if *needs_one { "one or more " } else { "" }, shape(item))
            }
            Shape::Object(_) => "object".to_owned(),
            Shape::Texts => "texts".to_owned(),
        }
    }
    let schema = schema();
    assert_eq!(schema["x-version"], fields::VERSION);
    let mut newest = 1;
    for (pointer, path) in OBJECTS {
        let keys = path.iter().filter(|step| **step != "0");
        let table = keys.fold(ENTRY.fields, |fields, key| {
            fields.iter().find(|field| field.name == *key).expect("a field").shape.fields()
        });
        let mut steps: Vec<&str> = pointer.split('/').skip(1).collect();
        steps.push("properties");
        let names: Vec<&str> = table.iter().map(|field| field.name).collect();
        assert_eq!(names, keys_in_order(ENTRY_SCHEMA, &steps), "{pointer}");
        let object = schema.pointer(pointer).expect("an object of the schema");
        let required = object["required"].as_array().cloned().unwrap_or_default();
        for field in table {
            let property = &object["properties"][field.name];
            assert_eq!(shape(&field.shape), kind(&schema, property), "{pointer} {}", field.name);
            assert_eq!(required.contains(&json!(field.name)), field.required, "{}", field.name);
            assert_eq!(property["default"].as_str().unwrap_or(""), field.default, "{}", field.name);
            if field.since > 0 {
                let since =
                    property.get("x-since").map_or(1, |since| since.as_u64().expect("a count"));
                assert_eq!(since, u64::from(field.since), "{}", field.name);
            }
            newest = newest.max(field.since);
        }
    }
    assert_eq!(newest, fields::VERSION, "the version is that of the newest field");
}

/// The key order is that of the entry the format began with.
#[test]
fn the_order_is_that_of_the_first_entry() {
    let seed = include_str!(
        "../../entries/communication/websocket-close-frame-1009-message-too-large.json"
    );
    let mut wanted = keys_in_order(ENTRY_SCHEMA, &["properties"]);
    wanted.retain(|key| key != "$schema" && !is_later(&schema(), "", key));
    assert_eq!(keys_in_order(seed, &[]), wanted);
}

/// An entry of nothing but the required keys reads as the stated defaults.
#[test]
fn what_is_missing_has_the_stated_default() {
    let schema = schema();
    let mut value: Value = serde_json::from_str(MINIMAL_ENTRY).expect("JSON");
    let required: Vec<String> = schema["required"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|key| key.as_str().expect("a key").to_owned())
        .collect();
    value.as_object_mut().expect("an object").retain(|key, _| required.contains(key));
    let written: Value =
        serde_json::from_str(&canonical(&serde_json::from_value(value).expect("an entry")))
            .expect("JSON");
    let mut defaults = 0;
    for (key, property) in schema["properties"].as_object().expect("an object") {
        let optional = !required.contains(key) && key != "$schema";
        assert_eq!(property.get("default").is_some(), optional, "{key}");
        if optional {
            assert_eq!(written[key], property["default"], "{key}");
            defaults += 1;
        }
    }
    let properties = schema["properties"].as_object().map_or(0, serde_json::Map::len);
    assert_eq!(
        defaults + required.len(),
        properties - 1,
        "each key but $schema is one or the other"
    );

    for (pointer, path) in &OBJECTS[1..] {
        let object = schema.pointer(pointer).expect("an object of the schema");
        let required =
            object.get("required").and_then(Value::as_array).cloned().unwrap_or_default();
        // The full entry was read with nothing but required keys in these objects, or their defaults.
        let written: Value = serde_json::from_str(&canonical(&full())).expect("JSON");
        let written = path.iter().fold(&written, |value, step| match step.parse::<usize>() {
            Ok(index) => &value[index],
            Err(_) => &value[*step],
        });
        for (key, property) in object["properties"].as_object().expect("an object") {
            let is_required = required.iter().any(|name| name == key);
            assert_eq!(property.get("default").is_some(), !is_required, "{pointer}/{key}");
            let set = ["leads_to", "preceded_by", "frequently_confused_with", "how"]
                .contains(&key.as_str());
            if !is_required && !set {
                assert_eq!(written[key], property["default"], "{pointer}/{key}");
            }
        }
    }
}

/// Editors show the description and an example of each property.
#[test]
fn every_property_is_described_with_a_valid_example() {
    for (text, name) in [(ENTRY_SCHEMA, "entry"), (CONFIG_SCHEMA, "config")] {
        let schema: Value = serde_json::from_str(text).expect("JSON");
        assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema", "{name}");
        assert!(schema["$id"].as_str().is_some_and(|id| id.starts_with("https://")), "{name}");
        let mut seen = 0;
        walk(&schema, &schema, &mut |pointer, property| {
            seen += 1;
            assert!(
                property["description"].as_str().is_some_and(|text| text.ends_with('.')),
                "{name} {pointer}"
            );
            let examples = property["examples"]
                .as_array()
                .unwrap_or_else(|| panic!("{name} {pointer}: no example"));
            assert!(!examples.is_empty(), "{name} {pointer}");
        });
        assert!(seen > 15, "{name}: {seen}");
    }
}

fn walk(root: &Value, object: &Value, visit: &mut dyn FnMut(&str, &Value)) {
    for (name, property) in object["properties"].as_object().into_iter().flatten() {
        let target = match property["$ref"].as_str() {
            Some(reference) => {
                let pointer = reference.strip_prefix('#').expect("only local references");
                root.pointer(pointer).expect("the reference leads somewhere")
            }
            None => property,
        };
        if target.get("properties").is_none() || target.get("examples").is_some() {
            visit(name, target);
        }
        walk(root, target, visit);
        if let Some(items) = target["items"].as_object() {
            walk(root, &Value::Object(items.clone()), visit);
        }
    }
    for (name, definition) in object["$defs"].as_object().into_iter().flatten() {
        assert!(definition["description"].is_string(), "{name}");
        walk(root, definition, visit);
    }
}
