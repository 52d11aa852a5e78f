//! What changed between versions of entries as one page of HTML, without scripts, that fetches nothing.

use serde_json::Value as Json;

use super::page::{begin, end};
use super::write::Html;
use super::{AUTO, CHINESE};
use crate::diff::bases::{EntryDiff, Fate};
use crate::diff::{Change, Kind, Side, difference, words};

/// What this page has beside the looks of an entry's page.
const CHANGES_STYLE: &str = include_str!("changes.css");

/// More entries are no page that anybody reads.
const MOST_ENTRIES: usize = 300;

/// The page: a line that sums up, and each entry with its changes.
pub fn changes_html(diffs: &[EntryDiff], summary: &str) -> String {
    let mut out = begin("Changes", CHANGES_STYLE);
    out.element("p", &[("class", "summary")], summary);
    out.markup("\n");
    for diff in diffs.iter().take(MOST_ENTRIES) {
        entry(&mut out, diff);
    }
    let more = diffs.len().saturating_sub(MOST_ENTRIES);
    let notes = (more > 0).then(|| format!("{more} more entries are not on this page"));
    end(out, notes.as_slice())
}

fn entry(out: &mut Html, diff: &EntryDiff) {
    out.markup("<article>\n<h2>");
    out.element("code", &[("dir", "ltr")], &diff.id);
    out.markup("</h2>\n");
    let fate = match &diff.fate {
        Fate::Added => "added".to_owned(),
        Fate::Removed => "removed".to_owned(),
        Fate::Merged(into) => format!("merged into {into}"),
        Fate::Renamed(old) => format!("renamed from {old}"),
        Fate::Changed => String::new(),
    };
    let moved = diff.old_path.as_ref().map(|old| format!("{old} → {}", diff.path));
    for note in [Some(fate), moved].into_iter().flatten().filter(|note| !note.is_empty()) {
        out.element("p", &[("class", "note"), AUTO], &note);
        out.markup("\n");
    }
    if !diff.facts.is_empty() {
        out.markup("<ul class=\"clash\">");
        for fact in &diff.facts {
            out.element("li", &[], &fact.message);
        }
        out.markup("</ul>\n");
    }
    let whole = match diff.fate {
        Fate::Added => diff.new.as_ref(),
        Fate::Removed | Fate::Merged(_) => diff.old.as_ref(),
        _ => None,
    };
    if let Some(signature) = whole.and_then(|document| document["signature"].as_str()) {
        out.open("p", &[("class", "said"), AUTO]);
        out.preformatted(signature);
        out.markup("</p>\n");
    }
    if !diff.changes.is_empty() {
        out.markup("<dl>\n");
        for change in &diff.changes {
            self::change(out, change, diff);
        }
        out.markup("</dl>\n");
    }
    out.markup("</article>\n");
}

fn change(out: &mut Html, change: &Change, diff: &EntryDiff) {
    let (class, verb) = match change.kind {
        Kind::Added => ("added", "added"),
        Kind::Removed => ("removed", "removed"),
        Kind::Changed => ("changed", "changed"),
        Kind::Moved => ("moved", "moved"),
        Kind::Renamed => ("changed", "renamed"),
    };
    let place = change.pointer.as_str().trim_start_matches('/');
    out.open("dt", &[("class", class)]);
    out.element("span", &[("class", "verb")], verb);
    out.markup(" ");
    out.element("code", &[("dir", "ltr")], place);
    out.markup("</dt>\n");
    let is_chinese = place.split('/').any(|step| step.ends_with("_zh"));
    let (before, after) = (change.before.as_ref(), change.after.as_ref());
    if change.kind == Kind::Moved {
        let number = |json: Option<&Json>| json.map(Json::to_string).unwrap_or_default();
        let item = diff.new.as_ref().and_then(|new| new.pointer(change.pointer.as_str()));
        let title = item.map(title).unwrap_or_default();
        out.open("dd", &[("class", "said"), AUTO]);
        out.preformatted(&format!("from place {} to {}: {title}", number(before), number(after)));
        out.markup("</dd>\n");
        return;
    }
    let language = if is_chinese { CHINESE } else { AUTO };
    out.open("dd", &[("class", "said"), language]);
    let difference = difference(change, diff);
    // A day is told whole.
    let is_text = difference.is_none() || place == "regex";
    if let (Some(Json::String(old)), Some(Json::String(new)), true) = (before, after, is_text) {
        for piece in words(old, new) {
            match piece.side {
                Side::Both => out.preformatted(piece.text),
                Side::Old => side(out, "del", piece.text),
                Side::New => side(out, "ins", piece.text),
            }
        }
    } else {
        if let Some(before) = before {
            value(out, "del", before);
        }
        if before.is_some() && after.is_some() {
            out.markup(" → ");
        }
        if let Some(after) = after {
            value(out, "ins", after);
        }
    }
    if let Some(difference) = difference {
        out.markup(" ");
        out.element("span", &[("class", "note"), ("dir", "ltr")], &format!("({difference})"));
    }
    out.markup("</dd>\n");
}

fn side(out: &mut Html, name: &'static str, text: &str) {
    out.open(name, &[]);
    out.preformatted(text);
    out.close(name);
}

/// What an item of a list is called.
fn title(json: &Json) -> String {
    let named = ["action", "version", "error_id"].into_iter().find_map(|key| json[key].as_str());
    named.or(json.as_str()).map_or_else(|| json.to_string(), str::to_owned)
}

/// A value that came or went: texts as they are, objects as what their members say.
fn value(out: &mut Html, name: &'static str, json: &Json) {
    let says = |value: &Json| !matches!(value, Json::Null) && value.as_str() != Some("");
    let text = match json {
        Json::String(text) => text.clone(),
        Json::Object(members) => {
            let line = |(key, value): (&String, &Json)| {
                let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                format!("{key}: {value}")
            };
            let said = members.iter().filter(|(_, value)| says(value));
            said.map(line).collect::<Vec<_>>().join("\n")
        }
        other => other.to_string(),
    };
    side(out, name, &text);
}
