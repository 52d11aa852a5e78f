//! The change of a file: written, or shown as a patch.

use std::fs;
use std::path::{Path, PathBuf};

use errlore::{Error, Result, visible};
use similar::{Algorithm, DiffOp, capture_diff_slices, group_diff_ops};

use super::replace;

/// A file, its text, and the text that is to take its place.
#[derive(Debug)]
pub(in super::super) struct Change {
    pub(in super::super) path: PathBuf,
    pub(in super::super) before: String,
    pub(in super::super) after: String,
}

impl Change {
    /// The change as a unified diff, in which the file is named from the folder `here`.
    pub(in super::super) fn diff(&self, here: &Path) -> String {
        let name = self.path.strip_prefix(here).unwrap_or(&self.path);
        unified(&self.before, &self.after, [&git_name("a", name), &git_name("b", name)])
    }

    /// The same as a patch that `git apply` takes in the folder `here`.
    pub(in super::super) fn patch(&self, here: &Path) -> Result<String> {
        if self.path.strip_prefix(here).is_ok() {
            return Ok(self.diff(here));
        }
        let name = self.path.to_string_lossy();
        let message = format!("{} lies outside of this folder", visible::name(&name));
        Err(Error::io(message)
            .with_help("`git apply` would pass over a patch of it: run errlore at the root"))
    }

    /// Writes the file. One that is no longer what was looked at is left alone.
    pub(in super::super) fn write(&self) -> Result<()> {
        let path = &self.path;
        let now = fs::read(path).map_err(|error| Error::path("read", path, &error))?;
        if now != self.before.as_bytes() {
            let name = path.to_string_lossy();
            let message = format!("{} changed while it was being looked at", visible::name(&name));
            return Err(Error::io(message).with_help("run the command again"));
        }
        replace(path, self.after.as_bytes())
    }
}

/// What leads from one text to another, line by line. A line ends at LF and nowhere else, as in git.
fn unified(before: &str, after: &str, [old, new]: [&str; 2]) -> String {
    /// How many lines around a change are shown.
    const CONTEXT: usize = 2;
    let before: Vec<&str> = before.split_inclusive('\n').collect();
    let after: Vec<&str> = after.split_inclusive('\n').collect();
    let changes = capture_diff_slices(Algorithm::Myers, &before, &after);
    let mut out = String::new();
    for hunk in group_diff_ops(changes, CONTEXT) {
        let [Some(first), Some(last)] = [hunk.first(), hunk.last()] else { continue };
        if out.is_empty() {
            out = format!("--- {old}\n+++ {new}\n");
        }
        let range = |range: fn(&DiffOp) -> std::ops::Range<usize>| {
            let (start, end) = (range(first).start, range(last).end);
            // Of no lines, the number is that of the line before.
            let number = if start == end { start } else { start + 1 };
            format!("{number},{}", end - start)
        };
        out += &format!("@@ -{} +{} @@\n", range(DiffOp::old_range), range(DiffOp::new_range));
        for change in &hunk {
            let (old, new) = (&before[change.old_range()], &after[change.new_range()]);
            if let DiffOp::Equal { .. } = change {
                lines(&mut out, ' ', old);
            } else {
                lines(&mut out, '-', old);
                lines(&mut out, '+', new);
            }
        }
    }
    out
}

fn lines(out: &mut String, sign: char, lines: &[&str]) {
    for line in lines {
        out.push(sign);
        out.push_str(line);
        if !line.ends_with('\n') {
            out.push_str("\n\\ No newline at end of file\n");
        }
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
