//! What begins with a backslash.

use super::parser::{Parser, Result, error};
use super::{Anchor, Braces, Char, Engine, Kind, Property, Reference, Spelling};

use Engine::{Java, JavaScript, JavaScriptU, JavaScriptV, Pcre2, Python, Re2, Rust};

impl Parser<'_> {
    /// An escape. In a class there are no anchors and no back-references.
    pub(super) fn escape(&mut self, in_class: bool) -> Result<Kind> {
        let start = self.at;
        self.next();
        let Some(c) = self.peek() else {
            return error("a backslash stands at the end", start..self.at);
        };
        self.next();
        let plain_javascript = self.is(&[JavaScript]);
        Ok(match c {
            'd' | 'D' | 's' | 'S' | 'w' | 'W' => Kind::Shorthand(c),
            'n' => letter('\n'),
            't' => letter('\t'),
            'r' => letter('\r'),
            'f' => letter('\x0c'),
            'v' if self.reads_as(&[Pcre2, Java]) => Kind::Shorthand(c),
            'v' => letter('\x0b'),
            'b' if in_class => letter('\x08'),
            'b' => self.boundary(),
            'B' if !in_class => Kind::Anchor(Anchor::Escape(c)),
            '<' | '>' if !in_class && self.reads_as(&[Rust]) => Kind::Anchor(Anchor::Escape(c)),
            'x' => self.hex(),
            'u' => self.unicode(),
            'c' => self.control(in_class),
            '0' => self.octal(start),
            '1'..='9' => self.number(start, in_class),
            'k' if !in_class => self.named_reference(),
            // The other letters stand for themselves in JavaScript.
            _ if plain_javascript => identity(c),
            'p' | 'P' => self.property(),
            'a' => letter('\x07'),
            'e' => letter('\x1b'),
            'A' | 'z' | 'Z' | 'G' if !in_class => Kind::Anchor(Anchor::Escape(c)),
            'N' if self.is(&[Pcre2]) && self.counted().is_some() => Kind::Shorthand(c),
            'N' if self.peek() == Some('{') => self.named_char(),
            'h' | 'H' | 'V' | 'R' | 'X' | 'K' | 'C' | 'N' => Kind::Shorthand(c),
            'U' if self.reads_as(&[Python, Rust]) => self.unicode_long(),
            'o' if self.reads_as(&[Pcre2]) && self.take("{") => {
                let digits = self.take_while(|c| c.is_ascii_digit());
                self.closed(digits, 8, Spelling::OctalBraced)
            }
            'g' if self.reads_as(&[Pcre2]) && !in_class => self.other_reference(),
            'E' if self.quotes() => Kind::Empty,
            _ => identity(c),
        })
    }

    fn boundary(&mut self) -> Kind {
        let named = if self.is(&[Java]) { &["{g}"][..] } else { &BOUNDARIES };
        if self.reads_as(&[Rust, Java]) && named.iter().any(|name| self.take(name)) {
            return Kind::Anchor(Anchor::NamedBoundary);
        }
        Kind::Anchor(Anchor::Escape('b'))
    }

    /// After `\x`.
    fn hex(&mut self) -> Kind {
        if self.reads_as(&[Rust, Pcre2, Re2, Java]) && self.take("{") {
            let digits = self.take_while(|c| c.is_ascii_hexdigit());
            return self.closed(digits, 16, Spelling::HexBraced);
        }
        self.digits(2, Spelling::Hex, 'x')
    }

    /// After `\u`.
    fn unicode(&mut self) -> Kind {
        if self.reads_as(&[Rust, JavaScriptU, JavaScriptV]) && self.take("{") {
            let digits = self.take_while(|c| c.is_ascii_hexdigit());
            return self.closed(digits, 16, Spelling::UnicodeBraced);
        }
        let first = self.digits(4, Spelling::Unicode, 'u');
        // Two halves of a character, where text is UTF-16.
        if let Kind::Char(Char { code: high @ 0xd800..=0xdbff, .. }) = first
            && self.reads_as(&[JavaScriptU, JavaScriptV, Java])
            && self.rest().starts_with("\\u")
        {
            let before = self.at;
            self.at += 2;
            if let Kind::Char(Char { code: low @ 0xdc00..=0xdfff, .. }) =
                self.digits(4, Spelling::Unicode, 'u')
            {
                let code = 0x1_0000 + ((high - 0xd800) << 10) + (low - 0xdc00);
                return Kind::Char(Char { code, spelling: Spelling::Unicode });
            }
            self.at = before;
        }
        first
    }

    fn unicode_long(&mut self) -> Kind {
        if self.is(&[Rust]) && self.take("{") {
            let digits = self.take_while(|c| c.is_ascii_hexdigit());
            return self.closed(digits, 16, Spelling::UnicodeBraced);
        }
        self.digits(8, Spelling::UnicodeLong, 'U')
    }

    /// So many hexadecimal digits; where there are fewer, the letter alone is a broken escape.
    fn digits(&mut self, count: usize, spelling: Spelling, letter: char) -> Kind {
        let digits = self.rest().get(..count).filter(|digits| is_hex(digits));
        let Some(digits) = digits else {
            return Kind::Char(Char { code: letter.into(), spelling: Spelling::Broken });
        };
        self.at += count;
        Kind::Char(Char { code: u32::from_str_radix(digits, 16).unwrap_or(u32::MAX), spelling })
    }

    /// The end of an escape in braces, of which the digits were read.
    fn closed(&mut self, digits: super::Span, radix: u32, spelling: Spelling) -> Kind {
        let code = u32::from_str_radix(&self.text[digits], radix);
        match code {
            Ok(code) if self.take("}") => Kind::Char(Char { code, spelling }),
            _ => Kind::Char(Char { code: u32::MAX, spelling: Spelling::Broken }),
        }
    }

    /// After `\c`.
    fn control(&mut self, in_class: bool) -> Kind {
        let valid = |c: char| match self.reading {
            super::Reading::Of(JavaScript) if in_class => c.is_ascii_alphanumeric() || c == '_',
            super::Reading::Of(JavaScript | JavaScriptU | JavaScriptV) => c.is_ascii_alphabetic(),
            super::Reading::Of(Pcre2) => c.is_ascii_graphic() || c == ' ',
            _ => true,
        };
        match self.peek() {
            Some(c) if valid(c) => {
                self.next();
                let code = u32::from(c.to_ascii_uppercase()) ^ 0x40;
                Kind::Char(Char { code, spelling: Spelling::Control })
            }
            // JavaScript takes the backslash for itself; what follows is text all the same.
            _ => Kind::Char(Char { code: 'c'.into(), spelling: Spelling::Broken }),
        }
    }

    /// After `\0`: up to two more octal digits, three in Java.
    fn octal(&mut self, start: usize) -> Kind {
        let most = if self.is(&[Java]) { 3 } else { 2 };
        if self.is(&[Rust, JavaScriptU, JavaScriptV]) {
            return octal_char(&self.text[start + 1..self.at]);
        }
        self.take_octal(most);
        octal_char(&self.text[start + 1..self.at])
    }

    fn take_octal(&mut self, most: usize) {
        for _ in 0..most {
            if !self.peek().is_some_and(|c| ('0'..='7').contains(&c)) {
                break;
            }
            self.at += 1;
        }
    }

    /// After a backslash and a digit from 1 to 9: a back-reference or an octal code.
    fn number(&mut self, start: usize, in_class: bool) -> Kind {
        let first = start + 1;
        let is_octal = |digits: &str| digits.bytes().all(|b| (b'0'..=b'7').contains(&b));
        let three = self.text.get(first..first + 3).is_some_and(is_octal);
        let two = self.text.get(first..first + 2).is_some_and(is_octal);
        let octal = in_class || (self.is(&[Python]) && three) || (self.is(&[Re2]) && two);
        if octal {
            self.at = first;
            self.take_octal(3);
            if self.at == first {
                self.at += 1;
                return identity(char::from(self.text.as_bytes()[first]));
            }
            return octal_char(&self.text[first..self.at]);
        }
        let most = if self.is(&[Python]) { 1 } else { usize::MAX };
        let digits = self.rest().bytes().take(most).take_while(u8::is_ascii_digit).count();
        self.at += digits;
        let number = self.text[first..self.at].parse().unwrap_or(u32::MAX);
        Kind::Reference(Reference::Number(number))
    }

    /// After `\k`.
    fn named_reference(&mut self) -> Kind {
        let start = self.at;
        for (open, close) in [('<', '>'), ('{', '}'), ('\'', '\'')] {
            if self.peek() == Some(open) {
                self.next();
                let name = self.name();
                if self.peek() == Some(close) {
                    self.next();
                    return Kind::Reference(Reference::Name(open, name));
                }
                self.at = start;
            }
        }
        Kind::Char(Char { code: 'k'.into(), spelling: Spelling::Broken })
    }

    /// After `\g`.
    fn other_reference(&mut self) -> Kind {
        let start = self.at;
        let close = match self.peek() {
            Some('{') => '}',
            Some('<') => '>',
            Some('\'') => '\'',
            _ => {
                let name = self.take_while(|c| c.is_ascii_digit() || c == '-' || c == '+');
                return Kind::Reference(Reference::G(name));
            }
        };
        self.next();
        let name = self.take_while(|c| c.is_alphanumeric() || "_+-".contains(c));
        if self.peek() == Some(close) {
            self.next();
            return Kind::Reference(Reference::G(name));
        }
        self.at = start;
        Kind::Char(Char { code: 'g'.into(), spelling: Spelling::Broken })
    }

    /// The letters of a name, or of what is there in place of a name.
    pub(super) fn name(&mut self) -> super::Span {
        self.take_while(|c| c.is_alphanumeric() || !c.is_ascii() || "_.$-".contains(c))
    }

    /// After `\p`.
    fn property(&mut self) -> Kind {
        if self.take("{") {
            let name = self.take_while(|c| c.is_alphanumeric() || "_=^&- :!".contains(c));
            let braces = if self.take("}") { Braces::Closed } else { Braces::Open };
            return Kind::Property(Property { name, braces });
        }
        let start = self.at;
        if self.peek().is_some_and(char::is_alphabetic) {
            self.next();
        }
        Kind::Property(Property { name: start..self.at, braces: Braces::None })
    }

    /// After `\N`, before a brace.
    fn named_char(&mut self) -> Kind {
        let start = self.at;
        self.next();
        let name = self.take_while(|c| c.is_alphanumeric() || " -+()".contains(c));
        if !self.take("}") || name.is_empty() {
            self.at = start;
            return Kind::Shorthand('N');
        }
        let hex = self.text[name].strip_prefix("U+").map(|hex| u32::from_str_radix(hex, 16));
        let code = hex.map_or(u32::MAX, |code| code.unwrap_or(u32::MAX));
        Kind::Char(Char { code, spelling: Spelling::Named })
    }
}

const BOUNDARIES: [&str; 4] = ["{start}", "{end}", "{start-half}", "{end-half}"];

fn letter(c: char) -> Kind {
    Kind::Char(Char { code: c.into(), spelling: Spelling::Letter })
}

fn identity(c: char) -> Kind {
    Kind::Char(Char { code: c.into(), spelling: Spelling::Escaped })
}

fn octal_char(digits: &str) -> Kind {
    let code = u32::from_str_radix(digits, 8).unwrap_or(u32::MAX);
    Kind::Char(Char { code, spelling: Spelling::Octal })
}

fn is_hex(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_hexdigit())
}
