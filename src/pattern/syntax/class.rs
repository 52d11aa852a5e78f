//! Classes in brackets.

use super::parser::{Parser, Result, error};
use super::{Char, Class, Engine, Item, ItemKind, Kind, Spelling};

use Engine::{Java, JavaScript, JavaScriptU, JavaScriptV, Pcre2, Re2, Rust};

impl Parser<'_> {
    /// Whether a bracket within a class opens another.
    fn nests(&self) -> bool {
        self.reads_as(&[Rust, JavaScriptV, Java])
    }

    /// A class, of which the opening bracket comes next.
    pub(super) fn class(&mut self) -> Result<Class> {
        let start = self.at;
        self.deeper(1)?;
        self.next();
        // The end of a quotation that was not begun is nothing to PCRE2.
        while self.is(&[Pcre2]) && self.take("\\E") {}
        let negated = self.take("^");
        let mut first = self.at;
        let mut items: Vec<Item> = Vec::new();
        let empty_is_a_class = self.is(&[JavaScript, JavaScriptU, JavaScriptV]);
        loop {
            if self.extended && self.reads_as(&[Rust, Java]) {
                self.skip_extended();
            }
            let begin = self.at;
            match self.peek() {
                None => return error("a class is not closed", start..start + 1),
                Some(']') if begin > first || empty_is_a_class => {
                    self.next();
                    break;
                }
                Some('\\') if self.quotes() && !self.is(&[Re2]) && self.take("\\Q") => {
                    while !self.rest().is_empty() && !self.take("\\E") {
                        let at = self.at;
                        if let Some(c) = self.next() {
                            let quoted = Char { code: c.into(), spelling: Spelling::Quoted };
                            let kind = ItemKind::Piece(Kind::Char(quoted));
                            items.push(Item { kind, span: at..self.at });
                        }
                    }
                    continue;
                }
                Some('\\') if self.reads_as(&[Pcre2]) && self.take("\\E") => {
                    if begin == first {
                        first = self.at;
                    }
                    continue;
                }
                Some('&' | '-' | '~') if self.operator(&mut items) => continue,
                _ => {}
            }
            let item = self.item()?;
            if self.rest().starts_with('-') && self.is_range(&item) {
                self.next();
                // A bracket that ends a range opens nothing for `regex`.
                let end = if self.is(&[Rust]) && self.peek() == Some('[') {
                    let start = self.at;
                    Item { kind: self.plain(), span: start..self.at }
                } else {
                    self.item()?
                };
                let span = begin..self.at;
                self.check_order(&item, &end)?;
                items.push(Item { kind: ItemKind::Range(Box::new((item, end))), span });
            } else {
                items.push(item);
            }
        }
        self.depth -= 1;
        Ok(Class { negated, items })
    }

    /// An operator between sets, where the reading has any.
    fn operator(&mut self, items: &mut Vec<Item>) -> bool {
        let start = self.at;
        let found = (self.nests() && self.take("&&"))
            || (self.reads_as(&[Rust, JavaScriptV]) && self.take("--"))
            || (self.reads_as(&[Rust]) && self.take("~~"));
        if found {
            let operator = char::from(self.text.as_bytes()[start]);
            items.push(Item { kind: ItemKind::Operator(operator), span: start..self.at });
        }
        found
    }

    /// Whether the `-` that comes next makes a range that begins with this item.
    fn is_range(&self, item: &Item) -> bool {
        let mut after = self.rest().get(1..).unwrap_or_default();
        if self.is(&[Pcre2]) {
            after = after.trim_start_matches("\\E");
        }
        if after.starts_with(']') || after.is_empty() {
            return false;
        }
        if self.reads_as(&[Rust, JavaScriptV]) && after.starts_with('-') {
            return false;
        }
        if after.starts_with('[') && self.is(&[Java, JavaScriptV]) {
            return false;
        }
        let is_char = matches!(item.kind, ItemKind::Piece(Kind::Char(_)));
        is_char || self.is(&[JavaScript, JavaScriptU, super::Engine::Python, Pcre2])
    }

    fn check_order(&self, start: &Item, end: &Item) -> Result<()> {
        let code = |item: &Item| match &item.kind {
            ItemKind::Piece(Kind::Char(Char { code, spelling })) => {
                let known = *spelling != Spelling::Broken || self.is(&[JavaScript]);
                (known && *code != u32::MAX).then_some(*code)
            }
            _ => None,
        };
        if let (Some(low), Some(high)) = (code(start), code(end)) {
            // A character beyond U+FFFF is two to JavaScript without a flag.
            let halves = self.is(&[JavaScript]);
            let half = |code: u32, low: bool| match code {
                0x1_0000.. if halves && low => 0xdc00 + (code & 0x3ff),
                0x1_0000.. if halves => 0xd800 + ((code - 0x1_0000) >> 10),
                _ => code,
            };
            if half(low, true) > half(high, false) {
                let message = "a range begins after its end";
                return error(message, start.span.start..end.span.end);
            }
        }
        Ok(())
    }

    /// One piece of a class, or one end of a range.
    fn item(&mut self) -> Result<Item> {
        let start = self.at;
        let kind = match self.peek() {
            None => return error("a class is not closed", start..start),
            Some('\\') if self.reads_as(&[JavaScriptV]) && self.take("\\q{") => {
                self.take_while(|c| c != '}' && c != ']');
                if !self.take("}") {
                    return error("strings in a class are not closed", start..start + 3);
                }
                ItemKind::Strings
            }
            Some('\\') => ItemKind::Piece(self.escape(true)?),
            Some('[') => match self.posix() {
                Some(posix) => posix,
                None if self.nests() => ItemKind::Nested(self.class()?),
                None => self.plain(),
            },
            Some(_) => self.plain(),
        };
        Ok(Item { kind, span: start..self.at })
    }

    fn plain(&mut self) -> ItemKind {
        let code = self.next().map_or(u32::MAX, u32::from);
        ItemKind::Piece(Kind::Char(Char { code, spelling: Spelling::Plain }))
    }

    /// `[:alpha:]`
    fn posix(&mut self) -> Option<ItemKind> {
        let start = self.at;
        if self.reads_as(&[Rust, Pcre2, Re2]) && self.take("[:") {
            let negated = self.take("^");
            let name = self.take_while(|c| c.is_ascii_alphabetic());
            if self.take(":]") {
                return Some(ItemKind::Posix { name, negated });
            }
            self.at = start;
        }
        None
    }
}
