//! `git merge`: git's merge driver, and the merge tool.
//!
//! What git makes of an exit status decides what may be left in the file: up to 128 it takes the file for
//! the result, above it gives up and changes nothing. So whatever happens, the file has the merge or all
//! three versions between markers, or the status is 129.

use std::ffi::OsString;
use std::fs;
use std::io::ErrorKind as IoKind;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use clap::Args;
use errlore::canonical::canonical;
use errlore::merge::{Markers, Side, Unreadable, merge, read, whole};
use errlore::{Error, Result, git, visible};

use super::super::{Status, output, write};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// What both come from; empty if there is nothing (git: %O)
    base: PathBuf,
    /// What is merged into (%A)
    ours: PathBuf,
    /// What is merged in (%B)
    theirs: PathBuf,
    /// How long markers are (%L)
    #[arg(default_value_t = 7, value_parser = clap::value_parser!(u16).range(1..=1000))]
    marker_size: u16,
    /// What the file is called (%P)
    path: Option<PathBuf>,
    /// Write the result to this file, and leave OURS as it is
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// The result is to be a base: a conflict takes what BASE says, and there are no markers
    #[arg(long)]
    ancestor: bool,
    /// What ours is called in markers (%X)
    #[arg(long, value_name = "LABEL", default_value = "ours")]
    ours_label: OsString,
    /// What the base is called in markers (%S)
    #[arg(long, value_name = "LABEL", default_value = "base")]
    base_label: OsString,
    /// What theirs is called in markers (%Y)
    #[arg(long, value_name = "LABEL", default_value = "theirs")]
    theirs_label: OsString,
}

/// What three files came to.
struct Outcome {
    bytes: Vec<u8>,
    has_conflicts: bool,
    /// What there is to say about it.
    said: Vec<String>,
}

impl Outcome {
    fn agreed(bytes: Vec<u8>) -> Self {
        Self { bytes, has_conflicts: false, said: Vec::new() }
    }
}

pub(super) fn run(arguments: &Arguments) -> Status {
    drive(arguments, merged).unwrap_or_else(|error| {
        output::failure(&error);
        Status::DriverFailed
    })
}

/// The three files.
struct Files<'a> {
    paths: [&'a Path; 3],
    bytes: [Vec<u8>; 3],
    markers: Markers,
    is_ancestor: bool,
}

fn drive(arguments: &Arguments, merged: fn(&Files<'_>) -> Outcome) -> Result<Status> {
    let paths = [&*arguments.ours, &*arguments.base, &*arguments.theirs];
    let bytes = [content(paths[0])?, base(paths[1])?, content(paths[2])?];
    let (markers, is_ancestor) = (arguments.markers(), arguments.ancestor);
    let files = Files { paths, bytes, markers, is_ancestor };
    // What is guarded only reads.
    let outcome = catch_unwind(AssertUnwindSafe(|| merged(&files))).unwrap_or_else(|_| {
        files.as_one_conflict("errlore failed, which is a fault of its own".to_owned())
    });
    let target = arguments.output.as_ref().unwrap_or(&arguments.ours);
    write::write_file(target, &outcome.bytes)?;
    let name = arguments.path.as_ref().unwrap_or(target).to_string_lossy();
    for said in &outcome.said {
        output::remark(&format!("{}: {said}", visible::name(&name)));
    }
    Ok(if outcome.has_conflicts { Status::Findings } else { Status::Clean })
}

fn content(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).map_err(|error| Error::path("read", path, &error))
}

/// Where both sides have added a file, there is no base, or an empty one.
fn base(path: &Path) -> Result<Vec<u8>> {
    match fs::read(path) {
        Err(error) if error.kind() == IoKind::NotFound => Ok(Vec::new()),
        read => read.map_err(|error| Error::path("read", path, &error)),
    }
}

impl Arguments {
    fn markers(&self) -> Markers {
        let given = [&self.ours_label, &self.base_label, &self.theirs_label];
        let label = |side: Side| {
            let given = given[side as usize].to_string_lossy();
            // A git that does not know the placeholder hands it on.
            let is_unknown = ["%X", "%S", "%Y"].contains(&&*given);
            if is_unknown { side.name().to_owned() } else { given.into_owned() }
        };
        Markers { size: usize::from(self.marker_size), labels: Side::ALL.map(label) }
    }
}

impl Files<'_> {
    fn as_one_conflict(&self, why: String) -> Outcome {
        let [ours, base, theirs] = &self.bytes;
        if self.is_ancestor {
            return Outcome::agreed(base.clone());
        }
        Outcome {
            bytes: whole(ours, base, theirs, &self.markers),
            has_conflicts: true,
            said: vec![why, "conflict: the whole file".to_owned()],
        }
    }

    /// As git merges, line by line.
    fn by_lines(&self, side: Side, why: &Unreadable) -> Outcome {
        let why = format!("{} is no entry ({}): merged line by line", side.name(), why.0);
        let empty = tempfile::NamedTempFile::new();
        let mut paths = self.paths;
        // A base that is not there is an empty one.
        if let (Ok(empty), false) = (&empty, paths[1].exists()) {
            paths[1] = empty.path();
        }
        match git::merge_file(paths, self.markers.size, &self.markers.labels) {
            Ok((_, true)) if self.is_ancestor => Outcome::agreed(self.bytes[1].clone()),
            Ok((bytes, false)) if self.is_ancestor => Outcome::agreed(bytes),
            Ok((bytes, has_conflicts)) => {
                let mut said = vec![why];
                said.extend(has_conflicts.then(|| "conflict between the markers".to_owned()));
                Outcome { bytes, has_conflicts, said }
            }
            Err(error) => self.as_one_conflict(format!("{why}, but {error}")),
        }
    }
}

fn merged(files: &Files<'_>) -> Outcome {
    let [ours, base, theirs] = &files.bytes;
    let base = if base.trim_ascii().is_empty() { Ok(None) } else { read(base).map(Some) };
    let (ours, base, theirs) = match (read(ours), base, read(theirs)) {
        (Ok(ours), Ok(base), Ok(theirs)) => (ours, base, theirs),
        (Err(why), ..) => return files.by_lines(Side::Ours, &why),
        (_, Err(why), _) => return files.by_lines(Side::Base, &why),
        (.., Err(why)) => return files.by_lines(Side::Theirs, &why),
    };
    match merge(base.as_ref(), &ours, &theirs) {
        Ok(merged) if files.is_ancestor => {
            let entry = merged.ancestor(base.as_ref());
            // Without an entry in common, what there was before, or nothing.
            let bytes = entry.map(|entry| canonical(&entry).into_bytes());
            Outcome::agreed(bytes.unwrap_or_else(|| files.bytes[1].clone()))
        }
        Ok(merged) => {
            let mut said = merged.notes.clone();
            said.extend(merged.explain().into_iter().map(|line| format!("conflict: {line}")));
            Outcome {
                bytes: merged.text(&files.markers).into_bytes(),
                has_conflicts: !merged.conflicts.is_empty(),
                said,
            }
        }
        Err(failure) => files.as_one_conflict(format!(
            "merge result failed verification, whole file left as a conflict: {}",
            failure.0
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A fault in the middle leaves all three versions between markers.
    #[test]
    fn a_panic_is_a_conflict() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = |name: &str| {
            let path = folder.path().join(name);
            fs::write(&path, format!("{name}\n")).expect("a file");
            path
        };
        let arguments = Arguments {
            base: path("O"),
            ours: path("A"),
            theirs: path("B"),
            marker_size: 9,
            path: None,
            output: None,
            ancestor: false,
            ours_label: "HEAD".into(),
            base_label: "%S".into(),
            theirs_label: "topic".into(),
        };
        let status = drive(&arguments, |_| panic!("on purpose")).expect("a result");
        assert_eq!(status, Status::Findings);
        assert_eq!(
            fs::read_to_string(&arguments.ours).expect("a result"),
            "<<<<<<<<< HEAD\nA\n||||||||| base\nO\n=========\nB\n>>>>>>>>> topic\n"
        );
    }
}
