//! What git knows: which files have changed since a revision.
//!
//! By git's own command line: it is there wherever a hook runs, and it honours the configuration, the
//! worktrees and the sparse checkouts that a library would have to imitate.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::error::{Error, Result};

/// What has changed in a work tree; absolute paths, sorted.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Files that are new or other than before.
    pub changed: Vec<PathBuf>,
    /// Files that are gone.
    pub removed: Vec<PathBuf>,
}

/// The files that differ from the merge base of `HEAD` and a revision, in the work tree, in the index
/// or not tracked yet.
pub fn changed_since(folder: &Path, revision: &str) -> Result<Changes> {
    if revision.starts_with('-') || revision.is_empty() {
        return Err(Error::config(format!("{} is no revision", crate::visible::quote(revision))));
    }
    let top = git(folder, &["rev-parse", "--show-toplevel"])?;
    let top = PathBuf::from(path(top.trim_ascii_end()));
    // Without a common ancestor, as in a shallow clone, the revision itself is the base.
    let base = git(&top, &["merge-base", revision, "HEAD"])
        .or_else(|_| git(&top, &["rev-parse", "--verify", "--end-of-options", &format!("{revision}^{{commit}}")]))
        .map_err(|error| {
            error.with_help("is the revision fetched? A shallow clone needs `git fetch --depth=... origin <branch>`")
        })?;
    let base = String::from_utf8_lossy(base.trim_ascii_end()).into_owned();
    let diff =
        |filter| git(&top, &["diff", "--name-only", "-z", "--no-renames", filter, &base, "--"]);
    let mut changed = diff("--diff-filter=d")?;
    changed.extend(git(&top, &["ls-files", "--others", "--exclude-standard", "-z"])?);
    let paths = |names: &[u8]| {
        let names = names.split(|byte| *byte == 0).filter(|name| !name.is_empty());
        let mut paths: Vec<PathBuf> = names.map(|name| top.join(path(name))).collect();
        paths.sort();
        paths.dedup();
        paths
    };
    Ok(Changes { changed: paths(&changed), removed: paths(&diff("--diff-filter=D")?) })
}

#[cfg(unix)]
fn path(bytes: &[u8]) -> &OsStr {
    std::os::unix::ffi::OsStrExt::from_bytes(bytes)
}

#[cfg(not(unix))]
fn path(bytes: &[u8]) -> &OsStr {
    OsStr::new(std::str::from_utf8(bytes).unwrap_or_default())
}

fn git(folder: &Path, arguments: &[&str]) -> Result<Vec<u8>> {
    let output = Command::new("git")
        .arg("-C")
        .arg(folder)
        .args(arguments)
        .env("LC_ALL", "C")
        .output()
        .map_err(|error| Error::io(format!("cannot run git: {error}")))?;
    if output.status.success() {
        Ok(output.stdout)
    } else {
        let reason = String::from_utf8_lossy(&output.stderr);
        let reason = reason.lines().next().unwrap_or_default().trim_start_matches("fatal: ");
        Err(Error::io(format!("git {} failed: {}", arguments[0], crate::visible::name(reason))))
    }
}
