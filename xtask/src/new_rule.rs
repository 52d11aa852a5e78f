//! `new-rule`: the file of a rule and its line in `src/rules.rs`.
//!
//! The form is that of an existing rule, so that there is no template to keep in step.

use std::fs::OpenOptions;
use std::io::Write;

use clap::Args;
use errlore::{Error, Result, rules};

use crate::repository;

const LIST: &str = "src/rules.rs";
const MODEL: &str = include_str!("../../src/rules/date_in_future.rs");
const MODEL_ID: &str = "date-in-future";

/// The rules about ignores come last: they look at what the others found.
const FIRST_OF_THE_LAST: &str = "    unused_ignore,\n";

const DOCS: &str = r#"//! TODO: what the rule finds, in one sentence about the entry.
//!
//! # Why
//! TODO: what it costs the reader of an entry.
//!
//! # Bad
//! ```json
//! {"signature": "TODO: a merge patch on src/rules/minimal_entry.json that this rule alone reports"}
//! ```
//!
//! # Good
//! ```json
//! {"signature": "No space left on device"}
//! ```
"#;

const BODY: &str = r#"fn check(cx: &EntryContext<'_>, found: &mut Findings) {
    if cx.entry.signature.starts_with("TODO") {
        found.add(pointer!["signature"], "TODO: what is wrong").help("TODO: what to do");
    }
}
"#;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The name of the fault, such as `date-in-future`: "allow <ID>" should read well
    id: String,
}

/// Makes the file and adds the line.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let id = arguments.id.as_str();
    if let Some(fault) = fault_of(id) {
        return Err(Error::config(format!("`{id}` is no name for a rule: {fault}"))
            .with_help("name the fault in small letters with hyphens, such as `date-in-future`"));
    }
    let module = id.replace('-', "_");
    let list = repository::read(LIST)?;
    if rules::find(id).is_some() || list.contains(&format!("    {module},\n")) {
        return Err(Error::config(format!("there is a rule `{id}` already"))
            .with_help(format!("edit src/rules/{module}.rs, or choose another name")));
    }
    let list = with_module(&list, &module)?;
    let text = rule_file(id, &module, &version()?)?;
    let path = format!("src/rules/{module}.rs");
    // Never over an existing file, whoever made it.
    let file = repository::root().join(&path);
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(&file)
        .and_then(|mut file| file.write_all(text.as_bytes()))
        .map_err(|error| Error::path("make", &file, &error))?;
    repository::write(LIST, &list)?;
    crate::print(&format!(
        "wrote {path}\nadded `{module}` to {LIST}: move it to where it belongs in RULES.md\n\nnext:\n  \
         1. fill in every TODO of {path}; the comment at its head is documentation and test\n  \
         2. cargo test --workspace\n  \
         3. cargo xtask codegen\n"
    ))
}

/// What is wrong with an id, if anything.
fn fault_of(id: &str) -> Option<&'static str> {
    if !id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-') {
        return Some("only a-z, 0-9 and hyphens are used");
    }
    let mut words = id.split('-');
    if words.any(str::is_empty) {
        return Some("a hyphen stands between two words");
    }
    match id {
        _ if id.starts_with(|c: char| c.is_ascii_digit()) => Some("it begins with a letter"),
        // One word is too little to name a fault, and may be a keyword of Rust.
        _ if !id.contains('-') => Some("it has at least two words"),
        _ => None,
    }
}

/// The list of rules with one more.
fn with_module(list: &str, module: &str) -> Result<String> {
    let at = list.find(FIRST_OF_THE_LAST).ok_or_else(|| {
        Error::config(format!("{LIST} has no line `{}`", FIRST_OF_THE_LAST.trim()))
            .with_help("set FIRST_OF_THE_LAST in xtask/src/new_rule.rs to a line of the list")
    })?;
    let (before, after) = list.split_at(at);
    Ok(format!("{before}    {module},\n{after}"))
}

/// The version that will bring the rule: that of the package.
fn version() -> Result<String> {
    let manifest = repository::read("Cargo.toml")?;
    let line =
        manifest.lines().find_map(|line| line.strip_prefix("version = \"")?.strip_suffix('"'));
    line.map(str::to_owned).ok_or_else(|| {
        Error::config("Cargo.toml has no line `version = \"…\"`")
            .with_help("give the package a version")
    })
}

/// The text of a new rule: the model's declarations, and a check to fill in.
fn rule_file(id: &str, module: &str, version: &str) -> Result<String> {
    let start = MODEL.find("\nuse ");
    let end = MODEL.find("\nfn check(");
    let (Some(start), Some(end)) = (start, end) else {
        return Err(Error::config(format!("the rule `{MODEL_ID}` is no model any more"))
            .with_help("choose another rule in xtask/src/new_rule.rs"));
    };
    let declarations: String = MODEL[start..=end]
        .lines()
        .map(|line| match line.trim_start() {
            field if field.starts_with("since:") => format!("    since: \"{version}\",\n"),
            field if field.starts_with("group:") => {
                format!("{line} // TODO: what it is about.\n")
            }
            _ => format!("{line}\n"),
        })
        .collect();
    let declarations =
        declarations.replace(MODEL_ID, id).replace(&MODEL_ID.replace('-', "_"), module);
    Ok(format!("{DOCS}{declarations}{BODY}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_name_a_fault_in_words() {
        for good in ["date-in-future", "regex-2-long"] {
            assert_eq!(fault_of(good), None, "{good}");
        }
        for bad in [
            "",
            "Date-order",
            "date_order",
            "date--order",
            "-a-b",
            "a-b-",
            "2-much",
            "match",
            "a/b",
            "é-a",
        ] {
            assert!(fault_of(bad).is_some(), "{bad}");
        }
    }

    #[test]
    fn a_new_rule_has_the_form_of_the_others() {
        let text = rule_file("some-fault", "some_fault", "9.8.7").expect("the model serves");
        for part in [
            "use crate::rule::{",
            "pub(super) static RULE: Rule = Rule {\n    id: \"some-fault\",\n",
            "    since: \"9.8.7\",\n    source: include_str!(\"some_fault.rs\"),\n",
            "};\n\nfn check(",
        ] {
            assert!(text.contains(part), "{part}\n{text}");
        }
        assert!(!text.contains(MODEL_ID) && !text.contains("\n\n\n"), "{text}");
        // What the check uses must be what the model's `use` lines bring.
        assert!(MODEL.contains("use crate::pointer;") && MODEL.contains("Check::Entry(check)"));
    }

    #[test]
    fn the_list_keeps_the_rules_about_ignores_last() {
        let list = repository::read(LIST).expect("the list is there");
        let longer = with_module(&list, "some_fault").expect("there is a place");
        assert_eq!(longer.replace("    some_fault,\n", ""), list);
        assert!(longer.find("some_fault") < longer.find("unused_ignore"));
        assert!(with_module("rules! {}", "some_fault").is_err());
    }
}
