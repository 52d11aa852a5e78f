//! Plain text, line by line.

use std::borrow::Cow;

use super::line::{Kind, Line};

/// The lines of a text. Blanks at their ends mean nothing; a number or a bullet at the beginning is
/// the marker of a list item.
pub(super) fn lines(text: &str) -> Vec<Line<'_>> {
    let mut out = Vec::with_capacity(text.len() / 40);
    let mut start = 0;
    let mut gap = 0;
    for raw in text.split_inclusive('\n') {
        let content = raw.trim_end();
        let trimmed = content.trim_start_matches(is_blank);
        if trimmed.is_empty() {
            gap += 1;
        } else {
            let leading = &content[..content.len() - trimmed.len()];
            let at = start + leading.len();
            let marker = marker(trimmed);
            let mut line = Line::of(&trimmed[marker..], at + marker);
            line.leading = leading;
            line.gap = gap;
            if marker > 0 {
                line.kind = Kind::Item;
                line.marker = Cow::Borrowed(&trimmed[..marker]);
            }
            out.push(line);
            gap = 0;
        }
        start += raw.len();
    }
    out
}

/// Blanks of every kind that converters put before a text, and the byte order mark.
fn is_blank(c: char) -> bool {
    c.is_whitespace() || c == '\u{feff}'
}

/// The length of a list marker with the blanks after it: `12. `, `3) `, `* `, `• `.
fn marker(text: &str) -> usize {
    const BULLETS: [char; 9] = ['*', '-', '+', '•', '◦', '▪', '‣', '●', '○'];
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let mark = if (1..=4).contains(&digits) && text[digits..].starts_with(['.', ')']) {
        digits + 1
    } else {
        match text.chars().next() {
            Some(c) if BULLETS.contains(&c) => c.len_utf8(),
            _ => return 0,
        }
    };
    let rest = &text[mark..];
    let blanks = rest.len() - rest.trim_start_matches(is_blank).len();
    if blanks == 0 { 0 } else { mark + blanks }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_knows_its_place_and_marker() {
        let text = "Workarounds\r\n\n\n  12. 90% success\tdo it \n    a  b\n";
        let lines = lines(text);
        let item = &lines[1];
        assert_eq!(
            (&*item.text, &*item.marker, item.leading),
            ("90% success\tdo it", "12. ", "  ")
        );
        assert_eq!(&text[item.span.range()], &*item.text);
        assert_eq!((item.gap, lines[2].gap, lines[2].indent()), (2, 0, 4));
        assert_eq!(marker("1.5 times"), 0);
        assert_eq!(marker("- a"), 2);
        assert_eq!(marker("-a"), 0);
    }
}
