//! Merge commits: what each side held, and what came of it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::states::{Objects, files_root, objects_of};
use super::{ask, contents, git};
use crate::error::{Error, Result};

/// A merge of two sides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MergeCommit {
    /// Its object name.
    pub commit: String,
    /// The first line of its message.
    pub subject: String,
    /// The commits that were merged, ours first.
    pub sides: [String; 2],
    /// What both come from: nothing, a commit, or several where the branches were merged both ways before.
    pub bases: Vec<String>,
}

/// A file in the versions of a merge, as far as it is there. A side may have given it another name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MergedFile {
    /// Where it is, or was in the base; absolute.
    pub path: PathBuf,
    /// In the base, the first of several.
    pub base: Option<Vec<u8>>,
    /// In each other base, after what that has in common with the first.
    pub other_bases: Vec<[Option<Vec<u8>>; 2]>,
    /// In ours and theirs.
    pub sides: [Option<Vec<u8>>; 2],
    /// In the merge.
    pub result: Option<Vec<u8>>,
    /// Whether one of them is larger than was asked for, and left out.
    pub is_too_large: bool,
}

/// The merge commits of a range, as `git rev-list` takes it, the newest first; and those of more than two sides.
/// In a shallow clone they cannot be told: what is cut off there may be a merge, or what its sides come from.
pub fn merges(folder: &Path, range: &str) -> Result<(Vec<MergeCommit>, Vec<String>)> {
    if range.starts_with('-') || range.is_empty() {
        return Err(Error::config(format!("{} is no range", crate::visible::quote(range))));
    }
    if git(folder, &["rev-parse", "--is-shallow-repository"])?.trim_ascii_end() == b"true" {
        let message = "this clone is shallow: older commits, which merges come from, are not there";
        return Err(Error::io(message).with_help("`git fetch --unshallow` fetches them"));
    }
    git(folder, &["rev-parse", "--quiet", "--end-of-options", range]).map_err(|error| {
        error.with_help("a range is a revision such as `main`, or two: `v1..main`")
    })?;
    let format = "--format=%H%x00%P%x00%s";
    let arguments =
        ["log", "--merges", "--no-show-signature", format, "--end-of-options", range, "--"];
    let log = git(folder, &arguments)?;
    let log = String::from_utf8_lossy(&log).into_owned();
    let (mut merges, mut others) = (Vec::new(), Vec::new());
    for line in log.lines() {
        let mut parts = line.splitn(3, '\0');
        let (Some(commit), Some(parents), Some(subject)) =
            (parts.next(), parts.next(), parts.next())
        else {
            continue;
        };
        let parents: Vec<&str> = parents.split(' ').collect();
        let [ours, theirs] = parents[..] else {
            others.push(commit.to_owned());
            continue;
        };
        merges.push(MergeCommit {
            commit: commit.to_owned(),
            subject: subject.to_owned(),
            sides: [ours.to_owned(), theirs.to_owned()],
            bases: bases(folder, ours, theirs)?,
        });
    }
    Ok((merges, others))
}

/// The best common ancestors of two commits.
fn bases(folder: &Path, one: &str, other: &str) -> Result<Vec<String>> {
    let found = ask(folder, &["merge-base", "--all", one, other])?.unwrap_or_default();
    Ok(String::from_utf8_lossy(&found).lines().map(str::to_owned).collect())
}

/// The tree without a file, which git knows in every repository, by the name that it has in this one.
fn empty_tree(folder: &Path) -> Result<String> {
    let name = git(folder, &["hash-object", "-t", "tree", "--stdin"])?;
    Ok(String::from_utf8_lossy(name.trim_ascii_end()).into_owned())
}

/// A failure to read what a partial clone has not, told as what it is.
fn explained(folder: &Path, error: Error) -> Error {
    let promised = ask(folder, &["config", "--get-regexp", r"^remote\..*\.promisor$"]);
    if !matches!(promised, Ok(Some(_))) {
        return error;
    }
    let message = format!("this clone is partial, and what it lacks could not be fetched: {error}");
    Error::io(message)
        .with_help("`git fetch --refetch --no-filter` fetches all, once the remote answers")
}

/// Whether git is told to merge a file by a driver of this name and does not have that driver.
pub fn lacks_merge_driver(folder: &Path, file: &Path, driver: &str) -> Result<bool> {
    let top = files_root(folder)?;
    let Ok(file) = file.strip_prefix(&top) else { return Ok(false) };
    let file = file.to_string_lossy();
    // The file, the attribute, and its value.
    let answer = git(&top, &["check-attr", "-z", "merge", "--", &file])?;
    if answer.split(|byte| *byte == 0).nth(2) != Some(driver.as_bytes()) {
        return Ok(false);
    }
    Ok(ask(&top, &["config", "--get", &format!("merge.{driver}.driver")])?.is_none())
}

/// The files of a merge of which a side made something that is not just what came of it, as far as they are wanted;
/// sorted by path.
pub fn merged_files(
    folder: &Path,
    merge: &MergeCommit,
    limit: u64,
    wanted: &dyn Fn(&Path) -> bool,
) -> Result<Vec<MergedFile>> {
    let top = files_root(folder)?;
    files(&top, merge, limit, wanted).map_err(|error| explained(&top, error))
}

fn files(
    top: &Path,
    merge: &MergeCommit,
    limit: u64,
    wanted: &dyn Fn(&Path) -> bool,
) -> Result<Vec<MergedFile>> {
    let nothing = empty_tree(top)?;
    let base = merge.bases.first().unwrap_or(&nothing);
    let since = |commit: &str| Since::new(top, base, commit, wanted);
    let [ours, theirs] = [since(&merge.sides[0])?, since(&merge.sides[1])?];
    let result = since(&merge.commit)?;
    let mut others = Vec::new();
    for other in merge.bases.iter().skip(1) {
        let common = bases(top, base, other)?.into_iter().next();
        others.push([since(other)?, since(common.as_ref().unwrap_or(&nothing))?]);
    }
    let new_names: BTreeSet<&PathBuf> =
        ours.renamed.values().chain(theirs.renamed.values()).collect();
    let changed: BTreeSet<&PathBuf> = ours.objects.keys().chain(theirs.objects.keys()).collect();
    let mut found: Vec<Found<'_>> = Vec::new();
    for path in changed {
        let all = [&ours, &theirs, &result].into_iter();
        let before = all.chain(others.iter().flatten()).find_map(|since| since.objects.get(path));
        let before = before.and_then(|(before, _)| before.as_deref());
        // What came under a new name is looked at under the old one.
        if before.is_none() && new_names.contains(path) {
            continue;
        }
        let names = [ours.name(path), theirs.name(path), result.name(path), path];
        let at =
            names.into_iter().find_map(|name| Some((name, result.object(name, path, before)?)));
        let sides = [&ours, &theirs].map(|side| side.object(side.name(path), path, before));
        let other_bases: Vec<_> = others
            .iter()
            .map(|pair| pair.each_ref().map(|since| since.object(since.name(path), path, before)))
            .collect();
        let mut came = at.map(|(_, object)| object);
        // It may have come to another folder, as where the other side has renamed that.
        if let ([Some(own), None] | [None, Some(own)], None, None) = (sides, before, came) {
            came = result.has(own).then_some(own);
        }
        let path = at.map_or(path, |(name, _)| name);
        found.push(Found { path, base: before, sides, other_bases, result: came });
    }
    found.retain(|file| !file.is_plain());
    let objects: Vec<&[u8]> = found.iter().flat_map(Found::objects).flatten().collect();
    let mut contents = contents(top, &objects, limit)?.into_iter();
    let files = found.into_iter().map(|file| {
        let mut is_too_large = false;
        let mut read = |object: Option<&[u8]>| {
            let content = object.and_then(|_| contents.next().flatten());
            is_too_large |= object.is_some() && content.is_none();
            content
        };
        MergedFile {
            path: file.path.clone(),
            base: read(file.base),
            sides: file.sides.map(&mut read),
            result: read(file.result),
            other_bases: file.other_bases.into_iter().map(|pair| pair.map(&mut read)).collect(),
            is_too_large,
        }
    });
    Ok(files.collect())
}

/// The objects of a file in the versions of a merge.
struct Found<'o> {
    path: &'o PathBuf,
    base: Option<&'o [u8]>,
    sides: [Option<&'o [u8]>; 2],
    other_bases: Vec<[Option<&'o [u8]>; 2]>,
    result: Option<&'o [u8]>,
}

impl<'o> Found<'o> {
    /// Whether what a side made alone, or both made alike, has come through.
    fn is_plain(&self) -> bool {
        let Self { base, sides: [ours, theirs], result, .. } = self;
        let has_one_base = self.other_bases.iter().flatten().all(|other| other == base);
        match () {
            () if ours == theirs => result == ours,
            () if !has_one_base => false,
            () if ours == base => result == theirs,
            () => theirs == base && result == ours,
        }
    }

    /// All, in the order in which they are read.
    fn objects(&self) -> impl Iterator<Item = Option<&'o [u8]>> {
        let four = [self.base, self.sides[0], self.sides[1], self.result];
        four.into_iter().chain(self.other_bases.iter().flatten().copied())
    }
}

/// What has become of the files of a base.
struct Since {
    objects: Objects,
    /// The new names of files, by their old ones.
    renamed: BTreeMap<PathBuf, PathBuf>,
}

impl Since {
    fn new(top: &Path, base: &str, to: &str, wanted: &dyn Fn(&Path) -> bool) -> Result<Self> {
        let mut renamed = BTreeMap::new();
        let objects = objects_of(top, &[base, to], wanted, &mut |old, new| {
            renamed.insert(old, new);
        })?;
        Ok(Self { objects, renamed })
    }

    /// What a file of the base is called.
    fn name<'p>(&'p self, path: &'p PathBuf) -> &'p PathBuf {
        self.renamed.get(path).unwrap_or(path)
    }

    /// What holds the file of this name, which is another one of the base or not in it, unless it is `path` itself.
    fn object<'o>(
        &'o self,
        name: &Path,
        path: &Path,
        before: Option<&'o [u8]>,
    ) -> Option<&'o [u8]> {
        let unchanged = before.filter(|_| name == path);
        self.objects.get(name).map_or(unchanged, |(_, new)| new.as_deref())
    }

    fn has(&self, object: &[u8]) -> bool {
        self.objects.values().any(|(_, new)| new.as_deref() == Some(object))
    }
}
