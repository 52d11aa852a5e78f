//! Excerpts with carets, for people.

use std::collections::HashMap;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use rayon::prelude::*;

use super::{Report, effects};
use crate::diagnostic::{Applicability, Diagnostic, Label, Severity, SourceId};
use crate::source::{Source, Span};
use crate::visible;
use crate::wrap::options;

/// How the text is laid out.
#[derive(Clone, Copy, Debug)]
pub struct TextStyle {
    /// Whether to colour it, with ANSI escape codes.
    pub color: bool,
    /// The width of the terminal in columns.
    pub width: usize,
    /// How many findings of one rule that say the same are shown; of the others there is the number.
    pub repeats: usize,
}

/// The report for people: each finding with an excerpt, and a last line that sums up.
pub fn text(report: &Report, style: TextStyle) -> String {
    let renderer = if style.color { Renderer::styled() } else { Renderer::plain() };
    let renderer = renderer.term_width(style.width).decor_style(DecorStyle::Ascii);
    let (shown, more) = sifted(&report.diagnostics, style.repeats);
    let excerpts: Vec<String> = shown
        .par_iter()
        .map(|found| renderer.render(&[group(report, found, style.width)]) + "\n\n")
        .collect();
    let mut out = excerpts.concat();
    for (diagnostic, count) in &more {
        let (severity, rule) = (diagnostic.severity, diagnostic.rule);
        let message = visible::name(&diagnostic.message);
        out.push_str(&format!("{severity}[{rule}]: {count} more like this: {message}\n"));
    }
    if !more.is_empty() {
        out.push('\n');
    }
    if let Some(effects) = &report.effects {
        out.push_str(&effects::text(effects, style));
    }
    out.push_str(&report.summary());
    let fixable = |wanted| {
        let fits =
            |found: &&Diagnostic| found.fix.as_ref().is_some_and(|fix| fix.applicability == wanted);
        report.diagnostics.iter().filter(fits).count()
    };
    match (fixable(Applicability::Safe), fixable(Applicability::Unsafe)) {
        (0, 0) => {}
        (safe, 0) => out.push_str(&format!("; `--fix` mends {safe}")),
        (0, other) => out.push_str(&format!("; `--unsafe-fixes` mends {other}")),
        (safe, other) => {
            out.push_str(&format!("; `--fix` mends {safe}, `--unsafe-fixes` {other} more"));
        }
    }
    out.push('\n');
    if let Some(effects) = &report.effects {
        out.push_str(&effects::summary(effects));
        out.push('\n');
    }
    if let Some(over) = report.over_budget() {
        out.push_str(&over);
        out.push('\n');
    }
    out
}

/// The findings to show, and one of each kind that has more with how many there are.
fn sifted(
    diagnostics: &[Diagnostic],
    repeats: usize,
) -> (Vec<&Diagnostic>, Vec<(&Diagnostic, usize)>) {
    if repeats == usize::MAX {
        return (diagnostics.iter().collect(), Vec::new());
    }
    let mut seen: HashMap<(&str, &str), usize> = HashMap::new();
    let mut more: Vec<(&Diagnostic, usize)> = Vec::new();
    let mut places: HashMap<(&str, &str), usize> = HashMap::new();
    let mut shown = Vec::new();
    for diagnostic in diagnostics {
        let kind = (diagnostic.rule, diagnostic.message.as_str());
        let count = seen.entry(kind).or_default();
        *count += 1;
        if *count <= repeats {
            shown.push(diagnostic);
            continue;
        }
        let place = *places.entry(kind).or_insert_with(|| {
            more.push((diagnostic, 0));
            more.len() - 1
        });
        more[place].1 += 1;
    }
    (shown, more)
}

fn group<'r>(report: &'r Report, diagnostic: &'r Diagnostic, width: usize) -> Group<'r> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let message = visible::name(&diagnostic.message);
    let mut group =
        level.primary_title(message).id(diagnostic.rule).elements(Vec::<Origin<'_>>::new());
    let primary = &diagnostic.primary;
    // Beside the mark it would run out of the terminal.
    let below = textwrap::core::display_width(&primary.text) > width / 2;
    let mut seen: Vec<SourceId> = Vec::new();
    for label in std::iter::once(primary).chain(&diagnostic.related) {
        let id = label.location.source;
        if seen.contains(&id) {
            continue;
        }
        seen.push(id);
        let source = report.source(id);
        let mut labels: Vec<(AnnotationKind, &Label)> = Vec::new();
        if id == primary.location.source {
            labels.push((AnnotationKind::Primary, primary));
        }
        let related = diagnostic.related.iter().filter(|label| label.location.source == id);
        labels.extend(related.map(|label| (AnnotationKind::Context, label)));
        // What lies between places far apart may be the whole file.
        let (near, far): (Vec<_>, Vec<_>) =
            labels.iter().copied().partition(|(_, label)| are_near(label, labels[0].1));
        let says = |label: &'r Label| {
            if below && std::ptr::eq(label, primary) { "" } else { &*label.text }
        };
        group = excerpt(group, source, &near, says);
        group = far.into_iter().fold(group, |group, label| excerpt(group, source, &[label], says));
    }
    let place = match (&diagnostic.entry, primary.location.pointer.as_str()) {
        (Some(entry), "") => Some(format!("entry {entry}")),
        (Some(entry), pointer) => Some(format!("entry {entry}, {pointer}")),
        (None, "") => None,
        (None, pointer) => Some(pointer.to_owned()),
    };
    if let Some(place) = place {
        group =
            group.element(Level::NOTE.with_name("at").message(wrap(&visible::name(&place), width)));
    }
    if below {
        let text = wrap(&visible::name(&primary.text), width);
        group = group.element(Level::NOTE.with_name("here").message(text));
    }
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(wrap(&visible::name(help), width)));
    }
    group
}

/// Whether two places of one source fit into one excerpt.
fn are_near(one: &Label, other: &Label) -> bool {
    let start = |label: &Label| label.location.span.range().start;
    start(one).abs_diff(start(other)) <= LONG
}

/// Adds the lines around some places of one source, near each other, with what is said beside each.
fn excerpt<'r>(
    group: Group<'r>,
    source: &'r Source,
    labels: &[(AnnotationKind, &'r Label)],
    says: impl Fn(&'r Label) -> &'r str,
) -> Group<'r> {
    let text = source.text();
    let name = visible::name(source.name());
    if text.is_empty() {
        return group.element(Origin::path(name));
    }
    let marked = |label: &Label| {
        let span = label.location.span.range();
        span.start..span.start + visible_part(&text[span])
    };
    let start = labels.iter().map(|(_, label)| marked(label).start).min().unwrap_or(0);
    let end = labels.iter().map(|(_, label)| marked(label).end).max().unwrap_or(0);
    let (Some(first), Some(last)) = (line_start(text, start), line_end(text, end)) else {
        return cut_excerpt(group, source, labels[0], says);
    };
    if text[first..last].lines().any(|line| line.len() > LONG) {
        return cut_excerpt(group, source, labels[0], says);
    }
    let line = source.line_column(Span::new(first, first).start).line;
    let mut snippet = Snippet::source(visible::excerpt(&text[first..last]))
        .line_start(line as usize)
        .path(name.into_owned());
    for (kind, label) in labels {
        let range = marked(label);
        let range = range.start - first..range.end - first;
        let remark = Some(visible::name(says(label))).filter(|text| !text.is_empty());
        snippet = snippet.annotation(kind.span(range).label(remark));
    }
    group.element(snippet)
}

/// A longer line is cut around the place before it is laid out.
const LONG: usize = 4_000;

/// Where the line begins that a place is on; `None` if that is far away.
fn line_start(text: &str, at: usize) -> Option<usize> {
    let from = floor(text, at.saturating_sub(LONG));
    text[from..at].rfind('\n').map(|found| from + found + 1).or((from == 0).then_some(0))
}

/// Where the line ends that a place is on; `None` if that is far away.
fn line_end(text: &str, at: usize) -> Option<usize> {
    let to = floor(text, at + LONG);
    text[at..to].find('\n').map(|found| at + found).or((to == text.len()).then_some(to))
}

/// The surroundings of a place on a very long line.
fn cut_excerpt<'r>(
    group: Group<'r>,
    source: &'r Source,
    (kind, label): (AnnotationKind, &'r Label),
    says: impl Fn(&'r Label) -> &'r str,
) -> Group<'r> {
    const AROUND: usize = 60;
    let (text, span) = (source.text(), label.location.span.range());
    let start = floor(text, span.start.saturating_sub(AROUND).min(text.len()));
    let end = floor(text, span.end.min(span.start + AROUND) + AROUND);
    let line_start =
        text[start..floor(text, span.start)].rfind('\n').map_or(start, |at| start + at + 1);
    let piece = &text[line_start..end.max(line_start)];
    let piece = piece.split('\n').next().unwrap_or_default();
    let from = span.start.saturating_sub(line_start).min(piece.len());
    let to = span.end.saturating_sub(line_start).clamp(from, piece.len());
    let place = source.line_column(label.location.span.start);
    let origin = Origin::path(visible::name(source.name()).into_owned())
        .line(place.line as usize)
        .char_column(place.column as usize);
    let snippet = Snippet::source(visible::excerpt(piece))
        .line_start(place.line as usize)
        .annotation(kind.span(from..to).label(visible::name(says(label))));
    group.element(origin).element(snippet)
}

/// How many bytes of a marked text to mark: a long value is known by its beginning, and a mark that is
/// wider than the terminal shows nothing.
fn visible_part(text: &str) -> usize {
    const WIDEST: usize = 44;
    let mut width = 0;
    for (at, c) in text.char_indices() {
        width += textwrap::core::display_width(c.encode_utf8(&mut [0; 4]));
        // There are characters without a width.
        if width > WIDEST || at > LONG {
            return at;
        }
    }
    text.len()
}

/// The nearest character boundary at or before an offset.
fn floor(text: &str, offset: usize) -> usize {
    text.floor_char_boundary(offset)
}

/// Breaks a remark into lines that fit beside the ` = help: ` under an excerpt.
fn wrap(text: &str, width: usize) -> String {
    const MARGIN: usize = 14;
    textwrap::fill(text, options(width.saturating_sub(MARGIN).max(MARGIN)))
}
