//! Which words two texts share, to be marked where both are shown.

use std::collections::HashSet;

/// Shorter words are in every text.
const SHORTEST: usize = 4;
/// Of one text no more is looked at, in bytes.
const MOST_BYTES: usize = 8 << 10;

/// The words of some texts; of Chinese, where no blanks part them, each two characters that follow each
/// other.
#[derive(Clone, Debug, Default)]
pub struct CommonWords(HashSet<String>);

impl CommonWords {
    /// The words of the first 8 KiB of each text.
    pub fn of(texts: &[String]) -> Self {
        let mut words = Self::default();
        for text in texts {
            for (start, end) in runs(&text[..text.floor_char_boundary(MOST_BYTES)]) {
                words.0.insert(text[start..end].to_lowercase());
            }
        }
        words
    }

    /// Where another text has some of these words: first byte and end, in order and apart.
    pub fn places(&self, text: &str) -> Vec<(usize, usize)> {
        let mut places: Vec<(usize, usize)> = Vec::new();
        for (start, end) in runs(text) {
            if self.0.contains(&text[start..end].to_lowercase()) {
                match places.last_mut().filter(|last| last.1 >= start) {
                    Some(last) => last.1 = end,
                    None => places.push((start, end)),
                }
            }
        }
        places
    }
}

/// The places of words: runs of letters and digits, and each two Chinese characters, which may overlap.
fn runs(text: &str) -> Vec<(usize, usize)> {
    let is_han = |c: char| !c.is_ascii() && crate::han::is_han(c);
    let is_word = |c: char| c.is_alphanumeric() && !is_han(c);
    let mut runs = Vec::new();
    let mut word = None;
    let mut before = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        if is_word(c) {
            word.get_or_insert(at);
        } else if let Some(start) = word.take()
            && at - start >= SHORTEST
        {
            runs.push((start, at));
        }
        if is_han(c) {
            if let Some(start) = before.replace(at) {
                runs.push((start, at + c.len_utf8()));
            }
        } else {
            before = None;
        }
    }
    runs
}
