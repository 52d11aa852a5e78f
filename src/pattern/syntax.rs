//! A pattern as a tree with places, in the syntax of any engine.
//!
//! The engines agree on most of their syntax and differ on what a few pieces are: `[[a]` is a class
//! with a bracket for one and an open nested set for another. So a pattern is read as one engine reads
//! it, or, for [`Reading::Widest`], with the meaning that a piece has in any engine that gives it one.
//! Reading is tolerant: a piece that the engine would refuse is a node like any other, as long as it is
//! clear where it ends; what the engine says of it is asked elsewhere. What remains is an error, and what is an
//! error in the widest reading is one in every engine.
//!
//! One pass over the text, no stepping back; groups, nested sets and repeated repetitions count towards
//! [`MAX_DEPTH`], so that whoever walks over the tree may recurse.

use std::ops::Range;

use super::engine::Engine;

mod class;
mod escape;
mod group;
mod parser;
mod width;

/// How deep groups and sets may stand within each other, as in PCRE2 and in `regex`.
pub(crate) const MAX_DEPTH: usize = 250;

/// A byte range of the pattern.
pub(crate) type Span = Range<usize>;

/// As whom a pattern is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reading {
    /// Every piece means what it means where it means most.
    Widest,
    /// As one engine reads it.
    Of(Engine),
}

/// Why a text is no pattern for a reading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SyntaxError {
    /// What is wrong, without a full stop.
    pub(crate) message: &'static str,
    /// Where.
    pub(crate) span: Span,
}

/// A piece of a pattern.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Node {
    /// What it is.
    pub(crate) kind: Kind,
    /// Where it stands.
    pub(crate) span: Span,
}

/// What a piece is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Kind {
    /// Nothing: an empty alternative or group.
    Empty,
    /// One character.
    Char(Char),
    /// `.`
    Any,
    /// A place between characters.
    Anchor(Anchor),
    /// A class or another piece of one letter: `\d`, `\h`, `\R`, `\X`, `\K`.
    Shorthand(char),
    /// `\p{..}`, `\P{..}`, `\pL`.
    Property(Property),
    /// `[..]`
    Class(Box<Class>),
    /// `(..)` with what stands in it.
    Group(Box<Group>),
    /// A back-reference.
    Reference(Reference),
    /// A piece and a quantifier.
    Repeat(Box<Repeat>),
    /// `(?i)`: flags from here to the end of the group.
    Flags(Flags),
    /// `(?#..)`
    Comment,
    /// `(*..)`
    Verb,
    /// `(?R)`, `(?1)`, `(?&n)`, `(?C1)`: a call of a group, or of the host program.
    Call,
    /// Pieces one after the other.
    Concat(Vec<Node>),
    /// Pieces of which one matches.
    Alternation(Vec<Node>),
}

/// One character and how it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Char {
    /// Its code, which may be a surrogate or no code point at all.
    pub(crate) code: u32,
    /// How it is written.
    pub(crate) spelling: Spelling,
}

/// How a character is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Spelling {
    /// As itself.
    Plain,
    /// Between `\Q` and `\E`.
    Quoted,
    /// A backslash and the character: `\.`, `\ `, `\q` where it means `q`.
    Escaped,
    /// `\n`, `\t`, `\a`.
    Letter,
    /// `\x41`
    Hex,
    /// `\x{41}`
    HexBraced,
    /// `\u0041`
    Unicode,
    /// `\U00000041`
    UnicodeLong,
    /// `\u{41}`
    UnicodeBraced,
    /// `\012`
    Octal,
    /// `\o{12}`
    OctalBraced,
    /// `\cA`
    Control,
    /// `\N{..}`
    Named,
    /// The letter of an escape that breaks off, as in `\x4`.
    Broken,
}

/// A place between characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Anchor {
    /// `^`
    Start,
    /// `$`
    End,
    /// `\A`, `\z`, `\Z`, `\G`, `\b`, `\B`, `\<`, `\>`.
    Escape(char),
    /// `\b{start}`, `\b{g}`.
    NamedBoundary,
}

/// A class of Unicode.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Property {
    /// What stands between the braces, or the one letter.
    pub(crate) name: Span,
    /// Whether there are braces, and both of them.
    pub(crate) braces: Braces,
}

/// Whether something stands in braces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Braces {
    /// No brace.
    None,
    /// An opening one and no more.
    Open,
    /// Both.
    Closed,
}

/// A class in brackets.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Class {
    /// Whether it begins with `^`.
    pub(crate) negated: bool,
    /// What stands in it, in order.
    pub(crate) items: Vec<Item>,
}

/// A piece of a class.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Item {
    /// What it is.
    pub(crate) kind: ItemKind,
    /// Where it stands.
    pub(crate) span: Span,
}

/// What a piece of a class is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum ItemKind {
    /// A character, a class of one letter, a class of Unicode: what stands outside classes as well.
    Piece(Kind),
    /// `a-z`; the ends need not be characters.
    Range(Box<(Item, Item)>),
    /// `[:alpha:]`, with the span of the name and whether it is negated.
    Posix {
        /// The name, without `^`.
        name: Span,
        /// Whether `^` stands before the name.
        negated: bool,
    },
    /// A class within this one.
    Nested(Class),
    /// `&&`, `--`, `~~`; takes what stands to its left and to its right.
    Operator(char),
    /// `\q{ab|c}`
    Strings,
}

/// A group.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Group {
    /// Which.
    pub(crate) kind: GroupKind,
    /// What opens it: `(`, `(?:`, `(?<n>`.
    pub(crate) opening: Span,
    /// What stands in it.
    pub(crate) body: Node,
}

/// What a group does.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum GroupKind {
    /// `(..)`
    Capture,
    /// `(?P<n>..)`, `(?<n>..)`, `(?'n'..)`.
    Named(NameStyle, Span),
    /// `(?:..)`
    Plain,
    /// `(?i:..)`
    Flags(Flags),
    /// `(?>..)`
    Atomic,
    /// `(?=..)`, `(?<!..)`.
    Look {
        /// Whether it looks back.
        behind: bool,
    },
    /// `(?|..)`
    BranchReset,
    /// `(?(1)..|..)`
    Conditional(Condition),
}

/// How the name of a group is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NameStyle {
    /// `(?P<n>`
    P,
    /// `(?<n>`
    Angle,
    /// `(?'n'`
    Quote,
}

/// What a conditional asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Condition {
    /// A group by its number.
    Number(u32),
    /// A group by its name.
    Name(Span),
    /// Anything else: `<n>`, `'n'`, `+1`, `R`, `DEFINE`, a look-around.
    Other,
}

/// Flags that are set and taken back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Flags {
    /// The letters before a `-`.
    pub(crate) on: Span,
    /// The letters after it.
    pub(crate) off: Option<Span>,
}

/// A back-reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Reference {
    /// `\1`, with its digits.
    Number(u32),
    /// `\k<n>`, `\k{n}`, `\k'n'`, with the mark that opens the name.
    Name(char, Span),
    /// `(?P=n)`
    P(Span),
    /// `\g1`, `\g{-1}`, `\g{n}`, `\g<1>`.
    G(Span),
}

/// A quantifier and what it repeats.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Repeat {
    /// What is repeated.
    pub(crate) body: Node,
    /// The fewest times.
    pub(crate) min: u32,
    /// The most times, if there is a most.
    pub(crate) max: Option<u32>,
    /// How many.
    pub(crate) greed: Greed,
    /// The quantifier itself.
    pub(crate) mark: Span,
}

/// How much a repetition takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Greed {
    /// As much as it can.
    Greedy,
    /// As little as it can.
    Lazy,
    /// As much as it can, without giving back.
    Possessive,
}

impl Node {
    pub(crate) const fn new(kind: Kind, span: Span) -> Self {
        Self { kind, span }
    }
}

/// Reads a pattern.
///
/// Where the widest reading finds an error, the first engine that finds none is followed: the error of
/// [`Reading::Widest`] is one in every engine.
pub(crate) fn parse(pattern: &str, reading: Reading) -> Result<Node, SyntaxError> {
    let read = |reading| parser::Parser::new(pattern, reading).parse();
    read(reading).or_else(|error| {
        let others = Engine::ALL.into_iter().filter(|_| reading == Reading::Widest);
        others.map(Reading::Of).find_map(|other| read(other).ok()).ok_or(error)
    })
}

#[cfg(test)]
mod tests;
