//! The inputs, part by part: a file is one part, a digest as many as it takes to keep little of it in
//! memory.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::fs::{self, File};
use std::io::{self, IsTerminal, Read};
use std::path::{Path, PathBuf};

use errlore::corpus::STDIN;
use errlore::normalize::{self, Form, Reading, digest};
use errlore::source::Source;
use errlore::{Error, Result, visible};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// How much of a digest is read at a time.
const PIECE: usize = 1 << 20;
/// A source that is no digest is held whole; one that is larger than this is refused.
const LARGEST: usize = 1 << 30;

/// A file to read, and what reports call it.
#[derive(Clone, Debug)]
pub(in super::super) struct InputFile {
    path: PathBuf,
    name: String,
}

pub(in super::super) fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// The files that are named, and those in the folders that are; hidden ones and links are left out there.
/// Beside them, the folders that cannot be read, and why.
pub(in super::super) fn files(
    paths: &[PathBuf],
    stdin_name: Option<&Path>,
) -> (Vec<InputFile>, Vec<Error>) {
    let (mut files, mut failures) = (Vec::new(), Vec::new());
    for path in paths {
        if is_stdin(path) {
            let name = stdin_name.unwrap_or(Path::new(STDIN)).to_string_lossy().into_owned();
            files.push(InputFile { path: path.clone(), name });
        } else if path.is_dir() {
            walk(path, &mut files, &mut failures);
        } else {
            let name = path.to_string_lossy().replace('\\', "/");
            files.push(InputFile { path: path.clone(), name });
        }
    }
    (files, failures)
}

fn walk(folder: &Path, files: &mut Vec<InputFile>, failures: &mut Vec<Error>) {
    let mut items: Vec<_> =
        match fs::read_dir(folder).and_then(Iterator::collect::<io::Result<Vec<_>>>) {
            Ok(items) => items,
            Err(error) => return failures.push(Error::path("read", folder, &error)),
        };
    items.sort_by_key(fs::DirEntry::file_name);
    for item in items {
        let path = item.path();
        if item.file_name().as_encoded_bytes().starts_with(b".") {
            continue;
        }
        match item.file_type() {
            Ok(kind) if kind.is_dir() => walk(&path, files, failures),
            Ok(kind) if kind.is_file() => {
                let name = path.to_string_lossy().replace('\\', "/");
                files.push(InputFile { path, name });
            }
            Ok(_) => {}
            Err(error) => failures.push(Error::path("read", &path, &error)),
        }
    }
}

/// A bar for work that takes a while, where somebody looks.
pub(in super::super) fn progress(files: &[InputFile]) -> ProgressBar {
    /// Fewer are done before a bar could be seen.
    const FEW: usize = 50;
    if files.len() < FEW || !io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::with_draw_target(Some(files.len() as u64), ProgressDrawTarget::stderr());
    let style = ProgressStyle::with_template("reading {bar:30} {pos}/{len} files");
    bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

/// A part of the inputs: a source, and the form it is in.
pub(in super::super) struct Part {
    pub(in super::super) source: Source,
    pub(in super::super) form: Form,
    /// How many files are done with it: one, or none where it is a piece that others follow.
    pub(in super::super) files: u64,
    /// Why it is no text.
    fault: Option<&'static str>,
}

impl Part {
    /// Reads what it holds.
    pub(in super::super) fn read(&self) -> Reading {
        match self.fault {
            Some(fault) => normalize::unreadable(&self.source, fault),
            None => normalize::normalize(&self.source, self.form),
        }
    }
}

/// Goes over the parts of files.
pub(in super::super) struct Parts<'f> {
    files: std::slice::Iter<'f, InputFile>,
    form: Option<Form>,
    digest: Option<Digest>,
    ready: VecDeque<Part>,
}

/// A digest that is being read.
struct Digest {
    name: String,
    reader: Box<dyn Read>,
    /// What was read and holds an entry whose end has not come yet.
    rest: Vec<u8>,
    /// What stands before the rest.
    lines: u32,
    bytes: u64,
}

impl<'f> Parts<'f> {
    pub(in super::super) fn new(files: &'f [InputFile], form: Option<Form>) -> Self {
        Self { files: files.iter(), form, digest: None, ready: VecDeque::new() }
    }

    fn open(&mut self, file: &InputFile) -> Result<Part> {
        let failed = |error: &io::Error| {
            if is_stdin(&file.path) {
                Error::io(format!("cannot read standard input: {error}"))
            } else {
                Error::path("read", &file.path, error)
            }
        };
        let mut reader: Box<dyn Read> = if is_stdin(&file.path) {
            Box::new(io::stdin())
        } else {
            let metadata = fs::metadata(&file.path).map_err(|error| failed(&error))?;
            if !metadata.is_file() && !metadata.is_dir() {
                let name = visible::name(&file.name).into_owned();
                return Err(Error::io(format!("cannot read {name}: it is no file")));
            }
            Box::new(File::open(&file.path).map_err(|error| failed(&error))?)
        };
        let mut bytes = Vec::new();
        reader
            .by_ref()
            .take(PIECE as u64)
            .read_to_end(&mut bytes)
            .map_err(|error| failed(&error))?;
        let form = self
            .form
            .unwrap_or_else(|| normalize::detect(&file.name, &String::from_utf8_lossy(&bytes)));
        if form == Form::Digest {
            let mut digest =
                Digest { name: file.name.clone(), reader, rest: bytes, lines: 0, bytes: 0 };
            let part = digest.next().map_err(|error| failed(&error))?;
            self.digest = Some(digest);
            return Ok(part);
        }
        reader.take(LARGEST as u64).read_to_end(&mut bytes).map_err(|error| failed(&error))?;
        Ok(part(&file.name, &bytes, self.form))
    }
}

impl Iterator for Parts<'_> {
    type Item = Result<Part>;

    fn next(&mut self) -> Option<Result<Part>> {
        if let Some(part) = self.ready.pop_front() {
            return Some(Ok(part));
        }
        if let Some(mut digest) = self.digest.take_if(|digest| !digest.is_done()) {
            let part = digest.next();
            let name = digest.name.clone();
            self.digest = Some(digest).filter(|digest| !digest.is_done());
            return Some(part.map_err(|error| Error::path("read", Path::new(&name), &error)));
        }
        let file = self.files.next()?;
        Some(self.open(file))
    }
}

impl Digest {
    fn is_done(&self) -> bool {
        self.rest.is_empty()
    }

    /// The next piece: up to the last entry that has begun, or all that is left. Entries that are not
    /// UTF-8 are a piece of their own.
    fn next(&mut self) -> io::Result<Part> {
        let mut wanted = PIECE;
        loop {
            let missing = wanted.saturating_sub(self.rest.len());
            self.reader.by_ref().take(missing as u64).read_to_end(&mut self.rest)?;
            let is_over = self.rest.len() < wanted;
            let (text, mut faults) = of_same_length(&self.rest);
            // A character may be cut where the piece ends.
            faults.pop_if(|at| !is_over && text.len() - *at < 4);
            let end = end_of_piece(&text, &faults, is_over);
            if end.is_none() && !is_over && self.rest.len() < LARGEST {
                wanted = self.rest.len() * 2;
                continue;
            }
            let end = end.unwrap_or(self.rest.len());
            let mut made = part(&self.name, &self.rest[..end], Some(Form::Digest));
            made.source = made.source.after(self.lines, self.bytes);
            let lines = self.rest[..end].split(|byte| *byte == b'\n').count() - 1;
            self.lines = self.lines.saturating_add(u32::try_from(lines).unwrap_or(u32::MAX));
            self.bytes += end as u64;
            self.rest.drain(..end);
            made.files = u64::from(self.rest.is_empty());
            return Ok(made);
        }
    }
}

/// The text of bytes, each place in it at the same byte, and where something in them is not UTF-8: marks
/// stand for it.
fn of_same_length(bytes: &[u8]) -> (Cow<'_, str>, Vec<usize>) {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return (Cow::Borrowed(text), Vec::new());
    }
    let (mut text, mut faults) = (String::with_capacity(bytes.len()), Vec::new());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        if !chunk.invalid().is_empty() {
            faults.push(text.len());
        }
        text.extend(std::iter::repeat_n('?', chunk.invalid().len()));
    }
    (Cow::Owned(text), faults)
}

/// Where a piece of a digest ends: before the last entry, or before the first with a fault in it; where
/// that is the first of all, before the next without. `None` where that is not to be seen.
fn end_of_piece(text: &str, faults: &[usize], is_over: bool) -> Option<usize> {
    let heads: Vec<usize> = digest::heads(text).filter(|at| *at > 0).collect();
    let Some(first) = faults.first() else {
        return heads.last().copied().filter(|_| !is_over);
    };
    let before_fault = heads.partition_point(|head| head < first);
    if let Some(entry) = before_fault.checked_sub(1) {
        return Some(heads[entry]);
    }
    let faults_before = |place: usize| faults.partition_point(|fault| *fault < place);
    let ends = heads.iter().skip(1).copied().chain([text.len()]);
    let mut sound = heads.iter().copied().zip(ends);
    Some(sound.find(|(start, end)| faults_before(*start) == faults_before(*end))?.0)
}

fn part(name: &str, bytes: &[u8], form: Option<Form>) -> Part {
    let decoded = match bytes {
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => Err("it is UTF-16: save it as UTF-8"),
        bytes if bytes.len() >= LARGEST => Err("it is too large"),
        bytes => std::str::from_utf8(bytes)
            .map_err(|_| "it is not UTF-8; is it in a legacy encoding such as GBK or Latin-1?"),
    };
    let (text, fault) = match decoded {
        Ok(text) => (Cow::Borrowed(text), None),
        // Enough to show where it is.
        Err(fault) => (String::from_utf8_lossy(&bytes[..bytes.len().min(PIECE)]), Some(fault)),
    };
    let form = form.unwrap_or_else(|| normalize::detect(name, &text));
    Part { source: Source::new(name, &*text), form, files: 1, fault }
}
