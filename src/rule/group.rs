//! What a rule is about.

use serde::Serialize;

/// What a rule is about. Commands that look at a part of an entry run the rules of some groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Group {
    /// Whether the file can be read.
    File,
    /// Whether it keeps the schema.
    Schema,
    /// Canonical form.
    Form,
    /// Ids, aliases and where the file is.
    Id,
    /// The pattern.
    Pattern,
    /// Links to other entries.
    Link,
    /// Dates.
    Date,
    /// Rates, confidence and evidence.
    Rate,
    /// What texts say, and their characters.
    Text,
    /// Web addresses.
    Url,
    /// Entries that are about the same error.
    Duplicate,
    /// What happened since an older version.
    Change,
    /// What another form of an entry did not give.
    Reading,
    /// The configuration itself.
    Configuration,
}

impl Group {
    /// Its heading in lists of rules.
    pub fn title(self) -> &'static str {
        match self {
            Self::File => "The file",
            Self::Schema => "The schema",
            Self::Form => "Canonical form",
            Self::Id => "Ids",
            Self::Pattern => "Patterns",
            Self::Link => "Links between entries",
            Self::Date => "Dates",
            Self::Rate => "Rates and evidence",
            Self::Text => "Texts",
            Self::Url => "Addresses",
            Self::Duplicate => "Duplicates",
            Self::Change => "Changes",
            Self::Reading => "Other forms",
            Self::Configuration => "The configuration",
        }
    }
}
