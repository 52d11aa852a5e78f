//! `bench-merge`: errlore's merge and diff beside their peers: random triples of real entries, known cases,
//! and one edited entry.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use errlore::diff::document;
use errlore::entry::Entry;
use errlore::{Error, Result};
use serde_json::Value;

use super::table::{self, Table, thousands};
use super::tools::{self, Tools};
use super::{Entries, default_entries};
use tool::Tool;
use triples::Triples;

mod cases;
mod diffs;
#[path = "../../../tests/support/edits.rs"]
#[allow(dead_code, reason = "edits with another truth are for tests")]
mod edits;
mod tool;
#[path = "../../../tests/support/triples.rs"]
mod triples;

/// Up to so many edits a side.
const MOST: [usize; 3] = [1, 3, 6];
const SEED: u64 = 23;

const NOTES: &str = "\
lost: triples of which something is lost that a side put in, or is back that a side took out, without a
conflict; twice: something stands there twice; strayed: a rate stands in another item; no entry: a result
without conflicts that is no valid entry. The same checker reads the results of all tools. Times: errlore
as a library call, texts to text; the others with the start of their process.
";

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The folder of entries that triples are made of [default: ../shared/corpus/entries]
    #[arg(long, value_name = "DIR")]
    entries: Option<PathBuf>,
    /// How many triples there are for each number of edits
    #[arg(long, value_name = "N", default_value_t = 1000)]
    triples: u32,
    /// The errlore whose diff is shown [default: it is built for release]
    #[arg(long, value_name = "FILE")]
    errlore: Option<PathBuf>,
    /// First install the other tools in bench-merge in cargo's target folder, with cargo, npm and pip
    #[arg(long)]
    install_peers: bool,
    /// Print the tables as Markdown
    #[arg(long)]
    markdown: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let target = tools::target_folder()?;
    let scratch = target.join("bench-merge");
    fs::create_dir_all(&scratch).map_err(|error| Error::path("make", &scratch, &error))?;
    let errlore = match &arguments.errlore {
        Some(file) => fs::canonicalize(file).map_err(|error| Error::path("find", file, &error))?,
        None => Tools::find(&target)?.program().to_owned(),
    };
    if arguments.install_peers {
        tool::install(&scratch)?;
    }
    let mut out =
        vec![tools::machine(), tools::version("rustc".as_ref()), tools::version(&errlore)];
    if cfg!(debug_assertions) {
        out.push(
            "errlore's library is built without optimisation here: its times are too long"
                .to_owned(),
        );
    }
    let (merges, missing) = tool::all(&scratch);
    out.extend(merges.iter().map(Tool::version));
    out.extend(missing);
    out.push(String::new());
    out.push(on_triples(arguments, &merges)?.render(arguments.markdown));
    out.push(NOTES.to_owned());
    out.push(cases::table(&merges)?.render(arguments.markdown));
    out.push(diffs::tables(&errlore, &scratch, arguments.markdown)?);
    crate::print(&out.join("\n"))
}

/// What came of all triples with one tool.
#[derive(Default)]
struct Sums {
    conflicts: usize,
    blocks: usize,
    broken: usize,
    lost: usize,
    twice: usize,
    strayed: usize,
    took: Duration,
}

fn on_triples(arguments: &Arguments, tools: &[Tool]) -> Result<Table> {
    let folder = arguments.entries.clone().unwrap_or_else(default_entries);
    let entries: Vec<Value> = Entries::read(&folder)?
        .contents()
        .filter_map(|text| serde_json::from_str(text).ok())
        .map(|entry: Entry| document(&entry))
        .collect();
    if entries.is_empty() {
        return Err(Error::no_input(format!("no entry in {}", folder.display()))
            .with_help("name a folder of entries with --entries"));
    }
    let mut table = Table::new(&[
        "edits a side",
        "tool",
        "triples",
        "conflicts",
        "blocks",
        "no entry",
        "lost",
        "twice",
        "strayed",
        "mean time",
    ]);
    for most in MOST {
        eprintln!("triples of up to {most} edits a side");
        let mut triples = Triples::new(&entries, SEED, most);
        let mut sums: Vec<Sums> = tools.iter().map(|_| Sums::default()).collect();
        for _ in 0..arguments.triples {
            let triple = triples.next();
            let texts = [&triple.ours, &triple.base, &triple.theirs].map(text_of);
            for (tool, sums) in tools.iter().zip(&mut sums) {
                let result = tool.merge(texts.each_ref().map(String::as_str))?;
                let losses = triple.losses(&result.text);
                sums.conflicts += usize::from(!result.is_clean);
                let blocks = result.text.lines().filter(|line| line.starts_with("<<<<<<<"));
                sums.blocks += blocks.count();
                let is_entry = errlore::merge::read(result.text.as_bytes()).is_ok();
                sums.broken += usize::from(result.is_clean && !is_entry);
                sums.lost += usize::from(!losses.lost.is_empty());
                sums.twice += usize::from(!losses.twice.is_empty());
                sums.strayed += usize::from(!losses.strayed.is_empty());
                sums.took += result.took;
            }
        }
        let edits = if most == 1 { "1".to_owned() } else { format!("1 to {most}") };
        for (tool, sums) in tools.iter().zip(sums) {
            let mut row = vec![edits.clone(), tool.name().to_owned()];
            row.push(thousands(&arguments.triples.to_string()));
            let counts =
                [sums.conflicts, sums.blocks, sums.broken, sums.lost, sums.twice, sums.strayed];
            row.extend(counts.map(|count| thousands(&count.to_string())));
            row.push(table::time(sums.took / arguments.triples.max(1)));
            table.push(row);
        }
    }
    Ok(table)
}

/// The canonical text of a document.
fn text_of(document: &Value) -> String {
    let entry: Entry = serde_json::from_value(document.clone()).unwrap_or_default();
    errlore::canonical::canonical(&entry)
}
