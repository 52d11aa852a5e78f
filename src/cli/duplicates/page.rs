//! `duplicates --format html`: the pairs as a page for a browser.

use errlore::duplicates::{Pair, Standing, reasons};
use errlore::render::{PairsPage, Side, SideBySide, pairs_html};
use errlore::{Result, visible};

use super::super::print_exact;
use super::known::Known;
use super::{Found, LeftOut, decide};

/// More pairs are no page that anybody reads; the likeliest are shown.
const MOST_PAIRS: usize = 200;
/// More clusters neither.
const MOST_CLUSTERS: usize = 500;
/// For and against so many reasons are given.
const REASONS: usize = 4;

pub(super) fn print(known: &Known, found: &Found<'_>) -> Result<()> {
    let mut pairs: Vec<&Pair> = found.pairs.clone();
    let listed =
        |pair: &Pair| found.pairs.binary_search_by_key(&(pair.a, pair.b), |of| (of.a, of.b));
    // Where all pairs are listed these are among them.
    let more = found.in_name_only.iter().copied().chain(found.outdated);
    pairs.extend(more.filter(|pair| listed(pair).is_err()));
    pairs.sort_by(|one, two| {
        two.probability.total_cmp(&one.probability).then((one.a, one.b).cmp(&(two.a, two.b)))
    });
    let all = pairs.len();
    pairs.truncate(MOST_PAIRS);
    let clusters = &found.clusters.clusters;
    let side_by_side = |pair: &&Pair| side_by_side(known, found, pair);
    let page = PairsPage {
        clusters: clusters
            .iter()
            .take(MOST_CLUSTERS)
            .map(|members| members.iter().map(|entry| known.base.id(*entry).as_str()).collect())
            .collect(),
        pairs: pairs.iter().map(side_by_side).collect::<Result<_>>()?,
        notes: notes(found, all, clusters.len()),
    };
    print_exact(&pairs_html(&page))
}

/// The page of one pair.
pub(super) fn print_one(known: &Known, pair: &Pair, standing: Standing<'_>) -> Result<()> {
    let pair = one(known, pair, standing, usize::MAX)?;
    print_exact(&pairs_html(&PairsPage { pairs: vec![pair], ..PairsPage::default() }))
}

fn side_by_side(known: &Known, found: &Found<'_>, pair: &Pair) -> Result<SideBySide<'static>> {
    one(known, pair, found.standings.of(found.base, pair.a, pair.b), REASONS)
}

fn one(
    known: &Known,
    pair: &Pair,
    standing: Standing<'_>,
    most: usize,
) -> Result<SideBySide<'static>> {
    let decided = |decision| format!("decided {}", decide::in_words(decision));
    let notes = match standing {
        Standing::Undecided => Vec::new(),
        Standing::Declared => vec!["one of them says how it is told from the other".to_owned()],
        Standing::Decided(decision) => vec![decided(decision)],
        Standing::Outdated(decision, changed) => {
            let since = [(changed.a, pair.a), (changed.b, pair.b)]
                .into_iter()
                .filter(|(is_changed, _)| *is_changed)
                .map(|(_, entry)| {
                    format!(
                        "since then {} has changed",
                        visible::name(known.base.id(entry).as_str())
                    )
                });
            [decided(decision)].into_iter().chain(since).collect()
        }
    };
    Ok(SideBySide {
        sides: [Side::new(&known.entry(pair.a)?), Side::new(&known.entry(pair.b)?)],
        label: if pair.in_name_only { "variant in name only" } else { pair.label.as_str() },
        probability: pair.probability,
        reasons: reasons(&pair.evidence(known.base.model()), most),
        notes,
    })
}

/// What is not on the page.
fn notes(found: &Found<'_>, pairs: usize, clusters: usize) -> Vec<String> {
    let LeftOut { decided, declared, to_merge } = found.left_out;
    let (of_pairs, of_clusters) =
        (pairs.saturating_sub(MOST_PAIRS), clusters.saturating_sub(MOST_CLUSTERS));
    let counts = [
        (of_pairs, "less likely pairs are not on this page; `--format json` lists all"),
        (of_clusters, "more clusters are not on this page; `--format json` lists all"),
        (decided, "decided pairs left out"),
        (declared, "pairs left out of which one entry says how it is told from the other"),
        (to_merge, "decided duplicates are still two entries"),
    ];
    let some = |count: usize, what| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
    let (of, entries) = (found.base.len(), if found.base.len() == 1 { "entry" } else { "entries" });
    let all = format!("{of} {entries}: {}, {}", some(pairs, "pair"), some(clusters, "cluster"));
    let counts = counts.into_iter().filter(|(count, _)| *count > 0);
    [all].into_iter().chain(counts.map(|(count, what)| format!("{count} {what}"))).collect()
}
