//! An [`Entry`] as a page: Markdown, text or HTML. What `normalize` reads back.
//!
//! Markdown carries the whole entry; text and HTML carry what they show. All three have the same
//! sections under the same names, in the order of the public pages of such knowledge bases. Each is a
//! pure function of the entry; a text stands there as canonical JSON holds it.

use serde::Serialize;

use crate::canonical::canonical_text;
use crate::entry::{Entry, EntryId, Version};
use crate::{visible, web};

mod advice;
mod html;
mod markdown;
mod text;

pub use advice::Advice;
pub use html::{PairsPage, Side, SideBySide, changes_html, html, pairs_html};
pub use markdown::markdown;
pub use text::text;

/// A rate as people read it, such as `85.5%` for 0.855. The point moves in the shortest decimal that
/// stands for the number, so that moving it back gives the same number.
pub fn percent(rate: f64) -> String {
    let decimal = if rate == 0.0 { "0".to_owned() } else { rate.to_string() };
    let (sign, decimal) = match decimal.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", decimal.as_str()),
    };
    let (whole, fraction) = decimal.split_once('.').unwrap_or((decimal, ""));
    let fraction = format!("{fraction:0<2}");
    let (hundredths, rest) = fraction.split_at(2);
    let whole = format!("{whole}{hundredths}");
    let whole = match whole.trim_start_matches('0') {
        "" => "0",
        whole => whole,
    };
    let point = if rest.is_empty() { "" } else { "." };
    format!("{sign}{whole}{point}{rest}%")
}

/// A text without line breaks, for places that hold none.
fn one_line(text: &str) -> String {
    canonical_text(text).replace('\n', " ")
}

/// The word that stands for a value in JSON.
fn word(value: impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

/// The words at the head of a page: the error's code if it has one, domain, category, who has looked
/// at the entry, whether the error can be solved.
fn badges(entry: &Entry) -> Vec<String> {
    let code = entry.error_code.as_deref().unwrap_or_default();
    let words = [code, &entry.domain, &entry.category].map(one_line);
    words
        .into_iter()
        .chain([word(entry.verification_tier), word(entry.resolvable)])
        .filter(|word| !word.is_empty())
        .collect()
}

/// The figures of a page, each with its label.
fn figures(entry: &Entry) -> Vec<(String, &'static str)> {
    let mut figures = vec![
        (percent(entry.fix_success_rate), "Fix Rate"),
        (percent(entry.confidence), "Confidence"),
        (entry.evidence_count.to_string(), "Evidence"),
    ];
    figures.extend(entry.first_seen.map(|day| (day.to_string(), "First Seen")));
    figures
}

/// The figures that a page has beside those of a text page.
fn more_figures(entry: &Entry) -> Vec<(String, &'static str)> {
    let confirmed = entry.last_confirmed.map(|day| (day.to_string(), "Last Confirmed"));
    let updated = entry.last_updated.map(|day| (day.to_string(), "Last Updated"));
    confirmed.into_iter().chain(updated).collect()
}

/// The columns of the table of versions. `Removed` is not among them on most pages.
const COLUMNS: [&str; 6] = ["Version", "Status", "Introduced", "Deprecated", "Removed", "Notes"];

/// The table of versions, its head first. The column of removals is there where a version has one
/// and the form has room for it.
fn version_rows(entry: &Entry, may_have_removed: bool) -> Vec<Vec<String>> {
    let has_removed =
        may_have_removed && entry.versions.iter().any(|version| version.removed.is_some());
    let row = |cells: [String; 6]| {
        let [version, status, introduced, deprecated, removed, notes] = cells;
        let removed = has_removed.then_some(removed);
        let before = [version, status, introduced, deprecated];
        before.into_iter().chain(removed).chain([notes]).collect()
    };
    let text = |text: &Option<String>| canonical_text(text.as_deref().unwrap_or_default()).into();
    let cells = |version: &Version| {
        row([
            canonical_text(&version.version).into(),
            word(version.status),
            text(&version.introduced),
            text(&version.deprecated),
            text(&version.removed),
            text(&version.behavior_change),
        ])
    };
    let head = row(COLUMNS.map(str::to_owned));
    std::iter::once(head).chain(entry.versions.iter().map(cells)).collect()
}

/// A link to another entry, as a page shows it.
struct Link<'e> {
    /// What the other entry is to this one.
    relation: &'static str,
    id: &'e EntryId,
    /// What is said about it.
    note: String,
}

fn links(entry: &Entry) -> Vec<Link<'_>> {
    let graph = &entry.transition_graph;
    let transitions = [("LEADS_TO", &graph.leads_to), ("PRECEDED_BY", &graph.preceded_by)];
    let transitions = transitions.into_iter().flat_map(|(relation, edges)| {
        edges.iter().map(move |edge| {
            let condition = canonical_text(&edge.condition);
            let comma = if condition.is_empty() { "" } else { ", " };
            let note = format!("{}{comma}{condition}", percent(edge.probability));
            Link { relation, id: &edge.error_id, note }
        })
    });
    let confusions = graph.frequently_confused_with.iter().map(|edge| Link {
        relation: "CONFUSED_WITH",
        id: &edge.error_id,
        note: canonical_text(&edge.distinction).into_owned(),
    });
    transitions.chain(confusions).collect()
}

/// Whether an address may be a link: one that an entry may hold, and that ends where it seems to.
fn is_link(address: &str) -> bool {
    let breaks = |c: char| {
        c.is_whitespace() || visible::is_unsafe_to_show(c) || matches!(c, '<' | '>' | '\\' | '"')
    };
    !address.contains(breaks) && web::fault(address).is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentage_is_exact() {
        for (rate, shown) in [
            (0.0, "0%"),
            (-0.0, "0%"),
            (1.0, "100%"),
            (0.5, "50%"),
            (0.07, "7%"),
            (0.29, "29%"),
            (0.57, "57%"),
            (0.58, "58%"),
            (0.855, "85.5%"),
            (0.999, "99.9%"),
            (0.000_000_1, "0.00001%"),
            (1.0 / 3.0, "33.33333333333333%"),
            (12.0, "1200%"),
            (-0.125, "-12.5%"),
        ] {
            assert_eq!(percent(rate), shown, "{rate}");
        }
    }

    #[test]
    fn only_a_plain_web_address_is_a_link() {
        for address in ["https://example.org/a?b#c", "http://мвд.рф/", "https://example.org/@a/b"]
        {
            assert!(is_link(address), "{address}");
        }
        for address in [
            "javascript:alert(1)",
            "https://example.org/\u{202e}",
            "https://example.org/a b",
            "https://example.org/<b>",
            "http://localhost/",
            "https://example.org\\@127.0.0.1",
            "data:text/html,x",
            "",
        ] {
            assert!(!is_link(address), "{address}");
        }
    }
}
