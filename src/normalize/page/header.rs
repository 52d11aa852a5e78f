//! What stands above the first heading of a page: badges, the message, the id, the figures.

use super::text::assemble;
use super::{Layout, Page, wrap};
use crate::entry::EntryId;
use crate::han::is_han;
use crate::normalize::line::{Kind, Line};
use crate::normalize::value;
use crate::pointer;
use crate::source::Span;

/// The words for who has looked at an entry.
const TIERS: [&str; 3] = ["ai_generated", "human_reviewed", "community_verified"];

/// The line that gives the id, and where in its text the id stands; it may be the next line.
pub(super) fn id_line(lines: &[Line<'_>], index: usize) -> Option<(usize, String)> {
    let line = &lines[index];
    if line.is_code() {
        return None;
    }
    let plain = line.plain();
    let rest = plain.strip_prefix("ID").or_else(|| plain.strip_prefix("Id"))?;
    let value = rest.trim_start().strip_prefix([':', '：'])?.trim();
    let (at, value) = if value.is_empty() {
        (index + 1, lines.get(index + 1)?.plain().trim().to_owned())
    } else {
        (index, value.to_owned())
    };
    let value = value.trim_matches(['`', '*']).to_owned();
    (value.contains('/') && !value.contains(char::is_whitespace)).then_some((at, value))
}

/// Whether a line is the one with the badges.
pub(super) fn is_badges(line: &Line<'_>) -> bool {
    let words = line.text.split_whitespace().rev().take(2).collect::<Vec<_>>();
    matches!(words[..], [resolvable, tier]
        if TIERS.contains(&tier) && value::resolvable(resolvable).is_some())
}

/// Reads the lines before the first heading.
pub(super) fn read(page: &mut Page<'_, '_>, end: usize) {
    let id = read_id(page, end);
    read_links(page, end);
    let badges = read_badges(page, end);
    read_figures(page, end);
    read_signature(page, end, id, badges);
}

fn read_id(page: &mut Page<'_, '_>, end: usize) -> Option<usize> {
    let ids = (0..end).filter_map(|index| Some((index, id_line(page.lines, index)?)));
    // A message of several lines is set in, and may have one that looks like this.
    let (index, (at, id)) = ids.min_by_key(|(index, _)| page.lines[*index].indent())?;
    let line = &page.lines[at];
    let span = match line.text.find(&*id) {
        Some(start) => line.span_of(start..start + id.len()),
        None => line.span,
    };
    page.draft.entry.id = EntryId::new(id);
    page.draft.bind(span, pointer!["id"]);
    page.take(index);
    page.take(at);
    Some(index)
}

/// The links to other forms of the page.
fn read_links(page: &mut Page<'_, '_>, end: usize) {
    const PIECES: [&str; 8] = ["json", "markdown", "中文", "·", "|", "text", "html", "•"];
    let is_piece = |text: &str| {
        let words = text.split(|c: char| c.is_whitespace() || c == '·' || c == '|');
        let mut words = words.filter(|word| !word.is_empty());
        words.all(|word| {
            // Text browsers number links: `[3]JSON`.
            let word = word.trim_start_matches(|c: char| c.is_ascii_digit() || "[]()".contains(c));
            PIECES.contains(&word.to_lowercase().as_str())
        })
    };
    for index in 0..end {
        let plain = page.lines[index].plain();
        let Some(rest) = plain.strip_prefix("Also available as") else { continue };
        let rest = rest.trim_start_matches([':', '：', ' ']);
        if !is_piece(rest) {
            continue;
        }
        let more = (index + 1..end).take_while(|next| {
            let line = &page.lines[*next];
            is_piece(&line.plain()) && (line.gap == 0 || rest.is_empty())
        });
        let last = more.last().unwrap_or(index);
        for taken in index..=last {
            page.label(taken, "links to other forms");
        }
    }
}

/// Error code, domain, category, tier and whether it can be solved, in this order. Gives the lines.
fn read_badges(page: &mut Page<'_, '_>, end: usize) -> Option<(usize, usize)> {
    let position = |index: usize| {
        let plain = page.lines[index].plain().to_ascii_lowercase();
        let found =
            TIERS.iter().find_map(|word| Some((plain.find(word)?, *word, value::tier(word)?)));
        found.filter(|_| !page.is_taken(index))
    };
    let (index, (at, word, tier)) = (0..end).find_map(|index| Some((index, position(index)?)))?;
    let plain = page.lines[index].plain().into_owned();
    let (before, after) = (&plain[..at], &plain[at + word.len()..]);
    let separators = |c: char| c.is_whitespace() || "·|,•".contains(c);

    let mut last = index;
    let mut resolvable = after.trim_matches(separators).to_lowercase();
    if resolvable.is_empty() && index + 1 < end {
        last = index + 1;
        resolvable = page.lines[last].plain().trim().to_lowercase();
    }
    let solved = value::resolvable(&resolvable);
    if solved.is_none() && !after.trim_matches(separators).is_empty() {
        return None;
    }
    let mut words: Vec<(String, Span)> = Vec::new();
    let mut past = 0;
    let mut first = index;
    let domain = page.draft.entry.id.domain().to_owned();
    if before.trim_matches(separators).is_empty() {
        // One badge a line: they go up to the domain, and one above it may be the error's code.
        while first > 0 && words.len() < 3 && !page.is_taken(first - 1) {
            let line = &page.lines[first - 1];
            let is_heading = matches!(line.kind, Kind::Heading(_));
            let past_domain = words.first().is_some_and(|(word, _)| *word == domain);
            if is_heading
                || line.text.contains(char::is_whitespace)
                || past_domain && !is_code(&line.text)
            {
                break;
            }
            words.insert(0, (line.plain().into_owned(), line.span));
            first -= 1;
        }
    } else if before.contains(separators) {
        /// A line with more words than this is text.
        const MOST: usize = 32;
        let all = before.split(separators).filter(|word| !word.is_empty());
        if all.clone().nth(MOST).is_some() {
            return None;
        }
        for word in all {
            words.push((word.to_owned(), page.span_of_word(index, word, &mut past)));
        }
    } else if let Some(at) = before.find(&*domain).filter(|_| !domain.is_empty()) {
        // A converter that puts nothing between them.
        for word in [&before[..at], &*domain, &before[at + domain.len()..]] {
            if !word.is_empty() {
                words.push((word.to_owned(), page.span_of_word(index, word, &mut past)));
            }
        }
    }
    let span = page.span_of_word(index, word, &mut past);
    let draft = &mut page.draft;
    draft.entry.verification_tier = tier;
    draft.bind(span, pointer!["verification_tier"]);
    let after_domain = words.iter().rposition(|(word, _)| *word == domain);
    let domain_at = after_domain.unwrap_or(words.len().saturating_sub(2));
    if let Some((category, span)) = words.get(domain_at + 1) {
        draft.entry.category.clone_from(category);
        draft.bind(*span, pointer!["category"]);
    }
    if let Some((domain, span)) = words.get(domain_at) {
        draft.entry.domain.clone_from(domain);
        draft.bind(*span, pointer!["domain"]);
    }
    if let (Some(first), Some(last)) =
        (words[..domain_at.min(words.len())].first(), words.get(domain_at.wrapping_sub(1)))
    {
        let code: Vec<&str> = words[..domain_at].iter().map(|(word, _)| &**word).collect();
        draft.entry.error_code = Some(code.join(" "));
        draft.bind(Span { start: first.1.start, end: last.1.end }, pointer!["error_code"]);
    }
    if let Some(solved) = solved {
        draft.entry.resolvable = solved;
        let past = if last == index { past } else { 0 };
        let span = page.span_of_word(last, &resolvable, &mut { past });
        page.draft.bind(span, pointer!["resolvable"]);
    } else {
        last = index;
    }
    for index in first..=last {
        page.take(index);
    }
    Some((first, last))
}

/// Whether a word can be an error's code: short, with a digit or all in capitals.
fn is_code(word: &str) -> bool {
    const LONGEST: usize = 40;
    word.len() <= LONGEST
        && !word.contains(char::is_whitespace)
        && (word.contains(|c: char| c.is_ascii_digit())
            || word.contains(char::is_uppercase) && !word.contains(char::is_lowercase))
}

/// A figure of an entry that a page shows beside its name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Figure {
    FixRate,
    Confidence,
    Evidence,
    FirstSeen,
    LastConfirmed,
    LastUpdated,
}

const FIGURES: [(&str, Figure); 9] = [
    ("fix success rate", Figure::FixRate),
    ("fix rate", Figure::FixRate),
    ("confidence", Figure::Confidence),
    ("evidence count", Figure::Evidence),
    ("evidence", Figure::Evidence),
    ("first seen", Figure::FirstSeen),
    ("last confirmed", Figure::LastConfirmed),
    ("last updated", Figure::LastUpdated),
    ("updated", Figure::LastUpdated),
];

enum Token {
    Name(Figure),
    Value(String),
}

/// The names and values that a line consists of; `None` if there is anything else in it.
fn tokens(text: &str) -> Option<Vec<(Token, usize)>> {
    let mut out = Vec::new();
    let mut at = 0;
    loop {
        at += text[at..].len()
            - text[at..]
                .trim_start_matches(|c: char| c.is_whitespace() || ":：·|,*_=".contains(c))
                .len();
        let rest = &text[at..];
        if rest.is_empty() {
            return Some(out);
        }
        let name = FIGURES.iter().find(|(name, _)| {
            rest.get(..name.len()).is_some_and(|head| head.eq_ignore_ascii_case(name))
                && !rest[name.len()..].starts_with(|c: char| c.is_ascii_lowercase())
        });
        if let Some((name, figure)) = name {
            out.push((Token::Name(*figure), at));
            at += name.len();
            continue;
        }
        let digits =
            rest.bytes().take_while(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-')).count();
        if digits == 0 || !rest.starts_with(|c: char| c.is_ascii_digit() || c == '-') {
            return None;
        }
        let after = &rest[digits..];
        let blanks = after.len() - after.trim_start().len();
        let percent = after[blanks..].chars().next().filter(|c| matches!(c, '%' | '％'));
        let len = digits + percent.map_or(0, |sign| blanks + sign.len_utf8());
        out.push((Token::Value(rest[..len].replace('％', "%")), at));
        at += len;
    }
}

fn read_figures(page: &mut Page<'_, '_>, end: usize) {
    let mut found: Vec<(usize, Token, Span)> = Vec::new();
    for index in 0..end {
        let line = &page.lines[index];
        if page.is_taken(index) || matches!(line.kind, Kind::Heading(_)) {
            continue;
        }
        let plain = line.plain();
        for (token, at) in tokens(&plain).unwrap_or_default() {
            let span = match &token {
                Token::Value(value) if plain.len() == line.text.len() => {
                    line.span_of(at..(at + value.len()).min(plain.len()))
                }
                _ => line.span,
            };
            found.push((index, token, span));
        }
    }
    // Values stand before their names, or after them; the first pair shows which.
    let beside = |a: usize, b: usize| found[b].0 - found[a].0 <= 1;
    let mut before = None;
    for at in 1..found.len() {
        match (&found[at - 1].1, &found[at].1) {
            (Token::Value(_), Token::Name(_)) if beside(at - 1, at) => before = Some(true),
            (Token::Name(_), Token::Value(_)) if beside(at - 1, at) => before = Some(false),
            _ => {}
        }
        if before.is_some() {
            break;
        }
    }
    let Some(before) = before else { return };
    let mut pairs = Vec::new();
    for at in 0..found.len() {
        let Token::Name(figure) = &found[at].1 else { continue };
        let value = if before { at.checked_sub(1) } else { Some(at + 1) };
        let Some(value) = value.filter(|value| *value < found.len()) else { continue };
        if let (Token::Value(text), true) = (&found[value].1, beside(value.min(at), value.max(at)))
        {
            pairs.push((*figure, text.clone(), found[value].2, found[value].0, found[at].0));
        }
    }
    for (figure, value, span, value_line, name_line) in pairs {
        if read_figure(page, figure, &value, span) {
            page.take(value_line);
            page.take(name_line);
        }
    }
}

fn read_figure(page: &mut Page<'_, '_>, figure: Figure, text: &str, span: Span) -> bool {
    match figure {
        Figure::FixRate | Figure::Confidence => {
            let field = if figure == Figure::FixRate { "fix_success_rate" } else { "confidence" };
            let Some(percent) = text.strip_suffix('%') else { return false };
            let rate = page.draft.percentage(percent, span, pointer![field]).unwrap_or(0.0);
            if figure == Figure::FixRate {
                page.draft.entry.fix_success_rate = rate;
            } else {
                page.draft.entry.confidence = rate;
            }
        }
        Figure::Evidence => {
            let Some(count) = value::count(text) else { return false };
            page.draft.entry.evidence_count = count;
            page.draft.bind(span, pointer!["evidence_count"]);
        }
        Figure::FirstSeen | Figure::LastConfirmed | Figure::LastUpdated => {
            let Some(date) = value::date(text) else { return false };
            let entry = &mut page.draft.entry;
            let (place, field) = match figure {
                Figure::LastConfirmed => (&mut entry.last_confirmed, "last_confirmed"),
                Figure::LastUpdated => (&mut entry.last_updated, "last_updated"),
                _ => (&mut entry.first_seen, "first_seen"),
            };
            *place = Some(date);
            page.draft.bind(span, pointer![field]);
        }
    }
    true
}

fn read_signature(
    page: &mut Page<'_, '_>,
    end: usize,
    id: Option<usize>,
    badges: Option<(usize, usize)>,
) {
    let heading = (0..end)
        .filter(|index| !page.is_taken(*index))
        .filter_map(|index| match page.lines[index].kind {
            Kind::Heading(level) => Some((level, index)),
            _ => None,
        })
        .min();
    let range = if let Some((_, index)) = heading {
        // A converter that wraps headings leaves the rest of one as a paragraph right below it.
        let more = (index + 1..end).take_while(|next| {
            let line = &page.lines[*next];
            page.layout == Layout::Markup
                && line.gap == 0
                && !page.is_taken(*next)
                && line.kind == Kind::Text
        });
        index..more.last().unwrap_or(index) + 1
    } else {
        // Without a heading: what stands between the badges and the id, in either order.
        let id = id.unwrap_or(end);
        match badges {
            Some((_, last)) if last < id => last + 1..id,
            Some((first, _)) if id < first => id + 1..end,
            _ => 0..id,
        }
    };
    let mut lines: Vec<usize> = range
        .clone()
        .filter(|index| !page.is_taken(*index) && !page.lines[*index].is_rule())
        .collect();
    if heading.is_none() && badges.is_none() {
        // Above a page without badges stands what belongs to the site.
        let block = lines.iter().rposition(|index| page.lines[*index].gap > 0).unwrap_or(0);
        lines.drain(..block);
    }
    // In text without headings, the message in Chinese is a paragraph below the message.
    if let ([before @ .., last], None) = (&lines[..], heading) {
        let is_alone = page.lines[*last].gap > 0 && !before.is_empty();
        if is_alone && !before.iter().any(|index| page.lines[*index].text.contains(is_han)) {
            read_signature_zh(page, *last);
        }
    }
    lines.retain(|index| !page.is_taken(*index));
    let texts: Vec<Line<'_>> = lines
        .iter()
        .map(|index| {
            let mut line = page.lines[*index].clone();
            if heading.is_some() {
                line.marker = "".into();
            }
            line
        })
        .collect();
    let Some((mut signature, span)) = assemble(&texts) else { return };
    if heading.is_some() && texts.len() > 1 {
        signature.clear();
        for line in &texts {
            if signature.is_empty() {
                signature.push_str(&line.text);
            } else {
                wrap::join(&mut signature, &line.text);
            }
        }
    }
    page.draft.entry.signature = signature;
    page.draft.bind(span, pointer!["signature"]);
    for index in &lines {
        page.take(*index);
    }
    // A line in Chinese right below the message is the message in Chinese.
    let next = lines.last().map_or(end, |last| last + 1);
    if heading.is_some()
        && next < end
        && !page.is_taken(next)
        && page.lines[next].kind == Kind::Text
    {
        read_signature_zh(page, next);
    }
}

fn read_signature_zh(page: &mut Page<'_, '_>, index: usize) {
    let line = &page.lines[index];
    if line.text.contains(is_han) {
        page.draft.entry.signature_zh = Some(line.value().into_owned());
        page.draft.bind(line.span, pointer!["signature_zh"]);
        page.take(index);
    }
}
