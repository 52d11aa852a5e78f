//! `bench-duplicates`: how long `errlore duplicates` takes and how that grows, what it makes of planted
//! pairs, and of judged pairs beside other tools.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use clap::Args;
use errlore::{Error, Result};
use serde_json::Value;

use super::measure::{self, Job, Measured, Time};
use super::table::{self, Table, megabytes, thousands, three_digits};
use super::tools::{self, Tools};
use super::{as_f64, default_entries};
use crate::{copies, synthetic};

mod peers;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The folder with `entries/` and `pairs.jsonl` [default: ../shared/corpus]
    #[arg(long, value_name = "DIR")]
    corpus: Option<PathBuf>,
    /// How many made-up entries there are in each base
    #[arg(long, value_name = "N", value_delimiter = ',', default_value = "10000,100000")]
    sizes: Vec<u32>,
    /// How many copies of the corpus there are in the base of copies
    #[arg(long, value_name = "N", default_value_t = 40)]
    copies: u32,
    /// Where to write the knowledge bases [default: bench-duplicates in cargo's target folder]
    #[arg(long, value_name = "DIR")]
    scratch: Option<PathBuf>,
    /// How many runs to take the median of
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u16).range(1..))]
    runs: u16,
    /// First install the other tools in the scratch folder, with pip and npm
    #[arg(long)]
    install_peers: bool,
    /// Also time how long the other tools take to find candidates among so many texts
    #[arg(long, value_name = "N", default_value_t = 0)]
    time_peers: u32,
    /// Print the tables as Markdown
    #[arg(long)]
    markdown: bool,
}

/// A knowledge base and what is asked of it.
struct Input {
    name: String,
    root: PathBuf,
    entries: u32,
    is_made_up: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let target = tools::target_folder()?;
    let tools = Tools::find(&target)?;
    let scratch = arguments.scratch.clone().unwrap_or_else(|| target.join("bench-duplicates"));
    let scratch =
        std::path::absolute(&scratch).map_err(|error| Error::path("find", &scratch, &error))?;
    fs::create_dir_all(&scratch).map_err(|error| Error::path("make", &scratch, &error))?;
    let corpus = arguments.corpus.clone().or_else(|| Some(default_entries().parent()?.into()));
    let corpus = corpus.unwrap_or_default();
    let corpus = fs::canonicalize(&corpus).map_err(|error| Error::path("find", &corpus, &error))?;
    let mut out = tools.describe();
    let mut times = Table::new(&["input", "command", "wall", "CPU", "peak memory", "µs/entry"]);
    let mut plants = Table::new(&["input", "planted", "raised", "recall", "precision"]);
    let mut growth = Vec::new();
    let time = Time::find(&scratch);
    for input in inputs(arguments, &corpus, &scratch)? {
        let jobs = jobs(tools.program(), &input, &scratch)?;
        let measured =
            measure::measure(&jobs, usize::from(arguments.runs), time.as_ref(), &scratch)?;
        for (job, measured) in jobs.iter().zip(&measured) {
            times.push(row(&input, job, measured));
        }
        if input.is_made_up {
            growth.push((input.entries, measured[0].wall.as_secs_f64()));
            plants.push(planted(tools.program(), &input)?);
        }
    }
    out.push(times.render(arguments.markdown));
    let pairs = growth.iter().zip(growth.iter().skip(1));
    out.extend(pairs.map(|((few, short), (many, long))| {
        let times = f64::from(*many) / f64::from(*few);
        format!(
            "growth: {times:.0} times the made-up entries take {:.2} times as long an entry",
            long / short / times
        )
    }));
    out.push(format!("\n{}", plants.render(arguments.markdown)));
    out.push(peers::on_judged_pairs(arguments, &corpus, &scratch)?);
    crate::print(&out.join("\n"))
}

/// The knowledge bases, written where they are not there yet.
fn inputs(arguments: &Arguments, corpus: &Path, scratch: &Path) -> Result<Vec<Input>> {
    let count = |root: &Path| -> Result<u32> {
        let files = super::Entries::read(&root.join("entries"))?.contents().count();
        Ok(u32::try_from(files).unwrap_or(u32::MAX))
    };
    let few = count(corpus)?;
    let name =
        |entries: u32, what: &str| format!("{} entries, {what}", thousands(&entries.to_string()));
    let mut all = vec![Input {
        name: name(few, "as they are"),
        root: corpus.to_owned(),
        entries: few,
        is_made_up: false,
    }];
    if arguments.copies > 0 {
        let root = scratch.join(format!("copies-{}", arguments.copies));
        if !root.is_dir() {
            eprintln!("writing {}", root.display());
            copies::run(&copies::Arguments {
                entries: corpus.join("entries"),
                copies: arguments.copies,
                into: root.clone(),
            })?;
        }
        let entries = few * arguments.copies;
        all.push(Input { name: name(entries, "copies"), root, entries, is_made_up: false });
    }
    for entries in &arguments.sizes {
        let root = scratch.join(format!("synthetic-{entries}"));
        if !root.is_dir() {
            eprintln!("writing {}", root.display());
            let into = root.clone();
            synthetic::run(&synthetic::Arguments { entries: *entries, seed: 1, into })?;
        }
        all.push(Input {
            name: name(*entries, "made up"),
            root,
            entries: *entries,
            is_made_up: true,
        });
    }
    Ok(all)
}

/// All pairs, and one entry held against all with an index and without one.
fn jobs(errlore: &Path, input: &Input, scratch: &Path) -> Result<Vec<Job>> {
    let draft = scratch.join("draft.json");
    let text =
        super::repository::read("entries/communication/websocket-1009-message-too-big.json")?;
    fs::write(&draft, text).map_err(|error| Error::path("write", &draft, &error))?;
    let index = scratch.join(format!("{}.index", input.entries));
    let job = |name: &str, arguments: &[&std::ffi::OsStr]| Job {
        name: name.to_owned(),
        program: errlore.to_owned(),
        directory: input.root.clone(),
        calls: vec![
            ["duplicates".as_ref()].iter().chain(arguments).map(|&part| part.to_owned()).collect(),
        ],
        is_finding: None,
    };
    let (like, by) = ("--like".as_ref(), "--index".as_ref());
    Ok(vec![
        job("duplicates", &[]),
        job("duplicates --like", &[like, draft.as_os_str()]),
        job("duplicates --like --index", &[like, draft.as_os_str(), by, index.as_os_str()]),
    ])
}

fn row(input: &Input, job: &Job, measured: &Measured) -> Vec<String> {
    let or_none = |cell: Option<String>| cell.unwrap_or_else(|| "-".to_owned());
    vec![
        input.name.clone(),
        job.name.clone(),
        table::time(measured.wall),
        or_none(measured.cpu.map(|cpu| format!("{:.2} s", cpu.as_secs_f64()))),
        or_none(measured.peak.map(|peak| megabytes(as_f64(peak)))),
        three_digits(measured.wall.as_secs_f64() * 1e6 / f64::from(input.entries)),
    ]
}

/// What is raised in a made-up base, held against what was planted there.
fn planted(errlore: &Path, input: &Input) -> Result<Vec<String>> {
    let output = Command::new(errlore)
        .args(["duplicates", "--format", "json"])
        .current_dir(&input.root)
        .output()
        .map_err(|error| Error::path("run", errlore, &error))?;
    let found: Value = serde_json::from_slice(&output.stdout)
        .map_err(|error| Error::io(format!("errlore duplicates wrote no JSON: {error}")))?;
    let ids = |pair: &Value| {
        let mut ids = ["a", "b"].map(|key| pair[key].as_str().unwrap_or_default().to_owned());
        ids.sort();
        ids
    };
    let raised: HashSet<[String; 2]> =
        found["pairs"].as_array().into_iter().flatten().map(ids).collect();
    let file = input.root.join("pairs.jsonl");
    let text = fs::read_to_string(&file).map_err(|error| Error::path("read", &file, &error))?;
    let planted: HashSet<[String; 2]> = text
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter(|pair| pair["label"] == "duplicate")
        .map(|pair| ids(&pair))
        .collect();
    let both = as_f64(raised.intersection(&planted).count() as u64);
    let part = |of: &HashSet<_>| format!("{:.4}", both / as_f64(of.len().max(1) as u64));
    Ok(vec![
        input.name.clone(),
        thousands(&planted.len().to_string()),
        thousands(&raised.len().to_string()),
        part(&planted),
        part(&raised),
    ])
}
