//! A pattern for an entry whose source gives none.

use super::draft::{Bound, Draft};
use crate::config::RegexConfig;
use crate::entry::{Sample, samples};
use crate::pattern::{Engine, Pattern, Request, Signatures};
use crate::pointer;
use crate::rules::{missing_value, no_pattern_found, pattern_proposed};
use crate::source::Span;
use crate::visible::{self, quote};

/// Gives a draft without a pattern one that is made from its messages, for look-ups as they are
/// configured, and says so; or says why there is none.
pub fn propose_pattern(draft: &mut Draft, signatures: &Signatures<'_>, lookups: &RegexConfig) {
    let entry = &draft.entry;
    if !entry.regex.is_empty() || entry.signature.trim().is_empty() {
        return;
    }
    let pointer = pointer!["regex"];
    let signature = Bound::Field(pointer!["signature"]);
    let bound = draft.bindings.iter().find(|binding| binding.bound == signature);
    let span = bound.map_or_else(Span::default, |binding| binding.span);
    draft
        .remarks
        .retain(|remark| remark.rule.id != missing_value::RULE.id || remark.pointer != pointer);
    let of = |kind| samples(entry, kind).map(|(_, text)| text);
    let messages: Vec<&str> = std::iter::once(&*entry.signature).chain(of(Sample::Match)).collect();
    let counterexamples: Vec<&str> = of(Sample::NoMatch).collect();
    let engines: Vec<Engine> =
        lookups.engines.iter().filter_map(|name| name.parse().ok()).collect();
    let request = Request {
        id: entry.id.as_str(),
        pattern: &Pattern::none(),
        messages: &messages,
        counterexamples: &counterexamples,
        case: lookups.case,
        engines: &engines,
    };
    match signatures.propose_for(&request) {
        Ok(proposal) => {
            let pattern = visible::name(&proposal.pattern);
            let message = format!("the pattern is a proposal: `{pattern}`");
            let kept: Vec<String> = proposal
                .kept
                .iter()
                .filter_map(|range| entry.signature.get(range.clone()))
                .map(quote)
                .collect();
            let help = if kept.is_empty() {
                "look at it: which parts of the message vary?".to_owned()
            } else {
                format!(
                    "look at it: {} had to be spelled out to tell it from other entries",
                    kept.join(", ")
                )
            };
            draft.entry.regex = proposal.pattern;
            draft.remark(&pattern_proposed::RULE, pointer, span, message).help(help);
        }
        Err(refusal) => {
            let message = format!("no pattern is proposed: {refusal}");
            draft
                .remark(&no_pattern_found::RULE, pointer, span, message)
                .help("an entry needs one: write it by hand");
        }
    }
}
