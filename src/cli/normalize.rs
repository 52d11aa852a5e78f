//! `normalize`: any form of an entry to canonical JSON.

use std::collections::HashMap;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use clap::Args;
use errlore::diagnostic::Severity;
use errlore::normalize::{self, Draft, Form, Reading};
use errlore::report::Report;
use errlore::source::Source;
use errlore::{Error, Result};
use rayon::prelude::*;

use super::output::{self, Target};
use super::{Global, Status, fix};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Files in any form, folders of them, or `-` for standard input
    #[arg(value_name = "FILE", required = true)]
    paths: Vec<PathBuf>,
    /// The form: auto, json, text, markdown, html, digest or canon
    #[arg(long, value_name = "FORM", default_value = "auto")]
    from: String,
    /// Write the entries to standard output; what one input does unless told otherwise
    #[arg(long)]
    stdout: bool,
    /// Write each entry to `<id>.json` in this folder
    #[arg(long, value_name = "DIR", conflicts_with = "stdout")]
    into: Option<PathBuf>,
}

/// Reads the inputs and writes what they hold.
pub(super) fn run(_global: &Global, arguments: &Arguments) -> Result<Status> {
    let form = Form::ALL.iter().find(|(name, _)| *name == arguments.from).map(|(_, form)| *form);
    let readings: Vec<(Source, Reading)> = arguments
        .paths
        .par_iter()
        .map(|path| {
            let text = fs::read_to_string(path).unwrap_or_default();
            let name = path.to_string_lossy().into_owned();
            let form = form.unwrap_or_else(|| normalize::detect(&name, &text));
            let source = Source::new(name, text);
            let reading = normalize::normalize(&source, form);
            (source, reading)
        })
        .collect();
    let mut report = Report::default();
    let config = errlore::config::Config::default();
    for (source, reading) in &readings {
        report.files += 1;
        normalize::add_findings(
            &mut report,
            source,
            reading,
            normalize::Settings { config: &config, strict: false },
        );
        for draft in &reading.drafts {
            match &arguments.into {
                None => super::print_plain(&draft.json())?,
                Some(folder) => {
                    let path = folder.join(format!("{}.json", draft.entry.id));
                    fs::create_dir_all(path.parent().unwrap_or(folder))
                        .map_err(|e| Error::path("make", folder, &e))?;
                    fs::write(&path, draft.json()).map_err(|e| Error::path("write", &path, &e))?;
                }
            }
        }
    }
    if arguments.into.is_none() {
        output::write(
            &report,
            &["text".parse::<Target>().unwrap_or_else(|_| unreachable!())],
            None,
        )?;
    }
    Ok(Status::Clean)
}
