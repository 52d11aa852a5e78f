//! The words of a text as they are compared: without case, ending and function words; Chinese by pairs of
//! characters.

use std::sync::LazyLock;

use super::hash::{Term, term};
use crate::han;

/// Of one text no more words are looked at.
const MOST_WORDS: usize = 4_000;
/// Of one text no more bytes are looked at.
const MOST_BYTES: usize = 64 << 10;
/// A longer word is taken for data.
const LONGEST: usize = 64;

/// Words that say nothing of what a text is about, sorted.
const FUNCTION_WORDS: &[&str] = &[
    "a", "about", "after", "all", "also", "an", "and", "any", "are", "as", "at", "be", "because",
    "been", "before", "but", "by", "can", "could", "did", "do", "does", "during", "each", "eg",
    "etc", "every", "for", "from", "had", "has", "have", "how", "if", "in", "instead", "into",
    "is", "it", "its", "just", "may", "more", "most", "must", "no", "not", "of", "on", "one",
    "only", "or", "other", "out", "over", "same", "should", "so", "some", "such", "than", "that",
    "the", "their", "them", "then", "there", "these", "they", "this", "those", "to", "up", "use",
    "used", "using", "was", "were", "what", "when", "where", "which", "while", "will", "with",
    "without", "would", "you", "your",
];

/// Words of any report of an error, in the form that [`each`] gives, sorted. They count as known from
/// elsewhere, so that they weigh little in a small base too.
pub(super) const COMMON: &[&str] = &[
    "cannot",
    "caus",
    "check",
    "code",
    "config",
    "configur",
    "could",
    "default",
    "error",
    "exception",
    "fail",
    "fatal",
    "file",
    "fix",
    "found",
    "info",
    "invalid",
    "issu",
    "line",
    "log",
    "message",
    "need",
    "problem",
    "requir",
    "run",
    "server",
    "set",
    "system",
    "unabl",
    "user",
    "valu",
    "version",
    "warn",
    "work",
];

/// Calls `take` with each word of a text.
///
/// A name in several parts (`camelCase`, `SCREAMING_SNAKE`, `a.b.C`) gives its parts; one in camel case
/// itself too.
pub(super) fn each(text: &str, mut take: impl FnMut(&str)) {
    let mut left = MOST_WORDS;
    let mut word = String::new();
    let mut take = |word: &mut String| {
        if keeps(word) && left > 0 {
            left -= 1;
            stem(word);
            take(word);
        }
        word.clear();
    };
    for run in runs(first_bytes(text, MOST_BYTES)) {
        match run {
            Run::Wide(run) => {
                let mut before = None;
                for c in run.chars() {
                    word.extend(before.replace(c));
                    if !word.is_empty() || run.chars().nth(1).is_none() {
                        word.push(c);
                        take(&mut word);
                    }
                }
            }
            Run::Word(run) => {
                let mut parts = 0;
                for part in camel_parts(run) {
                    parts += 1;
                    lower(part, &mut word);
                    take(&mut word);
                }
                if parts > 1 {
                    lower(run, &mut word);
                    take(&mut word);
                }
            }
        }
    }
}

/// Adds a run in lower case, without apostrophes.
fn lower(run: &str, word: &mut String) {
    if run.is_ascii() {
        let letters = run.bytes().filter(|byte| *byte != b'\'');
        word.extend(letters.map(|byte| char::from(byte.to_ascii_lowercase())));
    } else {
        word.extend(run.chars().flat_map(char::to_lowercase).filter(|c| *c != '\''));
    }
}

/// The term of a word as [`each`] gives it: of letters the first six, so that "deserialize" and
/// "deserialization", "exceed" and "exceeded" are one.
pub(super) fn root(word: &str) -> Term {
    /// Shorter ones take words for one that have nothing to do with each other.
    const LETTERS: usize = 6;
    let end = word.char_indices().nth(LETTERS).map_or(word.len(), |(at, _)| at);
    let is_cut = word.chars().all(char::is_alphabetic);
    term(if is_cut { &word[..end] } else { word })
}

/// The beginning of a text, of at most so many bytes.
pub(super) fn first_bytes(text: &str, most: usize) -> &str {
    &text[..text.floor_char_boundary(most)]
}

enum Run<'t> {
    /// Characters written without blanks between words.
    Wide(&'t str),
    /// Letters and digits.
    Word(&'t str),
}

/// Whether words are written without blanks between them: Han, kana, Hangul.
pub(super) fn is_wide(c: char) -> bool {
    han::is_han(c) || matches!(c, '\u{3041}'..='\u{30ff}' | '\u{ac00}'..='\u{d7a3}')
}

fn runs(text: &str) -> impl Iterator<Item = Run<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let start = rest.find(char::is_alphanumeric)?;
        rest = &rest[start..];
        let wide = rest.starts_with(is_wide);
        let belongs = |c: char| {
            if wide { is_wide(c) } else { (c.is_alphanumeric() || c == '\'') && !is_wide(c) }
        };
        let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'\'';
        let plain = rest.bytes().take_while(|byte| !wide && is_plain(byte)).count();
        let end = rest[plain..].find(|c| !belongs(c)).map_or(rest.len(), |end| plain + end);
        let (run, after) = rest.split_at(end);
        rest = after;
        Some(if wide { Run::Wide(run) } else { Run::Word(run) })
    })
}

/// `HTTPServerError` in its parts: `HTTP`, `Server`, `Error`.
fn camel_parts(word: &str) -> impl Iterator<Item = &str> {
    let mut rest = word;
    std::iter::from_fn(move || {
        let bytes = rest.as_bytes();
        if bytes.is_empty() {
            return None;
        }
        let begins = |at: usize| {
            let (before, here) = (bytes[at - 1], bytes[at]);
            let after = bytes.get(at + 1).is_some_and(u8::is_ascii_lowercase);
            here.is_ascii_uppercase()
                && (before.is_ascii_lowercase() || (before.is_ascii_uppercase() && after))
        };
        let end = (2..bytes.len()).find(|at| begins(*at)).unwrap_or(bytes.len());
        let (part, after) = rest.split_at(end);
        rest = after;
        Some(part)
    })
}

/// Whether a word, in lower case, says something.
fn keeps(word: &str) -> bool {
    let length = word.len();
    let is_number = word.bytes().all(|byte| byte.is_ascii_digit());
    let is_of_a_length =
        if is_number { (1..=6).contains(&length) } else { (2..=LONGEST).contains(&length) };
    is_of_a_length && !is_function_word(word)
}

fn is_function_word(word: &str) -> bool {
    /// As numbers they are compared at once, and stay in the order of their letters.
    static PACKED: LazyLock<Vec<u64>> =
        LazyLock::new(|| FUNCTION_WORDS.iter().filter_map(|word| packed(word)).collect());
    packed(word).is_some_and(|word| PACKED.binary_search(&word).is_ok())
}

/// A word of at most eight bytes as a number.
fn packed(word: &str) -> Option<u64> {
    let mut bytes = [0; 8];
    bytes.get_mut(..word.len())?.copy_from_slice(word.as_bytes());
    Some(u64::from_be_bytes(bytes))
}

/// Cuts English endings off: a plural, a participle, a final e. Cruder than Porter's (1980), which tells
/// no more pairs apart here.
fn stem(word: &mut String) {
    if word.len() < 4 || !word.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return;
    }
    if word.ends_with("ies") {
        word.truncate(word.len() - 3);
        word.push('y');
    } else if word.ends_with('s') && !["ss", "us", "is"].iter().any(|end| word.ends_with(end)) {
        word.pop();
    }
    for ending in ["ing", "ed"] {
        // `exceed`, `need` and `feed` are no participles.
        if word.len() >= ending.len() + 3 && word.ends_with(ending) && !word.ends_with("eed") {
            word.truncate(word.len() - ending.len());
            let bytes = word.as_bytes();
            let doubled = bytes.len() > 3 && bytes[bytes.len() - 1] == bytes[bytes.len() - 2];
            if doubled && !word.ends_with(['l', 's', 'z']) {
                word.pop();
            }
            break;
        }
    }
    if word.len() > 3 && word.ends_with('e') {
        word.pop();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> Vec<String> {
        let mut words = Vec::new();
        each(text, |word| words.push(word.to_owned()));
        words
    }

    #[test]
    fn the_same_word_is_the_same() {
        assert_eq!(all("Exceeds, exceeded: EXCEEDING"), ["exceed", "exceed", "exceed"]);
        assert_eq!(
            all("java.lang.OutOfMemoryError").last().map(String::as_str),
            Some("outofmemoryerror")
        );
        assert_eq!(all("ERR_MODULE_NOT_FOUND"), ["err", "modul", "found"]);
        assert_eq!(all("磁盘已满 x"), ["磁盘", "盘已", "已满"]);
        assert_eq!(all("满"), ["满"]);
        assert_eq!(all("can't 1009 12345678 TS2589"), ["cant", "1009", "ts2589"]);
        assert!(all("… --- ()").is_empty());
    }

    #[test]
    fn words_of_one_root_are_one_term() {
        for (one, other) in [("deserializ", "deserialization"), ("проверка", "проверки")]
        {
            assert_eq!(root(one), root(other), "{one} {other}");
        }
        for (one, other) in [("timeout", "timer"), ("ts2589", "ts2588"), ("1048576", "1048577")] {
            assert_ne!(root(one), root(other), "{one} {other}");
        }
    }

    #[test]
    fn lists_are_sorted() {
        assert!(FUNCTION_WORDS.is_sorted());
        assert!(FUNCTION_WORDS.iter().all(|word| is_function_word(word)));
        assert!(COMMON.is_sorted());
    }
}
