//! The lines of `.gitattributes` that name the entries.

use std::fs;
use std::io::ErrorKind as IoKind;
use std::path::{Path, PathBuf};

use errlore::duplicates::DECISIONS;
use errlore::git::{self, Scope};
use errlore::{Error, Result, visible};

use super::super::super::output;
use super::super::super::write::write_file;

/// A file of attributes, as it is to be.
pub(super) struct Attributes {
    /// Its place below the top of the repository.
    name: PathBuf,
    path: PathBuf,
    text: String,
    /// How it ended when it was read.
    end: &'static str,
}

/// There was no file.
const MISSING: &str = "missing";
/// Its last line had no end.
const OPEN: &str = "open";
const WHOLE: &str = "whole";

/// The files at the root of a knowledge base that lines are only ever added to: both sides of a merge are right.
const LINE_FILES: [&str; 2] = [DECISIONS, "merges.jsonl"];

/// What the attributes are to say. For all repositories that is nothing of line ends, which are a matter of each, and
/// nothing of files of which only the place says what they are.
pub(super) fn lines(folders: &[String], scope: Scope) -> Vec<String> {
    let mut lines: Vec<String> = folders.iter().map(|folder| line(folder, scope)).collect();
    if scope == Scope::Local {
        lines.extend(LINE_FILES.map(|file| format!("{file} merge=union")));
    }
    lines
}

/// The line that names the entries of a folder.
fn line(folder: &str, scope: Scope) -> String {
    let folder = folder.trim_start_matches("./").trim_end_matches('/');
    let pattern = match folder {
        "" | "." => "**/*.json".to_owned(),
        folder => format!("{folder}/**/*.json"),
    };
    // git reads a quoted pattern as a string of C.
    let is_plain = !pattern.contains(|c: char| c.is_whitespace() || c == '"');
    let pattern = if is_plain {
        pattern
    } else {
        format!("\"{}\"", pattern.replace('\\', "\\\\").replace('"', "\\\""))
    };
    let line_ends = if scope == Scope::Local { " text eol=lf" } else { "" };
    format!("{pattern} diff=errlore merge=errlore{line_ends}")
}

impl Attributes {
    /// Reads a file in a repository.
    pub(super) fn read(top: &Path, path: PathBuf) -> Result<Self> {
        let name = path.strip_prefix(top).unwrap_or(&path).to_owned();
        if fs::symlink_metadata(&path).is_ok_and(|found| !found.is_file()) {
            let message = format!("{} is no file", visible::name(&path.to_string_lossy()));
            return Err(Error::io(message).with_help("git does not follow a link of that name"));
        }
        match fs::read_to_string(&path) {
            Ok(text) => {
                let is_whole = text.is_empty() || text.ends_with('\n');
                Ok(Self { name, path, text, end: if is_whole { WHOLE } else { OPEN } })
            }
            Err(error) if error.kind() == IoKind::NotFound => {
                Ok(Self { name, path, text: String::new(), end: MISSING })
            }
            Err(error) => Err(Error::path("read", &path, &error)),
        }
    }

    /// Reads the file of a user, which git asks in each repository. Unlike that of a repository it may be a link.
    pub(super) fn of_user(folder: &Path) -> Result<Self> {
        let path = match git::user_attributes(folder)? {
            Some(path) => path,
            None => default_of_user()?,
        };
        // It is kept by its whole path.
        Self::read(Path::new(""), fs::canonicalize(&path).unwrap_or(path))
    }

    /// Reads the file that a record is about, if there is one.
    pub(super) fn of_record(top: &Path, record: &[String]) -> Result<Option<Self>> {
        let [_, name, ..] = record else { return Ok(None) };
        Self::read(top, top.join(name))
            .map(|found| Some(found).filter(|found| found.end != MISSING))
    }

    /// Adds those of some lines that are not there, and gives them.
    pub(super) fn add(&mut self, lines: &[String]) -> Vec<String> {
        let is_missing = |line: &&String| self.text.lines().all(|own| own.trim_end() != *line);
        let added: Vec<String> = lines.iter().filter(is_missing).cloned().collect();
        let end = if self.text.contains("\r\n") { "\r\n" } else { "\n" };
        if self.end == OPEN && !added.is_empty() {
            self.text.push_str(end);
        }
        for line in &added {
            self.text.push_str(line);
            self.text.push_str(end);
        }
        added
    }

    /// What is to be known of lines that were added: how the file was, where it is, and the lines; after what is known
    /// of lines that were added to it before.
    pub(super) fn record(&self, before: Vec<String>, added: &[String]) -> Vec<String> {
        let name = self.name.to_string_lossy().into_owned();
        let mut record = match before {
            before if before.get(1) == Some(&name) => before,
            _ => vec![self.end.to_owned(), name],
        };
        record.extend_from_slice(added);
        record
    }

    /// Takes out the lines of a record, and gives those that were there.
    pub(super) fn remove(&mut self, record: &[String]) -> Vec<String> {
        let [end, _, lines @ ..] = record else { return Vec::new() };
        let mut removed = Vec::new();
        for line in lines {
            let mut at = 0;
            let mut last = None;
            for own in self.text.split_inclusive('\n') {
                if own.trim_end() == line {
                    last = Some(at..at + own.len());
                }
                at += own.len();
            }
            if let Some(range) = last {
                // What stood before them had no end.
                let is_last = range.end == self.text.len();
                self.text.replace_range(range, "");
                if end == OPEN && is_last && removed.len() + 1 == lines.len() {
                    let kept = self.text.trim_end_matches('\n').trim_end_matches('\r').len();
                    self.text.truncate(kept);
                }
                removed.push(line.clone());
            }
        }
        if end == MISSING && self.text.is_empty() {
            self.end = MISSING;
        }
        removed
    }

    /// The lines, said as a change of the file.
    pub(super) fn said(&self, sign: char, lines: &[String]) -> String {
        let name = self.name.to_string_lossy();
        let mut said = String::new();
        for line in lines {
            said.push_str(&format!("{}: {sign} {line}\n", visible::name(&name)));
        }
        said
    }

    /// Says which lines about entries are left: this install did not add them.
    pub(super) fn say_left(&self) {
        let name = self.name.to_string_lossy();
        let is_about = |line: &&str| {
            let is_driver = |word: &str| ["diff=errlore", "merge=errlore"].contains(&word);
            let mut words = line.split_whitespace();
            let is_file = words.next().is_some_and(|name| LINE_FILES.contains(&name));
            words.any(|word| is_driver(word) || is_file && word == "merge=union")
        };
        for line in self.text.lines().filter(is_about) {
            let (name, line) = (visible::name(&name), visible::name(line.trim_end()));
            output::remark(&format!("{name}: left, as it was there before: {line}"));
        }
    }

    /// Writes the file; one that was not there before and says nothing is taken away again.
    pub(super) fn write(&self) -> Result<()> {
        if self.end == MISSING && self.text.is_empty() {
            return fs::remove_file(&self.path)
                .map_err(|error| Error::path("remove", &self.path, &error));
        }
        if let Some(folder) = self.path.parent() {
            fs::create_dir_all(folder).map_err(|error| Error::path("create", folder, &error))?;
        }
        write_file(&self.path, self.text.as_bytes())
    }
}

/// Where git looks for the attributes of a user who has not said where they are.
fn default_of_user() -> Result<PathBuf> {
    let folder = |name: &str| std::env::var_os(name).filter(|path| !path.is_empty());
    let config = folder("XDG_CONFIG_HOME").map(PathBuf::from);
    let config = config.or_else(|| Some(PathBuf::from(folder("HOME")?).join(".config")));
    config.map(|config| config.join("git/attributes")).ok_or_else(|| {
        Error::io("neither XDG_CONFIG_HOME nor HOME says where git looks for your attributes")
            .with_help("git config --global core.attributesFile FILE says it")
    })
}
