//! `duplicates --like --index`: the index on disk, brought up to date where it no longer stands for the entries.

use std::collections::{BTreeMap, HashMap};
use std::fs::{File, Metadata};
use std::io::{self, BufWriter, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::Mutex;

use anstyle::{AnsiColor, Effects, Style};
use errlore::checksum::checksum;
use errlore::config::{Config, Loaded};
use errlore::corpus::{
    Content, Document, Doubts, FileState, FolderState, Inputs, Stamp, State, read,
};
use errlore::duplicates::{Base, Digest, Index, Source, Unusable, restamp, write_index};
use errlore::{Result, visible};
use rayon::prelude::*;

use super::super::write::write_with;
use super::super::{Global, input};
use super::known;

/// The bytes of an index on disk.
#[derive(Debug)]
struct OnDisk {
    file: Mutex<File>,
    length: u64,
}

impl Source for OnDisk {
    fn length(&self) -> u64 {
        self.length
    }

    fn read_at(&self, offset: u64, length: usize) -> Option<Vec<u8>> {
        let mut file = self.file.lock().ok()?;
        file.seek(SeekFrom::Start(offset)).ok()?;
        let mut bytes = vec![0; length];
        file.read_exact(&mut bytes).ok()?;
        Some(bytes)
    }
}

/// An index, and the knowledge base that it stands for without its files.
type Ready = (Index<OnDisk>, Inputs);

/// The base that drafts are held against, by an index that is made or brought up to date where it has to
/// be, and the knowledge base around it without its files. Nothing where the entries have to be read.
pub(super) fn base(
    global: &Global,
    path: &Path,
    drafts: &[Digest],
) -> Result<Option<(Base, Inputs)>> {
    // What is damaged where only an answer leads is found late: then the index is made anew.
    for reads in [true, false] {
        let Some((index, inputs)) = ready(global, path, reads)? else { return Ok(None) };
        if let Some(base) = index.base(drafts.to_vec()) {
            return Ok(Some((base, inputs)));
        }
    }
    Ok(None)
}

/// An index that stands for the entries as they are; without `reads` one that is made anew.
fn ready(global: &Global, path: &Path, reads: bool) -> Result<Option<Ready>> {
    let begun = State::begin();
    let mut index = match open(path) {
        Err(Unusable::Foreign) => {
            note(path, "is no index of errlore, and stays as it is: name another file");
            return Ok(None);
        }
        index => index.ok().filter(|_| reads),
    };
    let inputs = input::locate(global)?;
    if let Some(index) = index.take_if(|index| is_fresh(index, &inputs)) {
        return Ok(Some((index, inputs)));
    }
    let config = inputs.loaded.config;
    let inputs = input::discover(global, &input::Arguments::default(), true)?;
    match update(path, &begun, index.as_ref(), &inputs, &config) {
        Ok(Some(index)) => {
            let loaded = Loaded { config, ..inputs.loaded };
            Ok(Some((index, Inputs { loaded, files: Vec::new(), ..inputs })))
        }
        Ok(None) => Ok(None),
        Err(error) => {
            note(path, &format!("cannot be written: {error}"));
            Ok(None)
        }
    }
}

/// Whether an index stands for the files as they are, by their stamps.
fn is_fresh(index: &Index<OnDisk>, inputs: &Inputs) -> bool {
    state(index).filter(|known| known.settings == settings(&inputs.loaded.config)).is_some_and(
        |known| {
            // Shorter paths are found sooner.
            let root = known::root(inputs);
            let root = if root == inputs.here { Path::new("") } else { root };
            known.doubts(root) == Doubts::default()
        },
    )
}

fn note(path: &Path, text: &str) {
    let style = Style::new().fg_color(Some(AnsiColor::BrightGreen.into())).effects(Effects::BOLD);
    let name = path.to_string_lossy();
    // Where standard error is closed there is nobody left to tell.
    let _ = writeln!(
        super::super::colored(io::stderr().lock()),
        "{style}note{style:#}: {} {}",
        visible::name(&name),
        visible::name(text)
    );
}

fn open(path: &Path) -> std::result::Result<Index<OnDisk>, Unusable> {
    match File::open(path) {
        Ok(file) => on_disk(file).map_or(Err(Unusable::Foreign), Index::open),
        Err(error) if error.kind() == ErrorKind::NotFound => Err(Unusable::Damaged),
        Err(_) => Err(Unusable::Foreign),
    }
}

fn on_disk(file: File) -> Option<OnDisk> {
    let metadata = file.metadata().ok().filter(Metadata::is_file)?;
    Some(OnDisk { file: Mutex::new(file), length: metadata.len() })
}

/// The settings that decide which files are entries.
fn settings(config: &Config) -> Vec<String> {
    let limit = config.max_file_size.to_string();
    config.entries.iter().cloned().chain([limit]).collect()
}

fn state(index: &Index<OnDisk>) -> Option<State<'_>> {
    postcard::from_bytes(index.state()).ok()
}

/// What is known of a file.
enum Now {
    /// It holds what it held, and is kept, if it holds an entry.
    AsBefore(Option<u32>),
    /// It is new or has changed.
    New(Option<Box<Digest>>),
}

/// Writes the index for the files as they are; what it held of those that have not changed is kept. Nothing
/// where a file cannot be read.
fn update(
    path: &Path,
    begun: &State<'_>,
    index: Option<&Index<OnDisk>>,
    inputs: &Inputs,
    config: &Config,
) -> io::Result<Option<Index<OnDisk>>> {
    let root = known::root(inputs);
    let settings = settings(config);
    let old = index.and_then(state).filter(|old| old.settings == settings).unwrap_or_default();
    let Some((mut folders, places)) = folders(root, inputs) else { return Ok(None) };
    let before = old.files();
    let each = inputs.files.par_iter().zip(&places).enumerate().map(|(number, (file, place))| {
        let stamp = Stamp::of(file.path.as_deref()?)?;
        let before = before.get(place);
        if let Some(before) = before.filter(|before| old.is_sure(before, stamp)) {
            return Some((stamp, before.checksum, Now::AsBefore(before.kept)));
        }
        let content = read(file, config.max_file_size).ok()?;
        let checksum = of_content(&content);
        if let Some(before) = before.filter(|before| before.checksum == checksum) {
            return Some((stamp, checksum, Now::AsBefore(before.kept)));
        }
        let entry = Document::load(file, number, content, true).entry;
        Some((stamp, checksum, Now::New(entry.map(|entry| Box::new(Digest::new(&entry))))))
    });
    let Some(each) = each.collect::<Option<Vec<_>>>() else { return Ok(None) };
    let is_same = before.len() == each.len()
        && each.iter().all(|(_, _, now)| matches!(now, Now::AsBefore(_)));
    let (mut digests, mut kept) = (Vec::new(), vec![None; each.len()]);
    for (number, (stamp, checksum, now)) in each.into_iter().enumerate() {
        let (folder, name) = places[number];
        if let Some(folder) = folders.get_mut(folder) {
            folder.files.push(FileState { name, stamp, checksum, kept: None });
        }
        match now {
            Now::AsBefore(before) if is_same => kept[number] = before,
            Now::AsBefore(None) | Now::New(None) => {}
            Now::AsBefore(Some(before)) => {
                let digest = index.and_then(|index| index.digest(before as usize));
                // A damaged index is made anew by the caller.
                let Some(digest) = digest else { return Ok(None) };
                digests.push((digest, number));
            }
            Now::New(Some(digest)) => digests.push((*digest, number)),
        }
    }
    let numbers: HashMap<(&str, &str), usize> = places.iter().copied().zip(0..).collect();
    let encode = |kept: &[Option<u32>]| {
        let mut folders: Vec<FolderState<'_>> = folders.into_values().collect();
        for folder in &mut folders {
            for file in &mut folder.files {
                file.kept = numbers.get(&(folder.path, file.name)).and_then(|at| kept[*at]);
            }
        }
        let settings = settings.iter().map(String::as_str).collect();
        let state = begun.of(settings, folders);
        postcard::to_stdvec(&state).map_err(io::Error::other)
    };
    let file = write_with(path, |file| {
        let mut out = BufWriter::with_capacity(1 << 20, file);
        match index.filter(|_| is_same) {
            Some(index) => restamp(index, &encode(&kept)?, &mut out)?,
            None => write_index(digests, &mut out, |order| {
                for (record, number) in (0..).zip(order) {
                    kept[*number] = Some(record);
                }
                encode(&kept)
            })?,
        }
        out.flush()
    })?;
    Ok(on_disk(file).and_then(|file| Index::open(file).ok()))
}

/// The checksum of what a file held.
fn of_content(content: &Content) -> u64 {
    match content {
        Content::Text(text) => checksum(text.as_bytes()),
        Content::NotText(text, _) => !checksum(text.as_bytes()),
        Content::Unread(reason) => checksum(reason.to_string().as_bytes()).rotate_left(1),
    }
}

/// A folder and the name of a file in it.
type Place<'i> = (&'i str, &'i str);

/// The folders that were walked, by path from the root, and the place of each file; nothing where a name is no
/// text or a folder is gone.
fn folders<'i>(
    root: &Path,
    inputs: &'i Inputs,
) -> Option<(BTreeMap<&'i str, FolderState<'i>>, Vec<Place<'i>>)> {
    fn below<'p>(root: &Path, path: &'p Path) -> Option<&'p str> {
        path.strip_prefix(root).ok()?.to_str()
    }
    let each = inputs.walked.par_iter().map(|folder| {
        let (path, stamp) = (below(root, folder)?, Stamp::of(folder)?);
        Some((path, FolderState { path, stamp, files: Vec::new() }))
    });
    let folders = each.collect::<Option<BTreeMap<_, _>>>()?;
    let places = inputs.files.iter().map(|file| {
        let path = file.path.as_deref()?;
        let folder = below(root, path.parent()?)?;
        // A link in the place of a folder of entries lies in none.
        folders.contains_key(folder).then_some((folder, path.file_name()?.to_str()?))
    });
    let places = places.collect::<Option<Vec<_>>>()?;
    Some((folders, places))
}
