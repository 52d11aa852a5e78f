//! `match`: which entries answer for a message, or for the lines of a log.

use std::fmt::Write;
use std::path::Path;

use clap::{Args, ValueEnum};
use errlore::pattern::{Hit, Lookup};
use errlore::wording::counted;
use errlore::{Error, Result, visible};
use rayon::prelude::*;
use serde::Serialize;

use super::known::{Known, known};
use super::log::{Batch, Log};
use super::{Global, Status};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The message; or a file, or `-` for standard input, of which each line is one
    #[arg(value_name = "MESSAGE|FILE")]
    message: String,
    /// text, or jsonl: one object a message
    #[arg(long, value_enum, value_name = "FORMAT", default_value = "text")]
    format: Format,
    /// How many entries to name for a message
    #[arg(long, value_name = "N", default_value_t = 5)]
    limit: usize,
}

/// How answers are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    #[value(alias = "json")]
    Jsonl,
}

/// The answer for one message, as programs read it.
#[derive(Serialize)]
struct Answer<'a> {
    version: u32,
    line: usize,
    message: &'a str,
    entries: Vec<Found<'a>>,
}

#[derive(Serialize)]
struct Found<'a> {
    id: &'a str,
    score: usize,
    /// The part of the message that the pattern finds.
    matched: &'a str,
}

pub(super) fn run(global: &Global, arguments: &Arguments) -> Result<Status> {
    let known = known(global)?;
    if known.cards.is_empty() {
        return Err(Error::no_input("there are no entries to look the message up in"));
    }
    let cards: Vec<_> = known.cards.iter().filter(|card| !card.pattern.is_empty()).collect();
    let patterns = cards.iter().map(|card| &card.pattern).collect();
    let lookup = Lookup::new(patterns, known.config.regex.case);
    let search =
        Search { ids: cards.iter().map(|card| card.id.as_str()).collect(), lookup, arguments };
    let path = Path::new(&arguments.message);
    // A message may well be a word that is the name of a folder; what can only be meant for a path has to be there.
    let is_path = path.is_absolute() || path.starts_with(".") || path.starts_with("..");
    let is_log = arguments.message == "-"
        || path.metadata().map_or(is_path, |found| is_path || !found.is_dir());
    let found = if is_log {
        let found = search.log(Log::open(path)?)?;
        if !found && arguments.format == Format::Text {
            let name = if path == Path::new("-") { "standard input" } else { &arguments.message };
            super::print_plain(&format!("no entry matches any line of {}\n", visible::name(name)))?;
        }
        found
    } else {
        let hits = search.lookup.find(&arguments.message);
        let mut answer = String::new();
        search.answer(&mut answer, 1, &arguments.message, &hits);
        super::print_plain(&answer)?;
        !hits.is_empty()
    };
    Ok(status(&known, found))
}

fn status(known: &Known, found: bool) -> Status {
    match (known.has_failures, found) {
        (true, _) => Status::Failed,
        (false, true) => Status::Clean,
        (false, false) => Status::Findings,
    }
}

struct Search<'a> {
    ids: Vec<&'a str>,
    lookup: Lookup<'a>,
    arguments: &'a Arguments,
}

impl Search<'_> {
    /// Looks up each line; says whether any has an answer.
    fn log(&self, mut log: Log) -> Result<bool> {
        /// Lines whose answers are written as one.
        const LINES: usize = 256;
        let (mut any, mut batch, mut out) = (false, Batch::default(), String::new());
        while log.fill(&mut batch)? {
            let runs = (0..batch.len().div_ceil(LINES)).into_par_iter().map(|run| {
                let lines = run * LINES..batch.len().min((run + 1) * LINES);
                let mut out = String::new();
                for index in lines {
                    let (line, text) = batch.line(index);
                    let hits = self.lookup.find(&text);
                    if !hits.is_empty() {
                        self.answer(&mut out, line, &text, &hits);
                    }
                }
                out
            });
            let answers: Vec<String> = runs.filter(|answers| !answers.is_empty()).collect();
            any |= !answers.is_empty();
            out.clear();
            out.extend(answers);
            super::print_plain(&out)?;
        }
        Ok(any)
    }

    /// Writes the answer for a message.
    fn answer(&self, out: &mut String, line: usize, message: &str, hits: &[Hit]) {
        let shown = hits.iter().take(self.arguments.limit).map(|hit| Found {
            id: self.ids[hit.pattern],
            score: hit.score,
            matched: &message[hit.range.clone()],
        });
        if self.arguments.format == Format::Jsonl {
            let answer = Answer { version: 1, line, message, entries: shown.collect() };
            out.push_str(&serde_json::to_string(&answer).expect("an answer can be written"));
            out.push('\n');
            return;
        }
        // Writing to a string does not fail.
        let _ = writeln!(out, "{line}: {}", first_columns(message));
        for found in shown {
            let (id, matched) = (visible::name(found.id), visible::quote(found.matched));
            let _ = writeln!(
                out,
                "  {id}\n    finds {matched}, {} spelled out",
                counted(found.score, "character")
            );
        }
        match hits.len().saturating_sub(self.arguments.limit) {
            _ if hits.is_empty() => out.push_str("  no entry matches\n"),
            0 => {}
            more => {
                let _ = writeln!(out, "  and {more} more");
            }
        }
    }
}

/// The beginning of a message, safe to show.
fn first_columns(text: &str) -> String {
    const MOST: usize = 160;
    let mut shown: String = text.chars().take(MOST).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    visible::name(&shown).into_owned()
}
