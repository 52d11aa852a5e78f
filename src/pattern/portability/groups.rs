//! Groups, and what else begins with a parenthesis.

use super::check::Check;
use super::{Engine, Range};
use crate::pattern::syntax::{Condition, Group, GroupKind, Kind, NameStyle, Node};

use Engine::{Java, JavaScript, JavaScriptU, JavaScriptV, Pcre2, Python, Re2, Rust};

impl<'p> Check<'p> {
    pub(super) fn group(&mut self, group: &Group) {
        let opening = &group.opening;
        let (multi_line, extended) = (self.multi_line, self.extended);
        let mut number = None;
        match &group.kind {
            GroupKind::Capture => number = Some(self.begin()),
            GroupKind::Named(style, name) => {
                let name: &'p str = &self.text[name.clone()];
                self.name(*style, name, opening);
                let begun = self.begin();
                number = Some(begun);
                self.seen.insert(name);
                if self.engine == Python {
                    self.met.push((name, begun));
                }
            }
            GroupKind::Plain => {}
            GroupKind::Flags(flags) => self.flags(flags, opening, true),
            GroupKind::Atomic => {
                if !self.is(&[Python, Pcre2, Java]) {
                    self.refuse(opening, "atomic groups are not known here");
                }
            }
            GroupKind::Look { behind } => self.look(group, *behind),
            GroupKind::BranchReset => {
                if self.engine != Pcre2 {
                    self.refuse(opening, "groups that share their numbers are not known here");
                }
            }
            GroupKind::Conditional(condition) => self.conditional(condition, group),
        }
        let looks = usize::from(matches!(group.kind, GroupKind::Look { .. }));
        self.looks += looks;
        self.walk(&group.body);
        self.looks -= looks;
        if number.is_some() {
            self.open.pop();
        }
        (self.multi_line, self.extended) = (multi_line, extended);
    }

    fn begin(&mut self) -> u32 {
        self.begun += 1;
        self.open.push(self.begun);
        self.begun
    }

    fn name(&mut self, style: NameStyle, name: &'p str, opening: &Range<usize>) {
        let known: &[Engine] = match style {
            NameStyle::P => &[Rust, Python, Pcre2, Re2],
            NameStyle::Angle => &[Rust, JavaScript, JavaScriptU, JavaScriptV, Pcre2, Re2, Java],
            NameStyle::Quote => &[Pcre2],
        };
        if !self.is(known) {
            let replacement = match (style, self.engine) {
                (NameStyle::P, _)
                | (NameStyle::Quote, JavaScript | JavaScriptU | JavaScriptV | Java) => {
                    format!("(?<{name}>")
                }
                _ => format!("(?P<{name}>"),
            };
            let message = "named groups are written in another way here";
            // A name that every engine takes.
            let simple = name.starts_with(|c: char| c.is_ascii_alphabetic())
                && name.chars().all(|c| c.is_ascii_alphanumeric());
            self.refuse_for(opening, message, simple.then_some(replacement));
            return;
        }
        let first = name.chars().next().unwrap_or(' ');
        let word = |c: char| c.is_alphanumeric() || c == '_';
        let valid = match self.engine {
            Java => first.is_ascii_alphabetic() && name.chars().all(|c| c.is_ascii_alphanumeric()),
            Python | Pcre2 => !first.is_numeric() && name.chars().all(word) && name.len() <= 32 * 4,
            JavaScript | JavaScriptU | JavaScriptV => {
                !first.is_numeric() && name.chars().all(|c| word(c) || c == '$')
            }
            _ => name.chars().all(word),
        };
        if !valid || (self.engine == Pcre2 && name.chars().count() > 32) {
            self.refuse(opening, "a group cannot have this name here");
        }
        if self.seen.contains(name) && !self.same_names {
            self.refuse(opening, "two groups have this name");
        }
    }

    fn look(&mut self, group: &Group, behind: bool) {
        if self.is(&[Rust, Re2]) {
            let message = "look-around is not known here: it takes more than linear time";
            self.refuse(&group.opening, message);
            return;
        }
        if !behind {
            return;
        }
        let fixed = |node: &Node| {
            let (least, most) = node.width();
            most == Some(least)
        };
        let right = match self.engine {
            Python => fixed(&group.body),
            Pcre2 => match &group.body.kind {
                Kind::Alternation(branches) => branches.iter().all(fixed),
                _ => fixed(&group.body),
            },
            Java => !refers_back(&group.body),
            _ => true,
        };
        if !right {
            self.refuse(&group.opening, "look-behind needs a text of fixed length here");
        }
    }

    fn conditional(&mut self, condition: &Condition, group: &Group) {
        let opening = &group.opening;
        if !self.is(&[Python, Pcre2]) {
            self.refuse(opening, "groups with a condition are not known here");
            return;
        }
        let known = match condition {
            Condition::Number(number) => {
                let so_far = if self.engine == Python { self.begun } else { self.captures };
                *number > 0 && *number <= so_far
            }
            Condition::Name(name) => {
                let name = &self.text[name.clone()];
                let set = if self.engine == Python { &self.seen } else { &self.names };
                set.contains(name) || name == "R"
            }
            Condition::Other => self.engine != Python,
        };
        if !known {
            self.refuse(opening, "there is nothing that the condition could ask for");
        }
        if let Kind::Alternation(branches) = &group.body.kind
            && branches.len() > 2
        {
            self.refuse(opening, "a condition has more than two branches");
        }
        let definitions = self.text[opening.clone()].contains("(DEFINE)");
        if definitions && matches!(group.body.kind, Kind::Alternation(_)) {
            self.refuse(opening, "a group of definitions has one branch");
        }
    }

    /// `(*..)`
    pub(super) fn verb(&mut self, at: &Range<usize>) {
        let name = self.text[at.clone()].trim_start_matches("(*").trim_end_matches(')');
        let (name, argument) = name.split_once(':').map_or((name, ""), |(name, rest)| (name, rest));
        let known = match name {
            "ACCEPT" | "FAIL" | "F" | "COMMIT" | "PRUNE" | "SKIP" | "THEN" => true,
            "MARK" | "" => !argument.is_empty(),
            "UTF" | "UCP" | "CR" | "LF" | "CRLF" | "ANY" | "ANYCRLF" | "NUL" | "BSR_ANYCRLF"
            | "BSR_UNICODE" | "NO_AUTO_POSSESS" | "NO_START_OPT" | "NO_JIT" | "NOTEMPTY" => {
                at.start == 0
            }
            _ => false,
        };
        if self.engine != Pcre2 {
            self.refuse(at, "verbs are not known here");
        } else if !known {
            self.refuse(at, "there is no verb of this name");
        }
    }

    /// A call of a group in PCRE2.
    pub(super) fn call(&mut self, at: &Range<usize>) {
        let text = self.text[at.clone()].trim_start_matches("(?").trim_end_matches(')');
        let known = if let Some(name) = text.strip_prefix('&').or(text.strip_prefix("P>")) {
            self.names.contains(name)
        } else if let Some(number) = text.strip_prefix('C') {
            number.is_empty() || number.parse::<u8>().is_ok()
        } else if let Some(back) = text.strip_prefix('-') {
            back.parse::<u32>().is_ok_and(|back| back > 0 && back <= self.begun)
        } else if let Some(on) = text.strip_prefix('+') {
            on.parse::<u32>().is_ok_and(|on| on > 0 && on <= self.captures - self.begun)
        } else {
            text == "R" || text.parse::<u32>().is_ok_and(|number| number <= self.captures)
        };
        if !known {
            self.refuse(at, "there is no group of this name or number");
        }
        self.observe(at, "call", "calls a group", None);
    }
}

/// Whether there is a back-reference, of which the length is not known.
fn refers_back(node: &Node) -> bool {
    match &node.kind {
        Kind::Reference(_) => true,
        Kind::Group(group) => {
            !matches!(group.kind, GroupKind::Look { .. }) && refers_back(&group.body)
        }
        Kind::Repeat(repeat) => refers_back(&repeat.body),
        Kind::Concat(parts) | Kind::Alternation(parts) => parts.iter().any(refers_back),
        _ => false,
    }
}
