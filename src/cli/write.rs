//! Changing files so that none is ever half written, and showing a change instead.

use std::fs;
use std::io::{ErrorKind as IoKind, Write};
use std::path::{Path, PathBuf};

use errlore::entry::EntryId;
use errlore::{Error, Result, visible};
use similar::TextDiff;

/// A file, its text, and the text that is to take its place.
#[derive(Debug)]
pub(super) struct Change {
    pub(super) path: PathBuf,
    pub(super) before: String,
    pub(super) after: String,
}

impl Change {
    /// The change as a unified diff, which `git apply` takes.
    pub(super) fn diff(&self, here: &Path) -> String {
        let name = self.path.strip_prefix(here).unwrap_or(&self.path);
        TextDiff::from_lines(&self.before, &self.after)
            .unified_diff()
            .context_radius(2)
            .header(&git_name("a", name), &git_name("b", name))
            .to_string()
    }

    /// Writes the file. One that is no longer what was looked at is left alone.
    pub(super) fn write(&self) -> Result<()> {
        let path = &self.path;
        let now = fs::read(path).map_err(|error| Error::path("read", path, &error))?;
        if now != self.before.as_bytes() {
            let name = path.to_string_lossy();
            let message = format!("{} changed while it was being looked at", visible::name(&name));
            return Err(Error::io(message).with_help("run the command again"));
        }
        write_file(path, self.after.as_bytes())
    }
}

/// A path the way git writes it in a diff: quoted like a string of C where it holds bytes that would
/// break the line or be misread.
fn git_name(side: &str, path: &Path) -> String {
    let bytes = path.as_os_str().as_encoded_bytes();
    let plain = |byte: &u8| matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\\');
    if bytes.iter().all(plain) {
        return format!("{side}/{}", path.display());
    }
    let mut out = format!("\"{side}/");
    for byte in bytes {
        match byte {
            b'"' | b'\\' => out.extend(['\\', char::from(*byte)]),
            byte if plain(byte) => out.push(char::from(*byte)),
            byte => out.push_str(&format!("\\{byte:03o}")),
        }
    }
    out.push('"');
    out
}

/// Puts a text at a path: written beside it, flushed, then renamed, with the permissions of what was
/// there before.
pub(super) fn write_file(path: &Path, bytes: &[u8]) -> Result<()> {
    write_pieces(path, |write| write(bytes))
}

/// Writes some bytes more.
pub(super) type Piece<'w> = dyn FnMut(&[u8]) -> Result<()> + 'w;

/// The same for what is written piece by piece.
pub(super) fn write_pieces(
    path: &Path,
    pieces: impl FnOnce(&mut Piece<'_>) -> Result<()>,
) -> Result<()> {
    let failed = |error: &std::io::Error| Error::path("write", path, error);
    // A device or a pipe, such as /dev/null, is written to and not replaced.
    if fs::metadata(path).is_ok_and(|found| !found.is_file() && !found.is_dir()) {
        let mut file =
            fs::OpenOptions::new().write(true).open(path).map_err(|error| failed(&error))?;
        return pieces(&mut |bytes| file.write_all(bytes).map_err(|error| failed(&error)));
    }
    let mut outcome = Ok(());
    let written = write_with(path, |file| {
        outcome = pieces(&mut |bytes| file.write_all(bytes).map_err(|error| failed(&error)));
        // What is not whole does not get a name.
        if outcome.is_ok() { Ok(()) } else { Err(std::io::Error::other("not written")) }
    });
    outcome.and(written.map(drop).map_err(|error| failed(&error)))
}

/// Puts what is written at a path in the same way; the file is open for reading as well.
pub(super) fn write_with(
    path: &Path,
    write: impl FnOnce(&mut fs::File) -> std::io::Result<()>,
) -> std::io::Result<fs::File> {
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let mut file = tempfile::Builder::new().prefix(".errlore-").tempfile_in(folder)?;
    write(file.as_file_mut())?;
    let permissions = fs::metadata(path).ok().map(|metadata| metadata.permissions());
    set_permissions(file.as_file(), permissions)?;
    file.as_file().sync_all()?;
    Ok(file.persist(path)?)
}

#[cfg(unix)]
fn set_permissions(file: &fs::File, permissions: Option<fs::Permissions>) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    // A temporary file is private; a new report should be readable like any other file.
    file.set_permissions(permissions.unwrap_or_else(|| fs::Permissions::from_mode(0o644)))
}

#[cfg(not(unix))]
fn set_permissions(file: &fs::File, permissions: Option<fs::Permissions>) -> std::io::Result<()> {
    permissions.map_or(Ok(()), |permissions| file.set_permissions(permissions))
}

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
