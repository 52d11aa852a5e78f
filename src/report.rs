//! [`Report`]: what a check found, and the formats it can be written in.
//!
//! Every format is a pure function of the report: the same report gives the same bytes.

use std::collections::HashSet;
use std::iter;

use crate::diagnostic::{Diagnostic, Severity, SourceId};
use crate::effects::Effects;
use crate::error::Error;
use crate::source::Source;

mod concise;
mod diff;
mod effects;
mod github;
mod identity;
mod json;
mod map;
mod markdown;
mod text;

pub use concise::concise;
pub use diff::{Layout, diff_json, diff_markdown, diff_summary, diff_text, entry_diff_json};
pub use github::{Checkout, github};
pub use identity::Identity;
pub use json::{json, jsonl};
pub use map::{map, map_of_source};
pub use markdown::markdown;
pub use text::{TextStyle, text};

/// What a check found.
#[derive(Debug, Default)]
pub struct Report {
    /// The sources that diagnostics name.
    pub sources: Vec<Source>,
    /// What was found, in order.
    pub diagnostics: Vec<Diagnostic>,
    /// How many files were in scope.
    pub files: usize,
    /// How many findings the configuration took away.
    pub ignored: usize,
    /// How many findings were set aside because they stood before the change under review.
    pub old: usize,
    /// What could not be read or walked.
    pub failures: Vec<Error>,
    /// What the patterns that changed do, where that was asked for.
    pub effects: Option<Effects>,
}

impl Report {
    /// Adds a source that diagnostics may name.
    pub(crate) fn add_source(&mut self, source: &Source) -> SourceId {
        self.sources.push(source.clone());
        SourceId(u32::try_from(self.sources.len() - 1).unwrap_or(u32::MAX))
    }

    /// Adds what was found elsewhere.
    pub fn append(&mut self, other: Self) {
        let offset = u32::try_from(self.sources.len()).unwrap_or(u32::MAX);
        self.sources.extend(other.sources);
        self.diagnostics.extend(other.diagnostics.into_iter().map(|mut diagnostic| {
            for label in iter::once(&mut diagnostic.primary).chain(&mut diagnostic.related) {
                let source = &mut label.location.source;
                *source = SourceId(source.0.saturating_add(offset));
            }
            diagnostic
        }));
        self.files += other.files;
        self.ignored += other.ignored;
        self.old += other.old;
        self.failures.extend(other.failures);
        match (&mut self.effects, other.effects) {
            (Some(effects), Some(more)) => effects.patterns.extend(more.patterns),
            (effects @ None, more) => *effects = more,
            (Some(_), None) => {}
        }
        if offset > 0 {
            self.sort();
        }
    }

    /// A source that a diagnostic names.
    pub fn source(&self, id: SourceId) -> &Source {
        &self.sources[id.0 as usize]
    }

    /// Sorts the diagnostics by path, place, severity (the worst first), rule and message.
    pub fn sort(&mut self) {
        let sources = std::mem::take(&mut self.sources);
        self.diagnostics.sort_by(|a, b| {
            let key = |diagnostic: &'_ Diagnostic| {
                let location = &diagnostic.primary.location;
                (location.source, location.span.start)
            };
            let ((a_source, a_start), (b_source, b_start)) = (key(a), key(b));
            let name = |id: SourceId| sources[id.0 as usize].name();
            let by_path = if a_source == b_source {
                std::cmp::Ordering::Equal
            } else {
                name(a_source).cmp(name(b_source)).then(a_source.cmp(&b_source))
            };
            by_path
                .then(a_start.cmp(&b_start))
                .then(b.severity.cmp(&a.severity))
                .then_with(|| a.rule.cmp(b.rule))
                .then_with(|| a.message.cmp(&b.message))
        });
        self.sources = sources;
    }

    /// How many diagnostics have a severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.diagnostics.iter().filter(|diagnostic| diagnostic.severity == severity).count()
    }

    /// Whether something was found that is at least this bad.
    pub fn reaches(&self, severity: Severity) -> bool {
        self.diagnostics.iter().any(|diagnostic| diagnostic.severity >= severity)
    }

    /// Whether more messages are lost than may be.
    pub fn is_over_budget(&self) -> bool {
        self.effects.as_ref().is_some_and(Effects::is_over_budget)
    }

    /// One line that says so, without a full stop.
    pub fn over_budget(&self) -> Option<String> {
        let effects = self.effects.as_ref().filter(|effects| effects.is_over_budget())?;
        let (lost, most) = (effects.lost(), effects.max_lost?);
        let are = if lost == 1 { "message is" } else { "messages are" };
        Some(format!("{lost} {are} no longer matched, and `--max-lost` allows {most}"))
    }

    /// One line that sums up: `2 errors, 1 warning in 24 files`.
    pub fn summary(&self) -> String {
        if self.files == 0 && self.diagnostics.is_empty() && !self.failures.is_empty() {
            return "nothing could be read".to_owned();
        }
        let plural = |count: usize, word: &str| {
            format!("{count} {word}{}", if count == 1 { "" } else { "s" })
        };
        let counts: Vec<String> = [Severity::Error, Severity::Warning, Severity::Note]
            .into_iter()
            .map(|severity| (self.count(severity), severity))
            .filter(|(count, _)| *count > 0)
            .map(|(count, severity)| plural(count, severity.as_str()))
            .collect();
        let found = if counts.is_empty() { "no findings".to_owned() } else { counts.join(", ") };
        let ignored = match self.ignored {
            0 => String::new(),
            count => format!(", {count} ignored"),
        };
        let old = match self.old {
            0 => String::new(),
            count => format!(", {count} from before left out"),
        };
        // A finding may stand in a file that was not asked for.
        let places = self.diagnostics.iter().map(|found| found.primary.location.source.0);
        let files = self.files.max(places.collect::<HashSet<_>>().len());
        format!("{found} in {}{ignored}{old}", plural(files, "file"))
    }
}
