//! What has changed since a revision.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use super::run::list;
use super::{ask, commit, contents, git, path, repositories};
use crate::error::Result;

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

/// A file as it is in git.
#[derive(Debug, PartialEq, Eq)]
pub struct Blob {
    /// Where it is; absolute.
    pub path: PathBuf,
    /// What it holds; `None` if that is more than was asked for.
    pub bytes: Option<Vec<u8>>,
}

/// A revision that changes are counted from, in each repository that holds some of the files.
#[derive(Debug)]
pub struct Since {
    repositories: Vec<Repository>,
}

#[derive(Debug)]
struct Repository {
    /// The top of its work tree.
    top: PathBuf,
    /// The commit that changes are counted from.
    base: String,
    /// Whether that is a common ancestor.
    is_ancestor: bool,
    /// The folders of it that are asked about.
    folders: Vec<PathBuf>,
}

impl Since {
    /// Asks for the merge base of `HEAD` and a revision in the repositories around some folders.
    pub fn new(folders: &[PathBuf], revision: &str) -> Result<Self> {
        let mut found = Vec::new();
        for (top, folders) in repositories(folders)? {
            let (base, is_ancestor) = base(&top, revision)?;
            found.push(Repository { top, base, is_ancestor, folders });
        }
        Ok(Self { repositories: found })
    }

    /// The tops of the repositories in which the revision has no ancestor in common with `HEAD`, so that it is
    /// compared with as it is.
    pub fn unrelated(&self) -> impl Iterator<Item = &Path> {
        let unrelated = self.repositories.iter().filter(|repository| !repository.is_ancestor);
        unrelated.map(|repository| &*repository.top)
    }

    /// The files that differ, in the work tree, in the index, or in the folders not tracked yet.
    pub fn changes(&self) -> Result<Changes> {
        let mut found = Changes::default();
        for repository in &self.repositories {
            let status = repository.diff(&["--name-status"])?;
            let mut fields = status.split(|byte| *byte == 0);
            // The status, then the path. A conflict names its file several times.
            while let (Some(status), Some(name)) = (fields.next(), fields.next()) {
                let path = repository.top.join(path(name));
                match status {
                    b"D" => found.removed.push(path),
                    b"A" => {
                        found.added.push(path.clone());
                        found.changed.push(path);
                    }
                    _ => found.changed.push(path),
                }
            }
            for path in untracked(&repository.top, &repository.folders)? {
                found.added.push(path.clone());
                found.changed.push(path);
            }
        }
        for paths in [&mut found.changed, &mut found.added, &mut found.removed] {
            paths.sort();
            paths.dedup();
        }
        Ok(found)
    }

    /// What the files that [`Since::changes`] names held before, as far as they were there and are wanted: files, not
    /// links, of at most `limit` bytes. Sorted by path.
    pub fn blobs_before(&self, limit: u64, wanted: impl Fn(&Path) -> bool) -> Result<Vec<Blob>> {
        let mut blobs = Vec::new();
        for repository in &self.repositories {
            let raw = repository.diff(&["--raw", "--no-abbrev"])?;
            let mut fields = raw.split(|byte| *byte == 0);
            let mut found: Vec<(PathBuf, &[u8])> = Vec::new();
            // `:<mode before> <mode now> <object before> <object now> <status>`, then the path.
            while let (Some(head), Some(name)) = (fields.next(), fields.next()) {
                let mut parts = head.split(|byte| *byte == b' ');
                let mode = parts.next().unwrap_or_default();
                let object = parts.nth(1).unwrap_or_default();
                let path = repository.top.join(path(name));
                if mode.starts_with(b":100") && wanted(&path) {
                    found.push((path, object));
                }
            }
            found.sort();
            // A conflict names its file several times.
            found.dedup_by(|again, first| again.0 == first.0);
            let objects: Vec<&[u8]> = found.iter().map(|(_, object)| *object).collect();
            let contents = contents(&repository.top, &objects, limit)?;
            let read = found.into_iter().zip(contents);
            blobs.extend(read.map(|((path, _), bytes)| Blob { path, bytes }));
        }
        blobs.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(blobs)
    }

    /// The files of which the next commit would not hold what the work tree holds: they are staged, and have been
    /// changed since. Sorted.
    pub fn staged_otherwise(&self) -> Result<Vec<PathBuf>> {
        let mut found = Vec::new();
        let status = ["status", "--porcelain=v1", "-z", "--untracked-files=no", "--no-renames"];
        for repository in &self.repositories {
            let status = list(&repository.top, &status, &repository.folders)?;
            for line in status.split(|byte| *byte == 0) {
                // How the index differs from the last commit, how the work tree from the index, a blank, the path.
                let [index, work_tree, b' ', name @ ..] = line else { continue };
                let path = repository.top.join(path(name));
                let differs = match (*index, *work_tree) {
                    (b'M' | b'A' | b'T', b'M' | b'D' | b'T') => true,
                    (b'D', b' ') => path.symlink_metadata().is_ok(),
                    _ => false,
                };
                if differs {
                    found.push(path);
                }
            }
        }
        found.sort();
        Ok(found)
    }
}

impl Repository {
    /// How the work tree differs from the base.
    fn diff(&self, form: &[&str]) -> Result<Vec<u8>> {
        git(&self.top, &[&["diff"], form, &["-z", "--no-renames", &self.base, "--"]].concat())
    }
}

/// The files in some folders that git does not track, also those that it ignores: what no commit holds.
pub fn in_no_commit(folders: &[PathBuf]) -> Result<HashSet<PathBuf>> {
    let mut found = HashSet::new();
    for (top, folders) in repositories(folders)? {
        found.extend(others(&top, &folders, &[])?);
    }
    Ok(found)
}

/// The files in some folders that git does not track and does not ignore.
pub(super) fn untracked(top: &Path, folders: &[PathBuf]) -> Result<Vec<PathBuf>> {
    others(top, folders, &["--exclude-standard"])
}

fn others(top: &Path, folders: &[PathBuf], options: &[&str]) -> Result<Vec<PathBuf>> {
    let others = list(top, &[&["ls-files", "--others", "-z"], options].concat(), folders)?;
    let names = others.split(|byte| *byte == 0).filter(|name| !name.is_empty());
    Ok(names.map(|name| top.join(path(name))).collect())
}

/// The commit that a change is counted from, and whether it is an ancestor of both.
fn base(top: &Path, revision: &str) -> Result<(String, bool)> {
    let is_unborn = ask(top, &["rev-parse", "--verify", "--quiet", "HEAD"])?.is_none();
    // Before the first commit there is nothing, and all is new.
    if is_unborn && matches!(revision, "HEAD" | "@") {
        let nothing = git(top, &["hash-object", "-t", "tree", "--stdin"])?;
        return Ok((name(&nothing), true));
    }
    let tip = commit(top, revision)?;
    // A branch without a commit has none in common with another.
    let base = if is_unborn { None } else { ask(top, &["merge-base", &tip, "HEAD"])? };
    Ok(base.map_or((tip, false), |base| (name(&base), true)))
}

fn name(object: &[u8]) -> String {
    String::from_utf8_lossy(object.trim_ascii_end()).into_owned()
}
