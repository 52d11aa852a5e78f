//! Which entries of a knowledge base a draft looks like.

use std::collections::BTreeMap;

use super::base::Base;
use super::pairs::Pair;
use crate::config::Case;

/// A draft and the entries that it was compared with.
#[derive(Clone, Debug)]
pub struct Like {
    /// Which draft, as it was numbered.
    pub draft: usize,
    /// Its number.
    pub number: usize,
    /// The number of the entry that has the id of the draft, or had it: the draft is what it is to become.
    pub same_id: Option<usize>,
    /// The other entries by their numbers, each with what it is to the draft, the likeliest first.
    pub entries: Vec<(usize, Pair)>,
}

impl Base {
    /// Compares each draft, which is a digest [of one](super::Digest::of_draft), with the entries that share
    /// something rare with it; at most 21. From `threshold` on an entry is a duplicate of it. Drafts come in
    /// the order of their numbers and are not compared with each other.
    pub fn like(&self, threshold: f64, case: Case) -> Vec<Like> {
        let mut found: BTreeMap<usize, Like> = BTreeMap::new();
        let wanted = self.candidates_of_drafts().to_vec();
        for (at, digest) in self.entries.iter().enumerate() {
            let Some(draft) = digest.draft else { continue };
            let same_id = self.resolve_entry(digest.id.as_str());
            found.insert(draft, Like { draft, number: at, same_id, entries: Vec::new() });
        }
        for mut pair in self.pairs(&wanted, 0.0, case) {
            self.judge(&mut pair, threshold);
            let (draft, entry) = match (self.entries[pair.a].draft, self.entries[pair.b].draft) {
                (Some(draft), _) => (draft, pair.b),
                (None, Some(draft)) => (draft, pair.a),
                (None, None) => continue,
            };
            if let Some(like) = found.get_mut(&draft).filter(|like| like.same_id != Some(entry)) {
                like.entries.push((entry, pair));
            }
        }
        let mut all: Vec<Like> = found.into_values().collect();
        for like in &mut all {
            like.entries.sort_by(|(a, one), (b, two)| {
                two.probability.total_cmp(&one.probability).then(a.cmp(b))
            });
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::super::Digest;
    use crate::config::Case;
    use crate::duplicates::Base;
    use crate::entry::{Entry, EntryId};

    fn entry(id: &str, message: &str, cause: &str) -> Entry {
        let (signature, root_cause) = (message.to_owned(), cause.to_owned());
        Entry { id: EntryId::new(id), signature, root_cause, ..Entry::default() }
    }

    fn all() -> Vec<Entry> {
        let mut all = vec![
            entry(
                "spool/lock-busy",
                "spoold: cannot rename spool.lock: text file busy",
                "Another spooler holds the lock file open.",
            ),
            entry(
                "tape/rewind-stuck",
                "taped: rewind of drive 3 did not end",
                "The motor of the drive is blocked by a loose reel.",
            ),
        ];
        all.extend((0..300).map(|number| {
            entry(&format!("filler/entry-{number}"), &format!("filler failed {number}"), "filler")
        }));
        all
    }

    #[test]
    fn a_draft_meets_the_entry_that_it_repeats_whatever_else_is_drafted() {
        let of = |id: &str| Entry { id: EntryId::new(id), ..all()[0].clone() };
        let copies = (0..249).map(|number| Digest::of_draft(&of("spool/lock-taken"), number));
        let copies = copies.chain([Digest::of_draft(&all()[0], 249)]);
        let last = Digest::of_draft(&Entry { id: EntryId::new(""), ..all()[1].clone() }, 250);
        let base = Base::new(all().iter().map(Digest::new).chain(copies).chain([last]));
        let found = base.like(0.5, Case::Sensitive);
        assert!(found.iter().map(|like| like.draft).eq(0..=250));
        let best = |draft: usize| base.id(found[draft].entries[0].0).as_str();
        assert!((0..249).all(|draft| best(draft) == "spool/lock-busy"));
        assert!(found[7].same_id.is_none() && found[7].entries[0].1.probability > 0.5);
        // What is to take the place of an entry is not like it.
        let same = found[249].same_id.map(|number| base.id(number).as_str());
        assert_eq!(same, Some("spool/lock-busy"));
        assert!(found[249].entries.iter().all(|(entry, _)| Some(*entry) != found[249].same_id));
        assert_eq!((best(250), found[250].same_id), ("tape/rewind-stuck", None));
    }

    #[test]
    fn without_drafts_there_is_nothing_to_compare() {
        assert!(Base::new(all().iter().map(Digest::new)).like(0.5, Case::Sensitive).is_empty());
    }
}
