//! [`Entry`]: one error, as plain data. No places, no findings; `canonical` writes it, `json` reads it.
//!
//! The fields, their order and their defaults are those of `schema/entry.schema.json`, which a test
//! holds against these types. A field that a document does not carry has its default; a required
//! one is then empty, and the schema says so.

use std::collections::BTreeMap;
use std::fmt;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

mod samples;
mod texts;
pub(crate) mod value;

pub use crate::fields::Role;
pub use samples::{Sample, samples};
pub use texts::{Place, Text};

use value::with_values;

/// Keys the schema does not name: `x-` keys, and those it refuses. Kept, sorted, after the others.
pub type Extra = BTreeMap<String, serde_json::Value>;

with_values! {
    /// One error.
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(default)]
    pub struct Entry {
        /// The schema an editor should use.
        #[serde(rename = "$schema", skip_serializing_if = "Option::is_none")]
        pub schema: Option<String>,
        /// `domain/slug` or `domain/slug/env`.
        pub id: EntryId,
        /// The message as users see it.
        pub signature: String,
        /// The message in Chinese.
        pub signature_zh: Option<String>,
        /// The pattern that finds the message.
        pub regex: String,
        /// The field the error belongs to: the first segment of the id.
        pub domain: String,
        /// The kind of error.
        pub category: String,
        /// A finer kind.
        pub subcategory: Option<String>,
        /// Why it happens.
        pub root_cause: String,
        /// What sort of cause it is.
        pub root_cause_type: RootCauseType,
        /// Why it happens, in Chinese.
        pub root_cause_zh: Option<String>,
        /// The versions it is known from.
        pub versions: Vec<Version>,
        /// What differs by operating system.
        pub os_specific: BTreeMap<String, String>,
        /// What does not help.
        pub dead_ends: Vec<DeadEnd>,
        /// What helps.
        pub workarounds: Vec<Workaround>,
        /// What helps, in Chinese, in the same order.
        pub workarounds_zh: Vec<String>,
        /// Links to other entries.
        pub transition_graph: TransitionGraph,
        /// The official documentation.
        pub official_doc_url: Option<String>,
        /// The heading there.
        pub official_doc_section: Option<String>,
        /// The error's own code.
        pub error_code: Option<String>,
        /// Who has looked at the entry.
        pub verification_tier: VerificationTier,
        /// How sure the entry is, 0 to 1.
        pub confidence: f64,
        /// How often the best advice here helps, 0 to 1.
        pub fix_success_rate: f64,
        /// Whether it can be solved.
        pub resolvable: Resolvable,
        /// When the error was first seen.
        pub first_seen: Option<NaiveDate>,
        /// When somebody last confirmed the entry.
        pub last_confirmed: Option<NaiveDate>,
        /// When the entry was last changed.
        pub last_updated: Option<NaiveDate>,
        /// How many pieces of evidence stand behind the entry.
        pub evidence_count: u64,
        /// Free labels, sorted.
        pub tags: Vec<String>,
        /// The language of the main texts, BCP 47.
        pub locale: Locale,
        /// Former ids, sorted.
        pub aliases: Vec<EntryId>,
        /// Keys the schema does not name.
        #[serde(flatten)]
        pub extra: Extra,
    }
}

/// The id of an entry: `domain/slug` or `domain/slug/env`.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EntryId(String);

impl EntryId {
    /// An id as it is written; not checked.
    pub fn new(id: impl Into<String>) -> Self {
        Self(id.into())
    }

    /// The id as it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the entry carries no id.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether it is an id by the schema, and so the path of a file that any system can hold: two or
    /// three segments, none of which leads up, to a hidden file or to a device.
    pub fn is_usable(&self) -> bool {
        crate::schema::is_id(&self.0)
    }

    /// The first segment.
    pub fn domain(&self) -> &str {
        self.0.split('/').next().unwrap_or_default()
    }

    /// Whether both name the same error, perhaps in two environments: `domain/slug/a` and
    /// `domain/slug/b`, or `domain/slug`.
    pub fn is_variant_of(&self, other: &Self) -> bool {
        self.0.split('/').take(2).eq(other.0.split('/').take(2))
    }
}

impl fmt::Display for EntryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What sort of cause an error has, `generic` unless said otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RootCauseType(pub String);

impl Default for RootCauseType {
    fn default() -> Self {
        Self("generic".to_owned())
    }
}

/// A BCP 47 language tag, `en` unless said otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Locale(pub String);

impl Default for Locale {
    fn default() -> Self {
        Self("en".to_owned())
    }
}

with_values! {
    /// A version that has the error, or had it.
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(default)]
    pub struct Version {
        /// Product and version, such as `nginx 1.24.0`.
        pub version: String,
        /// Since when it has the error.
        pub introduced: Option<String>,
        /// Since when the behaviour is deprecated.
        pub deprecated: Option<String>,
        /// Since when the error is gone.
        pub removed: Option<String>,
        /// What changed there.
        pub behavior_change: Option<String>,
        /// How it stands now.
        pub status: VersionStatus,
        /// Keys the schema does not name.
        #[serde(flatten)]
        pub extra: Extra,
    }
}

with_values! {
    /// Something that does not help.
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(default)]
    pub struct DeadEnd {
        /// What one tries.
        pub action: String,
        /// Why it does not help.
        pub why_fails: String,
        /// How often it fails, 0 to 1.
        pub fail_rate: f64,
        /// When this holds.
        pub condition: String,
        /// Where this is written.
        pub sources: Vec<String>,
        /// Keys the schema does not name.
        #[serde(flatten)]
        pub extra: Extra,
    }
}

with_values! {
    /// Something that helps.
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(default)]
    pub struct Workaround {
        /// What to do.
        pub action: String,
        /// How often it helps, 0 to 1.
        pub success_rate: f64,
        /// The steps.
        pub how: String,
        /// When this holds.
        pub condition: String,
        /// Where this is written.
        pub sources: Vec<String>,
        /// Keys the schema does not name.
        #[serde(flatten)]
        pub extra: Extra,
    }
}

with_values! {
    /// Links to other entries.
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(default)]
    pub struct TransitionGraph {
        /// What comes after this error.
        pub leads_to: Vec<Transition>,
        /// What comes before it.
        pub preceded_by: Vec<Transition>,
        /// What it is taken for.
        pub frequently_confused_with: Vec<Confusion>,
        /// Keys the schema does not name.
        #[serde(flatten)]
        pub extra: Extra,
    }
}

with_values! {
    /// An error that comes before or after.
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(default)]
    pub struct Transition {
        /// The other entry.
        pub error_id: EntryId,
        /// How often, 0 to 1.
        pub probability: f64,
        /// When.
        pub condition: String,
        /// Keys the schema does not name.
        #[serde(flatten)]
        pub extra: Extra,
    }
}

with_values! {
    /// An error that this one is taken for.
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(default)]
    pub struct Confusion {
        /// The other entry.
        pub error_id: EntryId,
        /// How to tell them apart.
        pub distinction: String,
        /// Keys the schema does not name.
        #[serde(flatten)]
        pub extra: Extra,
    }
}

/// How a version stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VersionStatus {
    /// It has the error.
    Active,
    /// It has the error, and is on its way out.
    Deprecated,
    /// It no longer has the error.
    Removed,
    /// Not known.
    #[default]
    Unknown,
}

/// Who has looked at an entry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VerificationTier {
    /// Written by a program, not looked at.
    #[default]
    AiGenerated,
    /// Looked at by a person.
    HumanReviewed,
    /// Confirmed by several people.
    CommunityVerified,
}

/// Whether an error can be solved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Resolvable {
    /// Yes.
    True,
    /// In some cases, or in part.
    #[default]
    Partial,
    /// No.
    False,
}

impl Entry {
    /// The links to other entries, in document order: where each stands, and its target.
    pub fn references(&self) -> impl Iterator<Item = (Relation, usize, &EntryId)> {
        fn number<'e>(
            relation: Relation,
            ids: impl Iterator<Item = &'e EntryId>,
        ) -> impl Iterator<Item = (Relation, usize, &'e EntryId)> {
            ids.enumerate().map(move |(index, id)| (relation, index, id))
        }
        let graph = &self.transition_graph;
        number(Relation::LeadsTo, graph.leads_to.iter().map(|edge| &edge.error_id))
            .chain(number(
                Relation::PrecededBy,
                graph.preceded_by.iter().map(|edge| &edge.error_id),
            ))
            .chain(number(
                Relation::ConfusedWith,
                graph.frequently_confused_with.iter().map(|edge| &edge.error_id),
            ))
    }
}

/// The three kinds of link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Relation {
    /// `leads_to`
    LeadsTo,
    /// `preceded_by`
    PrecededBy,
    /// `frequently_confused_with`
    ConfusedWith,
}

impl Relation {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::LeadsTo, Self::PrecededBy, Self::ConfusedWith];

    /// The key in `transition_graph`.
    pub fn key(self) -> &'static str {
        match self {
            Self::LeadsTo => "leads_to",
            Self::PrecededBy => "preceded_by",
            Self::ConfusedWith => "frequently_confused_with",
        }
    }

    /// The link that the other entry should have back.
    #[must_use]
    pub fn inverse(self) -> Self {
        match self {
            Self::LeadsTo => Self::PrecededBy,
            Self::PrecededBy => Self::LeadsTo,
            Self::ConfusedWith => Self::ConfusedWith,
        }
    }

    /// Where a link of this kind keeps its target.
    pub fn pointer(self, index: usize) -> crate::pointer::JsonPointer {
        crate::pointer!["transition_graph", self.key(), index, "error_id"]
    }
}

#[cfg(test)]
mod tests {
    use super::EntryId;

    #[test]
    fn an_id_that_leads_elsewhere_is_not_usable() {
        for id in
            ["example/disk-full", "python/key_error/py3.11-linux", "a/b..c", "con-1/nul_x/com10"]
        {
            assert!(EntryId::new(id).is_usable(), "{id}");
        }
        for id in [
            "",
            "a",
            "a/b/c/d",
            "../a",
            "a/..",
            "a/../b",
            "/a/b",
            "a//b",
            "a/b/",
            "./a",
            "a/.git",
            "A/b",
            "a/b c",
            "a\\b/c",
            "a/中",
            "a/.",
            "a/b.",
            "a./b",
            "a/...",
            "con/b",
            "a/nul",
            "a/nul.x",
            "a/b/com1",
            "a/lpt9.tar.gz",
            "a/b\n",
            "a/b ",
        ] {
            assert!(!EntryId::new(id).is_usable(), "{id}");
        }
    }
}
