//! What the patterns that changed do: for people, and the types of the JSON output.

use anstyle::{AnsiColor, Style};
use serde::Serialize;

use super::TextStyle;
use crate::effects::{Effect, Effects, Example, Messages, Place};
use crate::visible;

/// The four kinds of effects in words, with their messages.
pub(super) fn kinds(effect: &Effect) -> [(&'static str, &Messages); 4] {
    [
        ("no longer matched", &effect.no_longer_matched),
        ("newly shadowed", &effect.newly_shadowed),
        ("newly ambiguous", &effect.newly_ambiguous),
        ("newly matched", &effect.newly_matched),
    ]
}

/// One line that sums up: `3 patterns changed: 2 messages no longer matched, 1 newly shadowed`.
pub(super) fn summary(effects: &Effects) -> String {
    let changed = match effects.patterns.len() {
        0 => return "no pattern changed".to_owned(),
        1 => "1 pattern changed".to_owned(),
        many => format!("{many} patterns changed"),
    };
    let counts: Vec<String> = (0..4)
        .filter_map(|kind| {
            let each = effects.patterns.iter().map(|effect| kinds(effect)[kind]);
            let (mut name, mut count) = ("", 0);
            for (kind, messages) in each {
                (name, count) = (kind, count + messages.count);
            }
            (count > 0).then(|| format!("{count} {name}"))
        })
        .collect();
    match counts.as_slice() {
        [] => format!("{changed}, and no message is found otherwise than before"),
        counts => format!("{changed}, messages: {}", counts.join(", ")),
    }
}

/// How many messages, and what sort of messages they are: `12, 1 of its own, 30 lines`.
fn count(messages: &Messages) -> String {
    let mut out = messages.count.to_string();
    if messages.own > 0 {
        out += &format!(", {} of its own", messages.own);
    }
    if messages.lines > 0 {
        out += &format!(", {} line{}", messages.lines, if messages.lines == 1 { "" } else { "s" });
    }
    out
}

/// Where a message stands, in words; safe to show.
pub(super) fn place(example: &Example) -> String {
    let former = if example.former { "former " } else { "" };
    match &example.place {
        Place::Line { file, line, times } => {
            let times = if *times > 1 { format!(" ({times} times)") } else { String::new() };
            format!("{}:{line}{times}", visible::name(file))
        }
        Place::Entry { id, pointer } => {
            let (_, number) = pointer.rsplit_once('/').unwrap_or_default();
            let what = match number {
                "signature" => "signature".to_owned(),
                number => format!("sample {number}"),
            };
            if example.own {
                format!("its own {former}{what}")
            } else {
                format!("{former}{what} of {}", visible::name(id))
            }
        }
    }
}

/// The other entries that are named for a message, in words.
pub(super) fn rivals(kind: &str, example: &Example) -> Option<String> {
    // Whose message it is has been said.
    let owner = match &example.place {
        Place::Entry { id, .. } => id,
        Place::Line { .. } => "",
    };
    let others = example.rivals.iter().filter(|id| *id != owner);
    let names: Vec<_> = others.map(|id| visible::name(id)).collect();
    let how = if kind == "newly shadowed" { "after" } else { "beside" };
    (!names.is_empty()).then(|| format!("{how} {}", names.join(", ")))
}

/// The effects as text, the changes that nothing notices counted at the end.
pub(super) fn text(effects: &Effects, style: TextStyle) -> String {
    let bold = if style.color { Style::new().bold() } else { Style::new() };
    let paint = |color: AnsiColor| {
        if style.color { Style::new().bold().fg_color(Some(color.into())) } else { Style::new() }
    };
    let mut out = String::new();
    let (quiet, loud): (Vec<&Effect>, Vec<&Effect>) =
        effects.patterns.iter().partition(|effect| effect.is_empty());
    for effect in loud {
        let (id, path) = (visible::name(&effect.entry), visible::name(&effect.path));
        out += &format!("{bold}{id}{bold:#}\n  {path}\n");
        let states =
            [("before", &effect.before, effect.is_new), ("now", &effect.after, effect.is_gone)];
        for (what, pattern, has_no_entry) in states {
            let none = if has_no_entry { "no entry" } else { "no pattern" };
            let shown = pattern.as_deref().map_or_else(|| none.to_owned(), visible::quote);
            out += &format!("  {what:<8}{shown}\n");
        }
        for (kind, messages) in kinds(effect).into_iter().filter(|(_, list)| list.count > 0) {
            let color = match kind {
                "no longer matched" => paint(AnsiColor::BrightRed),
                "newly matched" => paint(AnsiColor::BrightCyan),
                _ => paint(AnsiColor::Yellow),
            };
            out += &format!("  {color}{kind}{color:#}: {}\n", count(messages));
            for example in &messages.examples {
                let place = place(example);
                out += &format!("    {place}\n      {}\n", visible::quote(&example.text));
                if let Some(rivals) = rivals(kind, example) {
                    out += &format!("      {rivals}\n");
                }
            }
            let more = messages.count - messages.examples.len();
            if more > 0 {
                out += &format!("    and {more} more\n");
            }
        }
        out.push('\n');
    }
    match (quiet.len(), effects.patterns.len()) {
        (0, _) => {}
        (quiet, all) if quiet == all => {}
        (1, _) => out += "1 more pattern changed, which no message notices\n\n",
        (quiet, _) => {
            out += &format!("{quiet} more patterns changed, which no message notices\n\n");
        }
    }
    out
}

#[derive(Serialize)]
pub(super) struct JsonBudget {
    max_lost: usize,
    lost: usize,
}

#[derive(Serialize)]
pub(super) struct JsonEffect<'r> {
    entry: &'r str,
    path: &'r str,
    before: Option<&'r str>,
    after: Option<&'r str>,
    newly_matched: JsonMessages<'r>,
    no_longer_matched: JsonMessages<'r>,
    newly_shadowed: JsonMessages<'r>,
    newly_ambiguous: JsonMessages<'r>,
}

#[derive(Serialize)]
struct JsonMessages<'r> {
    count: usize,
    own: usize,
    lines: usize,
    examples: Vec<JsonExample<'r>>,
}

#[derive(Serialize)]
struct JsonExample<'r> {
    #[serde(flatten)]
    place: JsonPlace<'r>,
    text: &'r str,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    rivals: &'r [String],
}

#[derive(Serialize)]
#[serde(untagged)]
enum JsonPlace<'r> {
    Entry { entry: &'r str, message: &'r str, own: bool, former: bool },
    Line { file: &'r str, line: usize, times: usize },
}

pub(super) fn json_budget(effects: &Effects) -> Option<JsonBudget> {
    effects.max_lost.map(|max_lost| JsonBudget { max_lost, lost: effects.lost() })
}

pub(super) fn json_effects(effects: &Effects) -> Vec<JsonEffect<'_>> {
    let effects = effects.patterns.iter().map(|effect| JsonEffect {
        entry: &effect.entry,
        path: &effect.path,
        before: effect.before.as_deref(),
        after: effect.after.as_deref(),
        newly_matched: json_messages(&effect.newly_matched),
        no_longer_matched: json_messages(&effect.no_longer_matched),
        newly_shadowed: json_messages(&effect.newly_shadowed),
        newly_ambiguous: json_messages(&effect.newly_ambiguous),
    });
    effects.collect()
}

fn json_messages(messages: &Messages) -> JsonMessages<'_> {
    JsonMessages {
        count: messages.count,
        own: messages.own,
        lines: messages.lines,
        examples: messages.examples.iter().map(json_example).collect(),
    }
}

fn json_example(example: &Example) -> JsonExample<'_> {
    let place = match &example.place {
        Place::Entry { id, pointer } => JsonPlace::Entry {
            entry: id,
            message: pointer,
            own: example.own,
            former: example.former,
        },
        Place::Line { file, line, times } => JsonPlace::Line { file, line: *line, times: *times },
    };
    JsonExample { place, text: &example.text, rivals: &example.rivals }
}
