//! What two people make of an entry: every kind of edit, and above all items that are replaced by one of like name.

use serde_json::{Value, json};

use super::edits::Rng;
use super::ledger::KEYED;

/// A base and what two sides made of it.
pub(crate) struct Sides {
    pub(crate) base: Value,
    pub(crate) ours: Value,
    pub(crate) theirs: Value,
}

/// The lists that hold advice, and the field that says more.
const ADVICE: [(&str, &str); 2] = [("workarounds", "how"), ("dead_ends", "why_fails")];

const CHINESE: &str = "workarounds_zh";

/// An entry with something in each list, and two sides of it that edit up to `most` times each. One of them at least
/// replaces an item by one of like name.
pub(crate) fn sides(entry: &Value, rng: &mut Rng, most: usize) -> Sides {
    let mut base = entry.clone();
    fill(&mut base, rng);
    let shared = rng.below(1_000);
    let replacer = rng.below(3);
    let mut side = |number: usize| {
        let mut document = base.clone();
        if replacer == number || replacer == 2 {
            replace(&mut document, rng);
        }
        for _ in 0..=rng.below(most) {
            edit(&mut document, shared, rng);
        }
        document
    };
    let (ours, theirs) = (side(0), side(1));
    Sides { base, ours, theirs }
}

/// Puts something into what few entries have.
fn fill(entry: &mut Value, rng: &mut Rng) {
    for (list, key) in KEYED {
        let items = entry.pointer_mut(list).and_then(Value::as_array_mut).expect("a list");
        while items.len() < 2 + rng.below(3) {
            let mut item = match key {
                "version" => {
                    json!({"status": "active", "introduced": "1.0", "behavior_change": "It is an error now, and was none before."})
                }
                "error_id" => json!({}),
                _ if list == "/dead_ends" => {
                    json!({"why_fails": "The limit is on the server, which closes it: see `ulimit -n 64` there.", "fail_rate": 0.8})
                }
                _ => {
                    json!({"how": "Run `ulimit -n 65536` as root, then start it anew.", "success_rate": 0.8})
                }
            };
            item[key] = json!(name(key, rng));
            match list.rsplit('/').next() {
                Some("leads_to" | "preceded_by") => item["probability"] = json!(0.3),
                Some("frequently_confused_with") => {
                    item["distinction"] = json!("That one is about memory, this one about disks.");
                }
                _ => {}
            }
            items.push(item);
        }
    }
    for (list, _) in ADVICE {
        for item in entry[list].as_array_mut().expect("a list") {
            if rng.below(2) == 0 {
                item["sources"] = json!([address(rng), address(rng)]);
            }
        }
    }
    let count = entry["workarounds"].as_array().expect("a list").len();
    if rng.below(2) == 0 {
        let texts: Vec<String> =
            (0..count).map(|at| format!("运行第{at}条命令，再重新启动。")).collect();
        entry[CHINESE] = json!(texts[..count - rng.below(2) * rng.below(count)]);
    }
    entry["x-matrix"] = json!([0, 0, 0, 0]);
    entry["x-owner"] = json!({"team": "a", "people": ["b", "c"]});
    entry["os_specific"] = json!({"linux": "limit=per user; n=1024", "macos": "limit=per process"});
    entry["tags"] = json!(["disk", "limit", "server"]);
}

/// The place of an item: often the first, so that both sides meet.
fn place<T>(items: &[T], rng: &mut Rng) -> usize {
    if rng.below(2) == 0 { 0 } else { rng.below(items.len()) }
}

/// A new name for an item, which is like others.
fn name(key: &str, rng: &mut Rng) -> String {
    let number = rng.below(1_000);
    match key {
        "version" => format!("python 3.{number}"),
        "error_id" => format!("linux/too-many-open-files-{number}"),
        _ => format!("Raise the limit of the server to {number} files"),
    }
}

fn address(rng: &mut Rng) -> String {
    format!("https://example.org/docs/limits/{}", rng.below(1_000))
}

/// One of the lists.
fn some_list<'v>(
    document: &'v mut Value,
    rng: &mut Rng,
) -> (&'static str, &'static str, &'v mut Vec<Value>) {
    let (list, key) = *rng.pick(&KEYED);
    (list, key, document.pointer_mut(list).and_then(Value::as_array_mut).expect("a list"))
}

/// Replaces an item by one of like name: in its place or at the end, with what the old one said or with other facts.
fn replace(document: &mut Value, rng: &mut Rng) {
    if rng.below(8) == 0 {
        let (list, _) = *rng.pick(&ADVICE);
        let items = document[list].as_array_mut().expect("a list");
        if let Some(sources) = items
            .iter_mut()
            .filter_map(|item| item.get_mut("sources")?.as_array_mut())
            .find(|sources| !sources.is_empty())
        {
            let at = rng.below(sources.len());
            sources[at] = json!(address(rng));
        }
        return;
    }
    let (list, key, items) = some_list(document, rng);
    if items.is_empty() {
        return;
    }
    let at = place(items, rng);
    let old = items[at][key].as_str().expect("a name").to_owned();
    items[at][key] = match (key, rng.below(3)) {
        // A slip of the pen, or some of the words.
        ("action", 0) => json!(old.replacen('e', "", 1) + "!"),
        ("action", 1) => json!(words(&old, rng)),
        ("version" | "error_id", 0) => json!(format!("{old}.1")),
        _ => json!(name(key, rng)),
    };
    if rng.below(3) == 0 {
        facts(&mut items[at], rng);
    }
    let is_beside = list == "/workarounds"
        && document[CHINESE].as_array().is_some_and(|texts| !texts.is_empty());
    let items = document.pointer_mut(list).and_then(Value::as_array_mut).expect("a list");
    if rng.below(3) == 0 && !is_beside {
        let item = items.remove(at);
        items.push(item);
    }
}

/// Changes or clears what an item says of itself.
fn facts(item: &mut Value, rng: &mut Rng) {
    let keys: Vec<String> = item.as_object().expect("an object").keys().cloned().collect();
    let key = rng.pick(&keys).as_str();
    let value = item[key].clone();
    item[key] = match (key, value) {
        ("version" | "error_id" | "action", value) => value,
        ("success_rate" | "fail_rate" | "probability", _) => rate(rng),
        ("status", _) => json!(rng.pick(&["active", "deprecated", "removed", "unknown"])),
        ("introduced" | "deprecated" | "removed", _) => {
            json!(rng.pick(&[None, Some("2025-10"), Some("2026-01")]))
        }
        ("condition", Value::String(text)) if !text.is_empty() => json!(""),
        ("condition", _) => json!(rng.pick(&["behind a proxy", "as root"])),
        ("how", _) if rng.below(4) == 0 => json!(""),
        ("sources", Value::Array(mut sources)) => {
            if rng.below(2) == 0 || sources.is_empty() {
                sources.push(json!(address(rng)));
            } else {
                sources.remove(rng.below(sources.len()));
            }
            json!(sources)
        }
        ("x-note", _) => json!([rng.below(3), rng.below(3)]),
        (_, Value::String(text)) => json!(words(&text, rng)),
        (_, Value::Null) => json!("It is an error now."),
        (_, value) => value,
    };
    if rng.below(10) == 0 {
        item["x-note"] = json!([rng.below(3), 1]);
    }
}

fn rate(rng: &mut Rng) -> Value {
    json!(f64::from(u32::try_from(rng.below(1_000)).expect("small")) / 1_000.0)
}

/// A text with a word exchanged, which may be code.
fn words(text: &str, rng: &mut Rng) -> String {
    let mut words: Vec<String> = text.split(' ').map(str::to_owned).collect();
    let at = rng.below(words.len());
    let is_open = words[at].starts_with('`');
    words[at] = format!("{}w{}", if is_open { "`" } else { "" }, rng.below(1_000))
        + if words[at].ends_with('`') && words[at].len() > 1 { "`" } else { "" };
    words.join(" ")
}

/// One edit of any kind. Sides that make one of the same number add the same.
#[allow(clippy::too_many_lines, reason = "a line an edit")]
fn edit(document: &mut Value, shared: usize, rng: &mut Rng) {
    match rng.below(24) {
        0..4 => replace(document, rng),
        4..9 => {
            let (.., items) = some_list(document, rng);
            if !items.is_empty() {
                let at = place(items, rng);
                facts(&mut items[at], rng);
            }
        }
        9 | 10 => remove(document, rng),
        11 => {
            let (key, item) = match rng.below(3) {
                0 => ("version", json!({"status": "active"})),
                1 => ("error_id", json!({"probability": 0.5})),
                _ => (
                    "action",
                    json!({"how": "Restart it.", "why_fails": "It comes back.", "success_rate": 0.5, "fail_rate": 0.5}),
                ),
            };
            add(document, key, item, shared, rng);
        }
        12 => {
            let (list, _, items) = some_list(document, rng);
            if list != "/workarounds" {
                rng.shuffle(items);
            }
        }
        13 => {
            // Workarounds, and the texts beside them.
            let count = document[CHINESE].as_array().map_or(0, Vec::len);
            let all = document["workarounds"].as_array().map_or(0, Vec::len);
            if count > 1 || (count == 0 && all > 1) {
                let most = if count == 0 { all } else { count };
                let (one, other) = (rng.below(most), rng.below(most));
                for list in ["workarounds", CHINESE] {
                    let items = document[list].as_array_mut().expect("a list");
                    if items.len() > one.max(other) {
                        items.swap(one, other);
                    }
                }
            }
        }
        14 => {
            // Two items exchange their names.
            let (_, key, items) = some_list(document, rng);
            if items.len() > 1 {
                let name = items[0][key].clone();
                items[0][key] = items[1][key].clone();
                items[1][key] = name;
            }
        }
        15 => {
            let at = rng.below(4);
            document["x-matrix"][at] = json!(rng.below(3));
        }
        16 => {
            if rng.below(2) == 0 {
                document["x-owner"]["team"] = json!(format!("t{}", rng.below(3)));
            } else {
                document["x-owner"]["people"].as_array_mut().expect("a list").push(json!("d"));
            }
        }
        17 => {
            let texts = document[CHINESE].as_array_mut().expect("a list");
            match rng.below(3) {
                0 => texts.clear(),
                1 => _ = texts.pop(),
                _ if texts.is_empty() => {}
                _ => texts[0] = json!(format!("先运行第{}条命令。", rng.below(1_000))),
            }
        }
        18 => {
            let text = document["root_cause"].as_str().expect("a text").to_owned();
            document["root_cause"] = json!(words(&text, rng));
        }
        19 => {
            let signature = document["signature"].as_str().expect("a text").to_owned();
            match rng.below(3) {
                0 => document["signature"] = json!(format!("error: {signature}")),
                1 => document["signature"] = json!(words(&signature, rng)),
                _ => document["regex"] = json!(format!("^{}", regex::escape(&signature))),
            }
        }
        20 => {
            let tags = document["tags"].as_array_mut().expect("a list");
            if rng.below(2) == 0 && !tags.is_empty() {
                tags.remove(rng.below(tags.len()));
            } else {
                tags.push(json!(format!("t{}", rng.below(1_000))));
            }
        }
        21 => {
            let systems = document["os_specific"].as_object_mut().expect("an object");
            match rng.below(3) {
                0 => _ = systems.remove("linux"),
                1 => _ = systems.insert("macos".to_owned(), json!("")),
                _ => {
                    _ = systems.insert(
                        "linux".to_owned(),
                        json!(format!("limit=per user; n={}", rng.below(1_000))),
                    );
                }
            }
        }
        22 => {
            let key = *rng.pick(&["first_seen", "last_confirmed", "last_updated"]);
            document[key] = json!(format!("20{}-10-01", 10 + rng.below(16)));
        }
        _ => match rng.below(4) {
            0 => document["confidence"] = rate(rng),
            1 => document["error_code"] = json!(rng.pick(&[None, Some("E1"), Some("E2")])),
            2 => document["evidence_count"] = json!(rng.below(100)),
            _ => document["official_doc_url"] = json!(address(rng)),
        },
    }
}

/// Takes an item out, and the text beside it.
fn remove(document: &mut Value, rng: &mut Rng) {
    let (list, _, items) = some_list(document, rng);
    if items.is_empty() || (list == "/dead_ends" && items.len() == 1) {
        return;
    }
    let at = place(items, rng);
    items.remove(at);
    if list == "/workarounds" {
        let texts = document[CHINESE].as_array_mut().expect("a list");
        if at < texts.len() {
            texts.remove(at);
        }
    }
}

/// Adds an item with a text beside it, or without one where that can be.
fn add(document: &mut Value, key: &str, mut item: Value, shared: usize, rng: &mut Rng) {
    let lists: Vec<&str> = KEYED.iter().filter(|list| list.1 == key).map(|list| list.0).collect();
    let list = *rng.pick(&lists);
    item[key] = json!(match rng.below(3) {
        0 => format!("{}{shared}", name(key, &mut Rng::new(shared as u64))),
        _ => name(key, rng),
    });
    let items = document.pointer(list).and_then(Value::as_array).expect("a list");
    let texts = document[CHINESE].as_array().map_or(0, Vec::len).min(items.len());
    let (at, has_text) = match (list, items.len() == texts && texts > 0) {
        ("/workarounds", true) if rng.below(2) == 0 => (rng.below(texts + 1), true),
        ("/workarounds", _) => (texts + rng.below(items.len() + 1 - texts), false),
        _ => (rng.below(items.len() + 1), false),
    };
    let mut item = item;
    let unknown: &[&str] = match list.rsplit('/').next() {
        Some("workarounds") => &["why_fails", "fail_rate"],
        Some("dead_ends") => &["how", "success_rate"],
        Some("frequently_confused_with") => &["probability"],
        _ => &[],
    };
    for key in unknown {
        item.as_object_mut().expect("an object").remove(*key);
    }
    if list.ends_with("confused_with") {
        item["distinction"] = json!("That one is another.");
    }
    document.pointer_mut(list).and_then(Value::as_array_mut).expect("a list").insert(at, item);
    if has_text {
        document[CHINESE].as_array_mut().expect("a list").insert(at, json!("换一种办法。"));
    }
}
