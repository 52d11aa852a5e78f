//! The entries in one JSON source: one object, an array of them, or JSON Lines, one a line.

use crate::json::{DuplicateKey, Kind, SyntaxError, Tree, Value, parse_from};
use crate::normalize::{Draft, Reading, Remark};
use crate::pointer::JsonPointer;
use crate::rules::unreadable_source;
use crate::source::{Source, Span};
use crate::visible;

/// Why an object holds no entry.
pub(in crate::normalize) struct Unusable(pub(in crate::normalize) &'static str);

/// Reads one object into a draft.
type Read = fn(Value<'_>, &mut Draft) -> Result<(), Unusable>;

/// Reads each entry of a source with `read`. What is no entry is a remark; the others still come out.
pub(in crate::normalize) fn read_each(source: &Source, read: Read) -> Reading {
    let text = source.text();
    // A byte order mark says nothing.
    let start = text.strip_prefix('\u{feff}').map_or(0, |_| '\u{feff}'.len_utf8());
    let mut reading = Reading::default();
    match parse_from(text, start) {
        Ok(tree) => read_value(text, &tree, read, &mut reading),
        Err(_) if has_entry_a_line(&text[start..]) => read_lines(text, start, read, &mut reading),
        Err(fault) => reading.remarks.push(syntax(*fault)),
    }
    reading
}

/// Whether the first line with something on it is an object, and there are more.
fn has_entry_a_line(text: &str) -> bool {
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    let is_object = lines
        .next()
        .is_some_and(|first| first.trim_start().starts_with('{') && parse_from(first, 0).is_ok());
    is_object && lines.next().is_some()
}

fn read_lines(text: &str, start: usize, read: Read, reading: &mut Reading) {
    let mut at = start;
    for line in text[start..].split_inclusive('\n') {
        let end = at + line.len();
        if !line.trim().is_empty() {
            match parse_from(&text[..end], at) {
                Ok(tree) => read_value(&text[..end], &tree, read, reading),
                Err(fault) => reading.remarks.push(syntax(*fault)),
            }
        }
        at = end;
    }
}

fn read_value(text: &str, tree: &Tree, read: Read, reading: &mut Reading) {
    let Some(root) = tree.root(text) else { return };
    let duplicates = tree.duplicates();
    let mut one = |value: Value<'_>| {
        let span = value.span();
        let from = duplicates.partition_point(|duplicate| duplicate.second < span);
        let within = &duplicates[from..];
        let within = &within[..within.partition_point(|d| d.second.end <= span.end)];
        let head = Span { end: span.start + 1, ..span };
        if value.kind() != Kind::Object {
            let message = format!("expected an object, found {}", value.kind().name());
            reading.remarks.push(unreadable(value.span(), message, "an entry is one JSON object"));
        } else if !within.is_empty() {
            reading.remarks.extend(within.iter().map(|duplicate| twice(text, duplicate)));
        } else {
            let mut draft = Draft::default();
            match read(value, &mut draft) {
                Ok(()) => {
                    draft.finish(head);
                    reading.drafts.push(draft);
                }
                Err(Unusable(why)) => {
                    reading.remarks.push(unreadable(head, why, "is this the right file?"));
                }
            }
        }
    };
    match root.kind() {
        Kind::Array if root.is_empty() => {
            reading.remarks.push(unreadable(
                root.span(),
                "the array is empty",
                "an array holds entries",
            ));
        }
        Kind::Array => root.items().for_each(&mut one),
        _ => one(root),
    }
}

fn twice(text: &str, duplicate: &DuplicateKey) -> Remark {
    let key: String = serde_json::from_str(&text[duplicate.second.range()]).unwrap_or_default();
    let message = format!("the key {} occurs twice", visible::quote(&key));
    unreadable(
        duplicate.second,
        message,
        "keep the one that is right: readers disagree on which counts",
    )
}

fn syntax(fault: SyntaxError) -> Remark {
    let remark = unreadable(fault.span, fault.message, "");
    Remark { help: fault.help.map(str::to_owned), ..remark }
}

fn unreadable(span: Span, message: impl Into<String>, help: &str) -> Remark {
    Remark {
        rule: &unreadable_source::RULE,
        pointer: JsonPointer::root(),
        span,
        message: message.into(),
        help: Some(help.to_owned()),
    }
}
