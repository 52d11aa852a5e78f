//! Pages that other programs converted, and the digest, against the entries they were made of.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::Path;

use errlore::normalize::{Bound, Draft, Form, detect, normalize};
use errlore::source::Source;
use serde_json::Value;

use crate::support;
use crate::support::cases::hold_file;
use crate::support::corpora::{beside, corpora, fixtures};

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
            // Converters run blanks together.
            Value::String(text) => text.split_whitespace().collect::<Vec<_>>().join(" "),
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

/// How many fields there are, and those that are not right.
fn recall(truth: &Value, read: &Value) -> (usize, Vec<String>) {
    let (truth, read) = (shown(truth), shown(read));
    let mut names: Vec<&String> = truth.keys().chain(read.keys()).collect();
    names.sort_unstable();
    names.dedup();
    let wrong: Vec<String> = names
        .iter()
        .filter(|name| truth.get(**name) != read.get(**name))
        .map(|name| format!("{name}: {:?} is {:?}", truth.get(*name), read.get(*name)))
        .collect();
    (names.len(), wrong)
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
fn truths() -> HashMap<String, Value> {
    let entries = corpora().into_iter().flat_map(|corpus| corpus.documents());
    entries.map(|entry| (entry["id"].as_str().expect("an id").replace('/', "__"), entry)).collect()
}

/// What of the fields on the pages of some programs does not come back, and how many fields there are.
fn faults(folder: &Path, programs: &[&str]) -> (usize, Vec<String>) {
    let truths = truths();
    let (mut all, mut faults) = (0, Vec::new());
    for program in programs {
        for path in support::files_below(&folder.join(program)) {
            let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
            let (text, drafts) = read(&path);
            assert_eq!(drafts.len(), 1, "{}", path.display());
            let draft = &drafts[0];
            let (total, wrong) = recall(&truths[&name], &json(draft));
            all += total;
            faults.extend(wrong.into_iter().map(|wrong| format!("{program} {name} {wrong}")));
            for binding in draft.bindings.iter().filter(|b| b.bound == Bound::NotUnderstood) {
                faults.push(format!("{program} {name}: {:?}", &text[binding.span.range()]));
            }
        }
    }
    (all, faults)
}

/// The programs that wrote the pages among the fixtures.
const PROGRAMS: [&str; 19] = [
    "copied",
    "elinks",
    "html-to-text",
    "html2text",
    "html2text-unwrapped",
    "inscriptis",
    "lynx",
    "markdown-it",
    "markdownify",
    "marked",
    "mdformat",
    "node-html-markdown",
    "pandoc-gfm",
    "pandoc-html",
    "pandoc-plain",
    "prettier",
    "resiliparse",
    "turndown",
    "w3m",
];

#[test]
fn pages_of_other_programs_come_back() {
    let (all, faults) = faults(&fixtures().pages(), &PROGRAMS);
    assert!(all > 2_000, "{all} fields");
    hold_file(&fixtures().pages().join("not-read.txt"), &(faults.join("\n") + "\n"));
    if let Some(forms) = beside("forms") {
        let (all, faults) =
            self::faults(&forms, &["resiliparse", "inscriptis", "html2text", "pandoc-gfm"]);
        assert!(all > 800, "{all} fields");
        // A converter puts a blank before an apostrophe in strong text: nothing tells that it was not there.
        assert!(faults.len() * 500 <= all, "{} of {all}:\n{}", faults.len(), faults.join("\n"));
    }
}

#[test]
fn the_digest_comes_back() {
    digest_comes_back(&fixtures().digest(), 28);
    if let Some(digest) = beside("forms/digest/llms-full.md") {
        digest_comes_back(&digest, 1_702);
    }
}

fn digest_comes_back(path: &Path, count: usize) {
    let truths = truths();
    let text = fs::read_to_string(path).expect("the digest");
    assert_eq!(detect("llms-full.md", &text), Form::Digest);
    let reading = normalize(&Source::new("llms-full.md", text.as_str()), Form::Digest);
    assert_eq!(reading.drafts.len(), count);
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
