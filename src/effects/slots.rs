//! Which entry of one state is which of the other.

use std::collections::HashMap;

use super::Version;
use crate::pattern::Pattern;

/// An entry in both states, as far as it is there.
pub(super) struct Slot<'a> {
    pub(super) before: Option<Version<'a>>,
    pub(super) after: Option<Version<'a>>,
    /// Which error it describes: the same for its variants in other environments.
    pub(super) error: usize,
}

impl<'a> Slot<'a> {
    /// As it is now, or else as it was.
    pub(super) fn latest(&self) -> Version<'a> {
        self.after.or(self.before).expect("an entry that is in one state at least")
    }

    /// What it is called: by its id if it has one.
    pub(super) fn id(&self) -> &'a str {
        let Version { card, path, .. } = self.latest();
        if card.id.is_empty() { path } else { card.id.as_str() }
    }

    pub(super) fn pattern_before(&self) -> Option<&'a Pattern> {
        pattern(self.before)
    }

    pub(super) fn pattern_after(&self) -> Option<&'a Pattern> {
        pattern(self.after)
    }

    pub(super) fn is_changed(&self) -> bool {
        self.pattern_before() != self.pattern_after()
    }

    pub(super) fn in_scope(&self) -> bool {
        [self.before, self.after].into_iter().flatten().any(|version| version.in_scope)
    }
}

/// An empty pattern is one that is missing.
fn pattern(version: Option<Version<'_>>) -> Option<&Pattern> {
    version.map(|version| &version.card.pattern).filter(|pattern| !pattern.is_empty())
}

/// Pairs the entries of two states: by id and file, by id, by a former id, at last by file. What is there
/// now keeps its order; what is gone comes last.
pub(super) fn paired<'a>(before: &[Version<'a>], after: &[Version<'a>]) -> Vec<Slot<'a>> {
    let mut partner: Vec<Option<usize>> = vec![None; after.len()];
    let mut free = vec![true; before.len()];
    let mut by_id: HashMap<&str, Vec<usize>> = HashMap::new();
    let mut by_path: HashMap<&str, usize> = HashMap::new();
    for (number, version) in before.iter().enumerate() {
        by_id.entry(version.card.id.as_str()).or_default().push(number);
        by_path.insert(version.path, number);
    }
    let with_id = |id: &str| match id {
        "" => &[],
        id => by_id.get(id).map(Vec::as_slice).unwrap_or_default(),
    };
    let at_path = |version: &Version<'_>| by_path.get(version.path).copied();
    let mut pair = |choose: &dyn Fn(&Version<'a>, &[bool]) -> Option<usize>| {
        for (version, partner) in after.iter().zip(&mut partner) {
            if partner.is_none() {
                *partner = choose(version, &free).filter(|number| free[*number]);
                if let Some(number) = *partner {
                    free[number] = false;
                }
            }
        }
    };
    pair(&|version, _| at_path(version).filter(|at| before[*at].card.id == version.card.id));
    pair(&|version, free| {
        with_id(version.card.id.as_str()).iter().copied().find(|number| free[*number])
    });
    pair(&|version, free| {
        let former = version.card.aliases.iter().flat_map(|alias| with_id(alias.as_str()));
        former.copied().find(|number| free[*number])
    });
    pair(&|version, _| at_path(version));

    let kept = partner
        .iter()
        .zip(after)
        .map(|(partner, version)| (partner.map(|number| before[number]), Some(*version)));
    let gone = before.iter().zip(&free).filter(|(_, free)| **free);
    let gone = gone.map(|(version, _)| (Some(*version), None));
    let mut errors = HashMap::new();
    let slots = kept.chain(gone).enumerate().map(|(number, (before, after))| {
        let mut slot = Slot { before, after, error: number };
        let id = slot.latest().card.id.as_str();
        if !id.is_empty() {
            let error: Vec<&str> = id.split('/').take(2).collect();
            slot.error = *errors.entry(error).or_insert(number);
        }
        slot
    });
    slots.collect()
}
