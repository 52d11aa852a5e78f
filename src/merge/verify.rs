//! A second look at a merge: with one side chosen in every conflict, is the text a valid entry, and each edit of that
//! side there?

use serde_json::Value as Json;

use super::losses::{Deed, losses};
use super::{Markers, Merged, Side, VerificationFailed, conflict_markers};
use crate::canonical::canonical;
use crate::diff::document;
use crate::json;
use crate::schema::entry_schema;

/// Holds a merge against what went into it.
pub(super) fn verify(
    merged: &Merged,
    base: Option<&Json>,
    ours: &Json,
    theirs: &Json,
) -> Result<(), VerificationFailed> {
    let markers = Markers::default();
    let text = merged.text(&markers);
    let were_valid = [ours, theirs].iter().all(|side| is_valid(&side.to_string()));
    for (side, own, other) in [(Side::Ours, ours, theirs), (Side::Theirs, theirs, ours)] {
        let name = side.name();
        let entry = merged.entry(side);
        let result = document(&entry);
        let written = canonical(&entry);
        if conflict_markers::choose(&text, markers.size, side) != written {
            return Err(VerificationFailed(format!("the text with {name} chosen is another")));
        }
        if were_valid && !is_valid(&written) {
            return Err(VerificationFailed(format!("with {name} chosen it is no valid entry")));
        }
        // Of two orders one is kept, and a note says so.
        let losses = losses(side, base, own, other, &result);
        if let Some(loss) = losses.iter().find(|loss| loss.deed != Deed::Reordered) {
            let at = crate::visible::name(loss.pointer.as_str()).into_owned();
            return Err(VerificationFailed(match loss.deed {
                Deed::Kept => format!("{at} is not as both sides have it"),
                _ => format!("what {name} made of {at} is not there"),
            }));
        }
    }
    Ok(())
}

fn is_valid(text: &str) -> bool {
    let tree = json::parse(text);
    tree.is_ok_and(|tree| tree.root(text).is_some_and(|root| entry_schema().accepts(root)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::entry::Entry;
    use crate::rule::{MINIMAL_ENTRY, merge_patch};

    fn with(patch: &Json) -> Json {
        let item = |action: &str, rate: f64| json!({"action": action, "why_fails": "It stays.", "fail_rate": rate});
        let mut entry: Json = serde_json::from_str(MINIMAL_ENTRY).expect("JSON");
        let lists = json!({
            "dead_ends": [item("Restart the client", 0.8), item("Clear all caches", 0.7)],
            "root_cause": "The disk of the server is full.", "tags": ["a", "b"],
            "last_updated": "2024-01-01",
        });
        merge_patch(&mut entry, &lists);
        merge_patch(&mut entry, patch);
        let entry: Entry = serde_json::from_value(entry).expect("an entry");
        document(&entry)
    }

    /// What is no entry is never taken for an empty one.
    #[test]
    fn what_is_no_entry_is_a_failure() {
        let (base, mut theirs) = (with(&json!({})), with(&json!({})));
        theirs["confidence"] = json!("high");
        let failure = Merged::new(Some(&base), &base, &theirs).map(|_| ());
        assert_eq!(failure, Err(VerificationFailed("with ours chosen it is no entry".to_owned())));
    }

    /// A result that knows nothing of what a side did is found out, whatever that was.
    #[test]
    fn what_is_not_there_is_missed() {
        let base = with(&json!({}));
        let item = |action: &str, rate: f64| json!({"action": action, "why_fails": "It stays.", "fail_rate": rate});
        let ours = with(&json!({"signature_zh": "磁盘已满"}));
        let result = Merged::new(Some(&base), &ours, &base).expect("an entry");
        assert_eq!(verify(&result, Some(&base), &ours, &base), Ok(()));
        for patch in [
            json!({"confidence": 0.123}),
            json!({"tags": ["a"]}),
            json!({"tags": ["a", "b", "c"]}),
            json!({"root_cause": "The disk of the client is full."}),
            json!({"last_updated": "2025-01-01"}),
            json!({"dead_ends": [item("Restart the client", 0.8)]}),
            json!({"dead_ends": [item("Restart the client", 0.7), item("Clear all caches", 0.8)]}),
            json!({"dead_ends": [item("Restart the client", 0.8), item("Clear the caches", 0.7)]}),
            json!({"dead_ends": [item("Restart the client", 0.8), item("Clear all caches", 0.7), item("Wait", 0.8)]}),
            json!({"os_specific": {"linux": "The limit is per user."}}),
            json!({"x-note": [1]}),
        ] {
            let theirs = with(&patch);
            let found = verify(&result, Some(&base), &ours, &theirs);
            assert!(found.is_err(), "{patch}");
            let whole = Merged::new(Some(&base), &ours, &theirs).expect("an entry");
            assert_eq!(verify(&whole, Some(&base), &ours, &theirs), Ok(()), "{patch}");
        }
    }
}
