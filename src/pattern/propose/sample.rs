//! What an author writes for anything: `X`, `<name>`, `my-config`. And what only looks like a name.

use std::sync::LazyLock;

use regex::Regex;

use crate::pattern::lists;

/// Names that stand for a name where they stand in quotes.
const NAMES: &str = "...|…|column|component|entityname|field|file|filename|func|function|\
    identifier|key|key_name|method|missing_key|model-name|module|name|package|package-name|\
    packagename|page|param|paramname|path|property|somename|table|value|variable";

/// Words of the message, set in quotes: at least two, and nothing that a path or an expression has.
static PHRASE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^[\p{L}\p{N}_][\p{L}\p{M}\p{N}_'’-]*[,:;.!?]?(?: [\p{L}\p{N}][\p{L}\p{M}\p{N}_'’-]*[,:;.!?]?)+$")
        .expect("a pattern that a test compiles")
});

/// A letter or a word for anything, within other text.
static STAND_IN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?-u:\b)(?:[B-HJ-Z]|[xX]{2,}[0-9]*|(?i:foo|bar|baz|my[-_]\w+|your[-_]\w+|path/to)|example\.(?:com|net|org))(?-u:\b)|^[a-z]$|^/path$|<[A-Za-z_-]+>|\.\.\.|…",
    )
    .expect("a pattern that a test compiles")
});

/// Whether a word stands for anything. `around` are the texts before and after it.
pub(super) fn is_word(word: &str, around: (&str, &str)) -> bool {
    let (before, after) = around;
    let joined =
        before.ends_with(['-', '+', '\'', '’', '#']) || after.starts_with(['-', '+', '\'', '’']);
    match word.as_bytes() {
        [b'M' | b'N' | b'T' | b'U' | b'X' | b'Y' | b'Z'] => {
            !joined && !before.ends_with("OS ") && !before.ends_with("Generation ")
        }
        // Not where it means times.
        [b'x' | b'y' | b'z'] => {
            !joined && !before.trim_end().ends_with(|c: char| c.is_ascii_digit())
        }
        [b'T', digit] => digit.is_ascii_digit(),
        [_, _, ..] if word.bytes().all(|byte| byte == b'x' || byte == b'X') => true,
        b"foo" | b"bar" | b"baz" | b"Foo" | b"Bar" | b"Baz" | b"FOO" | b"BAR" => true,
        b"PORT" => before.ends_with(':'),
        b"f" | b"func" | b"function" | b"method" => after.starts_with("()"),
        _ => false,
    }
}

/// How many letters at the end of a word stand for digits, as in `CMP0XXX`.
pub(super) fn tail(word: &str) -> usize {
    let count = |letter| word.bytes().rev().take_while(|byte| *byte == letter).count();
    let tail = count(b'X').max(count(b'N'));
    if tail > 2 && word[..word.len() - tail].ends_with(|c: char| c.is_ascii_digit()) {
        tail
    } else {
        0
    }
}

/// Whether a name in quotes stands for any name.
pub(super) fn is_name(name: &str) -> bool {
    lists(NAMES, &name.to_lowercase()) || STAND_IN.is_match(name)
}

/// Whether a text in quotes is words of the message rather than a name.
pub(super) fn is_phrase(text: &str) -> bool {
    PHRASE.is_match(text) && !STAND_IN.is_match(text)
}

/// Whether a word is a unit of bytes with its magnitude, as `GiB` or `MB`.
pub(super) fn is_byte_unit(word: &str) -> bool {
    match word.as_bytes() {
        [magnitude, b'B'] | [magnitude, b'i', b'B'] => b"kKMGTP".contains(magnitude),
        _ => false,
    }
}

/// Whether what is glued to digits is a unit of them.
pub(super) fn is_unit(unit: &str, digits: &str) -> bool {
    match unit {
        "K" | "M" | "G" => digits.len() > 1,
        "%" | "B" | "b" | "kb" | "mb" | "gb" | "k" | "ns" | "us" | "µs" | "ms" | "s" | "sec"
        | "secs" | "m" | "min" | "mins" | "h" | "hr" | "d" | "px" | "Hz" | "kHz" | "MHz"
        | "GHz" | "fps" => true,
        _ => is_byte_unit(unit),
    }
}
