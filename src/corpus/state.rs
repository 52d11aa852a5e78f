//! [`State`]: by what a cache knows whether the files of a knowledge base are still those that it stands for.
//!
//! As in git's index a file is taken for unchanged where its size, its times and its number are, and a
//! folder where its own are, so that no file came or went. Times tell nothing of a change that followed at
//! once: what changed shortly before the state was taken, or after, is looked into.

use std::collections::HashMap;
use std::fs::{self, Metadata};
use std::path::Path;
use std::time::SystemTime;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

/// By what a change of a file or folder is seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    size: u64,
    /// When the content was changed, in nanoseconds since 1970.
    modified: i64,
    /// When anything about it was changed, which no program can set.
    changed: i64,
    /// The number of the file in its file system.
    number: u64,
}

impl Stamp {
    /// Takes the stamp of a file or folder; a link is not followed.
    pub fn of(path: &Path) -> Option<Self> {
        fs::symlink_metadata(path).ok().map(|metadata| Self::new(&metadata))
    }

    #[cfg(unix)]
    fn new(metadata: &Metadata) -> Self {
        use std::os::unix::fs::MetadataExt;
        let time = |seconds: i64, nanoseconds: i64| {
            seconds.saturating_mul(1_000_000_000).saturating_add(nanoseconds)
        };
        Self {
            size: metadata.len(),
            modified: time(metadata.mtime(), metadata.mtime_nsec()),
            changed: time(metadata.ctime(), metadata.ctime_nsec()),
            number: metadata.ino(),
        }
    }

    #[cfg(not(unix))]
    fn new(metadata: &Metadata) -> Self {
        let time = |time: std::io::Result<SystemTime>| time.map_or(i64::MAX, nanoseconds);
        Self {
            size: metadata.len(),
            modified: time(metadata.modified()),
            changed: time(metadata.created()),
            number: 0,
        }
    }

    /// Whether a change that followed could have left it as it is, if it was taken after a moment.
    fn is_racy(self, taken: i64) -> bool {
        /// The coarsest times of a file system in use are two seconds apart.
        const COARSEST: i64 = 2_000_000_000;
        self.modified.max(self.changed) >= taken.saturating_sub(COARSEST)
    }
}

/// Nanoseconds since 1970.
fn nanoseconds(time: SystemTime) -> i64 {
    let since = time.duration_since(SystemTime::UNIX_EPOCH);
    since.map_or(0, |since| i64::try_from(since.as_nanos()).unwrap_or(i64::MAX))
}

/// A file of a folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileState<'s> {
    /// Its name in the folder.
    pub name: &'s str,
    /// By what a change is seen.
    pub stamp: Stamp,
    /// The checksum of what it held.
    pub checksum: u64,
    /// Under which number it is kept; a file without an entry has none.
    pub kept: Option<u32>,
}

/// A folder and its files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FolderState<'s> {
    /// Its path from the root of the knowledge base.
    pub path: &'s str,
    /// By what is seen that files came or went.
    pub stamp: Stamp,
    /// Its files, by name.
    #[serde(borrow)]
    pub files: Vec<FileState<'s>>,
}

/// The files of a knowledge base at a moment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct State<'s> {
    /// When it was begun to take the state, before any file was looked at.
    taken: i64,
    /// The settings that decide which files are entries.
    #[serde(borrow)]
    pub settings: Vec<&'s str>,
    /// The folders, by path.
    pub folders: Vec<FolderState<'s>>,
}

/// What has to be looked into.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Doubts {
    /// Whether files may have come or gone.
    pub folders: bool,
    /// Files that may have changed: the numbers of their folders, and theirs there.
    pub files: Vec<(usize, usize)>,
}

impl<'s> State<'s> {
    /// Begins to take a state. All that it is to hold must be looked at later.
    pub fn begin() -> Self {
        Self { taken: nanoseconds(SystemTime::now()), ..Self::default() }
    }

    /// The same state with what was looked at since it was begun.
    #[must_use]
    pub fn of<'t>(&self, settings: Vec<&'t str>, folders: Vec<FolderState<'t>>) -> State<'t> {
        State { taken: self.taken, settings, folders }
    }

    /// The files by the paths of their folders and their names.
    pub fn files(&self) -> HashMap<(&'s str, &'s str), FileState<'s>> {
        let of_folder = |folder: &FolderState<'s>| {
            let path = folder.path;
            folder.files.clone().into_iter().map(move |file| ((path, file.name), file))
        };
        self.folders.iter().flat_map(of_folder).collect()
    }

    /// Whether a file that has a stamp now holds what it held.
    pub fn is_sure(&self, file: &FileState<'s>, stamp: Stamp) -> bool {
        file.stamp == stamp && !stamp.is_racy(self.taken)
    }

    /// Holds the state against the files.
    pub fn doubts(&self, root: &Path) -> Doubts {
        let of_folder = |(number, folder): (usize, &FolderState<'s>)| {
            let mut path = root.join(folder.path);
            let is_same = |path: &Path, stamp: Stamp| {
                Stamp::of(path) == Some(stamp) && !stamp.is_racy(self.taken)
            };
            let mut doubts = Doubts { folders: !is_same(&path, folder.stamp), files: Vec::new() };
            for (at, file) in folder.files.iter().enumerate() {
                path.push(file.name);
                if !is_same(&path, file.stamp) {
                    doubts.files.push((number, at));
                }
                path.pop();
            }
            doubts
        };
        let merge = |mut all: Doubts, some: Doubts| {
            all.folders |= some.folders;
            all.files.extend(some.files);
            all
        };
        let mut doubts = self
            .folders
            .par_iter()
            .enumerate()
            .with_min_len(256)
            .map(of_folder)
            .fold(Doubts::default, merge)
            .reduce(Doubts::default, merge);
        doubts.files.sort_unstable();
        doubts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The state of a folder with two files, taken so late that nothing is racy.
    fn state(root: &Path) -> State<'static> {
        let file = |name: &'static str| FileState {
            name,
            stamp: Stamp::of(&root.join("a").join(name)).expect("a file"),
            checksum: 1,
            kept: None,
        };
        let folder = FolderState {
            path: "a",
            stamp: Stamp::of(&root.join("a")).expect("a folder"),
            files: vec![file("one.json"), file("two.json")],
        };
        State { taken: i64::MAX, settings: Vec::new(), folders: vec![folder] }
    }

    #[test]
    fn what_changes_is_doubted_and_nothing_else() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path();
        fs::create_dir(root.join("a")).expect("a folder");
        let write = |name: &str, text: &str| fs::write(root.join("a").join(name), text);
        write("one.json", "1").and_then(|()| write("two.json", "22")).expect("written");
        let known = state(root);
        assert_eq!(known.doubts(root), Doubts::default());
        write("two.json", "222").expect("written");
        assert_eq!(known.doubts(root), Doubts { folders: false, files: vec![(0, 1)] });
        let known = state(root);
        write("three.json", "3").expect("written");
        assert!(known.doubts(root).folders && known.doubts(root).files.is_empty());
        let known = state(root);
        fs::remove_file(root.join("a/one.json")).expect("removed");
        assert_eq!(known.doubts(root), Doubts { folders: true, files: vec![(0, 0)] });
    }

    #[test]
    fn what_changed_just_before_is_racy() {
        let taken = 10_000_000_000;
        let stamp = |modified, changed| Stamp { modified, changed, ..Stamp::default() };
        assert!(!stamp(1, 7_999_999_999).is_racy(taken));
        assert!(stamp(1, 8_000_000_000).is_racy(taken));
        assert!(stamp(12_000_000_000, 1).is_racy(taken));
    }
}
