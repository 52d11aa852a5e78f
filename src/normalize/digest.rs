//! A digest: many entries in one Markdown file, as public knowledge bases publish it for programs.
//!
//! ```text
//! ## id
//!
//! - ERROR: the message
//! - REGEX: `pattern`
//!
//! ### Dead Ends
//!
//! - action (fail_rate=0.9): why
//!
//! ### Workarounds
//!
//! - action (success_rate=0.9) - `how`
//! ```
//!
//! It is written by a template that escapes nothing: a `how` runs over many lines and holds lists,
//! headings and backticks. So it is no Markdown to be parsed, but text between marks that the template
//! sets, and an item is found by its rate.

use std::ops::Range;

use super::draft::{Binding, Bound, Draft, Reading, Remark};
use super::{chain, value};
use crate::entry::{DeadEnd, Entry, EntryId, Workaround};
use crate::pointer;
use crate::pointer::JsonPointer;
use crate::rules::{source_cut_short, unreadable_source};
use crate::source::Span;

/// The entries of a digest, or of a part that begins and ends between two of them.
pub(super) fn read(text: &str) -> Reading {
    let heads: Vec<usize> = heads(text).collect();
    let ends = heads.iter().skip(1).copied().chain([text.len()]);
    let mut drafts: Vec<Draft> =
        heads.iter().copied().zip(ends).map(|(start, end)| one(text, start..end)).collect();
    if let (Some(first), Some(draft)) = (heads.first(), drafts.first_mut()) {
        let before = trimmed(text, 0..*first);
        if !before.is_empty() {
            draft.label(span(before), "introduction of the digest");
        }
    }
    let mut reading = Reading { drafts, remarks: Vec::new() };
    if reading.drafts.is_empty() {
        let first = trimmed(text, 0..text.find('\n').unwrap_or(text.len()));
        reading.remarks.push(Remark {
            rule: &unreadable_source::RULE,
            pointer: JsonPointer::root(),
            span: span(first),
            message: "the source is no digest: no heading of it is an id".to_owned(),
            help: Some("an entry begins with `## domain/slug` and `- ERROR: …`".to_owned()),
        });
    }
    reading
}

/// Whether a text is a digest.
pub(super) fn is_digest(text: &str) -> bool {
    heads(text).next().is_some()
}

/// Where the entries of a digest begin: a heading that is an id, and below it the list that every entry
/// has. What stands before the last of them is complete.
pub fn heads(text: &str) -> impl Iterator<Item = usize> {
    let marks = text.match_indices("## ").map(|(at, _)| at);
    marks.filter(|at| *at == 0 || text[..*at].ends_with('\n')).filter(|at| {
        let rest = &text[at + 3..];
        let (line, below) = rest.split_once('\n').unwrap_or((rest, ""));
        is_id(line.trim_end()) && below.trim_start().starts_with("- ERROR:")
    })
}

fn is_id(text: &str) -> bool {
    text.contains('/') && !text.contains(|c: char| c.is_whitespace() || c.is_control())
}

/// Whether nothing stands in a text. Looks no further than to the first thing that does.
fn is_blank(text: &str) -> bool {
    text.chars().all(char::is_whitespace)
}

fn span(range: Range<usize>) -> Span {
    Span::new(range.start, range.end)
}

/// A range without the blanks at its ends.
fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let part = &text[range.clone()];
    let start = range.start + part.len() - part.trim_start().len();
    start..(range.start + part.trim_end().len()).max(start)
}

/// The keys of the list at the head of an entry.
const KEYS: [&str; 12] = [
    "ERROR",
    "REGEX",
    "RESOLVABLE",
    "FIX_RATE",
    "SUMMARY",
    "CATEGORY",
    "DOMAIN",
    "CONFIDENCE",
    "EVIDENCE",
    "FIRST_SEEN",
    "LAST_CONFIRMED",
    "ERROR_CODE",
];

fn one(text: &str, range: Range<usize>) -> Draft {
    let mut draft = Draft::default();
    let mut reader = Reader { text, draft: &mut draft };
    let line_end = |at: usize| text[at..range.end].find('\n').map_or(range.end, |len| at + len);
    let head = line_end(range.start);
    let id = trimmed(text, range.start + 3..head);
    reader.draft.entry.id = EntryId::new(&text[id.clone()]);
    reader.draft.bind(span(id), pointer!["id"]);
    // The parts, by their headings; each is there once.
    let mut parts: Vec<(&'static str, Range<usize>)> = Vec::new();
    for name in ["Dead Ends", "Workarounds", "Error Chain"] {
        let mark = format!("\n### {name}");
        let found = text[head..range.end].match_indices(&mark).map(|(at, _)| head + at + 1);
        let mut whole = found.filter(|at| {
            let after = line_end(*at);
            // The line below is blank, or there is none.
            let below = text[after..range.end].lines().nth(1).unwrap_or_default();
            text[*at..after].trim_end().len() == mark.len() - 1 && below.trim().is_empty()
        });
        if let Some(at) = whole.next() {
            parts.push((name, at..line_end(at)));
        }
    }
    parts.sort_by_key(|(_, heading)| heading.start);
    let first = parts.first().map_or(range.end, |(_, heading)| heading.start);
    reader.list(head..first);
    for (index, (name, heading)) in parts.iter().enumerate() {
        let end = parts.get(index + 1).map_or(range.end, |(_, next)| next.start);
        let body = heading.end..end;
        reader.draft.label(span(heading.clone()), "heading");
        match *name {
            "Dead Ends" => reader.items(body, "(fail_rate="),
            "Workarounds" => reader.items(body, "(success_rate="),
            _ => reader.chain(body),
        }
    }
    draft.finish(span(range.start..head));
    draft
}

struct Reader<'t, 'd> {
    text: &'t str,
    draft: &'d mut Draft,
}

impl Reader<'_, '_> {
    /// The list at the head: a value goes on to the next key that is known.
    fn list(&mut self, range: Range<usize>) {
        let mut starts: Vec<(usize, &'static str)> = Vec::new();
        let mut at = range.start;
        for line in self.text[range.clone()].split_inclusive('\n') {
            let key =
                line.strip_prefix("- ").and_then(|rest| rest.split_once(':')).map(|(key, _)| key);
            if let Some(key) = KEYS.into_iter().find(|known| Some(*known) == key)
                && starts.iter().all(|(_, seen)| *seen != key)
            {
                starts.push((at, key));
            }
            at += line.len();
        }
        self.not_understood(range.start..starts.first().map_or(range.end, |(at, _)| *at));
        for (index, (at, key)) in starts.iter().enumerate() {
            let end = starts.get(index + 1).map_or(range.end, |(next, _)| *next);
            let value = trimmed(self.text, at + "- ".len() + key.len() + 1..end);
            self.value(key, value);
        }
    }

    fn value(&mut self, key: &str, range: Range<usize>) {
        let text = self.text[range.clone()].to_owned();
        let entry: &mut Entry = &mut self.draft.entry;
        let field = match key {
            "ERROR" => {
                entry.signature = text;
                "signature"
            }
            "REGEX" => {
                let inner = text.strip_prefix('`').and_then(|text| text.strip_suffix('`'));
                entry.regex = inner.map_or(text.clone(), str::to_owned);
                "regex"
            }
            "SUMMARY" => {
                entry.root_cause = text;
                "root_cause"
            }
            "CATEGORY" => {
                entry.category = text;
                "category"
            }
            "DOMAIN" => {
                entry.domain = text;
                "domain"
            }
            "ERROR_CODE" => {
                entry.error_code = Some(text);
                "error_code"
            }
            "RESOLVABLE" => match value::resolvable(&text) {
                Some(resolvable) => {
                    entry.resolvable = resolvable;
                    "resolvable"
                }
                None => return self.not_understood(range),
            },
            "FIX_RATE" | "CONFIDENCE" => {
                let field = if key == "FIX_RATE" { "fix_success_rate" } else { "confidence" };
                if let Some(rate) = self.draft.decimal(&text, span(range), pointer![field]) {
                    let entry = &mut self.draft.entry;
                    *(if key == "FIX_RATE" {
                        &mut entry.fix_success_rate
                    } else {
                        &mut entry.confidence
                    }) = rate;
                }
                return;
            }
            "EVIDENCE" => match value::count(&text) {
                Some(count) => {
                    entry.evidence_count = count;
                    "evidence_count"
                }
                None => return self.not_understood(range),
            },
            _ => {
                let date = value::date(&text);
                if date.is_none() {
                    return self.not_understood(range);
                }
                if key == "FIRST_SEEN" {
                    entry.first_seen = date;
                    "first_seen"
                } else {
                    entry.last_confirmed = date;
                    "last_confirmed"
                }
            }
        };
        self.draft.bind(span(range), pointer![field]);
    }

    /// The items of a list, each found by the mark of its rate.
    fn items(&mut self, range: Range<usize>, mark: &str) {
        let text = &self.text[range.clone()];
        let is_workaround = mark.starts_with("(success");
        // Begin of the item, of its rate, and of what comes after it.
        let mut items: Vec<(usize, Range<usize>, usize)> = Vec::new();
        // The last line with a dash: none is looked for twice.
        let (mut dash, mut seen) = (None, 0);
        for (at, _) in text.match_indices(mark) {
            dash = text[seen..at].rfind("\n- ").map(|dash| seen + dash).or(dash);
            seen = at;
            let rate = at + mark.len();
            let near = &text[rate..text.floor_char_boundary(rate + 26)];
            let Some(len) = near.find(')') else { continue };
            let after = rate + len + 1;
            let follows = &text[after..];
            let is_mark = if is_workaround {
                follows.starts_with(" - `")
                    || follows.trim_start_matches(' ').starts_with('\n')
                    || is_blank(follows)
            } else {
                follows.starts_with(':')
            };
            // The item begins at the last line with a dash before its rate.
            let from = items.last().map_or(0, |(_, _, after)| *after);
            let begin = dash.filter(|dash| *dash >= from).map(|dash| dash + 1);
            if let (true, Some(begin)) = (is_mark, begin) {
                items.push((begin, rate..rate + len, after));
            }
        }
        let place = |part: Range<usize>| {
            trimmed(self.text, range.start + part.start..range.start + part.end)
        };
        let mut found = Vec::new();
        for (index, (begin, rate, after)) in items.iter().enumerate() {
            let end = items.get(index + 1).map_or(text.len(), |(next, _, _)| *next);
            let action = place(begin + 2..rate.start - mark.len());
            let mut rest = place(*after..end);
            let rate = place(rate.clone());
            if is_workaround {
                rest = self.how(rest);
            } else {
                rest = trimmed(self.text, (rest.start + 1).min(rest.end)..rest.end);
            }
            found.push((action, rate, rest));
        }
        let before = place(0..items.first().map_or(text.len(), |(begin, _, _)| *begin));
        self.not_understood(before);
        for (number, (action, rate, rest)) in found.into_iter().enumerate() {
            if is_workaround {
                self.workaround(number, action, rate, rest);
            } else {
                self.dead_end(number, action, rate, rest);
            }
        }
    }

    /// What stands between the backticks after a workaround. Nothing else can stand there.
    fn how(&mut self, range: Range<usize>) -> Range<usize> {
        let none = range.end..range.end;
        let Some(inner) = self.text[range.clone()].strip_prefix("- `") else {
            self.not_understood(range);
            return none;
        };
        let start = range.end - inner.len();
        let Some(inner) = inner.strip_suffix('`') else {
            let message = "the backtick after this is missing: the source is cut";
            let place = span(range.clone());
            self.draft
                .remark(&source_cut_short::RULE, JsonPointer::root(), place, message)
                .help("fetch it again; what came through is in the draft");
            return start..range.end;
        };
        start..start + inner.len()
    }

    fn workaround(
        &mut self,
        number: usize,
        action: Range<usize>,
        rate: Range<usize>,
        how: Range<usize>,
    ) {
        let at = |field: &'static str| pointer!["workarounds", number, field];
        let text = &self.text[rate.clone()];
        let success_rate = self.draft.decimal(text, span(rate), at("success_rate")).unwrap_or(0.0);
        let workaround = Workaround {
            action: self.text[action.clone()].to_owned(),
            success_rate,
            how: self.text[how.clone()].to_owned(),
            ..Workaround::default()
        };
        self.draft.bind(span(action), at("action"));
        if !how.is_empty() {
            self.draft.bind(span(how), at("how"));
        }
        self.draft.entry.workarounds.push(workaround);
    }

    fn dead_end(
        &mut self,
        number: usize,
        action: Range<usize>,
        rate: Range<usize>,
        why: Range<usize>,
    ) {
        let at = |field: &'static str| pointer!["dead_ends", number, field];
        let text = &self.text[rate.clone()];
        let fail_rate = self.draft.decimal(text, span(rate), at("fail_rate")).unwrap_or(0.0);
        let dead_end = DeadEnd {
            action: self.text[action.clone()].to_owned(),
            why_fails: self.text[why.clone()].to_owned(),
            fail_rate,
            ..DeadEnd::default()
        };
        self.draft.bind(span(action), at("action"));
        if !why.is_empty() {
            self.draft.bind(span(why), at("why_fails"));
        }
        self.draft.entry.dead_ends.push(dead_end);
    }

    fn chain(&mut self, range: Range<usize>) {
        let mut at = range.start;
        for line in self.text[range].split_inclusive('\n') {
            let place = trimmed(self.text, at..at + line.len());
            at += line.len();
            let Some((name, list)) =
                self.text[place.clone()].trim_start_matches("- ").split_once(':')
            else {
                self.not_understood(place);
                continue;
            };
            if !chain::read(self.draft, name, list, span(place.clone())) {
                self.not_understood(place);
            }
        }
    }

    fn not_understood(&mut self, range: Range<usize>) {
        let range = trimmed(self.text, range);
        if !range.is_empty() {
            self.draft.bindings.push(Binding { span: span(range), bound: Bound::NotUnderstood });
        }
    }
}
