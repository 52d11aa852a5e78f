//! Where reports go, and in which format.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use anstyle::{AnsiColor, Effects, Style};
use errlore::report::{self, Checkout, Report, TextStyle};
use errlore::source::Source;
use errlore::{Error, Result, visible};
use serde::Serialize;

use super::write::{Output, is_same, write_output};

/// A choice of formats, each with its name on the command line.
pub(super) trait Named: Copy + PartialEq + 'static {
    /// All of them, in the order in which they are listed.
    const ALL: &'static [(&'static str, Self)];
}

/// A format of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    Text,
    Concise,
    Json,
    Jsonl,
    Github,
    Markdown,
}

impl Named for Format {
    const ALL: &'static [(&'static str, Self)] = &[
        ("text", Self::Text),
        ("concise", Self::Concise),
        ("json", Self::Json),
        ("jsonl", Self::Jsonl),
        ("github", Self::Github),
        ("markdown", Self::Markdown),
    ];
}

/// How to write a list that is no report.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub(super) enum ListFormat {
    /// For people.
    Text,
    /// For programs.
    Json,
}

/// A format and where to write it: `json`, `json=report.json`, or `markdown=>>pages.md` for behind what is
/// there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Target<F = Format> {
    pub(super) format: F,
    pub(super) file: Option<Output>,
}

impl<F: Named> FromStr for Target<F> {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        let (name, file) = match text.split_once('=') {
            Some((name, file)) => (name, Some(Output::parse(file.into())?)),
            None => (text, None),
        };
        let names: Vec<&str> = F::ALL.iter().map(|(name, _)| *name).collect();
        let Some((_, format)) = F::ALL.iter().find(|(known, _)| *known == name) else {
            let guess = errlore::suggest::did_you_mean(name, names.iter().copied())
                .map(|guess| format!("; did you mean {guess}?"))
                .unwrap_or_default();
            return Err(format!("expected one of {}{guess}", names.join(", ")));
        };
        Ok(Self { format: *format, file })
    }
}

/// Refuses targets of which two are one file or one stream. `output` is where those without a file go.
pub(super) fn refuse_shared<F>(targets: &[Target<F>], output: Option<&Output>) -> Result<()> {
    let places: Vec<Option<&Output>> =
        targets.iter().map(|target| target.file.as_ref().or(output)).collect();
    for (index, place) in places.iter().enumerate() {
        if places[..index].iter().any(|other| is_same(*place, *other)) {
            return Err(Error::config("two formats cannot share one output").with_help(
                "write one of them to a file: --format text --format json=report.json",
            ));
        }
    }
    Ok(())
}

/// The one format that is asked for, of those that an answer can be written in, and that to standard output;
/// `what` is the answer.
pub(super) fn only<F: Named>(targets: &[Target<F>], can: &[F], what: &str) -> Result<F> {
    if let [Target { format, file: None }] = targets
        && can.contains(format)
    {
        return Ok(*format);
    }
    let names = F::ALL.iter().filter(|(_, format)| can.contains(format)).map(|(name, _)| *name);
    let names: Vec<&str> = names.collect();
    Err(Error::config(format!("{what} is written as {}", names.join(" or as ")))
        .with_help("leave `--format` away, or name one of them; `>` writes to a file"))
}

/// Writes a report to each target.
pub(super) fn write(report: &Report, targets: &[Target], output: Option<&Output>) -> Result<()> {
    for target in targets {
        let file = target.file.as_ref().or(output);
        let style = style(file.is_none(), usize::MAX);
        let text = match target.format {
            Format::Text => report::text(report, style),
            Format::Concise => report::concise(report),
            Format::Json => report::json(report),
            Format::Jsonl => report::jsonl(report),
            Format::Github => report::github(report, &checkout(report)),
            Format::Markdown => report::markdown(report),
        };
        match file {
            None if target.format == Format::Text => super::print(&text)?,
            None => super::print_plain(&text)?,
            Some(file) => write_output(file, |write| {
                write(separator(file, target.format == Format::Markdown).as_bytes())?;
                write(text.as_bytes())
            })?,
        }
    }
    Ok(())
}

/// Where the files of a report lie in their repositories, or else in the workspace of a workflow.
pub(super) fn checkout(report: &Report) -> Checkout {
    let here = std::env::current_dir().and_then(fs::canonicalize).unwrap_or_default();
    let mut checkout = Checkout { here, tops: Vec::new() };
    let effects = report.effects.iter().flat_map(|effects| &effects.patterns);
    let names = report.sources.iter().map(Source::name).chain(effects.map(|effect| &*effect.path));
    let folders: BTreeSet<PathBuf> =
        names.filter_map(|name| Some(checkout.path(name).parent()?.to_owned())).collect();
    let top = |folder: &PathBuf| {
        folder.ancestors().find(|above| above.join(".git").exists()).map(Path::to_owned)
    };
    let tops: BTreeSet<PathBuf> = folders.iter().filter_map(top).collect();
    checkout.tops.extend(tops);
    let workspace = std::env::var_os("GITHUB_WORKSPACE").filter(|_| checkout.tops.is_empty());
    checkout.tops.extend(workspace.and_then(|path| fs::canonicalize(path).ok()));
    checkout
}

/// What stands between a page of Markdown and what it is written behind: else the two would run together.
pub(super) fn separator(output: &Output, is_markdown: bool) -> &'static str {
    if output.appends && is_markdown { "\n" } else { "" }
}

fn style(color: bool, repeats: usize) -> TextStyle {
    TextStyle { color, width: super::width(), repeats }
}

/// How to write text to standard output, or to a file: in colours only where they will be seen, for text that says
/// otherwise what they say.
pub(super) fn plain_or_colored(to_stdout: bool) -> TextStyle {
    style(to_stdout && super::has_colors(&io::stdout()), usize::MAX)
}

/// Whether git shows what is written in a pager.
pub(super) fn has_git_pager() -> bool {
    std::env::var_os("GIT_PAGER_IN_USE").is_some()
}

/// How to write text that git shows: its pager stands between, and git tells how wide the terminal is.
pub(super) fn as_git_shows() -> TextStyle {
    let has_pager = has_git_pager();
    let may = match anstream::ColorChoice::global() {
        anstream::ColorChoice::Never => false,
        anstream::ColorChoice::Auto => std::env::var_os("NO_COLOR").is_none_or(|no| no.is_empty()),
        _ => true,
    };
    let mut style = plain_or_colored(true);
    style.color |= has_pager && may;
    let columns = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse::<usize>().ok());
    if let Some(columns) = columns.filter(|_| has_pager) {
        style.width = columns.max(40);
    }
    style
}

/// Writes a report to standard output as text, with so many findings that say the same.
pub(super) fn print(report: &Report, repeats: usize) -> Result<()> {
    super::print(&report::text(report, style(true, repeats)))
}

/// Writes a report to standard error, where standard output is for something else, with so many
/// findings that say the same.
pub(super) fn aside(report: &Report, repeats: usize) {
    let mut stderr = io::stderr().lock();
    let color = super::has_colors(&stderr);
    let text = report::text(report, style(color, repeats));
    // Where standard error is closed there is nobody left to tell. Without colours there is nothing to
    // take out, which would be done in very small pieces.
    let _ = if color {
        super::colored(stderr).write_all(text.as_bytes())
    } else {
        stderr.write_all(text.as_bytes())
    };
}

/// A document for programs, which begins with the version of its form, on a line of its own.
pub(super) fn json(value: &impl Serialize) -> Result<String> {
    #[derive(Serialize)]
    struct Versioned<'v, T> {
        version: u32,
        #[serde(flatten)]
        value: &'v T,
    }
    line(&Versioned { version: 1, value }).map(|text| text + "\n")
}

/// A value as JSON, without a line end.
pub(super) fn line(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|error| Error::io(format!("cannot write JSON: {error}")))
}

/// Says something on standard error that is no failure.
pub(super) fn remark(text: &str) {
    // Where standard error is closed there is nobody left to tell.
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// Says on standard error that a file was written which the command line does not name as an output.
pub(super) fn wrote(name: &str) {
    remark(&format!("wrote {}", visible::name(name)));
}

/// Says on standard error which files hold no entry, so that nobody takes the answer for one about them.
pub(super) fn unread(names: &[&str]) {
    /// More names help nobody.
    const SHOWN: usize = 3;
    let mut shown: Vec<String> =
        names.iter().take(SHOWN).map(|name| visible::name(name).into_owned()).collect();
    if names.len() > SHOWN {
        shown.push(format!("and {} more", names.len() - SHOWN));
    }
    let what = match names.len() {
        0 => return,
        1 => "1 file holds no entry that can be read and is left out".to_owned(),
        many => format!("{many} files hold no entry that can be read and are left out"),
    };
    remark(&format!("{what}: {}; `errlore check` says why", shown.join(", ")));
}

/// Says on standard error that more is lost than may be.
pub(super) fn over_budget(report: &Report) {
    if let Some(over) = report.over_budget() {
        remark(&over);
    }
}

/// Says on standard error what failed, and what to do.
pub(super) fn failure(error: &Error) {
    let red = Style::new().fg_color(Some(AnsiColor::BrightRed.into())).effects(Effects::BOLD);
    let mut stderr = super::colored(io::stderr().lock());
    // Where standard error is closed there is nobody left to tell.
    let _ = writeln!(stderr, "{red}error{red:#}: {error}");
    if let Some(help) = error.help() {
        let cyan = Style::new().fg_color(Some(AnsiColor::BrightCyan.into())).effects(Effects::BOLD);
        let _ = writeln!(stderr, "{cyan}help{cyan:#}: {help}");
    }
}
