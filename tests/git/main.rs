//! errlore in git: revisions, the merge driver, installing it, and the audit of merges.

#[path = "../support/mod.rs"]
mod support;

mod asked;
mod audit;
mod cases;
mod driver;
mod install;
mod show;
