//! An entry in a JSON file, in which what the schema refuses stands as it is written.

use errlore::corpus::{Content, Document, InputFile};
use errlore::diff::document;
use errlore::entry::Entry;
use errlore::json::{Kind, Value};
use errlore::merge;
use errlore::pointer::JsonPointer;
use errlore::schema::Part;
use serde_json::Value as Json;

/// What a JSON file says of an entry.
pub(super) struct Written {
    /// The canonical JSON of the entry; what the schema refuses is as it stands in the file.
    pub(super) document: Json,
    /// The JSON of the file.
    pub(super) raw: Json,
    /// Whether it holds a number of more digits than are kept.
    pub(super) is_inexact: bool,
    /// Why the file is no valid entry.
    pub(super) fault: Option<String>,
}

/// Reads a file that is meant as an entry: a JSON object with keys of one. No other form is read here.
pub(super) fn written(name: &str, bytes: &[u8]) -> Option<Written> {
    let text = std::str::from_utf8(bytes).unwrap_or_default();
    let text = text.trim_start_matches('\u{feff}');
    if !text.trim_start().starts_with('{') {
        return None;
    }
    let file = InputFile {
        path: None,
        name: name.to_owned(),
        expected_id: None,
        in_scope: true,
        special: None,
        given: None,
        before: None,
    };
    let loaded = Document::load(&file, 0, Content::Text(text.into()), true);
    let (Some(tree), Some(entry), true) =
        (loaded.tree, loaded.entry, loaded.document.duplicates.is_empty())
    else {
        return None;
    };
    let mut inexact = Vec::new();
    let raw = tree.root(text).map(|root| exact(root, &JsonPointer::root(), &mut inexact));
    let raw = raw.unwrap_or_default();
    let known = document(&Entry::default());
    let is_key = |key: &String| known.get(key).is_some();
    if !raw.as_object().is_some_and(|members| members.keys().any(is_key)) {
        return None;
    }
    let fault = merge::read(bytes).err().map(|why| why.0);
    let mut document = document(&entry);
    for violation in &loaded.document.violations {
        match violation.part {
            Part::Value => put_back(&mut document, &raw, &violation.pointer),
            Part::Opening => leave_out(&mut document, &raw, &violation.pointer),
            Part::UnknownKey => {}
        }
    }
    for pointer in &inexact {
        put_back(&mut document, &raw, pointer);
    }
    Some(Written { document, raw, is_inexact: !inexact.is_empty(), fault })
}

/// A value as it is written. A number that is not kept is a text that no other value is equal to.
fn exact(value: Value<'_>, at: &JsonPointer, inexact: &mut Vec<JsonPointer>) -> Json {
    match value.kind() {
        Kind::Array => {
            let items = value.items().enumerate();
            items.map(|(number, item)| exact(item, &at.clone().join(number), inexact)).collect()
        }
        Kind::Object => {
            let members = value.members().map(|(key, value)| {
                let key = key.as_str().unwrap_or_default().into_owned();
                let value = exact(value, &at.clone().join(key.clone()), inexact);
                (key, value)
            });
            Json::Object(members.collect())
        }
        Kind::Number if value.first_inexact_number().is_some() => {
            inexact.push(at.clone());
            Json::from(format!("{} (a number)", value.source()))
        }
        _ => value.to_serde(),
    }
}

/// Puts what was refused where it stands in the file. Of a list with an item that was refused that is all of it.
fn put_back(document: &mut Json, raw: &Json, refused: &JsonPointer) {
    let (mut at, mut value) = (JsonPointer::root(), raw);
    let mut member = None;
    for step in refused.steps() {
        let Some(next) = child(value, &step) else { break };
        let key = value.is_object().then(|| (at.clone(), step.to_string()));
        at = at.join(step.into_owned());
        value = next;
        if let Some(key) = key {
            member = Some((key, value));
        }
    }
    let Some(((parent, key), value)) = member else { return };
    if let Some(members) = document.pointer_mut(parent.as_str()).and_then(Json::as_object_mut) {
        members.insert(key, value.clone());
    }
}

/// Takes out of an object that lacks keys what stands for these, but for what says nothing.
fn leave_out(document: &mut Json, raw: &Json, object: &JsonPointer) {
    let written = raw.pointer(object.as_str()).and_then(Json::as_object);
    let members = document.pointer_mut(object.as_str()).and_then(Json::as_object_mut);
    if let (Some(written), Some(members)) = (written, members) {
        members.retain(|key, value| written.contains_key(key) || is_empty(value));
    }
}

fn child<'j>(value: &'j Json, step: &str) -> Option<&'j Json> {
    match value {
        Json::Object(members) => members.get(step),
        Json::Array(items) => items.get(step.parse::<usize>().ok()?),
        _ => None,
    }
}

fn is_empty(value: &Json) -> bool {
    match value {
        Json::Null => true,
        Json::String(text) => text.is_empty(),
        Json::Array(items) => items.is_empty(),
        Json::Object(members) => members.values().all(is_empty),
        Json::Bool(_) | Json::Number(_) => false,
    }
}
