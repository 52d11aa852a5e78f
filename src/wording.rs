//! Comparing texts by what they say, and counting in words.

/// The words alone, in lower case: neither case nor blanks nor marks at the end make another sentence.
pub fn bare(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let marks = ['.', '!', ';', ',', ':', '。', '！', '；', '，'];
    words.join(" ").trim_end_matches(marks).to_lowercase()
}

/// A number of things: `1 file`, `2 files`.
pub fn counted(count: usize, one: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {one}s") }
}
