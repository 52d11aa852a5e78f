//! A page whose lines were wrapped at a width, put together again.

use super::label::Section;
use super::sections::{first_block, is_word};
use super::{header, items, wrap};
use crate::normalize::line::{Kind, Line};

/// The width at which the texts of a page are wrapped, if they are: read off those that are one
/// paragraph each.
pub(super) fn wrap_width(lines: &[Line<'_>], headings: &[(usize, Section)]) -> Option<usize> {
    let mut evidence = wrap::Evidence::default();
    for (number, (index, section)) in headings.iter().enumerate() {
        let end = headings.get(number + 1).map_or(lines.len(), |(next, _)| *next);
        let body = &lines[index + 1..end];
        let column = lines[*index].indent();
        match section {
            Section::RootCause | Section::RootCauseZh => {
                // Deeper stands code.
                let set_in = |line: &Line<'_>| line.indent() == column + 3;
                evidence.has_margin |= body.first().is_some_and(set_in);
                let end = body.iter().position(is_word).unwrap_or(body.len());
                evidence.paragraphs(&body[..end], column);
            }
            Section::WorkaroundsZh if body.iter().any(|line| line.kind == Kind::Item) => {
                evidence.paragraphs(body, wrap::column_of_text(&body[0]));
            }
            Section::DeadEnds | Section::Workarounds => {
                let mut starts = items::beginnings(body);
                starts.push(body.len());
                for pair in starts.windows(2) {
                    let item = &body[pair[0]..pair[1]];
                    evidence.beginning(item);
                    evidence.text(item);
                    // Below what is done there is one paragraph, or in a workaround perhaps code.
                    let below = item.iter().skip(1).position(|line| line.gap > 0);
                    if *section == Section::DeadEnds {
                        evidence.prose(item);
                        let below = below.map_or(&[][..], |below| &item[below + 1..]);
                        evidence.paragraphs(below, wrap::column_of_text(&item[0]));
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
    // A heading may be centred.
    out.append(&mut wrap::filled(&lines[badges..first], width, width));
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
            _ => out.append(&mut wrap::filled(body, width, lines[*index].indent())),
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
        let is_parted = |item: &&&[Line<'_>]| first_text(item, width) < texts(item);
        let parted = items.iter().filter(is_parted).count();
        let may_be = |item: &&&[Line<'_>]| {
            let mut pairs = item[..texts(item)].windows(2);
            is_parted(item)
                || pairs.any(|pair| wrap::reads_like_a_beginning(&pair[0].text, &pair[1].text))
        };
        let in_two = parted * 2 > items.len() || items.iter().all(|item| may_be(&item));
        Self { by_gaps, parted, in_two: in_two || section == Section::DeadEnds }
    }
}

/// Where the first text of an item ends: at a break that is not soft.
fn first_text(lines: &[Line<'_>], width: usize) -> usize {
    let column = wrap::column_of_text(&lines[0]);
    let hard = |at: &usize| !wrap::is_soft(&lines[at - 1], &lines[*at], width, column);
    (1..lines.len()).find(hard).unwrap_or(lines.len())
}

/// An item of which the first text is filled, and the rest too unless one of its breaks is not soft:
/// then it is code, or laid out by hand. Where each break looks soft and there should be two texts, the
/// second begins where a line reads like a beginning.
fn filled_item<'s>(lines: &[Line<'s>], width: usize, list: List) -> Vec<Line<'s>> {
    let column = wrap::column_of_text(&lines[0]);
    let soft = |at: &usize| wrap::is_soft(&lines[at - 1], &lines[*at], width, column);
    let mut first = first_text(lines, width);
    let block = texts(lines);
    if first == block && !list.by_gaps {
        let begins = |at: &usize| {
            let (above, text) = (&lines[at - 1].text, &lines[*at].text);
            list.in_two && wrap::reads_like_a_beginning(above, text)
                || list.parted > 0 && wrap::reads_like_code(above, text)
        };
        first = (1..block).find(begins).unwrap_or(first);
    }
    let mut out = wrap::filled(&lines[..first], width, column);
    // Conditions and sources stand each on its own line.
    let end = first.max(lines.iter().position(items::is_detail).unwrap_or(lines.len()));
    if (first + 1..end).all(|at| soft(&at) || lines[at].gap > 0) {
        out.append(&mut wrap::filled(&lines[first..end], width, column));
    } else {
        out.extend_from_slice(&lines[first..end]);
    }
    out.extend_from_slice(&lines[end..]);
    out
}

/// How many lines an item has before the first blank one, and before what says more about it.
fn texts(lines: &[Line<'_>]) -> usize {
    let block = first_block(lines);
    let detail = |at: &usize| items::is_detail(&block[*at]);
    (1..block.len()).find(detail).unwrap_or(block.len())
}
