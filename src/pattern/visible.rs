//! Text made safe to show: what a terminal or a log would obey, or what cannot be seen, is replaced.

use std::borrow::Cow;

/// Whether a character changes how the text around it is laid out: the bidirectional controls of
/// Unicode Standard Annex #9.
pub fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Whether a character has no shape of its own, or is none: controls, zero-width characters, fillers,
/// tags (Unicode 16), noncharacters.
pub fn is_invisible(c: char) -> bool {
    c.is_control()
        || u32::from(c) & 0xfffe == 0xfffe
        || matches!(
            c,
            '\u{ad}'
                | '\u{34f}'
                | '\u{115f}'
                | '\u{1160}'
                | '\u{180e}'
                | '\u{200b}'
                | '\u{2028}'
                | '\u{2029}'
                | '\u{2060}'..='\u{2064}'
                | '\u{206a}'..='\u{206f}'
                | '\u{2800}'
                | '\u{3164}'
                | '\u{fdd0}'..='\u{fdef}'
                | '\u{feff}'
                | '\u{ffa0}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

/// Whether a character is a blank that only looks like U+0020.
pub fn is_other_blank(c: char) -> bool {
    c.is_whitespace() && !c.is_ascii() && !is_invisible(c)
}

/// A character by its number, and by its name where people know that.
pub fn code_point(c: char) -> String {
    let number = format!("U+{:04X}", u32::from(c));
    let name = match c {
        '\u{a0}' => "a no-break space",
        '\u{ad}' => "a soft hyphen",
        '\u{200b}' => "a zero-width space",
        '\u{200c}' | '\u{200d}' => "a zero-width joiner",
        '\u{202f}' => "a narrow no-break space",
        '\u{2028}' | '\u{2029}' => "a line separator",
        '\u{2060}' => "a word joiner",
        '\u{3000}' => "an ideographic space",
        '\u{feff}' => "a byte order mark",
        c if is_bidi_control(c) => "a bidirectional control",
        c if c.is_control() => "a control character",
        c if is_other_blank(c) => "a blank that is not U+0020",
        c if u32::from(c) & 0xfffe == 0xfffe || matches!(c, '\u{fdd0}'..='\u{fdef}') => {
            "a noncharacter"
        }
        _ => return number,
    };
    format!("{name}, {number}")
}

/// Whether a character must not reach a terminal as it is.
pub fn is_unsafe_to_show(c: char) -> bool {
    c.is_control() || is_bidi_control(c) || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}')
}

/// The same text, byte for byte as long, with each character that must not be shown replaced by one
/// that may; line feeds and tabs stay. Spans into the text stay valid.
pub fn excerpt(text: &str) -> Cow<'_, str> {
    let hidden = |c: char| is_unsafe_to_show(c) && c != '\n' && c != '\t';
    if !text.contains(hidden) {
        return Cow::Borrowed(text);
    }
    let replace = |c: char| match (hidden(c), c.len_utf8()) {
        (false, _) => c,
        (true, 1) => '?',
        (true, 2) => '\u{bf}',
        (true, _) => char::REPLACEMENT_CHARACTER,
    };
    Cow::Owned(text.chars().map(replace).collect())
}

/// A text for one line of a message: each character that must not be shown is written as its
/// escape, such as `\n` or `\u{202e}`.
pub fn name(text: &str) -> Cow<'_, str> {
    if !text.contains(is_unsafe_to_show) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if is_unsafe_to_show(c) {
            out.extend(c.escape_default());
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

/// A value quoted in backticks for a message: safe to show and cut after 60 characters.
pub fn quote(text: &str) -> String {
    const LIMIT: usize = 60;
    let mut shown: String = text.chars().take(LIMIT).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    format!("`{}`", name(&shown))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_a_terminal_obeys_gets_through() {
        let text = "a\u{1b}[31m\u{9b}31m\u{202e}\u{2028}消息\n";
        let shown = excerpt(text);
        assert_eq!(shown.len(), text.len(), "spans stay valid");
        assert!(!shown.contains(|c| is_unsafe_to_show(c) && c != '\n'));
        assert_eq!(name("a\nb\u{202e}"), "a\\nb\\u{202e}");
        assert_eq!(quote(&"消".repeat(70)), format!("`{}…`", "消".repeat(60)));
    }
}
