//! Versions of an entry: what differs, and three of them merged.

#[path = "../support/edits.rs"]
mod edits;
#[path = "../support/generated.rs"]
mod generated;
#[path = "../support/ledger.rs"]
mod ledger;
#[path = "../support/scripted.rs"]
mod scripted;
#[path = "../support/sides.rs"]
mod sides;
#[path = "../support/mod.rs"]
mod support;
#[path = "../support/triples.rs"]
mod triples;

mod audit;
mod cases;
mod diff;
mod diff_as_written;
mod diff_command;
mod diff_views;
mod merge;
mod merge_facts;
