//! A signature with plausible values in place of what its author wrote for anything.

use std::ops::Range;

use super::parts::{self, Kind, What};
use crate::pattern::lists;

/// Values that stand where a placeholder stood: a number, a word, a name of several parts, a path.
const VALUES: [&str; 4] = ["42", "value", "my-value_1.2", "/usr/lib/value.so"];
/// Words that stand for an ellipsis.
const WORDS: &str = "some other words";

/// What is written in angle brackets and is meant so: elements of a page, and what interpreters call code
/// without a name.
const TAGS: &str = "a|anonymous|b|body|br|button|clinit|code|div|eof|form|h1|head|html|i|iframe|\
    img|init|input|label|lambda|li|link|listcomp|meta|module|native code|nil|no value|none|null|\
    ol|option|p|pre|root|script|select|span|stdin|string|style|svg|table|tbody|td|th|thead|\
    title|tr|ul|undefined|unknown|unnamed|urlopen";
/// Headers of C++ that nobody would take for the name of a thing.
const HEADERS: &str = "algorithm|atomic|bitset|cassert|cctype|cerrno|chrono|climits|cmath|\
    concepts|condition_variable|cstdarg|cstddef|cstdint|cstdio|cstdlib|cstring|ctime|deque|\
    filesystem|forward_list|fstream|functional|iomanip|iostream|istream|mutex|numeric|ostream|\
    shared_mutex|sstream|stdexcept|streambuf|string_view|type_traits|unordered_map|\
    unordered_set|vector";
/// Words that say what kind of thing the next one names: `port X`, `module 'X'`.
const KINDS: &str = "address|argument|attribute|class|code|column|command|container|device|\
    field|file|function|host|id|index|key|line|member|method|module|name|namespace|option|\
    package|parameter|path|pid|pod|port|property|row|secret|service|size|status|step|symbol|\
    table|type|user|value|variable|version";
/// Words that say of what there are so many: `X bytes`.
const COUNTED: &str = "%|args|arguments|attempts|bits|bytes|characters|chars|columns|\
    connections|days|elements|entries|errors|files|GB|GiB|hours|items|KB|KiB|lines|MB|MiB|\
    minutes|ms|nodes|pages|parameters|percent|records|requests|retries|rows|s|seconds|times|\
    tokens|values|warnings";

/// Where a signature has placeholders, and the signature with all of them filled in, in several ways; empty
/// where it has none. What may as well be a name is taken for one: the `X` of an X server, a quoted word.
pub fn fillings(signature: &str) -> (Vec<Range<usize>>, Vec<String>) {
    if !may_vary(signature) {
        return (Vec::new(), Vec::new());
    }
    let parts = parts::split(signature);
    let letters = parts.iter().filter(|part| letter(signature, &part.range).is_some());
    let letters: Vec<&str> = letters.map(|part| &signature[part.range.clone()]).collect();
    let are_several = letters.iter().any(|letter| *letter != letters[0]);
    let is_open = |part: &parts::Part| match part.what {
        What::Varies(Kind::Placeholder) => is_sure(signature, &part.range, are_several),
        // At the end a program may write one itself, and in brackets for the arguments of a call.
        What::Varies(Kind::Ellipsis) => {
            let (before, after) = (&signature[..part.range.start], &signature[part.range.end..]);
            let is_of_a_call = before.ends_with('(') && after.starts_with(')');
            !is_of_a_call && !after.trim().is_empty()
        }
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
            What::Varies(Kind::Ellipsis) if is_open(part) => WORDS.to_owned(),
            _ => signature[part.range.clone()].to_owned(),
        };
        parts.iter().map(text).collect()
    };
    (places, VALUES.iter().map(|value| fill(value)).collect())
}

/// Whether nobody writes a text but for another one.
fn is_sure(signature: &str, range: &Range<usize>, are_several: bool) -> bool {
    let text = &signature[range.clone()];
    // Behind a name stand what a type is made of, and the second part of a name.
    let is_behind_name =
        || signature[..range.start].ends_with(|c: char| c.is_alphabetic() || c == '.');
    match text.as_bytes() {
        [b'<' | b'$', ..] if is_behind_name() => false,
        [b'<', ..] => !is_fixed(text.trim_matches(['<', '>'])),
        [b'{' | b'$' | b'%', ..] | b"PORT" => true,
        [_] => letter(signature, range).is_some_and(|around| are_several || tells(around)),
        [_, _, _, ..] if ["x", "X", "N"].iter().any(|x| text.split(x).all(str::is_empty)) => true,
        _ => {
            let word = text.to_ascii_lowercase();
            let (before, after) = (&signature[..range.start], &signature[range.end..]);
            // The name of a class that a program has written down with what is in it.
            let is_class =
                before.ends_with('$') || after.starts_with('$') || after.starts_with(".<");
            (["foo", "bar", "baz"].contains(&&*word) && !is_class) || word.starts_with("your_")
        }
    }
}

/// Whether a program writes this in angle brackets: an element, code without a name, a header, or a value that
/// it describes. Who means any value writes one word, or several in small letters.
fn is_fixed(name: &str) -> bool {
    let is_header = || {
        let extension = name.rsplit_once('.').map(|(_, extension)| extension);
        matches!(extension, Some("h" | "hh" | "hpp" | "hxx")) || lists(HEADERS, name)
    };
    let is_plain = |word: &str| {
        word != "error" && word.bytes().all(|b| b.is_ascii_lowercase() || b"-_/".contains(&b))
    };
    let is_description = || {
        let mut words = name.split_whitespace();
        name.contains(char::is_whitespace) && !words.all(is_plain)
    };
    lists(TAGS, &name.to_ascii_lowercase()) || is_header() || is_description()
}

/// The words before and after a capital that may stand for anything, if it stands alone or in quotes.
fn letter<'s>(signature: &'s str, range: &Range<usize>) -> Option<(&'s str, &'s str)> {
    if !matches!(&signature[range.clone()], "X" | "Y" | "Z" | "N" | "M") {
        return None;
    }
    let quotes = ['\'', '"', '`', '‘', '’', '“', '”'];
    let (before, after) = (&signature[..range.start], &signature[range.end..]);
    let stands_alone = before
        .chars()
        .next_back()
        .is_none_or(|c| " \t\n([:=,".contains(c) || quotes.contains(&c))
        && after.chars().next().is_none_or(|c| " \t\n)],;:.%".contains(c) || quotes.contains(&c));
    let words = |text: &'s str| {
        text.split(|c: char| !c.is_alphanumeric() && c != '%').filter(|word| !word.is_empty())
    };
    stands_alone.then(|| {
        (words(before).next_back().unwrap_or_default(), words(after).next().unwrap_or_default())
    })
}

/// Whether the words around a letter tell that it stands for something: what kind of thing, or so many of it.
fn tells((before, after): (&str, &str)) -> bool {
    lists(KINDS, before) || lists(COUNTED, after)
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
        for (signature, count) in [
            ("port X is in use", 1),
            ("Cannot find module 'X'", 1),
            ("expected X, got Y", 2),
            ("step N of M failed", 2),
            ("retried N times", 1),
            ("policy CMP0XXX is not set", 1),
            ("no such user: foo", 1),
            ("cannot read %s", 1),
            ("error: ... was not declared", 1),
            ("no such <user name> on <host>", 2),
            ("cannot open ${FILE}", 1),
        ] {
            assert_eq!(fillings(signature).0.len(), count, "{signature}");
        }
    }

    #[test]
    fn a_name_is_no_placeholder() {
        for name in [
            "cannot connect to X server",
            "X Error of failed request",
            "Mac OS X is not supported",
            "the argument 'key' is required",
            "KeyError: 'name'",
            "drive \"Z\" is not ready",
            "AT&T VPN Gateway",
            "Samsung CLP-705 Series; ; S/N 1234",
            "Nortel, CS 1000S/M Call Server, System 2121",
            "Makito X Decoder",
            "PARADYNE T1 DSU/CSU; model: 3165",
            "File \"<stdin>\", in <module>",
            "<div> cannot appear as a descendant of <p>",
            "my_thread_init() failed",
            "Waiting for the lock ...",
            "thread '<unnamed>' panicked at",
            "fatal error: <iostream> not found",
            "fatal error: <sys/types.h> not found",
            "Foo.<init>",
            "Foo.<clinit>",
            "urllib.error.URLError: <urlopen error timed out>",
            "<class 'int'> is not callable",
            "List<String> cannot be converted to List<Object>",
            "array<int> has no size",
            "class Foo$Bar is missing",
            "validateDOMNesting(...): <div>",
        ] {
            assert!(fillings(name).0.is_empty(), "{name}");
        }
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
