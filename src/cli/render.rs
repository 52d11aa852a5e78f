//! `render`: an entry as a page, or all of them as pages in a folder.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use errlore::check::{Selection, Settings, check};
use errlore::config::Config;
use errlore::corpus::Inputs;
use errlore::entry::Entry;
use errlore::{Error, Result, render, visible};

use super::named::{as_id, find, is_named_as_file, whole_entry};
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
        None if !wanted.exists() && !is_named_as_file(wanted) => {
            let name = wanted.to_string_lossy();
            return Err(Error::no_input(format!("no entry is called {}", visible::quote(&name)))
                .with_help("name the id of an entry, a file, or `-`"));
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
