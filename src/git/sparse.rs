//! Sparse checkouts: files that git tracks and has left out of the work tree.

use std::path::{Path, PathBuf};

use super::run::{command, list};
use super::{Blob, path, read_objects};
use crate::error::Result;

/// What the files below some folders hold that git has not checked out; sorted by path, as far as they are wanted.
///
/// Nothing is fetched for it: of a partial clone that would be one file at a time.
pub fn not_checked_out(
    folders: &[PathBuf],
    limit: u64,
    wanted: &dyn Fn(&Path) -> bool,
) -> Result<Vec<Blob>> {
    let mut blobs = Vec::new();
    for folder in folders {
        // It may be left out itself.
        let Some(at) = folder.ancestors().find(|at| at.is_dir()).filter(|at| is_sparse(at)) else {
            continue;
        };
        let files = ["ls-files", "-t", "--stage", "-z"];
        let files = list(at, &files, std::slice::from_ref(folder))?;
        let mut found: Vec<(PathBuf, &[u8])> = Vec::new();
        for line in files.split(|byte| *byte == 0) {
            // `S <mode> <object> <stage>`, a tab, the path; `S` is what is to be skipped in the work tree.
            let Some(tab) = line.iter().position(|byte| *byte == b'\t') else { continue };
            let mut parts = line[..tab].split(|byte| *byte == b' ');
            let (Some(b"S"), Some(mode), Some(object)) = (parts.next(), parts.next(), parts.next())
            else {
                continue;
            };
            let path = at.join(path(&line[tab + 1..]));
            if mode.starts_with(b"100") && wanted(&path) && path.symlink_metadata().is_err() {
                found.push((path, object));
            }
        }
        if found.is_empty() {
            continue;
        }
        let objects: Vec<&[u8]> = found.iter().map(|(_, object)| *object).collect();
        let contents =
            read_objects(command(at).env("GIT_NO_LAZY_FETCH", "1"), &objects, limit).map_err(
                |error| {
                    error.with_help(
                        "entries that are not checked out are looked up in git, and a partial clone may lack them: \
                         `git sparse-checkout disable` fetches them",
                    )
                },
            )?;
        let read = found.into_iter().zip(contents);
        blobs.extend(read.map(|((path, _), bytes)| Blob { path, bytes }));
    }
    blobs.sort_by(|a, b| a.path.cmp(&b.path));
    blobs.dedup_by(|again, first| again.path == first.path);
    Ok(blobs)
}

/// Whether the work tree around a folder has patterns of what is checked out. Only then git is asked: most have not.
fn is_sparse(folder: &Path) -> bool {
    let Some(git) = folder.ancestors().map(|top| top.join(".git")).find(|git| git.exists()) else {
        return false;
    };
    // Of a linked work tree or a submodule it is a file, which says where the repository is.
    let link = std::fs::read_to_string(&git).unwrap_or_default();
    let linked = link.strip_prefix("gitdir: ").map(|to| git.with_file_name(to.trim_end()));
    linked.unwrap_or(git).join("info/sparse-checkout").is_file()
}
