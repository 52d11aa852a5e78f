//! What changed between versions of entries as one page of HTML, without scripts, that fetches nothing.

use super::page::{begin, end};
use super::write::Html;
use super::{AUTO, CHINESE};
use crate::diff::bases::{EntryDiff, Fate};
use crate::diff::view::{Part, Said, View, views};
use crate::diff::{Kind, Side};

/// What this page has beside the looks of an entry's page.
const CHANGES_STYLE: &str = include_str!("changes.css");

/// The page: a line that sums up, and each entry with its changes.
pub fn changes_html(diffs: &[EntryDiff], summary: &str) -> String {
    let mut out = begin("Changes", CHANGES_STYLE);
    out.element("p", &[("class", "summary")], summary);
    out.markup("\n");
    for diff in diffs {
        entry(&mut out, diff);
    }
    end(out, &[])
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
    if !diff.changes.is_empty() {
        out.markup("<dl>\n");
        for view in views(diff) {
            change(out, &view);
        }
        out.markup("</dl>\n");
    }
    out.markup("</article>\n");
}

fn change(out: &mut Html, view: &View) {
    let (class, verb) = match view.kind {
        Kind::Added => ("added", "added"),
        Kind::Removed => ("removed", "removed"),
        Kind::Changed => ("changed", "changed"),
        Kind::Moved => ("moved", "moved"),
        Kind::Renamed => ("changed", "renamed"),
    };
    out.open("dt", &[("class", class)]);
    out.element("span", &[("class", "verb")], verb);
    out.markup(" ");
    out.element("code", &[("dir", "ltr")], &view.place);
    if view.is_old {
        out.markup(" (was)");
    }
    out.markup("</dt>\n");
    for part in &view.parts {
        self::part(out, part, &view.place);
        if let Some(note) = &view.note {
            out.markup(" ");
            out.element("span", &[("class", "note"), ("dir", "ltr")], &format!("({note})"));
        }
        out.markup("</dd>\n");
    }
}

/// A text, behind its name in the value that it is a part of.
fn part(out: &mut Html, part: &Part, place: &str) {
    let mut steps = place.split('/').chain(part.name.split('/'));
    let language = if steps.any(|step| step.ends_with("_zh")) { CHINESE } else { AUTO };
    out.open("dd", &[("class", "said"), language]);
    if !part.name.is_empty() {
        out.element("code", &[("class", "note"), ("dir", "ltr")], &part.name);
        out.markup(" ");
    }
    match &part.said {
        Said::Whole(side, text) => piece(out, *side, text),
        Said::Instead(old, new) => {
            piece(out, Side::Old, old);
            out.markup(" → ");
            piece(out, Side::New, new);
        }
        Said::Words(spans) => {
            for span in spans {
                piece(out, span.side, &span.text);
            }
        }
    }
}

fn piece(out: &mut Html, side: Side, text: &str) {
    let tag = match side {
        Side::Both => return out.preformatted(text),
        Side::Old => "del",
        Side::New => "ins",
    };
    out.open(tag, &[]);
    out.preformatted(text);
    out.close(tag);
}
