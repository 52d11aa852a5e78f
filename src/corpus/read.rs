//! Reading one file, whatever it turns out to be.

use std::cell::RefCell;
use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::error::{Error, Result};
use crate::json::SyntaxError;
use crate::source::Span;

/// A file to read.
#[derive(Clone, Debug)]
pub struct InputFile {
    /// Where it is; `None` for a text that was handed over.
    pub path: Option<PathBuf>,
    /// What reports call it.
    pub name: String,
    /// The id that its place asks for.
    pub expected_id: Option<String>,
    /// Whether findings about it are asked for.
    pub in_scope: bool,
    /// Why it is not to be read.
    pub special: Option<Unread>,
    /// The content, where it was handed over.
    pub given: Option<Vec<u8>>,
    /// What the file held in the version that it is compared with.
    pub before: Option<Vec<u8>>,
}

/// Why something among the entries is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unread {
    /// Following a link could show what lies outside of the knowledge base.
    Link,
    /// A pipe could block for ever.
    Special,
    /// It is hidden, or in a hidden folder.
    Hidden,
    /// Its name is nearly that of a file of JSON.
    Name,
    /// A configuration would rule over entries that are not its own.
    Configuration,
    /// It has more bytes than are read.
    TooLarge {
        /// How many it has, if that is known.
        size: Option<u64>,
        /// How many there may be.
        limit: u64,
    },
}

impl fmt::Display for Unread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Link => f.write_str("it is a symbolic link, which is not followed"),
            Self::Special => f.write_str("it is neither a file nor a folder"),
            Self::Hidden => {
                f.write_str("its name, or that of a folder above it, begins with a dot")
            }
            Self::Name => f.write_str("its name does not end in `.json`, letter for letter"),
            Self::Configuration => {
                f.write_str("a configuration among the entries rules over nothing")
            }
            Self::TooLarge { size: None, limit } => {
                write!(f, "the file has more bytes than `max-file-size` ({limit})")
            }
            Self::TooLarge { size: Some(size), limit } => {
                write!(f, "the file has {size} bytes, more than `max-file-size` ({limit})")
            }
        }
    }
}

impl Unread {
    /// Whether it is so whatever the file holds.
    pub fn is_of_the_name(self) -> bool {
        matches!(self, Self::Hidden | Self::Name | Self::Configuration)
    }

    /// What to do about it.
    pub fn help(self) -> &'static str {
        match self {
            Self::Link => "put the file or the folder itself there, or remove the link",
            Self::Special => "put an ordinary file there",
            Self::Hidden => {
                "give it a name without the dot, or move it out of the folder of entries"
            }
            Self::Name => {
                "give it a name that ends in `.json`, or move it out of the folder of entries"
            }
            Self::Configuration => {
                "remove it; the errlore.toml above the folder of entries is the one that rules"
            }
            Self::TooLarge { .. } => {
                "put a smaller file there, or raise `max-file-size` in errlore.toml"
            }
        }
    }
}

/// What a file turned out to hold.
#[derive(Debug)]
pub enum Content {
    /// A text.
    Text(Arc<str>),
    /// No UTF-8: as much as can be shown, and what is wrong.
    NotText(String, SyntaxError),
    /// Not read, and why.
    Unread(Unread),
}

/// Reads a file of at most `limit` bytes.
pub fn read(file: &InputFile, limit: u64) -> Result<Content> {
    if let Some(special) = file.special {
        return Ok(Content::Unread(special));
    }
    match (&file.given, &file.path) {
        (Some(given), _) if given.len() as u64 > limit => Ok(too_large(given.len() as u64, limit)),
        (Some(given), _) => Ok(decode(given)),
        (None, Some(path)) => BUFFER
            .with_borrow_mut(|buffer| from_disk(path, limit, buffer))
            .map_err(|error| Error::path("read", path, &error)),
        (None, None) => Ok(decode(&[])),
    }
}

thread_local! {
    /// One buffer a thread: files are small and many.
    static BUFFER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

fn from_disk(path: &Path, limit: u64, buffer: &mut Vec<u8>) -> io::Result<Content> {
    /// Larger buffers are not kept.
    const KEPT: usize = 1 << 20;
    let mut handle = File::open(path)?;
    buffer.clear();
    buffer.reserve(16 * 1024);
    handle.by_ref().take(limit + 1).read_to_end(buffer)?;
    let content = if buffer.len() as u64 > limit {
        let size = handle.metadata().map_or(buffer.len() as u64, |metadata| metadata.len());
        too_large(size, limit)
    } else {
        decode(buffer)
    };
    if buffer.capacity() > KEPT {
        *buffer = Vec::new();
    }
    Ok(content)
}

fn too_large(size: u64, limit: u64) -> Content {
    Content::Unread(Unread::TooLarge { size: Some(size), limit })
}

/// Makes text of bytes.
fn decode(bytes: &[u8]) -> Content {
    let fault = |message: &str, at: usize, len: usize, help| SyntaxError {
        message: message.to_owned(),
        span: Span::new(at, at + len),
        related: None,
        help: Some(help),
    };
    let units = |from: fn([u8; 2]) -> u16| -> Vec<u16> {
        bytes[2..].as_chunks::<2>().0.iter().map(|pair| from(*pair)).collect()
    };
    // The byte order mark of UTF-32 begins with that of UTF-16.
    if let [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] = bytes {
        let is_little = bytes[0] == 0xff;
        let code_point = |four: &[u8; 4]| {
            let code =
                if is_little { u32::from_le_bytes(*four) } else { u32::from_be_bytes(*four) };
            char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)
        };
        let text = bytes[4..].as_chunks::<4>().0.iter().map(code_point).collect();
        return Content::NotText(text, fault("the file is UTF-32", 0, 0, "save it as UTF-8"));
    }
    let utf16 = match bytes {
        [0xff, 0xfe, ..] => Some(units(u16::from_le_bytes)),
        [0xfe, 0xff, ..] => Some(units(u16::from_be_bytes)),
        _ => None,
    };
    if let Some(units) = utf16 {
        let text = String::from_utf16_lossy(&units);
        return Content::NotText(text, fault("the file is UTF-16", 0, 0, "save it as UTF-8"));
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Content::Text(text.into()),
        Err(error) => {
            let at = error.valid_up_to();
            let byte = bytes[at];
            let text = String::from_utf8_lossy(bytes).into_owned();
            let message = format!("a byte that is not UTF-8 (0x{byte:02X})");
            let help = "save the file as UTF-8; is it in a legacy encoding such as GBK or Latin-1?";
            Content::NotText(
                text,
                fault(&message, at, char::REPLACEMENT_CHARACTER.len_utf8(), help),
            )
        }
    }
}
