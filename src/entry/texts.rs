//! All texts of an entry in document order, so that a rule about text is written once.

use Step::{Index as At, Key as In};

use super::Entry;
use crate::pointer::JsonPointer;

/// A text of an entry: where it stands, what it is for, what it says.
#[derive(Clone, Copy, Debug)]
pub struct Text<'e> {
    /// Where.
    pub place: Place<'e>,
    /// What it is for.
    pub role: Role,
    /// What it says; never empty.
    pub text: &'e str,
}

/// What a text is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// A message as a program printed it.
    Message,
    /// Sentences in the entry's language.
    Prose,
    /// Sentences in Chinese.
    Chinese,
    /// A pattern.
    Pattern,
    /// A web address.
    Url,
    /// A name, a code, a label.
    Name,
}

/// A place that costs nothing to note down; it becomes a [`JsonPointer`] when a finding needs one.
#[derive(Clone, Copy, Debug)]
pub struct Place<'e> {
    steps: [Option<Step<'e>>; 4],
}

#[derive(Clone, Copy, Debug)]
enum Step<'e> {
    Key(&'e str),
    Index(usize),
}

impl Place<'_> {
    /// The pointer to this place.
    pub fn pointer(&self) -> JsonPointer {
        self.steps.iter().flatten().fold(JsonPointer::root(), |pointer, step| match step {
            In(key) => pointer.join((*key).to_owned()),
            At(index) => pointer.join(*index),
        })
    }
}

struct Collector<'e>(Vec<Text<'e>>);

impl<'e> Collector<'e> {
    fn add<const N: usize>(
        &mut self,
        steps: [Step<'e>; N],
        role: Role,
        text: impl Into<Option<&'e str>>,
    ) {
        if let Some(text) = text.into().filter(|text| !text.is_empty()) {
            let mut place = Place { steps: [None; 4] };
            for (slot, step) in place.steps.iter_mut().zip(steps) {
                *slot = Some(step);
            }
            self.0.push(Text { place, role, text });
        }
    }
}

impl Entry {
    /// Every text that is not empty, in document order; `x-` keys are not looked into.
    pub fn texts(&self) -> Vec<Text<'_>> {
        use Role::{Chinese, Message, Name, Pattern, Prose, Url};
        let mut all = Collector(Vec::with_capacity(64));
        all.add([In("id")], Name, self.id.as_str());
        all.add([In("signature")], Message, self.signature.as_str());
        all.add([In("signature_zh")], Chinese, self.signature_zh.as_deref());
        all.add([In("regex")], Pattern, self.regex.as_str());
        all.add([In("domain")], Name, self.domain.as_str());
        all.add([In("category")], Name, self.category.as_str());
        all.add([In("subcategory")], Name, self.subcategory.as_deref());
        all.add([In("root_cause")], Prose, self.root_cause.as_str());
        all.add([In("root_cause_type")], Name, self.root_cause_type.0.as_str());
        all.add([In("root_cause_zh")], Chinese, self.root_cause_zh.as_deref());
        for (at, version) in self.versions.iter().enumerate() {
            let mut add =
                |field, role, text| all.add([In("versions"), At(at), In(field)], role, text);
            add("version", Name, Some(version.version.as_str()));
            add("introduced", Name, version.introduced.as_deref());
            add("deprecated", Name, version.deprecated.as_deref());
            add("removed", Name, version.removed.as_deref());
            add("behavior_change", Prose, version.behavior_change.as_deref());
        }
        for (os, text) in &self.os_specific {
            all.add([In("os_specific"), In(os)], Prose, text.as_str());
        }
        for (at, dead_end) in self.dead_ends.iter().enumerate() {
            let mut add = |field, text| all.add([In("dead_ends"), At(at), In(field)], Prose, text);
            add("action", dead_end.action.as_str());
            add("why_fails", dead_end.why_fails.as_str());
            add("condition", dead_end.condition.as_str());
            for (item, url) in dead_end.sources.iter().enumerate() {
                all.add([In("dead_ends"), At(at), In("sources"), At(item)], Url, url.as_str());
            }
        }
        for (at, workaround) in self.workarounds.iter().enumerate() {
            let mut add =
                |field, text| all.add([In("workarounds"), At(at), In(field)], Prose, text);
            add("action", workaround.action.as_str());
            add("how", workaround.how.as_str());
            add("condition", workaround.condition.as_str());
            for (item, url) in workaround.sources.iter().enumerate() {
                all.add([In("workarounds"), At(at), In("sources"), At(item)], Url, url.as_str());
            }
        }
        for (at, text) in self.workarounds_zh.iter().enumerate() {
            all.add([In("workarounds_zh"), At(at)], Chinese, text.as_str());
        }
        let graph = &self.transition_graph;
        let mut add = |list, at, field, text| {
            all.add([In("transition_graph"), In(list), At(at), In(field)], Prose, text);
        };
        for (at, edge) in graph.leads_to.iter().enumerate() {
            add("leads_to", at, "condition", edge.condition.as_str());
        }
        for (at, edge) in graph.preceded_by.iter().enumerate() {
            add("preceded_by", at, "condition", edge.condition.as_str());
        }
        for (at, edge) in graph.frequently_confused_with.iter().enumerate() {
            add("frequently_confused_with", at, "distinction", edge.distinction.as_str());
        }
        all.add([In("official_doc_url")], Url, self.official_doc_url.as_deref());
        all.add([In("official_doc_section")], Name, self.official_doc_section.as_deref());
        all.add([In("error_code")], Name, self.error_code.as_deref());
        for (at, tag) in self.tags.iter().enumerate() {
            all.add([In("tags"), At(at)], Name, tag.as_str());
        }
        all.0
    }
}
