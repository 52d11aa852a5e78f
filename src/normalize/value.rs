//! Values as sources write them.

use crate::entry::Resolvable;

/// Whether an error can be solved, by its word.
pub(super) fn resolvable(word: &str) -> Option<Resolvable> {
    match word.trim().to_lowercase().as_str() {
        "true" => Some(Resolvable::True),
        "partial" => Some(Resolvable::Partial),
        "false" => Some(Resolvable::False),
        _ => None,
    }
}
