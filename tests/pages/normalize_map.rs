//! What `normalize` says about its sources to programs, digests that come in pieces, and patterns
//! that it proposes.

use std::collections::BTreeSet;
use std::fs;

use errlore::entry::Entry;
use errlore::normalize::{Bound, Form, normalize};
use errlore::render;
use errlore::source::Source;
use serde_json::{Value, json};

use crate::support::corpora::copied_page;
use crate::support::{Base, Output, Run, entry};

fn run(base: &Base, arguments: &[&str]) -> Run {
    base.errlore(&["normalize"]).args(arguments)
}

fn whole(patch: &Value) -> Entry {
    serde_json::from_str(&entry("example/disk-full", patch)).expect("an entry")
}

fn report(output: &Output) -> Value {
    serde_json::from_str(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}{}", output.stdout, output.stderr))
}

fn number(value: &Value) -> usize {
    usize::try_from(value.as_u64().expect("a number")).expect("small")
}

fn items(value: &Value) -> &[Value] {
    value.as_array().unwrap_or_else(|| panic!("no list: {value}"))
}

/// The line and the column of a byte, counted here apart from the program.
fn line_column(text: &str, at: usize) -> Value {
    let before = &text[..at];
    let column = before.rsplit('\n').next().map_or(0, |line| line.chars().count()) + 1;
    json!({"line": before.matches('\n').count() + 1, "column": column})
}

/// Checks the map of a source against its text: each place is one, in order and of a known kind, and
/// a value that stands there as it is is the value of its field.
fn assert_maps(source: &Value, text: &str) {
    for read in items(&source["entries"]) {
        assert_eq!(read["id"], read["entry"]["id"]);
        let mut last = 0;
        for binding in items(&read["map"]) {
            let (start, end) = (number(&binding["span"][0]), number(&binding["span"][1]));
            assert!(last <= start && start < end, "{binding}");
            let stretch = text.get(start..end).unwrap_or_else(|| panic!("no text: {binding}"));
            assert_eq!(binding["start"], line_column(text, start), "{binding}");
            assert_eq!(binding["end"], line_column(text, end), "{binding}");
            let keys: Vec<&str> =
                binding.as_object().expect("an object").keys().map(String::as_str).collect();
            match binding["kind"].as_str() {
                Some("field") => {
                    assert_eq!(keys, ["end", "kind", "pointer", "span", "start"]);
                    let pointer = binding["pointer"].as_str().expect("a pointer");
                    let value = read["entry"].pointer(pointer);
                    let value = value.unwrap_or_else(|| panic!("nothing at {pointer}"));
                    assert!(!value.is_null() || stretch == "null", "{binding}: {stretch}");
                }
                Some("label") => assert_eq!(keys, ["end", "kind", "label", "span", "start"]),
                Some("not-understood") => assert_eq!(keys, ["end", "kind", "span", "start"]),
                kind => panic!("{kind:?}"),
            }
            last = start;
        }
    }
}

/// The stretches of a text that no binding covers, blanks at their ends taken off.
fn uncovered<'t>(text: &'t str, spans: &[(usize, usize)]) -> Vec<&'t str> {
    let mut covered = vec![false; text.len()];
    for (start, end) in spans {
        covered[*start..*end].fill(true);
    }
    let mut out = Vec::new();
    let mut from = 0;
    while let Some(start) = (from..text.len()).find(|at| !covered[*at]) {
        let end = (start..text.len()).find(|at| covered[*at]).unwrap_or(text.len());
        out.extend(Some(text[start..end].trim()).filter(|stretch| !stretch.is_empty()));
        from = end;
    }
    out
}

fn spans(map: &Value) -> Vec<(usize, usize)> {
    let span = |binding: &Value| (number(&binding["span"][0]), number(&binding["span"][1]));
    items(map).iter().map(span).collect()
}

#[test]
fn a_report_in_json_has_the_entries_and_what_each_stretch_became() {
    let entry = whole(&json!({
        "signature": "write failed: “no space” left\non device",
        "root_cause_zh": "卷上没有空闲块。",
        "versions": [{"version": "ext4 | xfs", "status": "active", "behavior_change": "none"}],
        "dead_ends": [{"action": "a `b` **c**", "why_fails": "d", "fail_rate": 0.25}],
        "workarounds_zh": ["清理磁盘"],
    }));
    let pages = [
        ("text", render::text(&entry)),
        ("markdown", render::markdown(&entry)),
        ("html", render::html(&entry)),
        ("json", serde_json::to_string_pretty(&entry).expect("serialises")),
        ("text", render::text(&entry) + "\n\nSponsored by nobody.\n\nAnd by nobody else.\n"),
        ("markdown", render::markdown(&entry).replace('\n', "\r\n")),
    ];
    let base = Base::new();
    for (form, text) in &pages {
        base.write("page", text);
        let output = run(&base, &["page", "--report", "json"]).output();
        assert_eq!((output.code, output.stderr.as_str()), (Some(0), ""), "{form}");
        let report = report(&output);
        let keys: Vec<&String> = report.as_object().expect("an object").keys().collect();
        assert_eq!(keys, ["findings", "sources", "summary", "version"]);
        assert_eq!((&report["version"], &report["summary"]["files"]), (&json!(1), &json!(1)));
        let source = &report["sources"][0];
        assert_eq!((&source["path"], &source["form"]), (&json!("page"), &json!(form)));
        assert_maps(source, text);
        let printed = run(&base, &["page"]).output().stdout;
        let printed: Value = serde_json::from_str(&printed).expect("JSON");
        assert_eq!(source["entries"][0]["entry"], printed, "{form}");
        for found in items(&report["findings"]) {
            let start = number(&found["span"][0]);
            assert_eq!(found["start"], line_column(text, start), "{found}");
        }
    }
}

/// What stands beside the value of a line and is taken with it: the number of an item, and what the
/// value is.
fn is_mark(text: &str) -> bool {
    const WORDS: [&str; 8] =
        ["% success", "% fail", "ID:", "Fix Rate", "Confidence", "Evidence", "First Seen", "·"];
    let number = text.strip_suffix('.').unwrap_or_default();
    WORDS.contains(&text) || !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit())
}

#[test]
fn each_stretch_of_a_text_page_is_something() {
    let entry = whole(&json!({"root_cause_zh": "满了", "workarounds_zh": ["清理", "扩容"]}));
    let rendered = render::text(&entry);
    let strange = rendered.replace("Dead Ends", "Left over\n\nDead Ends") + "\n\nThe end.\n";
    let copied = fs::read_to_string(copied_page()).expect("a text");
    let base = Base::new();
    for (text, not_understood) in [(rendered, 0), (strange, 1), (copied, 0)] {
        base.write("page.txt", &text);
        let report = report(&run(&base, &["page.txt", "--report", "json"]).output());
        let map = &report["sources"][0]["entries"][0]["map"];
        assert_maps(&report["sources"][0], &text);
        let spans = spans(map);
        // Each line is covered by what is in it, and all of it but marks.
        let mut at = 0;
        for line in text.split_inclusive('\n') {
            let (start, end) = (at, at + line.len());
            at = end;
            let touched = spans.iter().any(|(from, to)| *from < end && *to > start);
            assert!(touched || line.trim().is_empty(), "{line:?} is nothing");
        }
        let left: Vec<&str> =
            uncovered(&text, &spans).into_iter().filter(|left| !is_mark(left)).collect();
        assert_eq!(left, [""; 0]);
        let count = items(map).iter().filter(|one| one["kind"] == "not-understood").count();
        assert!(count >= not_understood, "{map}");
        assert_eq!(count > 0, not_understood > 0, "{map}");
    }
}

#[test]
fn a_report_goes_where_it_is_told() {
    let base = Base::new();
    base.write("page.txt", "Message\n\nID: a/b\n");
    let plain = run(&base, &["page.txt"]).output();
    let report = run(&base, &["page.txt", "--report", "json"]).output().stdout;
    assert!(report.starts_with('{') && report.ends_with("}\n"), "{report}");
    // Into a file: standard output is for the entry.
    let output = run(&base, &["page.txt", "--report", "json=map.json"]).output();
    assert_eq!((output.code, &output.stdout, output.stderr.as_str()), (Some(0), &plain.stdout, ""));
    assert_eq!(base.read("map.json"), report);
    let output = run(&base, &["page.txt", "--report", "text=report.txt"]).output();
    assert_eq!((&output.stdout, output.stderr.as_str()), (&plain.stdout, ""));
    assert_eq!(base.read("report.txt"), plain.stderr);
    // Where both would go to standard output, the report goes beside it.
    let output = run(&base, &["page.txt", "--stdout", "--report", "json"]).output();
    assert_eq!((&output.stdout, &output.stderr), (&plain.stdout, &report));
    // With a folder for the entries the report is what there is to print.
    let output = run(&base, &["page.txt", "--into", "out", "--report", "json"]).output();
    let said = "wrote out/a/b.json\nwrote 1 entry to out\n";
    assert_eq!((&output.stdout, output.stderr.as_str()), (&report, said));
    let output = run(&base, &["page.txt", "--check", "--report", "json"]).output();
    assert_eq!((output.code, &output.stdout), (Some(1), &report));
    for bad in ["github", "concise", "jsonl", "yaml", "json="] {
        let output = run(&base, &["page.txt", "--report", bad]).output();
        assert_eq!((output.code, output.stdout.as_str()), (Some(2), ""), "{bad}");
    }
    let output = run(&base, &["page.txt", "--report", "json=no/such/folder.json"]).output();
    assert_eq!(output.code, Some(2));
    assert!(output.stderr.contains("no/such/folder.json"), "{}", output.stderr);
}

#[test]
fn a_source_that_cannot_be_read_is_in_the_report_too() {
    let base = Base::new();
    base.write("in/a.html", "<p>404 Not Found</p>");
    base.write("in/b.json", entry("example/b", &json!({})));
    base.write("in/c.txt", b"caf\xe9");
    let output = run(&base, &["in", "--into", "out", "--report", "json"]).output();
    assert_eq!(output.code, Some(1), "{}", output.stderr);
    let report = report(&output);
    let sources: Vec<(&str, usize)> = items(&report["sources"])
        .iter()
        .map(|source| (source["path"].as_str().expect("a path"), items(&source["entries"]).len()))
        .collect();
    assert_eq!(sources, [("in/a.html", 0), ("in/b.json", 1), ("in/c.txt", 0)]);
    assert_eq!(
        output.places(),
        ["in/a.html:1:1 unreadable-source", "in/c.txt:1:1 unreadable-source"]
    );
}

/// A digest of more than two pieces: entries of many lines and of many bytes a character, and one that
/// is longer than a piece by itself.
fn long_digest() -> String {
    let mut text = "# Errors\n\n> many\n\n".to_owned();
    for number in 0..4000 {
        let how = match number {
            1100 => "磁盘 ".repeat(300_000),
            number if number % 7 == 0 => format!("one\ntwo\n\n## no/heading\n\n- three {number}"),
            _ => "du -sh *".to_owned(),
        };
        // Some have what cannot be understood, some a rate that is none.
        let odd = if number % 10 == 0 { "left over\n" } else { "" };
        let rate = if number % 100 == 5 { "1.4" } else { "0.9" };
        text += &format!(
            "## example/e{number}\n\n- ERROR: 写入失败 {number}\n- REGEX: `e{number}`\n\
             - RESOLVABLE: true\n- FIX_RATE: {rate}\n- SUMMARY: Full.\n\n### Dead Ends\n\n{odd}\
             - Retry (fail_rate=0.9): Nothing has become free.\n\n### Workarounds\n\n\
             - Free some space (success_rate=0.9) - `{how}`\n\n"
        );
    }
    text
}

#[test]
fn a_digest_in_pieces_is_the_digest() {
    let text = long_digest();
    assert!(text.len() > 2 << 20);
    let base = Base::new();
    base.write("digest.md", &text);
    let whole = normalize(&Source::new("digest", text.as_str()), Form::Digest);
    assert_eq!(whole.drafts.len(), 4000);
    let from_file = run(&base, &["digest.md", "--report", "json"]).output();
    let arguments = ["-", "--stdin-filename", "digest.md", "--report", "json"];
    let from_pipe = run(&base, &arguments).input(text.as_str()).output();
    assert_eq!(from_file.code, Some(1), "{}", from_file.stderr);
    let report = report(&from_file);
    assert_eq!(report["summary"]["files"], 1, "however many pieces it came in");
    let sources = items(&report["sources"]);
    assert!(sources.len() > 1, "{} pieces", sources.len());
    assert!(from_pipe.stdout == from_file.stdout, "a pipe makes no difference");

    let read: Vec<&Value> = sources.iter().flat_map(|source| items(&source["entries"])).collect();
    assert_eq!(read.len(), whole.drafts.len());
    let mut not_understood = 0;
    for (read, draft) in read.iter().zip(&whole.drafts) {
        let wanted: Value = serde_json::from_str(&draft.json()).expect("JSON");
        assert!(read["entry"] == wanted, "{}", draft.entry.id);
        let places: Vec<(usize, usize)> = draft
            .bindings
            .iter()
            .map(|binding| (binding.span.start as usize, binding.span.end as usize))
            .collect();
        assert_eq!(spans(&read["map"]), places, "{}", draft.entry.id);
        let open = draft.bindings.iter().filter(|b| b.bound == Bound::NotUnderstood);
        not_understood += open.count();
    }
    // Lines and columns are those of the file.
    let starts: Vec<usize> =
        std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
    let place = |byte: usize| {
        let line = starts.partition_point(|start| *start <= byte);
        let column = text[starts[line - 1]..byte].chars().count() + 1;
        json!({"line": line, "column": column})
    };
    for binding in read.iter().flat_map(|read| items(&read["map"])) {
        assert_eq!(binding["start"], place(number(&binding["span"][0])), "{binding}");
        assert_eq!(binding["end"], place(number(&binding["span"][1])), "{binding}");
    }
    let findings = items(&report["findings"]);
    let of = |rule: &str| findings.iter().filter(|found| found["rule"] == rule).count();
    assert_eq!((of("not-understood"), of("rate-out-of-range")), (not_understood, 40));
    assert_eq!(not_understood, 400);
    for found in findings {
        assert_eq!(found["path"], "digest.md");
        let (start, end) = (number(&found["span"][0]), number(&found["span"][1]));
        assert_eq!(found["start"], place(start), "{found}");
        if found["rule"] == "not-understood" {
            assert_eq!(&text[start..end], "left over");
        }
    }
    let shown = run(&base, &["digest.md"]).output();
    let third = text.lines().enumerate().filter(|(_, line)| *line == "left over").nth(2);
    let (line, _) = third.expect("a line");
    assert!(shown.stderr.contains(&format!(" --> digest.md:{}:1\n", line + 1)), "a place");
    assert!(shown.stderr.contains("[not-understood]: 397 more like this"), "and a number");
    assert_eq!(shown.stdout.lines().next(), Some("["));
    let entries: Vec<Value> = serde_json::from_str(&shown.stdout).expect("an array");
    let ids: BTreeSet<&str> = entries.iter().filter_map(|entry| entry["id"].as_str()).collect();
    assert_eq!((entries.len(), ids.len()), (4000, 4000));
}

/// What was proposed: the pattern, and the findings about it.
fn proposal(output: &Output) -> (String, Vec<(String, String)>) {
    let report = report(output);
    let pattern = &report["sources"][0]["entries"][0]["entry"]["regex"];
    let about = |found: &&Value| found["pointer"] == "/regex";
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let findings = items(&report["findings"]).iter().filter(about);
    let findings = findings.map(|found| (text(&found["rule"]), text(&found["message"])));
    (text(pattern), findings.collect())
}

#[test]
fn a_pattern_is_proposed_where_the_source_gives_none() {
    let base = Base::new();
    base.entry("example/other", &json!({"signature": "read failed: no such file"}));
    let page = "write failed: quota of 20 blocks used up\n\nID: example/quota\n";
    base.write("page.txt", page);
    let arguments = ["page.txt", "--propose-regex", "--report", "json"];
    let output = run(&base, &arguments).output();
    assert_eq!((output.code, output.stderr.as_str()), (Some(0), ""));
    let (pattern, findings) = proposal(&output);
    let found = |text: &str| regex::Regex::new(&pattern).expect("a pattern").is_match(text);
    assert!(found("write failed: quota of 7 blocks used up"), "{pattern}");
    assert!(!found("read failed: no such file"), "{pattern}");
    let [(rule, message)] = &findings[..] else { panic!("{findings:?}") };
    assert_eq!(rule, "pattern-proposed");
    assert!(message.starts_with("the pattern is a proposal: `"), "{message}");

    // Without the option, and where there is a pattern, nothing is made up.
    let (pattern, findings) = proposal(&run(&base, &["page.txt", "--report", "json"]).output());
    assert_eq!((pattern.as_str(), findings[0].0.as_str()), ("", "missing-value"));
    base.write("page.json", entry("example/good", &json!({})));
    let (pattern, findings) =
        proposal(&run(&base, &["page.json", "--propose-regex", "--report", "json"]).output());
    assert_eq!((pattern.as_str(), findings.len()), ("no space left on device of example good", 0));
}

#[test]
fn a_pattern_that_finds_another_message_is_refused() {
    let base = Base::new();
    base.entry("example/rival", &json!({"signature": "fatal: write failed: no blocks left, stop"}));
    base.write("page.txt", "write failed: no blocks left\n\nID: example/none\n");
    let arguments = ["page.txt", "--propose-regex", "--report", "json"];
    let output = run(&base, &arguments).output();
    assert_eq!(output.code, Some(0), "{}", output.stderr);
    let (pattern, findings) = proposal(&output);
    let [(rule, message)] = &findings[..] else { panic!("{findings:?}") };
    assert_eq!((pattern.as_str(), rule.as_str()), ("", "no-pattern-found"));
    assert!(message.contains("also finds the one of `example/rival`"), "{message}");
    // The entry itself, as it is in the knowledge base, is no rival.
    base.write("page.txt", "fatal: write failed: no blocks left, stop\n\nID: example/rival\n");
    let (pattern, findings) = proposal(&run(&base, &arguments).output());
    assert_eq!(findings[0].0, "pattern-proposed");
    assert!(!pattern.is_empty());
    // Among the inputs there are rivals as well.
    base.write("a.txt", "the pool is dry, wait for water\n\nID: example/a\n");
    base.write("b.txt", "oh no, the pool is dry, wait for water, please\n\nID: example/b\n");
    let output =
        run(&base, &["a.txt", "b.txt", "--stdout", "--propose-regex", "--fail-on", "warning"]);
    let output = output.output();
    assert_eq!(output.code, Some(1), "{}", output.stderr);
    assert!(output.stderr.contains("also finds the one of `example/b`"), "{}", output.stderr);
}

#[test]
fn a_pattern_is_proposed_without_a_knowledge_base_too() {
    let base = Base::new();
    fs::remove_dir(base.root().join("entries")).expect("it is empty");
    base.write("page.txt", "write failed: quota of 20 blocks used up\n\nID: example/quota\n");
    let output = run(&base, &["page.txt", "--propose-regex", "--report", "json"]).output();
    let said = "there is no knowledge base here: patterns are proven against the inputs alone\n";
    assert_eq!((output.code, output.stderr.as_str()), (Some(0), said));
    let (pattern, findings) = proposal(&output);
    assert!(!pattern.is_empty());
    assert_eq!(findings[0].0, "pattern-proposed");
    // A knowledge base that cannot be read would leave rivals out.
    base.write("errlore.toml", "entries = 1\n");
    assert_eq!(run(&base, &["page.txt", "--propose-regex"]).output().code, Some(2));
}

#[test]
fn an_entry_of_the_knowledge_base_that_is_broken_does_not_stop_a_proposal() {
    let base = Base::new();
    base.write("entries/example/broken.json", "{");
    base.entry("example/rival", &json!({"signature": "fatal: write failed: no blocks left, stop"}));
    base.write("page.txt", "write failed: no blocks left\n\nID: example/none\n");
    let output = run(&base, &["page.txt", "--propose-regex"]).output();
    assert_eq!(output.code, Some(0), "{}", output.stderr);
    assert!(output.stderr.contains("`example/rival`"), "{}", output.stderr);
}
