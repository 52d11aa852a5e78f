//! `fmt`: entries in canonical form, all or those named.

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use clap::Args;
use errlore::check::{Selection, Settings, check};
use errlore::config::Config;
use errlore::corpus::{Document, InputFile, Inputs, Unread, read};
use errlore::format::Formatted;
use errlore::report::Report;
use errlore::wording::counted;
use errlore::{Error, Result, visible};
use rayon::prelude::*;

use super::output::{self, Format, Target};
use super::write::Change;
use super::{Global, Status, input};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    input: input::Arguments,
    /// Write nothing; list the files that would change
    #[arg(long)]
    check: bool,
    /// Write nothing; show what would change, as a diff that `git apply` takes
    #[arg(long)]
    diff: bool,
}

/// What comes of a file that can be formatted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    /// The file is written anew.
    Write,
    /// Its name is listed.
    List,
    /// The change is shown.
    Diff,
    /// The text goes to standard output.
    Print,
}

impl Arguments {
    fn mode(&self) -> Mode {
        match (self.diff, self.check) {
            (true, _) => Mode::Diff,
            (false, true) => Mode::List,
            (false, false) if self.input.reads_stdin() => Mode::Print,
            (false, false) => Mode::Write,
        }
    }
}

/// A file to format.
#[derive(Clone, Debug)]
struct Job {
    /// The file, or what a link leads to.
    file: InputFile,
    /// What a report on it is about: where a link leads out of the knowledge base, the link, so that
    /// nothing of its target is shown.
    shown: InputFile,
    /// How many bytes are read, as its knowledge base has it.
    limit: u64,
}

/// What became of a file.
enum Outcome {
    AsItIs,
    /// It is another text now, or would be; and what standard output is to say of it.
    Changed(String),
    Blocked,
}

/// Formats what the command line names.
pub(super) fn run(global: &Global, arguments: &Arguments) -> Result<Status> {
    let (input, mode) = (&arguments.input, arguments.mode());
    if input.reads_stdin() && (input.paths.len() > 1 || input.files_from.is_some()) {
        return Err(Error::config("standard input is formatted alone")
            .with_help("name either `-` or files, not both"));
    }
    let bases = input::discover_each(global, input, false)?;
    if mode == Mode::Write {
        input::refuse_unnamed(input, &bases)?;
    }
    let mut jobs: Vec<Job> = bases.iter().flat_map(jobs).collect();
    jobs.sort_by(|a, b| a.file.name.cmp(&b.file.name));
    let here = bases.first().map_or(Path::new(""), |inputs| &inputs.here);
    let outcomes: Vec<Result<Outcome>> = jobs.par_iter().map(|job| one(job, mode, here)).collect();

    let (mut done, mut out) = (Done::default(), String::new());
    let mut blocked: BTreeMap<u64, Vec<InputFile>> = BTreeMap::new();
    let mut failures: Vec<&Error> = bases.iter().flat_map(|inputs| &inputs.failures).collect();
    for (job, outcome) in jobs.iter().zip(&outcomes) {
        match outcome {
            Ok(Outcome::AsItIs) => done.same += 1,
            Ok(Outcome::Changed(said)) => {
                done.changed += 1;
                out.push_str(said);
                if mode == Mode::Write {
                    output::wrote(&job.file.name);
                }
            }
            Ok(Outcome::Blocked) => {
                done.blocked += 1;
                blocked.entry(job.limit).or_default().push(job.shown.clone());
            }
            Err(error) => failures.push(error),
        }
    }
    if mode == Mode::Diff {
        super::print_exact(&out)?;
    } else {
        super::print_plain(&out)?;
    }
    let report = explain(blocked);
    match mode {
        _ if done.blocked == 0 => {}
        Mode::Write => {
            let target = Target { format: Format::Text, file: None };
            output::write(&report, &[target], None)?;
        }
        _ => output::aside(&report, usize::MAX),
    }
    failures.extend(&report.failures);
    for failure in &failures {
        output::failure(failure);
    }
    done.announce(mode);
    Ok(match mode {
        _ if !failures.is_empty() => Status::Failed,
        _ if done.blocked > 0 => Status::Findings,
        Mode::List | Mode::Diff if done.changed > 0 => Status::Findings,
        _ => Status::Clean,
    })
}

/// The files in scope, each once. A link stands for what it leads to where that is a file, and where
/// the link was named or leads to another entry.
fn jobs(inputs: &Inputs) -> Vec<Job> {
    let limit = inputs.loaded.config.max_file_size;
    let mut seen: HashSet<PathBuf> = HashSet::new();
    let mut jobs = Vec::new();
    let (links, files): (Vec<_>, Vec<_>) = inputs
        .files
        .iter()
        .filter(|file| file.in_scope)
        .partition(|file| file.special == Some(Unread::Link));
    for file in files {
        seen.extend(file.path.clone());
        jobs.push(Job { file: file.clone(), shown: file.clone(), limit });
    }
    for link in links {
        let target = link.path.as_deref().and_then(|path| target(path, inputs));
        let Some((target, is_inside)) = target else {
            jobs.push(Job { file: link.clone(), shown: link.clone(), limit });
            continue;
        };
        if seen.insert(target.clone()) {
            let file = InputFile { path: Some(target), special: None, ..link.clone() };
            let shown = if is_inside { file.clone() } else { link.clone() };
            jobs.push(Job { file, shown, limit });
        }
    }
    jobs
}

/// The file that a link leads to, where it may be followed, and whether it lies among the entries.
fn target(link: &Path, inputs: &Inputs) -> Option<(PathBuf, bool)> {
    let target = fs::canonicalize(link).ok().filter(|target| target.is_file())?;
    let is_inside = inputs.folders.iter().any(|folder| target.starts_with(folder));
    let is_named = || inputs.named.iter().any(|named| named == link);
    (is_inside || is_named()).then_some((target, is_inside))
}

fn one(job: &Job, mode: Mode, here: &Path) -> Result<Outcome> {
    let loaded = Document::load(&job.file, 0, read(&job.file, job.limit)?, true);
    let before = loaded.document.source.text();
    let after = match errlore::format::format(&loaded) {
        Formatted::Refused => return Ok(Outcome::Blocked),
        // It is printed all the same.
        Formatted::Unchanged if mode == Mode::Print => before.to_owned(),
        Formatted::Unchanged => return Ok(Outcome::AsItIs),
        Formatted::Changed(after) => after,
    };
    let change = |after| Change {
        path: job.file.path.clone().unwrap_or_default(),
        before: before.to_owned(),
        after,
    };
    Ok(Outcome::Changed(match mode {
        Mode::Write => {
            change(after).write()?;
            String::new()
        }
        Mode::List => format!("{}\n", visible::name(&job.file.name)),
        Mode::Diff => change(after).patch(here)?,
        Mode::Print => after,
    }))
}

/// Why files cannot be formatted: the findings that say so, whatever the configuration makes of them. The
/// files come by how many bytes of them are read.
fn explain(blocked: BTreeMap<u64, Vec<InputFile>>) -> Report {
    let mut report = Report::default();
    for (limit, files) in blocked {
        let inputs = Inputs { files, ..Inputs::default() };
        let config = Config { max_file_size: limit, ..Config::default() };
        // No rule of this selection looks at the day.
        let today = NaiveDate::default();
        let settings =
            Settings { config: &config, today, selection: Selection::Form, engines: None };
        report.append(check(&inputs, settings));
    }
    for found in &mut report.diagnostics {
        // The fixes are those of another command.
        found.fix = None;
    }
    report
}

/// How many files there were of each kind.
#[derive(Debug, Default)]
struct Done {
    changed: usize,
    same: usize,
    blocked: usize,
}

impl Done {
    /// Says on standard error what was done.
    fn announce(&self, mode: Mode) {
        let files = |count: usize| counted(count, "file");
        let mut parts = match mode {
            Mode::Print => Vec::new(),
            Mode::Write => vec![
                format!("{} rewritten", files(self.changed)),
                format!("{} already canonical", self.same),
            ],
            Mode::List | Mode::Diff => vec![
                format!("{} would be rewritten", files(self.changed)),
                format!("{} already canonical", self.same),
            ],
        };
        if self.blocked > 0 {
            parts.push(format!("{} left as found", files(self.blocked)));
        }
        if !parts.is_empty() {
            eprintln!("{}", parts.join(", "));
        }
    }
}
