//! Pages that other programs converted, and the digest, against the entries they were made of.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::Path;

use errlore::normalize::{Bound, Draft, Form, detect, normalize};
use errlore::source::Source;
use serde_json::Value;

use crate::support;

/// The values that a page shows, by field: the text of each.
fn shown(entry: &Value) -> BTreeMap<String, String> {
    const FIELDS: [&str; 14] = [
        "error_code",
        "domain",
        "category",
        "verification_tier",
        "resolvable",
        "signature",
        "id",
        "fix_success_rate",
        "confidence",
        "evidence_count",
        "first_seen",
        "root_cause",
        "root_cause_zh",
        "official_doc_url",
    ];
    let mut out = BTreeMap::new();
    let mut add = |name: String, value: &Value| {
        let text = match value {
            Value::String(text) => text.trim().to_owned(),
            Value::Null => String::new(),
            value => value.to_string(),
        };
        if !text.is_empty() {
            out.insert(name, text);
        }
    };
    for field in FIELDS {
        add(field.to_owned(), &entry[field]);
    }
    for (list, fields) in [
        ("versions", &["version", "status", "introduced", "deprecated", "behavior_change"][..]),
        ("workarounds", &["action", "success_rate", "how"]),
        ("dead_ends", &["action", "why_fails", "fail_rate"]),
    ] {
        for (index, item) in entry[list].as_array().into_iter().flatten().enumerate() {
            for field in fields {
                add(format!("{list}/{index}/{field}"), &item[*field]);
            }
        }
    }
    for (index, item) in entry["workarounds_zh"].as_array().into_iter().flatten().enumerate() {
        add(format!("workarounds_zh/{index}"), item);
    }
    out
}

/// How many of the fields are right, of how many, and those that are not.
fn recall(truth: &Value, read: &Value) -> (usize, usize, Vec<String>) {
    let (truth, read) = (shown(truth), shown(read));
    let mut names: Vec<&String> = truth.keys().chain(read.keys()).collect();
    names.sort_unstable();
    names.dedup();
    let wrong: Vec<String> = names
        .iter()
        .filter(|name| truth.get(**name) != read.get(**name))
        .map(|name| format!("{name}: {:?} is {:?}", truth.get(*name), read.get(*name)))
        .collect();
    (names.len() - wrong.len(), names.len(), wrong)
}

fn read(path: &Path) -> (String, Vec<Draft>) {
    let text = fs::read_to_string(path).expect("a page");
    let name = path.to_string_lossy();
    let reading = normalize(&Source::new(&*name, text.as_str()), detect(&name, &text));
    (text, reading.drafts)
}

fn json(draft: &Draft) -> Value {
    serde_json::from_str(&draft.json()).expect("a draft is JSON")
}

/// The entries that pages were made of, by the name of the page's file.
fn truths() -> Option<HashMap<String, Value>> {
    let folder = support::shared("corpus/entries")?;
    let seed = support::shared("seeds/000_3db08770e714b14f.txt")?;
    let entries = support::files_below(&folder).into_iter().chain([seed]).map(|path| {
        let text = fs::read_to_string(path).expect("an entry");
        let entry: Value = serde_json::from_str(&text).expect("JSON");
        (entry["id"].as_str().expect("an id").replace('/', "__"), entry)
    });
    Some(entries.collect())
}

#[test]
fn pages_of_other_programs_come_back() {
    let (Some(truths), Some(forms)) = (truths(), support::shared("forms")) else { return };
    let (mut right, mut all, mut faults) = (0, 0, Vec::new());
    for program in ["resiliparse", "inscriptis", "html2text", "pandoc-gfm"] {
        for path in support::files_below(&forms.join(program)) {
            let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
            let (text, drafts) = read(&path);
            assert_eq!(drafts.len(), 1, "{}", path.display());
            let draft = &drafts[0];
            let (good, total, wrong) = recall(&truths[&name], &json(draft));
            right += good;
            all += total;
            faults.extend(wrong.into_iter().map(|wrong| format!("{program} {name} {wrong}")));
            for binding in draft.bindings.iter().filter(|b| b.bound == Bound::NotUnderstood) {
                faults.push(format!("{program} {name}: {:?}", &text[binding.span.range()]));
            }
        }
    }
    assert!(all > 800, "{all} fields");
    // A converter puts a blank before an apostrophe in strong text: nothing tells that it was not there.
    assert!(faults.len() * 500 <= all, "{right} of {all}:\n{}", faults.join("\n"));
}

#[test]
fn the_page_of_the_seed_comes_back_word_for_word() {
    let Some(seed) = support::shared("seeds/001_af03330b3539ae50.txt") else { return };
    let (text, drafts) = read(&seed);
    assert_eq!(drafts.len(), 1);
    let got = json(&drafts[0]);
    let why =
        |index: usize| got["dead_ends"][index]["why_fails"].as_str().expect("a text").to_owned();
    let wanted = [
        ("/id", "communication/websocket-1009-message-too-big"),
        ("/error_code", "1009"),
        ("/domain", "communication"),
        ("/category", "protocol_error"),
        ("/verification_tier", "ai_generated"),
        ("/resolvable", "true"),
        ("/first_seen", "2023-11-20"),
        ("/root_cause_type", "generic"),
        (
            "/official_doc_url",
            "https://developer.mozilla.org/en-US/docs/Web/API/CloseEvent/statusCode",
        ),
        ("/versions/0/version", "RFC 6455"),
        ("/versions/1/version", "Node.js ws library 8.12.0"),
        ("/versions/2/version", "Python websockets 12.0"),
        ("/versions/3/version", "Go gorilla/websocket 1.5.0"),
        ("/versions/3/status", "active"),
    ];
    for (pointer, wanted) in wanted {
        assert_eq!(got.pointer(pointer).and_then(Value::as_str), Some(wanted), "{pointer}");
    }
    for (pointer, wanted) in [
        ("/fix_success_rate", "0.84"),
        ("/confidence", "0.87"),
        ("/evidence_count", "1"),
        ("/workarounds/0/success_rate", "0.9"),
        ("/workarounds/1/success_rate", "0.85"),
        ("/workarounds/2/success_rate", "0.8"),
        ("/dead_ends/0/fail_rate", "0.6"),
        ("/dead_ends/1/fail_rate", "0.75"),
        ("/dead_ends/2/fail_rate", "0.7"),
    ] {
        assert_eq!(
            got.pointer(pointer).map(Value::to_string).as_deref(),
            Some(wanted),
            "{pointer}"
        );
    }
    // Each text is a line of the page, whole.
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let after = |text: &str| {
        lines.iter().any(|line| *line == text || line.ends_with(&format!("% success {text}")))
    };
    for pointer in ["/signature", "/root_cause", "/root_cause_zh"] {
        let text = got.pointer(pointer).and_then(Value::as_str).expect("a text");
        assert!(lines.contains(&text), "{pointer}: {text}");
    }
    for index in 0..3 {
        let workaround = &got["workarounds"][index];
        for field in ["action", "how"] {
            assert!(after(workaround[field].as_str().expect("a text")), "{workaround}");
        }
        let step = got["workarounds_zh"][index].as_str().expect("a text");
        assert!(lines.contains(&format!("{}. {step}", index + 1).as_str()), "{step}");
        // The page gives one text for a dead end: the reason.
        assert!(lines.contains(&why(index).as_str()));
        assert_eq!(got["dead_ends"][index]["action"], "");
    }
    assert_eq!(got["regex"], "");
    let missing = drafts[0].remarks.iter().filter(|remark| remark.rule.id == "missing-value");
    let missing: Vec<&str> = missing.map(|remark| remark.pointer.as_str()).collect();
    assert_eq!(
        missing,
        ["/regex", "/dead_ends/0/action", "/dead_ends/1/action", "/dead_ends/2/action"]
    );
    assert!(drafts[0].bindings.iter().all(|binding| binding.bound != Bound::NotUnderstood));
}

#[test]
fn the_digest_comes_back() {
    let (Some(truths), Some(path)) = (truths(), support::shared("forms/digest/llms-full.md"))
    else {
        return;
    };
    let text = fs::read_to_string(path).expect("the digest");
    assert_eq!(detect("llms-full.md", &text), Form::Digest);
    let reading = normalize(&Source::new("llms-full.md", text.as_str()), Form::Digest);
    assert_eq!(reading.drafts.len(), 1_702);
    let mut faults = Vec::new();
    for draft in &reading.drafts {
        let got = json(draft);
        let truth = &truths[&draft.entry.id.as_str().replace('/', "__")];
        let trimmed = |value: &Value| match value {
            Value::String(text) => Value::String(text.trim().to_owned()),
            value => value.clone(),
        };
        let mut same = |name: String, truth: &Value, got: &Value| {
            let is_empty = |value: &Value| value.is_null() || value == "";
            if trimmed(truth) != trimmed(got) && !(is_empty(truth) && is_empty(got)) {
                faults.push(format!("{} {name}: {truth} is {got}", draft.entry.id));
            }
        };
        for field in ["id", "signature", "regex", "fix_success_rate", "resolvable", "root_cause"] {
            same(field.to_owned(), &truth[field], &got[field]);
        }
        for (list, fields) in [
            ("workarounds", ["action", "success_rate", "how"]),
            ("dead_ends", ["action", "why_fails", "fail_rate"]),
        ] {
            let count = |entry: &Value| entry[list].as_array().map_or(0, Vec::len);
            for index in 0..count(truth).max(count(&got)) {
                for field in fields {
                    let name = format!("{list}/{index}/{field}");
                    same(name, &truth[list][index][field], &got[list][index][field]);
                }
            }
        }
        for list in ["leads_to", "preceded_by", "frequently_confused_with"] {
            let ids = |entry: &Value| {
                let links = entry["transition_graph"][list].as_array().into_iter().flatten();
                Value::Array(links.map(|link| link["error_id"].clone()).collect())
            };
            same(list.to_owned(), &ids(truth), &ids(&got));
        }
    }
    assert!(
        faults.is_empty(),
        "{} faults:\n{}",
        faults.len(),
        faults[..faults.len().min(20)].join("\n")
    );
}
