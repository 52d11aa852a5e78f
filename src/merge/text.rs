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

/// The text with the changes of both sides; `None` where they touch: no word between two changes is as it
/// was, or both change the same words to others. `None` as well where there is code in it that neither side wrote.
pub(super) fn merge(base: &str, ours: &str, theirs: &str) -> Option<String> {
    let (of_ours, of_theirs) = (hunks(base, ours), hunks(base, theirs));
    let (mut left, mut right) = (of_ours.iter().peekable(), of_theirs.iter().peekable());
    let is_apart = |first: &Hunk, second: &Hunk| {
        base.get(first.range.end..second.range.start)
            .is_some_and(|between| between.contains(char::is_alphanumeric))
    };
    let mut out = String::with_capacity(base.len());
    let mut at = 0;
    loop {
        let next = match (left.peek(), right.peek()) {
            (Some(a), Some(b)) if a == b => {
                right.next();
                left.next()
            }
            (Some(a), Some(b)) if is_apart(a, b) => left.next(),
            (Some(a), Some(b)) if is_apart(b, a) => right.next(),
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

/// The pieces of code in a text: what stands between backticks, fenced blocks, lines that are indented or have a prompt.
fn code(text: &str) -> Vec<&str> {
    let (mut found, mut prose) = (Vec::new(), Vec::new());
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
                None if ["    ", "\t", "$ "].iter().any(|begin| line.starts_with(begin)) => {
                    found.push(line);
                }
                None => prose.push(start..at),
            },
        }
    }
    if let Some((open, _)) = fence {
        found.push(&text[open..]);
    }
    found.extend(spans(text, &prose));
    found
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

    /// Code is taken as one side wrote it. Each of these is merged where its code is prose.
    #[test]
    fn code_that_neither_side_wrote_is_none() {
        for (base, ours, theirs) in [
            (
                "Run `kubectl scale deploy web --replicas=3` now.",
                "Run `kubectl scale deploy api --replicas=3` now.",
                "Run `kubectl scale deploy web --replicas=0` now.",
            ),
            ("A ``b ` c d e`` f.", "A ``x ` c d e`` f.", "A ``b ` c d y`` f."),
            (
                "Do:\n```sh\ncd a\nmake b\n```\nThen wait.",
                "Do:\n```sh\ncd x\nmake b\n```\nThen wait.",
                "Do:\n```sh\ncd a\nmake y\n```\nThen wait.",
            ),
            ("So:\n    rm -r a in b c", "So:\n    rm -r x in b c", "So:\n    rm -r a in b y"),
            ("$ rm -r a in b c", "$ rm -r x in b c", "$ rm -r a in b y"),
            ("```\nnever closed a\nin b", "```\nnever closed x\nin b", "```\nnever closed a\nin y"),
        ] {
            assert_eq!(merge(base, ours, theirs), None, "{base}");
            assert_eq!(merge(base, theirs, ours), None, "{base}");
            let prose = |text: &str| text.replace(['`', '$'], "").replace("    ", "");
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
