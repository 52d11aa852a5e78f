//! errlore validates and curates a knowledge base of error entries kept as JSON files in git.
//!
//! ```text
//! discover -> read -> parse (text, tree with spans) -> schema -> entry -> rules -> report
//! ```
//!
//! [`corpus::discover`] finds the files and the configuration around them. [`check::check`] reads each
//! file once, on every core: [`json`] makes a tree that knows its places, [`schema`] holds that tree
//! against the contract, [`entry`] is made of it, and the [`rules`] look at the document, at the entry,
//! and at last at all entries together. A rule names a JSON pointer; [`check`] works out the bytes.
//! [`report`] writes what was found, as a pure function of it. [`effects`] tells what a change of
//! patterns does to look-ups, and [`diff`] what changed between versions, which [`merge`] brings together.
//! [`render`] writes an entry as a page for readers; [`normalize`] reads such pages.
//!
//! Invariants, each held by a test:
//!
//! - A file that cannot be read as an entry is a finding; an environment that fails is an [`Error`].
//!   Nothing is both.
//! - The same input gives the same bytes, whatever the number of threads; no rule reads a clock.
//! - `canonical(read(canonical(e))) == canonical(e)`; a safe fix silences its rule and adds no finding.
//! - Nothing from an entry is executed, fetched, or shown raw on a terminal.

pub mod canonical;
pub mod check;
pub mod checksum;
pub mod comment;
pub mod config;
pub mod corpus;
pub mod diagnostic;
pub mod diff;
pub mod duplicates;
pub mod effects;
pub mod entry;
pub mod error;
pub mod fields;
pub mod fix;
pub mod format;
pub mod git;
pub mod json;
pub mod merge;
pub mod normalize;
pub mod pattern;
pub mod pointer;
pub mod render;
pub mod report;
pub mod rule;
pub mod rules;
pub mod schema;
pub mod source;
pub mod suggest;
pub mod web;
pub mod wording;
pub mod wrap;

pub use error::{Error, ErrorKind, Result};
pub use pattern::{han, visible};
