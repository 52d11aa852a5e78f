//! What lies in a folder: entries, and what a reader could take for one.

use std::fs::{self, FileType};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use ignore::{DirEntry, WalkBuilder, WalkState};

use super::asked::Names;
use super::{InputFile, Unread};
use crate::config::FILE_NAME;
use crate::error::Error;
use crate::visible;

/// The files that were found.
pub(super) struct Walk<'a> {
    names: &'a Names<'a>,
    /// The configuration of the knowledge base, which may lie beside its entries.
    own: Option<&'a Path>,
    pub(super) files: Vec<InputFile>,
    pub(super) walked: Vec<PathBuf>,
    pub(super) failures: Vec<Error>,
}

impl<'a> Walk<'a> {
    pub(super) fn new(names: &'a Names<'a>, own: Option<&'a Path>) -> Self {
        Self { names, own, files: Vec::new(), walked: Vec::new(), failures: Vec::new() }
    }

    /// Adds the entries below a folder, and what could be taken for one; `root` is the folder of entries.
    pub(super) fn folder(
        &mut self,
        folder: &Path,
        root: &Path,
        scoped: &(dyn Fn(&Path) -> bool + Sync),
    ) {
        let walk = WalkBuilder::new(folder)
            // Every file there is an entry: one that .gitignore names can be committed all the same.
            .standard_filters(false)
            .filter_entry(|entry| entry.file_name() != ".git")
            .threads(rayon::current_num_threads())
            .build_parallel();
        let found = Mutex::new((Vec::new(), Vec::new(), Vec::new()));
        let own = self.own;
        walk.run(|| {
            Box::new(|entry| {
                let is_folder =
                    |entry: &DirEntry| entry.file_type().is_some_and(|kind| kind.is_dir());
                match entry {
                    Ok(entry) if is_folder(&entry) => lock(&found).1.push(entry.into_path()),
                    Ok(entry) => {
                        let kind = Kind::of(root, entry.path(), entry.file_type());
                        if kind != Kind::Other && own != Some(entry.path()) {
                            lock(&found).0.push((entry.into_path(), kind));
                        }
                    }
                    Err(error) => lock(&found).2.push(Error::io(format!("cannot walk: {error}"))),
                }
                WalkState::Continue
            })
        });
        let (files, walked, failures) = found.into_inner().unwrap_or_else(PoisonError::into_inner);
        self.failures.extend(failures);
        self.walked.extend(walked);
        self.files.reserve(files.len());
        for (path, kind) in files {
            let in_scope = scoped(&path);
            self.add(path, Some(root), in_scope, kind.unread());
        }
    }

    /// Adds a file that was named; `root` is the folder of entries that it lies in.
    pub(super) fn file(&mut self, path: &Path, root: Option<&Path>, in_scope: bool) {
        let kind = fs::symlink_metadata(path).ok().map(|metadata| metadata.file_type());
        let unread = match root {
            Some(root) => Kind::of(root, path, kind).unread(),
            None => kind.and_then(special),
        };
        self.add(path.to_owned(), root, in_scope, unread);
    }

    fn add(&mut self, path: PathBuf, root: Option<&Path>, in_scope: bool, special: Option<Unread>) {
        let expected_id = root.and_then(|root| expected_id(root, &path));
        let name = self.names.of(&path);
        self.files.push(InputFile {
            path: Some(path),
            name,
            expected_id,
            in_scope,
            special,
            given: None,
            before: None,
        });
    }
}

/// What a path among the entries is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// An entry.
    Entry,
    /// What a reader could take for one, or follow to one, and is not read.
    Unread(Unread),
    /// Something else.
    Other,
}

impl Kind {
    /// What a path below a folder of entries is; of a file that is not there its name tells.
    pub(super) fn of(root: &Path, path: &Path, file: Option<FileType>) -> Self {
        let below = path.strip_prefix(root).unwrap_or(path);
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let special = file.and_then(special);
        let is_hidden = || below.iter().any(|part| part.as_encoded_bytes().starts_with(b"."));
        match special {
            Some(Unread::Link) => Self::Unread(Unread::Link),
            _ if name.eq_ignore_ascii_case(FILE_NAME) => Self::Unread(Unread::Configuration),
            _ if !looks_like_json(&name) => Self::Other,
            Some(special) => Self::Unread(special),
            None if is_hidden() => Self::Unread(Unread::Hidden),
            None if path.extension().is_none_or(|extension| extension != "json") => {
                Self::Unread(Unread::Name)
            }
            None => Self::Entry,
        }
    }

    fn unread(self) -> Option<Unread> {
        match self {
            Self::Unread(why) => Some(why),
            Self::Entry | Self::Other => None,
        }
    }
}

/// Whether a person, or another program, would take a name for that of a file of JSON: whatever the case of
/// its letters, and with blanks, dots or what cannot be seen at its end.
fn looks_like_json(name: &str) -> bool {
    let unseen = |c: char| {
        c.is_whitespace()
            || visible::is_unsafe_to_show(c)
            || matches!(c, '.' | '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}')
    };
    let name = name.trim_end_matches(unseen).to_lowercase();
    [".json", ".json5", ".jsonc"].iter().any(|end| name.ends_with(end))
}

/// The id of the entry that should be in a file below a folder of entries.
pub(super) fn expected_id(folder: &Path, path: &Path) -> Option<String> {
    let relative = path.strip_prefix(folder).ok()?.with_extension("");
    let parts: Vec<_> = relative.iter().map(|part| part.to_string_lossy()).collect();
    Some(parts.join("/"))
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Why what is no plain file must not be read.
fn special(kind: FileType) -> Option<Unread> {
    if kind.is_file() {
        None
    } else if kind.is_symlink() {
        Some(Unread::Link)
    } else {
        Some(Unread::Special)
    }
}
