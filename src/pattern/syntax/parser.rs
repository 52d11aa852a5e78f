//! Alternatives, what follows each other, and quantifiers.

use super::SyntaxError;
use super::{Anchor, Char, Engine, Greed, Kind, MAX_DEPTH, Node, Reading, Repeat, Span, Spelling};

pub(super) type Result<T> = std::result::Result<T, SyntaxError>;

pub(super) struct Parser<'p> {
    pub(super) text: &'p str,
    pub(super) at: usize,
    pub(super) reading: Reading,
    pub(super) depth: usize,
    /// Whether blanks and `#` comments are left out, from here on.
    pub(super) extended: bool,
}

pub(super) const fn error<T>(message: &'static str, span: Span) -> Result<T> {
    Err(SyntaxError { message, span })
}

impl<'p> Parser<'p> {
    pub(super) const fn new(text: &'p str, reading: Reading) -> Self {
        Self { text, at: 0, reading, depth: 0, extended: false }
    }

    pub(super) fn parse(mut self) -> Result<Node> {
        let node = self.alternatives()?;
        if self.at < self.text.len() {
            return error("a parenthesis is closed that was not opened", self.at..self.at + 1);
        }
        Ok(node)
    }

    /// Whether the pattern is read as one of these engines would, or in the widest way.
    pub(super) fn reads_as(&self, engines: &[Engine]) -> bool {
        match self.reading {
            Reading::Widest => true,
            Reading::Of(engine) => engines.contains(&engine),
        }
    }

    /// Whether the pattern is read as one of these engines would and no other.
    pub(super) fn is(&self, engines: &[Engine]) -> bool {
        self.reading != Reading::Widest && self.reads_as(engines)
    }

    pub(super) fn rest(&self) -> &'p str {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub(super) fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    pub(super) fn take(&mut self, what: &str) -> bool {
        let found = self.rest().starts_with(what);
        if found {
            self.at += what.len();
        }
        found
    }

    /// The span of what comes next as long as a test holds, which is taken.
    pub(super) fn take_while(&mut self, test: impl Fn(char) -> bool) -> Span {
        let start = self.at;
        let rest = self.rest();
        self.at += rest.find(|c| !test(c)).unwrap_or(rest.len());
        start..self.at
    }

    pub(super) fn deeper(&mut self, by: usize) -> Result<()> {
        self.depth += by;
        if self.depth > MAX_DEPTH {
            return error("groups or classes stand more than 250 deep", self.at..self.at);
        }
        Ok(())
    }

    /// Alternatives up to the end of the group or of the pattern.
    pub(super) fn alternatives(&mut self) -> Result<Node> {
        let start = self.at;
        let extended = self.extended;
        let mut branches = vec![self.sequence()?];
        while self.take("|") {
            branches.push(self.sequence()?);
        }
        self.extended = extended;
        let span = start..self.at;
        Ok(match branches.pop() {
            Some(only) if branches.is_empty() => only,
            last => {
                branches.extend(last);
                Node::new(Kind::Alternation(branches), span)
            }
        })
    }

    fn sequence(&mut self) -> Result<Node> {
        let start = self.at;
        let mut parts: Vec<Node> = Vec::new();
        loop {
            self.skip_extended();
            let begin = self.at;
            let Some(c) = self.peek() else { break };
            match c {
                '|' | ')' => break,
                '*' | '+' | '?' => self.quantify(&mut parts)?,
                '{' if self.counted().is_some() => self.quantify(&mut parts)?,
                '(' => {
                    let node = self.group()?;
                    parts.push(node);
                }
                '[' => {
                    let class = self.class()?;
                    parts.push(Node::new(Kind::Class(Box::new(class)), begin..self.at));
                }
                '\\' if self.quotes() && self.take("\\Q") => self.quoted(&mut parts),
                '\\' => {
                    let kind = self.escape(false)?;
                    parts.push(Node::new(kind, begin..self.at));
                }
                _ => {
                    self.next();
                    let kind = match c {
                        '.' => Kind::Any,
                        '^' => Kind::Anchor(Anchor::Start),
                        '$' => Kind::Anchor(Anchor::End),
                        _ => Kind::Char(Char { code: c.into(), spelling: Spelling::Plain }),
                    };
                    parts.push(Node::new(kind, begin..self.at));
                }
            }
        }
        let span = start..self.at;
        Ok(match parts.pop() {
            None => Node::new(Kind::Empty, span),
            Some(only) if parts.is_empty() => only,
            last => {
                parts.extend(last);
                Node::new(Kind::Concat(parts), span)
            }
        })
    }

    /// Whether `\Q` quotes here.
    pub(super) fn quotes(&self) -> bool {
        self.reads_as(&[Engine::Pcre2, Engine::Re2, Engine::Java])
    }

    /// What stands between `\Q`, which is taken, and `\E` or the end.
    fn quoted(&mut self, parts: &mut Vec<Node>) {
        parts.push(Node::new(Kind::Empty, self.at - 2..self.at));
        while !self.take("\\E") {
            let begin = self.at;
            let Some(c) = self.next() else { break };
            let quoted = Char { code: c.into(), spelling: Spelling::Quoted };
            parts.push(Node::new(Kind::Char(quoted), begin..self.at));
        }
    }

    /// Blanks and comments that the flag `x` leaves out.
    pub(super) fn skip_extended(&mut self) {
        while self.extended {
            let before = self.at;
            self.take_while(char::is_whitespace);
            if self.take("#") {
                self.take_while(|c| c != '\n');
            }
            if self.at == before {
                break;
            }
        }
    }

    /// The quantifier in braces that comes next: its end, and how often.
    pub(super) fn counted(&self) -> Option<(usize, u32, Option<u32>)> {
        let spaced = self.reads_as(&[Engine::Rust, Engine::Pcre2]);
        let blanks = |text: &'p str| if spaced { text.trim_start_matches(' ') } else { text };
        let number = |text: &'p str| {
            let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
            let (digits, rest) = text.split_at(end);
            // What does not fit is more than any engine takes.
            let value = (end > 0).then(|| digits.parse().unwrap_or(u32::MAX));
            (value, rest)
        };
        let rest = blanks(self.rest().strip_prefix('{')?);
        let (min, rest) = number(rest);
        let rest = blanks(rest);
        let (min, max, rest) = match (min, rest.strip_prefix(',')) {
            (Some(min), None) => (min, Some(min), rest),
            (Some(min), Some(rest)) => {
                let (max, rest) = number(blanks(rest));
                (min, max, blanks(rest))
            }
            (None, Some(rest)) => {
                let (max, rest) = number(blanks(rest));
                let open = max.is_none() || !self.reads_as(&[Engine::Python, Engine::Pcre2]);
                if open && !(self.is(&[Engine::Python]) && rest.starts_with('}')) {
                    return None;
                }
                (0, max, blanks(rest))
            }
            (None, None) => return None,
        };
        let rest = rest.strip_prefix('}')?;
        Some((self.text.len() - rest.len(), min, max))
    }

    /// A quantifier, which is taken, and what it repeats.
    fn quantify(&mut self, parts: &mut Vec<Node>) -> Result<()> {
        let start = self.at;
        let (end, min, max) = match self.peek() {
            Some('*') => (start + 1, 0, None),
            Some('+') => (start + 1, 1, None),
            Some('?') => (start + 1, 0, Some(1)),
            _ => self.counted().unwrap_or((start + 1, 1, Some(1))),
        };
        self.at = end;
        if max.is_some_and(|max| max < min) {
            return error("the least number of times is more than the most", start..end);
        }
        if self.reads_as(&[Engine::Pcre2, Engine::Java]) {
            self.skip_extended();
        }
        let greed = if self.take("?") {
            Greed::Lazy
        } else if self.reads_as(&[Engine::Python, Engine::Pcre2, Engine::Java]) && self.take("+") {
            Greed::Possessive
        } else {
            Greed::Greedy
        };
        let mark = start..self.at;
        // A comment is not there for what follows it, nor is `\E` alone.
        let nothing = |part: &&Node| matches!(part.kind, Kind::Comment | Kind::Empty);
        let passed = parts.iter().rev().take_while(nothing).count();
        let target = parts.len().checked_sub(passed + 1).map(|at| parts.remove(at));
        let counted_in_java = self.is(&[Engine::Java]) && self.text[start..].starts_with('{');
        let body = match target {
            Some(body) if counted_in_java || !matches!(body.kind, Kind::Flags(_)) => body,
            // Java repeats nothing when that is counted.
            None if counted_in_java => Node::new(Kind::Empty, start..start),
            _ => return error("there is nothing to repeat", mark),
        };
        let stacks = self.reads_as(&[Engine::Rust]) || counted_in_java;
        if matches!(body.kind, Kind::Repeat(_)) && !stacks {
            return error("a quantifier cannot be repeated", mark);
        }
        let mut stacked = 0;
        let mut inner = &body;
        while let Kind::Repeat(repeat) = &inner.kind {
            stacked += 1;
            inner = &repeat.body;
            if self.depth + stacked > MAX_DEPTH {
                return error("quantifiers stand more than 250 deep", mark);
            }
        }
        let span = body.span.start..self.at;
        let repeat = Repeat { body, min, max, greed, mark };
        parts.push(Node::new(Kind::Repeat(Box::new(repeat)), span));
        Ok(())
    }
}
