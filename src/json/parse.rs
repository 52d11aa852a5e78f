//! The strict parser: RFC 8259, nothing more.

use super::help::help_for;
use super::{DuplicateKey, Kind, NodeData, Tree, strings};
use crate::source::Span;
use crate::visible::{self, is_invisible, is_other_blank, is_unsafe_to_show};

/// How deep arrays and objects may nest. An entry needs 5.
pub const MAX_DEPTH: usize = 128;

/// Why a text is not JSON, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// What is wrong, without a full stop.
    pub message: String,
    /// What stands in the way.
    pub span: Span,
    /// A second place that explains the first, such as the bracket that was never closed.
    pub related: Option<(Span, String)>,
    /// What to do.
    pub help: Option<&'static str>,
}

impl SyntaxError {
    fn new(message: impl Into<String>, start: usize, end: usize) -> Box<Self> {
        Box::new(Self {
            message: message.into(),
            span: Span::new(start, end),
            related: None,
            help: None,
        })
    }

    fn help(mut self: Box<Self>, help: &'static str) -> Box<Self> {
        self.help = Some(help);
        self
    }

    fn related(mut self: Box<Self>, at: usize, text: &str) -> Box<Self> {
        self.related = Some((Span::new(at, at + 1), text.to_owned()));
        self
    }
}

type Parsed<T = ()> = Result<T, Box<SyntaxError>>;

/// Parses a text. Stops at the first fault: what follows a syntax error is guesswork.
pub fn parse(text: &str) -> Result<Tree, Box<SyntaxError>> {
    parse_from(text, 0)
}

/// Parses what follows the first `start` bytes of a text; places count from the text's beginning.
pub fn parse_from(text: &str, start: usize) -> Result<Tree, Box<SyntaxError>> {
    let mut parser = Parser {
        bytes: text.as_bytes(),
        at: start,
        depth: 0,
        // An entry has a node every 16 bytes or so.
        tree: Tree {
            nodes: Vec::with_capacity(text.len().saturating_sub(start) / 16 + 4),
            duplicates: Vec::new(),
        },
    };
    parser.blanks();
    if parser.peek().is_none() {
        return Err(SyntaxError::new("the file is empty", 0, text.len())
            .help("an entry is one JSON object"));
    }
    parser.value()?;
    parser.blanks();
    if parser.peek().is_some() {
        let error = parser.unexpected("the end of the file");
        return Err(match error.help {
            Some(_) => error,
            None => error.help("a file holds one JSON value"),
        });
    }
    // They were found as their objects closed, the inner ones first.
    parser.tree.duplicates.sort_unstable_by_key(|duplicate| duplicate.second);
    Ok(parser.tree)
}

struct Parser<'t> {
    bytes: &'t [u8],
    at: usize,
    depth: usize,
    tree: Tree,
}

impl Parser<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn blanks(&mut self) {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.peek() {
            self.at += 1;
        }
    }

    fn push(&mut self, kind: Kind, start: usize) {
        let next = self.index() + 1;
        let span = Span::new(start, self.at);
        self.tree.nodes.push(NodeData {
            kind,
            escaped: false,
            shadowed: false,
            span,
            next,
            len: 0,
        });
    }

    fn index(&self) -> u32 {
        u32::try_from(self.tree.nodes.len()).unwrap_or(u32::MAX)
    }

    fn value(&mut self) -> Parsed {
        match self.peek() {
            Some(b'"') => self.string(),
            Some(b'{') => self.container(Kind::Object),
            Some(b'[') => self.container(Kind::Array),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.word("true", Kind::True),
            Some(b'f') => self.word("false", Kind::False),
            Some(b'n') => self.word("null", Kind::Null),
            _ => Err(self.unexpected("a value")),
        }
    }

    fn word(&mut self, word: &str, kind: Kind) -> Parsed {
        let start = self.at;
        if !self.bytes[start..].starts_with(word.as_bytes()) {
            return Err(self.unexpected("a value"));
        }
        self.at += word.len();
        self.push(kind, start);
        Ok(())
    }

    fn container(&mut self, kind: Kind) -> Parsed {
        let (start, index) = (self.at, self.tree.nodes.len());
        let close = if kind == Kind::Object { b'}' } else { b']' };
        if self.depth == MAX_DEPTH {
            return Err(SyntaxError::new(
                format!("brackets nest deeper than {MAX_DEPTH} levels"),
                start,
                start + 1,
            )
            .help("an entry needs 5 levels; is this the right file?"));
        }
        self.depth += 1;
        self.at += 1;
        self.push(kind, start);
        let mut len = 0;
        self.blanks();
        if self.peek() == Some(close) {
            self.at += 1;
        } else {
            loop {
                if kind == Kind::Object {
                    self.member()?;
                } else {
                    self.value()?;
                }
                len += 1;
                self.blanks();
                match self.peek() {
                    Some(b',') => {
                        let comma = self.at;
                        self.at += 1;
                        self.blanks();
                        if matches!(self.peek(), Some(b'}' | b']')) {
                            return Err(SyntaxError::new(
                                "a comma with nothing after it",
                                comma,
                                comma + 1,
                            )
                            .help("remove the comma"));
                        }
                    }
                    Some(b) if b == close => {
                        self.at += 1;
                        break;
                    }
                    _ => return Err(self.unclosed(kind, start)),
                }
            }
        }
        let next = self.index();
        let node = &mut self.tree.nodes[index];
        (node.next, node.len, node.span.end) = (next, len, Span::new(0, self.at).end);
        self.depth -= 1;
        if kind == Kind::Object {
            self.find_duplicates(index);
        }
        Ok(())
    }

    fn unclosed(&self, kind: Kind, start: usize) -> Box<SyntaxError> {
        let (what, close) = if kind == Kind::Object { ("object", '}') } else { ("array", ']') };
        let error = self.unexpected(&format!("`,` or `{close}`"));
        let error = match self.peek() {
            Some(b'"' | b'{' | b'[' | b'0'..=b'9' | b'-' | b't' | b'f' | b'n') => {
                error.help("is a comma missing before this?")
            }
            _ => error,
        };
        error.related(start, &format!("the {what} that begins here is not closed"))
    }

    fn member(&mut self) -> Parsed {
        if self.peek() != Some(b'"') {
            return Err(self.unexpected("a key in double quotes"));
        }
        self.string()?;
        self.blanks();
        if self.peek() != Some(b':') {
            return Err(self.unexpected("`:` after the key"));
        }
        self.at += 1;
        self.blanks();
        self.value()
    }

    fn number(&mut self) -> Parsed {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        let leading = self.at;
        let whole = self.digits();
        if whole > 1 && self.bytes[leading] == b'0' {
            return Err(SyntaxError::new("a number with a leading zero", start, self.at)
                .help("JSON writes 7, not 07"));
        }
        let mut complete = whole > 0;
        let mut wide = whole > 300;
        if complete && self.peek() == Some(b'.') {
            self.at += 1;
            complete = self.digits() > 0;
        }
        if complete && let Some(b'e' | b'E') = self.peek() {
            self.at += 1;
            if let Some(b'+' | b'-') = self.peek() {
                self.at += 1;
            }
            complete = self.digits() > 0;
            wide = true;
        }
        if !complete {
            return Err(self.unexpected("a digit"));
        }
        if wide {
            let digits = std::str::from_utf8(&self.bytes[start..self.at]).unwrap_or_default();
            if !digits.parse::<f64>().is_ok_and(f64::is_finite) {
                return Err(SyntaxError::new("a number out of range", start, self.at)
                    .help("most readers keep numbers as 64-bit floats, up to about 1.8e308"));
            }
        }
        self.push(Kind::Number, start);
        Ok(())
    }

    fn digits(&mut self) -> usize {
        let start = self.at;
        while let Some(b'0'..=b'9') = self.peek() {
            self.at += 1;
        }
        self.at - start
    }

    fn string(&mut self) -> Parsed {
        let start = self.at;
        let mut escaped = false;
        self.at += 1;
        loop {
            self.at += strings::plain_run(&self.bytes[self.at..]);
            match self.peek() {
                Some(b'"') => break,
                Some(b'\\') => {
                    escaped = true;
                    self.escape()?;
                }
                Some(byte) => {
                    let help = match byte {
                        b'\n' | b'\r' => {
                            "write a line break as \\n; or is the closing quote missing?"
                        }
                        b'\t' => "write a tab as \\t",
                        _ => "write a control character as \\u and four hex digits",
                    };
                    return Err(SyntaxError::new(
                        format!("a raw control character (U+{byte:04X}) in a string"),
                        self.at,
                        self.at + 1,
                    )
                    .help(help)
                    .related(start, "the string begins here"));
                }
                None => {
                    return Err(SyntaxError::new(
                        "the file ends within a string",
                        self.at,
                        self.at,
                    )
                    .related(start, "the string begins here"));
                }
            }
        }
        self.at += 1;
        self.push(Kind::String, start);
        if let Some(node) = self.tree.nodes.last_mut() {
            node.escaped = escaped;
        }
        Ok(())
    }

    /// Steps over one escape sequence, or over the two of a surrogate pair.
    fn escape(&mut self) -> Parsed {
        let start = self.at;
        match self.bytes.get(start + 1) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => self.at += 2,
            Some(b'u') => {
                let unit = self.unit(start)?;
                self.at += 6;
                if (0xd800..0xdc00).contains(&unit) {
                    let low = if self.bytes[self.at..].starts_with(b"\\u") {
                        self.unit(self.at)?
                    } else {
                        0
                    };
                    if !(0xdc00..0xe000).contains(&low) {
                        return Err(lone_surrogate(start));
                    }
                    self.at += 6;
                } else if (0xdc00..0xe000).contains(&unit) {
                    return Err(lone_surrogate(start));
                }
            }
            Some(byte) => {
                let mut end = start + 2;
                while end < self.bytes.len() && self.bytes[end] & 0xc0 == 0x80 {
                    end += 1;
                }
                let error = SyntaxError::new("an escape that JSON does not have", start, end);
                return Err(if *byte == b'x' {
                    error.help("write \\u00 and two hex digits")
                } else {
                    error
                        .help("a backslash in a text is written \\\\, in a pattern too: \"\\\\d+\"")
                });
            }
            None => {
                return Err(SyntaxError::new(
                    "the file ends within a string",
                    start + 1,
                    start + 1,
                ));
            }
        }
        Ok(())
    }

    /// The code unit of the `\uXXXX` at a place.
    fn unit(&self, start: usize) -> Parsed<u16> {
        let digits = self.bytes.get(start + 2..start + 6).unwrap_or_default();
        let hex = digits.len() == 4 && digits.iter().all(u8::is_ascii_hexdigit);
        let unit = std::str::from_utf8(digits).ok().and_then(|d| u16::from_str_radix(d, 16).ok());
        match unit {
            Some(unit) if hex => Ok(unit),
            _ => Err(SyntaxError::new("`\\u` without four hex digits", start, start + 2)),
        }
    }

    /// Notes the keys of the object at `index` that occur twice.
    fn find_duplicates(&mut self, index: usize) {
        /// Up to here comparing each key with each costs less than hashing them.
        const FEW: u32 = 40;
        let nodes = &self.tree.nodes;
        let key_bytes = |at: usize| {
            let span = nodes[at].span;
            &self.bytes[span.start as usize + 1..span.end as usize - 1]
        };
        let (len, mut keys, mut at) = (nodes[index].len, Vec::new(), index + 1);
        if len < 2 {
            return;
        }
        keys.reserve(len as usize);
        let mut escaped = false;
        for _ in 0..len {
            escaped |= nodes[at].escaped;
            keys.push(at);
            at = nodes[at + 1].next as usize;
        }
        let mut found = Vec::new();
        if len <= FEW && !escaped {
            for (place, &second) in keys.iter().enumerate().skip(1) {
                let bytes = key_bytes(second);
                let same = |first: &&usize| {
                    let span = nodes[**first].span;
                    (span.end - span.start) as usize == bytes.len() + 2
                        && key_bytes(**first) == bytes
                };
                found.extend(keys[..place].iter().rev().find(same).map(|&first| (first, second)));
            }
        } else {
            let mut seen = std::collections::HashMap::with_capacity(keys.len());
            for &second in &keys {
                let text = String::from_utf8_lossy(key_bytes(second));
                let text =
                    if nodes[second].escaped { strings::unescape(&text).into() } else { text };
                found.extend(seen.insert(text, second).map(|first| (first, second)));
            }
        }
        let index = Span::new(index, index).start;
        for (first, second) in found {
            self.tree.nodes[first + 1].shadowed = true;
            let (first, second) = (self.tree.nodes[first].span, self.tree.nodes[second].span);
            self.tree.duplicates.push(DuplicateKey { first, second, object: index });
        }
    }

    /// The error for what stands at the current place where something else should.
    fn unexpected(&self, wanted: &str) -> Box<SyntaxError> {
        let rest = &self.bytes[self.at..];
        let Some(&first) = rest.first() else {
            return SyntaxError::new(
                format!("the file ends where {wanted} should be"),
                self.at,
                self.at,
            );
        };
        let word = rest.iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'_').count();
        let len = if word > 0 { word } else { utf8_len(first) }.min(rest.len());
        let shown = String::from_utf8_lossy(&rest[..len]);
        let c = shown.chars().next().unwrap_or_default();
        let is_hidden = is_invisible(c) || is_other_blank(c) || is_unsafe_to_show(c);
        let found = if is_hidden { visible::code_point(c) } else { visible::quote(&shown) };
        let error =
            SyntaxError::new(format!("expected {wanted}, found {found}"), self.at, self.at + len);
        match help_for(&shown, rest) {
            Some(help) => error.help(help),
            None if is_other_blank(c) => error.help("write a plain blank"),
            None if is_hidden => error.help("remove it"),
            None if word > 0 && wanted.starts_with("a key") => {
                error.help("put the key in double quotes")
            }
            None => error,
        }
    }
}

fn lone_surrogate(start: usize) -> Box<SyntaxError> {
    SyntaxError::new("half of a surrogate pair", start, start + 6)
        .help("write the character itself, or both halves: \\ud83d\\ude00")
}

fn utf8_len(first: u8) -> usize {
    match first {
        0xf0.. => 4,
        0xe0.. => 3,
        0xc0.. => 2,
        _ => 1,
    }
}
