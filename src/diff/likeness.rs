//! How alike two items of a list are, from 0 to 1.
//!
//! Texts are compared by the words and by the runs of three characters that they share, each counted as
//! often as it occurs (Dice, "Measures of the Amount of Ecologic Association Between Species", 1945): words
//! tell what a text is about, runs forgive an ending or a slip of the pen. Of Chinese, each two
//! characters that stand together are a word.

use serde_json::Value as Json;

use crate::han::is_han;

/// An item made ready to be compared.
#[derive(Debug)]
pub(super) struct Item {
    fields: Vec<(String, Field)>,
}

#[derive(Debug)]
enum Field {
    Text(Text),
    Other(Json),
}

/// The words and runs of a text, as sorted hashes.
#[derive(Debug)]
struct Text {
    words: Vec<u32>,
    runs: Vec<u32>,
}

/// Longer texts are told apart by their beginning.
const LONGEST: usize = 4_000;

impl Item {
    /// Takes an item; one that is no object is one field without a name.
    pub(super) fn new(item: &Json) -> Self {
        let members: Vec<(String, Json)> = match item {
            Json::Object(members) => {
                members.iter().map(|(key, value)| (key.clone(), value.clone())).collect()
            }
            other => vec![(String::new(), other.clone())],
        };
        let says_something = |value: &Json| match value {
            Json::Null => false,
            Json::String(text) => !text.is_empty(),
            Json::Array(items) => !items.is_empty(),
            _ => true,
        };
        let field = |(key, value): (String, Json)| match value {
            Json::String(text) => (key, Field::Text(Text::new(&text))),
            other => (key, Field::Other(other)),
        };
        let said = members.into_iter().filter(|(_, value)| says_something(value));
        Self { fields: said.map(field).collect() }
    }

    fn get(&self, key: &str) -> Option<&Field> {
        self.fields.iter().find(|(name, _)| name == key).map(|(_, field)| field)
    }

    /// The hashes of its words, each once.
    pub(super) fn words(&self) -> Vec<u32> {
        let texts = self.fields.iter().filter_map(|(_, field)| match field {
            Field::Text(text) => Some(&text.words),
            Field::Other(_) => None,
        });
        let mut words: Vec<u32> = texts.flatten().copied().collect();
        words.sort_unstable();
        words.dedup();
        words
    }

    /// How alike two items are: the mean of their fields, or what a long text that is nearly the same in
    /// both says alone.
    pub(super) fn likeness(&self, other: &Self) -> f64 {
        /// A text of fewer words may be alike by chance.
        const WORDS: usize = 5;
        let (mut sum, mut weights, mut best) = (0.0, 0.0, 0.0_f64);
        for (key, own) in &self.fields {
            let (weight, like) = match (own, other.get(key)) {
                (Field::Text(a), Some(Field::Text(b))) => {
                    let like = a.likeness(b);
                    if a.words.len().min(b.words.len()) >= WORDS {
                        best = best.max(like);
                    }
                    (weight(key), like)
                }
                (Field::Text(_), _) => (weight(key) / 2.0, 0.0),
                (Field::Other(a), Some(Field::Other(b))) => (0.5, f64::from(u8::from(a == b))),
                (Field::Other(_), _) => (0.25, 0.0),
            };
            sum += weight * like;
            weights += weight;
        }
        for (key, field) in &other.fields {
            if self.get(key).is_none() {
                weights += if matches!(field, Field::Text(_)) { weight(key) / 2.0 } else { 0.25 };
            }
        }
        let mean = if weights > 0.0 { sum / weights } else { 0.0 };
        mean.max(0.9 * best)
    }
}

/// How much a text of an item says about which item it is.
fn weight(key: &str) -> f64 {
    match key {
        "" | "action" | "version" | "error_id" => 4.0,
        "how" | "why_fails" | "distinction" => 2.0,
        _ => 1.0,
    }
}

impl Text {
    fn new(text: &str) -> Self {
        let mut end = text.len().min(LONGEST);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let small = text[..end].to_lowercase();
        let mut words = Vec::new();
        let mut before: Option<char> = None;
        for word in small.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
            if !word.contains(is_han) {
                words.push(hash(word.bytes()));
                continue;
            }
            for c in word.chars() {
                let pair = [before.replace(c).unwrap_or(' '), c];
                words.push(hash(pair.iter().flat_map(|c| u32::from(*c).to_le_bytes())));
            }
            before = None;
        }
        let chars: Vec<char> = small.chars().filter(|c| c.is_alphanumeric()).collect();
        let run = |run: &[char]| hash(run.iter().flat_map(|c| u32::from(*c).to_le_bytes()));
        let mut runs: Vec<u32> = match chars.len() {
            0..3 => vec![run(&chars)],
            _ => chars.windows(3).map(run).collect(),
        };
        if words.is_empty() {
            // Marks alone: the text itself is the word.
            words.push(hash(text.bytes()));
        }
        words.sort_unstable();
        runs.sort_unstable();
        Self { words, runs }
    }

    fn likeness(&self, other: &Self) -> f64 {
        f64::midpoint(dice(&self.words, &other.words), dice(&self.runs, &other.runs))
    }
}

/// Twice what two sorted lists have in common, by what they have in all.
#[allow(clippy::cast_precision_loss, reason = "lists are short")]
fn dice(a: &[u32], b: &[u32]) -> f64 {
    let (mut at, mut common) = (0, 0_usize);
    for value in a {
        while b.get(at).is_some_and(|other| other < value) {
            at += 1;
        }
        if b.get(at) == Some(value) {
            common += 1;
            at += 1;
        }
    }
    2.0 * common as f64 / (a.len() + b.len()).max(1) as f64
}

/// Fowler, Noll and Vo, FNV-1a.
fn hash(bytes: impl IntoIterator<Item = u8>) -> u32 {
    bytes
        .into_iter()
        .fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}
