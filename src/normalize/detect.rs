//! Which form a source is in.

use super::{Form, digest};

/// How much of a source is looked at.
const LOOKED_AT: usize = 256 * 1024;

/// The form of a text, by what it holds; where that does not tell, by the name of its file.
pub fn detect(name: &str, text: &str) -> Form {
    let text = text.trim_start_matches('\u{feff}');
    let mut end = text.len().min(LOOKED_AT);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let text = text[..end].trim_start();
    let is_array = |text: &str| {
        text.strip_prefix('[')
            .is_some_and(|rest| rest.trim_start().starts_with(['{', '[', '"', ']']))
    };
    if text.starts_with('{') || is_array(text) {
        let is_canon = text.contains("\"schema_version\"")
            || text.contains("\"verdict\"") && text.contains("\"error\"");
        return if is_canon { Form::Canon } else { Form::Json };
    }
    let has_headings = has_markdown_headings(text);
    if text.starts_with('<') && !has_headings {
        let head: String = text.chars().take(1000).flat_map(char::to_lowercase).collect();
        let is_page = ["<!doctype", "<html", "<head", "<body", "<main", "<?xml", "<!--"];
        let holds = ["<h1", "<li", "<p>", "<table", "</div>", "<span"];
        if is_page.iter().any(|tag| head.starts_with(tag))
            || holds.iter().any(|tag| text.contains(tag))
        {
            return Form::Html;
        }
    }
    if digest::is_digest(text) {
        return Form::Digest;
    }
    // Above the message of a text page stand its badges, and it seldom begins with a hash itself.
    if ["---\n", "---\r\n", "# "].iter().any(|sign| text.starts_with(sign)) || has_headings {
        return Form::Markdown;
    }
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    match extension.to_ascii_lowercase().as_str() {
        "json" | "jsonl" => Form::Json,
        "md" | "markdown" => Form::Markdown,
        "html" | "htm" | "xhtml" => Form::Html,
        _ if text.contains("\n---|") || text.contains("|---") || text.contains("| ---") => {
            Form::Markdown
        }
        _ => Form::Text,
    }
}

/// Whether a line is a heading of Markdown with a name that a page has, or is underlined.
fn has_markdown_headings(text: &str) -> bool {
    const NAMES: [&str; 5] = [
        "Root Cause",
        "Dead Ends",
        "Workarounds",
        "Version Compatibility",
        "Official Documentation",
    ];
    let mut before = "";
    // One alone may be a line of code.
    let headings = text.lines().filter(|line| {
        let line = line.trim_end();
        let of_name = line.trim_start_matches('#').trim_matches([' ', '*']);
        let is_name = |text: &str| NAMES.iter().any(|name| name.eq_ignore_ascii_case(text));
        let underline =
            line.len() >= 3 && (line.bytes().all(|b| b == b'-') || line.bytes().all(|b| b == b'='));
        let found =
            line.starts_with('#') && is_name(of_name) || underline && is_name(before.trim());
        before = line;
        found
    });
    headings.take(2).count() == 2
}
