//! `git install` and `git uninstall`: git's drivers and tools for entries.
//!
//! What was there before is kept under `errlore.replaced` in the same configuration, so that it can be
//! brought back.

use std::path::{Path, PathBuf};

use clap::Args;
use errlore::git::{self, Scope};
use errlore::{Error, Result};

use super::super::{Global, Status, input, output, print_plain};

mod attributes;

use attributes::Attributes;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// In this repository (default)
    #[arg(long)]
    local: bool,
    /// For all repositories of the user
    #[arg(long, conflicts_with = "local")]
    global: bool,
    /// Change nothing; show what would be changed
    #[arg(long = "diff")]
    dry_run: bool,
}

/// Of the merge driver, git takes each status up to 128 for that of a merge, also where the command was not
/// found or broke down: whatever is not the driver's own answer becomes 129, at which git changes nothing.
/// A git before 2.42 takes any status for that of a merge: for it, what git makes of the three files stands there.
const MERGE_DRIVER: &str = "errlore git merge --ours-label=%X --base-label=%S --theirs-label=%Y \
    -- %O %A %B %L %P; case $? in 0) exit 0;; 1) exit 1;; \
    *) git merge-file -q --diff3 --marker-size=%L -L ours -L base -L theirs %A %O %B; exit 129;; esac";

/// Where a merge has several bases, git merges these first. What is not agreed between them is as it was before.
const ANCESTOR_DRIVER: &str = "errlore git merge --ancestor -- %O %A %B %L %P || cat %O > %A";

/// What git is told.
const SETTINGS: [(&str, &str); 11] = [
    ("diff.errlore.command", "errlore git diff"),
    ("diff.errlore.textconv", "errlore git textconv"),
    ("diff.errlore.xfuncname", "^  (\"[^\"]+\":)"),
    ("merge.errlore.name", "entries of a knowledge base, by structure"),
    ("merge.errlore.driver", MERGE_DRIVER),
    ("merge.errlore.recursive", "errlore-ancestor"),
    ("merge.errlore-ancestor.name", "what versions of an entry have in common"),
    ("merge.errlore-ancestor.driver", ANCESTOR_DRIVER),
    (
        "mergetool.errlore.cmd",
        "errlore git merge --output \"$MERGED\" -- \"$BASE\" \"$LOCAL\" \"$REMOTE\" 7 \"$MERGED\"",
    ),
    ("mergetool.errlore.trustExitCode", "true"),
    ("difftool.errlore.cmd", "errlore git diff \"${MERGED:-.}\" \"$LOCAL\" . . \"$REMOTE\" . ."),
];

/// Says that errlore is installed.
const INSTALLED: &str = "errlore.installed";
/// What was there before, as `key=value`.
const REPLACED: &str = "errlore.replaced";
/// What was done to the attributes.
const ATTRIBUTES: &str = "errlore.attributes";

/// Where it is installed.
struct Place {
    /// The top of the repository, or the working directory.
    folder: PathBuf,
    scope: Scope,
    dry_run: bool,
    /// What is done, a line each.
    done: String,
}

impl Place {
    fn new(arguments: &Arguments) -> Result<Self> {
        let here = std::env::current_dir()
            .map_err(|error| Error::io(format!("there is no working directory: {error}")))?;
        let (folder, scope) = if arguments.global {
            (here, Scope::Global)
        } else {
            let top = git::top(&here).map_err(|error| {
                error.with_help("run it in a repository, or with --global for all of them")
            })?;
            (top, Scope::Local)
        };
        Ok(Self { folder, scope, dry_run: arguments.dry_run, done: String::new() })
    }

    fn values(&self, key: &str) -> Result<Vec<String>> {
        git::values(&self.folder, self.scope, key)
    }

    /// Gives a key these values, and says so.
    fn set(&mut self, key: &str, values: &[String]) -> Result<()> {
        if self.values(key)? == values {
            return Ok(());
        }
        let option = self.scope.option();
        match values {
            [] => self.done.push_str(&format!("git config {option} --unset-all {key}\n")),
            values => {
                for value in values {
                    let value = value.replace('\'', "'\\''");
                    self.done.push_str(&format!("git config {option} {key} '{value}'\n"));
                }
            }
        }
        self.keep(key, values)
    }

    /// The same without a word.
    fn keep(&self, key: &str, values: &[String]) -> Result<()> {
        if self.dry_run {
            return Ok(());
        }
        git::set(&self.folder, self.scope, key, values)
    }

    fn finish(self, nothing: &str) -> Result<Status> {
        if self.done.is_empty() {
            output::remark(nothing);
        }
        print_plain(&self.done)?;
        let is_due = self.dry_run && !self.done.is_empty();
        Ok(if is_due { Status::Findings } else { Status::Clean })
    }
}

pub(super) fn install(global: &Global, arguments: &Arguments) -> Result<Status> {
    let mut place = Place::new(arguments)?;
    let lines = lines(global, place.scope)?;
    // Before anything is changed: the file may be one that cannot be.
    let mut attributes = match place.scope {
        Scope::Local => {
            let root = root(global, &place.folder)?;
            Attributes::read(&place.folder, root.join(".gitattributes"))?
        }
        Scope::Global => Attributes::of_user(&place.folder)?,
    };
    if place.values(INSTALLED)?.is_empty() {
        let mut replaced = Vec::new();
        for (key, _) in SETTINGS {
            replaced.extend(place.values(key)?.into_iter().map(|value| format!("{key}={value}")));
        }
        place.keep(REPLACED, &replaced)?;
        place.keep(INSTALLED, &["true".to_owned()])?;
    }
    for (key, value) in SETTINGS {
        place.set(key, &[value.to_owned()])?;
    }
    let added = attributes.add(&lines);
    if !added.is_empty() {
        place.done.push_str(&attributes.said('+', &added));
        if !place.dry_run {
            let record = attributes.record(place.values(ATTRIBUTES)?, &added);
            place.keep(ATTRIBUTES, &record)?;
            attributes.write()?;
        }
    }
    if !is_found() {
        output::remark(
            "`errlore` is not on the PATH: until it is, git shows no diff of entries and merges none",
        );
    }
    place.finish("errlore is installed already")
}

pub(super) fn uninstall(_: &Global, arguments: &Arguments) -> Result<Status> {
    let mut place = Place::new(arguments)?;
    if place.values(INSTALLED)?.is_empty() {
        return place.finish("errlore is not installed here");
    }
    let record = place.values(ATTRIBUTES)?;
    let attributes = Attributes::of_record(&place.folder, &record)?;
    let replaced = place.values(REPLACED)?;
    for (key, value) in SETTINGS {
        let now = place.values(key)?;
        let is_own = now.iter().all(|now| now == value || now.starts_with("errlore git "));
        if is_own {
            let before =
                replaced.iter().filter_map(|line| line.strip_prefix(key)?.strip_prefix('='));
            let before: Vec<String> = before.map(str::to_owned).collect();
            place.set(key, &before)?;
        } else {
            output::remark(&format!("{key} has been changed since, and stays"));
        }
    }
    if let Some(mut attributes) = attributes {
        let removed = attributes.remove(&record);
        place.done.push_str(&attributes.said('-', &removed));
        if !place.dry_run && !removed.is_empty() {
            attributes.write()?;
        }
    }
    for key in [ATTRIBUTES, REPLACED, INSTALLED] {
        place.keep(key, &[])?;
    }
    place.finish("")
}

/// The lines that name the entries.
fn lines(global: &Global, scope: Scope) -> Result<Vec<String>> {
    let folders = input::settings(global)?.config.entries;
    Ok(folders.iter().map(|folder| attributes::line(folder, scope)).collect())
}

/// The root of the knowledge base, or else the top of the repository.
fn root(global: &Global, top: &Path) -> Result<PathBuf> {
    let root = input::locate(global)?.root;
    Ok(root.filter(|root| root.starts_with(top)).unwrap_or_else(|| top.to_owned()))
}

/// Whether a shell finds the command.
fn is_found() -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let name = format!("errlore{}", std::env::consts::EXE_SUFFIX);
    std::env::split_paths(&path).any(|folder| folder.join(&name).is_file())
}
