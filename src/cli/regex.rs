//! `regex`: the rules about patterns, and what can be asked about a single one.

use std::cell::Cell;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use errlore::Result;
use errlore::check::Selection;
use errlore::config::Config;
use errlore::corpus::Inputs;
use errlore::report::Report;

use super::check::Extras;
use super::input::is_stdin;
use super::{Global, Status, check};

pub(super) mod engines;
pub(super) mod overlap;
mod since;
mod why;

#[derive(Debug, Args)]
#[group(id = "regex")]
pub(super) struct Arguments {
    #[command(flatten)]
    check: check::Arguments,
    /// Tell what two patterns have in common; each is a pattern, or the id of an entry
    #[arg(long, help_heading = "Patterns", num_args = 2, value_names = ["A", "B"], conflicts_with_all = ["fix", "unsafe_fixes", "diff"])]
    overlap: Vec<String>,
    /// With --since: hold the changed patterns against the lines of a file too, or of `-`; may be repeated
    #[arg(long, help_heading = "Patterns", value_name = "FILE", requires = "since", conflicts_with_all = ["overlap", "diff"])]
    messages: Vec<PathBuf>,
    /// With --since: how many messages the changed patterns may find no longer; with more, the exit status is 1
    #[arg(long, help_heading = "Patterns", value_name = "N", requires = "since", conflicts_with_all = ["overlap", "diff"])]
    max_lost: Option<usize>,
    /// Ask the engines of `regex.engines` that are installed (`python3`, `node`) about each pattern
    #[arg(long, help_heading = "Patterns", conflicts_with_all = ["overlap", "fix", "unsafe_fixes", "diff"])]
    run_engines: bool,
    /// How long an engine may take for an answer, in milliseconds
    #[arg(long, help_heading = "Patterns", value_name = "MS", default_value_t = 10_000, value_parser = clap::value_parser!(u64).range(1..=600_000), hide = true)]
    engine_limit: u64,
    /// Tell why the pattern of an entry does not find a message (`-`: standard input), and propose a better
    /// one; without an id, of the entries that nearly answer
    #[arg(long, help_heading = "Patterns", num_args = 1..=2, value_names = ["MESSAGE", "ID"], conflicts_with_all = ["fix", "unsafe_fixes", "diff", "overlap"])]
    why: Vec<String>,
}

pub(super) fn run(global: &Global, arguments: &Arguments) -> Result<Status> {
    if let Some((message, id)) = arguments.why.split_first() {
        let id = id.first().map(String::as_str);
        return why::run(global, message, id, arguments.check.formats());
    }
    if let [a, b] = &arguments.overlap[..] {
        return overlap::run(global, a, b, arguments.check.formats());
    }
    since::refuse_stdin_twice(arguments)?;
    let has_read = Cell::new(false);
    let add = |inputs: &Inputs, config: &Config, report: &mut Report| {
        let takes_stdin = arguments.messages.iter().any(|file| is_stdin(file));
        if takes_stdin && has_read.replace(true) {
            return Err(since::stdin_twice());
        }
        report.effects = since::effects(arguments, inputs, config)?;
        Ok(())
    };
    let limit = Duration::from_millis(arguments.engine_limit);
    let engines = arguments.run_engines.then_some(limit);
    let extras = Extras { engines, add: Some(&add) };
    check::run_and(global, &arguments.check, Selection::Patterns, &extras)
}
