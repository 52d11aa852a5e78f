//! `git diff`: git's external diff driver, and the diff tool.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use errlore::{Error, Result, visible};

use super::super::write::Change;
use super::super::{Status, output, print_exact};
use super::page;

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
    let (path, old, new, new_path) = match &arguments.arguments[..] {
        [path] => {
            let path = path.to_string_lossy();
            print_exact(&format!("* Unmerged path {}\n", visible::name(&path)))?;
            return Ok(Status::Clean);
        }
        [path, old, _, _, new, _, _] => (path, old, new, path),
        [path, old, _, _, new, _, _, new_path, _] => (path, old, new, new_path),
        other => {
            let message = format!("git gives 1, 7 or 9 arguments, not {}", other.len());
            return Err(Error::config(message));
        }
    };
    match (content(old), content(new)) {
        (Ok(old), Ok(new)) => print_exact(&report(path, new_path, &old, &new))?,
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

/// The report of a change: the one place that decides what `git diff` shows of an entry.
fn report(old_path: &Path, new_path: &Path, old: &[u8], new: &[u8]) -> String {
    let show = |path: &Path| visible::name(&path.to_string_lossy()).into_owned();
    let mut out = String::new();
    if old_path != new_path {
        out = format!("rename from {}\nrename to {}\n", show(old_path), show(new_path));
    }
    let texts = (String::from_utf8(page::page_of(old)), String::from_utf8(page::page_of(new)));
    let (Ok(before), Ok(after)) = texts else {
        return out + &format!("Binary files {} and {} differ\n", show(old_path), show(new_path));
    };
    let change = Change { path: new_path.to_owned(), before, after };
    out + &change.diff(Path::new(""))
}
