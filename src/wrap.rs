//! Lines that fit a terminal, in English and in Chinese.

use std::ops::Range;

use textwrap::core::{Word, break_words, display_width};
use textwrap::wrap_algorithms::wrap_first_fit;
use textwrap::{Options, WordSeparator};

/// How lines of so many columns are made.
pub fn options(columns: usize) -> Options<'static> {
    Options::new(columns).word_separator(WordSeparator::Custom(words))
}

/// Where the lines of a text without line breaks begin and end, if the first has so many columns and each other so
/// many. A word that is longer than a line is broken. There is at least one line.
pub fn lines(text: &str, first: usize, others: usize) -> Vec<Range<usize>> {
    let words: Vec<Word<'_>> = break_words(words(text), first.min(others).max(1));
    let start = |word: &Word<'_>| word.word.as_ptr() as usize - text.as_ptr() as usize;
    #[allow(clippy::cast_precision_loss, reason = "columns are few")]
    let widths = [first as f64, others as f64];
    let line = |words: &[Word<'_>]| match (words.first(), words.last()) {
        (Some(one), Some(last)) => start(one)..start(last) + last.word.len(),
        _ => 0..0,
    };
    wrap_first_fit(&words, &widths).into_iter().map(line).collect()
}

/// Words between blanks; where characters are wide a line may end between any two, but none begins with
/// what closes and none ends with what opens (the rules of CLREQ, Requirements for Chinese Text Layout).
fn words(line: &str) -> Box<dyn Iterator<Item = Word<'_>> + '_> {
    let is_wide = |c: char| display_width(c.encode_utf8(&mut [0; 4])) > 1;
    let closes =
        |c: char| "，。、；：？！）》〉」』】”’…—％".contains(c) || c.is_ascii_punctuation();
    let opens = |c: char| "（《〈「『【“‘([{".contains(c);
    let ends = move |word: &str| {
        let next = word.char_indices().zip(word.chars().skip(1));
        let ends: Vec<usize> = next
            .filter(|((_, c), next)| {
                (is_wide(*c) || is_wide(*next)) && !closes(*next) && !opens(*c)
            })
            .map(|((at, c), _)| at + c.len_utf8())
            .collect();
        ends
    };
    Box::new(WordSeparator::AsciiSpace.find_words(line).flat_map(move |word| {
        // A word is without its blanks; those belong to its last piece.
        let start = word.word.as_ptr() as usize - line.as_ptr() as usize;
        let end = start + word.word.len() + word.whitespace.len();
        let mut cuts = ends(word.word);
        cuts.push(end - start);
        let mut at = start;
        let pieces: Vec<Word<'_>> = cuts
            .into_iter()
            .map(|cut| {
                let piece = &line[at..start + cut];
                at = start + cut;
                Word::from(piece)
            })
            .collect();
        pieces
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_neither_begins_with_what_closes_nor_ends_with_what_opens() {
        let text = "logd 磁盘空间不足：无法写入“日志文件”，因为分区已满（见 /var/log），请先清理旧的日志文件。";
        for columns in 16..60 {
            let lines = textwrap::wrap(text, options(columns));
            let all: String = lines.iter().map(|line| line.replace(' ', "")).collect();
            assert_eq!(all, text.replace(' ', ""), "nothing is lost");
            for line in &lines {
                assert!(display_width(line) <= columns, "{columns}: {line}");
                assert!(!line.starts_with(['：', '”', '，', '）', '。']), "{columns}: {lines:#?}");
                assert!(!line.ends_with(['“', '（']), "{columns}: {lines:#?}");
            }
        }
        assert_eq!(textwrap::wrap(text, options(16))[0], "logd 磁盘空间不");
    }

    #[test]
    fn words_stay_whole_where_they_fit() {
        let lines = textwrap::wrap("the device /var/log is full", options(12));
        assert_eq!(lines, ["the device", "/var/log is", "full"]);
    }
}
