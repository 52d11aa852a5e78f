//! Changes as a comment on a pull request: a line that sums up, a table of entries, the changes folded away.

use super::{diff_summary, fate_in_words, is_blank, place};
use crate::comment::{Comment, code, literal_lines, prose};
use crate::diff::bases::EntryDiff;
use crate::diff::view::{Said, View, views};
use crate::diff::{Kind, Side};
use crate::visible;

/// The changes as Markdown, of 65,536 characters at most: what does not fit is counted.
pub fn diff_markdown(diffs: &[EntryDiff]) -> String {
    let mut page = Comment::default();
    page.push(&format!("**errlore diff**: {}\n", prose(&diff_summary(diffs))));
    if diffs.is_empty() {
        return page.finish();
    }
    // What should be looked at first.
    let mut order: Vec<&EntryDiff> = diffs.iter().collect();
    order.sort_by_key(|diff| std::cmp::Reverse(diff.facts.len()));
    let row = |diff: &&EntryDiff| {
        let facts: Vec<String> = diff.facts.iter().map(|fact| prose(&fact.message)).collect();
        let (id, fate) = (code(&diff.id), prose(&fate_in_words(diff)));
        format!("| {id} | {fate} | {} |\n", facts.join("<br>"))
    };
    page.table(
        "\n| entry | what | to look at |\n|---|---|---|\n",
        order.iter().map(row),
        "entries",
    );
    let changed = order.iter().filter(|diff| !diff.changes.is_empty());
    let mut left = 0;
    for diff in changed {
        if left > 0 || !details(diff, &mut page) {
            left += 1;
        }
    }
    if left > 0 {
        let entries = if left == 1 { "entry" } else { "entries" };
        page.force(&format!(
            "\nThere is no room here for all changes of {left} {entries}; `errlore diff` shows them.\n"
        ));
    }
    page.finish()
}

/// Adds what changed in an entry, folded away, up to what does not fit; whether all did.
fn details(diff: &EntryDiff, page: &mut Comment) -> bool {
    let head = format!("\n<details>\n<summary>{}</summary>\n\n", code(&diff.id));
    let views = views(diff);
    let mut items = views.iter().map(item);
    let first = items.next().unwrap_or_default();
    if !page.push(&(head + &first)) {
        return false;
    }
    let is_whole = items.all(|item| page.push(&item));
    page.force("\n</details>\n");
    is_whole
}

/// A change as an item of a list, with an item below it for each text that it has.
fn item(view: &View) -> String {
    let verb = match view.kind {
        Kind::Added => "added",
        Kind::Removed => "removed",
        Kind::Moved => "moved",
        Kind::Changed | Kind::Renamed => "changed",
    };
    let mut out = format!("- {verb} {}", whole(&place(view)));
    let note = view.note.as_ref().map(|note| format!(", {}", prose(note))).unwrap_or_default();
    match view.parts.as_slice() {
        [part] if part.name.is_empty() => out += &(labelled(&part.said, "  ", &note) + "\n"),
        parts => {
            out += &format!("{note}\n");
            for part in parts {
                let name = whole(&visible::name(&part.name));
                out += &format!("  - {name}{}\n", labelled(&part.said, "    ", ""));
            }
        }
    }
    out
}

/// A text behind its label, or, of several lines, below it and deep enough to be part of its item.
fn labelled(said: &Said, indent: &str, note: &str) -> String {
    let text = match said {
        Said::Whole(side, text) => marked(*side, text),
        Said::Instead(old, new) => {
            let (old, new) = (marked(Side::Old, old), marked(Side::New, new));
            return format!(": <code>{old}</code> -> <code>{new}</code>{note}");
        }
        Said::Words(spans) => {
            spans.iter().map(|span| marked(span.side, &span.text)).collect::<String>()
        }
    };
    if !text.contains('\n') {
        return format!(": <code>{text}</code>{note}");
    }
    let text = text.replace('\n', &format!("\n{indent}"));
    format!(":{note}\n{indent}<pre>{text}</pre>")
}

/// A text of one line as code, however long it is.
fn whole(text: &str) -> String {
    format!("<code>{}</code>", literal_lines(text))
}

/// A piece of a text, marked by its side. What is nothing but blanks is written in escapes.
fn marked(side: Side, text: &str) -> String {
    let text = match side {
        Side::Both => return literal_lines(text),
        _ if is_blank(text) => literal_lines(&visible::name(text)),
        _ => literal_lines(text),
    };
    let tag = if side == Side::Old { "del" } else { "ins" };
    format!("<{tag}>{text}</{tag}>")
}
