//! Two states of a knowledge base in git.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use errlore::diff::bases::{EntryDiff, Version, add_dangling, bases, doubtful_names, mentions};
use errlore::{Error, Result, git, visible};
use rayon::prelude::*;

use super::super::{Global, input, output};
use super::side::{read_entry, too_large};

/// The entries that differ in a range; and whether a file was no entry, which is said on standard error.
pub(super) fn compare(global: &Global, range: &str) -> Result<(Vec<EntryDiff>, bool)> {
    let inputs = input::locate_at_any_time(global)?;
    let limit = inputs.loaded.config.max_file_size;
    let is_entry = |path: &Path| inputs.is_entry(path);
    let (mut states, mut differences) = (Vec::new(), Vec::new());
    for (top, folders) in git::repositories(&inputs.folders)? {
        let (from, to) = git::range(&top, range)?;
        differences.extend(git::differences(&top, (&from, &to), limit, &folders, is_entry)?);
        states.push((top, folders, to));
    }
    let name = |path: &Path| {
        let name = path.strip_prefix(&inputs.here).unwrap_or(path);
        name.to_string_lossy().replace('\\', "/")
    };
    let read = |path: &Path, side: &Option<git::Side>, age: &str| {
        let path = name(path);
        let version = format!("the {age} version of {path}");
        Some(match side.as_ref()? {
            git::Side::Bytes(bytes) => read_entry(&version, bytes).map(|read| {
                (
                    Version { path, document: read.document },
                    read.remark.filter(|_| read.raw.is_some()),
                )
            }),
            git::Side::TooLarge => Err(too_large(&version)),
            git::Side::NoFile => {
                let message = format!("{} is no ordinary file", visible::name(&version));
                Err(Error::config(message).with_help("put the entry itself there"))
            }
        })
    };
    let read: Vec<_> = differences
        .par_iter()
        .map(|file| (read(&file.path, &file.old, "old"), read(&file.path, &file.new, "new")))
        .collect();
    let (mut old, mut new, mut has_failures) = (Vec::new(), Vec::new(), false);
    for (before, after) in read {
        match (before.transpose(), after.transpose()) {
            (Ok(before), Ok(after)) => {
                for (list, side) in [(&mut old, before), (&mut new, after)] {
                    let Some((version, remark)) = side else { continue };
                    list.push(version);
                    if let Some(remark) = remark {
                        output::remark(&remark);
                    }
                }
            }
            // Of what cannot be read nobody knows whether it is gone or new.
            (before, after) => {
                has_failures = true;
                for failure in [before.err(), after.err()].into_iter().flatten() {
                    output::failure(&failure);
                }
            }
        }
    }
    let mut diffs = bases(old, new);
    let mut names = doubtful_names(&diffs);
    // Another file may hold the id of an entry that came or went.
    names.extend(diffs.iter().filter(|diff| is_one(diff)).map(|diff| diff.id.clone()));
    let texts: Vec<String> = names.iter().map(|name| format!("\"{name}\"")).collect();
    let mut files = Vec::new();
    for (top, folders, to) in states {
        files.extend(git::files_with(&top, &to, &texts, &folders, limit, &is_entry)?);
    }
    let holders: Vec<Version> = files
        .par_iter()
        .filter_map(|(path, bytes)| {
            let path = name(path);
            let document = read_entry(&path, bytes).ok()?.document;
            mentions(&document, &names).then_some(Version { path, document })
        })
        .collect();
    say_holders(&diffs, &holders);
    add_dangling(&mut diffs, &holders);
    Ok((diffs, has_failures))
}

/// Says of entries that came or went which other files hold their ids.
fn say_holders(diffs: &[EntryDiff], holders: &[Version]) {
    let mut files: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for diff in diffs.iter().filter(|diff| is_one(diff)) {
        files.entry(&diff.id).or_default();
    }
    let new = diffs.iter().filter(|diff| diff.new.is_some());
    let new = new.map(|diff| (&*diff.id, &*diff.path));
    for (id, path) in new.chain(holders.iter().map(|holder| (holder.id(), &*holder.path))) {
        if let Some(files) = files.get_mut(id) {
            files.insert(path);
        }
    }
    let gone = diffs.iter().filter(|diff| diff.new.is_none());
    let gone: BTreeSet<&str> = gone.map(|diff| &*diff.id).collect();
    for (id, files) in files {
        let names: Vec<_> = files.iter().map(|file| visible::name(file)).collect();
        let shown = visible::quote(id);
        match &names[..] {
            [name] if gone.contains(id) => output::remark(&format!("{shown} is still in {name}")),
            [] | [_] => {}
            _ => output::remark(&format!("{shown} is in several files: {}", names.join(", "))),
        }
    }
}

/// Whether there is one version alone.
fn is_one(diff: &EntryDiff) -> bool {
    diff.old.is_none() || diff.new.is_none()
}
