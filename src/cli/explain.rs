//! `explain`: what a rule finds, why, and examples.

use clap::Args;
use errlore::suggest::did_you_begin;
use errlore::{Error, Result, rules, visible};

use super::Status;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The rule, such as regex-misses-signature
    #[arg(value_name = "RULE")]
    rule: String,
}

pub(super) fn run(arguments: &Arguments) -> Result<Status> {
    let Some(rule) = rules::find(&arguments.rule) else {
        let error = Error::config(format!("no rule is called {}", visible::quote(&arguments.rule)));
        let guess = did_you_begin(&arguments.rule, rules::all().iter().map(|rule| rule.id));
        return Err(error.with_help(guess.map_or_else(
            || "`errlore rules` lists them".to_owned(),
            |guess| format!("did you mean `{guess}`?"),
        )));
    };
    super::print(&format!(
        "{} ({}, since {})\n\n{}",
        rule.id,
        rule.level.as_str(),
        rule.since,
        rule.docs().trim_start()
    ))?;
    Ok(Status::Clean)
}
