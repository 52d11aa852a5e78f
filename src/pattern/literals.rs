//! What a text must hold for a pattern to match it: a few literals of which one is there.
//!
//! The method is that of the prefilters of RE2 and of Cox, "Regular Expression Matching with a Trigram
//! Index" (2012): a part of a pattern is either one of a few exact texts, or something of which one of a
//! few texts must be a part. Of all the sets that a pattern needs, the one with the longest literals is
//! kept. Letters are folded, so that one set serves with case and without.

use std::collections::BTreeSet;

use regex_syntax::hir::{Class, Hir, HirKind};

use super::lists;
use crate::pattern::han::is_han;

/// Literals, folded, of which a text must hold one.
pub(super) type Literals = BTreeSet<String>;

/// More texts than these are no longer followed one by one.
const MOST: usize = 16;
/// A literal is cut to so many bytes, about: longer ones say no more.
const LONGEST: usize = 64;

/// A character as it is where case is ignored: the same for all that a pattern without case takes for
/// one.
pub(super) fn fold(c: char) -> char {
    fn single(mut chars: impl Iterator<Item = char>) -> Option<char> {
        chars.next().filter(|_| chars.next().is_none())
    }
    if c.is_ascii() {
        return c.to_ascii_lowercase();
    }
    // Three pairs whose capitals take several characters.
    let c = match c {
        '\u{1fd3}' => '\u{390}',
        '\u{1fe3}' => '\u{3b0}',
        '\u{fb05}' => '\u{fb06}',
        _ => c,
    };
    let upper = single(c.to_uppercase()).unwrap_or(c);
    single(upper.to_lowercase()).unwrap_or(c)
}

/// A text of folded characters.
pub(super) fn folded(text: &str) -> String {
    text.chars().map(fold).collect()
}

/// What a text must hold for a pattern to match it.
#[derive(Debug, Default)]
pub(super) struct Needs {
    /// Sets of literals.
    pub(super) sets: Vec<Literals>,
    /// The ways to match, each with the sets, a bit each, of every one of which a literal stands, folded,
    /// in all texts that are matched in this way, folded.
    pub(super) ways: Vec<u32>,
}

impl Needs {
    /// The most telling literals of each alternative of a pattern; of the whole where there are too many
    /// alternatives. Without a way nothing is needed.
    pub(super) fn of(pattern: &Hir) -> Self {
        const BITS: usize = u32::BITS as usize;
        let mut pattern = pattern;
        while let HirKind::Capture(capture) = pattern.kind() {
            pattern = &capture.sub;
        }
        let alternatives = match pattern.kind() {
            HirKind::Alternation(alternatives) if alternatives.len() <= BITS => alternatives,
            _ => std::slice::from_ref(pattern),
        };
        let mut needs = Self::default();
        for alternative in alternatives {
            let sets = required(alternative, SETS.min(BITS / alternatives.len()));
            if sets.is_empty() {
                return Self::default();
            }
            let mut way = 0;
            for set in sets {
                let known = needs.sets.iter().position(|known| *known == set);
                let place = known.unwrap_or_else(|| {
                    needs.sets.push(set);
                    needs.sets.len() - 1
                });
                way |= 1 << place;
            }
            needs.ways.push(way);
        }
        needs
    }

    /// How much a set tells.
    pub(super) fn worth(&self, set: usize) -> (usize, usize) {
        worth(&self.sets[set])
    }
}

/// More sets of a way tell nothing new.
const SETS: usize = 4;

/// Sets of literals: of each of them one stands, folded, in every text that the pattern matches, folded. The
/// few that tell the most; none where no literal is long enough to tell anything.
fn required(pattern: &Hir, most: usize) -> Vec<Literals> {
    let part = Part::of(pattern);
    let mut sets = part.sets();
    sets.sort_by_key(|set| std::cmp::Reverse(worth(set)));
    sets.dedup();
    sets.truncate(most);
    sets
}

/// How many characters literals match at least in every text that a pattern matches.
pub(super) fn least(pattern: &Hir) -> usize {
    let shortest = |set: &Literals| set.iter().map(|text| text.chars().count()).min();
    required(pattern, SETS).iter().filter_map(shortest).sum()
}

/// What is known of a part of a pattern.
#[derive(Default)]
struct Part {
    /// All the texts that it matches, if they are few.
    exact: Option<Literals>,
    /// Sets of texts of each of which a match holds one.
    needed: Vec<Literals>,
}

impl Part {
    fn exactly(texts: impl IntoIterator<Item = String>) -> Self {
        Self { exact: Some(texts.into_iter().collect()), needed: Vec::new() }
    }

    fn of(hir: &Hir) -> Self {
        match hir.kind() {
            HirKind::Empty | HirKind::Look(_) => Self::exactly([String::new()]),
            HirKind::Literal(literal) => match std::str::from_utf8(&literal.0) {
                Ok(text) => Self::exactly([folded(text)]),
                Err(_) => Self::default(),
            },
            HirKind::Class(class) => Self { exact: characters(class), needed: Vec::new() },
            HirKind::Capture(capture) => Self::of(&capture.sub),
            HirKind::Repetition(repetition) => {
                let sub = Self::of(&repetition.sub);
                match (repetition.min, repetition.max) {
                    (1, Some(1)) => sub,
                    (0, Some(1)) => Self {
                        exact: sub.exact.map(|mut texts| {
                            texts.insert(String::new());
                            texts
                        }),
                        needed: Vec::new(),
                    },
                    (0, _) => Self::default(),
                    _ => Self { exact: None, needed: sub.sets() },
                }
            }
            HirKind::Alternation(choices) => Self::any(choices),
            HirKind::Concat(parts) => Self::all(parts),
        }
    }

    fn any(choices: &[Hir]) -> Self {
        let parts: Vec<Self> = choices.iter().map(Self::of).collect();
        let exact: Option<Literals> =
            parts.iter().map(|part| part.exact.clone()).collect::<Option<Vec<_>>>().map(union);
        let exact = exact.filter(|texts| texts.len() <= MOST);
        if exact.is_some() {
            return Self { exact, needed: Vec::new() };
        }
        let best = parts.into_iter().map(|part| part.sets().into_iter().max_by_key(worth));
        let needed = best.collect::<Option<Vec<_>>>().map(union);
        Self {
            exact: None,
            needed: needed.filter(|texts| texts.len() <= 4 * MOST).into_iter().collect(),
        }
    }

    fn all(parts: &[Hir]) -> Self {
        let empty = || Literals::from([String::new()]);
        let mut needed = Vec::new();
        // The texts that the parts match together, since the last part that matches too many.
        let mut run = empty();
        let mut is_exact = true;
        for part in parts {
            let mut part = Self::of(part);
            let Some(texts) = part.exact else {
                needed.extend(useful(std::mem::replace(&mut run, empty())));
                needed.append(&mut part.needed);
                is_exact = false;
                continue;
            };
            let is_long = |texts: &Literals| texts.iter().any(|text| text.len() > LONGEST);
            if run.len() * texts.len() > MOST || is_long(&run) {
                needed.extend(useful(run));
                run = texts;
                is_exact = false;
            } else {
                let pairs = run.iter().flat_map(|text| texts.iter().map(move |next| (text, next)));
                run = pairs.map(|(text, next)| format!("{text}{next}")).collect();
            }
        }
        if is_exact {
            return Self { exact: Some(run), needed: Vec::new() };
        }
        needed.extend(useful(run));
        Self { exact: None, needed }
    }

    /// All sets of which a match holds a text each.
    fn sets(self) -> Vec<Literals> {
        self.exact.and_then(useful).into_iter().chain(self.needed).collect()
    }
}

fn union(sets: Vec<Literals>) -> Literals {
    sets.into_iter().flatten().collect()
}

/// The characters of a class, folded, if they are few.
fn characters(class: &Class) -> Option<Literals> {
    let Class::Unicode(class) = class else { return None };
    let count: u32 = class
        .ranges()
        .iter()
        .map(|range| u32::from(range.end()) - u32::from(range.start()))
        .fold(0, |sum, more| sum.saturating_add(more).saturating_add(1));
    if count > 4 * u32::try_from(MOST).unwrap_or_default() {
        return None;
    }
    let characters = class.ranges().iter().flat_map(|range| range.start()..=range.end());
    let texts: Literals = characters.map(|c| fold(c).to_string()).collect();
    (texts.len() <= MOST / 2).then_some(texts)
}

/// Literals that tell something: each has two characters at least, or one that few texts have.
fn useful(texts: Literals) -> Option<Literals> {
    let is_useful = |text: &String| text.chars().nth(1).is_some() || text.contains(is_han);
    (!texts.is_empty() && texts.iter().all(is_useful)).then_some(texts)
}

/// What half of all messages have.
const COMMON: &str = "cannot|connection|could not|denied|error|exception|failed|failure|file|\
    found|invalid|missing|module|not found|not supported|timeout|unexpected|warning";

/// What literals are worth: how much the one says that says the least, and how few they are.
fn worth(texts: &Literals) -> (usize, usize) {
    let says = |text: &String| match text.trim() {
        common if lists(COMMON, common) => 1,
        rare if rare.is_ascii() => rare.chars().count(),
        // Of other scripts a character says more.
        rare => 2 * rare.chars().count(),
    };
    (texts.iter().map(says).min().unwrap_or_default(), usize::MAX - texts.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(pattern: &str) -> Vec<Vec<String>> {
        let hir = regex_syntax::ParserBuilder::new().build().parse(pattern).expect("a pattern");
        required(&hir, SETS).into_iter().map(|set| set.into_iter().collect()).collect()
    }

    #[test]
    fn a_pattern_needs_its_literals() {
        let sets: [(&str, &[&[&str]]); 11] = [
            (
                "no space left on (device|volume)",
                &[&["no space left on device", "no space left on volume"]],
            ),
            (r"(?i)Error \d+: Permission denied", &[&[": permission denied"], &["error "]]),
            ("(a+|bcd)x*", &[]),
            ("(ILM.*failed|rollover.*error)", &[&["ilm", "rollover"]]),
            ("(?:foo.*)?bar", &[&["bar"]]),
            ("(?:status.*|code=)[45]13", &[&["code=", "status"], &["413", "513"]]),
            ("colou?red", &[&["colored", "coloured"]]),
            ("内存不足", &[&["内存不足"]]),
            (".*", &[]),
            (r"[Kk]\u{212a}elvin", &[&["kkelvin"]]),
            ("one.*two.*three.*fourth.*fifth", &[&["fourth"], &["three"], &["fifth"], &["one"]]),
        ];
        for (pattern, expected) in sets {
            assert_eq!(of(pattern), expected, "{pattern}");
        }
    }

    #[test]
    fn each_alternative_has_needs_of_its_own() {
        let ways = |pattern: &str| {
            let hir = regex_syntax::parse(pattern).expect("a pattern");
            let needs = Needs::of(&hir);
            let texts: Vec<String> = needs
                .sets
                .iter()
                .map(|set| set.iter().cloned().collect::<Vec<_>>().join("/"))
                .collect();
            let way = |way: &u32| {
                let sets = texts.iter().enumerate().filter(|(bit, _)| way >> bit & 1 == 1);
                sets.map(|(_, text)| text.clone()).collect::<Vec<_>>().join(" ")
            };
            needs.ways.iter().map(way).collect::<Vec<_>>()
        };
        assert_eq!(ways("(cache.*full|eviction.*cache)"), ["cache full", "cache eviction"]);
        assert_eq!(ways("one.*two"), ["one two"]);
        assert_eq!(ways("(cache.*full|.*)"), [""; 0]);
        let many: Vec<String> = (100..140).map(|number| format!("code{number}.*x")).collect();
        assert_eq!(ways(&many.join("|")).len(), 1);
    }

    #[test]
    fn what_case_makes_equal_is_folded_to_the_same() {
        for c in (0..=u32::from(char::MAX)).filter_map(char::from_u32) {
            let mut class =
                regex_syntax::hir::ClassUnicode::new([regex_syntax::hir::ClassUnicodeRange::new(
                    c, c,
                )]);
            class.case_fold_simple();
            let equal = class.ranges().iter().flat_map(|range| range.start()..=range.end());
            for other in equal {
                assert_eq!(fold(c), fold(other), "{c:?} and {other:?}");
            }
        }
    }
}
