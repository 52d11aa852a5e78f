//! Numbers that name the error, and so belong to the message: `404`, `Errno 28`, `ORA-00001`.

use std::ops::Range;

use super::sample;

/// Words whose number names something.
const NAMED: &[&str] = &[
    "call",
    "calling",
    "code",
    "codes",
    "dial",
    "errcode",
    "errno",
    "signal",
    "sqlstate",
    "status",
    "statuscode",
    "winerror",
];

/// Words whose number names something if it follows at once; `error: 5 files` counts.
const NAMED_AT_ONCE: &[&str] = &["err", "error", "exception", "exit", "fatal", "rule"];

/// Standards: their number is a part of their name.
const STANDARDS: &[&str] = &[
    "CVE", "HTTP", "IEEE", "ISO", "OAuth", "OpenGL", "PCI", "RFC", "SMTP", "SOC", "SSL", "TLS",
    "USB", "Unicode", "Vulkan", "WebGL",
];

/// Words whose number counts or places something, even one that looks like a status or a year.
const COUNTED: &[&str] = &[
    "after", "column", "length", "limit", "line", "offset", "pid", "port", "position", "row",
    "size",
];

/// Words after which a status of HTTP stands, whatever follows.
const RETURNS: &[&str] = &["return", "returned", "returning", "returns"];

/// Words after which a status of HTTP may stand.
const BEFORE_STATUS: &[&str] = &["a", "an", "and", "despite", "got", "or", "with"];

/// Words before which a status of HTTP may stand.
const AFTER_STATUS: &[&str] =
    &["and", "error", "errors", "in", "instead", "on", "or", "response", "status", "when"];

/// Words for what a number that looks like a year counts.
const COUNTS: &[&str] = &["bytes", "characters", "keys", "ms", "milliseconds", "seconds", "tokens"];

/// The last word of a text; what joins a word to its number is skipped.
pub(super) fn word_before(text: &str) -> &str {
    last_word(text.trim_end_matches(|c: char| " \t=:#([\"'-".contains(c)))
}

fn last_word(text: &str) -> &str {
    text.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default()
}

/// Whether what follows a number makes one word of both, as in `64-bit`.
pub(super) fn is_compound(rest: &str) -> bool {
    rest.strip_prefix('-').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic()))
}

/// Whether a word keeps the number that a hyphen joins to it, as `UTF-8` does.
pub(super) fn names_with_number(word: &str) -> bool {
    let known = ["aes", "base", "cp", "iso", "latin", "md", "sha", "utf", "windows"];
    word.ends_with(|c: char| c.is_ascii_uppercase() || c.is_ascii_digit())
        || known.contains(&word.to_lowercase().as_str())
}

/// Whether a number names the error. `last` is where the last number ended that does.
pub(super) fn is_code(text: &str, range: Range<usize>, last: Option<usize>) -> bool {
    let before = &text[..range.start];
    let after = &text[range.end..];
    let number = text[range.clone()].trim_start_matches('-');
    let digits = number.len();
    if last.is_some_and(|last| continues(&text[last..range.start], number)) {
        return true;
    }
    // `HTTP/2`, `C++17`, `N+1`.
    let joined = ["/", "++", "+"].iter().find_map(|joint| before.strip_suffix(joint));
    if joined.is_some_and(|word| last_word(word).starts_with(|c: char| c.is_ascii_alphabetic())) {
        return true;
    }
    let next = after.trim_start_matches(':').trim_start();
    let next_word = &next[..next.find(|c: char| !c.is_alphanumeric()).unwrap_or(next.len())];
    let next_is_title = next.starts_with(char::is_uppercase) && !sample::is_byte_unit(next_word);
    let ends = !after.starts_with(|c: char| c == ' ' || c.is_alphanumeric());
    let word = word_before(before);
    let folded = word.to_lowercase();
    let one_of = |words: &[&str]| words.contains(&folded.as_str());
    let at_once = !before.ends_with(": ");
    let named = one_of(NAMED)
        || STANDARDS.contains(&word)
        || one_of(NAMED_AT_ONCE) && (at_once || digits > 2 && ends);
    // `(98: Address already in use)`, `SQLSTATE[HY000] [2002]`.
    let explained =
        before.ends_with('(') && after.starts_with(':') && next.starts_with(char::is_alphabetic);
    let second = before.ends_with("] [") && digits == 4 && after.starts_with(']');
    if named || explained || second {
        return true;
    }
    let Ok(value) = number.parse::<u32>() else { return false };
    // `429 Too Many Requests`, `: 1213 Deadlock found`, `(419 Page Expired)`.
    let opens =
        before.is_empty() || [": ", "- ", "] ", "("].iter().any(|end| before.ends_with(end));
    if opens && (3..=5).contains(&digits) && next_is_title {
        return true;
    }
    // `550 5.1.1 User unknown`, `503`.
    let first = before.is_empty() && !next.starts_with(char::is_lowercase);
    if first && digits == 3 && (100..600).contains(&value) {
        return true;
    }
    if one_of(COUNTED) {
        return false;
    }
    let fits = ends || next_is_title || AFTER_STATUS.contains(&next_word);
    let status = is_status(value)
        && (one_of(RETURNS)
            || one_of(BEFORE_STATUS) && fits
            || next_is_title
            || matches!(next_word, "response" | "status" | "OK"));
    let year = (1900..=2035).contains(&value)
        && digits == 4
        && before.ends_with(' ')
        && !COUNTS.contains(&next_word)
        && !sample::is_byte_unit(next_word);
    status || year
}

/// Whether a number is a status of HTTP that is in use.
fn is_status(value: u32) -> bool {
    matches!(value, 200..=208 | 300..=308 | 400..=431 | 451 | 500..=511 | 520..=530)
}

/// Whether a number goes on where a code ended, as in `400/404`, `404 instead of 200` and `550 5.1.1`.
fn continues(between: &str, number: &str) -> bool {
    match between {
        "/" | " / " | ", " | " or " | ", or " | " and " | ", and " | " vs " | " instead of " => {
            true
        }
        " " => number.contains('.'),
        _ => false,
    }
}
