//! The parts of a pattern between its gaps, found in a message in another order.

use std::ops::Range;

use super::align::{Aligner, Allowed};
use super::mend::GAP;
use super::pieces::Piece;

/// A pattern whose parts stand in the order of a message.
pub(super) struct Reordered {
    /// The pattern: the parts, with gaps between them.
    pub(super) pattern: String,
    /// Where the parts stand in the pattern, all together.
    pub(super) span: Range<usize>,
    /// Where they stand in the message: places between characters.
    pub(super) at: Range<usize>,
}

/// Looks for the parts of one alternative of a pattern in a message, each by itself.
pub(super) fn reorder(
    pattern: &str,
    row: &[Piece],
    chars: &[char],
    ends: (bool, bool),
    fuel: &mut u64,
) -> Option<Reordered> {
    /// More parts are no message that somebody turned round.
    const MOST: usize = 6;
    let parts: Vec<&[Piece]> = row.split(Piece::is_gap).filter(|part| !part.is_empty()).collect();
    if !(2..=MOST).contains(&parts.len()) {
        return None;
    }
    let mut found: Vec<(Range<usize>, Range<usize>)> = Vec::new();
    for part in parts {
        // A part that spells nothing out is nowhere in particular.
        if part.iter().map(Piece::literals).sum::<u32>() < 2 {
            return None;
        }
        let mut aligner = Aligner::new(pattern, chars, ends, Allowed::NONE, *fuel);
        let from = aligner.anywhere();
        let ways = aligner.row(part, from);
        *fuel = aligner.fuel();
        let place = ways.iter().enumerate().find_map(|(end, way)| {
            let place = way.start as usize..end;
            let is_free =
                found.iter().all(|(other, _)| other.end <= place.start || place.end <= other.start);
            (way.is_there() && is_free).then_some(place)
        })?;
        found.push((place, part[0].span.start..part[part.len() - 1].span.end));
    }
    let span = found[0].1.start..found[found.len() - 1].1.end;
    if found.is_sorted_by_key(|(place, _)| place.start) {
        return None;
    }
    found.sort_by_key(|(place, _)| place.start);
    let texts: Vec<&str> = found.iter().filter_map(|(_, span)| pattern.get(span.clone())).collect();
    let at = found[0].0.start..found[found.len() - 1].0.end;
    let gap = if chars[at.clone()].contains(&'\n') { r"[\s\S]{0,200}" } else { GAP };
    Some(Reordered { pattern: texts.join(gap), span, at })
}
