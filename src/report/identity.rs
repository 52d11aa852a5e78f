//! What a finding is, whatever line it stands on: by it a finding is known again in another state of the
//! knowledge base.
//!
//! It is the rule, the entry, and the place by what it is: keys by their names, the items of a list by their
//! texts. Of a pair it is the other entry as well. What is said of an object or a list counts too: it speaks of
//! what is in it.

use std::collections::HashMap;

use serde_json::Value;

use super::Report;
use crate::diagnostic::{Diagnostic, SourceId};

/// What a finding is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Identity {
    rule: &'static str,
    /// The id of the entry, or else the name of the file.
    entry: String,
    place: String,
    /// The other entries that it names, sorted.
    others: Vec<String>,
}

/// The sources of a report as values: each is parsed once, and only if a finding names it.
struct Parsed<'r> {
    report: &'r Report,
    values: HashMap<SourceId, Value>,
}

impl Parsed<'_> {
    fn value(&mut self, source: SourceId) -> &Value {
        let text = self.report.source(source).text();
        self.values.entry(source).or_insert_with(|| serde_json::from_str(text).unwrap_or_default())
    }

    fn id(&mut self, source: SourceId) -> String {
        let id = self.value(source)["id"].as_str().filter(|id| !id.is_empty()).map(str::to_owned);
        id.unwrap_or_else(|| self.report.source(source).name().to_owned())
    }

    fn identity(&mut self, diagnostic: &Diagnostic) -> Identity {
        let at = &diagnostic.primary.location;
        let entry = match &diagnostic.entry {
            Some(id) => id.clone(),
            None => self.id(at.source),
        };
        let related = diagnostic.related.iter().map(|label| label.location.source);
        let mut others: Vec<String> =
            related.filter(|source| *source != at.source).map(|source| self.id(source)).collect();
        others.sort_unstable();
        others.dedup();
        let mut value = self.value(at.source);
        let mut place = String::new();
        for step in at.pointer.steps() {
            place.push('/');
            let inner = match value {
                Value::Array(items) => step.parse::<usize>().ok().and_then(|at| items.get(at)),
                value => value.get(&*step),
            };
            match (value, inner) {
                (Value::Array(_), Some(item)) => place += &name(item),
                _ => place += &step,
            }
            value = inner.unwrap_or(&Value::Null);
        }
        if value.is_object() || value.is_array() || value.is_null() {
            place = format!("{place} {}", diagnostic.message);
        }
        Identity { rule: diagnostic.rule, entry, place, others }
    }
}

/// What an item of a list is known by.
fn name(item: &Value) -> String {
    /// The keys that name an item, the first that it has.
    const KEYS: [&str; 4] = ["error_id", "version", "action", "url"];
    let named = KEYS.iter().find_map(|key| item.get(key)?.as_str());
    named.map_or_else(|| item.to_string(), str::to_owned)
}

impl Report {
    /// Sets aside the findings that stand in the report of an earlier state too, each as often as it does there, and
    /// counts them. An entry is known by its former ids as well. What is said of no entry's file, such as the
    /// configuration, stays.
    pub fn set_old_aside(&mut self, before: &Self) {
        let mut parsed = Parsed { report: before, values: HashMap::new() };
        let mut left: HashMap<Identity, usize> = HashMap::new();
        for diagnostic in &before.diagnostics {
            *left.entry(parsed.identity(diagnostic)).or_default() += 1;
        }
        let diagnostics = std::mem::take(&mut self.diagnostics);
        let mut parsed = Parsed { report: self, values: HashMap::new() };
        let mut is_old = |diagnostic: &Diagnostic| {
            let source = diagnostic.primary.location.source;
            if left.is_empty() || parsed.report.source(source).number().is_none() {
                return false;
            }
            let mut identity = parsed.identity(diagnostic);
            let aliases = parsed.value(source)["aliases"].as_array().cloned().unwrap_or_default();
            let former = aliases.iter().filter_map(|alias| alias.as_str().map(str::to_owned));
            let ids: Vec<String> = std::iter::once(identity.entry.clone()).chain(former).collect();
            ids.into_iter().any(|id| {
                identity.entry = id;
                left.get_mut(&identity).filter(|left| **left > 0).map(|left| *left -= 1).is_some()
            })
        };
        let (old, new): (Vec<_>, Vec<_>) = diagnostics.into_iter().partition(|it| is_old(it));
        (self.old, self.diagnostics) = (self.old + old.len(), new);
    }
}
