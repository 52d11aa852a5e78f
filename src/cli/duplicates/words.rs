//! What was found, for people: text for a terminal.

use std::collections::HashMap;

use errlore::duplicates::{Base, Contradiction, LeftOut, Pair, Standing, reasons};
use errlore::{Result, visible};
use rayon::prelude::*;

use super::Out;
use super::decide;
use super::found::{Found, REASONS};
use super::wrap::wrapped;

/// So many pairs are written at a time.
const AT_A_TIME: usize = 1000;
/// Of a pair in a list so many contradictions are shown.
pub(super) const MOST_CONTRADICTIONS: usize = 3;

/// Writes clusters, pairs, and how many there are of everything.
pub(super) fn write(found: &Found<'_>, out: &mut Out<'_>) -> Result<()> {
    let base = &found.known.base;
    let mut text = String::new();
    for (number, members) in (1..).zip(&found.clusters.clusters) {
        text += &format!("cluster {number}: {} entries\n", members.len());
        for entry in members {
            text += &wrapped("  ", &visible::name(base.id(*entry).as_str()));
        }
    }
    let mut is_above = !text.is_empty();
    out(&text)?;
    let (pairs, left_out) = of_clusters(found);
    let lists: [(&str, Vec<&Pair>); 5] = [
        ("pairs", pairs),
        ("variants in name only: no stated difference in environment", found.in_name_only.clone()),
        (
            "copied texts: cause and advice are the same word for word, under ids of their own",
            found.copies.clone(),
        ),
        ("decided, and changed since", found.outdated.clone()),
        (
            "contradicting each other, about the same message: which of them holds is still to be said",
            found.contradicting.clone(),
        ),
    ];
    for (title, pairs) in lists {
        if !pairs.is_empty() {
            let blank = if std::mem::replace(&mut is_above, true) { "\n" } else { "" };
            out(&format!("{blank}{}", wrapped("", title)))?;
        }
        for some in pairs.chunks(AT_A_TIME) {
            let in_words = |of: &&Pair| {
                let contradictions = contradictions(found.contradictions(of), MOST_CONTRADICTIONS);
                pair(base, of, REASONS) + &contradictions + &notes(&found.notes(of))
            };
            let text: Vec<String> = some.par_iter().map(in_words).collect();
            out(&text.concat())?;
        }
        if title == "pairs" && left_out > 0 {
            let text =
                format!("and {left_out} more within these clusters; `--all-pairs` lists all");
            out(&wrapped("", &text))?;
        }
    }
    out(&(if is_above { "\n" } else { "" }.to_owned() + &sums(found)))
}

/// The pairs that are told, and how many of those within clusters are not: once it is clear why entries
/// stand together, more pairs say the same again.
fn of_clusters<'k>(found: &Found<'k>) -> (Vec<&'k Pair>, usize) {
    /// Of a cluster so many pairs are told, what contradicts itself and is surest first.
    const MOST: usize = 10;
    if found.are_all {
        return (found.pairs.clone(), 0);
    }
    let mut cluster_of: HashMap<usize, usize> = HashMap::new();
    for (number, members) in found.clusters.clusters.iter().enumerate() {
        cluster_of.extend(members.iter().map(|entry| (*entry, number)));
    }
    let within = |pair: &Pair| {
        let clusters = [pair.a, pair.b].map(|entry| cluster_of.get(&entry));
        clusters[0].filter(|one| Some(*one) == clusters[1]).copied()
    };
    let mut first: Vec<&Pair> = found.pairs.clone();
    first.sort_by(|one, other| {
        let is_plain = |pair: &Pair| found.contradictions(pair).is_empty();
        let surest = other.probability.total_cmp(&one.probability);
        is_plain(one).cmp(&is_plain(other)).then(surest)
    });
    let mut counts = vec![0; found.clusters.clusters.len()];
    first.retain(|pair| {
        within(pair).is_none_or(|cluster| {
            counts[cluster] += 1;
            counts[cluster] <= MOST
        })
    });
    first.sort_by_key(|pair| (pair.a, pair.b));
    let left_out = found.pairs.len() - first.len();
    (first, left_out)
}

/// How many there are of everything, a line each.
pub(super) fn sums(found: &Found<'_>) -> String {
    counts(found).iter().map(|count| wrapped("", count)).collect()
}

/// How many there are of everything.
pub(super) fn counts(found: &Found<'_>) -> Vec<String> {
    let (clusters, bridges) = (found.clusters.clusters.len(), found.clusters.bridges.len());
    let entries: usize = found.clusters.clusters.iter().map(Vec::len).sum();
    let all = found.known.base.len();
    let all = if all == 1 { "1 entry".to_owned() } else { format!("{all} entries") };
    let mut out = vec![match clusters {
        0 => format!("{all}: no duplicates"),
        1 => format!("{all}: {entries} of them in 1 cluster of duplicates"),
        _ => format!("{all}: {entries} of them in {clusters} clusters of duplicates"),
    }];
    let LeftOut { decided, declared, to_merge, ignored } = found.left_out;
    for (count, one, many) in [
        (
            found.contradicting_pairs(),
            "pair with contradicting advice: find out which holds before it is merged",
            "pairs with contradicting advice: find out which holds before they are merged",
        ),
        (
            bridges,
            "pair stands between clusters that do not hold together",
            "pairs stand between clusters that do not hold together",
        ),
        (decided, "decided pair left out", "decided pairs left out"),
        (ignored, "pair ignored by the configuration", "pairs ignored by the configuration"),
        (
            declared,
            "pair left out of which one entry says how it is told from the other",
            "pairs left out of which one entry says how it is told from the other",
        ),
        (
            to_merge,
            "decided duplicate is still two entries",
            "decided duplicates are still two entries",
        ),
    ] {
        if count > 0 {
            out.push(format!("{count} {}", if count == 1 { one } else { many }));
        }
    }
    let base = &found.known.base;
    let blank = (0..base.len()).filter(|entry| base.says_nothing(*entry)).count();
    if blank > 0 {
        let entries = if blank == 1 { "entry has" } else { "entries have" };
        out.push(format!(
            "{blank} {entries} no words to compare: neither a message nor a cause nor advice"
        ));
    }
    if found.cut.blocks > 0 {
        out.push(format!(
            "{} sets of entries share something so common that only neighbours among them were compared: \
             {} pairs were left out",
            found.cut.blocks, found.cut.pairs
        ));
    }
    out
}

/// A pair and the strongest reasons.
pub(super) fn pair(base: &Base, pair: &Pair, most: usize) -> String {
    let label = pair.label.as_str();
    let mut out = format!("{:.0} % {label}\n", pair.probability * 100.0);
    for entry in [pair.a, pair.b] {
        out += &wrapped("  ", &visible::name(base.id(entry).as_str()));
    }
    out + &evidence(base, pair, most)
}

/// The strongest reasons of a pair.
pub(super) fn evidence(base: &Base, pair: &Pair, most: usize) -> String {
    let reasons = reasons(&pair.evidence(base.model()), most);
    let mut out = String::new();
    for (sign, reasons) in [("    + ", &reasons.for_it), ("    - ", &reasons.against)] {
        for reason in reasons {
            out += &wrapped(sign, reason);
        }
    }
    out
}

/// Contradictions, each with what stands at its places; what is left out is counted.
pub(super) fn contradictions(all: &[Contradiction], most: usize) -> String {
    let mut out = String::new();
    for contradiction in all.iter().take(most) {
        out += &wrapped("    ! ", &contradiction.in_words());
        for text in &contradiction.texts {
            out += &wrapped("        ", &visible::quote(text));
        }
    }
    if let Some(more) = all.len().checked_sub(most).filter(|more| *more > 0) {
        out += &wrapped("    ! ", &format!("{more} more; `--explain` tells all"));
    }
    out
}

/// Further notes about a pair.
pub(super) fn notes(notes: &[String]) -> String {
    notes.iter().map(|note| wrapped("    = ", note)).collect()
}

/// What is decided about a pair, and what has changed since.
pub(super) fn standing(base: &Base, pair: &Pair, standing: Standing<'_>) -> Vec<String> {
    match standing {
        Standing::Undecided => Vec::new(),
        Standing::Declared => vec!["one of them says how it is told from the other".to_owned()],
        Standing::Decided(decision) => vec![format!("decided {}", decide::in_words(decision))],
        Standing::Outdated(decision, changed) => {
            let id = |entry| visible::name(base.id(entry).as_str());
            let since = match (changed.a, changed.b) {
                (true, true) => "both have changed".to_owned(),
                (true, false) => format!("{} has changed", id(pair.a)),
                _ => format!("{} has changed", id(pair.b)),
            };
            vec![format!("decided {}", decide::in_words(decision)), format!("since then {since}")]
        }
    }
}
