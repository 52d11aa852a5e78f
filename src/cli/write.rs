//! Writing files so that none is ever half written, and nothing is written that was not meant.
//!
//! What a command line names as an output is written through [`write_output`]: a link is followed to its end,
//! a device, a pipe or a stream is opened and written, an ordinary file is replaced. Entries and pages are
//! replaced at the very path ([`replace`]).

use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind as IoKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use errlore::entry::EntryId;
use errlore::{Error, Result, visible};

mod change;
mod target;

pub(super) use change::Change;
pub(super) use target::Output;
use target::Target;

/// Writes some bytes more.
pub(super) type Piece<'w> = dyn FnMut(&[u8]) -> Result<()> + 'w;

/// Puts bytes at what a path leads to.
pub(super) fn write_file(path: &Path, bytes: &[u8]) -> Result<()> {
    write_output(&Output::over(path), |write| write(bytes))
}

/// Writes an output piece by piece.
pub(super) fn write_output(
    output: &Output,
    pieces: impl FnOnce(&mut Piece<'_>) -> Result<()>,
) -> Result<()> {
    let failed = |error: &io::Error| Error::path("write", &output.path, error);
    match Target::of(&output.path).map_err(|error| failed(&error))? {
        Target::Stdout => pieces(&mut super::write_bytes),
        Target::Stderr => {
            pieces(&mut |bytes| put(&mut io::stderr(), bytes).map_err(|error| failed(&error)))
        }
        Target::Stream(path) => {
            // What stands there is not ours to cut off.
            let stream = OpenOptions::new().append(true).open(path);
            let mut stream = stream.map_err(|error| failed(&error))?;
            pieces(&mut |bytes| put(&mut stream, bytes).map_err(|error| failed(&error)))
        }
        Target::File(path) if output.appends => {
            let mut file = behind(&path).map_err(|error| failed(&error))?;
            pieces(&mut |bytes| file.write_all(bytes).map_err(|error| failed(&error)))?;
            file.sync_all().map_err(|error| failed(&error))
        }
        Target::File(path) => {
            let mut outcome = Ok(());
            let written = put_in_place(&path, |file| {
                outcome =
                    pieces(&mut |bytes| file.write_all(bytes).map_err(|error| failed(&error)));
                // What is not whole does not get a name.
                if outcome.is_ok() { Ok(()) } else { Err(io::Error::other("not written")) }
            });
            outcome.and(written.map(drop).map_err(|error| failed(&error)))
        }
    }
}

/// Whether two outputs are one file or one stream; none is standard output.
pub(super) fn is_same(one: Option<&Output>, other: Option<&Output>) -> bool {
    let target = |output: Option<&Output>| {
        output.map_or(Some(Target::Stdout), |output| Target::of(&output.path).ok())
    };
    match (target(one), target(other)) {
        (Some(one), Some(other)) => one.is_same(&other),
        // What leads nowhere is told of when it is to be written.
        _ => one == other,
    }
}

/// Whether an output is standard output, by whatever name.
pub(super) fn is_stdout(output: &Output) -> bool {
    is_same(Some(output), None)
}

/// A pipe that was closed is the reader's good right.
fn put(stream: &mut impl Write, bytes: &[u8]) -> io::Result<()> {
    match stream.write_all(bytes).and_then(|()| stream.flush()) {
        Err(error) if error.kind() != IoKind::BrokenPipe => Err(error),
        _ => Ok(()),
    }
}

/// Opens a file for what comes behind what is there, which is to end with its line.
fn behind(path: &Path) -> io::Result<fs::File> {
    let mut file = OpenOptions::new().read(true).append(true).create(true).open(path)?;
    let found = file.metadata()?;
    refuse_read_only(&found)?;
    if found.len() > 0 {
        let mut last = [0];
        file.seek(SeekFrom::End(-1))?;
        file.read_exact(&mut last)?;
        if last != *b"\n" {
            file.write_all(b"\n")?;
        }
    }
    Ok(file)
}

/// Puts bytes at a path; a link that stands there is replaced.
pub(super) fn replace(path: &Path, bytes: &[u8]) -> Result<()> {
    let written = put_in_place(path, |file| file.write_all(bytes));
    written.map(drop).map_err(|error| Error::path("write", path, &error))
}

/// Puts what is written at the file that a path leads to, and opens that for reading as well.
pub(super) fn write_with(
    path: &Path,
    write: impl FnOnce(&mut fs::File) -> io::Result<()>,
) -> io::Result<fs::File> {
    match Target::of(path)? {
        Target::File(path) => put_in_place(&path, write),
        _ => Err(io::Error::other("it is no file")),
    }
}

/// Puts what is written at a path: beside it, flushed, then renamed, with the owner and the permissions of the
/// file that was there. Errors never name the file beside it.
fn put_in_place(
    path: &Path,
    write: impl FnOnce(&mut fs::File) -> io::Result<()>,
) -> io::Result<fs::File> {
    let before = fs::symlink_metadata(path).ok().filter(fs::Metadata::is_file);
    if let Some(before) = &before {
        refuse_read_only(before)?;
        refuse_second_name(before)?;
        // Who may not write the file may not put another in its place.
        OpenOptions::new().write(true).open(path)?;
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let mut code = None;
    let open = |path: &Path| {
        let file = new_file(path, before.is_some());
        file.inspect_err(|error| code = error.raw_os_error())
    };
    let made = tempfile::Builder::new()
        .prefix(".errlore-")
        .make_in(folder.unwrap_or(Path::new(".")), open);
    let mut file = made.map_err(|error| code.map_or(error, io::Error::from_raw_os_error))?;
    write(file.as_file_mut())?;
    if let Some(before) = before {
        keep_owner(file.as_file(), &before);
        file.as_file().set_permissions(before.permissions())?;
    }
    file.as_file().sync_all()?;
    Ok(file.persist(path)?)
}

fn refuse_read_only(found: &fs::Metadata) -> io::Result<()> {
    if found.permissions().readonly() {
        return Err(io::Error::other("it is read-only"));
    }
    Ok(())
}

/// A file that takes the place of another leaves its second name with the old text.
#[cfg(unix)]
fn refuse_second_name(found: &fs::Metadata) -> io::Result<()> {
    use std::os::unix::fs::MetadataExt;
    if found.nlink() > 1 {
        return Err(io::Error::other(
            "it is one of several hard links, and the others would keep the old text",
        ));
    }
    Ok(())
}

#[cfg(not(unix))]
#[allow(clippy::unnecessary_wraps, reason = "elsewhere it may be refused")]
fn refuse_second_name(_: &fs::Metadata) -> io::Result<()> {
    Ok(())
}

/// A file of a new name: private as long as it may hold what was private, else as the user makes files.
fn new_file(path: &Path, is_private: bool) -> io::Result<fs::File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create_new(true);
    #[cfg(unix)]
    if is_private {
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    }
    #[cfg(not(unix))]
    let _ = is_private;
    options.open(path)
}

/// Who may not give files away owns the new one.
#[cfg(unix)]
fn keep_owner(file: &fs::File, before: &fs::Metadata) {
    use std::os::unix::fs::{MetadataExt, fchown};
    let _ = fchown(file, Some(before.uid()), Some(before.gid()));
}

#[cfg(not(unix))]
fn keep_owner(_: &fs::File, _: &fs::Metadata) {}

/// The path of the file of an entry below a folder, with the folders above it made. The id must be
/// usable; a link on the way could lead out of the folder.
pub(super) fn place(root: &Path, id: &EntryId, extension: &str) -> Result<PathBuf> {
    let mut path = root.to_owned();
    let (folders, name) = id.as_str().rsplit_once('/').unwrap_or(("", id.as_str()));
    for part in folders.split('/') {
        path.push(part);
        match fs::create_dir(&path) {
            Err(error) if error.kind() != IoKind::AlreadyExists => {
                return Err(Error::path("make", &path, &error));
            }
            _ => {}
        }
        let found =
            fs::symlink_metadata(&path).map_err(|error| Error::path("look at", &path, &error))?;
        if !found.is_dir() {
            let name = path.to_string_lossy();
            return Err(Error::io(format!("{} is not a folder", visible::name(&name)))
                .with_help("nothing is written through a link or over a file"));
        }
    }
    path.push(format!("{name}.{extension}"));
    Ok(path)
}
