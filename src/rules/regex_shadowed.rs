//! Another entry's pattern comes first for the entry's own message.
//!
//! # Why
//! A look-up puts the pattern first whose literals match more of the message, and of two that match as
//! much the one that finds less. Where that is always another entry's, nobody who pastes this very message
//! is shown this entry first.
//!
//! # Bad
//! ```json
//! [
//!   {"regex": "no space left"},
//!   {
//!     "id": "example/other",
//!     "regex": "space left on device",
//!     "signature": "there is little space left on device"
//!   }
//! ]
//! ```
//!
//! # Good
//! ```json
//! [
//!   {"regex": "no space left on device"},
//!   {
//!     "id": "example/other",
//!     "regex": "little space left on device",
//!     "signature": "there is little space left on device"
//!   }
//! ]
//! ```

use std::collections::HashSet;

use crate::config::Level;
use crate::pattern::Relation;
use crate::rule::{Check, CorpusContext, Crossing, Findings, Rule};
use crate::{pointer, visible};

pub(super) static RULE: Rule = Rule {
    id: "regex-shadowed",
    level: Level::Warning,
    since: "0.1.0",
    source: include_str!("regex_shadowed.rs"),
    check: Check::Patterns(check),
};

fn check(cx: &CorpusContext<'_>, crossing: &Crossing, found: &mut Findings) {
    /// Where more patterns than these find a message, those are too broad.
    const MOST: usize = 50;
    for (document, entry) in cx.corpus.entries() {
        let answers = crossing.answers(document);
        let Some(message) = entry.messages.first().filter(|_| !answers.is_empty()) else {
            continue;
        };
        let score = |pattern: &str| crossing.specificity(pattern, message);
        let own = score(&entry.regex);
        // A pattern that misses its own message is another fault.
        if own == 0 {
            continue;
        }
        let mut seen: HashSet<&str> = HashSet::from([&*entry.regex]);
        let rivals = answers.iter().filter_map(|other| {
            let card = cx.corpus.document(*other).card.as_ref()?;
            seen.insert(&card.regex).then_some((*other, card))
        });
        let rivals: Vec<_> = rivals
            .take(MOST)
            .map(|(other, card)| (score(&card.regex), other, card))
            .filter(|(score, ..)| *score >= own)
            .collect();
        let better = rivals.iter().filter(|(score, ..)| *score > own);
        let best = better.max_by_key(|(score, other, _)| (*score, std::cmp::Reverse(*other)));
        let is_tighter =
            |pattern: &str| crossing.overlap(&entry.regex, pattern).relation == Relation::Contains;
        let winner = best.or_else(|| rivals.iter().find(|(_, _, card)| is_tighter(&card.regex)));
        let Some((score, other, card)) = winner else { continue };
        let name = visible::quote(card.id.as_str());
        let (here, there) = if *score > own {
            let here =
                format!("{own} characters of the message are spelled out here, {score} there");
            (here, "this pattern is more specific")
        } else {
            let here = format!(
                "{own} characters of the message are spelled out in both, and this one finds more"
            );
            (here, "all that this pattern finds, the other finds too")
        };
        found
            .add_in(
                document,
                pointer!["regex"],
                format!("a look-up of this entry's message finds {name} first"),
            )
            .label(here)
            .help("spell out more of the message, or merge the two entries")
            .other_side(*other, pointer!["regex"], there);
    }
}
