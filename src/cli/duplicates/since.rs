//! `duplicates --since`: what new and changed entries look like, from their side.

use std::collections::BTreeMap;

use errlore::duplicates::{Label, Pair, reasons};
use errlore::{Result, visible};

use super::super::print;
use super::known::Known;
use super::{Found, standing_in_words, wrapped};

/// For and against so many reasons are given.
const REASONS: usize = 3;

/// Writes the pairs by the entry that is new or has changed, the likeliest other first. A pair of two such
/// entries is written once, under the new one.
pub(super) fn print_words(found: &Found<'_>, known: &Known) -> Result<()> {
    let mut of_entry: BTreeMap<(&str, usize), (bool, Vec<&Pair>)> = BTreeMap::new();
    let outdated = found.outdated.iter();
    let lists = found.pairs.iter().chain(&found.in_name_only).copied().chain(outdated);
    for pair in lists {
        let scopes = [pair.a, pair.b]
            .map(|entry| known.in_scope(entry).map(|(name, is_new)| (name, entry, is_new)));
        let of = match scopes {
            [Some(one), Some(other)] if other.2 && !one.2 => Some(other),
            [Some(one), _] => Some(one),
            [None, other] => other,
        };
        if let Some((name, entry, is_new)) = of {
            let (_, pairs) = of_entry.entry((name, entry)).or_insert((is_new, Vec::new()));
            // What is listed whatever it is may be a variant in name only as well.
            if !pairs.iter().any(|known| (known.a, known.b) == (pair.a, pair.b)) {
                pairs.push(pair);
            }
        }
    }
    let mut is_first = true;
    for ((name, entry), (is_new, mut pairs)) in of_entry {
        pairs.sort_by(|one, two| two.probability.total_cmp(&one.probability));
        let name = visible::name(name);
        let mut out = String::new();
        for pair in pairs {
            out += if std::mem::take(&mut is_first) { "" } else { "\n" };
            let other = if pair.a == entry { pair.b } else { pair.a };
            let id = visible::name(found.base.id(other).as_str());
            let (age, percent) = (if is_new { "new" } else { "changed" }, pair.probability * 100.0);
            let how = match pair.label {
                Label::Duplicate => "looks like",
                _ => "may be confused with",
            };
            let label =
                if pair.in_name_only { "variant in name only" } else { pair.label.as_str() };
            out += &wrapped("", &format!("{name} ({age}) {how} `{id}`: {percent:.0} % {label}"));
            let reasons = reasons(&pair.evidence(found.base.model()), REASONS);
            for (sign, reasons) in [("    + ", &reasons.for_it), ("    - ", &reasons.against)] {
                for reason in reasons {
                    out += &wrapped(sign, reason);
                }
            }
            let standing = found.standings.of(found.base, pair.a, pair.b);
            out += &standing_in_words(found.base, pair, standing);
        }
        print(&out)?;
    }
    found.print_sums(!is_first)
}
