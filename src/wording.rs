//! Comparing texts by what they say.

/// The words alone, in lower case: neither case nor blanks nor marks at the end make another sentence.
pub fn bare(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let marks = ['.', '!', ';', ',', ':', '。', '！', '；', '，'];
    words.join(" ").trim_end_matches(marks).to_lowercase()
}
