//! The messages of the knowledge base, against which a pattern is proven.

use errlore::Result;
use errlore::corpus::{Document, read};
use rayon::prelude::*;

use super::super::{Global, input};

/// The id and the message of each entry of the knowledge base around the working directory; none where
/// there is no knowledge base.
pub(super) fn signatures(global: &Global) -> Result<Vec<(String, String)>> {
    let arguments = input::Arguments { allow_empty: true, ..input::Arguments::default() };
    let inputs = input::discover(global, &arguments, true)?;
    if inputs.files.is_empty() {
        eprintln!("there is no knowledge base here: patterns are proven against the inputs alone");
    }
    let limit = inputs.loaded.config.max_file_size;
    let each = inputs.files.par_iter().enumerate().map(|(number, file)| {
        let loaded = Document::load(file, number, read(file, limit)?, true);
        Ok(loaded.entry.map(|entry| (entry.id.as_str().to_owned(), entry.signature)))
    });
    each.filter_map(Result::transpose).collect()
}
