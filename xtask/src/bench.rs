//! `bench`: errlore, its peers, and the cost of reading, side by side on the same files.
//!
//! On the entries as they are, on copies of them under new ids, and on one file. The copies come in
//! three sizes, which show whether the time is linear.

use std::path::{Path, PathBuf};

use clap::Args;
use errlore::{Error, Result};

use crate::repository;

mod bases;
pub(crate) mod duplicates;
pub(crate) mod floor;
mod in_process;
mod measure;
pub(crate) mod merge;
pub(crate) mod patterns;
mod rename;
mod slow;
mod table;
mod tools;

use bases::{Base, Entries};
use measure::{Job, Measured, Time};
use table::{Table, megabytes, thousands, three_digits};
use tools::Tools;

/// How many copies of the entries there are, from the smallest base of copies to the largest.
const SIZES: [usize; 3] = [10, 20, 40];
const QUICK_SIZES: [usize; 3] = [1, 2, 4];

const HEAD: [&str; 10] = [
    "input",
    "command",
    "wall",
    "CPU",
    "peak memory",
    "entries/s",
    "MB/s",
    "µs/entry",
    "x validate",
    "findings",
];

const NOTES: &str = "\
wall: the median, process start included; CPU and peak memory: one run under GNU time, if installed,
which counts CPU time in steps of 10 ms.
Files are in the page cache, output goes nowhere. x validate: wall against errlore validate on that input.
errlore check on one file reads the base around it. The peers do not look across files or into patterns.
jsonvet has no option to check formats and checks none; jsonschema-cli runs with --assert-format.
jsonschema-cli takes files, not folders: it gets them all, in as few calls as the system's limit on the
length of arguments allows; its times are the sum, without the time to find the files.
";

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Fewer copies (4 instead of 40) and one run
    #[arg(long)]
    quick: bool,
    /// The folder of entries [default: ../shared/corpus/entries, or else entries]
    #[arg(long, value_name = "DIR")]
    entries: Option<PathBuf>,
    /// Where to write the knowledge bases [default: bench in cargo's target folder]
    #[arg(long, value_name = "DIR")]
    scratch: Option<PathBuf>,
    /// How many runs to take the median of [default: 5]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    runs: Option<u16>,
    /// Print the table as Markdown
    #[arg(long)]
    markdown: bool,
    /// First install the peers below cargo's target folder, from crates.io
    #[arg(long)]
    install_peers: bool,
}

/// Measures and prints.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let target = tools::target_folder()?;
    if arguments.install_peers {
        tools::install_peers(&target)?;
    }
    let tools = Tools::find(&target)?;
    let scratch = arguments.scratch.clone().unwrap_or_else(|| target.join("bench"));
    // What is measured runs in folders of its own, so that paths from here must not be relative.
    let scratch =
        std::path::absolute(&scratch).map_err(|error| Error::path("find", &scratch, &error))?;
    let entries = Entries::read(&arguments.entries.clone().unwrap_or_else(default_entries))?;
    let sizes = if arguments.quick { QUICK_SIZES } else { SIZES };
    let one = entries.write_base(&scratch.join("base"))?;
    // Each size has a folder of its own, so that a quick run spares the copies of a full one.
    let copies = scratch.join(if arguments.quick { "copies-quick" } else { "copies" });
    let copies = entries.write_copies(&copies, &sizes)?;
    for base in copies.iter().chain([&one]) {
        let (read, there) = (tools.files_read(base)?, base.files.len());
        if read != there {
            let message =
                format!("errlore read {read} of {there} files in {}", base.root.display());
            return Err(Error::io(message).with_help("see whether a .gitignore names them"));
        }
    }

    let runs = arguments.runs.map_or(if arguments.quick { 1 } else { 5 }, usize::from);
    let bench = Bench { runs, time: Time::find(&scratch), scratch };
    let mut table = Table::new(&HEAD);
    bench.rows(&mut table, &name("as is", &one), &one, &tools.all_jobs(&one))?;
    let mut growth: Vec<(usize, Vec<Measured>)> = Vec::new();
    for (index, base) in copies.iter().enumerate() {
        let is_largest = index + 1 == copies.len();
        let jobs = if is_largest { tools.all_jobs(base) } else { tools.errlore_jobs(base) };
        let measured = bench.rows(
            &mut table,
            &name(&format!("x{}", base.folders.len()), base),
            base,
            &jobs,
        )?;
        growth.push((base.files.len(), measured));
    }
    let file = one.files.get(one.files.len() / 2).map_or("", String::as_str);
    let single = Base { files: vec![file.to_owned()], bytes: size(&one, file)?, ..one };
    bench.rows(&mut table, "1 file", &single, &tools.one_file_jobs(&single, file))?;

    let mut out = tools.describe();
    let plural = if runs == 1 { "" } else { "s" };
    out.push(format!("{runs} run{plural}; the one file is {file}\n"));
    out.push(table.render(arguments.markdown));
    out.extend(growth_lines(&growth));
    out.push(format!("\n{NOTES}"));
    if bench.time.is_none() {
        out.push(
            "GNU time is not installed (package `time`): no CPU time and no peak memory\n"
                .to_owned(),
        );
    }
    // Lines of a paragraph would run together in Markdown.
    let separator = if arguments.markdown { "  \n" } else { "\n" };
    crate::print(&out.join(separator))
}

fn default_entries() -> PathBuf {
    let root = repository::root();
    let corpus = root.join("../shared/corpus/entries");
    if corpus.is_dir() { corpus } else { root.join("entries") }
}

/// What the table calls a base: `x40: 68,080 files, 202 MB`.
fn name(copies: &str, base: &Base) -> String {
    format!(
        "{copies}: {} files, {}",
        thousands(&base.files.len().to_string()),
        megabytes(as_f64(base.bytes))
    )
}

fn size(base: &Base, file: &str) -> Result<u64> {
    let path: &Path = &base.root.join(file);
    let metadata = std::fs::metadata(path).map_err(|error| Error::path("read", path, &error))?;
    Ok(metadata.len())
}

#[expect(clippy::cast_precision_loss, reason = "sizes and counts here are far below 2^52")]
fn as_f64(number: u64) -> f64 {
    number as f64
}

/// How it is measured.
struct Bench {
    runs: usize,
    time: Option<Time>,
    scratch: PathBuf,
}

impl Bench {
    /// Measures jobs on one input and adds a row for each; the first is what all are compared with.
    fn rows(
        &self,
        table: &mut Table,
        input: &str,
        base: &Base,
        jobs: &[Job],
    ) -> Result<Vec<Measured>> {
        let measured = measure::measure(jobs, self.runs, self.time.as_ref(), &self.scratch)?;
        let first = measured.first().map_or(1.0, |first| first.wall.as_secs_f64());
        let (files, bytes) = (as_f64(base.files.len() as u64), as_f64(base.bytes));
        for (job, measured) in jobs.iter().zip(&measured) {
            let wall = measured.wall.as_secs_f64();
            let or_none = |cell: Option<String>| cell.unwrap_or_else(|| "-".to_owned());
            // The rate of one file would be that of starting a process.
            let rate = |rate: f64| or_none((base.files.len() > 1).then(|| three_digits(rate)));
            table.push(vec![
                input.to_owned(),
                job.name.clone(),
                table::time(measured.wall),
                or_none(measured.cpu.map(|cpu| format!("{:.2} s", cpu.as_secs_f64()))),
                or_none(measured.peak.map(|peak| megabytes(as_f64(peak)))),
                rate(files / wall),
                rate(bytes / 1e6 / wall),
                rate(wall * 1e6 / files),
                format!("{:.2}", wall / first),
                or_none(measured.findings.map(|findings| thousands(&findings.to_string()))),
            ]);
        }
        Ok(measured)
    }
}

/// One line for each command: the time of an entry in the largest base against the smallest.
fn growth_lines(growth: &[(usize, Vec<Measured>)]) -> Vec<String> {
    let (Some((few, small)), Some((many, large))) = (growth.first(), growth.last()) else {
        return Vec::new();
    };
    let line = |(command, (small, large)): (&str, (&Measured, &Measured))| {
        let of_one = |measured: &Measured, files: &usize| {
            measured.wall.as_secs_f64() / as_f64(*files as u64)
        };
        let ratio = of_one(large, many) / of_one(small, few);
        let times = as_f64(*many as u64) / as_f64(*few as u64);
        format!(
            "growth: {times:.0} times the entries take {command} {ratio:.2} times as long an entry (1.00 is linear)"
        )
    };
    ["errlore validate", "errlore check"]
        .into_iter()
        .zip(small.iter().zip(large))
        .map(line)
        .collect()
}
