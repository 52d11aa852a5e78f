//! `check`, `validate` and `regex`: the same line with another set of rules.

use std::time::Duration;

use chrono::{Local, NaiveDate};
use clap::Args;
use clap::builder::{OsStringValueParser, TypedValueParser};
use errlore::check::{Selection, Settings, check};
use errlore::config::Config;
use errlore::corpus::Inputs;
use errlore::diagnostic::{Applicability, Diagnostic, Severity};
use errlore::report::Report;
use errlore::{Error, Result};

use super::output::{self, Format, Target};
use super::regex::engines::ask;
use super::write::{Output, write_output};
use super::{Global, Status, duplicates, fix, input};

#[derive(Debug, Args)]
#[allow(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(super) struct Arguments {
    #[command(flatten)]
    input: input::Arguments,
    /// text, concise, json, jsonl, github or markdown; `FORMAT=FILE` writes to a file, `FORMAT=>>FILE` behind
    /// what is there; may be repeated
    #[arg(
        long,
        value_name = "FORMAT",
        default_value = "text",
        value_delimiter = ',',
        env = "ERRLORE_FORMAT",
        hide_env = true
    )]
    format: Vec<Target>,
    /// Write the report to a file instead of standard output; `>>FILE` behind what is there
    #[arg(long, value_name = "FILE", value_parser = OsStringValueParser::new().try_map(Output::parse))]
    output: Option<Output>,
    /// The least severity that makes the exit status 1: note, warning or error [default: `fail-on` of
    /// errlore.toml, or error]
    #[arg(long, value_name = "SEVERITY", env = "ERRLORE_FAIL_ON", hide_env = true)]
    fail_on: Option<Severity>,
    /// With `--since`: report also what stood before the change
    #[arg(long, requires = "since")]
    all: bool,
    /// The day it is, YYYY-MM-DD [default: the system's date]
    #[arg(long, value_name = "DATE", env = "ERRLORE_TODAY", hide_env = true)]
    today: Option<NaiveDate>,
    /// Apply the fixes that keep the meaning
    #[arg(long)]
    fix: bool,
    /// Apply also the fixes that may change the meaning
    #[arg(long)]
    unsafe_fixes: bool,
    /// Show what the fixes would change instead of applying them
    #[arg(long)]
    diff: bool,
}

impl Arguments {
    pub(super) fn input(&self) -> &input::Arguments {
        &self.input
    }

    pub(super) fn formats(&self) -> &[Target] {
        &self.format
    }

    fn fixes(&self) -> Option<Applicability> {
        match (self.fix, self.unsafe_fixes, self.diff) {
            (_, true, _) => Some(Applicability::Unsafe),
            (true, ..) | (_, _, true) => Some(Applicability::Safe),
            _ => None,
        }
    }
}

/// Runs the rules of a selection and reports.
pub(super) fn run(global: &Global, arguments: &Arguments, selection: Selection) -> Result<Status> {
    run_and(global, arguments, selection, &Extras::default())
}

/// Adds to a report what came of these inputs.
type Add<'a> = dyn Fn(&Inputs, &Config, &mut Report) -> Result<()> + 'a;

/// What a command does beyond running rules.
#[derive(Default)]
pub(super) struct Extras<'a> {
    /// How long a real engine may take for an answer, where engines are asked about the patterns.
    pub(super) engines: Option<Duration>,
    /// What the command adds to the report.
    pub(super) add: Option<&'a Add<'a>>,
}

/// The same, and what else the command does.
pub(super) fn run_and(
    global: &Global,
    arguments: &Arguments,
    selection: Selection,
    beyond: &Extras<'_>,
) -> Result<Status> {
    output::refuse_shared(&arguments.format, arguments.output.as_ref())?;
    if arguments.diff
        && !matches!(&arguments.format[..], [Target { format: Format::Text, file: None }])
    {
        return Err(Error::config("`--diff` writes a patch, and no report")
            .with_help("leave `--format` (or `ERRLORE_FORMAT`) away; `--output` names a file"));
    }
    if arguments.input.reads_stdin() && !arguments.diff && arguments.fixes().is_some() {
        return Err(Error::config("standard input cannot be fixed in place")
            .with_help("name the file, or see with `--diff` what the fixes would change"));
    }
    let today = arguments.today.unwrap_or_else(|| Local::now().date_naive());
    let (mut report, mut patches, mut fails) = (Report::default(), String::new(), false);
    let bases = input::discover_each(global, &arguments.input, selection == Selection::All)?;
    if arguments.fixes().is_some() && !arguments.diff {
        input::refuse_unnamed(&arguments.input, &bases)?;
    }
    // Each knowledge base has its own configuration, and knows nothing of the others.
    for mut inputs in bases {
        let config = std::mem::take(&mut inputs.loaded.config);
        if selection == Selection::All {
            if inputs.is_alone && inputs.files.iter().any(|file| file.in_scope) {
                output::remark(
                    "no knowledge base is around what was named: what it links to is not looked up",
                );
            }
            duplicates::read_curation(&mut inputs)?;
        }
        let mut asked = beyond.engines.map(|limit| ask(&inputs, &config, limit));
        if let Some(asked) = &mut asked {
            inputs.failures.append(&mut asked.failures);
        }
        let engines = asked.as_ref().map(|asked| &asked.answers);
        let settings = Settings { config: &config, today, selection, engines };

        report.failures.append(&mut inputs.failures);
        let mut found = match arguments.fixes() {
            None => check(&inputs, settings),
            Some(up_to) => {
                let fixed = fix::settle(&mut inputs, settings, up_to);
                if arguments.diff {
                    let (shown, failures) = fixed.patches(&inputs.here);
                    patches += &shown;
                    fails |= !fixed.is_empty();
                    report.failures.extend(fixed.report.failures.into_iter().chain(failures));
                    continue;
                }
                fixed.write(&mut inputs, settings)
            }
        };
        let is_new_wanted = arguments.input.since.is_some() && !arguments.all;
        if is_new_wanted && !found.diagnostics.is_empty() {
            let before = check(&inputs.before(), Settings { engines: None, ..settings });
            found.set_old_aside(&before);
        }
        if let Some(add) = beyond.add {
            add(&inputs, &config, &mut found)?;
        }
        // What a change brings counts wherever it shows.
        let counts = |found: &&Diagnostic| found.in_scope || arguments.input.since.is_some();
        let fail_on = arguments.fail_on.unwrap_or(config.fail_on);
        let mut counted = found.diagnostics.iter().filter(counts);
        fails |= counted.any(|found| found.severity >= fail_on);
        report.append(found);
        // The process is about to end: freeing each text first would only take time.
        std::mem::forget(inputs);
    }
    match &arguments.output {
        _ if !arguments.diff => {
            output::write(&report, &arguments.format, arguments.output.as_ref())?;
        }
        Some(output) => write_output(output, |write| write(patches.as_bytes()))?,
        None => super::print_exact(&patches)?,
    }
    for failure in &report.failures {
        output::failure(failure);
    }
    output::over_budget(&report);
    let status = match (report.failures.is_empty(), fails || report.is_over_budget()) {
        (false, _) => Status::Failed,
        (true, true) => Status::Findings,
        (true, false) => Status::Clean,
    };
    std::mem::forget(report);
    Ok(status)
}
