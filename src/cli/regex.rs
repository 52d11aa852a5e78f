//! `regex`: the rules about patterns, and what can be asked about a single one.

use clap::Args;
use errlore::Result;
use errlore::check::Selection;

use super::{Global, Status, check};

mod overlap;

#[derive(Debug, Args)]
#[group(id = "regex")]
pub(super) struct Arguments {
    #[command(flatten)]
    check: check::Arguments,
    /// Tell what two patterns have in common; each is a pattern, or the id of an entry
    #[arg(long, num_args = 2, value_names = ["A", "B"], conflicts_with_all = ["fix", "unsafe_fixes", "diff"])]
    overlap: Vec<String>,
}

pub(super) fn run(global: &Global, arguments: &Arguments) -> Result<Status> {
    match &arguments.overlap[..] {
        [a, b] => overlap::run(global, a, b, arguments.check.formats()),
        _ => check::run(global, &arguments.check, Selection::Patterns),
    }
}
