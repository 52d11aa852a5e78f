//! A pattern as a backtracking engine runs it: sets of characters, assertions, and the ways between
//! them, in the order in which they are tried. Flags are resolved, and characters that no set of the
//! pattern tells apart are one letter.

use std::collections::HashMap;
use std::sync::LazyLock;

use regex_syntax::hir::{Class, ClassUnicode, ClassUnicodeRange, HirKind};

use super::letters::{Alphabet, Letters};
use crate::pattern::overlap::chars::CharSet;
use crate::pattern::places::Sides;
use crate::pattern::syntax::{Anchor, Flags, Greed, Group, GroupKind, Kind, Node, Reading, Span};
use crate::pattern::{Case, Pattern};

/// What stands beside a place: the edge of the line, a word character, or another character.
pub(super) const EDGE: usize = 0;
pub(super) const WORD: usize = 1;
pub(super) const OTHER: usize = 2;

/// The bit of a pair.
pub(super) const fn sides(before: usize, after: usize) -> Sides {
    1 << (before * 3 + after)
}

/// A pattern made ready to be run or analysed.
#[derive(Debug)]
pub(super) struct Pieces {
    pub(super) root: Piece,
    /// The letters of each set.
    pub(super) sets: Vec<Letters>,
    /// Whether each set is of one character.
    pub(super) single: Vec<bool>,
    pub(super) alphabet: Alphabet,
    /// The letters that are word characters, if an assertion asks for them.
    pub(super) word: Option<Letters>,
}

/// A piece of a pattern.
#[derive(Debug)]
pub(super) struct Piece {
    pub(super) what: What,
    pub(super) span: Span,
}

/// What a piece does.
#[derive(Debug)]
pub(super) enum What {
    /// Takes nothing.
    Empty,
    /// Takes a character of a set.
    Set(usize),
    /// Asks what stands on both sides.
    Assert(Sides),
    /// One after the other.
    Concat(Vec<Piece>),
    /// The first that leads to a match.
    Either(Vec<Piece>),
    /// What a group captures.
    Capture(Box<Piece>),
    /// So many times.
    Repeat(Box<Repeat>),
}

/// A repetition.
#[derive(Debug)]
pub(super) struct Repeat {
    pub(super) body: Piece,
    pub(super) min: u32,
    pub(super) max: Option<u32>,
    pub(super) lazy: bool,
}

impl Pieces {
    /// Reads a pattern; fails with the reason if it is none, or holds what is not known here.
    pub(super) fn new(pattern: &Pattern, case: Case) -> Result<Self, String> {
        let tree = pattern
            .tree(Reading::Widest)
            .map_err(|error| format!("it does not parse: {}", error.message))?;
        let mut lowering = Lowering {
            text: pattern.text(),
            flags: Set { ignore_case: case == Case::Insensitive, ..Set::default() },
            sets: Vec::new(),
            known: HashMap::new(),
            written: HashMap::new(),
            asks_word: false,
        };
        let root = lowering.piece(tree)?;
        let sets = &mut lowering.sets;
        let word = lowering.asks_word.then_some(sets.len());
        if word.is_some() {
            sets.push(shorthand('w')?);
        }
        let is_one = |set: &CharSet| set.best().is_some_and(|(c, _)| CharSet::of(c) == *set);
        let single = sets.iter().map(is_one).collect();
        let (alphabet, mut letters) = Alphabet::new(sets)?;
        let word = word.and_then(|_| letters.pop());
        Ok(Self { root, sets: letters, single, alphabet, word })
    }

    /// What kind of character a letter stands for.
    pub(super) fn kind_of(&self, letter: u8) -> usize {
        if self.word.is_some_and(|word| word.has(letter)) { WORD } else { OTHER }
    }
}

/// The flags that change what a piece means.
#[derive(Clone, Copy, Default)]
#[allow(clippy::struct_excessive_bools, reason = "each is a flag of a pattern")]
struct Set {
    ignore_case: bool,
    swap_greed: bool,
    extended: bool,
}

struct Lowering<'p> {
    text: &'p str,
    flags: Set,
    sets: Vec<CharSet>,
    known: HashMap<CharSet, usize>,
    /// The set of each piece of text that was looked up.
    written: HashMap<(&'p str, bool, bool), usize>,
    asks_word: bool,
}

impl Lowering<'_> {
    fn piece(&mut self, node: &Node) -> Result<Piece, String> {
        let what = match &node.kind {
            Kind::Empty | Kind::Comment => What::Empty,
            Kind::Flags(flags) => {
                self.set(flags)?;
                What::Empty
            }
            Kind::Char(c) => {
                let c = char::from_u32(c.code).ok_or("it holds what is no character")?;
                What::Set(self.number(of_char(c, self.flags.ignore_case)))
            }
            // A line holds no line feed, and a set none either.
            Kind::Any | Kind::Shorthand('N') => What::Set(self.number(any())),
            Kind::Shorthand(c @ ('d' | 'D' | 's' | 'S' | 'w' | 'W')) => {
                What::Set(self.number(shorthand(*c)?))
            }
            Kind::Property(_) | Kind::Class(_) | Kind::Shorthand('v') => {
                What::Set(self.written(node.span.clone())?)
            }
            Kind::Anchor(anchor) => What::Assert(self.anchor(*anchor, node.span.clone())?),
            Kind::Concat(parts) => What::Concat(self.pieces(parts)?),
            Kind::Alternation(parts) => What::Either(self.pieces(parts)?),
            Kind::Repeat(repeat) => {
                let body = self.piece(&repeat.body)?;
                let lazy = (repeat.greed == Greed::Lazy) != self.flags.swap_greed;
                if repeat.greed == Greed::Possessive {
                    return Err(self.unknown(&repeat.mark));
                }
                let (min, max) = (repeat.min, repeat.max);
                What::Repeat(Box::new(Repeat { body, min, max, lazy }))
            }
            Kind::Group(group) => self.group(group)?,
            Kind::Reference(_) | Kind::Shorthand(_) | Kind::Verb | Kind::Call => {
                return Err(self.unknown(&node.span));
            }
        };
        Ok(Piece { what, span: node.span.clone() })
    }

    fn pieces(&mut self, nodes: &[Node]) -> Result<Vec<Piece>, String> {
        nodes.iter().map(|node| self.piece(node)).collect()
    }

    /// What `regex` does not take either has a cost of its own in each engine.
    fn unknown(&self, span: &Span) -> String {
        let piece = crate::pattern::visible::quote(&self.text[span.clone()]);
        format!("it holds {piece}, the cost of which is not known")
    }

    fn group(&mut self, group: &Group) -> Result<What, String> {
        let outer = self.flags;
        match &group.kind {
            GroupKind::Capture | GroupKind::Named(..) | GroupKind::Plain => {}
            GroupKind::Flags(flags) => self.set(flags)?,
            _ => return Err(self.unknown(&group.opening)),
        }
        let body = self.piece(&group.body)?;
        self.flags = outer;
        Ok(match &group.kind {
            GroupKind::Capture | GroupKind::Named(..) => What::Capture(Box::new(body)),
            _ => What::Concat(vec![body]),
        })
    }

    fn set(&mut self, flags: &Flags) -> Result<(), String> {
        let on = self.text[flags.on.clone()].chars().map(|c| (c, true));
        let off = flags.off.clone().map_or("", |off| &self.text[off]).chars().map(|c| (c, false));
        for (letter, on) in on.chain(off) {
            match letter {
                'i' => self.flags.ignore_case = on,
                'U' => self.flags.swap_greed = on,
                'x' => self.flags.extended = on,
                's' | 'm' | 'a' | 'L' => {}
                'u' if on => {}
                _ => {
                    let flag = crate::pattern::visible::name(&letter.to_string()).into_owned();
                    return Err(format!("it sets the flag `{flag}`, which is not known"));
                }
            }
        }
        Ok(())
    }

    fn anchor(&mut self, anchor: Anchor, span: Span) -> Result<Sides, String> {
        let holds: fn(usize, usize) -> bool = match anchor {
            Anchor::Start | Anchor::Escape('A' | 'G') => |before, _| before == EDGE,
            Anchor::End | Anchor::Escape('z' | 'Z') => |_, after| after == EDGE,
            Anchor::Escape('b') => |before, after| (before == WORD) != (after == WORD),
            Anchor::Escape('B') => |before, after| (before == WORD) == (after == WORD),
            Anchor::Escape('<') => |before, after| before != WORD && after == WORD,
            Anchor::Escape('>') => |before, after| before == WORD && after != WORD,
            Anchor::NamedBoundary => match &self.text[span.clone()] {
                "\\b{start}" => |before, after| before != WORD && after == WORD,
                "\\b{end}" => |before, after| before == WORD && after != WORD,
                "\\b{start-half}" => |before, _| before != WORD,
                "\\b{end-half}" => |_, after| after != WORD,
                _ => return Err("it holds a boundary that is not known".into()),
            },
            Anchor::Escape(_) => return Err("it holds an assertion that is not known".into()),
        };
        let is_edge = |anchor| matches!(anchor, Anchor::Start | Anchor::End);
        self.asks_word |=
            !is_edge(anchor) && !matches!(anchor, Anchor::Escape('A' | 'G' | 'z' | 'Z'));
        let pairs = (0..3).flat_map(|before| (0..3).map(move |after| (before, after)));
        Ok(pairs.filter(|&(b, a)| holds(b, a)).fold(0, |all, (b, a)| all | sides(b, a)))
    }

    fn number(&mut self, set: CharSet) -> usize {
        let sets = &mut self.sets;
        *self.known.entry(set).or_insert_with_key(|set| {
            sets.push(set.clone());
            sets.len() - 1
        })
    }

    /// The set of a class as it is written.
    fn written(&mut self, span: Span) -> Result<usize, String> {
        let text = self.text;
        let Set { ignore_case, extended, .. } = self.flags;
        let key = (&text[span], ignore_case, extended);
        if let Some(&number) = self.written.get(&key) {
            return Ok(number);
        }
        let mut parser = regex_syntax::ParserBuilder::new();
        parser.case_insensitive(ignore_case).ignore_whitespace(extended);
        let hir = parser.build().parse(key.0).map_err(|_| {
            format!("it holds {}, which is not understood", crate::pattern::visible::quote(key.0))
        })?;
        let set = match hir.kind() {
            HirKind::Class(Class::Unicode(class)) => Some(CharSet::new(class)),
            HirKind::Class(Class::Bytes(class)) => {
                class.to_unicode_class().map(|class| CharSet::new(&class))
            }
            HirKind::Literal(literal) => {
                let mut chars = std::str::from_utf8(&literal.0).unwrap_or_default().chars();
                chars.next().filter(|_| chars.next().is_none()).map(CharSet::of)
            }
            _ => None,
        };
        let set = set.ok_or("it holds a class that is not understood")?;
        let number = self.number(set);
        self.written.insert(key, number);
        Ok(number)
    }
}

/// A character, with those that it folds to.
fn of_char(c: char, ignore_case: bool) -> CharSet {
    if !ignore_case || (c.is_ascii() && !c.is_ascii_alphabetic()) {
        return CharSet::of(c);
    }
    let mut class = ClassUnicode::new([ClassUnicodeRange::new(c, c)]);
    // Without the tables of Unicode no character folds to another.
    let _ = class.try_case_fold_simple();
    CharSet::new(&class)
}

fn any() -> CharSet {
    CharSet::new(&ClassUnicode::new([ClassUnicodeRange::new('\0', char::MAX)]))
}

/// `\d` and its like.
fn shorthand(letter: char) -> Result<CharSet, String> {
    static SETS: LazyLock<Vec<(char, CharSet)>> = LazyLock::new(|| {
        let letters = ['d', 'D', 's', 'S', 'w', 'W'];
        let parsed = letters.map(|c| match regex_syntax::parse(&format!("\\{c}")) {
            Ok(hir) => match hir.kind() {
                HirKind::Class(Class::Unicode(class)) => Some((c, CharSet::new(class))),
                _ => None,
            },
            Err(_) => None,
        });
        parsed.into_iter().flatten().collect()
    });
    let found = SETS.iter().find(|(c, _)| *c == letter);
    Ok(found.ok_or("it holds a class that is not known")?.1.clone())
}
