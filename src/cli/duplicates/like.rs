//! `duplicates --like`: which entries something looks like that is no entry of the knowledge base yet.

use std::path::PathBuf;

use clap::Args;
use errlore::check::add_reading;
use errlore::diagnostic::Severity;
use errlore::duplicates::{
    Contradiction, Digest, Evidence, Label, Like, Standing, Standings, reasons,
};
use errlore::entry::Entry;
use errlore::normalize::Reading;
use errlore::report::Report;
use errlore::{Error, Result, visible};
use serde::Serialize;

use super::super::normalize::{REPEATS, read, readings};
use super::super::output::json;
use super::super::{Global, Status, input, output, print, print_plain};
use super::found::REASONS;
use super::index;
use super::known::{Known, against, announce};
use super::words::{self, MOST_CONTRADICTIONS};
use super::wrap::wrapped;

/// So many entries are listed for a draft.
const MOST: usize = 5;
/// What is less probable is not listed.
const LEAST: f64 = 0.1;

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
    /// The entry that it is to take the place of, and is not held against.
    in_place_of: Option<&'a str>,
    entries: Vec<Listed<'a>>,
}

#[derive(Serialize)]
struct Listed<'a> {
    id: &'a str,
    label: Label,
    probability: f64,
    evidence: Vec<Evidence>,
    contradictions: Vec<Contradiction>,
    /// What is decided about the two, and what has changed since.
    notes: Vec<String>,
    /// Whether a decision holds, or one of the two says how it is told from the other.
    is_settled: bool,
}

/// Where a draft comes from.
struct Draft {
    source: String,
    id: Option<String>,
    /// What it says and advises.
    entry: Entry,
}

pub(super) fn run(
    global: &Global,
    input: &input::Arguments,
    arguments: &Arguments,
    threshold: Option<f64>,
    is_json: bool,
) -> Result<Status> {
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
        Some((base, inputs)) => Known::of_drafts(global, base, inputs)?,
        None => Known::read(global, input, true, digests)?,
    };
    let threshold = threshold.unwrap_or(known.base.model().threshold);
    let (decisions, faults) = known.store().read()?;
    let standings = against(&known.base, &decisions, faults);
    announce(&standings.faults);
    let likes = known.base.like(threshold, known.case);
    let list = |like: &Like| {
        let draft = &drafts[like.draft];
        Ok(OfDraft {
            source: &draft.source,
            id: draft.id.as_deref(),
            in_place_of: like.same_id.map(|entry| known.base.id(entry).as_str()),
            entries: listed(&known, &standings, &draft.entry, like)?,
        })
    };
    let answer = Answer { like: likes.iter().map(list).collect::<Result<_>>()? };
    if is_json {
        print_plain(&json(&answer)?)?;
    } else {
        answer.print_words(threshold)?;
    }
    let is_found = |entry: &Listed<'_>| entry.probability >= threshold && !entry.is_settled;
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
        let readings = readings(&mut parts, |_| ());
        if readings.is_empty() {
            break;
        }
        for reading in readings {
            let (source, Reading { drafts: read, remarks }) = match reading {
                Ok(read) => (read.source, read.reading),
                Err(failure) => {
                    report.failures.push(failure);
                    report.files = report.files.saturating_sub(1);
                    continue;
                }
            };
            for draft in read {
                digests.push(Digest::of_draft(&draft.entry, drafts.len()));
                let id = draft.entry.id.as_str();
                let id = (!id.trim().is_empty()).then(|| id.to_owned());
                let Entry { signature, root_cause, workarounds, dead_ends, .. } = draft.entry;
                let entry =
                    Entry { signature, root_cause, workarounds, dead_ends, ..Entry::default() };
                drafts.push(Draft { source: source.name().to_owned(), id, entry });
            }
            let of_source = Reading { drafts: Vec::new(), remarks };
            add_reading(&mut report, &source, &of_source, &config, false);
        }
    }
    report.sort();
    Ok((drafts, digests, report))
}

/// The entries that are listed for a draft: the likeliest.
fn listed<'k>(
    known: &'k Known,
    standings: &Standings<'_>,
    draft: &Entry,
    like: &Like,
) -> Result<Vec<Listed<'k>>> {
    let base = &known.base;
    let asked_for = like.entries.iter().filter(|(entry, _)| known.is_in_scope(*entry));
    let likely = asked_for.take(MOST).filter(|(_, pair)| pair.probability >= LEAST);
    let listed = likely.map(|(entry, pair)| {
        // Of several drafts of one id decisions are about each.
        let is_now = base.resolve(base.id(like.number).as_str()).unwrap_or(like.number);
        let standing = standings.of_draft(base, like.number, is_now, *entry);
        let contradictions = if pair.must_agree() {
            base.contradictions(draft, &known.entry(*entry)?)
        } else {
            Vec::new()
        };
        Ok(Listed {
            id: base.id(*entry).as_str(),
            label: pair.label,
            probability: pair.probability,
            evidence: pair.evidence(base.model()),
            contradictions,
            notes: words::standing(base, pair, standing),
            is_settled: matches!(standing, Standing::Decided(_) | Standing::Declared),
        })
    });
    listed.collect()
}

impl Answer<'_> {
    fn print_words(&self, threshold: f64) -> Result<()> {
        let named = |id: &str| format!("`{}`", visible::name(id));
        for (number, OfDraft { source, id, in_place_of, entries }) in self.like.iter().enumerate() {
            let id = id.map_or_else(|| "a draft without an id".to_owned(), named);
            let mut out = String::from(if number > 0 { "\n" } else { "" });
            out += &wrapped("", &format!("{}: {id}", visible::name(source)));
            if let Some(entry) = in_place_of {
                let entry = named(entry);
                out += &wrapped("  ", &format!("in the place of {entry}, which is left out"));
            }
            if entries.is_empty() {
                let other = if in_place_of.is_some() { "other " } else { "" };
                out += &format!("  this looks like no {other}entry of the knowledge base\n");
            }
            for entry in entries {
                let how = if entry.probability >= threshold {
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
                out += &words::contradictions(&entry.contradictions, MOST_CONTRADICTIONS);
                out += &words::notes(&entry.notes);
            }
            print(&out)?;
        }
        Ok(())
    }
}
