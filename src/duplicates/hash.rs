//! Hashes that are the same on every machine and in every run, and sketches made of them.

use std::hash::{BuildHasherDefault, Hasher};

/// A 64-bit hash of bytes: FNV-1a (Fowler, Noll and Vo), its bits mixed as in `SplitMix64` (Steele, Lea
/// and Flood 2014).
pub(super) fn hash(bytes: &[u8]) -> u64 {
    let fnv = bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3)
    });
    mix(fnv)
}

/// Spreads a difference in any bit over all bits; different numbers stay different.
pub(super) fn mix(number: u64) -> u64 {
    let number = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

/// A term: 32 bits of the hash of a word. Of a hundred thousand words about one pair shares its bits.
pub(super) type Term = u32;

/// The term of a word.
pub(super) fn term(word: &str) -> Term {
    (hash(word.as_bytes()) >> 32) as Term
}

/// `MinHash` bands of a set of terms (Broder 1997): each band is the hash of `rows` minima, so that two
/// sets of similarity s share a band with probability s^rows. An empty set has none.
pub(super) fn bands(set: &[Term], bands: u64, rows: u64) -> impl Iterator<Item = u64> {
    let count = if set.is_empty() { 0 } else { bands };
    (0..count).map(move |band| {
        (0..rows).fold(band, |all, row| {
            let seed = mix(band * rows + row);
            let least = set.iter().map(|term| mix(u64::from(*term) ^ seed)).min();
            mix(all ^ least.unwrap_or_default())
        })
    })
}

/// For maps whose keys are hashes.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Hashed(u64);

impl Hasher for Hashed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 ^= hash(bytes);
    }

    fn write_u32(&mut self, number: u32) {
        self.0 = u64::from(number).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}

/// A map whose keys are hashes.
pub(super) type HashedMap<K, V> = std::collections::HashMap<K, V, BuildHasherDefault<Hashed>>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_those_of_every_machine() {
        assert_eq!(hash(b""), mix(0xcbf2_9ce4_8422_2325));
        // The first output of SplitMix64 from the seed 0, as its authors print it.
        assert_eq!(mix(0), 0xe220_a839_7b1d_cdaf);
    }

    #[test]
    fn bands_meet_as_often_as_the_sets_are_alike() {
        let set = |from: u32, to: u32| (from..to).map(|n| term(&n.to_string())).collect::<Vec<_>>();
        let (a, b) = (set(0, 90), set(10, 100));
        let same = bands(&a, 1000, 1).zip(bands(&b, 1000, 1)).filter(|(a, b)| a == b).count();
        // 80 of 100 in common: 800 of 1,000, give or take four standard deviations.
        assert!((750..=850).contains(&same), "{same}");
        assert_eq!(bands(&[], 8, 2).count(), 0);
    }
}
