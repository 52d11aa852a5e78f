//! `regex --since`: the blast radius of an edit, in a real repository.

use std::fs;

use serde_json::{Value, json};

use crate::support::{self, Base, Output, Run};

/// A base in git with entries of which one finds no message but its own.
fn base() -> Base {
    let base = Base::new();
    base.git(&["init", "--quiet"]);
    base.entry("disk/full", &message("write failed: no space left on device", "no space left"));
    base.entry("disk/quota", &message("write failed: disk quota exceeded", "quota exceeded"));
    base.entry("net/refused", &message("dial tcp: connection refused", "connection refused"));
    base.commit("three entries");
    base
}

fn message(signature: &str, regex: &str) -> Value {
    json!({"signature": signature, "regex": regex})
}

fn since(base: &Base, more: &[&str]) -> Run {
    base.errlore(&["regex", "--since", "HEAD", "--format", "json"]).args(more)
}

fn effects(output: &Output) -> Vec<Value> {
    let report: Value = serde_json::from_str(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}{}", output.stdout, output.stderr));
    report["effects"].as_array().unwrap_or_else(|| panic!("{report}")).clone()
}

/// The one pattern that changed.
fn only(output: &Output) -> Value {
    let effects = effects(output);
    assert_eq!(effects.len(), 1, "{}", output.stdout);
    effects[0].clone()
}

/// The examples of a kind, each as `entry/pointer` or `file:line`.
fn places(effect: &Value, kind: &str) -> Vec<String> {
    let messages = &effect[kind];
    let examples = messages["examples"].as_array().expect("a list");
    assert_eq!(messages["count"], examples.len(), "{effect}");
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let place = |example: &Value| match text(&example["entry"]) {
        Some(entry) => entry + &text(&example["message"]).expect("a pointer"),
        None => format!("{}:{}", text(&example["file"]).expect("a file"), example["line"]),
    };
    examples.iter().map(place).collect()
}

const KINDS: [&str; 4] =
    ["newly_matched", "no_longer_matched", "newly_shadowed", "newly_ambiguous"];

/// All kinds at once.
fn all(effect: &Value) -> [Vec<String>; 4] {
    KINDS.map(|kind| places(effect, kind))
}

fn strings(places: &[&[&str]; 4]) -> [Vec<String>; 4] {
    places.map(|list| list.iter().map(|text| (*text).to_owned()).collect())
}

#[test]
fn a_pattern_that_was_widened() {
    let base = base();
    let path = base
        .entry("disk/full", &message("write failed: no space left on device", "write failed: .*"));
    let effect = only(&since(&base, &[]).output());
    assert_eq!((&effect["entry"], &effect["path"]), (&json!("disk/full"), &json!(path)));
    assert_eq!(effect["before"], "no space left");
    assert_eq!(effect["after"], "write failed: .*");
    // `write failed: ` spells out as much as `quota exceeded`, and neither contains the other.
    let expected = [&["disk/quota/signature"][..], &[], &[], &["disk/quota/signature"]];
    assert_eq!(all(&effect), strings(&expected));
    let rivals = &effect["newly_ambiguous"]["examples"][0]["rivals"];
    assert_eq!(rivals, &json!(["disk/quota"]));

    base.entry("disk/full", &message("write failed: no space left on device", "write failed: .*e"));
    let shadowing = only(&since(&base, &[]).output());
    let shadowed = ["disk/quota/signature"];
    let expected = [&shadowed[..], &[], &shadowed, &shadowed];
    assert_eq!(all(&shadowing), strings(&expected), "it spells out one character more");
    let rivals = &shadowing["newly_shadowed"]["examples"][0]["rivals"];
    assert_eq!(rivals, &json!(["disk/full"]));
}

#[test]
fn a_pattern_that_was_narrowed_loses_messages_and_the_budget_says_how_many() {
    let base = base();
    base.entry("net/refused", &message("dial tcp: connection refused", "[ct]on|quota"));
    base.commit("a wide one");
    let samples = json!({"x-samples": {"match": ["tonic", "connect: no", "fine"]}});
    let mut patch = message("dial tcp: connection refused", "dial .* connection refused");
    patch["x-samples"] = samples["x-samples"].clone();
    base.entry("net/refused", &patch);
    let output = since(&base, &[]).output();
    let effect = only(&output);
    let lost =
        ["net/refused/x-samples/match/0", "net/refused/x-samples/match/1", "disk/quota/signature"];
    assert_eq!(places(&effect, "no_longer_matched"), lost, "its own come first");
    assert_eq!(effect["no_longer_matched"]["own"], 2);
    // The samples are not found, which is an error anyway; the budget counts by itself.
    let status = |most: &str| {
        let run = since(&base, &["--max-lost", most]);
        let output = run.args(&["--fail-on", "error"]).output();
        let report: Value = serde_json::from_str(&output.stdout).expect("JSON");
        assert_eq!(report["budget"]["lost"], 3);
        (output.stderr.trim().to_owned(), output.code)
    };
    assert_eq!(status("3").0, "");
    assert_eq!(status("2").0, "3 messages are no longer matched, and `--max-lost` allows 2");

    base.write("errlore.toml", "[rules]\nregex-misses-sample = \"off\"\n");
    assert_eq!(status("3").1, Some(0));
    assert_eq!(status("2").1, Some(1));
    let text = base.errlore(&["regex", "--since", "HEAD", "--max-lost", "2"]).output();
    assert!(text.stdout.contains("no longer matched: 3, 2 of its own\n"), "{}", text.stdout);
    assert!(text.stdout.ends_with("and `--max-lost` allows 2\n"), "{}", text.stdout);
    assert!(text.stdout.lines().all(|line| line.chars().count() <= 80), "{}", text.stdout);
}

#[test]
fn two_patterns_that_were_swapped() {
    let base = base();
    base.entry("disk/full", &message("write failed: no space left on device", "quota exceeded"));
    base.entry("disk/quota", &message("write failed: disk quota exceeded", "no space left"));
    let output = since(&base, &[]).output();
    let [full, quota] = &effects(&output)[..] else { panic!("{}", output.stdout) };
    let (a, b) = ("disk/full/signature", "disk/quota/signature");
    assert_eq!(all(full), strings(&[&[b], &[a], &[a], &[]]));
    assert_eq!(all(quota), strings(&[&[a], &[b], &[b], &[]]));
}

#[test]
fn an_entry_that_was_moved_is_the_same_entry() {
    let base = base();
    let text = base.read("entries/disk/full.json");
    fs::remove_file(base.root().join("entries/disk/full.json")).expect("a file");
    base.write("entries/storage/full.json", &text);
    assert_eq!(effects(&since(&base, &[]).output()), [] as [Value; 0], "it keeps its id");

    fs::remove_file(base.root().join("entries/storage/full.json")).expect("a file");
    let mut patch = message("write failed: no space left on device", "no space left on");
    patch["aliases"] = json!(["disk/full"]);
    base.entry("storage/full", &patch);
    let effect = only(&since(&base, &[]).output());
    assert_eq!(effect["entry"], "storage/full", "it knows its former id");
    assert_eq!(
        (&effect["before"], &effect["after"]),
        (&json!("no space left"), &json!("no space left on"))
    );
    assert_eq!(all(&effect), strings(&[&[], &[], &[], &[]]));
}

#[test]
fn an_entry_that_was_added() {
    let base = base();
    base.entry("disk/any", &message("write failed", "write failed"));
    let effect = only(&since(&base, &[]).output());
    assert_eq!((&effect["entry"], &effect["before"]), (&json!("disk/any"), &Value::Null));
    let others = ["disk/full/signature", "disk/quota/signature"];
    // `no space left` spells out 13 characters of the one message, `quota exceeded` 14 of the other.
    assert_eq!(all(&effect), strings(&[&others, &[], &[], &others]));
    let text = base.errlore(&["regex", "--since", "HEAD"]).output().stdout;
    assert!(text.contains("\n  before  no entry\n  now     `write failed`\n"), "{text}");
    let page = base.errlore(&["regex", "--since", "HEAD", "--format", "markdown"]).output().stdout;
    let change =
        "<code>disk/any</code>**: the entry is new, and its pattern is <code>write failed</code>\n";
    assert!(page.contains(change), "{page}");
    // An entry without a pattern is there.
    base.commit("a wide one");
    base.entry("disk/any", &message("write failed", ""));
    let text = base.errlore(&["regex", "--since", "HEAD"]).output().stdout;
    assert!(text.contains("\n  before  `write failed`\n  now     no pattern\n"), "{text}");
}

#[test]
fn an_entry_that_was_removed_loses_what_nobody_finds() {
    let base = base();
    base.entry("disk/any", &message("write failed", "write failed|refused"));
    base.entry("net/any", &message("network is down", "network is down|quota"));
    base.commit("two wide ones");
    let remove = |path: &str| fs::remove_file(base.root().join(path)).expect("a file");
    remove("entries/disk/any.json");
    let effect = only(&since(&base, &[]).output());
    assert_eq!((&effect["entry"], &effect["after"]), (&json!("disk/any"), &Value::Null));
    let own = ["disk/any/signature"];
    assert_eq!(all(&effect), strings(&[&[], &own, &[], &[]]), "the others are found by their own");
    let output = base.errlore(&["regex", "--since", "HEAD", "--max-lost", "0"]).output();
    assert_eq!(output.code, Some(1), "{}", output.stdout);
    assert!(output.stdout.contains("no longer matched: 1, 1 of its own"), "{}", output.stdout);
    assert!(
        output.stdout.contains("`write failed|refused`\n  now     no entry\n"),
        "{}",
        output.stdout
    );
    let page = base.errlore(&["regex", "--since", "HEAD", "--format", "markdown"]).output().stdout;
    assert!(
        page.contains("<code>disk/any</code>**: the entry is gone, and its pattern was <code>"),
        "{page}"
    );

    base.commit("one of them gone");
    base.entry("net/refused", &message("dial tcp: connection refused", "dial"));
    base.entry("disk/quota", &message("write failed: disk quota exceeded", "disk quotas"));
    base.commit("a pattern that misses");
    remove("entries/net/any.json");
    let lost = |base: &Base| {
        let effects = effects(&since(base, &[]).output());
        let gone = effects.iter().find(|effect| effect["entry"] == "net/any");
        places(gone.expect("the entry that is gone"), "no_longer_matched")
    };
    assert_eq!(lost(&base), ["net/any/signature", "disk/quota/signature"]);

    // An entry that answers for its message takes it over, with or without its id.
    base.entry("net/refused", &message("dial tcp: connection refused", "dial|network is down"));
    assert_eq!(lost(&base), ["disk/quota/signature"]);
}

#[test]
fn a_message_that_was_reworded_counts_as_it_was_too() {
    let base = base();
    base.entry("net/refused", &message("dial tcp: no route to host", "no route to host"));
    let effect = only(&since(&base, &[]).output());
    let place = ["net/refused/signature"];
    assert_eq!(all(&effect), strings(&[&place, &place, &[], &[]]));
    assert_eq!(effect["no_longer_matched"]["examples"][0]["former"], true);
    assert_eq!(effect["newly_matched"]["examples"][0]["former"], false);
}

#[test]
fn variants_for_other_environments_are_no_rivals() {
    let base = base();
    base.entry("disk/full/windows", &message("no space left on volume", "no space left"));
    let effect = only(&since(&base, &[]).output());
    assert_eq!(all(&effect), strings(&[&["disk/full/signature"], &[], &[], &[]]));
}

#[test]
fn paths_with_blanks_quotes_and_chinese() {
    let base = base();
    let odd = "entries/磁盘 \"满\"/a  b\t'ü.json";
    let text = support::entry("disk/odd", &message("odd message", "odd message"));
    base.write(odd, &text);
    base.commit("an odd path");
    base.write(
        odd,
        text.replace("\"odd message\",\n  \"domain\"", "\"odd [mn]essage\",\n  \"domain\""),
    );
    let output = since(&base, &[]).within(base.root().join("entries/disk")).output();
    let effect = only(&output);
    assert_eq!(effect["before"], "odd message", "{}", output.stdout);
    assert_eq!(effect["after"], "odd [mn]essage");
    fs::remove_file(base.root().join(odd)).expect("a file");
    let effect = only(&since(&base, &[]).output());
    assert_eq!((&effect["before"], &effect["path"]), (&json!("odd message"), &json!(odd)));
}

#[test]
fn the_base_is_the_merge_base_and_only_what_is_named_is_told() {
    let base = base();
    base.git(&["checkout", "--quiet", "-b", "topic"]);
    base.entry("disk/full", &message("write failed: no space left on device", "space left"));
    base.commit("topic");
    base.git(&["checkout", "--quiet", "-"]);
    base.entry("net/refused", &message("dial tcp: connection refused", "refused"));
    base.commit("meanwhile");
    base.git(&["branch", "trunk"]);
    base.git(&["checkout", "--quiet", "topic"]);
    base.entry("disk/quota", &message("write failed: disk quota exceeded", "disk quota"));
    let told = |more: &[&str]| -> Vec<String> {
        let run = base.errlore(&["regex", "--since", "trunk", "--format", "json"]).args(more);
        let entries = effects(&run.output());
        entries.iter().map(|effect| effect["entry"].to_string()).collect()
    };
    assert_eq!(told(&[]), ["\"disk/full\"", "\"disk/quota\""]);
    assert_eq!(told(&["entries/disk/quota.json"]), ["\"disk/quota\""]);
    assert_eq!(told(&["entries/net"]), [""; 0]);
}

#[test]
fn logs_are_read_line_by_line_whatever_they_hold() {
    let base = base();
    base.entry(
        "net/refused",
        &message("dial tcp: connection refused", "connection (refused|reset)"),
    );
    base.entry("disk/quota", &message("write failed: disk quota exceeded", "disk quota exceeded"));
    let mut log = b"ok\r\nconnection reset\r\n\0\xff\xfe connection reset \x1b[31m\n".to_vec();
    log.extend(std::iter::repeat_n(b'x', 1 << 20));
    log.extend(b" connection reset\nquota exceeded and disk quota exceeded\nconnection reset\nquota exceeded");
    base.write("logs/day 1.log", log);
    let output = since(&base, &["--messages", "logs/day 1.log", "--messages", "-"])
        .input("connection reset\nquota exceeded 2\n")
        .output();
    let [quota, refused] = &effects(&output)[..] else { panic!("{}", output.stdout) };
    assert_eq!(places(refused, "newly_matched"), ["logs/day 1.log:2", "logs/day 1.log:3"]);
    assert_eq!(refused["newly_matched"]["lines"], 4, "three are equal");
    assert_eq!(refused["newly_matched"]["examples"][0]["times"], 3);
    let text = refused["newly_matched"]["examples"][1]["text"].as_str().expect("a text");
    assert_eq!(text, "\0\u{fffd}\u{fffd} connection reset \u{1b}[31m");
    assert_eq!(places(quota, "no_longer_matched"), ["logs/day 1.log:7", "<stdin>:2"]);
    assert_eq!(
        output.stderr.trim(),
        "a line of logs/day 1.log has more than 64 kB: it was looked at up to there"
    );
    let text = base.errlore(&["regex", "--since", "HEAD", "--messages", "logs/day 1.log"]).output();
    assert!(!text.stdout.contains(['\0', '\u{1b}']), "{}", text.stdout);
    let lossy = since(&base, &["--messages", "logs/day 1.log", "--max-lost", "0"]).output();
    assert_eq!(lossy.code, Some(1));

    for formats in ["concise", "jsonl"] {
        let output = base.errlore(&["regex", "--since", "HEAD", "--format", formats]).output();
        assert!(!output.stdout.contains("refused|reset"), "they are about findings");
    }
}

#[test]
fn the_options_belong_to_since() {
    let base = base();
    let stderr = |arguments: &[&str]| {
        let output = base.errlore(arguments).output();
        assert_eq!(output.code, Some(2), "{arguments:?}");
        output.stderr
    };
    for arguments in [
        &["regex", "--max-lost", "0"][..],
        &["regex", "--messages", "log"],
        &["regex", "--since", "HEAD", "--max-lost", "-1"],
        &["regex", "--since", "HEAD", "--max-lost", "0", "--diff"],
        &["check", "--since", "HEAD", "--max-lost", "0"],
        &["validate", "--since", "HEAD", "--messages", "log"],
    ] {
        stderr(arguments);
    }
    let missing = stderr(&["regex", "--since", "HEAD", "--messages", "no.log"]);
    assert!(missing.contains("cannot read no.log"), "{missing}");
    let twice = ["regex", "--since", "HEAD", "--messages", "-", "--messages", "-"];
    assert!(stderr(&twice).contains("standard input can be read once"));
    base.entry("disk/full", &message("write failed: no space left on device", "no space"));
    assert!(stderr(&["regex", "--since", "HEAD", "--messages", "no.log"]).contains("no.log"));
}

#[test]
fn without_a_change_there_is_no_effect_and_without_since_none_is_told() {
    let base = base();
    let output = since(&base, &["--max-lost", "0"]).output();
    assert_eq!((effects(&output), output.code), (Vec::new(), Some(0)));
    let report = |arguments: &[&str]| -> Value {
        serde_json::from_str(&base.errlore(arguments).output().stdout).expect("JSON")
    };
    assert_eq!(report(&["regex", "--format", "json"]).get("effects"), None);
    assert_eq!(report(&["check", "--since", "HEAD", "--format", "json"]).get("effects"), None);
}

/// Texts that would be markup, a link, a mention or the end of a cell.
const HOSTILE: &str = "a|b `c` <script>alert(1)</script> @name #1 **d** _e_ [f](https://g.example) \
                       www.h.example ~~i~~ </code> <!-- &lt; \\| $x$ :tada: j\nk";

#[test]
fn markdown_shows_what_is_hostile_as_text() {
    let base = base();
    let pattern = r"failed: disk|a\|b .c. <|`<img src=x>`|@everyone";
    base.entry("disk/full", &message(HOSTILE, pattern));
    base.write("a|b<i>.log", format!("write failed: {}\n", HOSTILE.replace('\n', " ")));
    let output = base
        .errlore(&["regex", "--since", "HEAD", "--format", "markdown"])
        .args(&["--messages", "a|b<i>.log", "--max-lost", "0"])
        .output();
    let page = &output.stdout;
    let row = "| <code>disk/full</code> | 3 | 1 (1 of its own) | 0 | 1 |\n";
    assert!(page.contains(row), "{page}");
    assert!(page.contains("**1 message is no longer matched, and "), "{page}");
    // What is left when our own markup is taken away has nothing that Markdown or HTML would obey.
    let mut rest = page.clone();
    for own in ["<code>", "</code>", "<details>", "</details>", "<summary>", "</summary>", "**"] {
        rest = rest.replace(own, "");
    }
    for line in rest.lines() {
        let cells: Vec<&str> = match line.strip_prefix('|') {
            Some(row) => row.trim_end_matches('|').split('|').collect(),
            None => vec![line.trim_start_matches("- ")],
        };
        for cell in cells.iter().filter(|cell| !cell.starts_with("--")) {
            let plain = unreferenced(cell);
            assert!(
                !plain.contains(['<', '>', '`', '@', '#', '*', '_', '[', ']', '\\', '~', '$', '|']),
                "{line}"
            );
            assert!(!plain.contains("www.") && !plain.contains("://"), "{line}");
        }
    }
    let tables = page.lines().filter(|line| line.starts_with('|'));
    for line in tables {
        assert!([5, 6].contains(&line.matches('|').count()), "no cell ends early: {line}");
    }
    // Read back, it is the text.
    assert!(resolved(page).contains("alert(1)</script> @name #1 **d** _e_"), "{page}");
}

/// A text without its character references.
fn unreferenced(text: &str) -> String {
    let mut out = String::new();
    let mut parts = text.split("&#");
    out.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let (number, rest) = part.split_once(';').expect("a reference ends");
        number.parse::<u32>().expect("a number");
        out.push_str(rest);
    }
    assert!(!out.contains('&'), "{text}");
    out
}

/// A text with its character references resolved.
fn resolved(text: &str) -> String {
    let mut parts = text.split("&#");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (number, rest) = part.split_once(';').expect("a reference ends");
        out.extend(number.parse().ok().and_then(char::from_u32));
        out.push_str(rest);
    }
    out
}

#[test]
fn markdown_of_a_check_is_a_table_that_github_takes() {
    let base = base();
    base.entry("disk/full", &json!({"root_cause": "TODO: find out"}));
    let page = base.errlore(&["check", "--format", "markdown"]).output().stdout;
    assert!(page.starts_with("**errlore**: 1 error"), "{page}");
    assert!(page.contains("| **error** | <code>placeholder-text</code> | "), "{page}");
    let clean = base.errlore(&["validate", "--format", "markdown"]).output().stdout;
    assert_eq!(clean, "**errlore**: no findings in 3 files\n");
}

#[test]
fn markdown_is_cut_to_what_github_takes() {
    let base = base();
    for number in 0..400 {
        let signature = format!("{number} {}", "@|<".repeat(40));
        base.entry(&format!("many/e{number}"), &message(&signature, "write failed: .*"));
    }
    let page = base.errlore(&["regex", "--since", "HEAD", "--format", "markdown"]).output().stdout;
    let chars = page.chars().count();
    assert!(chars <= 65_536 && chars > 60_000, "{chars}");
    assert!(page.contains(" more findings are left out here.\n"), "it says how much is missing");
    let rows = page.lines().filter(|line| line.starts_with("| <code>many/")).count();
    assert_eq!(rows, 400, "the table of patterns comes first");
}

#[test]
fn on_github_a_loss_is_a_warning_on_the_file() {
    let base = base();
    let path = base
        .entry("disk/full", &message("write failed: no space left on device", "no space: left"));
    base.write("errlore.toml", "[rules]\nregex-misses-signature = \"off\"\n");
    let output = base
        .errlore(&["regex", "--since", "HEAD", "--format", "github", "--max-lost", "0"])
        .output();
    let expected = format!(
        "::warning file={path},title=disk/full::the change of this pattern: 1 no longer matched%0Aits own \
         signature: `write failed: no space left on device`\n::error title=errlore::1 message is no longer \
         matched, and `--max-lost` allows 0\n"
    );
    assert_eq!(output.stdout, expected);
    assert_eq!(output.code, Some(1));
}
