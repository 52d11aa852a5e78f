//! Patterns: what engines make of them, what they find of each other, what mends them, and look-ups.

#[path = "../support/mod.rs"]
mod support;

mod bad_input;
mod cost;
mod cross_matches;
mod effects;
mod lookup;
mod overlap;
mod portability;
mod propose;
mod run_engines;
mod since;
mod why;
mod why_command;
