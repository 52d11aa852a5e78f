//! An example that is found whatever the case is given in the case in which the patterns are written,
//! so that people recognize it: `HTTP 413`, not `http 413`.

use regex_syntax::ast::{self, Ast};

/// The literal pieces of a pattern with at least two characters, the longest first.
pub(super) fn pieces(ast: &Ast) -> Vec<Vec<char>> {
    let collector = Collector { pieces: Vec::new() };
    let mut pieces = ast::visit(ast, collector).unwrap_or_default();
    pieces.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
    pieces.dedup();
    pieces
}

struct Collector {
    pieces: Vec<Vec<char>>,
}

impl ast::Visitor for Collector {
    type Output = Vec<Vec<char>>;
    type Err = std::convert::Infallible;

    fn finish(self) -> Result<Self::Output, Self::Err> {
        Ok(self.pieces)
    }

    fn visit_pre(&mut self, ast: &Ast) -> Result<(), Self::Err> {
        if let Ast::Concat(concat) = ast {
            let mut run = Vec::new();
            for part in &concat.asts {
                match part {
                    Ast::Literal(literal) => run.push(literal.c),
                    _ => self.pieces.push(std::mem::take(&mut run)),
                }
            }
            self.pieces.push(run);
            self.pieces.retain(|piece| piece.len() > 1);
        }
        Ok(())
    }
}

/// A line with the pieces of two patterns as they are written; `None` if nothing changes. Each place is
/// spelled by one piece, the longer before the shorter.
pub(super) fn spell(line: &str, one: &[Vec<char>], other: &[Vec<char>]) -> Option<String> {
    let mut pieces: Vec<&Vec<char>> = one.iter().chain(other).collect();
    pieces.sort_by_key(|piece| std::cmp::Reverse(piece.len()));
    let same = |a: char, b: char| a == b || a.to_lowercase().eq(b.to_lowercase());
    let mut chars: Vec<char> = line.chars().collect();
    let mut spelled = vec![false; chars.len()];
    let mut changed = false;
    for piece in pieces {
        let mut at = 0;
        while at + piece.len() <= chars.len() {
            let place = at..at + piece.len();
            let here = chars[place.clone()].iter().zip(piece).all(|(&a, &b)| same(a, b));
            if here && !spelled[place.clone()].contains(&true) {
                changed |= chars[place.clone()] != piece[..];
                chars[place.clone()].copy_from_slice(piece);
                spelled[place].fill(true);
                at += piece.len();
            } else {
                at += 1;
            }
        }
    }
    changed.then(|| chars.into_iter().collect())
}
