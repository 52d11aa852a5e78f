//! `regex --since`: what the patterns that changed do to the messages of the knowledge base, and to logs.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use errlore::config::Config;
use errlore::corpus::{Card, InputFile, Inputs};
use errlore::effects::{Comparison, Effects, Version};
use errlore::{Error, Result, git};

use super::super::input::is_stdin;
use super::super::known::cards;
use super::super::log::{Batch, Log};
use super::super::since;
use super::Arguments;

/// Standard input can be read once.
pub(super) fn refuse_stdin_twice(arguments: &Arguments) -> Result<()> {
    let takes = arguments.messages.iter().filter(|file| is_stdin(file)).count()
        + usize::from(arguments.check.input().takes_stdin());
    if takes > 1 { Err(stdin_twice()) } else { Ok(()) }
}

/// Of messages as well: those of two knowledge bases are read for each.
pub(super) fn stdin_twice() -> Error {
    Error::config("standard input can be read once")
        .with_help("name a file, or one knowledge base at a time")
}

/// The effects of what has changed, if a revision was given.
pub(super) fn effects(
    arguments: &Arguments,
    inputs: &Inputs,
    config: &Config,
) -> Result<Option<Effects>> {
    let input = arguments.check.input();
    let Some(revision) = &input.since else { return Ok(None) };
    let mut effects = Effects { patterns: Vec::new(), max_lost: arguments.max_lost };
    // Nothing changed: there are no inputs then.
    if inputs.files.is_empty() && inputs.removed.is_empty() {
        for file in arguments.messages.iter().filter(|file| !is_stdin(file)) {
            Log::open(file)?;
        }
        return Ok(Some(effects));
    }
    let states = States::read(inputs, config, revision)?;
    let named: Vec<PathBuf> = input.paths.iter().map(|path| inputs.here.join(path)).collect();
    let is_named = |path: &Path| {
        let starts = |named: &PathBuf| {
            path.starts_with(named)
                || std::fs::canonicalize(named).is_ok_and(|named| path.starts_with(named))
        };
        (named.is_empty() && input.files_from.is_none()) || named.iter().any(starts)
    };
    let (before, after) = states.versions(inputs, &is_named);
    let mut comparison = Comparison::new(&before, &after, config.regex.case);
    for file in &arguments.messages {
        read_messages(file, &mut comparison)?;
    }
    effects.patterns = comparison.finish();
    Ok(Some(effects))
}

/// The entries of the work tree, and those that were other or elsewhere at the revision.
struct States {
    /// By the number of the file.
    now: Vec<Option<Card>>,
    old_files: Vec<InputFile>,
    old: Vec<Option<Card>>,
    /// Files that are not what they were, or were not there.
    differ: HashSet<PathBuf>,
}

impl States {
    fn read(inputs: &Inputs, config: &Config, revision: &str) -> Result<Self> {
        let since = since::since(inputs, revision)?;
        let git::Changes { changed, removed, .. } = since.changes()?;
        let files: HashMap<&Path, &InputFile> =
            inputs.files.iter().filter_map(|file| Some((file.path.as_deref()?, file))).collect();
        let limit = config.max_file_size;
        let wanted = |path: &Path| files.contains_key(path) || inputs.is_entry(path);
        let mut old_files = Vec::new();
        for blob in since.blobs_before(limit, wanted)? {
            // What was too large to be read then was no entry.
            let Some(bytes) = blob.bytes else { continue };
            let name = files.get(&*blob.path).map_or_else(
                || {
                    let name = blob.path.strip_prefix(&inputs.here).unwrap_or(&blob.path);
                    name.to_string_lossy().into_owned()
                },
                |file| file.name.clone(),
            );
            old_files.push(InputFile {
                expected_id: inputs.expected_id(&blob.path),
                path: Some(blob.path),
                name,
                in_scope: false,
                special: None,
                given: Some(bytes),
                before: None,
            });
        }
        // What cannot be read has been reported by the rules.
        let entries = |files: &[InputFile]| -> Vec<Option<Card>> {
            cards(files, limit).into_iter().map(|card| card.ok().flatten()).collect()
        };
        let (now, old) = (entries(&inputs.files), entries(&old_files));
        let differ = changed.into_iter().chain(removed).collect();
        Ok(Self { now, old_files, old, differ })
    }

    fn versions<'a>(
        &'a self,
        inputs: &'a Inputs,
        is_named: &dyn Fn(&Path) -> bool,
    ) -> (Vec<Version<'a>>, Vec<Version<'a>>) {
        let now = |file: &'a InputFile, card: &'a Card| Version {
            path: &file.name,
            card,
            in_scope: file.in_scope,
        };
        let present = inputs.files.iter().zip(&self.now);
        let present = present.filter_map(|(file, card)| Some((file, card.as_ref()?)));
        let after: Vec<Version<'_>> = present.clone().map(|(file, card)| now(file, card)).collect();
        let differs =
            |file: &InputFile| file.path.as_ref().is_none_or(|path| self.differ.contains(path));
        let same = present.filter(|(file, _)| !differs(file)).map(|(file, card)| now(file, card));
        let old = self.old_files.iter().zip(&self.old).filter_map(|(file, card)| {
            let in_scope = file.path.as_deref().is_some_and(is_named);
            Some(Version { path: &file.name, card: card.as_ref()?, in_scope })
        });
        (same.chain(old).collect(), after)
    }
}

/// Compares over the lines of a file.
fn read_messages(path: &Path, comparison: &mut Comparison<'_>) -> Result<()> {
    let mut log = Log::open(path)?;
    let mut batch = Batch::default();
    // Without a changed pattern no line can make a difference.
    while !comparison.is_empty() && log.fill(&mut batch)? {
        comparison.add_lines(log.name(), &batch.lines());
    }
    Ok(())
}
