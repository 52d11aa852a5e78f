//! What several messages have in common, as a pattern: their least general generalisation (Plotkin, 1970)
//! over words, marks and blanks.

use std::ops::Range;

use super::draft::{blank, literal, says_enough};
use super::parts::{self, Kind, What};
use crate::pattern::Case;
use crate::pattern::han::is_han;
use crate::pattern::literals::folded;

/// More words are no message, in number.
const MOST_TOKENS: usize = 400;
/// No longer text is left open between two words, in characters.
const LONGEST_GAP: usize = 200;

/// The patterns that find all of some messages: first one that opens only what differs between them, then
/// one that opens what looks as if it varied too.
pub(super) fn merge(messages: &[&str], case: Case) -> Vec<String> {
    let Some((first, others)) = messages.split_first() else { return Vec::new() };
    let bases = tokens(first, case);
    if bases.len() > MOST_TOKENS {
        return Vec::new();
    }
    let varying: Vec<parts::Part> = parts::split(first)
        .into_iter()
        .filter(|part| matches!(part.what, What::Varies(_)))
        .collect();
    let mut patterns = Vec::new();
    for opens in [false, true] {
        let is_open = |token: &Token| {
            let overlaps = |part: &parts::Part| {
                part.range.start < token.range.end && token.range.start < part.range.end
            };
            varying.iter().any(|part| {
                overlaps(part)
                    && (opens || !matches!(part.what, What::Varies(kind) if kind.is_real()))
            })
        };
        let mut kept: Vec<&Token> = bases.iter().filter(|token| !is_open(token)).collect();
        for other in others {
            let other = tokens(other, case);
            if other.len() > MOST_TOKENS {
                return patterns;
            }
            kept = common(&kept, &other);
        }
        // What varies is open as a whole, or not at all.
        for part in &varying {
            let is_in = |token: &Token| {
                part.range.start <= token.range.start && token.range.end <= part.range.end
            };
            let all = bases.iter().filter(|token| is_in(token)).count();
            if kept.iter().filter(|token| is_in(token)).count() < all {
                kept.retain(|token| !is_in(token));
            }
        }
        let pattern = write(&kept, messages, &varying, case);
        patterns.extend(pattern.filter(|pattern| !patterns.contains(pattern)));
    }
    patterns
}

/// A word, a mark or a blank.
struct Token {
    range: Range<usize>,
    /// Its text as it is compared.
    key: String,
}

fn tokens(text: &str, case: Case) -> Vec<Token> {
    let is_letter = |c: char| (c.is_alphanumeric() || c == '_') && !is_han(c);
    let class = |c: char| match c {
        c if c.is_whitespace() => 0,
        c if is_letter(c) && c.is_numeric() => 1,
        c if is_letter(c) => 2,
        _ => 3,
    };
    let mut tokens: Vec<Token> = Vec::new();
    let mut last = 3;
    for (at, c) in text.char_indices() {
        let end = at + c.len_utf8();
        match tokens.last_mut() {
            // A digit within a word belongs to it.
            Some(token) if last != 3 && (class(c) == last || last == 2 && class(c) == 1) => {
                token.range.end = end;
            }
            _ => {
                tokens.push(Token { range: at..end, key: String::new() });
                last = class(c);
            }
        }
    }
    for token in &mut tokens {
        let text = &text[token.range.clone()];
        token.key = match case {
            _ if text.trim().is_empty() => " ".to_owned(),
            Case::Insensitive => folded(text),
            Case::Sensitive => text.to_owned(),
        };
    }
    tokens
}

/// A longest common subsequence.
fn common<'t>(kept: &[&'t Token], other: &[Token]) -> Vec<&'t Token> {
    let weight = |token: &Token| {
        // A word says more than a mark, and a long one more than a short one.
        let letters = token.key.chars().filter(|c| c.is_alphanumeric()).count();
        u32::try_from(letters * 4 + 1).unwrap_or(u32::MAX)
    };
    let width = other.len() + 1;
    let mut best = vec![0_u32; (kept.len() + 1) * width];
    for (i, token) in kept.iter().enumerate().rev() {
        for (j, candidate) in other.iter().enumerate().rev() {
            let skip = best[(i + 1) * width + j].max(best[i * width + j + 1]);
            let take = if token.key == candidate.key {
                best[(i + 1) * width + j + 1] + weight(token)
            } else {
                0
            };
            best[i * width + j] = skip.max(take);
        }
    }
    let (mut i, mut j, mut found) = (0, 0, Vec::new());
    while i < kept.len() && j < other.len() {
        let here = best[i * width + j];
        if best[i * width + j + 1] == here {
            j += 1;
        } else if best[(i + 1) * width + j] == here {
            i += 1;
        } else {
            found.push(kept[i]);
            i += 1;
            j += 1;
        }
    }
    found
}

/// A pattern that spells out what is kept, with an opening wherever a message has more.
fn write(
    kept: &[&Token],
    messages: &[&str],
    varying: &[parts::Part],
    case: Case,
) -> Option<String> {
    let first = messages[0];
    let text = |token: &&Token| &first[token.range.clone()];
    // A mark at an end belongs to the message if it is joined to a word.
    let mut kept = kept;
    let is_blank = |token: &Token| token.key == " ";
    let is_mark = |token: &Token| !token.key.contains(char::is_alphanumeric);
    while let [edge, rest @ ..] = kept
        && is_mark(edge)
        && (is_blank(edge)
            || rest.first().is_none_or(|next| next.range.start > edge.range.end || is_blank(next)))
    {
        kept = rest;
    }
    while let [rest @ .., edge] = kept
        && is_mark(edge)
        && (is_blank(edge)
            || rest.last().is_none_or(|last| last.range.end < edge.range.start || is_blank(last)))
    {
        kept = rest;
    }
    let runs = kept.chunk_by(|a, b| a.range.end == b.range.start);
    let run = |run: &[&Token]| &first[run[0].range.start..run[run.len() - 1].range.end];
    if kept.is_empty() || !says_enough(runs.map(run)) {
        return None;
    }
    let mut gaps: Vec<Vec<String>> = vec![Vec::new(); kept.len()];
    for message in messages {
        for (gap, text) in gaps.iter_mut().zip(between(kept, message, case)?) {
            gap.push(text);
        }
    }
    let mut pattern = String::new();
    for (index, token) in kept.iter().enumerate() {
        if index > 0 {
            let before = kept[index - 1].range.end;
            let is_stand_in = varying.iter().any(|part| {
                before <= part.range.start
                    && part.range.end <= token.range.start
                    && !matches!(part.what, What::Varies(kind) if kind.is_real() || kind == Kind::Ellipsis)
            });
            pattern.push_str(&opening(&gaps[index], is_stand_in)?);
        }
        let is_end = index == 0 || index + 1 == kept.len();
        let is_number = is_end && token.key.bytes().all(|byte| byte.is_ascii_digit());
        if index == 0 && is_number {
            pattern.push_str(r"\b");
        }
        if token.key == " " {
            blank(text(token), &mut pattern);
        } else {
            literal(text(token), &mut pattern);
        }
        if index + 1 == kept.len() && is_number {
            pattern.push_str(r"\b");
        }
    }
    Some(pattern)
}

/// What a message has before each of the words kept, since the one before.
fn between(kept: &[&Token], message: &str, case: Case) -> Option<Vec<String>> {
    let tokens = tokens(message, case);
    let words: Vec<&Token> = tokens.iter().collect();
    // The words kept, as they stand in this message: together where they can be.
    let owned: Vec<Token> = kept
        .iter()
        .map(|token| Token { range: token.range.clone(), key: token.key.clone() })
        .collect();
    let found = common(&words, &owned);
    if found.len() != kept.len() {
        return None;
    }
    let mut gaps = Vec::with_capacity(kept.len());
    let mut done = 0;
    for token in found {
        gaps.push(message[done..token.range.start].to_owned());
        done = token.range.end;
    }
    Some(gaps)
}

/// What stands between two words in all messages, as a class that is no wider than need be.
fn opening(texts: &[String], is_stand_in: bool) -> Option<String> {
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    if texts.iter().all(|text| text.is_empty()) {
        return Some(String::new());
    }
    if texts.iter().any(|text| text.chars().count() > LONGEST_GAP) {
        return None;
    }
    let all = |is: fn(char) -> bool| texts.iter().all(|text| text.chars().all(is));
    let (class, times) = if all(|c| c.is_ascii_digit()) && !is_stand_in {
        ("[0-9]", "+")
    } else if all(|c| c.is_ascii_digit() || matches!(c, '.' | ',')) && !is_stand_in {
        ("[0-9.,]", "+")
    } else if all(|c| c.is_ascii_alphanumeric() || c == '_') && !is_stand_in {
        ("[A-Za-z0-9_]", "+")
    } else if all(|c| !c.is_whitespace()) {
        (r"\S", "+")
    } else if all(|c| !matches!(c, '\n' | '\r')) {
        (r"[^\r\n]", "{1,200}")
    } else {
        (r"[\s\S]", "{1,200}")
    };
    let times = match (times, texts.iter().any(|text| text.is_empty())) {
        (times, false) => times,
        ("+", true) => "*",
        _ => "{0,200}",
    };
    Some(format!("{class}{times}"))
}
