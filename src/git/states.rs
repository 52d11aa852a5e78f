//! Two states of a repository: the files that differ between them, with what they held.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::{contents, git, path};
use crate::error::{Error, Result};

/// A state of a repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// A commit, by its object name.
    Commit(String),
    /// The work tree, with what git does not track yet.
    WorkTree,
}

/// The two states that a range names: `A..B`, `A...B` from their merge base, or `A` and the work tree.
pub fn range(folder: &Path, text: &str) -> Result<(State, State)> {
    let or_head = |text: &str| if text.is_empty() { "HEAD".to_owned() } else { text.to_owned() };
    if let Some((a, b)) = text.split_once("...") {
        let (a, b) = (commit(folder, &or_head(a))?, commit(folder, &or_head(b))?);
        let base = git(folder, &["merge-base", &a, &b])?;
        let base = String::from_utf8_lossy(base.trim_ascii_end()).into_owned();
        return Ok((State::Commit(base), State::Commit(b)));
    }
    if let Some((a, b)) = text.split_once("..") {
        let (a, b) = (commit(folder, &or_head(a))?, commit(folder, &or_head(b))?);
        return Ok((State::Commit(a), State::Commit(b)));
    }
    Ok((State::Commit(commit(folder, text)?), State::WorkTree))
}

/// The commit that a revision names.
pub fn commit(folder: &Path, revision: &str) -> Result<String> {
    if revision.starts_with('-') || revision.is_empty() {
        return Err(Error::config(format!("{} is no revision", crate::visible::quote(revision))));
    }
    let spec = format!("{revision}^{{commit}}");
    let found = git(folder, &["rev-parse", "--verify", "--quiet", "--end-of-options", &spec]);
    let found = found.map_err(|_| {
        Error::config(format!("there is no revision {}", crate::visible::quote(revision)))
            .with_help("is it fetched? `git log --oneline --all` lists what is there")
    })?;
    Ok(String::from_utf8_lossy(found.trim_ascii_end()).into_owned())
}

/// A file that is not the same in both states.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Where it is; absolute.
    pub path: PathBuf,
    /// What it held; `None` if it was not there.
    pub old: Option<Side>,
    /// What it holds; `None` if it is not there.
    pub new: Option<Side>,
}

/// What a file holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Side {
    /// Bytes.
    Bytes(Vec<u8>),
    /// More than was asked for.
    TooLarge,
}

/// Of files, the objects that hold their old and their new content.
pub(super) type Objects = BTreeMap<PathBuf, (Option<Vec<u8>>, Option<Vec<u8>>)>;

/// What `git diff` says of revisions, as far as it is wanted. A file under a new name is one that is gone and one
/// that is new; both names are told.
pub(super) fn objects_of(
    top: &Path,
    revisions: &[&str],
    wanted: &dyn Fn(&Path) -> bool,
    renamed: &mut dyn FnMut(PathBuf, PathBuf),
) -> Result<Objects> {
    let mut arguments = vec!["diff", "--raw", "-z", "--find-renames", "--no-abbrev"];
    arguments.extend(revisions);
    arguments.push("--");
    let raw = git(top, &arguments)?;
    let mut fields = raw.split(|byte| *byte == 0);
    let mut found = Objects::new();
    // `:<mode before> <mode after> <object before> <object after> <status>`, then the path, and after `R` the new one.
    while let (Some(head), Some(name)) = (fields.next(), fields.next()) {
        let parts: Vec<&[u8]> = head.split(|byte| *byte == b' ').collect();
        let [before, after, old, new, status] = parts.as_slice() else { continue };
        let object = |is_file: bool, object: &[u8]| is_file.then(|| object.to_vec());
        let (old, new) =
            (object(before.starts_with(b":100"), old), object(after.starts_with(b"100"), new));
        let path_of = |name: &[u8]| top.join(path(name));
        let from = path_of(name);
        if !status.starts_with(b"R") {
            if wanted(&from) {
                found.insert(from, (old, new));
            }
            continue;
        }
        let Some(to) = fields.next().map(path_of) else { continue };
        let are_wanted = (wanted(&from), wanted(&to));
        if are_wanted == (true, true) {
            renamed(from.clone(), to.clone());
        }
        if are_wanted.0 {
            found.insert(from, (old, None));
        }
        if are_wanted.1 {
            found.insert(to, (None, new));
        }
    }
    Ok(found)
}

/// The files that differ between two states, as far as they are wanted; sorted by path. Of the objects of git only
/// those are read that differ.
pub fn differences(
    folder: &Path,
    (from, to): (&State, &State),
    limit: u64,
    wanted: impl Fn(&Path) -> bool,
) -> Result<Vec<Difference>> {
    let top = files_root(folder)?;
    let State::Commit(from) = from else {
        return Err(Error::config("the work tree is no older version"));
    };
    let mut revisions = vec![from.as_str()];
    if let State::Commit(to) = to {
        revisions.push(to);
    }
    let mut found = objects_of(&top, &revisions, &wanted, &mut |_, _| {})?;
    if *to == State::WorkTree {
        let others = git(&top, &["ls-files", "--others", "--exclude-standard", "-z"])?;
        for name in others.split(|byte| *byte == 0).filter(|name| !name.is_empty()) {
            let path = top.join(path(name));
            if wanted(&path) {
                found.entry(path).or_default().1 = Some(Vec::new());
            }
        }
    }
    read_sides(&top, to, limit, &found)
}

fn read_sides(top: &Path, to: &State, limit: u64, found: &Objects) -> Result<Vec<Difference>> {
    let in_work_tree = *to == State::WorkTree;
    let mut objects: Vec<&[u8]> = Vec::new();
    for (old, new) in found.values() {
        objects.extend(old.as_deref());
        objects.extend(new.as_deref().filter(|_| !in_work_tree));
    }
    let side = |bytes: Option<Vec<u8>>| bytes.map_or(Side::TooLarge, Side::Bytes);
    let mut contents = contents(top, &objects, limit)?.into_iter().map(side);
    let mut differences = Vec::new();
    for (path, (old, new)) in found {
        let old = old.as_ref().and_then(|_| contents.next());
        let new = match new {
            Some(_) if in_work_tree => from_disk(path, limit)?,
            Some(_) => contents.next(),
            None => None,
        };
        differences.push(Difference { path: path.clone(), old, new });
    }
    Ok(differences)
}

fn from_disk(path: &Path, limit: u64) -> Result<Option<Side>> {
    let failed = |error: std::io::Error| Error::path("read", path, &error);
    let metadata = match std::fs::symlink_metadata(path) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(error)),
    };
    if !metadata.is_file() {
        return Ok(None);
    }
    if metadata.len() > limit {
        return Ok(Some(Side::TooLarge));
    }
    std::fs::read(path).map(|bytes| Some(Side::Bytes(bytes))).map_err(failed)
}

/// The top of the work tree around a folder.
pub fn top(folder: &Path) -> Result<PathBuf> {
    let top = git(folder, &["rev-parse", "--show-toplevel"])?;
    Ok(PathBuf::from(path(top.trim_ascii_end())))
}

/// The folder that paths in a tree are counted from: the top of the work tree, or a repository without one.
pub(super) fn files_root(folder: &Path) -> Result<PathBuf> {
    match git(folder, &["rev-parse", "--is-bare-repository"])?.trim_ascii_end() {
        b"true" => {
            let root = git(folder, &["rev-parse", "--absolute-git-dir"])?;
            Ok(PathBuf::from(path(root.trim_ascii_end())))
        }
        _ => top(folder),
    }
}

/// What a file held at a revision, or holds in the index at a stage, `:0` to `:3`: a path from the top of the
/// work tree, or from the folder if it begins with `./`; `None` if it was not there.
pub fn file_at(folder: &Path, revision: &str, file: &str, limit: u64) -> Result<Option<Side>> {
    let commit = match revision {
        ":0" | ":1" | ":2" | ":3" => revision.to_owned(),
        revision => commit(folder, revision)?,
    };
    let object = format!("{commit}:{file}");
    let Ok(found) = git(folder, &["rev-parse", "--verify", "--quiet", "--end-of-options", &object])
    else {
        return Ok(None);
    };
    let kind = git(folder, &["cat-file", "-t", &object])?;
    if kind.trim_ascii() != b"blob" {
        return Ok(None);
    }
    let bytes = contents(folder, &[found.trim_ascii_end()], limit)?.into_iter().next().flatten();
    Ok(Some(bytes.map_or(Side::TooLarge, Side::Bytes)))
}

/// The files of a state, below some folders, that hold one of some texts; absolute paths.
pub fn files_with(
    folder: &Path,
    state: &State,
    texts: &[String],
    below: &[PathBuf],
) -> Result<Vec<(PathBuf, Vec<u8>)>> {
    if texts.is_empty() {
        return Ok(Vec::new());
    }
    let top = files_root(folder)?;
    let mut arguments = vec!["grep", "-l", "-z", "-F", "--no-color"];
    for text in texts {
        arguments.extend(["-e", text.as_str()]);
    }
    if let State::Commit(commit) = state {
        arguments.push(commit);
    } else {
        arguments.push("--untracked");
    }
    arguments.push("--");
    let inside = below.iter().map(|path| path.strip_prefix(&top).unwrap_or(path));
    let inside: Vec<String> = inside.map(|path| path.to_string_lossy().into_owned()).collect();
    arguments.extend(inside.iter().map(|path| if path.is_empty() { "." } else { path.as_str() }));
    // It fails where there is none.
    let Ok(found) = git(&top, &arguments) else { return Ok(Vec::new()) };
    let names = found.split(|byte| *byte == 0).filter(|name| !name.is_empty());
    match state {
        State::Commit(commit) => {
            let objects: Vec<&[u8]> = names.collect();
            let start = commit.len() + 1;
            let paths = objects
                .iter()
                .map(|object| top.join(path(object.get(start..).unwrap_or_default())));
            let contents = contents(&top, &objects, u64::MAX)?;
            Ok(paths.zip(contents).filter_map(|(path, bytes)| Some((path, bytes?))).collect())
        }
        State::WorkTree => {
            let paths = names.map(|name| top.join(path(name)));
            Ok(paths.filter_map(|path| Some((path.clone(), std::fs::read(&path).ok()?))).collect())
        }
    }
}
