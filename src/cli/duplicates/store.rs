//! `decisions.jsonl` on disk: read, and changed by one process at a time.

use std::cell::Cell;
use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind as IoKind, Read};
use std::path::{Path, PathBuf};

use errlore::duplicates::{DECISIONS, Decisions, Fault};
use errlore::{Error, Result, visible};

use super::super::output;
use super::super::write::write_file;

/// The file of decisions of a knowledge base.
#[derive(Debug)]
pub(super) struct Store {
    path: PathBuf,
    has_written: Cell<bool>,
}

impl Store {
    /// The file at the root of a knowledge base.
    pub(super) fn new(root: &Path) -> Self {
        Self { path: root.join(DECISIONS), has_written: Cell::new(false) }
    }

    /// Names the file on standard error if it was written.
    pub(super) fn announce(&self) {
        if self.has_written.get() {
            let here = std::env::current_dir().unwrap_or_default();
            let name = self.path.strip_prefix(here).unwrap_or(&self.path);
            output::wrote(&name.to_string_lossy());
        }
    }

    /// Reads the decisions; where there is no file there are none.
    pub(super) fn read(&self) -> Result<(Decisions, Vec<Fault>)> {
        self.refuse_link()?;
        match File::open(&self.path) {
            Ok(file) => self.parse(&file),
            Err(error) if error.kind() == IoKind::NotFound => Ok(Decisions::parse(&[])),
            Err(error) => Err(Error::path("read", &self.path, &error)),
        }
    }

    /// Changes the decisions: what is there at that moment is read, changed and put in its place while
    /// no other errlore can. Where `change` says that it changed nothing, nothing is written.
    pub(super) fn change(&self, change: impl FnOnce(&mut Decisions) -> bool) -> Result<()> {
        self.refuse_link()?;
        let lock = self.lock()?;
        let (mut decisions, _) = if cfg!(unix) { self.parse(&lock)? } else { self.read()? };
        if change(&mut decisions) {
            write_file(&self.path, &decisions.write())?;
            self.has_written.set(true);
        }
        drop(lock);
        Ok(())
    }

    fn parse(&self, file: &File) -> Result<(Decisions, Vec<Fault>)> {
        /// A larger file is not one of decisions, in bytes.
        const LARGEST: u64 = 256 << 20;
        let mut bytes = Vec::new();
        let read = file.take(LARGEST + 1).read_to_end(&mut bytes);
        read.map_err(|error| Error::path("read", &self.path, &error))?;
        if bytes.len() as u64 > LARGEST {
            let name = self.path.to_string_lossy();
            return Err(Error::io(format!("{} has more than 256 MiB", visible::name(&name)))
                .with_help("is it a file of decisions?"));
        }
        Ok(Decisions::parse(&bytes))
    }

    /// A link among decisions could lead anywhere, and would be replaced by a file.
    fn refuse_link(&self) -> Result<()> {
        match fs::symlink_metadata(&self.path) {
            Ok(found) if !found.is_file() => {
                let name = self.path.to_string_lossy();
                Err(Error::io(format!("{} is not a file of its own", visible::name(&name)))
                    .with_help("decisions are not read or written through a link"))
            }
            _ => Ok(()),
        }
    }

    /// Waits until no other process is changing the file. Every change renames a new file into its place:
    /// a lock on one that is no longer there is worth nothing, and the next is tried.
    fn lock(&self) -> Result<File> {
        /// So many others would have to be quicker, one after another.
        const TRIES: usize = 10_000;
        let path = lock_path(&self.path);
        let failed = |error: &std::io::Error| Error::path("lock", &path, error);
        for _ in 0..TRIES {
            let mut options = OpenOptions::new();
            let options = options.read(true).write(true).create(true).truncate(false);
            let file = options.open(&path).map_err(|error| failed(&error))?;
            file.lock().map_err(|error| failed(&error))?;
            if is_there(&file, &path) {
                return Ok(file);
            }
        }
        let name = path.to_string_lossy();
        Err(Error::io(format!("{} is always being changed", visible::name(&name)))
            .with_help("run the command again"))
    }
}

#[cfg(unix)]
fn lock_path(path: &Path) -> PathBuf {
    path.to_owned()
}

/// Elsewhere a file that is open cannot be replaced: the lock is on one beside it.
#[cfg(not(unix))]
fn lock_path(path: &Path) -> PathBuf {
    path.with_extension("lock")
}

/// Whether a path still leads to an open file.
#[cfg(unix)]
fn is_there(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let which = |metadata: fs::Metadata| (metadata.dev(), metadata.ino());
    let (open, named) = (file.metadata().map(which), fs::metadata(path).map(which));
    open.is_ok_and(|open| named.is_ok_and(|named| open == named))
}

#[cfg(not(unix))]
fn is_there(_: &File, _: &Path) -> bool {
    true
}
