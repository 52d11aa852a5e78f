//! The front matter of the Markdown that `render` writes: YAML of which each line is a key and a value
//! in JSON. It has what the page below does not show, and counts before the page.
//!
//! A value that is no JSON is a plain scalar of YAML, as somebody writes it who edits the file: a text.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::draft::{Binding, Bound, Draft};
use super::json::{Reader, Unknown};
use crate::canonical::json_string;
use crate::fields::ENTRY;
use crate::json::parse_from;
use crate::pointer::JsonPointer;
use crate::rules::{front_matter_differs, percentage_may_be_cut};
use crate::source::Span;

/// The key that says what the file is, and its value.
const FORMAT: (&str, &str) = ("format", "\"errlore-entry\"");

/// The front matter of a text, and where the page below begins.
pub(super) struct FrontMatter<'t> {
    text: &'t str,
    /// The lines between the marks.
    lines: Range<usize>,
    /// Where the page begins.
    pub(super) end: usize,
}

/// The front matter at a place of a text, whoever wrote it.
pub(super) fn find(text: &str, place: usize) -> Option<FrontMatter<'_>> {
    let start = text.len() - text[place..].trim_start_matches('\u{feff}').len();
    let first = text[start..].split_inclusive('\n').next()?;
    if first.trim_end() != "---" {
        return None;
    }
    let lines = start + first.len();
    let mut at = lines;
    for line in text[lines..].split_inclusive('\n') {
        let end = at + line.len();
        if line.trim_end() == "---" {
            return Some(FrontMatter { text, lines: lines..at, end });
        }
        at = end;
    }
    None
}

/// Where lines stand that front matter of ours begins with.
pub(super) fn beginnings(text: &str) -> Vec<usize> {
    let (mut found, mut at, mut before) = (Vec::new(), 0, None);
    for line in text.split_inclusive('\n') {
        found.extend(before.take().filter(|_| is_mark(line)));
        before = (line.trim_end() == "---").then_some(at);
        at += line.len();
    }
    found
}

/// Whether a line says that the file is ours.
fn is_mark(line: &str) -> bool {
    key_and_value(line.trim_end()).is_some_and(|(key, value, _)| (&*key, value) == FORMAT)
}

impl FrontMatter<'_> {
    /// Whether `render` wrote the file: then it is one page, whatever its texts look like.
    pub(super) fn is_ours(&self) -> bool {
        self.text[self.lines.clone()].lines().any(is_mark)
    }

    /// Puts what the front matter says over what the page says.
    pub(super) fn apply(&self, draft: &mut Draft) {
        let Some((json, pieces)) = self.as_json(draft) else {
            let span = Span::new(self.lines.start, self.lines.end);
            draft.bindings.push(Binding { span, bound: Bound::NotUnderstood });
            return;
        };
        let Ok(tree) = parse_from(&json, 0) else { return };
        let Some(root) = tree.root(&json) else { return };
        let mut front = Draft::default();
        let unknown = if self.is_ours() { Unknown::Exact } else { Unknown::AsItIs };
        let mut reader = Reader::new(&mut front, unknown);
        let members = reader.object(root, &ENTRY, &JsonPointer::root());
        reader.finish(members);
        let back = |span: Span| {
            let next = pieces.partition_point(|piece| piece.json.start <= span.range().start);
            let piece = next.checked_sub(1).and_then(|last| pieces.get(last));
            piece.map_or(Span::new(self.lines.start, self.lines.end), |piece| piece.back(span))
        };
        for binding in &mut front.bindings {
            binding.span = back(binding.span);
        }
        for remark in &mut front.remarks {
            remark.span = back(remark.span);
        }
        overlay(draft, front);
    }

    /// The lines as one JSON object, and where its pieces come from; `None` where this is the front
    /// matter of something else.
    fn as_json(&self, draft: &mut Draft) -> Option<(String, Vec<Piece>)> {
        let (mut json, mut pieces) = ("{".to_owned(), Vec::new());
        let mut is_ours = false;
        let mut strange = Vec::new();
        let mut labels = Vec::new();
        let mut seen = BTreeSet::new();
        let mut at = self.lines.start;
        for line in self.text[self.lines.clone()].split_inclusive('\n') {
            let content = line.trim_end();
            let here = at..at + content.len();
            at += line.len();
            if content.trim().is_empty() || content.starts_with('#') {
                continue;
            }
            let Some((key, value, value_at)) = key_and_value(content) else {
                strange.push(here);
                continue;
            };
            if (key.as_str(), value) == FORMAT
                || key == FORMAT.0 && value == FORMAT.1.trim_matches('"')
            {
                is_ours = true;
                labels.push(here);
                continue;
            }
            is_ours |= key == "id" && draft.entry.id.is_empty();
            if !seen.insert(key.clone()) {
                strange.push(here);
                continue;
            }
            if json.len() > 1 {
                json.push(',');
            }
            let mut add = |text: &str, source: Range<usize>, exact| {
                let start = json.len();
                json.push_str(text);
                pieces.push(Piece { json: start..json.len(), source, exact });
            };
            let value_at = here.start + value_at;
            add(&json_string(&key), here.start..value_at, false);
            add(":", here.start..value_at, false);
            if parse_from(value, 0).is_ok() {
                add(value, value_at..here.end, true);
            } else {
                add(&json_string(value), value_at..here.end, false);
            }
        }
        json.push('}');
        if !is_ours {
            return None;
        }
        if !labels.is_empty() {
            // What `render` writes is exact.
            draft.remarks.retain(|remark| remark.rule.id != percentage_may_be_cut::RULE.id);
        }
        for place in labels {
            draft.label(Span::new(place.start, place.end), "mark of the format");
        }
        for place in strange {
            let span = Span::new(place.start, place.end);
            draft.bindings.push(Binding { span, bound: Bound::NotUnderstood });
        }
        Some((json, pieces))
    }
}

/// A piece of the object that was put together, and where it stands in the source.
struct Piece {
    json: Range<usize>,
    source: Range<usize>,
    exact: bool,
}

impl Piece {
    /// Where a place that begins in this piece is in the source.
    fn back(&self, span: Span) -> Span {
        let range = span.range();
        if self.exact && range.end <= self.json.end {
            let start = self.source.start + range.start - self.json.start;
            Span::new(start, start + range.len())
        } else {
            Span::new(self.source.start, self.source.end)
        }
    }
}

/// The key of a line, its value, and where that begins.
fn key_and_value(line: &str) -> Option<(String, &str, usize)> {
    let (key, colon) = if line.starts_with('"') {
        let mut is_escaped = false;
        let end = line.bytes().skip(1).position(|byte| {
            let ends = byte == b'"' && !is_escaped;
            is_escaped = byte == b'\\' && !is_escaped;
            ends
        })?;
        let colon = end + 2;
        let key = line[colon..].starts_with(':').then(|| serde_json::from_str(&line[..colon]))?;
        (key.ok()?, colon)
    } else {
        let colon = line.find(':')?;
        (line[..colon].to_owned(), colon)
    };
    let value = line[colon + 1..].trim_start();
    let is_key = !key.is_empty() && !key.starts_with([' ', '\t', '-', '{', '[']);
    (is_key && !value.is_empty()).then(|| (key, value, line.len() - value.len()))
}

/// Takes over the fields that the front matter has.
fn overlay(draft: &mut Draft, front: Draft) {
    let first_step = |pointer: &JsonPointer| pointer.steps().next().map(Cow::into_owned);
    let key_of = |binding: &Binding| match &binding.bound {
        Bound::Field(pointer) => first_step(pointer),
        _ => None,
    };
    let mut keys: BTreeMap<String, Span> = BTreeMap::new();
    for binding in &front.bindings {
        if let Some(key) = key_of(binding) {
            keys.entry(key).or_insert(binding.span);
        }
    }
    let (Ok(mut below), Ok(mut above)) =
        (serde_json::to_value(&draft.entry), serde_json::to_value(&front.entry))
    else {
        return;
    };
    let carried: BTreeSet<String> = draft.bindings.iter().filter_map(key_of).collect();
    draft.gaps.retain(|gap| first_step(gap).is_none_or(|key| !keys.contains_key(&key)));
    let mut differing = BTreeMap::new();
    for (key, span) in keys {
        let value = above[&key].take();
        let differs = carried.contains(&key) && below[&key] != value;
        below[&key] = value;
        if differs {
            differing.insert(key, span);
        }
    }
    if let Ok(entry) = serde_json::from_value(below) {
        draft.entry = entry;
    }
    // What the page says there is not in the draft.
    for binding in &mut draft.bindings {
        if key_of(binding).is_some_and(|key| differing.contains_key(&key)) {
            binding.bound = Bound::Label("replaced by the front matter");
        }
    }
    draft.bindings.extend(front.bindings);
    draft.gaps.extend(front.gaps);
    draft.remarks.extend(front.remarks);
    for (key, span) in differing {
        let message = format!("the front matter and the page below differ in `{key}`");
        let pointer = JsonPointer::root().join(key);
        draft
            .remark(&front_matter_differs::RULE, pointer, span, message)
            .help("the front matter counts: remove its line if the page is right");
    }
}
