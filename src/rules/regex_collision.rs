//! Two entries answer for each other's message, and neither says how they differ.
//!
//! # Why
//! Whoever pastes the message is shown both. If they are two errors, `frequently_confused_with` says how
//! to tell them apart; if they are one, the entries are to be merged. Entries about the same error in two
//! environments are left out here.
//!
//! # Bad
//! ```json
//! [
//!   {"regex": "no space left"},
//!   {"id": "example/full-volume", "regex": "no space left", "signature": "write: no space left"}
//! ]
//! ```
//!
//! # Good
//! ```json
//! [
//!   {
//!     "regex": "no space left",
//!     "transition_graph": {
//!       "frequently_confused_with": [
//!         {"error_id": "example/full-volume", "distinction": "A volume, not a disk."}
//!       ]
//!     }
//!   },
//!   {
//!     "id": "example/full-volume",
//!     "regex": "no space left",
//!     "signature": "write: no space left",
//!     "transition_graph": {
//!       "frequently_confused_with": [
//!         {"error_id": "example/disk-full", "distinction": "A disk, not a volume."}
//!       ]
//!     }
//!   }
//! ]
//! ```

use crate::config::Level;
use crate::corpus::Card;
use crate::entry::Relation;
use crate::pattern::{Overlap, Relation as Kind};
use crate::rule::{Check, CorpusContext, Crossing, Findings, Rule};
use crate::{pointer, visible};

pub(super) static RULE: Rule = Rule {
    id: "regex-collision",
    level: Level::Warning,
    since: "0.1.0",
    source: include_str!("regex_collision.rs"),
    check: Check::Patterns(check),
};

fn check(cx: &CorpusContext<'_>, crossing: &Crossing, found: &mut Findings) {
    /// No more are counted.
    const MOST: usize = 20;
    let names = |one: &Card, other: &Card| {
        one.references().any(|(relation, _, id)| {
            relation == Relation::ConfusedWith && (*id == other.id || other.aliases.contains(id))
        })
    };
    for (document, entry) in cx.corpus.entries() {
        let mutual = crossing.answers(document).iter().filter_map(|other| {
            let is_mutual = *other > document && crossing.answers(*other).contains(&document);
            let card = cx.corpus.document(*other).card.as_ref().filter(|_| is_mutual)?;
            (!names(entry, card) && !names(card, entry)).then_some((*other, card))
        });
        // One finding an entry: a message that fifty entries share is one fault, not a thousand.
        let mut mutual = mutual.take(MOST + 1);
        let Some((other, card)) = mutual.next() else { continue };
        let more = match mutual.count() {
            0 => String::new(),
            MOST => format!(" (and {MOST} or more others)"),
            more => format!(" (and {more} more)"),
        };
        let name = visible::quote(card.id.as_str());
        let (here, there) = in_common(&crossing.overlap(&entry.regex, &card.regex));
        found
            .add_in(
                document,
                pointer!["regex"],
                format!("this entry and {name}{more} answer for each other's message"),
            )
            .label(here)
            .help("merge them, or say in `frequently_confused_with` how to tell them apart")
            .other_side(other, pointer!["regex"], there);
    }
}

/// What two patterns have in common, seen from either.
fn in_common(overlap: &Overlap) -> (String, String) {
    let only = |line: &Option<String>| match line {
        Some(line) => format!("only this one finds {}", visible::quote(line)),
        None => "all that this one finds, the other finds too".to_owned(),
    };
    match overlap.relation {
        Kind::Equal => {
            ("both patterns find the same lines".to_owned(), "this is the other".to_owned())
        }
        Kind::Contains | Kind::Contained | Kind::Overlaps => {
            (only(&overlap.only_a), only(&overlap.only_b))
        }
        Kind::Disjoint | Kind::Undecided => {
            (String::new(), "it finds the message of the other entry".to_owned())
        }
    }
}
