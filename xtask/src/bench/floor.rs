//! The cost of reading: walk folders, read each file and look at every byte, on every core.
//!
//! It runs as a program of its own, `cargo xtask floor`, so that it is measured as the others are.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use clap::Args;
use errlore::{Error, Result};

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The folders
    #[arg(required = true)]
    folders: Vec<PathBuf>,
}

/// Folders that wait to be walked, and how many threads are walking one now.
struct Queue {
    state: Mutex<(Vec<PathBuf>, usize)>,
    changed: Condvar,
}

impl Queue {
    fn lock(&self) -> MutexGuard<'_, (Vec<PathBuf>, usize)> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next folder; `None` once all is walked.
    fn take(&self) -> Option<PathBuf> {
        let mut state = self.lock();
        loop {
            if let Some(folder) = state.0.pop() {
                state.1 += 1;
                return Some(folder);
            }
            if state.1 == 0 {
                return None;
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Gives back a folder that was walked, with the folders found in it.
    fn give(&self, found: Vec<PathBuf>) {
        let mut state = self.lock();
        state.0.extend(found);
        state.1 -= 1;
        self.changed.notify_all();
    }
}

/// Reads all `.json` files below the folders.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let queue =
        Queue { state: Mutex::new((arguments.folders.clone(), 0)), changed: Condvar::new() };
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let work = || {
        let mut first_failure = Ok(());
        while let Some(folder) = queue.take() {
            let mut found = Vec::new();
            if let Err(error) = read(&folder, &mut found) {
                first_failure = first_failure.and(Err(error));
            }
            queue.give(found);
        }
        first_failure
    };
    thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        workers.into_iter().try_for_each(|worker| {
            worker.join().unwrap_or_else(|_| Err(Error::io("a thread that was reading panicked")))
        })
    })
}

/// Reads the files of one folder, and collects the folders in it.
fn read(folder: &Path, folders: &mut Vec<PathBuf>) -> Result<()> {
    let failed = |error: &std::io::Error| Error::path("walk", folder, error);
    for found in fs::read_dir(folder).map_err(|error| failed(&error))? {
        let found = found.map_err(|error| failed(&error))?;
        let kind = found.file_type().map_err(|error| failed(&error))?;
        let path = found.path();
        if kind.is_dir() {
            folders.push(path);
        } else if path.extension().is_some_and(|extension| extension == "json") {
            let bytes = fs::read(&path).map_err(|error| Error::path("read", &path, &error))?;
            // The check for UTF-8 looks at each byte, and the standard library brings it compiled for
            // speed even where xtask itself is not.
            std::hint::black_box(std::str::from_utf8(&bytes).is_ok());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_walk_ends_and_says_what_failed() {
        let folder = crate::repository::root().join("entries");
        assert!(run(&Arguments { folders: vec![folder.clone(), folder.clone()] }).is_ok());
        let missing = folder.join("there-is-no-such-folder");
        let error = run(&Arguments { folders: vec![folder, missing] }).expect_err("it is missing");
        assert!(error.to_string().contains("there-is-no-such-folder"), "{error}");
    }
}
