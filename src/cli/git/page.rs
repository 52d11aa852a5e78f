//! `git textconv`: an entry in lines that differ only where it does.
//!
//! Canonical JSON, but for long texts: each of their sentences has a line of its own, so that a word that
//! changed is not one line of a thousand characters against another.

use std::fs;
use std::path::Path;

use errlore::canonical::canonical;
use errlore::merge::read;
use errlore::{Error, Result, visible};

use super::super::{Status, write_bytes};

/// Prints the page of a file; one that is no entry is printed as it is.
pub(super) fn run(file: &Path) -> Result<Status> {
    let bytes = fs::read(file).map_err(|error| Error::path("read", file, &error))?;
    write_bytes(&page_of(&bytes))?;
    Ok(Status::Clean)
}

/// The page of what a file holds: of an entry, or of one that is between the markers of a merge.
pub(super) fn page_of(bytes: &[u8]) -> Vec<u8> {
    match (read(bytes), std::str::from_utf8(bytes)) {
        (Ok(entry), _) => page(&canonical(&entry)).into_bytes(),
        (_, Ok(text)) if text.contains("\n<<<<<<<") => page(text).into_bytes(),
        _ => bytes.to_vec(),
    }
}

fn page(text: &str) -> String {
    /// A longer text is broken.
    const LONG: usize = 80;
    let mut out = String::new();
    for line in text.lines() {
        let indent = line.len() - line.trim_start().len();
        let (head, text) = value(&line[indent..]);
        let is_long = |text: &String| text.chars().count() > LONG || text.contains('\n');
        let Some(text) = text.filter(is_long) else {
            out.push_str(line);
            out.push('\n');
            continue;
        };
        let blanks = " ".repeat(indent);
        out.push_str(&format!("{blanks}{head}\n"));
        for sentence in sentences(&text) {
            let sentence = sentence.strip_suffix('\n').unwrap_or(sentence);
            out.push_str(format!("{blanks}  | {}", visible::name(sentence)).trim_end());
            out.push('\n');
        }
    }
    out
}

/// What stands before the value of a line, and the value if it is a text.
fn value(line: &str) -> (String, Option<String>) {
    let line = line.strip_suffix(',').unwrap_or(line);
    if let Ok(text) = serde_json::from_str(line) {
        return ("-".to_owned(), Some(text));
    }
    let mut strings = serde_json::Deserializer::from_str(line).into_iter::<String>();
    let is_key = strings.next().is_some_and(|key| key.is_ok());
    let (key, rest) = line.split_at(strings.byte_offset());
    let text = rest.strip_prefix(": ").filter(|_| is_key);
    (format!("{key}:"), text.and_then(|text| serde_json::from_str(text).ok()))
}

/// The sentences of a text, each with what ends it.
fn sentences(text: &str) -> Vec<&str> {
    let mut sentences = Vec::new();
    let mut start = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let is_end = match c {
            '\n' | '。' | '！' | '？' | '；' => true,
            '.' | '!' | '?' | ';' => chars.peek().is_some_and(|(_, next)| *next == ' '),
            _ => false,
        };
        if is_end {
            sentences.push(text[start..at + c.len_utf8()].trim_start_matches(' '));
            start = at + c.len_utf8();
        }
    }
    sentences.push(text[start..].trim_start_matches(' '));
    sentences.retain(|sentence| !sentence.is_empty());
    sentences
}

#[cfg(test)]
mod tests {
    use errlore::entry::Entry;

    use super::*;

    #[test]
    fn long_texts_are_broken_into_sentences() {
        let entry = Entry {
            root_cause: format!("{} ends. Then: \u{1b}[1m", "Long ".repeat(20).trim_end()),
            workarounds_zh: vec!["第一。第二。\n第三".to_owned()],
            ..Entry::default()
        };
        let page = page(&canonical(&entry));
        assert!(page.contains("  \"root_cause\":\n    | Long"), "{page}");
        assert!(page.contains(" ends.\n    | Then: \\u{1b}[1m\n"), "{page}");
        assert!(
            page.contains("    -\n      | 第一。\n      | 第二。\n      |\n      | 第三\n"),
            "{page}"
        );
        assert!(page.contains("\n  \"root_cause_type\": \"generic\",\n"), "{page}");
    }
}
