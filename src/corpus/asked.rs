//! The paths that a command was given, and how reports call files.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::base::Places;
use crate::error::{Error, Result};

/// The name of a text from standard input that was given no other.
pub const STDIN: &str = "<stdin>";

/// A path that was named.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    /// As it was written.
    pub(super) written: PathBuf,
    /// Absolute, with links resolved in all but the last part of a file's path. No link among entries is
    /// followed: it stands for all that is behind it.
    pub(super) path: PathBuf,
    pub(super) is_folder: bool,
    /// Whether a text from standard input stands in for it.
    pub(super) is_given: bool,
}

impl Asked {
    pub(super) fn new(written: &Path, is_given: bool, places: &Places<'_>) -> Result<Self> {
        let absolute = places.here.join(written);
        if let Some((path, behind)) = link_among_entries(&absolute, places) {
            let written = written.ancestors().nth(behind).unwrap_or(written).to_owned();
            return Ok(Self { written, path, is_folder: false, is_given });
        }
        let is_folder = absolute.is_dir();
        let path = match (absolute.parent(), absolute.file_name()) {
            (Some(parent), Some(name)) if !is_folder => fs::canonicalize(parent)
                .map_or_else(|_| absolute.clone(), |parent| parent.join(name)),
            _ => canonical(&absolute)?,
        };
        Ok(Self { written: written.to_owned(), path, is_folder, is_given })
    }

    /// The same, as one of the knowledge bases in a folder that was named.
    pub(super) fn narrowed_to(&self, root: &Path) -> Self {
        let below = root.strip_prefix(&self.path).unwrap_or(Path::new(""));
        Self { written: self.written.join(below), path: root.to_owned(), ..*self }
    }

    /// The folder from which its knowledge base is looked for.
    pub(super) fn folder(&self) -> &Path {
        if self.is_folder { &self.path } else { self.path.parent().unwrap_or(&self.path) }
    }

    /// Whether it is a text from standard input without a name: it has no place.
    pub(super) fn is_unnamed(&self) -> bool {
        self.is_given && self.written == Path::new(STDIN)
    }
}

/// The first link on the way to a path that lies among the entries of a knowledge base, or where their folder
/// should be; and how many parts of the path come after it.
fn link_among_entries(absolute: &Path, places: &Places<'_>) -> Option<(PathBuf, usize)> {
    let ancestors: Vec<&Path> = absolute.ancestors().collect();
    ancestors.into_iter().enumerate().rev().find_map(|(behind, path)| {
        // The working directory has no links in it. A slash at the end would follow one.
        let path = path.parent()?.join(path.file_name()?);
        let is_link = || path.symlink_metadata().is_ok_and(|found| found.is_symlink());
        if places.here.starts_with(&path) || !is_link() {
            return None;
        }
        let parent = fs::canonicalize(path.parent()?).ok()?;
        let link = parent.join(path.file_name()?);
        let place = places.around(&parent);
        (place.holds(&link) || place.is_below(&link)).then_some((link, behind))
    })
}

/// How reports call a file: by its path from the working directory, or as it was written.
pub(super) struct Names<'a> {
    pub(super) here: &'a Path,
    /// How the paths that were asked for are written.
    written: HashMap<&'a Path, &'a Path>,
}

impl<'a> Names<'a> {
    pub(super) fn new(here: &'a Path, asked: &'a [Asked]) -> Self {
        // Of several ways the first.
        let written = asked.iter().rev().map(|asked| (&*asked.path, &*asked.written));
        Self { here, written: written.collect() }
    }

    pub(super) fn of(&self, path: &Path) -> String {
        if path == self.here {
            return ".".to_owned();
        }
        let as_written = |above: &Path| {
            let written = self.written.get(above)?;
            let below = path.strip_prefix(above).ok()?;
            let is_all = below.as_os_str().is_empty();
            Some(if is_all { (*written).to_owned() } else { written.join(below) })
        };
        let name = match path.strip_prefix(self.here) {
            Ok(below) => below.to_owned(),
            Err(_) => path.ancestors().find_map(as_written).unwrap_or_else(|| path.to_owned()),
        };
        let name = name.to_string_lossy();
        if cfg!(windows) { name.replace('\\', "/") } else { name.into_owned() }
    }
}

/// A path with its links resolved.
pub(super) fn canonical(path: &Path) -> Result<PathBuf> {
    fs::canonicalize(path).map_err(|error| Error::path("find", path, &error))
}
