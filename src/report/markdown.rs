//! Markdown for a comment on a pull request: the summary, the effects of patterns that changed, the findings.

use super::Report;
use super::effects::{kinds, place, rivals, summary};
use crate::comment::{Comment, code, prose};
use crate::diagnostic::{Diagnostic, Severity};
use crate::effects::{Effect, Effects};

/// The report as Markdown, of 65,536 characters at most: what does not fit is counted.
pub fn markdown(report: &Report) -> String {
    let mut page = Comment::default();
    page.push(&format!("**errlore**: {}\n", prose(&report.summary())));
    if let Some(effects) = &report.effects {
        page.push(&format!("\n{}\n", prose(&summary(effects))));
        if let Some(over) = report.over_budget() {
            page.push(&format!("\n**{}.**\n", prose(&over)));
        }
        if !effects.patterns.is_empty() {
            table(effects, &mut page);
        }
    }
    if !report.diagnostics.is_empty() {
        findings(report, &mut page);
    }
    if let Some(effects) = &report.effects {
        details(effects, &mut page);
    }
    page.finish()
}

fn table(effects: &Effects, page: &mut Comment) {
    let head = "\n| entry | newly matched | no longer matched | newly shadowed | newly ambiguous |\n\
                |---|--:|--:|--:|--:|\n";
    // What loses something first.
    let mut patterns: Vec<&Effect> = effects.patterns.iter().collect();
    patterns.sort_by_key(|effect| {
        std::cmp::Reverse(kinds(effect).map(|(_, messages)| messages.count > 0))
    });
    let row = |effect: &&Effect| {
        let own = match effect.no_longer_matched.own {
            0 => String::new(),
            own => format!(" ({own} of its own)"),
        };
        format!(
            "| {} | {} | {}{own} | {} | {} |\n",
            code(&effect.entry),
            effect.newly_matched.count,
            effect.no_longer_matched.count,
            effect.newly_shadowed.count,
            effect.newly_ambiguous.count,
        )
    };
    page.table(head, patterns.iter().map(row), "patterns");
}

fn findings(report: &Report, page: &mut Comment) {
    let head = "\n| severity | rule | place | message |\n|---|---|---|---|\n";
    let mut worst: Vec<&Diagnostic> = report.diagnostics.iter().collect();
    worst.sort_by_key(|found| std::cmp::Reverse(found.severity));
    let row = |found: &&Diagnostic| {
        let location = &found.primary.location;
        let source = report.source(location.source);
        let at = format!("{}:{}", source.name(), source.line_column(location.span.start));
        let severity = match found.severity {
            Severity::Error => "**error**",
            severity => severity.as_str(),
        };
        let help = found.help.as_deref().map(|help| format!("; {help}")).unwrap_or_default();
        let message = prose(&format!("{}{help}", found.message));
        format!("| {severity} | {} | {} | {message} |\n", code(found.rule), code(&at))
    };
    page.table(head, worst.iter().map(row), "findings");
}

/// The examples, folded away.
fn details(effects: &Effects, page: &mut Comment) {
    const END: &str = "\n</details>\n";
    let mut left = 0;
    let loud: Vec<&Effect> = effects.patterns.iter().filter(|effect| !effect.is_empty()).collect();
    if loud.is_empty() || !page.push("\n<details>\n<summary>The messages</summary>\n") {
        return;
    }
    for effect in loud {
        if left > 0 || !page.push(&block(effect)) {
            left += 1;
        }
    }
    if left > 0 {
        page.force(&format!("\nThe messages of {left} more patterns are left out here.\n"));
    }
    page.force(END);
}

/// The examples of one pattern.
fn block(effect: &Effect) -> String {
    let pattern = |pattern: &Option<String>| pattern.as_deref().map_or("none".to_owned(), code);
    let (before, after) = (pattern(&effect.before), pattern(&effect.after));
    let change = match (effect.is_new, effect.is_gone) {
        (true, _) => format!("the entry is new, and its pattern is {after}"),
        (_, true) => format!("the entry is gone, and its pattern was {before}"),
        _ => format!("the pattern was {before}, and is {after}"),
    };
    let mut out = format!("\n**{}**: {change}\n", code(&effect.entry));
    for (kind, messages) in kinds(effect).into_iter().filter(|(_, list)| list.count > 0) {
        out += &format!("\n{kind}: {}\n\n", messages.count);
        for example in &messages.examples {
            let rivals = rivals(kind, example).map(|rivals| format!(", {}", code(&rivals)));
            let (place, rivals) = (code(&place(example)), rivals.unwrap_or_default());
            out += &format!("- {place}{rivals}: {}\n", code(&example.text));
        }
        let more = messages.count - messages.examples.len();
        if more > 0 {
            out += &format!("- and {more} more\n");
        }
    }
    out
}
