//! One side of a comparison: a file, an id, a revision of either, or standard input.

use std::fs;
use std::io::Read;
use std::path::Path;

use errlore::corpus::{self, Content, Inputs, Unread};
use errlore::diff::bases::Version;
use errlore::diff::document;
use errlore::entry::EntryId;
use errlore::git::State;
use errlore::normalize::{detect, normalize};
use errlore::source::Source;
use errlore::{Error, ErrorKind, Result, git, visible};
use serde_json::Value as Json;

use super::super::named::{as_id, find, is_named_as_file};
use super::super::{Global, input, output};
use super::written::{Written, written};

/// A version of an entry, as a side gives it.
pub(super) struct Side {
    pub(super) version: Version,
    /// The JSON of the file, where it is one.
    pub(super) raw: Option<Json>,
    /// Whether a number of more digits than are kept stands in it as a text.
    pub(super) is_inexact: bool,
}

impl Side {
    /// A text that was read, at a place.
    fn new(path: String, read: Found) -> Self {
        let Found { document, raw, is_inexact, .. } = read;
        Self { version: Version { path, document }, raw, is_inexact }
    }
}

/// Reads the entry that a side names.
pub(super) fn read(global: &Global, side: &str) -> Result<Side> {
    let path = Path::new(side);
    if side == "-" {
        let mut bytes = Vec::new();
        std::io::stdin()
            .lock()
            .read_to_end(&mut bytes)
            .map_err(|error| Error::io(format!("cannot read standard input: {error}")))?;
        return entry("<stdin>", &bytes);
    }
    if path.is_file() || side == "/dev/null" {
        let limit = input::settings(global)?.config.max_file_size;
        let metadata = fs::metadata(path).map_err(|error| Error::path("read", path, &error))?;
        if metadata.len() > limit {
            return Err(too_large(side));
        }
        let bytes = fs::read(path).map_err(|error| Error::path("read", path, &error))?;
        return entry(side, &bytes);
    }
    if let Some((revision, rest)) = at(side) {
        return at_revision(global, &revision, rest);
    }
    let Some(id) = as_id(path) else {
        let name = visible::quote(side);
        let error = if is_named_as_file(path) {
            Error::io(format!("there is no file {name}"))
        } else {
            Error::no_input(format!("no entry is called {name}"))
        };
        return Err(
            error.with_help("a version is a file, the id of an entry, REV:path, REV:id, or `-`")
        );
    };
    let inputs = input::discover(global, &input::Arguments::default(), false)?;
    let number = find(&inputs, &id)?;
    let file = &inputs.files[number];
    match corpus::read(file, inputs.loaded.config.max_file_size)? {
        Content::Text(text) => entry(&file.name, text.as_bytes()),
        Content::Unread(Unread::TooLarge { .. }) => Err(too_large(&file.name)),
        _ => Err(no_entry(&file.name, None)),
    }
}

/// The revision, or the stage of the index, that a side names, and what it names there.
fn at(side: &str) -> Option<(String, &str)> {
    let (revision, rest) = side.split_once(':')?;
    if !revision.is_empty() {
        return Some((revision.to_owned(), rest));
    }
    Some(match rest.split_once(':') {
        Some((stage @ ("0" | "1" | "2" | "3"), rest)) => (format!(":{stage}"), rest),
        _ => (":0".to_owned(), rest),
    })
}

/// Of two sides that are revisions, says how these are compared.
pub(super) fn or_range(error: Error, old: &str, new: &str) -> Error {
    let is_revision = |side: &str| git::commit(Path::new("."), side).is_ok();
    if error.kind() == ErrorKind::Config || !is_revision(old) || !is_revision(new) {
        return error;
    }
    let range = visible::name(&format!("{old}..{new}")).into_owned();
    Error::config("two revisions are compared as a range")
        .with_help(format!("errlore diff {range}"))
}

/// Of one side alone that is no revision, says how a version of an entry is compared.
pub(super) fn or_version(error: Error, side: &str) -> Error {
    // git itself has failed, or it is a range.
    if error.kind() == ErrorKind::Io || side.contains("..") {
        return error;
    }
    let shown = visible::name(side);
    match at(side) {
        Some((_, rest)) => Error::config("a version of an entry is compared with another one")
            .with_help(format!("name that too: errlore diff {shown} {}", visible::name(rest))),
        None if as_id(Path::new(side)).is_some() => error.with_help(format!(
            "is it fetched? Of an entry, name both versions: errlore diff HEAD:{shown} {shown}"
        )),
        None => error,
    }
}

/// The entry of a path, or of an id, at a revision.
fn at_revision(global: &Global, revision: &str, rest: &str) -> Result<Side> {
    let inputs = input::locate_at_any_time(global)?;
    let limit = inputs.loaded.config.max_file_size;
    // As git reads a path, from the top; else from here.
    let mut places = vec![rest.to_owned()];
    if git::files_root(&inputs.here)? != inputs.here {
        places.push(format!("./{rest}"));
    }
    for place in &places {
        if let Some(found) = git::file_at(&inputs.here, revision, place, limit)? {
            return version(revision, place.trim_start_matches("./"), found);
        }
    }
    if let Some(id) = as_id(Path::new(rest)) {
        return by_id(&inputs, revision, &id);
    }
    Err(Error::io(not_there(revision, "file", rest)))
}

/// The entry of an id at a revision: where its id says, or in whichever file has it.
fn by_id(inputs: &Inputs, revision: &str, id: &EntryId) -> Result<Side> {
    let limit = inputs.loaded.config.max_file_size;
    let is_entry = |path: &Path| inputs.is_entry(path);
    let texts = [format!("\"{id}\"")];
    let mut holders: Vec<Side> = Vec::new();
    for (top, folders) in git::repositories(&inputs.folders)? {
        let name = |path: &Path| {
            path.strip_prefix(&top).unwrap_or(path).to_string_lossy().replace('\\', "/")
        };
        for folder in &folders {
            let place = name(&folder.join(format!("{id}.json")));
            if let Some(found) = git::file_at(&top, revision, &place, limit)? {
                let version = version(revision, &place, found);
                // What is there and does not read is the one that was meant.
                if version.as_ref().map_or(true, |side| side.version.id() == id.as_str()) {
                    return version;
                }
            }
        }
        // The index has no commit to search in.
        if revision.starts_with(':') {
            continue;
        }
        let commit = State::Commit(git::commit(&top, revision)?);
        for (path, bytes) in git::files_with(&top, &commit, &texts, &folders, limit, &is_entry)? {
            let place = name(&path);
            let read = read_entry(&place, &bytes).ok();
            holders.extend(read.map(|read| Side::new(format!("{revision}:{place}"), read)));
        }
    }
    let has_id = holders.iter().any(|side| side.version.id() == id.as_str());
    holders.retain(|Side { version, .. }| {
        if has_id { version.id() == id.as_str() } else { version.has_alias(id.as_str()) }
    });
    match holders.len() {
        0 => Err(Error::no_input(not_there(revision, "entry", id.as_str()))),
        1 => Ok(holders.remove(0)),
        _ => {
            let names = holders.iter().map(|holder| visible::name(&holder.version.path));
            let names: Vec<_> = names.collect();
            Err(Error::config(format!("several files hold `{id}`: {}", names.join(", ")))
                .with_help("name one of them"))
        }
    }
}

fn version(revision: &str, place: &str, found: git::Side) -> Result<Side> {
    match found {
        git::Side::Bytes(bytes) => entry(&format!("{revision}:{place}"), &bytes),
        git::Side::TooLarge => Err(too_large(place)),
        git::Side::NoFile => Err(no_entry(place, None)),
    }
}

fn not_there(revision: &str, what: &str, name: &str) -> String {
    let (revision, name) = (visible::quote(revision), visible::quote(name));
    format!("at {revision} there is no {what} {name}")
}

/// Says that a version is not read.
pub(super) fn too_large(name: &str) -> Error {
    Error::config(format!("{} is larger than `max-file-size`", visible::name(name)))
}

fn no_entry(name: &str, why: Option<&str>) -> Error {
    let why = why.map(|why| format!(": {why}")).unwrap_or_default();
    Error::config(format!("{} is no entry{why}", visible::name(name)))
        .with_help("`errlore check` says what is wrong with it")
}

/// The one entry that a text in any form holds.
fn entry(name: &str, bytes: &[u8]) -> Result<Side> {
    let mut read = read_entry(name, bytes)?;
    if let Some(remark) = read.remark.take() {
        output::remark(&remark);
    }
    Ok(Side::new(name.to_owned(), read))
}

/// What a text says of an entry.
pub(super) struct Found {
    pub(super) document: Json,
    pub(super) raw: Option<Json>,
    /// Whether a number of more digits than are kept stands in it as a text.
    is_inexact: bool,
    /// What is to be said of how it was read.
    pub(super) remark: Option<String>,
}

/// Reads a text in any form that holds one entry. A JSON file that is meant as an entry is compared as it stands.
pub(super) fn read_entry(name: &str, bytes: &[u8]) -> Result<Found> {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return Err(no_entry(name, Some("it is not UTF-8")));
    };
    if let Some(written) = written(name, bytes) {
        let say = |why| {
            let name = visible::name(name);
            format!("{name} is no valid entry, and is compared as it stands: {why}")
        };
        let remark = written.fault.map(say);
        let Written { document, raw, is_inexact, .. } = written;
        return Ok(Found { document, raw: Some(raw), is_inexact, remark });
    }
    let source = Source::new(name, text);
    let mut reading = normalize(&source, detect(name, text));
    if reading.drafts.len() > 1 {
        let (name, count) = (visible::name(name), reading.drafts.len());
        return Err(Error::config(format!("{name} holds {count} entries"))
            .with_help("compare them one by one"));
    }
    if let Some(draft) = reading.drafts.pop() {
        let remark = match reading.remarks.len() {
            0 => None,
            1 => Some("1 remark".to_owned()),
            count => Some(format!("{count} remarks")),
        };
        let name = visible::name(name);
        let say = |parts| format!("{name}: {parts} on how it was read; `errlore normalize` tells");
        let (document, remark) = (document(&draft.entry), remark.map(say));
        return Ok(Found { document, raw: None, is_inexact: false, remark });
    }
    Err(no_entry(name, reading.remarks.first().map(|remark| remark.message.as_str())))
}
