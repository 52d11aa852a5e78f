//! What the path of an output leads to: an ordinary file, or something that is only written to.

use std::ffi::OsString;
use std::fs;
use std::io::{self, ErrorKind as IoKind};
use std::path::{Path, PathBuf};

/// Where an output goes: `FILE`, or `>>FILE` for behind what is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) struct Output {
    pub(super) path: PathBuf,
    /// Whether what is there stays.
    pub(in super::super) appends: bool,
}

impl Output {
    /// A file that gets a new content.
    pub(in super::super) fn over(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), appends: false }
    }

    /// As the command line names it.
    pub(in super::super) fn parse(name: OsString) -> Result<Self, &'static str> {
        let output = match name.to_str().and_then(|name| name.strip_prefix(">>")) {
            Some(path) => Self { path: path.into(), appends: true },
            None => Self::over(name),
        };
        let is_empty = output.path.as_os_str().is_empty();
        if is_empty { Err("the name of a file is missing") } else { Ok(output) }
    }
}

/// What stands at the end of a path.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// Standard output of this process.
    Stdout,
    /// Standard error of this process.
    Stderr,
    /// A device, a pipe, or what a process holds open: it is opened and written, and never replaced.
    Stream(PathBuf),
    /// An ordinary file, or a place where there is none yet.
    File(PathBuf),
}

impl Target {
    /// Follows the links of a path to its end.
    pub(super) fn of(path: &Path) -> io::Result<Self> {
        /// A longer chain of links is a circle.
        const MOST_LINKS: usize = 40;
        let mut path = path.to_owned();
        for _ in 0..MOST_LINKS {
            match path.to_str() {
                Some("/dev/stdout") => return Ok(Self::Stdout),
                Some("/dev/stderr") => return Ok(Self::Stderr),
                _ => {}
            }
            let Some(name) = path.file_name() else { return Err(IoKind::IsADirectory.into()) };
            let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
            let folder = fs::canonicalize(folder.unwrap_or(Path::new(".")))?;
            let full = folder.join(name);
            if let Some(is_own) = holds_open_files(&folder) {
                return Ok(match name.to_str() {
                    Some("1") if is_own => Self::Stdout,
                    Some("2") if is_own => Self::Stderr,
                    _ => Self::Stream(full),
                });
            }
            match fs::symlink_metadata(&full) {
                Err(error) if error.kind() == IoKind::NotFound => return Ok(Self::File(full)),
                Err(error) => return Err(error),
                Ok(found) if found.is_symlink() => path = folder.join(fs::read_link(&full)?),
                Ok(found) if found.is_dir() => return Err(IoKind::IsADirectory.into()),
                Ok(found) if found.is_file() && !full.starts_with("/proc") => {
                    return Ok(Self::File(full));
                }
                Ok(_) => return Ok(Self::Stream(full)),
            }
        }
        Err(io::Error::other("its links lead in a circle"))
    }

    /// Whether what is written to the one is lost, or mixed up, by what is written to the other.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        let is_file = matches!(self, Self::File(_)) || matches!(other, Self::File(_));
        self == other || is_file && identity(self).is_some_and(|own| Some(own) == identity(other))
    }
}

/// Whether the members of a folder stand for what a process holds open, and whether that is this process.
fn holds_open_files(folder: &Path) -> Option<bool> {
    if folder == Path::new("/dev/fd") {
        return Some(true);
    }
    let below = folder.strip_prefix("/proc").ok()?.to_str()?;
    let (process, rest) = below.split_once('/')?;
    let is_open = rest == "fd" || rest.starts_with("task/") && rest.ends_with("/fd");
    is_open.then(|| process == std::process::id().to_string())
}

/// What tells an ordinary file from all others, whatever its names.
#[cfg(unix)]
fn identity(target: &Target) -> Option<(u64, u64)> {
    use std::os::fd::AsFd;
    use std::os::unix::fs::MetadataExt;
    let of_stream = |stream: &dyn AsFd| {
        let stream = stream.as_fd().try_clone_to_owned().ok()?;
        fs::File::from(stream).metadata().ok()
    };
    let found = match target {
        Target::Stdout => of_stream(&io::stdout()),
        Target::Stderr => of_stream(&io::stderr()),
        Target::Stream(path) | Target::File(path) => fs::metadata(path).ok(),
    };
    found.filter(fs::Metadata::is_file).map(|found| (found.dev(), found.ino()))
}

#[cfg(not(unix))]
fn identity(target: &Target) -> Option<PathBuf> {
    match target {
        Target::Stream(path) | Target::File(path) => fs::canonicalize(path).ok(),
        Target::Stdout | Target::Stderr => None,
    }
}
