//! Changes for people, in a terminal.

use anstyle::{AnsiColor, Effects, Style};
use textwrap::core::display_width;

use super::{Shown, Span, fate_in_words, show};
use crate::diff::Side;
use crate::diff::bases::{EntryDiff, Fate};
use crate::report::TextStyle;
use crate::visible;
use crate::wrap::options;

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

/// The changes of each entry, with the facts below them.
pub fn diff_text(diffs: &[EntryDiff], style: TextStyle, layout: Layout) -> String {
    let painter = Painter { color: style.color };
    let mut out = String::new();
    for diff in diffs {
        painter.entry(diff, style.width, layout, &mut out);
    }
    out
}

struct Painter {
    color: bool,
}

impl Painter {
    fn style(&self, color: Option<AnsiColor>, effects: Effects) -> Style {
        if !self.color {
            return Style::new();
        }
        Style::new().fg_color(color.map(Into::into)).effects(effects)
    }

    fn entry(&self, diff: &EntryDiff, width: usize, layout: Layout, out: &mut String) {
        let bold = self.style(None, Effects::BOLD);
        let dim = self.style(None, Effects::DIMMED);
        let (id, fate) = (visible::name(&diff.id), fate_in_words(diff));
        out.push_str(&format!("{bold}{id}{bold:#}: {fate}\n"));
        let path = visible::name(&diff.path);
        // Where the path says no more than the id, it is not told.
        let is_plain = path.ends_with(&format!("{id}.json"));
        match &diff.old_path {
            Some(old) => {
                let old = visible::name(old);
                out.push_str(&format!("  {dim}{old} -> {path}{dim:#}\n"));
            }
            None if is_plain => {}
            None => out.push_str(&format!("  {dim}{path}{dim:#}\n")),
        }
        let whole = match diff.fate {
            Fate::Added => diff.new.as_ref(),
            Fate::Removed | Fate::Merged(_) => diff.old.as_ref(),
            _ => None,
        };
        if let Some(signature) = whole.and_then(|document| document["signature"].as_str()) {
            wrapped(width, &visible::name(signature), out);
        }
        for change in &diff.changes {
            let shown = show(change, diff);
            if layout == Layout::SideBySide && width >= NARROWEST && shown.spans.len() > 1 {
                self.columns(&shown, width, out);
            } else {
                self.line(&shown, width, out);
            }
        }
        let yellow = self.style(Some(AnsiColor::Yellow), Effects::BOLD);
        for fact in &diff.facts {
            let message = format!("{yellow}!{yellow:#} {}", fact.message);
            wrapped(width, &message, out);
        }
    }

    fn mark(&self, mark: char) -> String {
        let color = match mark {
            '+' => AnsiColor::Green,
            '-' => AnsiColor::Red,
            _ => AnsiColor::Cyan,
        };
        let style = self.style(Some(color), Effects::BOLD);
        format!("{style}{mark}{style:#}")
    }

    /// A piece in the colour of its side; without colours what is old and what is new stands in brackets, where
    /// both are told in words.
    fn span(&self, span: &Span, in_brackets: bool) -> String {
        let (color, open, close) = match span.side {
            Side::Both => return span.text.clone(),
            Side::Old => (AnsiColor::Red, "[-", "-]"),
            Side::New => (AnsiColor::Green, "{+", "+}"),
        };
        if !self.color && in_brackets {
            return format!("{open}{}{close}", span.text);
        }
        let style = self.style(Some(color), Effects::new());
        // Each word has its own colours, so that a line may break behind it.
        let words = span.text.split(' ').map(|word| {
            if word.is_empty() { String::new() } else { format!("{style}{word}{style:#}") }
        });
        words.collect::<Vec<_>>().join(" ")
    }

    fn line(&self, shown: &Shown, width: usize, out: &mut String) {
        let bold = self.style(None, Effects::BOLD);
        let is_arrow = |span: &Span| span.side == Side::Both && span.text == " -> ";
        let in_brackets = shown.spans.len() > 1 && !shown.spans.iter().any(is_arrow);
        let spans: String = shown.spans.iter().map(|span| self.span(span, in_brackets)).collect();
        let (mark, place) = (self.mark(shown.mark), &shown.place);
        wrapped(width, &format!("{mark} {bold}{place}{bold:#}: {spans}"), out);
    }

    fn columns(&self, shown: &Shown, width: usize, out: &mut String) {
        const GAP: &str = " | ";
        let bold = self.style(None, Effects::BOLD);
        let (mark, place) = (self.mark(shown.mark), &shown.place);
        out.push_str(&format!("  {mark} {bold}{place}{bold:#}\n"));
        let column = (width - 4 - GAP.len()) / 2;
        let half = |left_out: Side| {
            let spans =
                shown.spans.iter().filter(|span| span.side != left_out && span.text != " -> ");
            let text: String = spans.map(|span| self.span(span, true)).collect();
            textwrap::wrap(&text, options(column))
                .into_iter()
                .map(std::borrow::Cow::into_owned)
                .collect()
        };
        let (left, right): (Vec<String>, Vec<String>) = (half(Side::New), half(Side::Old));
        for row in 0..left.len().max(right.len()) {
            let cell = |column: &[String]| column.get(row).cloned().unwrap_or_default();
            let (old, new) = (cell(&left), cell(&right));
            let blanks = " ".repeat(column.saturating_sub(display_width(&old)));
            out.push_str(format!("    {old}{blanks}{GAP}{new}").trim_end());
            out.push('\n');
        }
    }
}

/// A paragraph; what does not fit on its first line stands deeper.
fn wrapped(width: usize, paragraph: &str, out: &mut String) {
    let options = options(width).initial_indent("  ").subsequent_indent("      ");
    for line in textwrap::wrap(paragraph, &options) {
        out.push_str(&line);
        out.push('\n');
    }
}
