//! The page of an entry, whatever form it came in: lines to a draft.
//!
//! A page is a header (badges, message, id, figures) and sections under known headings, in any order,
//! any of them missing. What no part of the grammar takes is not understood.

use std::ops::Range;

use super::draft::{Binding, Bound, Draft, Reading, Remark};
use super::front_matter::FrontMatter;
use super::line::{Kind, Line};
use crate::entry::Entry;
use crate::pointer::JsonPointer;
use crate::rules::{several_pages, source_cut_short, unreadable_source};
use crate::source::Span;

mod fill;
mod header;
mod items;
mod label;
mod lists;
mod sections;
mod text;
mod versions;
mod wrap;

pub(super) use wrap::joins_tightly;

/// How the form of a page shows its structure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layout {
    /// By lines and blanks; lines may be wrapped at a width.
    Lines,
    /// By its own markup.
    Markup,
}

/// Reads the pages that lines hold: one, or several in one file. What is no page of an entry is left out.
///
/// Front matter belongs to the first of them.
pub(super) fn read(
    lines: &[Line<'_>],
    layout: Layout,
    mut front: Option<&FrontMatter<'_>>,
) -> Vec<Draft> {
    let is_one = front.is_some_and(FrontMatter::is_ours);
    let whole = std::iter::once(0..lines.len());
    let pages = if is_one { whole.collect() } else { split(lines) };
    let drafts = pages.into_iter().map(|range| one(&lines[range], layout, front.take()));
    drafts.filter(|draft| is_one || is_entry(&draft.entry)).collect()
}

/// What came of the pages of a source. `cut` is the place of something that is never finished.
pub(super) fn reading(text: &str, drafts: Vec<Draft>, cut: Option<Span>) -> Reading {
    let mut reading = Reading { drafts, remarks: Vec::new() };
    let first_line = || {
        let blanks = text.len() - text.trim_start().len();
        let start = if blanks == text.len() { 0 } else { blanks };
        let line = text[start..].lines().next().unwrap_or_default();
        Span::new(start, start + line.trim_end().len())
    };
    let mut remark = |rule, span, message: String, help: &str| {
        let pointer = JsonPointer::root();
        reading.remarks.push(Remark { rule, pointer, span, message, help: Some(help.to_owned()) });
    };
    if reading.drafts.is_empty() {
        let message = if text.trim().is_empty() {
            "the source is empty"
        } else {
            "the source is no page of an entry: it has neither an id nor the sections of one"
        };
        let help = "is it the right file? `normalize --from` says which form it is in";
        remark(&unreadable_source::RULE, first_line(), message.to_owned(), help);
    } else if let Some(span) = cut {
        let help = "fetch it again; what came through is in the draft";
        remark(
            &source_cut_short::RULE,
            span,
            "this is never closed: the source is cut".to_owned(),
            help,
        );
    }
    if let [_, second, ..] = &reading.drafts[..] {
        let span = second.bindings.iter().map(|binding| binding.span).min().unwrap_or_default();
        let message = format!("the source holds {} pages", reading.drafts.len());
        remark(&several_pages::RULE, span, message, "each is read as an entry of its own");
    }
    reading
}

/// Whether so much was read that it can only be the page of an entry.
fn is_entry(entry: &Entry) -> bool {
    let sections = [
        !entry.root_cause.is_empty(),
        !entry.workarounds.is_empty(),
        !entry.dead_ends.is_empty(),
        !entry.versions.is_empty(),
        !entry.category.is_empty(),
    ];
    !entry.id.is_empty() || sections.iter().filter(|has| **has).count() >= 2
}

/// Where each page begins and ends: a page is what has an id of its own.
fn split(lines: &[Line<'_>]) -> Vec<Range<usize>> {
    /// What stands deeper than other ids is text that looks like one.
    const SLACK: usize = 3;
    let ids = (0..lines.len()).filter(|index| header::id_line(lines, *index).is_some());
    let ids: Vec<usize> = ids.collect();
    let least = ids.iter().map(|id| lines[*id].indent()).min().unwrap_or(0);
    let ids = ids.into_iter().filter(|id| lines[*id].indent() <= least + SLACK);
    let headings = label::possible_headings(lines);
    let is_heading = |index: &usize| lines[*index].kind == Kind::Heading(1);
    let is_badges = |index: &usize| header::is_badges(&lines[*index]);
    let has_headings = (0..lines.len()).any(|index| is_heading(&index));
    let mut starts: Vec<usize> = Vec::new();
    let mut past_id = 0;
    for id in ids {
        let above = id.saturating_sub(NEAR).max(std::mem::replace(&mut past_id, id + 1))..id;
        let from = starts.last().map_or(0, |start| start + 1);
        if starts.is_empty() {
            starts.push(0);
            continue;
        }
        // A second id is one only where sections of the page before stand between the two.
        let next = headings.partition_point(|index| index + 1 < from);
        if headings.get(next).is_none_or(|index| *index >= id) {
            continue;
        }
        // Above the id stand the message and above or below that the badges. Where messages are headings,
        // badges alone are none.
        let start = if has_headings {
            let heading = above.clone().rev().find(is_heading);
            heading.map(|at| (above.start..at).rev().take(2).find(is_badges).unwrap_or(at))
        } else {
            above.rev().find(is_badges)
        };
        if let Some(start) = start {
            starts.push(start);
        }
    }
    if starts.is_empty() {
        starts.push(0);
    }
    let ends = starts.iter().skip(1).copied().chain([lines.len()]);
    starts.iter().copied().zip(ends).map(|(start, end)| start..end).collect()
}

/// How many lines can stand between the badges of a page and its id.
const NEAR: usize = 40;

/// A page while it is read.
struct Page<'p, 's> {
    lines: &'p [Line<'s>],
    layout: Layout,
    draft: Draft,
    taken: Vec<bool>,
    /// Whether nothing of a site can stand below what belongs to the entry.
    is_whole: bool,
}

fn one(lines: &[Line<'_>], layout: Layout, front: Option<&FrontMatter<'_>>) -> Draft {
    let filled;
    let (lines, headings) = {
        let headings = label::headings(lines);
        match (layout, fill::wrap_width(lines, &headings)) {
            (Layout::Lines, Some(width)) => {
                filled = fill::filled(lines, &headings, width);
                (filled.as_slice(), label::headings(&filled))
            }
            _ => (lines, headings),
        }
    };
    let mut page = Page {
        lines,
        layout,
        draft: Draft::default(),
        taken: vec![false; lines.len()],
        is_whole: front.is_some_and(FrontMatter::is_ours),
    };
    let first = headings.first().map_or(lines.len(), |(index, _)| *index);
    header::read(&mut page, first);
    for (number, (index, section)) in headings.iter().enumerate() {
        let end = headings.get(number + 1).map_or(lines.len(), |(next, _)| *next);
        sections::read(&mut page, *section, *index, end);
    }
    page.look_at_end(&headings);
    page.finish(front)
}

impl Page<'_, '_> {
    fn is_taken(&self, index: usize) -> bool {
        self.taken[index]
    }

    fn take(&mut self, index: usize) {
        self.taken[index] = true;
    }

    /// Takes a line that is a label.
    fn label(&mut self, index: usize, label: &'static str) {
        let span = self.lines[index].span;
        self.draft.label(span, label);
        self.take(index);
    }

    /// Where a word stands in a line, past a place in its text, which moves to the end of the word.
    fn span_of_word(&self, index: usize, word: &str, past: &mut usize) -> Span {
        let line = &self.lines[index];
        match line.text[*past..].find(word) {
            Some(at) => {
                let start = *past + at;
                *past = start + word.len();
                line.span_of(start..*past)
            }
            None => line.span,
        }
    }

    /// Says so if the last heading has nothing below it, or the last item of a list no text.
    fn look_at_end(&mut self, headings: &[(usize, label::Section)]) {
        let Some(last) = self.lines.last() else { return };
        let bare_heading = headings.last().is_some_and(|(index, _)| index + 1 == self.lines.len());
        let bare_rate =
            items::rate(&last.plain()).is_some_and(|(_, past)| past == last.plain().len());
        let message = match (bare_heading, bare_rate) {
            (true, _) => "the source ends below this heading",
            (_, true) => "the source ends after this rate",
            _ => return,
        };
        let span = last.span;
        self.draft
            .remark(&source_cut_short::RULE, JsonPointer::root(), span, message)
            .help("fetch it again; what came through is in the draft");
    }

    /// Binds what was not taken to nothing, and says so.
    fn finish(mut self, front: Option<&FrontMatter<'_>>) -> Draft {
        let mut run: Option<Span> = None;
        for index in 0..=self.lines.len() {
            let line = self.lines.get(index).filter(|_| !self.taken[index]);
            if let Some(line) = line.filter(|line| line.is_rule()) {
                self.draft.label(line.span, "drawn line");
                continue;
            }
            match (line, &mut run) {
                (Some(line), Some(run)) => run.end = run.end.max(line.span.end),
                (Some(line), None) => run = Some(line.span),
                (None, Some(_)) => {
                    let span = run.take().unwrap_or_default();
                    self.draft.bindings.push(Binding { span, bound: Bound::NotUnderstood });
                }
                (None, None) => {}
            }
        }
        let head = self.lines.first().map_or_else(Span::default, |line| line.span);
        if let Some(front) = front {
            front.apply(&mut self.draft);
        }
        self.draft.finish(head);
        self.draft
    }
}
