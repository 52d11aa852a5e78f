//! Pairs in other fields than those that the weights were fitted on: the same error in other words, and
//! other errors in the same words. Each file of `lookalikes/` holds two entries and what they are. No weight is
//! fitted to them.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use errlore::config::Case;
use errlore::duplicates::{Base, Comparison, Digest, Label};
use errlore::entry::Entry;
use serde::Deserialize;

use crate::support;

/// Duplicates that are not found: little but the advice is alike. One that starts to be found is taken off.
const NOT_FOUND: &[&str] = &[
    "aws-s3-access-denied",
    "chinese-payment",
    "docker-no-space",
    "excel-circular-reference",
    "git-non-fast-forward",
    "kubernetes-volume-attached-elsewhere",
    "latex-undefined-control-sequence",
    "printer-paper-jam",
    "pulsar-bundle-unloading",
    "rust-moved-value",
    "ssh-host-key-changed",
    "swift-optional-nil",
    "unity-null-reference",
    "visa-schengen-90-days",
    "zh-disk-full",
];

#[derive(Deserialize)]
struct Pair {
    label: Label,
    a: Entry,
    b: Entry,
}

/// The name of each pair, what it is, and what is said of it.
fn compared() -> Vec<(String, Label, Comparison)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = |path: &Path| fs::read_to_string(path).expect("a readable file");
    let files = support::files_below(&folder.join("tests/lookalikes"));
    let name = |path: &Path| path.file_stem().expect("a name").to_string_lossy().into_owned();
    let pairs: Vec<(String, Pair)> = files
        .iter()
        .map(|path| (name(path), serde_json::from_str(&text(path)).expect("a pair")))
        .collect();
    let own = support::files_below(&folder.join("entries"));
    let own = own.iter().map(|path| serde_json::from_str(&text(path)).expect("an entry"));
    let all: Vec<Entry> =
        own.chain(pairs.iter().flat_map(|(_, pair)| [pair.a.clone(), pair.b.clone()])).collect();
    let base = Base::new(all.iter().map(Digest::new));
    let number = |entry: &Entry| base.number(entry.id.as_str()).expect("an entry of the base");
    let compare = |pair: &Pair| {
        let (a, b) = (number(&pair.a), number(&pair.b));
        let candidate = [a.min(b), a.max(b)].map(|at| u32::try_from(at).expect("few entries"));
        let is_met = base.candidates().pairs.contains(&(candidate[0], candidate[1]));
        assert!(is_met || pair.label != Label::Duplicate, "{} is no candidate", pair.a.id);
        base.compare(a, b, Case::Insensitive)
    };
    pairs.iter().map(|(name, pair)| (name.clone(), pair.label, compare(pair))).collect()
}

#[test]
fn siblings_are_no_duplicates_and_duplicates_in_other_words_are_those_that_are_known() {
    let compared = compared();
    let said: BTreeSet<&str> = (compared.iter())
        .filter(|(.., comparison)| comparison.label == Label::Duplicate)
        .map(|(name, ..)| &**name)
        .collect();
    let are = compared.iter().filter(|(_, label, _)| *label == Label::Duplicate);
    let known: BTreeSet<&str> =
        are.map(|(name, ..)| &**name).filter(|name| !NOT_FOUND.contains(name)).collect();
    assert_eq!(said, known);
    let variants = compared.iter().filter(|(_, label, _)| *label == Label::Variant);
    for (name, label, comparison) in variants {
        assert_eq!(comparison.label, *label, "{name}");
    }
}

#[test]
fn duplicates_in_other_words_come_before_siblings_in_the_same_words() {
    let compared = compared();
    let of = |is_duplicate: bool| {
        let of = compared.iter().filter(move |(_, label, _)| {
            (*label == Label::Duplicate) == is_duplicate && *label != Label::Variant
        });
        of.map(|(.., comparison)| comparison.probability)
    };
    let (mut all, mut right) = (0.0, 0.0);
    for duplicate in of(true) {
        for sibling in of(false) {
            all += 1.0;
            right += f64::from(u8::from(duplicate > sibling));
        }
    }
    // The area under the curve of Hanley and McNeil (1982).
    assert!(right >= 0.93 * all, "{right} of {all} are in this order");
}

#[test]
fn evidence_names_what_tells_siblings_apart() {
    let compared = compared();
    let against = |pair: &str, part: &str| {
        let (.., comparison) = compared.iter().find(|(name, ..)| name == pair).expect("a pair");
        let found = comparison.evidence.iter().find(|evidence| evidence.name == part);
        found.is_some_and(|evidence| evidence.value > 0.0 && evidence.weight < 0.0)
    };
    for (pair, part) in [
        ("two-conversions", "swapped"),
        ("rust-mutable-or-immutable", "swapped"),
        ("ssh-client-or-server-closed", "opposite"),
        ("disk-gone-or-still-there", "opposite"),
        ("openssl-encrypt-or-decrypt", "opposite"),
        ("car-lean-or-rich", "other_code"),
        ("postgres-unique-or-foreign-key", "other_code"),
        ("segfault-other-product", "other_product"),
        ("printer-toner-or-drum", "other_subject"),
        ("jenkins-heap-or-metaspace", "other_subject"),
        ("visa-another-country", "environment"),
    ] {
        assert!(against(pair, part), "{pair}: {part}");
    }
}
