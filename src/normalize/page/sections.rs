//! What stands under each heading of a page.

use super::items::{self, Item};
use super::label::Section;
use super::text::assemble;
use super::{Layout, Page, header, wrap};
use crate::entry::{DeadEnd, RootCauseType, Version, VersionStatus, Workaround};
use crate::normalize::line::{Cell, Kind, Line, Style};
use crate::normalize::{chain, value};
use crate::pointer;
use crate::source::Span;

/// The width at which the texts of a page are wrapped, if they are: read off those that are one
/// paragraph each.
pub(super) fn wrap_width(lines: &[Line<'_>], headings: &[(usize, Section)]) -> Option<usize> {
    let mut evidence = wrap::Evidence::default();
    for (number, (index, section)) in headings.iter().enumerate() {
        let end = headings.get(number + 1).map_or(lines.len(), |(next, _)| *next);
        let body = &lines[index + 1..end];
        match section {
            Section::RootCause | Section::RootCauseZh => {
                let set_in = |line: &Line<'_>| line.indent() >= lines[*index].indent() + 3;
                evidence.has_margin |= body.first().is_some_and(set_in);
                let end = body.iter().position(is_word).unwrap_or(body.len());
                evidence.paragraphs(&body[..end]);
            }
            Section::WorkaroundsZh if body.iter().any(|line| line.kind == Kind::Item) => {
                evidence.paragraphs(body);
            }
            Section::DeadEnds | Section::Workarounds => {
                let mut starts = items::beginnings(body);
                starts.push(body.len());
                for pair in starts.windows(2) {
                    let item = &body[pair[0]..pair[1]];
                    evidence.beginning(item);
                    // Below what is done there is one paragraph, or in a workaround perhaps code.
                    let below = item.iter().skip(1).position(|line| line.gap > 0);
                    if *section == Section::DeadEnds {
                        evidence.prose(item);
                        evidence.paragraphs(below.map_or(&[], |below| &item[below + 1..]));
                    }
                }
            }
            _ => {}
        }
    }
    evidence.width()
}

/// The lines of a page that was wrapped at a width, put together again.
pub(super) fn filled<'s>(
    lines: &[Line<'s>],
    headings: &[(usize, Section)],
    width: usize,
) -> Vec<Line<'s>> {
    let first = headings.first().map_or(lines.len(), |(index, _)| *index);
    // What stands above the badges belongs to the site.
    let badges = lines[..first].iter().position(header::is_badges).map_or(0, |at| at + 1);
    let mut out = lines[..badges].to_vec();
    out.append(&mut wrap::filled(&lines[badges..first], width));
    for (number, (index, section)) in headings.iter().enumerate() {
        let end = headings.get(number + 1).map_or(lines.len(), |(next, _)| *next);
        let body = &lines[index + 1..end];
        out.push(lines[*index].clone());
        match section {
            Section::Versions => out.extend_from_slice(body),
            Section::Workarounds | Section::DeadEnds => {
                let mut starts = items::beginnings(body);
                starts.push(body.len());
                out.extend_from_slice(&body[..starts[0]]);
                let items: Vec<&[Line<'_>]> =
                    starts.windows(2).map(|pair| &body[pair[0]..pair[1]]).collect();
                let list = List::new(*section, &items, width);
                for item in items {
                    out.append(&mut filled_item(item, width, list));
                }
            }
            _ => out.append(&mut wrap::filled(body, width)),
        }
    }
    out
}

/// What the items of a wrapped list have in common.
#[derive(Clone, Copy)]
struct List {
    /// Whether a blank line stands between the two texts of an item.
    by_gaps: bool,
    /// Of how many items the two texts can be told apart.
    parted: usize,
    /// Whether items seem to have two texts.
    in_two: bool,
}

impl List {
    fn new(section: Section, items: &[&[Line<'_>]], width: usize) -> Self {
        // Below the last item there may be other things.
        let sure = if items.len() > 1 { &items[..items.len() - 1] } else { items };
        let by_gaps = sure.iter().any(|item| {
            let below = item.iter().skip(1).find(|line| line.gap > 0);
            below.is_some_and(|line| !items::is_detail(line))
        });
        let is_parted = |item: &&&[Line<'_>]| first_text(item, width) < first_block(item).len();
        let parted = items.iter().filter(is_parted).count();
        let may_be = |item: &&&[Line<'_>]| {
            let mut pairs = first_block(item).windows(2);
            is_parted(item)
                || pairs.any(|pair| wrap::reads_like_a_beginning(&pair[0].text, &pair[1].text))
        };
        let in_two = parted * 2 > items.len() || items.iter().all(|item| may_be(&item));
        Self { by_gaps, parted, in_two: in_two || section == Section::DeadEnds }
    }
}

/// Where the first text of an item ends: at a break that is not soft.
fn first_text(lines: &[Line<'_>], width: usize) -> usize {
    let hard = |at: &usize| !wrap::is_soft(&lines[at - 1], &lines[*at], width);
    (1..lines.len()).find(hard).unwrap_or(lines.len())
}

/// An item of which the first text is filled, and the rest too unless one of its breaks is not soft:
/// then it is code, or laid out by hand. Where each break looks soft and there should be two texts, the
/// second begins where a line reads like a beginning.
fn filled_item<'s>(lines: &[Line<'s>], width: usize, list: List) -> Vec<Line<'s>> {
    let soft = |at: &usize| wrap::is_soft(&lines[at - 1], &lines[*at], width);
    let mut first = first_text(lines, width);
    let block = first_block(lines).len();
    if first == block && !list.by_gaps {
        let begins = |at: &usize| {
            let (above, text) = (&lines[at - 1].text, &lines[*at].text);
            list.in_two && wrap::reads_like_a_beginning(above, text)
                || list.parted > 0 && wrap::reads_like_code(above, text)
        };
        first = (1..block).find(begins).unwrap_or(first);
    }
    let mut out = wrap::filled(&lines[..first], width);
    let rest = &lines[first..];
    if (first + 1..lines.len()).all(|at| soft(&at) || lines[at].gap > 0) {
        out.append(&mut wrap::filled(rest, width));
    } else {
        out.extend_from_slice(rest);
    }
    out
}

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
        Section::Versions => versions(page, lines, start),
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
            documentation(page, if is_last { first_block(lines) } else { lines }, start)
        }
        Section::Workarounds | Section::DeadEnds => {
            item_list(page, section, lines, (start, is_last))
        }
        Section::WorkaroundsZh => steps(page, lines, start, is_last),
        Section::Pattern => {
            if let Some((text, span)) = assemble(lines) {
                page.draft.entry.regex = text;
                page.draft.bind(span, pointer!["regex"]);
                take_all(page, start, lines);
            }
        }
        Section::Systems => systems(page, lines, start),
        Section::Chain => links(page, lines, start),
        Section::Unknown => {}
    }
}

fn take_all(page: &mut Page<'_, '_>, start: usize, lines: &[Line<'_>]) {
    for index in start..start + lines.len() {
        page.take(index);
    }
}

/// Whether a line is one word in small letters, as the sorts of causes are.
fn is_word(line: &Line<'_>) -> bool {
    let text = line.unwrapped();
    let is_part = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"_-".contains(&b);
    !text.is_empty() && text.bytes().all(is_part)
}

/// The lines up to the first blank one.
fn first_block<'l, 's>(lines: &'l [Line<'s>]) -> &'l [Line<'s>] {
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
    let link = line.marks.iter().find_map(|mark| match &mark.style {
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
    let Some(url) = shown.clone().or_else(|| link.map(|(url, _)| url.clone())) else { return };
    page.draft.bind(line.span, pointer!["official_doc_url"]);
    if let (None, Some((_, name))) = (&shown, link) {
        page.draft.entry.official_doc_section = Some(name.to_owned());
        page.draft.bind(line.span, pointer!["official_doc_section"]);
    }
    page.draft.entry.official_doc_url = Some(url);
    page.take(start);
    if let (Some((at, line)), true) = (rest.next(), shown.is_some()) {
        page.draft.entry.official_doc_section = Some(line.unwrapped().to_owned());
        page.draft.bind(line.span, pointer!["official_doc_section"]);
        page.take(start + at);
    }
}

fn item_list(
    page: &mut Page<'_, '_>,
    section: Section,
    lines: &[Line<'_>],
    (start, is_last): (usize, bool),
) {
    let starts = items::beginnings(lines);
    let first = starts.first().copied().unwrap_or(lines.len());
    for (index, line) in lines[..first].iter().enumerate() {
        if line.plain().trim_end_matches([':', '：', '.']) == "Common approaches that don't work" {
            page.label(start + index, "introduction of the dead ends");
        }
    }
    let mut most = 0;
    for (number, at) in starts.iter().enumerate() {
        let mut end = starts.get(number + 1).copied().unwrap_or(lines.len());
        if is_last && end == lines.len() {
            let most = (number > 0).then_some(most);
            end = at + end_of_item(&lines[*at..end], section, most);
        }
        most = most.max(blocks(&lines[*at..end]).count());
        let item = items::item(&lines[*at..end]);
        for index in *at..end {
            page.take(start + index);
        }
        if section == Section::Workarounds {
            workaround(page, item, number);
        } else {
            dead_end(page, item, number);
        }
    }
}

/// Where the texts of an item begin: below a blank line, or as code.
fn blocks(lines: &[Line<'_>]) -> impl Iterator<Item = usize> {
    (0..lines.len()).filter(|at| {
        let begins_code = lines[*at].is_code() && *at > 0 && !lines[at - 1].is_code();
        *at == 0 || begins_code || lines[*at].gap > 0 && !lines[*at].is_code()
    })
}

/// Where the last item of a page ends. It has no more texts than those before it had; a single one has
/// what is done and what is said about it. What is set in like its text belongs to it.
fn end_of_item(lines: &[Line<'_>], section: Section, most: Option<usize>) -> usize {
    let head = lines[0].plain();
    let is_bare = items::rate(&head).is_none_or(|(_, past)| past == head.len());
    let most = most.unwrap_or(if is_bare && section == Section::Workarounds { 3 } else { 2 });
    let inside = |at: usize| {
        let line = &lines[at];
        line.is_code()
            || items::is_detail(line)
            || !line.leading.is_empty() && line.indent() > lines[0].indent()
    };
    let beyond = blocks(lines).skip(most.max(1)).find(|at| !inside(*at));
    beyond.unwrap_or(lines.len())
}

fn workaround(page: &mut Page<'_, '_>, item: Item, number: usize) {
    let at = |field: &'static str| pointer!["workarounds", number, field];
    let draft = &mut page.draft;
    let mut workaround = Workaround {
        success_rate: draft
            .percentage(&item.percent, item.percent_span, at("success_rate"))
            .unwrap_or(0.0),
        ..Workaround::default()
    };
    // Of one text alone, what to do is what is there.
    let (action, how) = match (item.action, item.body) {
        (None, Some(body)) => (Some(body), None),
        other => other,
    };
    for (text, place, field) in [
        (action, &mut workaround.action, "action"),
        (how, &mut workaround.how, "how"),
        (item.condition, &mut workaround.condition, "condition"),
    ] {
        if let Some((text, span)) = text {
            *place = text;
            draft.bind(span, at(field));
        }
    }
    for (index, (source, span)) in item.sources.into_iter().enumerate() {
        draft.bind(span, at("sources").join(index));
        workaround.sources.push(source);
    }
    draft.entry.workarounds.push(workaround);
}

fn dead_end(page: &mut Page<'_, '_>, item: Item, number: usize) {
    let at = |field: &'static str| pointer!["dead_ends", number, field];
    let draft = &mut page.draft;
    let mut dead_end = DeadEnd {
        fail_rate: draft
            .percentage(&item.percent, item.percent_span, at("fail_rate"))
            .unwrap_or(0.0),
        ..DeadEnd::default()
    };
    // A page that gives one text gives the reason.
    let (action, why) = match (item.action, item.body) {
        (Some(action), None) if !item.action_is_strong => (None, Some(action)),
        other => other,
    };
    for (text, place, field) in [
        (action, &mut dead_end.action, "action"),
        (why, &mut dead_end.why_fails, "why_fails"),
        (item.condition, &mut dead_end.condition, "condition"),
    ] {
        if let Some((text, span)) = text {
            *place = text;
            draft.bind(span, at(field));
        }
    }
    for (index, (source, span)) in item.sources.into_iter().enumerate() {
        draft.bind(span, at("sources").join(index));
        dead_end.sources.push(source);
    }
    draft.entry.dead_ends.push(dead_end);
}

/// The workarounds in Chinese: a list, one text an item.
fn steps(page: &mut Page<'_, '_>, lines: &[Line<'_>], start: usize, is_last: bool) {
    let marked: Vec<usize> = (0..lines.len()).filter(|at| lines[*at].kind == Kind::Item).collect();
    let least = marked.iter().map(|at| lines[*at].indent()).min().unwrap_or(0);
    let mut starts: Vec<usize> =
        marked.into_iter().filter(|at| lines[*at].indent() <= least + 2).collect();
    // Numbers that begin anew are those of another list, such as the links of the page.
    let number = |at: usize| lines[at].marker.trim_end_matches(['.', ')', ' ']).parse::<u32>().ok();
    let anew = starts.windows(2).position(|pair| {
        number(pair[0]).zip(number(pair[1])).is_some_and(|(before, after)| after <= before)
    });
    let (mut lines, mut is_last) = (lines, is_last);
    if let Some(anew) = anew {
        lines = &lines[..starts[anew + 1]];
        starts.truncate(anew + 1);
        is_last = true;
    }
    if starts.is_empty() {
        // Below a blank line there may be what belongs to the site.
        lines = if is_last { first_block(lines) } else { lines };
        starts = (0..lines.len()).filter(|at| !lines[*at].is_code()).collect();
    }
    for (number, at) in starts.iter().enumerate() {
        let mut end = starts.get(number + 1).copied().unwrap_or(lines.len());
        if is_last && end == lines.len() {
            end = at + first_block(&lines[*at..]).len();
        }
        let mut item = lines[*at..end].to_vec();
        item[0].marker = "".into();
        if let Some((text, span)) = assemble(&item) {
            page.draft.entry.workarounds_zh.push(text);
            page.draft.bind(span, pointer!["workarounds_zh", number]);
            for index in *at..end {
                page.take(start + index);
            }
        }
    }
}

/// The columns of the table of versions.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Column {
    Version,
    Status,
    Introduced,
    Deprecated,
    Removed,
    Notes,
}

const COLUMNS: [(&str, Column); 6] = [
    ("version", Column::Version),
    ("status", Column::Status),
    ("introduced", Column::Introduced),
    ("deprecated", Column::Deprecated),
    ("removed", Column::Removed),
    ("notes", Column::Notes),
];

/// The status that a cell holds. A cell of more than one word is text.
fn status(text: &str) -> Option<VersionStatus> {
    value::status(text).filter(|_| !text.trim().contains(' '))
}

fn versions(page: &mut Page<'_, '_>, lines: &[Line<'_>], start: usize) {
    let mut columns: Vec<(Column, usize)> = Vec::new();
    let mut separator = "";
    let mut index = 0;
    while let Some(line) = lines.get(index) {
        let at = start + index;
        index += 1;
        if line.is_rule() {
            page.label(at, "drawn line");
        } else if let Some(found) = table_header(line) {
            page.label(at, "heads of the columns");
            columns.extend(found);
            separator =
                ["|", "\t\t", "\t"].into_iter().find(|mark| line.text.contains(mark)).unwrap_or("");
        } else if let Some(version) = row(&cells(line, &columns, separator), &columns) {
            push_version(page, version, line.span);
            page.take(at);
        } else if let Some(status) = lines.get(index).and_then(|next| status(&next.plain())) {
            // One cell a line: the status stands below the version.
            let version =
                Version { version: line.plain().into_owned(), status, ..Version::default() };
            let span = Span { end: lines[index].span.end, ..line.span };
            push_version(page, version, span);
            page.take(at);
            page.take(at + 1);
            index += 1;
        }
    }
}

fn push_version(page: &mut Page<'_, '_>, version: Version, span: Span) {
    let number = page.draft.entry.versions.len();
    let at = |field: &'static str| pointer!["versions", number, field];
    let draft = &mut page.draft;
    draft.bind(span, at("version"));
    if version.status != VersionStatus::Unknown {
        draft.bind(span, at("status"));
    }
    for (value, field) in [
        (&version.introduced, "introduced"),
        (&version.deprecated, "deprecated"),
        (&version.removed, "removed"),
        (&version.behavior_change, "behavior_change"),
    ] {
        if value.is_some() {
            draft.bind(span, at(field));
        }
    }
    draft.entry.versions.push(version);
}

/// The columns that a line names, with where each begins; `None` if it names anything else.
fn table_header(line: &Line<'_>) -> Option<Vec<(Column, usize)>> {
    if let Kind::Row(cells) = &line.kind {
        return cells.iter().map(|cell| Some((column(&cell.text)?, 0))).collect();
    }
    let mut found = Vec::new();
    let mut at = 0;
    loop {
        let rest = &line.text[at..];
        let skipped =
            rest.len() - rest.trim_start_matches(|c: char| c.is_whitespace() || c == '|').len();
        at += skipped;
        if at == line.text.len() {
            return (!found.is_empty()).then_some(found);
        }
        let (name, column) = COLUMNS.iter().find(|(name, _)| {
            line.text.get(at..at + name.len()).is_some_and(|head| head.eq_ignore_ascii_case(name))
        })?;
        found.push((*column, line.indent() + at));
        at += name.len();
    }
}

fn column(name: &str) -> Option<Column> {
    COLUMNS
        .iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(name.trim()))
        .map(|(_, column)| *column)
}

/// The cells of a row, each with the column it stands in if that is known.
fn cells(
    line: &Line<'_>,
    columns: &[(Column, usize)],
    separator: &str,
) -> Vec<(Option<Column>, String)> {
    let numbered = |cells: Vec<String>| {
        let of = |index: usize| columns.get(index).map(|(column, _)| *column);
        cells.into_iter().enumerate().map(|(index, cell)| (of(index), cell)).collect()
    };
    if let Kind::Row(cells) = &line.kind {
        let mut cells: Vec<String> = cells.iter().map(|Cell { text, .. }| text.clone()).collect();
        // A converter that escapes nothing leaves a bar in a cell; the last column is text.
        let bars = |text: &str| text.matches('|').count() - text.matches("\\|").count();
        let written = line.text.trim().trim_start_matches('|').trim_end_matches('|');
        if line.exact && !columns.is_empty() && bars(written) >= columns.len() {
            cells = written.splitn(columns.len(), '|').map(|cell| unescaped(cell.trim())).collect();
        }
        return numbered(cells);
    }
    let text = &*line.text;
    if !separator.is_empty() {
        let inner =
            if separator == "|" { text.trim().strip_prefix('|').unwrap_or(text) } else { text };
        let inner = inner.trim_end().strip_suffix(separator).unwrap_or(inner);
        return numbered(inner.split(separator).map(|cell| cell.trim().to_owned()).collect());
    }
    // By position, where the words of a row begin below the heads of columns.
    let mut out = Vec::new();
    let mut at = 0;
    for piece in text.split("  ") {
        let trimmed = piece.trim();
        if !trimmed.is_empty() {
            let skipped = piece.len() - piece.trim_start().len();
            let begin = line.indent() + textwrap::core::display_width(&text[..at + skipped]);
            let of = columns.iter().find(|(_, start)| start.abs_diff(begin) <= 1);
            let of = of.map(|(column, _)| *column).or((out.is_empty()).then_some(Column::Version));
            out.push((of, trimmed.to_owned()));
        }
        at += piece.len() + 2;
    }
    out
}

/// A text of Markdown without the backslashes before its marks.
fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let escapes = c == '\\' && chars.peek().is_some_and(char::is_ascii_punctuation);
        out.extend(if escapes { chars.next() } else { Some(c) });
    }
    out
}

/// The version that cells tell of.
fn row(cells: &[(Option<Column>, String)], columns: &[(Column, usize)]) -> Option<Version> {
    let mut version = Version::default();
    if cells.len() == 1 {
        // Blanks do not tell the cells apart: the status does, if nothing comes after it.
        let (name, word) = cells[0].1.rsplit_once(' ')?;
        version.status = status(word)?;
        name.trim().clone_into(&mut version.version);
        return Some(version);
    }
    let in_order = columns.is_empty();
    for (index, (column, text)) in cells.iter().enumerate() {
        let column =
            column.or_else(|| if in_order { COLUMNS.get(index).map(|(_, c)| *c) } else { None });
        let text_of = || (!text.is_empty()).then(|| text.clone());
        match column.or_else(|| status(text).map(|_| Column::Status))? {
            Column::Version => version.version.clone_from(text),
            Column::Status => {
                version.status =
                    if text.is_empty() { VersionStatus::Unknown } else { status(text)? }
            }
            Column::Introduced => version.introduced = text_of(),
            Column::Deprecated => version.deprecated = text_of(),
            Column::Removed => version.removed = text_of(),
            Column::Notes => version.behavior_change = text_of(),
        }
    }
    (!version.version.is_empty()).then_some(version)
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
