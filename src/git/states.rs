//! Two states of a repository: the files that differ between them, with what they held.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::run::{ask_with, line, list};
use super::since::untracked;
use super::{ask, contents, git, lacks, not_checked_out, path};
use crate::error::{Error, Result};
use crate::visible;

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
        let Some(base) = ask(folder, &["merge-base", &a, &b])? else {
            let message = format!("the sides of {} have no commit in common", visible::quote(text));
            return Err(Error::config(message).with_help(if is_shallow(folder)? {
                "this clone is shallow: `git fetch --unshallow` fetches what is missing"
            } else {
                "`A..B`, with two dots, compares the two as they are"
            }));
        };
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
    let shown = visible::quote(revision);
    if revision.starts_with('-') || revision.is_empty() {
        return Err(Error::config(format!("{shown} is no revision")));
    }
    let spec = format!("{revision}^{{commit}}");
    let found = ask(folder, &["rev-parse", "--verify", "--quiet", "--end-of-options", &spec])?;
    let Some(found) = found else {
        let error = Error::config(format!("there is no revision {shown}"));
        return Err(error.with_help(if is_shallow(folder)? {
            "this clone is shallow: `git fetch --unshallow` fetches what is missing"
        } else {
            "is it fetched? `git log --oneline --all` lists what is there"
        }));
    };
    Ok(String::from_utf8_lossy(found.trim_ascii_end()).into_owned())
}

/// Whether older commits have been left out of a clone.
fn is_shallow(folder: &Path) -> Result<bool> {
    Ok(git(folder, &["rev-parse", "--is-shallow-repository"])?.trim_ascii_end() == b"true")
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
    /// It is no file but, say, a link.
    NoFile,
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
    let mut found = raw_objects(top, "--find-renames", revisions, wanted, renamed)?;
    let is_file = |object: &mut Vec<u8>| !object.is_empty();
    for (old, new) in found.values_mut() {
        (*old, *new) = (old.take_if(is_file), new.take_if(is_file));
    }
    Ok(found)
}

/// The same, where a side that is no file, such as a link, has an object without a name.
fn raw_objects(
    top: &Path,
    search: &str,
    revisions: &[&str],
    wanted: &dyn Fn(&Path) -> bool,
    renamed: &mut dyn FnMut(PathBuf, PathBuf),
) -> Result<Objects> {
    let raw =
        git(top, &[&["diff", "--raw", "-z", "--no-abbrev", search], revisions, &["--"]].concat())?;
    let mut fields = raw.split(|byte| *byte == 0);
    let mut found = Objects::new();
    // `:<mode before> <mode after> <object before> <object after> <status>`, then the path, and after `R` the new one.
    while let (Some(head), Some(name)) = (fields.next(), fields.next()) {
        let parts: Vec<&[u8]> = head.split(|byte| *byte == b' ').collect();
        let [before, after, old, new, status] = parts.as_slice() else { continue };
        let object = |mode: &[u8], object: &[u8]| match mode {
            b"000000" => None,
            mode if mode.starts_with(b"100") => Some(object.to_vec()),
            _ => Some(Vec::new()),
        };
        let before = before.strip_prefix(b":").unwrap_or(before);
        let (old, new) = (object(before, old), object(after, new));
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
/// those are read that differ. What git does not track yet is looked for in some folders.
pub fn differences(
    folder: &Path,
    (from, to): (&State, &State),
    limit: u64,
    folders: &[PathBuf],
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
    let mut found = raw_objects(&top, "--no-renames", &revisions, &wanted, &mut |_, _| {})?;
    if *to == State::WorkTree {
        for path in untracked(&top, folders)?.into_iter().filter(|path| wanted(path)) {
            found.entry(path).or_default().1 = Some(Vec::new());
        }
    }
    read_sides(&top, to, limit, &found)
}

fn read_sides(top: &Path, to: &State, limit: u64, found: &Objects) -> Result<Vec<Difference>> {
    let mut differences: Vec<Difference> = Vec::new();
    let mut objects: Vec<&[u8]> = Vec::new();
    // What of each file is to be read from git.
    let mut wishes = Vec::new();
    for (path, (old, new)) in found {
        let on_disk = match (to, new) {
            (State::WorkTree, Some(_)) => from_disk(path, limit)?,
            _ => None,
        };
        // Of what differs in the work tree git names no object; of a file that is not checked out, that of the index.
        let is_named = |object: &&Vec<u8>| object.iter().any(|byte| *byte != b'0');
        let no_file = |object: &Option<Vec<u8>>| {
            object.as_ref().filter(|object| object.is_empty()).map(|_| Side::NoFile)
        };
        let now = on_disk.or_else(|| no_file(new).filter(|_| *to != State::WorkTree));
        let before = no_file(old);
        let old = old.as_ref().filter(is_named);
        let new = new.as_ref().filter(is_named).filter(|_| now.is_none());
        objects.extend(old.map(Vec::as_slice));
        objects.extend(new.map(Vec::as_slice));
        wishes.push((old.is_some(), new.is_some()));
        differences.push(Difference { path: path.clone(), old: before, new: now });
    }
    let side = |bytes: Option<Vec<u8>>| bytes.map_or(Side::TooLarge, Side::Bytes);
    let mut contents = contents(top, &objects, limit)?.into_iter().map(side);
    for (difference, (old, new)) in differences.iter_mut().zip(wishes) {
        if old {
            difference.old = contents.next();
        }
        if new {
            difference.new = contents.next();
        }
    }
    // What never was a file is none that came or went.
    let is_file = |side: &Option<Side>| side.as_ref().is_some_and(|side| *side != Side::NoFile);
    differences.retain(|difference| is_file(&difference.old) || is_file(&difference.new));
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
        return Ok(Some(Side::NoFile));
    }
    if metadata.len() > limit {
        return Ok(Some(Side::TooLarge));
    }
    std::fs::read(path).map(|bytes| Some(Side::Bytes(bytes))).map_err(failed)
}

/// The top of the work tree around a folder.
pub fn top(folder: &Path) -> Result<PathBuf> {
    let top = git(folder, &["rev-parse", "--show-toplevel"])?;
    Ok(PathBuf::from(path(line(&top))))
}

/// The folder that paths in a tree are counted from: the top of the work tree, or a repository without one.
pub fn files_root(folder: &Path) -> Result<PathBuf> {
    match git(folder, &["rev-parse", "--is-bare-repository"])?.trim_ascii_end() {
        b"true" => {
            let root = git(folder, &["rev-parse", "--absolute-git-dir"])?;
            Ok(PathBuf::from(path(line(&root))))
        }
        _ => top(folder),
    }
}

/// The repositories that some folders lie in, by the folder that paths in their trees are counted from. A folder may be
/// gone.
pub fn repositories(folders: &[PathBuf]) -> Result<BTreeMap<PathBuf, Vec<PathBuf>>> {
    let mut found: BTreeMap<PathBuf, Vec<PathBuf>> = BTreeMap::new();
    for folder in folders {
        let there = folder.ancestors().find(|there| there.is_dir()).unwrap_or(folder);
        found.entry(files_root(there)?).or_default().push(folder.clone());
    }
    Ok(found)
}

/// What a file held at a revision, or holds in the index at a stage, `:0` to `:3`: a path from the top of the
/// work tree, or from the folder if it begins with `./`; `None` if it was not there.
pub fn file_at(folder: &Path, revision: &str, file: &str, limit: u64) -> Result<Option<Side>> {
    let commit = match revision {
        ":0" | ":1" | ":2" | ":3" => revision.to_owned(),
        revision => commit(folder, revision)?,
    };
    let object = format!("{commit}:{file}");
    let found = ask(folder, &["rev-parse", "--verify", "--quiet", "--end-of-options", &object])?;
    let Some(found) = found else { return Ok(None) };
    let kind = git(folder, &["cat-file", "-t", &object]).map_err(lacks)?;
    if kind.trim_ascii() != b"blob" {
        return Ok(None);
    }
    let bytes = contents(folder, &[found.trim_ascii_end()], limit)?.into_iter().next().flatten();
    Ok(Some(bytes.map_or(Side::TooLarge, Side::Bytes)))
}

/// git takes as long for each text that is sought as for each file; of more texts, all files are given.
const MOST_TEXTS: usize = 256;

/// The files of a state, below some folders, that may hold one of some texts, of those that are wanted and have at
/// most `limit` bytes; absolute paths.
pub fn files_with(
    folder: &Path,
    state: &State,
    texts: &[String],
    folders: &[PathBuf],
    limit: u64,
    wanted: &dyn Fn(&Path) -> bool,
) -> Result<Vec<(PathBuf, Vec<u8>)>> {
    // One a line; no JSON has a line end in a text.
    let texts: Vec<&str> = texts
        .iter()
        .map(String::as_str)
        .filter(|text| !text.contains(['\n', '\r', '\0']))
        .collect();
    if texts.is_empty() || folders.is_empty() {
        return Ok(Vec::new());
    }
    let top = files_root(folder)?;
    // A repository without a work tree knows no other paths.
    let below: Vec<PathBuf> =
        folders.iter().map(|path| path.strip_prefix(&top).unwrap_or(path).to_owned()).collect();
    // All of it.
    let has_top = below.iter().any(|path| path.as_os_str().is_empty());
    let below = if has_top { &[][..] } else { &below[..] };
    let names = match state {
        _ if texts.len() > MOST_TEXTS => None,
        state => {
            let mut arguments = vec!["grep", "-l", "-z", "-F", "--no-color", "-f", "-"];
            match state {
                State::Commit(commit) => arguments.push(commit),
                State::WorkTree => arguments.push("--untracked"),
            }
            let texts = texts.join("\n") + "\n";
            let found = ask_with(&top, &arguments, texts.as_bytes(), below)?;
            Some(found.unwrap_or_default())
        }
    };
    let State::Commit(commit) = state else {
        let all = || {
            let all = ["ls-files", "--cached", "--others", "--exclude-standard", "-z"];
            list(&top, &all, below)
        };
        let names = names.map_or_else(all, Ok)?;
        let names = names.split(|byte| *byte == 0).filter(|name| !name.is_empty());
        let mut files = Vec::new();
        for path in names.map(|name| top.join(path(name))).filter(|path| wanted(path)) {
            if let Some(Side::Bytes(bytes)) = from_disk(&path, limit)? {
                files.push((path, bytes));
            }
        }
        for blob in not_checked_out(folders, limit, wanted)? {
            files.extend(blob.bytes.map(|bytes| (blob.path, bytes)));
        }
        return Ok(files);
    };
    // Each is told as `<commit>:<path>`.
    let names: Option<BTreeSet<&[u8]>> = names.as_ref().map(|names| {
        names.split(|byte| *byte == 0).filter_map(|name| name.get(commit.len() + 1..)).collect()
    });
    let files = list(&top, &["ls-tree", "-r", "-z", commit], below)?;
    let mut found = Vec::new();
    for line in files.split(|byte| *byte == 0) {
        // `<mode> <type> <object>`, a tab, the path.
        let Some(tab) = line.iter().position(|byte| *byte == b'\t') else { continue };
        let (head, name) = (&line[..tab], &line[tab + 1..]);
        let path = top.join(path(name));
        let object = head.split(|byte| *byte == b' ').nth(2).filter(|_| head.starts_with(b"100"));
        let is_found = names.as_ref().is_none_or(|names| names.contains(name));
        if let Some(object) = object.filter(|_| is_found && wanted(&path)) {
            found.push((path, object));
        }
    }
    let objects: Vec<&[u8]> = found.iter().map(|(_, object)| *object).collect();
    let contents = contents(&top, &objects, limit)?;
    let read = found.into_iter().zip(contents);
    Ok(read.filter_map(|((path, _), bytes)| Some((path, bytes?))).collect())
}
