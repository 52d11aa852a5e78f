//! A pattern on its way: which parts of a signature it spells out, and which it leaves open.
//!
//! It is written in what the `regex` crate, Python's `re`, JavaScript with and without `u` and `v`,
//! PCRE2 and RE2 read alike: literals, classes, `+`, `{1,n}`. There are no alternatives, no groups, no
//! flags. `\d` and `\w` hold other characters from engine to engine, so ASCII classes are spelled out.
//! `\s` is used for ASCII blanks, which it holds everywhere; other blanks of a signature are named
//! beside it. `\b` stands at an end of a pattern, after a number or where a word must not go on; engines
//! differ about it only where a letter beyond ASCII follows without a blank.

use super::parts::{Kind, Part, What};
use crate::pattern::han::is_han;
use crate::pattern::lists;

/// Words that stand in so many messages that they tell none apart.
const COMMON: &str = "alert|critical|debug|emerg|error|errors|exception|failure|fatal|info|\
    notice|traceback|warn|warning";

/// Any words on one line.
const WORDS: &str = r"[^\r\n]{1,200}";

/// A signature, its parts, and what is left open of them.
#[derive(Clone, Debug)]
pub(super) struct Draft<'t> {
    text: &'t str,
    parts: Vec<Part>,
    /// For each part, whether the pattern takes any text of its kind there; and at last whether
    /// words may go on beyond both ends.
    open: Vec<bool>,
}

impl<'t> Draft<'t> {
    /// All that varies is open.
    pub(super) fn general(text: &'t str, parts: Vec<Part>) -> Self {
        let varies = parts.iter().map(|part| matches!(part.what, What::Varies(_)));
        let open = varies.chain([true]).collect();
        Self { text, parts, open }
    }

    /// What may be closed, the least harmful first: the ends, then what is the least sure to vary.
    pub(super) fn choices(&self) -> Vec<usize> {
        let kind = |index: &usize| match self.parts[*index].what {
            What::Varies(kind) if kind.is_real() => Some(kind),
            _ => None,
        };
        let mut choices: Vec<usize> =
            (0..self.parts.len()).filter(|index| kind(index).is_some()).collect();
        choices.sort_by_key(kind);
        choices.insert(0, self.parts.len());
        choices
    }

    /// Opens choices, or closes them.
    pub(super) fn set(&mut self, parts: &[usize], open: bool) {
        for part in parts {
            self.open[*part] = open;
        }
    }

    /// The parts that vary and are open, or are spelled out, as ranges of the signature.
    pub(super) fn varying(&self, open: bool) -> Vec<std::ops::Range<usize>> {
        let parts = self.parts.iter().zip(&self.open);
        parts
            .filter(|(part, is_open)| matches!(part.what, What::Varies(_)) && **is_open == open)
            .map(|(part, _)| part.range.clone())
            .collect()
    }

    /// What is spelled out: the texts between blanks and open parts, in order.
    pub(super) fn spelled(&self) -> Vec<&'t str> {
        let mut runs: Vec<std::ops::Range<usize>> = Vec::new();
        for (part, open) in self.parts.iter().zip(&self.open) {
            match (part.what, runs.last_mut()) {
                (What::Blank, _) => {}
                _ if *open => {}
                (_, Some(last)) if last.end == part.range.start => last.end = part.range.end,
                _ => runs.push(part.range.clone()),
            }
        }
        runs.into_iter().map(|run| &self.text[run]).collect()
    }

    /// Whether enough is spelled out to tell the message from others.
    pub(super) fn says_enough(&self) -> bool {
        says_enough(self.spelled().into_iter())
    }

    /// The pattern. It is searched unanchored.
    pub(super) fn pattern(&self) -> String {
        let skipped = |part: &Part| matches!(part.what, What::Blank | What::Varies(Kind::Ellipsis));
        // An ellipsis at an end says only that the message goes on, which a search allows anyway.
        let start = self.parts.iter().take_while(|part| skipped(part)).count();
        let end = self.parts.iter().rposition(|part| !skipped(part)).map_or(start, |last| last + 1);
        let mut pattern = String::with_capacity(2 * self.text.len());
        for index in start..end {
            let part = &self.parts[index];
            let text = &self.text[part.range.clone()];
            let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
            let ends = !self.open[self.parts.len()];
            match part.what {
                What::Blank => blank(text, &mut pattern),
                What::Varies(kind) if self.open[index] => {
                    let class = self.class(kind, index);
                    // In front, one character is as good as a run, and cannot be tried at each of
                    // its characters anew.
                    pattern.push_str(if index == start {
                        class.trim_end_matches('+')
                    } else {
                        &class
                    });
                }
                _ => {
                    if index == start && ends && text.starts_with(is_name) {
                        pattern.push_str(r"\b");
                    }
                    literal(text, &mut pattern);
                    // Or `status 1` would be found in `status 127`.
                    let is_number = text.ends_with(|c: char| c.is_ascii_digit());
                    if index + 1 == end && (is_number || ends && text.ends_with(is_name)) {
                        pattern.push_str(r"\b");
                    }
                }
            }
        }
        pattern
    }

    /// What an open part takes: a class that ends where the text after it begins.
    fn class(&self, kind: Kind, index: usize) -> String {
        let text = &self.text[self.parts[index].range.clone()];
        match kind {
            Kind::Unit if text.contains('i') => "[kKMGTP]iB".to_owned(),
            Kind::Unit => "[kKMGTP]B".to_owned(),
            Kind::Version if is_release(text) => r"[0-9A-Za-z.+\-]+".to_owned(),
            Kind::Name => "[A-Za-z0-9_]+".to_owned(),
            Kind::Number | Kind::Version => {
                let sign = if text.starts_with('-') { "-?" } else { "" };
                let comma = if text.contains(',') { "," } else { "" };
                let point = if text.contains('.') { "." } else { "" };
                format!("{sign}[0-9{comma}{point}]+")
            }
            Kind::Hex => {
                // `0xNNNN` stands for digits.
                let mut others: Vec<char> = text
                    .chars()
                    .filter(|c| c.is_ascii_alphabetic() && !c.is_ascii_hexdigit())
                    .collect();
                others.sort_unstable();
                others.dedup();
                let others: String = others.into_iter().collect();
                let hyphen = if text.contains('-') { r"\-" } else { "" };
                format!("[0-9A-Fa-f{others}{hyphen}]+")
            }
            Kind::Time => r"[0-9TZ:.,\/+\-]+".to_owned(),
            Kind::Address => "[0-9A-Fa-f.:]+".to_owned(),
            Kind::Ellipsis => WORDS.to_owned(),
            Kind::Quoted | Kind::Path | Kind::Placeholder => self.text_class(kind, index),
        }
    }

    /// A class for any text up to what ends it.
    fn text_class(&self, kind: Kind, index: usize) -> String {
        let range = &self.parts[index].range;
        let before = self.text[..range.start].chars().next_back();
        let after = self.text[range.end..].chars().next();
        if let Some((open, close)) = before.zip(after).filter(|pair| is_pair(*pair)) {
            return all_but("", vec![open, close]);
        }
        let mut ends = Vec::new();
        // Names have points in them, so a point ends none.
        ends.extend(after.filter(|c| *c != '.'));
        if kind == Kind::Path {
            ends.extend(['"', '\'']);
            // No second address begins in one.
            ends.extend(self.text[..range.start].ends_with("://").then_some(':'));
        }
        let own = &self.text[range.clone()];
        if own.contains(char::is_whitespace) {
            return WORDS.to_owned();
        }
        let fits = |ends: &mut Vec<char>| {
            ends.retain(|c| !c.is_alphanumeric() && !c.is_whitespace() && !own.contains(*c));
        };
        fits(&mut ends);
        // Something fixed before it must not be of the class, or each of many beginnings is followed
        // through to the end of the text.
        let fixed = |part: &&Part| !matches!(part.what, What::Varies(_));
        let mut fixed = self.parts[..index].iter().rev().take_while(fixed);
        let guarded = fixed.any(|part| {
            self.text[part.range.clone()].contains(|c: char| c.is_whitespace() || ends.contains(&c))
        });
        if !guarded {
            ends.extend(before);
            fits(&mut ends);
        }
        if ends.is_empty() { r"\S+".to_owned() } else { all_but(r"\s", ends) }
    }
}

/// Whether texts tell a message from others: a word or a code, and at least six letters and digits. A
/// Chinese character counts for two.
pub(super) fn says_enough<'t>(texts: impl Iterator<Item = &'t str>) -> bool {
    const ENOUGH: usize = 6;
    let (mut weight, mut named) = (0, false);
    for run in texts {
        for word in run.split(|c: char| !c.is_alphanumeric()) {
            if lists(COMMON, &word.to_lowercase()) {
                continue;
            }
            let letters = word.chars().filter(|c| c.is_alphabetic()).count();
            let han = word.chars().filter(|c| is_han(*c)).count();
            let is_code = letters > 0 && word.bytes().any(|byte| byte.is_ascii_digit());
            weight += word.chars().count() + han;
            named |= letters + han > 2 || is_code;
        }
    }
    named && weight >= ENOUGH
}

/// A run of all that is neither in `named` nor one of some characters. JavaScript with `v` asks for
/// more escapes in a class than others do, and all allow them.
fn all_but(named: &str, mut others: Vec<char>) -> String {
    others.sort_unstable();
    others.dedup();
    let mut class = format!("[^{named}");
    for c in others {
        if r"()[]{}/-\|^".contains(c) {
            class.push('\\');
        }
        class.push(c);
    }
    class + "]+"
}

/// Whether a version has more to it than numbers, as `2.0.0-rc1`.
fn is_release(version: &str) -> bool {
    version.trim_start_matches('-').contains(|c: char| c.is_ascii_alphabetic() || "+-".contains(c))
}

fn is_pair(pair: (char, char)) -> bool {
    matches!(
        pair,
        ('\'', '\'')
            | ('"', '"')
            | ('`', '`')
            | ('“', '”')
            | ('‘', '’')
            | ('«', '»')
            | ('「', '」')
            | ('{', '}')
    )
}

/// White space, of whatever length and kind.
pub(in crate::pattern) fn blank(text: &str, pattern: &mut String) {
    let mut others: Vec<char> = text.chars().filter(|c| !" \t\r\n".contains(*c)).collect();
    others.sort_unstable();
    others.dedup();
    if others.is_empty() {
        pattern.push_str(r"\s+");
    } else {
        let others: String = others.into_iter().collect();
        pattern.push_str(&format!(r"[\s{others}]+"));
    }
}

/// A text as it is. Only what is syntax is escaped: JavaScript with `u` refuses any other escape.
pub(in crate::pattern) fn literal(text: &str, pattern: &mut String) {
    for c in text.chars() {
        if r"^$\.*+?()[]{}|".contains(c) {
            pattern.push('\\');
        }
        pattern.push(c);
    }
}
