//! The configuration: `errlore.toml` at the root of a knowledge base.
//!
//! `schema/config.schema.json` is its contract; the file is held against it, so that a typo is an
//! error with a place and a guess. Without a file the defaults serve.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use chrono::NaiveDate;
use globset::{Glob, GlobMatcher};
use serde::{Deserialize, Serialize};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::diagnostic::{Level, Severity};
use crate::error::{Error, Result};
pub use crate::pattern::Case;
use crate::pointer::JsonPointer;
use crate::schema::Part;
use crate::source::{Source, Span};
use crate::suggest::did_you_begin;
use crate::visible;

/// The name of the file.
pub const FILE_NAME: &str = "errlore.toml";

/// The configuration of a knowledge base.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
pub struct Config {
    /// The folders that hold the entries, relative to the root.
    pub entries: Vec<String>,
    /// A larger file is not read, in bytes.
    pub max_file_size: u64,
    /// After how many days without a confirmation an entry is stale.
    pub stale_after_days: u32,
    /// The least severity of a finding that fails a check.
    pub fail_on: Severity,
    /// How consumers use a pattern.
    pub regex: RegexConfig,
    /// What a finding of a rule counts as, where that differs from the rule's own severity.
    pub rules: BTreeMap<String, Level>,
    /// Findings that are known and accepted.
    pub ignore: Vec<Ignore>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            entries: vec!["entries".to_owned()],
            max_file_size: 10_000_000,
            stale_after_days: 730,
            fail_on: Severity::Error,
            regex: RegexConfig::default(),
            rules: BTreeMap::new(),
            ignore: Vec::new(),
        }
    }
}

/// How consumers of the knowledge base use a pattern.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
pub struct RegexConfig {
    /// Whether a look-up ignores case.
    pub case: Case,
    /// The engines that consumers run.
    pub engines: Vec<String>,
    /// How many other entries' messages a pattern may find.
    pub max_others: usize,
}

impl Default for RegexConfig {
    fn default() -> Self {
        let engines = ["rust", "python", "javascript", "pcre2", "re2"].map(str::to_owned).to_vec();
        Self { case: Case::Insensitive, engines, max_others: 3 }
    }
}

/// A finding that is known and accepted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ignore {
    /// The rule.
    pub rule: String,
    /// A glob over the ids of entries; `*` also crosses `/`.
    #[serde(default = "any_entry")]
    pub entry: String,
    /// Why.
    pub reason: String,
    /// The last day on which it holds.
    #[serde(default)]
    pub until: Option<NaiveDate>,
    /// Where in the file it stands.
    #[serde(skip)]
    pub span: Span,
}

fn any_entry() -> String {
    "*".to_owned()
}

impl Ignore {
    /// Whether it no longer holds.
    pub fn is_expired(&self, today: NaiveDate) -> bool {
        self.until.is_some_and(|until| until < today)
    }

    /// Whether it takes away the findings of a rule in an entry.
    pub fn holds(&self, rule: &str, entry: &str, today: NaiveDate) -> bool {
        self.rule == rule
            && !self.is_expired(today)
            && self.matcher().is_some_and(|glob| glob.is_match(entry))
    }

    /// The glob over ids, ready to use. The configuration has been checked: it compiles.
    pub fn matcher(&self) -> Option<GlobMatcher> {
        Glob::new(&self.entry).ok().map(|glob| glob.compile_matcher())
    }
}

/// A configuration and the file it came from.
#[derive(Clone, Debug, Default)]
pub struct Loaded {
    /// The configuration.
    pub config: Config,
    /// The file and its text, if there is one.
    pub file: Option<(PathBuf, Source)>,
    /// The keys that the file sets, in dotted form.
    pub set_in_file: Vec<String>,
}

/// Where the knowledge base around a folder is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// Its root. Where there is no knowledge base, the root of the git work tree, if there is one.
    pub root: Option<PathBuf>,
    /// Its configuration file, if it has one.
    pub file: Option<PathBuf>,
    /// Whether there is a knowledge base at all.
    pub is_base: bool,
    /// Its folders of entries, there or not.
    pub entries: Vec<PathBuf>,
}

/// Finds the knowledge base around a folder: the nearest folder above, up to the root of the git work
/// tree, that holds `errlore.toml` or a folder of entries. What a knowledge base has among its entries is of
/// no other one below it, whatever configuration is there, and in submodules too. Of the home folder only the
/// entries count, never a configuration, unless it is itself a work tree; what is above it is not looked at.
///
/// `entries` are the folders of entries where they are told; else they are those of each `errlore.toml`.
pub fn discover(start: &Path, home: Option<&Path>, entries: Option<&[String]>) -> Place {
    let mut above = Vec::new();
    let mut place = Place::default();
    for folder in start.ancestors() {
        let git = folder.join(".git");
        let is_work_tree = git.exists();
        let is_home = home == Some(folder) && !is_work_tree;
        above.push((folder, is_home));
        if is_work_tree {
            place.root = Some(folder.to_owned());
            // A submodule may be a part of what its superproject holds.
            if let (true, Some(parent)) = (git.is_file(), folder.parent()) {
                let outer = discover(parent, home, entries);
                if outer.holds(folder) {
                    return outer;
                }
            }
        }
        if is_work_tree || is_home {
            break;
        }
    }
    for (folder, is_home) in above.into_iter().rev() {
        if place.holds(start) {
            break;
        }
        let file = Some(folder.join(FILE_NAME)).filter(|file| !is_home && file.is_file());
        let names = entries
            .map(<[String]>::to_vec)
            .or_else(|| file.as_deref().and_then(entries_of))
            .unwrap_or_else(|| Config::default().entries);
        let entries: Vec<PathBuf> = names.iter().map(|name| folder.join(name)).collect();
        let mut there = entries.iter().filter(|entries| is_folder_or_link(entries)).peekable();
        let is_base = file.is_some() || there.peek().is_some();
        // With `entries = ["data/entries"]`, `data` is no root.
        let is_another = there.peek().is_none() || !there.all(|entries| place.holds(entries));
        if is_base && is_another {
            place = Place { root: Some(folder.to_owned()), file, is_base: true, entries };
        }
    }
    place
}

impl Place {
    /// Whether a path lies among the entries.
    pub fn holds(&self, path: &Path) -> bool {
        self.entries.iter().any(|entries| path.starts_with(entries))
    }

    /// Whether a folder of entries lies at a path or below it, there or not.
    pub fn is_below(&self, path: &Path) -> bool {
        self.entries.iter().any(|entries| entries.starts_with(path))
    }
}

/// Whether a folder of entries is there. A link is one that is not read, which has to be said.
fn is_folder_or_link(path: &Path) -> bool {
    path.symlink_metadata().is_ok_and(|found| found.is_dir() || found.is_symlink())
}

/// The folders of entries that a configuration names, whatever else may be wrong with it.
fn entries_of(file: &Path) -> Option<Vec<String>> {
    let text = std::fs::read_to_string(file).ok()?;
    let table = object(DeTable::parse(&text).ok()?.get_ref());
    let names = table.get("entries")?.as_array()?.iter();
    Some(names.filter_map(|name| name.as_str().map(str::to_owned)).collect())
}

/// Reads a configuration file; `name` is what to call it in messages.
pub fn load(path: &Path, name: &str) -> Result<Loaded> {
    let text = std::fs::read_to_string(path).map_err(|error| Error::path("read", path, &error))?;
    let source = Source::new(name, text);
    let (config, set_in_file) = parse(&source)?;
    Ok(Loaded { config, file: Some((path.to_owned(), source)), set_in_file })
}

/// Parses the text of a configuration file; also gives the dotted names of the keys it sets.
pub fn parse(source: &Source) -> Result<(Config, Vec<String>)> {
    let fault = |span: Span, message: &str, help: Option<String>| {
        let place = source.line_column(span.start);
        let error = Error::config(format!("{}:{place}: {message}", visible::name(source.name())));
        match help {
            Some(help) => error.with_help(help),
            None => error,
        }
    };
    let table = DeTable::parse(source.text()).map_err(|error| {
        let span = error.span().map(|span| Span::new(span.start, span.end)).unwrap_or_default();
        fault(span, &visible::name(error.message()), None)
    })?;
    let json = object(table.get_ref());
    let text = json.to_string();
    let tree =
        crate::json::parse(&text).map_err(|error| fault(Span::default(), &error.message, None))?;
    let root = tree.root(&text).ok_or_else(|| Error::config("no configuration"))?;

    let mut violations = crate::schema::config_schema().violations(root);
    violations.sort_by_key(|violation| span_of(&table, &violation.pointer, violation.part).start);
    if let Some(first) = violations.into_iter().next() {
        let span = span_of(&table, &first.pointer, first.part);
        // An `x-` key is a thing of entries.
        let help = first.help.filter(|help| !help.contains("`x-")).or_else(|| {
            let is_rule =
                first.part == Part::UnknownKey && first.pointer.steps().next()? == "rules";
            is_rule.then(|| "`errlore rules` lists them".to_owned())
        });
        return Err(fault(span, &first.message, help));
    }
    let mut config: Config = crate::json::deserialize(root, &[])
        .map_err(|error| fault(Span::default(), &error.to_string(), None))?;
    for (index, ignore) in config.ignore.iter_mut().enumerate() {
        let at = crate::pointer!["ignore", index];
        ignore.span = span_of(&table, &at.clone().join("rule"), Part::Value);
        if !crate::schema::rule_ids().any(|id| id == ignore.rule) {
            let help = did_you_begin(&ignore.rule, crate::schema::rule_ids());
            return Err(fault(
                ignore.span,
                &format!("no rule is called {}", visible::quote(&ignore.rule)),
                Some(help.map_or_else(
                    || "`errlore rules` lists them".to_owned(),
                    |id| format!("did you mean `{id}`?"),
                )),
            ));
        }
        if let Err(error) = Glob::new(&ignore.entry) {
            let span = span_of(&table, &at.join("entry"), Part::Value);
            return Err(fault(
                span,
                &format!("{} is no glob: {}", visible::quote(&ignore.entry), error.kind()),
                None,
            ));
        }
    }
    let set = json.as_object().into_iter().flatten().flat_map(|(key, value)| match value {
        serde_json::Value::Object(members) => {
            members.keys().map(|inner| format!("{key}.{inner}")).collect()
        }
        _ => vec![key.clone()],
    });
    Ok((config, set.collect()))
}

/// A TOML table as the JSON that means the same; a date becomes its text.
fn object(table: &DeTable<'_>) -> serde_json::Value {
    let members =
        table.iter().map(|(key, value)| (key.get_ref().to_string(), json(value.get_ref())));
    serde_json::Value::Object(members.collect())
}

fn json(value: &DeValue<'_>) -> serde_json::Value {
    match value {
        DeValue::String(text) => text.as_ref().into(),
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix())
            .map_or(serde_json::Value::Null, Into::into),
        DeValue::Float(number) => {
            f64::from_str(number.as_str()).map_or(serde_json::Value::Null, Into::into)
        }
        DeValue::Boolean(boolean) => (*boolean).into(),
        DeValue::Datetime(date) => date.to_string().into(),
        DeValue::Array(items) => items.iter().map(|item| json(item.get_ref())).collect(),
        DeValue::Table(table) => object(table),
    }
}

/// Where in the file the value, or the key, at a pointer stands; of what is missing, what should
/// hold it.
fn span_of(table: &Spanned<DeTable<'_>>, pointer: &JsonPointer, part: Part) -> Span {
    let mut spans = vec![(0..0, 0..0)];
    let mut at: Option<&DeValue<'_>> = None;
    for step in pointer.steps() {
        let next = match at {
            None => table.get_ref().get_key_value(step.as_ref()),
            Some(DeValue::Table(table)) => table.get_key_value(step.as_ref()),
            Some(DeValue::Array(items)) => {
                let item = step.parse::<usize>().ok().and_then(|index| items.get(index));
                let Some(item) = item else { break };
                spans.push((item.span(), item.span()));
                at = Some(item.get_ref());
                continue;
            }
            _ => None,
        };
        let Some((key, value)) = next else { break };
        spans.push((key.span(), value.span()));
        at = Some(value.get_ref());
    }
    let (key, value) = spans.pop().unwrap_or_default();
    let range = if part == Part::Value { value } else { key };
    Span::new(range.start, range.end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(text: &str) -> String {
        let error = parse(&Source::new("errlore.toml", text)).expect_err(text);
        error.help().map_or_else(|| error.to_string(), |help| format!("{error}; {help}"))
    }

    #[test]
    fn the_defaults_are_those_of_the_schema() {
        let (empty, set) = parse(&Source::new("errlore.toml", "")).expect("an empty file");
        assert_eq!((empty, set), (Config::default(), Vec::new()));
        let schema: serde_json::Value =
            serde_json::from_str(crate::schema::CONFIG_SCHEMA).expect("JSON");
        let defaults = serde_json::to_value(Config::default()).expect("serialises");
        for (key, value) in defaults.as_object().expect("an object") {
            let property = &schema["properties"][key];
            match value {
                serde_json::Value::Object(members) => {
                    for (inner, value) in members {
                        assert_eq!(
                            &property["properties"][inner]["default"], value,
                            "{key}.{inner}"
                        );
                    }
                }
                _ => assert_eq!(&property["default"], value, "{key}"),
            }
        }
    }

    #[test]
    fn a_typo_has_a_place_and_a_guess() {
        assert_eq!(
            fault("\n[rule]\nstale-entry = 'off'\n"),
            "errlore.toml:2:2: unknown key `rule`; did you mean `rules`?"
        );
        assert_eq!(
            fault("[rules]\nstale-entri = 'off'\n"),
            "errlore.toml:2:1: unknown key `stale-entri`; did you mean `stale-entry`?"
        );
        assert_eq!(
            fault("[rules]\nstale-entry = 'warn'\n"),
            "errlore.toml:2:15: `warn` is not one of `\"off\"`, `\"note\"`, `\"warning\"`, `\"error\"`; did you mean `\"warning\"`?"
        );
        assert_eq!(
            fault("[[ignore]]\nrule = 'stale-entry'\n"),
            "errlore.toml:1:1: the key `reason` is missing; for example `\"reason\": \"protocol text does not age\"`"
        );
        assert_eq!(
            fault("[[ignore]]\nrule = 'stale'\nreason = 'x'\n"),
            "errlore.toml:2:8: no rule is called `stale`; did you mean `stale-entry`?"
        );
        assert!(fault("entries = [\n").starts_with("errlore.toml:"), "{}", fault("entries = [\n"));
    }

    #[test]
    fn a_toml_date_is_a_date() {
        let text = "[[ignore]]\nrule = 'stale-entry'\nreason = 'x'\nuntil = 2027-01-01\n";
        let (config, _) = parse(&Source::new("errlore.toml", text)).expect("valid");
        assert_eq!(config.ignore[0].until, NaiveDate::from_ymd_opt(2027, 1, 1));
        assert_eq!(config.ignore[0].entry, "*");
    }
}
