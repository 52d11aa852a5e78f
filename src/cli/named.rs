//! An entry that is named on the command line by its id.

use std::collections::HashSet;
use std::path::Path;

use errlore::corpus::{self, Card, Document, InputFile, Inputs, Loaded};
use errlore::entry::{Entry, EntryId};
use errlore::suggest::did_you_mean;
use errlore::{Error, Result, visible};
use rayon::prelude::*;

use super::{duplicates, input, output};

/// The id that an argument names, unless it names a file.
pub(super) fn as_id(argument: &Path) -> Option<EntryId> {
    let id = EntryId::new(argument.to_str()?);
    let is_file = argument.exists() && !argument.is_dir();
    (id.is_usable() && !is_file && !is_named_as_file(argument)).then_some(id)
}

/// Whether an argument can only be meant for a file, there or not.
pub(super) fn is_named_as_file(argument: &Path) -> bool {
    input::is_stdin(argument) || argument.extension().is_some_and(|extension| extension == "json")
}

/// Which file holds the entry of an id, or the one that had it formerly.
pub(super) fn find(inputs: &Inputs, id: &EntryId) -> Result<usize> {
    // Where it should be. A file that is there and does not read is the one that was meant.
    let at_home = |file: &InputFile| file.expected_id.as_deref() == Some(id.as_str());
    if let Some(number) = inputs.files.iter().position(at_home) {
        let document = load(inputs, number)?.document;
        let has_another = |card: &Card| card.id != *id;
        if !(document.is_whole() && document.card.as_ref().is_some_and(has_another)) {
            return Ok(number);
        }
    }
    let cards: Vec<Result<_>> = (0..inputs.files.len())
        .into_par_iter()
        .map(|number| Ok(load(inputs, number)?.document.card))
        .collect();
    let known: Vec<_> = cards
        .iter()
        .enumerate()
        .filter_map(|(number, card)| Some((number, card.as_ref().ok()?.as_ref()?)))
        .collect();
    let mut holders: Vec<usize> =
        known.iter().filter(|(_, card)| card.id == *id).map(|(number, _)| *number).collect();
    if holders.is_empty() {
        let had = known.iter().filter(|(_, card)| card.aliases.contains(id));
        holders = had.map(|(number, _)| *number).collect();
    }
    match holders.as_slice() {
        [number] => Ok(*number),
        [] => {
            for failure in
                inputs.failures.iter().chain(cards.iter().filter_map(|card| card.as_ref().err()))
            {
                output::failure(failure);
            }
            let root = inputs.root.as_ref().unwrap_or(&inputs.here);
            Err(unknown(id, known.iter().map(|(_, card)| *card), root))
        }
        several => {
            let names: Vec<_> =
                several.iter().map(|number| visible::name(&inputs.files[*number].name)).collect();
            Err(Error::config(format!("several files hold `{id}`: {}", names.join(", ")))
                .with_help("name one of the files"))
        }
    }
}

/// That no entry has an id, and which is meant: the one that it was decided to be a duplicate of, or else the one that
/// is spelled most like it.
pub(super) fn unknown<'c>(
    id: &EntryId,
    cards: impl Iterator<Item = &'c Card> + Clone,
    root: &Path,
) -> Error {
    let error = Error::no_input(format!("no entry is called {}", visible::quote(id.as_str())));
    if let Some(survivor) = survivor(id, cards.clone(), root) {
        return error.with_help(decided(&survivor));
    }
    match did_you_mean(id.as_str(), cards.map(|card| card.id.as_str())) {
        Some(guess) => error.with_help(format!("did you mean {}?", visible::quote(guess))),
        None => error,
    }
}

/// The entry that is left of two that were decided to be one, for the id of the other.
pub(super) fn survivor<'c>(
    id: &EntryId,
    cards: impl Iterator<Item = &'c Card>,
    root: &Path,
) -> Option<EntryId> {
    let names = cards.flat_map(|card| std::iter::once(&card.id).chain(&card.aliases));
    let names: HashSet<&EntryId> = names.collect();
    let decisions = duplicates::decisions(root);
    decisions.survivors(|id| names.contains(id)).get(id).map(|id| (*id).clone())
}

/// What to tell of the entry that is left.
pub(super) fn decided(survivor: &EntryId) -> String {
    format!("it was decided to be a duplicate of {}", visible::quote(survivor.as_str()))
}

fn load(inputs: &Inputs, number: usize) -> Result<Loaded> {
    let file = &inputs.files[number];
    let content = corpus::read(file, inputs.loaded.config.max_file_size)?;
    Ok(Document::load(file, number, content, true))
}

/// The entry in a file, if all of the file is an entry.
pub(super) fn whole_entry(inputs: &Inputs, number: usize) -> Result<Option<Entry>> {
    let Loaded { document, entry, .. } = load(inputs, number)?;
    Ok(entry.filter(|_| document.is_whole()))
}
