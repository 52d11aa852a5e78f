//! Sets of characters, as a bit for each of ASCII and ranges above, and the character of a set that a
//! person would like best to read. A line holds no line feed, so no set does.

use regex_syntax::hir::ClassUnicode;

/// What an unusual character in a witness costs; ordinary ones of ASCII cost nothing.
pub(in crate::pattern) type Penalty = u64;

/// A set of characters of a line.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(in crate::pattern) struct CharSet {
    ascii: u128,
    /// From 0x80 on, sorted, both ends included.
    rest: Vec<(u32, u32)>,
}

const fn bits(from: u8, to: u8) -> u128 {
    let mut mask = 0;
    let mut byte = from;
    while byte <= to {
        mask |= 1 << byte;
        byte += 1;
    }
    mask
}

/// The kinds of ASCII characters, best first: each with the one to take where all are there.
const KINDS: [(u128, char); 5] = [
    (bits(b'a', b'z'), 'x'),
    (bits(b'0', b'9'), '0'),
    (bits(b'A', b'Z'), 'X'),
    (bits(b' ', b' '), ' '),
    (bits(b'!', b'~'), '-'),
];

/// What to try first above ASCII.
const NICE: [char; 5] = ['é', 'я', 'λ', '中', 'ｘ'];

impl CharSet {
    /// The set of a class.
    pub(in crate::pattern) fn new(class: &ClassUnicode) -> Self {
        let mut set = Self { ascii: 0, rest: Vec::new() };
        for range in class.iter() {
            let (from, to) = (u32::from(range.start()), u32::from(range.end()));
            for code in from..=to.min(0x7f) {
                set.ascii |= 1 << code;
            }
            if to >= 0x80 {
                set.rest.push((from.max(0x80), to));
            }
        }
        set.ascii &= !(1 << b'\n');
        set
    }

    /// The set of one character.
    pub(in crate::pattern) fn of(c: char) -> Self {
        let code = u32::from(c);
        match code {
            0x0a => Self { ascii: 0, rest: Vec::new() },
            0..=0x7f => Self { ascii: 1 << code, rest: Vec::new() },
            _ => Self { ascii: 0, rest: vec![(code, code)] },
        }
    }

    pub(in crate::pattern) fn is_empty(&self) -> bool {
        self.ascii == 0 && self.rest.is_empty()
    }

    pub(in crate::pattern) fn contains(&self, c: char) -> bool {
        let code = u32::from(c);
        if code < 0x80 {
            return self.ascii >> code & 1 == 1;
        }
        let next = self.rest.partition_point(|&(from, _)| from <= code);
        next > 0 && self.rest[next - 1].1 >= code
    }

    /// What is in both.
    pub(in crate::pattern) fn and(&self, other: &Self) -> Self {
        let rest = self.common_ranges(other).collect();
        Self { ascii: self.ascii & other.ascii, rest }
    }

    /// Whether all of it is in another.
    pub(in crate::pattern) fn is_within(&self, other: &Self) -> bool {
        self.ascii & !other.ascii == 0 && self.common_ranges(other).eq(self.rest.iter().copied())
    }

    fn common_ranges<'s>(&'s self, other: &'s Self) -> impl Iterator<Item = (u32, u32)> + 's {
        let (mut left, mut right) = (0, 0);
        std::iter::from_fn(move || {
            while let (Some(a), Some(b)) = (self.rest.get(left), other.rest.get(right)) {
                let both = (a.0.max(b.0), a.1.min(b.1));
                if a.1 < b.1 {
                    left += 1;
                } else {
                    right += 1;
                }
                if both.0 <= both.1 {
                    return Some(both);
                }
            }
            None
        })
    }

    /// The character of a set that reads best, and what it costs.
    pub(in crate::pattern) fn best(&self) -> Option<(char, Penalty)> {
        self.best_with(self)
    }

    /// The character of two sets that reads best, and what it costs.
    pub(in crate::pattern) fn best_with(&self, other: &Self) -> Option<(char, Penalty)> {
        let ascii = self.ascii & other.ascii;
        for (kind, favourite) in KINDS {
            let found = ascii & kind;
            if found >> u32::from(favourite) & 1 == 1 {
                return Some((favourite, 0));
            }
            if found != 0 {
                return first_of(found).map(|c| (c, 0));
            }
        }
        let above = self.best_above(other);
        match above {
            Some((_, penalty)) if penalty < CONTROL => above,
            _ if ascii != 0 => first_of(ascii).map(|c| (c, CONTROL)),
            _ => above,
        }
    }

    fn best_above(&self, other: &Self) -> Option<(char, Penalty)> {
        /// How many characters are looked at: those at the start of a large class do.
        const LOOKED_AT: usize = 512;
        if self.rest.is_empty() || other.rest.is_empty() {
            return None;
        }
        if let Some(nice) = NICE.into_iter().find(|&c| self.contains(c) && other.contains(c)) {
            return Some((nice, 1));
        }
        self.common_ranges(other)
            .flat_map(|(from, to)| (from..=to).take(16))
            .filter_map(char::from_u32)
            .take(LOOKED_AT)
            .map(|c| (c, penalty(c)))
            .min_by_key(|&(_, penalty)| penalty)
    }
}

/// What a control character, a blank above ASCII or a character without a shape costs.
const CONTROL: Penalty = 16;

fn penalty(c: char) -> Penalty {
    if c.is_alphanumeric() {
        1
    } else if c.is_control() || c.is_whitespace() || crate::pattern::visible::is_unsafe_to_show(c) {
        CONTROL
    } else {
        2
    }
}

fn first_of(ascii: u128) -> Option<char> {
    u8::try_from(ascii.trailing_zeros()).ok().filter(u8::is_ascii).map(char::from)
}

/// The coarsest partition of all characters of which each given set is a union: each part with the
/// indices of the sets that hold it, in the order of the characters.
pub(in crate::pattern) fn partition(sets: &[CharSet]) -> Vec<(CharSet, Vec<u32>)> {
    let mut parts: Vec<(CharSet, Vec<u32>)> = Vec::new();
    let mut known = std::collections::HashMap::new();
    let mut part_of = |members: &[u32], parts: &mut Vec<(CharSet, Vec<u32>)>| {
        *known.entry(members.to_vec()).or_insert_with(|| {
            parts.push((CharSet { ascii: 0, rest: Vec::new() }, members.to_vec()));
            parts.len() - 1
        })
    };
    for byte in (0..0x80).filter(|&byte| byte != b'\n') {
        let holds = |set: &CharSet| set.ascii >> byte & 1 == 1;
        let members: Vec<u32> = (0..).zip(sets).filter(|(_, s)| holds(s)).map(|(i, _)| i).collect();
        let part = part_of(&members, &mut parts);
        parts[part].0.ascii |= 1 << byte;
    }
    // Where a set begins or ends, in order.
    let mut events: Vec<(u32, u32)> = vec![];
    for (index, set) in (0..).zip(sets) {
        events.extend(set.rest.iter().flat_map(|&(from, to)| [(from, index), (to + 1, index)]));
    }
    events.sort_unstable();
    let mut members: Vec<u32> = Vec::new();
    let mut at = 0x80;
    for (code, index) in events.into_iter().chain([(0x11_0000, u32::MAX)]) {
        if code > at {
            let part = part_of(&members, &mut parts);
            let rest = &mut parts[part].0.rest;
            match rest.last_mut() {
                Some(last) if last.1 + 1 == at => last.1 = code - 1,
                _ => rest.push((at, code - 1)),
            }
            at = code;
        }
        match members.binary_search(&index) {
            Ok(place) => drop(members.remove(place)),
            Err(place) => members.insert(place, index),
        }
    }
    parts
}
