//! Reading single values: texts, numbers, dates, words.

use serde_json::Value as Json;

use super::reader::{Reader, Slot};
use crate::fields::Shape;
use crate::json::{Kind, Value, is_kept};
use crate::normalize::value::{self, NoRate, RATE_HELP};
use crate::rules::{not_understood, rate_out_of_range};
use crate::visible;

impl Reader<'_> {
    /// Reads a value that is no list and no object, where none is asked.
    pub(super) fn scalar(
        &mut self,
        value: Value<'_>,
        shape: &Shape,
        slot: &mut Slot,
    ) -> Option<Json> {
        let text = match value.kind() {
            Kind::String => value.as_str().unwrap_or_default(),
            Kind::Object => return self.refuse(value, shape, slot),
            _ => value.source().into(),
        };
        let is_empty = text.trim().is_empty();
        let is_number = value.kind() == Kind::Number;
        let is_boolean = matches!(value.kind(), Kind::True | Kind::False);
        let (read, is_plain) = match shape {
            Shape::Text { nullable: true } | Shape::Date { nullable: true } if is_empty => {
                (Json::Null, false)
            }
            Shape::Text { .. } if !is_boolean => (Json::from(&*text), !is_number),
            Shape::Date { .. } | Shape::Rate | Shape::Count | Shape::Word(_) if is_empty => {
                return self.nothing(value, shape, slot);
            }
            Shape::Date { .. } if !is_boolean => match value::date(&text) {
                Some(date) => {
                    let date = date.format("%Y-%m-%d").to_string();
                    let is_plain = !is_number && text == date;
                    (date.into(), is_plain)
                }
                None => return self.refuse(value, shape, slot),
            },
            Shape::Rate if !is_boolean => match value::rate(&text) {
                Ok(rate) => (rate.into(), is_number && is_kept(&text)),
                Err(NoRate::OutOfRange) => return self.out_of_range(value, &text, slot),
                Err(NoRate::NotUnderstood) => return self.refuse(value, shape, slot),
            },
            Shape::Count if !is_boolean => match value::count(&text) {
                Some(count) => (count.into(), is_number),
                None => return self.refuse(value, shape, slot),
            },
            Shape::Word(words) => match value::word(&text, words) {
                Some(word) => (word.into(), value.kind() == Kind::String && text == word),
                None => return self.refuse(value, shape, slot),
            },
            _ => return self.refuse(value, shape, slot),
        };
        self.draft.bind(value.span(), slot.at.clone());
        if !is_plain {
            let message = format!("{} is read as {}", visible::quote(value.source()), shown(&read));
            self.note(slot.at.clone(), value.span(), message);
        }
        Some(read)
    }

    fn out_of_range(&mut self, value: Value<'_>, text: &str, slot: &mut Slot) -> Option<Json> {
        let message = format!("{} is no rate from 0 to 1", visible::quote(text));
        let remark =
            self.draft.remark(&rate_out_of_range::RULE, slot.at.clone(), value.span(), message);
        remark.help(RATE_HELP);
        self.leave(value, slot);
        None
    }

    /// Says that a value is not what is asked, and keeps it.
    pub(super) fn refuse(
        &mut self,
        value: Value<'_>,
        shape: &Shape,
        slot: &mut Slot,
    ) -> Option<Json> {
        let wanted = match shape {
            Shape::Text { .. } => "a text",
            Shape::Date { .. } => "a date that leaves no doubt",
            Shape::Rate => "a rate",
            Shape::Count => "a count",
            Shape::Word(_) => "",
            Shape::List { .. } => "a list",
            Shape::Texts | Shape::Object(_) => "an object",
        };
        let wanted = match shape {
            Shape::Word(words) => {
                let words: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
                format!("one of {}", words.join(", "))
            }
            _ => wanted.to_owned(),
        };
        self.refuse_as(value, &wanted, slot)
    }

    /// Says that a value is no list.
    pub(super) fn refuse_list(&mut self, value: Value<'_>, slot: &mut Slot) -> Option<Json> {
        self.refuse_as(value, "a list", slot)
    }

    fn refuse_as(&mut self, value: Value<'_>, wanted: &str, slot: &mut Slot) -> Option<Json> {
        let found = match value.kind() {
            Kind::Array | Kind::Object => value.kind().name().to_owned(),
            _ => visible::quote(value.source()),
        };
        let message = format!("expected {wanted}, found {found}");
        let help = format!("it is kept as {}", visible::quote(slot.kept.as_str()));
        self.draft.remark(&not_understood::RULE, slot.at.clone(), value.span(), message).help(help);
        self.leave(value, slot);
        None
    }

    fn leave(&mut self, value: Value<'_>, slot: &mut Slot) {
        self.draft.bind(value.span(), slot.kept.clone());
        slot.left = Some(self.exact(value, &slot.kept));
    }
}

fn shown(value: &Json) -> String {
    match value {
        Json::String(text) => visible::quote(text),
        other => format!("`{other}`"),
    }
}
