//! `duplicates --since`: what new and changed entries look like, from their side.

use std::collections::BTreeMap;

use errlore::duplicates::{Label, Pair};
use errlore::{Result, visible};

use super::Out;
use super::found::{Found, REASONS, label, sides};
use super::words::{MOST_CONTRADICTIONS, contradictions, evidence, notes, sums};
use super::wrap::wrapped;

/// Of an entry so many others are told.
pub(super) const MOST: usize = 5;

/// An entry that is new or has changed, and the pairs that are told from its side.
pub(super) struct OfEntry<'k> {
    pub(super) file: &'k str,
    pub(super) is_new: bool,
    /// The others and the pairs, the likeliest first.
    pub(super) pairs: Vec<(usize, &'k Pair)>,
}

/// All that is listed by the entry that is new or has changed, sorted by their files. A pair of two such
/// entries is there once, under the new one.
pub(super) fn by_entry<'k>(found: &Found<'k>) -> Vec<OfEntry<'k>> {
    let mut of_entry: BTreeMap<(&str, usize), OfEntry<'k>> = BTreeMap::new();
    for pair in found.surest_first() {
        let (entry, other) = sides(found.known, pair);
        if let Some((file, is_new)) = found.known.in_scope(entry) {
            let of = of_entry.entry((file, entry));
            let of = of.or_insert_with(|| OfEntry { file, is_new, pairs: Vec::new() });
            of.pairs.push((other, pair));
        }
    }
    of_entry.into_values().collect()
}

/// How an entry stands to another, in words.
pub(super) fn how(pair: &Pair) -> &'static str {
    match pair.label {
        Label::Duplicate => "looks like",
        _ => "may be confused with",
    }
}

/// Writes the pairs by the entry that is new or has changed.
pub(super) fn write(found: &Found<'_>, out: &mut Out<'_>) -> Result<()> {
    let base = &found.known.base;
    let mut is_first = true;
    for OfEntry { file, is_new, pairs } in by_entry(found) {
        let (file, age) = (visible::name(file), if is_new { "new" } else { "changed" });
        let mut text = String::new();
        let left_out = pairs.len().saturating_sub(MOST);
        for (other, pair) in pairs.into_iter().take(MOST) {
            text += if std::mem::take(&mut is_first) { "" } else { "\n" };
            let id = visible::name(base.id(other).as_str());
            let (how, percent, label) = (how(pair), pair.probability * 100.0, label(pair));
            text += &wrapped("", &format!("{file} ({age}) {how} `{id}`: {percent:.0} % {label}"));
            text += &evidence(base, pair, REASONS);
            text += &contradictions(found.contradictions(pair), MOST_CONTRADICTIONS);
            text += &notes(&found.notes(pair));
        }
        if left_out > 0 {
            text += &wrapped("", &format!("and {left_out} more; `--format json` lists all"));
        }
        out(&text)?;
    }
    out(&(if is_first { "" } else { "\n" }.to_owned() + &sums(found)))
}
