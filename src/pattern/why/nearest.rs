//! Which texts share the rarest words with a message.

use std::collections::{BTreeSet, HashMap};

use crate::pattern::han::is_han;
use crate::pattern::literals::folded;

/// More of a message is not looked at, in bytes.
const LONGEST: usize = 64 << 10;

/// The numbers of the texts that share words with a message, at most `most`; those first that share the
/// rarest. A text may be a message or a pattern, and each number may stand for several.
pub fn nearest<'t>(
    message: &str,
    texts: impl IntoIterator<Item = (usize, &'t str)>,
    most: usize,
) -> Vec<usize> {
    /// What a word weighs that only one text has.
    const RAREST: u64 = 1_000_000;
    let message = &message[..message.floor_char_boundary(LONGEST)];
    let wanted = words(message);
    let mut owners: HashMap<String, BTreeSet<usize>> = HashMap::new();
    for (number, text) in texts {
        for word in words(text).into_iter().filter(|word| wanted.contains(word)) {
            owners.entry(word).or_default().insert(number);
        }
    }
    let mut scores: HashMap<usize, u64> = HashMap::new();
    for texts in owners.values() {
        let weight = RAREST / texts.len().max(1) as u64;
        for text in texts {
            *scores.entry(*text).or_default() += weight;
        }
    }
    let mut ranked: Vec<(usize, u64)> = scores.into_iter().collect();
    ranked.sort_by_key(|(text, score)| (std::cmp::Reverse(*score), *text));
    ranked.into_iter().take(most).map(|(text, _)| text).collect()
}

/// The words of a text, folded: of Chinese, each two characters in a row.
fn words(text: &str) -> BTreeSet<String> {
    let text = folded(text);
    let mut words = BTreeSet::new();
    for run in text.split(|c: char| !(c.is_alphanumeric() || c == '_')) {
        for word in run.split(is_han).filter(|word| word.chars().count() > 1) {
            words.insert(word.to_owned());
        }
        let chars: Vec<char> = run.chars().collect();
        let pairs = chars.windows(2).filter(|pair| pair.iter().all(|c| is_han(*c)));
        words.extend(pairs.map(|pair| pair.iter().collect::<String>()));
    }
    words
}
