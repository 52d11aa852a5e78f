//! All texts of an entry in document order, so that a rule about text is written once.

use Step::{Index as At, Key as In};

use super::Entry;
use super::value::{AsValue, Value};
use crate::fields::{ENTRY, Field, Language, Role};
use crate::pointer::JsonPointer;

/// A text of an entry: where it stands, what it is for, what it says.
#[derive(Clone, Copy, Debug)]
pub struct Text<'e> {
    /// Where.
    pub place: Place<'e>,
    /// What it is for.
    pub role: Role,
    /// The field that it says in another language, and which.
    pub translates: Option<(&'static str, &'static Language)>,
    /// What it says; never empty.
    pub text: &'e str,
}

impl Text<'_> {
    /// Whether it is made of sentences, in whatever language.
    pub fn is_prose(&self) -> bool {
        matches!(self.role, Role::Prose | Role::Action)
    }

    /// The language that it is in, whatever that of the entry is.
    pub fn language(&self) -> Option<&'static Language> {
        self.translates.map(|(_, language)| language)
    }
}

/// A place that costs nothing to note down; it becomes a [`JsonPointer`] when a finding needs one.
#[derive(Clone, Copy, Debug, Default)]
pub struct Place<'e> {
    steps: [Option<Step<'e>>; 5],
}

#[derive(Clone, Copy, Debug)]
enum Step<'e> {
    Key(&'e str),
    Index(usize),
}

impl<'e> Place<'e> {
    /// The pointer to this place.
    pub fn pointer(&self) -> JsonPointer {
        self.steps.iter().flatten().fold(JsonPointer::root(), |pointer, step| match step {
            In(key) => pointer.join((*key).to_owned()),
            At(index) => pointer.join(*index),
        })
    }

    fn join(mut self, step: Step<'e>) -> Self {
        if let Some(free) = self.steps.iter_mut().find(|step| step.is_none()) {
            *free = Some(step);
        }
        self
    }
}

impl Entry {
    /// Every text that is not empty, in document order; `x-` keys are not looked into, nor what is for
    /// programs alone.
    pub fn texts(&self) -> Vec<Text<'_>> {
        let mut all = Vec::with_capacity(64);
        if let Value::Object(values) = self.value() {
            members(Place::default(), ENTRY.fields, values, &mut all);
        }
        all
    }
}

fn members<'e>(
    place: Place<'e>,
    fields: &'static [Field],
    values: Vec<Value<'e>>,
    all: &mut Vec<Text<'e>>,
) {
    for (field, value) in fields.iter().zip(values) {
        if !matches!(field.role, Role::Setting | Role::Reference) {
            add(place.join(In(field.name)), field, value, all);
        }
    }
}

fn add<'e>(place: Place<'e>, field: &'static Field, value: Value<'e>, all: &mut Vec<Text<'e>>) {
    let text = |place, text| Text { place, role: field.role, translates: field.translates, text };
    match value {
        Value::Text(said) if !said.is_empty() => all.push(text(place, said)),
        Value::Texts(texts) => {
            let said = texts.iter().filter(|(_, said)| !said.is_empty());
            all.extend(said.map(|(key, said)| text(place.join(In(key)), said)));
        }
        Value::List(items) => {
            for (at, item) in items.into_iter().enumerate() {
                add(place.join(At(at)), field, item, all);
            }
        }
        Value::Object(values) => members(place, field.shape.fields(), values, all),
        _ => {}
    }
}
