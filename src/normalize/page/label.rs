//! The headings of a page, by their words and by how they stand.

use super::items;
use crate::fields::{ENTRY, Field};
use crate::normalize::line::{Kind, Line};

/// A part of a page that a heading begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Section {
    /// The table of versions.
    Versions,
    /// Why it happens, and what sort of cause that is.
    RootCause,
    /// Why it happens, in Chinese.
    RootCauseZh,
    /// The official documentation.
    Documentation,
    /// What helps.
    Workarounds,
    /// What helps, in Chinese.
    WorkaroundsZh,
    /// What does not help.
    DeadEnds,
    /// The regex.
    Pattern,
    /// What differs by operating system.
    Systems,
    /// Links to other entries.
    Chain,
    /// A heading that is not known, and what stands below it.
    Unknown,
}

/// The sections, each with the field whose headings begin it.
const SECTIONS: &[(&str, Section)] = &[
    ("versions", Section::Versions),
    ("root_cause", Section::RootCause),
    ("root_cause_zh", Section::RootCauseZh),
    ("official_doc_url", Section::Documentation),
    ("workarounds", Section::Workarounds),
    ("workarounds_zh", Section::WorkaroundsZh),
    ("dead_ends", Section::DeadEnds),
    ("regex", Section::Pattern),
    ("os_specific", Section::Systems),
    ("transition_graph", Section::Chain),
];

impl Section {
    /// What the map of a source calls its heading.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Versions => "heading of the versions",
            Self::RootCause => "heading of the root cause",
            Self::RootCauseZh => "heading of the root cause in Chinese",
            Self::Documentation => "heading of the documentation",
            Self::Workarounds => "heading of the workarounds",
            Self::WorkaroundsZh => "heading of the workarounds in Chinese",
            Self::DeadEnds => "heading of the dead ends",
            Self::Pattern => "heading of the pattern",
            Self::Systems => "heading of the operating systems",
            Self::Chain => "heading of the links",
            Self::Unknown => "heading",
        }
    }
}

/// The section that a line would be the heading of, by its words alone.
fn named(line: &Line<'_>) -> Option<Section> {
    const LONGEST: usize = 40;
    if line.is_code() || line.text.len() > LONGEST || matches!(line.kind, Kind::Row(_)) {
        return None;
    }
    let plain = line.plain();
    // The hashes of a heading that is marked as one are no part of its text.
    let marks = if matches!(line.kind, Kind::Heading(_)) { "*=_:：" } else { "*#=_:：" };
    let text = plain.trim_matches(|c: char| c.is_whitespace() || marks.contains(c));
    let folded = text.to_lowercase();
    let is_heading =
        |field: &&Field| field.headings.iter().any(|name| name.to_lowercase() == folded);
    let name = ENTRY.fields.iter().find(is_heading)?.name;
    SECTIONS.iter().find(|(field, _)| *field == name).map(|(_, section)| *section)
}

/// The headings among the lines of one page, in order: which line, and what it begins.
pub(super) fn headings(lines: &[Line<'_>]) -> Vec<(usize, Section)> {
    /// How much deeper than the others a heading may stand.
    const SLACK: usize = 3;
    let mut found: Vec<(usize, Section)> = lines
        .iter()
        .enumerate()
        .filter_map(|(index, line)| Some((index, named(line)?)))
        .filter(|(index, _)| !is_one_of_several(lines, *index))
        .collect();
    let is_heading = |index: usize| matches!(lines[index].kind, Kind::Heading(_));
    // Where some headings are marked as such, the others are text.
    if found.iter().filter(|(index, _)| is_heading(*index)).count() >= 2 {
        found.retain(|(index, _)| is_heading(*index));
    } else {
        found.retain(|(index, _)| lines[*index].kind != Kind::Item);
        // Where headings have space above them, a line without is text, in a list at least.
        if found.iter().filter(|(index, _)| lines[*index].gap > 0).count() >= 2 {
            let mut in_list = false;
            found.retain(|(index, section)| {
                let keep =
                    lines[*index].gap > 0 || !in_list || begins(*section, &lines[index + 1..]);
                if keep {
                    in_list = matches!(section, Section::Workarounds | Section::DeadEnds);
                }
                keep
            });
        }
        // What stands deeper than the headings is text that looks like one.
        let least = found.iter().map(|(index, _)| lines[*index].indent()).min().unwrap_or(0);
        found.retain(|(index, _)| lines[*index].indent() <= least + SLACK);
    }
    // A page has each section once.
    let mut seen = Vec::new();
    found.retain(|(_, section)| {
        let is_new = !seen.contains(section);
        seen.push(*section);
        is_new
    });
    add_unknown(lines, &mut found);
    found
}

/// The lines of which at least one is a heading if there are any headings.
pub(super) fn possible_headings(lines: &[Line<'_>]) -> Vec<usize> {
    let is_heading = |index: &usize| {
        let line = &lines[*index];
        line.kind != Kind::Item && named(line).is_some() && !is_one_of_several(lines, *index)
    };
    (0..lines.len()).filter(is_heading).collect()
}

/// Whether lines are what a section begins with, so that the words above them are its heading.
fn begins(section: Section, lines: &[Line<'_>]) -> bool {
    let Some(first) = lines.first() else { return false };
    let is_item = |line: &Line<'_>| items::rate(&line.plain()).is_some();
    match section {
        Section::Workarounds => is_item(first),
        Section::DeadEnds => is_item(first) || first.text.starts_with("Common approaches"),
        Section::WorkaroundsZh => true,
        Section::Documentation => first.text.contains("://"),
        Section::Versions => first.text.starts_with("Version"),
        _ => false,
    }
}

/// Whether a line is a piece of a list of links such as `JSON · Markdown · 中文`, one piece a line.
fn is_one_of_several(lines: &[Line<'_>], index: usize) -> bool {
    const SEPARATORS: [&str; 4] = ["·", "|", "•", "/"];
    let is_separator = |line: Option<&Line<'_>>| {
        line.is_some_and(|line| {
            let text = line.literal();
            SEPARATORS.contains(&text.trim()) || text.trim_end().ends_with('·')
        })
    };
    let before = index.checked_sub(1).and_then(|before| lines.get(before));
    is_separator(before) || is_separator(lines.get(index + 1)) || lines[index].marker.contains('·')
}

/// Adds the headings that are not known but stand like those that are: further on, on the same level.
fn add_unknown(lines: &[Line<'_>], found: &mut Vec<(usize, Section)>) {
    let level = |index: usize| match lines[index].kind {
        Kind::Heading(level) => Some(level),
        _ => None,
    };
    let Some(top) = found.iter().filter_map(|(index, _)| level(*index)).min() else { return };
    let first = found.first().map_or(0, |(index, _)| *index);
    let known: Vec<usize> = found.iter().map(|(index, _)| *index).collect();
    let unknown = (first..lines.len())
        .filter(|index| level(*index) == Some(top) && !known.contains(index))
        .map(|index| (index, Section::Unknown));
    found.extend(unknown);
    found.sort_unstable_by_key(|(index, _)| *index);
}
