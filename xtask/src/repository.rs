//! Where the repository lies, and reading and writing in it.

use std::fs;
use std::path::{Path, PathBuf};

use errlore::{Error, Result};

/// The root of the repository: the folder above this package.
pub(crate) fn root() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().unwrap_or(package).to_owned()
}

/// The text of a file; `path` is relative to the root, or absolute.
pub(crate) fn read(path: impl AsRef<Path>) -> Result<String> {
    let path = root().join(path);
    fs::read_to_string(&path).map_err(|error| Error::path("read", &path, &error))
}

/// Writes a file and the folders above it; `path` is relative to the root, or absolute.
pub(crate) fn write(path: impl AsRef<Path>, text: &str) -> Result<()> {
    let path = root().join(path);
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|error| Error::path("make", folder, &error))?;
    }
    fs::write(&path, text).map_err(|error| Error::path("write", &path, &error))
}
