//! The command line. Only this crate reads the environment, prints and exits.

use std::ffi::OsString;
use std::io::{self, ErrorKind as IoKind, IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use anstream::stream::RawStream;
use clap::builder::styling::{AnsiColor, Styles};
use clap::{Args, ColorChoice, CommandFactory, FromArgMatches, Parser, Subcommand};
use errlore::{Error, ErrorKind, visible};

mod check;
mod config;
mod diff;
mod duplicates;
mod explain;
mod fix;
mod fmt;
mod git;
mod input;
mod known;
mod log;
mod lookup;
mod named;
mod normalize;
mod output;
mod regex;
mod render;
mod rules;
mod since;
mod write;

/// How a command ended; the numbers are part of the interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Status {
    /// Clean.
    Clean = 0,
    /// There are findings, or something would change.
    Findings = 1,
    /// Usage, configuration, or a file that could not be used.
    Failed = 2,
    /// Nothing matched the inputs.
    NothingToDo = 3,
    /// The merge driver could not do its work: from here on git changes nothing.
    DriverFailed = 129,
}

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());

/// Validates and curates a knowledge base of error entries kept as JSON files in git.
#[derive(Debug, Parser)]
#[command(name = "errlore", version, styles = STYLES, max_term_width = 100, after_help = EXIT_STATUS)]
struct Cli {
    #[command(flatten, next_help_heading = "Global options")]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

const EXIT_STATUS: &str = "\
Exit status: 0 clean; 1 findings at or above --fail-on, or files that would change;
2 usage, configuration or I/O; 3 nothing matched the inputs, or no entry has the id.";

#[derive(Clone, Debug, Args)]
struct Global {
    /// The configuration file, instead of the errlore.toml above the inputs; it moves no root
    #[arg(long, global = true, value_name = "FILE", env = "ERRLORE_CONFIG", hide_env = true)]
    config: Option<PathBuf>,
    /// When to colour: auto, always or never; `NO_COLOR`, `CLICOLOR_FORCE` and `FORCE_COLOR` count for auto
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        default_value = "auto",
        hide_default_value = true,
        hide_possible_values = true
    )]
    color: ColorChoice,
    /// How many threads to use [default: one a core]
    #[arg(long, global = true, value_name = "N", env = "ERRLORE_JOBS", hide_env = true)]
    jobs: Option<usize>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Check entries with every rule
    Check(check::Arguments),
    /// Check that entries are JSON and keep the schema, and nothing else
    Validate(check::Arguments),
    /// Check what patterns find: their own messages, and those of other entries
    Regex(regex::Arguments),
    /// Look up which entries answer for a message, or for the lines of a log
    ///
    /// The entry comes first whose pattern spells out more of the message. The exit status is 1 where no
    /// entry answers.
    Match(lookup::Arguments),
    /// Find entries that describe the same error
    ///
    /// A pair counts where either side is among the paths. The exit status is 1 where there are
    /// duplicates.
    Duplicates(duplicates::Arguments),
    /// Show what changed between two versions of an entry, or of the knowledge base
    ///
    /// A version is a file in any form that `normalize` reads, the id of an entry, `REV:path`, `REV:id`
    /// (without a revision that of the index), or `-` for standard input. `REV1..REV2`, `REV1...REV2` (from
    /// their merge base) and `REV` (and the work tree) compare knowledge bases.
    Diff(diff::Arguments),
    /// Read any form of an entry into canonical JSON
    Normalize(normalize::Arguments),
    /// Rewrite entries in canonical form
    ///
    /// The layout, the order of keys and the spelling of numbers change; of texts, blanks at the ends go
    /// and characters are composed (run `check` before: such a blank may be all that is left of a lost
    /// word). A file that is not JSON or breaks the schema is left as it is and reported. A link is
    /// followed and stays a link.
    Fmt(fmt::Arguments),
    /// Show an entry as a page, or write pages of all of them
    Render(render::Arguments),
    /// List the rules
    Rules(rules::Arguments),
    /// Explain a rule: what it finds, why, and examples
    Explain(explain::Arguments),
    /// Show each setting, its value and where it comes from
    Config(config::Arguments),
    /// What git calls to show and merge entries, and setting it up
    Git(git::Arguments),
}

/// Runs the command line.
pub(crate) fn run() -> ExitCode {
    let matches = command().try_get_matches();
    let cli = match matches.and_then(|matches| Cli::from_arg_matches(&matches)) {
        Ok(cli) => cli,
        Err(error) => {
            // `--help` and `--version` go to standard output and are no failure.
            let status = match error.use_stderr() {
                true if git::is_merge_driver() => Status::DriverFailed,
                true => Status::Failed,
                false => Status::Clean,
            };
            set_color(asked_color());
            let text = error.render().ansi().to_string();
            if error.use_stderr() {
                // Where standard error is closed there is nobody left to tell.
                let _ = colored(io::stderr().lock()).write_all(text.as_bytes());
            } else if print(&text).is_err() {
                return exit(Status::Failed);
            }
            return exit(status);
        }
    };
    let Cli { global, command } = cli;
    set_color(global.color);
    if let Some(jobs) = global.jobs {
        // Fails only when the pool is there already, which it is not.
        let _ = rayon::ThreadPoolBuilder::new().num_threads(jobs).build_global();
    }
    let outcome = match command {
        Command::Check(arguments) => {
            check::run(&global, &arguments, errlore::check::Selection::All)
        }
        Command::Validate(arguments) => {
            check::run(&global, &arguments, errlore::check::Selection::Schema)
        }
        Command::Regex(arguments) => regex::run(&global, &arguments),
        Command::Match(arguments) => lookup::run(&global, &arguments),
        Command::Duplicates(arguments) => duplicates::run(&global, &arguments),
        Command::Diff(arguments) => diff::run(&global, &arguments),
        Command::Normalize(arguments) => normalize::run(&global, &arguments),
        Command::Fmt(arguments) => fmt::run(&global, &arguments),
        Command::Render(arguments) => render::run(&global, &arguments),
        Command::Rules(arguments) => rules::run(&arguments),
        Command::Explain(arguments) => explain::run(&arguments),
        Command::Config(arguments) => config::run(&global, &arguments),
        Command::Git(arguments) => git::run(&global, &arguments),
    };
    exit(outcome.unwrap_or_else(|error| {
        output::failure(&error);
        match error.kind() {
            ErrorKind::NoInput => Status::NothingToDo,
            ErrorKind::Io | ErrorKind::Config => Status::Failed,
        }
    }))
}

fn exit(status: Status) -> ExitCode {
    ExitCode::from(status as u8)
}

/// The command line. A variable of the environment that is empty counts as unset.
fn command() -> clap::Command {
    fn without_empty(command: clap::Command) -> clap::Command {
        let set = |argument: clap::Arg| {
            let value = argument.get_env().and_then(std::env::var_os);
            if value.is_some_and(|value| value.is_empty()) { argument.env(None) } else { argument }
        };
        command.mut_args(set).mut_subcommands(without_empty)
    }
    without_empty(Cli::command())
}

/// What the environment says about colours: <https://no-color.org>, <https://bixense.com/clicolors>, and
/// `FORCE_COLOR` as Node reads it.
fn color_of_environment() -> ColorChoice {
    let value = |name| std::env::var_os(name).filter(|value: &OsString| !value.is_empty());
    let is_off = |value: &OsString| value == "0" || value == "false";
    let forced = [value("CLICOLOR_FORCE"), value("FORCE_COLOR")];
    if value("NO_COLOR").is_some() {
        ColorChoice::Never
    } else if forced.iter().flatten().any(|value| !is_off(value)) {
        ColorChoice::Always
    } else if forced[1].is_some() {
        ColorChoice::Never
    } else {
        ColorChoice::Auto
    }
}

/// What `--color` says on a command line that was not parsed to its end, as for help.
fn asked_color() -> ColorChoice {
    let arguments: Vec<OsString> = std::env::args_os().take_while(|word| word != "--").collect();
    let mut asked = arguments.iter().enumerate().filter_map(|(at, word)| match word.to_str()? {
        "--color" => arguments.get(at + 1)?.to_str(),
        word => word.strip_prefix("--color="),
    });
    asked.next_back().and_then(|word| word.parse().ok()).unwrap_or(ColorChoice::Auto)
}

/// Whether `CLICOLOR_FORCE` forces nothing, which `anstream` takes for a yes, and a stream is none that gets
/// colours unasked.
fn takes_no_colors(stream: &impl RawStream) -> bool {
    let is = |name, values: &[&str]| {
        std::env::var_os(name).is_some_and(|is| values.iter().any(|value| is == *value))
    };
    is("CLICOLOR_FORCE", &["0", "false"])
        && (!stream.is_terminal() || is("CLICOLOR", &["0"]) || is("TERM", &["dumb"]))
}

/// Whether text for a stream is written in colours.
fn has_colors(stream: &impl RawStream) -> bool {
    let is_auto = anstream::ColorChoice::global() == anstream::ColorChoice::Auto;
    !(is_auto && takes_no_colors(stream))
        && anstream::AutoStream::choice(stream) != anstream::ColorChoice::Never
}

/// A stream that takes the colours out of a text where none are wanted.
fn colored<S: RawStream>(stream: S) -> anstream::AutoStream<S> {
    if has_colors(&stream) {
        anstream::AutoStream::always(stream)
    } else {
        anstream::AutoStream::never(stream)
    }
}

fn set_color(choice: ColorChoice) {
    let choice = if choice == ColorChoice::Auto { color_of_environment() } else { choice };
    let choice = match choice {
        ColorChoice::Auto => anstream::ColorChoice::Auto,
        ColorChoice::Always => anstream::ColorChoice::Always,
        ColorChoice::Never => anstream::ColorChoice::Never,
    };
    choice.write_global();
}

/// Writes text that may hold colours to standard output.
fn print(text: &str) -> errlore::Result<()> {
    write(&mut colored(io::stdout().lock()), text.as_bytes())
}

/// Writes text without colours to standard output, byte for byte.
fn print_plain(text: &str) -> errlore::Result<()> {
    write_bytes(text.as_bytes())
}

/// Writes what need not be a text to standard output.
fn write_bytes(bytes: &[u8]) -> errlore::Result<()> {
    write(&mut io::stdout().lock(), bytes)
}

/// A pipe that was closed is the reader's good right.
fn write(out: &mut impl Write, bytes: &[u8]) -> errlore::Result<()> {
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(error) if error.kind() != IoKind::BrokenPipe => {
            Err(Error::io(format!("cannot write to standard output: {error}")))
        }
        _ => Ok(()),
    }
}

/// Writes a diff or a page to standard output, byte for byte, so that programs take it; what a
/// terminal would obey is replaced when one is there.
fn print_exact(text: &str) -> errlore::Result<()> {
    if io::stdout().is_terminal() {
        print_plain(&visible::excerpt(text))
    } else {
        print_plain(text)
    }
}

/// The width to lay text out in: that of the terminal, or 100 columns.
fn width() -> usize {
    const DEFAULT: usize = 100;
    const NARROWEST: usize = 40;
    if !io::stdout().is_terminal() {
        return DEFAULT;
    }
    terminal_size::terminal_size().map_or(DEFAULT, |(width, _)| usize::from(width.0)).max(NARROWEST)
}
