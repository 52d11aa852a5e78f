//! `match`: which entries answer for a message, or for the lines of a log.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use clap::{Args, ValueEnum};
use errlore::pattern::{Hit, Lookup};
use errlore::{Error, Result, visible};
use rayon::prelude::*;
use serde::Serialize;

use super::known::{Known, known};
use super::{Global, Status};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The message; or a file, or `-` for standard input, of which each line is one
    #[arg(value_name = "MESSAGE|FILE")]
    message: String,
    /// text, or json: one object a message
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
    Json,
}

/// A message and where it stands.
struct Message {
    line: usize,
    text: String,
    /// Whether there was more of it.
    is_cut: bool,
}

/// The answer for one message, as programs read it.
#[derive(Serialize)]
struct Answer<'a> {
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

/// A line is looked at up to here; a message is shorter.
pub(super) const LONGEST: u64 = 64 << 10;

pub(super) fn run(global: &Global, arguments: &Arguments) -> Result<Status> {
    let known = known(global)?;
    if known.cards.is_empty() {
        return Err(Error::no_input("there are no entries to look the message up in"));
    }
    let cards: Vec<_> = known.cards.iter().filter(|card| !card.regex.is_empty()).collect();
    let patterns = cards.iter().map(|card| &*card.regex).collect();
    let lookup = Lookup::new(patterns, known.config.regex.case);
    let search =
        Search { ids: cards.iter().map(|card| card.id.as_str()).collect(), lookup, arguments };
    let path = Path::new(&arguments.message);
    let found = if arguments.message == "-" {
        search.log(io::stdin().lock(), "standard input")?
    } else if path.is_file() {
        let file = File::open(path)
            .map_err(|error| Error::io(format!("cannot read {}: {error}", path.display())))?;
        search.log(BufReader::with_capacity(1 << 20, file), &arguments.message)?
    } else {
        let text = arguments.message.clone();
        let hits = search.lookup.find(&text);
        super::print(&search.answer(&Message { line: 1, text, is_cut: false }, &hits))?;
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
    /// Looks up each line; says which have an answer.
    fn log(&self, mut log: impl BufRead, name: &str) -> Result<bool> {
        /// Lines are looked up so many bytes at a time.
        const BATCH: usize = 8 << 20;
        let (mut line, mut any, mut cut) = (0, false, 0_usize);
        loop {
            let (mut batch, mut bytes) = (Vec::new(), 0);
            while bytes < BATCH {
                let read = next_line(&mut log).map_err(|error| {
                    Error::io(format!("cannot read {}: {error}", visible::name(name)))
                })?;
                let Some((text, is_cut)) = read else { break };
                line += 1;
                bytes += text.len() + 1;
                batch.push(Message { line, text, is_cut });
            }
            if batch.is_empty() {
                break;
            }
            cut += batch.iter().filter(|message| message.is_cut).count();
            let answers: Vec<String> = batch
                .par_iter()
                .filter_map(|message| {
                    let hits = self.lookup.find(&message.text);
                    (!hits.is_empty()).then(|| self.answer(message, &hits))
                })
                .collect();
            any |= !answers.is_empty();
            super::print(&answers.concat())?;
        }
        if cut > 0 {
            let kb = LONGEST >> 10;
            eprintln!("{cut} lines have more than {kb} kB: they were looked at up to there");
        }
        Ok(any)
    }

    fn answer(&self, message: &Message, hits: &[Hit]) -> String {
        let shown = hits.iter().take(self.arguments.limit).map(|hit| Found {
            id: self.ids[hit.pattern],
            score: hit.score,
            matched: &message.text[hit.range.clone()],
        });
        let entries: Vec<Found<'_>> = shown.collect();
        if self.arguments.format == Format::Json {
            let answer = Answer { line: message.line, message: &message.text, entries };
            return serde_json::to_string(&answer).map(|line| line + "\n").unwrap_or_default();
        }
        let mut out = format!("{}: {}\n", message.line, first_columns(&message.text));
        for found in &entries {
            let (id, matched) = (visible::name(found.id), visible::quote(found.matched));
            out +=
                &format!("  {id}\n    finds {matched}, {} characters spelled out\n", found.score);
        }
        match hits.len().saturating_sub(entries.len()) {
            _ if hits.is_empty() => out += "  no entry answers for it\n",
            0 => {}
            more => out += &format!("  and {more} more\n"),
        }
        out
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

/// The next line without its end, and whether it was cut; what is not UTF-8 in it is replaced.
pub(super) fn next_line(log: &mut impl BufRead) -> io::Result<Option<(String, bool)>> {
    let mut bytes = Vec::new();
    if log.by_ref().take(LONGEST).read_until(b'\n', &mut bytes)? == 0 {
        return Ok(None);
    }
    let mut is_cut = false;
    if bytes.last() == Some(&b'\n') {
        bytes.pop();
    } else if bytes.len() as u64 == LONGEST {
        is_cut = skip_line(log)? > 0;
    }
    if bytes.last() == Some(&b'\r') {
        bytes.pop();
    }
    let text = String::from_utf8(bytes)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
    Ok(Some((text, is_cut)))
}

/// Goes on to the next line; gives how many bytes there were, the line feed apart.
fn skip_line(log: &mut impl BufRead) -> io::Result<usize> {
    let mut skipped = 0;
    loop {
        let buffer = log.fill_buf()?;
        if buffer.is_empty() {
            return Ok(skipped);
        }
        let end = buffer.iter().position(|byte| *byte == b'\n');
        let length = end.unwrap_or(buffer.len());
        skipped += length;
        log.consume(end.map_or(length, |end| end + 1));
        if end.is_some() {
            return Ok(skipped);
        }
    }
}
