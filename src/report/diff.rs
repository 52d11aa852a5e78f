//! What changed between versions of entries: for people, for a comment, and the types of the JSON output.

use serde::Serialize;
use serde_json::Value as Json;

use crate::diff::bases::{EntryDiff, Fate};
use crate::diff::{Change, Kind, Side, difference, words};
use crate::visible;

mod markdown;
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

/// Two knowledge bases, as JSON: `{"entries": [{"id", "path", "fate", "changes", "facts"}]}`.
pub fn diff_json(diffs: &[EntryDiff]) -> String {
    pretty(&JsonDiffs { version: 1, entries: diffs.iter().map(json_of).collect() })
}

/// Two versions of an entry, as JSON: `{"version", "id", "path", "fate", "changes", "facts"}`.
pub fn entry_diff_json(diff: &EntryDiff) -> String {
    pretty(&JsonVersions { version: 1, diff: json_of(diff) })
}

fn pretty(value: &impl Serialize) -> String {
    serde_json::to_string_pretty(value).map(|text| text + "\n").unwrap_or_default()
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

/// A part of a change as it is shown; safe.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Span {
    side: Side,
    text: String,
}

impl Span {
    fn new(side: Side, text: impl Into<String>) -> Self {
        Self { side, text: text.into() }
    }
}

/// What a change is about: where, in a few characters, and what happened.
struct Shown {
    mark: char,
    place: String,
    spans: Vec<Span>,
}

/// So many columns of what is the same stand before and after what changed.
const CONTEXT: usize = 32;
/// A value that came or went is cut here, in characters; an item of several texts shows its first.
const LONGEST: usize = 200;
/// What only stands elsewhere is as it was, and is told by its first characters.
const MOVED: usize = 36;

fn show(change: &Change, diff: &EntryDiff) -> Shown {
    let place = visible::name(change.pointer.as_str().trim_start_matches('/')).into_owned();
    let (before, after) = (change.before.as_ref(), change.after.as_ref());
    let (mark, spans) = match change.kind {
        Kind::Added => ('+', vec![Span::new(Side::New, after.map_or_else(String::new, value))]),
        Kind::Removed => ('-', vec![Span::new(Side::Old, before.map_or_else(String::new, value))]),
        Kind::Moved => {
            let number = |json: Option<&Json>| json.map(ToString::to_string).unwrap_or_default();
            let item = diff.new.as_ref().and_then(|new| new.pointer(change.pointer.as_str()));
            let item = item.map(|item| value_within(item, MOVED)).unwrap_or_default();
            (
                '>',
                vec![Span::new(Side::Both, format!("moved here from {}: {item}", number(before)))],
            )
        }
        Kind::Renamed | Kind::Changed => ('~', between(change, diff)),
    };
    Shown { mark, place, spans }
}

/// A value in a few words.
fn value(json: &Json) -> String {
    value_within(json, LONGEST)
}

/// A value, its text cut behind so many characters.
fn value_within(json: &Json, longest: usize) -> String {
    let name = |text: &str| {
        let mut shown: String = text.chars().take(longest).collect();
        if shown.len() < text.len() {
            shown.push('…');
        }
        visible::name(&shown).into_owned()
    };
    match json {
        Json::String(text) => name(text),
        Json::Object(members) => {
            let title = ["action", "version", "error_id"]
                .into_iter()
                .find_map(|key| members.get(key)?.as_str());
            let rate = ["success_rate", "fail_rate", "probability"]
                .into_iter()
                .find_map(|key| Some(format!(" ({key} {})", members.get(key)?)));
            match title {
                Some(title) => name(title) + &rate.unwrap_or_default(),
                None => name(&json.to_string()),
            }
        }
        _ => name(&json.to_string()),
    }
}

/// What is old and what is new in a value that changed.
fn between(change: &Change, diff: &EntryDiff) -> Vec<Span> {
    let nothing = Json::Null;
    let (before, after) =
        (change.before.as_ref().unwrap_or(&nothing), change.after.as_ref().unwrap_or(&nothing));
    let difference = difference(change, diff);
    let is_pattern = change.pointer.as_str() == "/regex";
    let mut spans = match (before, after) {
        // A day is told whole.
        (Json::String(old), Json::String(new)) if difference.is_none() || is_pattern => {
            marked(old, new)
        }
        _ => vec![
            Span::new(Side::Old, value(before)),
            Span::new(Side::Both, " -> "),
            Span::new(Side::New, value(after)),
        ],
    };
    spans.extend(difference.map(|difference| Span::new(Side::Both, format!(", {difference}"))));
    spans
}

/// The words that changed, with a little around them.
fn marked(old: &str, new: &str) -> Vec<Span> {
    let pieces = words(old, new);
    let last = pieces.len().saturating_sub(1);
    let span = |(at, piece): (usize, &crate::diff::Piece<'_>)| {
        let text = visible::name(piece.text);
        let text = match piece.side {
            Side::Both => shortened(&text, at > 0, at < last),
            _ => text.into_owned(),
        };
        Span::new(piece.side, text)
    };
    pieces.iter().enumerate().map(span).collect()
}

/// What is the same, cut to what stands next to something that changed.
fn shortened(text: &str, has_before: bool, has_after: bool) -> String {
    let chars: Vec<char> = text.chars().collect();
    let part = |range: std::ops::Range<usize>| -> String { chars[range].iter().collect() };
    // From the nearest blank on, so that no word is cut.
    let head = |end: usize| {
        let cut = (end.saturating_sub(12)..end).rev().find(|at| chars[*at] == ' ');
        part(0..cut.map_or(end, |at| at + 1))
    };
    let tail = |start: usize| {
        let cut = (start..(start + 12).min(chars.len())).find(|at| chars[*at] == ' ');
        part(cut.unwrap_or(start)..chars.len())
    };
    match (has_before, has_after) {
        (true, true) if chars.len() > 2 * CONTEXT + 8 => {
            format!("{}…{}", head(CONTEXT), tail(chars.len() - CONTEXT))
        }
        (true, false) if chars.len() > CONTEXT + 8 => format!("{}…", head(CONTEXT)),
        (false, true) if chars.len() > CONTEXT + 8 => format!("…{}", tail(chars.len() - CONTEXT)),
        _ => text.to_owned(),
    }
}
