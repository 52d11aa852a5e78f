//! Known cases: what a person would say that each merge comes to, and what the tools say.

use errlore::diff::diff;
use errlore::{Error, Result};
use serde_json::{Value, json};

use super::super::table::Table;
use super::tool::{Outcome, Tool};
use super::{text_of, triples};
use crate::repository;

/// The entry that is edited in known cases and in the diff.
pub(super) const ENTRY: &str =
    "entries/communication/websocket-close-frame-1009-message-too-large.json";

/// One merge. The result is right if it is one of those wanted; if none is, a conflict is right.
struct Case {
    name: &'static str,
    texts: [String; 3],
    wanted: Vec<Value>,
}

/// The entry as a document.
pub(super) fn document() -> Result<Value> {
    serde_json::from_str(&repository::read(ENTRY)?)
        .map_err(|error| Error::io(format!("{ENTRY} is no JSON: {error}")))
}

/// What an edit makes of a document.
pub(super) fn edited(document: &Value, edit: impl FnOnce(&mut Value)) -> Value {
    let mut edited = document.clone();
    edit(&mut edited);
    edited
}

/// Exchanges two items of a list and the texts beside it.
pub(super) fn swap(document: &mut Value) {
    for list in ["workarounds", "workarounds_zh"] {
        if let Some(items) = document[list].as_array_mut() {
            items.swap(0, 1);
        }
    }
}

fn insert(document: &mut Value, list: &str, place: usize, item: Value) {
    if let Some(items) = document[list].as_array_mut() {
        items.insert(place.min(items.len()), item);
    }
}

/// A workaround, with its text in the list beside it.
fn append(document: &mut Value, action: &str) {
    let step = json!({"action": action, "success_rate": 0.5, "how": format!("{action}, then restart."), "condition": "", "sources": []});
    insert(document, "workarounds", usize::MAX, step);
    insert(document, "workarounds_zh", usize::MAX, json!(format!("{action}, then restart.")));
}

/// Keys in the opposite order, on all levels.
fn reversed(value: &Value, indent: usize) -> String {
    match value {
        Value::Object(members) if !members.is_empty() => {
            let blanks = " ".repeat(indent + 2);
            let lines: Vec<String> = members
                .iter()
                .rev()
                .map(|(key, value)| format!("{blanks}{key:?}: {}", reversed(value, indent + 2)))
                .collect();
            format!("{{\n{}\n{}}}", lines.join(",\n"), " ".repeat(indent))
        }
        Value::Array(items) if !items.is_empty() => {
            let blanks = " ".repeat(indent + 2);
            let lines: Vec<String> =
                items.iter().map(|item| blanks.clone() + &reversed(item, indent + 2)).collect();
            format!("[\n{}\n{}]", lines.join(",\n"), " ".repeat(indent))
        }
        value => value.to_string(),
    }
}

fn cases() -> Result<Vec<Case>> {
    let base = edited(&document()?, |entry| entry["tags"] = json!(["network", "websocket"]));
    let case = |name, ours: &Value, theirs: &Value, wanted: Vec<Value>| Case {
        name,
        texts: [ours, &base, theirs].map(text_of),
        wanted,
    };
    let edit = |edit: &dyn Fn(&mut Value)| edited(&base, edit);
    let set = |key: &str, value: Value| edited(&base, |entry| entry[key] = value);
    let rate = |entry: &mut Value| entry["workarounds"][0]["success_rate"] = json!(0.5);
    let swapped_and_rated = edit(&|entry| {
        rate(entry);
        swap(entry);
    });
    let both_appended = |first: &'static str, second: &'static str| {
        edit(&|entry| {
            append(entry, first);
            append(entry, second);
        })
    };
    let end = json!({"action": "Open the port", "why_fails": "It is open.", "fail_rate": 0.9, "condition": "", "sources": []});
    let with_end = |place| edit(&|entry| insert(entry, "dead_ends", place, end.clone()));
    let one_end = [with_end(1), with_end(3)];
    let (proxy, link) = ("Send it around the proxy", "Write to the maintainers");
    let mut cases = vec![
        case(
            "two items swapped; a rate of one",
            &edit(&swap),
            &edit(&rate),
            vec![swapped_and_rated],
        ),
        case(
            "lines beside each other",
            &set("confidence", json!(0.5)),
            &set("fix_success_rate", json!(0.6)),
            vec![edit(&|entry| {
                entry["confidence"] = json!(0.5);
                entry["fix_success_rate"] = json!(0.6);
            })],
        ),
        case(
            "each appends a workaround",
            &edit(&|entry| append(entry, proxy)),
            &edit(&|entry| append(entry, link)),
            vec![both_appended(proxy, link), both_appended(link, proxy)],
        ),
        case(
            "each adds a tag",
            &set("tags", json!(["network", "nginx", "websocket"])),
            &set("tags", json!(["network", "proxy", "websocket"])),
            vec![
                set("tags", json!(["network", "nginx", "proxy", "websocket"])),
                set("tags", json!(["network", "proxy", "nginx", "websocket"])),
            ],
        ),
        case(
            "both add a dead end, at different places",
            &one_end[0],
            &one_end[1],
            one_end.to_vec(),
        ),
        case(
            "a date bumped by both",
            &set("last_confirmed", json!("2025-01-01")),
            &set("last_confirmed", json!("2025-03-01")),
            vec![set("last_confirmed", json!("2025-03-01"))],
        ),
        case(
            "an item removed; its rate changed",
            &edit(&|entry| {
                for list in ["workarounds", "workarounds_zh"] {
                    entry[list].as_array_mut().map(|items| items.remove(0));
                }
            }),
            &edit(&rate),
            Vec::new(),
        ),
    ];
    let rated = edit(&rate);
    let mut reordered = case("keys reordered; a rate changed", &base, &rated, vec![rated.clone()]);
    reordered.texts[0] = reversed(&base, 0) + "\n";
    cases.insert(2, reordered);
    Ok(cases)
}

/// One row a case, one column a tool.
pub(super) fn table(tools: &[Tool]) -> Result<Table> {
    let names = tools.iter().map(Tool::name);
    let head: Vec<&str> = ["case", "right is"].into_iter().chain(names).collect();
    let mut table = Table::new(&head);
    for case in cases()? {
        let right = if case.wanted.is_empty() { "conflict" } else { "clean" };
        let mut row = vec![case.name.to_owned(), right.to_owned()];
        for tool in tools {
            let outcome = tool.merge(case.texts.each_ref().map(String::as_str))?;
            row.push(judged(&case, &outcome));
        }
        table.push(row);
    }
    Ok(table)
}

/// What is to be said of a result, in a few words.
fn judged(case: &Case, outcome: &Outcome) -> String {
    if !outcome.is_clean {
        return "conflict".to_owned();
    }
    let Ok(result) = serde_json::from_str::<Value>(&outcome.text) else {
        return "wrong: no JSON".to_owned();
    };
    if case.wanted.contains(&result) {
        return "clean".to_owned();
    }
    if let Some(list) = twice(&result) {
        return format!("wrong: an item of {list} stands there twice");
    }
    let Some(wanted) = case.wanted.first() else {
        return "wrong: what one side did is gone".to_owned();
    };
    let changes = diff(wanted, &result);
    let places: Vec<&str> = changes.iter().map(|change| change.pointer.as_str()).collect();
    format!("wrong at {}", places.join(", "))
}

/// The list in which an action stands more than once.
fn twice(result: &Value) -> Option<&'static str> {
    triples::LISTS.into_iter().map(|(list, ..)| list).find(|list| {
        let actions: Vec<&Value> =
            result[list].as_array().into_iter().flatten().map(|item| &item["action"]).collect();
        actions.iter().enumerate().any(|(at, action)| actions[..at].contains(action))
    })
}
