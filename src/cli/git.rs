//! `git`: what git calls, and setting it up.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use errlore::Result;

use super::{Global, Status};

mod audit;
mod diff;
mod install;
mod merge;
mod page;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Merge two versions of an entry by structure, as git's merge driver does
    ///
    /// The result takes the place of OURS; conflicts stand in it between markers and are listed on standard
    /// error. A file that is no entry is merged as git does it. Exit status: 0 clean, 1 conflicts, 129 where
    /// nothing could be written.
    Merge(merge::Arguments),
    /// Show what changed in an entry, as git's external diff
    ///
    /// Takes what git gives: seven arguments, nine on a rename, one for a path that is unmerged.
    Diff(diff::Arguments),
    /// Show an entry in lines that differ only where it does, for `git log -p`
    Textconv {
        /// The file
        file: PathBuf,
    },
    /// Replay merge commits, and list what they have lost of either side
    ///
    /// It covers merges made where no driver runs, such as on a server, and conflicts resolved badly. Whatever a side
    /// added, changed, cleared, removed or moved is looked for in the result. Where both sides changed the same and
    /// the result is what one of them says, nothing is lost. The exit status is 1 where something is, and 2 in a
    /// shallow clone. Merges of more than two sides, files over `max-file-size` and sides that are no entry are not
    /// looked at; they are listed and do not change it.
    Audit(audit::Arguments),
    /// Set git up to show and merge entries
    ///
    /// Sets a diff driver, a merge driver, a merge tool and a diff tool, and names the entries in
    /// .gitattributes beside errlore.toml, or at the top of the repository; with --global in the attributes
    /// file of the user, so that each repository with such a folder is one with entries. Files at the root to
    /// which lines are only added, such as decisions.jsonl, are merged by taking the lines of both sides; not
    /// with --global.
    Install(install::InstallArguments),
    /// Take back what `errlore git install` set
    Uninstall(install::Arguments),
}

pub(super) fn run(global: &Global, arguments: &Arguments) -> Result<Status> {
    match &arguments.command {
        Command::Merge(arguments) => Ok(merge::run(arguments)),
        Command::Diff(arguments) => diff::run(arguments),
        Command::Textconv { file } => page::run(file),
        Command::Audit(arguments) => audit::run(global, arguments),
        Command::Install(arguments) => install::install(global, arguments),
        Command::Uninstall(arguments) => install::uninstall(global, arguments),
    }
}

/// Whether a command line calls the merge driver: of any status below 129 git thinks that the file holds
/// the result of a merge.
pub(super) fn is_merge_driver() -> bool {
    let arguments: Vec<_> = std::env::args_os().collect();
    arguments.windows(2).any(|two| two[0] == "git" && two[1] == "merge")
}
