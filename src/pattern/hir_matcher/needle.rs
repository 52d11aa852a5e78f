//! [`Needles`]: letters without which a pattern matches nothing, and which most texts do not have.

use memchr::memchr2_iter;
use regex_syntax::hir::{Class, Hir, HirKind};

use super::{fold, is_letter};

/// Runs of letters that all matches of a pattern hold in this order, in whatever case.
#[derive(Debug, Default)]
pub(super) struct Needles {
    needles: Vec<Needle>,
    /// The run that is being read.
    run: Vec<u8>,
}

/// A run of letters.
#[derive(Debug)]
struct Needle {
    /// In lower case, ASCII.
    text: Vec<u8>,
    /// Which byte of it is the rarest in texts.
    rarest: usize,
}

/// From the most common in English; all else is taken to be rarer.
const COMMON: &[u8] = b" etaoinsrldcumpfhgybvwkxjqz";

impl Needles {
    /// The needles of a pattern.
    pub(super) fn of(hir: &Hir) -> Self {
        let mut needles = Self::default();
        needles.read(hir);
        needles.end();
        needles
    }

    /// Whether a text may be matched: it has the needles, or it is not ASCII, where letters have more forms.
    pub(super) fn may_be_in(&self, text: &str) -> bool {
        let mut rest = text.as_bytes();
        let has_all = self.needles.iter().all(|needle| {
            let end = needle.end_in(rest);
            rest = &rest[end.unwrap_or_default()..];
            end.is_some()
        });
        has_all || !text.is_ascii()
    }

    fn end(&mut self) {
        /// A shorter run is in most texts.
        const LEAST: usize = 2;
        let text = std::mem::take(&mut self.run);
        if text.len() >= LEAST {
            let rank = |byte: u8| COMMON.iter().position(|common| *common == byte);
            let rarest = (0..text.len()).max_by_key(|at| rank(text[*at]).unwrap_or(COMMON.len()));
            self.needles.push(Needle { text, rarest: rarest.unwrap_or_default() });
        }
    }

    fn read(&mut self, hir: &Hir) {
        match hir.kind() {
            HirKind::Empty | HirKind::Look(_) => {}
            HirKind::Literal(literal) if literal.0.is_ascii() => {
                self.run.extend(literal.0.to_ascii_lowercase());
            }
            HirKind::Class(class) => match letter(class) {
                Some(letter) => self.run.push(letter),
                None => self.end(),
            },
            HirKind::Capture(capture) => self.read(&capture.sub),
            HirKind::Concat(parts) => parts.iter().for_each(|part| self.read(part)),
            HirKind::Repetition(repetition) if repetition.min > 0 => {
                self.end();
                self.read(&repetition.sub);
                self.end();
            }
            HirKind::Literal(_) | HirKind::Repetition(_) | HirKind::Alternation(_) => self.end(),
        }
    }
}

impl Needle {
    /// Where it ends in a text for the first time.
    fn end_in(&self, text: &[u8]) -> Option<usize> {
        let byte = self.text[self.rarest];
        memchr2_iter(byte, byte.to_ascii_uppercase(), text).find_map(|at| {
            let start = at.checked_sub(self.rarest)?;
            let end = start + self.text.len();
            text.get(start..end)?.eq_ignore_ascii_case(&self.text).then_some(end)
        })
    }
}

/// The one ASCII letter that a class stands for, in lower case.
fn letter(class: &Class) -> Option<u8> {
    let first = match class {
        Class::Unicode(class) => class.ranges().first()?.start(),
        Class::Bytes(class) => char::from(class.ranges().first()?.start()),
    };
    let letter = u8::try_from(fold(first)).ok().filter(u8::is_ascii);
    letter.filter(|_| is_letter(class))
}
