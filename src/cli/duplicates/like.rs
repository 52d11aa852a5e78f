//! `duplicates --like`: which entries something looks like that is no entry of the knowledge base yet.

use std::path::PathBuf;

use clap::Args;
use errlore::diagnostic::Severity;
use errlore::duplicates::{Base, Digest, Evidence, Label, Like, reasons};
use errlore::normalize::{self, Reading, add_findings};
use errlore::report::Report;
use errlore::{Error, Result, visible};
use rayon::prelude::*;
use serde::Serialize;

use super::super::normalize::{REPEATS, batch, read};
use super::super::{Global, Status, input, output, print, print_plain};
use super::known::Known;
use super::{Format, index, json, wrapped};

/// So many entries are listed for a draft.
const MOST: usize = 5;
/// What is less probable is not listed.
const LEAST: f64 = 0.1;
/// For and against so many reasons are given.
const REASONS: usize = 3;

#[derive(Debug, Args)]
#[group(skip)]
pub(super) struct Arguments {
    /// Tell which entries a draft looks like; FILE is in any form that `normalize` reads, `-` is standard input
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with_all = ["decide", "explain", "all_pairs", "review", "measure", "refit"]
    )]
    pub(super) like: Vec<PathBuf>,
    /// Keep what is known of the knowledge base in a file, so that `--like` need not read all entries again
    #[arg(long, value_name = "FILE", requires = "like")]
    index: Option<PathBuf>,
}

/// The answer as programs read it.
#[derive(Serialize)]
struct Answer<'a> {
    like: Vec<OfDraft<'a>>,
}

#[derive(Serialize)]
struct OfDraft<'a> {
    source: &'a str,
    id: Option<&'a str>,
    entries: Vec<Listed<'a>>,
}

#[derive(Serialize)]
struct Listed<'a> {
    id: &'a str,
    label: Label,
    probability: f64,
    evidence: Vec<Evidence>,
    #[serde(skip)]
    is_same_id: bool,
    /// Whether the draft says how it is told from the entry, or the entry from it.
    #[serde(skip)]
    is_told_apart: bool,
}

/// Where a draft comes from.
struct Draft {
    source: String,
    id: Option<String>,
}

pub(super) fn run(
    global: &Global,
    input: &input::Arguments,
    arguments: &Arguments,
    threshold: Option<f64>,
    format: Format,
) -> Result<Status> {
    if format == Format::Html {
        return Err(Error::config("`--like` is written as text or json"));
    }
    let stdin = arguments.like.iter().filter(|path| input::is_stdin(path)).count();
    if stdin + usize::from(input.takes_stdin()) > 1 {
        return Err(Error::config("standard input can be read only once")
            .with_help("name the files of the others"));
    }
    let (drafts, digests, report) = read_drafts(global, &arguments.like)?;
    if !report.diagnostics.is_empty() {
        output::aside(&report, REPEATS);
    }
    for failure in &report.failures {
        output::failure(failure);
    }
    // An index is one of the whole knowledge base.
    let index = arguments.index.as_deref().filter(|_| input.is_whole());
    let by_index = index.map(|index| index::base(global, index, &digests)).transpose()?;
    let known = match by_index.flatten() {
        Some((base, inputs)) => Known::of_drafts(base, inputs)?,
        None => Known::read(global, input, true, digests)?,
    };
    let threshold = threshold.unwrap_or(known.base.model().threshold);
    let likes = known.base.like(threshold, known.case);
    let list = |like: &Like| OfDraft {
        source: &drafts[like.draft].source,
        id: drafts[like.draft].id.as_deref(),
        entries: listed(&known, like),
    };
    let answer = Answer { like: likes.iter().map(list).collect() };
    match format {
        Format::Json => print_plain(&json(&answer)?)?,
        _ => answer.print_words(threshold)?,
    }
    let is_found = |entry: &Listed<'_>| entry.probability >= threshold && !entry.is_told_apart;
    let is_clean = !answer.like.iter().flat_map(|draft| &draft.entries).any(is_found)
        && !report.reaches(Severity::Error);
    Ok(match (known.has_failures || !report.failures.is_empty(), is_clean) {
        (true, _) => Status::Failed,
        (false, true) => Status::Clean,
        (false, false) => Status::Findings,
    })
}

/// The drafts in some files, what is compared of them, and what there is to say about sources that are none. What a
/// draft lacks is for `normalize` to say.
fn read_drafts(global: &Global, paths: &[PathBuf]) -> Result<(Vec<Draft>, Vec<Digest>, Report)> {
    let config = input::settings(global)?.config;
    let (files, failures) = read::files(paths, None);
    if files.is_empty() && failures.is_empty() {
        return Err(Error::no_input("there is no file in what was named"));
    }
    let mut report = Report { files: files.len(), failures, ..Report::default() };
    let (mut drafts, mut digests) = (Vec::new(), Vec::new());
    let mut parts = read::Parts::new(&files, None);
    loop {
        let batch = batch(&mut parts);
        if batch.is_empty() {
            break;
        }
        let readings: Vec<Result<_>> = batch
            .into_par_iter()
            .map(|part| {
                let part = part?;
                let reading = part.read();
                Ok((part.source, reading))
            })
            .collect();
        for reading in readings {
            let (source, Reading { drafts: read, remarks }) = match reading {
                Ok(reading) => reading,
                Err(failure) => {
                    report.failures.push(failure);
                    continue;
                }
            };
            for draft in read {
                digests.push(Digest::of_draft(&draft.entry, drafts.len()));
                let id = draft.entry.id.as_str();
                let id = (!id.trim().is_empty()).then(|| id.to_owned());
                drafts.push(Draft { source: source.name().to_owned(), id });
            }
            let settings = normalize::Settings { config: &config, strict: false };
            let of_source = Reading { drafts: Vec::new(), remarks };
            add_findings(&mut report, &source, &of_source, settings);
        }
    }
    report.sort();
    Ok((drafts, digests, report))
}

/// The entries that are listed for a draft: the likeliest, and the one of its id whatever it looks like.
fn listed<'k>(known: &'k Known, like: &Like) -> Vec<Listed<'k>> {
    let base: &Base = &known.base;
    let is_same_id = |entry: usize| like.same_id == Some(entry);
    let asked_for = like.entries.iter().filter(|(entry, _)| known.is_asked_for(*entry, *entry));
    let worth = asked_for.enumerate().filter(|(at, (entry, pair))| {
        is_same_id(*entry) || (*at < MOST && pair.probability >= LEAST)
    });
    let mut listed: Vec<Listed<'_>> = worth
        .map(|(_, (entry, pair))| Listed {
            id: base.id(*entry).as_str(),
            label: pair.label,
            probability: pair.probability,
            evidence: pair.evidence(base.model()),
            is_same_id: is_same_id(*entry),
            is_told_apart: base.tells_apart(pair.a, pair.b),
        })
        .collect();
    if listed.len() > MOST {
        // The one of the same id comes last: it makes room for itself.
        listed.remove(MOST - 1);
    }
    listed
}

impl Answer<'_> {
    fn print_words(&self, threshold: f64) -> Result<()> {
        let named = |id: &str| format!("`{}`", visible::name(id));
        for (number, OfDraft { source, id, entries }) in self.like.iter().enumerate() {
            let id = id.map_or_else(|| "a draft without an id".to_owned(), named);
            let mut out = String::from(if number > 0 { "\n" } else { "" });
            out += &wrapped("", &format!("{}: {id}", visible::name(source)));
            if entries.is_empty() {
                out += "  this looks like no entry of the knowledge base\n";
            }
            for entry in entries {
                let how = if entry.is_same_id {
                    "the entry of that id,"
                } else if entry.probability >= threshold {
                    "this looks like"
                } else {
                    "this is a little like"
                };
                let (id, percent) = (named(entry.id), entry.probability * 100.0);
                let label = entry.label.as_str();
                out += &wrapped("  ", &format!("{how} {id}: {percent:.0} % {label}"));
                let reasons = reasons(&entry.evidence, REASONS);
                for (sign, reasons) in [("    + ", &reasons.for_it), ("    - ", &reasons.against)] {
                    for reason in reasons {
                        out += &wrapped(sign, reason);
                    }
                }
                if entry.is_told_apart {
                    out += &wrapped("    = ", "one of them says how it is told from the other");
                }
            }
            print(&out)?;
        }
        Ok(())
    }
}
