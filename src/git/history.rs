//! Merge commits: what each side held, and what came of it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::states::{Objects, raw, top};
use super::{contents, git};
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
    /// What both come from, if anything.
    pub base: Option<String>,
}

/// A file in the four versions of a merge, as far as it is there and no larger than was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MergedFile {
    /// Where it is; absolute.
    pub path: PathBuf,
    /// In the base.
    pub base: Option<Vec<u8>>,
    /// In ours and theirs.
    pub sides: [Option<Vec<u8>>; 2],
    /// In the merge.
    pub result: Option<Vec<u8>>,
}

/// The merge commits of a range, as `git rev-list` takes it, the newest first; and how many merge more than two sides.
pub fn merges(folder: &Path, range: &str) -> Result<(Vec<MergeCommit>, usize)> {
    if range.starts_with('-') || range.is_empty() {
        return Err(Error::config(format!("{} is no range", crate::visible::quote(range))));
    }
    let format = "--format=%H%x00%P%x00%s";
    let arguments =
        ["log", "--merges", "--no-show-signature", format, "--end-of-options", range, "--"];
    let log = git(folder, &arguments).map_err(|error| {
        error.with_help("a range is a revision such as `main`, or two: `v1..main`")
    })?;
    let log = String::from_utf8_lossy(&log).into_owned();
    let (mut merges, mut others) = (Vec::new(), 0);
    for line in log.lines() {
        let mut parts = line.splitn(3, '\0');
        let (Some(commit), Some(parents), Some(subject)) =
            (parts.next(), parts.next(), parts.next())
        else {
            continue;
        };
        let parents: Vec<&str> = parents.split(' ').collect();
        let [ours, theirs] = parents[..] else {
            others += 1;
            continue;
        };
        let base = git(folder, &["merge-base", ours, theirs]).ok();
        merges.push(MergeCommit {
            commit: commit.to_owned(),
            subject: subject.to_owned(),
            sides: [ours.to_owned(), theirs.to_owned()],
            base: base.map(|base| String::from_utf8_lossy(base.trim_ascii_end()).into_owned()),
        });
    }
    Ok((merges, others))
}

/// The files of a merge of which a side made something that is not just what came of it, as far as they are wanted;
/// sorted by path.
pub fn merged_files(
    folder: &Path,
    merge: &MergeCommit,
    limit: u64,
    wanted: &dyn Fn(&Path) -> bool,
) -> Result<Vec<MergedFile>> {
    /// The tree without a file, which git knows in every repository.
    const EMPTY: &str = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";
    let top = top(folder)?;
    let base = merge.base.as_deref().unwrap_or(EMPTY);
    let [ours, theirs] = &merge.sides;
    let of = |to: &str| raw(&top, &[base, to], wanted);
    let (ours, theirs, result) = (of(ours)?, of(theirs)?, of(&merge.commit)?);
    let changed: BTreeSet<&PathBuf> = ours.keys().chain(theirs.keys()).collect();
    let mut found: Vec<(&PathBuf, [Option<&[u8]>; 4])> = Vec::new();
    for path in changed {
        let before = [&ours, &theirs, &result].into_iter().find_map(|all| all.get(path));
        let before = before.and_then(|(before, _)| before.as_deref());
        found.push((
            path,
            [
                before,
                pick(&ours, path, before),
                pick(&theirs, path, before),
                pick(&result, path, before),
            ],
        ));
    }
    // What a side made alone, and what both made alike, has come through if the result has it.
    found.retain(|(_, [base, ours, theirs, result])| {
        let expected = if ours == base || ours == theirs { theirs } else { ours };
        let is_plain = ours == base || theirs == base || ours == theirs;
        !(is_plain && expected == result)
    });
    let objects: Vec<&[u8]> =
        found.iter().flat_map(|(_, all)| all.iter().copied().flatten()).collect();
    let mut contents = contents(&top, &objects, limit)?.into_iter();
    let mut files = Vec::new();
    for (path, all) in found {
        let [base, ours, theirs, result] =
            all.map(|object| object.and_then(|_| contents.next().flatten()));
        files.push(MergedFile { path: path.clone(), base, sides: [ours, theirs], result });
    }
    Ok(files)
}

/// The object of a file after a change, or before it if it was not changed.
fn pick<'o>(all: &'o Objects, path: &Path, before: Option<&'o [u8]>) -> Option<&'o [u8]> {
    all.get(path).map_or(before, |(_, new)| new.as_deref())
}
