//! `regex`: the rules about patterns, and what two patterns have to do with each other.

use clap::Args;
use errlore::check::Selection;
use errlore::config::Case;
use errlore::entry::EntryId;
use errlore::pattern::{Limits, Overlap, Relation, overlap};
use errlore::{Error, Result, visible};

use super::known::{Known, known};
use super::output::{Format, Target};
use super::{Global, Status, check};

#[derive(Debug, Args)]
#[group(id = "regex")]
pub(super) struct Arguments {
    #[command(flatten)]
    check: check::Arguments,
    /// Tell what two patterns have in common; each is a pattern, or the id of an entry
    #[arg(long, num_args = 2, value_names = ["A", "B"], conflicts_with_all = ["fix", "unsafe_fixes", "diff"])]
    overlap: Vec<String>,
}

pub(super) fn run(global: &Global, arguments: &Arguments) -> Result<Status> {
    match &arguments.overlap[..] {
        [a, b] => compare(global, a, b, arguments.check.formats()),
        _ => check::run(global, &arguments.check, Selection::Patterns),
    }
}

fn compare(global: &Global, a: &str, b: &str, formats: &[Target]) -> Result<Status> {
    let is_json = match formats {
        [Target { format: Format::Text, file: None }] => false,
        [Target { format: Format::Json, file: None }] => true,
        _ => {
            return Err(Error::config("an overlap is written as text or as json")
                .with_help("leave `--format` away, or use `--format json`"));
        }
    };
    let known = known(global)?;
    let (a, b) = (pattern(&known, a), pattern(&known, b));
    let case = known.config.regex.case;
    let found = overlap(&a, &b, case, &Limits::default());
    if is_json {
        let json = serde_json::to_string(&found)
            .map_err(|error| Error::io(format!("cannot write JSON: {error}")))?;
        super::print_plain(&(json + "\n"))?;
    } else {
        super::print(&in_words(&found, case))?;
    }
    Ok(if known.has_failures { Status::Failed } else { Status::Clean })
}

/// The pattern of an entry, if a text is its id, else the text.
fn pattern(known: &Known, text: &str) -> String {
    let id = EntryId::new(text);
    let entry = known.cards.iter().find(|card| card.id == id || card.aliases.contains(&id));
    entry.map_or_else(|| text.to_owned(), |card| card.regex.clone())
}

fn in_words(found: &Overlap, case: Case) -> String {
    let relation = match found.relation {
        Relation::Equal => "equal: they find the same lines",
        Relation::Contains => "contains: the first finds all that the second finds, and more",
        Relation::Contained => "contained: the second finds all that the first finds, and more",
        Relation::Overlaps => "overlaps: some lines are found by both",
        Relation::Disjoint => "disjoint: no line is found by both",
        Relation::Undecided => "undecided",
    };
    let mut out = String::from(relation);
    if let Some(reason) = &found.reason {
        out += &format!(": {}", visible::name(reason));
    }
    out += if case == Case::Insensitive { " (case is ignored)\n" } else { "\n" };
    for (what, line) in [
        ("both find", &found.common),
        ("only the first finds", &found.only_a),
        ("only the second finds", &found.only_b),
    ] {
        if let Some(line) = line {
            out += &format!("  {what:<22}{}\n", visible::quote(line));
        }
    }
    out
}
