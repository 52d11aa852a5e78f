//! Entries that describe the same error.
//!
//! ```text
//! entries -> digests -> base (words weighed) -> candidates -> evidence -> probability -> pairs -> clusters
//! ```
//!
//! Ids do not show duplicates: most have another slug for the same error. [`Base::candidates`] finds pairs
//! worth a look without comparing all with all; [`Base::compare`] collects evidence for and against, each
//! piece a named number; [`Model`] makes it a probability with weights fitted on pairs that people have
//! judged; [`Base::clusters`] puts together what holds together pairwise. The same entries give the same
//! answer, in whatever order they come and on however many threads; all work is bounded by counts.

mod action;
mod advice;
mod base;
mod candidates;
mod claims;
mod clusters;
mod digest;
mod environment;
mod evidence;
mod hash;
mod model;
mod pairs;
mod reasons;
mod signature;
mod vocabulary;
mod words;

pub use advice::{Conflict, Contradiction};
pub use base::Base;
pub use candidates::Candidates;
pub use clusters::Clusters;
pub use digest::Digest;
pub use evidence::{Part, Values};
pub use model::{Evidence, Label, Model, Weights, logistic};
pub use pairs::{Comparison, Pair};
pub use reasons::{Reasons, reasons, sentence};
