//! `regex --overlap`: what two patterns have in common.

use errlore::config::Case;
use errlore::entry::EntryId;
use errlore::pattern::{Overlap, Pattern, Relation};
use errlore::{Error, Result, visible};

use super::super::known::{Known, known};
use super::super::output::{Format, Target, json, only};
use super::super::{Global, Status, named, print, print_plain};

pub(super) fn run(global: &Global, a: &str, b: &str, formats: &[Target]) -> Result<Status> {
    let is_json = only(formats, &[Format::Text, Format::Json], "an overlap")? == Format::Json;
    let known = known(global)?;
    let (a, b) = (pattern(&known, a)?, pattern(&known, b)?);
    let case = known.config.regex.case;
    let found = a.overlap(&b, case);
    if is_json {
        print_plain(&json(&found)?)?;
    } else {
        print(&in_words(&found, case))?;
    }
    Ok(if known.has_failures { Status::Failed } else { Status::Clean })
}

/// The pattern of an entry, if a text is its id, else the text. What no engine takes for a pattern is an error.
fn pattern(known: &Known, text: &str) -> Result<Pattern> {
    let id = EntryId::new(text);
    let entry = known.cards.iter().find(|card| card.id == id || card.aliases.contains(&id));
    if entry.is_none() && id.is_usable() && !known.cards.is_empty() {
        return Err(named::unknown(&id, known.cards.iter(), &known.root));
    }
    let pattern = entry.map_or_else(|| Pattern::new(text), |card| card.pattern.clone());
    match pattern.syntax_error() {
        Some(error) => {
            let (quoted, message) = (visible::quote(pattern.text()), visible::name(&error.message));
            Err(Error::config(format!("{quoted} does not parse: {message}")))
        }
        None => Ok(pattern),
    }
}

/// What two patterns have in common, a line each.
pub(in super::super) fn in_words(found: &Overlap, case: Case) -> String {
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
