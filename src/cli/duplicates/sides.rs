//! Two entries side by side, or one below the other where the terminal is narrow.

use anstyle::{AnsiColor, Style};
use errlore::duplicates::CommonWords;
use errlore::entry::Entry;
use errlore::render::Advice;
use errlore::visible;
use errlore::wrap::options;
use textwrap::core::display_width;

/// From so many columns on there is room for two.
const TWO_COLUMNS: usize = 72;
/// Wider columns are hard to read.
const WIDEST: usize = 160;
/// Of one text no more lines are shown.
const MOST_LINES: usize = 30;
/// And no more of it is laid out, in bytes.
const MOST_BYTES: usize = 8 << 10;
const BETWEEN: &str = " | ";
const COMMON: Style = Style::new().fg_color(Some(anstyle::Color::Ansi(AnsiColor::Cyan)));
const TITLE: Style = Style::new().bold();

/// Both entries for a terminal of `width` columns; words that both have in a field are marked.
pub(super) fn sides(a: &Entry, b: &Entry, width: usize) -> String {
    let mut out = String::new();
    let is_wide = width >= TWO_COLUMNS;
    let width = width.min(WIDEST);
    let column = if is_wide { (width - BETWEEN.len()) / 2 } else { width.saturating_sub(4) };
    for ((title, mine), (_, others)) in fields(a, b).into_iter().zip(fields(b, a)) {
        if mine.is_empty() && others.is_empty() {
            continue;
        }
        let (in_mine, in_others) = (CommonWords::of(&mine), CommonWords::of(&others));
        let (left, right) = (lines(&mine, column), lines(&others, column));
        out += &format!("{TITLE}{title}{TITLE:#}\n");
        if is_wide {
            for at in 0..left.len().max(right.len()) {
                let line = |lines: &[String]| lines.get(at).cloned().unwrap_or_default();
                let (left, right) = (line(&left), line(&right));
                let blanks = " ".repeat(column.saturating_sub(display_width(&left)));
                let row =
                    [&*mark(&left, &in_others), &blanks, BETWEEN, &mark(&right, &in_mine)].concat();
                out += row.trim_end();
                out.push('\n');
            }
        } else {
            for (sign, lines, other) in [("A", left, &in_others), ("B", right, &in_mine)] {
                for (number, line) in lines.iter().enumerate() {
                    let sign = if number == 0 { sign } else { " " };
                    out += &format!("  {sign} {}\n", mark(line, other));
                }
            }
        }
    }
    out
}

/// What is shown of an entry beside another: titles and texts.
fn fields(entry: &Entry, other: &Entry) -> [(&'static str, Vec<String>); 9] {
    let some = |text: &str| if text.trim().is_empty() { vec![] } else { vec![text.to_owned()] };
    let option = |text: &Option<String>| some(text.as_deref().unwrap_or_default());
    let advice = |items: Vec<Advice>, others: Vec<Advice>| {
        let text = |item: &Advice| format!("- [{}] {}", item.rate, item.beside(&others));
        items.iter().map(text).collect()
    };
    let workarounds = |entry: &Entry| entry.workarounds.iter().map(Advice::from).collect();
    let dead_ends = |entry: &Entry| entry.dead_ends.iter().map(Advice::from).collect();
    let versions: Vec<&str> = entry.versions.iter().map(|version| &*version.version).collect();
    [
        ("id", vec![entry.id.to_string()]),
        ("message", some(&entry.signature)),
        ("message in Chinese", option(&entry.signature_zh)),
        ("pattern", some(&entry.regex)),
        ("cause", some(&entry.root_cause)),
        ("cause in Chinese", option(&entry.root_cause_zh)),
        ("workarounds", advice(workarounds(entry), workarounds(other))),
        ("dead ends", advice(dead_ends(entry), dead_ends(other))),
        ("versions", some(&versions.join(", "))),
    ]
}

/// Texts in lines of so many columns, safe to show.
fn lines(texts: &[String], column: usize) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut is_cut = false;
    for text in texts {
        let end = text.floor_char_boundary(MOST_BYTES);
        is_cut |= end < text.len();
        for line in text[..end].lines() {
            let shown = visible::name(line.trim_end());
            let wrapped = textwrap::wrap(&shown, options(column));
            let room = MOST_LINES.saturating_sub(out.len());
            is_cut |= wrapped.len() > room;
            out.extend(wrapped.into_iter().take(room).map(std::borrow::Cow::into_owned));
        }
    }
    if is_cut {
        out.push("… (there is more)".to_owned());
    }
    out
}

/// A line with the words that it shares in colour.
fn mark(line: &str, words: &CommonWords) -> String {
    let marked = words.places(line);
    let (mut out, mut at) = (String::with_capacity(line.len() + 16 * marked.len()), 0);
    for (start, end) in marked {
        out += &line[at..start];
        out += &format!("{COMMON}{}{COMMON:#}", &line[start..end]);
        at = end;
    }
    out + &line[at..]
}

#[cfg(test)]
mod tests {
    use super::*;
    use errlore::entry::EntryId;

    fn entry(id: &str, message: &str) -> Entry {
        Entry { id: EntryId::new(id), signature: message.to_owned(), ..Entry::default() }
    }

    fn plain(text: &str) -> String {
        anstream::adapter::strip_str(text).to_string()
    }

    #[test]
    fn columns_stand_below_each_other_for_wide_characters_too() {
        let chinese = "磁盘空间不足：无法写入日志文件，因为分区已满，而日志轮转没有运行，请先清理旧的日志文件";
        let a = entry("disk/full", chinese);
        let b = entry(
            "disk/no-space",
            "no space is left on the device that holds the log files of the day",
        );
        let out = plain(&sides(&a, &b, 80));
        let bars: Vec<usize> = out
            .lines()
            .filter_map(|line| line.find(BETWEEN.trim_end()).map(|at| display_width(&line[..at])))
            .collect();
        assert!(bars.len() >= 3, "{out}");
        assert!(bars.iter().all(|bar| *bar == bars[0]), "{out}");
        assert!(out.lines().all(|line| display_width(line) <= 80), "{out}");
    }

    #[test]
    fn a_narrow_terminal_shows_one_below_the_other() {
        let out = plain(&sides(&entry("a/b", "disk is full"), &entry("c/d", "no space"), 60));
        assert!(out.contains("  A disk is full\n  B no space\n"), "{out}");
    }

    #[test]
    fn words_in_common_are_marked_and_nothing_else_is_let_through() {
        let a = entry("a/b", "device \u{1b}[31m磁盘已满\u{202e} is full");
        let out = sides(&a, &entry("c/d", "the Device 磁盘空 x"), 80);
        let marked = |word: &str| format!("{COMMON}{word}{COMMON:#}");
        assert!(out.contains(&marked("device")) && out.contains(&marked("Device")), "{out}");
        assert!(out.contains(&marked("磁盘")), "{out}");
        assert!(!out.contains("\u{1b}[31m") && !out.contains('\u{202e}'), "{out:?}");
    }
}
