//! Patterns that find all the messages of an entry, and none of another: one mechanism for mending a pattern
//! and for making one.
//!
//! Candidates come from three sides: the old pattern with what is proved to be in its way relaxed
//! ([`Pattern::why`]), what the messages have in common ([`merge`]), and the signature alone
//! ([`Signatures::propose`]). No message is ever pasted in as one more alternative. Whatever made a
//! candidate, it is searched for in every message before it is offered.

use std::cmp::Reverse;

use serde::Serialize;

use super::{LONGEST, Proposal, Refusal, Signatures, merge};
use crate::pattern::{Automaton, Case, Engine, Limits, Pattern, Relation};

/// More proposals help nobody.
const MOST: usize = 5;

/// What a pattern is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Request<'r> {
    /// The entry; what stands under its id is not another's.
    pub id: &'r str,
    /// The pattern it has; empty if none.
    pub pattern: &'r Pattern,
    /// The messages to be found: the signature first.
    pub messages: &'r [&'r str],
    /// Messages not to be found.
    pub counterexamples: &'r [&'r str],
    /// How look-ups are done.
    pub case: Case,
    /// Where the pattern is to run.
    pub engines: &'r [Engine],
}

/// Where a pattern comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// The old pattern, with a few pieces relaxed.
    Mended,
    /// What the messages have in common.
    Common,
    /// The signature alone.
    Signature,
}

/// A pattern that is proposed in place of another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repair {
    /// The pattern, to be searched unanchored.
    pub pattern: String,
    /// Where it comes from.
    pub origin: Origin,
    /// How many characters it spells out of the last message: what look-ups go by.
    pub score: usize,
    /// Other entries of which it finds a message, as the old pattern does.
    pub also_finds: Vec<String>,
}

impl Signatures<'_> {
    /// Patterns that find every message, no counterexample, and no message of another entry that the old
    /// pattern does not find; the most specific first, no two of which find the same.
    pub fn repairs(&self, request: &Request<'_>) -> Vec<Repair> {
        let mut found: Vec<Repair> = Vec::new();
        let allowed = self.found_by(request, request.pattern).unwrap_or_default();
        for (origin, pattern) in self.candidates(request) {
            if found.iter().any(|known| known.pattern == pattern) {
                continue;
            }
            found.extend(self.proven(request, Pattern::new(pattern), origin, &allowed));
        }
        found.sort_by_key(|repair| (Reverse(repair.score), repair.origin));
        distinct(found, request.case)
    }

    /// A pattern for an entry: one made from its signature, if that finds its other messages too, else
    /// what they have in common.
    pub fn propose_for(&self, request: &Request<'_>) -> Result<Proposal, Refusal> {
        let Some((signature, others)) = request.messages.split_first() else {
            return Err(Refusal::NothingFixed);
        };
        let proposal = self.propose(request.id, signature);
        if others.is_empty() && request.counterexamples.is_empty() {
            return proposal;
        }
        if let Ok(proposal) = &proposal
            && let pattern = Pattern::new(&*proposal.pattern)
            && self.proven(request, pattern, Origin::Signature, &[]).is_some()
        {
            return Ok(proposal.clone());
        }
        let repair =
            self.repairs(&Request { pattern: &Pattern::none(), ..*request }).into_iter().next();
        let made = repair.map(|repair| Proposal {
            pattern: repair.pattern,
            open: Vec::new(),
            kept: Vec::new(),
        });
        made.ok_or_else(|| proposal.err().unwrap_or(Refusal::Unproven))
    }

    fn candidates(&self, request: &Request<'_>) -> Vec<(Origin, String)> {
        let fits = |text: &&&str| text.len() <= LONGEST;
        let mut short: Vec<&str> = request.messages.iter().filter(fits).copied().collect();
        let is_all = short.len() == request.messages.len();
        let mut seen = Vec::new();
        short.retain(|text| {
            let is_new = !seen.contains(text);
            seen.push(*text);
            is_new
        });
        let mut candidates: Vec<(Origin, String)> = Vec::new();
        let mended = mended(request).into_iter().map(|pattern| (Origin::Mended, pattern));
        candidates.extend(mended);
        // What one message has in common with itself is the message.
        if is_all && short.len() > 1 {
            let common = merge::merge(&short, request.case);
            candidates.extend(common.into_iter().map(|pattern| (Origin::Common, pattern)));
        }
        if let Some(signature) = request.messages.first() {
            let made = self.propose(request.id, signature);
            candidates.extend(made.ok().map(|made| (Origin::Signature, made.pattern)));
        }
        candidates
    }

    /// The pattern, as far as it stands the trial.
    fn proven(
        &self,
        request: &Request<'_>,
        pattern: Pattern,
        origin: Origin,
        allowed: &[String],
    ) -> Option<Repair> {
        let pattern = portable(pattern, request.engines)?;
        let regex = pattern.full(request.case).ok()?;
        let finds_own = request.messages.iter().all(|message| regex.is_match(message));
        if !finds_own || regex.is_match("") {
            return None;
        }
        if request.counterexamples.iter().any(|message| regex.is_match(message)) {
            return None;
        }
        let echoes = |message: &&str| pattern.facts(message).echo.is_some();
        if pattern.text().contains('|') && request.messages.iter().any(echoes) {
            return None;
        }
        let also_finds = self.found_by(request, &pattern)?;
        if also_finds.iter().any(|id| !allowed.contains(id)) {
            return None;
        }
        let last = request.messages.last()?;
        let score = pattern.specificity(last, request.case);
        let pattern = pattern.text().to_owned();
        (score >= enough(request, origin)).then_some(Repair { pattern, origin, score, also_finds })
    }

    /// The other entries of which a pattern finds a message; `None` if it is no pattern.
    fn found_by(&self, request: &Request<'_>, pattern: &Pattern) -> Option<Vec<String>> {
        if pattern.is_empty() {
            return Some(Vec::new());
        }
        let regex = pattern.full(request.case).ok()?;
        let others = self.known.iter().filter(|known| known.id != request.id);
        let mut ids: Vec<String> = others
            .filter(|known| regex.is_match(known.text))
            .map(|known| known.id.to_owned())
            .collect();
        ids.dedup();
        Some(ids)
    }
}

/// How many characters a pattern has to spell out: with less it says nothing of the error, as where a
/// message that is another's is held against an entry.
fn enough(request: &Request<'_>, origin: Origin) -> usize {
    const FEWEST: usize = 4;
    let signature = request.messages.first().copied().unwrap_or_default();
    let enough = match origin {
        Origin::Mended => request.pattern.specificity(signature, request.case) / 2,
        Origin::Common | Origin::Signature => (signature.chars().count() / 3).min(24),
    };
    enough.max(FEWEST)
}

/// The old pattern, relaxed until it finds every message, in several ways.
fn mended(request: &Request<'_>) -> Vec<String> {
    /// Each message may ask for another change.
    const ROUNDS: usize = 4;
    if request.pattern.is_empty() {
        return Vec::new();
    }
    let missed = |pattern: &Pattern| {
        let regex = pattern.full(request.case).ok()?;
        request.messages.iter().find(|message| !regex.is_match(message)).copied()
    };
    let near = |pattern: &Pattern, message: &str| {
        let near = pattern.why(message, request.case).near.into_iter();
        near.map(|near| Pattern::new(near.pattern))
    };
    let Some(message) = missed(request.pattern) else { return Vec::new() };
    near(request.pattern, message)
        .map(|mut pattern| {
            for _ in 0..ROUNDS {
                let Some(message) = missed(&pattern) else { break };
                match near(&pattern, message).next() {
                    Some(next) => pattern = next,
                    None => break,
                }
            }
            pattern.text
        })
        .collect()
}

/// A pattern that engines read alike, rewritten where that keeps its meaning.
fn portable(pattern: Pattern, engines: &[Engine]) -> Option<Pattern> {
    let mut found = pattern.portability(engines);
    if found.is_empty() {
        return Some(pattern);
    }
    found.sort_by_key(|found| Reverse(found.range.start));
    let mut rewritten = pattern.text().to_owned();
    let mut done = rewritten.len();
    for rewrite in found.into_iter().filter_map(|found| found.rewrite) {
        if rewrite.range.end <= done {
            rewritten.replace_range(rewrite.range.clone(), &rewrite.replacement);
            done = rewrite.range.start;
        }
    }
    let rewritten = Pattern::new(rewritten);
    rewritten.portability(engines).is_empty().then_some(rewritten)
}

/// Leaves out what finds the same as what stands before it; of two that spell out as much, the one comes
/// first that the other contains.
fn distinct(found: Vec<Repair>, case: Case) -> Vec<Repair> {
    let limits = Limits { pairs: 100_000, steps: 2_000_000, ..Limits::default() };
    let mut kept: Vec<(Repair, Option<Automaton>)> = Vec::new();
    for repair in found {
        if kept.len() == MOST {
            break;
        }
        let automaton = Automaton::new(&Pattern::new(&*repair.pattern), case, &limits).ok();
        let mut place = kept.len();
        let mut is_new = true;
        for (index, (other, known)) in kept.iter().enumerate() {
            let relation =
                known.as_ref().zip(automaton.as_ref()).map(|(a, b)| a.overlap(b).relation);
            match relation {
                Some(Relation::Equal) => is_new = false,
                Some(Relation::Contains) if other.score == repair.score => place = place.min(index),
                _ => {}
            }
        }
        if is_new {
            kept.insert(place, (repair, automaton));
        }
    }
    kept.into_iter().map(|(repair, _)| repair).collect()
}
