//! Canonical JSON: the one way to write an [`Entry`]. The only writer of entries.
//!
//! UTF-8, LF, final newline, two-space indentation, the schema's key order, every key of the
//! schema's version that the entry is written in present, empty lists and objects on one line, rates as the shortest decimal with a fraction, texts in NFC without
//! blanks at either end, `tags` and `aliases` sorted and unique, unknown keys sorted and last.
//!
//! Three kinds of text stay byte for byte as they are: a message and its pattern, because a blank or a composed
//! letter in the one is what the other looks for, and whatever stands under an `x-` key, because it is not ours.
//! What cannot be seen (control and bidirectional characters, line separators) is written as an
//! escape, so that a review shows it; printable characters are never escaped.

use std::fmt::Write;

use serde_json::Value as Json;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use crate::entry::Entry;
use crate::entry::value::{AsValue, Value};
use crate::fields::{ENTRY, Field, Identity, Role, Shape};
use crate::visible::is_unsafe_to_show;

/// The canonical text of an entry. The canonical text of what it reads back as is the same text.
pub fn canonical(entry: &Entry) -> String {
    let Value::Object(values) = entry.value() else { return String::new() };
    written(ENTRY.fields, &values)
}

/// The text of an object with these fields, in the oldest version of the schema that has a field for all it
/// says: a field that came later and is empty does not show, so that no older file is written anew for it.
fn written(fields: &'static [Field], values: &[Value<'_>]) -> String {
    let version = version(fields, values);
    let mut writer = Writer { out: String::with_capacity(4096), depth: 0, version };
    writer.fields(fields, values);
    writer.out.push('\n');
    writer.out
}

/// A text as canonical JSON holds it: NFC, without blanks at either end.
pub fn canonical_text(text: &str) -> std::borrow::Cow<'_, str> {
    let trimmed = text.trim();
    if trimmed.is_ascii() || is_nfc_quick(trimmed.chars()) == IsNormalized::Yes {
        trimmed.into()
    } else {
        trimmed.nfc().collect::<String>().into()
    }
}

/// A text as a JSON string with its quotes, escaped as canonical JSON escapes.
pub fn json_string(text: &str) -> String {
    let mut writer = Writer { out: String::with_capacity(text.len() + 2), depth: 0, version: 1 };
    writer.string(text);
    writer.out
}

/// A number that may have a fraction as canonical JSON writes it: the shortest decimal that reads back
/// as the same, with a power of ten where it is as large or as small as JavaScript writes with one.
pub fn canonical_number(number: f64) -> String {
    let number = if number == 0.0 { 0.0 } else { number };
    if number != 0.0 && !(1e-6..1e21).contains(&number.abs()) {
        return format!("{number:e}");
    }
    let plain = number.to_string();
    if plain.contains('.') { plain } else { plain + ".0" }
}

struct Writer {
    out: String,
    depth: usize,
    /// The version of the schema that the entry is written in.
    version: u32,
}

impl Writer {
    fn line(&mut self) {
        self.out.push('\n');
        for _ in 0..self.depth {
            self.out.push_str("  ");
        }
    }

    /// Writes an object; `members` calls [`Writer::member`] for each member.
    fn object(&mut self, members: impl FnOnce(&mut Self)) {
        self.bracketed('{', '}', members);
    }

    fn bracketed(&mut self, open: char, close: char, inner: impl FnOnce(&mut Self)) {
        self.out.push(open);
        self.depth += 1;
        let before = self.out.len();
        inner(self);
        self.depth -= 1;
        if self.out.len() > before {
            // Each item ends with a comma; the last one does not.
            self.out.pop();
            self.line();
        }
        self.out.push(close);
    }

    fn member(&mut self, key: &str, value: impl FnOnce(&mut Self)) {
        self.line();
        self.string(key);
        self.out.push_str(": ");
        value(self);
        self.out.push(',');
    }

    fn list<T>(&mut self, items: impl IntoIterator<Item = T>, write: impl Fn(&mut Self, T)) {
        self.bracketed('[', ']', |writer| {
            for item in items {
                writer.line();
                write(writer, item);
                writer.out.push(',');
            }
        });
    }

    /// The fields of an object, and then what stands under keys that the schema does not name.
    fn fields(&mut self, fields: &'static [Field], values: &[Value<'_>]) {
        self.object(|writer| {
            for (field, value) in fields.iter().zip(values) {
                if (1..=writer.version).contains(&field.since) || says_something(field, value) {
                    writer.member(field.name, |writer| writer.value(field, value));
                }
            }
            if let Some(Value::Extra(extra)) = values.last() {
                for (key, value) in *extra {
                    writer.member(key, |writer| writer.verbatim(value));
                }
            }
        });
    }

    fn value(&mut self, field: &'static Field, value: &Value<'_>) {
        match value {
            Value::Nothing | Value::Extra(_) => self.out.push_str("null"),
            Value::Text(text) if matches!(field.role, Role::Message | Role::Pattern) => {
                self.string(text);
            }
            Value::Text(text) => self.string(&canonical_text(text)),
            Value::Rate(rate) => self.out.push_str(&canonical_number(*rate)),
            Value::Count(count) => self.format(format_args!("{count}")),
            Value::Date(day) => self.format(format_args!("\"{}\"", day.format("%Y-%m-%d"))),
            Value::Texts(texts) => self.object(|writer| {
                for (key, text) in *texts {
                    writer.member(key, |writer| writer.string(&canonical_text(text)));
                }
            }),
            Value::List(items) if field.items == Identity::Set => self.set(items),
            Value::List(items) => self.list(items, |writer, item| writer.value(field, item)),
            Value::Object(values) => self.fields(field.shape.fields(), values),
        }
    }

    /// A list that means a set. Texts are compared as they are written: a blank in front must not change
    /// the order from one pass to the next.
    fn set(&mut self, items: &[Value<'_>]) {
        let text =
            |item| if let &Value::Text(text) = item { Some(canonical_text(text)) } else { None };
        let mut items: Vec<_> = items.iter().filter_map(text).collect();
        items.sort_unstable();
        items.dedup();
        self.list(&items, |writer, text| writer.string(text));
    }

    /// A value under a key that the schema does not name: as it is, with its members sorted.
    fn verbatim(&mut self, value: &Json) {
        match value {
            Json::String(text) => self.string(text),
            Json::Array(items) => self.list(items, Self::verbatim),
            Json::Object(members) => self.object(|writer| {
                for (key, value) in members {
                    writer.member(key, |writer| writer.verbatim(value));
                }
            }),
            Json::Number(number) => match (number.as_u64(), number.as_i64(), number.as_f64()) {
                (None, None, Some(float)) => self.out.push_str(&canonical_number(float)),
                _ => self.format(format_args!("{number}")),
            },
            Json::Null | Json::Bool(_) => self.format(format_args!("{value}")),
        }
    }

    fn string(&mut self, text: &str) {
        self.out.push('"');
        let plain = |b: u8| (0x20..0x7f).contains(&b) && b != b'"' && b != b'\\';
        if text.bytes().fold(true, |all, byte| all & plain(byte)) {
            self.out.push_str(text);
            self.out.push('"');
            return;
        }
        let special = |c: char| c == '"' || c == '\\' || is_unsafe_to_show(c);
        let mut rest = text;
        while let Some(at) = rest.find(special) {
            self.out.push_str(&rest[..at]);
            let mut chars = rest[at..].chars();
            match chars.next() {
                Some('"') => self.out.push_str("\\\""),
                Some('\\') => self.out.push_str("\\\\"),
                Some('\n') => self.out.push_str("\\n"),
                Some('\r') => self.out.push_str("\\r"),
                Some('\t') => self.out.push_str("\\t"),
                Some('\u{8}') => self.out.push_str("\\b"),
                Some('\u{c}') => self.out.push_str("\\f"),
                // All of these lie in the first plane: four digits do.
                Some(c) => self.format(format_args!("\\u{:04x}", u32::from(c))),
                None => {}
            }
            rest = chars.as_str();
        }
        self.out.push_str(rest);
        self.out.push('"');
    }

    fn format(&mut self, arguments: std::fmt::Arguments<'_>) {
        self.out.write_fmt(arguments).expect("a string takes all");
    }
}

/// The version of the schema that an entry is written in: the oldest that has a field for all it says.
fn version(fields: &'static [Field], values: &[Value<'_>]) -> u32 {
    fn within(field: &'static Field, value: &Value<'_>) -> u32 {
        match value {
            Value::List(items) => items.iter().map(|item| within(field, item)).max().unwrap_or(1),
            Value::Object(values) => version(field.shape.fields(), values),
            _ => 1,
        }
    }
    let of = |(field, value): (&'static Field, &Value<'_>)| {
        let own = if says_something(field, value) { field.since } else { 1 };
        own.max(within(field, value))
    };
    fields.iter().zip(values).map(of).max().unwrap_or(1)
}

/// Whether a value is another than the one that stands for what is left out.
fn says_something(field: &'static Field, value: &Value<'_>) -> bool {
    match value {
        Value::Nothing => false,
        // An empty text is not the same as none.
        Value::Text(text) => {
            let has_null =
                matches!(field.shape, Shape::Text { nullable: true }) || field.since == 0;
            has_null || *text != field.default
        }
        Value::Rate(_) | Value::Count(_) | Value::Date(_) => true,
        Value::List(items) => !items.is_empty(),
        Value::Texts(texts) => !texts.is_empty(),
        Value::Object(values) => {
            field
                .shape
                .fields()
                .iter()
                .zip(values)
                .any(|(field, value)| says_something(field, value))
                || values.last().is_some_and(|extra| says_something(field, extra))
        }
        Value::Extra(extra) => !extra.is_empty(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fields::{FIELD, Object};

    const NULLABLE: Shape = Shape::Text { nullable: true };
    static ITEM: Shape = Shape::Object(Object {
        fields: &[
            Field { name: "action", ..FIELD },
            Field { name: "note", shape: NULLABLE, since: 3, ..FIELD },
        ],
    });
    static LATER: [Field; 5] = [
        Field { name: "$schema", since: 0, ..FIELD },
        Field { name: "id", ..FIELD },
        Field { name: "severity", shape: NULLABLE, since: 2, ..FIELD },
        Field { name: "title", shape: NULLABLE, since: 2, ..FIELD },
        Field { name: "steps", shape: Shape::List { item: &ITEM, needs_one: false }, ..FIELD },
    ];

    fn text(severity: Value<'static>, note: Value<'static>) -> String {
        let step = Value::Object(vec![Value::Text("wait"), note]);
        let steps = Value::List(vec![step]);
        written(&LATER, &[Value::Nothing, Value::Text("a/b"), severity, Value::Nothing, steps])
    }

    /// A schema that gained fields leaves an entry that has nothing to say in them as it was.
    #[test]
    fn an_entry_is_written_in_the_oldest_version_that_holds_it() {
        assert_eq!(
            text(Value::Nothing, Value::Nothing),
            "{\n  \"id\": \"a/b\",\n  \"steps\": [\n    {\n      \"action\": \"wait\"\n    }\n  ]\n}\n"
        );
        // Of its version it has every key.
        assert_eq!(
            text(Value::Text("high"), Value::Nothing),
            "{\n  \"id\": \"a/b\",\n  \"severity\": \"high\",\n  \"title\": null,\n  \"steps\": [\n    {\n      \
             \"action\": \"wait\"\n    }\n  ]\n}\n"
        );
        // So it has where the newest field stands in an item.
        assert_eq!(
            text(Value::Nothing, Value::Text("long")),
            "{\n  \"id\": \"a/b\",\n  \"severity\": null,\n  \"title\": null,\n  \"steps\": [\n    {\n      \
             \"action\": \"wait\",\n      \"note\": \"long\"\n    }\n  ]\n}\n"
        );
    }
}
