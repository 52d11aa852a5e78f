//! Workflow commands of GitHub Actions: annotations on the lines of a pull request.
//!
//! GitHub shows ten errors and ten warnings a step and drops the rest without a word, so the worst
//! ten of each are written, and one notice says how many were left out.

use std::fmt::Write;

use super::Report;
use crate::diagnostic::{Diagnostic, Severity};
use crate::visible;

/// How many annotations of a kind GitHub shows.
const SHOWN: usize = 10;

/// The report as workflow commands.
pub fn github(report: &Report) -> String {
    let mut out = String::new();
    let mut left = report.diagnostics.len();
    for severity in [Severity::Error, Severity::Warning] {
        let worst = report.diagnostics.iter().filter(|diagnostic| diagnostic.severity == severity);
        for diagnostic in worst.take(SHOWN) {
            command(report, diagnostic, &mut out);
            left -= 1;
        }
    }
    if left > 0 {
        let more = format!("{left} more findings are not shown here; {}", report.summary());
        writeln!(out, "::notice title=errlore::{}", escape_data(&more))
            .expect("a string takes all");
    }
    out
}

fn command(report: &Report, diagnostic: &Diagnostic, out: &mut String) {
    let location = &diagnostic.primary.location;
    let source = report.source(location.source);
    let start = source.line_column(location.span.start);
    let end = source.line_column(location.span.end);
    let mut message = diagnostic.message.clone();
    if let Some(help) = &diagnostic.help {
        message.push('\n');
        message.push_str(help);
    }

    let columns = if start.line == end.line {
        format!(",col={},endColumn={}", start.column, end.column)
    } else {
        String::new()
    };
    writeln!(
        out,
        "::{} file={},line={},endLine={}{columns},title={}::{}",
        diagnostic.severity,
        escape_property(&shown(source.name())),
        start.line,
        end.line,
        escape_property(diagnostic.rule),
        escape_data(&shown(&message)),
    )
    .expect("a string takes all");
}

/// What a log may show: line breaks stay, because they are encoded; a path must stay the path it is.
fn shown(text: &str) -> String {
    text.split('\n').map(visible::name).collect::<Vec<_>>().join("\n")
}

/// What stands after `::`: percent signs and line breaks are encoded.
fn escape_data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// What stands in a property: colons and commas too.
fn escape_property(text: &str) -> String {
    escape_data(text).replace(':', "%3A").replace(',', "%2C")
}
