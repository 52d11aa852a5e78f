//! Three versions of an entry of which the truth is known, and what a merge of them lost: what is in an
//! item, and what a side has put in, is stamped with a word that is nowhere else.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::edits::Rng;

/// Lists whose items are objects with a text to stamp, and the rate of an item.
pub(crate) const LISTS: [(&str, &str, &str); 2] =
    [("dead_ends", "why_fails", "fail_rate"), ("workarounds", "how", "success_rate")];

/// A base and what two sides made of it.
pub(crate) struct Triple {
    pub(crate) base: Value,
    pub(crate) ours: Value,
    pub(crate) theirs: Value,
}

/// Makes versions.
pub(crate) struct Triples<'e> {
    entries: &'e [Value],
    rng: Rng,
    /// How many stamps there are.
    stamps: usize,
    /// How many edits a side makes at most.
    most: usize,
}

impl<'e> Triples<'e> {
    /// Versions of real entries, of which each side makes up to `most` edits.
    pub(crate) fn new(entries: &'e [Value], seed: u64, most: usize) -> Self {
        Self { entries, rng: Rng::new(seed), stamps: 0, most }
    }

    /// A stamped entry, and what each side made of it. Some additions are made by both.
    pub(crate) fn next(&mut self) -> Triple {
        self.stamps = 0;
        let mut base = self.rng.pick(self.entries).clone();
        for (list, ..) in LISTS {
            for item in base[list].as_array_mut().expect("a list") {
                let stamp = self.stamp("base");
                let text = item["action"].as_str().expect("an action").to_owned();
                item["action"] = json!(format!("{text} {stamp}"));
            }
        }
        let shared: Vec<Value> = LISTS.map(|(list, ..)| self.item(list, "both")).into();
        let mut side = |name: &str| {
            let mut document = base.clone();
            for _ in 0..=self.rng.below(self.most) {
                self.edit(&mut document, name, &shared);
            }
            document
        };
        let (ours, theirs) = (side("ours"), side("theirs"));
        Triple { base, ours, theirs }
    }

    fn stamp(&mut self, name: &str) -> String {
        self.stamps += 1;
        format!("{name}{}q", self.stamps)
    }

    /// An item of another entry, stamped.
    fn item(&mut self, list: &str, name: &str) -> Value {
        let entry = self.rng.pick(self.entries);
        let items = entry[list].as_array().expect("a list").clone();
        let mut item = items.first().cloned().unwrap_or_else(|| {
            json!({"action": "Wait", "how": "", "success_rate": 0.5, "condition": "", "sources": []})
        });
        let text = item["action"].as_str().expect("an action").to_owned();
        item["action"] = json!(format!("{text} {}", self.stamp(name)));
        item
    }

    fn edit(&mut self, document: &mut Value, name: &str, shared: &[Value]) {
        let which = self.rng.below(LISTS.len());
        let (list, text, rate) = LISTS[which];
        let count = document[list].as_array().expect("a list").len();
        let place = self.rng.below(count);
        match self.rng.below(11) {
            0 => {
                let mut items = document[list].as_array().expect("a list").clone();
                self.rng.shuffle(&mut items);
                document[list] = json!(items);
            }
            1 | 2 if count > 0 => self.reword(&mut document[list][place][text], name),
            3 if count > 0 => document[list][place][rate] = self.rate(),
            4 => {
                let item = self.item(list, name);
                let at = self.rng.below(count + 1);
                document[list].as_array_mut().expect("a list").insert(at, item);
            }
            5 => {
                let items = document[list].as_array_mut().expect("a list");
                if items.iter().all(|item| item["action"] != shared[which]["action"]) {
                    items.insert(self.rng.below(count + 1), shared[which].clone());
                }
            }
            6 if count > 2 => _ = document[list].as_array_mut().expect("a list").remove(place),
            7 => {
                let stamp = self.stamp(name);
                document["tags"].as_array_mut().expect("a list").push(json!(stamp));
            }
            8 => self.reword(&mut document["root_cause"], name),
            9 => document["confidence"] = self.rate(),
            _ => {
                let day = 10 + self.rng.below(18);
                document["last_updated"] = json!(format!("2026-10-{day}"));
            }
        }
    }

    /// A rate that no other has.
    fn rate(&mut self) -> Value {
        self.stamps += 1;
        let rate = u32::try_from(10_000 + self.stamps).expect("few stamps");
        json!(f64::from(rate) / 100_000.0)
    }

    /// Puts a stamp in the place of a word, or at the end.
    fn reword(&mut self, text: &mut Value, name: &str) {
        let stamp = self.stamp(name);
        let own = text.as_str().expect("a text").to_owned();
        let mut words: Vec<&str> = own.split(' ').collect();
        let at = self.rng.below(words.len() + 1);
        match words.get_mut(at).filter(|word| !word.ends_with('q')) {
            Some(word) => *word = &stamp,
            None => words.push(&stamp),
        }
        *text = json!(words.join(" "));
    }
}

/// The stamps and the rates of their kind in a text.
fn stamps(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '.'));
    let is_stamp = |word: &&str| {
        let name = word.trim_end_matches('q').trim_end_matches(|c: char| c.is_ascii_digit());
        let is_rate = word.starts_with("0.10") && word.len() == 7;
        is_rate || (word.ends_with('q') && ["base", "ours", "theirs", "both"].contains(&name))
    };
    words.filter(is_stamp).map(str::to_owned).collect()
}

/// What is wrong with what came of a triple.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Losses {
    /// What a side put in and is not there, and what a side took out and stands there without a conflict.
    pub(crate) lost: BTreeSet<String>,
    /// What is there twice without a conflict.
    pub(crate) twice: BTreeSet<String>,
    /// Items with a rate that belongs to another; told of a text without conflicts.
    pub(crate) strayed: BTreeSet<String>,
}

impl Triple {
    /// What is wrong with a text, which may have conflicts between the markers of git.
    pub(crate) fn losses(&self, text: &str) -> Losses {
        let base = stamps(&self.base.to_string());
        let (all, outside) = (stamps(text), outside(text));
        let unopposed = stamps(&outside);
        let mut losses = Losses::default();
        for side in [&self.ours, &self.theirs] {
            let side = stamps(&side.to_string());
            losses
                .lost
                .extend(side.difference(&base).filter(|stamp| !all.contains(*stamp)).cloned());
            losses
                .lost
                .extend(base.difference(&side).filter(|stamp| unopposed.contains(*stamp)).cloned());
        }
        let twice = all.into_iter().filter(|stamp| outside.matches(stamp.as_str()).count() > 1);
        losses.twice.extend(twice.filter(|stamp| stamp.ends_with('q')));
        let result = serde_json::from_str(text).unwrap_or_default();
        losses.strayed.extend(self.strayed(&result));
        losses
    }

    /// The stamps of the items whose rate is not what was given to them.
    fn strayed(&self, result: &Value) -> Vec<String> {
        let mut strayed = Vec::new();
        for (list, _, rate) in LISTS {
            for item in result[list].as_array().into_iter().flatten() {
                let action = item["action"].as_str().unwrap_or_default();
                let stamp = action.rsplit(' ').next().unwrap_or_default();
                let of = |version| stamped(version, list, stamp).map(|item| &item[rate]);
                let (base, ours, theirs) = (of(&self.base), of(&self.ours), of(&self.theirs));
                let wanted = if ours == base || ours.is_none() { theirs } else { ours };
                if Some(&item[rate]) != wanted {
                    strayed.push(stamp.to_owned());
                }
            }
        }
        strayed
    }
}

/// The item of a list that bears a stamp.
fn stamped<'v>(document: &'v Value, list: &str, stamp: &str) -> Option<&'v Value> {
    document[list].as_array()?.iter().find(|item| {
        item["action"].as_str().is_some_and(|text| text.ends_with(&format!(" {stamp}")))
    })
}

/// The lines of a text that are not between markers.
fn outside(text: &str) -> String {
    let (mut is_inside, mut out) = (false, String::new());
    for line in text.lines() {
        is_inside |= line.starts_with("<<<<<<<");
        if !is_inside {
            out += &format!("{line}\n");
        }
        is_inside &= !line.starts_with(">>>>>>>");
    }
    out
}
