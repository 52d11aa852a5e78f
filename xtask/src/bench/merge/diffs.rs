//! One edited entry, as errlore and other tools show what changed: two items exchanged, a rate, a sentence.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use errlore::{Error, Result};
use serde_json::json;

use super::super::measure::median;
use super::super::table::{self, Table};
use super::{cases, text_of, tool};
use crate::repository;

const RUNS: usize = 5;
/// The words of the sentence that are exchanged, and what stands before them.
const WORDS: (&str, &str, &str) = ("maximum allowed", "configured", "message payload exceeds the");
/// How the item that moves begins.
const ITEM: &str = "\"action\": \"Fragment the large message into";
const RATES: (&str, &str) = ("0.85", "0.95");

/// A tool, and what it calls an item that was moved, if it knows such a thing.
struct Differ {
    name: &'static str,
    program: PathBuf,
    arguments: Vec<String>,
    moved: Option<&'static str>,
}

/// A table of what the tools show, and lines about those that are not there.
pub(super) fn tables(errlore: &Path, scratch: &Path, markdown: bool) -> Result<String> {
    let folder = scratch.join("diff");
    fs::create_dir_all(&folder).map_err(|error| Error::path("make", &folder, &error))?;
    let old = cases::document()?;
    let new = cases::edited(&old, |entry| {
        entry["workarounds"][1]["success_rate"] = json!(0.95);
        cases::swap(entry);
        let cause = entry["root_cause"].as_str().unwrap_or_default().replace(WORDS.0, WORDS.1);
        entry["root_cause"] = json!(cause);
    });
    for (name, document) in [("old.json", &old), ("new.json", &new)] {
        let file = folder.join(name);
        fs::write(&file, text_of(document)).map_err(|error| Error::path("write", &file, &error))?;
    }
    let mut table =
        Table::new(&["tool", "the order", "lines", "the rate", "the sentence", "median time"]);
    let (differs, mut notes) = differs(errlore, scratch);
    for differ in differs {
        match differ.run(&folder) {
            Ok((text, took)) => table.push(differ.row(&text, took)),
            Err(why) => notes.push(format!("{} was not measured: {why}", differ.name)),
        }
    }
    Ok(format!("{}\n{}", table.render(markdown), notes.join("\n")))
}

/// The tools that are there, and a line for each that is not.
fn differs(errlore: &Path, scratch: &Path) -> (Vec<Differ>, Vec<String>) {
    let script = repository::root().join("xtask/peers/jsondiffpatch.mjs");
    let modules = scratch.join("npm");
    let of = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect::<Vec<_>>();
    let npm = [&script, &modules].map(|path| path.to_string_lossy().into_owned());
    let (mut differs, mut missing) = (Vec::new(), Vec::new());
    for (name, program, arguments, moved) in [
        ("errlore diff", Ok(errlore.to_owned()), of(&["diff"]), Some("moved here")),
        ("git diff", Ok("git".into()), of(&["diff", "--no-index"]), None),
        ("jd", tool::found(scratch, "jd", "jd"), of(&["-setkeys", "action"]), None),
        (
            "jsondiffpatch",
            if modules.is_dir() {
                Ok("node".into())
            } else {
                Err("SKIPPED: jsondiffpatch is not installed; `--install-peers` does it".to_owned())
            },
            npm.into(),
            Some("~>"),
        ),
        (
            "graphtage",
            tool::found(scratch, "graphtage", "python/bin"),
            of(&["--no-status", "--no-color"]),
            None,
        ),
    ] {
        match program {
            Ok(program) => differs.push(Differ { name, program, arguments, moved }),
            Err(line) => missing.push(line),
        }
    }
    (differs, missing)
}

impl Differ {
    /// What is shown of the two files, and how long that takes, start included.
    fn run(&self, folder: &Path) -> std::result::Result<(String, Duration), String> {
        let mut walls = Vec::new();
        let mut text = String::new();
        for _ in 0..RUNS {
            let mut command = Command::new(&self.program);
            command.args(&self.arguments).args(["old.json", "new.json"]);
            command.current_dir(folder).stdin(Stdio::null());
            let start = Instant::now();
            let output = command.output().map_err(|error| error.to_string())?;
            walls.push(start.elapsed());
            text = String::from_utf8_lossy(&output.stdout).into_owned();
            if text.is_empty() {
                let said = String::from_utf8_lossy(&output.stderr);
                return Err(said.lines().last().unwrap_or("it shows nothing").to_owned());
            }
        }
        Ok((text, median(walls)))
    }

    fn row(&self, text: &str, took: Duration) -> Vec<String> {
        let lines = text.lines().filter(|line| !line.trim().is_empty()).count();
        let order = match () {
            () if self.moved.is_some_and(|moved| text.contains(moved)) => "a move",
            () if text.contains(ITEM) => "an item out and in",
            () => "items rewritten",
        };
        let has_both = |line: &str| line.contains(RATES.0) && line.contains(RATES.1);
        let rate = match () {
            () if text.lines().any(has_both) => "yes",
            () if text.lines().any(|line| line.contains("0.9 ") && line.contains(RATES.1)) => {
                "of another item"
            }
            () if text.contains(RATES.1) => "within a new item",
            () => "no",
        };
        let (before, after, beside) = WORDS;
        let sentence = match () {
            () if text.matches(beside).count() > 1 => "twice whole",
            () if text.contains(before) && text.contains(after) => "by words",
            () => "by letters",
        };
        [self.name, order, &lines.to_string(), rate, sentence, &table::time(took)]
            .map(str::to_owned)
            .into()
    }
}
