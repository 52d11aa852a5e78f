//! `copies`: a knowledge base of many copies of entries, each with ids and some words of its own, to measure
//! `duplicates` on.

use std::fs;
use std::path::{Path, PathBuf};

use errlore::{Error, Result};
use serde_json::Value;

use crate::repository;

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The folder of entries
    #[arg(long, value_name = "FOLDER", default_value = "../shared/corpus/entries")]
    pub(crate) entries: PathBuf,
    /// How many copies of each
    #[arg(long, value_name = "N", default_value_t = 40)]
    pub(crate) copies: u32,
    /// Where to write the knowledge base; a new folder
    pub(crate) into: PathBuf,
}

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let from = repository::root().join(&arguments.entries);
    let into = &arguments.into;
    fs::create_dir(into).map_err(|error| Error::path("make", into, &error))?;
    let config = "# Written by `cargo xtask copies`.\nentries = [\"entries\"]\n";
    write(&into.join("errlore.toml"), config)?;
    let mut folders = vec![from.clone()];
    while let Some(folder) = folders.pop() {
        let failed = |error: &std::io::Error| Error::path("read", &folder, error);
        for found in fs::read_dir(&folder).map_err(|error| failed(&error))? {
            let path = found.map_err(|error| failed(&error))?.path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let entry: Value = serde_json::from_str(&repository::read(&path)?)
                .map_err(|error| Error::config(format!("{}: {error}", path.display())))?;
            let id = entry["id"].as_str().unwrap_or_default().to_owned();
            for copy in 1..=arguments.copies {
                let mut changed = entry.clone();
                reword(&mut changed, copy);
                let mut segments: Vec<String> = id.split('/').map(str::to_owned).collect();
                if let Some(slug) = segments.get_mut(1) {
                    slug.push_str(&format!("-c{copy}"));
                }
                let id = segments.join("/");
                let path = into.join("entries").join(format!("{id}.json"));
                changed["id"] = id.into();
                write(&path, &changed.to_string())?;
            }
        }
    }
    Ok(())
}

/// Gives a third of the longer words another beginning, the same in all entries of a copy: words with other
/// endings are the same to `duplicates`.
fn reword(value: &mut Value, copy: u32) {
    match value {
        Value::String(text) => *text = reworded(text, copy),
        Value::Array(items) => items.iter_mut().for_each(|item| reword(item, copy)),
        Value::Object(members) => {
            for (key, value) in members {
                let is_prose = !matches!(
                    key.as_str(),
                    "regex" | "domain" | "category" | "error_id" | "sources"
                );
                if is_prose && !key.ends_with("_seen") && !key.starts_with("last_") {
                    reword(value, copy);
                }
            }
        }
        _ => {}
    }
}

fn reworded(text: &str, copy: u32) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    for piece in text.split_inclusive(|c: char| !c.is_ascii_alphabetic()) {
        let word = piece.trim_end_matches(|c: char| !c.is_ascii_alphabetic());
        // FNV-1a: the same words in every run.
        let hash = word.bytes().fold(0x811c_9dc5_u32 ^ copy, |hash, byte| {
            (hash ^ u32::from(byte.to_ascii_lowercase())).wrapping_mul(0x0100_0193)
        });
        if word.len() >= 5 && (hash >> 8).is_multiple_of(3) {
            for digit in [copy / 20, copy % 20] {
                out.push(char::from(b'b' + u8::try_from(digit).unwrap_or(0)));
            }
        }
        out += piece;
    }
    out
}

fn write(path: &Path, text: &str) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|error| Error::path("make", folder, &error))?;
    }
    fs::write(path, text).map_err(|error| Error::path("write", path, &error))
}

#[cfg(test)]
mod tests {
    use super::reworded;

    #[test]
    fn a_copy_keeps_most_words_and_changes_some_always_the_same_way() {
        let text = "connection refused while waiting for the upstream server to answer a request";
        let copy = reworded(text, 7);
        assert_eq!(copy, reworded(text, 7));
        assert_ne!(copy, reworded(text, 8));
        let kept = text.split(' ').zip(copy.split(' ')).filter(|(a, b)| a == b).count();
        assert!((5..13).contains(&kept), "{copy}");
    }
}
