//! Which characters are Chinese.

/// Whether a character is a Han ideograph: the unified ideographs with their extensions, the
/// compatibility ideographs, and the iteration mark (Unicode 16, script Han).
pub fn is_han(c: char) -> bool {
    matches!(
        c,
        '\u{4e00}'..='\u{9fff}'
            | '\u{3400}'..='\u{4dbf}'
            | '\u{f900}'..='\u{faff}'
            | '\u{20000}'..='\u{323af}'
            | '\u{3005}'
            | '\u{3007}'
    )
}

/// Whether a character is written without blanks around it: Han, and the full-width forms and marks
/// that stand between them.
pub fn is_wide(c: char) -> bool {
    is_han(c) || matches!(c, '\u{3000}'..='\u{303f}' | '\u{ff00}'..='\u{ffef}')
}
