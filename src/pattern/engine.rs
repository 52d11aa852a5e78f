//! The engines that consumers of a knowledge base run its patterns with.

use std::fmt;
use std::str::FromStr;

/// An engine of regular expressions, in its usual configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Engine {
    /// The `regex` crate.
    Rust,
    /// `re` of Python 3.11 and later, on texts.
    Python,
    /// `new RegExp(p)`.
    JavaScript,
    /// `new RegExp(p, "u")`.
    JavaScriptU,
    /// `new RegExp(p, "v")`.
    JavaScriptV,
    /// PCRE2 with `PCRE2_UTF`, as in git, nginx and PHP.
    Pcre2,
    /// RE2 and the `regexp` package of Go.
    Re2,
    /// `java.util.regex`.
    Java,
}

impl Engine {
    /// Every engine.
    pub const ALL: [Self; 8] = [
        Self::Rust,
        Self::Python,
        Self::JavaScript,
        Self::JavaScriptU,
        Self::JavaScriptV,
        Self::Pcre2,
        Self::Re2,
        Self::Java,
    ];

    /// The name of the engine in a configuration.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rust => "rust",
            Self::Python => "python",
            Self::JavaScript => "javascript",
            Self::JavaScriptU => "javascript-u",
            Self::JavaScriptV => "javascript-v",
            Self::Pcre2 => "pcre2",
            Self::Re2 => "re2",
            Self::Java => "java",
        }
    }

    /// Whether this is JavaScript with the strict syntax that `u` and `v` bring.
    pub(crate) const fn is_strict_javascript(self) -> bool {
        matches!(self, Self::JavaScriptU | Self::JavaScriptV)
    }

    /// Whether this is JavaScript, with whichever flag.
    pub(crate) const fn is_javascript(self) -> bool {
        matches!(self, Self::JavaScript) || self.is_strict_javascript()
    }
}

impl fmt::Display for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A name that no engine has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownEngine(String);

impl fmt::Display for UnknownEngine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = Engine::ALL.iter().map(|engine| engine.name()).collect();
        write!(f, "no engine is named {:?}; there are {}", self.0, names.join(", "))
    }
}

impl std::error::Error for UnknownEngine {}

impl FromStr for Engine {
    type Err = UnknownEngine;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let known = Self::ALL.into_iter().find(|engine| engine.name() == name);
        known.ok_or_else(|| UnknownEngine(name.to_owned()))
    }
}
