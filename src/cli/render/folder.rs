//! A folder of pages: one for each entry of a knowledge base, and nothing outside of the folder.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use errlore::corpus::Inputs;
use errlore::entry::EntryId;
use errlore::wording::counted;
use errlore::{Error, Result, visible};
use rayon::prelude::*;

use super::super::{Status, output, write};
use super::{Form, refuse, whole_entry};

/// What became of an entry.
enum Outcome {
    /// Its page is new: the file, from the folder of the pages.
    Written(String),
    /// Its page was there already.
    UpToDate,
    /// It has no page.
    Failed(Error),
}

/// Renders every entry. One that cannot be rendered does not stop the others.
pub(super) fn fill(inputs: Inputs, folder: &Path, form: Form) -> Result<Status> {
    fs::create_dir_all(folder).map_err(|error| Error::path("make", folder, &error))?;
    let root = fs::canonicalize(folder).map_err(|error| Error::path("find", folder, &error))?;

    // The ids first: entries are many, and two of one id must not write over each other.
    let ids: Vec<Result<Option<EntryId>>> = (0..inputs.files.len())
        .into_par_iter()
        .map(|number| Ok(whole_entry(&inputs, number)?.map(|entry| entry.id)))
        .collect();
    let mut holders: HashMap<&EntryId, usize> = HashMap::new();
    for id in ids.iter().flatten().flatten() {
        *holders.entry(id).or_default() += 1;
    }
    let outcomes: Vec<Option<Outcome>> = ids
        .par_iter()
        .enumerate()
        .map(|(number, id)| {
            let id = id.as_ref().ok()?.as_ref()?;
            let name = || visible::name(&inputs.files[number].name).into_owned();
            let refused = |why: &str| {
                let message = format!("{} of {} {why}", visible::quote(id.as_str()), name());
                Some(Outcome::Failed(Error::config(message)))
            };
            if holders[id] > 1 {
                return refused("is the id of another entry too");
            }
            let written = whole_entry(&inputs, number).and_then(|entry| match entry {
                Some(entry) if entry.id == *id => put(&root, id, form, &form.page(&entry)),
                _ => Err(Error::io(format!("{} changed while it was being rendered", name()))),
            });
            Some(written.unwrap_or_else(Outcome::Failed))
        })
        .collect();

    let unread: Vec<usize> =
        ids.iter().enumerate().filter(|(_, id)| matches!(id, Ok(None))).map(|(n, _)| n).collect();
    let (mut written, mut same, mut refused, mut failed) = (0, 0, unread.len(), false);
    for failure in inputs.failures.iter().chain(ids.iter().filter_map(|id| id.as_ref().err())) {
        output::failure(failure);
        failed = true;
    }
    for outcome in outcomes.into_iter().flatten() {
        match outcome {
            Outcome::Written(page) => {
                output::wrote(&folder.join(page).to_string_lossy());
                written += 1;
            }
            Outcome::UpToDate => same += 1,
            Outcome::Failed(error) => {
                output::failure(&error);
                refused += 1;
                failed |= error.kind() == errlore::ErrorKind::Io;
            }
        }
    }
    if !unread.is_empty() {
        refuse(inputs, &unread);
    }
    eprintln!("{}", summary(folder, written, same, refused));
    Ok(match (failed, refused) {
        (true, _) => Status::Failed,
        (false, 0) => Status::Clean,
        (false, _) => Status::Findings,
    })
}

fn summary(folder: &Path, written: usize, same: usize, refused: usize) -> String {
    let folder = folder.to_string_lossy();
    let mut out = format!("wrote {} to {}", counted(written, "page"), visible::name(&folder));
    if same > 0 {
        out.push_str(&format!("; {same} did not change"));
    }
    if refused > 0 {
        out.push_str(&format!("; {refused} could not be rendered"));
    }
    out
}

/// Puts a page at the place of its id below a folder.
fn put(root: &Path, id: &EntryId, form: Form, page: &str) -> Result<Outcome> {
    let path = write::place(root, id, form.extension())?;
    if fs::read(&path).is_ok_and(|there| there == page.as_bytes()) {
        return Ok(Outcome::UpToDate);
    }
    write::replace(&path, page.as_bytes())?;
    Ok(Outcome::Written(format!("{id}.{}", form.extension())))
}
