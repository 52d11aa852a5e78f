//! The pattern takes very long on some lines, in an engine that backtracks.
//!
//! # Why
//! The engines of Python, JavaScript, Java, PCRE2 and .NET try one way through a pattern after the other,
//! and each `.*` multiplies the ways by the length of the line. A log that anybody can write into holds up
//! the program that looks it up. Reported is what takes about 2 seconds or more in Python on a line of 2,000
//! characters, as far as can be told from the steps of a search; `regex` and RE2 do not backtrack.
//!
//! # Bad
//! ```json
//! {"regex": "no.*space.*left.*on.*device"}
//! ```
//!
//! ```json
//! {"signature": "no space left on disk 1: write", "regex": "no space left on (\\w+\\s?)+: write"}
//! ```
//!
//! # Good
//! ```json
//! {"regex": "no space left on .*device"}
//! ```

use crate::diagnostic::Level;
use crate::pattern::{Attack, Cost, Growth, LINE, SLOW};
use crate::rule::{At, Check, EntryContext, Findings, Group, Rule};
use crate::{pointer, visible};

pub(super) static RULE: Rule = Rule {
    id: "regex-slow",
    group: Group::Pattern,
    level: Level::Warning,
    since: "0.1.0",
    source: include_str!("regex_slow.rs"),
    check: Check::Entry(check),
};

fn check(cx: &EntryContext<'_>, found: &mut Findings) {
    // What is no pattern is another fault.
    if cx.entry.regex.is_empty() || cx.facts().error.is_some() {
        return;
    }
    let Cost { growth, attack: Some(attack), loops, steps } =
        cx.pattern().cost(cx.config.regex.case)
    else {
        return;
    };
    let example = shown(&attack);
    let message = match (&growth, steps) {
        (Growth::Exponential, _) => {
            format!(
                "the steps of a search multiply with each repetition in a line such as {example}"
            )
        }
        (_, Some(steps)) if steps >= SLOW => {
            let grows = match growth {
                Growth::Polynomial(power) => {
                    format!(", which grow with power {power} of its length")
                }
                _ => String::new(),
            };
            let steps = rounded(steps);
            format!("a line of {LINE} characters such as {example} takes {steps} steps{grows}")
        }
        _ => return,
    };
    let mut loops = loops.into_iter().map(|range| At::Within(pointer!["regex"], range));
    let finding = found.add(loops.next().unwrap_or(pointer!["regex"].into()), message);
    finding.label("each way through this is tried");
    finding.help(match growth {
        Growth::Exponential => "let no two ways through the repetition take the same text",
        _ => {
            "spell out what stands between, say what it is not (`[^']*`) or how long it can be \
             (`.{0,40}`), or ask for fewer words"
        }
    });
    for at in loops {
        finding.also(at, "with each way through this");
    }
}

/// An attack as the first of its repetitions.
fn shown(attack: &Attack) -> String {
    let mut text = attack.repeated(2);
    if attack.suffix.is_empty() {
        text.push('…');
    }
    visible::quote(&text)
}

/// A number of steps for a reader, as a power of ten that it reaches.
fn rounded(steps: u64) -> String {
    let power = steps.checked_ilog10().unwrap_or(0);
    match steps / 10_u64.pow(power) {
        1 => format!("more than 10^{power}"),
        digit => format!("more than {digit}·10^{power}"),
    }
}
