//! What git knows: which files have changed since a revision, and what they held.
//!
//! By git's own command line: it is there wherever a hook runs, and it honours the configuration, the
//! worktrees and the sparse checkouts that a library would have to imitate.

use std::ffi::OsStr;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::error::{Error, Result};

mod config;
mod history;
mod merge_file;
mod states;

pub use config::{Scope, set, user_attributes, values};
pub use history::{MergeCommit, MergedFile, lacks_merge_driver, merged_files, merges};
pub use merge_file::merge_file;
pub use states::{Difference, Side, State, commit, differences, file_at, files_with, range, top};

/// What has changed in a work tree; absolute paths, sorted.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Files that are new or other than before.
    pub changed: Vec<PathBuf>,
    /// Those of them that are new.
    pub added: Vec<PathBuf>,
    /// Files that are gone.
    pub removed: Vec<PathBuf>,
}

/// A file as it was at a revision.
#[derive(Debug, PartialEq, Eq)]
pub struct Blob {
    /// Where it was; absolute.
    pub path: PathBuf,
    /// What it held; `None` if that is more than was asked for.
    pub bytes: Option<Vec<u8>>,
}

/// The files that differ from the merge base of `HEAD` and a revision, in the work tree, in the index
/// or not tracked yet.
pub fn changed_since(folder: &Path, revision: &str) -> Result<Changes> {
    let (top, base) = base(folder, revision)?;
    let diff = git(&top, &["diff", "--name-status", "-z", "--no-renames", &base, "--"])?;
    let others = git(&top, &["ls-files", "--others", "--exclude-standard", "-z"])?;
    let mut found = Changes::default();
    let mut fields = diff.split(|byte| *byte == 0);
    // The status, then the path. A conflict names its file several times.
    while let (Some(status), Some(name)) = (fields.next(), fields.next()) {
        let path = top.join(path(name));
        match status {
            b"D" => found.removed.push(path),
            b"A" => {
                found.added.push(path.clone());
                found.changed.push(path);
            }
            _ => found.changed.push(path),
        }
    }
    for name in others.split(|byte| *byte == 0).filter(|name| !name.is_empty()) {
        found.added.push(top.join(path(name)));
        found.changed.push(top.join(path(name)));
    }
    for paths in [&mut found.changed, &mut found.added, &mut found.removed] {
        paths.sort();
        paths.dedup();
    }
    Ok(found)
}

/// What the files that [`changed_since`] names held at the merge base, as far as they were there and are
/// wanted: files, not links, of at most `limit` bytes. Sorted by path.
pub fn blobs_before(
    folder: &Path,
    revision: &str,
    limit: u64,
    wanted: impl Fn(&Path) -> bool,
) -> Result<Vec<Blob>> {
    let (top, base) = base(folder, revision)?;
    let raw = git(&top, &["diff", "--raw", "-z", "--no-renames", "--no-abbrev", &base, "--"])?;
    let mut fields = raw.split(|byte| *byte == 0);
    let mut found: Vec<(PathBuf, &[u8])> = Vec::new();
    // `:<mode before> <mode now> <object before> <object now> <status>`, then the path.
    while let (Some(head), Some(name)) = (fields.next(), fields.next()) {
        let mut parts = head.split(|byte| *byte == b' ');
        let (mode, object) = (parts.next().unwrap_or_default(), parts.nth(1).unwrap_or_default());
        let path = top.join(path(name));
        if mode.starts_with(b":100") && wanted(&path) {
            found.push((path, object));
        }
    }
    found.sort();
    // A conflict names its file several times.
    found.dedup_by(|again, first| again.0 == first.0);
    let objects: Vec<&[u8]> = found.iter().map(|(_, object)| *object).collect();
    let contents = contents(&top, &objects, limit)?;
    Ok(found.into_iter().zip(contents).map(|((path, _), bytes)| Blob { path, bytes }).collect())
}

/// What objects hold, in their order.
fn contents(folder: &Path, objects: &[&[u8]], limit: u64) -> Result<Vec<Option<Vec<u8>>>> {
    if objects.is_empty() {
        return Ok(Vec::new());
    }
    let failed = |error: io::Error| Error::io(format!("git cat-file failed: {error}"));
    let mut child = Command::new("git")
        .arg("-C")
        .arg(folder)
        .args(["cat-file", "--batch"])
        .env("LC_ALL", "C")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| Error::io(format!("cannot run git: {error}")))?;
    let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
    let wishes = [&objects.join(&b'\n')[..], b"\n"].concat();
    // Git answers while it is still being asked; who writes all first and reads then waits for ever.
    let answers = std::thread::scope(|scope| {
        scope.spawn(move || stdin.is_some_and(|mut stdin| stdin.write_all(&wishes).is_ok()));
        let mut stdout = BufReader::new(stdout.ok_or_else(|| io::Error::other("no output"))?);
        objects.iter().map(|_| answer(&mut stdout, limit)).collect::<io::Result<Vec<_>>>()
    });
    // With its output closed it ends, whatever it still has to say.
    let ended = child.wait();
    let answers = answers.map_err(failed)?;
    ended.map_err(failed)?;
    Ok(answers)
}

/// One answer of `git cat-file --batch`: `<object> <type> <size>`, a line feed, the content, a line feed.
fn answer(git: &mut impl BufRead, limit: u64) -> io::Result<Option<Vec<u8>>> {
    let mut head = String::new();
    git.read_line(&mut head)?;
    let mut parts = head.split_ascii_whitespace();
    let (object, size) = (parts.next().unwrap_or_default(), parts.nth(1));
    let size = size.and_then(|size| size.parse::<u64>().ok());
    let size =
        size.ok_or_else(|| io::Error::other(format!("there is no object {object:?} to read")))?;
    let mut content = git.by_ref().take(size + 1);
    if size > limit {
        io::copy(&mut content, &mut io::sink())?;
        return Ok(None);
    }
    let mut bytes = Vec::new();
    content.read_to_end(&mut bytes)?;
    if bytes.pop() != Some(b'\n') || bytes.len() as u64 != size {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(Some(bytes))
}

/// The top of the work tree around a folder, and the commit that a change is counted from.
fn base(folder: &Path, revision: &str) -> Result<(PathBuf, String)> {
    if revision.starts_with('-') || revision.is_empty() {
        return Err(Error::config(format!("{} is no revision", crate::visible::quote(revision))));
    }
    let top = top(folder)?;
    // Before the first commit there is nothing, and all is new.
    if matches!(revision, "HEAD" | "@")
        && git(&top, &["rev-parse", "--verify", "--quiet", "HEAD"]).is_err()
    {
        let nothing = git(&top, &["hash-object", "-t", "tree", "--stdin"])?;
        return Ok((top, String::from_utf8_lossy(nothing.trim_ascii_end()).into_owned()));
    }
    // Without a common ancestor, as in a shallow clone, the revision itself is the base.
    let base = git(&top, &["merge-base", revision, "HEAD"])
        .or_else(|_| git(&top, &["rev-parse", "--verify", "--end-of-options", &format!("{revision}^{{commit}}")]))
        .map_err(|error| {
            error.with_help("is the revision fetched? A shallow clone needs `git fetch --depth=... origin <branch>`")
        })?;
    Ok((top, String::from_utf8_lossy(base.trim_ascii_end()).into_owned()))
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
    let failed = || Error::io(format!("git {} failed: it ended with 1", arguments[0]));
    ask(folder, arguments)?.ok_or_else(failed)
}

/// What git answers; `None` where it plainly says no: it ends with 1 and says nothing.
fn ask(folder: &Path, arguments: &[&str]) -> Result<Option<Vec<u8>>> {
    let output = Command::new("git")
        .arg("-C")
        .arg(folder)
        .args(arguments)
        .env("LC_ALL", "C")
        .output()
        .map_err(|error| Error::io(format!("cannot run git: {error}")))?;
    if output.status.success() {
        Ok(Some(output.stdout))
    } else if output.status.code() == Some(1) && output.stderr.is_empty() {
        Ok(None)
    } else {
        Err(Error::io(format!("git {} failed: {}", arguments[0], reason(&output.stderr))))
    }
}

/// The first line of what git says of a failure.
fn reason(stderr: &[u8]) -> String {
    let reason = String::from_utf8_lossy(stderr);
    let reason = reason.lines().next().unwrap_or_default();
    let reason = reason.trim_start_matches("fatal: ").trim_start_matches("error: ");
    crate::visible::name(reason).into_owned()
}
