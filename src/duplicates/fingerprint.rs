//! [`Fingerprint`]: a hash of what people compare of an entry, by which a later change is seen.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::hash::{hash, mix};
use crate::canonical::canonical_text;
use crate::entry::Entry;
use crate::han::is_han;

/// A hash of what is compared of an entry: message, pattern, code, cause, dead ends, workarounds,
/// versions and pages. The id, dates, rates, tags and links are no part of it, nor are the layout of the
/// file, the order of lists and how many blanks stand between words. Written as 16 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint(u64);

impl Fingerprint {
    /// The fingerprint of an entry.
    pub fn new(entry: &Entry) -> Self {
        let all =
            [
                one(&entry.signature),
                one(entry.signature_zh.as_deref().unwrap_or_default()),
                // The canonical form keeps a pattern as it is: blanks are part of it.
                hash(entry.regex.as_bytes()),
                one(entry.error_code.as_deref().unwrap_or_default()),
                one(&entry.root_cause),
                one(entry.root_cause_zh.as_deref().unwrap_or_default()),
                any_order(entry.dead_ends.iter().map(|item| {
                    in_order([one(&item.action), one(&item.why_fails), one(&item.condition)])
                })),
                any_order(entry.workarounds.iter().map(|item| {
                    in_order([one(&item.action), one(&item.how), one(&item.condition)])
                })),
                any_order(entry.workarounds_zh.iter().map(|text| one(text))),
                any_order(entry.versions.iter().map(|version| one(&version.version))),
                any_order(pages(entry).map(one)),
            ];
        Self(in_order(all))
    }
}

/// A hash of the cause and the advice of an entry, whatever the order of lists; 0 where they are too short to have
/// been copied: two people may write the same few words.
pub(super) fn of_advice(entry: &Entry) -> u64 {
    /// In words, or in characters where there are no blanks between words.
    const LEAST: usize = 12;
    let dead_ends = || entry.dead_ends.iter().map(|item| [&*item.action, &*item.why_fails]);
    let workarounds = || entry.workarounds.iter().map(|item| [&*item.action, &*item.how]);
    let words =
        |text: &str| text.split_whitespace().count() + text.chars().filter(|c| is_han(*c)).count();
    let all = dead_ends().chain(workarounds()).flatten().chain([&*entry.root_cause]);
    if entry.root_cause.trim().is_empty() || all.map(words).sum::<usize>() < LEAST {
        return 0;
    }
    in_order([
        one(&entry.root_cause),
        any_order(dead_ends().map(|texts| in_order(texts.map(one)))),
        any_order(workarounds().map(|texts| in_order(texts.map(one)))),
    ])
}

fn pages(entry: &Entry) -> impl Iterator<Item = &str> {
    let of_dead_ends = entry.dead_ends.iter().flat_map(|item| &item.sources);
    let of_workarounds = entry.workarounds.iter().flat_map(|item| &item.sources);
    let all = entry.official_doc_url.iter().chain(of_dead_ends).chain(of_workarounds);
    all.map(String::as_str)
}

/// The hash of a text, whatever blanks stand between its words.
fn one(text: &str) -> u64 {
    let text = canonical_text(text);
    text.split_whitespace().fold(0, |all, word| mix(all ^ hash(word.as_bytes())))
}

fn in_order(hashes: impl IntoIterator<Item = u64>) -> u64 {
    hashes.into_iter().fold(1, |all, one| mix(all ^ one))
}

/// The same for lists that hold the same, each once.
fn any_order(hashes: impl Iterator<Item = u64>) -> u64 {
    let mut hashes: Vec<u64> = hashes.collect();
    hashes.sort_unstable();
    hashes.dedup();
    in_order(hashes)
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl Serialize for Fingerprint {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Fingerprint {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let is_written_so = text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        is_written_so
            .then(|| u64::from_str_radix(&text, 16).ok().map(Self))
            .flatten()
            .ok_or_else(|| serde::de::Error::custom("a hash has 16 hexadecimal digits"))
    }
}
