//! [`Index`]: what is known of a knowledge base, kept so that a draft is held against it without reading
//! its entries.
//!
//! An index is a cache. It holds the digest of each entry, the blocks that entries form by their keys, the
//! candidates of each, and how common words are: all that [`Base::like`] looks at, so that the answer is that of
//! the entries themselves. Whoever has it decides by its [`state`](Index::state) whether it still stands for
//! them; what is damaged, or was made by another errlore, is noticed and gives no answer.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, LazyLock};

use super::base::{Base, in_order};
use super::candidates::{Key, best};
use super::digest::Digest;
use super::hash::{hash, mix};
use super::identity::{Identities, Links};
use super::nearby::Neighbours;
use super::statistics::Statistics;
use crate::entry::{self, EntryId, Workaround};
use format::{MAGIC, Place, SECTIONS, places, read_trailer};

mod build;
mod format;

pub use build::{restamp, write};
pub use format::Source;

/// So many entries share an item with what they have beside them.
const ENTRIES_A_PAGE: usize = 64;
/// So many blocks share an item.
const BLOCKS_A_PAGE: usize = 64;

/// Why an index is of no use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unusable {
    /// It is some other file.
    Foreign,
    /// It was made by an errlore that keeps other things.
    OtherVersion,
    /// It is not as it was written.
    Damaged,
}

/// What an entry has beside it.
type Beside = (Vec<u32>, Links);
/// A block: its name, and its members with the weights of the key.
type Block = (u64, Vec<(u32, f32)>);

/// What is known of a knowledge base.
#[derive(Debug)]
pub struct Index<S> {
    source: S,
    sections: [Place; SECTIONS],
    state: Vec<u8>,
    records: Vec<Place>,
}

/// The sections, in their order.
#[derive(Clone, Copy)]
enum Section {
    State,
    Records,
    Beside,
    BlockNames,
    Blocks,
    Statistics,
    Aliases,
}

/// What this build makes of an entry: another errlore may make something else of them.
static MADE_BY: LazyLock<u64> = LazyLock::new(|| {
    let item = |action: &str| Workaround {
        action: action.to_owned(),
        how: "systemctl restart spoold --now".to_owned(),
        ..Workaround::default()
    };
    let sample = entry::Entry {
        id: EntryId::new("spool/lock-held-17/py311-linux-arm64"),
        signature: "SpoolLockError: cannot rename 'a.lock' (errno 26, ETXTBSY): 文件忙".to_owned(),
        regex: r"cannot rename \S+\.lock.*(errno \d+)?".to_owned(),
        error_code: Some("ETXTBSY".to_owned()),
        root_cause: "Another spooler still holds the lock while it is renamed.".to_owned(),
        workarounds: vec![item("Stop the other spooler"), item("停止另一个进程")],
        official_doc_url: Some("https://example.org/spool#locks".to_owned()),
        ..entry::Entry::default()
    };
    let bytes = postcard::to_stdvec(&Digest::new(&sample)).expect("a digest can be written");
    mix(hash(env!("CARGO_PKG_VERSION").as_bytes()) ^ hash(&bytes))
});

impl<S: Source> Index<S> {
    /// Opens an index and reads what leads to all else.
    pub fn open(source: S) -> Result<Self, Unusable> {
        let magic =
            source.read_at(0, MAGIC.len().min(usize::try_from(source.length()).unwrap_or(0)));
        match magic {
            // What was cut off may have been one.
            Some(magic) if !MAGIC.starts_with(&magic) => return Err(Unusable::Foreign),
            Some(magic) if magic.len() == MAGIC.len() => {}
            _ => return Err(Unusable::Damaged),
        }
        let (sections, made_by) = read_trailer(&source).ok_or(Unusable::Damaged)?;
        if made_by != *MADE_BY {
            return Err(Unusable::OtherVersion);
        }
        let state = sections[Section::State as usize].read(&source).ok_or(Unusable::Damaged)?;
        let records = sections[Section::Records as usize].read(&source).ok_or(Unusable::Damaged)?;
        Ok(Self { sections, state, records: places(&records), source })
    }

    /// What whoever wrote the index put down of the state of the entries.
    pub fn state(&self) -> &[u8] {
        &self.state
    }

    /// The digest of an entry, by its number.
    pub fn digest(&self, number: usize) -> Option<Digest> {
        self.records.get(number)?.value(&self.source)
    }

    fn section(&self, section: Section) -> Option<Vec<u8>> {
        self.sections[section as usize].read(&self.source)
    }

    /// A base of drafts, of the entries that they are held against, and of those nearby, for
    /// [`Base::like`]. Nothing where the index is damaged.
    pub fn base(&self, drafts: Vec<Digest>) -> Option<Base> {
        let statistics: Statistics =
            self.sections[Section::Statistics as usize].value(&self.source)?;
        let statistics = Arc::new(statistics);
        let met = self.meet(&drafts, &statistics)?;
        // Entries that are compared, and then those whose messages their patterns are tried on.
        let mut compared: BTreeMap<u32, Beside> = BTreeMap::new();
        let mut pages: HashMap<usize, Vec<Beside>> = HashMap::new();
        let pages_at = places(&self.section(Section::Beside)?);
        for number in met.values().flatten() {
            let page = *number as usize / ENTRIES_A_PAGE;
            let page = match pages.entry(page) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(new) => new.insert(pages_at.get(page)?.value(&self.source)?),
            };
            let beside = page.get(*number as usize % ENTRIES_A_PAGE)?;
            compared.insert(*number, beside.clone());
        }
        let mut wanted: Vec<u32> = compared.values().flat_map(|(near, _)| near).copied().collect();
        wanted.extend(compared.keys());
        wanted.sort_unstable();
        wanted.dedup();
        let mut all: Vec<(Digest, Option<u32>)> = Vec::with_capacity(wanted.len() + drafts.len());
        for number in wanted {
            all.push((self.digest(number as usize)?, Some(number)));
        }
        all.extend(drafts.into_iter().map(|draft| (draft, None)));
        all.sort_by(|a, b| in_order(&a.0, &b.0));
        let (mut entries, numbers): (Vec<Digest>, Vec<Option<u32>>) = all.into_iter().unzip();
        let links = entries.iter_mut().zip(&numbers).map(|(digest, number)| match number {
            Some(number) => {
                compared.get(number).map(|(_, links)| links.clone()).unwrap_or_default()
            }
            None => Links::take(digest, statistics.runs()),
        });
        let links = links.collect();
        let here: HashMap<u32, u32> = (0..)
            .zip(&numbers)
            .filter_map(|(here, number)| number.map(|number| (number, here)))
            .collect();
        let (mut sides, mut of_drafts) = (Vec::new(), Vec::new());
        for (number, (near, _)) in &compared {
            sides.extend(near.iter().map(|other| (here[number], here[other])));
        }
        for (at, digest) in (0..).zip(&entries) {
            for number in digest.draft.and_then(|draft| met.get(&draft)).into_iter().flatten() {
                let other = here[number];
                sides.push((at, other));
                of_drafts.push((at.min(other), at.max(other)));
            }
        }
        of_drafts.sort_unstable();
        let neighbours = Neighbours::new(entries.len(), sides.iter().copied());
        let identities = Identities::of(&entries, links);
        Some(Base::of(entries, statistics, identities).with_found(of_drafts, neighbours))
    }

    /// The entries that each draft is held against: those that share something rare with it, and the one
    /// that has its id, or had it.
    fn meet(
        &self,
        drafts: &[Digest],
        statistics: &Arc<Statistics>,
    ) -> Option<BTreeMap<usize, Vec<u32>>> {
        let mut blocks = Blocks::open(self)?;
        let aliases: Vec<(EntryId, u32)> =
            self.sections[Section::Aliases as usize].value(&self.source)?;
        let mut sorted = drafts.to_vec();
        sorted.sort_by(in_order);
        let probe = Base::of(sorted, Arc::clone(statistics), Identities::default());
        let mut scores = vec![0.0; self.records.len()];
        let mut met = BTreeMap::new();
        for number in 0..probe.len() {
            let mut keys = probe.keys(number);
            keys.sort_unstable_by_key(|key| key.name);
            let (mut mine, mut members) = (Vec::new(), Vec::new());
            for key in keys {
                if let Some(block) = blocks.of(key.name)? {
                    mine.push((u32::try_from(members.len()).ok()?, key.weight));
                    members.push(block);
                }
            }
            let slices: Vec<&[Key]> = members.iter().map(Vec::as_slice).collect();
            let (pairs, _) = best(usize::MAX, mine, &slices, &mut scores);
            let mut found: Vec<u32> = pairs.into_iter().map(|(other, _)| other).collect();
            let id = probe.id(number);
            let formerly = || {
                let at = aliases.partition_point(|(alias, _)| alias < id);
                aliases.get(at).filter(|(alias, _)| alias == id).map(|(_, number)| *number)
            };
            found.extend(self.number(id)?.or_else(formerly));
            found.sort_unstable();
            found.dedup();
            found.iter().all(|number| (*number as usize) < self.records.len()).then_some(())?;
            met.insert(probe.entries[number].draft?, found);
        }
        Some(met)
    }

    /// The number of the first entry that has an id; the outer `None` where the index is damaged.
    #[allow(clippy::option_option, reason = "damage is not absence")]
    fn number(&self, id: &EntryId) -> Option<Option<u32>> {
        let (mut from, mut to) = (0, self.records.len());
        while from < to {
            let middle = usize::midpoint(from, to);
            if self.digest(middle)?.id < *id { from = middle + 1 } else { to = middle }
        }
        if from == self.records.len() || self.digest(from)?.id != *id {
            return Some(None);
        }
        u32::try_from(from).ok().map(Some)
    }
}

/// The blocks of an index, read as they are asked for.
struct Blocks<'i, S> {
    index: &'i Index<S>,
    /// The first name on each page.
    first: Vec<u64>,
    places: Vec<Place>,
    pages: HashMap<usize, Vec<Block>>,
}

impl<'i, S: Source> Blocks<'i, S> {
    fn open(index: &'i Index<S>) -> Option<Self> {
        let names = index.section(Section::BlockNames)?;
        let first: Vec<u64> =
            names.as_chunks::<8>().0.iter().map(|name| u64::from_le_bytes(*name)).collect();
        let places = places(&index.section(Section::Blocks)?);
        (first.len() == places.len()).then_some(())?;
        Some(Self { index, first, places, pages: HashMap::new() })
    }

    /// The members of a block; the outer `None` where the index is damaged.
    #[allow(clippy::option_option, reason = "damage is not absence")]
    fn of(&mut self, name: u64) -> Option<Option<Vec<Key>>> {
        let Some(page) = self.first.partition_point(|first| *first <= name).checked_sub(1) else {
            return Some(None);
        };
        let blocks = match self.pages.entry(page) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => new.insert(self.places[page].value(&self.index.source)?),
        };
        let Ok(at) = blocks.binary_search_by_key(&name, |(name, _)| *name) else {
            return Some(None);
        };
        let members = blocks[at].1.iter().map(|(entry, weight)| {
            ((*entry as usize) < self.index.records.len()).then_some(Key {
                name,
                entry: *entry,
                weight: *weight,
            })
        });
        members.collect::<Option<Vec<Key>>>().map(Some)
    }
}
