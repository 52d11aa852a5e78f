//! `diff`: what changed between two versions of an entry, or of a knowledge base.

use std::path::Path;

use clap::builder::{OsStringValueParser, TypedValueParser};
use clap::{Args, ValueEnum};
use errlore::diff::bases::{self, EntryDiff};
use errlore::diff::patch;
use errlore::render::changes_html;
use errlore::report::{self, Layout};
use errlore::{Error, Result};
use serde_json::Value as Json;

use super::output::separator;
use super::write::{Output, write_output};
use super::{Global, Status, output};

mod base;
mod side;
mod written;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The old version; or, alone, a revision or a range of revisions
    #[arg(value_name = "OLD|RANGE")]
    old: String,
    /// The new version
    #[arg(value_name = "NEW")]
    new: Option<String>,
    /// text, json, json-patch (RFC 6902, of two versions of an entry), markdown, or html
    #[arg(
        long,
        value_enum,
        value_name = "FORMAT",
        default_value = "text",
        hide_possible_values = true
    )]
    format: Format,
    /// Write to a file instead of standard output; `>>FILE` behind what is there
    #[arg(long, value_name = "FILE", value_parser = OsStringValueParser::new().try_map(Output::parse))]
    output: Option<Output>,
    /// With text: the old version to the left of the new one, where the terminal has 80 columns
    #[arg(long)]
    side_by_side: bool,
    /// End with 1 where something changed
    #[arg(long)]
    exit_code: bool,
}

/// How changes are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
    JsonPatch,
    Markdown,
    Html,
}

/// What was compared.
enum Compared {
    /// Two versions of an entry, and the JSON of their files, where they are such.
    Versions(Box<EntryDiff>, [Option<Json>; 2]),
    Bases(Vec<EntryDiff>),
}

impl Compared {
    fn diffs(&self) -> &[EntryDiff] {
        match self {
            Self::Versions(diff, _) => std::slice::from_ref(diff),
            Self::Bases(diffs) => diffs,
        }
    }

    fn is_empty(&self) -> bool {
        self.diffs()
            .iter()
            .all(|diff| matches!(self, Self::Versions(..)) && diff.changes.is_empty())
    }
}

pub(super) fn run(global: &Global, arguments: &Arguments) -> Result<Status> {
    let is_file = |text: &str| text == "-" || Path::new(text).is_file();
    let (compared, has_failures) = match &arguments.new {
        Some(new) => {
            if arguments.old == "-" && new == "-" {
                return Err(Error::config("standard input can be read once")
                    .with_help("name a file for one of the two"));
            }
            let old = side::read(global, &arguments.old)
                .map_err(|error| side::or_range(error, &arguments.old, new))?;
            let new = side::read(global, new)?;
            if arguments.format == Format::JsonPatch && (old.is_inexact || new.is_inexact) {
                return Err(Error::config("a number has more digits than a JSON Patch keeps")
                    .with_help("`git diff` shows the lines that differ"));
            }
            let diff = bases::versions(old.version, new.version);
            (Compared::Versions(Box::new(diff), [old.raw, new.raw]), false)
        }
        None if is_file(&arguments.old) => {
            return Err(Error::config("a file is compared with another version of it").with_help(
                format!("name the other one too: errlore diff HEAD:{0} {0}", arguments.old),
            ));
        }
        None => {
            let (diffs, has_failures) = base::compare(global, &arguments.old)
                .map_err(|error| side::or_version(error, &arguments.old))?;
            (Compared::Bases(diffs), has_failures)
        }
    };
    write(arguments, &compared)?;
    Ok(match (has_failures, arguments.exit_code && !compared.is_empty()) {
        (true, _) => Status::Failed,
        (false, true) => Status::Findings,
        (false, false) => Status::Clean,
    })
}

fn write(arguments: &Arguments, compared: &Compared) -> Result<()> {
    let shown: Vec<EntryDiff>;
    let diffs = match compared {
        // Nothing changed, nothing is said, as of git.
        Compared::Versions(diff, _) if diff.changes.is_empty() => {
            shown = Vec::new();
            &shown[..]
        }
        compared => compared.diffs(),
    };
    let text = match arguments.format {
        Format::Text => {
            let layout = if arguments.side_by_side { Layout::SideBySide } else { Layout::Unified };
            let style = output::plain_or_colored(arguments.output.is_none());
            report::diff_text(diffs, style, layout)
        }
        Format::Json => match compared {
            Compared::Versions(diff, _) => report::entry_diff_json(diff),
            Compared::Bases(diffs) => report::diff_json(diffs),
        },
        Format::JsonPatch => json_patch(compared)?,
        Format::Markdown => report::diff_markdown(diffs),
        Format::Html => changes_html(diffs, &report::diff_summary(diffs)),
    };
    match &arguments.output {
        Some(file) => write_output(file, |write| {
            write(separator(file, arguments.format == Format::Markdown).as_bytes())?;
            write(text.as_bytes())
        }),
        None if arguments.format == Format::Text => super::print(&text),
        None if arguments.format == Format::Html => super::print_exact(&text),
        None => super::print_plain(&text),
    }
}

fn json_patch(compared: &Compared) -> Result<String> {
    let Compared::Versions(diff, raw) = compared else {
        return Err(Error::config("a JSON Patch is made of two versions of one entry")
            .with_help("name both: errlore diff --format json-patch REV:ID ID"));
    };
    let (Some(old), Some(new), false) = (&diff.old, &diff.new, diff.changes.is_empty()) else {
        return Ok("[]\n".to_owned());
    };
    // A patch is applied to the file, which may leave out keys that the canonical form has.
    let operations = match raw {
        [Some(old), Some(new)] => patch(old, new),
        [Some(old), None] => patch(old, new),
        [None, _] => {
            output::remark("the old version is no JSON entry: the patch is of its canonical form");
            patch(old, new)
        }
    };
    Ok(serde_json::to_string_pretty(&operations).expect("a patch can be written") + "\n")
}
