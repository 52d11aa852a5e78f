//! Applying fixes, and writing files so that none is ever half written.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use errlore::check::{Settings, check};
use errlore::corpus::Inputs;
use errlore::diagnostic::Applicability;
use errlore::report::Report;
use errlore::{Error, Result, visible};
use similar::TextDiff;

/// What the fixes come to.
pub(super) struct Fixed {
    /// The report on the fixed texts.
    pub(super) report: Report,
    /// By the number of the file.
    changes: BTreeMap<usize, Change>,
}

struct Change {
    path: PathBuf,
    before: String,
    after: String,
    edits: usize,
}

/// Fixes the texts in memory, and checks again, until nothing more can be fixed.
pub(super) fn settle(inputs: &mut Inputs, settings: Settings<'_>, up_to: Applicability) -> Fixed {
    /// A fix may make room for another; two that undo each other must not go on for ever.
    const MOST_ROUNDS: usize = 10;
    let mut changes: BTreeMap<usize, Change> = BTreeMap::new();
    let mut report = check(inputs, settings);
    for _ in 0..MOST_ROUNDS {
        let fixed = errlore::fix::fixed(&report, up_to);
        let mut any = false;
        for (id, (after, edits)) in fixed {
            let source = report.source(id);
            let Some(number) = source.number().filter(|_| after != source.text()) else { continue };
            any = true;
            let file = &mut inputs.files[number];
            file.given = Some(after.clone().into_bytes());
            let change = changes.entry(number).or_insert_with(|| Change {
                path: file.path.clone().unwrap_or_default(),
                before: source.text().to_owned(),
                after: String::new(),
                edits: 0,
            });
            change.after = after;
            change.edits += edits;
        }
        if !any {
            break;
        }
        report = check(inputs, settings);
    }
    changes.retain(|_, change| change.before != change.after);
    Fixed { report, changes }
}

impl Fixed {
    /// Whether nothing would change.
    pub(super) fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// The changes as a unified diff, which `git apply` takes.
    pub(super) fn diff(&self, here: &Path) -> String {
        let mut out = String::new();
        for change in self.changes.values() {
            let name = change.path.strip_prefix(here).unwrap_or(&change.path);
            let diff = TextDiff::from_lines(&change.before, &change.after);
            let unified = diff
                .unified_diff()
                .context_radius(2)
                .header(&git_name("a", name), &git_name("b", name))
                .to_string();
            out.push_str(&unified);
        }
        out
    }

    /// Writes the changed files. A file that is no longer what was checked is left alone.
    pub(super) fn write(&self) -> Result<()> {
        for change in self.changes.values() {
            let path = &change.path;
            let now = fs::read(path).map_err(|error| Error::path("read", path, &error))?;
            if now != change.before.as_bytes() {
                let name = path.to_string_lossy();
                return Err(Error::io(format!(
                    "{} changed while it was being checked",
                    visible::name(&name)
                ))
                .with_help("run the command again"));
            }
            write_file(path, change.after.as_bytes())?;
        }
        Ok(())
    }

    /// Says on standard error what was done.
    pub(super) fn announce(&self) {
        let edits: usize = self.changes.values().map(|change| change.edits).sum();
        let plural = |count: usize| if count == 1 { "" } else { "s" };
        let files = self.changes.len();
        eprintln!("fixed {edits} finding{} in {files} file{}", plural(edits), plural(files));
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
    let failed = |error: &std::io::Error| Error::path("write", path, error);
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let mut file = tempfile::Builder::new()
        .prefix(".errlore-")
        .tempfile_in(folder)
        .map_err(|error| failed(&error))?;
    file.write_all(bytes).map_err(|error| failed(&error))?;
    let permissions = fs::metadata(path).ok().map(|metadata| metadata.permissions());
    set_permissions(file.as_file(), permissions).map_err(|error| failed(&error))?;
    file.as_file().sync_all().map_err(|error| failed(&error))?;
    file.persist(path).map_err(|error| failed(&error.error))?;
    Ok(())
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
