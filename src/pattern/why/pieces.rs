//! A pattern as a row of pieces: words, marks, blanks, classes, places and choices.
//!
//! What a person would call one thing is one piece: the letters of a word, a class with its quantifier. A
//! group that neither repeats nor chooses is no piece of its own.

use std::ops::Range;

use regex_syntax::ast::{self, Ast, Flag, FlagsItemKind, GroupKind, RepetitionKind};
use regex_syntax::hir::translate::TranslatorBuilder;
use regex_syntax::hir::{Class, HirKind, Look};

use crate::pattern::Case;

/// A piece of a pattern.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    /// Where it stands in the pattern, in bytes.
    pub(super) span: Range<usize>,
    /// What it is.
    pub(super) kind: Kind,
}

/// What a piece of a pattern is.
#[derive(Clone, Debug)]
pub(super) enum Kind {
    /// Letters and digits in a row: how each is written, and what it takes.
    Word(Vec<(char, Set)>),
    /// Another character that is written out.
    Mark(char, Set),
    /// White space, and how much of it.
    Blank(Set, Count),
    /// Characters of a set, and how many.
    Class(Set, Count),
    /// A place between characters.
    Place(Look),
    /// A bracket of a group: it takes nothing.
    Bracket,
    /// One of several rows of pieces, and how often.
    Choice(Vec<Vec<Piece>>, Count),
}

/// How often something stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Count {
    /// The fewest times.
    pub(super) min: u32,
    /// The most times, if there is a most.
    pub(super) max: Option<u32>,
}

impl Count {
    pub(super) const ONCE: Self = Self { min: 1, max: Some(1) };
}

/// A set of characters: ranges, sorted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Set(Vec<(char, char)>);

impl Set {
    pub(super) fn has(&self, c: char) -> bool {
        if let [(first, last)] = self.0[..] {
            return (first..=last).contains(&c);
        }
        let at = self.0.partition_point(|(_, last)| *last < c);
        self.0.get(at).is_some_and(|(first, _)| *first <= c)
    }

    /// Whether all of it is white space.
    fn is_blank(&self) -> bool {
        let few = |(first, last): &(char, char)| u32::from(*last) - u32::from(*first) < 32;
        let mut ranges = self.0.iter();
        !self.0.is_empty()
            && ranges.all(|range| few(range) && (range.0..=range.1).all(char::is_whitespace))
    }

    /// Whether all of it are digits.
    pub(super) fn is_digits(&self) -> bool {
        !self.0.is_empty() && self.0.iter().all(|(a, b)| a.is_numeric() && b.is_numeric())
    }

    /// Whether it is what may stand in a gap: nearly every character.
    pub(super) fn is_wide(&self) -> bool {
        let len = |(first, last): &(char, char)| u32::from(*last) - u32::from(*first);
        self.0.iter().map(len).sum::<u32>() > 1_000_000
    }
}

impl Piece {
    /// Whether any text of some length may stand here, as for `.*`.
    pub(super) fn is_gap(&self) -> bool {
        /// Fewer characters are no words.
        const FEW: u32 = 5;
        matches!(&self.kind, Kind::Class(set, count)
            if set.is_wide() && count.max.is_none_or(|max| max >= FEW))
    }

    /// How many characters a match spells out at least.
    pub(super) fn literals(&self) -> u32 {
        match &self.kind {
            Kind::Word(chars) => u32::try_from(chars.len()).unwrap_or(u32::MAX),
            Kind::Mark(..) => 1,
            Kind::Choice(_, count) if count.min == 0 => 0,
            Kind::Choice(branches, _) => {
                let all =
                    |row: &Vec<Self>| row.iter().map(Self::literals).fold(0, u32::saturating_add);
                branches.iter().map(all).min().unwrap_or(0)
            }
            _ => 0,
        }
    }

    /// How many pieces there are in it, itself counted: what a step over it costs.
    pub(super) fn size(&self) -> usize {
        match &self.kind {
            Kind::Choice(branches, count) => {
                let rounds = count.max.unwrap_or(count.min.saturating_add(4)).clamp(1, 1_000);
                let inner: usize = branches.iter().flatten().map(Self::size).sum();
                1 + inner.saturating_mul(rounds as usize)
            }
            Kind::Class(_, count) | Kind::Blank(_, count) => {
                count.max.unwrap_or(count.min.saturating_add(1)).clamp(1, 1_000) as usize
            }
            _ => 1,
        }
    }
}

/// The alternatives of a pattern, each a row of pieces; `None` if a piece cannot be taken over characters.
pub(super) fn pieces(pattern: &str, ast: &Ast, case: Case) -> Option<Vec<Vec<Piece>>> {
    let flags = Flags { case: case == Case::Insensitive, line: false, lines: false, unicode: true };
    let mut reader = Reader { pattern, flags };
    let branches = reader.branches(ast)?;
    // A pattern that is one group is its alternatives.
    Some(match branches.as_slice() {
        [row] => {
            let mut real = row.iter().filter(|piece| !matches!(piece.kind, Kind::Bracket));
            match (real.next(), real.next()) {
                (Some(Piece { kind: Kind::Choice(inner, Count::ONCE), .. }), None) => inner.clone(),
                _ => branches,
            }
        }
        _ => branches,
    })
}

#[derive(Clone, Copy)]
#[allow(clippy::struct_excessive_bools, reason = "each is a flag of the syntax")]
struct Flags {
    case: bool,
    /// `.` takes a line feed.
    line: bool,
    /// `^` and `$` stand at lines.
    lines: bool,
    unicode: bool,
}

struct Reader<'p> {
    pattern: &'p str,
    flags: Flags,
}

fn range(span: &ast::Span) -> Range<usize> {
    span.start.offset..span.end.offset
}

impl Reader<'_> {
    fn branches(&mut self, ast: &Ast) -> Option<Vec<Vec<Piece>>> {
        match ast {
            Ast::Alternation(alternation) => {
                alternation.asts.iter().map(|branch| self.row(branch)).collect()
            }
            _ => Some(vec![self.row(ast)?]),
        }
    }

    fn row(&mut self, ast: &Ast) -> Option<Vec<Piece>> {
        let mut row = Vec::new();
        self.add(ast, &mut row)?;
        Some(row)
    }

    fn add(&mut self, ast: &Ast, row: &mut Vec<Piece>) -> Option<()> {
        match ast {
            Ast::Empty(_) => {}
            Ast::Flags(flags) => self.set(&flags.flags),
            Ast::Concat(concat) => {
                for part in &concat.asts {
                    self.add(part, row)?;
                }
            }
            Ast::Group(group) => {
                let before = self.flags;
                if let GroupKind::NonCapturing(flags) = &group.kind {
                    self.set(flags);
                }
                let mut branches = self.branches(&group.ast)?;
                self.flags = before;
                let span = range(&group.span);
                let has_brackets = matches!(group.kind, GroupKind::CaptureIndex(_));
                let bracket = |span| Piece { span, kind: Kind::Bracket };
                row.extend(has_brackets.then(|| bracket(span.start..span.start + 1)));
                match branches.pop() {
                    Some(only) if branches.is_empty() => row.extend(only),
                    last => {
                        branches.extend(last);
                        let kind = Kind::Choice(branches, Count::ONCE);
                        row.push(Piece { span: span.clone(), kind });
                    }
                }
                row.extend(has_brackets.then(|| bracket(span.end - 1..span.end)));
            }
            Ast::Alternation(alternation) => {
                let branches = self.branches(ast)?;
                let kind = Kind::Choice(branches, Count::ONCE);
                row.push(Piece { span: range(&alternation.span), kind });
            }
            Ast::Repetition(repetition) => {
                let count = count(&repetition.op.kind);
                let mut body = self.row(&repetition.ast)?;
                let kind = match body.pop() {
                    Some(only) if body.is_empty() => repeated(only, count),
                    last => {
                        body.extend(last);
                        Kind::Choice(vec![body], count)
                    }
                };
                row.push(Piece { span: range(&repetition.span), kind });
            }
            Ast::Literal(literal) => {
                let (span, c) = (range(&literal.span), literal.c);
                let set = self.set_of(ast)?;
                match row.last_mut() {
                    Some(Piece { span: last, kind: Kind::Word(chars) })
                        if is_letter(c) && last.end == span.start =>
                    {
                        last.end = span.end;
                        chars.push((c, set));
                    }
                    _ => {
                        let kind = if is_letter(c) {
                            Kind::Word(vec![(c, set)])
                        } else if c.is_whitespace() {
                            Kind::Blank(set, Count::ONCE)
                        } else {
                            Kind::Mark(c, set)
                        };
                        row.push(Piece { span, kind });
                    }
                }
            }
            Ast::Assertion(assertion) => {
                let hir = self.translate(ast)?;
                let HirKind::Look(look) = hir.kind() else { return None };
                row.push(Piece { span: range(&assertion.span), kind: Kind::Place(*look) });
            }
            _ => {
                let set = self.set_of(ast)?;
                let kind = if set.is_blank() {
                    Kind::Blank(set, Count::ONCE)
                } else {
                    Kind::Class(set, Count::ONCE)
                };
                row.push(Piece { span: range(ast.span()), kind });
            }
        }
        Some(())
    }

    fn set(&mut self, flags: &ast::Flags) {
        let mut on = true;
        for item in &flags.items {
            match item.kind {
                FlagsItemKind::Negation => on = false,
                FlagsItemKind::Flag(Flag::CaseInsensitive) => self.flags.case = on,
                FlagsItemKind::Flag(Flag::DotMatchesNewLine) => self.flags.line = on,
                FlagsItemKind::Flag(Flag::MultiLine) => self.flags.lines = on,
                FlagsItemKind::Flag(Flag::Unicode) => self.flags.unicode = on,
                FlagsItemKind::Flag(_) => {}
            }
        }
    }

    fn translate(&self, ast: &Ast) -> Option<regex_syntax::hir::Hir> {
        TranslatorBuilder::new()
            .case_insensitive(self.flags.case)
            .dot_matches_new_line(self.flags.line)
            .multi_line(self.flags.lines)
            .unicode(self.flags.unicode)
            .build()
            .translate(self.pattern, ast)
            .ok()
    }

    /// What a piece of one character takes.
    fn set_of(&self, ast: &Ast) -> Option<Set> {
        let hir = self.translate(ast)?;
        Some(Set(match hir.kind() {
            HirKind::Literal(literal) => {
                let mut chars = std::str::from_utf8(&literal.0).ok()?.chars();
                let c = chars.next().filter(|_| chars.next().is_none())?;
                vec![(c, c)]
            }
            HirKind::Class(Class::Unicode(class)) => {
                class.ranges().iter().map(|range| (range.start(), range.end())).collect()
            }
            HirKind::Class(Class::Bytes(class)) => {
                let of = |byte: u8| byte.is_ascii().then_some(char::from(byte));
                let ranges = class.ranges().iter();
                ranges.map(|range| of(range.start()).zip(of(range.end()))).collect::<Option<_>>()?
            }
            _ => return None,
        }))
    }
}

fn is_letter(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// What repeats; a letter that does is a class.
fn repeated(piece: Piece, count: Count) -> Kind {
    match piece.kind {
        Kind::Word(chars) if chars.len() == 1 => {
            Kind::Class(Set(chars.into_iter().flat_map(|(_, set)| set.0).collect()), count)
        }
        Kind::Mark(_, set) | Kind::Class(set, Count::ONCE) => Kind::Class(set, count),
        Kind::Blank(set, Count::ONCE) => Kind::Blank(set, count),
        Kind::Choice(branches, Count::ONCE) => Kind::Choice(branches, count),
        kind => Kind::Choice(vec![vec![Piece { kind, ..piece }]], count),
    }
}

fn count(kind: &RepetitionKind) -> Count {
    let (min, max) = match kind {
        RepetitionKind::ZeroOrOne => (0, Some(1)),
        RepetitionKind::ZeroOrMore => (0, None),
        RepetitionKind::OneOrMore => (1, None),
        RepetitionKind::Range(ast::RepetitionRange::Exactly(times)) => (*times, Some(*times)),
        RepetitionKind::Range(ast::RepetitionRange::AtLeast(min)) => (*min, None),
        RepetitionKind::Range(ast::RepetitionRange::Bounded(min, max)) => (*min, Some(*max)),
    };
    Count { min, max }
}
