//! What a change means: facts, each from the two versions of an entry alone.

use serde_json::Value as Json;

use super::{Change, Kind};
use crate::config::Case;
use crate::fields;
use crate::pattern::Pattern;
use crate::pointer::JsonPointer;

/// The name of a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FactKind {
    /// The pattern found the signature, and finds it no longer.
    SignatureLost,
    /// The confidence has risen, and neither the evidence nor the sources have.
    UnbackedConfidence,
    /// Nothing but a date is another.
    DateOnlyChange,
    /// What is written in English is another, and the Chinese beside it is as it was.
    StaleTranslation,
    /// The entry has lost more than a third of its text.
    TextLoss,
    /// A link points to an entry that is gone, or to none.
    Dangling,
}

impl FactKind {
    /// Its name, as programs read it: that of the rule that reports it, if there is one.
    pub fn name(self) -> &'static str {
        match self {
            Self::SignatureLost => "signature-lost",
            Self::UnbackedConfidence => "unbacked-confidence",
            Self::DateOnlyChange => "date-only-change",
            Self::StaleTranslation => "untranslated-change",
            Self::TextLoss => "text-loss",
            Self::Dangling => "dangling-links",
        }
    }
}

/// Something that a change means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// What it is.
    pub kind: FactKind,
    /// In words, safe to show, without a full stop.
    pub message: String,
    /// Where in the new version it shows.
    pub pointer: JsonPointer,
}

impl Fact {
    fn new(kind: FactKind, pointer: &str, message: impl Into<String>) -> Self {
        let pointer = JsonPointer::parse(pointer).unwrap_or_default();
        Self { kind, message: message.into(), pointer }
    }

    /// Of an entry that is gone, or of a name that it had.
    pub(super) fn links_to_what_is_gone(name: Option<&str>, from: &[&str]) -> Self {
        const SHOWN: usize = 3;
        let mut names: Vec<String> =
            from.iter().take(SHOWN).map(|id| crate::visible::name(id).into_owned()).collect();
        if from.len() > SHOWN {
            names.push(format!("{} more", from.len() - SHOWN));
        }
        let names = names.join(", ");
        let message = match name {
            None => format!("linked to from {names}"),
            Some(name) => {
                let name = crate::visible::quote(name);
                format!("no entry is called {name} any longer; linked to from {names}")
            }
        };
        Self::new(FactKind::Dangling, "", message)
    }

    pub(super) fn link_to_nothing(pointer: &str, target: &str) -> Self {
        let target = crate::visible::quote(target);
        Self::new(FactKind::Dangling, pointer, format!("links to {target}, which is no entry"))
    }
}

/// The facts about two versions of an entry and the changes between them.
pub fn facts(old: &Json, new: &Json, changes: &[Change]) -> Vec<Fact> {
    let mut found = Vec::new();
    found.extend(signature_lost(old, new));
    found.extend(confidence(old, new));
    found.extend(date_only(changes));
    translations(old, new, changes, &mut found);
    found.extend(text_loss(old, new));
    found
}

fn text<'j>(document: &'j Json, key: &str) -> &'j str {
    document[key].as_str().unwrap_or_default()
}

fn finds(document: &Json) -> Option<bool> {
    let pattern = Pattern::new(text(document, "regex"));
    if pattern.is_empty() {
        return None;
    }
    // Whether case counts is a setting of the base; what is lost without case is lost with it.
    Some(pattern.finds(text(document, "signature"), Case::Insensitive) == Some(true))
}

fn signature_lost(old: &Json, new: &Json) -> Option<Fact> {
    let lost = finds(old) == Some(true) && finds(new) == Some(false);
    lost.then(|| {
        let what = match (old["regex"] == new["regex"], old["signature"] == new["signature"]) {
            (true, _) => "the pattern does not find the new signature",
            (_, true) => "the new pattern does not find the signature",
            _ => "the new pattern does not find the new signature",
        };
        Fact::new(FactKind::SignatureLost, "/regex", what)
    })
}

/// The addresses of all sources of an entry.
fn sources(document: &Json) -> impl Iterator<Item = &str> {
    let lists = ["dead_ends", "workarounds"].into_iter();
    let items = lists.flat_map(|list| document[list].as_array().into_iter().flatten());
    let sources = items.flat_map(|item| item["sources"].as_array().into_iter().flatten());
    sources.chain([&document["official_doc_url"]]).filter_map(Json::as_str)
}

fn confidence(old: &Json, new: &Json) -> Option<Fact> {
    let number = |document: &Json, key: &str| document[key].as_f64().unwrap_or_default();
    let (was, is) = (number(old, "confidence"), number(new, "confidence"));
    let has_more = number(new, "evidence_count") > number(old, "evidence_count")
        || sources(new).any(|source| !sources(old).any(|other| other == source));
    (is > was && !has_more).then(|| {
        let message =
            format!("confidence rises from {was} to {is} without new evidence or sources");
        Fact::new(FactKind::UnbackedConfidence, "/confidence", message)
    })
}

fn date_only(changes: &[Change]) -> Option<Fact> {
    const DATES: [&str; 2] = ["/last_confirmed", "/last_updated"];
    let first = changes.first()?;
    changes.iter().all(|change| DATES.contains(&change.pointer.as_str())).then(|| {
        Fact::new(FactKind::DateOnlyChange, first.pointer.as_str(), "nothing but a date changed")
    })
}

/// What says in another language what has changed, and itself did not.
fn translations(old: &Json, new: &Json, changes: &[Change], found: &mut Vec<Fact>) {
    for (field, original, _) in fields::translations() {
        let (name, says) = (field.name, |value: &Json| match value {
            Json::Array(items) => !items.is_empty(),
            value => value.as_str().is_some_and(|text| !text.is_empty()),
        });
        let has_changed = if old[original].is_array() {
            changes.iter().any(|change| says_another(change, original))
        } else {
            says(&old[original]) && old[original] != new[original]
        };
        if has_changed && says(&new[name]) && old[name] == new[name] {
            let message = format!("`{original}` changed and `{name}` beside it did not");
            found.push(Fact::new(FactKind::StaleTranslation, &format!("/{name}"), message));
        }
    }
}

/// Whether a change makes another list of it, or another text of what one of its items is to do.
fn says_another(change: &Change, list: &str) -> bool {
    let mut steps = change.pointer.steps();
    let is_of_list = steps.next().is_some_and(|step| step == list);
    let field = steps.nth(1);
    is_of_list
        && match (change.kind, field.as_deref()) {
            (Kind::Added | Kind::Removed | Kind::Moved, None) => true,
            (_, Some(field)) => field == "action" || field == "how",
            _ => false,
        }
}

/// How many characters the texts of a document have.
fn length(value: &Json) -> usize {
    match value {
        Json::String(text) => text.chars().count(),
        Json::Array(items) => items.iter().map(length).sum(),
        Json::Object(members) => members.values().map(length).sum(),
        _ => 0,
    }
}

fn text_loss(old: &Json, new: &Json) -> Option<Fact> {
    let (was, is) = (length(old), length(new));
    (is * 3 < was * 2).then(|| {
        let message = format!("the texts shrink from {was} to {is} characters: is that meant?");
        Fact::new(FactKind::TextLoss, "", message)
    })
}
