//! What git knows: which files have changed since a revision, and what they held.
//!
//! By git's own command line: it is there wherever a hook runs, and it honours the configuration, the
//! worktrees and the sparse checkouts that a library would have to imitate.

use std::ffi::OsStr;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use crate::error::{Error, Result};

mod config;
mod history;
mod merge_file;
mod run;
mod since;
mod sparse;
mod states;

pub use config::{Scope, set, user_attributes, values, with_crlf};
pub use history::{MergeCommit, MergedFile, lacks_merge_driver, merged_files, merges};
pub use merge_file::merge_file;
pub use since::{Blob, Changes, Since, in_no_commit};
pub use sparse::not_checked_out;
pub use states::{
    Difference, Side, State, commit, differences, file_at, files_root, files_with, range,
    repositories, top,
};

use run::{ask, command, failure, git};

/// What objects hold, in their order.
fn contents(folder: &Path, objects: &[&[u8]], limit: u64) -> Result<Vec<Option<Vec<u8>>>> {
    if objects.is_empty() {
        return Ok(Vec::new());
    }
    read_objects(&mut command(folder), objects, limit)
}

/// The same by a git that is set up already.
fn read_objects(
    command: &mut Command,
    objects: &[&[u8]],
    limit: u64,
) -> Result<Vec<Option<Vec<u8>>>> {
    let failed = |error: io::Error| Error::io(format!("git cat-file failed: {error}"));
    let mut child = command
        .args(["cat-file", "--batch"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| Error::io(format!("cannot run git: {error}")))?;
    let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    let wishes = [&objects.join(&b'\n')[..], b"\n"].concat();
    // Git answers while it is still being asked; who writes all first and reads then waits for ever.
    let (answers, said) = std::thread::scope(|scope| {
        scope.spawn(move || stdin.is_some_and(|mut stdin| stdin.write_all(&wishes).is_ok()));
        let said = scope.spawn(move || {
            let mut said = Vec::new();
            stderr.map(|mut stderr| stderr.read_to_end(&mut said));
            said
        });
        let answers = stdout.ok_or_else(|| io::Error::other("no output")).and_then(|stdout| {
            let mut stdout = BufReader::new(stdout);
            objects.iter().map(|_| answer(&mut stdout, limit)).collect::<io::Result<Vec<_>>>()
        });
        (answers, said.join().unwrap_or_default())
    });
    // With its output closed it ends, whatever it still has to say.
    let ended = child.wait().map_err(failed)?;
    match answers {
        Ok(answers) => Ok(answers),
        Err(error) if said.is_empty() => Err(failed(error)),
        Err(_) => Err(failure("cat-file", &said, ended)),
    }
    .map_err(lacks)
}

/// A failure to read an object, and what may be the matter.
fn lacks(error: Error) -> Error {
    error.with_help(
        "a partial clone asks its remote for what it left out: is that there? `git fsck` tells what else is missing",
    )
}

/// One answer of `git cat-file --batch`: `<object> <type> <size>`, a line feed, the content, a line feed.
fn answer(git: &mut impl BufRead, limit: u64) -> io::Result<Option<Vec<u8>>> {
    let mut head = String::new();
    git.read_line(&mut head)?;
    let mut parts = head.split_ascii_whitespace();
    let (object, size) = (parts.next().unwrap_or_default(), parts.nth(1));
    let size = size.and_then(|size| size.parse::<u64>().ok());
    let size =
        size.ok_or_else(|| io::Error::other(format!("the repository lacks the object {object}")))?;
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

#[cfg(unix)]
fn path(bytes: &[u8]) -> &OsStr {
    std::os::unix::ffi::OsStrExt::from_bytes(bytes)
}

#[cfg(not(unix))]
fn path(bytes: &[u8]) -> &OsStr {
    OsStr::new(std::str::from_utf8(bytes).unwrap_or_default())
}
