//! What begins with a parenthesis.

use super::parser::{Parser, Result, error};
use super::{Condition, Engine, Flags, Group, GroupKind, Kind, NameStyle, Node, Reference, Span};

use Engine::{JavaScript, JavaScriptU, JavaScriptV, Pcre2, Re2};

impl Parser<'_> {
    /// A group or what looks like one; its parenthesis comes next.
    pub(super) fn group(&mut self) -> Result<Node> {
        let start = self.at;
        self.next();
        if self.reads_as(&[Pcre2]) && self.rest().starts_with('*') && self.verb() {
            return Ok(Node::new(Kind::Verb, start..self.at));
        }
        let kind = if self.take("?") {
            if self.is(&[Engine::Java]) {
                self.skip_extended();
            }
            match self.special(start)? {
                Special::Opens(kind) => kind,
                Special::Is(kind) => return Ok(Node::new(kind, start..self.at)),
            }
        } else {
            GroupKind::Capture
        };
        let opening = start..self.at;
        self.deeper(1)?;
        let outer = self.extended;
        if let GroupKind::Flags(flags) = &kind {
            self.extend(flags);
        }
        let body = self.alternatives()?;
        self.extended = outer;
        self.depth -= 1;
        if !self.take(")") {
            return error("a group is not closed", opening);
        }
        let group = Group { kind, opening, body };
        Ok(Node::new(Kind::Group(Box::new(group)), start..self.at))
    }

    /// `(*ACCEPT)`, of which the parenthesis is taken.
    fn verb(&mut self) -> bool {
        let start = self.at;
        self.next();
        let name = self.take_while(|c| c.is_ascii_alphanumeric() || c == '_');
        let bare = name.is_empty();
        if self.take(":") || self.take("=") {
            self.take_while(|c| c != ')' && c != '\n');
        } else if bare {
            self.at = start;
            return false;
        }
        if self.take(")") {
            return true;
        }
        self.at = start;
        false
    }

    /// Sets the flag that changes how a pattern is read.
    fn extend(&mut self, flags: &Flags) {
        if self.is(&[JavaScript, JavaScriptU, JavaScriptV, Re2]) {
            return;
        }
        if self.text[flags.on.clone()].contains('x') {
            self.extended = true;
        } else if self.text[flags.on.clone()].starts_with('^') {
            self.extended = false;
        }
        if flags.off.as_ref().is_some_and(|off| self.text[off.clone()].contains('x')) {
            self.extended = false;
        }
    }

    /// After `(?`.
    fn special(&mut self, start: usize) -> Result<Special> {
        let opens = |kind| Ok(Special::Opens(kind));
        for (mark, kind) in [
            (":", GroupKind::Plain),
            (">", GroupKind::Atomic),
            ("|", GroupKind::BranchReset),
            ("=", GroupKind::Look { behind: false }),
            ("!", GroupKind::Look { behind: false }),
            ("<=", GroupKind::Look { behind: true }),
            ("<!", GroupKind::Look { behind: true }),
        ] {
            if self.take(mark) {
                return opens(kind);
            }
        }
        for (mark, style, end) in
            [("P<", NameStyle::P, ">"), ("<", NameStyle::Angle, ">"), ("'", NameStyle::Quote, "'")]
        {
            if self.take(mark) {
                let name = self.name();
                if name.is_empty() {
                    return error("a group's name is missing", start..self.at);
                }
                if !self.take(end) {
                    return error("a group's name is not closed", start..self.at);
                }
                return opens(GroupKind::Named(style, name));
            }
        }
        if self.take("#") {
            self.take_while(|c| c != ')');
            return self.finish(Kind::Comment, start);
        }
        if self.take("P=") {
            let name = self.name();
            return self.finish(Kind::Reference(Reference::P(name)), start);
        }
        if self.take("(") {
            return Ok(Special::Opens(GroupKind::Conditional(self.condition(start)?)));
        }
        let flagged = self.rest().starts_with("R)") && !self.is(&[Pcre2]);
        if !flagged && (self.take("P>") || self.take("&") || self.take("C") || self.take("R")) {
            self.name();
            return self.finish(Kind::Call, start);
        }
        let before = self.at;
        self.take_while(|c| c == '+' || c == '-');
        if !self.take_while(|c| c.is_ascii_digit()).is_empty() {
            return self.finish(Kind::Call, start);
        }
        self.at = before;
        self.flags(start)
    }

    fn finish(&mut self, kind: Kind, start: usize) -> Result<Special> {
        if self.take(")") {
            return Ok(Special::Is(kind));
        }
        error("a parenthesis is not closed", start..self.at)
    }

    fn flags(&mut self, start: usize) -> Result<Special> {
        let caret = self.take("^");
        let on = self.take_while(|c| c.is_ascii_alphabetic());
        let on: Span = if caret { on.start - 1..on.end } else { on };
        let off = self.take("-").then(|| self.take_while(|c| c.is_ascii_alphabetic()));
        let flags = Flags { on, off };
        if self.take(":") {
            return Ok(Special::Opens(GroupKind::Flags(flags)));
        }
        if self.take(")") {
            self.extend(&flags);
            return Ok(Special::Is(Kind::Flags(flags)));
        }
        error("there is no such kind of group", start..self.at)
    }

    /// After `(?(`: the condition and its closing parenthesis.
    fn condition(&mut self, start: usize) -> Result<Condition> {
        if self.rest().starts_with('?') || self.rest().starts_with('*') {
            // A look-around; it is read as a group of its own.
            self.at -= 1;
            self.deeper(1)?;
            let asked = self.group()?.kind;
            self.depth -= 1;
            let looks = matches!(&asked, Kind::Group(group) if matches!(group.kind, GroupKind::Look { .. }));
            if self.is(&[Pcre2]) && !looks {
                return error("a condition is a look-around or a group", start..self.at);
            }
            return Ok(Condition::Other);
        }
        let name = self.take_while(|c| c.is_alphanumeric() || "_<>'+-&=.".contains(c));
        if name.is_empty() || !self.take(")") {
            return error("the condition of a group is not closed", start..self.at);
        }
        let text = &self.text[name.clone()];
        Ok(match text.parse() {
            Ok(number) => Condition::Number(number),
            Err(_) if text.chars().all(|c| c.is_alphanumeric() || c == '_') && text != "DEFINE" => {
                Condition::Name(name)
            }
            Err(_) => Condition::Other,
        })
    }
}

/// What `(?` begins.
enum Special {
    /// A group.
    Opens(GroupKind),
    /// A piece that is complete.
    Is(Kind),
}
