//! What `regex --why` tells, for a person.

use std::ops::Range;

use errlore::config::Case;
use errlore::pattern::{Origin, Why};
use errlore::visible;
use errlore::wording::counted;
use textwrap::core::display_width;

use super::{Told, in_words};

/// The width that everything fits in, in columns.
const WIDTH: usize = 80;
/// The width of what stands before a text.
const LABEL: usize = 12;
/// More lines of one text are not shown.
const MOST_LINES: usize = 6;

/// The answer for a message.
pub(super) fn text(message: &str, told: &[Told<'_>], case: Case) -> String {
    let mut out = String::new();
    for told in told {
        let id = visible::name(told.card.id.as_str());
        let why = &told.why;
        let says = if why.matches {
            format!("finds the message: {} spelled out", counted(told.score, "character"))
        } else {
            "does not find the message".to_owned()
        };
        out += &format!("{id} {says} ({})\n", in_words(case));
        out += &marked("message", message, why.matched.as_ref());
        if let Some(window) = &why.window {
            let (start, end) = (window.start, window.end);
            out += &filled("", &format!("looked at bytes {start} to {end} of {}", message.len()));
        }
        if !told.card.pattern.is_empty() {
            let failed = why.failed.as_ref().filter(|_| !why.matches);
            out += &marked("pattern", told.card.pattern.text(), failed);
        }
        out += &reasons(why);
        if !why.matches {
            out += &proposals(told);
        }
    }
    if told.is_empty() {
        out += "no entry comes near the message\n";
    }
    out
}

fn reasons(why: &Why) -> String {
    let mut out = String::new();
    if let Some(reason) = &why.unknown {
        return filled("", &visible::name(reason));
    }
    if why.matches {
        return out;
    }
    if why.matched.is_none() && why.failed.is_some() {
        out += &filled("", "nothing of the pattern is there");
    }
    if why.near.is_empty() {
        out += &filled("near miss", "none: too much would have to be different");
    }
    for relaxation in &why.near {
        let mut told: Vec<&str> = Vec::new();
        for miss in &relaxation.misses {
            if !told.contains(&miss.explanation.as_str()) {
                told.push(&miss.explanation);
            }
        }
        for (number, explanation) in told.iter().enumerate() {
            let label = match number {
                0 if told.len() > 1 => "near, all",
                0 => "near miss",
                _ => "",
            };
            out += &filled(label, &visible::name(explanation));
        }
    }
    out
}

fn proposals(told: &Told<'_>) -> String {
    if told.repairs.is_empty() {
        return filled("proposal", "none that finds all its messages and no other entry's");
    }
    let mut out = String::new();
    for repair in &told.repairs {
        let origin = match repair.origin {
            Origin::Mended => "the pattern, mended",
            Origin::Common => "what the messages have in common",
            Origin::Signature => "made from the signature",
        };
        out += &marked("proposal", &repair.pattern, None);
        let mut says = format!("{origin}; {} spelled out", counted(repair.score, "character"));
        if !repair.also_finds.is_empty() {
            let ids: Vec<_> =
                repair.also_finds.iter().take(3).map(|id| visible::quote(id)).collect();
            says += &format!("; like the old one it also finds {}", ids.join(", "));
            let more = repair.also_finds.len() - ids.len();
            if more > 0 {
                says += &format!(" and {more} more");
            }
        }
        out += &filled("", &says);
    }
    out
}

/// Words in lines that fit, behind a label.
fn filled(label: &str, text: &str) -> String {
    let lines = textwrap::wrap(text, WIDTH - LABEL);
    let mut out = String::new();
    for (number, line) in lines.iter().enumerate() {
        let label = if number == 0 { label } else { "" };
        out += &format!("  {label:<width$}{line}\n", width = LABEL - 2);
    }
    out
}

/// A text in lines that fit, with a part of it marked below. Of a long text the lines around the part are
/// shown.
fn marked(label: &str, text: &str, part: Option<&Range<usize>>) -> String {
    let room = WIDTH - LABEL;
    let mut lines: Vec<(String, String)> = Vec::new();
    let (mut line, mut marks, mut width) = (String::new(), String::new(), 0);
    let mut first_marked = None;
    // What comes before the part is only walked over as far as it may be shown.
    let start = part.map_or(0, |part| part.start);
    let begin = text.floor_char_boundary(start.saturating_sub(MOST_LINES * room / 2));
    let is_cut = begin > 0;
    if is_cut {
        (line, marks, width) = ("…".to_owned(), " ".to_owned(), 1);
    }
    for (at, c) in text[begin..].char_indices() {
        let at = begin + at;
        let shown = shown(c);
        let columns = display_width(&shown);
        if width + columns > room {
            lines.push((std::mem::take(&mut line), std::mem::take(&mut marks)));
            width = 0;
            if lines.len() == MOST_LINES {
                break;
            }
        }
        let is_marked = part.is_some_and(|part| part.contains(&at));
        if is_marked && first_marked.is_none() {
            first_marked = Some(lines.len());
        }
        line += &shown;
        marks += &(if is_marked { "^" } else { " " }).repeat(columns);
        width += columns;
    }
    let is_whole = lines.len() < MOST_LINES;
    if is_whole {
        lines.push((line, marks));
    } else if let Some((last, _)) = lines.last_mut() {
        last.pop();
        last.push('…');
    }
    let mut out = String::new();
    for (number, (line, marks)) in lines.iter().enumerate() {
        let label = if number == 0 { label } else { "" };
        out += &format!("  {label:<width$}{}\n", line.trim_end(), width = LABEL - 2);
        if marks.contains('^') {
            out += &format!("{:LABEL$}{}\n", "", marks.trim_end());
        }
    }
    out
}

/// A character as it may stand in a line.
fn shown(c: char) -> String {
    match c {
        '\t' => " ".to_owned(),
        c if visible::is_unsafe_to_show(c) => {
            visible::name(c.encode_utf8(&mut [0; 4])).into_owned()
        }
        c => c.to_string(),
    }
}
