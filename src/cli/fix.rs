//! Applying fixes.

use std::collections::BTreeMap;
use std::path::Path;

use errlore::Error;
use errlore::check::{Settings, check};
use errlore::corpus::Inputs;
use errlore::diagnostic::Applicability;
use errlore::report::Report;
use errlore::wording::counted;

use super::output;
use super::write::Change;

/// What the fixes come to.
pub(super) struct Fixed {
    /// The report on the fixed texts.
    pub(super) report: Report,
    /// By the number of the file.
    changes: BTreeMap<usize, Fix>,
}

struct Fix {
    change: Change,
    edits: usize,
}

/// Fixes the texts in memory, and checks again, until nothing more can be fixed.
pub(super) fn settle(inputs: &mut Inputs, settings: Settings<'_>, up_to: Applicability) -> Fixed {
    /// A fix may make room for another; two that undo each other must not go on for ever.
    const MOST_ROUNDS: usize = 10;
    let mut changes: BTreeMap<usize, Fix> = BTreeMap::new();
    let mut report = check(inputs, settings);
    for _ in 0..MOST_ROUNDS {
        let fixed = errlore::fix::fixed(&report, up_to);
        let mut any = false;
        for (id, (after, edits)) in fixed {
            let source = report.source(id);
            let Some(number) = source.number().filter(|_| after != source.text()) else { continue };
            any = true;
            let file = &mut inputs.files[number];
            file.given = Some(after.clone().into_bytes());
            let fix = changes.entry(number).or_insert_with(|| Fix {
                change: Change {
                    path: file.path.clone().unwrap_or_default(),
                    before: source.text().to_owned(),
                    after: String::new(),
                },
                edits: 0,
            });
            fix.change.after = after;
            fix.edits += edits;
        }
        if !any {
            break;
        }
        report = check(inputs, settings);
    }
    changes.retain(|_, fix| fix.change.before != fix.change.after);
    Fixed { report, changes }
}

impl Fixed {
    /// Whether nothing would change.
    pub(super) fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// The changes as patches that `git apply` takes, and what no patch can be made of.
    pub(super) fn patches(&self, here: &Path) -> (String, Vec<Error>) {
        let (mut patches, mut failures) = (String::new(), Vec::new());
        for fix in self.changes.values() {
            match fix.change.patch(here) {
                Ok(patch) => patches.push_str(&patch),
                Err(error) => failures.push(error),
            }
        }
        (patches, failures)
    }

    /// Writes the changed files, and says on standard error which. One that cannot be written, or is no longer
    /// what was checked, is left alone; the report is about what is there then.
    pub(super) fn write(mut self, inputs: &mut Inputs, settings: Settings<'_>) -> Report {
        let (mut findings, mut files, mut failures) = (0, 0, Vec::new());
        for (number, Fix { change, edits }) in &self.changes {
            match change.write() {
                Ok(()) => {
                    output::wrote(&inputs.files[*number].name);
                    (findings, files) = (findings + edits, files + 1);
                }
                Err(error) => {
                    inputs.files[*number].given = None;
                    failures.push(error);
                }
            }
        }
        if files > 0 {
            let (findings, files) = (counted(findings, "finding"), counted(files, "file"));
            output::remark(&format!("fixed {findings} in {files}"));
        }
        if !failures.is_empty() {
            self.report = check(inputs, settings);
        }
        self.report.failures.extend(failures);
        self.report
    }
}
