//! Finishing a draft: which of the values that the schema requires it lacks, and whether its id can
//! name a file.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{Bound, Draft};
use crate::canonical::canonical_text;
use crate::entry::EntryId;
use crate::fields::{ENTRY, Object, Shape};
use crate::pointer::JsonPointer;
use crate::rules::{missing_value, unusable_id, value_read_leniently};
use crate::source::Span;
use crate::visible;

impl Draft {
    /// Brings the bindings into the order of the source, notes as a gap each number, word or date that
    /// the schema requires and nothing is bound to, and remarks on the required values that each object
    /// lacks and on an id that is none. To be called once, when all has been read.
    ///
    /// A value is there when something is bound to it or below it, and it is neither a gap already nor
    /// an empty text.
    /// `head` is where the entry begins: the place of what the whole lacks. What an item of a list
    /// lacks is said at the first thing that is bound to the item.
    pub(crate) fn finish(&mut self, head: Span) {
        self.order_sets();
        self.take_domain_from_id();
        self.bindings.sort_by_key(|binding| binding.span);
        let mut bound = Places::new();
        for binding in &self.bindings {
            if let Bound::Field(pointer) = &binding.bound {
                bound.entry(pointer.clone()).or_insert(binding.span);
            }
        }
        let entry = serde_json::to_value(&self.entry).expect("an entry is JSON");
        // What was there and could not be used has been said.
        let said: Places = self
            .remarks
            .iter()
            .filter(|remark| remark.rule.id != value_read_leniently::RULE.id)
            .map(|remark| (remark.pointer.clone(), remark.span))
            .collect();
        let mut missing = Vec::new();
        let there = There { bound: &bound, gaps: &self.gaps };
        find_missing(&ENTRY, &entry, &JsonPointer::root(), &there, &mut missing);
        let mut unsaid: Vec<(JsonPointer, Vec<&'static str>)> = Vec::new();
        for Missing { object, name, is_gap } in missing {
            let pointer = object.clone().join(name);
            if !said.contains_key(&pointer) && first_below(&pointer, &said).is_none() {
                // About a pattern that is missing something else can be done.
                let joins = |(other, names): &&mut (JsonPointer, Vec<&str>)| {
                    *other == object && name != "regex" && names[..] != ["regex"]
                };
                match unsaid.iter_mut().rev().take(2).find(joins) {
                    Some((_, names)) => names.push(name),
                    None => unsaid.push((object, vec![name])),
                }
            }
            if is_gap {
                self.gaps.insert(pointer);
            }
        }
        for (object, names) in unsaid {
            let nearest = || first_below(&object, &bound).filter(|_| !object.is_root());
            let pointer =
                if let [name] = names[..] { object.clone().join(name) } else { object.clone() };
            let span = bound.get(&pointer).copied().or_else(nearest).unwrap_or(head);
            let message = format!("the source gives no {}{}", list(&names), whose(&object));
            self.remark(&missing_value::RULE, pointer, span, message).help(
                if names[..] == ["regex"] {
                    "an entry needs one: write it, or let `--propose-regex` propose one"
                } else {
                    "an entry needs it: fill it in"
                },
            );
        }
        self.look_at_id(&bound, head);
    }

    /// The domain is the first segment of the id: a source that gives the id gives the domain.
    fn take_domain_from_id(&mut self) {
        let is_given = self.carries(&crate::pointer!["domain"]);
        let entry = &mut self.entry;
        if is_given || !entry.domain.is_empty() || !entry.id.is_usable() {
            return;
        }
        entry.id.domain().clone_into(&mut entry.domain);
        let id = Bound::Field(crate::pointer!["id"]);
        if let Some(span) = self.bindings.iter().find(|b| b.bound == id).map(|b| b.span) {
            self.bind(span, crate::pointer!["domain"]);
        }
    }

    /// Brings the lists that mean sets into the order in which they are written, so that what is bound
    /// to an item is bound to the right one.
    fn order_sets(&mut self) {
        let tags = std::mem::take(&mut self.entry.tags);
        let tags = tags.iter().map(|tag| canonical_text(tag).into_owned()).collect();
        self.entry.tags = self.order_set("tags", tags);
        let aliases = std::mem::take(&mut self.entry.aliases);
        let aliases = aliases.iter().map(|id| canonical_text(id.as_str()).into_owned()).collect();
        let aliases = self.order_set("aliases", aliases);
        self.entry.aliases = aliases.into_iter().map(EntryId::new).collect();
    }

    fn order_set(&mut self, name: &'static str, items: Vec<String>) -> Vec<String> {
        let mut ordered = items.clone();
        ordered.sort_unstable();
        ordered.dedup();
        if ordered == items {
            return items;
        }
        let list = crate::pointer![name];
        for binding in &mut self.bindings {
            let Bound::Field(pointer) = &mut binding.bound else { continue };
            if pointer.parent().as_ref() == Some(&list)
                && let Some(index) = pointer.steps().last().and_then(|step| step.parse().ok())
                && let Some(item) = items.get::<usize>(index)
                && let Ok(place) = ordered.binary_search(item)
            {
                *pointer = list.clone().join(place);
            }
        }
        ordered
    }

    fn look_at_id(&mut self, bound: &Places, head: Span) {
        let id = self.entry.id.as_str().trim();
        let is_said = self.remarks.iter().any(|remark| remark.rule.id == unusable_id::RULE.id);
        if id.is_empty() || EntryId::new(id).is_usable() || is_said {
            return;
        }
        let message = format!("{} is no id", visible::quote(id));
        let pointer = crate::pointer!["id"];
        let span = bound.get(&pointer).copied().unwrap_or(head);
        self.remark(&unusable_id::RULE, pointer, span, message)
            .help("write it as `domain/slug` or `domain/slug/env`, in lower case");
    }
}

/// Where in the source something stands, by what it is.
type Places = BTreeMap<JsonPointer, Span>;

/// What a source gives.
struct There<'a> {
    bound: &'a Places,
    gaps: &'a BTreeSet<JsonPointer>,
}

impl There<'_> {
    fn is(&self, pointer: &JsonPointer) -> bool {
        let is_bound =
            || self.bound.contains_key(pointer) || first_below(pointer, self.bound).is_some();
        !self.gaps.contains(pointer) && is_bound()
    }
}

/// A required value that is not there.
struct Missing {
    object: JsonPointer,
    name: &'static str,
    /// Whether no default can stand for it.
    is_gap: bool,
}

fn find_missing(
    object: &Object,
    value: &Value,
    at: &JsonPointer,
    there: &There<'_>,
    out: &mut Vec<Missing>,
) {
    for field in object.fields.iter().filter(|field| field.required) {
        let name = field.name;
        let pointer = at.clone().join(name);
        let (is_gap, is_missing) = match (&field.shape, &value[name]) {
            (Shape::Text { .. }, Value::String(text)) => (false, text.trim().is_empty()),
            (Shape::List { needs_one: true, .. }, Value::Array(items)) => (false, items.is_empty()),
            (Shape::List { .. } | Shape::Texts | Shape::Object(_), _) => {
                (false, !there.is(&pointer))
            }
            (_, value) => (true, value.is_null() || !there.is(&pointer)),
        };
        if is_missing {
            out.push(Missing { object: at.clone(), name, is_gap });
        }
    }
    for field in object.fields {
        let (below, at) = (&value[field.name], || at.clone().join(field.name));
        match &field.shape {
            Shape::Object(object) => find_missing(object, below, &at(), there, out),
            Shape::List { item, .. } => {
                let (Shape::Object(object), Some(items)) = (&**item, below.as_array()) else {
                    continue;
                };
                for (index, item) in items.iter().enumerate() {
                    find_missing(object, item, &at().join(index), there, out);
                }
            }
            _ => {}
        }
    }
}

/// The first place in the source of what is below a pointer.
fn first_below(pointer: &JsonPointer, places: &Places) -> Option<Span> {
    let start = pointer.clone().join("");
    let below = places
        .range(start.clone()..)
        .take_while(|(other, _)| other.as_str().starts_with(start.as_str()));
    below.map(|(_, span)| *span).min()
}

/// Names in backticks: `a`, `b` and `c`.
fn list(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match &quoted[..] {
        [before @ .., last] if !before.is_empty() => format!("{} and {last}", before.join(", ")),
        quoted => quoted.concat(),
    }
}

/// Of which object, in words: nothing for the entry itself, ` in dead_ends/0` for an item.
fn whose(object: &JsonPointer) -> String {
    let path = object.as_str().trim_start_matches('/');
    if path.is_empty() { String::new() } else { format!(" in `{path}`") }
}
