//! Prose that both sides changed, brought together by words.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use crate::diff;

/// A stretch of the base, in bytes, and what a side put in its place.
#[derive(Debug, PartialEq, Eq)]
struct Hunk {
    range: Range<usize>,
    text: String,
}

/// The text with the changes of both sides; `None` where they touch: no whole word between two changes is as it
/// was, or both change the same words to others. `None` as well where there is code or a quotation in it that neither
/// side wrote.
pub(super) fn merge(base: &str, ours: &str, theirs: &str) -> Option<String> {
    let (of_ours, of_theirs) = (hunks(base, ours), hunks(base, theirs));
    let (mut left, mut right) = (of_ours.iter().peekable(), of_theirs.iter().peekable());
    let mut out = String::with_capacity(base.len());
    let mut at = 0;
    loop {
        let next = match (left.peek(), right.peek()) {
            (Some(a), Some(b)) if a == b => {
                right.next();
                left.next()
            }
            (Some(a), Some(b)) if is_apart(base, a, b) => left.next(),
            (Some(a), Some(b)) if is_apart(base, b, a) => right.next(),
            (Some(_), Some(_)) => return None,
            (Some(_), None) => left.next(),
            (None, _) => right.next(),
        };
        let Some(hunk) = next else { break };
        out.push_str(&base[at..hunk.range.start]);
        out.push_str(&hunk.text);
        at = hunk.range.end;
    }
    out.push_str(&base[at..]);
    let written: HashSet<&str> = code(ours).into_iter().chain(code(theirs)).collect();
    let is_mixed = code(&out).iter().any(|code| !written.contains(code));
    // Each took out what the other left.
    (!is_mixed && !out.trim().is_empty()).then_some(out)
}

/// Whether what one side wrote stands before what the other wrote, and a word between them is as it was. A word is what
/// stands between blanks, such as an address or a version: of two edits in one, nobody has seen what comes out. A
/// character of a script without blanks is a word.
fn is_apart(base: &str, first: &Hunk, second: &Hunk) -> bool {
    let Some(between) = base.get(first.range.end..second.range.start) else { return false };
    // A side may have written on at a word that it left.
    let is_open = |old: &str, new: &str, rest: &str| {
        [old, if new.is_empty() { rest } else { new }]
            .iter()
            .all(|text| text.chars().last().is_none_or(char::is_whitespace))
    };
    let starts = is_open(&base[..first.range.end], &first.text, &base[..first.range.start]);
    let turned = |text: &str| text.chars().next().is_none_or(char::is_whitespace);
    let new = if second.text.is_empty() { &base[second.range.end..] } else { &second.text };
    let ends = turned(&base[second.range.start..]) && turned(new);
    let words: Vec<&str> = between.split(char::is_whitespace).collect();
    let whole = usize::from(!starts)..words.len() - usize::from(!ends);
    between.contains(|c: char| is_wide(c) && c.is_alphanumeric())
        || words
            .get(whole)
            .is_some_and(|words| words.iter().any(|word| word.contains(char::is_alphanumeric)))
}

/// The pieces of code in a text, and what is quoted in it: what stands between backticks, tags or quotation marks, fenced
/// blocks, lines that are indented or have a prompt, and clauses that read as a command.
fn code(text: &str) -> Vec<&str> {
    let (mut found, mut prose) = (Vec::new(), Vec::<Range<usize>>::new());
    let (mut at, mut fence) = (0, None);
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let is_fence = |fence: &str| line.trim_start().starts_with(fence);
        match fence {
            Some((open, mark)) if is_fence(mark) => {
                found.push(&text[open..at]);
                fence = None;
            }
            Some(_) => {}
            None => match ["```", "~~~"].into_iter().find(|mark| is_fence(mark)) {
                Some(mark) => fence = Some((start, mark)),
                None if line.starts_with("    ") || line.starts_with('\t') || has_prompt(line) => {
                    found.push(line);
                }
                None => {
                    found.extend(clauses(line).filter(|clause| is_command(clause)));
                    match prose.last_mut() {
                        Some(last) if last.end == start => last.end = at,
                        _ => prose.push(start..at),
                    }
                }
            },
        }
    }
    if let Some((open, _)) = fence {
        found.push(&text[open..]);
    }
    found.extend(spans(text, &prose));
    for lines in prose {
        for (open, close) in ENCLOSED {
            enclosed(&text[lines.clone()], open, close, &mut found);
        }
    }
    found
}

/// What code and quotations stand between, besides backticks.
const ENCLOSED: [(&str, &str); 10] = [
    ("<code", "</code>"),
    ("<kbd", "</kbd>"),
    ("<pre", "</pre>"),
    ("\"", "\""),
    ("'", "'"),
    ("“", "”"),
    ("‘", "’"),
    ("«", "»"),
    ("「", "」"),
    ("『", "』"),
];

/// What stands between two marks. One within a word is an apostrophe.
fn enclosed<'t>(text: &'t str, open: &str, close: &str, found: &mut Vec<&'t str>) {
    let is_of_word = |c: char| c.is_alphanumeric() && !is_wide(c);
    let opens = |at: usize| {
        let is_inside = text[..at].ends_with(is_of_word);
        !is_inside && !text[at + open.len()..].starts_with(char::is_whitespace)
    };
    let closes = |at: usize| {
        let is_inside = text[at + close.len()..].starts_with(is_of_word);
        !is_inside && !text[..at].ends_with(char::is_whitespace)
    };
    let mut marks = text.match_indices(close).map(|(at, _)| at).filter(|at| closes(*at)).peekable();
    let mut end = 0;
    for (start, _) in text.match_indices(open).filter(|(at, _)| opens(*at)) {
        if start < end {
            continue;
        }
        while marks.next_if(|at| *at < start + open.len()).is_some() {}
        let Some(at) = marks.next() else { return };
        end = at + close.len();
        found.push(&text[start..end]);
    }
}

/// The parts of a line, each up to a mark that ends it.
fn clauses(line: &str) -> impl Iterator<Item = &str> {
    let mut ends = line.char_indices().peekable();
    let mut start = 0;
    std::iter::from_fn(move || {
        while let Some((at, c)) = ends.next() {
            let is_last = ends.peek().is_none_or(|(_, next)| next.is_whitespace());
            let is_end = match c {
                '.' | ';' | ':' | '!' | '?' => is_last,
                '。' | '；' | '：' | '！' | '？' => true,
                _ => false,
            };
            if is_end || ends.peek().is_none() {
                let end = at + if is_end { 0 } else { c.len_utf8() };
                let clause = line[start..end].trim();
                start = at + c.len_utf8();
                return Some(clause);
            }
        }
        None
    })
}

/// Whether a line begins as one of a terminal does.
fn has_prompt(line: &str) -> bool {
    let mut words = line.split_whitespace();
    let (Some(first), Some(second)) = (words.next(), words.next()) else { return false };
    let ends = |word: &str| word.ends_with(['$', '>']) || word.ends_with("~#");
    matches!(first, "#" | "%" | "sudo" | "doas") || ends(first) || (first == "PS" && ends(second))
}

/// Whether a clause is a command or names one: it has an option, or what only commands begin with.
fn is_command(clause: &str) -> bool {
    let is_option = |word: &str| {
        let name = word.trim_start_matches(['(', '[']).strip_prefix('-');
        name.is_some_and(|name| name.trim_start_matches('-').starts_with(char::is_alphabetic))
    };
    // What stands between backticks is a piece of its own.
    let mut words = clause.split('`').step_by(2).flat_map(str::split_whitespace);
    has_prompt(clause) || words.any(|word| matches!(word, "sudo" | "doas") || is_option(word))
}

/// Whether a character is of a script that has no blanks between words.
fn is_wide(c: char) -> bool {
    c >= '\u{2e80}'
}

/// What stands between two runs of as many backticks, in some lines of a text.
fn spans<'t>(text: &'t str, lines: &[Range<usize>]) -> Vec<&'t str> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    for line in lines {
        for (at, _) in text[line.clone()].match_indices('`') {
            let at = line.start + at;
            match runs.last_mut() {
                Some(run) if run.end == at => run.end += 1,
                _ => runs.push(at..at + 1),
            }
        }
    }
    let mut places: HashMap<usize, Vec<usize>> = HashMap::new();
    for (at, run) in runs.iter().enumerate().rev() {
        places.entry(run.len()).or_default().push(at);
    }
    let (mut found, mut next) = (Vec::new(), 0);
    while let Some(run) = runs.get(next) {
        let others = places.entry(run.len()).or_default();
        while others.last().is_some_and(|at| *at <= next) {
            others.pop();
        }
        // A run that nothing closes is text.
        let Some(close) = others.last() else {
            next += 1;
            continue;
        };
        found.push(&text[run.start..runs[*close].end]);
        next = close + 1;
    }
    found
}

/// Whether each change that a side made of the base is one that the other made too.
pub(super) fn is_in(base: &str, side: &str, other: &str) -> bool {
    let others = hunks(base, other);
    hunks(base, side).iter().all(|hunk| others.contains(hunk))
}

/// Whether what a side, made of the base, has put in stands in a text, in the same order.
pub(super) fn has(base: &str, side: &str, text: &str) -> bool {
    let mut rest = text;
    hunks(base, side).iter().all(|hunk| match rest.find(hunk.text.trim()) {
        Some(at) => {
            rest = &rest[at + hunk.text.trim().len()..];
            true
        }
        None => false,
    })
}

fn hunks(base: &str, side: &str) -> Vec<Hunk> {
    let mut hunks: Vec<Hunk> = Vec::new();
    let (mut at, mut is_open) = (0, false);
    for piece in diff::words(base, side) {
        if piece.side == diff::Side::Both {
            at += piece.text.len();
            is_open = false;
            continue;
        }
        if !is_open {
            hunks.push(Hunk { range: at..at, text: String::new() });
            is_open = true;
        }
        let Some(hunk) = hunks.last_mut() else { continue };
        if piece.side == diff::Side::Old {
            at += piece.text.len();
            hunk.range.end = at;
        } else {
            hunk.text.push_str(piece.text);
        }
    }
    hunks
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn words_apart_come_together_and_words_that_touch_do_not() {
        let base = "Raise the limit of the server, then restart it.";
        let ours = "Raise the limit of the proxy, then restart it.";
        for (theirs, wanted) in [
            (
                "Raise the limit of the server, then reload it.",
                Some("Raise the limit of the proxy, then reload it."),
            ),
            (ours, Some(ours)),
            (base, Some(ours)),
            ("Raise the limit of the client, then restart it.", None),
            ("Raise the limit of a server, then restart it.", None),
            ("Raise the limit of the server.", None),
            (
                "First raise the limit of the server, then restart it.",
                Some("First raise the limit of the proxy, then restart it."),
            ),
        ] {
            assert_eq!(merge(base, ours, theirs).as_deref(), wanted, "{theirs}");
            assert_eq!(merge(base, theirs, ours).as_deref(), wanted, "{theirs}");
        }
        assert_eq!(
            merge("消息超过了限制。", "消息超出了限制。", "消息超过了上限。").as_deref(),
            Some("消息超出了上限。")
        );
        assert_eq!(merge("a b c", "a b c d", "a b c e"), None, "both add at the end");
        assert_eq!(merge("one two three", "three", "one two"), None);
        assert_eq!(merge("", "a", "b"), None);
    }

    /// Two edits in what stands between blanks would make a value that neither side wrote.
    #[test]
    fn a_word_is_never_mixed() {
        for (base, ours, theirs) in [
            (
                "It listens on 127.0.0.1:6379 since 3.11.2 of it.",
                "It listens on 10.0.0.1:6379 since 4.11.2 of it.",
                "It listens on 127.0.0.1:6380 since 3.11.9 of it.",
            ),
            ("At most 1,000,000 bytes.", "At most 2,000,000 bytes.", "At most 1,000,500 bytes."),
            ("Since 2024-01-05 it is.", "Since 2025-01-05 it is.", "Since 2024-01-06 it is."),
            (
                "See /var/log/app/a.log there.",
                "See /opt/log/app/a.log there.",
                "See /var/log/app/b.log there.",
            ),
            ("As a.b.c is so.", "As x.b.c is so.", "As a.b.y is so."),
            ("Set max-open-files now.", "Set min-open-files now.", "Set max-open-sockets now."),
            ("监听127.0.0.1:80端口。", "监听10.0.0.1:80端口。", "监听127.0.0.1:81端口。"),
            ("Open a.b now.", "Open x.b now.", "Open a.b later."),
            ("Open it at b now.", "Open x at b now.", "Open it --at b now."),
        ] {
            assert_eq!(merge(base, ours, theirs), None, "{base}");
            assert_eq!(merge(base, theirs, ours), None, "{base}");
        }
        for (base, ours, theirs, wanted) in [
            (
                "On a.b:1 with c.d:2 it is.",
                "On x.b:1 with c.d:2 it is.",
                "On a.b:1 with c.d:3 it is.",
                "On x.b:1 with c.d:3 it is.",
            ),
            (
                "监听80端口，后退出。",
                "监听81端口，后退出。",
                "监听80端口，后停止。",
                "监听81端口，后停止。",
            ),
            ("It is a b now.", "It is b now.", "It is a b soon.", "It is b soon."),
        ] {
            assert_eq!(merge(base, ours, theirs).as_deref(), Some(wanted), "{base}");
            assert_eq!(merge(base, theirs, ours).as_deref(), Some(wanted), "{base}");
        }
    }

    /// Code is taken as one side wrote it. Each of these is merged where its code is prose.
    #[test]
    fn code_that_neither_side_wrote_is_none() {
        for (base, ours, theirs) in [
            (
                "Run `kubectl scale deploy web --replicas 3` now.",
                "Run `kubectl scale deploy api --replicas 3` now.",
                "Run `kubectl scale deploy web --replicas 0` now.",
            ),
            ("A ``b ` c d e`` f.", "A ``x ` c d e`` f.", "A ``b ` c d y`` f."),
            (
                "Do:\n```sh\ncd a\nmake b\n```\nThen wait.",
                "Do:\n```sh\ncd x\nmake b\n```\nThen wait.",
                "Do:\n```sh\ncd a\nmake y\n```\nThen wait.",
            ),
            ("So:\n    rm a in b c", "So:\n    rm x in b c", "So:\n    rm a in b y"),
            ("$ rm a in b c", "$ rm x in b c", "$ rm a in b y"),
            ("# rm a in b c", "# rm x in b c", "# rm a in b y"),
            ("> del a in b c", "> del x in b c", "> del a in b y"),
            ("PS C:\\> del a in b c", "PS C:\\> del x in b c", "PS C:\\> del a in b y"),
            ("So: sudo rm a in b c", "So: sudo rm x in b c", "So: sudo rm a in b y"),
            (
                "Then kubectl scale deploy web --replicas 3.",
                "Then kubectl scale deploy api --replicas 3.",
                "Then kubectl scale deploy web --replicas 0.",
            ),
            (
                "Run <code>rm a in b c</code>.",
                "Run <code>rm x in b c</code>.",
                "Run <code>rm a in b y</code>.",
            ),
            ("Says \"a is in b c\".", "Says \"x is in b c\".", "Says \"a is in b y\"."),
            ("Says 'a isn't in b c'.", "Says 'x isn't in b c'.", "Says 'a isn't in b y'."),
            ("Says “a is in b c”.", "Says “x is in b c”.", "Says “a is in b y”."),
            ("报「a is in b c」。", "报「x is in b c」。", "报「a is in b y」。"),
            ("```\nnever closed a\nin b", "```\nnever closed x\nin b", "```\nnever closed a\nin y"),
        ] {
            assert_eq!(merge(base, ours, theirs), None, "{base}");
            assert_eq!(merge(base, theirs, ours), None, "{base}");
            let marks = [
                "`",
                "$",
                "# ",
                "PS C:\\> ",
                "> ",
                "sudo ",
                "--",
                "\"",
                "'",
                "“",
                "”",
                "「",
                "」",
                "    ",
            ];
            let prose = |text: &str| {
                let text = ["<code>", "</code>"]
                    .iter()
                    .fold(text.to_owned(), |text, tag| text.replace(tag, ""));
                marks.iter().fold(text, |text, mark| text.replace(mark, ""))
            };
            let merged = merge(&prose(base), &prose(ours), &prose(theirs));
            assert!(merged.is_some(), "{base}");
        }
        let base = "Run `a --b` first, then `c --d` as root.";
        assert_eq!(
            merge(base, &base.replace("--b", "--x"), &base.replace("--d", "--y")).as_deref(),
            Some("Run `a --x` first, then `c --y` as root."),
            "each its own command"
        );
        assert_eq!(
            merge(base, &base.replace("--b", "--x"), &base.replace("as root", "as you")).as_deref(),
            Some("Run `a --x` first, then `c --d` as you.")
        );
    }

    proptest! {
        #[test]
        fn a_side_and_the_base_give_the_side(base in "[ab 中.`\n]{0,20}x", side in "[ab 中.`\n]{0,20}x") {
            prop_assert_eq!(merge(&base, &side, &base), Some(side.clone()));
            prop_assert_eq!(merge(&base, &base, &side), Some(side.clone()));
            prop_assert_eq!(merge(&base, &side, &side), Some(side));
        }

        #[test]
        fn both_sides_give_the_same_either_way(
            base in "([ab中]{1,2} ){0,12}", ours in "([ab中]{1,2} ){0,12}", theirs in "([ab中]{1,2} ){0,12}",
        ) {
            let merged = merge(&base, &ours, &theirs);
            prop_assert_eq!(&merged, &merge(&base, &theirs, &ours));
            if let Some(merged) = merged {
                prop_assert!(has(&base, &ours, &merged), "{}", merged);
                prop_assert!(has(&base, &theirs, &merged), "{}", merged);
            }
        }
    }
}
