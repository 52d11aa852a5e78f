//! An index answers as the entries do, or not at all.

use std::cell::Cell;
use std::fs;
use std::path::Path;

use errlore::config::Case;
use errlore::duplicates::{Base, Digest, Index, Like, Unusable, restamp, write_index};
use errlore::entry::{Entry, EntryId};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use crate::support;
use crate::support::corpora::corpora;

const CASE: Case = Case::Insensitive;

fn own_entries() -> Vec<Entry> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("entries");
    let read = |path| fs::read_to_string(path).expect("an entry");
    let parse = |text: String| serde_json::from_str(&text).expect("a valid entry");
    support::files_below(&folder).iter().map(read).map(parse).collect()
}

fn index_of(entries: &[Entry]) -> Vec<u8> {
    let digests = entries.iter().map(Digest::new).zip(0..).collect();
    let mut bytes = Vec::new();
    let state = |order: &[usize]| {
        assert!(order.iter().map(|at| &entries[*at].id).is_sorted(), "records come by id");
        Ok(b"state".to_vec())
    };
    write_index(digests, &mut bytes, state).expect("written to memory");
    bytes
}

fn drafts(drafts: &[Entry]) -> Vec<Digest> {
    drafts.iter().enumerate().map(|(at, draft)| Digest::of_draft(draft, at)).collect()
}

/// All that an answer says, by ids; numbers differ.
fn said(base: &Base, likes: &[Like]) -> Vec<String> {
    let mut out = Vec::new();
    for like in likes {
        let same = like.same_id.map(|at| base.id(at));
        out.push(format!("{} {same:?}", like.draft));
        for (entry, pair) in &like.entries {
            let (id, is_apart) = (base.id(*entry), base.tells_apart(pair.a, pair.b));
            let evidence = pair.evidence(base.model());
            let (label, probability) = (pair.label, pair.probability);
            out.push(format!("{id} {label:?} {probability} {is_apart} {evidence:?}"));
        }
    }
    out
}

fn by_entries(entries: &[Entry], of: &[Entry]) -> Vec<String> {
    let base = Base::new(entries.iter().map(Digest::new).chain(drafts(of)));
    said(&base, &base.like(0.6, CASE))
}

fn by_index(bytes: &[u8], of: &[Entry]) -> Result<Vec<String>, Unusable> {
    let base = Index::open(bytes)?.base(drafts(of)).ok_or(Unusable::Damaged)?;
    Ok(said(&base, &base.like(0.6, CASE)))
}

/// Drafts of each kind: an entry under another id, without one, under its own, and under a former one.
fn some_drafts(entries: &[Entry], every: usize) -> Vec<Entry> {
    let mut all = Vec::new();
    for (at, entry) in entries.iter().step_by(every).enumerate() {
        let id = match at % 4 {
            0 => format!("{}-again", entry.id),
            1 => String::new(),
            2 => entry.id.to_string(),
            _ => entry.aliases.first().unwrap_or(&entry.id).to_string(),
        };
        all.push(Entry { id: EntryId::new(id), ..entry.clone() });
    }
    all
}

#[test]
fn an_index_answers_as_its_entries_do() {
    let mut entries = own_entries();
    entries[3].aliases = vec![EntryId::new("once/known-as-this")];
    entries[5].aliases = vec![entries[4].id.clone(), EntryId::new("once/known-as-this")];
    let of = some_drafts(&entries, 1);
    let said = by_entries(&entries, &of);
    assert!(said.len() > 2 * of.len(), "{said:#?}");
    assert_eq!(by_index(&index_of(&entries), &of).expect("an index"), said);
    for draft in of {
        let one = by_entries(&entries, std::slice::from_ref(&draft));
        assert_eq!(by_index(&index_of(&entries), &[draft]).expect("an index"), one);
    }
}

#[test]
fn an_index_of_nothing_answers_nothing() {
    let of = some_drafts(&own_entries(), 7);
    assert_eq!(by_index(&index_of(&[]), &of).expect("an index"), by_entries(&[], &of));
}

#[test]
fn an_index_of_real_entries_answers_as_they_do() {
    for corpus in corpora() {
        let entries = corpus.entries();
        let of = some_drafts(&entries, 17);
        let bytes = index_of(&entries);
        assert_eq!(by_index(&bytes, &of).expect("an index"), by_entries(&entries, &of));
        for draft in of.into_iter().step_by(50) {
            let one = by_entries(&entries, std::slice::from_ref(&draft));
            assert_eq!(by_index(&bytes, &[draft]).expect("an index"), one);
        }
    }
}

#[test]
fn what_is_cut_off_is_no_index() {
    let bytes = index_of(&own_entries()[..12]);
    for length in 0..bytes.len() {
        assert_eq!(Index::open(&bytes[..length]).err(), Some(Unusable::Damaged), "{length} bytes");
    }
    for foreign in [&b"# Notes"[..], b"{}", &[0xff; 4000]] {
        assert_eq!(Index::open(foreign).err(), Some(Unusable::Foreign));
    }
}

#[test]
fn what_is_garbled_is_noticed_or_not_needed() {
    let entries = &own_entries()[..12];
    let (bytes, of) = (index_of(entries), some_drafts(entries, 5));
    let said = by_entries(entries, &of);
    let noticed = Cell::new(0);
    let strategy = (0..bytes.len(), 1_u8.., 1_usize..40);
    let mut runner = TestRunner::new(ProptestConfig { cases: 600, ..ProptestConfig::default() });
    runner
        .run(&strategy, |(at, flipped, length)| {
            let mut garbled = bytes.clone();
            for byte in garbled.iter_mut().skip(at).take(length) {
                *byte ^= flipped;
            }
            match by_index(&garbled, &of) {
                Ok(answer) => prop_assert_eq!(&answer, &said),
                Err(_) => noticed.set(noticed.get() + 1),
            }
            Ok(())
        })
        .expect("no wrong answer");
    assert!(noticed.get() > 50, "{noticed:?} noticed");
}

#[test]
fn a_new_state_leaves_the_answers_as_they_are() {
    let entries = own_entries();
    let (bytes, of) = (index_of(&entries), some_drafts(&entries, 9));
    let index = Index::open(&bytes[..]).expect("an index");
    assert_eq!(index.state(), b"state");
    let mut again = Vec::new();
    restamp(&index, b"another state", &mut again).expect("written to memory");
    assert_eq!(Index::open(&again[..]).expect("an index").state(), b"another state");
    assert_eq!(by_index(&again, &of), by_index(&bytes, &of));
    let mut back = Vec::new();
    let index = Index::open(&again[..]).expect("an index");
    restamp(&index, b"state", &mut back).expect("written to memory");
    assert!(back == bytes, "nothing is left of the state in between");
}
