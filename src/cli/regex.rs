//! `regex`: the rules about patterns, and what can be asked about a single one.

use std::path::PathBuf;

use clap::Args;
use errlore::Result;
use errlore::check::Selection;

use super::{Global, Status, check};

mod overlap;
mod since;

#[derive(Debug, Args)]
#[group(id = "regex")]
pub(super) struct Arguments {
    #[command(flatten)]
    check: check::Arguments,
    /// Tell what two patterns have in common; each is a pattern, or the id of an entry
    #[arg(long, num_args = 2, value_names = ["A", "B"], conflicts_with_all = ["fix", "unsafe_fixes", "diff"])]
    overlap: Vec<String>,
    /// With --since: hold the changed patterns against the lines of a file too, or of `-`; may be repeated
    #[arg(long, value_name = "FILE", requires = "since", conflicts_with_all = ["overlap", "diff"])]
    messages: Vec<PathBuf>,
    /// With --since: how many messages the changed patterns may find no longer; with more, the exit status is 1
    #[arg(long, value_name = "N", requires = "since", conflicts_with_all = ["overlap", "diff"])]
    max_lost: Option<usize>,
}

pub(super) fn run(global: &Global, arguments: &Arguments) -> Result<Status> {
    if let [a, b] = &arguments.overlap[..] {
        return overlap::run(global, a, b, arguments.check.formats());
    }
    since::refuse_stdin_twice(arguments)?;
    check::run_and(global, &arguments.check, Selection::Patterns, |inputs, config, report| {
        report.effects = since::effects(arguments, inputs, config)?;
        Ok(())
    })
}
