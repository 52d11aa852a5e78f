//! A blank that is too many in strong text.
//!
//! A much used converter (html2text) takes the first character reference in strong text, such as the
//! apostrophe of `server&#39;s`, for the text after it, and sets it off: `**the server 's limit**`.

use std::ops::Range;

use super::super::line::{Mark, Style};

/// What HTML writes as a reference.
const REFERENCES: [char; 5] = ['\'', '"', '&', '<', '>'];

/// Takes such blanks out of a text with its marks.
pub(super) fn mend(text: &mut String, marks: &mut [Mark]) {
    let references: Vec<usize> = text.match_indices(REFERENCES).map(|(at, _)| at).collect();
    let strong = marks.iter().filter(|mark| mark.style == Style::Strong).map(Mark::inner);
    let mut firsts: Vec<(usize, Range<usize>)> = strong
        .filter_map(|inner| {
            let next = references.partition_point(|at| *at < inner.start);
            let at = references.get(next).filter(|at| inner.contains(at))?;
            Some((*at, inner))
        })
        .collect();
    firsts.sort_unstable_by_key(|(at, inner)| (*at, inner.start));
    firsts.dedup_by_key(|(at, _)| *at);
    let blanks: Vec<usize> = firsts
        .into_iter()
        .filter(|(at, inner)| is_surplus(&text[inner.clone()], at - inner.start))
        .map(|(at, _)| at - 1)
        .collect();
    if blanks.is_empty() {
        return;
    }
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for at in &blanks {
        out.push_str(&text[done..*at]);
        done = at + 1;
    }
    out.push_str(&text[done..]);
    *text = out;
    let moved = |offset: usize| offset - blanks.partition_point(|at| *at < offset);
    for mark in marks {
        mark.range = moved(mark.range.start)..moved(mark.range.end);
    }
}

/// Whether there is a blank before the first reference in a text that cannot have been there: before
/// the end of a word such as `'s`, or after an opening bracket.
fn is_surplus(text: &str, at: usize) -> bool {
    const ENDS: [&str; 8] = ["s", "t", "re", "ve", "ll", "d", "m", "S"];
    let Some(before) = text[..at].strip_suffix(' ') else { return false };
    let after = &text[at + 1..];
    let word = &after[..after.find(|c: char| !c.is_alphanumeric()).unwrap_or(after.len())];
    let ends_word = text[at..].starts_with('\'')
        && before.ends_with(char::is_alphanumeric)
        && ENDS.contains(&word)
        && !after[word.len()..].starts_with('\'');
    ends_word || before.ends_with(['(', '[', '{', '='])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mended(text: &str) -> String {
        let mut text = text.to_owned();
        let range = 0..text.len();
        mend(&mut text, &mut [Mark { style: Style::Strong, range, delimiters: (0, 0) }]);
        text
    }

    #[test]
    fn only_a_blank_that_cannot_be_meant_goes() {
        assert_eq!(mended("Increase the server 's size"), "Increase the server's size");
        assert_eq!(mended("emails won 't be marked"), "emails won't be marked");
        assert_eq!(mended("post(files={ \"file\": f})"), "post(files={\"file\": f})");
        for text in ["say 'stop' twice", "the letter 's' here", "a & b", "server's own 's", ""] {
            assert_eq!(mended(text), text);
        }
    }

    #[test]
    fn marks_move_with_the_text() {
        let mut text = "**a 's** `b` **c 's**".to_owned();
        let mark = |style, range, len| Mark { style, range, delimiters: (len, len) };
        let mut marks = [
            mark(Style::Strong, 0..8, 2),
            mark(Style::Code, 9..12, 1),
            mark(Style::Strong, 13..21, 2),
        ];
        mend(&mut text, &mut marks);
        assert_eq!(text, "**a's** `b` **c's**");
        assert_eq!(marks.map(|mark| mark.range), [0..7, 8..11, 12..19]);
    }
}
