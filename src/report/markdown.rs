//! Markdown for a comment on a pull request, as GitHub renders it.
//!
//! What comes from an entry, a log or a path is text and nothing else: all that could be markup is written
//! as a character reference, which GitHub Flavored Markdown takes for a literal character, and it stands in
//! `<code>`, where GitHub makes no mentions, references or links of it.

use super::Report;
use super::effects::{kinds, place, rivals, summary};
use crate::diagnostic::{Diagnostic, Severity};
use crate::effects::{Effect, Effects};
use crate::visible;

/// A longer comment is refused by GitHub, in characters.
const LONGEST: usize = 65_536;
/// What is kept for the lines that say how much was left out.
const RESERVE: usize = 1_024;
/// Of a text so many characters are shown.
const SHOWN: usize = 200;

/// The report as Markdown, of 65,536 characters at most: what does not fit is counted.
pub fn markdown(report: &Report) -> String {
    let mut page = Page { out: String::new(), chars: 0 };
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
    page.out
}

/// Text that grows up to a limit.
struct Page {
    out: String,
    chars: usize,
}

impl Page {
    /// Adds a piece if there is room for it.
    fn push(&mut self, piece: &str) -> bool {
        let chars = piece.chars().count();
        let fits = self.chars + chars <= LONGEST - RESERVE;
        if fits {
            self.force(piece);
        }
        fits
    }

    /// Adds one of the few short pieces for which room was kept.
    fn force(&mut self, piece: &str) {
        self.chars += piece.chars().count();
        self.out.push_str(piece);
    }

    /// Adds a table: its head, and rows until one does not fit; says how many were left out.
    fn table(&mut self, head: &str, rows: impl ExactSizeIterator<Item = String>, what: &str) {
        let mut left = rows.len();
        if self.push(head) {
            for row in rows {
                if !self.push(&row) {
                    break;
                }
                left -= 1;
            }
        }
        if left > 0 {
            self.force(&format!("\n{left} more {what} are left out here.\n"));
        }
    }
}

fn table(effects: &Effects, page: &mut Page) {
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

fn findings(report: &Report, page: &mut Page) {
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
fn details(effects: &Effects, page: &mut Page) {
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
    let mut out = format!(
        "\n**{}**: the pattern was {}, and is {}\n",
        code(&effect.entry),
        pattern(&effect.before),
        pattern(&effect.after),
    );
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

/// A text as code: literal, on one line, cut where it is long.
fn code(text: &str) -> String {
    let mut shown: String = text.chars().take(SHOWN).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    format!("<code>{}</code>", literal(&visible::name(&shown)))
}

/// A sentence of ours in which what is quoted in backticks may be anybody's.
fn prose(text: &str) -> String {
    let parts: Vec<&str> = text.split('`').collect();
    let mut out = String::new();
    for (number, part) in parts.iter().enumerate() {
        let is_quoted = number % 2 == 1 && number + 1 < parts.len();
        if is_quoted {
            out += &code(part);
        } else {
            if number % 2 == 1 {
                out += &literal("`");
            }
            // Outside of code a name must not be told, nor an issue linked: a character without width
            // stands between.
            let shown = literal(&visible::name(part));
            out += &shown.replace("&#64;", "&#64;&#8203;").replace("&#35;", "&#35;&#8203;");
        }
    }
    out
}

/// A text of which Markdown makes nothing else, on one line and after something else in it: what marks
/// emphasis, code, links, cells, HTML, formulas, names and issues is written as a reference; so are a colon
/// that may begin an address or a symbol, and the point of `www.`.
fn literal(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut before = ' ';
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let is_markup = match c {
            '&' | '<' | '>' | '|' | '`' | '*' | '_' | '[' | ']' | '#' | '~' | '@' | '\\' | '$' => {
                true
            }
            ':' => chars.peek().is_some_and(|next| *next != ' '),
            '.' => before.eq_ignore_ascii_case(&'w'),
            _ => false,
        };
        if is_markup {
            out += &format!("&#{};", u32::from(c));
        } else {
            out.push(c);
        }
        before = c;
    }
    out
}
