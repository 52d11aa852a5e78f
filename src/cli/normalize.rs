//! `normalize`: any form of an entry to canonical JSON.

use std::path::PathBuf;

use clap::Args;
use errlore::check;
use errlore::config::{Config, RegexConfig};
use errlore::diagnostic::Severity;
use errlore::entry::{Sample, samples};
use errlore::normalize::{Draft, Form, Reading, propose_pattern};
use errlore::pattern::Signatures;
use errlore::report::{self, Report};
use errlore::source::Source;
use errlore::{Error, Result};
use rayon::prelude::*;
use serde_json::value::RawValue;

use super::output::{self, Format, Target};
use super::write::{is_stdout, write_output};
use super::{Global, Status, input};

mod base;
pub(super) mod read;
mod sink;

use read::{Part, Parts};
use sink::Sink;

#[derive(Debug, Args)]
#[allow(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub(super) struct Arguments {
    /// Files in any form, folders of them, or `-` for standard input
    #[arg(value_name = "FILE", required = true)]
    paths: Vec<PathBuf>,
    /// The form: auto, json, text, markdown, html, digest or canon
    #[arg(long, value_name = "FORM", default_value = "auto", value_parser = form)]
    from: From,
    /// Write the entries to standard output, several as one JSON array; what one input does unless told
    /// otherwise
    #[arg(long)]
    stdout: bool,
    /// Write each entry to `<id>.json` in this folder; one that is there and differs is left alone
    #[arg(long, value_name = "DIR", conflicts_with = "stdout")]
    into: Option<PathBuf>,
    /// With --into, write over entries that differ, and say what changes
    #[arg(long, requires = "into", conflicts_with = "stdout")]
    force: bool,
    /// Write nothing; say whether anything would be written, or an input is not canonical JSON
    #[arg(long)]
    check: bool,
    /// Give an entry without a pattern one that is made from its message
    #[arg(long)]
    propose_regex: bool,
    /// Take what is not understood for an error
    #[arg(long)]
    strict: bool,
    /// How to report: text, or json with what each stretch of a source became; `FORMAT=FILE` writes to a
    /// file
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    report: Target,
    /// The least severity that makes the exit status 1: note, warning or error [default: `fail-on` of
    /// errlore.toml, or error]
    #[arg(long, value_name = "SEVERITY", env = "ERRLORE_FAIL_ON", hide_env = true)]
    fail_on: Option<Severity>,
    /// The name of what comes from standard input
    #[arg(long, value_name = "PATH")]
    stdin_filename: Option<PathBuf>,
}

/// The form of the inputs: told, or to be seen from what they hold.
type From = Option<Form>;

fn form(name: &str) -> std::result::Result<From, String> {
    if name == "auto" {
        return Ok(None);
    }
    let names = Form::ALL.map(|(name, _)| name);
    if let Some((_, form)) = Form::ALL.iter().find(|(known, _)| *known == name) {
        return Ok(Some(*form));
    }
    let guess = errlore::suggest::did_you_mean(name, names)
        .map(|guess| format!("; did you mean {guess}?"))
        .unwrap_or_default();
    Err(format!("expected auto or one of {}{guess}", names.join(", ")))
}

/// Reads the inputs and writes what they hold.
pub(super) fn run(global: &Global, arguments: &Arguments) -> Result<Status> {
    arguments.look_for_contradictions()?;
    let config = input::settings(global)?.config;
    let (files, failures) = read::files(&arguments.paths, arguments.stdin_filename.as_deref());
    if files.is_empty() && failures.is_empty() {
        return Err(Error::no_input("there is no file in what was named"));
    }
    if files.len() > 1 && !arguments.stdout && arguments.into.is_none() && !arguments.check {
        return Err(Error::config("several inputs need to be told where to go")
            .with_help("`--into DIR` makes a file of each entry, `--stdout` one array of all"));
    }
    let base = if arguments.propose_regex { base::messages(global)? } else { Vec::new() };
    let sink = Sink::new(arguments)?;
    if sink.owns_stdout() && arguments.report.file.as_ref().is_some_and(is_stdout) {
        return Err(Error::config("the entries and the report cannot share one output")
            .with_help("write the report to a file: --report json=report.json"));
    }
    let progress = read::progress(&files);
    let mut run = Run {
        sink,
        report: Report { files: files.len(), failures, ..Report::default() },
        maps: Vec::new(),
        arguments,
        config: &config,
    };
    let mut parts = Parts::new(&files, arguments.from);
    loop {
        let readings = readings(&mut parts, |files| progress.inc(files));
        if readings.is_empty() {
            break;
        }
        run.batch(readings, &base)?;
    }
    progress.finish_and_clear();
    run.finish()
}

/// How many findings that say the same are shown: many pages have the same gaps.
pub(super) const REPEATS: usize = 3;

/// What the next parts of the inputs hold; nothing at their end. `done` is told how many files that was.
pub(super) fn readings(parts: &mut Parts<'_>, done: impl Fn(u64) + Sync) -> Vec<Result<Read>> {
    let read = |part: Result<Part>| {
        let part = part?;
        let reading = part.read();
        done(part.files);
        Ok(Read { source: part.source, form: part.form, reading })
    };
    batch(parts).into_par_iter().map(read).collect()
}

/// The next parts of the inputs: as many as are in memory at a time, whatever there is to read.
fn batch(parts: &mut Parts<'_>) -> Vec<Result<Part>> {
    const MOST_PARTS: usize = 256;
    const MOST_BYTES: usize = 8 << 20;
    let mut batch = Vec::new();
    let mut bytes = 0;
    while batch.len() < MOST_PARTS && bytes < MOST_BYTES {
        let Some(part) = parts.next() else { break };
        bytes += part.as_ref().map_or(0, |part| part.source.text().len());
        batch.push(part);
    }
    batch
}

/// A source and what was read from it.
pub(super) struct Read {
    pub(super) source: Source,
    form: Form,
    pub(super) reading: Reading,
}

struct Run<'a> {
    arguments: &'a Arguments,
    config: &'a Config,
    sink: Sink<'a>,
    report: Report,
    maps: Vec<Box<RawValue>>,
}

impl Run<'_> {
    fn batch(&mut self, readings: Vec<Result<Read>>, base: &[(String, String)]) -> Result<()> {
        let mut read: Vec<Read> = Vec::with_capacity(readings.len());
        for reading in readings {
            match reading {
                Ok(reading) => read.push(reading),
                Err(error) => {
                    self.report.failures.push(error);
                    self.report.files = self.report.files.saturating_sub(1);
                }
            }
        }
        if self.arguments.propose_regex {
            propose(&mut read, base, &self.config.regex);
        }
        let strict = self.arguments.strict;
        let keeps_map = self.arguments.report.format == Format::Json;
        for Read { source, form, reading } in &read {
            check::add_reading(&mut self.report, source, reading, self.config, strict);
            if keeps_map {
                self.maps.push(report::map_of_source(source, *form, reading));
            }
            for draft in &reading.drafts {
                self.sink.put(source, draft)?;
            }
        }
        Ok(())
    }

    fn fail_on(&self) -> Severity {
        self.arguments.fail_on.unwrap_or(self.config.fail_on)
    }

    fn finish(mut self) -> Result<Status> {
        let differs = self.sink.finish()?;
        self.report.failures.append(&mut self.sink.failures);
        self.report.sort();
        let target = &self.arguments.report;
        let text = match target.format {
            Format::Json => report::map(&self.report, &self.maps),
            _ => String::new(),
        };
        match (&target.file, target.format) {
            (Some(file), Format::Json) => write_output(file, |write| write(text.as_bytes()))?,
            (None, Format::Json) if self.sink.owns_stdout() => eprint!("{text}"),
            (None, Format::Json) => super::print_plain(&text)?,
            (None, _) if self.sink.owns_stdout() => output::aside(&self.report, REPEATS),
            (None, _) => output::print(&self.report, REPEATS)?,
            (Some(_), _) => output::write(&self.report, std::slice::from_ref(target), None)?,
        }
        for failure in &self.report.failures {
            output::failure(failure);
        }
        self.sink.announce();
        Ok(if !self.report.failures.is_empty() {
            Status::Failed
        } else if differs || self.report.reaches(self.fail_on()) {
            Status::Findings
        } else {
            Status::Clean
        })
    }
}

/// Gives drafts without a pattern one, which finds neither an entry of the knowledge base nor another
/// draft.
fn propose(read: &mut [Read], base: &[(String, String)], lookups: &RegexConfig) {
    let messages = |draft: &Draft| {
        let samples = samples(&draft.entry, Sample::Match).map(|(_, text)| text.to_owned());
        let id = draft.entry.id.as_str().to_owned();
        let all: Vec<String> = samples.chain([draft.entry.signature.clone()]).collect();
        all.into_iter().map(move |message| (id.clone(), message))
    };
    let own: Vec<(String, String)> =
        read.iter().flat_map(|read| &read.reading.drafts).flat_map(messages).collect();
    let all = base.iter().chain(&own).map(|(id, signature)| (id.as_str(), signature.as_str()));
    let signatures: Signatures<'_> = all.collect();
    read.par_iter_mut()
        .flat_map(|read| &mut read.reading.drafts)
        .for_each(|draft| propose_pattern(draft, &signatures, lookups));
}

impl Arguments {
    fn look_for_contradictions(&self) -> Result<()> {
        if !matches!(self.report.format, Format::Text | Format::Json) {
            return Err(Error::config("`--report` is text or json"));
        }
        let stdin = self.paths.iter().filter(|path| read::is_stdin(path)).count();
        if stdin > 1 {
            return Err(Error::config("standard input can be read only once"));
        }
        if self.stdin_filename.is_some() && stdin == 0 {
            return Err(Error::config("`--stdin-filename` names what comes from standard input")
                .with_help("add `-` to the files"));
        }
        Ok(())
    }
}
