//! `--since`: what has changed, asked of the repositories that hold the files.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::{Path, PathBuf};

use errlore::corpus::{self, Document, InputFile, Inputs};
use errlore::git::{self, Since};
use errlore::{Result, visible};
use rayon::prelude::*;

use super::output;

mod folders;

pub(super) use folders::is_gone;

/// A revision in the repositories that hold the inputs.
pub(super) fn since(inputs: &Inputs, revision: &str) -> Result<Since> {
    Since::new(&folders(inputs), revision)
}

/// Leaves out the files that git does not track. What is handed over has no file.
pub(super) fn leave_out_untracked(inputs: &mut Inputs) -> Result<()> {
    let untracked = git::in_no_commit(&folders(inputs))?;
    let before = inputs.files.len();
    inputs.files.retain(|file| {
        file.given.is_some() || !file.path.as_ref().is_some_and(|path| untracked.contains(path))
    });
    inputs.complete &= inputs.files.len() == before;
    Ok(())
}

/// Narrows the inputs to what has changed since a revision, and adds what that was before.
pub(super) fn narrow(inputs: &mut Inputs, revision: &str) -> Result<()> {
    let since = since(inputs, revision)?;
    let changes = since.changes()?;
    folders::add_former(inputs, &since, &changes)?;
    let git::Changes { changed, added, removed } = changes;
    inputs.removed = removed.iter().filter_map(|path| inputs.expected_id(path)).collect();
    let is_changed = |path: &PathBuf| changed.binary_search(path).is_ok();
    let is_removed = |path: &PathBuf| removed.binary_search(path).is_ok();
    // A file that was named and is gone is one of those that are looked at as they were.
    inputs.files.retain(|file| file.given.is_some() || !file.path.as_ref().is_some_and(is_removed));
    let named: HashSet<&PathBuf> = inputs.named.iter().collect();
    for file in &mut inputs.files {
        let Some(path) = &file.path else { continue };
        if is_changed(path) {
            continue;
        }
        match &file.given {
            // What is handed over takes the place of a file, which is as it was.
            Some(given) if named.contains(path) => {
                file.before = std::fs::read(path).ok();
                file.in_scope &= file.before.as_ref() != Some(given);
            }
            Some(_) => file.in_scope = false,
            // One that is not there cannot be read, which has to be said.
            None => file.in_scope &= path.symlink_metadata().is_err(),
        }
    }
    // What was there before is asked of every file that changed: a pair has two sides.
    let files = inputs.files.iter().enumerate();
    let numbers: HashMap<PathBuf, usize> = files
        .filter_map(|(number, file)| Some((file.path.clone().filter(is_changed)?, number)))
        .collect();
    let is_gone = |path: &Path| is_removed(&path.to_path_buf()) && inputs.is_entry(path);
    let wanted = |path: &Path| numbers.contains_key(path) || is_gone(path);
    let limit = inputs.loaded.config.max_file_size;
    for git::Blob { path, bytes } in since.blobs_before(limit, wanted)? {
        if let Some(number) = numbers.get(&path) {
            inputs.files[*number].before = bytes;
        } else if bytes.is_some() {
            let name = path.strip_prefix(&inputs.here).unwrap_or(&path).to_string_lossy();
            inputs.gone.push(InputFile {
                name: if cfg!(windows) { name.replace('\\', "/") } else { name.into_owned() },
                expected_id: inputs.expected_id(&path),
                path: Some(path),
                in_scope: true,
                special: None,
                given: bytes,
                before: None,
            });
        }
    }
    inputs.added = added;
    inputs.complete = false;
    for top in since.unrelated() {
        let (top, revision) =
            (visible::name(&top.to_string_lossy()).into_owned(), visible::quote(revision));
        output::remark(&format!(
            "{top}: HEAD and {revision} have no commit in common here, as in a shallow clone: all that differs counts \
             as changed"
        ));
    }
    let staged = since.staged_otherwise()?;
    say_staged(
        &staged.into_iter().filter(|path| inputs.is_entry(path)).collect::<Vec<_>>(),
        &inputs.here,
    );
    Ok(())
}

/// Says of which files nobody can tell what changed in them.
pub(super) fn say_unread_before(inputs: &Inputs) {
    let limit = inputs.loaded.config.max_file_size;
    let is_unread = |file: &&InputFile| {
        let Some(before) = &file.before else { return false };
        // What is at its place now is of no matter, but its name is.
        let special = file.special.filter(|why| why.is_of_the_name());
        let given = Some(before.clone());
        let before = InputFile { given, special, before: None, ..(*file).clone() };
        let content = corpus::read(&before, limit);
        content.is_ok_and(|content| Document::load(&before, 0, content, true).entry.is_none())
    };
    let unread: Vec<&InputFile> = inputs.files.par_iter().filter(is_unread).collect();
    for file in unread {
        output::remark(&format!(
            "{}: the version before is no entry, so what changed in it is not looked at",
            visible::name(&file.name)
        ));
    }
}

/// Says that the next commit holds something else than what is looked at.
fn say_staged(files: &[PathBuf], here: &Path) {
    /// More are counted.
    const MOST: usize = 10;
    if files.is_empty() {
        return;
    }
    let names = files.iter().take(MOST).map(|path| {
        let path = path.strip_prefix(here).unwrap_or(path);
        visible::name(&path.to_string_lossy()).into_owned()
    });
    let mut names: Vec<String> = names.collect();
    if files.len() > MOST {
        names.push(format!("and {} more", files.len() - MOST));
    }
    output::remark(&format!(
        "what is staged differs from the work tree, and the work tree is what is looked at: {}",
        names.join(", ")
    ));
}

/// The folders that hold the inputs: one for each repository at least, and none below another of the same one.
fn folders(inputs: &Inputs) -> Vec<PathBuf> {
    let parents = inputs.files.iter().filter_map(|file| file.path.as_deref()?.parent());
    // Of a folder that is gone, what held it.
    let folders = inputs
        .folders
        .iter()
        .filter_map(|folder| folder.ancestors().find(|folder| folder.is_dir()));
    let all = folders.chain(inputs.walked.iter().map(|folder| &**folder));
    // A folder comes before those in it.
    let all: BTreeSet<&Path> = all.chain(parents).collect();
    let mut outer: Option<&Path> = None;
    let mut seen = HashSet::new();
    let mut found = Vec::new();
    for folder in all {
        let Some(top) = outer.filter(|outer| folder.starts_with(outer)) else {
            if folder.is_dir() {
                outer = Some(folder);
                found.push(folder.to_owned());
            }
            continue;
        };
        for inner in folder.ancestors().take_while(|inner| *inner != top) {
            if !seen.insert(inner) {
                break;
            }
            // A repository of its own, such as a submodule.
            if inner.join(".git").exists() {
                found.push(inner.to_owned());
            }
        }
    }
    found
}
