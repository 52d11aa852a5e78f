//! `config`: each setting, its value and where it comes from.

use std::fmt::Write;

use clap::{Args, CommandFactory};
use errlore::config::FILE_NAME;
use errlore::{Result, visible};

use super::output::{ListFormat, json};
use super::{Cli, Global, Status, input};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// How to write the settings
    #[arg(long, value_enum, default_value = "text")]
    format: ListFormat,
}

pub(super) fn run(global: &Global, arguments: &Arguments) -> Result<Status> {
    let loaded = input::settings(global)?;
    let file = loaded.file.as_ref().map(|(_, source)| visible::name(source.name()).into_owned());
    let value = serde_json::to_value(&loaded.config).expect("plain data serialises");
    let mut in_file = Vec::new();
    flatten("", &value, &mut in_file);
    let is_in_file = |option: &Setting| in_file.iter().any(|(key, _)| option.is_called(key));
    let (shared, mut settings): (Vec<_>, Vec<_>) = options().into_iter().partition(is_in_file);
    settings.extend(in_file.into_iter().map(|(key, value)| {
        // The environment goes before the file.
        let option = shared.iter().find(|option| option.is_called(&key));
        if let Some(Setting { value, origin, .. }) = option.filter(|option| option.is_set()) {
            return Setting { key, value: value.clone(), origin: origin.clone() };
        }
        let origin = if loaded.set_in_file.contains(&key) { FILE_NAME } else { DEFAULT };
        Setting { key, value, origin: origin.to_owned() }
    }));
    let mut out = String::new();
    match arguments.format {
        ListFormat::Text => {
            match &file {
                Some(file) => writeln!(out, "# from {file}"),
                None => writeln!(out, "# no errlore.toml above here: the defaults serve"),
            }
            .expect("a string takes all");
            for Setting { key, value, origin } in &settings {
                let value = value.to_string();
                writeln!(out, "{} = {}  # {origin}", visible::name(key), visible::name(&value))
                    .expect("a string takes all");
            }
        }
        ListFormat::Json => {
            let list: Vec<_> = settings
                .iter()
                .map(|Setting { key, value, origin }| {
                    serde_json::json!({"key": key, "value": value, "origin": origin})
                })
                .collect();
            out = json(&serde_json::json!({"file": file, "settings": list}))?;
        }
    }
    super::print(&out)?;
    Ok(Status::Clean)
}

/// A setting, its value and where it comes from.
struct Setting {
    key: String,
    value: serde_json::Value,
    origin: String,
}

/// The origin of what nobody has set.
const DEFAULT: &str = "default";

impl Setting {
    /// Whether it is the option for a key of the file.
    fn is_called(&self, key: &str) -> bool {
        self.key.strip_prefix("--") == Some(key)
    }

    fn is_set(&self) -> bool {
        self.origin != DEFAULT
    }
}

/// The options of a check that a variable of the environment can set, as the command line declares them.
fn options() -> Vec<Setting> {
    let command = Cli::command();
    let check = command.get_subcommands().find(|command| command.get_name() == "check");
    let arguments =
        command.get_arguments().chain(check.into_iter().flat_map(clap::Command::get_arguments));
    let mut settings: Vec<Setting> = arguments
        .filter_map(|argument| {
            let (name, variable) = (argument.get_long()?, argument.get_env()?.to_str()?);
            let default = argument
                .get_default_values()
                .first()
                .map(|value| value.to_string_lossy().into_owned());
            let set = std::env::var(variable).ok().filter(|value| !value.is_empty());
            let (value, origin) = match set {
                Some(value) => (Some(value), variable.to_owned()),
                None => (default, DEFAULT.to_owned()),
            };
            Some(Setting { key: format!("--{name}"), value: value.into(), origin })
        })
        .collect();
    settings.sort_by(|a, b| a.key.cmp(&b.key));
    settings
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
