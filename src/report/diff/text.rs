//! Changes for people, in a terminal.

use anstyle::{AnsiColor, Effects, Style};
use textwrap::core::display_width;

use super::painted::Painted;
use super::{fate_in_words, is_blank, lines, place};
use crate::diff::bases::EntryDiff;
use crate::diff::view::{Said, Span, View, views};
use crate::diff::{Kind, Side};
use crate::report::TextStyle;
use crate::visible;

/// How changes are laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// One below the other, what is old and what is new on one line.
    Unified,
    /// The old version to the left of the new one, where the terminal is wide enough.
    SideBySide,
}

/// Narrower than this two columns cannot be read.
const NARROWEST: usize = 80;
/// A line that goes on stands so much deeper than its beginning.
const DEEPER: usize = 4;

/// The changes of each entry, with the facts below them. What came or went is told whole.
pub fn diff_text(diffs: &[EntryDiff], style: TextStyle, layout: Layout) -> String {
    let mut page = Page { color: style.color, width: style.width, layout, out: String::new() };
    for diff in diffs {
        page.entry(diff);
    }
    page.out
}

struct Page {
    color: bool,
    width: usize,
    layout: Layout,
    out: String,
}

impl Page {
    fn style(&self, color: Option<AnsiColor>, effects: Effects) -> Style {
        if !self.color {
            return Style::new();
        }
        Style::new().fg_color(color.map(Into::into)).effects(effects)
    }

    fn side(&self, side: Side) -> Style {
        match side {
            Side::Both => Style::new(),
            Side::Old => self.style(Some(AnsiColor::Red), Effects::new()),
            Side::New => self.style(Some(AnsiColor::Green), Effects::new()),
        }
    }

    /// Writes a line from a column on; what does not fit stands deeper.
    fn line(&mut self, indent: usize, line: &Painted) {
        let columns = self.width.saturating_sub(indent).max(2 * DEEPER);
        for (number, row) in line.rows(columns, columns - DEEPER).into_iter().enumerate() {
            let indent = if number == 0 { indent } else { indent + DEEPER };
            self.row(&format!("{}{row}", " ".repeat(indent)));
        }
    }

    fn row(&mut self, row: &str) {
        self.out.push_str(row.trim_end_matches(' '));
        self.out.push('\n');
    }

    fn entry(&mut self, diff: &EntryDiff) {
        let bold = self.style(None, Effects::BOLD);
        let dim = self.style(None, Effects::DIMMED);
        let id = visible::name(&diff.id);
        let mut head = Painted::default();
        head.push(&id, bold);
        head.push(&format!(": {}", fate_in_words(diff)), Style::new());
        self.line(0, &head);
        let path = visible::name(&diff.path);
        // Where the path says no more than the id, it is not told.
        let is_plain = path.ends_with(&format!("{id}.json"));
        let mut paths = Painted::default();
        match &diff.old_path {
            Some(old) => paths.push(&format!("{} -> {path}", visible::name(old)), dim),
            None => paths.push(&path, dim),
        }
        if diff.old_path.is_some() || !is_plain {
            self.line(2, &paths);
        }
        for view in views(diff) {
            self.view(&view);
        }
        let yellow = self.style(Some(AnsiColor::Yellow), Effects::BOLD);
        for fact in &diff.facts {
            let mut line = Painted::default();
            line.push("!", yellow);
            line.push(&format!(" {}", fact.message), Style::new());
            self.line(2, &line);
        }
    }

    fn view(&mut self, view: &View) {
        let (mark, color) = match view.kind {
            Kind::Added => ("+", AnsiColor::Green),
            Kind::Removed => ("-", AnsiColor::Red),
            Kind::Moved => (">", AnsiColor::Cyan),
            Kind::Changed | Kind::Renamed => ("~", AnsiColor::Cyan),
        };
        let mut head = Painted::default();
        head.push(mark, self.style(Some(color), Effects::BOLD));
        head.push(" ", Style::new());
        head.push(&place(view), self.style(None, Effects::BOLD));
        match view.parts.as_slice() {
            [part] if part.name.is_empty() => self.single(head, view, &part.said),
            parts => {
                self.line(2, &head);
                for part in parts {
                    let mut label = Painted::default();
                    label.push(&visible::name(&part.name), self.style(None, Effects::BOLD));
                    let rows = self.said(&part.said, view.kind);
                    self.labelled(6, label, &rows);
                }
            }
        }
    }

    /// A change of one text.
    fn single(&mut self, mut head: Painted, view: &View, said: &Said) {
        let note = view.note.as_ref().map(|note| format!(", {note}")).unwrap_or_default();
        let is_wide = self.layout == Layout::SideBySide && self.width >= NARROWEST;
        if is_wide && !matches!(said, Said::Whole(..)) {
            head.push(&note, Style::new());
            self.line(2, &head);
            self.columns(said);
            return;
        }
        let mut rows = self.said(said, view.kind);
        if let Some(last) = rows.last_mut() {
            last.push(&note, Style::new());
        }
        self.labelled(2, head, &rows);
    }

    /// A text behind its label, or below it if it has several lines.
    fn labelled(&mut self, indent: usize, mut label: Painted, rows: &[Painted]) {
        if let [row] = rows {
            label.push(": ", Style::new());
            label.append(row);
            self.line(indent, &label);
            return;
        }
        label.push(":", Style::new());
        self.line(indent, &label);
        for row in rows {
            self.line(indent + DEEPER, row);
        }
    }

    /// The lines of a text.
    fn said(&self, said: &Said, kind: Kind) -> Vec<Painted> {
        let in_place_of = matches!(kind, Kind::Changed | Kind::Renamed);
        match said {
            Said::Whole(side, text) if is_blank(text) => {
                let mut row = Painted::default();
                self.piece(*side, &visible::name(text), true, &mut row);
                vec![row]
            }
            Said::Whole(side, text) => {
                let row = |line: std::borrow::Cow<'_, str>| {
                    let mut row = Painted::default();
                    self.piece(*side, &line, in_place_of, &mut row);
                    row
                };
                lines(text).map(row).collect()
            }
            Said::Instead(old, new) => {
                let mut row = Painted::default();
                self.piece(Side::Old, &visible::name(old), false, &mut row);
                row.push(" -> ", Style::new());
                self.piece(Side::New, &visible::name(new), false, &mut row);
                vec![row]
            }
            Said::Words(spans) => {
                let mut rows = vec![Painted::default()];
                for span in spans {
                    self.span(span, &mut rows);
                }
                rows
            }
        }
    }

    /// Adds a piece of a text to the last line, and the lines that begin in it.
    fn span(&self, span: &Span, rows: &mut Vec<Painted>) {
        if span.side != Side::Both && is_blank(&span.text) {
            if let Some(row) = rows.last_mut() {
                self.piece(span.side, &visible::name(&span.text), true, row);
            }
            return;
        }
        for (number, line) in lines(&span.text).enumerate() {
            if number > 0 {
                rows.push(Painted::default());
            }
            if let Some(row) = rows.last_mut() {
                self.piece(span.side, &line, true, row);
            }
        }
    }

    /// A piece in the colour of its side. Where no colour shows, what is old and what is new stands in brackets
    /// among what is the same.
    fn piece(&self, side: Side, text: &str, in_brackets: bool, row: &mut Painted) {
        let style = self.side(side);
        let shows = self.color && !is_blank(text);
        match side {
            _ if text.is_empty() => {}
            Side::Old if in_brackets && !shows => row.push(&format!("[-{text}-]"), style),
            Side::New if in_brackets && !shows => row.push(&format!("{{+{text}+}}"), style),
            _ => row.push(text, style),
        }
    }

    /// What is old to the left, what is new to the right; a line after one that both end with begins side by side.
    fn columns(&mut self, said: &Said) {
        let (mut left, mut right) = (vec![Painted::default()], vec![Painted::default()]);
        match said {
            Said::Whole(..) => {}
            Said::Instead(old, new) => {
                self.piece(Side::Old, &visible::name(old), false, &mut left[0]);
                self.piece(Side::New, &visible::name(new), false, &mut right[0]);
            }
            Said::Words(spans) => {
                for span in spans {
                    match span.side {
                        Side::Old => self.span(span, &mut left),
                        Side::New => self.span(span, &mut right),
                        Side::Both => {
                            for (number, line) in lines(&span.text).enumerate() {
                                if number > 0 {
                                    self.beside(
                                        &std::mem::take(&mut left),
                                        &std::mem::take(&mut right),
                                    );
                                    left.push(Painted::default());
                                    right.push(Painted::default());
                                }
                                for row in left.last_mut().into_iter().chain(right.last_mut()) {
                                    row.push(&line, Style::new());
                                }
                            }
                        }
                    }
                }
            }
        }
        self.beside(&left, &right);
    }

    fn beside(&mut self, left: &[Painted], right: &[Painted]) {
        const GAP: &str = " | ";
        let column = (self.width - 4 - GAP.len()) / 2;
        let rows = |lines: &[Painted]| -> Vec<String> {
            lines.iter().flat_map(|line| line.rows(column, column)).collect()
        };
        let (left, right) = (rows(left), rows(right));
        for row in 0..left.len().max(right.len()) {
            let cell = |column: &[String]| column.get(row).cloned().unwrap_or_default();
            let (old, new) = (cell(&left), cell(&right));
            let blanks = " ".repeat(column.saturating_sub(display_width(&old)));
            self.row(&format!("    {old}{blanks}{GAP}{new}"));
        }
    }
}
