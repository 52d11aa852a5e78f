//! What stands between the quotes: finding its end, decoding it, and the way back to its places.

/// How many bytes at the start of a string's rest are neither quote, backslash nor control
/// character; eight at a time (Mycroft's test for a byte below or equal to a value in a word).
pub(super) fn plain_run(bytes: &[u8]) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    let zero_in = |word: u64| word.wrapping_sub(ONES) & !word & HIGH;
    let mut run = 0;
    for chunk in bytes.as_chunks::<8>().0 {
        let word = u64::from_le_bytes(*chunk);
        let control = word.wrapping_sub(ONES * 0x20) & !word & HIGH;
        let stop = control | zero_in(word ^ (ONES * 0x22)) | zero_in(word ^ (ONES * 0x5c));
        if stop != 0 {
            // The lowest set bit is exact; higher ones may be borrow.
            return run + stop.trailing_zeros() as usize / 8;
        }
        run += 8;
    }
    run + bytes[run..].iter().take_while(|b| !matches!(b, b'"' | b'\\' | 0..0x20)).count()
}

/// The offset in a string's inner text at which `decoded` bytes of its decoded text are written.
pub(super) fn raw_offset(inner: &str, decoded: usize) -> usize {
    let (mut raw, mut done) = (0, 0);
    while done < decoded && raw < inner.len() {
        let rest = &inner[raw..];
        let plain = rest.find('\\').unwrap_or(rest.len());
        if plain > 0 {
            let step = plain.min(decoded - done);
            raw += step;
            done += step;
        } else if rest[1..].starts_with('u') {
            let (code, used) = code_point(&rest[2..]);
            raw += 2 + used;
            done += char::from_u32(code).map_or(3, char::len_utf8);
        } else {
            raw += 2;
            done += 1;
        }
    }
    raw
}

/// Decodes the inner text of a string that was parsed before.
pub(super) fn unescape(inner: &str) -> String {
    let mut out = String::with_capacity(inner.len());
    let mut rest = inner;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        let kind = rest.as_bytes().get(at + 1).copied().unwrap_or(b'\\');
        rest = rest.get(at + 2..).unwrap_or_default();
        match kind {
            b'b' => out.push('\u{8}'),
            b'f' => out.push('\u{c}'),
            b'n' => out.push('\n'),
            b'r' => out.push('\r'),
            b't' => out.push('\t'),
            b'u' => {
                let (code, used) = code_point(rest);
                out.push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
                rest = rest.get(used..).unwrap_or_default();
            }
            other => out.push(char::from(other)),
        }
    }
    out.push_str(rest);
    out
}

/// The code point of `XXXX` or `XXXX\uXXXX` at the start of a text, and the bytes it takes.
fn code_point(text: &str) -> (u32, usize) {
    let hex = |at: usize| {
        text.get(at..at + 4)
            .and_then(|digits| u32::from_str_radix(digits, 16).ok())
            .unwrap_or(0xfffd)
    };
    let high = hex(0);
    if (0xd800..0xdc00).contains(&high) {
        let low = hex(6);
        (0x1_0000 + ((high - 0xd800) << 10) + (low.wrapping_sub(0xdc00) & 0x3ff), 10)
    } else {
        (high, 4)
    }
}
