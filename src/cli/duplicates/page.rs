//! `duplicates --format html`: the pairs as a page for a browser.

use errlore::Result;
use errlore::duplicates::{Contradiction, Pair, reasons};
use errlore::render::{PairsPage, Side, SideBySide, pairs_html};

use super::super::print_exact;
use super::Out;
use super::found::{Found, REASONS, label};
use super::known::Known;
use super::words::counts;

/// More pairs are no page that anybody reads; the likeliest are shown.
const MOST_PAIRS: usize = 200;
/// More clusters neither.
const MOST_CLUSTERS: usize = 500;

/// Writes the page.
pub(super) fn write(found: &Found<'_>, out: &mut Out<'_>) -> Result<()> {
    let known = found.known;
    let mut pairs = found.surest_first();
    let all = pairs.len();
    pairs.truncate(MOST_PAIRS);
    let clusters = &found.clusters.clusters;
    let side_by_side = |pair: &&Pair| {
        let contradictions = found.contradictions(pair).to_owned();
        side_by_side(known, pair, contradictions, found.notes(pair), REASONS)
    };
    let page = PairsPage {
        clusters: clusters
            .iter()
            .take(MOST_CLUSTERS)
            .map(|members| members.iter().map(|entry| known.base.id(*entry).as_str()).collect())
            .collect(),
        pairs: pairs.iter().map(side_by_side).collect::<Result<_>>()?,
        notes: notes(found, all, clusters.len()),
    };
    out(&pairs_html(&page))
}

/// The page of one pair.
pub(super) fn print_one(
    known: &Known,
    pair: &Pair,
    contradictions: Vec<Contradiction>,
    notes: Vec<String>,
) -> Result<()> {
    let pair = side_by_side(known, pair, contradictions, notes, usize::MAX)?;
    print_exact(&pairs_html(&PairsPage { pairs: vec![pair], ..PairsPage::default() }))
}

fn side_by_side(
    known: &Known,
    pair: &Pair,
    contradictions: Vec<Contradiction>,
    notes: Vec<String>,
    most: usize,
) -> Result<SideBySide<'static>> {
    Ok(SideBySide {
        sides: Side::both(&known.entry(pair.a)?, &known.entry(pair.b)?),
        label: label(pair),
        probability: pair.probability,
        reasons: reasons(&pair.evidence(known.base.model()), most),
        contradictions,
        notes,
    })
}

/// How many there are of everything, and what is not on the page.
fn notes(found: &Found<'_>, pairs: usize, clusters: usize) -> Vec<String> {
    let (of_pairs, of_clusters) =
        (pairs.saturating_sub(MOST_PAIRS), clusters.saturating_sub(MOST_CLUSTERS));
    let left = [
        (of_pairs, "less likely pairs are not on this page; `--format json` lists all"),
        (of_clusters, "more clusters are not on this page; `--format json` lists all"),
    ];
    let left = left.into_iter().filter(|(count, _)| *count > 0);
    counts(found).into_iter().chain(left.map(|(count, what)| format!("{count} {what}"))).collect()
}
