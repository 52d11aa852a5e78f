//! Edits of real entries of which the truth is known: which item of a list became which.

use std::collections::BTreeSet;

use serde_json::{Value, json};

/// Numbers that look random and are the same in each run: Vigna's `SplitMix64`.
pub(crate) struct Rng(u64);

impl Rng {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % end.max(1) as u64).expect("small")
    }

    pub(crate) fn pick<'t, T>(&mut self, from: &'t [T]) -> &'t T {
        &from[self.below(from.len())]
    }

    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for at in (1..items.len()).rev() {
            items.swap(at, self.below(at + 1));
        }
    }
}

/// Lists of items that are edited.
const LISTS: [&str; 4] = ["workarounds", "dead_ends", "versions", "workarounds_zh"];

/// Pairs of places, in the old and in the new list.
pub(crate) type Truth = BTreeSet<(usize, usize)>;

/// What edits take from: items and words of other entries.
pub(crate) struct Edits<'e> {
    entries: &'e [Value],
}

impl<'e> Edits<'e> {
    pub(crate) fn new(entries: &'e [Value]) -> Self {
        Self { entries }
    }

    /// A document with one to four of its lists edited, each in one to three ways, and the truth of each list.
    pub(crate) fn edited(&self, old: &Value, rng: &mut Rng) -> (Value, Vec<(String, Truth)>) {
        let mut new = old.clone();
        let mut truth = Vec::new();
        for list in LISTS {
            if rng.below(2) == 0 {
                continue;
            }
            let items = old[list].as_array().cloned().unwrap_or_default();
            let mut items: Vec<(Option<usize>, Value)> =
                items.into_iter().enumerate().map(|(at, item)| (Some(at), item)).collect();
            for _ in 0..=rng.below(3) {
                self.edit(list, &mut items, rng);
            }
            let pairs = items.iter().enumerate().filter_map(|(at, (from, _))| Some(((*from)?, at)));
            truth.push((list.to_owned(), pairs.collect()));
            new[list] = items.into_iter().map(|(_, item)| item).collect();
        }
        (new, truth)
    }

    fn edit(&self, list: &str, items: &mut Vec<(Option<usize>, Value)>, rng: &mut Rng) {
        match rng.below(5) {
            0 => rng.shuffle(items),
            1 => {
                if !items.is_empty() {
                    items.remove(rng.below(items.len()));
                }
            }
            2 => {
                let other = rng.pick(self.entries)[list].as_array().cloned().unwrap_or_default();
                if !other.is_empty() {
                    let item = rng.pick(&other).clone();
                    let is_known = items.iter().any(|(_, known)| *known == item);
                    if !is_known {
                        items.insert(rng.below(items.len() + 1), (None, item));
                    }
                }
            }
            3 => {
                for (_, item) in items.iter_mut() {
                    for key in ["success_rate", "fail_rate"] {
                        if item[key].is_number() {
                            item[key] = json!(
                                f64::from(u8::try_from(rng.below(100)).expect("small")) / 100.0
                            );
                        }
                    }
                }
            }
            _ => {
                for (_, item) in items.iter_mut() {
                    if rng.below(2) == 0 {
                        self.reword(list, item, rng);
                    }
                }
            }
        }
    }

    /// Replaces up to a third of the words of the texts of an item by words of another entry, leaves one
    /// out, or adds some.
    fn reword(&self, list: &str, item: &mut Value, rng: &mut Rng) {
        let text = match item {
            Value::String(text) => text,
            // What a version is called is what it is.
            item => {
                let keys: &[&str] = match list {
                    "versions" => &["behavior_change"],
                    "dead_ends" => &["action", "why_fails"],
                    _ => &["action", "how"],
                };
                let key = *rng.pick(keys);
                match item.get_mut(key) {
                    Some(Value::String(text)) => text,
                    _ => return,
                }
            }
        };
        if !text.contains(' ') {
            // Chinese, or a word: a third of the characters.
            let mut chars: Vec<char> = text.chars().collect();
            for _ in 0..chars.len() / 4 {
                let at = rng.below(chars.len());
                chars[at] = *rng.pick(&['新', '的', '请', '用', 'x']);
            }
            *text = chars.into_iter().collect();
            return;
        }
        let mut words: Vec<String> = text.split(' ').map(str::to_owned).collect();
        let other = rng.pick(self.entries)["root_cause"].as_str().unwrap_or_default().to_owned();
        let other: Vec<&str> = other.split(' ').collect();
        for _ in 0..=words.len() / 3 {
            let at = rng.below(words.len());
            match rng.below(3) {
                0 if words.len() > 2 => _ = words.remove(at),
                1 => words.insert(at, (*rng.pick(&other)).to_owned()),
                _ => (*rng.pick(&other)).clone_into(&mut words[at]),
            }
        }
        words.join(" ").trim().clone_into(text);
    }
}
