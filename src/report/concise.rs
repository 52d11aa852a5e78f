//! One line a finding: `path:line:column: severity[rule] message`, for editors and for grep.

use std::fmt::Write;

use super::Report;
use crate::visible;

/// The report, a line a finding. Line breaks and control characters in names are escaped.
pub fn concise(report: &Report) -> String {
    let mut out = String::new();
    for diagnostic in &report.diagnostics {
        let location = &diagnostic.primary.location;
        let source = report.source(location.source);
        let place = source.line_column(location.span.start);
        let help = diagnostic.help.as_deref().map(|help| format!("; {help}")).unwrap_or_default();
        writeln!(
            out,
            "{}:{place}: {}[{}] {}{}",
            visible::name(source.name()),
            diagnostic.severity,
            diagnostic.rule,
            visible::name(&diagnostic.message),
            visible::name(&help),
        )
        .expect("a string takes all");
    }
    out
}
