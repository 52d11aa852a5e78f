//! What may stand in a source that is to be read into an entry: whatever it is, a finding says so and
//! where, nothing is half written, and the other sources still come out.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use errlore::entry::Entry;
use errlore::render;
use serde_json::{Value, json};

use crate::support::{Base, Output, Run, entry, files_below, place};

fn parsed(text: &str) -> Entry {
    serde_json::from_str(text).expect("an entry")
}

fn run(base: &Base, arguments: &[&str]) -> Run {
    base.errlore(&["normalize"]).args(arguments)
}

fn report(output: &Output) -> Value {
    serde_json::from_str(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}{}", output.stdout, output.stderr))
}

/// What there is below a folder: each file with what it holds.
fn snapshot(base: &Base) -> BTreeSet<(PathBuf, Vec<u8>)> {
    let read = |path: PathBuf| {
        let bytes = fs::read(&path).unwrap_or_default();
        (path, bytes)
    };
    files_below(&base.home()).into_iter().map(read).collect()
}

/// A base with two good sources, one before and one after the place of a bad one.
fn neighbours() -> Base {
    let base = Base::new();
    let before = parsed(&entry("example/before", &json!({})));
    base.write("in/a.md", render::markdown(&before));
    base.write("in/z.json", entry("example/after", &json!({})));
    base
}

/// Reads a bad source between its neighbours. They come out, and nothing but entries below `out` is
/// written. Gives the findings about the bad one, as places in it and rules; what a source does not
/// give is left out, for none here gives all.
#[track_caller]
fn read_among_others(name: &str, content: &[u8], options: &[&str]) -> (Base, Output, Vec<String>) {
    let base = neighbours();
    let path = format!("in/{name}");
    base.write(&path, content);
    let before = snapshot(&base);
    let arguments = ["in", "--into", "out", "--report", "json"];
    let output = run(&base, &arguments).args(options).output();
    for neighbour in ["before", "after"] {
        let file = format!("out/example/{neighbour}.json");
        assert_eq!(base.read(&file), entry(&format!("example/{neighbour}"), &json!({})));
    }
    let after = snapshot(&base);
    assert!(after.is_superset(&before), "nothing that was there is changed");
    let out = base.root().join("out");
    for (path, bytes) in after.difference(&before) {
        let text = String::from_utf8_lossy(bytes);
        assert!(path.starts_with(&out), "{} is written", path.display());
        let id = path.strip_prefix(&out).expect("below").with_extension("");
        let whole: Value = serde_json::from_str(&text).expect("a whole document");
        assert_eq!(whole["id"], id.to_string_lossy().as_ref(), "{}", path.display());
    }
    let own = |found: &String| found.starts_with(&path) && !found.ends_with(" missing-value");
    let found: Vec<String> = output.places().into_iter().filter(own).collect();
    let found = found.iter().map(|found| found[path.len() + 1..].to_owned()).collect();
    (base, output, found)
}

/// A source that gives no entry.
#[track_caller]
fn assert_unreadable(name: &str, content: impl AsRef<[u8]>, at: &str, says: &str) {
    let (base, output, found) = read_among_others(name, content.as_ref(), &[]);
    assert_eq!(found, [format!("{at} unreadable-source")], "{}", output.stdout);
    assert_eq!(output.code, Some(1), "{}", output.stderr);
    assert!(output.stderr.ends_with("wrote 2 entries to out\n"), "{}", output.stderr);
    assert_eq!(output.stderr.lines().count(), 3, "a line for each that is written, and the sum");
    let message = output.only("unreadable-source")["message"].to_string();
    assert!(message.contains(says), "{message}");
    // By itself there is nothing to print.
    let alone = run(&base, &[&format!("in/{name}")]).output();
    assert_eq!((alone.code, alone.stdout.as_str()), (Some(1), ""), "{}", alone.stderr);
    assert!(alone.stderr.contains("error[unreadable-source]"), "{}", alone.stderr);
}

#[test]
fn an_empty_source() {
    for name in ["bad", "bad.txt", "bad.md", "bad.html"] {
        assert_unreadable(name, "", "1:1", "the source is empty");
        assert_unreadable(name, " \n\t\r\n  \n", "1:1", "the source is empty");
    }
    assert_unreadable("bad.json", "", "1:1", "empty");
    assert_unreadable("bad.md", "\u{feff}", "1:1", "the source is no page");
    let base = Base::new();
    for form in ["json", "text", "markdown", "html", "digest", "canon"] {
        for blank in ["", "\n", "\u{feff}\n", "\u{a0}\u{2003}\n"] {
            let output = run(&base, &["-", "--from", form]).input(blank).output();
            assert_eq!((output.code, output.stdout.as_str()), (Some(1), ""), "{form} {blank:?}");
            assert!(
                output.stderr.contains("error[unreadable-source]"),
                "{form}: {}",
                output.stderr
            );
        }
    }
}

#[test]
fn a_page_of_another_site() {
    let says = "the source is no page of an entry";
    assert_unreadable(
        "bad.txt",
        "\n404 Not Found\n\nThe page you are looking for does not exist.\n",
        "2:1",
        says,
    );
    assert_unreadable(
        "bad.html",
        "<!doctype html><html><head><title>Workarounds</title></head><body><main>\
         <h1>Sign in</h1><form><input name=\"id\"></form><footer>ID: a/b</footer></main></body></html>",
        "1:1",
        says,
    );
    assert_unreadable(
        "bad.md",
        "# Shopping\n\n- milk\n- 90% success\n\n## Notes\n\nNone.\n",
        "1:1",
        says,
    );
    assert_unreadable("bad", "[{\"name\": \"left-pad\"}]", "1:2", "no key of an entry");
    assert_unreadable("bad", "[]", "1:1", "the array is empty");
    assert_unreadable("bad.json", "[1]", "1:2", "expected an object");
}

/// A page in a form.
fn page(id: &str, form: &str) -> String {
    let entry = parsed(&entry(id, &json!({})));
    match form {
        "txt" => render::text(&entry),
        "md" => render::markdown(&entry),
        _ => render::html(&entry),
    }
}

#[test]
fn two_pages_in_one_source() {
    for form in ["txt", "md", "html"] {
        let (one, two) = (page("example/one", form), page("example/two", form));
        let name = format!("bad.{form}");
        let (base, output, found) = read_among_others(&name, (one + "\n" + &two).as_bytes(), &[]);
        assert_eq!(output.code, Some(0), "{form}: {}{}", output.stderr, output.stdout);
        let found: Vec<&str> = found
            .iter()
            .filter_map(|found| found.split(' ').next_back())
            .filter(|rule| *rule != "percentage-may-be-cut")
            .collect();
        assert_eq!(found.join(" "), "several-pages", "{form}");
        for id in ["example/one", "example/two"] {
            let text = base.read(format!("out/{id}.json"));
            let read: Value = serde_json::from_str(&text).expect("JSON");
            let wanted: Value = serde_json::from_str(&entry(id, &json!({}))).expect("JSON");
            for field in ["signature", "root_cause", "workarounds"] {
                assert_eq!(read[field], wanted[field], "{form} {id}");
            }
        }
    }
}

#[test]
fn a_page_in_the_code_of_another_is_its_text() {
    let inner = page("example/inner", "md");
    let patch = json!({"workarounds": [
        {"action": "Look", "success_rate": 0.9, "how": format!("{inner}\n```\n{inner}")}
    ]});
    let whole = parsed(&entry("example/bad", &patch));
    let (base, output, found) =
        read_among_others("bad.md", render::markdown(&whole).as_bytes(), &[]);
    assert_eq!((output.code, found), (Some(0), Vec::new()), "{}", output.stdout);
    assert_eq!(base.read("out/example/bad.json"), errlore::canonical::canonical(&whole));
}

#[test]
fn a_rate_above_all() {
    let md = "# Message\n\nID: example/bad\n\n- **140%** Fix Rate\n- **30%** Confidence\n";
    let items = "Message\n\nID: example/bad\n\nWorkarounds\n\n  1. 101% success Try\n     Again.\n";
    let html = "<h1>Message</h1><p>ID: <code>example/bad</code></p><ul><li><b>1e3%</b> Fix Rate</li>\
                <li>200% Confidence</li></ul>";
    let json =
        r#"{"id": "example/bad", "domain": "example", "confidence": 84, "fix_success_rate": -0.1}"#;
    let digest = "## example/bad\n\n- ERROR: a\n- FIX_RATE: 1.01\n\n### Dead Ends\n\n- A (fail_rate=inf): b\n";
    for (name, text, places) in [
        ("bad.md", md, &["5:3 rate-out-of-range"][..]),
        ("bad.txt", items, &["7:6 rate-out-of-range"]),
        ("bad.html", html, &["1:89 rate-out-of-range"]),
        ("bad.json", json, &["1:58 rate-out-of-range", "1:82 rate-out-of-range"]),
        ("bad", digest, &["4:13 rate-out-of-range", "8:16 rate-out-of-range"]),
    ] {
        let (base, output, found) = read_among_others(name, text.as_bytes(), &[]);
        let found: Vec<&String> =
            found.iter().filter(|found| found.ends_with("rate-out-of-range")).collect();
        assert_eq!(found, places, "{name}: {}", output.stdout);
        assert_eq!(output.code, Some(1), "{}", output.stderr);
        let written: Value =
            serde_json::from_str(&base.read("out/example/bad.json")).expect("JSON");
        let rates = ["/confidence", "/fix_success_rate", "/workarounds/0/success_rate"]
            .map(|field| written.pointer(field).and_then(Value::as_f64));
        assert!(rates.iter().flatten().all(|rate| (0.0..=1.0).contains(rate)), "{written}");
    }
}

#[test]
fn a_table_with_missing_cells() {
    let head = "# Message\n\nID: example/bad\n\n## Version Compatibility\n\n\
                | Version | Status | Introduced | Deprecated | Notes |\n|---|---|---|---|---|\n";
    let md = format!(
        "{head}| ext4 |\n| xfs | | 1.0 |\n| zfs | active |\n| | active | 2 |\n| btrfs | maybe |\n"
    );
    let text = "Message\n\nID: example/bad\n\nVersion Compatibility\n\n\
                Version  Status   Introduced  Deprecated  Notes\next4\nxfs               1.0\n\
                zfs      active\n         active   2\nbtrfs    maybe\n\nRoot Cause\n\nIt is full.\n";
    let html = "<h1>Message</h1>\n<p>ID: <code>example/bad</code></p>\n<h2>Version Compatibility</h2>\n\
                <table><tr><th>Version</th><th>Status</th><th>Introduced</th></tr>\n\
                <tr><td>ext4</td></tr>\n<tr><td>xfs</td><td></td><td>1.0</td></tr>\n\
                <tr><td>zfs</td><td>active</td></tr>\n<tr><td></td><td>active</td><td>2</td></tr>\n\
                <tr><td>btrfs</td><td>maybe</td></tr></table>";
    for (name, text) in [("bad.md", md.as_str()), ("bad.txt", text), ("bad.html", html)] {
        let (base, output, found) = read_among_others(name, text.as_bytes(), &[]);
        // The rows that lack a cell, or have one of no meaning, are named one by one or together.
        let said: Vec<(String, u64)> = output
            .findings()
            .iter()
            .filter(|found| found["path"] == format!("in/{name}"))
            .filter(|found| {
                let pointer = found["pointer"].as_str().unwrap_or_default();
                found["rule"] == "not-understood" || pointer.starts_with("/versions/")
            })
            .flat_map(|found| {
                let line = |end: &str| found[end]["line"].as_u64().expect("a line");
                let rule = found["rule"].as_str().unwrap_or_default().to_owned();
                (line("start")..=line("end")).map(move |line| (rule.clone(), line))
            })
            .collect();
        for row in ["ext4", "xfs", "active   2", "btrfs"] {
            let row = if text.contains(row) { row } else { "active | 2" };
            let row = if text.contains(row) { row } else { "<td></td><td>active" };
            let line = text[..text.find(row).expect("the row")].matches('\n').count() as u64 + 1;
            assert!(said.iter().any(|(_, at)| *at == line), "{name} {row}: {said:?} {found:?}");
        }
        let good = text[..text.find("zfs").expect("the row")].matches('\n').count() as u64 + 1;
        assert!(said.iter().all(|(_, at)| *at != good), "{name}: {said:?}");
        let written: Value =
            serde_json::from_str(&base.read("out/example/bad.json")).expect("JSON");
        let versions = written["versions"].as_array().expect("a list");
        let zfs = versions.iter().find(|version| version["version"] == "zfs").expect("the row");
        assert_eq!(zfs["status"], "active");
    }
}

/// Characters that clear a screen, reorder text, end a line, or cannot be seen.
const NASTY: [&str; 10] = [
    "\u{1b}[2J",
    "\u{1b}]0;title\u{7}",
    "\u{9b}31m",
    "\u{0}",
    "\u{8}",
    "\u{7f}",
    "\u{202e}",
    "\u{2066}",
    "\u{2028}",
    "\u{feff}",
];

fn is_obeyed(c: char) -> bool {
    matches!(c,
        '\u{0}'..='\u{8}' | '\u{b}'..='\u{1f}' | '\u{7f}'..='\u{9f}'
        | '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

#[test]
fn characters_that_a_terminal_obeys_in_each_field() {
    for nasty in NASTY {
        let text = |name: &str| format!("{name} {nasty} end");
        let whole = parsed(&entry(
            "example/nasty",
            &json!({
                "signature": text("signature"), "signature_zh": text("签名"), "regex": text("regex"),
                "category": text("category"), "root_cause": text("cause"), "root_cause_zh": text("原因"),
                "versions": [{"version": text("version"), "status": "active", "behavior_change": text("change")}],
                "os_specific": {text("linux"): text("os")},
                "dead_ends": [{"action": text("tried"), "why_fails": text("why"), "fail_rate": 0.9, "condition": text("if")}],
                "workarounds": [{"action": text("do"), "how": text("how"), "success_rate": 0.9, "sources": [text("https://example.org/")]}],
                "workarounds_zh": [text("做")],
                "transition_graph": {"leads_to": [{"error_id": text("a/b"), "probability": 0.5, "condition": text("then")}]},
                "official_doc_url": text("https://example.org/"), "official_doc_section": text("section"),
                "error_code": text("28"), "tags": [text("tag")], "x-own": text("own"),
            }),
        ));
        let canonical = errlore::canonical::canonical(&whole);
        let base = Base::new();
        for (name, page) in [
            ("page.json", serde_json::to_string(&whole).expect("serialises")),
            ("page.md", render::markdown(&whole)),
            ("page.txt", render::text(&whole)),
            ("page.html", render::html(&whole)),
            (
                "page",
                format!(
                    "## a/{nasty}b\n\n- ERROR: {nasty}\n- REGEX: `{nasty}`\n- {nasty}: {nasty}\n"
                ),
            ),
            (
                "page",
                format!("{nasty}ID: {nasty}a/b\n\n{nasty}\n\nRoot Cause {nasty}\n\n{nasty}\n"),
            ),
            (
                "page.md",
                format!(
                    "---\nid: a/b\n{nasty}: {nasty}\n---\n\n# {nasty}\n\n## {nasty}\n\n{nasty}\n"
                ),
            ),
            (
                "page.json",
                format!("{{\"id\": \"a/b\", \"k{nasty}\": 1, \"confidence\": \"{nasty}\"}}"),
            ),
        ] {
            base.write(name, &page);
            for arguments in [&[][..], &["--check"], &["--into", "out"], &["--strict"]] {
                let output = run(&base, &[name]).args(arguments).output();
                assert!(matches!(output.code, Some(0 | 1)), "{nasty:?}: {}", output.stderr);
                for text in [&output.stdout, &output.stderr] {
                    let raw: String = text.chars().filter(|c| is_obeyed(*c)).collect();
                    assert_eq!(raw, "", "{nasty:?} in {name} {arguments:?}: {text:?}");
                }
            }
            let json = run(&base, &[name, "--report", "json"]).output();
            report(&json);
        }
        // What carries all of an entry gives all of it back.
        for (name, page) in [
            ("page.json", serde_json::to_string(&whole).expect("serialises")),
            ("page.md", render::markdown(&whole)),
        ] {
            base.write(name, page);
            assert_eq!(run(&base, &[name]).output().stdout, canonical, "{nasty:?} in {name}");
        }
    }
}

#[test]
fn text_that_is_not_utf_8() {
    let page = page("example/bad", "txt");
    for (name, bytes) in [("bad.txt", page.as_bytes()), ("bad", b"# caf\n"), ("bad.json", b"{}\n")]
    {
        let mut bytes = bytes.to_vec();
        let at = bytes.len() - 1;
        bytes.splice(at..at, *b" caf\xe9 ");
        assert_unreadable(name, &bytes, "1:1", "it is not UTF-8");
    }
    assert_unreadable("bad.md", b"\xed\xa0\x80", "1:1", "it is not UTF-8");
    assert_unreadable("bad.html", b"<html>\xc0\xaf</html>", "1:1", "it is not UTF-8");
    let units: Vec<u16> = page.encode_utf16().collect();
    let little: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
    let big: Vec<u8> = units.iter().flat_map(|unit| unit.to_be_bytes()).collect();
    for (mark, bytes) in [([0xff, 0xfe], &little), ([0xfe, 0xff], &big)] {
        assert_unreadable("bad.txt", [&mark[..], bytes].concat(), "1:1", "it is UTF-16");
        assert_unreadable("bad.txt", bytes, "1:1", "the source is no page of an entry");
    }
}

#[test]
fn a_digest_with_a_piece_that_is_not_utf_8() {
    let entry = |number: usize, how: &[u8]| {
        let head = format!(
            "## example/e{number}\n\n- ERROR: failed {number}\n- REGEX: `e`\n- RESOLVABLE: true\n\
             - FIX_RATE: 0.9\n- SUMMARY: {}\n\n### Workarounds\n\n- Free some (success_rate=0.9) - `",
            "Full. ".repeat(300)
        );
        [head.as_bytes(), how, b"`\n\n"].concat()
    };
    // Many bytes, each of which is shown as three.
    let (mut bytes, many) = (Vec::new(), vec![0xe9; 100_000]);
    for number in 0..700 {
        bytes.extend(entry(number, if number == 300 { &many } else { b"du" }));
    }
    let base = neighbours();
    base.write("in/digest.md", &bytes);
    let output = run(&base, &["in", "--into", "out", "--report", "json"]).output();
    assert_eq!(output.code, Some(1), "{}", output.stderr);
    let found = output.only("unreadable-source");
    assert!(found["message"].to_string().contains("it is not UTF-8"), "{found}");
    for id in ["before", "after", "e0", "e699"] {
        assert!(base.root().join(format!("out/example/{id}.json")).exists(), "{id}");
    }
    // What comes after has its places in the bytes of the file.
    let report = report(&output);
    let sources = report["sources"].as_array().expect("a list");
    let last = sources.iter().rev().find(|source| source["path"] == "in/digest.md");
    let entries = last.expect("the digest")["entries"].as_array().expect("a list");
    let (id, map) = (&entries[0]["id"], &entries[0]["map"]);
    let binding = map.as_array().expect("a list").iter().find(|one| one["pointer"] == "/id");
    let span = &binding.expect("the place of the id")["span"];
    let [start, end] =
        [0, 1].map(|at| usize::try_from(span[at].as_u64().expect("a byte")).expect("small"));
    assert_eq!(std::str::from_utf8(&bytes[start..end]).ok(), id.as_str());
}

#[test]
fn a_byte_order_mark_says_nothing() {
    for form in ["txt", "md", "html", "json"] {
        let text = match form {
            "json" => entry("example/bad", &json!({})),
            form => page("example/bad", form),
        };
        let name = format!("bad.{form}");
        let (base, plain, _) = read_among_others(&name, text.as_bytes(), &[]);
        let without = base.read("out/example/bad.json");
        let (base, marked, found) =
            read_among_others(&name, format!("\u{feff}{text}").as_bytes(), &[]);
        assert_eq!(base.read("out/example/bad.json"), without, "{form}: {found:?}");
        assert_eq!(marked.code, plain.code);
        assert!(found.iter().all(|found| !found.ends_with("not-understood")), "{form}: {found:?}");
    }
}

#[test]
fn other_line_ends() {
    let patch = json!({
        "root_cause": "One line.\nAnother line.",
        "workarounds": [{"action": "Look", "success_rate": 0.9, "how": "df -h\n\n  du -sh *"}],
        "workarounds_zh": ["一", "二"], "versions": [{"version": "ext4", "status": "active"}],
    });
    let whole = parsed(&entry("example/bad", &patch));
    let digest = "## example/bad\n\n- ERROR: a\n- REGEX: `b`\n- RESOLVABLE: true\n- FIX_RATE: 0.5\n\
                  - SUMMARY: c\n\n### Dead Ends\n\n- d (fail_rate=0.5): e\n\n### Workarounds\n\n\
                  - f (success_rate=0.5) - `g`\n\n### Error Chain\n\n- LEADS_TO: a/b\n";
    for (name, text) in [
        ("bad.txt", render::text(&whole)),
        ("bad.md", render::markdown(&whole)),
        ("bad.html", render::html(&whole)),
        ("bad.json", serde_json::to_string_pretty(&whole).expect("serialises")),
        ("bad", digest.to_owned()),
    ] {
        let (base, _, found) = read_among_others(name, text.as_bytes(), &[]);
        let plain = base.read("out/example/bad.json");
        let (base, output, with_cr) =
            read_among_others(name, text.replace('\n', "\r\n").as_bytes(), &[]);
        assert_eq!(base.read("out/example/bad.json").replace("\\r", ""), plain, "{name}");
        assert_eq!(with_cr, found, "{name}: {}", output.stdout);
        // Marks that end lines elsewhere are characters here: a page on one line is none, and is said
        // to be none, or there is something that is not understood.
        for mark in ["\r", "\u{85}", "\u{2028}"] {
            let (_, output, found) =
                read_among_others(name, text.replace('\n', mark).as_bytes(), &[]);
            let is_said = found.iter().any(|found| {
                ["unreadable-source", "not-understood", "unusable-id", "source-cut-short"]
                    .iter()
                    .any(|rule| found.ends_with(rule))
            });
            let file = base.root().join("out/example/bad.json");
            let same = fs::read_to_string(file).is_ok_and(|text| text == plain);
            assert!(is_said || same, "{name} {mark:?}: {}", output.stdout);
        }
    }
}

#[test]
fn a_finding_in_a_source_with_carriage_returns_has_its_place() {
    let text = "Message\r\n\r\nID: example/bad\r\n\r\n140% Fix Rate\r\n30% Confidence\r\n";
    let (_, _, found) = read_among_others("bad.txt", text.as_bytes(), &[]);
    let at = place("", text, "140%").split_off(1) + " rate-out-of-range";
    assert!(found.contains(&at), "{found:?}");
}
