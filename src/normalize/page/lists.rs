//! The lists of a page to the lists of an entry: what helps, what does not, and what helps in Chinese.

use super::Page;
use super::items::{self, Item};
use super::label::Section;
use super::sections::first_block;
use super::text::assemble;
use crate::entry::{DeadEnd, Workaround};
use crate::han;
use crate::normalize::line::{Kind, Line};
use crate::pointer;

/// Reads the items of a list; `start` is the number of its first line.
pub(super) fn item_list(
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

/// The lines that belong to a list without marks at the end of a page: those as far apart as the first two,
/// as long as they are in Chinese. Below there may be what belongs to the site.
fn alike<'l, 's>(lines: &'l [Line<'s>]) -> &'l [Line<'s>] {
    let gap = lines.get(1).map_or(0, |line| line.gap);
    let is_alike =
        |line: &Line<'_>| line.gap == gap && (gap == 0 || line.text.contains(han::is_wide));
    let end = lines.iter().skip(1).position(|line| !is_alike(line));
    &lines[..end.map_or(lines.len(), |at| at + 1)]
}

/// The workarounds in Chinese: a list, one text an item.
pub(super) fn steps(page: &mut Page<'_, '_>, lines: &[Line<'_>], start: usize, is_last: bool) {
    let marked: Vec<usize> = (0..lines.len()).filter(|at| lines[*at].kind == Kind::Item).collect();
    let least = marked.iter().map(|at| lines[*at].indent()).min().unwrap_or(0);
    let mut starts: Vec<usize> =
        marked.into_iter().filter(|at| lines[*at].indent() <= least + 2).collect();
    // Numbers that begin anew are those of another list, such as the links of the page.
    let number = |at: usize| {
        lines[at].marker.trim_matches(|c: char| !c.is_ascii_digit()).parse::<u32>().ok()
    };
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
        lines = if is_last { alike(lines) } else { lines };
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
