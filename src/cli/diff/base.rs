//! Two states of a knowledge base in git.

use std::path::Path;

use errlore::diff::bases::{EntryDiff, Version, add_dangling, bases, doubtful_names};
use errlore::diff::document;
use errlore::{Error, Result, git};
use rayon::prelude::*;

use super::super::{Global, input, output};
use super::side::read_entry;

/// The entries that differ in a range; and whether a file was no entry, which is said on standard error.
pub(super) fn compare(global: &Global, range: &str) -> Result<(Vec<EntryDiff>, bool)> {
    let inputs = input::locate_at_any_time(global)?;
    let limit = inputs.loaded.config.max_file_size;
    let root = inputs.root.clone().unwrap_or_else(|| inputs.here.clone());
    let (from, to) = git::range(&root, range)?;
    let is_entry = |path: &Path| inputs.is_entry(path);
    let differences = git::differences(&root, (&from, &to), limit, &inputs.folders, is_entry)?;
    let name = |path: &Path| {
        let name = path.strip_prefix(&inputs.here).unwrap_or(path);
        name.to_string_lossy().replace('\\', "/")
    };
    let read = |path: &Path, side: &Option<git::Side>| -> Option<Result<Version>> {
        let name = name(path);
        Some(match side.as_ref()? {
            git::Side::Bytes(bytes) => read_entry(&name, bytes)
                .map(|(entry, _)| Version { path: name, document: document(&entry) }),
            git::Side::TooLarge => {
                Err(Error::config(format!("{name} is larger than `max-file-size`")))
            }
        })
    };
    let read: Vec<_> = differences
        .par_iter()
        .map(|file| (read(&file.path, &file.old), read(&file.path, &file.new)))
        .collect();
    let (mut old, mut new, mut has_failures) = (Vec::new(), Vec::new(), false);
    for (before, after) in read {
        for (side, versions) in [(before, &mut old), (after, &mut new)] {
            match side {
                Some(Ok(version)) => versions.push(version),
                Some(Err(error)) => {
                    output::failure(&error);
                    has_failures = true;
                }
                None => {}
            }
        }
    }
    let mut diffs = bases(old, new);
    let texts: Vec<String> =
        doubtful_names(&diffs).iter().map(|name| format!("\"{name}\"")).collect();
    let mut holders = Vec::new();
    for (path, bytes) in git::files_with(&root, &to, &texts, &inputs.folders, limit, &is_entry)? {
        let path = name(&path);
        if let Ok((entry, _)) = read_entry(&path, &bytes) {
            holders.push(Version { path, document: document(&entry) });
        }
    }
    add_dangling(&mut diffs, &holders);
    Ok((diffs, has_failures))
}
