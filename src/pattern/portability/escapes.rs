//! Escapes: which engine knows which, and what they stand for.

use super::check::Check;
use super::{Engine, Range};
use crate::pattern::syntax::{Anchor, Char, Kind, Reference, Spelling};

use Engine::{Java, JavaScript, JavaScriptU, JavaScriptV, Pcre2, Python, Re2, Rust};

/// The letters and digits that may follow a backslash outside classes.
const fn letters(engine: Engine) -> &'static str {
    match engine {
        Rust => "AaBbDdfnPprSstUuvWwxz",
        Python => "0123456789AaBbDdfNnrSstUuvWwxZ",
        JavaScript => "0123456789BbcDdfknrSstuvWwx",
        JavaScriptU | JavaScriptV => "0123456789BbcDdfknPprSstuvWwx",
        Pcre2 => "0123456789AaBbCcDdEefGgHhKkNnoPpRrSsQtVvWwXxZz",
        Re2 => "01234567AaBbCDdfnPpQrSstvWwxz",
        Java => "0123456789AaBbcDdEefGHhkNnPpQRrSstuVvWwXxZz",
    }
}

/// The same within classes.
const fn class_letters(engine: Engine) -> &'static str {
    match engine {
        Rust => "aDdfnPprSstUuvWwx",
        Python => "01234567abDdfNnrSstUuvWwx",
        JavaScript => "01234567bcDdfnrSstuvWwx",
        JavaScriptU | JavaScriptV => "0bcDdfnPprSstuvWwx",
        Pcre2 => "0123456789abcDdEefHhkNnoPpQrSstVvWwx",
        Re2 => "01234567aDdfnPprSstvWwx",
        Java => "0acDdefHhNnPpQrSstuVvWwx",
    }
}

/// What an escape stands for where it is known, for those that not every engine knows.
const fn stands_for(letter: char) -> &'static str {
    match letter {
        'A' => "matches at the very beginning",
        'z' => "matches at the very end",
        'Z' => "matches at the end",
        'G' => "matches where the last match ended",
        'h' => "is a horizontal blank",
        'H' => "is no horizontal blank",
        'V' => "is no vertical blank",
        'R' => "is a line end of any kind",
        'X' => "is all that is seen as one character",
        'K' => "sets the beginning of the match",
        'C' => "is one byte or code unit",
        'N' => "is no line feed",
        'p' | 'P' => "is a class of Unicode",
        'Q' | 'E' => "quotes what stands in between",
        'a' => "is the bell",
        'e' => "is the escape character",
        'o' | 'x' | 'u' | 'U' => "is a character by its code",
        'g' | 'k' => "refers back to a group",
        _ => "has a meaning",
    }
}

impl Check<'_> {
    /// A piece that begins with a backslash, or that stands between `\Q` and `\E`.
    pub(super) fn escape(&mut self, kind: &Kind, at: &Range<usize>, in_class: bool) {
        if let Kind::Char(Char { spelling: Spelling::Quoted, .. }) = kind {
            if in_class && self.text[..at.start].ends_with("\\Q") {
                self.observe(&(at.start - 2..at.start), "escape", stands_for('Q'), None);
            }
            return;
        }
        let Some(letter) = self.text[at.start..].chars().nth(1) else { return };
        if !letter.is_ascii_alphanumeric() {
            self.punctuation(letter, at, in_class);
            return;
        }
        let known = if in_class { class_letters(self.engine) } else { letters(self.engine) };
        let odd = !letters(JavaScript).contains(letter);
        if self.engine == JavaScript {
            if odd || matches!(kind, Kind::Char(Char { spelling: Spelling::Broken, .. })) {
                let length = at.start..at.start + 2;
                self.observe(&length, "escape", "is only that letter", None);
            }
        } else if !known.contains(letter) {
            self.unknown(letter, at, in_class);
            return;
        } else if odd {
            let meaning = match letter {
                'Z' if self.engine == Python => "matches at the very end only",
                'Z' => "also matches before a line feed at the very end",
                _ => stands_for(letter),
            };
            let rewrite = (letter == 'A' && !in_class).then(|| self.start(at)).flatten();
            self.observe(at, "escape", meaning, rewrite);
        }
        match kind {
            Kind::Char(char) => self.coded(*char, letter, at, in_class),
            Kind::Shorthand('v') => {
                self.observe(
                    at,
                    "vertical",
                    "is a vertical blank of any kind",
                    Some("\\x0B".to_owned()),
                );
            }
            Kind::Shorthand('N') if self.is(&[Python, Java]) || in_class => {
                self.refuse(at, "`\\N` needs the name of a character in braces here");
            }
            Kind::Shorthand('N') if self.text[at.end..].starts_with('{') => {
                let quantifier = self.text[at.end + 1..].trim_start_matches([' ', ',']);
                let digits = quantifier.starts_with(|c: char| c.is_ascii_digit());
                if !digits
                    || !quantifier.contains('}')
                    || quantifier.split('}').next().is_some_and(|inner| {
                        inner.contains(|c: char| !(c.is_ascii_digit() || c == ',' || c == ' '))
                    })
                {
                    self.refuse(at, "`\\N` breaks off or has another form here");
                }
            }
            Kind::Property(property) => self.property(property, at),
            Kind::Anchor(Anchor::Escape('G')) if self.engine == Re2 => {
                self.unknown(letter, at, in_class);
            }
            Kind::Empty if !self.is(&[Pcre2]) => {
                self.refuse(at, "`\\E` ends a quotation that was not begun");
            }
            _ => {}
        }
    }

    /// `^` where it is the same as `\A`, and can stand where that stands.
    fn start(&self, at: &Range<usize>) -> Option<String> {
        let repeated = self.text[at.end..].starts_with(['*', '+', '?', '{']);
        (!self.multi_line && !repeated).then(|| "^".to_owned())
    }

    fn unknown(&mut self, letter: char, at: &Range<usize>, in_class: bool) {
        let replacement = match letter {
            'A' if !in_class => self.start(at),
            'x' | 'u' => self.by_code(at.start).map(|(_, text)| text),
            _ => None,
        };
        let what = stands_for(letter);
        let message = if what == stands_for('?') {
            format!("`\\{letter}` is no escape here")
        } else if letter.is_ascii_digit() {
            format!("`\\{letter}` is not known here: there are no back-references")
        } else {
            format!("`\\{letter}`, which elsewhere {what}, is no escape here")
        };
        let message = match letter {
            '1'..='9' if !in_class => "back-references are not known here".to_owned(),
            '0' => "octal codes are not known here".to_owned(),
            _ => message,
        };
        let span = match self.by_code(at.start) {
            Some((span, _)) if replacement.is_some() => span,
            _ => at.clone(),
        };
        self.refuse_for(&span, message, replacement);
    }

    /// An escape that names a character by its code, and how every engine writes that.
    fn by_code(&self, start: usize) -> Option<(Range<usize>, String)> {
        let rest = self.text[start..]
            .strip_prefix("\\x")
            .or_else(|| self.text[start..].strip_prefix("\\u"))?;
        let (digits, length) = match rest.strip_prefix('{') {
            Some(rest) => {
                let end = rest.find('}')?;
                (&rest[..end], end + 4)
            }
            None if self.text[start..].starts_with("\\u") => (rest.get(..4)?, 6),
            None => return None,
        };
        let code = u32::from_str_radix(digits, 16).ok().filter(|_| digits.len() <= 8)?;
        let c = char::from_u32(code)?;
        let text = match c {
            '\0'..='\u{7f}' => format!("\\x{code:02X}"),
            _ if c.is_alphanumeric() && code <= 0xffff => c.to_string(),
            _ => return None,
        };
        Some((start..start + length, text))
    }

    /// A backslash before what is neither a letter nor a digit of ASCII.
    fn punctuation(&mut self, c: char, at: &Range<usize>, in_class: bool) {
        let syntax = "^$\\.*+?()[]{}|/".contains(c);
        let refused = match self.engine {
            JavaScriptU => !(syntax || in_class && c == '-'),
            JavaScriptV => !(syntax || in_class && "-&!#%,:;<=>@`~".contains(c)),
            Re2 => !c.is_ascii(),
            _ => false,
        };
        if refused {
            let beside = self.text[..at.start].ends_with(c)
                || self.text[at.end..].trim_start_matches('\\').starts_with(c)
                || self.text[..at.start].ends_with('[')
                || self.text[at.end..].starts_with(']');
            let blank = self.extended && (c.is_whitespace() || c == '#');
            let edge = matches!(c, '<' | '>') && !in_class;
            // In a class two of these next to each other, or at its ends, may be syntax.
            let before = self.text[..at.start]
                .trim_end_matches(|c: char| c.is_ascii_digit() || " ,".contains(c));
            let in_braces = !in_class && before.ends_with('{');
            let risky = in_braces || in_class && beside && "&~-!#%,:;<=>@`^.".contains(c);
            let replacement = (!blank && !edge && !risky && c != '-' || (c == '-' && !in_class))
                .then(|| c.to_string());
            let message = format!("`{c}` must not have a backslash here");
            self.refuse_for(at, message, replacement);
        }
        if matches!(c, '<' | '>') && !in_class {
            self.observe(at, "angle", "is that sign", Some(c.to_string()));
        }
    }

    /// A character that is written by an escape with a letter or a digit.
    fn coded(&mut self, char: Char, letter: char, at: &Range<usize>, in_class: bool) {
        let strict = self.engine.is_strict_javascript();
        match char.spelling {
            Spelling::Letter if letter == 'v' => {
                self.observe(at, "vertical", "is the vertical tab", Some("\\x0B".to_owned()));
            }
            Spelling::Broken => {
                let taken = match self.engine {
                    JavaScript => letter != 'k' || self.names.is_empty(),
                    Pcre2 => {
                        letter == 'x'
                            && self.text[at.end..].starts_with(|c: char| c.is_ascii_hexdigit())
                    }
                    _ => false,
                };
                if !taken {
                    let (span, replacement) = self
                        .by_code(at.start)
                        .map_or((at.clone(), None), |(span, text)| (span, Some(text)));
                    let message = format!("`\\{letter}` breaks off or has another form here");
                    self.refuse_for(&span, message, replacement);
                }
            }
            Spelling::Hex
            | Spelling::HexBraced
            | Spelling::Unicode
            | Spelling::UnicodeLong
            | Spelling::UnicodeBraced
            | Spelling::OctalBraced => {
                let surrogate = (0xd800..=0xdfff).contains(&char.code);
                if char.code > 0x10_ffff || (surrogate && self.is(&[Pcre2, Re2])) {
                    self.refuse(at, "there is no character of this code");
                }
                if matches!(char.spelling, Spelling::HexBraced | Spelling::UnicodeBraced) {
                    let rewrite = self.by_code(at.start).map(|(_, text)| text);
                    self.observe(at, "escape", stands_for('x'), rewrite);
                }
            }
            Spelling::Octal => {
                let digits = at.len() - 1;
                let zero = letter == '0';
                let wrong = match self.engine {
                    Python => char.code > 0o377,
                    Java => !zero || digits < 2,
                    Re2 => !zero && digits < 2,
                    _ if strict => {
                        !zero || self.text[at.end..].starts_with(|c: char| c.is_ascii_digit())
                    }
                    _ => false,
                };
                if wrong {
                    self.refuse(at, "this is no octal code here");
                }
            }
            Spelling::Escaped if letter.is_ascii_digit() && !self.is(&[JavaScript, Pcre2]) => {
                self.refuse(at, "this is no octal code here");
            }
            // PCRE2 takes `\k` in a class for the letter.
            Spelling::Escaped if letter == 'k' && in_class => {}
            Spelling::Escaped if letter.is_ascii_alphabetic() && self.engine != JavaScript => {
                // The letter is known; what follows it is not of the form that it needs.
                self.refuse(at, format!("`\\{letter}` breaks off or has another form here"));
            }
            Spelling::Named => {
                let name = &self.text[at.clone()];
                let hex = name.contains("{U+");
                let shape =
                    |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || " -".contains(c);
                let words = name[3..name.len() - 1].chars().all(shape);
                let known = match self.engine {
                    Pcre2 => hex && char.code <= 0x10_ffff,
                    Python | Java => !hex && words && name.contains(' '),
                    _ => false,
                };
                if !known {
                    self.refuse(at, "this is no name of a character here");
                }
            }
            _ => {}
        }
        if in_class && letter == 'b' && self.is(&[Rust, Re2, Java]) {
            self.refuse_for(at, "`\\b` has no meaning in a class here", Some("\\x08".to_owned()));
        }
    }

    pub(super) fn reference(&mut self, reference: &Reference, at: &Range<usize>) {
        if self.is(&[Rust, Re2]) {
            self.refuse(at, "back-references are not known here: they take more than linear time");
            return;
        }
        match reference {
            Reference::Number(number) => self.numbered(*number, at),
            Reference::Name(mark, name) => {
                let name = &self.text[name.clone()];
                let form = match self.engine {
                    Pcre2 => true,
                    JavaScript | JavaScriptU | JavaScriptV | Java => *mark == '<',
                    _ => false,
                };
                if self.engine == JavaScript && self.names.is_empty() {
                    self.observe(at, "escape", "is text that begins with k", None);
                } else if !form {
                    self.refuse(at, "this form of a back-reference is not known here");
                } else if self.engine == Java && !self.seen.contains(name) {
                    self.refuse(at, "a back-reference must stand after its group here");
                } else {
                    self.named(name, at);
                    self.observe(at, "escape", stands_for('k'), None);
                }
            }
            Reference::P(name) => {
                let name = &self.text[name.clone()];
                if self.is(&[Python, Pcre2]) {
                    self.named(name, at);
                } else {
                    self.refuse(at, "back-references of the form `(?P=..)` are not known here");
                }
            }
            Reference::G(name) => {
                let text = &self.text[name.clone()];
                let known = match text.parse::<i64>() {
                    Ok(number) if text.starts_with('-') => {
                        number != 0 && -number <= i64::from(self.begun)
                    }
                    Ok(number) => number <= i64::from(self.captures) && number > 0,
                    Err(_) => self.names.contains(text),
                };
                if self.engine != Pcre2 {
                    self.refuse(at, "`\\g` is no escape here");
                } else if !known {
                    self.refuse(at, "there is no group of this name or number");
                }
            }
        }
    }

    fn named(&mut self, name: &str, at: &Range<usize>) {
        if !self.names.contains(name) {
            self.refuse(at, "there is no group of this name");
            return;
        }
        if self.engine == Python {
            let number =
                self.met.iter().find(|(known, _)| *known == name).map(|(_, number)| *number);
            if number.is_none_or(|number| self.open.contains(&number)) {
                self.refuse(at, "a back-reference must stand after its group here");
            }
        }
    }

    fn numbered(&mut self, number: u32, at: &Range<usize>) {
        let missing = "there is no group of this number";
        match self.engine {
            Python if number > self.begun => self.refuse(at, missing),
            Python if self.open.contains(&number) => {
                self.refuse(at, "a back-reference must stand after its group here");
            }
            JavaScriptU | JavaScriptV if number > self.captures => self.refuse(at, missing),
            Pcre2 if number > self.captures && number < 10 => self.refuse(at, missing),
            JavaScript | Pcre2 if number > self.captures => {
                self.observe(at, "reference", "is a character by its octal code", None);
            }
            Java if number > self.captures => {
                self.observe(at, "reference", "is a group that never matches", None);
            }
            _ => self.observe(at, "reference", "refers back to a group", None),
        }
    }
}
