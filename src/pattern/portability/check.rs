//! One engine's walk over a pattern.

use std::collections::HashSet;

use super::observation::{Meaning, Observation};
use super::{Engine, Range, Rewrite};
use crate::pattern::syntax::{
    Anchor, Char, Class, Flags, GroupKind, ItemKind, Kind, Node, Repeat, Spelling,
};

use Engine::{Java, JavaScript, Pcre2, Python, Re2, Rust};

/// What is known of a pattern while it is walked over.
pub(super) struct Check<'p> {
    pub(super) text: &'p str,
    pub(super) engine: Engine,
    pub(super) observations: Vec<Observation>,
    /// How many groups capture.
    pub(super) captures: u32,
    /// How many of them were begun so far.
    pub(super) begun: u32,
    /// Those that were begun and not ended.
    pub(super) open: Vec<u32>,
    /// The names of groups.
    pub(super) names: HashSet<&'p str>,
    /// The names that were met so far, and the numbers of their groups.
    pub(super) met: Vec<(&'p str, u32)>,
    pub(super) seen: HashSet<&'p str>,
    pub(super) multi_line: bool,
    pub(super) extended: bool,
    /// Whether two groups may have one name.
    pub(super) same_names: bool,
    /// Up to here there is nothing but flags and comments.
    pub(super) preamble: usize,
    /// How often the counted quantifiers around this repeat it.
    times: u64,
    /// How many look-arounds stand around this.
    pub(super) looks: usize,
}

impl<'p> Check<'p> {
    pub(super) fn new(text: &'p str, engine: Engine, tree: &Node) -> Self {
        let mut check = Self {
            text,
            engine,
            observations: Vec::new(),
            captures: 0,
            begun: 0,
            open: Vec::new(),
            names: HashSet::new(),
            met: Vec::new(),
            seen: HashSet::new(),
            multi_line: false,
            extended: false,
            same_names: false,
            preamble: 0,
            times: 1,
            looks: 0,
        };
        check.count_groups(tree);
        check.preamble = preamble(tree);
        check
    }

    pub(super) fn observations(mut self, tree: &Node) -> Vec<Observation> {
        self.walk(tree);
        self.observations
    }

    fn count_groups(&mut self, node: &Node) {
        match &node.kind {
            Kind::Group(group) => {
                match &group.kind {
                    GroupKind::Capture => self.captures += 1,
                    GroupKind::Named(_, name) => {
                        self.captures += 1;
                        self.names.insert(&self.text[name.clone()]);
                    }
                    _ => {}
                }
                self.count_groups(&group.body);
            }
            Kind::Repeat(repeat) => self.count_groups(&repeat.body),
            Kind::Concat(parts) | Kind::Alternation(parts) => {
                for part in parts {
                    self.count_groups(part);
                }
            }
            Kind::Flags(flags) if self.text[flags.on.clone()].contains('J') => {
                self.same_names |= self.engine == Pcre2;
            }
            _ => {}
        }
    }

    pub(super) fn is(&self, engines: &[Engine]) -> bool {
        engines.contains(&self.engine)
    }

    pub(super) fn refuse(&mut self, at: &Range<usize>, message: impl Into<String>) {
        self.observations.push(Observation::refusal(at.clone(), message));
    }

    /// Refuses a piece that can be written otherwise.
    pub(super) fn refuse_for(
        &mut self,
        at: &Range<usize>,
        message: impl Into<String>,
        replacement: Option<String>,
    ) {
        let mut observation = Observation::refusal(at.clone(), message);
        observation.rewrite =
            replacement.map(|replacement| Rewrite { range: at.clone(), replacement });
        self.observations.push(observation);
    }

    pub(super) fn observe(
        &mut self,
        at: &Range<usize>,
        topic: &'static str,
        meaning: &'static str,
        rewrite: Option<String>,
    ) {
        let rewrite = rewrite.map(|replacement| Rewrite { range: at.clone(), replacement });
        let meaning = Meaning::Taken { topic, meaning };
        self.observations.push(Observation { at: at.clone(), meaning, rewrite });
    }

    pub(super) fn walk(&mut self, node: &Node) {
        let at = &node.span;
        match &node.kind {
            Kind::Empty if self.text[at.clone()].starts_with("\\Q") => {
                self.observe(at, "escape", "quotes what stands in between", None);
            }
            // All but `\E` alone.
            Kind::Empty if !self.text[at.clone()].starts_with("\\E") => {}
            Kind::Char(char) => self.char(*char, at),
            Kind::Any => {}
            Kind::Anchor(anchor) => self.anchor(*anchor, at),
            Kind::Shorthand('K') if self.looks > 0 && self.engine == Pcre2 => {
                self.refuse(at, "`\\K` cannot stand in look-around");
            }
            Kind::Empty | Kind::Shorthand(_) | Kind::Property(_) => {
                self.escape(&node.kind, at, false);
            }
            Kind::Class(class) => self.class(class, at),
            Kind::Group(group) => self.group(group),
            Kind::Reference(reference) => self.reference(reference, at),
            Kind::Repeat(repeat) => self.repeat(repeat),
            Kind::Flags(flags) => self.flags(flags, at, false),
            Kind::Comment => {
                if !self.is(&[Python, Pcre2]) {
                    self.refuse_for(
                        at,
                        "comments in a pattern are not known here",
                        Some(String::new()),
                    );
                }
            }
            Kind::Verb => self.verb(at),
            Kind::Call => {
                if self.engine == Pcre2 {
                    self.call(at);
                } else {
                    self.refuse(at, "a group that calls a group is not known here");
                }
            }
            Kind::Concat(parts) | Kind::Alternation(parts) => {
                for part in parts {
                    self.walk(part);
                }
            }
        }
    }

    /// A character outside classes.
    fn char(&mut self, char: Char, at: &Range<usize>) {
        if char.spelling != Spelling::Plain {
            self.escape(&Kind::Char(char), at, false);
            return;
        }
        let brackets = [u32::from('{'), u32::from('}'), u32::from(']')];
        if brackets.contains(&char.code) {
            let escaped = format!("\\{}", &self.text[at.clone()]);
            let is_brace = char.code == u32::from('{');
            if self.engine.is_strict_javascript() || (is_brace && self.is(&[Rust, Java])) {
                let message = format!("`{}` needs a backslash here", &self.text[at.clone()]);
                self.refuse_for(at, message, Some(escaped));
            } else if is_brace {
                self.observe(at, "brace", "stands for itself", Some(escaped));
            }
        }
    }

    fn anchor(&mut self, anchor: Anchor, at: &Range<usize>) {
        match anchor {
            Anchor::Start => {}
            Anchor::End if self.multi_line => {}
            Anchor::End => {
                let meaning = match self.engine {
                    Python | Pcre2 => "also matches before a line feed at the very end",
                    Java => "also matches before a line end at the very end",
                    _ => "matches at the very end only",
                };
                self.observe(at, "end", meaning, None);
            }
            Anchor::Escape('<' | '>') => {
                self.observe(at, "angle", "matches at the edge of a word", None);
            }
            Anchor::Escape('b' | 'B') => {
                if self.text[at.end..].starts_with('{') {
                    self.observe(at, "boundary", "has nothing to do with the braces", None);
                }
            }
            Anchor::NamedBoundary => {
                if self.engine == Java {
                    self.observe(at, "boundary", "matches between what is seen as letters", None);
                } else {
                    self.observe(at, "boundary", "matches at one edge of a word", None);
                }
            }
            Anchor::Escape(_) => self.escape(&Kind::Anchor(anchor), at, false),
        }
    }

    fn repeat(&mut self, repeat: &Repeat) {
        let mark = &repeat.mark;
        let text = &self.text[mark.clone()];
        match &repeat.body.kind {
            Kind::Anchor(_) if !self.is(&[Rust, Re2, Java]) => {
                self.refuse(mark, "a place between characters cannot be repeated here");
            }
            Kind::Shorthand('K') if self.engine == Pcre2 => {
                self.refuse(mark, "a place between characters cannot be repeated here");
            }
            Kind::Verb if !self.text[repeat.body.span.clone()].contains("ACCEPT") => {
                self.refuse(mark, "there is nothing to repeat");
            }
            Kind::Group(group) => {
                if let GroupKind::Look { behind } = group.kind
                    && (self.engine.is_strict_javascript() || (behind && self.engine == JavaScript))
                {
                    self.refuse(mark, "look-around cannot be repeated here");
                }
            }
            // Only `regex` takes one quantifier after the other.
            Kind::Repeat(_) if text == "+" => {
                self.observe(mark, "stacked", "repeats the repetition", None);
            }
            _ => {}
        }
        if text.len() > 1 && text.ends_with('+') {
            let plus = mark.end - 1..mark.end;
            self.observe(&plus, "stacked", "keeps the quantifier from giving back", None);
        }
        let counted = text.starts_with('{');
        let outer = self.times;
        if counted {
            let most = repeat.max.unwrap_or(repeat.min);
            self.times = self.times.saturating_mul(u64::from(most.max(1)));
            let limit = match self.engine {
                Re2 => 1_000,
                Pcre2 => 65_535,
                Java => 2_147_483_647,
                Python => u64::from(u32::MAX) - 1,
                _ => u64::MAX,
            };
            let times = if self.engine == Re2 { self.times } else { u64::from(most) };
            if times > limit {
                self.refuse(mark, format!("nothing can be repeated more than {limit} times here"));
            }
            if text.starts_with("{,") || text.contains(' ') {
                let plain = match repeat.max {
                    Some(max) if max == repeat.min => format!("{{{max}}}"),
                    Some(max) => format!("{{{},{max}}}", repeat.min),
                    None => format!("{{{},}}", repeat.min),
                };
                let suffix = text.rfind('}').map_or("", |end| &text[end + 1..]);
                self.observe(mark, "brace", "is a quantifier", Some(plain + suffix));
            }
        }
        self.walk(&repeat.body);
        self.times = outer;
    }

    pub(super) fn flags(&mut self, flags: &Flags, at: &Range<usize>, scoped: bool) {
        let (on, off) = (&self.text[flags.on.clone()], flags.off.as_ref());
        let off_text = off.map_or("", |off| &self.text[off.clone()]);
        let all = |text: &str, known: &str| text.chars().all(|c| known.contains(c));
        let fault = match self.engine {
            JavaScript | Engine::JavaScriptU | Engine::JavaScriptV => {
                Some("flags cannot stand in a pattern here; they are given beside it")
            }
            Python if !scoped && at.end > self.preamble => {
                Some("flags for the whole pattern must stand at its beginning here")
            }
            Python if !scoped && off.is_some() => Some("flags cannot be taken back here"),
            Python if on.is_empty() && off_text.is_empty() => Some("no flag is given"),
            Python if off_text.chars().any(|c| on.contains(c)) => {
                Some("a flag is set and taken back")
            }
            Python if on.contains('a') && on.contains('u') => Some("two flags exclude each other"),
            Python | Re2 if off.is_some() && off_text.is_empty() => Some("no flag is given"),
            _ => None,
        };
        let known = match self.engine {
            Python => all(on, "aimsux") && all(off_text, "imsx"),
            Pcre2 => all(on.trim_start_matches('^'), "imsxnJU") && all(off_text, "imsxnJU"),
            Re2 => all(on, "imsU") && all(off_text, "imsU"),
            Java => all(on, "idmsuxU") && all(off_text, "idmsuxU"),
            _ => true,
        };
        if let Some(fault) = fault {
            let rewrite =
                if self.engine == Python && !scoped { self.scoped(flags, at) } else { None };
            let mut observation = Observation::refusal(at.clone(), fault);
            observation.rewrite = rewrite;
            self.observations.push(observation);
        } else if !known || (self.engine == Pcre2 && on.starts_with('^') && off.is_some()) {
            self.refuse(at, "one of the flags is not known here");
        }
        if self.text[at.clone()] == *"(?R)" {
            self.observe(at, "call", "sets a flag", None);
        }
        if on.contains('U') {
            let meaning = if self.engine == Java {
                "lets classes know Unicode"
            } else {
                "swaps greedy and lazy"
            };
            self.observe(at, "flag U", meaning, None);
        }
        for (flag, state) in [('m', &mut self.multi_line), ('x', &mut self.extended)] {
            *state = (*state || on.contains(flag)) && !off_text.contains(flag);
        }
    }

    /// The rest of the pattern in a group that has the flags, where that is all there is to it.
    fn scoped(&self, flags: &Flags, at: &Range<usize>) -> Option<Rewrite> {
        // In a group, or before an alternative, the flags end elsewhere.
        let (before, rest) = (&self.text[..at.start], &self.text[at.end..]);
        let plain = !before.contains(['|', '(', ')', '[', '\\'])
            && !rest.contains(['|', '(', ')', '\\', '#'])
            && !rest.is_empty();
        let letters = &self.text[flags.on.start..at.end - 1];
        (plain && !letters.contains('x')).then(|| Rewrite {
            range: at.start..self.text.len(),
            replacement: format!("(?{letters}:{rest})"),
        })
    }

    fn class(&mut self, class: &Class, at: &Range<usize>) {
        self.class_as_a_whole(class, at);
        let mut before: Option<&ItemKind> = None;
        for item in &class.items {
            self.item(item, before, at);
            before = Some(&item.kind);
        }
    }
}

/// The end of the flags and comments that a pattern begins with.
fn preamble(tree: &Node) -> usize {
    match &tree.kind {
        Kind::Alternation(branches) => branches.first().map_or(0, preamble),
        Kind::Concat(parts) => {
            let leading = |part: &&Node| matches!(part.kind, Kind::Flags(_) | Kind::Comment);
            parts.iter().take_while(leading).last().map_or(0, |part| part.span.end)
        }
        Kind::Flags(_) => tree.span.end,
        _ => 0,
    }
}
