//! The numbered lists of a page: what helps and how often, what does not and why.

use std::ops::Range;

use super::text::assemble;
use crate::normalize::line::{Kind, Line, Style};
use crate::source::Span;

/// One item as it stands on the page.
#[derive(Debug, Default)]
pub(super) struct Item {
    /// The percentage, as it is written, without the sign.
    pub(super) percent: String,
    /// Where it stands.
    pub(super) percent_span: Span,
    /// What is done.
    pub(super) action: Option<(String, Span)>,
    /// Whether the action is set off, so that it can be nothing else.
    pub(super) action_is_strong: bool,
    /// What is said about it.
    pub(super) body: Option<(String, Span)>,
    /// When it holds.
    pub(super) condition: Option<(String, Span)>,
    /// Where it is written.
    pub(super) sources: Vec<(String, Span)>,
}

/// The rate that an item begins with, `90% success` or `60% fail`: the percentage as it is written, and
/// how far it goes.
pub(super) fn rate(text: &str) -> Option<(Range<usize>, usize)> {
    let open = text.len() - text.trim_start_matches(['(', '[', '*', '_', '`', ' ']).len();
    let digits = open
        + text[open..].bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b'.').count();
    if digits == open || digits - open > 20 {
        return None;
    }
    let rest = text[digits..].trim_start();
    let rest = rest.strip_prefix('%').or_else(|| rest.strip_prefix('％'))?.trim_start();
    let word = ["success", "failure", "failed", "fails", "fail"]
        .into_iter()
        .find(|word| rest.get(..word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word)))?;
    let rest = &rest[word.len()..];
    // `90% success rate: …`, but not `90% fail Rate limit …`.
    let rated = rest
        .strip_prefix(" rate")
        .filter(|rest| rest.is_empty() || rest.starts_with([')', ']', ':', '*']));
    let rest = rated.unwrap_or(rest);
    if rest.starts_with(|c: char| c.is_ascii_lowercase()) {
        return None;
    }
    let rest = rest.trim_start_matches([')', ']', '*', '_', '`', ':']).trim_start();
    Some((open..digits, text.len() - rest.len()))
}

/// Which lines begin an item.
pub(super) fn beginnings(lines: &[Line<'_>]) -> Vec<usize> {
    /// A list with more than nine items sets its numbers in by one.
    const SLACK: usize = 2;
    let mut least = None;
    let begins = |line: &Line<'_>| !line.is_code() && rate(&line.plain()).is_some();
    (0..lines.len())
        .filter(|index| begins(&lines[*index]))
        .filter(|index| {
            let indent = lines[*index].indent();
            indent <= *least.get_or_insert(indent) + SLACK
        })
        .collect()
}

/// Reads the item that lines hold, the first of which begins with its rate.
pub(super) fn item(lines: &[Line<'_>]) -> Item {
    let mut item = Item::default();
    let Some((first, rest)) = lines.split_first() else { return item };
    let plain = first.plain();
    let Some((percent, past)) = rate(&plain) else { return item };
    let whole = plain.len() == first.text.len();
    plain[percent.clone()].clone_into(&mut item.percent);
    item.percent_span = if whole { first.span_of(percent) } else { first.span };
    // With delimiters in the text, find the same place there.
    let past = if whole { past } else { past_rate(first, past) };
    let head = &first.text[past..];
    let strong = first.marks.iter().find(|mark| {
        mark.style == Style::Strong && mark.range.start <= past + 2 && mark.inner().end > past
    });
    let mut body: Vec<Line<'_>> = Vec::new();
    if let Some(strong) = strong {
        item.action_is_strong = true;
        let inner = strong.inner();
        let inner = inner.start.max(past.min(inner.end))..inner.end;
        item.action = Some((first.text[inner.clone()].trim().to_owned(), first.span_of(inner)));
        let after = &first.text[strong.range.end..];
        if !after.trim().is_empty() {
            let start = strong.range.end + after.len() - after.trim_start().len();
            body.push(part_of(first, start));
        }
    } else if let Some(action) = unbalanced_strong(head) {
        // A text with asterisks of its own, which a converter did not escape.
        item.action = Some((action.to_owned(), first.span_of(past..first.text.len())));
        item.action_is_strong = true;
    } else if !head.trim_matches(['*', ' ']).is_empty() {
        let (action, continues) = match head.find('\n') {
            Some(at) => (&head[..at], Some(past + at + 1)),
            None => (head, None),
        };
        item.action = Some((action.trim().to_owned(), first.span_of(past..past + action.len())));
        body.extend(continues.map(|start| part_of(first, start)));
    }
    let mut rest = rest;
    // The action may stand below the rate, set off or not.
    if item.action.is_none()
        && let Some((next, others)) = rest.split_first()
        && !next.is_code()
    {
        let is_strong =
            next.marks.iter().any(|mark| mark.style == Style::Strong && mark.range.start == 0);
        // Two texts are what is done and what is said about it.
        if is_strong || next.gap == 0 || !others.is_empty() {
            item.action = Some((next.value().into_owned(), next.span));
            item.action_is_strong = is_strong;
            rest = others;
        }
    }
    body.extend(rest.iter().cloned());
    take_details(&mut body, &mut item);
    item.body = assemble(&body);
    item
}

/// What stands between the delimiters of strong text that hold together no strong text.
fn unbalanced_strong(head: &str) -> Option<&str> {
    let inner = head.trim().strip_prefix("**")?.strip_suffix("**")?;
    (!inner.trim().is_empty()).then(|| inner.trim())
}

/// The place in a line's text that stands at an offset of the text without delimiters.
fn past_rate(line: &Line<'_>, plain: usize) -> usize {
    let mut hidden: Vec<Range<usize>> = Vec::new();
    for mark in &line.marks {
        let inner = mark.inner();
        hidden.extend([mark.range.start..inner.start, inner.end..mark.range.end]);
    }
    hidden.sort_unstable_by_key(|range| range.start);
    let mut at = plain;
    for range in hidden {
        if range.start < at {
            at += range.len();
        }
    }
    at.min(line.text.len())
}

/// The rest of a line from an offset on, as a line of its own.
fn part_of<'s>(line: &Line<'s>, start: usize) -> Line<'s> {
    let mut part = line.clone();
    part.span = line.span_of(start..line.text.len());
    part.text = line.text[start..].to_owned().into();
    part.marker = "".into();
    (part.kind, part.gap) = (Kind::Text, 0);
    part.marks.clear();
    part
}

/// Takes the lines at the end that say when an item holds and where it is written: `Condition: …`, and
/// `Sources:` with addresses below it or beside it.
fn take_details(body: &mut Vec<Line<'_>>, item: &mut Item) {
    let is_label = |line: &Line<'_>| {
        let plain = line.plain();
        let list = plain.strip_prefix("Sources:").or_else(|| plain.strip_prefix("Source:"));
        list.is_some_and(|list| {
            list.split([' ', '\n']).all(|word| word.is_empty() || is_address(word))
        })
    };
    if let Some(at) = body.iter().rposition(is_label)
        && let Some(below) = addresses(&body[at + 1..])
    {
        let plain = body[at].plain();
        let beside = plain.split([' ', '\n']).filter(|word| is_address(word));
        let beside = beside.map(|word| (word.trim_end_matches(',').to_owned(), body[at].span));
        item.sources = beside.chain(below).collect();
        body.truncate(at);
    }
    if let Some(line) = body.last().filter(|line| !line.is_code() && body.len() > 1 || line.gap > 0)
        && let Some(condition) = line.plain().strip_prefix("Condition:")
    {
        item.condition = Some((condition.trim().to_owned(), line.span));
        body.pop();
    }
}

/// The addresses of which lines consist, one a line; `None` if there is anything else. A text browser cuts
/// a long one and goes on below.
fn addresses(lines: &[Line<'_>]) -> Option<Vec<(String, Span)>> {
    let mut out: Vec<(String, Span)> = Vec::new();
    let mut above: Option<&Line<'_>> = None;
    for line in lines.iter().filter(|line| !line.text.trim().is_empty()) {
        if let Some(address) = address_of(line) {
            out.push((address, line.span));
        } else {
            let is_rest = |above: &Line<'_>| {
                line.gap == 0 && line.indent() > above.indent() && !line.text.contains(' ')
            };
            let (address, span) = out.last_mut().filter(|_| above.is_some_and(is_rest))?;
            address.push_str(&line.text);
            span.end = line.span.end;
            continue;
        }
        above = Some(line);
    }
    Some(out)
}

/// The address that a line consists of, whatever a converter put around it.
fn address_of(line: &Line<'_>) -> Option<String> {
    if let Some(url) = line.marks.iter().find_map(|mark| match &mark.style {
        Style::Link(url) if mark.range == (0..line.text.len()) => Some(url),
        _ => None,
    }) {
        return is_address(url).then(|| url.clone());
    }
    let text = line.text.trim_end().trim_end_matches(['>', '`']);
    let before = text.find("http")?;
    // A bullet, a bracket, or the number that a text browser gives a link: `[3]https://…`.
    if text[..before].contains(char::is_alphabetic) {
        return None;
    }
    let text = &text[before..];
    // A link of Markdown whose text is its address.
    let text = text.split_once("](").map_or(text, |(shown, _)| shown);
    is_address(text).then(|| text.to_owned())
}

/// Whether a line says more about an item in so many words.
pub(super) fn is_detail(line: &Line<'_>) -> bool {
    let plain = line.plain();
    ["Condition:", "Sources:", "Source:"].iter().any(|label| plain.starts_with(label))
        || address_of(line).is_some()
}

fn is_address(word: &str) -> bool {
    (word.starts_with("https://") || word.starts_with("http://")) && !word.contains(' ')
}
