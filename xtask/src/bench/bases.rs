//! The knowledge bases that are measured, in the scratch folder.
//!
//! `base/` holds the entries as they are, below `entries/`. `copies/` holds folders `c1/`, `c2/` and so
//! on, each with all entries under ids of its own, and `errlore-N.toml` for the first N of them. A
//! stamp says what was written, so that the next run need not write it again.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use errlore::{Error, Result};

use super::rename;

const STAMP: &str = "bench-stamp.txt";
const STAMP_HEAD: &str = "Written by `cargo xtask bench`, which may delete it.\n";

/// The entries to measure on.
pub(super) struct Entries {
    /// Path below the folder, with `/`, and bytes; by path.
    files: Vec<(String, Vec<u8>)>,
}

/// A knowledge base in the scratch folder.
#[derive(Debug)]
pub(super) struct Base {
    /// The working directory of what is measured.
    pub(super) root: PathBuf,
    /// The configuration, in `root`.
    pub(super) config: String,
    /// The folders of entries, in `root`.
    pub(super) folders: Vec<String>,
    /// The files, relative to `root`.
    pub(super) files: Vec<String>,
    /// The size of them all.
    pub(super) bytes: u64,
}

impl Entries {
    /// Reads the `.json` files below a folder.
    pub(super) fn read(folder: &Path) -> Result<Self> {
        let mut files = Vec::new();
        if folder.is_dir() {
            collect(folder, "", &mut files)?;
        }
        if files.is_empty() {
            return Err(Error::no_input(format!("no .json file below {}", folder.display()))
                .with_help("name a folder of entries with --entries"));
        }
        files.sort();
        Ok(Self { files })
    }

    /// The texts of the files.
    pub(super) fn contents(&self) -> impl Iterator<Item = &str> {
        self.files.iter().filter_map(|(_, bytes)| std::str::from_utf8(bytes).ok())
    }

    fn bytes(&self) -> u64 {
        self.files.iter().map(|(_, bytes)| bytes.len() as u64).sum()
    }

    fn stamp(&self, copies: usize) -> String {
        let mut hasher = DefaultHasher::new();
        self.files.hash(&mut hasher);
        let (count, digest) = (self.files.len(), hasher.finish());
        format!("{STAMP_HEAD}{count} entries, digest {digest:016x}, {copies} copies\n")
    }

    /// The base with the entries as they are.
    pub(super) fn write_base(&self, root: &Path) -> Result<Base> {
        let folders = vec!["entries".to_owned()];
        prepare(root, &self.stamp(0), &folders, || {
            for (path, bytes) in &self.files {
                write(&root.join("entries").join(path), bytes)?;
            }
            Ok(())
        })?;
        let config = "errlore.toml".to_owned();
        write(&root.join(&config), config_text(&folders).as_bytes())?;
        let files = self.files.iter().map(|(path, _)| format!("entries/{path}")).collect();
        Ok(Base { root: root.to_owned(), config, folders, files, bytes: self.bytes() })
    }

    /// Copies under new ids, and a base for each size, a number of copies; the last is the largest.
    pub(super) fn write_copies(&self, root: &Path, sizes: &[usize]) -> Result<Vec<Base>> {
        let most = sizes.iter().copied().max().unwrap_or(0);
        let all: Vec<String> = (1..=most).map(|number| format!("c{number}")).collect();
        prepare(root, &self.stamp(most), &all, || {
            for (path, bytes) in &self.files {
                let text = String::from_utf8_lossy(bytes);
                let places = rename::places(&text);
                for folder in &all {
                    let suffix = format!("-{folder}");
                    let copy = rename::with_suffix(&text, &places, &suffix);
                    let path = rename::path(path, &suffix);
                    write(&root.join(folder).join(path), copy.as_bytes())?;
                }
            }
            Ok(())
        })?;
        sizes.iter().map(|&size| self.base_of_copies(root, &all[..size])).collect()
    }

    fn base_of_copies(&self, root: &Path, folders: &[String]) -> Result<Base> {
        let config = format!("errlore-{}.toml", folders.len());
        write(&root.join(&config), config_text(folders).as_bytes())?;
        let files: Vec<String> = folders
            .iter()
            .flat_map(|folder| {
                let suffix = format!("-{folder}");
                self.files
                    .iter()
                    .map(move |(path, _)| format!("{folder}/{}", rename::path(path, &suffix)))
            })
            .collect();
        let mut bytes = 0;
        for file in &files {
            let path = root.join(file);
            bytes += fs::metadata(&path).map_err(|error| unusable(&path, &error))?.len();
        }
        Ok(Base { root: root.to_owned(), config, folders: folders.to_vec(), files, bytes })
    }
}

fn config_text(folders: &[String]) -> String {
    format!("# Written by `cargo xtask bench`.\nentries = {folders:?}\n")
}

fn unusable(path: &Path, error: &std::io::Error) -> Error {
    Error::path("use the copy", path, error)
        .with_help("the scratch folder is damaged: delete it, and it is written anew")
}

/// Writes a folder unless it holds what the stamp says. What an earlier run left there is deleted
/// first; a folder that is not ours is left alone.
fn prepare(
    root: &Path,
    stamp: &str,
    folders: &[String],
    fill: impl FnOnce() -> Result<()>,
) -> Result<()> {
    let stamp_file = root.join(STAMP);
    let present = fs::read_to_string(&stamp_file).unwrap_or_default();
    if present == stamp && folders.iter().all(|folder| root.join(folder).is_dir()) {
        return Ok(());
    }
    if present.starts_with(STAMP_HEAD) {
        fs::remove_dir_all(root).map_err(|error| Error::path("delete", root, &error))?;
    } else if fs::read_dir(root).is_ok_and(|mut found| found.next().is_some()) {
        return Err(Error::config(format!(
            "{} holds files that are not of `bench`",
            root.display()
        ))
        .with_help("name an empty folder with --scratch"));
    }
    eprintln!("writing {}", root.display());
    // Until all is written the stamp says only whose folder it is.
    write(&stamp_file, STAMP_HEAD.as_bytes())?;
    fill()?;
    write(&stamp_file, stamp.as_bytes())
}

fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|error| Error::path("make", folder, &error))?;
    }
    fs::write(path, bytes).map_err(|error| Error::path("write", path, &error))
}

/// Reads the `.json` files below a folder; `below` is the path so far, with a `/` at its end.
fn collect(folder: &Path, below: &str, files: &mut Vec<(String, Vec<u8>)>) -> Result<()> {
    let failed = |error: &std::io::Error| Error::path("read", folder, error);
    for found in fs::read_dir(folder).map_err(|error| failed(&error))? {
        let found = found.map_err(|error| failed(&error))?;
        let kind = found.file_type().map_err(|error| failed(&error))?;
        let path = found.path();
        let Ok(name) = found.file_name().into_string() else {
            continue; // No id is spelt like that, and the copies need text for a path.
        };
        if kind.is_dir() {
            collect(&path, &format!("{below}{name}/"), files)?;
        } else if kind.is_file() && path.extension().is_some_and(|extension| extension == "json") {
            let bytes = fs::read(&path).map_err(|error| Error::path("read", &path, &error))?;
            files.push((format!("{below}{name}"), bytes));
        }
    }
    Ok(())
}
