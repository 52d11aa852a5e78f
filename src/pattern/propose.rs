//! A pattern made from a signature: what is fixed is kept, what varies is left open.
//!
//! The most general pattern comes first. Where it also finds the message of another entry, parts are
//! spelled out one by one, what is the least sure to vary first, until it finds none; what turns out
//! not to have been needed is opened again. A placeholder such as `X` is never spelled out: a pattern
//! that asks for the letter finds no real message. What is proposed has been searched for in every
//! other signature, ignoring case, and found in its own, with case.

use std::fmt;
use std::ops::Range;
use std::sync::LazyLock;

use super::{Case, Pattern};
use crate::pattern::han::is_han;
use draft::Draft;
pub(super) use draft::{blank, literal};
pub use filled::fillings;
pub use repair::{Origin, Repair, Request};

mod code;
mod draft;
mod filled;
mod merge;
mod parts;
mod repair;
mod sample;

/// The longest signature that a pattern is made from, in bytes.
const LONGEST: usize = 2_000;

/// A pattern proposed for a signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// The pattern, to be searched unanchored.
    pub pattern: String,
    /// The parts of the signature that the pattern leaves open: byte ranges.
    pub open: Vec<Range<usize>>,
    /// The parts that look as if they varied and are spelled out, because the pattern would find
    /// another entry's message, or say too little, without them.
    pub kept: Vec<Range<usize>>,
}

/// Why no pattern is proposed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Too little of the signature is sure to stand in every message.
    NothingFixed,
    /// Even spelled out it also finds the signatures of these entries.
    AlsoFinds(Vec<String>),
    /// The signature has this many bytes, which is no longer one message.
    TooLong(usize),
    /// The signature holds a character that cannot be seen, or one that stands for what was lost.
    Hidden(char),
    /// What was made did not pass the proof.
    Unproven,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NothingFixed => f.write_str(
                "too little in the signature is sure not to vary: quote more of the message",
            ),
            Self::AlsoFinds(ids) => {
                /// More names help nobody.
                const SHOWN: usize = 3;
                let shown: Vec<String> =
                    ids.iter().take(SHOWN).map(|id| crate::pattern::visible::quote(id)).collect();
                f.write_str("any pattern of this signature also finds the one of ")?;
                f.write_str(&shown.join(", "))?;
                match ids.len().saturating_sub(SHOWN) {
                    0 => {}
                    more => write!(f, " and {more} more")?,
                }
                f.write_str(": quote more of the message, or merge the entries")
            }
            Self::TooLong(bytes) => write!(
                f,
                "the signature has {bytes} bytes, more than {LONGEST}: \
                 cut it down to the lines that tell the error"
            ),
            Self::Hidden(c) => write!(
                f,
                "the signature holds {}: remove it, or restore what was there",
                crate::pattern::visible::code_point(*c)
            ),
            Self::Unproven => f.write_str(
                "no pattern made from the signature passes the proof: write one by hand",
            ),
        }
    }
}

/// The signatures of a knowledge base, made ready to be searched by many patterns.
#[derive(Clone, Debug, Default)]
pub struct Signatures<'s> {
    known: Vec<Known<'s>>,
}

#[derive(Clone, Debug)]
struct Known<'s> {
    id: &'s str,
    text: &'s str,
    folded: String,
}

impl<'s> FromIterator<(&'s str, &'s str)> for Signatures<'s> {
    /// Collects ids with their signatures. An id may come with several.
    fn from_iter<I: IntoIterator<Item = (&'s str, &'s str)>>(signatures: I) -> Self {
        let known =
            |(id, text): (&'s str, &'s str)| Known { id, text, folded: fold(text).collect() };
        Self { known: signatures.into_iter().map(known).collect() }
    }
}

impl Signatures<'_> {
    /// A pattern that finds a signature, and none of those collected here under another id.
    pub fn propose(&self, id: &str, signature: &str) -> Result<Proposal, Refusal> {
        if signature.len() > LONGEST {
            return Err(Refusal::TooLong(signature.len()));
        }
        if let Some(hidden) = HIDDEN.find(signature) {
            return Err(hidden.as_str().chars().next().map_or(Refusal::Unproven, Refusal::Hidden));
        }
        let others = || self.known.iter().filter(|known| known.id != id);
        let mut draft = Draft::general(signature, parts::split(signature));
        let choices = draft.choices();
        draft.set(&choices, false);
        if !draft.says_enough() {
            return Err(Refusal::NothingFixed);
        }
        let narrowest = Search::new(&draft);
        draft.set(&choices, true);
        // A few steps are enough; a signature of nothing but numbers must not take one for each.
        let steps: Vec<&[usize]> =
            choices.chunks(choices.len().div_ceil(MOST_STEPS).max(1)).collect();
        let mut spelled = 0;
        let mut narrow = |draft: &mut Draft<'_>| {
            let step = steps.get(spelled)?;
            draft.set(step, false);
            spelled += 1;
            Some(Search::new(draft))
        };
        while !draft.says_enough() {
            narrow(&mut draft).ok_or(Refusal::Unproven)?;
        }
        // A narrower pattern finds no more than a wider one did, so nothing is searched twice.
        let mut search = Search::new(&draft);
        let mut witnesses = Vec::new();
        for known in others() {
            while search.finds(known) {
                if witnesses.is_empty() {
                    let found = others().filter(|known| narrowest.finds(known));
                    let mut found: Vec<String> = found.map(|known| known.id.to_owned()).collect();
                    found.dedup();
                    if !found.is_empty() {
                        return Err(Refusal::AlsoFinds(found));
                    }
                }
                witnesses.push(known);
                search = narrow(&mut draft).ok_or(Refusal::Unproven)?;
            }
        }
        for step in steps[..spelled].iter().rev() {
            draft.set(step, true);
            let wider = Search::new(&draft);
            let needed = !draft.says_enough()
                || witnesses.iter().any(|known| wider.finds(known))
                || others().any(|known| wider.finds(known));
            draft.set(step, !needed);
        }

        let pattern = draft.pattern();
        let facts = Pattern::new(&*pattern).facts(signature);
        let proven = facts.matches_with_case && !facts.matches_empty && facts.echo.is_none();
        if !proven {
            return Err(Refusal::Unproven);
        }
        Ok(Proposal { pattern, open: draft.varying(true), kept: draft.varying(false) })
    }
}

/// Parts of a signature are spelled out in at most so many steps.
const MOST_STEPS: usize = 16;

/// What has no shape of its own or stands for what was lost, blanks and what shapes the character before it apart.
/// A pattern must not hold it, and an escape that all engines know is there for ASCII only.
static HIDDEN: LazyLock<regex::Regex> = LazyLock::new(|| {
    let class = r"[[\p{Cc}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\x{2800}\x{fff9}-\x{fffd}]--[\t\n\r\x{200c}\x{200d}\x{fe00}-\x{fe0f}]]";
    regex::Regex::new(class).expect("a pattern that a test compiles")
});

/// A pattern, about to be searched for in many texts.
struct Search {
    pattern: Pattern,
    /// What each text must hold, in this order, for the pattern to be found.
    needed: Vec<String>,
}

impl Search {
    fn new(draft: &Draft<'_>) -> Self {
        // Characters that fold in ways of their own are left to the real search.
        let sure = |c: char| c.is_ascii() || is_han(c);
        let needed = draft.spelled().into_iter().flat_map(|text| {
            text.split(move |c: char| !sure(c)).map(|text| fold(text).collect::<String>())
        });
        let pattern = Pattern::new(draft.pattern());
        Self { pattern, needed: needed.filter(|text| !text.is_empty()).collect() }
    }

    /// Whether the pattern finds a signature when case is ignored. One that cannot be searched for
    /// counts as found.
    fn finds(&self, known: &Known<'_>) -> bool {
        let mut rest = known.folded.as_str();
        for needed in &self.needed {
            match rest.find(needed.as_str()) {
                Some(at) => rest = &rest[at + needed.len()..],
                None => return false,
            }
        }
        self.pattern.search(known.text, Case::Insensitive).unwrap_or(true)
    }
}

/// A text in lower case, as far as ASCII goes; with what a search that ignores case takes for ASCII.
fn fold(text: &str) -> impl Iterator<Item = char> {
    text.chars().map(|c| match c {
        '\u{17f}' => 's',
        '\u{212a}' => 'k',
        _ => c.to_ascii_lowercase(),
    })
}

#[cfg(test)]
mod tests;
