//! What was found as Markdown, for a comment on a pull request.

use errlore::Result;
use errlore::comment::{Comment, code, prose};
use errlore::duplicates::{Label, Pair, reasons};

use super::Out;
use super::found::{Found, REASONS, label};
use super::since::{MOST, OfEntry, by_entry, how};
use super::words::counts;

/// A row: what is told of, what it is like, and the pair.
struct Row<'k> {
    left: String,
    right: usize,
    pair: &'k Pair,
}

/// Writes a comment: the pairs as a table, from the side of new and changed entries where `is_since`, and
/// the reasons folded away.
pub(super) fn write(found: &Found<'_>, is_since: bool, out: &mut Out<'_>) -> Result<()> {
    let base = &found.known.base;
    let mut rows: Vec<Row<'_>> = Vec::new();
    let mut left_out = 0;
    if is_since {
        for OfEntry { file, is_new, pairs } in by_entry(found) {
            let age = if is_new { "new" } else { "changed" };
            left_out += pairs.len().saturating_sub(MOST);
            for (other, pair) in pairs.into_iter().take(MOST) {
                rows.push(Row { left: format!("{} ({age})", code(file)), right: other, pair });
            }
        }
    } else {
        for pair in found.surest_first() {
            rows.push(Row { left: code(base.id(pair.a).as_str()), right: pair.b, pair });
        }
    }
    let mut page = Comment::default();
    page.push("**errlore duplicates**\n");
    if let Some(first) = rows.iter().find(|row| row.pair.label == Label::Duplicate) {
        let other = code(base.id(first.right).as_str());
        page.push(&format!("\n{} {} {other}.\n", first.left, how(first.pair)));
    }
    if !rows.is_empty() {
        let row = |row: &Row<'_>| {
            let contradictions = match found.contradictions(row.pair).len() {
                0 => String::new(),
                some => format!("**{some}**"),
            };
            format!(
                "| {} | {} {} | {:.0} % {} | {contradictions} |\n",
                row.left,
                how(row.pair),
                code(base.id(row.right).as_str()),
                row.pair.probability * 100.0,
                label(row.pair),
            )
        };
        let head = "\n| entry | other entry | probability | contradictions |\n|---|---|---|--:|\n";
        page.table(head, rows.iter().map(row), "pairs");
        details(found, &rows, &mut page);
    }
    let mut counts: Vec<String> = counts(found).iter().map(|count| prose(count)).collect();
    if left_out > 0 {
        counts.insert(0, format!("{left_out} less likely entries are left out here"));
    }
    page.force(&format!("\n{}.\n", counts.join("; ")));
    out(&page.finish())
}

/// The reasons and the contradictions of the pairs, folded away.
fn details(found: &Found<'_>, rows: &[Row<'_>], page: &mut Comment) {
    if !page.push("\n<details>\n<summary>The reasons</summary>\n") {
        return;
    }
    let mut left = 0;
    for row in rows {
        if left > 0 || !page.push(&block(found, row)) {
            left += 1;
        }
    }
    if left > 0 {
        page.force(&format!("\nThe reasons of {left} more pairs are left out here.\n"));
    }
    page.force("\n</details>\n");
}

/// What there is to say of one pair.
fn block(found: &Found<'_>, row: &Row<'_>) -> String {
    let base = &found.known.base;
    let other = code(base.id(row.right).as_str());
    let mut out = format!("\n**{} and {other}**\n\n", row.left);
    let reasons = reasons(&row.pair.evidence(base.model()), REASONS);
    for (word, reasons) in [("for", &reasons.for_it), ("against", &reasons.against)] {
        for reason in reasons {
            out += &format!("- {word}: {}\n", prose(reason));
        }
    }
    for contradiction in found.contradictions(row.pair) {
        let [a, b] = [0, 1].map(|side| code(&contradiction.texts[side]));
        let ids = [row.pair.a, row.pair.b].map(|entry| code(base.id(entry).as_str()));
        let said = prose(&contradiction.in_words());
        out += &format!("- **contradiction**: {said}: {} says {a}, {} says {b}\n", ids[0], ids[1]);
    }
    for note in found.notes(row.pair) {
        out += &format!("- {}\n", prose(&note));
    }
    out
}
