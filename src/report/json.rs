//! JSON for programs: one document, or a finding a line. The types are those of the output alone, so
//! that a change inside never changes it.

use serde::Serialize;

use super::Report;
use super::effects::{JsonBudget, JsonEffect, json_budget, json_effects};
use crate::diagnostic::{Diagnostic, Label, Severity};
use crate::source::LineColumn;

#[derive(Serialize)]
struct JsonReport<'r> {
    version: u32,
    summary: Summary,
    findings: Vec<JsonFinding<'r>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    effects: Option<Vec<JsonEffect<'r>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    budget: Option<JsonBudget>,
}

#[derive(Serialize)]
pub(super) struct Summary {
    files: usize,
    errors: usize,
    warnings: usize,
    notes: usize,
    ignored: usize,
    old: usize,
}

#[derive(Serialize)]
pub(super) struct JsonFinding<'r> {
    rule: &'r str,
    severity: &'r str,
    message: &'r str,
    help: Option<&'r str>,
    entry: Option<&'r str>,
    #[serde(flatten)]
    place: Place<'r>,
    related: Vec<JsonLabel<'r>>,
    fix: Option<JsonFix<'r>>,
}

#[derive(Serialize)]
struct Place<'r> {
    path: &'r str,
    pointer: &'r str,
    span: [u64; 2],
    start: JsonLineColumn,
    end: JsonLineColumn,
}

#[derive(Serialize)]
pub(super) struct JsonLineColumn {
    pub(super) line: u32,
    pub(super) column: u32,
}

#[derive(Serialize)]
struct JsonLabel<'r> {
    text: &'r str,
    #[serde(flatten)]
    place: Place<'r>,
}

#[derive(Serialize)]
struct JsonFix<'r> {
    title: &'r str,
    applicability: &'static str,
    edits: Vec<JsonEdit<'r>>,
}

#[derive(Serialize)]
struct JsonEdit<'r> {
    span: [u32; 2],
    text: &'r str,
}

/// The report as one JSON document, with a final newline. Spans are bytes, end exclusive; lines and
/// columns count from 1, columns in characters.
pub fn json(report: &Report) -> String {
    let document = JsonReport {
        version: 1,
        summary: summary(report),
        findings: findings(report),
        effects: report.effects.as_ref().map(json_effects),
        budget: report.effects.as_ref().and_then(json_budget),
    };
    let mut out = serde_json::to_string_pretty(&document).expect("plain data serialises");
    out.push('\n');
    out
}

pub(super) fn summary(report: &Report) -> Summary {
    Summary {
        files: report.files,
        errors: report.count(Severity::Error),
        warnings: report.count(Severity::Warning),
        notes: report.count(Severity::Note),
        ignored: report.ignored,
        old: report.old,
    }
}

pub(super) fn findings(report: &Report) -> Vec<JsonFinding<'_>> {
    report.diagnostics.iter().map(|found| finding(report, found)).collect()
}

/// The findings alone, one JSON object a line. Each begins with the version of its form: a line is read alone.
pub fn jsonl(report: &Report) -> String {
    #[derive(Serialize)]
    struct Line<'r> {
        version: u32,
        #[serde(flatten)]
        finding: JsonFinding<'r>,
    }
    let line = |found| {
        let line = Line { version: 1, finding: finding(report, found) };
        serde_json::to_string(&line).expect("plain data serialises")
    };
    report.diagnostics.iter().map(|found| line(found) + "\n").collect()
}

fn finding<'r>(report: &'r Report, diagnostic: &'r Diagnostic) -> JsonFinding<'r> {
    JsonFinding {
        rule: diagnostic.rule,
        severity: diagnostic.severity.as_str(),
        message: &diagnostic.message,
        help: diagnostic.help.as_deref(),
        entry: diagnostic.entry.as_deref(),
        place: place(report, &diagnostic.primary),
        related: diagnostic
            .related
            .iter()
            .map(|label| JsonLabel { text: &label.text, place: place(report, label) })
            .collect(),
        fix: diagnostic.fix.as_ref().map(|fix| JsonFix {
            title: &fix.title,
            applicability: fix.applicability.as_str(),
            edits: fix
                .edits
                .iter()
                .map(|edit| JsonEdit { span: [edit.span.start, edit.span.end], text: &edit.text })
                .collect(),
        }),
    }
}

fn place<'r>(report: &'r Report, label: &'r Label) -> Place<'r> {
    let location = &label.location;
    let source = report.source(location.source);
    let of = |LineColumn { line, column }| JsonLineColumn { line, column };
    Place {
        path: source.name(),
        pointer: location.pointer.as_str(),
        span: [source.offset(location.span.start), source.offset(location.span.end)],
        start: of(source.line_column(location.span.start)),
        end: of(source.line_column(location.span.end)),
    }
}
