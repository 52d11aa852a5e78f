//! A ledger of facts: what three versions of an entry and a merge of them say, and what is wrong with the merge.
//!
//! It reads JSON values alone and has its own notion of what is the same: a fact is a value at a path of keys, where
//! the items of a list are named by their key (the name of a version, the target of a link, the action of advice, an
//! address). So a fact that moved to another item is one that nobody has said. For each fact alone it is plain what is
//! right: what only one side has changed is as that side says, and what both have changed is between markers.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use regex::Regex;
use serde_json::{Value, json};

/// Lists whose items are objects: the pointer of the list, and the key that names an item.
pub(crate) const KEYED: [(&str, &str); 6] = [
    ("/versions", "version"),
    ("/dead_ends", "action"),
    ("/workarounds", "action"),
    ("/transition_graph/leads_to", "error_id"),
    ("/transition_graph/preceded_by", "error_id"),
    ("/transition_graph/frequently_confused_with", "error_id"),
];

type Path = Vec<String>;
type Facts = BTreeMap<Path, Value>;

/// Three versions, and what came of them.
pub(crate) struct Ledger<'v> {
    pub(crate) base: &'v Value,
    pub(crate) ours: &'v Value,
    pub(crate) theirs: &'v Value,
    /// The text, with the markers of git where the sides do not agree.
    pub(crate) text: &'v str,
    /// What was said about it.
    pub(crate) notes: &'v [String],
}

impl Ledger<'_> {
    /// What is wrong, in a line each.
    pub(crate) fn wrongs(&self) -> Vec<String> {
        let is_clean = !self.text.contains("<<<<<<<");
        let chosen = [0, 2].map(|side| -> Value {
            serde_json::from_str(&chosen(self.text, side)).expect("JSON whichever side is chosen")
        });
        let versions = [self.base, self.ours, self.theirs, &chosen[0], &chosen[1]];
        let named = Named::new(&versions);
        let facts = versions.map(|version| named.facts(version));
        let paths: BTreeSet<&Path> = facts.iter().flat_map(BTreeMap::keys).collect();
        let mut wrongs = Vec::new();
        for path in paths {
            let [base, ours, theirs, first, second] = facts.each_ref().map(|facts| facts.get(path));
            let is_conflict = !is_clean && first == ours && second == theirs;
            let is_right = match decided(base, ours, theirs) {
                Right::Is(wanted) => first == wanted && second == wanted,
                Right::Open => first == second && is_sum(path, [base, ours, theirs, first]),
            };
            if !is_conflict && !is_right {
                let say = |value: Option<&Value>| value.map_or("-".to_owned(), Value::to_string);
                wrongs.push(format!(
                    "{}: {} in ours, {} in theirs, {} before: {} / {}",
                    path.join(" > "),
                    say(ours),
                    say(theirs),
                    say(base),
                    say(first),
                    say(second)
                ));
            }
        }
        for (own, result) in [(self.ours, &chosen[0]), (self.theirs, &chosen[1])] {
            self.order(own, result, is_clean, &mut wrongs);
            self.rest(own, result, &mut wrongs);
        }
        wrongs
    }

    /// Items that stand in another order than a side has put them in.
    fn order(&self, own: &Value, result: &Value, is_clean: bool, wrongs: &mut Vec<String>) {
        for (list, key) in KEYED {
            let names = |document| names(document, list, key);
            let versions = [self.base, self.ours, self.theirs, own, result].map(names);
            let list = list.rsplit('/').next().expect("a name");
            let is_said = |part: &str| {
                self.notes
                    .iter()
                    .any(|note| note.contains(part) && note.contains(&format!("`{list}`")))
            };
            let is_unique =
                |names: &&Vec<String>| names.iter().collect::<HashSet<_>>().len() == names.len();
            if is_said("order")
                || is_said("stands behind")
                || !versions.iter().all(|names| is_unique(&names))
            {
                continue;
            }
            let [base, ours, theirs, own, result] = versions;
            if is_clean && (ours == base || theirs == base) {
                let wanted = if ours == base { &theirs } else { &ours };
                if result != *wanted {
                    wrongs.push(format!("{list}: {result:?} where one side made {wanted:?}"));
                }
                continue;
            }
            for (at, first) in result.iter().enumerate() {
                for second in &result[at + 1..] {
                    let turned = |names: &[String]| {
                        let place = |name| names.iter().position(|own| own == name);
                        Some(place(first)? > place(second)?)
                    };
                    let sides = [turned(&base), turned(&ours), turned(&theirs)];
                    let [Some(base), Some(ours), Some(theirs)] = sides else { continue };
                    let wanted = if ours == base { theirs } else { ours };
                    if wanted && (is_clean || turned(&own) == Some(true)) {
                        wrongs.push(format!("{list}: `{first}` stands before `{second}`"));
                    }
                }
            }
        }
    }

    /// What no single fact shows: a list that is empty, one item that became two, a pattern that finds nothing.
    fn rest(&self, own: &Value, result: &Value, wrongs: &mut Vec<String>) {
        let count = |document: &Value, list: &str| {
            document.pointer(list).and_then(Value::as_array).map_or(0, Vec::len)
        };
        for list in
            KEYED.map(|(list, _)| list).into_iter().chain(["/tags", "/aliases", "/workarounds_zh"])
        {
            let is_emptied = [self.ours, self.theirs].iter().all(|side| count(side, list) > 0);
            if is_emptied && count(own, list) > 0 && count(result, list) == 0 {
                wrongs.push(format!("{list}: nothing is left"));
            }
        }
        for list in ["/dead_ends", "/workarounds"] {
            let versions =
                [self.base, self.ours, self.theirs].map(|document| names(document, list, "action"));
            let [base, ours, theirs] = &versions;
            if base.len() != ours.len() || base.len() != theirs.len() {
                continue;
            }
            let differ = |side: &[String]| -> Vec<usize> {
                (0..base.len()).filter(|at| base[*at] != side[*at]).collect()
            };
            let (left, right) = (differ(ours), differ(theirs));
            if left.len() == 1 && left == right && ours[left[0]] != theirs[left[0]] {
                let there = names(result, list, "action");
                if there.contains(&ours[left[0]]) && there.contains(&theirs[left[0]]) {
                    wrongs.push(format!("{list}: `{}` became two", base[left[0]]));
                }
            }
        }
        let pattern =
            |document: &Value| [&document["regex"], &document["signature"]].map(Value::clone);
        let finds = |document: &Value| {
            let [regex, signature] =
                pattern(document).map(|text| text.as_str().unwrap_or_default().to_owned());
            Regex::new(&format!("(?i){regex}")).is_ok_and(|regex| regex.is_match(&signature))
        };
        let is_new = [self.ours, self.theirs].iter().all(|side| pattern(side) != pattern(result));
        if is_new && !finds(result) && finds(self.ours) && finds(self.theirs) {
            wrongs.push("the pattern does not find the message".to_owned());
        }
    }
}

/// The text with the part of one side chosen: 0 for ours, 1 for the base, 2 for theirs.
pub(crate) fn chosen(text: &str, side: usize) -> String {
    let (mut part, mut out) = (None, String::new());
    for line in text.split_inclusive('\n') {
        match line.get(..7) {
            Some("<<<<<<<") => part = Some(0),
            Some("|||||||") => part = Some(1),
            Some("=======") => part = Some(2),
            Some(">>>>>>>") => part = None,
            _ if part.is_none_or(|part| part == side) => out.push_str(line),
            _ => {}
        }
    }
    out
}

/// What is right.
enum Right<'v> {
    /// This: at most one side has changed something, or both to the same.
    Is(Option<&'v Value>),
    /// Both have changed it.
    Open,
}

fn decided<'v>(
    base: Option<&'v Value>,
    ours: Option<&'v Value>,
    theirs: Option<&'v Value>,
) -> Right<'v> {
    match () {
        () if ours == theirs || ours == base => Right::Is(theirs),
        () if theirs == base => Right::Is(ours),
        () => Right::Open,
    }
}

/// Whether a result may be what two changes of one value come to: of days, and of prose.
fn is_sum(path: &[String], [base, ours, theirs, result]: [Option<&Value>; 4]) -> bool {
    let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
    let (base, ours, theirs, result) = (text(base), text(ours), text(theirs), text(result));
    let (Some(ours), Some(theirs), Some(result)) = (ours, theirs, result) else { return false };
    match path.last().map(String::as_str).unwrap_or_default() {
        "last_confirmed" | "last_updated" => {
            base.is_none_or(|base| base < ours && base < theirs) && result == ours.max(theirs)
        }
        "first_seen" => {
            base.is_none_or(|base| ours < base && theirs < base) && result == ours.min(theirs)
        }
        "root_cause" | "root_cause_zh" | "why_fails" | "distinction" | "behavior_change" => {
            base.is_some_and(|base| is_both([&base, &ours, &theirs], &result))
        }
        _ => false,
    }
}

/// Whether a text has each word as often as the words of both sides come to, and no code but theirs.
fn is_both([base, ours, theirs]: [&str; 3], result: &str) -> bool {
    let count = |text: &str| {
        let mut counts: BTreeMap<String, i32> = BTreeMap::new();
        let mut word = String::new();
        for c in text.chars().chain([' ']) {
            if c.is_ascii_alphanumeric() {
                word.push(c);
                continue;
            }
            for token in [std::mem::take(&mut word), c.to_string()] {
                *counts.entry(token).or_default() += 1;
            }
        }
        counts.retain(|token, _| token.chars().any(char::is_alphanumeric));
        counts
    };
    let counts = [base, ours, theirs, result].map(count);
    let words: BTreeSet<&String> = counts.iter().flat_map(BTreeMap::keys).collect();
    let is_right = |word: &&String| {
        let [base, ours, theirs, result] =
            counts.each_ref().map(|counts| counts.get(*word).copied().unwrap_or(0));
        // What both did alike counts once.
        let sum = ours + theirs - base;
        (ours.min(theirs).min(sum)..=ours.max(theirs).max(sum)).contains(&result)
    };
    let code = |text: &str| -> BTreeSet<String> {
        text.split('`').skip(1).step_by(2).map(str::to_owned).collect()
    };
    let written: BTreeSet<String> = code(ours).union(&code(theirs)).cloned().collect();
    words.iter().all(is_right) && code(result).is_subset(&written)
}

/// The names of the items of a list.
fn names(document: &Value, list: &str, key: &str) -> Vec<String> {
    let items = document.pointer(list).and_then(Value::as_array).into_iter().flatten();
    items.map(|item| item[key].as_str().unwrap_or_default().to_owned()).collect()
}

/// Which items can be told apart by their names in all versions.
struct Named {
    /// Lists and names that stand there twice in some version.
    repeated: HashSet<(&'static str, String)>,
    /// Whether each version has no more Chinese than workarounds.
    is_parallel: bool,
}

impl Named {
    fn new(versions: &[&Value]) -> Self {
        let mut repeated = HashSet::new();
        for (list, key) in KEYED {
            for version in versions {
                let mut seen = HashSet::new();
                let twice =
                    names(version, list, key).into_iter().filter(|name| !seen.insert(name.clone()));
                repeated.extend(twice.map(|name| (list, name)));
            }
        }
        let count = |version: &Value, list: &str| version[list].as_array().map_or(0, Vec::len);
        let is_parallel = versions
            .iter()
            .all(|version| count(version, "workarounds_zh") <= count(version, "workarounds"));
        Self { repeated, is_parallel }
    }

    /// All that a version says.
    fn facts(&self, document: &Value) -> Facts {
        let mut facts = Facts::new();
        let mut put = |path: &[&str], value: &Value| {
            if !is_nothing(path, value) {
                facts.insert(path.iter().map(|step| (*step).to_owned()).collect(), value.clone());
            }
        };
        for (key, value) in document.as_object().expect("an object") {
            match key.as_str() {
                "versions" | "dead_ends" | "workarounds" | "transition_graph" => {}
                "workarounds_zh" if self.is_parallel => {}
                "tags" | "aliases" => {
                    for tag in value.as_array().expect("a list") {
                        put(&[key, tag.as_str().expect("a text")], &json!(true));
                    }
                }
                "os_specific" => {
                    for (system, text) in value.as_object().expect("an object") {
                        put(&[key, system], text);
                    }
                }
                _ => put(&[key], value),
            }
        }
        for (list, key) in KEYED {
            let items =
                document.pointer(list).and_then(Value::as_array).cloned().unwrap_or_default();
            for (at, item) in items.iter().enumerate() {
                let name = item[key].as_str().unwrap_or_default();
                let same: Vec<&Value> =
                    items.iter().filter(|other| other[key] == item[key]).collect();
                if self.repeated.contains(&(list, name.to_owned())) {
                    put(&[list, name, "all of them"], &json!(same));
                    continue;
                }
                put(&[list, name, "is there"], &json!(true));
                for (field, value) in item.as_object().expect("an object") {
                    match value.as_array().filter(|_| field == "sources") {
                        Some(sources) => {
                            for source in sources {
                                let count = sources.iter().filter(|other| *other == source).count();
                                put(
                                    &[list, name, field, source.as_str().expect("a text")],
                                    &json!(count),
                                );
                            }
                        }
                        None => put(&[list, name, field], value),
                    }
                }
                if list == "/workarounds" && self.is_parallel {
                    put(&[list, name, "in Chinese"], &document["workarounds_zh"][at]);
                }
            }
        }
        facts
    }
}

/// Whether a value is as good as none. A condition that is empty says that something always holds.
fn is_nothing(path: &[&str], value: &Value) -> bool {
    path.last() != Some(&"condition") && (value.is_null() || *value == "")
}
