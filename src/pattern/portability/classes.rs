//! Classes in brackets.

use super::check::Check;
use super::{Engine, Range};
use crate::pattern::syntax::{Char, Class, Item, ItemKind, Kind, Spelling};

use Engine::{Java, JavaScript, JavaScriptU, JavaScriptV, Pcre2, Rust};

/// What `v` keeps for later where two of them stand together.
const DOUBLED: &str = "&!#$%*+,.:;<=>?@^`~";

impl Check<'_> {
    pub(super) fn class_as_a_whole(&mut self, class: &Class, at: &Range<usize>) {
        let text = &self.text[at.clone()];
        if self.engine == Pcre2 {
            let inner = text.get(1..text.len() - 1).unwrap_or_default();
            for mark in [':', '.', '='] {
                if inner.len() > 1 && inner.starts_with(mark) && inner.ends_with(mark) {
                    self.refuse(at, "a class that begins and ends like this one is refused here");
                }
            }
        }
        let operators =
            class.items.iter().filter(|item| matches!(item.kind, ItemKind::Operator(_))).count();
        let empty = || class.items.iter().all(|item| self.text[item.span.clone()].starts_with('&'));
        if self.engine == Java && operators > 0 && empty() {
            self.refuse(at, "there is nothing to intersect");
        }
        if self.engine == JavaScriptV && operators > 0 {
            self.operators(class);
        }
        if self.engine == JavaScriptV && class.negated {
            for item in &class.items {
                if item.kind == ItemKind::Strings {
                    self.refuse(&item.span, "strings cannot stand in a negated class");
                }
            }
        }
        if class.items.is_empty() {
            self.observe(at, "empty class", "is a class of nothing", None);
        }
    }

    /// Under `v`, operators stand between single operands, and all are the same.
    fn operators(&mut self, class: &Class) {
        let first = class.items.iter().find_map(|item| match item.kind {
            ItemKind::Operator(operator) => Some(operator),
            _ => None,
        });
        for (number, item) in class.items.iter().enumerate() {
            let right = match item.kind {
                ItemKind::Operator(operator) => number % 2 == 1 && Some(operator) == first,
                ItemKind::Range(_) => false,
                _ => number % 2 == 0,
            };
            if !right || (number + 1 == class.items.len() && number % 2 == 1) {
                self.refuse(
                    &item.span,
                    "an operator of classes needs one operand on each side here",
                );
                return;
            }
        }
    }

    /// One piece of a class; `class` is where the class stands.
    pub(super) fn item(&mut self, item: &Item, before: Option<&ItemKind>, class: &Range<usize>) {
        let at = &item.span;
        match &item.kind {
            ItemKind::Piece(kind) => self.class_piece(kind, before, at, class),
            ItemKind::Range(ends) => {
                self.item(&ends.0, before, class);
                self.item(&ends.1, None, class);
                let is_char = |item: &Item| matches!(item.kind, ItemKind::Piece(Kind::Char(_)));
                if (!is_char(&ends.0) || !is_char(&ends.1)) && self.engine != JavaScript {
                    self.refuse(at, "a range needs a character at each end here");
                }
                if let ItemKind::Piece(Kind::Char(char)) = ends.1.kind
                    && char.spelling == Spelling::Plain
                    && self.engine == JavaScriptV
                    && self.text[at.end..].starts_with('-')
                    && !self.text[at.end..].starts_with("-]")
                {
                    self.refuse(at, "`-` needs a backslash here");
                }
            }
            ItemKind::Posix { name, negated } => {
                let (name, negated) = (&self.text[name.clone()], *negated);
                let known = self.engine == Rust || POSIX.iter().any(|(known, _)| *known == name);
                if known {
                    let ranges = POSIX.iter().find(|(known, _)| *known == name);
                    let rewrite = ranges.map(|(_, ranges)| (*ranges).to_owned());
                    let beside = self.text[..at.start].ends_with('-')
                        || self.text[at.end..].starts_with('-');
                    let rewrite =
                        rewrite.filter(|ranges| !negated && !beside && !ranges.is_empty());
                    self.observe(at, "bracket", "is a class by its name", rewrite);
                } else {
                    self.refuse(at, "there is no class of this name");
                }
            }
            ItemKind::Nested(nested) => {
                self.observe(at, "bracket", "opens a class within the class", None);
                self.class_as_a_whole(nested, at);
                let mut before = None;
                for item in &nested.items {
                    self.item(item, before, at);
                    before = Some(&item.kind);
                }
            }
            ItemKind::Operator(_) => {
                self.observe(at, "doubled", "is an operator of classes", None);
            }
            ItemKind::Strings => {
                self.observe(at, "strings", "is a choice of strings", None);
            }
        }
    }

    fn class_piece(
        &mut self,
        kind: &Kind,
        before: Option<&ItemKind>,
        at: &Range<usize>,
        class: &Range<usize>,
    ) {
        let Kind::Char(Char { spelling: Spelling::Plain, code }) = kind else {
            self.escape(kind, at, true);
            return;
        };
        let Some(c) = char::from_u32(*code) else { return };
        if self.engine == JavaScript && *code > 0xffff {
            self.observe(at, "astral", "is taken for two halves in a class", None);
        } else if *code > 0xffff {
            self.observe(at, "astral", "is one character", None);
        }
        let escaped = format!("\\{c}");
        if c == '[' {
            let posix = self.text[at.end..].starts_with([':', '.', '=']);
            if self.engine == Pcre2 && posix && self.text[at.end..].contains([':', '.', '=']) {
                self.pcre2_bracket(at);
            }
            self.observe(at, "bracket", "stands for itself", Some(escaped.clone()));
        } else if c == ']' {
            let at_start = at.start - class.start <= 2;
            if at_start && !self.engine.is_javascript() {
                self.observe(class, "empty class", "begins with a bracket as such", None);
            }
        }
        // `&&` and its like, of which this is the second.
        let doubled = matches!(before, Some(ItemKind::Piece(Kind::Char(last))) if last.spelling == Spelling::Plain && last.code == *code);
        if doubled && "&-~".contains(c) && !self.engine.is_strict_javascript() {
            self.observe(&(at.start - 1..at.end), "doubled", "is that sign", None);
        }
        match self.engine {
            JavaScriptV if "()[]{}/|-".contains(c) => {
                let message = format!("`{c}` needs a backslash in a class here");
                self.refuse_for(at, message, Some(escaped));
            }
            JavaScriptV if doubled && DOUBLED.contains(c) => {
                let only = !"&~".contains(c) && !self.text[at.end..].starts_with('-');
                let message = format!("`{c}{c}` is kept for later in a class here");
                self.refuse_for(at, message, only.then(String::new));
            }
            JavaScriptU if doubled && "&-~".contains(c) => {
                self.observe(&(at.start - 1..at.end), "doubled", "is that sign", None);
            }
            _ => {}
        }
    }

    /// `[:`, `[.` and `[=` in a class are refused by PCRE2 if they are closed.
    fn pcre2_bracket(&mut self, at: &Range<usize>) {
        let rest = &self.text[at.end..];
        let Some(mark) = rest.chars().next() else { return };
        let inner = &rest[1..];
        let end = inner.find([']', '\\', '[']).unwrap_or(inner.len());
        if inner[..end].ends_with(mark) && inner[end..].starts_with(']') {
            self.refuse_for(
                at,
                "a bracket and this sign begin a class by its name here",
                Some("\\[".to_owned()),
            );
        }
    }
}

/// Classes by name, which are of ASCII everywhere, and what they hold.
const POSIX: [(&str, &str); 14] = [
    ("alnum", "A-Za-z0-9"),
    ("alpha", "A-Za-z"),
    ("ascii", ""),
    ("blank", "\\t\\x20"),
    ("cntrl", ""),
    ("digit", "0-9"),
    ("graph", ""),
    ("lower", "a-z"),
    ("print", ""),
    ("punct", ""),
    ("space", "\\t\\n\\x0B\\f\\r\\x20"),
    ("upper", "A-Z"),
    ("word", "A-Za-z0-9_"),
    ("xdigit", "A-Fa-f0-9"),
];
