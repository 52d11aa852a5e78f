//! `duplicates`: which entries describe the same error, and why.

use std::path::Path;

use clap::Args;
use clap::builder::{OsStringValueParser, TypedValueParser};
use errlore::corpus::Inputs;
use errlore::duplicates::{Contradiction, Decisions, Label, Standings};
use errlore::pattern::{Overlap, Pattern};
use errlore::{Error, Result};
use serde::Serialize;

use super::output::{self, Named, Target, only, refuse_shared, separator};
use super::regex::overlap::in_words as compared;
use super::write::{Output, write_output};
use super::{Global, Status, input, print, print_exact, print_plain};
use found::Found;
use json::Listed;
use known::{Known, against, announce};

mod decide;
mod found;
mod index;
mod json;
mod known;
mod like;
mod markdown;
mod measure;
mod page;
mod refit;
mod review;
mod sides;
mod since;
mod store;
mod words;
mod wrap;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    input: input::Arguments,
    /// From which probability on two entries are duplicates [default: that of the model]
    #[arg(long, value_name = "P", value_parser = probability)]
    threshold: Option<f64>,
    /// text, json, github, markdown or html; `FORMAT=FILE` writes to a file, `FORMAT=>>FILE` behind
    /// what is there; may be repeated
    #[arg(long, value_name = "FORMAT", default_value = "text", value_delimiter = ',')]
    format: Vec<Target<Format>>,
    /// Write the report to a file instead of standard output; `>>FILE` behind what is there
    #[arg(long, value_name = "FILE", value_parser = OsStringValueParser::new().try_map(Output::parse))]
    output: Option<Output>,
    /// List all pairs that were compared, whatever they are to each other
    #[arg(long)]
    all_pairs: bool,
    /// Compare two entries, named by their ids, and say all that speaks for and against it
    #[arg(long, num_args = 2, value_names = ["A", "B"], conflicts_with = "all_pairs")]
    explain: Vec<String>,
    #[command(flatten)]
    like: like::Arguments,
    #[command(flatten)]
    decide: decide::Arguments,
    #[command(flatten)]
    review: review::Arguments,
    #[command(flatten)]
    judge: measure::Arguments,
}

/// How to write what was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    /// For people.
    Text,
    /// For programs.
    Json,
    /// For the lines of a pull request on GitHub.
    Github,
    /// For a comment on a pull request.
    Markdown,
    /// For people with a browser: the entries of each pair side by side.
    Html,
}

impl Named for Format {
    const ALL: &'static [(&'static str, Self)] = &[
        ("text", Self::Text),
        ("json", Self::Json),
        ("github", Self::Github),
        ("markdown", Self::Markdown),
        ("html", Self::Html),
    ];
}

/// Takes an output piece by piece.
type Out<'o> = dyn FnMut(&str) -> Result<()> + 'o;

fn probability(text: &str) -> std::result::Result<f64, String> {
    let number: f64 = text.parse().map_err(|_| "expected a number, such as 0.6".to_owned())?;
    let is_within = number > 0.0 && number <= 1.0;
    is_within.then_some(number).ok_or_else(|| "expected more than 0 and at most 1".to_owned())
}

pub(super) fn run(global: &Global, arguments: &Arguments) -> Result<Status> {
    if arguments.review.is_asked_for() && arguments.input.reads_stdin() {
        return Err(Error::config("standard input cannot be both an entry and the answers")
            .with_help("name the file of the entry"));
    }
    refuse_shared(&arguments.format, arguments.output.as_ref())?;
    if !arguments.like.like.is_empty() {
        let Arguments { input, like, threshold, .. } = arguments;
        let is_json = is_json(arguments, "`--like`")?;
        return like::run(global, input, like, *threshold, is_json);
    }
    let mut known = Known::read(global, &arguments.input, !arguments.judge.refit, Vec::new())?;
    let threshold = arguments.threshold.unwrap_or(known.base.model().threshold);
    if !arguments.decide.decide.is_empty() {
        return decide::run(&known, &arguments.decide);
    }
    if arguments.review.is_asked_for() {
        return review::run(&known, threshold, &arguments.review, arguments.decide.today());
    }
    let (decisions, faults) = known.store().read()?;
    let annotates = arguments.format.iter().any(|target| target.format == Format::Github);
    let annotations =
        annotates.then(|| known.annotations(&decisions, threshold, arguments.decide.today()));
    let standings = against(&known.base, &decisions, faults);
    if let [a, b] = &arguments.explain[..] {
        return explain(&known, &standings, a, b, arguments);
    }
    announce(&standings.faults);
    if arguments.judge.refit {
        return refit::run(&known, &standings, arguments.threshold);
    }
    if arguments.judge.measure {
        let is_json = is_json(arguments, "`--measure`")?;
        return measure::run(&known, &standings, threshold, is_json);
    }
    let today = arguments.decide.today();
    let curation = known.curation(&standings, threshold, arguments.all_pairs, today)?;
    let found = Found::new(&known, &standings, &curation, threshold, arguments.all_pairs);
    let is_since = arguments.input.since.is_some();
    for Target { format, file } in &arguments.format {
        let put = |out: &mut Out<'_>| match format {
            Format::Text if is_since => since::write(&found, out),
            Format::Text => words::write(&found, out),
            Format::Json => json::write(&found, out),
            Format::Github => out(annotations.as_deref().unwrap_or_default()),
            Format::Markdown => markdown::write(&found, is_since, out),
            Format::Html => page::write(&found, out),
        };
        match (file.as_ref().or(arguments.output.as_ref()), format) {
            (Some(file), _) => {
                write_output(file, |write| {
                    write(separator(file, *format == Format::Markdown).as_bytes())?;
                    put(&mut |text| write(text.as_bytes()))
                })?;
            }
            (None, Format::Text) => put(&mut print)?,
            (None, Format::Html) => put(&mut print_exact)?,
            (None, _) => put(&mut print_plain)?,
        }
    }
    Ok(match (known.has_failures, found.is_clean) {
        (true, _) => Status::Failed,
        (false, true) => Status::Clean,
        (false, false) => Status::Findings,
    })
}

/// Whether an answer that is written as text or as JSON is asked for as JSON.
fn is_json(arguments: &Arguments, what: &str) -> Result<bool> {
    let can = [Format::Text, Format::Json];
    Ok(to_stdout(arguments, &can, what)? == Format::Json)
}

/// The format of an answer that is written to standard output in one of some formats.
fn to_stdout(arguments: &Arguments, can: &[Format], what: &str) -> Result<Format> {
    if arguments.output.is_some() {
        return Err(Error::config(format!("{what} is written to standard output"))
            .with_help("`>` writes it to a file"));
    }
    only(&arguments.format, can, what)
}

/// The decisions of a knowledge base, as far as they can be read.
pub(super) fn decisions(root: &Path) -> Decisions {
    let read = store::Store::new(root).read();
    read.map(|(decisions, _)| decisions).unwrap_or_default()
}

/// Reads what is known of duplicates beside the entries: decisions, and weights fitted to them.
pub(super) fn read_curation(inputs: &mut Inputs) -> Result<()> {
    let root = known::root(inputs).to_owned();
    let (decisions, faults) = store::Store::new(&root).read()?;
    announce(&faults);
    inputs.decisions = decisions;
    inputs.weights = refit::weights(&root)?;
    Ok(())
}

/// A pair that was asked for.
#[derive(Serialize)]
struct Explained<'b> {
    #[serde(flatten)]
    pair: Listed<'b>,
    /// What the patterns have in common, where both entries have one.
    patterns: Option<Overlap>,
}

fn explain(
    known: &Known,
    standings: &Standings<'_>,
    a: &str,
    b: &str,
    arguments: &Arguments,
) -> Result<Status> {
    let can = [Format::Text, Format::Json, Format::Html];
    let format = to_stdout(arguments, &can, "`--explain`")?;
    let (a, b) = known.two(a, b)?;
    let base = &known.base;
    let pair = base.pair(a, b, known.case);
    let is_duplicate = pair.label == Label::Duplicate;
    let (one, other) = (known.entry(pair.a)?, known.entry(pair.b)?);
    let contradictions: Vec<Contradiction> = base.contradictions(&one, &other);
    let [one, other] = [one, other].map(|entry| Pattern::new(entry.regex));
    let have_patterns = !one.is_empty() && !other.is_empty();
    let patterns = have_patterns.then(|| one.overlap(&other, known.case));
    let notes = words::standing(base, &pair, standings.of(base, a, b));
    match format {
        Format::Json => {
            let pair = Listed::new(base, &pair, &contradictions, standings);
            print_plain(&output::json(&Explained { pair, patterns })?)?;
        }
        Format::Html => page::print_one(known, &pair, contradictions, notes)?,
        _ => {
            let mut text = words::pair(base, &pair, usize::MAX);
            text += &words::contradictions(&contradictions, usize::MAX);
            text += &words::notes(&notes);
            if let Some(patterns) = &patterns {
                text += "    = the patterns\n";
                for line in compared(patterns, known.case).lines() {
                    text += &format!("      {line}\n");
                }
            }
            print(&text)?;
        }
    }
    Ok(if is_duplicate { Status::Findings } else { Status::Clean })
}
