//! `config`: each setting, its value and where it comes from.

use std::fmt::Write;

use clap::{Args, ValueEnum};
use errlore::corpus::{self, Request};
use errlore::{Error, Result, visible};

use super::{Global, Status};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// How to write the settings
    #[arg(long, value_enum, default_value = "text")]
    format: ListFormat,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum ListFormat {
    Text,
    Json,
}

pub(super) fn run(global: &Global, arguments: &Arguments) -> Result<Status> {
    let working_directory = std::env::current_dir()
        .map_err(|error| Error::io(format!("cannot find the working directory: {error}")))?;
    let home = std::env::var_os("HOME").or_else(|| std::env::var_os("USERPROFILE"));
    let loaded = corpus::settings(&Request {
        working_directory,
        home: home.map(Into::into),
        config: global.config.clone(),
        ..Request::default()
    })?;
    let file = loaded.file.as_ref().map(|(_, source)| visible::name(source.name()).into_owned());
    let value = serde_json::to_value(&loaded.config).expect("plain data serialises");
    let mut settings = Vec::new();
    flatten("", &value, &mut settings);
    let mut out = String::new();
    match arguments.format {
        ListFormat::Text => {
            match &file {
                Some(file) => writeln!(out, "# from {file}"),
                None => writeln!(out, "# no errlore.toml above here: the defaults serve"),
            }
            .expect("a string takes all");
            for (key, value) in &settings {
                let origin = origin(key, &loaded.set_in_file);
                let value = value.to_string();
                writeln!(out, "{} = {}  # {origin}", visible::name(key), visible::name(&value))
                    .expect("a string takes all");
            }
        }
        ListFormat::Json => {
            let list: Vec<_> = settings
                .iter()
                .map(|(key, value)| {
                    serde_json::json!({"key": key, "value": value, "origin": origin(key, &loaded.set_in_file)})
                })
                .collect();
            let document = serde_json::json!({"file": file, "settings": list});
            out = serde_json::to_string_pretty(&document).expect("plain data serialises") + "\n";
        }
    }
    super::print(&out)?;
    Ok(Status::Clean)
}

fn origin(key: &str, set_in_file: &[String]) -> &'static str {
    if set_in_file.iter().any(|set| set == key) { "errlore.toml" } else { "default" }
}

/// The settings by dotted name, each on its own.
fn flatten(prefix: &str, value: &serde_json::Value, out: &mut Vec<(String, serde_json::Value)>) {
    match value {
        serde_json::Value::Object(members)
            if !members.is_empty() && prefix.matches('.').count() < 1 =>
        {
            for (key, value) in members {
                let name = if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") };
                flatten(&name, value, out);
            }
        }
        _ => out.push((prefix.to_owned(), value.clone())),
    }
}
