//! Where the entries go.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use errlore::normalize::Draft;
use errlore::source::Source;
use errlore::{Error, Result, visible};
use serde_json::Value;

use super::super::{output, print_exact, write};
use super::Arguments;

/// Takes drafts and puts them where they were asked for.
pub(super) struct Sink<'a> {
    arguments: &'a Arguments,
    /// The folder, with links resolved.
    folder: Option<PathBuf>,
    /// What went where: by id, the text and the source it came from.
    seen: HashMap<String, (u64, String)>,
    /// The first draft for standard output, while it may be the only one.
    first: Option<String>,
    printed: usize,
    written: usize,
    same: usize,
    refused: usize,
    /// What `--check` finds to be done.
    due: usize,
    /// Why entries could not be written.
    pub(super) failures: Vec<Error>,
}

impl<'a> Sink<'a> {
    pub(super) fn new(arguments: &'a Arguments) -> Result<Self> {
        let folder = match &arguments.into {
            Some(folder) if !arguments.check => {
                fs::create_dir_all(folder).map_err(|error| Error::path("make", folder, &error))?;
                let real = fs::canonicalize(folder);
                Some(real.map_err(|error| Error::path("find", folder, &error))?)
            }
            folder => folder.clone(),
        };
        Ok(Self {
            arguments,
            folder,
            seen: HashMap::new(),
            first: None,
            printed: 0,
            written: 0,
            same: 0,
            refused: 0,
            due: 0,
            failures: Vec::new(),
        })
    }

    /// Whether the entries go to standard output, so that nothing else may.
    pub(super) fn owns_stdout(&self) -> bool {
        let arguments = self.arguments;
        let report = &arguments.report;
        // A report in JSON holds the entries too, and takes their place.
        let is_report = report.format == output::Format::Json && report.file.is_none();
        arguments.stdout && !arguments.check || self.is_printed() && !is_report
    }

    fn is_printed(&self) -> bool {
        self.arguments.into.is_none() && !self.arguments.check
    }

    /// Takes a draft.
    pub(super) fn put(&mut self, source: &Source, draft: &Draft) -> Result<()> {
        let text = draft.json();
        if let Some(folder) = self.folder.clone() {
            // One that cannot be written does not stop the others.
            if let Err(error) = self.put_into(&folder, source, draft, &text) {
                self.refused += 1;
                self.failures.push(error);
            }
            return Ok(());
        }
        if self.arguments.check {
            if source.text() != text {
                self.due += 1;
                let name = visible::name(source.name()).into_owned();
                say(&format!("{name} is not the canonical JSON of its entry"));
            }
            return Ok(());
        }
        if self.owns_stdout() { self.print(text) } else { Ok(()) }
    }

    /// One entry is a document; several are an array of them.
    fn print(&mut self, text: String) -> Result<()> {
        self.printed += 1;
        match (self.printed, self.first.take()) {
            (1, _) => {
                self.first = Some(text);
                Ok(())
            }
            (_, Some(first)) => {
                print_exact(&format!("[\n{},\n{}", first.trim_end(), text.trim_end()))
            }
            (_, None) => print_exact(&format!(",\n{}", text.trim_end())),
        }
    }

    /// Ends what is written. Whether something differs that was not written.
    pub(super) fn finish(&mut self) -> Result<bool> {
        match (self.first.take(), self.printed) {
            (Some(only), _) => print_exact(&only)?,
            (None, 2..) => print_exact("\n]\n")?,
            (None, _) => {}
        }
        Ok(self.refused > 0 || self.due > 0)
    }

    fn put_into(
        &mut self,
        folder: &Path,
        source: &Source,
        draft: &Draft,
        text: &str,
    ) -> Result<()> {
        let id = &draft.entry.id;
        let name = visible::name(source.name()).into_owned();
        if !id.is_usable() {
            let why =
                if id.is_empty() { "it has no id" } else { "its id cannot be the name of a file" };
            self.refuse(&format!("the entry of {name} is not written: {why}"));
            return Ok(());
        }
        let sum = fingerprint(text);
        if let Some((other, from)) = self.seen.get(id.as_str()) {
            if *other != sum {
                let message = format!(
                    "{} of {name} is not written: {from} gives another entry of that id",
                    visible::quote(id.as_str())
                );
                self.refuse(&message);
            }
            return Ok(());
        }
        self.seen.insert(id.as_str().to_owned(), (sum, name));
        if self.arguments.check {
            let path = folder.join(format!("{id}.json"));
            let there = what_is_there(&path)?;
            if there.as_deref() == Some(text.as_bytes()) {
                self.same += 1;
            } else {
                self.due += 1;
                let differs = if there.is_some() { "differs" } else { "is not there" };
                let path = path.to_string_lossy();
                say(&format!("{} {differs}", visible::name(&path)));
            }
            return Ok(());
        }
        let path = write::place(folder, id, "json")?;
        match what_is_there(&path)? {
            Some(there) if there == text.as_bytes() => self.same += 1,
            Some(there) => {
                let shown = self.shown(&path);
                let changes = changes(&String::from_utf8_lossy(&there), text);
                if self.arguments.force {
                    write::replace(&path, text.as_bytes())?;
                    self.written += 1;
                    say(&format!("wrote {shown}; it differed in {changes}"));
                } else {
                    self.refuse(&format!(
                        "{shown} is there already and differs in {changes}; `--force` writes over it"
                    ));
                }
            }
            None => {
                write::replace(&path, text.as_bytes())?;
                self.written += 1;
                output::wrote(&self.named(&path));
            }
        }
        Ok(())
    }

    /// A path as the command line named its folder, safe to show.
    fn shown(&self, path: &Path) -> String {
        visible::name(&self.named(path)).into_owned()
    }

    fn named(&self, path: &Path) -> String {
        let named = self.arguments.into.as_deref().unwrap_or(Path::new(""));
        let inner = self.folder.as_deref().and_then(|folder| path.strip_prefix(folder).ok());
        let shown = inner.map_or_else(|| path.to_owned(), |inner| named.join(inner));
        shown.to_string_lossy().into_owned()
    }

    fn refuse(&mut self, message: &str) {
        self.refused += 1;
        say(message);
    }

    /// Says on standard error what was done.
    pub(super) fn announce(&self) {
        let Some(folder) = &self.arguments.into else { return };
        if self.arguments.check {
            return;
        }
        let folder = folder.to_string_lossy();
        let entries = if self.written == 1 { "entry" } else { "entries" };
        let mut said = format!("wrote {} {entries} to {}", self.written, visible::name(&folder));
        if self.same > 0 {
            said.push_str(&format!("; {} did not change", self.same));
        }
        if self.refused > 0 {
            said.push_str(&format!("; {} not written", self.refused));
        }
        eprintln!("{said}");
    }
}

fn say(message: &str) {
    eprintln!("{message}");
}

/// What stands at a path: nothing, or what the file there holds. What is no file may have no end.
fn what_is_there(path: &Path) -> Result<Option<Vec<u8>>> {
    let found = fs::metadata(path).and_then(|found| {
        if found.is_file() { fs::read(path) } else { Err(io::Error::other("it is no file")) }
    });
    match found {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::path("read", path, &error)),
    }
}

/// Tells texts apart without keeping them.
fn fingerprint(text: &str) -> u64 {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

/// Which fields of an entry differ.
fn changes(before: &str, after: &str) -> String {
    let (Ok(Value::Object(before)), Ok(Value::Object(after))) =
        (serde_json::from_str(before), serde_json::from_str(after))
    else {
        return "all of it: what is there is no entry".to_owned();
    };
    let mut names: Vec<&String> = before.keys().chain(after.keys()).collect();
    names.sort_unstable();
    names.dedup();
    names.retain(|name| before.get(*name) != after.get(*name));
    if names.is_empty() {
        return "its layout".to_owned();
    }
    names.iter().map(|name| visible::quote(name)).collect::<Vec<_>>().join(", ")
}
