//! A pattern as a backtracking engine runs it: sets of characters, assertions, and the ways between
//! them, in the order in which they are tried. Flags are resolved, and characters that no set of the
//! pattern tells apart are one letter.

use std::collections::HashMap;
use std::sync::LazyLock;

use regex_syntax::hir::{Class, ClassUnicode, ClassUnicodeRange, HirKind};

use super::letters::{Alphabet, Letters};
use crate::pattern::overlap::chars::CharSet;
use crate::pattern::syntax::{
    Anchor, Flags, Greed, Group, GroupKind, Kind, Node, Reading, Reference, Span,
};
use crate::pattern::{Case, Pattern};

/// What stands beside a place: the edge of the line, a word character, or another character.
pub(super) const EDGE: usize = 0;
pub(super) const WORD: usize = 1;
pub(super) const OTHER: usize = 2;

/// Pairs of what stands before and after a place, a bit for each.
pub(super) type Sides = u16;

/// Every pair.
pub(super) const ALL: Sides = (1 << 9) - 1;

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
    /// How many groups capture.
    pub(super) groups: usize,
    /// Whether a back-reference ignores case.
    pub(super) folds: bool,
    /// What the pattern holds that only the matcher knows, not the automaton.
    pub(super) beyond_automata: Option<&'static str>,
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
    /// So many times.
    Repeat(Box<Repeat>),
    /// Remembers what is taken, under a number from 0.
    Capture(usize, Box<Piece>),
    /// Is not tried again once it has matched.
    Atomic(Box<Piece>),
    /// Looks and takes nothing; `behind` is how many characters further back it begins.
    Look { behind: Option<usize>, negated: bool, body: Box<Piece> },
    /// What the group of that number took.
    Reference(usize),
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
            names: HashMap::new(),
            groups: 0,
            asks_word: false,
            beyond_automata: None,
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
        Ok(Self {
            root,
            sets: letters,
            single,
            alphabet,
            word,
            groups: lowering.groups,
            folds: case == Case::Insensitive,
            beyond_automata: lowering.beyond_automata,
        })
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
    names: HashMap<&'p str, usize>,
    groups: usize,
    asks_word: bool,
    beyond_automata: Option<&'static str>,
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
                let (min, max) = (repeat.min, repeat.max);
                let what = What::Repeat(Box::new(Repeat { body, min, max, lazy }));
                if repeat.greed == Greed::Possessive {
                    self.beyond_automata.get_or_insert("a possessive quantifier");
                    What::Atomic(Box::new(Piece { what, span: node.span.clone() }))
                } else {
                    what
                }
            }
            Kind::Group(group) => self.group(group)?,
            Kind::Reference(reference) => {
                self.beyond_automata.get_or_insert("a back-reference");
                What::Reference(self.reference(reference)?)
            }
            Kind::Shorthand(_) | Kind::Verb | Kind::Call => {
                let piece = crate::pattern::visible::quote(&self.text[node.span.clone()]);
                return Err(format!("it holds {piece}, the cost of which is not known"));
            }
        };
        Ok(Piece { what, span: node.span.clone() })
    }

    fn pieces(&mut self, nodes: &[Node]) -> Result<Vec<Piece>, String> {
        nodes.iter().map(|node| self.piece(node)).collect()
    }

    fn group(&mut self, group: &Group) -> Result<What, String> {
        let outer = self.flags;
        let mut number = None;
        match &group.kind {
            GroupKind::Capture => number = Some(self.groups),
            GroupKind::Named(_, name) => {
                number = Some(self.groups);
                self.names.insert(&self.text[name.clone()], self.groups);
            }
            GroupKind::Flags(flags) => self.set(flags)?,
            GroupKind::Look { .. } => {
                self.beyond_automata.get_or_insert("look-around");
            }
            GroupKind::Atomic => {
                self.beyond_automata.get_or_insert("an atomic group");
            }
            GroupKind::Plain => {}
            GroupKind::BranchReset | GroupKind::Conditional(_) => {
                return Err("it holds a conditional group, the cost of which is not known".into());
            }
        }
        if number.is_some() {
            self.groups += 1;
        }
        let body = Box::new(self.piece(&group.body)?);
        self.flags = outer;
        Ok(match (&group.kind, number) {
            (_, Some(number)) => What::Capture(number, body),
            (GroupKind::Atomic, _) => What::Atomic(body),
            (GroupKind::Look { behind }, _) => {
                let (least, most) = group.body.width();
                let fixed = most == Some(least);
                if *behind && !fixed {
                    return Err("it looks back over a text of no fixed length".into());
                }
                let behind = behind.then_some(least as usize);
                let negated = self.text[group.opening.clone()].ends_with('!');
                What::Look { behind, negated, body }
            }
            _ => What::Concat(vec![*body]),
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

    fn reference(&self, reference: &Reference) -> Result<usize, String> {
        let named = |name: &Span| self.names.get(&self.text[name.clone()]).copied();
        let number = match reference {
            Reference::Number(number) => {
                usize::try_from(*number).ok().and_then(|n| n.checked_sub(1))
            }
            Reference::Name(_, name) | Reference::P(name) => named(name),
            Reference::G(name) => match self.text[name.clone()].parse::<usize>() {
                Ok(number) => number.checked_sub(1),
                Err(_) => named(name),
            },
        };
        let known = number.filter(|&number| number < self.groups);
        known.ok_or_else(|| "it refers to a group that does not stand before".into())
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
