//! [`Reader`]: values by the shape that the schema gives them, leniently where there is one reading.
//!
//! A reading that is not what was written is a note. What cannot be read goes under an `x-` key beside
//! its field, with a remark: after a reading each value of the source is in the draft.

use serde_json::Value as Json;

use super::exact::{free_name, own_name};
use crate::entry::EntryId;
use crate::fields::{Field, Object, Shape};
use crate::json::{Kind, Value};
use crate::normalize::{Bound, Draft};
use crate::pointer::JsonPointer;
use crate::rules::{not_understood, value_read_leniently};
use crate::source::Span;
use crate::suggest::did_you_mean;
use crate::visible;

/// The members of an object that has been read.
pub(in crate::normalize) type Members = serde_json::Map<String, Json>;

/// What becomes of a key that the schema does not name.
#[derive(Clone, Copy)]
pub(in crate::normalize) enum Unknown {
    /// It stays as it is, with a remark.
    AsItIs,
    /// The same, even if it is another spelling of one that the schema names: whoever wrote it is exact.
    Exact,
    /// It becomes an `x-` key. Those named here are known to have no field; the others are remarked on.
    Own(&'static [&'static str]),
}

/// Reads values into a draft.
pub(in crate::normalize) struct Reader<'d> {
    pub(in crate::normalize) draft: &'d mut Draft,
    unknown: Unknown,
}

/// A field about to be read.
pub(in crate::normalize) struct Slot {
    /// The field.
    pub(super) at: JsonPointer,
    /// Where what cannot be read is kept,
    pub(super) kept: JsonPointer,
    /// and what that is.
    pub(super) left: Option<Json>,
    /// Whether the schema requires it, so that its absence is said elsewhere.
    pub(super) required: bool,
}

/// A member of an object, and what its key means.
enum Member<'t, 's> {
    Field(&'s Field, Value<'t>),
    Own(String, Value<'t>),
}

impl<'d> Reader<'d> {
    /// A reader into a draft.
    pub(in crate::normalize) fn new(draft: &'d mut Draft, unknown: Unknown) -> Self {
        Self { draft, unknown }
    }

    /// Makes the entry of its members.
    pub(in crate::normalize) fn finish(self, mut members: Members) {
        let id =
            members.get("id").and_then(Json::as_str).filter(|id| EntryId::new(&**id).is_usable());
        let pointer = crate::pointer!["domain"];
        if let Some(domain) = id.and_then(|id| id.split('/').next()).map(str::to_owned)
            && members.get("domain").is_none()
        {
            let id = Bound::Field(crate::pointer!["id"]);
            let bound = self.draft.bindings.iter().find(|binding| binding.bound == id);
            let span = bound.map_or_else(Span::default, |binding| binding.span);
            let message = format!("the `domain` is read from the id: {}", visible::quote(&domain));
            self.draft.remark(&value_read_leniently::RULE, pointer.clone(), span, message);
            self.draft.bind(span, pointer);
            members.insert("domain".to_owned(), domain.into());
        }
        self.draft.entry = serde_json::from_value(members.into())
            .expect("what has the schema's shapes is an entry");
    }

    /// Reads an object that stands at a pointer.
    pub(in crate::normalize) fn object(
        &mut self,
        value: Value<'_>,
        shape: &Object,
        at: &JsonPointer,
    ) -> Members {
        let mut members = Members::new();
        let mut later = Vec::new();
        let is_exact = matches!(self.unknown, Unknown::Exact);
        let mut taken: Vec<&str> = value
            .members()
            .filter_map(|(key, _)| shape.field(&key.as_str()?).map(|field| field.name))
            .collect();
        // What keeps its name comes first, so that nothing else takes it.
        for (key, value) in value.members() {
            let name = key.as_str().unwrap_or_default();
            if let Some(field) = shape.field(&name) {
                later.push(Member::Field(field, value));
            } else if name.starts_with("x-") {
                self.keep(&mut members, name.into_owned(), value, at);
            } else if let Some(field) =
                shape.field_spelled(&name).filter(|field| !is_exact && !taken.contains(&field.name))
            {
                taken.push(field.name);
                let message =
                    format!("the key {} is read as `{}`", visible::quote(&name), field.name);
                self.note(at.clone().join(field.name), key.span(), message);
                later.push(Member::Field(field, value));
            } else if let Unknown::Own(known) = self.unknown {
                if !known.contains(&&*name) {
                    self.unknown_key(shape, &name, key.span(), at);
                }
                later.push(Member::Own(name.into_owned(), value));
            } else {
                self.unknown_key(shape, &name, key.span(), at);
                self.keep(&mut members, name.into_owned(), value, at);
            }
        }
        for member in later {
            match member {
                Member::Field(field, value) => {
                    self.field(&mut members, shape, field.name, value, at);
                }
                Member::Own(name, value) => self.keep_as_own(&mut members, &name, value, at),
            }
        }
        members
    }

    /// Reads a field of an object into its members.
    pub(in crate::normalize) fn field(
        &mut self,
        members: &mut Members,
        object: &Object,
        name: &'static str,
        value: Value<'_>,
        at: &JsonPointer,
    ) {
        let Some(field) = object.field(name) else { return };
        let kept = free_name(members, &[own_name(name)]);
        let mut slot = Slot {
            at: at.clone().join(name),
            kept: at.clone().join(kept.clone()),
            left: None,
            required: field.required,
        };
        if let Some(read) = self.value(value, &field.shape, &mut slot) {
            members.insert(name.to_owned(), read);
        }
        if let Some(left) = slot.left {
            members.insert(kept, left);
        }
    }

    /// Keeps a value that has no field under an `x-` key.
    pub(in crate::normalize) fn keep_as_own(
        &mut self,
        members: &mut Members,
        key: &str,
        value: Value<'_>,
        at: &JsonPointer,
    ) {
        let name = free_name(members, &[own_name(key), format!("x-{key}")]);
        self.keep(members, name, value, at);
    }

    fn keep(&mut self, members: &mut Members, name: String, value: Value<'_>, at: &JsonPointer) {
        let pointer = at.clone().join(name.clone());
        let kept = self.exact(value, &pointer);
        self.draft.bind(value.span(), pointer);
        members.insert(name, kept);
    }

    /// Remarks on a key that the schema does not name.
    pub(in crate::normalize) fn unknown_key(
        &mut self,
        shape: &Object,
        name: &str,
        span: Span,
        at: &JsonPointer,
    ) {
        let guess = did_you_mean(name, shape.fields.iter().map(|field| field.name));
        let pointer = at.clone().join(name.to_owned());
        let message = format!("unknown key {}", visible::quote(name));
        self.draft.remark(&not_understood::RULE, pointer, span, message).help(match guess {
            Some(guess) => format!("did you mean `{guess}`? what it holds is kept"),
            None => "what it holds is kept; a key of your own begins with `x-`".to_owned(),
        });
    }

    /// Reads a value of a shape. `None` where there is none, and where it could not be read: then it
    /// is left in the slot.
    pub(super) fn value(
        &mut self,
        value: Value<'_>,
        shape: &Shape,
        slot: &mut Slot,
    ) -> Option<Json> {
        match (shape, value.kind()) {
            (_, Kind::Null) => self.nothing(value, shape, slot),
            (Shape::List { item, .. }, _) => self.list(value, item, slot),
            (Shape::Texts, _) => self.texts(value, slot),
            (Shape::Object(object), Kind::Object) => {
                self.bind_empty(value, slot);
                Some(self.object(value, object, &slot.at.clone()).into())
            }
            (Shape::Object(_), Kind::Array) if value.is_empty() => {
                self.draft.bind(value.span(), slot.at.clone());
                self.note(
                    slot.at.clone(),
                    value.span(),
                    "an empty array is read as an empty object",
                );
                Some(Members::new().into())
            }
            (Shape::Object(object), Kind::String | Kind::Number) if called_by(object).is_some() => {
                let name = called_by(object)?;
                let pointer = slot.at.clone().join(name);
                self.note(pointer.clone(), value.span(), format!("a text is read as the `{name}`"));
                let slot =
                    &mut Slot { at: pointer, kept: slot.kept.clone(), left: None, required: true };
                let text = self.value(value, &Shape::Text { nullable: false }, slot)?;
                Some(Members::from_iter([(name.to_owned(), text)]).into())
            }
            (Shape::Object(_), _) => self.refuse(value, shape, slot),
            (_, Kind::Array) => {
                let one = value.items().next().filter(|_| value.len() == 1);
                match one.filter(|one| !matches!(one.kind(), Kind::Array | Kind::Object)) {
                    Some(one) => {
                        self.note(
                            slot.at.clone(),
                            value.span(),
                            "a list of one is read as what is in it",
                        );
                        self.value(one, shape, slot)
                    }
                    None => self.refuse(value, shape, slot),
                }
            }
            _ => self.scalar(value, shape, slot),
        }
    }

    /// A value that says nothing: `null`, or an empty text where no text is asked.
    pub(super) fn nothing(&mut self, value: Value<'_>, shape: &Shape, slot: &Slot) -> Option<Json> {
        self.draft.bind(value.span(), slot.at.clone());
        let nullable =
            matches!(shape, Shape::Text { nullable: true } | Shape::Date { nullable: true });
        if nullable && value.kind() == Kind::Null {
            return Some(Json::Null);
        }
        match shape {
            // Its absence is said when all has been read.
            Shape::Text { .. } if slot.required => {}
            Shape::Date { .. } | Shape::Rate | Shape::Count | Shape::Word(_) if slot.required => {
                self.draft.gaps.insert(slot.at.clone());
            }
            _ => {
                let what = visible::quote(value.source());
                let message = format!("{what} is read as if the key were not there");
                self.note(slot.at.clone(), value.span(), message);
            }
        }
        None
    }

    /// A list or an object is what is in it; an empty one stands for itself.
    pub(super) fn bind_empty(&mut self, value: Value<'_>, slot: &Slot) {
        if value.is_empty() {
            self.draft.bind(value.span(), slot.at.clone());
        }
    }

    /// Notes that a value was read as something that is not what was written.
    pub(super) fn note(&mut self, at: JsonPointer, span: Span, message: impl Into<String>) {
        self.draft.remark(&value_read_leniently::RULE, at, span, message);
    }
}

/// The field by which an item of a list can be given as a plain text. A way out has none: its text
/// could be the action as well as the reason.
pub(super) fn called_by(object: &Object) -> Option<&'static str> {
    ["version", "error_id"].into_iter().find(|name| object.field(name).is_some())
}
