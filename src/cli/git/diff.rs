//! `git diff`: git's external diff driver, and the diff tool.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use errlore::diff::bases::{self, Fate, Version};
use errlore::diff::document;
use errlore::merge::read;
use errlore::report::{Layout, diff_text};
use errlore::{Error, Result, visible};

use super::super::write::Change;
use super::super::{Status, output, print_exact, print_plain};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The path, then file, object and mode of the old and of the new version; after a rename the new path
    /// and what git says of it; of an unmerged file the path alone
    #[arg(required = true, num_args = 1..=9, allow_hyphen_values = true, value_name = "ARGUMENT")]
    arguments: Vec<PathBuf>,
}

/// Shows a change. git goes on to the next file only if the status is 0, so a file that cannot be read is
/// said and no failure.
pub(super) fn run(arguments: &Arguments) -> Result<Status> {
    let (path, [old, old_mode], [new, new_mode], new_path) = match &arguments.arguments[..] {
        [path] => {
            let path = path.to_string_lossy();
            print_exact(&format!("* Unmerged path {}\n", visible::name(&path)))?;
            return Ok(Status::Clean);
        }
        [path, old, _, old_mode, new, _, new_mode] => {
            (path, [old, old_mode], [new, new_mode], path)
        }
        [path, old, _, old_mode, new, _, new_mode, new_path, _] => {
            (path, [old, old_mode], [new, new_mode], new_path)
        }
        other => {
            let message = format!("git gives 1, 7 or 9 arguments, not {}", other.len());
            return Err(Error::config(message));
        }
    };
    if old.is_dir() && new.is_dir() {
        show_folders(old, new)?;
        return Ok(Status::Clean);
    }
    match (content(old), content(new)) {
        (Ok(old), Ok(new)) => {
            let is_there = |mode: &Path| mode != Path::new(".");
            if old_mode != new_mode && is_there(old_mode) && is_there(new_mode) {
                let modes = [old_mode, new_mode].map(|mode| mode.to_string_lossy());
                let path = new_path.to_string_lossy();
                let said = format!("{path}: mode {} -> {}", modes[0], modes[1]);
                print_plain(&(visible::name(&said).into_owned() + "\n"))?;
            }
            show(path, new_path, &old, &new)?;
        }
        (Err(error), _) | (_, Err(error)) => output::failure(&error),
    }
    Ok(Status::Clean)
}

/// What a file holds; nothing where there was or will be none.
fn content(path: &Path) -> Result<Vec<u8>> {
    if path == Path::new("/dev/null") {
        return Ok(Vec::new());
    }
    fs::read(path).map_err(|error| Error::path("read", path, &error))
}

/// Shows what differs in two folders, as `git difftool --dir-diff` gives them.
fn show_folders(old: &Path, new: &Path) -> Result<()> {
    let mut files = BTreeSet::new();
    for folder in [old, new] {
        let mut left = vec![folder.to_owned()];
        while let Some(at) = left.pop() {
            let failed = |error| Error::path("read", &at, &error);
            for found in fs::read_dir(&at).map_err(failed)? {
                let found = found.map_err(failed)?;
                // Links stand for files of the work tree; no link is followed to a folder.
                if found.file_type().is_ok_and(|kind| kind.is_dir()) {
                    left.push(found.path());
                } else if let Ok(file) = found.path().strip_prefix(folder) {
                    files.insert(file.to_owned());
                }
            }
        }
    }
    for file in files {
        let side = |folder: &Path| {
            let path = folder.join(&file);
            if path.exists() { content(&path) } else { Ok(Vec::new()) }
        };
        match (side(old), side(new)) {
            (Ok(old), Ok(new)) if old == new => {}
            (Ok(old), Ok(new)) => show(&file, &file, &old, &new)?,
            (Err(error), _) | (_, Err(error)) => output::failure(&error),
        }
    }
    Ok(())
}

/// Prints a change: the one place that decides what `git diff` shows of a file.
fn show(old_path: &Path, new_path: &Path, old: &[u8], new: &[u8]) -> Result<()> {
    let version = |path: &Path, bytes: &[u8]| {
        let path = path.to_string_lossy().into_owned();
        let entry = |entry| Version { path, document: document(&entry) };
        // Nothing is no entry, and no hindrance.
        if bytes.is_empty() { Ok(None) } else { read(bytes).map(entry).map(Some) }
    };
    let diffs = match (version(old_path, old), version(new_path, new)) {
        (Ok(Some(old)), Ok(Some(new))) => vec![bases::versions(old, new)],
        (Ok(old), Ok(new)) => bases::bases(old.into_iter().collect(), new.into_iter().collect()),
        _ => return print_lines(&by_lines(old_path, new_path, old, new)),
    };
    if diffs.iter().all(|diff| diff.fate == Fate::Changed && diff.changes.is_empty()) {
        return print_lines(&by_lines(old_path, new_path, old, new));
    }
    print_plain(&diff_text(&diffs, output::as_git_shows(), Layout::Unified))
}

/// Prints lines as they are, unless git hands them to a pager, which may obey what stands in them.
fn print_lines(text: &str) -> Result<()> {
    if output::has_git_pager() { print_plain(&visible::excerpt(text)) } else { print_exact(text) }
}

/// What differs line by line, in a file that is no entry or says the same as before.
fn by_lines(old_path: &Path, new_path: &Path, old: &[u8], new: &[u8]) -> String {
    let show = |path: &Path| visible::name(&path.to_string_lossy()).into_owned();
    let mut out = String::new();
    if old_path != new_path {
        out = format!("rename from {}\nrename to {}\n", show(old_path), show(new_path));
    }
    let (Ok(before), Ok(after)) = (std::str::from_utf8(old), std::str::from_utf8(new)) else {
        return out + &format!("Binary files {} and {} differ\n", show(old_path), show(new_path));
    };
    let (before, after) = (before.to_owned(), after.to_owned());
    let change = Change { path: new_path.to_owned(), before, after };
    out + &change.diff(Path::new(""))
}
