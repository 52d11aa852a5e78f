//! One side of a comparison: a file, an id, a revision of either, or standard input.

use std::fs;
use std::io::Read;
use std::path::Path;

use errlore::diff::bases::Version;
use errlore::diff::document;
use errlore::entry::Entry;
use errlore::normalize::{Reading, detect, normalize};
use errlore::source::Source;
use errlore::{Error, ErrorKind, Result, git, visible};

use super::super::named::{as_id, find, whole_entry};
use super::super::{Global, input, output};

/// Reads the entry that a side names.
pub(super) fn read(global: &Global, side: &str) -> Result<Version> {
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
        return Err(Error::no_input(format!("there is no file {}", visible::quote(side)))
            .with_help("a version is a file, the id of an entry, REV:path, REV:id, or `-`"));
    };
    let inputs = input::discover(global, &input::Arguments::default(), false)?;
    let number = find(&inputs, &id)?;
    let name = inputs.files[number].name.clone();
    match whole_entry(&inputs, number)? {
        Some(entry) => Ok(Version { path: name, document: document(&entry) }),
        None => Err(no_entry(&name, None)),
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
    if error.kind() != ErrorKind::NoInput || !is_revision(old) || !is_revision(new) {
        return error;
    }
    let range = visible::name(&format!("{old}..{new}")).into_owned();
    Error::config("two revisions are compared as a range")
        .with_help(format!("errlore diff {range}"))
}

/// Of one side alone that is no revision, says how a version of an entry is compared.
pub(super) fn or_version(error: Error, side: &str) -> Error {
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
fn at_revision(global: &Global, revision: &str, rest: &str) -> Result<Version> {
    let loaded = input::settings(global)?;
    let limit = loaded.config.max_file_size;
    let here = std::env::current_dir()
        .map_err(|error| Error::io(format!("cannot tell the working directory: {error}")))?;
    let is_id = as_id(Path::new(rest)).is_some();
    let mut places = vec![rest.to_owned(), format!("./{rest}")];
    if is_id {
        let folders = loaded.config.entries.iter();
        let roots = folders.map(|folder| format!("{folder}/{rest}.json"));
        places.extend(roots.flat_map(|place| [place.clone(), format!("./{place}")]));
    }
    for place in &places {
        match git::file_at(&here, revision, place, limit)? {
            Some(git::Side::Bytes(bytes)) => {
                return entry(&format!("{revision}:{}", place.trim_start_matches("./")), &bytes);
            }
            Some(git::Side::TooLarge) => return Err(too_large(place)),
            None => {}
        }
    }
    let (revision, rest) = (visible::quote(revision), visible::quote(rest));
    let what = if is_id { "entry" } else { "file" };
    Err(Error::no_input(format!("at {revision} there is no {what} {rest}")))
}

fn too_large(name: &str) -> Error {
    Error::config(format!("{} is larger than `max-file-size`", visible::name(name)))
}

fn no_entry(name: &str, why: Option<&str>) -> Error {
    let why = why.map(|why| format!(": {why}")).unwrap_or_default();
    Error::config(format!("{} is no entry{why}", visible::name(name)))
        .with_help("`errlore check` says what is wrong with it")
}

/// The one entry that a text in any form holds.
fn entry(name: &str, bytes: &[u8]) -> Result<Version> {
    let (entry, reading) = read_entry(name, bytes)?;
    let not_understood = reading.remarks.len();
    if not_understood > 0 {
        let parts = if not_understood == 1 {
            "1 remark".to_owned()
        } else {
            format!("{not_understood} remarks")
        };
        output::remark(&format!(
            "{}: {parts} on how it was read; `errlore normalize` tells",
            visible::name(name)
        ));
    }
    Ok(Version { path: name.to_owned(), document: document(&entry) })
}

/// Reads a text in any form that holds one entry.
pub(super) fn read_entry(name: &str, bytes: &[u8]) -> Result<(Entry, Reading)> {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return Err(no_entry(name, Some("it is not UTF-8")));
    };
    let source = Source::new(name, text);
    let mut reading = normalize(&source, detect(name, text));
    if reading.drafts.len() > 1 {
        let (name, count) = (visible::name(name), reading.drafts.len());
        return Err(Error::config(format!("{name} holds {count} entries"))
            .with_help("compare them one by one"));
    }
    if let Some(draft) = reading.drafts.pop() {
        return Ok((draft.entry, reading));
    }
    Err(no_entry(name, reading.remarks.first().map(|remark| remark.message.as_str())))
}
