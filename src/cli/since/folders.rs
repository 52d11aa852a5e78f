//! Folders that held entries at the revision that changes are counted from, and do so no longer.

use std::path::{Path, PathBuf};

use errlore::Result;
use errlore::config::{self, Config, FILE_NAME};
use errlore::corpus::Inputs;
use errlore::git::{Blob, Changes, Since};
use errlore::source::Source;

/// Adds them, so that what has gone from them is known for entries.
pub(super) fn add_former(inputs: &mut Inputs, since: &Since, changes: &Changes) -> Result<()> {
    let mut former = Vec::new();
    if let Some(root) = inputs.root.clone() {
        let names = entries_before(&root, since, changes, inputs.loaded.config.max_file_size)?;
        former.extend(names.iter().map(|name| root.join(name)));
    }
    // Without a configuration nothing else tells where a knowledge base was.
    if inputs.loaded.file.is_none() && is_gone(inputs) {
        let names = &inputs.loaded.config.entries;
        let below = changes.removed.iter().filter(|path| path.starts_with(&inputs.here));
        let is_former =
            |folder: &&Path| names.iter().any(|name| folder.ends_with(name)) && !is_there(folder);
        former.extend(
            below.filter_map(|path| Some(path.ancestors().filter(is_former).last()?.to_owned())),
        );
    }
    former.retain(|path| !is_link(path) && !path.iter().any(|part| part == ".."));
    former.sort();
    former.dedup();
    for folder in former {
        if !inputs.folders.contains(&folder) {
            inputs.folders.push(folder);
        }
    }
    Ok(())
}

/// Whether no folder of entries is there, though there may have been one.
pub(in super::super) fn is_gone(inputs: &Inputs) -> bool {
    !inputs.folders.iter().any(|folder| is_there(folder))
}

/// The folders of entries that the configuration named, where it has changed.
fn entries_before(
    root: &Path,
    since: &Since,
    changes: &Changes,
    limit: u64,
) -> Result<Vec<String>> {
    let file = root.join(FILE_NAME);
    let is_in = |paths: &[PathBuf]| paths.binary_search(&file).is_ok();
    if is_in(&changes.added) {
        return Ok(Config::default().entries);
    }
    if !is_in(&changes.changed) && !is_in(&changes.removed) {
        return Ok(Vec::new());
    }
    let blobs = since.blobs_before(limit, |path| path == file)?;
    let bytes = blobs.into_iter().next().and_then(|Blob { bytes, .. }| bytes).unwrap_or_default();
    let text = Source::new(FILE_NAME, String::from_utf8_lossy(&bytes));
    // What could not be read then named no folder.
    Ok(config::parse(&text).map(|(config, _)| config.entries).unwrap_or_default())
}

fn is_there(path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}

fn is_link(path: &Path) -> bool {
    path.symlink_metadata().is_ok_and(|found| found.is_symlink())
}
