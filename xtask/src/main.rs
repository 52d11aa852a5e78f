//! What a developer of errlore runs: `cargo xtask <command>`, one module a command.
//!
//! Exit status: 0 done; 1 `codegen --check` found a difference; 2 something failed.

use std::io::{self, ErrorKind, Write};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use errlore::{Error, Result};

mod bench;
mod codegen;
mod copies;
mod fit_duplicates;
mod new_rule;
mod recall;
mod repository;
mod synthetic;

#[derive(Debug, Parser)]
#[command(name = "cargo xtask", about = "What a developer of errlore runs")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Write what is generated from the rules: RULES.md and a part of schema/config.schema.json
    Codegen(codegen::Arguments),
    /// Start a rule: its file and its line in src/rules.rs
    NewRule(new_rule::Arguments),
    /// Measure errlore, its peers, and the cost of reading, side by side
    Bench(bench::Arguments),
    /// Measure what is known of patterns, and look-ups
    BenchPatterns(bench::patterns::Arguments),
    /// Measure `duplicates`: time and growth, planted pairs, and judged pairs beside other tools
    BenchDuplicates(bench::duplicates::Arguments),
    /// Measure merge and diff beside other tools: random triples, known cases, one edited entry
    BenchMerge(bench::merge::Arguments),
    /// Send entries through every converter that is installed, and read them back
    Recall(recall::Arguments),
    /// Fit the weights of `duplicates` on judged pairs
    FitDuplicates(fit_duplicates::Arguments),
    /// Write a knowledge base of many copies of entries with some words changed
    Copies(copies::Arguments),
    /// Write a knowledge base of made-up entries with planted duplicates, variants and near misses
    Synthetic(synthetic::Arguments),
    /// Walk folders and read every .json file: the floor that `bench` measures as a program
    #[command(hide = true)]
    Floor(bench::floor::Arguments),
}

fn main() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Codegen(arguments) => codegen::run(&arguments),
        Command::NewRule(arguments) => new_rule::run(&arguments).map(|()| ExitCode::SUCCESS),
        Command::Bench(arguments) => bench::run(&arguments).map(|()| ExitCode::SUCCESS),
        Command::BenchPatterns(arguments) => {
            bench::patterns::run(&arguments).map(|()| ExitCode::SUCCESS)
        }
        Command::BenchDuplicates(arguments) => {
            bench::duplicates::run(&arguments).map(|()| ExitCode::SUCCESS)
        }
        Command::BenchMerge(arguments) => bench::merge::run(&arguments).map(|()| ExitCode::SUCCESS),
        Command::Recall(arguments) => recall::run(&arguments).map(|()| ExitCode::SUCCESS),
        Command::Copies(arguments) => copies::run(&arguments).map(|()| ExitCode::SUCCESS),
        Command::Synthetic(arguments) => synthetic::run(&arguments).map(|()| ExitCode::SUCCESS),
        Command::FitDuplicates(arguments) => {
            fit_duplicates::run(&arguments).map(|()| ExitCode::SUCCESS)
        }
        Command::Floor(arguments) => bench::floor::run(&arguments).map(|()| ExitCode::SUCCESS),
    };
    done.unwrap_or_else(|error| {
        eprintln!("error: {error}");
        if let Some(help) = error.help() {
            eprintln!("help: {help}");
        }
        ExitCode::from(2)
    })
}

/// Writes to standard output. A pipe that was closed is the reader's good right.
fn print(text: &str) -> Result<()> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Error::io(format!("cannot write to standard output: {error}")))
        }
        _ => Ok(()),
    }
}
