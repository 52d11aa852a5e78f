//! The patterns and messages of the knowledge base around the working directory, for commands that look
//! things up in it.

use std::path::PathBuf;

use errlore::Result;
use errlore::config::Config;
use errlore::corpus::{Card, Document, InputFile, read};
use rayon::prelude::*;

use super::{Global, input, output};

/// A knowledge base as look-ups see it.
pub(super) struct Known {
    /// Its configuration.
    pub(super) config: Config,
    /// Where it lies.
    pub(super) root: PathBuf,
    /// What stands in for each entry.
    pub(super) cards: Vec<Card>,
    /// Whether a file could not be read.
    pub(super) has_failures: bool,
}

/// Reads the knowledge base; where there is none, the list is empty.
pub(super) fn known(global: &Global) -> Result<Known> {
    let arguments = input::Arguments { allow_empty: true, ..input::Arguments::default() };
    let mut inputs = input::discover(global, &arguments, true)?;
    let config = std::mem::take(&mut inputs.loaded.config);
    let (mut cards, mut has_failures) = (Vec::new(), !inputs.failures.is_empty());
    for failure in &inputs.failures {
        output::failure(failure);
    }
    let mut unread = Vec::new();
    for (file, card) in inputs.files.iter().zip(self::cards(&inputs.files, config.max_file_size)) {
        match card {
            Ok(Some(card)) => cards.push(card),
            Ok(None) => unread.push(&*file.name),
            Err(failure) => {
                output::failure(&failure);
                has_failures = true;
            }
        }
    }
    output::unread(&unread);
    let root = inputs.root.unwrap_or(inputs.here);
    Ok(Known { config, root, cards, has_failures })
}

/// What stands in for the entry of each file, if it holds one.
pub(super) fn cards(files: &[InputFile], max_file_size: u64) -> Vec<Result<Option<Card>>> {
    let card = |(number, file): (usize, &InputFile)| {
        let content = read(file, max_file_size)?;
        Ok(Document::load(file, number, content, true).document.card)
    };
    files.par_iter().enumerate().map(card).collect()
}
