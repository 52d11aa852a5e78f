//! `duplicates --like --index` on the command line: the index is brought up to date and never in the way.

use std::fs;

use serde_json::json;

use crate::support::{self, Base, Output};

const INDEX: &str = "duplicates.index";

fn base() -> Base {
    let base = Base::new();
    base.entry("spool/lock-busy", &lock("Another spooler still holds the lock file open."));
    base.entry("tape/rewind-stuck", &json!({}));
    base.entry("mail/queue-full", &json!({}));
    let draft = lock("Another spooler still holds the lock file open.");
    base.write("draft.json", support::entry("spool/rename-fails", &draft));
    base
}

fn lock(cause: &str) -> serde_json::Value {
    json!({
        "signature": "spoold: cannot rename spool.lock: text file busy",
        "regex": "cannot rename \\S+\\.lock: text file busy",
        "root_cause": cause,
    })
}

fn like(base: &Base, more: &[&str]) -> Output {
    let like = ["duplicates", "--like", "draft.json", "--format", "json"];
    base.errlore(&[&like[..], more].concat()).output()
}

/// The answer by the index, which has to be that of the entries; `said` is what stands on standard error.
fn same(base: &Base, index: &str, said: &str) -> String {
    let (by_entries, by_index) = (like(base, &[]), like(base, &["--index", index]));
    assert_eq!(by_index.stdout, by_entries.stdout, "{}", by_index.stderr);
    assert_eq!(by_index.code, by_entries.code);
    let stderr = &by_index.stderr;
    assert!(if said.is_empty() { stderr.is_empty() } else { stderr.contains(said) }, "{stderr}");
    by_index.stdout
}

#[test]
fn whatever_changes_is_seen() {
    let base = base();
    let first = same(&base, INDEX, "");
    assert!(first.contains("spool/lock-busy"), "{first}");
    assert_eq!(same(&base, INDEX, ""), first);
    // The same length, and at once: its times may be those of before.
    base.entry("spool/lock-busy", &lock("Another spooler still holds the loch file open."));
    same(&base, INDEX, "");
    base.entry("spool/lock-file-in-use", &lock("Another spooler has the lock file."));
    assert!(same(&base, INDEX, "").contains("spool/lock-file-in-use"));
    fs::remove_file(base.root().join("entries/spool/lock-busy.json")).expect("removed");
    assert!(!same(&base, INDEX, "").contains("spool/lock-busy"));
    base.write("entries/new/folder/below.json", "no JSON");
    same(&base, INDEX, "");
    base.write("errlore.toml", "max-file-size = 300\n");
    assert!(!same(&base, INDEX, "").contains("spool/lock-file-in-use"));
    let before = fs::read(base.root().join(INDEX)).expect("an index");
    same(&base, INDEX, "");
    assert_eq!(fs::read(base.root().join(INDEX)).expect("an index").len(), before.len());
}

#[test]
fn a_damaged_index_is_made_anew() {
    let base = base();
    same(&base, INDEX, "");
    let path = base.root().join(INDEX);
    let whole = fs::read(&path).expect("an index");
    for garbled in [
        Vec::new(),
        whole[..9].to_vec(),
        whole[..whole.len() / 2].to_vec(),
        whole.iter().enumerate().map(|(at, byte)| byte ^ u8::from(at == 40)).collect(),
        whole.iter().map(|byte| if *byte == b'p' { b'q' } else { *byte }).collect(),
        [&whole[..], b"more"].concat(),
    ] {
        let is_foreign = !garbled.starts_with(&whole[..16.min(garbled.len())]);
        fs::write(&path, garbled).expect("written");
        same(&base, INDEX, if is_foreign { "is no index of errlore" } else { "" });
    }
    assert!(fs::read_dir(base.root()).expect("a folder").all(|item| {
        !item.expect("an item").file_name().to_string_lossy().starts_with(".errlore-")
    }));
}

#[test]
fn a_file_of_somebody_else_is_left_alone() {
    let base = base();
    base.write("notes.txt", "Buy a reel.");
    same(&base, "notes.txt", "notes.txt is no index of errlore, and stays as it is");
    assert_eq!(base.read("notes.txt"), "Buy a reel.");
    same(&base, "entries", "entries is no index of errlore");
    same(&base, "no/such/folder/index", "index cannot be written");
}

#[test]
fn an_index_is_of_the_whole_knowledge_base() {
    let base = base();
    let part = ["entries/tape"];
    let by_entries = like(&base, &part);
    let by_index = like(&base, &[&part[..], &["--index", INDEX]].concat());
    assert_eq!(by_index.stdout, by_entries.stdout);
    assert!(!base.root().join(INDEX).exists());
    let output = base.errlore(&["duplicates", "--index", INDEX]).output();
    assert_eq!(output.code, Some(2), "{}", output.stderr);
}
