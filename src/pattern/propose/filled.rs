//! A signature with plausible values in place of what its author wrote for anything.

use std::ops::Range;

use super::parts::{self, Kind, What};

/// Values that stand where a placeholder stood: a number, a word, a name of several parts, a path.
const VALUES: [&str; 4] = ["42", "value", "my-value_1.2", "/usr/lib/value.so"];
/// Words that stand for an ellipsis.
const WORDS: &str = "some other words";

/// Where a signature has placeholders, and the signature with all of them filled in, in several ways; empty
/// where it has none.
pub fn fillings(signature: &str) -> (Vec<Range<usize>>, Vec<String>) {
    if !may_vary(signature) {
        return (Vec::new(), Vec::new());
    }
    let parts = parts::split(signature);
    // What stands for anything but says how it begins or ends, such as `./X`, is left as it is.
    let is_bare = |text: &str| {
        let is_marked = text.starts_with(['<', '{', '$', '%']);
        is_marked || text.chars().all(|c| c.is_alphanumeric() || c == '_')
    };
    let is_open = |part: &parts::Part| match part.what {
        What::Varies(Kind::Placeholder) => is_bare(&signature[part.range.clone()]),
        What::Varies(Kind::Ellipsis) => true,
        _ => false,
    };
    let places: Vec<Range<usize>> =
        parts.iter().filter(|part| is_open(part)).map(|part| part.range.clone()).collect();
    if places.is_empty() {
        return (places, Vec::new());
    }
    let fill = |value: &str| {
        let text = |part: &parts::Part| match part.what {
            What::Varies(Kind::Placeholder) if is_open(part) => value.to_owned(),
            What::Varies(Kind::Ellipsis) => WORDS.to_owned(),
            _ => signature[part.range.clone()].to_owned(),
        };
        parts.iter().map(text).collect()
    };
    (places, VALUES.iter().map(|value| fill(value)).collect())
}

/// Whether a signature has anything that can be a placeholder: most have not, and taking one apart takes
/// longer than all else that is asked of a pattern.
fn may_vary(signature: &str) -> bool {
    let has_mark = signature.contains(['<', '{', '%', '$', '…', '\'', '"', '`', '‘', '“'])
        || signature.contains("...");
    let is_stand_in = |word: &str| {
        word.len() <= 2
            || word.bytes().all(|byte| matches!(byte, b'x' | b'X'))
            || ["foo", "bar", "baz", "port", "func", "function", "method", "path", "sample"]
                .iter()
                .any(|known| word.eq_ignore_ascii_case(known))
            || word.ends_with(['X', 'N'])
    };
    let mut words = signature.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    has_mark || words.any(is_stand_in)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_filled_in_and_nothing_else() {
        let (places, filled) = fillings("bind to 127.0.0.1:PORT failed: file <name> has X bytes");
        assert_eq!(places.len(), 3);
        assert_eq!(filled[0], "bind to 127.0.0.1:42 failed: file 42 has 42 bytes");
        assert_eq!(fillings("no space left on device").1, Vec::<String>::new());
        assert_eq!(fillings("Cannot find module './X'").1, Vec::<String>::new());
    }

    #[test]
    fn what_cannot_vary_has_no_placeholders() {
        let signatures = [
            "write failed: no space left on device",
            "port PORT is taken",
            "code CMP0XXX is not set",
            "open /path/to/file failed",
            "error in my_module at example.com",
            "磁盘已满",
        ];
        for signature in signatures {
            let varies = parts::split(signature)
                .iter()
                .any(|part| matches!(part.what, What::Varies(Kind::Placeholder | Kind::Ellipsis)));
            assert!(may_vary(signature) || !varies, "{signature}");
        }
    }
}
