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
pub(super) fn versions(page: &mut Page<'_, '_>, lines: &[Line<'_>], start: usize) {
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
        } else if let Some(status) = lines.get(index).and_then(|next| status(&next.plain())) {
            // One cell a line: the status stands below the version.
            let version =
                Version { version: line.plain().into_owned(), status, ..Version::default() };
            let span = Span { end: lines[index].span.end, ..line.span };
            push_version(page, version, true, span);
            page.take(at);
            page.take(at + 1);
            index += 1;
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

/// The version that cells tell of, and whether one of them is its status.
fn row(cells: &[(Option<Column>, String)], columns: &[(Column, usize)]) -> Option<(Version, bool)> {
    let (mut version, mut has_status) = (Version::default(), false);
    if cells.len() == 1 {
        // Blanks do not tell the cells apart: the status does, if nothing comes after it.
        let (name, word) = cells[0].1.rsplit_once(' ')?;
        version.status = status(word)?;
        name.trim().clone_into(&mut version.version);
        return Some((version, true));
    }
    let in_order = columns.is_empty();
    for (index, (column, text)) in cells.iter().enumerate() {
        let column =
            column.or_else(|| if in_order { COLUMNS.get(index).map(|(_, c)| *c) } else { None });
        let text_of = || (!text.is_empty()).then(|| text.clone());
        match column.or_else(|| status(text).map(|_| Column::Status))? {
            Column::Version => version.version.clone_from(text),
            Column::Status if text.is_empty() => {}
            Column::Status => (version.status, has_status) = (status(text)?, true),
            Column::Introduced => version.introduced = text_of(),
            Column::Deprecated => version.deprecated = text_of(),
            Column::Removed => version.removed = text_of(),
            Column::Notes => version.behavior_change = text_of(),
        }
    }
    (!version.version.is_empty()).then_some((version, has_status))
}
