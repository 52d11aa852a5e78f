//! Where an assertion holds: it looks at what stands on both sides of a place, and at nothing else.

use regex_syntax::hir::Look;

/// What stands on one side of a place.
#[derive(Clone, Copy, Debug, Default)]
#[allow(clippy::struct_excessive_bools, reason = "an assertion asks each of them by itself")]
pub(super) struct Beside {
    /// Nothing: the text begins or ends there.
    pub(super) is_edge: bool,
    /// A line feed.
    pub(super) is_feed: bool,
    /// A carriage return.
    pub(super) is_return: bool,
    /// A letter, digit or underscore of ASCII.
    pub(super) is_ascii: bool,
    /// A word character.
    pub(super) is_word: bool,
}

/// Whether an assertion holds between what stands before and behind a place. Between a carriage return and
/// its line feed one that knows both would not; no message has the two.
pub(super) fn holds(look: Look, before: Beside, after: Beside) -> bool {
    let is_line = |side: Beside| side.is_edge || side.is_feed;
    match look {
        Look::Start => before.is_edge,
        Look::End => after.is_edge,
        Look::StartLF => is_line(before),
        Look::EndLF => is_line(after),
        Look::StartCRLF => is_line(before) || before.is_return,
        Look::EndCRLF => is_line(after) || after.is_return,
        Look::WordAscii => before.is_ascii != after.is_ascii,
        Look::WordAsciiNegate => before.is_ascii == after.is_ascii,
        Look::WordUnicode => before.is_word != after.is_word,
        Look::WordUnicodeNegate => before.is_word == after.is_word,
        Look::WordStartAscii => !before.is_ascii && after.is_ascii,
        Look::WordEndAscii => before.is_ascii && !after.is_ascii,
        Look::WordStartUnicode => !before.is_word && after.is_word,
        Look::WordEndUnicode => before.is_word && !after.is_word,
        Look::WordStartHalfAscii => !before.is_ascii,
        Look::WordEndHalfAscii => !after.is_ascii,
        Look::WordStartHalfUnicode => !before.is_word,
        Look::WordEndHalfUnicode => !after.is_word,
    }
}
