//! The patterns and messages of the knowledge base around the working directory, for commands that look
//! things up in it.

use errlore::Result;
use errlore::config::Config;
use errlore::corpus::{Card, Document, read};
use rayon::prelude::*;

use super::{Global, input, output};

/// A knowledge base as look-ups see it.
pub(super) struct Known {
    /// Its configuration.
    pub(super) config: Config,
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
    let each = inputs.files.par_iter().enumerate().map(|(number, file)| {
        let loaded = Document::load(file, number, read(file, config.max_file_size)?, true);
        Ok(loaded.document.card)
    });
    let (mut cards, mut has_failures) = (Vec::new(), !inputs.failures.is_empty());
    for failure in &inputs.failures {
        output::failure(failure);
    }
    for card in each.collect::<Vec<Result<Option<Card>>>>() {
        match card {
            Ok(card) => cards.extend(card),
            Err(failure) => {
                output::failure(&failure);
                has_failures = true;
            }
        }
    }
    Ok(Known { config, cards, has_failures })
}
