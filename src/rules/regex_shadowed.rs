//! Another entry's pattern comes first for the entry's own message.
//!
//! # Why
//! A look-up puts the pattern first whose literals match more of the message, and of two that match as
//! much the one that finds less. Where that is always another entry's, nobody who pastes this very message
//! is shown this entry first. What comes of another fault that is reported is left out: `regex-collision`,
//! `duplicate-entry`, `regex-too-broad`.
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

use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};

use crate::corpus::{Card, DocumentId};
use crate::diagnostic::Level;
use crate::pattern::{Pattern, Relation};
use crate::rule::{Check, CorpusContext, CrossMatches, Findings, Group, Rule, name};
use crate::{pointer, visible};

pub(super) static RULE: Rule = Rule {
    id: "regex-shadowed",
    group: Group::Pattern,
    level: Level::Warning,
    since: "0.1.0",
    source: include_str!("regex_shadowed.rs"),
    check: Check::Patterns(check),
};

/// Whose pattern is first for the message of an entry.
struct Winner<'a> {
    document: DocumentId,
    card: &'a Card,
    /// Its pattern, as long as it is compared.
    pattern: Cow<'a, Pattern>,
    /// How many characters of the message its pattern spells out, and how many that of the entry.
    score: usize,
    own: usize,
}

fn check(cx: &CorpusContext<'_>, crossing: &CrossMatches, found: &mut Findings) {
    let mut by_winner: BTreeMap<DocumentId, Vec<DocumentId>> = BTreeMap::new();
    for (document, entry) in cx.corpus.entries() {
        let Some(Winner { document: other, card, score, own, .. }) =
            winner(cx, crossing, document, entry)
        else {
            continue;
        };
        if !cx.is_in_scope(document) {
            by_winner.entry(other).or_default().push(document);
            continue;
        }
        let name = visible::quote(card.id.as_str());
        let (here, there) = if score > own {
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
            .related(other, pointer!["regex"], there);
    }
    // Of entries that nobody asks about, the one that was touched is told.
    for (document, others) in by_winner {
        let more = match others.len() - 1 {
            0 => String::new(),
            more => format!(" (and {more} more)"),
        };
        let message = format!(
            "a look-up of the message of {}{more} finds this entry first",
            name(cx.corpus, others[0])
        );
        found
            .add_in(document, pointer!["regex"], message)
            .help("spell out what only this error says, or merge the two entries")
            .related(others[0], pointer!["signature"], "this message");
    }
}

/// The entry whose pattern always comes first for the message of another, if there is one and either is asked
/// for.
fn winner<'a>(
    cx: &CorpusContext<'a>,
    crossing: &CrossMatches,
    document: DocumentId,
    entry: &Card,
) -> Option<Winner<'a>> {
    /// Where more patterns than these find a message, those are too broad.
    const MOST: usize = 50;
    let answers = crossing.answers(document);
    let is_asked = |other: DocumentId| cx.placed(document, other).is_some();
    answers.iter().find(|other| is_asked(**other))?;
    let message = entry.messages.first()?;
    let score = |pattern: &Pattern| pattern.specificity(message, crossing.case());
    let pattern = entry.pattern.passing();
    let own = score(&pattern);
    // A pattern that misses its own message is another fault.
    if own == 0 {
        return None;
    }
    let mut seen: HashSet<&str> = HashSet::from([entry.pattern.text()]);
    let rivals = answers.iter().filter_map(|other| {
        let card = cx.corpus.document(*other).card.as_ref()?;
        seen.insert(card.pattern.text()).then_some((*other, card))
    });
    let rivals: Vec<_> = rivals
        .take(MOST)
        .map(|(document, card)| {
            let pattern = card.pattern.passing();
            Winner { document, card, score: score(&pattern), own, pattern }
        })
        .filter(|rival| {
            rival.score >= own
                && !crossing.is_told(cx, document, rival.document)
                && !crossing.collide(cx, document, rival.document)
        })
        .collect();
    let best = rivals.iter().filter(|rival| rival.score > own);
    let best = best.max_by_key(|rival| (rival.score, std::cmp::Reverse(rival.document)));
    let best = best.map(|rival| rival.document).or_else(|| {
        let is_tighter = |rival: &&Winner<'_>| {
            let overlap = pattern.overlap(&rival.pattern, crossing.case());
            overlap.relation == Relation::Contains
        };
        rivals.iter().find(is_tighter).map(|rival| rival.document)
    })?;
    rivals.into_iter().find(|rival| rival.document == best && is_asked(best))
}
