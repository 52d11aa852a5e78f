//! `explain`: what a rule finds, why, and examples.

use clap::Args;
use errlore::suggest::did_you_begin;
use errlore::wrap::options;
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
        fitted(rule.docs().trim_start(), super::width())
    ))?;
    Ok(Status::Clean)
}

/// Paragraphs and items with their lines broken anew; headings and examples stay as they are.
fn fitted(docs: &str, width: usize) -> String {
    let (mut out, mut prose, mut is_example) = (String::new(), String::new(), false);
    for line in docs.lines().chain([""]) {
        let is_fence = line.starts_with("```");
        let is_kept = is_example || is_fence || line.is_empty() || line.starts_with('#');
        if (is_kept || line.starts_with("- ")) && !prose.is_empty() {
            let indent = if prose.starts_with("- ") { "  " } else { "" };
            out += &textwrap::fill(&prose, options(width).subsequent_indent(indent));
            out.push('\n');
            prose.clear();
        }
        is_example ^= is_fence;
        if is_kept {
            out += line;
            out.push('\n');
        } else {
            let blank = if prose.is_empty() { "" } else { " " };
            prose += &format!("{blank}{}", line.trim());
        }
    }
    out.truncate(out.trim_end().len() + 1);
    out
}
