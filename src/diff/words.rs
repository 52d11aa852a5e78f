//! Which words of a text changed.

use std::ops::Range;

use similar::{Algorithm, DiffOp, capture_diff_slices};

use crate::han::is_wide;

/// Which versions a piece of a text is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Both.
    Both,
    /// Only the old one.
    Old,
    /// Only the new one.
    New,
}

/// A piece of two versions of a text, in the order in which it is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece<'t> {
    /// Where it is.
    pub side: Side,
    /// What it says.
    pub text: &'t str,
}

/// With more words than these a text is compared line by line, and the lines that differ are not looked into.
const MOST: usize = 4_000;

/// Two versions of a text, as pieces: the old one is those that are in both or only in the old, the new
/// one likewise. A Chinese character is a word, and so is each mark.
pub fn words<'t>(old: &'t str, new: &'t str) -> Vec<Piece<'t>> {
    let (start, end) = common(old, new);
    let (old_middle, new_middle) = (&old[start..old.len() - end], &new[start..new.len() - end]);
    let mut pieces = vec![Piece { side: Side::Both, text: &old[..start] }];
    let (a, b) = (split(old_middle), split(new_middle));
    if a.len() + b.len() <= MOST {
        compare(&mut pieces, old_middle, new_middle, &a, &b);
    } else {
        let (a, b) = (lines(old_middle), lines(new_middle));
        if a.len() + b.len() <= MOST {
            compare(&mut pieces, old_middle, new_middle, &a, &b);
        } else {
            pieces.push(Piece { side: Side::Old, text: old_middle });
            pieces.push(Piece { side: Side::New, text: new_middle });
        }
    }
    pieces.push(Piece { side: Side::Both, text: &old[old.len() - end..] });
    pieces.retain(|piece| !piece.text.is_empty());
    pieces
}

/// How many bytes two texts have in common at the start and at the end, in whole words.
fn common(old: &str, new: &str) -> (usize, usize) {
    let mut start = old.bytes().zip(new.bytes()).take_while(|(a, b)| a == b).count();
    let is_inside = |text: &str, at: usize| {
        !text.is_char_boundary(at)
            || (text[..at].ends_with(is_of_word) && text[at..].starts_with(is_of_word))
    };
    while start > 0 && (is_inside(old, start) || is_inside(new, start)) {
        start -= 1;
    }
    let most = old.len().min(new.len()) - start;
    let ends = old.bytes().rev().zip(new.bytes().rev()).take(most);
    let mut end = ends.take_while(|(a, b)| a == b).count();
    while end > 0 && (is_inside(old, old.len() - end) || is_inside(new, new.len() - end)) {
        end -= 1;
    }
    (start, end)
}

fn is_of_word(c: char) -> bool {
    (c.is_alphanumeric() || c == '_') && !is_wide(c)
}

/// The words of a text, and what stands between them, as byte ranges.
fn split(text: &str) -> Vec<Range<usize>> {
    let kind = |c: char| match c {
        c if is_of_word(c) => 0,
        c if c.is_whitespace() => 1,
        _ => 2,
    };
    let mut ranges: Vec<Range<usize>> = Vec::new();
    let mut last = 2;
    for (at, c) in text.char_indices() {
        let this = kind(c);
        match ranges.last_mut() {
            Some(range) if this == last && this < 2 => range.end = at + c.len_utf8(),
            _ => ranges.push(at..at + c.len_utf8()),
        }
        last = this;
    }
    ranges
}

fn lines(text: &str) -> Vec<Range<usize>> {
    let mut at = 0;
    let line = |line: &str| {
        at += line.len();
        at - line.len()..at
    };
    text.split_inclusive('\n').map(line).collect()
}

fn compare<'t>(
    pieces: &mut Vec<Piece<'t>>,
    old: &'t str,
    new: &'t str,
    a: &[Range<usize>],
    b: &[Range<usize>],
) {
    let texts = |text: &'t str, ranges: &[Range<usize>]| -> Vec<&'t str> {
        ranges.iter().map(|range| &text[range.clone()]).collect()
    };
    let (old_words, new_words) = (texts(old, a), texts(new, b));
    let operations = capture_diff_slices(Algorithm::Patience, &old_words, &new_words);
    let whole = |text: &'t str, ranges: &[Range<usize>], part: Range<usize>| {
        let (first, last) = (ranges.get(part.start), ranges.get(part.end.wrapping_sub(1)));
        match (first, last) {
            (Some(first), Some(last)) if part.start < part.end => &text[first.start..last.end],
            _ => "",
        }
    };
    // What differs on both sides of a blank or a mark is one difference.
    let mut hunks: Vec<(bool, Range<usize>, Range<usize>)> = Vec::new();
    for operation in &operations {
        let is_same = matches!(operation, DiffOp::Equal { .. });
        let (of_old, of_new) = (operation.old_range(), operation.new_range());
        match hunks.last_mut() {
            Some((same, last_old, last_new)) if *same == is_same => {
                (last_old.end, last_new.end) = (of_old.end, of_new.end);
            }
            _ => hunks.push((is_same, of_old, of_new)),
        }
    }
    let last = hunks.len().saturating_sub(1);
    let mut merged: Vec<(bool, Range<usize>, Range<usize>)> = Vec::new();
    for (at, (is_same, of_old, of_new)) in hunks.into_iter().enumerate() {
        let between = whole(old, a, of_old.clone());
        let is_little = !between.chars().any(|c| is_of_word(c) || c == '\n')
            && between.chars().count() <= 2
            && (at > 0 && at < last);
        let joins = (is_same && is_little) || (at > 0 && !is_same);
        match merged.last_mut() {
            Some((same, last_old, last_new)) if !*same && joins => {
                (last_old.end, last_new.end) = (of_old.end, of_new.end);
            }
            _ => merged.push((is_same, of_old, of_new)),
        }
    }
    for (is_same, of_old, of_new) in merged {
        if is_same {
            pieces.push(Piece { side: Side::Both, text: whole(old, a, of_old) });
        } else {
            pieces.push(Piece { side: Side::Old, text: whole(old, a, of_old) });
            pieces.push(Piece { side: Side::New, text: whole(new, b, of_new) });
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(old: &str, new: &str) -> String {
        let pieces = words(old, new);
        let show = |piece: &Piece<'_>| match piece.side {
            Side::Both => piece.text.to_owned(),
            Side::Old => format!("[-{}-]", piece.text),
            Side::New => format!("{{+{}+}}", piece.text),
        };
        pieces.iter().map(show).collect()
    }

    #[test]
    fn words_are_marked_and_not_letters() {
        assert_eq!(shown("raise the limit", "raise the limits"), "raise the [-limit-]{+limits+}");
        assert_eq!(shown("消息超过了限制。", "消息超出了限制。"), "消息超[-过-]{+出+}了限制。");
        assert_eq!(shown("a b c", "a x y c"), "a [-b-]{+x y+} c");
        assert_eq!(shown("", "new"), "{+new+}");
        assert_eq!(shown("same", "same"), "same");
    }

    proptest! {
        #[test]
        fn both_versions_are_in_the_pieces(old in "[ab 中文.\n]{0,40}", new in "[ab 中文.\n]{0,40}") {
            let pieces = words(&old, &new);
            let side = |left_out| -> String {
                pieces.iter().filter(|piece| piece.side != left_out).map(|piece| piece.text).collect()
            };
            prop_assert_eq!(side(Side::New), old.as_str());
            prop_assert_eq!(side(Side::Old), new.as_str());
        }
    }
}
