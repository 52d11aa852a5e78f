//! One line a finding: `path:line:column: severity[rule] message`, for editors and for grep.

use rayon::prelude::*;

use super::Report;
use crate::diagnostic::Diagnostic;
use crate::visible;

/// The report, a line a finding. Line breaks and control characters in names are escaped.
pub fn concise(report: &Report) -> String {
    let lines: Vec<String> =
        report.diagnostics.par_iter().map(|found| line(report, found)).collect();
    lines.concat()
}

fn line(report: &Report, diagnostic: &Diagnostic) -> String {
    let location = &diagnostic.primary.location;
    let source = report.source(location.source);
    let place = source.line_column(location.span.start);
    let help = diagnostic.help.as_deref().map(|help| format!("; {help}")).unwrap_or_default();
    format!(
        "{}:{place}: {}[{}] {}{}\n",
        visible::name(source.name()),
        diagnostic.severity,
        diagnostic.rule,
        visible::name(&diagnostic.message),
        visible::name(&help),
    )
}
