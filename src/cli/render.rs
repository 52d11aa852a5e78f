//! `render`: an entry as a page, or all of them as pages in a folder.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use errlore::check::{Selection, Settings, check};
use errlore::config::Config;
use errlore::corpus::{self, Card, Document, InputFile, Inputs, Loaded};
use errlore::entry::{Entry, EntryId};
use errlore::suggest::did_you_mean;
use errlore::{Error, Result, render, visible};
use rayon::prelude::*;

use super::{Global, Status, input, output};

mod folder;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The entry: its id, a file, or `-` for standard input
    #[arg(value_name = "ID|FILE", required_unless_present = "all")]
    entry: Option<PathBuf>,
    /// The form of the page
    #[arg(long, value_enum, value_name = "FORM", default_value = "markdown")]
    format: Form,
    /// Render the whole knowledge base, a page an entry
    #[arg(long, requires = "into", conflicts_with = "entry")]
    all: bool,
    /// The folder for the pages: DIR/<id>.md, .txt or .html
    #[arg(long, value_name = "DIR", requires = "all")]
    into: Option<PathBuf>,
}

/// A form of a page.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Form {
    /// The whole entry.
    Markdown,
    /// What people read, for a terminal.
    Text,
    /// What people read, for a browser.
    Html,
}

impl Form {
    fn page(self, entry: &Entry) -> String {
        match self {
            Self::Markdown => render::markdown(entry),
            Self::Text => render::text(entry),
            Self::Html => render::html(entry),
        }
    }

    fn extension(self) -> &'static str {
        match self {
            Self::Markdown => "md",
            Self::Text => "txt",
            Self::Html => "html",
        }
    }
}

pub(super) fn run(global: &Global, arguments: &Arguments) -> Result<Status> {
    let everything = input::Arguments::default();
    if let Some(folder) = &arguments.into {
        let inputs = input::discover(global, &everything, false)?;
        return folder::fill(inputs, folder, arguments.format);
    }
    let wanted = arguments.entry.as_ref().expect("the command line asks for one or the other");
    let (inputs, found) = match as_id(wanted) {
        Some(id) => {
            let inputs = input::discover(global, &everything, false)?;
            let found = find(&inputs, &id)?;
            (inputs, found)
        }
        None if wanted.is_dir() => {
            let name = wanted.to_string_lossy();
            return Err(Error::config(format!("{} is a folder", visible::name(&name)))
                .with_help("`--all --into DIR` renders a whole knowledge base"));
        }
        None => {
            let paths = vec![wanted.clone()];
            let arguments = input::Arguments { paths, ..input::Arguments::default() };
            let inputs = input::discover(global, &arguments, false)?;
            let found = inputs.files.iter().position(|file| file.in_scope).unwrap_or_default();
            (inputs, found)
        }
    };
    let Some(entry) = whole_entry(&inputs, found)? else {
        refuse(inputs, &[found]);
        return Ok(Status::Findings);
    };
    super::print_exact(&arguments.format.page(&entry))?;
    Ok(Status::Clean)
}

/// The id that an argument names, unless it names a file.
fn as_id(argument: &Path) -> Option<EntryId> {
    let id = EntryId::new(argument.to_str()?);
    let is_file = argument.exists() && !argument.is_dir();
    let is_path = is_file || argument.extension().is_some_and(|extension| extension == "json");
    (id.is_usable() && !is_path).then_some(id)
}

/// Which file holds the entry of an id, or the one that had it formerly.
fn find(inputs: &Inputs, id: &EntryId) -> Result<usize> {
    // Where it should be. A file that is there and does not read is the one that was meant.
    let at_home = |file: &InputFile| file.expected_id.as_deref() == Some(id.as_str());
    if let Some(number) = inputs.files.iter().position(at_home) {
        let document = load(inputs, number)?.document;
        let has_another = |card: &Card| card.id != *id;
        if !(document.is_whole() && document.card.as_ref().is_some_and(has_another)) {
            return Ok(number);
        }
    }
    let cards: Vec<Result<_>> = (0..inputs.files.len())
        .into_par_iter()
        .map(|number| Ok(load(inputs, number)?.document.card))
        .collect();
    let known: Vec<_> = cards
        .iter()
        .enumerate()
        .filter_map(|(number, card)| Some((number, card.as_ref().ok()?.as_ref()?)))
        .collect();
    let mut holders: Vec<usize> =
        known.iter().filter(|(_, card)| card.id == *id).map(|(number, _)| *number).collect();
    if holders.is_empty() {
        let had = known.iter().filter(|(_, card)| card.aliases.contains(id));
        holders = had.map(|(number, _)| *number).collect();
    }
    match holders.as_slice() {
        [number] => Ok(*number),
        [] => {
            for failure in
                inputs.failures.iter().chain(cards.iter().filter_map(|card| card.as_ref().err()))
            {
                output::failure(failure);
            }
            let error = Error::no_input(format!("no entry is called `{id}`"));
            let ids = known.iter().map(|(_, card)| card.id.as_str());
            Err(match did_you_mean(id.as_str(), ids) {
                Some(guess) => error.with_help(format!("did you mean {}?", visible::quote(guess))),
                None => error,
            })
        }
        several => {
            let names: Vec<_> =
                several.iter().map(|number| visible::name(&inputs.files[*number].name)).collect();
            Err(Error::config(format!("several files hold `{id}`: {}", names.join(", ")))
                .with_help("name one of the files"))
        }
    }
}

fn load(inputs: &Inputs, number: usize) -> Result<Loaded> {
    let file = &inputs.files[number];
    let content = corpus::read(file, inputs.loaded.config.max_file_size)?;
    Ok(Document::load(file, number, content, true))
}

/// The entry in a file, if all of the file is an entry.
fn whole_entry(inputs: &Inputs, number: usize) -> Result<Option<Entry>> {
    let Loaded { document, entry, .. } = load(inputs, number)?;
    Ok(entry.filter(|_| document.is_whole()))
}

/// Says on standard error what keeps files from being entries, whatever the configuration makes of it.
fn refuse(mut inputs: Inputs, numbers: &[usize]) {
    for (number, file) in inputs.files.iter_mut().enumerate() {
        file.in_scope = numbers.contains(&number);
    }
    inputs.complete = false;
    let max_file_size = inputs.loaded.config.max_file_size;
    let config = Config { max_file_size, ..Config::default() };
    // No rule about the schema looks at the day.
    let today = chrono::NaiveDate::default();
    let settings = Settings { config: &config, today, selection: Selection::Schema, engines: None };
    output::aside(&check(&inputs, settings), usize::MAX);
}
