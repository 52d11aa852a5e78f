//! `rules`: the list of rules.

use std::fmt::Write;

use clap::Args;
use errlore::Result;

use super::Status;
use super::output::{ListFormat, json};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// How to write the list
    #[arg(long, value_enum, default_value = "text")]
    format: ListFormat,
}

pub(super) fn run(arguments: &Arguments) -> Result<Status> {
    let rules = errlore::rules::all();
    let mut out = String::new();
    match arguments.format {
        ListFormat::Text => {
            let widest = rules.iter().map(|rule| rule.id.len()).max().unwrap_or(0);
            for (at, rule) in rules.iter().enumerate() {
                if at == 0 || rules[at - 1].group != rule.group {
                    let gap = if at == 0 { "" } else { "\n" };
                    writeln!(out, "{gap}{}", rule.group.title()).expect("a string takes all");
                }
                let line = format!("  {:widest$}  {:7}  ", rule.id, rule.level.as_str());
                let indent = " ".repeat(line.len());
                let room = super::width().saturating_sub(line.len()).max(20);
                let summary = textwrap::wrap(&rule.summary(), room).join(&format!("\n{indent}"));
                writeln!(out, "{line}{summary}").expect("a string takes all");
            }
        }
        ListFormat::Json => {
            let list: Vec<_> = rules
                .iter()
                .map(|rule| {
                    serde_json::json!({
                        "id": rule.id,
                        "group": rule.group,
                        "level": rule.level.as_str(),
                        "summary": rule.summary(),
                        "since": rule.since,
                    })
                })
                .collect();
            out = json(&serde_json::json!({"rules": list}))?;
        }
    }
    super::print(&out)?;
    Ok(Status::Clean)
}
