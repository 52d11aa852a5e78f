//! What changed between versions of entries: for people, for a comment, and the types of the JSON output.

use serde::Serialize;

use crate::diff::Change;
use crate::diff::bases::{EntryDiff, Fate};
use crate::diff::view::View;
use crate::visible;

mod markdown;
mod painted;
mod text;

pub use markdown::diff_markdown;
pub use text::{Layout, diff_text};

#[derive(Serialize)]
struct JsonDiffs<'d> {
    version: u32,
    entries: Vec<JsonDiff<'d>>,
}

#[derive(Serialize)]
struct JsonVersions<'d> {
    version: u32,
    #[serde(flatten)]
    diff: JsonDiff<'d>,
}

#[derive(Serialize)]
struct JsonDiff<'d> {
    id: &'d str,
    path: &'d str,
    fate: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    old_id: Option<&'d str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    into: Option<&'d str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    old_path: Option<&'d str>,
    changes: &'d [Change],
    facts: Vec<JsonFact<'d>>,
}

#[derive(Serialize)]
struct JsonFact<'d> {
    name: &'static str,
    message: &'d str,
    pointer: &'d str,
}

fn json_of(diff: &EntryDiff) -> JsonDiff<'_> {
    let facts = diff.facts.iter().map(|fact| JsonFact {
        name: fact.kind.name(),
        message: &fact.message,
        pointer: fact.pointer.as_str(),
    });
    let (old_id, into) = match &diff.fate {
        Fate::Renamed(old) => (Some(old.as_str()), None),
        Fate::Merged(into) => (None, Some(into.as_str())),
        _ => (None, None),
    };
    JsonDiff {
        id: &diff.id,
        path: &diff.path,
        fate: fate_name(&diff.fate),
        old_id,
        into,
        old_path: diff.old_path.as_deref(),
        changes: &diff.changes,
        facts: facts.collect(),
    }
}

/// Two knowledge bases, as JSON: `{"entries": [{"id", "path", "fate", "changes", "facts"}]}`. An entry that came or
/// went has one change, which holds all of it.
pub fn diff_json(diffs: &[EntryDiff]) -> String {
    pretty(&JsonDiffs { version: 1, entries: diffs.iter().map(json_of).collect() })
}

/// Two versions of an entry, as JSON: `{"version", "id", "path", "fate", "changes", "facts"}`.
pub fn entry_diff_json(diff: &EntryDiff) -> String {
    pretty(&JsonVersions { version: 1, diff: json_of(diff) })
}

fn pretty(value: &impl Serialize) -> String {
    serde_json::to_string_pretty(value).expect("JSON can be written") + "\n"
}

fn fate_name(fate: &Fate) -> &'static str {
    match fate {
        Fate::Added => "added",
        Fate::Removed => "removed",
        Fate::Merged(_) => "merged",
        Fate::Renamed(_) => "renamed",
        Fate::Changed => "changed",
    }
}

/// One line that sums up: `3 entries changed, 1 added`.
pub fn diff_summary(diffs: &[EntryDiff]) -> String {
    if diffs.is_empty() {
        return "no entry changed".to_owned();
    }
    let counts =
        ["changed", "renamed", "merged", "added", "removed"].into_iter().filter_map(|name| {
            let count = diffs.iter().filter(|diff| fate_name(&diff.fate) == name).count();
            (count > 0).then(|| format!("{count} {name}"))
        });
    let counts: Vec<String> = counts.collect();
    let facts: usize = diffs.iter().map(|diff| diff.facts.len()).sum();
    let facts = match facts {
        0 => String::new(),
        1 => "; 1 thing to look at".to_owned(),
        many => format!("; {many} things to look at"),
    };
    format!("{}{facts}", counts.join(", "))
}

/// What became of an entry, in words.
fn fate_in_words(diff: &EntryDiff) -> String {
    let count = diff.changes.len();
    let changes = match count {
        1 => "1 change".to_owned(),
        _ => format!("{count} changes"),
    };
    match &diff.fate {
        Fate::Added => "added".to_owned(),
        Fate::Removed => "removed".to_owned(),
        Fate::Merged(into) => format!("merged into {}", visible::name(into)),
        Fate::Renamed(old) => format!("renamed from {}, {changes}", visible::name(old)),
        Fate::Changed if count == 0 => "moved to another file".to_owned(),
        Fate::Changed => changes,
    }
}

/// Where a change is, safe to show: `(was)` stands behind a place of which the numbers count the old lists.
fn place(view: &View) -> String {
    let place = visible::name(&view.place);
    if view.is_old { format!("{place} (was)") } else { place.into_owned() }
}

/// The lines of a text, safe to show.
fn lines(text: &str) -> impl Iterator<Item = std::borrow::Cow<'_, str>> {
    text.split('\n').map(visible::name)
}

/// Whether nothing of a text would be seen.
fn is_blank(text: &str) -> bool {
    text.chars().all(char::is_whitespace)
}
