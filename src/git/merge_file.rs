//! git's own merge, line by line, of files that are no entries.

use std::path::Path;

use super::run::{answer_anywhere, anywhere};
use crate::error::Result;

/// Merges three files as git does, with the base in the conflicts. Gives the text, and whether there are
/// conflicts in it. Fails on files that are no text.
pub fn merge_file(
    [ours, base, theirs]: [&Path; 3],
    marker_size: usize,
    labels: &[String; 3],
) -> Result<(Vec<u8>, bool)> {
    let mut command = anywhere();
    command
        .args(["merge-file", "-p", "--diff3"])
        .arg(format!("--marker-size={marker_size}"))
        .args(labels.iter().flat_map(|label| ["-L", label]))
        .arg("--")
        .args([ours, base, theirs]);
    let answer = answer_anywhere(&mut command, "merge-file")?;
    match answer.code() {
        0 => Ok((answer.out, false)),
        // How many conflicts there are, at most 127.
        1..=127 => Ok((answer.out, true)),
        _ => Err(answer.failure()),
    }
}
