//! Two entries answer for each other's message, and neither says how they differ.
//!
//! # Why
//! Whoever pastes the message is shown both. If they are two errors, `frequently_confused_with` says how
//! to tell them apart; if they are one, the entries are to be merged. Entries about the same error in two
//! environments are left out here, and so is what comes of another fault that is reported: `duplicate-entry`,
//! `regex-too-broad`.
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

use std::collections::BTreeMap;

use crate::corpus::DocumentId;
use crate::diagnostic::Level;
use crate::pattern::{Overlap, Pattern, Relation as Kind};
use crate::rule::{Check, CorpusContext, CrossMatches, Findings, Group, Rule, name};
use crate::{pointer, visible};

pub(super) static RULE: Rule = Rule {
    id: "regex-collision",
    group: Group::Pattern,
    level: Level::Warning,
    since: "0.1.0",
    source: include_str!("regex_collision.rs"),
    check: Check::Patterns(check),
};

fn check(cx: &CorpusContext<'_>, crossing: &CrossMatches, found: &mut Findings) {
    /// No more are counted.
    const MOST: usize = 20;
    let mut of_entry: BTreeMap<DocumentId, Vec<DocumentId>> = BTreeMap::new();
    for (document, _) in cx.corpus.entries() {
        for other in crossing.answers(document).iter().filter(|other| **other > document) {
            let Some((at, other)) = cx.placed(document, *other) else { continue };
            let others = of_entry.entry(at).or_default();
            if others.len() <= MOST && crossing.collide(cx, at, other) {
                others.push(other);
            }
        }
    }
    // One finding an entry: a message that fifty entries share is one fault, not a thousand.
    for (document, others) in of_entry {
        let Some(&other) = others.first() else { continue };
        let more = match others.len() - 1 {
            0 => String::new(),
            MOST => format!(" (and {MOST} or more others)"),
            more => format!(" (and {more} more)"),
        };
        let none = Pattern::none();
        let pattern = |document| {
            let card = cx.corpus.document(document).card.as_ref();
            card.map_or(&none, |card| &card.pattern)
        };
        let name = name(cx.corpus, other);
        let (here, there) = {
            let [one, other] = [document, other].map(|document| pattern(document).passing());
            in_common(&one.overlap(&other, crossing.case()))
        };
        found
            .add_in(
                document,
                pointer!["regex"],
                format!("this entry and {name}{more} answer for each other's message"),
            )
            .label(here)
            .help("merge them, or say in `frequently_confused_with` how to tell them apart")
            .related(other, pointer!["regex"], there);
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
