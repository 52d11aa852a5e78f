//! Entries that describe the same error.
//!
//! ```text
//! entries -> digests -> base (words weighed) -> candidates -> evidence -> probability -> pairs -> clusters
//! ```
//!
//! Ids do not show duplicates: most have another slug for the same error. [`Base::candidates`] finds pairs
//! worth a look without comparing all with all; [`Base::compare`] collects evidence for and against, each
//! piece a named number; [`Model`] makes it a probability with weights fitted on pairs that people have
//! judged; [`Base::clusters`] puts together what holds together pairwise; [`Base::curate`] says what of it somebody has to
//! look at. The same entries give the same
//! answer, in whatever order they come and on however many threads; all work is bounded by counts. What people
//! decided about pairs is data too: [`Decisions`].

mod action;
mod advice;
mod base;
mod candidates;
mod claims;
mod clusters;
mod common;
mod curation;
mod decisions;
mod declared;
mod digest;
mod environment;
mod evidence;
mod fingerprint;
mod fit;
mod groups;
mod hash;
mod identity;
mod index;
mod like;
mod measure;
mod model;
mod nearby;
mod order;
mod overlaps;
mod pages;
mod pairs;
mod reasons;
mod signature;
mod statistics;
mod vocabulary;
mod words;

pub use advice::{Conflict, Contradiction};
pub use base::Base;
pub use candidates::Candidates;
pub use clusters::Clusters;
pub use common::CommonWords;
pub use curation::{Curation, Cut, LeftOut, Query, Raised, Reason};
pub use decisions::{
    Changed, Decision, Decisions, FILE_NAME as DECISIONS, Fault, FaultKind, Standing, Standings,
};
pub use digest::Digest;
pub use evidence::{Part, Values};
pub use fingerprint::Fingerprint;
pub use fit::{Judged, Prior, TooFew, folds, refit, regression, unseen};
pub use index::{Index, Source, Unusable, restamp, write as write_index};
pub use like::Like;
pub use measure::{Measure, Proportion, Tenth};
pub use model::{Evidence, FILE_NAME as WEIGHTS, Label, Model, Weights, logistic};
pub use pairs::{Comparison, Pair};
pub use reasons::{Reasons, reasons, sentence};
