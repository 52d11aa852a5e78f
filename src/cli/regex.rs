//! `regex`: the rules about patterns, and what can be asked about a single one.

use clap::Args;
use errlore::Result;
use errlore::check::Selection;

use super::{Global, Status, check};

mod overlap;
mod why;

#[derive(Debug, Args)]
#[group(id = "regex")]
pub(super) struct Arguments {
    #[command(flatten)]
    check: check::Arguments,
    /// Tell what two patterns have in common; each is a pattern, or the id of an entry
    #[arg(long, num_args = 2, value_names = ["A", "B"], conflicts_with_all = ["fix", "unsafe_fixes", "diff"])]
    overlap: Vec<String>,
    /// Tell why the pattern of an entry does not find a message (`-`: standard input), and propose a better
    /// one; without an id, of the entries that nearly answer
    #[arg(long, num_args = 1..=2, value_names = ["MESSAGE", "ID"], conflicts_with_all = ["fix", "unsafe_fixes", "diff", "overlap"])]
    why: Vec<String>,
}

pub(super) fn run(global: &Global, arguments: &Arguments) -> Result<Status> {
    if let Some((message, id)) = arguments.why.split_first() {
        let id = id.first().map(String::as_str);
        return why::run(global, message, id, arguments.check.formats());
    }
    match &arguments.overlap[..] {
        [a, b] => overlap::run(global, a, b, arguments.check.formats()),
        _ => check::run(global, &arguments.check, Selection::Patterns),
    }
}
