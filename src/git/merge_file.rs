//! git's own merge, line by line, of files that are no entries.

use std::path::Path;
use std::process::Command;

use crate::error::{Error, Result};

/// Merges three files as git does, with the base in the conflicts. Gives the text, and whether there are
/// conflicts in it. Fails on files that are no text.
pub fn merge_file(
    [ours, base, theirs]: [&Path; 3],
    marker_size: usize,
    labels: &[String; 3],
) -> Result<(Vec<u8>, bool)> {
    let output = Command::new("git")
        .args(["merge-file", "-p", "--diff3"])
        .arg(format!("--marker-size={marker_size}"))
        .args(labels.iter().flat_map(|label| ["-L", label]))
        .arg("--")
        .args([ours, base, theirs])
        .env("LC_ALL", "C")
        .output()
        .map_err(|error| Error::io(format!("cannot run git: {error}")))?;
    match output.status.code() {
        Some(0) => Ok((output.stdout, false)),
        // How many conflicts there are, at most 127.
        Some(1..=127) => Ok((output.stdout, true)),
        _ => Err(Error::io(format!("git merge-file failed: {}", super::reason(&output.stderr)))),
    }
}
