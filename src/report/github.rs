//! Workflow commands of GitHub Actions: annotations on the lines of a pull request.
//!
//! GitHub shows ten errors and ten warnings a step and drops the rest without a word, so the worst
//! ten of each are written, and one notice says how many were left out.

use std::fmt::Write;
use std::path::{Component, PathBuf};

use super::{Report, effects};
use crate::diagnostic::{Diagnostic, Severity};
use crate::effects::Effect;
use crate::visible;

/// How many annotations of a kind GitHub shows.
const SHOWN: usize = 10;

/// Where the files of a report lie. GitHub takes their paths from the top of the repository, whatever the
/// working directory is; an annotation on another path is not shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checkout {
    /// The working directory, absolute and without links: names of files are counted from there.
    pub here: PathBuf,
    /// The tops of repositories, in the same way. What lies below none keeps its name.
    pub tops: Vec<PathBuf>,
}

impl Checkout {
    /// The absolute path of a file by its name.
    pub fn path(&self, name: &str) -> PathBuf {
        let mut path = PathBuf::new();
        for part in self.here.join(name).components() {
            match part {
                Component::ParentDir => drop(path.pop()),
                Component::CurDir => {}
                part => path.push(part),
            }
        }
        path
    }

    /// What GitHub calls a file: its path from the top of the repository that it lies in.
    fn name(&self, name: &str) -> String {
        let path = self.path(name);
        let below = self.tops.iter().filter_map(|top| path.strip_prefix(top).ok());
        let nearest = below.min_by_key(|path| path.components().count());
        nearest.map_or_else(
            || name.to_owned(),
            |path| path.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/"),
        )
    }
}

/// The report as workflow commands.
pub fn github(report: &Report, checkout: &Checkout) -> String {
    let mut out = String::new();
    let mut left = report.diagnostics.len();
    let mut warnings = 0;
    for severity in [Severity::Error, Severity::Warning] {
        let worst = report.diagnostics.iter().filter(|diagnostic| diagnostic.severity == severity);
        for diagnostic in worst.take(SHOWN) {
            command(report, checkout, diagnostic, &mut out);
            left -= 1;
            warnings += usize::from(severity == Severity::Warning);
        }
    }
    let effects = report.effects.iter().flat_map(|effects| &effects.patterns);
    let lossy: Vec<&Effect> = effects.filter(|effect| loses(effect)).collect();
    for effect in lossy.iter().take(SHOWN - warnings) {
        loss(effect, checkout, &mut out);
    }
    if lossy.len() > SHOWN - warnings {
        let more = lossy.len() - (SHOWN - warnings);
        let more = format!("{more} more patterns that lose messages are not shown here");
        writeln!(out, "::notice title=errlore::{}", escape_data(&more))
            .expect("a string takes all");
    }
    if let Some(over) = report.over_budget() {
        writeln!(out, "::error title=errlore::{}", escape_data(&over)).expect("a string takes all");
    }
    if left > 0 {
        let are = if left == 1 { "finding is" } else { "findings are" };
        let more = format!("{left} more {are} not shown here; {}", report.summary());
        writeln!(out, "::notice title=errlore::{}", escape_data(&more))
            .expect("a string takes all");
    }
    out
}

/// Whether somebody who pastes a message is served worse than before.
fn loses(effect: &Effect) -> bool {
    let worse = [&effect.no_longer_matched, &effect.newly_shadowed, &effect.newly_ambiguous];
    worse.iter().any(|messages| messages.count > 0)
}

fn loss(effect: &Effect, checkout: &Checkout, out: &mut String) {
    let mut counts = Vec::new();
    let mut first = None;
    for (kind, messages) in effects::kinds(effect) {
        if messages.count > 0 {
            counts.push(format!("{} {kind}", messages.count));
            first = first.or(messages.examples.first());
        }
    }
    let mut message = format!("the change of this pattern: {}", counts.join(", "));
    if let Some(example) = first {
        let place = effects::place(example);
        message += &format!("\n{place}: {}", visible::quote(&example.text));
    }
    writeln!(
        out,
        "::warning file={},title={}::{}",
        escape_property(&shown(&checkout.name(&effect.path))),
        escape_property(&shown(&effect.entry)),
        escape_data(&shown(&message)),
    )
    .expect("a string takes all");
}

fn command(report: &Report, checkout: &Checkout, diagnostic: &Diagnostic, out: &mut String) {
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
        escape_property(&shown(&checkout.name(source.name()))),
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
