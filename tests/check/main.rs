//! Checking entries: rules, the schema, files and folders, configuration, reports, fixes, bad input.

#[path = "../support/mod.rs"]
mod support;

mod bad_input;
mod bad_input_cuts;
mod bad_input_paths;
mod bad_input_sizes;
mod bad_input_sources;
mod bad_input_targets;
mod bad_input_terminal;
mod bad_input_values;
mod canonical;
mod cases;
mod config;
mod findings;
mod fix;
mod fmt;
mod knowledge_bases;
mod outputs;
mod real_data;
mod report;
mod rules;
mod schema;
mod scope;
mod since_old_and_new;
