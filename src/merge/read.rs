//! A version of a file as an entry, or why it is none.

use crate::corpus::{self, Document, InputFile};
use crate::entry::Entry;
use crate::visible::quote;

/// Why a file cannot be merged as an entry, without a full stop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable(pub String);

/// Larger files are left to others, in bytes.
const LARGEST: u64 = 16 << 20;

/// Reads an entry that holds all that the file says. Line ends, a byte order mark, the order of keys and
/// the layout are no matter.
pub fn read(bytes: &[u8]) -> Result<Entry, Unreadable> {
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    let file = InputFile {
        path: None,
        name: String::new(),
        expected_id: None,
        in_scope: true,
        special: None,
        given: Some(bytes.to_vec()),
        before: None,
    };
    let content = corpus::read(&file, LARGEST).map_err(|error| Unreadable(error.to_string()))?;
    let loaded = Document::load(&file, 0, content, true);
    let document = &loaded.document;
    let why = match () {
        () if document.unread.is_some() => {
            document.unread.map(|why| why.to_string()).unwrap_or_default()
        }
        () if !document.syntax.is_empty() => document.syntax[0].message.clone(),
        () if !document.duplicates.is_empty() => {
            format!("the key {} occurs twice", quote(&document.duplicates[0].key))
        }
        () if !document.is_whole() => document.violations[0].message.clone(),
        () if document.inexact.is_some() => {
            "it holds a number of more digits than are kept".to_owned()
        }
        () => return loaded.entry.ok_or_else(|| Unreadable("it is no object".to_owned())),
    };
    Err(Unreadable(why))
}
