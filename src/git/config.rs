//! git's configuration of a repository or of a user.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::error::{Error, Result};

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
    let (code, out) = config(folder, scope, &["-z", "--get-all", key])?;
    match code {
        0 => {
            let values = out.split('\0').map(str::to_owned);
            let mut values: Vec<String> = values.collect();
            // Each ends with a zero.
            values.pop();
            Ok(values)
        }
        1 => Ok(Vec::new()),
        _ => Err(failed(key, &out)),
    }
}

/// Gives a key these values, and no others.
pub fn set(folder: &Path, scope: Scope, key: &str, values: &[String]) -> Result<()> {
    let (code, out) = config(folder, scope, &["--unset-all", key])?;
    // The key was not there.
    if code != 0 && code != 5 {
        return Err(failed(key, &out));
    }
    for value in values {
        let (code, out) = config(folder, scope, &["--add", key, value])?;
        if code != 0 {
            return Err(failed(key, &out));
        }
    }
    Ok(())
}

/// The file that a user has named for the attributes of all repositories.
pub fn user_attributes(folder: &Path) -> Result<Option<PathBuf>> {
    let key = "core.attributesFile";
    let (code, out) = config(folder, Scope::Global, &["-z", "--type=path", "--get", key])?;
    match code {
        0 => Ok(Some(PathBuf::from(out.trim_end_matches('\0')))),
        1 => Ok(None),
        _ => Err(failed(key, &out)),
    }
}

fn failed(key: &str, reason: &str) -> Error {
    Error::io(format!("git config {key} failed: {reason}"))
}

/// The exit status, and what was printed, or why it failed.
fn config(folder: &Path, scope: Scope, arguments: &[&str]) -> Result<(i32, String)> {
    let output = Command::new("git")
        .arg("-C")
        .arg(folder)
        .args(["config", scope.option()])
        .args(arguments)
        .env("LC_ALL", "C")
        .output()
        .map_err(|error| Error::io(format!("cannot run git: {error}")))?;
    let code = output.status.code().unwrap_or(-1);
    let out = if code == 0 {
        String::from_utf8_lossy(&output.stdout).into_owned()
    } else {
        super::reason(&output.stderr)
    };
    Ok((code, out))
}
