//! Who may know whom: the table of the architecture, read off the `use` lines.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Files below a path that must not name the modules or crates beside it.
const FORBIDDEN: &[(&str, &[&str])] = &[
    ("src/source.rs", &["crate::"]),
    ("src/pointer.rs", &["use crate::"]),
    ("src/fields.rs", &["crate::entry", "crate::json", "crate::schema", "crate::diagnostic"]),
    (
        "src/entry",
        &["crate::source", "crate::diagnostic", "crate::json", "crate::rule", "crate::corpus"],
    ),
    (
        "src/canonical.rs",
        &["crate::source", "crate::diagnostic", "crate::json", "crate::rule", "crate::corpus"],
    ),
    (
        "src/json",
        &["crate::schema", "crate::rule", "crate::corpus", "crate::entry", "crate::diagnostic"],
    ),
    ("src/schema", &["crate::rule;", "crate::corpus", "crate::entry", "crate::report"]),
    (
        "src/rules/",
        &[
            "crate::report",
            "crate::rules",
            "std::fs",
            "std::env",
            "Local::now",
            "Utc::now",
            "std::time",
        ],
    ),
    ("src/report", &["crate::corpus", "crate::entry", "crate::rule", "std::fs", "std::env"]),
    (
        "src/render",
        &[
            "crate::source",
            "crate::diagnostic",
            "crate::json",
            "crate::rule",
            "crate::corpus",
            "crate::report",
        ],
    ),
    (
        "src/duplicates",
        &[
            "crate::source",
            "crate::diagnostic",
            "crate::json",
            "crate::rule",
            "crate::corpus",
            "crate::report",
        ],
    ),
    (
        "src/diff",
        &[
            "crate::source",
            "crate::diagnostic",
            "crate::json",
            "crate::rule",
            "crate::corpus",
            "crate::report",
        ],
    ),
    ("src/effects", &["crate::rule", "crate::report", "crate::source", "crate::diagnostic"]),
    ("src/normalize", &["crate::corpus", "crate::render", "crate::check", "std::env"]),
    (
        "src/normalize/page",
        &["normalize::markdown", "normalize::html", "normalize::text", "normalize::json"],
    ),
    ("src", &["crate::cli", "errlore::cli"]),
];

/// Crates and calls that have one owner.
const OWNED: &[(&str, &[&str])] = &[
    ("clap::", &["src/cli"]),
    ("indicatif::", &["src/cli/normalize"]),
    ("pulldown_cmark::", &["src/normalize/markdown.rs"]),
    ("html5gum::", &["src/normalize/html.rs"]),
    ("jsonschema::", &["src/schema"]),
    ("annotate_snippets::", &["src/report/text.rs"]),
    ("toml::", &["src/config.rs"]),
    ("ignore::", &["src/corpus"]),
    ("url::", &["src/web.rs"]),
    ("aho_corasick::", &["src/pattern"]),
    ("regex::Regex", &["src/pattern"]),
    ("regex_syntax::", &["src/pattern"]),
    ("unicode_normalization::", &["src/canonical.rs", "src/rules/not_normalized.rs"]),
    ("anstream::", &["src/cli"]),
    ("tempfile::", &["src/cli"]),
    ("std::process::Command", &["src/git", "src/cli/regex/engines"]),
    ("Command::new", &["src/git", "src/cli/regex/engines"]),
    ("fs::", &["src/corpus", "src/config.rs", "src/git", "src/cli"]),
    ("std::env", &["src/cli", "src/git/run.rs"]),
    ("println!", &["src/cli"]),
    ("print!", &["src/cli"]),
];

/// Folders that could be crates of their own: they name nothing of this one but themselves.
const ALONE: &[(&str, &str)] = &[("src/pattern", "crate::pattern")];

fn sources() -> Vec<(String, String)> {
    fn collect(folder: &Path, out: &mut Vec<PathBuf>) {
        for item in fs::read_dir(folder).expect("a folder of sources") {
            let path = item.expect("an item").path();
            if path.is_dir() {
                collect(&path, out);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                out.push(path);
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths = Vec::new();
    collect(&root.join("src"), &mut paths);
    paths.sort();
    let relative = |path: &Path| {
        path.strip_prefix(root).expect("below the root").to_string_lossy().replace('\\', "/")
    };
    paths.iter().map(|path| (relative(path), fs::read_to_string(path).expect("a source"))).collect()
}

/// The lines of a source that are code and no test.
fn code(text: &str) -> impl Iterator<Item = &str> {
    text.lines()
        .take_while(|line| !line.starts_with("#[cfg(test)]"))
        .map(str::trim)
        .filter(|line| !line.starts_with("//"))
}

#[test]
fn the_house_keeps_its_walls() {
    for (path, text) in sources() {
        for (place, forbidden) in FORBIDDEN {
            if path.starts_with(place) {
                for line in code(&text) {
                    for name in *forbidden {
                        assert!(!line.contains(name), "{path} must not name {name}: {line}");
                    }
                }
            }
        }
        for (place, itself) in ALONE {
            if path.starts_with(place) {
                // Tests too: a crate takes them along.
                for line in text.lines().filter(|line| !line.trim().starts_with("//!")) {
                    let own = line.matches(itself).count();
                    let all = line.matches("crate::").count();
                    assert!(all == own, "{path} must name nothing outside of {itself}: {line}");
                    assert!(!line.contains("errlore::"), "{path} must not name errlore: {line}");
                }
            }
        }
        for (name, owners) in OWNED {
            if !owners.iter().any(|owner| path.starts_with(owner)) {
                for line in code(&text) {
                    let found = line.match_indices(name).any(|(at, _)| {
                        !line[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':')
                    });
                    assert!(!found, "{path} must leave {name} to {owners:?}: {line}");
                }
            }
        }
    }
}

/// The modules at the top of the library that a source names.
fn rooms_named(text: &str) -> BTreeSet<String> {
    let code: String = code(text).collect::<Vec<_>>().join(" ");
    let mut rooms = BTreeSet::new();
    for (at, found) in code.match_indices("crate::") {
        let rest = &code[at + found.len()..];
        let name = |text: &str| -> String {
            text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
        };
        match rest.strip_prefix('{').and_then(|list| list.split_once("};")) {
            Some((list, _)) => {
                let mut depth = 0;
                for part in list.split_inclusive(['{', '}', ',']) {
                    if depth == 0 {
                        rooms.insert(name(part));
                    }
                    depth += part.matches('{').count();
                    depth -= part.matches('}').count();
                }
            }
            None => _ = rooms.insert(name(rest)),
        }
    }
    rooms
}

#[test]
fn no_two_rooms_know_each_other() {
    let mut known: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (path, text) in sources() {
        let room = path["src/".len()..].split(['/', '.']).next().unwrap_or_default();
        if !matches!(room, "cli" | "main" | "lib") && !path.ends_with("tests.rs") {
            known.entry(room.to_owned()).or_default().extend(rooms_named(&text));
        }
    }
    let rooms: BTreeSet<String> = known.keys().cloned().collect();
    for (room, others) in &mut known {
        others.retain(|other| rooms.contains(other) && other != room);
    }
    assert!(known["check"].contains("rule") && known["rules"].contains("rule"), "{known:?}");
    // Who knows nobody that is left is in no circle.
    while let Some(free) =
        known.iter().find_map(|(room, others)| others.is_empty().then(|| room.clone()))
    {
        known.remove(&free);
        for others in known.values_mut() {
            others.remove(&free);
        }
    }
    assert!(known.is_empty(), "these know each other: {known:#?}");
}

#[test]
fn modules_are_small_and_say_what_they_are() {
    for (path, text) in sources() {
        assert!(text.starts_with("//!"), "{path} has no //! header");
        let lines = text.lines().count();
        assert!(lines <= 500, "{path} has {lines} lines: is there a second idea in it?");
    }
}

#[test]
fn a_rule_names_no_other_rule() {
    let names: Vec<String> =
        errlore::rules::all().iter().map(|rule| rule.id.replace('-', "_")).collect();
    for (path, text) in sources().iter().filter(|(path, _)| path.starts_with("src/rules/")) {
        for name in &names {
            if !path.ends_with(&format!("/{name}.rs")) {
                let uses = format!("{name}::");
                assert!(
                    !code(text).any(|line| line.contains(&uses)),
                    "{path} names the rule {name}"
                );
            }
        }
    }
}
