//! Two knowledge bases, or the parts of them that differ, compared entry by entry.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value as Json, json};

use super::facts::{Fact, facts};
use super::{Change, Kind, diff, pairing};
use crate::entry::Relation;
use crate::pointer::JsonPointer;

/// An entry of one of the two.
#[derive(Clone, Debug)]
pub struct Version {
    /// Where it stands, from the root of the repository or as it was named.
    pub path: String,
    /// The entry, as [`super::document`] gives it.
    pub document: Json,
}

impl Version {
    /// The id of the entry.
    pub fn id(&self) -> &str {
        self.document["id"].as_str().unwrap_or_default()
    }

    /// Whether the entry had an id formerly.
    pub fn has_alias(&self, id: &str) -> bool {
        self.document["aliases"].as_array().is_some_and(|all| all.iter().any(|alias| alias == id))
    }
}

/// What became of an entry.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It is gone, and this other entry has its id as an alias.
    Merged(String),
    /// It had this id.
    Renamed(String),
    /// It is another.
    Changed,
}

/// What happened to one entry.
#[derive(Clone, Debug)]
pub struct EntryDiff {
    /// What became of it.
    pub fate: Fate,
    /// Its id; of what is gone, the last.
    pub id: String,
    /// Where it stands; of what is gone, where it stood.
    pub path: String,
    /// Where it stood, if that is elsewhere.
    pub old_path: Option<String>,
    /// The old version.
    pub old: Option<Json>,
    /// The new version.
    pub new: Option<Json>,
    /// What changed; where there is one version, that it came or went as a whole.
    pub changes: Vec<Change>,
    /// What that means.
    pub facts: Vec<Fact>,
}

/// What became of each entry that is not the same in both, by id. Entries are the same by id, by alias, or, as far as
/// neither id is in the other base, by what they say.
pub fn bases(old: Vec<Version>, new: Vec<Version>) -> Vec<EntryDiff> {
    let new_ids: BTreeSet<String> = new.iter().map(|entry| entry.id().to_owned()).collect();
    let mut left: BTreeMap<String, Vec<Version>> = BTreeMap::new();
    let mut gone: Vec<Version> = Vec::new();
    for entry in old {
        if new_ids.contains(entry.id()) {
            left.entry(entry.id().to_owned()).or_default().push(entry);
        } else {
            gone.push(entry);
        }
    }
    let mut found = Vec::new();
    let mut fresh = Vec::new();
    let mut survivors: Vec<Version> = Vec::new();
    // Of several files that hold one id, each is held against the one in its place.
    let place = |left: &BTreeMap<String, Vec<Version>>, entry: &Version| {
        left.get(entry.id())?.iter().position(|before| before.path == entry.path)
    };
    let (stayed, came): (Vec<Version>, Vec<Version>) =
        new.into_iter().partition(|entry| place(&left, entry).is_some());
    for entry in stayed.into_iter().chain(came) {
        let at = place(&left, &entry).unwrap_or_default();
        let before = left.get_mut(entry.id()).filter(|before| at < before.len());
        match before.map(|before| before.remove(at)) {
            Some(before) => {
                survivors.push(entry.clone());
                found.push(both(Fate::Changed, before, entry));
            }
            None => fresh.push(entry),
        }
    }
    // Of several files that held one id, the others are gone.
    gone.extend(left.into_values().flatten());
    rename(&mut found, &mut gone, &mut fresh);
    for entry in &found {
        if let (Fate::Renamed(_), Some(new)) = (&entry.fate, &entry.new) {
            survivors.push(Version { path: entry.path.clone(), document: new.clone() });
        }
    }
    for entry in gone {
        let heir = survivors.iter().chain(&fresh).find(|other| other.has_alias(entry.id()));
        let fate = heir.map_or(Fate::Removed, |heir| Fate::Merged(heir.id().to_owned()));
        found.push(one(fate, entry, true));
    }
    found.extend(fresh.into_iter().map(|entry| one(Fate::Added, entry, false)));
    found.retain(|entry| {
        entry.fate != Fate::Changed || !entry.changes.is_empty() || entry.old_path.is_some()
    });
    found.sort_by(|a, b| (&a.id, &a.path).cmp(&(&b.id, &b.path)));
    found
}

/// Takes for one what has its old id as an alias, or says nearly the same.
fn rename(found: &mut Vec<EntryDiff>, gone: &mut Vec<Version>, fresh: &mut Vec<Version>) {
    /// Less alike, two entries are two.
    const LEAST: f64 = 0.6;
    /// With more entries than these on either side nobody has renamed them one by one.
    const MOST: usize = 100;
    for at in (0..gone.len()).rev() {
        let heir = fresh.iter().position(|entry| entry.has_alias(gone[at].id()));
        if let Some(heir) = heir {
            let (before, after) = (gone.remove(at), fresh.remove(heir));
            found.push(both(Fate::Renamed(before.id().to_owned()), before, after));
        }
    }
    if gone.len().max(fresh.len()) > MOST {
        return;
    }
    let say = |entries: &[Version]| -> Vec<Json> {
        let text = |entry: &Version| {
            json!({
                "action": entry.document["signature"],
                "how": entry.document["root_cause"],
                "condition": entry.document["regex"],
            })
        };
        entries.iter().map(text).collect()
    };
    let mut pairs = pairing::alike(&say(gone), &say(fresh), LEAST);
    pairs.sort_unstable_by(|a, b| b.cmp(a));
    let mut heirs: Vec<usize> = pairs.iter().map(|pair| pair.1).collect();
    let mut taken: Vec<(Version, Version)> = Vec::new();
    for (before, after) in &pairs {
        taken.push((gone.remove(*before), fresh[*after].clone()));
    }
    heirs.sort_unstable_by(|a, b| b.cmp(a));
    for heir in heirs {
        fresh.remove(heir);
    }
    for (before, after) in taken {
        found.push(both(Fate::Renamed(before.id().to_owned()), before, after));
    }
}

fn both(fate: Fate, old: Version, new: Version) -> EntryDiff {
    let changes = diff(&old.document, &new.document);
    let facts = facts(&old.document, &new.document, &changes);
    EntryDiff {
        fate,
        id: new.id().to_owned(),
        old_path: (old.path != new.path).then_some(old.path),
        path: new.path,
        old: Some(old.document),
        new: Some(new.document),
        changes,
        facts,
    }
}

fn one(fate: Fate, entry: Version, is_old: bool) -> EntryDiff {
    let (id, path) = (entry.id().to_owned(), entry.path);
    let (kind, old, new) = if is_old {
        (Kind::Removed, Some(entry.document), None)
    } else {
        (Kind::Added, None, Some(entry.document))
    };
    let (pointer, before, after) = (JsonPointer::root(), old.clone(), new.clone());
    let changes = vec![Change { pointer, kind, from: None, before, after }];
    EntryDiff { fate, id, path, old_path: None, old, new, changes, facts: Vec::new() }
}

/// One entry in two versions, whatever their ids.
pub fn versions(old: Version, new: Version) -> EntryDiff {
    let fate = match old.id() {
        id if id == new.id() => Fate::Changed,
        id => Fate::Renamed(id.to_owned()),
    };
    both(fate, old, new)
}

/// The names of which it must be asked whether an entry of the new base has them, and who links to them: those that an
/// entry had, and those that new links name.
pub fn doubtful_names(diffs: &[EntryDiff]) -> BTreeSet<String> {
    let news = diffs.iter().filter_map(|diff| diff.new.as_ref());
    let known: BTreeSet<&str> = news.flat_map(names).collect();
    let lost = diffs.iter().flat_map(lost_names);
    let linked = diffs.iter().flat_map(new_links).map(|(_, target)| target);
    lost.chain(linked).filter(|name| !known.contains(name)).map(str::to_owned).collect()
}

/// Whether an entry has one of some names, or links to one.
pub fn mentions(document: &Json, some: &BTreeSet<String>) -> bool {
    let targets = links(document).map(|(_, target)| target);
    names(document).chain(targets).any(|name| some.contains(name))
}

/// Adds what links say that point to nothing: `holders` are the entries of the new base that hold a name of
/// [`doubtful_names`].
pub fn add_dangling(diffs: &mut [EntryDiff], holders: &[Version]) {
    let mut dangling = doubtful_names(diffs);
    for name in holders.iter().flat_map(|holder| names(&holder.document)) {
        dangling.remove(name);
    }
    let mut links_to: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for holder in holders {
        let targets: BTreeSet<&str> = links(&holder.document).map(|(_, target)| target).collect();
        for target in targets.into_iter().filter(|target| dangling.contains(*target)) {
            links_to.entry(target).or_default().push(holder.id());
        }
    }
    for diff in diffs {
        let mut found = Vec::new();
        for name in lost_names(diff) {
            if let Some(from) = links_to.get(name) {
                let is_whole = diff.new.is_none() && name == diff.id;
                found.push(Fact::links_to_what_is_gone((!is_whole).then_some(name), from));
            }
        }
        for (pointer, target) in new_links(diff).filter(|(_, name)| dangling.contains(*name)) {
            found.push(Fact::link_to_nothing(&pointer, target));
        }
        diff.facts.append(&mut found);
    }
}

/// What links may call an entry.
fn names(document: &Json) -> impl Iterator<Item = &str> {
    let aliases = document["aliases"].as_array().into_iter().flatten();
    [&document["id"]].into_iter().chain(aliases).filter_map(Json::as_str)
}

/// The names that an entry had and has no longer.
fn lost_names(diff: &EntryDiff) -> impl Iterator<Item = &str> {
    let has = |name: &str| diff.new.as_ref().is_some_and(|new| names(new).any(|own| own == name));
    diff.old.iter().flat_map(names).filter(move |name| !has(name))
}

/// The links of an entry: where each stands, and to what.
fn links(document: &Json) -> impl Iterator<Item = (String, &str)> {
    Relation::ALL.map(Relation::key).into_iter().flat_map(|list| {
        let edges = document["transition_graph"][list].as_array().into_iter().flatten();
        edges.enumerate().filter_map(move |(at, edge)| {
            let target = edge["error_id"].as_str()?;
            Some((format!("/transition_graph/{list}/{at}/error_id"), target))
        })
    })
}

/// The links of an entry to what it did not link to before.
fn new_links(diff: &EntryDiff) -> impl Iterator<Item = (String, &str)> {
    let had = |target: &str| {
        diff.old.as_ref().is_some_and(|old| links(old).any(|(_, own)| own == target))
    };
    diff.new.iter().flat_map(links).filter(move |(_, target)| !had(target))
}
