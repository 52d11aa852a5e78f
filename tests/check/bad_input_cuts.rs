//! Sources that end in the middle: a download that broke off. Wherever that was, nothing panics, and
//! as far as it shows at all, a finding says so.

use std::collections::BTreeMap;
use std::fs;

use errlore::check::add_reading;
use errlore::config::Config;
use errlore::entry::Entry;
use errlore::normalize::{Form, detect, normalize};
use errlore::render;
use errlore::report::Report;
use errlore::source::Source;
use serde_json::json;

use crate::support::corpora::{beside, copied_page, fixtures};
use crate::support::{Base, entry, files_below};

/// How often each finding was made: its rule, entry, field and message.
type Findings = BTreeMap<String, usize>;

fn read(text: &str, form: Form) -> (Vec<String>, Findings) {
    let source = Source::new("source", text);
    let reading = normalize(&source, form);
    let mut report = Report::default();
    let config = Config::default();
    add_reading(&mut report, &source, &reading, &config, false);
    let mut findings = Findings::new();
    for found in &report.diagnostics {
        let location = &found.primary.location;
        assert!(text.get(location.span.range()).is_some(), "{found:?}");
        let key = format!(
            "{} {:?} {} {}",
            found.rule,
            found.entry,
            location.pointer.as_str(),
            found.message
        );
        *findings.entry(key).or_default() += 1;
    }
    (reading.drafts.iter().map(errlore::normalize::Draft::json).collect(), findings)
}

/// Cuts a source at places so many bytes apart. In this share of them, in thousandths, what is read is
/// not what the whole source gives, and no finding is there that the whole source does not have.
fn untold(text: &str, form: Form, step: usize) -> (usize, Vec<usize>) {
    let (whole, known) = read(text, form);
    assert!(!whole.is_empty());
    let end = text.trim_end().len();
    let cuts: Vec<usize> = (0..end).step_by(step).filter(|at| text.is_char_boundary(*at)).collect();
    let is_told = |at: &usize| {
        let cut = &text[..*at];
        // Of so little it may look like any form, which must be no fault either.
        let seen = detect("source", cut);
        if seen != form {
            read(cut, seen);
        }
        let (drafts, findings) = read(cut, form);
        drafts == whole
            || findings.iter().any(|(key, count)| known.get(key).is_none_or(|had| count > had))
    };
    let untold: Vec<usize> = cuts.iter().copied().filter(|at| !is_told(at)).collect();
    ((untold.len() * 1000).div_ceil(cuts.len()), untold)
}

#[track_caller]
fn assert_told(name: &str, text: &str, form: Form, step: usize, at_most: usize) {
    let (share, untold) = untold(text, form, step);
    let first = untold.first().map_or("", |at| &text[..*at]);
    assert!(share <= at_most, "{name}: {share} of 1000, such as after\n{first}");
}

fn whole() -> Entry {
    let patch = json!({
        "signature_zh": "磁盘已满",
        "versions": [
            {"version": "ext4", "status": "active"},
            {"version": "xfs", "status": "removed", "introduced": "1.0", "behavior_change": "none"}
        ],
        "root_cause_zh": "卷上没有空闲块。",
        "official_doc_url": "https://example.org/a/b",
        "official_doc_section": "Disks",
        "error_code": "28",
        "tags": ["disk"],
        "workarounds": [
            {"action": "Free some space", "success_rate": 0.9, "how": "Find them\n\n  with `du`",
             "condition": "on Linux", "sources": ["https://example.org/x"]},
            {"action": "Add a disk", "success_rate": 0.8, "how": "Buy one and mount it."}
        ],
        "workarounds_zh": ["清理磁盘", "扩容磁盘"],
        "dead_ends": [
            {"action": "Retry", "why_fails": "Nothing has become free.", "fail_rate": 0.9},
            {"action": "Reboot", "why_fails": "The files are still there.", "fail_rate": 0.85,
             "condition": "always", "sources": ["https://example.org/y"]}
        ],
        "transition_graph": {
            "leads_to": [{"error_id": "example/other", "probability": 0.5, "condition": "late"}]
        },
    });
    serde_json::from_str(&entry("example/disk-full", &patch)).expect("an entry")
}

fn digest() -> String {
    let entry = |number: usize| {
        format!(
            "## example/e{number}\n\n- ERROR: failed {number}\n- REGEX: `failed {number}`\n\
             - RESOLVABLE: true\n- FIX_RATE: 0.9\n- SUMMARY: It is full.\n\n### Dead Ends\n\n\
             - Retry (fail_rate=0.9): Nothing has become free.\n\
             - Wait (fail_rate=0.95): It stays full.\n\n### Workarounds\n\n\
             - Free some (success_rate=0.9) - `du -sh *\n\n- or df`\n\
             - Add a disk (success_rate=0.8)\n\n"
        )
    };
    format!("# Errors\n\n> 2 errors\n\n{}{}", entry(1), entry(2))
}

#[test]
fn forms_with_an_end_of_their_own_tell_wherever_they_are_cut() {
    let whole = whole();
    let json = serde_json::to_string_pretty(&whole).expect("serialises");
    assert_told("JSON", &json, Form::Json, 1, 0);
    let list = format!("[{json}, {json}]");
    assert_told("an array", &list, Form::Json, 3, 0);
    let canon =
        json!({"schema_version": "1", "id": "a/b", "error": {"signature": "a", "regex": "b"}});
    assert_told("the nested schema", &canon.to_string(), Form::Canon, 1, 0);
    // The style of the page is no part of it, and takes long to cut.
    let html = render::html(&whole);
    let style = html.find("<style>").expect("a style")..html.find("</style>").expect("its end");
    let html = [&html[..style.start], &html[style.end..]].concat();
    assert_told("HTML", &html, Form::Html, 2, 0);
}

/// Plain text and Markdown have no end: a page that stops after a word of its last section, or an item
/// of a list, is a page. How often that can be is held here, so that it does not become more.
#[test]
fn forms_without_an_end_tell_as_far_as_it_shows() {
    let whole = whole();
    assert_told("text", &render::text(&whole), Form::Text, 1, 70);
    assert_told("Markdown", &render::markdown(&whole), Form::Markdown, 1, 80);
    assert_told("a digest", &digest(), Form::Digest, 1, 20);
}

#[test]
fn pages_of_other_programs_tell_as_far_as_it_shows() {
    // The dead ends stand last, three long texts.
    const PAGES: [(&str, usize); 4] =
        [("resiliparse", 90), ("html2text", 85), ("inscriptis", 85), ("pandoc-gfm", 70)];
    // In the third page the workarounds do.
    const LARGE: [(&str, usize); 4] =
        [("resiliparse", 115), ("html2text", 112), ("inscriptis", 552), ("pandoc-gfm", 0)];
    let copied = fs::read_to_string(copied_page()).expect("a text");
    assert_told("copied", &copied, Form::Text, 7, 100);
    for (folder, pages, step) in [(Some(fixtures().pages()), PAGES, 7), (beside("forms"), LARGE, 2)]
    {
        let Some(folder) = folder else { continue };
        for (name, at_most) in pages {
            let mut files = files_below(&folder.join(name)).into_iter();
            let path = files.find(|path| path.to_string_lossy().contains("communication__"));
            let path = path.expect("a page of the error of WebSocket");
            let text = fs::read_to_string(&path).expect("a text");
            let form = detect(&path.to_string_lossy(), &text);
            assert_told(name, &text, form, step, at_most);
        }
    }
}

#[test]
fn a_cut_source_does_not_harm_the_others() {
    let whole = whole();
    let base = Base::new();
    let page = render::markdown(&whole);
    base.write("in/whole.md", &page);
    let mut cuts = 0;
    for (name, text) in [
        ("cut.json", entry("example/cut", &json!({}))),
        ("cut.md", page.replace("disk-full", "cut-md")),
        ("cut.txt", render::text(&whole).replace("disk-full", "cut-txt")),
        ("cut.html", render::html(&whole).replace("disk-full", "cut-html")),
        ("cut-digest.md", digest()),
    ] {
        for tenth in 1..10 {
            // Also in the middle of a character.
            let end = text.len() * tenth / 10;
            base.write(format!("in/{tenth}-{name}"), &text.as_bytes()[..end]);
            cuts += 1;
        }
    }
    let output = base.errlore(&["normalize", "in", "--into", "out", "--report", "json"]).output();
    assert_eq!(output.code, Some(1), "{}", output.stderr);
    let written = base.read("out/example/disk-full.json");
    assert_eq!(written, errlore::canonical::canonical(&whole));
    let report: serde_json::Value = serde_json::from_str(&output.stdout).expect("JSON");
    assert_eq!(report["summary"]["files"], cuts + 1);
    for file in files_below(&base.root().join("out")) {
        let text = fs::read_to_string(&file).expect("a text");
        assert!(text.starts_with("{\n") && text.ends_with("\n}\n"), "{}", file.display());
    }
}
