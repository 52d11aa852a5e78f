//! The page of an entry as plain text.
//!
//! ```text
//! 1009 communication protocol_error ai_generated true
//!
//! <signature>
//!
//! ID: <id>
//!
//! 84% Fix Rate
//! ...
//! ```
//!
//! A section without content is left out. A text of several lines is indented by four more columns
//! than one of a single line would be, in all its lines, so that none of them can be taken for a
//! heading or an item. The page is not wrapped: a line of it is a line of the entry. Control characters
//! stay, because there is nothing to escape them with; whoever prints the page replaces them.

use textwrap::core::display_width;

use super::{badges, figures, one_line, percent, version_rows};
use crate::canonical::canonical_text;
use crate::entry::Entry;
use crate::fields::heading;

/// How far the text of an item is indented.
const ITEM: usize = 5;
/// How much farther the lines of a text are indented where it has several.
const DEEPER: usize = 4;

/// The page of an entry as plain text.
pub fn text(entry: &Entry) -> String {
    let mut page = Page(String::with_capacity(4096));
    page.block(0, &badges(entry).join(" "));
    page.passage(0, &entry.signature);
    if !entry.id.as_str().trim().is_empty() {
        page.block(0, &format!("ID: {}", one_line(entry.id.as_str())));
    }
    page.gap();
    for (figure, label) in figures(entry) {
        page.line(0, &format!("{figure} {label}"));
    }
    page.versions(entry);
    if !entry.root_cause.trim().is_empty() {
        page.block(0, heading("root_cause"));
        page.passage(0, &entry.root_cause);
        page.passage(0, &entry.root_cause_type.0);
    }
    if let Some(text) = filled(entry.root_cause_zh.as_deref()) {
        page.block(0, heading("root_cause_zh"));
        page.passage(0, text);
    }
    let address = filled(entry.official_doc_url.as_deref());
    let section = filled(entry.official_doc_section.as_deref());
    if address.or(section).is_some() {
        page.block(0, heading("official_doc_url"));
        page.gap();
        if let Some(address) = address {
            page.line(0, &one_line(address));
        }
        if let Some(section) = section {
            page.lines(0, section);
        }
    }
    page.workarounds(entry);
    page.dead_ends(entry);
    page.0
}

fn filled(text: Option<&str>) -> Option<&str> {
    text.filter(|text| !text.trim().is_empty())
}

struct Page(String);

impl Page {
    /// A blank line before what comes next.
    fn gap(&mut self) {
        if !self.0.is_empty() {
            self.0.push('\n');
        }
    }

    /// A line, indented unless it is empty.
    fn line(&mut self, indent: usize, line: &str) {
        if !line.is_empty() {
            self.0.push_str(&" ".repeat(indent));
            self.0.push_str(line);
        }
        self.0.push('\n');
    }

    /// A line with a blank line before it.
    fn block(&mut self, indent: usize, line: &str) {
        self.gap();
        self.line(indent, line);
    }

    /// A text that stands alone: deeper where it has several lines.
    fn lines(&mut self, indent: usize, text: &str) {
        let text = canonical_text(text);
        let indent = if text.contains('\n') { indent + DEEPER } else { indent };
        for line in text.split('\n') {
            self.line(indent, line);
        }
    }

    /// A text that stands alone with a blank line before it, if there is one.
    fn passage(&mut self, indent: usize, text: &str) {
        if !text.trim().is_empty() {
            self.gap();
            self.lines(indent, text);
        }
    }

    /// The first line of an item, and the other lines of the text that begins there.
    fn item(&mut self, index: usize, rate: &str, text: &str) {
        let text = canonical_text(text);
        let mut lines = text.split('\n');
        let first = lines.next().unwrap_or_default();
        let number = format!("{}.", index + 1);
        let head: Vec<&str> =
            [&number, rate, first].into_iter().filter(|part| !part.is_empty()).collect();
        self.line(2, &head.join(" "));
        for line in lines {
            self.line(ITEM + DEEPER, line);
        }
    }

    /// Columns of equal width on the screen, two blanks apart at least.
    fn versions(&mut self, entry: &Entry) {
        if entry.versions.is_empty() {
            return;
        }
        let flat = |cell: &String| cell.replace(['\n', '\t'], " ");
        let rows = version_rows(entry, false);
        let rows: Vec<Vec<String>> =
            rows.iter().map(|row| row.iter().map(flat).collect()).collect();
        let mut widths = vec![0; rows[0].len()];
        for row in &rows {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = display_width(cell).max(*width);
            }
        }
        self.block(0, heading("versions"));
        self.gap();
        for row in &rows {
            let mut line = String::new();
            for (width, cell) in widths.iter().zip(row) {
                line.push_str(cell);
                line.push_str(&" ".repeat(width - display_width(cell) + 2));
            }
            self.line(0, line.trim_end());
        }
    }

    fn workarounds(&mut self, entry: &Entry) {
        if !entry.workarounds.is_empty() {
            self.block(0, heading("workarounds"));
            self.gap();
        }
        for (index, item) in entry.workarounds.iter().enumerate() {
            let rate = format!("{} success", percent(item.success_rate));
            self.item(index, &rate, &item.action);
            let how = canonical_text(&item.how);
            if !how.is_empty() {
                for line in how.split('\n') {
                    self.line(ITEM, line);
                }
            }
        }
        if !entry.workarounds_zh.is_empty() {
            self.block(0, heading("workarounds_zh"));
            self.gap();
        }
        for (index, text) in entry.workarounds_zh.iter().enumerate() {
            self.item(index, "", text);
        }
    }

    fn dead_ends(&mut self, entry: &Entry) {
        if entry.dead_ends.is_empty() {
            return;
        }
        self.block(0, heading("dead_ends"));
        self.block(0, "Common approaches that don't work:");
        for (index, item) in entry.dead_ends.iter().enumerate() {
            self.gap();
            self.item(index, &format!("{} fail", percent(item.fail_rate)), &item.action);
            self.passage(ITEM, &item.why_fails);
        }
    }
}
