//! What `normalize` made of its sources, as JSON: the entries, and for each stretch of a source what it
//! became.

use serde::Serialize;
use serde_json::value::RawValue;

use super::Report;
use super::json::{JsonFinding, JsonLineColumn, Summary, findings, summary};
use crate::normalize::{Bound, Form, Reading};
use crate::source::{LineColumn, Source};

#[derive(Serialize)]
struct JsonMap<'r> {
    version: u32,
    summary: Summary,
    sources: &'r [Box<RawValue>],
    findings: Vec<JsonFinding<'r>>,
}

#[derive(Serialize)]
struct JsonSource<'r> {
    path: &'r str,
    form: &'r str,
    entries: Vec<JsonEntry<'r>>,
}

#[derive(Serialize)]
struct JsonEntry<'r> {
    id: &'r str,
    entry: Box<RawValue>,
    map: Vec<JsonBinding<'r>>,
}

#[derive(Serialize)]
struct JsonBinding<'r> {
    span: [u64; 2],
    start: JsonLineColumn,
    end: JsonLineColumn,
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pointer: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<&'r str>,
}

/// What one source was read as. Kept as text, so that the drafts can go.
pub fn map_of_source(source: &Source, form: Form, reading: &Reading) -> Box<RawValue> {
    let entries = reading.drafts.iter().map(|draft| JsonEntry {
        id: draft.entry.id.as_str(),
        entry: RawValue::from_string(draft.json().trim_end().to_owned())
            .expect("a draft is written as JSON"),
        map: draft
            .bindings
            .iter()
            .map(|binding| {
                let (kind, pointer, label) = match &binding.bound {
                    Bound::Field(pointer) => ("field", Some(pointer.as_str()), None),
                    Bound::Label(label) => ("label", None, Some(*label)),
                    Bound::NotUnderstood => ("not-understood", None, None),
                };
                JsonBinding {
                    span: [source.offset(binding.span.start), source.offset(binding.span.end)],
                    start: place(source, binding.span.start),
                    end: place(source, binding.span.end),
                    kind,
                    pointer,
                    label,
                }
            })
            .collect(),
    });
    let source = JsonSource { path: source.name(), form: form.name(), entries: entries.collect() };
    serde_json::value::to_raw_value(&source).expect("plain data serialises")
}

/// The report of `normalize` as one JSON document, with a final newline. Spans are bytes of the source,
/// end exclusive; lines and columns count from 1, columns in characters.
pub fn map(report: &Report, sources: &[Box<RawValue>]) -> String {
    let document =
        JsonMap { version: 1, summary: summary(report), sources, findings: findings(report) };
    let mut out = serde_json::to_string(&document).expect("plain data serialises");
    out.push('\n');
    out
}

fn place(source: &Source, byte: u32) -> JsonLineColumn {
    let LineColumn { line, column } = source.line_column(byte);
    JsonLineColumn { line, column }
}
