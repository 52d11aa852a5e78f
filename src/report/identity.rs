//! What a finding is, whatever line it stands on: by it a finding is known again in another state of the
//! knowledge base.
//!
//! It is the rule, the entry, and the place by what it is: keys by their names, the items of a list by what they are
//! known by. It is also what is pointed at there, and what is said of it but for the numbers: another wrong value is
//! another fault. Of a pair it is the other entry as well.

use std::collections::HashMap;

use serde_json::Value;

use super::Report;
use crate::diagnostic::{Diagnostic, Severity, SourceId};

/// What a finding is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Identity {
    rule: &'static str,
    /// The id of the entry, or else the name of the file.
    entry: String,
    place: String,
    /// What is pointed at, and what is said of it.
    said: String,
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
        let said = self.said(diagnostic);
        Identity { rule: diagnostic.rule, entry, place, said, others }
    }

    /// What is said, without numbers, and the texts of the source that it points at. Of a text that is no JSON nobody
    /// can tell the parts: it is all of it.
    fn said(&mut self, diagnostic: &Diagnostic) -> String {
        let source = diagnostic.primary.location.source;
        let text = self.report.source(source).text();
        let mut said: String = diagnostic.message.chars().filter(|c| !c.is_ascii_digit()).collect();
        let labels = std::iter::once(&diagnostic.primary).chain(&diagnostic.related);
        for label in labels.filter(|label| label.location.source == source) {
            said.push('\n');
            said += text.get(label.location.span.range()).unwrap_or_default();
        }
        if self.value(source).is_null() {
            said += text;
        }
        said
    }
}

/// What an item of a list is known by.
fn name(item: &Value) -> String {
    // What is there of no table of ours has a `url` at most.
    let named = crate::fields::title(item).or_else(|| item.get("url")?.as_str());
    named.map_or_else(|| item.to_string(), str::to_owned)
}

impl Report {
    /// Sets aside the findings that stand in the report of an earlier state too, as bad as now, each as often as it
    /// does there, and counts them. An entry is known by its former ids as well. What is said of no entry's file, such as the
    /// configuration, stays.
    pub fn set_old_aside(&mut self, before: &Self) {
        let mut parsed = Parsed { report: before, values: HashMap::new() };
        let mut left: HashMap<Identity, Vec<Severity>> = HashMap::new();
        for diagnostic in &before.diagnostics {
            left.entry(parsed.identity(diagnostic)).or_default().push(diagnostic.severity);
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
                let Some(left) = left.get_mut(&identity) else { return false };
                let at = left.iter().position(|severity| *severity >= diagnostic.severity);
                at.map(|at| left.swap_remove(at)).is_some()
            })
        };
        let (old, new): (Vec<_>, Vec<_>) = diagnostics.into_iter().partition(|it| is_old(it));
        (self.old, self.diagnostics) = (self.old + old.len(), new);
    }
}
