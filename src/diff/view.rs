//! How a change is shown, whatever the format: where it is, and the texts that came, went or are others.
//!
//! What came or went is there whole: an item with each of its texts, an entry with each of its values.
//! Nothing is cut but prose that is the same in both versions, and an item that only stands elsewhere.

use serde_json::{Map, Value as Json};
use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::bases::EntryDiff;
use super::{Change, Kind, Side, difference, words};
use crate::fields::{self, ENTRY, Object, Role, Shape};
use crate::pointer::JsonPointer;

/// A change as it is shown. Its texts are as they stand in the entry: who writes them makes them safe.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// What happened. A value that was empty was added, and one that is now empty was removed.
    pub kind: Kind,
    /// Where, as a pointer without the first `/`. Of what is gone from a list it is the old place.
    pub place: String,
    /// Whether the place is one in the old version, so that its numbers count the old lists.
    pub is_old: bool,
    /// What is said there.
    pub parts: Vec<Part>,
    /// What the change comes to, in a few words.
    pub note: Option<String>,
}

/// A text of a value that came, went or is another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Where it stands in the value, as a pointer without the first `/`; empty for the value itself.
    pub name: String,
    /// What it says.
    pub said: Said,
}

/// What a part says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// A text that is in one version, or the same in both.
    Whole(Side, String),
    /// One short value, and the one that is now in its place.
    Instead(String, String),
    /// A text in both versions, with the words that differ.
    Words(Vec<Span>),
}

/// A piece of two versions of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// Which versions it is in.
    pub side: Side,
    /// What it says.
    pub text: String,
}

/// So many characters of prose that is the same stand before and after what changed.
const CONTEXT: usize = 32;
/// With more lines than these a text is shown as it was and as it is.
const MOST: usize = 4_000;
/// What only stands elsewhere is as it was, and is told by its first characters.
const MOVED: usize = 36;

/// The changes of an entry, as they are shown.
pub fn views(diff: &EntryDiff) -> Vec<View> {
    let mut views = Vec::new();
    for change in &diff.changes {
        let whole = change.after.as_ref().or(change.before.as_ref());
        match (change.kind, whole) {
            (kind @ (Kind::Added | Kind::Removed), Some(Json::Object(members)))
                if change.pointer.is_root() =>
            {
                each(kind, &JsonPointer::root(), Some(&ENTRY), members, &mut views);
            }
            _ => views.push(view(change, diff)),
        }
    }
    views
}

/// Each value of an object that came or went, and each item of its lists.
fn each(
    kind: Kind,
    at: &JsonPointer,
    object: Option<&Object>,
    members: &Map<String, Json>,
    views: &mut Vec<View>,
) {
    for (key, shape, member) in in_order(object, members) {
        let at = at.clone().join(key.clone());
        match (shape, member) {
            (Some(Shape::Object(object)), Json::Object(members)) => {
                each(kind, &at, Some(object), members, views);
            }
            (Some(Shape::Texts), Json::Object(members)) => each(kind, &at, None, members, views),
            (Some(Shape::List { item, .. }), Json::Array(items))
                if matches!(**item, Shape::Object(_)) =>
            {
                for (index, value) in items.iter().enumerate() {
                    let parts = whole(kind, Some(item), value);
                    views.push(plain(kind, place(&at.clone().join(index)), parts));
                }
            }
            _ => views.push(plain(kind, place(&at), whole(kind, shape, member))),
        }
    }
}

fn plain(kind: Kind, place: String, parts: Vec<Part>) -> View {
    View { kind, place, is_old: false, parts, note: None }
}

fn place(pointer: &JsonPointer) -> String {
    pointer.as_str().trim_start_matches('/').to_owned()
}

/// The members of an object that say something: first those of the schema, in its order. An empty one that the
/// schema knows says nothing.
fn in_order<'j, 's>(
    object: Option<&'s Object>,
    members: &'j Map<String, Json>,
) -> Vec<(&'j String, Option<&'s Shape>, &'j Json)> {
    let field = |key: &str| {
        let mut fields = object?.fields.iter().enumerate();
        fields.find(|(_, field)| field.name == key)
    };
    let mut found: Vec<_> = members
        .iter()
        .map(|(key, value)| (field(key), key, value))
        .filter(|(field, _, value)| field.is_none() || says(value))
        .collect();
    found.sort_by_key(|(field, ..)| field.map_or(usize::MAX, |(at, _)| at));
    let known = |(field, key, value): (Option<(usize, &'s crate::fields::Field)>, _, _)| {
        (key, field.map(|(_, field)| &field.shape), value)
    };
    found.into_iter().map(known).collect()
}

fn says(value: &Json) -> bool {
    match value {
        Json::Null => false,
        Json::String(text) => !text.is_empty(),
        Json::Array(items) => !items.is_empty(),
        Json::Object(members) => !members.is_empty(),
        _ => true,
    }
}

fn view(change: &Change, diff: &EntryDiff) -> View {
    let shape = shape_at(&change.pointer);
    let of = |kind, parts| plain(kind, place(&change.pointer), parts);
    match (change.kind, &change.before, &change.after) {
        (kind @ Kind::Added, _, Some(value)) => of(kind, whole(kind, shape, value)),
        (kind @ Kind::Removed, Some(value), _) => {
            let old = change.from.as_ref().unwrap_or(&change.pointer);
            let is_old = old.steps().any(|step| step.bytes().all(|byte| byte.is_ascii_digit()));
            View { is_old, ..plain(kind, place(old), whole(kind, shape, value)) }
        }
        (kind @ Kind::Moved, Some(from), _) => {
            let item = diff.new.as_ref().and_then(|new| new.pointer(change.pointer.as_str()));
            let said = format!("moved here from {from}: {}", item.map(title).unwrap_or_default());
            of(kind, vec![Part { name: String::new(), said: Said::Whole(Side::Both, said) }])
        }
        (_, Some(before), Some(after)) => match (says(before), says(after)) {
            (false, true) => of(Kind::Added, whole(Kind::Added, shape, after)),
            (true, false) => of(Kind::Removed, whole(Kind::Removed, shape, before)),
            _ => {
                let note = difference(change, diff);
                let parts = between(change, shape, before, after, note.is_some());
                View { note, ..of(change.kind, parts) }
            }
        },
        (kind, ..) => of(kind, Vec::new()),
    }
}

/// What the schema says of the value at a pointer.
fn shape_at(pointer: &JsonPointer) -> Option<&'static Shape> {
    let mut steps = pointer.steps();
    let mut shape = &ENTRY.field(&steps.next()?)?.shape;
    for step in steps {
        shape = match shape {
            Shape::Object(object) => &object.field(&step)?.shape,
            Shape::List { item, .. } => item,
            _ => return None,
        };
    }
    Some(shape)
}

/// A value that came or went, text by text.
fn whole(kind: Kind, shape: Option<&Shape>, value: &Json) -> Vec<Part> {
    let side = if kind == Kind::Removed { Side::Old } else { Side::New };
    let mut texts = Vec::new();
    leaves(shape, value, JsonPointer::root(), &mut texts);
    let part = |(name, text)| Part { name: place(&name), said: Said::Whole(side, text) };
    texts.into_iter().map(part).collect()
}

/// The texts in a value, each with its place there.
fn leaves(
    shape: Option<&Shape>,
    value: &Json,
    at: JsonPointer,
    texts: &mut Vec<(JsonPointer, String)>,
) {
    match value {
        Json::Object(members) if !members.is_empty() => {
            let object = match shape {
                Some(Shape::Object(object)) => Some(object),
                _ => None,
            };
            for (key, shape, member) in in_order(object, members) {
                leaves(shape, member, at.clone().join(key.clone()), texts);
            }
        }
        Json::Array(items) if !items.is_empty() => {
            let words: Option<Vec<&str>> = items.iter().map(word).collect();
            if let Some(words) = words {
                texts.push((at, words.join(", ")));
                return;
            }
            let shape = match shape {
                Some(Shape::List { item, .. }) => Some(&**item),
                _ => None,
            };
            for (index, item) in items.iter().enumerate() {
                leaves(shape, item, at.clone().join(index), texts);
            }
        }
        Json::String(text) if !text.is_empty() => texts.push((at, text.clone())),
        other => texts.push((at, other.to_string())),
    }
}

/// A text that can stand with others on one line, between commas.
fn word(value: &Json) -> Option<&str> {
    let text = value.as_str()?;
    (!text.is_empty() && !text.contains(|c: char| c == ',' || c.is_whitespace())).then_some(text)
}

/// What an item is called, and how well it does, on one line.
fn title(item: &Json) -> String {
    let rate = fields::all()
        .filter(|field| field.role == Role::Rate)
        .find_map(|field| Some(format!(" ({} {})", field.name, item.get(field.name)?)));
    let name =
        fields::title(item).or(item.as_str()).map_or_else(|| item.to_string(), str::to_owned);
    let mut shown: String = name.chars().take(MOVED).collect();
    if shown.len() < name.len() {
        shown.push('…');
    }
    shown.replace('\n', " ") + &rate.unwrap_or_default()
}

/// What is old and what is new in a value that is another.
fn between(
    change: &Change,
    shape: Option<&Shape>,
    before: &Json,
    after: &Json,
    has_note: bool,
) -> Vec<Part> {
    let is_pattern = change.pointer.as_str() == "/regex";
    let said = match (before, after) {
        // A day is told whole.
        (Json::String(old), Json::String(new)) if has_note && !is_pattern => {
            Said::Instead(old.clone(), new.clone())
        }
        (Json::String(old), Json::String(new)) => Said::Words(if is_prose(&change.pointer) {
            marked(old, new, true)
        } else {
            line_by_line(old, new)
        }),
        _ if is_short(before) && is_short(after) => {
            Said::Instead(before.to_string(), after.to_string())
        }
        _ => {
            let mut parts = whole(Kind::Removed, shape, before);
            parts.append(&mut whole(Kind::Added, shape, after));
            return parts;
        }
    };
    vec![Part { name: String::new(), said }]
}

fn is_short(value: &Json) -> bool {
    match value {
        Json::String(text) => !text.contains('\n'),
        Json::Array(_) | Json::Object(_) => !says(value),
        _ => true,
    }
}

/// Whether a text is made of sentences, of which a part can be read alone. A message, a pattern and what somebody
/// is to type cannot.
fn is_prose(pointer: &JsonPointer) -> bool {
    pointer.steps().last().is_some_and(|step| fields::is_prose(&step))
        || pointer.steps().next().is_some_and(|step| step == "os_specific")
}

/// The words that changed; of prose with a little around them.
fn marked(old: &str, new: &str, is_prose: bool) -> Vec<Span> {
    let pieces = words(old, new);
    let last = pieces.len().saturating_sub(1);
    let span = |(at, piece): (usize, &super::Piece<'_>)| {
        let text = match piece.side {
            Side::Both if is_prose => shortened(piece.text, at > 0, at < last),
            _ => piece.text.to_owned(),
        };
        Span { side: piece.side, text }
    };
    pieces.iter().enumerate().map(span).collect()
}

/// A text of which each line is by itself, such as code: the lines that went stand above those that came, and words
/// are marked where one line came for each that went.
fn line_by_line(old: &str, new: &str) -> Vec<Span> {
    let (a, b): (Vec<&str>, Vec<&str>) = (old.split('\n').collect(), new.split('\n').collect());
    let span = |side, text: &str| Span { side, text: text.to_owned() };
    // Of an empty line nothing else would be seen.
    let whole = |side, line: &&str| vec![span(side, if line.is_empty() { "\n" } else { line })];
    let mut lines = Vec::new();
    let operations = if a.len() + b.len() <= MOST {
        capture_diff_slices(Algorithm::Patience, &a, &b)
    } else {
        let (old_len, new_len) = (a.len(), b.len());
        vec![DiffOp::Replace { old_index: 0, old_len, new_index: 0, new_len }]
    };
    for operation in operations {
        let (went, came) = (&a[operation.old_range()], &b[operation.new_range()]);
        if matches!(operation, DiffOp::Equal { .. }) {
            lines.extend(went.iter().map(|line| vec![span(Side::Both, line)]));
        } else if went.len() == came.len() {
            lines.extend(went.iter().zip(came).map(|(old, new)| marked(old, new, false)));
        } else {
            lines.extend(went.iter().map(|line| whole(Side::Old, line)));
            lines.extend(came.iter().map(|line| whole(Side::New, line)));
        }
    }
    lines.join(&span(Side::Both, "\n"))
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
