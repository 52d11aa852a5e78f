//! `bench-patterns`: what is known of patterns, in this process; and look-ups by the command.
//!
//! In this process, so that reading files does not hide what matching costs; hence it wants to be built
//! for release.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::Args;
use errlore::{Error, Result};

use super::bases::Entries;
use super::measure::{self, Job, Time};
use super::table::{self, Table, megabytes, thousands, three_digits};
use super::tools::{self, Tools};
use super::{as_f64, default_entries, in_process, slow};

/// The size of the log, in bytes.
const LOG: usize = 50_000_000;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The folder of entries [default: ../shared/corpus/entries, or else entries]
    #[arg(long, value_name = "DIR")]
    entries: Option<PathBuf>,
    /// How many runs to take the median of
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u16).range(1..))]
    runs: u16,
    /// Let python3 search the lines on which a pattern is said to be slow; takes up to ten minutes
    #[arg(long)]
    python: bool,
    /// Print the table as Markdown
    #[arg(long)]
    markdown: bool,
}

/// A pattern and its message.
pub(super) type Item = (String, String);

/// Measures and prints.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    if cfg!(debug_assertions) {
        return Err(Error::config("this measures what is built into it, which is not for release")
            .with_help("cargo run --release --package xtask -- bench-patterns"));
    }
    let folder = arguments.entries.clone().unwrap_or_else(default_entries);
    let entries = Entries::read(&folder)?;
    let items: Vec<Item> = entries.contents().filter_map(item).collect();
    let runs = usize::from(arguments.runs);
    let mut table = Table::new(&["input", "what", "median", "for each"]);
    in_process::measure(&mut table, &items, runs);
    commands(&mut table, &entries, &items, runs)?;
    if arguments.python {
        slow::measure(&mut table, &items)?;
    }
    crate::print(&table.render(arguments.markdown))
}

fn item(text: &str) -> Option<Item> {
    let entry: serde_json::Value = serde_json::from_str(text).ok()?;
    let text = |key: &str| entry[key].as_str().filter(|text| !text.is_empty()).map(str::to_owned);
    Some((text("regex")?, text("signature")?))
}

/// Look-ups in the base by the command: one message, and a log.
fn commands(table: &mut Table, entries: &Entries, items: &[Item], runs: usize) -> Result<()> {
    let target = tools::target_folder()?;
    let tools = Tools::find(&target)?;
    let scratch = std::path::absolute(target.join("bench"))
        .map_err(|error| Error::path("find", &target, &error))?;
    let base = entries.write_base(&scratch.join("base"))?;
    let (few, many) = (scratch.join("few.log"), scratch.join("many.log"));
    write_log(&few, items, 100)?;
    write_log(&many, items, 20)?;
    let job = |name: &str, arguments: &[&str]| Job {
        name: name.to_owned(),
        program: tools.program().to_owned(),
        directory: base.root.clone(),
        calls: vec![arguments.iter().map(Into::into).collect()],
        is_finding: None,
    };
    let jobs = [
        job("errlore regex", &["regex", "--format", "concise"]),
        job("errlore match, one message", &["match", "no space left on device"]),
        job("errlore match, log of 1 % messages", &["match", &few.to_string_lossy()]),
        job("errlore match, log of 5 % messages", &["match", &many.to_string_lossy()]),
    ];
    let time = Time::find(&scratch);
    let measured = measure::measure(&jobs, runs, time.as_ref(), &scratch)?;
    for (job, measured) in jobs.iter().zip(&measured) {
        let is_log = job.name.contains("log");
        let rate = as_f64(LOG as u64) / 1e6 / measured.wall.as_secs_f64();
        let cpu = measured.cpu.map_or(String::new(), |cpu| format!(", CPU {}", table::time(cpu)));
        let peak =
            measured.peak.map_or(String::new(), |peak| format!(", {}", megabytes(as_f64(peak))));
        table.push(vec![
            format!("{} entries", thousands(&items.len().to_string())),
            format!("{}{cpu}{peak}", job.name),
            table::time(measured.wall),
            if is_log { format!("{} MB/s", three_digits(rate)) } else { "-".to_owned() },
        ]);
    }
    Ok(())
}

/// What most lines of a log say; `#` is a number.
const ORDINARY: [&str; 12] = [
    "GET /api/v1/items/#?limit=50 200 #ms",
    "connection from 10.#.#.12 accepted",
    "job # finished in # ms",
    "pod web-#-# is running, readiness probe succeeded",
    "cache miss for key user:# (ttl #)",
    "query took # ms, # rows returned",
    "retrying request # in # ms",
    "user # logged in from session #",
    "upstream request # completed with status #",
    "gc pause # us, heap # MB",
    "failed to open connection #: timed out after # ms",
    "file /var/lib/app/data-#.json written, # bytes",
];

/// Writes a log of which one line in `every` holds a message of the base.
fn write_log(path: &Path, items: &[Item], every: usize) -> Result<()> {
    let mut number = 0x2545_f491_4f6c_dd1d_u64;
    // Marsaglia, "Xorshift RNGs" (2003).
    let mut next = move || {
        number ^= number << 13;
        number ^= number >> 7;
        number ^= number << 17;
        number
    };
    let mut log = Vec::with_capacity(LOG + 4096);
    while log.len() < LOG {
        let mut pick = |from: usize| usize::try_from(next() % from as u64).unwrap_or(0);
        let level = ["INFO", "DEBUG", "INFO", "WARN", "ERROR"][pick(5)];
        let place = ["http.server", "kubelet", "worker-7", "scheduler", "db.pool"][pick(5)];
        let (hour, minute, second) = (pick(24), pick(60), pick(60));
        let _ = write!(log, "2026-11-25T{hour:02}:{minute:02}:{second:02}Z {level} [{place}] ");
        if pick(every) == 0 {
            log.extend(items[pick(items.len())].1.replace('\n', " ").bytes());
        } else {
            for piece in ORDINARY[pick(ORDINARY.len())].split_inclusive('#') {
                log.extend(piece.trim_end_matches('#').bytes());
                if piece.ends_with('#') {
                    log.extend(pick(10_000).to_string().bytes());
                }
            }
        }
        log.push(b'\n');
    }
    fs::write(path, log).map_err(|error| Error::path("write", path, &error))
}
