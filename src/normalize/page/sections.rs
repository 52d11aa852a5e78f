//! What stands under each heading of a page.

use super::label::Section;
use super::lists::{item_list, steps};
use super::text::assemble;
use super::versions::versions;
use super::{Layout, Page};
use crate::entry::RootCauseType;
use crate::normalize::chain;
use crate::normalize::line::{Line, Style};
use crate::pointer;

/// Reads one section: its heading stands at `heading`, the next at `end`.
pub(super) fn read(page: &mut Page<'_, '_>, section: Section, heading: usize, end: usize) {
    // Below the last section there may be what belongs to the site and not to the entry.
    let is_last = end == page.lines.len();
    if section == Section::Unknown {
        return;
    }
    page.label(heading, section.name());
    let body = heading + 1..end;
    let mut indices: Vec<usize> = body.collect();
    // The underline of a heading in plain text.
    if page.layout == Layout::Lines
        && let Some(first) = indices.first().copied()
        && page.lines[first].is_rule()
        && page.lines[first].gap == 0
    {
        page.label(first, "drawn line");
        indices.remove(0);
    }
    let (Some(start), lines) = (indices.first().copied(), page.lines) else { return };
    let lines = &lines[start..end];
    match section {
        Section::Versions => versions(page, lines, (start, is_last)),
        Section::RootCause => root_cause(page, lines, start, is_last),
        Section::RootCauseZh => {
            let lines = if is_last { first_block(lines) } else { lines };
            if let Some((text, span)) = assemble(lines) {
                page.draft.entry.root_cause_zh = Some(text);
                page.draft.bind(span, pointer!["root_cause_zh"]);
                take_all(page, start, lines);
            }
        }
        Section::Documentation => {
            let is_open = is_last && !page.is_whole;
            documentation(page, if is_open { first_block(lines) } else { lines }, start);
        }
        Section::Workarounds | Section::DeadEnds => {
            item_list(page, section, lines, (start, is_last));
        }
        Section::WorkaroundsZh => steps(page, lines, start, is_last),
        Section::Pattern => {
            if let Some((text, span)) = assemble(lines) {
                page.draft.entry.regex = uncut(text, lines);
                page.draft.bind(span, pointer!["regex"]);
                take_all(page, start, lines);
            }
        }
        Section::Systems => systems(page, lines, start),
        Section::Chain => links(page, lines, start),
        Section::Unknown => {}
    }
}

/// A pattern that a text browser cut where its screen ends, in one piece again.
fn uncut(pattern: String, lines: &[Line<'_>]) -> String {
    const SCREEN: usize = 79;
    let is_cut = |line: &Line<'_>| line.indent() + line.text.len() >= SCREEN;
    match lines.split_last() {
        Some((_, before)) if !before.is_empty() && before.iter().all(is_cut) => {
            pattern.replace('\n', "")
        }
        _ => pattern,
    }
}

fn take_all(page: &mut Page<'_, '_>, start: usize, lines: &[Line<'_>]) {
    for index in start..start + lines.len() {
        page.take(index);
    }
}

/// Whether a line is one word in small letters, as the sorts of causes are.
pub(super) fn is_word(line: &Line<'_>) -> bool {
    let text = line.unwrapped();
    let is_part = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"_-".contains(&b);
    line.marker.is_empty() && !text.is_empty() && text.bytes().all(is_part)
}

/// The lines up to the first blank one.
pub(super) fn first_block<'l, 's>(lines: &'l [Line<'s>]) -> &'l [Line<'s>] {
    let end = lines.iter().skip(1).position(|line| line.gap > 0).map_or(lines.len(), |at| at + 1);
    &lines[..end]
}

fn root_cause(page: &mut Page<'_, '_>, lines: &[Line<'_>], start: usize, is_last: bool) {
    let mut lines = lines;
    // The sort of cause is a word by itself below the text.
    let last = if is_last { lines.iter().skip(1).position(is_word).map(|at| at + 1) } else { None };
    let word =
        last.or_else(|| lines.len().checked_sub(1).filter(|at| *at > 0 && is_word(&lines[*at])));
    if let Some(at) = word {
        let line = &lines[at];
        page.draft.entry.root_cause_type = RootCauseType(line.unwrapped().to_owned());
        page.draft.bind(line.span, pointer!["root_cause_type"]);
        page.take(start + at);
        lines = &lines[..at];
    } else if is_last {
        lines = first_block(lines);
    }
    if let Some((text, span)) = assemble(lines) {
        page.draft.entry.root_cause = text;
        page.draft.bind(span, pointer!["root_cause"]);
        take_all(page, start, lines);
    }
}

fn documentation(page: &mut Page<'_, '_>, lines: &[Line<'_>], start: usize) {
    let mut rest = lines.iter().enumerate();
    let Some((_, line)) = rest.next() else { return };
    let target = line.marks.iter().find_map(|mark| match &mark.style {
        Style::Link(url) if !url.is_empty() => Some((url, &line.text[mark.inner()])),
        _ => None,
    });
    let plain = line.plain();
    let address = |text: &str| {
        let at = text.find("https://").or_else(|| text.find("http://"))?;
        let text = &text[at..];
        Some(text[..text.find([' ', '\n', '>']).unwrap_or(text.len())].to_owned())
    };
    // What the page shows is the address, unless it shows a name in its place.
    let shown = address(&plain);
    let Some(url) = shown.clone().or_else(|| target.map(|(url, _)| url.clone())) else {
        // A name alone.
        if lines.len() == 1 && plain.contains(char::is_alphanumeric) {
            page.draft.entry.official_doc_section = Some(line.unwrapped().to_owned());
            page.draft.bind(line.span, pointer!["official_doc_section"]);
            page.take(start);
        }
        return;
    };
    page.draft.bind(line.span, pointer!["official_doc_url"]);
    if let (None, Some((_, name))) = (&shown, target) {
        page.draft.entry.official_doc_section = Some(name.to_owned());
        page.draft.bind(line.span, pointer!["official_doc_section"]);
    }
    page.draft.entry.official_doc_url = Some(url);
    page.take(start);
    // The part of it stands below, in the same paragraph or in one of its own.
    let below = line.text.split_once('\n').filter(|(above, _)| address(above).is_some());
    if let Some((above, text)) = below {
        page.draft.entry.official_doc_section = Some(text.trim().to_owned());
        let span = line.span_of(above.len() + 1..line.text.len());
        page.draft.bind(span, pointer!["official_doc_section"]);
    } else if let (Some((at, line)), true) = (rest.next(), shown.is_some()) {
        page.draft.entry.official_doc_section = Some(line.unwrapped().to_owned());
        page.draft.bind(line.span, pointer!["official_doc_section"]);
        page.take(start + at);
    }
}

/// What differs by operating system: `linux: …`, or the text below the name.
fn systems(page: &mut Page<'_, '_>, lines: &[Line<'_>], start: usize) {
    let mut above: Option<&str> = None;
    for (index, line) in lines.iter().enumerate() {
        let strong =
            line.marks.iter().find(|mark| mark.style == Style::Strong && mark.range.start == 0);
        let (system, text) = match (strong, above.take()) {
            (Some(mark), _) if mark.range.end == line.text.len() => {
                above = Some(&line.text[mark.inner()]);
                (&line.text[mark.inner()], "")
            }
            (Some(mark), _) => (&line.text[mark.inner()], &line.text[mark.range.end..]),
            (None, Some(system)) => (system, &*line.text),
            (None, None) => match line.text.split_once(':') {
                Some(parts) => parts,
                None => continue,
            },
        };
        let text = text.trim_start().trim_start_matches(':').trim().to_owned();
        page.draft.bind(line.span, pointer!["os_specific", system.to_owned()]);
        page.draft.entry.os_specific.insert(system.to_owned(), text);
        page.take(start + index);
    }
}

/// Links to other entries, one kind a line.
fn links(page: &mut Page<'_, '_>, lines: &[Line<'_>], start: usize) {
    for (index, line) in lines.iter().enumerate() {
        let plain = line.plain().into_owned();
        if let Some((name, list)) = plain.split_once(':')
            && chain::read(&mut page.draft, name, list, line.span)
        {
            page.take(start + index);
        }
    }
}
