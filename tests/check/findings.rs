//! One fault is one finding, it stands where somebody looks, and its advice is right.

use std::fs;

use serde_json::{Value, json};

use crate::support::{self, Base, Output};

/// The rules of the findings with the names of the entries at which they stand, sorted.
fn found(output: &Output) -> Vec<String> {
    let of = |found: &Value| {
        let (rule, path) = (found["rule"].as_str()?, found["path"].as_str()?);
        let name = path.strip_prefix("entries/")?.strip_suffix(".json")?;
        Some(format!("{rule} {name}"))
    };
    let mut all: Vec<String> = output.findings().iter().filter_map(of).collect();
    all.sort();
    all
}

fn check(base: &Base, arguments: &[&str]) -> Output {
    base.errlore(&["check", "--format", "json"]).args(arguments).output()
}

/// The help of the only finding of a rule.
fn help(output: &Output, rule: &str) -> String {
    output.only(rule)["help"].as_str().expect("a help").to_owned()
}

fn link(id: &str) -> Value {
    let edge = json!({"error_id": id, "distinction": "The other is about a quota."});
    json!({"transition_graph": {"frequently_confused_with": [edge]}})
}

#[test]
fn a_split_category_is_one_finding_where_somebody_looks() {
    let base = Base::new();
    for number in 0..10 {
        base.entry(&format!("usual/u{number}"), &json!({"category": "config_error"}));
    }
    for number in 0..6 {
        base.entry(&format!("rare/r{number}"), &json!({"category": "config"}));
    }
    let output = base.check();
    assert_eq!(found(&output), ["split-vocabulary rare/r0"]);
    assert!(output.stdout.contains("of 6 entries"), "{}", output.stdout);
    for (path, place, severity) in [
        ("entries/rare/r4.json", "split-vocabulary rare/r4", "warning"),
        // Who touches an entry with the usual spelling has done nothing wrong.
        ("entries/usual/u0.json", "split-vocabulary usual/u0", "note"),
        ("entries/usual/u7.json", "split-vocabulary usual/u7", "note"),
    ] {
        let output = check(&base, &[path]);
        assert_eq!(found(&output), [place]);
        assert_eq!(output.only("split-vocabulary")["severity"], severity, "{path}");
    }
    base.errlore(&["check", "--unsafe-fixes"]).output();
    assert_eq!(found(&base.check()), [""; 0], "all of them are respelled");
}

/// Two entries about other errors whose patterns both find the message of the second.
fn overlapping() -> Base {
    let base = Base::new();
    base.entry(
        "example/a",
        &json!({"signature": "the spool is full", "regex": "spool is (full|blocked)"}),
    );
    base.entry(
        "other/b",
        &json!({
            "domain": "other", "signature": "printer 3: spool is blocked", "regex": "printer \\d+",
            "root_cause": "The printer has no paper.",
        }),
    );
    base
}

#[test]
fn who_touches_the_pattern_that_comes_first_is_told() {
    let base = overlapping();
    assert_eq!(found(&base.check()), ["regex-shadowed other/b"]);
    assert_eq!(found(&check(&base, &["entries/other/b.json"])), ["regex-shadowed other/b"]);
    let output = check(&base, &["entries/example/a.json"]);
    assert_eq!(found(&output), ["regex-shadowed example/a"]);
    let message = output.only("regex-shadowed")["message"].clone();
    assert_eq!(message, "a look-up of the message of `other/b` finds this entry first");
}

#[test]
fn patterns_that_answer_for_each_other_are_one_finding_at_either() {
    let base = Base::new();
    let one = |id: &str, message: &str, cause: &str| {
        base.entry(
            id,
            &json!({"signature": message, "regex": "spool is full|tray is full", "root_cause": cause}),
        );
    };
    one("example/a", "the spool is full", "Nobody fetches the pages.");
    one("example/b", "its tray is full", "A sensor is dirty.");
    assert_eq!(found(&base.check()), ["regex-collision example/a"]);
    for name in ["a", "b"] {
        let output = check(&base, &[&format!("entries/example/{name}.json")]);
        assert_eq!(found(&output), [format!("regex-collision example/{name}")]);
    }
}

#[test]
fn what_a_broad_pattern_finds_is_said_at_that_pattern() {
    let base = Base::new();
    base.entry("example/broad", &json!({"signature": "quota: full", "regex": "quota"}));
    for name in ["user", "mail", "disk", "print"] {
        let patch =
            json!({"signature": format!("{name} quota gone"), "regex": format!("{name} q")});
        base.entry(&format!("example/{name}"), &patch);
    }
    assert_eq!(found(&base.check()), ["regex-too-broad example/broad"]);
    assert_eq!(found(&check(&base, &["entries/example/mail.json"])), [""; 0]);
}

#[test]
fn a_name_that_two_entries_claim_is_said_at_the_one_that_was_named() {
    let base = Base::new();
    base.entry("example/a", &json!({"aliases": ["example/old", "example/b"]}));
    base.entry("example/b", &json!({}));
    base.entry("example/c", &json!({"aliases": ["example/old"]}));
    let whole = ["alias-collision example/a", "alias-collision example/c"];
    assert_eq!(found(&base.check()), whole);
    for name in ["a", "b", "c"] {
        let output = check(&base, &[&format!("entries/example/{name}.json")]);
        let all = found(&output);
        assert!(all.iter().all(|one| *one == format!("alias-collision example/{name}")), "{all:?}");
        assert!(!all.is_empty(), "{name}");
        assert_eq!(output.code, Some(1), "{name}");
    }
}

#[test]
fn a_link_to_a_merged_entry_names_the_one_that_is_left() {
    let base = Base::new();
    let same = json!({"signature": "the spool is full", "regex": "spool is full"});
    base.entry("example/full-spool", &same);
    base.entry("spool/no-room", &same);
    // Spelled much like the one that goes.
    base.entry("example/full-spoon", &json!({}));
    base.entry("example/linking", &link("example/full-spool"));
    base.git(&["init", "--quiet"]);
    let decide = ["duplicates", "--decide", "example/full-spool", "spool/no-room", "duplicate"];
    let output = base.errlore(&decide).args(&["--reason", "the same"]).output();
    assert_eq!(output.code, Some(0), "{}", output.stderr);
    base.commit("all");
    fs::remove_file(base.root().join("entries/example/full-spool.json")).expect("a file");
    for arguments in [&[][..], &["--since", "HEAD"]] {
        let help = help(&check(&base, arguments), "unknown-reference");
        assert!(help.contains("`spool/no-room`") && !help.contains("spoon"), "{help}");
    }
    // The survivor itself has nothing to link to.
    base.entry("spool/no-room", &{
        let mut patch = same.clone();
        patch["transition_graph"] = link("example/full-spool")["transition_graph"].clone();
        patch
    });
    fs::remove_file(base.root().join("entries/example/linking.json")).expect("a file");
    let help = help(&base.check(), "unknown-reference");
    assert!(help.contains("this very entry") && help.contains("remove"), "{help}");
    let alias = json!({"aliases": ["example/full-spool"]});
    base.entry("spool/no-room", &alias);
    base.entry("example/linking", &link("example/full-spool"));
    let output = base.check();
    assert_eq!(found(&output), ["reference-to-alias example/linking"]);
    assert!(output.stdout.contains("spool/no-room"), "{}", output.stdout);
}

#[test]
fn no_guess_is_the_entry_itself_or_what_it_links_to() {
    let base = Base::new();
    base.entry("example/disk-full", &link("example/disk-ful"));
    let output = check(&base, &["entries/example/disk-full.json"]);
    let first = help(&output, "unknown-reference");
    assert!(!first.contains("did you mean"), "{first}");
    base.entry("example/disk-fall", &json!({}));
    let output = check(&base, &["entries/example/disk-full.json"]);
    assert_eq!(help(&output, "unknown-reference"), "did you mean `example/disk-fall`?");
    let mut patch = link("example/disk-ful");
    let edges = patch["transition_graph"]["frequently_confused_with"].as_array_mut();
    edges
        .expect("a list")
        .push(json!({"error_id": "example/disk-fall", "distinction": "It fell."}));
    base.entry("example/disk-full", &patch);
    let help = help(&base.check(), "unknown-reference");
    assert!(!help.contains("did you mean"), "{help}");
}

#[test]
fn a_change_is_told_which_links_it_breaks_and_no_others() {
    let base = Base::new();
    base.entry("example/named", &json!({"aliases": ["example/former"]}));
    base.entry("example/linking", &link("example/former"));
    base.entry("example/apart", &link("example/never-there"));
    base.git(&["init", "--quiet"]);
    base.commit("all");
    base.entry("example/named", &json!({"aliases": []}));
    let output = check(&base, &["--since", "HEAD"]);
    let wanted = ["removed-id example/named", "unknown-reference example/linking"];
    assert_eq!(found(&output), wanted, "an alias went");
    let help = help(&output, "unknown-reference");
    assert!(help.contains("it went with this change"), "{help}");
    base.entry("example/named", &json!({"aliases": ["example/former"], "tags": ["x"]}));
    assert_eq!(found(&check(&base, &["--since", "HEAD"])), [""; 0], "it leads somewhere");
}

#[test]
fn a_key_that_is_left_out_is_no_fault_of_form() {
    let base = Base::new();
    let path = base.entry("example/a", &json!({}));
    let whole = base.read(&path);
    let lacks = |text: &str, lines: &[&str]| {
        let keeps = |line: &&str| !lines.iter().any(|key| line.trim_start().starts_with(key));
        let text: Vec<&str> = text.lines().filter(keeps).collect();
        // The last member of an object has no comma.
        text.join("\n").replace(",\n    }", "\n    }") + "\n"
    };
    let short = lacks(
        &whole,
        &["\"signature_zh\"", "\"tags\"", "\"locale\"", "\"condition\"", "\"sources\""],
    );
    assert!(short.lines().count() < whole.lines().count());
    base.write(&path, &short);
    assert_eq!(found(&base.check()), [""; 0], "{short}");
    base.write(&path, short.replace("\n  \"domain\"", "\n   \"domain\""));
    assert_eq!(found(&base.check()), ["not-canonical example/a"]);
    base.write(&path, &short);
    assert_eq!(base.errlore(&["fmt"]).output().code, Some(0));
    assert_eq!(base.read(&path), whole, "it is written where the file is written anew");
}

#[test]
fn half_width_marks_of_messages_and_code_are_as_they_are() {
    let base = Base::new();
    base.entry(
        "example/a",
        &json!({
            "signature": "错误:磁盘已满", "signature_zh": "错误:磁盘已满,无法写入", "regex": "错误:磁盘",
            "root_cause": "The signs 避難所,避難場所 name two kinds of place.",
            "workarounds_zh": ["日志里有 `错误:磁盘已满` 或者 \"错误:磁盘\"，重启。"],
            "x-samples": {"match": ["错误:磁盘已满"]},
        }),
    );
    assert_eq!(found(&base.check()), [""; 0]);
    base.entry("example/b", &json!({"root_cause_zh": "磁盘已满,无法写入。"}));
    base.entry("example/c", &json!({"root_cause": "磁盘已满,无法写入。", "locale": "zh"}));
    let half = ["half-width-punctuation example/b", "half-width-punctuation example/c"];
    assert_eq!(found(&base.check()), half);
}

#[test]
fn what_this_repository_holds_is_mostly_quiet() {
    let base = Base::new();
    let own = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("entries");
    let files = support::files_below(&own);
    for file in &files {
        let path = std::path::Path::new("entries").join(file.strip_prefix(&own).expect("below it"));
        base.write(path, fs::read(file).expect("an entry"));
    }
    let output = found(&base.check());
    let mut named: Vec<&str> = output.iter().filter_map(|one| one.split(' ').next_back()).collect();
    named.sort_unstable();
    named.dedup();
    assert!(named.len() * 10 <= files.len(), "{named:?}");
}
