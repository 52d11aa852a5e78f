//! What entries claim that another may deny: that something exists, is supported, is required.

use super::hash::Term;
use super::words;
use crate::entry::Entry;
use crate::pointer;
use crate::pointer::JsonPointer;

/// A claim: of what it speaks, and whether it is so.
#[derive(Debug)]
pub(super) struct Claim<'e> {
    /// Where the text stands that makes it.
    pointer: JsonPointer,
    text: &'e str,
    predicate: usize,
    holds: bool,
    /// The words of what it speaks of, sorted.
    subject: Vec<Term>,
}

/// A part of each phrase, by which most texts are passed over; what affirms, and what denies.
type Predicate = (&'static [&'static str], &'static [&'static str], &'static [&'static str]);

/// What is claimed, and how it is denied; between single blanks, in lower case. What denies is looked for
/// first, as it may contain what affirms.
const PREDICATES: &[Predicate] = &[
    (
        &["exist"],
        &["still exists", "exists", "exist"],
        &["no longer exists", "does not exist", "do not exist", "doesn't exist"],
    ),
    (
        &["supported"],
        &["is supported", "are supported", "is still supported"],
        &["is not supported", "are not supported", "is no longer supported", "is unsupported"],
    ),
    (
        &["required", "optional"],
        &["is required", "are required"],
        &["is not required", "are not required", "is optional"],
    ),
    (
        &["available"],
        &["is available", "are available"],
        &["is not available", "is unavailable", "is no longer available"],
    ),
    (
        &["allowed", "forbidden"],
        &["is allowed", "are allowed"],
        &["is not allowed", "are not allowed", "is forbidden"],
    ),
    (
        &["abled by default"],
        &["is enabled by default"],
        &["is not enabled by default", "is disabled by default"],
    ),
    (&["thread-safe"], &["is thread-safe"], &["is not thread-safe"]),
];

/// The claims of the message, the root cause and the reasons why dead ends fail.
pub(super) fn claims(entry: &Entry) -> Vec<Claim<'_>> {
    /// Of an entry no more claims are looked at.
    const MOST: usize = 32;
    let mut texts = vec![
        (pointer!["signature"], &*entry.signature),
        (pointer!["root_cause"], &*entry.root_cause),
    ];
    let reasons = entry.dead_ends.iter().enumerate();
    texts.extend(
        reasons.map(|(at, item)| (pointer!["dead_ends", at, "why_fails"], &*item.why_fails)),
    );
    let mut found = Vec::new();
    for (pointer, text) in texts.into_iter().take(MOST) {
        let lower = words::first_bytes(text, 2 << 10).to_lowercase();
        let is_there = |predicate: &Predicate| predicate.0.iter().any(|part| lower.contains(part));
        if !PREDICATES.iter().any(is_there) {
            continue;
        }
        for sentence in lower.split(['.', ';', ':', ',', '(', ')']) {
            found.extend(claim(sentence, &pointer, text));
        }
    }
    found.truncate(MOST);
    found
}

/// A bit for each side of a predicate that an entry takes: by these most pairs are passed over.
pub(super) fn sides(entry: &Entry) -> u16 {
    let side = |claim: &Claim<'_>| 1 << (2 * claim.predicate + usize::from(claim.holds));
    claims(entry).iter().map(side).fold(0, |all, side: u16| all | side)
}

/// Whether the one takes a side of a predicate of which the other takes the opposite.
pub(super) fn may_deny(one: u16, other: u16) -> bool {
    const DENIED: u16 = 0x5555;
    (one & DENIED) << 1 & other | (other & DENIED) << 1 & one != 0
}

fn claim<'e>(sentence: &str, pointer: &JsonPointer, text: &'e str) -> Option<Claim<'e>> {
    PREDICATES.iter().enumerate().find_map(|(predicate, (parts, affirms, denies))| {
        if !parts.iter().any(|part| sentence.contains(part)) {
            return None;
        }
        let find = |phrases: &[&str]| {
            phrases.iter().find_map(|phrase| sentence.find(&format!(" {phrase}")))
        };
        let (at, holds) = match (find(denies), find(affirms)) {
            (Some(at), _) => (at, false),
            (None, at) => (at?, true),
        };
        let mut subject = Vec::new();
        words::each(&sentence[..at], |word| subject.push(words::root(word)));
        subject.sort_unstable();
        subject.dedup();
        Some(Claim { pointer: pointer.clone(), text, predicate, holds, subject })
    })
}

impl Claim<'_> {
    /// The text that makes it, and where it stands.
    pub(super) fn place(&self) -> (&JsonPointer, &str) {
        (&self.pointer, self.text)
    }

    /// How much two claims speak of the same, where the one denies what the other claims.
    pub(super) fn is_opposite(&self, other: &Self, weight: impl Fn(Term) -> f32) -> Option<f32> {
        const ALIKE: f32 = 0.75;
        if self.predicate != other.predicate || self.holds == other.holds {
            return None;
        }
        let sum =
            |words: &mut dyn Iterator<Item = &Term>| words.map(|word| weight(*word)).sum::<f32>();
        let shared =
            || self.subject.iter().filter(|word| other.subject.binary_search(word).is_ok());
        let all = sum(&mut self.subject.iter()).max(sum(&mut other.subject.iter()));
        let alike = sum(&mut shared()) / all.max(f32::MIN_POSITIVE);
        (shared().count() >= 2 && alike >= ALIKE).then_some(alike)
    }
}
