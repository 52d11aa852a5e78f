//! What a message says of itself: its shape once what varies is masked, its codes and names, what it
//! quotes, and what it claims.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::hash::{Term, hash, term};
use super::order::Order;
use super::words::{first_bytes, is_wide};

/// Of a message no more bytes are looked at; users paste one line or a few.
const MOST_BYTES: usize = 4 << 10;
/// A list of codes, names or quotes is no longer.
const MOST_ITEMS: usize = 24;
/// Stands in the shape for something that varies.
const MASK: char = '§';

/// What a message says of itself.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Signature {
    /// A hash of the shape, where that has two words to tell it by.
    pub(super) shape: Option<u64>,
    /// The triples of characters of the shape, sorted.
    pub(super) grams: Vec<Term>,
    /// Error codes, sorted.
    pub(super) codes: Vec<Term>,
    /// Of which kinds they are, sorted.
    pub(super) code_kinds: Vec<Term>,
    /// Names of exceptions and statuses, sorted.
    pub(super) names: Vec<Term>,
    /// What is quoted and stands for itself, sorted.
    pub(super) quoted: Vec<Term>,
    /// A bit for each side of [`CLAIMS`] that it takes.
    pub(super) claims: u128,
    /// Its words in their order.
    pub(super) order: Order,
}

/// Words of which a message has one or the other, and never means the same. Prefixes of words; `|` parts
/// alternatives.
const CLAIMS: &[(&str, &str)] = &[
    ("no longer", "still"),
    ("not enough|too few|insufficient number", "too many"),
    ("already", "no running|not running|not yet"),
    ("too large|too big", "too small"),
    ("too long", "too short"),
    ("too high", "too low"),
    ("too old", "too new"),
    ("safe", "unsafe|not safe"),
    ("minimum", "maximum"),
    ("encode", "decode"),
    ("serializ", "deserializ"),
    ("upload", "download"),
    ("import ", "export "),
    ("before", "after"),
    ("enabled", "disabled"),
    ("expired", "not yet valid"),
    ("missing", "unexpected"),
    ("less than", "greater than|more than"),
    ("overflow", "underflow"),
    ("read", "write|writing"),
    ("install ", "uninstall "),
    ("allowed", "forbidden|prohibited"),
    ("required", "not required|optional"),
    ("already exists", "not found|no such|does not exist|missing"),
    ("upgrade", "downgrade"),
    ("mount ", "unmount|umount"),
    ("encrypt", "decrypt"),
    ("compress", "decompress|uncompress"),
    ("increase", "decrease"),
    ("subscribe", "unsubscribe"),
    ("locked", "not locked|unlocked"),
    ("empty", "not empty|nonempty|full"),
    ("running", "not running|stopped"),
    ("online", "offline"),
    ("不再", "仍然"),
    ("过大|过多", "过小|过少"),
    ("启用", "禁用"),
    ("已存在", "不存在|未找到"),
];

impl Signature {
    /// Looks at a message and the code that its entry gives.
    pub(super) fn new(message: &str, error_code: Option<&str>) -> Self {
        let message = first_bytes(message, MOST_BYTES);
        let quotes = quotes(message);
        let shape = shape(message, &quotes);
        let mut found = Self {
            grams: grams(&shape),
            shape: (words_of(&shape) >= 2).then(|| hash(shape.as_bytes())),
            claims: claims(message),
            order: Order::new(message),
            ..Self::default()
        };
        found.collect_names(message);
        let stated =
            quotes.into_iter().map(|range| &message[range]).filter(|text| is_concrete(text));
        found.quoted.extend(stated.map(|text| term(&text.to_lowercase())));
        if let Some(code) = error_code.map(str::trim).filter(|code| !code.is_empty()) {
            found.add_code(&code.to_uppercase());
        }
        for list in [&mut found.codes, &mut found.code_kinds, &mut found.names, &mut found.quoted] {
            list.truncate(MOST_ITEMS);
            list.sort_unstable();
            list.dedup();
        }
        found
    }

    fn add_code(&mut self, code: &str) {
        self.codes.push(term(code));
        self.code_kinds.push(code_kind(code));
    }

    fn collect_names(&mut self, message: &str) {
        let mut before = String::new();
        let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        for word in message.split(|c| !is_part(c)).filter(|word| !word.is_empty()) {
            let word = word.trim_matches('-');
            if is_code(word, &before) {
                self.add_code(&word.to_uppercase());
            } else if is_error_name(word) {
                self.names.push(term(&word.to_lowercase()));
            }
            before = word.to_lowercase();
        }
    }
}

/// Whether two messages take opposite sides of a claim.
pub(super) fn are_opposite(a: u128, b: u128) -> bool {
    const LEFT: u128 = u128::MAX / 3;
    let swapped = |bits: u128| (bits & LEFT) << 1 | (bits >> 1) & LEFT;
    // A message that takes both sides, or the side that the other takes too, says nothing.
    let only = |bits: u128| bits & !swapped(bits);
    only(a) & swapped(only(b)) != 0
}

fn claims(message: &str) -> u128 {
    let mut text = String::from(" ");
    for c in message.chars() {
        let c = if c.is_alphanumeric() { c } else { ' ' };
        if c != ' ' || !text.ends_with(' ') {
            text.extend(c.to_lowercase());
        }
    }
    text.push(' ');
    let says = |list: &str| {
        list.split('|').any(|phrase| {
            let found = |(at, _)| text[..at].ends_with(' ') || phrase.starts_with(is_wide);
            text.match_indices(phrase).any(found)
        })
    };
    CLAIMS.iter().enumerate().fold(0, |bits, (at, (left, right))| {
        let (mut left, right) = (says(left), says(right));
        if right && ["safe", "required", "locked", "empty", "running"].contains(&CLAIMS[at].0) {
            left = false;
        }
        bits | u128::from(left) << (2 * at) | u128::from(right) << (2 * at + 1)
    })
}

/// Of which kind a code in capitals is: codes of one kind are different errors where they differ. `TS2589` and
/// `TS2786` are of one, a number is of another, and a name of a third.
pub(super) fn code_kind(code: &str) -> Term {
    let name = code.trim_end_matches(|c: char| c.is_ascii_digit());
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if is_number(code) {
        term(if code.len() == 3 { "999" } else { "9" })
    } else if name.len() < code.len() && name.len() <= 7 {
        term(name)
    } else {
        term(if code.contains('_') { "A_A" } else { "A" })
    }
}

/// `TS2589`, `ERR_MODULE_NOT_FOUND`, `ENOENT`; a number behind `errno`, `code`, `status`.
fn is_code(word: &str, before: &str) -> bool {
    const INTRODUCE: &[&str] = &["errno", "code", "status", "http", "error", "exit", "close"];
    let bytes = word.as_bytes();
    let digits = bytes.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
    let letters = bytes.iter().take_while(|byte| byte.is_ascii_uppercase()).count();
    let is_upper = || {
        bytes.iter().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b'_')
    };
    if digits == bytes.len() {
        return (2..=5).contains(&digits) && INTRODUCE.contains(&before);
    }
    let is_tagged = (1..=7).contains(&letters)
        && (2..=6).contains(&digits)
        && bytes.len() - letters - digits <= 1
        && word != "UTF-16"
        && word != "SHA256";
    let is_constant = is_upper() && word.contains('_') && letters > 0 && word.len() >= 8;
    let is_errno = word.starts_with('E')
        && letters == word.len()
        && (5..=15).contains(&letters)
        && word != "ERROR";
    is_tagged || is_constant || is_errno
}

/// `OutOfMemoryError`, `CrashLoopBackOff`: a name in camel case that says what happened.
fn is_error_name(word: &str) -> bool {
    const ENDS: &[&str] = &["Error", "Exception", "Warning", "Fault", "Violation"];
    let humps = word
        .as_bytes()
        .windows(2)
        .filter(|pair| pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase());
    let humps = humps.count();
    let starts = word.starts_with(|c: char| c.is_ascii_uppercase());
    starts && (humps >= 2 || ENDS.iter().any(|end| word.ends_with(end) && word.len() > end.len()))
}

/// The quoted parts of a line, without their quotes.
fn quotes(message: &str) -> Vec<Range<usize>> {
    const LONGEST: usize = 120;
    const PAIRS: &[(char, char)] =
        &[('\'', '\''), ('"', '"'), ('`', '`'), ('“', '”'), ('‘', '’'), ('「', '」'), ('《', '》')];
    let mut found = Vec::new();
    let mut from = 0;
    while let Some((at, open)) =
        message[from..].char_indices().find(|(_, c)| PAIRS.iter().any(|pair| pair.0 == *c))
    {
        let start = from + at + open.len_utf8();
        let close = PAIRS.iter().find(|pair| pair.0 == open).map_or(open, |pair| pair.1);
        let is_apostrophe = open == '\'' && message[..from + at].ends_with(char::is_alphanumeric);
        let text = first_bytes(&message[start..], LONGEST);
        match text.find(['\n', close]) {
            Some(length) if !is_apostrophe && text[length..].starts_with(close) => {
                if length > 0 {
                    found.push(start..start + length);
                }
                from = start + length + close.len_utf8();
            }
            _ => from = start,
        }
    }
    found
}

/// Whether a quoted text stands for itself, not for any other.
fn is_concrete(text: &str) -> bool {
    const STAND_INS: &[&str] = &[
        "foo", "bar", "baz", "name", "field", "value", "key", "...", "string", "path", "type",
        "module",
    ];
    let lower = text.to_lowercase();
    let letters = text.chars().filter(|c| c.is_alphanumeric()).count();
    letters >= 2
        && !text.contains(['<', '>', '{', '}', '$', '%', '*', '…'])
        && !STAND_INS.contains(&lower.as_str())
        && !["my", "your", "some", "example", "xxx"].iter().any(|start| lower.starts_with(start))
}

/// The message with what varies masked: quotes, placeholders, numbers, paths, single letters.
fn shape(message: &str, quotes: &[Range<usize>]) -> String {
    let mut out = String::with_capacity(message.len());
    let mut from = 0;
    for range in quotes {
        mask_plain(&message[from..range.start], &mut out);
        out.push(MASK);
        from = range.end;
    }
    mask_plain(&message[from..], &mut out);
    let mut shape = String::with_capacity(out.len());
    for word in out.split_whitespace() {
        let is_masked = word.contains(MASK) && shape.ends_with("§ ") && word.chars().count() == 1;
        if !is_masked {
            shape += word;
            shape.push(' ');
        }
    }
    let end = shape.trim_end_matches(|c: char| !c.is_alphanumeric() && c != MASK).len();
    shape.truncate(end);
    shape
}

fn mask_plain(text: &str, out: &mut String) {
    for piece in text.split_inclusive(char::is_whitespace) {
        let word = piece.trim_end();
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric() && !"<>{}$%/".contains(c));
        let is_bracketed = |open, close| bare.starts_with(open) && bare.ends_with(close);
        let is_path = bare.matches(['/', '\\']).count() >= 2 || bare.contains("://");
        let is_stand_in = is_bracketed('<', '>')
            || is_bracketed('{', '}')
            || bare.starts_with("${")
            || bare.starts_with('%')
            || bare.starts_with("0x")
            || (bare.len() == 1 && bare.bytes().all(|byte| byte.is_ascii_uppercase()));
        if is_path || is_stand_in {
            out.push(MASK);
        } else if bare.starts_with(|c: char| c.is_ascii_digit()) {
            out.push(MASK);
            out.extend(bare.chars().filter(|c| c.is_alphabetic()).flat_map(char::to_lowercase));
        } else {
            let kept = word.chars().filter(|c| !"()[],;\"'`".contains(*c));
            out.extend(kept.flat_map(char::to_lowercase));
        }
        out.push_str(&piece[word.len()..]);
    }
}

fn words_of(shape: &str) -> usize {
    let wide = shape.chars().filter(|c| is_wide(*c)).count() / 2;
    let is_word = |word: &&str| word.chars().filter(|c| c.is_alphabetic()).count() >= 2;
    wide + shape.split(' ').filter(is_word).count()
}

/// The triples of characters, sorted; of a long text the least by their hash, so that the same are kept
/// of both texts.
fn grams(shape: &str) -> Vec<Term> {
    const MOST: usize = 256;
    let mut bytes = [0; 12];
    let chars: Vec<char> = std::iter::once(' ').chain(shape.chars()).chain([' ']).collect();
    let mut grams: Vec<Term> = chars
        .windows(3)
        .map(|three| {
            let length = three.iter().fold(0, |at, c| at + c.encode_utf8(&mut bytes[at..]).len());
            (hash(&bytes[..length]) >> 32) as Term
        })
        .collect();
    grams.sort_unstable();
    grams.dedup();
    grams.truncate(MOST);
    grams
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(message: &str) -> Signature {
        Signature::new(message, None)
    }

    #[test]
    fn what_varies_is_masked() {
        let shape = |text: &str| shape(text, &quotes(text));
        assert_eq!(shape("No module named 'numpy'."), "no module named §");
        assert_eq!(shape("cannot open /var/log/a.txt: line 12"), "cannot open § line §");
        assert_eq!(shape("overflowed by <N> pixels"), shape("overflowed by 42 pixels"));
        assert_eq!(shape("can't open it"), "cant open it");
        assert_eq!(of("No module named 'X'").shape, of("No module named 'numpy'").shape);
        assert_eq!(of("").shape, None);
        assert_eq!(of("1 2 3 -- 4").shape, None);
    }

    #[test]
    fn codes_and_names_are_told_from_words() {
        let codes = |message: &str| of(message).codes.len();
        for message in [
            "error TS2589: too deep",
            "[Errno 28] full",
            "ERR_MODULE_NOT_FOUND",
            "connect ECONNREFUSED",
            "ORA-00942",
        ] {
            assert_eq!(codes(message), 1, "{message}");
        }
        for message in ["ERROR: out of memory", "UTF-16 text", "received 1048576 bytes"] {
            assert_eq!(codes(message), 0, "{message}");
        }
        assert_eq!(Signature::new("closed", Some("1009")).codes, of("closed with code 1009").codes);
        assert_eq!(of("java.lang.OutOfMemoryError: heap").names, of("OutOfMemoryError").names);
    }

    #[test]
    fn codes_of_one_kind_tell_errors_apart() {
        for (a, b) in
            [("TS2589", "TS2786"), ("1045", "1146"), ("403", "404"), ("0X80070002", "0X80070005")]
        {
            assert_eq!(code_kind(a), code_kind(b), "{a} {b}");
        }
        for (a, b) in
            [("403", "ACCESSDENIED"), ("403", "42501"), ("TS2589", "E0382"), ("ENOENT", "28")]
        {
            assert_ne!(code_kind(a), code_kind(b), "{a} {b}");
        }
    }

    #[test]
    fn claims_are_opposed_only_where_they_differ() {
        let opposed = |a: &str, b: &str| are_opposite(of(a).claims, of(b).claims);
        assert!(opposed("The object no longer exists", "The object still exists"));
        assert!(opposed("too many values", "not enough values"));
        assert!(opposed("the water is safe", "the water is unsafe"));
        assert!(opposed("文件过大", "文件过小"));
        assert!(!opposed("no longer there, still listed", "still listed"));
        assert!(!opposed("too many values", "too many values"));
        assert!(!opposed("already unsafe", "unsafe"));
    }
}
