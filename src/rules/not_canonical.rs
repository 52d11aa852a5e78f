//! The file is not in canonical form.
//!
//! # Why
//! One entry has one text, so that a change in git shows what changed and nothing else: two-space
//! indentation, the schema's key order, the shortest numbers, sorted tags. The fix keeps the meaning; of a
//! file with other faults that a rewrite could lose, and of one with texts that it would change, those come
//! first. A key that is left out where it would be empty is no fault; `errlore fmt` writes it.
//!
//! # Bad
//! ```text
//! {"regex": "no space left on (device|volume)", "id": "example/disk-full", "...": "..."}
//! ```
//!
//! # Good
//! ```json
//! {}
//! ```

use similar::{DiffTag, TextDiff};

use crate::canonical::{canonical, canonical_number};
use crate::diagnostic::{Edit, Level};
use crate::entry::{Role, Text};
use crate::format::{is_altered, only_leaves_out};
use crate::pointer::JsonPointer;
use crate::rule::{At, Check, DocumentContext, Findings, Group, Rule};
use crate::source::Span;
use crate::visible::{self, is_unsafe_to_show};

pub(super) static RULE: Rule = Rule {
    id: "not-canonical",
    group: Group::Form,
    level: Level::Warning,
    since: "0.1.0",
    source: include_str!("not_canonical.rs"),
    check: Check::Document(check),
};

fn check(cx: &DocumentContext<'_>, found: &mut Findings) {
    let document = cx.document;
    let Some(entry) = cx.entry.filter(|_| document.is_whole()) else { return };
    // Texts that canonical form would change have rules of their own, which know what it means.
    let changes = |text: &Text<'_>| {
        is_altered(text) || text.role != Role::Pattern && text.text.contains(is_hidden)
    };
    if cx.texts.iter().any(changes) {
        return;
    }
    let (text, wanted) = (document.source.text(), canonical(entry));
    if text == wanted || only_leaves_out(text, &wanted) {
        return;
    }
    if let Some((pointer, digits)) = &document.inexact {
        let kept = canonical_number(digits.parse().unwrap_or_default());
        let number = visible::quote(digits);
        let message = format!("the file is not in canonical form: {number} would become `{kept}`");
        let is_own = pointer.steps().any(|step| step.starts_with("x-"));
        let help = if is_own {
            format!("write it as a string, which keeps all digits, or as `{kept}`")
        } else {
            format!("write `{kept}`, if that is what it means")
        };
        found.add(pointer.clone(), message).help(help);
        return;
    }
    let same = text.bytes().zip(wanted.bytes()).take_while(|(own, other)| own == other).count();
    let start = text.floor_char_boundary(same.min(text.len().saturating_sub(1)));
    let first = text[..start].rfind('\n').map_or(0, |at| at + 1);
    let start = first + text[first..].len() - text[first..].trim_start_matches([' ', '\t']).len();
    let line_end = text[start..].find('\n').map_or(text.len(), |at| start + at);
    let line_start = wanted[..wanted.floor_char_boundary(same)].rfind('\n').map_or(0, |at| at + 1);
    let line = wanted[line_start..].lines().next().unwrap_or_default().trim();
    let label = if same >= wanted.len() || line.is_empty() {
        "nothing follows here".to_owned()
    } else {
        format!("canonical: {}", visible::quote(line))
    };
    let at = At::Text(JsonPointer::root(), Span::new(start.min(line_end), line_end));
    let finding = found.add(at, "the file is not in canonical form").label(label);
    finding
        .help("`errlore check --fix` rewrites it")
        .rewrite(edits(text, &wanted), "rewrite the file in canonical form");
}

/// What canonical form writes as an escape, line breaks and tabs apart.
fn is_hidden(c: char) -> bool {
    is_unsafe_to_show(c) && c != '\n' && c != '\t'
}

/// The lines that differ, as edits: small ones live side by side with other fixes of the same file.
fn edits(text: &str, wanted: &str) -> Vec<Edit> {
    let diff = TextDiff::from_lines(text, wanted);
    let (old, new) = (starts(diff.iter_old_slices()), starts(diff.iter_new_slices()));
    let changed = diff.ops().iter().filter(|op| op.tag() != DiffTag::Equal);
    changed
        .map(|op| {
            let (from, to) = (op.old_range(), op.new_range());
            let span = Span::new(old[from.start], old[from.end]);
            Edit { span, text: wanted[new[to.start]..new[to.end]].to_owned() }
        })
        .collect()
}

/// Where each line begins, and where the text ends.
fn starts<'l>(lines: impl Iterator<Item = &'l str>) -> Vec<usize> {
    let ends = lines.scan(0, |at, line| {
        *at += line.len();
        Some(*at)
    });
    std::iter::once(0).chain(ends).collect()
}
