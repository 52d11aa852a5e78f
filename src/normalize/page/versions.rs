//! The table of versions, however its cells are set apart.

use textwrap::core::display_width;

use super::Page;
use crate::entry::{Version, VersionStatus};
use crate::normalize::line::{Cell, Kind, Line};
use crate::normalize::value;
use crate::pointer;
use crate::rules::missing_value;
use crate::source::Span;

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

/// Reads the rows; `start` is the number of the first line.
pub(super) fn versions(
    page: &mut Page<'_, '_>,
    lines: &[Line<'_>],
    (start, is_last): (usize, bool),
) {
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
            if found.iter().any(|(column, _)| *column == Column::Version) {
                columns.clear();
            }
            columns.extend(found);
            columns.truncate(COLUMNS.len());
            separator =
                ["|", "\t\t", "\t"].into_iter().find(|mark| line.text.contains(mark)).unwrap_or("");
        } else if let Some((version, has_status)) = row(&cells(line, &columns, separator), &columns)
        {
            push_version(page, version, has_status, line.span);
            page.take(at);
        } else if let Some((version, count)) =
            column_of_cells(&lines[index - 1..], &columns, is_last)
        {
            index += count - 1;
            let span = Span { end: lines[index - 1].span.end, ..line.span };
            push_version(page, version, true, span);
            (at..at + count).for_each(|at| page.take(at));
        }
    }
}

fn push_version(page: &mut Page<'_, '_>, version: Version, has_status: bool, span: Span) {
    let number = page.draft.entry.versions.len();
    let at = |field: &'static str| pointer!["versions", number, field];
    let draft = &mut page.draft;
    draft.bind(span, at("version"));
    if has_status {
        draft.bind(span, at("status"));
    } else {
        let message = format!("the source gives no `status` in `versions/{number}`");
        draft
            .remark(&missing_value::RULE, at("status"), span, message)
            .help("it is read as `unknown`; are cells missing in this row?");
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
        let few = cells.len() <= COLUMNS.len();
        return cells.iter().map(|cell| Some((column(&cell.text)?, 0))).filter(|_| few).collect();
    }
    let mut found: Vec<(Column, usize)> = Vec::new();
    let mut at = 0;
    loop {
        let rest = &line.text[at..];
        let skipped =
            rest.len() - rest.trim_start_matches(|c: char| c.is_whitespace() || c == '|').len();
        at += skipped;
        if at == line.text.len() {
            return (!found.is_empty()).then_some(found);
        }
        let (name, column) = COLUMNS.iter().find(|(name, column)| {
            line.text.get(at..at + name.len()).is_some_and(|head| head.eq_ignore_ascii_case(name))
                && found.iter().all(|(named, _)| named != column)
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
    let mut at = line.indent();
    for piece in text.split("  ") {
        let trimmed = piece.trim();
        if !trimmed.is_empty() {
            let skipped = piece.len() - piece.trim_start().len();
            let begin = at + display_width(&piece[..skipped]);
            let of = columns.iter().find(|(_, start)| start.abs_diff(begin) <= 1);
            let of = of.map(|(column, _)| *column).or((out.is_empty()).then_some(Column::Version));
            out.push((of, trimmed.to_owned()));
        }
        at += display_width(piece) + 2;
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

/// The version that lines begin with which have one cell each, the status below the version, and how
/// many lines those are. Of cells that are empty nothing may be left but more blank lines, or not even
/// that.
fn column_of_cells(
    lines: &[Line<'_>],
    columns: &[(Column, usize)],
    is_last: bool,
) -> Option<(Version, usize)> {
    let status_of = |at: usize| lines.get(at).and_then(|line| status(&line.plain()));
    let mut version = Version {
        version: lines.first()?.plain().into_owned(),
        status: status_of(1)?,
        ..Version::default()
    };
    let heads = columns.iter().map(|(column, _)| *column);
    let heads: Vec<Column> = heads.skip_while(|column| *column != Column::Status).skip(1).collect();
    // The next version has its status below it.
    let is_end = |at: &usize| *at == lines.len() || status_of(at + 1).is_some();
    let end = (2..=heads.len() + 2).find(is_end).unwrap_or(2);
    // At the end of a page there may be what belongs to the site.
    let is_open = is_last && end == lines.len();
    let cells = &lines[2..if is_open { 2 } else { end }];
    let (each, has_blanks) = (lines[1].gap + 1, lines[0].gap > lines[1].gap);
    let mut next = 0;
    let mut count = 2;
    for cell in cells {
        let breaks = cell.gap + 1;
        next += match each {
            _ if cells.len() == heads.len() => 0,
            1 | 2 => (breaks / each).saturating_sub(1),
            // A blank line stands for a cell, and one for what is between cells.
            _ => breaks.saturating_sub(each) / 2,
        };
        let column = if has_blanks || cells.len() == heads.len() {
            heads.get(next).copied()
        } else {
            by_content(&cell.text, &version)
        };
        let place = column.and_then(|column| place(&mut version, column));
        let Some(place) = place.filter(|place| place.is_none()) else { break };
        *place = Some(cell.plain().into_owned());
        next += 1;
        count += 1;
    }
    Some((version, count))
}

/// The column that a cell can only be in, the one above it being known.
fn by_content(text: &str, version: &Version) -> Option<Column> {
    match (is_release(text), version.status, &version.introduced) {
        (false, ..) => Some(Column::Notes),
        (true, _, Some(_)) => Some(Column::Deprecated),
        (true, VersionStatus::Active, None) => Some(Column::Introduced),
        (true, ..) => None,
    }
}

/// The field that a column is about which may be missing.
fn place(version: &mut Version, column: Column) -> Option<&mut Option<String>> {
    match column {
        Column::Version | Column::Status => None,
        Column::Introduced => Some(&mut version.introduced),
        Column::Deprecated => Some(&mut version.deprecated),
        Column::Removed => Some(&mut version.removed),
        Column::Notes => Some(&mut version.behavior_change),
    }
}

/// Whether a text can be a date or the name of a release, and no sentence.
fn is_release(text: &str) -> bool {
    text.split_whitespace().count() <= 3 && text.contains(|c: char| c.is_ascii_digit())
}

/// The version that words tell of which nothing but blanks sets apart: its name, its status, releases,
/// notes.
fn in_words(text: &str) -> Option<Version> {
    if let Some((name, last)) = text.rsplit_once(' ')
        && let Some(status) = status(last)
    {
        return Some(Version { version: name.trim().to_owned(), status, ..Version::default() });
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    let is_status = |word: &&str| word.chars().all(char::is_lowercase) && status(word).is_some();
    let at = words.iter().skip(1).position(is_status)? + 1;
    let (name, status) = (words[..at].join(" "), status(words[at])?);
    let mut version = Version { version: name, status, ..Version::default() };
    let rest = &words[at + 1..];
    let is_date = |word: &&&str| word.len() >= 4 && value::date(word).is_some();
    match rest.iter().take_while(is_date).count() {
        0 => version.behavior_change = Some(rest.join(" ")),
        1 if version.status == VersionStatus::Active => {
            version.introduced = Some(rest[0].to_owned());
            version.behavior_change = Some(rest[1..].join(" "));
        }
        2 => {
            version.introduced = Some(rest[0].to_owned());
            version.deprecated = Some(rest[1].to_owned());
            version.behavior_change = Some(rest[2..].join(" "));
        }
        // One day alone can be that of either.
        _ => return None,
    }
    version.behavior_change = version.behavior_change.filter(|notes| !notes.is_empty());
    Some(version)
}

/// The version that cells tell of, and whether one of them is its status.
fn row(cells: &[(Option<Column>, String)], columns: &[(Column, usize)]) -> Option<(Version, bool)> {
    let (mut version, mut has_status) = (Version::default(), false);
    if cells.len() == 1 {
        return in_words(&cells[0].1).map(|version| (version, true));
    }
    let in_order = columns.is_empty();
    for (index, (column, text)) in cells.iter().enumerate() {
        let column =
            column.or_else(|| if in_order { COLUMNS.get(index).map(|(_, c)| *c) } else { None });
        match column.or_else(|| status(text).map(|_| Column::Status))? {
            Column::Version => version.version.clone_from(text),
            Column::Status if text.is_empty() => {}
            Column::Status => (version.status, has_status) = (status(text)?, true),
            column => {
                if let Some(place) = place(&mut version, column) {
                    *place = (!text.is_empty()).then(|| text.clone());
                }
            }
        }
    }
    (!version.version.is_empty()).then_some((version, has_status))
}
