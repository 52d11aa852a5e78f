//! Text made safe to show: what a terminal or a log would obey, or what cannot be seen, is replaced.

use std::borrow::Cow;

/// Whether a character changes how the text around it is laid out: the bidirectional controls of
/// Unicode Standard Annex #9.
pub fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
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
