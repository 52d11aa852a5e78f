//! Applying fixes.

use std::collections::BTreeMap;
use std::path::Path;

use errlore::Result;
use errlore::check::{Settings, check};
use errlore::corpus::Inputs;
use errlore::diagnostic::Applicability;
use errlore::report::Report;

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

    /// The changes as a unified diff, which `git apply` takes.
    pub(super) fn diff(&self, here: &Path) -> String {
        self.changes.values().map(|fix| fix.change.diff(here)).collect()
    }

    /// Writes the changed files. A file that is no longer what was checked is left alone.
    pub(super) fn write(&self) -> Result<()> {
        self.changes.values().try_for_each(|fix| fix.change.write())
    }

    /// Says on standard error what was done.
    pub(super) fn announce(&self) {
        let edits: usize = self.changes.values().map(|fix| fix.edits).sum();
        let plural = |count: usize| if count == 1 { "" } else { "s" };
        let files = self.changes.len();
        eprintln!("fixed {edits} finding{} in {files} file{}", plural(edits), plural(files));
    }
}
