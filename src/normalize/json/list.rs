//! Reading lists, and texts by name.

use serde_json::Value as Json;

use super::reader::{Members, Reader, Slot, called_by};
use crate::fields::{Object, Shape};
use crate::json::{Kind, Value};
use crate::normalize::value;

impl Reader<'_> {
    /// Reads a list of items of a shape.
    pub(super) fn list(&mut self, value: Value<'_>, item: &Shape, slot: &mut Slot) -> Option<Json> {
        let known_key = |object: &Object| {
            value.members().any(|(key, _)| {
                key.as_str().is_some_and(|key| object.field_spelled(&key).is_some())
            })
        };
        let is_one = match (item, value.kind()) {
            (_, Kind::Array) => {
                self.bind_empty(value, slot);
                return Some(self.items(value.items(), item, slot));
            }
            (_, Kind::String) if value.as_str().is_some_and(|text| text.trim().is_empty()) => {
                self.draft.bind(value.span(), slot.at.clone());
                self.note(slot.at.clone(), value.span(), "an empty text is read as an empty list");
                return Some(Vec::<Json>::new().into());
            }
            (Shape::Object(object), Kind::Object) if known_key(object) => true,
            (Shape::Object(object), Kind::Object) => {
                if let Some(versions) = self.versions_by_name(value, object, slot) {
                    return Some(versions);
                }
                false
            }
            (Shape::Object(object), Kind::String) => called_by(object).is_some(),
            (_, Kind::String) => true,
            _ => false,
        };
        if !is_one {
            return self.refuse_list(value, slot);
        }
        let what = value.kind().name();
        self.note(slot.at.clone(), value.span(), format!("{what} is read as a list of one"));
        Some(self.items(std::iter::once(value), item, slot))
    }

    fn items<'t>(
        &mut self,
        values: impl Iterator<Item = Value<'t>>,
        item: &Shape,
        slot: &mut Slot,
    ) -> Json {
        let (mut items, mut left) = (Vec::new(), Vec::new());
        for value in values {
            let at = slot.at.clone().join(items.len());
            if value.kind() == Kind::Null {
                self.note(slot.at.clone(), value.span(), "`null` in a list is left out");
                continue;
            }
            let kept = slot.kept.clone().join(left.len());
            let mut slot = Slot { at, kept, left: None, required: false };
            items.extend(self.value(value, item, &mut slot));
            left.extend(slot.left);
        }
        if !left.is_empty() {
            slot.left = Some(left.into());
        }
        items.into()
    }

    /// `{"nginx 1.24.0": "active"}`: versions with how they stand.
    fn versions_by_name(&mut self, value: Value<'_>, object: &Object, slot: &Slot) -> Option<Json> {
        let Shape::Word(words) = &object.field("status")?.shape else { return None };
        let status = |value: Value<'_>| value::word(&value.as_str()?, words);
        if value.is_empty() || value.members().any(|(_, value)| status(value).is_none()) {
            return None;
        }
        self.note(
            slot.at.clone(),
            value.span(),
            "an object is read as a list of versions with their status",
        );
        let mut versions = Vec::new();
        for (key, value) in value.members() {
            let at = slot.at.clone().join(versions.len());
            self.draft.bind(key.span(), at.clone().join("version"));
            self.draft.bind(value.span(), at.join("status"));
            versions.push(serde_json::json!({"version": key.as_str()?, "status": status(value)?}));
        }
        Some(versions.into())
    }

    /// Texts by name, such as what differs by operating system.
    pub(super) fn texts(&mut self, value: Value<'_>, slot: &mut Slot) -> Option<Json> {
        let names: Option<Vec<Value<'_>>> = match value.kind() {
            Kind::String => Some(vec![value]),
            Kind::Array => Some(value.items().collect()),
            _ => None,
        };
        let is_name =
            |value: &Value<'_>| value.as_str().is_some_and(|name| !name.trim().is_empty());
        if let Some(names) = names.filter(|names| names.iter().all(is_name)) {
            let mut texts = Members::new();
            self.bind_empty(value, slot);
            self.note(slot.at.clone(), value.span(), "names alone are read as keys of empty texts");
            for value in names {
                let name = value.as_str()?.into_owned();
                self.draft.bind(value.span(), slot.at.clone().join(name.clone()));
                texts.insert(name, "".into());
            }
            return Some(texts.into());
        }
        if value.kind() != Kind::Object {
            return self.refuse(value, &Shape::Texts, slot);
        }
        self.bind_empty(value, slot);
        let (mut texts, mut left) = (Members::new(), Members::new());
        for (key, value) in value.members() {
            let key = key.as_str().unwrap_or_default().into_owned();
            let at = slot.at.clone().join(key.clone());
            if value.kind() == Kind::Null {
                self.draft.bind(value.span(), at.clone());
                self.note(at, value.span(), "`null` is read as an empty text");
                texts.insert(key, "".into());
                continue;
            }
            let kept = slot.kept.clone().join(key.clone());
            let mut slot = Slot { at, kept, left: None, required: false };
            if let Some(text) = self.value(value, &Shape::Text { nullable: false }, &mut slot) {
                texts.insert(key.clone(), text);
            }
            left.extend(slot.left.map(|value| (key, value)));
        }
        if !left.is_empty() {
            slot.left = Some(left.into());
        }
        Some(texts.into())
    }
}
