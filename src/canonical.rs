//! Canonical JSON: the one way to write an [`Entry`]. The only writer of entries.
//!
//! UTF-8, LF, final newline, two-space indentation, the schema's key order, every key present, empty
//! lists and objects on one line, rates as the shortest decimal with a fraction, texts in NFC without
//! blanks at either end, `tags` and `aliases` sorted and unique, unknown keys sorted and last.
//!
//! Three kinds of text stay byte for byte as they are: a message and its pattern, because a blank or a composed
//! letter in the one is what the other looks for, and whatever stands under an `x-` key, because it is not ours.
//! What cannot be seen (control and bidirectional characters, line separators) is written as an
//! escape, so that a review shows it; printable characters are never escaped.

use std::collections::BTreeMap;
use std::fmt::Write;

use chrono::NaiveDate;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use crate::entry::{
    Confusion, DeadEnd, Entry, EntryId, Extra, Locale, Resolvable, RootCauseType, Transition,
    TransitionGraph, VerificationTier, Version, VersionStatus, Workaround,
};
use crate::visible::is_unsafe_to_show;

/// The canonical text of an entry. The canonical text of what it reads back as is the same text.
pub fn canonical(entry: &Entry) -> String {
    let mut writer = Writer { out: String::with_capacity(4096), depth: 0 };
    entry.write(&mut writer);
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
    let mut writer = Writer { out: String::with_capacity(text.len() + 2), depth: 0 };
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

    fn member(&mut self, key: &str, value: &(impl Canonical + ?Sized)) {
        self.line();
        self.string(key);
        self.out.push_str(": ");
        value.write(self);
        self.out.push(',');
    }

    fn list<'v, T: Canonical + ?Sized + 'v>(&mut self, items: impl Iterator<Item = &'v T>) {
        self.bracketed('[', ']', |writer| {
            for item in items {
                writer.line();
                item.write(writer);
                writer.out.push(',');
            }
        });
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

trait Canonical {
    fn write(&self, writer: &mut Writer);
}

impl<T: Canonical> Canonical for Option<T> {
    fn write(&self, writer: &mut Writer) {
        match self {
            Some(value) => value.write(writer),
            None => writer.out.push_str("null"),
        }
    }
}

impl<T: Canonical> Canonical for [T] {
    fn write(&self, writer: &mut Writer) {
        writer.list(self.iter());
    }
}

impl<T: Canonical> Canonical for Vec<T> {
    fn write(&self, writer: &mut Writer) {
        self.as_slice().write(writer);
    }
}

impl Canonical for String {
    fn write(&self, writer: &mut Writer) {
        writer.string(&canonical_text(self));
    }
}

impl Canonical for EntryId {
    fn write(&self, writer: &mut Writer) {
        writer.string(&canonical_text(self.as_str()));
    }
}

impl Canonical for RootCauseType {
    fn write(&self, writer: &mut Writer) {
        self.0.write(writer);
    }
}

impl Canonical for Locale {
    fn write(&self, writer: &mut Writer) {
        self.0.write(writer);
    }
}

/// Rates and other numbers that may have a fraction.
impl Canonical for f64 {
    fn write(&self, writer: &mut Writer) {
        writer.out.push_str(&canonical_number(*self));
    }
}

impl Canonical for u64 {
    fn write(&self, writer: &mut Writer) {
        writer.format(format_args!("{self}"));
    }
}

impl Canonical for NaiveDate {
    fn write(&self, writer: &mut Writer) {
        writer.format(format_args!("\"{}\"", self.format("%Y-%m-%d")));
    }
}

impl Canonical for BTreeMap<String, String> {
    fn write(&self, writer: &mut Writer) {
        writer.object(|writer| {
            for (key, value) in self {
                writer.member(key, value);
            }
        });
    }
}

/// Values under keys that the schema does not name: as they are, with their members sorted.
impl Canonical for serde_json::Value {
    fn write(&self, writer: &mut Writer) {
        match self {
            Self::String(text) => writer.string(text),
            Self::Array(items) => items.write(writer),
            Self::Object(members) => writer.object(|writer| {
                for (key, value) in members {
                    writer.member(key, value);
                }
            }),
            Self::Number(number) => match (number.as_u64(), number.as_i64(), number.as_f64()) {
                (None, None, Some(float)) => float.write(writer),
                _ => writer.format(format_args!("{number}")),
            },
            Self::Null | Self::Bool(_) => writer.format(format_args!("{self}")),
        }
    }
}

/// A message or a pattern, verbatim.
struct Verbatim<'e>(&'e str);

impl Canonical for Verbatim<'_> {
    fn write(&self, writer: &mut Writer) {
        writer.string(self.0);
    }
}

/// A list that means a set. Texts are compared as they are written: a blank in front must not change
/// the order from one pass to the next.
struct Set<'e>(Vec<&'e str>);

impl Canonical for Set<'_> {
    fn write(&self, writer: &mut Writer) {
        let mut items: Vec<_> = self.0.iter().map(|text| canonical_text(text)).collect();
        items.sort_unstable();
        items.dedup();
        let items: Vec<_> = items.iter().map(|text| Verbatim(text)).collect();
        writer.list(items.iter());
    }
}

macro_rules! canonical_words {
    ($($kind:ident: $($variant:ident = $word:literal),+;)+) => {$(
        impl Canonical for $kind {
            fn write(&self, writer: &mut Writer) {
                writer.out.push_str(match self { $(Self::$variant => concat!("\"", $word, "\"")),+ });
            }
        }
    )+};
}

canonical_words! {
    Resolvable: True = "true", Partial = "partial", False = "false";
    VersionStatus: Active = "active", Deprecated = "deprecated", Removed = "removed", Unknown = "unknown";
    VerificationTier: AiGenerated = "ai_generated", HumanReviewed = "human_reviewed",
        CommunityVerified = "community_verified";
}

fn write_extra(extra: &Extra, writer: &mut Writer) {
    for (key, value) in extra {
        writer.member(key, value);
    }
}

macro_rules! canonical_objects {
    ($($kind:ident: $($field:ident),+;)+) => {$(
        impl Canonical for $kind {
            fn write(&self, writer: &mut Writer) {
                writer.object(|writer| {
                    $(writer.member(stringify!($field), &self.$field);)+
                    write_extra(&self.extra, writer);
                });
            }
        }
    )+};
}

canonical_objects! {
    Version: version, introduced, deprecated, removed, behavior_change, status;
    DeadEnd: action, why_fails, fail_rate, condition, sources;
    Workaround: action, success_rate, how, condition, sources;
    TransitionGraph: leads_to, preceded_by, frequently_confused_with;
    Transition: error_id, probability, condition;
    Confusion: error_id, distinction;
}

impl Canonical for Entry {
    fn write(&self, writer: &mut Writer) {
        writer.object(|writer| {
            if let Some(schema) = &self.schema {
                writer.member("$schema", schema);
            }
            writer.member("id", &self.id);
            writer.member("signature", &Verbatim(&self.signature));
            writer.member("signature_zh", &self.signature_zh);
            writer.member("regex", &Verbatim(&self.regex));
            writer.member("domain", &self.domain);
            writer.member("category", &self.category);
            writer.member("subcategory", &self.subcategory);
            writer.member("root_cause", &self.root_cause);
            writer.member("root_cause_type", &self.root_cause_type);
            writer.member("root_cause_zh", &self.root_cause_zh);
            writer.member("versions", &self.versions);
            writer.member("os_specific", &self.os_specific);
            writer.member("dead_ends", &self.dead_ends);
            writer.member("workarounds", &self.workarounds);
            writer.member("workarounds_zh", &self.workarounds_zh);
            writer.member("transition_graph", &self.transition_graph);
            writer.member("official_doc_url", &self.official_doc_url);
            writer.member("official_doc_section", &self.official_doc_section);
            writer.member("error_code", &self.error_code);
            writer.member("verification_tier", &self.verification_tier);
            writer.member("confidence", &self.confidence);
            writer.member("fix_success_rate", &self.fix_success_rate);
            writer.member("resolvable", &self.resolvable);
            writer.member("first_seen", &self.first_seen);
            writer.member("last_confirmed", &self.last_confirmed);
            writer.member("last_updated", &self.last_updated);
            writer.member("evidence_count", &self.evidence_count);
            writer.member("tags", &Set(self.tags.iter().map(String::as_str).collect()));
            writer.member("locale", &self.locale);
            writer.member("aliases", &Set(self.aliases.iter().map(EntryId::as_str).collect()));
            write_extra(&self.extra, writer);
        });
    }
}
