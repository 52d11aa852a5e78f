//! [`Diagnostic`]: a finding with its places worked out, ready to be reported.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::pointer::JsonPointer;
use crate::source::Span;

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// A matter of taste, or something to know.
    Note,
    /// Most likely a fault.
    Warning,
    /// A fault.
    Error,
}

impl Severity {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Severity {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        match word {
            "note" => Ok(Self::Note),
            "warning" => Ok(Self::Warning),
            "error" => Ok(Self::Error),
            _ => Err("expected note, warning or error".to_owned()),
        }
    }
}

/// What a finding counts as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Nothing: the rule is not run.
    Off,
    /// A note.
    Note,
    /// A warning.
    Warning,
    /// An error.
    Error,
}

impl Level {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        self.severity().map_or("off", Severity::as_str)
    }

    /// The severity of a finding; `None` if there is none.
    pub fn severity(self) -> Option<Severity> {
        match self {
            Self::Off => None,
            Self::Note => Some(Severity::Note),
            Self::Warning => Some(Severity::Warning),
            Self::Error => Some(Severity::Error),
        }
    }
}

/// Which source of a report: an index into its list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(pub u32);

/// A place in a document, both by name and by bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// The document.
    pub source: SourceId,
    /// What stands there.
    pub pointer: JsonPointer,
    /// Where it stands.
    pub span: Span,
}

/// A place and what to say about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub location: Location,
    /// A short remark; may be empty.
    pub text: String,
}

/// What is wrong, where, and what to do.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    /// The id of the rule, such as `regex-invalid`.
    pub rule: &'static str,
    /// How much it matters under the configuration.
    pub severity: Severity,
    /// What is wrong, without a full stop.
    pub message: String,
    /// The id of the entry, where it has one.
    pub entry: Option<String>,
    /// Where.
    pub primary: Label,
    /// Whether it is about what was asked for: it stands there, or one side of a pair or an entry that is gone does.
    /// Others are told and do not count.
    pub in_scope: bool,
    /// Other places that explain it.
    pub related: Vec<Label>,
    /// What to do.
    pub help: Option<String>,
    /// How a program can do it.
    pub fix: Option<Fix>,
}

/// How far a fix can be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Applicability {
    /// Keeps the meaning.
    Safe,
    /// May change the meaning; a person should look.
    Unsafe,
    /// Shows what to do; not to be applied.
    DisplayOnly,
}

impl Applicability {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Safe => "safe",
            Self::Unsafe => "unsafe",
            Self::DisplayOnly => "display-only",
        }
    }
}

/// A change that removes a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What it does, as a command: "replace `,` with `，`".
    pub title: String,
    /// How far it can be trusted.
    pub applicability: Applicability,
    /// The edits, all in the source of the primary place, in order and apart.
    pub edits: Vec<Edit>,
}

/// A range of a source and what to put there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What to take out.
    pub span: Span,
    /// What to put in.
    pub text: String,
}
