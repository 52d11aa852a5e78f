//! A blank that is too many in strong text.
//!
//! A much used converter (html2text) takes the first character reference in strong text, such as the
//! apostrophe of `server&#39;s`, for the text after it, and sets it off: `**the server 's limit**`.

use super::super::line::{Mark, Style};

/// Takes such blanks out of a text with its marks.
pub(super) fn mend(text: &mut String, marks: &mut [Mark]) {
    let inners: Vec<_> =
        marks.iter().filter(|mark| mark.style == Style::Strong).map(Mark::inner).collect();
    for inner in inners.into_iter().rev() {
        let Some(at) = text.get(inner.clone()).and_then(surplus).map(|at| inner.start + at) else {
            continue;
        };
        text.remove(at);
        for mark in marks.iter_mut() {
            mark.range.start -= usize::from(mark.range.start > at);
            mark.range.end -= usize::from(mark.range.end > at);
        }
    }
}

/// The blank before the first character that HTML writes as a reference, if it cannot have been there:
/// before the end of a word such as `'s`, or after an opening bracket.
fn surplus(text: &str) -> Option<usize> {
    const ENDS: [&str; 8] = ["s", "t", "re", "ve", "ll", "d", "m", "S"];
    let at = text.find(['\'', '"', '&', '<', '>'])?;
    let before = text[..at].strip_suffix(' ')?;
    let after = &text[at + 1..];
    let word = &after[..after.find(|c: char| !c.is_alphanumeric()).unwrap_or(after.len())];
    let ends_word = text[at..].starts_with('\'')
        && before.ends_with(char::is_alphanumeric)
        && ENDS.contains(&word)
        && !after[word.len()..].starts_with('\'');
    (ends_word || before.ends_with(['(', '[', '{', '='])).then_some(before.len())
}

#[cfg(test)]
mod tests {
    use super::surplus;

    #[test]
    fn only_a_blank_that_cannot_be_meant_goes() {
        assert_eq!(surplus("Increase the server 's size"), Some(19));
        assert_eq!(surplus("emails won 't be marked"), Some(10));
        assert_eq!(surplus("post(files={ \"file\": f})"), Some(12));
        for text in ["say 'stop' twice", "the letter 's' here", "a & b", "server's own 's", ""] {
            assert_eq!(surplus(text), None, "{text}");
        }
    }
}
