//! Which entries describe the same error.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use errlore::config::Case;
use errlore::duplicates::{Base, Digest, Label, Model, Pair, Standings};
use errlore::entry::{DeadEnd, Entry, EntryId, Workaround};
use rayon::ThreadPoolBuilder;

use crate::support;
use crate::support::corpora::corpora;

const CASE: Case = Case::Insensitive;
const WEBSOCKET: [&str; 2] = [
    "communication/websocket-1009-message-too-big",
    "communication/websocket-close-frame-1009-message-too-large",
];

fn base<'e>(entries: impl IntoIterator<Item = &'e Entry>) -> Base {
    Base::new(entries.into_iter().map(Digest::new))
}

/// The entries of this repository.
fn own_entries() -> Vec<Entry> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("entries");
    let read = |path| fs::read_to_string(path).expect("an entry");
    let parse = |text: String| serde_json::from_str(&text).expect("a valid entry");
    support::files_below(&folder).iter().map(read).map(parse).collect()
}

fn found(base: &Base) -> Vec<Pair> {
    base.pairs(&base.candidates().pairs, Model::fitted().threshold, CASE)
}

/// The ids and probabilities of what is found, and the ids of the clusters.
fn in_ids(base: &Base) -> (Vec<[String; 3]>, Vec<Vec<String>>) {
    let pairs = found(base);
    let id = |entry: usize| base.id(entry).to_string();
    let clusters =
        base.clusters(&pairs, Model::fitted().threshold, CASE, &Standings::default()).clusters;
    let clusters = clusters.iter().map(|members| members.iter().map(|at| id(*at)).collect());
    let pairs = pairs.iter().map(|pair| [id(pair.a), id(pair.b), format!("{pair:?}")]);
    (pairs.collect(), clusters.collect())
}

fn entry(id: &str, signature: &str, cause: &str) -> Entry {
    Entry {
        id: EntryId::new(id),
        signature: signature.to_owned(),
        root_cause: cause.to_owned(),
        ..Entry::default()
    }
}

fn under(id: &str, entry: &Entry) -> Entry {
    Entry { id: EntryId::new(id), ..entry.clone() }
}

#[test]
fn the_same_error_under_two_ids_is_found_with_and_without_patterns() {
    for without in [&[][..], &WEBSOCKET[..1], &WEBSOCKET[1..], &WEBSOCKET] {
        let mut entries = own_entries();
        for entry in &mut entries {
            if without.contains(&entry.id.as_str()) {
                entry.regex.clear();
            }
        }
        let base = base(&entries);
        let (pairs, clusters) = in_ids(&base);
        assert_eq!(clusters, [WEBSOCKET], "without the patterns of {without:?}: {pairs:#?}");
        assert_eq!(pairs.len(), 1);
    }
}

#[test]
fn it_is_found_among_real_entries_too() {
    for corpus in corpora() {
        let same = if corpus.is_large() {
            WEBSOCKET
        } else {
            ["docker/bind-host-port-failed", "docker/port-already-allocated"]
        };
        let mut entries = corpus.entries();
        if corpus.is_large() {
            entries.extend(own_entries().into_iter().filter(|e| same.contains(&e.id.as_str())));
        }
        for with_pattern in [true, false] {
            if !with_pattern {
                let one = entries.iter_mut().find(|entry| entry.id.as_str() == same[1]);
                one.expect("it is there").regex.clear();
            }
            let base = base(&entries);
            let pairs = found(&base);
            let mut ids =
                pairs.iter().map(|pair| [base.id(pair.a).as_str(), base.id(pair.b).as_str()]);
            assert!(ids.any(|ids| ids == same), "{}, with pattern: {with_pattern}", corpus.name);
        }
    }
}

#[test]
fn judged_duplicates_are_candidates_and_are_told_from_others() {
    for corpus in corpora() {
        let entries = corpus.entries();
        let base = base(&entries);
        let candidates = base.candidates();
        let known: BTreeSet<(u32, u32)> = candidates.pairs.iter().copied().collect();
        let number = |at: usize| u32::try_from(at).expect("few entries");
        let (mut all, mut met, mut right, mut said) = (0.0, 0.0, 0.0, 0.0);
        for (a, b, label) in corpus.judged() {
            let [a, b] = [a, b].map(|id| base.number(&id).expect("an entry"));
            let comparison = base.compare(a, b, CASE);
            assert_eq!(comparison, base.compare(b, a, CASE), "from either side");
            let is_reported = comparison.label == Label::Duplicate;
            said += f64::from(u8::from(is_reported));
            if label == Label::Duplicate {
                all += 1.0;
                right += f64::from(u8::from(is_reported));
                met += f64::from(u8::from(known.contains(&(number(a.min(b)), number(a.max(b))))));
            }
        }
        assert!(met >= 0.98 * all, "{met} of {all} duplicates are candidates");
        if !corpus.is_large() {
            assert!(right >= 0.6 * all && right == said, "{right} of {said} and of {all}");
            continue;
        }
        // The figures on pairs that were not fitted on are those of `cargo xtask fit-duplicates`.
        assert!(right >= 0.89 * all, "{right} of {all} duplicates are found");
        assert!(right >= 0.92 * said, "{right} of {said} reported are duplicates");
        assert!(candidates.pairs.len() < 40 * entries.len(), "candidates grow with the entries");
        assert!(candidates.cut_blocks > 0 && candidates.cut_pairs > 0);
    }
}

#[test]
fn a_copy_under_another_id_is_a_duplicate() {
    let mut entries = own_entries();
    let ids: Vec<String> = entries.iter().map(|entry| entry.id.to_string()).collect();
    let copies: Vec<Entry> =
        entries.iter().map(|entry| under(&format!("{}-once-more", entry.id), entry)).collect();
    entries.extend(copies);
    let base = base(&entries);
    let pairs = found(&base);
    for id in ids {
        let (a, b) = (base.number(&id), base.number(&format!("{id}-once-more")));
        let pair = pairs.iter().find(|pair| Some(pair.a) == a && Some(pair.b) == b);
        let probability = pair.map(|pair| pair.probability);
        assert!(probability > Some(0.97), "{id}: {probability:?}");
    }
}

#[test]
fn neither_order_nor_threads_matter() {
    let mut entries = own_entries();
    let copies = [0, 3, 5, 8].map(|at| under(&format!("{}-again", entries[at].id), &entries[at]));
    entries.extend(copies);
    let one = in_ids(&base(&entries));
    entries.reverse();
    entries.rotate_left(7);
    assert_eq!(one, in_ids(&base(&entries)));
    for threads in [1, 3] {
        let pool = ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        assert_eq!(one, pool.install(|| in_ids(&base(&entries))), "{threads} threads");
    }
    assert!(one.1.len() >= 5);
}

#[test]
fn another_environment_makes_a_variant() {
    let text = "EBUSY: cannot rename the lock file of the spool: resource busy";
    let cause =
        "Another process of the spooler still holds the lock file open while it is renamed.";
    let entries = [
        entry("spool/rename-busy/spool3-linux", text, cause),
        entry("spool/rename-busy/spool3-windows", text, cause),
        entry("spool/rename-busy/spool3-any", text, cause),
        entry("spool/lock-file-rename/spool3-linux", text, cause),
        entry("spool/lock-file-rename-mac/spool3-macos", text, cause),
    ];
    let base = base(&entries);
    let compare = |a: &str, b: &str| {
        let number = |id: &str| base.number(&format!("spool/{id}")).expect("an entry");
        base.compare(number(a), number(b), CASE)
    };
    let variant = compare("rename-busy/spool3-linux", "rename-busy/spool3-windows");
    assert_eq!((variant.label, variant.in_name_only), (Label::Variant, false));
    let alias = compare("rename-busy/spool3-linux", "rename-busy/spool3-any");
    assert_eq!((alias.label, alias.in_name_only), (Label::Variant, true));
    let other = compare("rename-busy/spool3-linux", "lock-file-rename-mac/spool3-macos");
    let same = compare("rename-busy/spool3-linux", "lock-file-rename/spool3-linux");
    assert!(same.probability > other.probability + 0.1, "{same:?} {other:?}");
}

#[test]
fn opposite_claims_are_no_duplicates() {
    let cause = "The record of the ledger and the plan of the run do not agree on the object.";
    let entries = [
        entry("ledger/object-gone", "Moved object no longer exists in the ledger", cause),
        entry("ledger/object-there", "Moved object still exists in the ledger", cause),
        entry("ledger/moved-object", "Moved object no longer exists in the ledger", cause),
    ];
    let base = base(&entries);
    let probability = |a, b| base.compare(a, b, CASE).probability;
    // In the order of their ids: gone, there, moved comes between.
    let (gone, moved, there) = (1, 0, 2);
    assert_eq!(base.id(gone).as_str(), "ledger/object-gone");
    assert!(probability(gone, moved) > probability(gone, there) + 0.3);
    assert!(probability(gone, there) < 0.5);
}

#[test]
fn words_that_many_entries_share_join_nothing() {
    let names = [
        "basalt",
        "cobalt",
        "dolomite",
        "feldspar",
        "gypsum",
        "hematite",
        "jasper",
        "kyanite",
        "limestone",
        "mica",
        "nephrite",
        "obsidian",
        "pumice",
        "quartz",
        "rhyolite",
        "slate",
    ];
    let entries: Vec<Entry> = (names.iter())
        .map(|name| {
            let signature = format!("{name} refused");
            let cause = format!("The {name} daemon is stopped or listens elsewhere.");
            let mut entry = entry(&format!("{name}/refused"), &signature, &cause);
            entry.workarounds =
                vec![Workaround { action: format!("Start {name}"), ..Workaround::default() }];
            entry
        })
        .collect();
    let base = base(&entries);
    assert_eq!(in_ids(&base), (vec![], vec![]));
}

#[test]
fn a_thousand_equal_entries_are_one_cluster_and_few_pairs() {
    let text = "E77: the turntable does not answer";
    let cause = "The controller of the turntable has lost its calibration after a power failure.";
    let entries: Vec<Entry> =
        (0..1000).map(|number| entry(&format!("deck/turntable-{number}"), text, cause)).collect();
    let base = base(&entries);
    let candidates = base.candidates();
    assert!(candidates.cut_blocks > 0 && candidates.cut_pairs > 400_000);
    assert!(candidates.pairs.len() <= 20_000, "{} pairs", candidates.pairs.len());
    let (_, clusters) = in_ids(&base);
    assert_eq!(clusters.iter().map(Vec::len).collect::<Vec<_>>(), [1000]);
}

#[test]
fn a_weak_bridge_joins_nothing() {
    let one = "The cache of the compiler holds objects of another architecture.";
    let other = "The licence server of the compiler is unreachable from this subnet.";
    let mut entries = Vec::new();
    for (name, signature, cause) in [
        ("objects", "kestrel: cannot link: wrong architecture in cached object", one),
        ("licence", "kestrel: licence denied: no answer from port 2711", other),
    ] {
        for number in 0..3 {
            let mut entry = entry(&format!("kestrel/{name}-{number}"), signature, cause);
            entry.dead_ends = vec![DeadEnd { action: cause.to_owned(), ..DeadEnd::default() }];
            entries.push(entry);
        }
    }
    let base = base(&entries);
    let mut pairs = found(&base);
    // As if something had taken two of them for the same.
    let mut bridge = pairs[0].clone();
    (bridge.a, bridge.b) = (2, 3);
    pairs.push(bridge);
    let clusters = base.clusters(&pairs, Model::fitted().threshold, CASE, &Standings::default());
    assert_eq!(clusters.clusters, [[0, 1, 2], [3, 4, 5]]);
    assert_eq!(clusters.bridges, [(2, 3)]);
}

#[test]
fn bad_input_is_compared_like_any_other() {
    let long = "spindle overrun at gate ".repeat(50_000);
    let mut entries = vec![
        entry("", "", ""),
        entry("no-slash", "", ""),
        entry("a/b/c/d/e", "word", "word"),
        entry("x/one", "Overrun", ""),
        entry("x/two", "Overrun", ""),
        entry("x/marks", "!!! ??? --- §§§", "…"),
        entry("x/more-marks", "'''''\"\"\"\"``", "<<<>>>"),
        entry("x/long", &long, &long),
        entry("x/longer", &long, &long),
        entry("x/control", "\u{0}\u{1b}[31m\u{202e}", "\u{feff}"),
        entry("中/磁盘已满", "磁盘空间不足：无法写入日志文件", "分区已满，日志轮转没有运行。"),
        entry("中/磁盘空间", "磁盘空间不足，无法写入日志文件", "分区已满，因为日志轮转没有运行。"),
        entry("中/三", "连接被拒绝：服务没有启动", "端口上没有进程监听。"),
        entry("x/\u{301}", "e\u{301}\u{301}\u{301}", "\u{1f468}\u{200d}\u{1f469}"),
    ];
    for (entry, regex) in entries.iter_mut().zip(["(", "", "[", "(?=x)", "\\", "a{1000}{1000}"]) {
        regex.clone_into(&mut entry.regex);
    }
    let mut only_chinese = entry("zh/only", "", "");
    only_chinese.signature_zh = Some("磁盘空间不足，无法写入日志文件".to_owned());
    only_chinese.root_cause_zh = Some("分区已满，因为日志轮转没有运行。".to_owned());
    entries.push(only_chinese);
    let base = base(&entries);
    let number = |id: &str| base.number(id).expect("an entry");
    for a in 0..base.len() {
        for b in 0..base.len() {
            let probability = base.compare(a, b, CASE).probability;
            assert!((0.0..=1.0).contains(&probability), "{} {}", base.id(a), base.id(b));
        }
    }
    let probability = |a, b| base.compare(number(a), number(b), CASE).probability;
    assert!(probability("中/磁盘已满", "中/磁盘空间") > 0.7);
    assert!(probability("中/磁盘已满", "中/三") < 0.3);
    assert!(probability("x/long", "x/longer") > 0.7);
    let (pairs, _) = in_ids(&base);
    assert!(pairs.iter().any(|[a, b, _]| a == "中/磁盘已满" && b == "中/磁盘空间"), "{pairs:?}");
    let of_nothing = Base::new([]);
    assert!(of_nothing.is_empty() && of_nothing.candidates().pairs.is_empty());
}
