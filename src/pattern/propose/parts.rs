//! What of a signature is the message, and what is this one case of it: numbers, names, paths.
//!
//! One expression knows the shapes; code looks at what stands around them where the shape alone does
//! not tell. Where nothing tells, a part is taken for fixed: a pattern that is too narrow misses a
//! message, one that is too wide finds a wrong one.

use std::ops::Range;
use std::sync::LazyLock;

use regex::{Captures, Match, Regex};

use super::code;
use super::sample;

/// A part of a signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Part {
    /// Where it stands, in bytes.
    pub(super) range: Range<usize>,
    /// What it is.
    pub(super) what: What,
}

/// What a part of a signature is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// The message itself.
    Fixed,
    /// A run of white space.
    Blank,
    /// What differs from one case to the next.
    Varies(Kind),
}

/// What it is that varies, what is the least sure to vary first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// A unit of bytes, as `GiB`.
    Unit,
    /// A version, or another number with points.
    Version,
    /// What stands in quotes.
    Quoted,
    /// The name of a variable, after its `$`.
    Name,
    /// A number.
    Number,
    /// A path, or what follows the scheme of an address on the web.
    Path,
    /// Hexadecimal digits, hyphens between them or not.
    Hex,
    /// A date or a time.
    Time,
    /// An address of the network, maybe with its port.
    Address,
    /// An ellipsis that stands for words.
    Ellipsis,
    /// What the author of the signature wrote for anything: `X`, `<name>`, `foo`.
    Placeholder,
}

impl Kind {
    /// Whether the signature spells out a real case, which a pattern may spell out too.
    pub(super) fn is_real(self) -> bool {
        self < Self::Ellipsis
    }
}

/// Endings of names that are files.
const EXTENSIONS: &str = "aar|c|cc|cfg|cjs|cmake|conf|cpp|cs|css|csv|dll|exe|go|gradle|h|hpp|html|\
    ini|jar|java|js|json|jsx|kt|log|md|mjs|php|py|rb|rs|scala|sh|so|sql|svelte|swift|tf|toml|ts|\
    tsx|txt|vue|whl|xml|ya?ml";

/// The shapes, the more telling one first. ASCII boundaries, because a Chinese character before a
/// number does not make it a word.
static SHAPES: LazyLock<Regex> = LazyLock::new(|| {
    let shapes = [
        r#"(?<quoted>'[^'\r\n]+'|"[^"\r\n]+"|`[^`\r\n]+`|“[^“”\r\n]+”|‘[^‘’\r\n]+’|«[^«»\r\n]+»|「[^「」\r\n]+」)"#,
        r#"(?<url>(?-u:\b)[A-Za-z][A-Za-z0-9+.-]*://[^\s"'`<>()\[\]{},;:]+)"#,
        r"(?<placeholder><[A-Za-z_][A-Za-z0-9_ .-]*>|\$?\{[A-Za-z_][A-Za-z0-9_.-]*\}|%(?:\([A-Za-z_]+\))?[dfiqsuvx](?-u:\b))",
        r"(?<braces>\{[A-Za-z_][A-Za-z0-9_.-]*: [A-Za-z_][A-Za-z0-9_.-]*\})",
        r"(?<ellipsis>\.\.\.|…)",
        r"(?<name>\$[A-Za-z_][A-Za-z0-9_]*)",
        r"(?<time>(?-u:\b)(?:[0-9]{4}[-/][0-9]{2}[-/][0-9]{2}(?:T[0-9:.]+(?:Z|[+-][0-9:]+)?)?|[0-9]{2}:[0-9]{2}:[0-9]{2}(?:[.,][0-9]+)?)(?-u:\b))",
        r"(?<address>(?-u:\b)[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?::[0-9]+)?(?-u:\b)|:::[0-9]+|(?:[0-9a-fA-F]{1,4}:){7}[0-9a-fA-F]{1,4}|(?:[0-9a-fA-F]{1,4}(?::[0-9a-fA-F]{1,4})*)?::(?:[0-9a-fA-F]{1,4}:)*[0-9a-fA-F]{1,4}(?-u:\b))",
        r"(?<uuid>(?-u:\b)[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}(?-u:\b))",
        r"(?<hex>(?-u:\b)0[xX][0-9A-Za-z]+(?-u:\b))",
        r"(?<digest>(?-u:\b)(?:[0-9a-f]{7,}|[0-9A-F]{8,})(?-u:\b))",
        r#"(?<path>(?:~|\.{1,2})?/[\w.@~-][^\s"'`()\[\]{}<>,;:|]*|(?-u:\b)[A-Za-z]:\\[^\s"'`<>,;:|]+|(?-u:\b)[\w.-]+(?:/[\w.-]+)+\.(?:EXTENSIONS)(?-u:\b))"#,
        r"(?<file>(?-u:\b)[\w.-]+\.(?:EXTENSIONS)):[0-9]",
        r"(?<host>(?-u:\b)(?:[\w.+-]+@)?(?:[A-Za-z0-9-]+\.)*example\.(?:com|net|org)(?-u:\b))",
        r"(?<pattern>(?-u:\b)(?:[0-9]+|[NXYZnxyz])(?:\.(?:[0-9]+|[NXYZnxyz*]))*\.[NXYZnxyz*](?:\.[NXYZnxyz*])*(?-u:\b))",
        r"(?<version>(?-u:\b)v?[0-9]+(?:\.[0-9]+)+(?:[+-][0-9A-Za-z.]*[0-9A-Za-z]|(?:a|b|rc|post|dev)[0-9]+)(?-u:\b)|(?-u:\b)v[0-9]+(?:\.[0-9]+)+(?-u:\b))",
        r"(?<number>-?[0-9]+(?:,[0-9]{3}(?-u:\b))*(?:\.[0-9]+)*)(?<glued>%|[\p{Latin}µ_][\p{Latin}µ_0-9]*)?",
        r"(?<sample>(?-u:\b)(?:(?i:my|your)[-_][A-Za-z0-9_-]*[A-Za-z0-9]|(?:module|package|pkg)_[a-z](?-u:\b)))",
        r"(?<word>[\p{L}\p{M}_&&[^\p{Han}]][\p{L}\p{M}\p{N}_&&[^\p{Han}]]*)(?:(?<digits>-[0-9]+)(?-u:\b))?",
        r"(?<blank>\s+)",
    ];
    let all = shapes.join("|").replace("EXTENSIONS", EXTENSIONS);
    Regex::new(&all).expect("a pattern that a test compiles")
});

/// Splits a signature. The parts are in order and leave nothing out.
pub(super) fn split(text: &str) -> Vec<Part> {
    let mut splitter = Splitter { text, at: 0, parts: Vec::new(), closing: None, code_end: None };
    while let Some(found) = SHAPES.captures_at(text, splitter.at) {
        let whole = found.get_match();
        splitter.fixed_until(whole.start());
        if splitter.take(&found).is_none() {
            // It only looks like one: its first character, or word, is part of the message.
            let word = whole.as_str().find(|c: char| !c.is_alphanumeric()).filter(|end| *end > 0);
            let first = || whole.as_str().chars().next().map_or(1, char::len_utf8);
            splitter.fixed_until(whole.start() + word.unwrap_or_else(first));
        }
    }
    splitter.fixed_until(text.len());
    join_neighbours(splitter.parts)
}

struct Splitter<'t> {
    text: &'t str,
    /// Up to here it is split.
    at: usize,
    parts: Vec<Part>,
    /// Where the quote closes that a phrase stands in.
    closing: Option<usize>,
    /// Where the last number ends that names the error.
    code_end: Option<usize>,
}

impl<'t> Splitter<'t> {
    fn before(&self, at: usize) -> Option<char> {
        self.text[..at].chars().next_back()
    }

    fn after(&self, at: usize) -> Option<char> {
        self.text[at..].chars().next()
    }

    fn push(&mut self, end: usize, what: What) {
        if end <= self.at {
            return;
        }
        match self.parts.last_mut() {
            Some(last) if last.what == What::Fixed && what == What::Fixed => last.range.end = end,
            _ => self.parts.push(Part { range: self.at..end, what }),
        }
        self.at = end;
    }

    fn fixed_until(&mut self, end: usize) {
        self.push(end, What::Fixed);
    }

    fn varies_until(&mut self, end: usize, kind: Kind) {
        self.push(end, What::Varies(kind));
    }

    /// Takes a shape; `None` if what stands around it tells that it is none.
    fn take(&mut self, found: &Captures<'t>) -> Option<()> {
        let is = |name: &str| found.name(name);
        if let Some(blank) = is("blank") {
            self.push(blank.end(), What::Blank);
        } else if let Some(word) = is("word") {
            self.word(word, is("digits"));
        } else if let Some(number) = is("number") {
            self.number(number, is("glued"));
        } else if let Some(quoted) = is("quoted") {
            self.quoted(quoted)?;
        } else if let Some(path) = is("path") {
            self.path(path)?;
        } else if let Some(digest) = is("digest") {
            self.digest(digest);
        } else if let Some(ellipsis) = is("ellipsis") {
            self.ellipsis(ellipsis)?;
        } else if let Some(address) = is("address") {
            self.address(address)?;
        } else if let Some(url) = is("url") {
            self.url(url);
        } else if let Some(name) = is("name") {
            // Every system has these; other names are one program's.
            if !matches!(name.as_str(), "$PATH" | "$HOME") {
                self.fixed_until(name.start() + 1);
                self.varies_until(name.end(), Kind::Name);
            }
            self.fixed_until(name.end());
        } else if let Some(hex) = is("hex") {
            if !code::is_code(self.text, hex.range(), self.code_end) {
                self.fixed_until(hex.start() + 2);
                self.varies_until(hex.end(), Kind::Hex);
            }
            self.fixed_until(hex.end());
        } else if let Some(braces) = is("braces") {
            self.fixed_until(braces.start() + 1);
            self.varies_until(braces.end() - 1, Kind::Placeholder);
            self.fixed_until(braces.end());
        } else if let Some(version) = is("version") {
            let digits = version.as_str().trim_start_matches('v').len();
            self.fixed_until(version.end() - digits);
            self.varies_until(version.end(), Kind::Version);
        } else {
            let shapes = [
                ("placeholder", Kind::Placeholder),
                ("pattern", Kind::Placeholder),
                ("sample", Kind::Placeholder),
                ("host", Kind::Placeholder),
                ("file", Kind::Path),
                ("uuid", Kind::Hex),
                ("time", Kind::Time),
            ];
            let (shape, kind) = shapes.iter().find_map(|(name, kind)| Some((is(name)?, *kind)))?;
            self.varies_until(shape.end(), kind);
        }
        Some(())
    }

    fn word(&mut self, word: Match<'t>, digits: Option<Match<'t>>) {
        let text = word.as_str();
        let around = (&self.text[..word.start()], &self.text[word.end()..]);
        if sample::is_byte_unit(text) && self.follows_amount() {
            self.varies_until(word.end(), Kind::Unit);
        } else if sample::is_word(text, around) {
            self.varies_until(word.end(), Kind::Placeholder);
        } else {
            self.fixed_until(word.end() - sample::tail(text));
            self.varies_until(word.end(), Kind::Placeholder);
        }
        if let Some(digits) = digits {
            // `UTF-8` and `ORA-00001` are names, `worker-3` is the third of many.
            if !code::names_with_number(text) {
                self.fixed_until(digits.start() + 1);
                self.varies_until(digits.end(), Kind::Number);
            }
            self.fixed_until(digits.end());
        }
    }

    /// Whether an amount and a blank were the last parts.
    fn follows_amount(&self) -> bool {
        let amount = |part: &Part| {
            matches!(part.what, What::Varies(Kind::Number | Kind::Version | Kind::Placeholder))
        };
        match self.parts.as_slice() {
            [.., amount_part, blank] => blank.what == What::Blank && amount(amount_part),
            _ => false,
        }
    }

    fn number(&mut self, number: Match<'t>, glued: Option<Match<'t>>) {
        let mut range = number.range();
        // Digits in groups stand alone; what is in brackets is a list.
        let comma = number.as_str().find(',').map(|at| number.start() + at);
        let in_list = comma.filter(|_| !self.before(range.start).is_none_or(char::is_whitespace));
        let glued = glued.filter(|_| in_list.is_none());
        range.end = in_list.unwrap_or(range.end);
        let joined = self.before(range.start).is_some_and(|c| c.is_alphanumeric() || c == ')');
        if joined && number.as_str().starts_with('-') {
            range.start += 1;
            self.fixed_until(range.start);
        }
        let end = glued.map_or(range.end, |glued| glued.end());
        let unit = glued.map_or("", |glued| glued.as_str());
        let digits = &self.text[range.clone()];
        // `2xx`, `3D` and `64-bit` are words.
        let is_word = !unit.is_empty() && !sample::is_unit(unit, digits)
            || unit.is_empty() && code::is_compound(&self.text[range.end..]);
        if is_word {
            self.fixed_until(end);
        } else if code::is_code(self.text, range.clone(), self.code_end) {
            self.code_end = Some(range.end);
            self.fixed_until(end);
        } else {
            let whole = !digits.contains('.') || !unit.is_empty();
            self.varies_until(range.end, if whole { Kind::Number } else { Kind::Version });
            if sample::is_byte_unit(unit) {
                self.varies_until(end, Kind::Unit);
            }
            self.fixed_until(end);
        }
    }

    fn ellipsis(&mut self, ellipsis: Match<'t>) -> Option<()> {
        let alone = |c: Option<char>| c.is_none_or(|c| c.is_whitespace() || "()[]{}".contains(c));
        let stands_alone =
            alone(self.before(ellipsis.start())) && alone(self.after(ellipsis.end()));
        stands_alone.then(|| self.varies_until(ellipsis.end(), Kind::Ellipsis))
    }

    fn address(&mut self, address: Match<'t>) -> Option<()> {
        let text = address.as_str();
        let joined = |c: char| c.is_alphanumeric() || c == '_';
        let is_none = !text.contains(|c: char| c.is_ascii_digit())
            || self.before(address.start()).is_some_and(joined)
            || self.after(address.end()).is_some_and(|c| c.is_ascii_alphanumeric() || c == '_');
        if is_none {
            return None;
        }
        // Where every cloud answers for its metadata.
        if text == "169.254.169.254" {
            self.fixed_until(address.end());
        }
        self.varies_until(address.end(), Kind::Address);
        Some(())
    }

    fn digest(&mut self, digest: Match<'t>) {
        let text = digest.as_str();
        let letters = text.bytes().any(|byte| byte.is_ascii_alphabetic());
        let digits = text.bytes().any(|byte| byte.is_ascii_digit());
        if !digits {
            self.fixed_until(digest.end());
        } else if code::is_code(self.text, digest.range(), self.code_end) {
            self.code_end = Some(digest.end());
            self.fixed_until(digest.end());
        } else if letters {
            self.varies_until(digest.end(), Kind::Hex);
        } else {
            // Decimals may follow.
            let rest = &self.text[digest.end()..];
            let more = rest
                .strip_prefix('.')
                .map_or(0, |rest| rest.bytes().take_while(u8::is_ascii_digit).count());
            let end = digest.end() + if more > 0 { more + 1 } else { 0 };
            self.varies_until(end, Kind::Number);
        }
    }

    fn quoted(&mut self, quoted: Match<'t>) -> Option<()> {
        let text = quoted.as_str();
        let open = text.chars().next().map_or(1, char::len_utf8);
        let close = text.chars().next_back().map_or(1, char::len_utf8);
        let inside = quoted.start() + open..quoted.end() - close;
        let content = &self.text[inside.clone()];
        let alphanumeric = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        let is_ascii = open == 1;
        // An apostrophe, a closing quote, or an inch.
        let is_none = is_ascii
            && (alphanumeric(self.before(quoted.start()))
                || alphanumeric(self.after(quoted.end())))
            || content.trim() != content
            || self.closing == Some(quoted.start());
        if is_none {
            return None;
        }
        // A key of JSON is as fixed as a word.
        let is_key = self.text[..quoted.start()].trim_end().ends_with(['{', ','])
            && self.text[quoted.end()..].starts_with(':');
        let is_code = content.bytes().all(|byte| byte.is_ascii_digit())
            && code::is_code(self.text, inside.clone(), self.code_end);
        if sample::is_phrase(content) {
            // Words of the message: what varies among them is found on the way.
            self.closing = Some(inside.end);
            self.fixed_until(inside.start);
        } else if is_key || is_code {
            self.fixed_until(quoted.end());
        } else {
            self.fixed_until(inside.start);
            let kind = if sample::is_name(content) { Kind::Placeholder } else { Kind::Quoted };
            self.varies_until(inside.end, kind);
            self.fixed_until(quoted.end());
        }
        Some(())
    }

    fn path(&mut self, path: Match<'t>) -> Option<()> {
        let joined = |c: char| c.is_alphanumeric() || "_<)]}*".contains(c);
        if self.before(path.start()).is_some_and(joined) {
            return None;
        }
        let text = path.as_str().trim_end_matches(['.', '!', '?']);
        // That it begins at the root does not vary.
        self.fixed_until(path.start() + usize::from(text.starts_with('/')));
        self.varies_until(path.start() + text.len(), Kind::Path);
        Some(())
    }

    fn url(&mut self, url: Match<'t>) {
        let text = url.as_str().trim_end_matches(['.', '!', '?']);
        let end = url.start() + text.len();
        let host = url.start() + text.find("://").map_or(0, |at| at + 3);
        // Where the message sends its reader is the same for all.
        let word = code::word_before(&self.text[..url.start()]).to_lowercase();
        if !matches!(word.as_str(), "see" | "more" | "visit" | "info" | "details" | "docs") {
            self.fixed_until(host);
            self.varies_until(end, Kind::Path);
        }
        self.fixed_until(end);
    }
}

/// Makes one part of two that vary and touch, so that only one class has to find its end. A unit
/// has no end to find.
fn join_neighbours(parts: Vec<Part>) -> Vec<Part> {
    let mut joined: Vec<Part> = Vec::with_capacity(parts.len());
    for part in parts {
        match (joined.last_mut(), part.what) {
            (Some(Part { range, what: What::Varies(last) }), What::Varies(kind))
                if kind != Kind::Unit =>
            {
                range.end = part.range.end;
                *last =
                    if last.is_real() && kind.is_real() { Kind::Path } else { Kind::Placeholder };
            }
            _ => joined.push(part),
        }
    }
    joined
}
