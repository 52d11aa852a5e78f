//! The messages of the knowledge base, against which a pattern is proven.

use errlore::Result;

use super::super::Global;
use super::super::known::known;

/// The messages of the knowledge base around the working directory, each with the id of its entry; none
/// where there is no knowledge base.
pub(super) fn messages(global: &Global) -> Result<Vec<(String, String)>> {
    let known = known(global)?;
    if known.cards.is_empty() {
        eprintln!("there is no knowledge base here: patterns are proven against the inputs alone");
    }
    let of = |card: errlore::corpus::Card| {
        let id = card.id.as_str().to_owned();
        card.messages.into_iter().map(move |message| (id.clone(), message))
    };
    Ok(known.cards.into_iter().flat_map(of).collect())
}
