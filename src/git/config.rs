//! git's configuration of a repository or of a user, and what has to do with it.

use std::path::{Path, PathBuf};

use super::run::{Answer, answer, list};
use crate::error::Result;

/// Whose configuration it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// That of a repository.
    Local,
    /// That of a user.
    Global,
}

impl Scope {
    /// The option of `git config`.
    pub fn option(self) -> &'static str {
        match self {
            Self::Local => "--local",
            Self::Global => "--global",
        }
    }
}

/// The values of a key, in their order.
pub fn values(folder: &Path, scope: Scope, key: &str) -> Result<Vec<String>> {
    let answer = config(folder, scope, &["-z", "--get-all", key])?;
    // The key is not there.
    if answer.code() == 1 {
        return Ok(Vec::new());
    }
    let out = answer.output()?;
    let mut values: Vec<String> =
        String::from_utf8_lossy(&out).split('\0').map(str::to_owned).collect();
    // Each ends with a zero.
    values.pop();
    Ok(values)
}

/// Gives a key these values, and no others.
pub fn set(folder: &Path, scope: Scope, key: &str, values: &[String]) -> Result<()> {
    let answer = config(folder, scope, &["--unset-all", key])?;
    // The key was not there.
    if answer.code() != 5 {
        answer.output()?;
    }
    for value in values {
        config(folder, scope, &["--add", key, value])?.output()?;
    }
    Ok(())
}

/// The file that a user has named for the attributes of all repositories.
pub fn user_attributes(folder: &Path) -> Result<Option<PathBuf>> {
    let key = "core.attributesFile";
    let answer = config(folder, Scope::Global, &["-z", "--type=path", "--get", key])?;
    if answer.code() == 1 {
        return Ok(None);
    }
    let out = answer.output()?;
    let file = out.strip_suffix(b"\0").unwrap_or(&out);
    Ok(Some(PathBuf::from(super::path(file))))
}

fn config(folder: &Path, scope: Scope, arguments: &[&str]) -> Result<Answer> {
    answer(folder, &[&["config", scope.option()], arguments].concat())
}

/// The files that git tracks below some folders and that are committed with line ends of Windows, as far as it is
/// known; paths from the folder.
pub fn with_crlf(folder: &Path, below: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let out = list(folder, &["ls-files", "--eol", "-z"], below)?;
    let mut found = Vec::new();
    for line in out.split(|byte| *byte == 0) {
        // `i/<line ends in the index> w/<in the work tree> attr/<attributes>`, a tab, the path.
        let Some(tab) = line.iter().position(|byte| *byte == b'\t') else { continue };
        if line.starts_with(b"i/crlf") || line.starts_with(b"i/mixed") {
            found.push(PathBuf::from(super::path(&line[tab + 1..])));
        }
    }
    Ok(found)
}
