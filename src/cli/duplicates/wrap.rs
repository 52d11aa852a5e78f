//! Lines of a report that fit a terminal.

use std::sync::LazyLock;

use errlore::wrap::options;

/// Lines that fit 80 columns, or a narrower terminal; what follows the first is set in as far.
pub(super) fn wrapped(start: &str, text: &str) -> String {
    static COLUMNS: LazyLock<usize> = LazyLock::new(|| super::super::width().min(80));
    // There may be a million lines, and most fit.
    let fits = start.len() + text.len() <= *COLUMNS;
    if fits && !text.is_empty() && text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
        return format!("{start}{}\n", text.trim_end_matches(' '));
    }
    let indent = " ".repeat(start.len());
    let options = options(*COLUMNS).initial_indent(start).subsequent_indent(&indent);
    textwrap::fill(text, options) + "\n"
}
