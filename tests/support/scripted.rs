//! Edits of an entry that are written down, so that they can be done again on another version of it: whoever does
//! all edits of two sides to their base has a good merge of them, and whoever leaves one out has lost it.

use serde_json::{Value, json};

use super::edits::Rng;

/// One edit. A list is named by its pointer, an item by its key.
#[derive(Clone, Debug)]
pub(crate) enum Edit {
    /// Takes an item out of a list.
    RemoveItem { list: &'static str, name: String },
    /// Leaves a value in an item, or in the entry, empty.
    Clear { at: Place, empty: Value },
    /// Takes a key away.
    RemoveKey { at: Place },
    /// Takes a text out of a list of texts.
    RemoveText { at: Place, text: String },
    /// Puts an item first.
    Move { list: &'static str, name: String },
    /// Puts the first text of a list last.
    MoveText { at: Place },
    /// Gives a key a value.
    Set { at: Place, value: Value },
    /// Puts an item or a text last.
    Add { at: Place, value: Value },
}

/// A key of an item, or of the entry.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Place {
    item: Option<(&'static str, String)>,
    key: String,
}

/// The lists of items, and what an item is called by.
const LISTS: [(&str, &str); 6] = [
    ("/dead_ends", "action"),
    ("/workarounds", "action"),
    ("/versions", "version"),
    ("/transition_graph/leads_to", "error_id"),
    ("/transition_graph/preceded_by", "error_id"),
    ("/transition_graph/frequently_confused_with", "error_id"),
];

fn key_of(list: &str) -> &'static str {
    LISTS.iter().find(|(own, _)| *own == list).expect("a list").1
}

fn items<'v>(document: &'v Value, list: &str) -> &'v [Value] {
    document.pointer(list).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

/// The place of an item in its list.
fn place(document: &Value, list: &str, name: &str) -> Option<usize> {
    items(document, list).iter().position(|item| item[key_of(list)] == name)
}

impl Place {
    fn pointer(&self, document: &Value) -> Option<String> {
        let key = self.key.replace('~', "~0").replace('/', "~1");
        match &self.item {
            Some((list, name)) => Some(format!("{list}/{}/{key}", place(document, list, name)?)),
            None => Some(format!("/{key}")),
        }
    }

    /// What no other edit may touch.
    fn claim(&self) -> String {
        let Some((list, name)) = &self.item else { return format!("||{}|", self.key) };
        // What an item is called by is the whole item.
        let key = if self.key == key_of(list) { String::new() } else { self.key.clone() + "|" };
        format!("{list}|{name}|{key}")
    }
}

impl Edit {
    /// Whether two edits are about different things, so that it does not matter which is done first.
    pub(crate) fn is_apart(&self, other: &Self) -> bool {
        let (one, other) = (self.claim(), other.claim());
        !one.starts_with(&other) && !other.starts_with(&one)
    }

    fn claim(&self) -> String {
        match self {
            Self::RemoveItem { list, name } => format!("{list}|{name}|"),
            Self::Move { list, .. } => format!("{list}|!order|"),
            Self::RemoveText { at, text } => at.claim() + text + "|",
            Self::MoveText { at }
            | Self::Clear { at, .. }
            | Self::RemoveKey { at }
            | Self::Set { at, .. } => at.claim(),
            Self::Add { at, value } => format!("{}{value}|", at.claim()),
        }
    }

    /// Whether an item comes under another name.
    pub(crate) fn is_rename(&self) -> bool {
        let Self::Set { at: Place { item: Some((list, _)), key }, .. } = self else { return false };
        key == key_of(list)
    }

    /// Whether it takes out, clears or moves.
    pub(crate) fn is_easily_lost(&self) -> bool {
        !matches!(self, Self::Set { .. } | Self::Add { .. })
    }

    /// The list that it takes something out of.
    pub(crate) fn taken_from(&self, document: &Value) -> Option<String> {
        match self {
            Self::RemoveItem { list, .. } => Some((*list).to_owned()),
            Self::RemoveText { at, .. } => at.pointer(document),
            _ => None,
        }
    }

    /// Where the edit is to be told when it is not in this version.
    pub(crate) fn pointer(&self, document: &Value) -> Option<String> {
        match self {
            Self::RemoveItem { list, name } => {
                Some(format!("{list}/{}", place(document, list, name)?))
            }
            Self::Move { list, .. } => Some((*list).to_owned()),
            Self::RemoveText { at, text } => {
                let pointer = at.pointer(document)?;
                let texts = document.pointer(&pointer)?.as_array()?;
                Some(format!("{pointer}/{}", texts.iter().position(|own| own == text)?))
            }
            Self::MoveText { at }
            | Self::Clear { at, .. }
            | Self::RemoveKey { at }
            | Self::Set { at, .. }
            | Self::Add { at, .. } => at.pointer(document),
        }
    }

    /// Does it. Nothing happens where the item is gone.
    pub(crate) fn apply(&self, document: &mut Value) {
        match self {
            Self::RemoveItem { list, name } => {
                let Some(at) = place(document, list, name) else { return };
                for list in beside(document, list, at) {
                    take(document, list, at);
                }
            }
            Self::Move { list, name } => {
                let Some(at) = place(document, list, name) else { return };
                for list in beside(document, list, at) {
                    let item = take(document, list, at);
                    let items = document.pointer_mut(list).and_then(Value::as_array_mut);
                    items.expect("a list").insert(0, item);
                }
            }
            Self::RemoveText { at, text } => {
                if let Some(texts) = at.texts(document) {
                    texts.retain(|own| own != text);
                }
            }
            Self::MoveText { at } => {
                if let Some(texts) = at.texts(document) {
                    texts.rotate_left(1);
                }
            }
            Self::Add { at, value } => {
                if let Some(texts) = at.texts(document) {
                    texts.push(value.clone());
                }
            }
            Self::Clear { at, empty: value } | Self::Set { at, value } => {
                if let Some(members) = at.members(document) {
                    members.insert(at.key.clone(), value.clone());
                }
            }
            Self::RemoveKey { at } => {
                if let Some(members) = at.members(document) {
                    members.remove(&at.key);
                }
            }
        }
    }
}

impl Place {
    fn members<'v>(
        &self,
        document: &'v mut Value,
    ) -> Option<&'v mut serde_json::Map<String, Value>> {
        let pointer = self.pointer(document)?;
        let holder = pointer.rsplit_once('/').expect("a step").0.to_owned();
        document.pointer_mut(&holder)?.as_object_mut()
    }

    fn texts<'v>(&self, document: &'v mut Value) -> Option<&'v mut Vec<Value>> {
        let pointer = self.pointer(document)?;
        document.pointer_mut(&pointer)?.as_array_mut()
    }
}

/// A list, and that of the Chinese if there is some for this item.
fn beside(document: &Value, list: &'static str, at: usize) -> Vec<&'static str> {
    let is_beside = list == "/workarounds" && at < items(document, "/workarounds_zh").len();
    [Some(list), is_beside.then_some("/workarounds_zh")].into_iter().flatten().collect()
}

fn take(document: &mut Value, list: &str, at: usize) -> Value {
    document.pointer_mut(list).and_then(Value::as_array_mut).expect("a list").remove(at)
}

/// An entry with keys of somebody's own here and there, and Chinese for each workaround or for none.
pub(crate) fn with_own_keys(document: &Value, rng: &mut Rng) -> Value {
    let mut document = document.clone();
    document["x-owner"] = json!("team");
    if items(&document, "/workarounds_zh").len() != items(&document, "/workarounds").len() {
        document["workarounds_zh"] = json!([]);
    }
    for (list, _) in LISTS {
        for item in document.pointer_mut(list).and_then(Value::as_array_mut).into_iter().flatten() {
            if rng.below(3) == 0 {
                item["x-k"] = json!({"seen": [1, 0, 1]});
            }
        }
    }
    document
}

/// Some edit of an entry, which does something there; `stamp` is a word that is nowhere else.
pub(crate) fn some_edit(document: &Value, rng: &mut Rng, stamp: &str) -> Edit {
    loop {
        if let Some(edit) = try_edit(document, rng, stamp) {
            let mut edited = document.clone();
            edit.apply(&mut edited);
            if edited != *document {
                return edit;
            }
        }
    }
}

fn try_edit(document: &Value, rng: &mut Rng, stamp: &str) -> Option<Edit> {
    let (list, key) = *rng.pick(&LISTS);
    let all = items(document, list);
    let item = (!all.is_empty()).then(|| rng.pick(all));
    let name = item.and_then(|item| item[key].as_str()).filter(|name| {
        !name.is_empty() && all.iter().filter(|item| item[key] == **name).count() == 1
    });
    let of_item =
        |name: &str, key: &str| Place { item: Some((list, name.to_owned())), key: key.to_owned() };
    let of_entry = |key: &str| Place { item: None, key: key.to_owned() };
    let some_text = |texts: &Value, rng: &mut Rng| -> Option<String> {
        let texts = texts.as_array().filter(|texts| !texts.is_empty())?;
        let text = rng.pick(texts);
        let is_single = texts.iter().filter(|own| *own == text).count() == 1;
        Some(text.as_str().filter(|_| is_single)?.to_owned())
    };
    Some(match rng.below(17) {
        0 if all.len() > 1 => Edit::RemoveItem { list, name: name?.to_owned() },
        1 if all.len() > 1 => Edit::Move { list, name: name?.to_owned() },
        2 => {
            let field = *rng.pick(&["how", "condition", "distinction"]);
            item?[field].as_str().filter(|text| !text.is_empty())?;
            Edit::Clear { at: of_item(name?, field), empty: json!("") }
        }
        3 => {
            let field = *rng.pick(&["introduced", "deprecated", "removed", "behavior_change"]);
            item?[field].as_str()?;
            Edit::Clear { at: of_item(name?, field), empty: json!(null) }
        }
        4 => Edit::RemoveText {
            at: of_item(name?, "sources"),
            text: some_text(&item?["sources"], rng)?,
        },
        5 => {
            let field = *rng.pick(&["tags", "aliases"]);
            Edit::RemoveText { at: of_entry(field), text: some_text(&document[field], rng)? }
        }
        6 => {
            item?.get("x-k")?;
            Edit::RemoveKey { at: of_item(name?, "x-k") }
        }
        7 => Edit::RemoveKey { at: of_entry("x-owner") },
        8 => {
            let fields = [
                "signature_zh",
                "root_cause_zh",
                "official_doc_url",
                "official_doc_section",
                "error_code",
                "last_confirmed",
            ];
            let field = *rng.pick(&fields);
            document[field].as_str().filter(|text| !text.is_empty())?;
            Edit::Clear { at: of_entry(field), empty: json!(null) }
        }
        9 => {
            item?["sources"].as_array().filter(|texts| texts.len() > 1)?;
            Edit::MoveText { at: of_item(name?, "sources") }
        }
        10 => {
            let field = *rng.pick(&["fail_rate", "success_rate", "probability"]);
            item?[field].as_f64()?;
            Edit::Set { at: of_item(name?, field), value: rate(rng) }
        }
        11 => {
            let field =
                *rng.pick(&["how", "why_fails", "condition", "distinction", "behavior_change"]);
            let text = item?[field].as_str()?;
            let mut words: Vec<&str> = text.split(' ').collect();
            let at = rng.below(words.len() + 1);
            words.insert(at, stamp);
            Edit::Set { at: of_item(name?, field), value: json!(words.join(" ").trim()) }
        }
        12 => {
            let mut item = item?.clone();
            item[key] = if key == "error_id" {
                json!(format!("other/{stamp}"))
            } else {
                json!(format!("{} {stamp}", item[key].as_str()?))
            };
            let (holder, field) = list.rsplit_once('/')?;
            // Of the lists of links the holder is an object of the entry.
            holder.is_empty().then(|| Edit::Add { at: of_entry(field), value: item })?
        }
        15 => {
            let stamp = if key == "error_id" { format!("-{stamp}") } else { format!(" {stamp}") };
            Edit::Set { at: of_item(name?, key), value: json!(name?.to_owned() + &stamp) }
        }
        13 => Edit::Add { at: of_entry("tags"), value: json!(stamp) },
        14 => {
            item?["sources"].as_array()?;
            let value = json!(format!("https://example.com/{stamp}"));
            Edit::Add { at: of_item(name?, "sources"), value }
        }
        _ => {
            let field = *rng.pick(&["confidence", "fix_success_rate"]);
            Edit::Set { at: of_entry(field), value: rate(rng) }
        }
    })
}

fn rate(rng: &mut Rng) -> Value {
    json!(f64::from(u8::try_from(rng.below(100)).expect("small")) / 100.0)
}
