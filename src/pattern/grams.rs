//! Where in a text one of many literals may stand: at each place that holds a few bytes that are rare in
//! all of them.
//!
//! Of each literal one run of four bytes, its gram, is looked for, after the method of Wu and Manber, "A Fast
//! Algorithm for Multi-Pattern Searching" (1994), but for the shifts, which thousands of literals leave
//! no room for: a bit for each hash tells nearly every place of a text in about a nanosecond that nothing
//! is there. An automaton of the same literals takes five to ten times as long.

use std::collections::HashMap;

/// The length of a gram, in bytes.
const GRAM: usize = 4;
/// The length of a gram of a literal that is shorter than that.
const SHORT: usize = 2;

/// Literals by their grams.
#[derive(Debug)]
pub(super) struct Grams {
    long: Table,
    short: Table,
}

impl Grams {
    /// Literals of two bytes at least, each with the number under which it is given back.
    pub(super) fn new(literals: &[(u32, &[u8])]) -> Self {
        let (short, long): (Vec<_>, Vec<_>) =
            literals.iter().copied().partition(|(_, literal)| literal.len() < GRAM);
        Self { long: Table::new(&long, GRAM), short: Table::new(&short, SHORT) }
    }

    /// Gives each literal whose gram stands in a text, with the place at which the literal would start, as
    /// often as that is so.
    pub(super) fn each(&self, text: &[u8], mut found: impl FnMut(u32, usize)) {
        if !self.long.is_empty() {
            for (at, gram) in text.windows(GRAM).enumerate() {
                let gram = u32::from_le_bytes([gram[0], gram[1], gram[2], gram[3]]);
                self.long.each(gram, at, &mut found);
            }
        }
        if !self.short.is_empty() {
            for (at, gram) in text.windows(SHORT).enumerate() {
                let gram = u32::from_le_bytes([gram[0], gram[1], 0, 0]);
                self.short.each(gram, at, &mut found);
            }
        }
    }
}

/// The literal that a gram belongs to, and where in it the gram stands.
#[derive(Clone, Copy, Debug)]
struct Owner {
    literal: u32,
    offset: u32,
}

/// A hash table of grams that is asked for what it does not hold nearly always.
#[derive(Debug)]
struct Table {
    /// A bit for each of some hashes: whether a gram has it.
    bits: Vec<u64>,
    /// How far a hash is shifted to be the number of a bit, and of a slot.
    bit_shift: u32,
    slot_shift: u32,
    /// Grams, each with the first and the last but one of its owners, at the place of its hash or the next
    /// that was free; no owners in a slot that is free.
    slots: Vec<(u32, u32, u32)>,
    owners: Vec<Owner>,
}

impl Table {
    fn new(literals: &[(u32, &[u8])], length: usize) -> Self {
        let mut counts: HashMap<u32, u32> = HashMap::new();
        for (_, literal) in literals {
            for gram in literal.windows(length) {
                *counts.entry(number(gram)).or_default() += 1;
            }
        }
        let mut owners: Vec<(u32, Owner)> = literals
            .iter()
            .filter_map(|(number_of, literal)| {
                let rarity = |gram: &[u8]| (counts[&number(gram)], commonness(gram));
                let (offset, gram) =
                    literal.windows(length).enumerate().min_by_key(|(_, gram)| rarity(gram))?;
                let offset = u32::try_from(offset).ok()?;
                Some((number(gram), Owner { literal: *number_of, offset }))
            })
            .collect();
        owners.sort_unstable_by_key(|(gram, owner)| (*gram, owner.literal));
        let size = owners.len().max(1).next_power_of_two();
        // Of sixteen to thirty-two bits one is set; of two to four slots one is taken.
        let (bits, slots) = ((size * 32).max(64), size * 4);
        let shift = |count: usize| u32::BITS - count.trailing_zeros().min(u32::BITS - 1);
        let mut table = Self {
            bits: vec![0; bits / 64],
            bit_shift: shift(bits),
            slot_shift: shift(slots),
            slots: vec![(0, 0, 0); slots],
            owners: owners.iter().map(|(_, owner)| *owner).collect(),
        };
        let mut first = 0;
        for group in owners.chunk_by(|a, b| a.0 == b.0) {
            let end = first + u32::try_from(group.len()).unwrap_or_default();
            table.insert(group[0].0, first, end);
            first = end;
        }
        table
    }

    fn is_empty(&self) -> bool {
        self.owners.is_empty()
    }

    fn insert(&mut self, gram: u32, first: u32, end: u32) {
        let hash = hash(gram);
        let bit = (hash >> self.bit_shift) as usize;
        self.bits[bit / 64] |= 1 << (bit % 64);
        let mut slot = (hash >> self.slot_shift) as usize;
        while self.slots[slot].2 > 0 {
            slot = (slot + 1) % self.slots.len();
        }
        self.slots[slot] = (gram, first, end);
    }

    #[inline]
    fn each(&self, gram: u32, at: usize, found: &mut impl FnMut(u32, usize)) {
        let hash = hash(gram);
        let bit = (hash >> self.bit_shift) as usize;
        if self.bits[bit / 64] >> (bit % 64) & 1 == 1 {
            self.each_owner(gram, hash, at, found);
        }
    }

    fn each_owner(&self, gram: u32, hash: u32, at: usize, found: &mut impl FnMut(u32, usize)) {
        let mut slot = (hash >> self.slot_shift) as usize;
        loop {
            let (of, first, end) = self.slots[slot];
            if end == 0 {
                return;
            }
            if of == gram {
                for owner in &self.owners[first as usize..end as usize] {
                    if let Some(start) = at.checked_sub(owner.offset as usize) {
                        found(owner.literal, start);
                    }
                }
                return;
            }
            slot = (slot + 1) % self.slots.len();
        }
    }
}

fn number(gram: &[u8]) -> u32 {
    gram.iter().rev().fold(0, |number, byte| number << 8 | u32::from(*byte))
}

/// Knuth's multiplicative hash (The Art of Computer Programming, vol. 3, 6.4); its high bits are good.
#[inline]
fn hash(gram: u32) -> u32 {
    gram.wrapping_mul(0x9e37_79b1)
}

/// Of grams that are as rare in literals, the one is better that is rarer in what logs are made of: digits,
/// blanks and the commonest letters.
fn commonness(gram: &[u8]) -> u32 {
    let of = |byte: &u8| match byte {
        b'0'..=b'9' | b' ' => 4,
        b'e' | b't' | b'a' | b'i' | b'n' | b'o' | b's' | b'r' => 3,
        b'a'..=b'z' => 2,
        _ => 1,
    };
    gram.iter().map(of).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every literal is given wherever it stands, whatever else is given.
    #[test]
    fn no_literal_is_missed() {
        let literals =
            ["no space", "space", "ab", "aab", "存", "空间不足", "aaaaa", "e left", "no space l"];
        let numbered: Vec<(u32, &[u8])> =
            (0..).zip(literals.iter().map(|text| text.as_bytes())).collect();
        let grams = Grams::new(&numbered);
        for text in [
            "no space left",
            "aaaaaaab",
            "磁盘空间不足",
            "x",
            "",
            "存",
            "spac",
            "no space no space l",
        ] {
            let mut found = Vec::new();
            grams.each(text.as_bytes(), |literal, start| {
                if text.as_bytes()[start..].starts_with(literals[literal as usize].as_bytes()) {
                    found.push((start, literal));
                }
            });
            found.sort_unstable();
            let mut expected: Vec<(usize, u32)> = Vec::new();
            for (number, literal) in (0..).zip(literals) {
                let places = (0..text.len())
                    .filter(|at| text.as_bytes()[*at..].starts_with(literal.as_bytes()));
                expected.extend(places.map(|at| (at, number)));
            }
            expected.sort_unstable();
            assert_eq!(found, expected, "{text}");
        }
    }
}
