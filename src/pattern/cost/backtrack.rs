//! A backtracking matcher that counts its steps.
//!
//! It tries what Python's `re` and PCRE2 without their optimisations try, in their order: the leftmost
//! beginning, the first alternative, as much or as little as a quantifier says; nothing is remembered
//! of what failed. An iteration that takes nothing ends its loop, once there are enough. A step is an
//! instruction, a way taken back, or [`SCAN`] characters that are run over in a tight loop: those that a
//! single set takes in a row, and, on the way back, those that are not the one that has to come next. The
//! stack is a list and not the machine's, and steps are bounded.

use std::ops::Range;

use super::pieces::{EDGE, Piece, Pieces, Repeat, What, sides};
use crate::pattern::places::Sides;

/// How many characters that are run over cost as much as one step.
const SCAN: usize = 4;

/// How a search ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// A match was found.
    Found,
    /// There is none.
    NotFound,
    /// The steps were used up before.
    GivenUp,
}

/// A pattern as instructions.
#[derive(Debug)]
pub(super) struct Program<'p> {
    pattern: &'p Pieces,
    code: Vec<Op>,
    registers: usize,
}

#[derive(Clone, Copy, Debug)]
enum Op {
    /// Takes a character of a set.
    Set(usize),
    /// Takes characters of a set.
    Run {
        set: usize,
        min: usize,
        max: usize,
        lazy: bool,
    },
    /// Goes on at the first place, and at the second if that fails.
    Split(usize, usize),
    Jump(usize),
    Assert(Sides),
    /// Remembers the place, where a group captures: nobody asks for it, but it is a step.
    Save,
    /// Begins to count the iterations of a loop.
    Enter(usize),
    /// Before each iteration of a loop, and after the last.
    Again {
        register: usize,
        min: u32,
        max: u32,
        lazy: bool,
        exit: usize,
    },
    Match,
}

/// What is remembered of a loop: how many iterations began, and where the last of them did.
#[derive(Clone, Copy, Debug)]
struct Register {
    count: u32,
    at: usize,
}

const UNSET: Register = Register { count: 0, at: usize::MAX };

/// What to do when what was tried fails.
#[derive(Clone, Copy, Debug)]
enum Frame {
    /// Goes on elsewhere.
    Branch { code: usize, at: usize },
    /// Gives back one character, down to a place.
    Less { code: usize, at: usize, low: usize },
    /// Takes one character more.
    More { code: usize, set: usize, at: usize, left: usize },
    /// Begins one more iteration.
    Iterate { code: usize, at: usize },
    /// Sets a register to what it was.
    Restore { register: usize, to: Register },
}

impl<'p> Program<'p> {
    pub(super) fn new(pattern: &'p Pieces) -> Self {
        let mut program = Self { pattern, code: Vec::new(), registers: 0 };
        program.emit(&pattern.root);
        program.code.push(Op::Match);
        program
    }

    fn register(&mut self) -> usize {
        self.registers += 1;
        self.registers - 1
    }

    fn emit(&mut self, piece: &Piece) {
        match &piece.what {
            What::Empty => {}
            What::Set(set) => self.code.push(Op::Set(*set)),
            What::Assert(sides) => self.code.push(Op::Assert(*sides)),
            What::Concat(parts) => parts.iter().for_each(|part| self.emit(part)),
            What::Either(parts) => self.emit_either(parts),
            What::Repeat(repeat) => self.emit_repeat(repeat),
            What::Capture(body) => {
                self.code.push(Op::Save);
                self.emit(body);
                self.code.push(Op::Save);
            }
        }
    }

    fn emit_either(&mut self, parts: &[Piece]) {
        let mut ends = Vec::new();
        for (index, part) in parts.iter().enumerate() {
            if index + 1 == parts.len() {
                self.emit(part);
                break;
            }
            let split = self.code.len();
            self.code.push(Op::Jump(0));
            self.emit(part);
            ends.push(self.code.len());
            self.code.push(Op::Jump(0));
            self.code[split] = Op::Split(split + 1, self.code.len());
        }
        for end in ends {
            self.code[end] = Op::Jump(self.code.len());
        }
    }

    fn emit_repeat(&mut self, repeat: &Repeat) {
        let Repeat { body, min, max, lazy } = repeat;
        let (min, max, lazy) = (*min, max.unwrap_or(u32::MAX), *lazy);
        let begin = self.code.len();
        if let What::Set(set) = body.what {
            let (min, max) = (min as usize, max as usize);
            self.code.push(Op::Run { set, min, max, lazy });
        } else if (min, max) == (0, 1) {
            self.code.push(Op::Jump(0));
            self.emit(body);
            let exit = self.code.len();
            self.code[begin] =
                if lazy { Op::Split(exit, begin + 1) } else { Op::Split(begin + 1, exit) };
        } else {
            let register = self.register();
            self.code.push(Op::Enter(register));
            self.code.push(Op::Jump(0));
            self.emit(body);
            self.code.push(Op::Jump(begin + 1));
            let exit = self.code.len();
            self.code[begin + 1] = Op::Again { register, min, max, lazy, exit };
        }
    }

    /// Searches a line for the pattern with so many steps at most, and tells how many it took.
    pub(super) fn search(&self, line: &str, most: u64) -> (Outcome, f64) {
        self.search_from(line, 0..usize::MAX, most)
    }

    /// Searches for a match that begins in a part of a line, in characters.
    pub(super) fn search_from(&self, line: &str, part: Range<usize>, most: u64) -> (Outcome, f64) {
        let letters: Vec<u8> = line.chars().map(|c| self.pattern.alphabet.letter(c)).collect();
        let mut run = Run {
            program: self,
            line: &letters,
            registers: vec![UNSET; self.registers],
            stack: Vec::new(),
            steps: 0,
            scanned: 0,
            most,
        };
        for start in part.start..=letters.len().min(part.end.saturating_sub(1)) {
            run.stack.clear();
            run.registers.fill(UNSET);
            match run.from(start) {
                Outcome::NotFound => {}
                outcome => return (outcome, run.exact()),
            }
        }
        (Outcome::NotFound, run.exact())
    }
}

struct Run<'r> {
    program: &'r Program<'r>,
    line: &'r [u8],
    registers: Vec<Register>,
    stack: Vec<Frame>,
    steps: u64,
    scanned: usize,
    most: u64,
}

impl Run<'_> {
    #[allow(clippy::cast_precision_loss, reason = "counts are below 2^53")]
    fn exact(&self) -> f64 {
        self.steps as f64 + self.scanned as f64 / SCAN as f64
    }

    fn counted(&self) -> u64 {
        self.steps + (self.scanned / SCAN) as u64
    }

    /// Tries to match at one place.
    fn from(&mut self, start: usize) -> Outcome {
        let mut next = Some((0, start));
        loop {
            self.steps += 1;
            if self.counted() > self.most {
                return Outcome::GivenUp;
            }
            next = match next {
                Some((code, _)) if matches!(self.program.code[code], Op::Match) => {
                    return Outcome::Found;
                }
                Some((code, at)) => self.step(code, at),
                None => match self.back() {
                    None => return Outcome::NotFound,
                    next => next,
                },
            };
        }
    }

    fn takes(&self, set: usize, at: usize) -> bool {
        self.line.get(at).is_some_and(|&letter| self.program.pattern.sets[set].has(letter))
    }

    fn kind(&self, at: Option<usize>) -> usize {
        let letter = at.and_then(|at| self.line.get(at));
        letter.map_or(EDGE, |&letter| self.program.pattern.kind_of(letter))
    }

    fn set(&mut self, register: usize, to: Register) {
        self.stack.push(Frame::Restore { register, to: self.registers[register] });
        self.registers[register] = to;
    }

    /// Takes back what was tried last; tells where to go on, if anywhere.
    fn back(&mut self) -> Option<(usize, usize)> {
        while let Some(frame) = self.stack.pop() {
            match frame {
                Frame::Branch { code, at } => return Some((code, at)),
                Frame::Less { code, mut at, low } => {
                    if let Op::Set(set) = self.program.code[code]
                        && self.program.pattern.single[set]
                    {
                        let from = at;
                        while at > low && !self.takes(set, at) {
                            at -= 1;
                        }
                        self.scanned += from - at;
                    }
                    if at > low {
                        self.stack.push(Frame::Less { code, at: at - 1, low });
                    }
                    return Some((code, at));
                }
                Frame::More { code, set, at, left } => {
                    if left > 0 && self.takes(set, at) {
                        self.stack.push(Frame::More { code, set, at: at + 1, left: left - 1 });
                        return Some((code, at + 1));
                    }
                }
                Frame::Iterate { code, at } => {
                    if let Op::Again { register, .. } = self.program.code[code] {
                        self.iterate(register, at);
                    }
                    return Some((code + 1, at));
                }
                Frame::Restore { register, to } => self.registers[register] = to,
            }
        }
        None
    }

    fn iterate(&mut self, register: usize, at: usize) {
        let count = self.registers[register].count.saturating_add(1);
        self.set(register, Register { count, at });
    }

    /// Does one instruction; tells where to go on, if it did not fail.
    fn step(&mut self, code: usize, at: usize) -> Option<(usize, usize)> {
        let go_on = Some((code + 1, at));
        match self.program.code[code] {
            Op::Set(set) => self.takes(set, at).then_some((code + 1, at + 1)),
            Op::Run { set, min, max, lazy } => self.run(code + 1, at, set, (min, max), lazy),
            Op::Split(first, second) => {
                self.stack.push(Frame::Branch { code: second, at });
                Some((first, at))
            }
            Op::Jump(to) => Some((to, at)),
            Op::Assert(allowed) => {
                let (before, after) = (self.kind(at.checked_sub(1)), self.kind(Some(at)));
                (allowed & sides(before, after) != 0).then_some((code + 1, at))
            }
            Op::Enter(register) => {
                self.set(register, UNSET);
                go_on
            }
            Op::Again { register, min, max, lazy, exit } => {
                let Register { count, at: last } = self.registers[register];
                // Of the iterations that are asked for, the next may take something where one took nothing.
                if last == at && count >= min || count >= max {
                    return Some((exit, at));
                }
                if count >= min && lazy {
                    self.stack.push(Frame::Iterate { code, at });
                    return Some((exit, at));
                }
                if count >= min {
                    self.stack.push(Frame::Branch { code: exit, at });
                }
                self.iterate(register, at);
                go_on
            }
            Op::Save | Op::Match => go_on,
        }
    }

    fn run(
        &mut self,
        code: usize,
        at: usize,
        set: usize,
        (min, max): (usize, usize),
        lazy: bool,
    ) -> Option<(usize, usize)> {
        let most = if lazy { min } else { max };
        let rest = self.line.get(at..).unwrap_or_default();
        let set_letters = &self.program.pattern.sets[set];
        let taken = rest.iter().take(most).take_while(|&&letter| set_letters.has(letter)).count();
        self.scanned += taken;
        if taken < min {
            return None;
        }
        let end = at + taken;
        if lazy {
            self.stack.push(Frame::More { code, set, at: end, left: max - min });
        } else if taken > min {
            self.stack.push(Frame::Less { code, at: end - 1, low: at + min });
        }
        Some((code, end))
    }
}
