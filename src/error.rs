//! [`Error`]: the environment failed. What is wrong with an entry is never an error but a finding.

use std::fmt;
use std::path::Path;

/// Why a command could not do its work. Messages start in lower case and have no full stop.
#[derive(Debug)]
pub struct Error {
    kind: ErrorKind,
    message: String,
    help: Option<String>,
}

/// What sort of failure an [`Error`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// A file, a folder or a program could not be used.
    Io,
    /// `errlore.toml` or a flag says something that cannot be.
    Config,
    /// Nothing matched the inputs.
    NoInput,
}

impl Error {
    /// A failure to read, write or run something.
    pub fn io(message: impl Into<String>) -> Self {
        Self { kind: ErrorKind::Io, message: message.into(), help: None }
    }

    /// The usual sentence for a failed operation on a path: `cannot read a.json: Permission denied`.
    pub fn path(verb: &str, path: &Path, error: &std::io::Error) -> Self {
        Self::io(format!(
            "cannot {verb} {}: {error}",
            crate::visible::name(&path.to_string_lossy())
        ))
    }

    /// A fault in the configuration or in a flag.
    pub fn config(message: impl Into<String>) -> Self {
        Self { kind: ErrorKind::Config, message: message.into(), help: None }
    }

    /// Nothing matched the inputs.
    pub fn no_input(message: impl Into<String>) -> Self {
        Self { kind: ErrorKind::NoInput, message: message.into(), help: None }
    }

    /// Adds what to do about it.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// What sort of failure it is.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// What to do about it.
    pub fn help(&self) -> Option<&str> {
        self.help.as_deref()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

/// What a fallible function of errlore returns.
pub type Result<T, E = Error> = std::result::Result<T, E>;
