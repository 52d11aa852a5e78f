//! Changes as a comment on a pull request: a line that sums up, a table of entries, the changes folded away.

use super::{diff_summary, fate_in_words, show};
use crate::comment::{Comment, code, prose};
use crate::diff::Side;
use crate::diff::bases::EntryDiff;

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
    let mut left = 0;
    for diff in order.iter().filter(|diff| !diff.changes.is_empty()) {
        if left > 0 || !page.push(&details(diff)) {
            left += 1;
        }
    }
    if left > 0 {
        page.force(&format!("\nThe changes of {left} more entries are left out here.\n"));
    }
    page.finish()
}

fn details(diff: &EntryDiff) -> String {
    let mut out = format!("\n<details>\n<summary>{}</summary>\n\n", code(&diff.id));
    for change in &diff.changes {
        let shown = show(change, diff);
        let spans: String = shown
            .spans
            .iter()
            .map(|span| match span.side {
                Side::Both => prose(&span.text.replace('`', "'")),
                Side::Old => format!("<del>{}</del>", code(&span.text)),
                Side::New => format!("<ins>{}</ins>", code(&span.text)),
            })
            .collect();
        out += &format!("- {} {}: {spans}\n", verb(shown.mark), code(&shown.place));
    }
    out + "\n</details>\n"
}

fn verb(mark: char) -> &'static str {
    match mark {
        '+' => "added",
        '-' => "removed",
        '>' => "moved",
        _ => "changed",
    }
}
