//! Duplicates: what is found, why, and what people decide about it.

#[path = "../support/mod.rs"]
mod support;

mod bad_input;
mod cases;
mod contradictions;
mod decide;
mod decisions;
mod found;
mod index;
mod index_file;
mod like;
mod lookalikes;
mod refit;
mod review_terminal;
mod rules;
