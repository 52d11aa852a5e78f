//! `match`: which entries answer for a message, or for the lines of a log.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::ops::Range;
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
const LONGEST: u64 = 64 << 10;

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
        let hits = search.lookup.find(&arguments.message);
        super::print(&search.answer(1, &arguments.message, &hits))?;
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
        /// Lines are looked up so many bytes of memory at a time: a short line takes more than its text.
        const BATCH: usize = 8 << 20;
        let (mut line, mut any, mut cut) = (0, false, 0_usize);
        loop {
            let mut batch = Batch::default();
            while batch.size() < BATCH {
                let is_there = batch.read_line(&mut log).map_err(|error| {
                    Error::io(format!("cannot read {}: {error}", visible::name(name)))
                })?;
                if !is_there {
                    break;
                }
            }
            if batch.lines.is_empty() {
                break;
            }
            cut += batch.cut;
            let answers: Vec<String> = batch
                .lines
                .par_iter()
                .enumerate()
                .filter_map(|(number, range)| {
                    // What is not UTF-8 is replaced.
                    let text = String::from_utf8_lossy(&batch.bytes[range.clone()]);
                    let hits = self.lookup.find(&text);
                    (!hits.is_empty()).then(|| self.answer(line + number + 1, &text, &hits))
                })
                .collect();
            line += batch.lines.len();
            any |= !answers.is_empty();
            super::print(&answers.concat())?;
        }
        if cut > 0 {
            let kb = LONGEST >> 10;
            eprintln!("{cut} lines have more than {kb} kB: they were looked at up to there");
        }
        Ok(any)
    }

    fn answer(&self, line: usize, message: &str, hits: &[Hit]) -> String {
        let shown = hits.iter().take(self.arguments.limit).map(|hit| Found {
            id: self.ids[hit.pattern],
            score: hit.score,
            matched: &message[hit.range.clone()],
        });
        let entries: Vec<Found<'_>> = shown.collect();
        if self.arguments.format == Format::Json {
            let answer = Answer { line, message, entries };
            return serde_json::to_string(&answer).map(|line| line + "\n").unwrap_or_default();
        }
        let mut out = format!("{line}: {}\n", first_columns(message));
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

/// Some lines of a log.
#[derive(Default)]
struct Batch {
    bytes: Vec<u8>,
    /// Where each line stands, without its end.
    lines: Vec<Range<usize>>,
    /// How many of them were cut.
    cut: usize,
}

impl Batch {
    /// How many bytes it takes; a line that is short takes more than its text.
    fn size(&self) -> usize {
        self.bytes.len() + self.lines.len() * size_of::<Range<usize>>()
    }

    /// Takes one more line, up to what is looked at of it; says whether there was one.
    fn read_line(&mut self, log: &mut impl BufRead) -> io::Result<bool> {
        let start = self.bytes.len();
        let length = log.by_ref().take(LONGEST).read_until(b'\n', &mut self.bytes)?;
        if length == 0 {
            return Ok(false);
        }
        let mut end = self.bytes.len();
        if self.bytes[end - 1] == b'\n' {
            end -= 1;
        } else if length as u64 == LONGEST && skip_line(log)? > 0 {
            self.cut += 1;
        }
        if self.bytes[start..end].last() == Some(&b'\r') {
            end -= 1;
        }
        self.lines.push(start..end);
        Ok(true)
    }
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
