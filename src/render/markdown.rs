//! The page of an entry as Markdown, which carries the whole entry.
//!
//! ```text
//! ---
//! format: "errlore-entry"
//! tags: ["proxy", "websocket"]
//! ---
//!
//! `1009` `communication` `protocol_error` `ai_generated` `true`
//!
//! # <signature>
//!
//! ID: `<id>`
//! ...
//! ```
//!
//! The front matter is YAML; each line of it is a key and a value in JSON. The body shows what reads
//! well as prose. It is read back, and each field that does not come back equal stands in the front
//! matter, which counts before the body: whatever the reader understands, nothing is lost.

use super::{Link, badges, figures, is_link, links, more_figures, percent, version_rows};
use crate::canonical::{canonical, canonical_text};
use crate::entry::Entry;
use crate::fields::heading;
use crate::normalize::read_markdown;

mod inline;

use inline::{Place, code, escaped, fence, shown};

/// The first line of the front matter, by which the form is known.
const MARK: &str = "format: \"errlore-entry\"";

/// The page of an entry as Markdown.
pub fn markdown(entry: &Entry) -> String {
    with_reader(entry, read_markdown)
}

fn with_reader(entry: &Entry, read: impl Fn(&str) -> Entry) -> String {
    let body = body(entry);
    let bare = format!("---\n{MARK}\n---\n\n{body}");
    let (wanted, found) = (canonical(entry), canonical(&read(&bare)));
    let found = fields(&found);
    let is_missing = |field: &(&str, String)| !found.contains(field);
    let wanted = fields(&wanted);
    // A reader that finds the id above would take the domain from it.
    let has_id = wanted.iter().any(|field| field.0 == "\"id\"" && is_missing(field));
    let missing: Vec<String> = wanted
        .into_iter()
        .filter(|field| is_missing(field) || has_id && field.0 == "\"domain\"")
        .map(|(key, value)| format!("{}: {value}\n", yaml_key(entry, key)))
        .collect();
    format!("---\n{MARK}\n{}---\n\n{body}", missing.concat())
}

/// The members of a canonical text: each key in quotes, and its value on one line.
fn fields(canonical: &str) -> Vec<(&str, String)> {
    let mut fields: Vec<(&str, String)> = Vec::with_capacity(32);
    for line in canonical.lines() {
        // Line breaks within strings are escaped: a line is always a line of the layout.
        match (line.strip_prefix("  \""), fields.last_mut()) {
            (Some(_), _) => {
                let line = &line[2..];
                let end = end_of_string(line);
                fields.push((&line[..end], line[end + 2..].to_owned()));
            }
            (None, Some((_, value))) if line.starts_with("  ") => {
                let line = line.trim_start();
                if value.ends_with(',') && !line.starts_with([']', '}']) {
                    value.push(' ');
                }
                value.push_str(line);
            }
            _ => {}
        }
    }
    for (_, value) in &mut fields {
        value.truncate(value.strip_suffix(',').map_or(value.len(), str::len));
    }
    fields
}

/// Where a JSON string ends that a line begins with, its quotes included.
fn end_of_string(line: &str) -> usize {
    let mut escaped = false;
    let end = line.bytes().skip(1).position(|byte| {
        let ends = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends
    });
    end.map_or(line.len(), |end| end + 2)
}

/// A key of the front matter. A key that is not ours could be anything, such as `null` or `a: b`.
fn yaml_key<'k>(entry: &Entry, quoted: &'k str) -> &'k str {
    let bare = quoted.trim_matches('"');
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_');
    let is_ours = !entry.extra.contains_key(bare);
    if is_ours && !bare.contains('\\') || bare.starts_with("x-") && bare.chars().all(plain) {
        bare
    } else {
        quoted
    }
}

/// What stands below the front matter.
fn body(entry: &Entry) -> String {
    let mut page = Page(String::with_capacity(4096));
    page.block(&badges(entry).iter().map(|word| code(word)).collect::<Vec<_>>().join(" "));
    if !entry.signature.trim().is_empty() {
        page.block(&format!("# {}", escaped(&entry.signature, Place::Heading)));
    }
    if !entry.id.as_str().trim().is_empty() {
        page.block(&format!("ID: {}", code(entry.id.as_str())));
    }
    page.gap();
    for (figure, label) in figures(entry).into_iter().chain(more_figures(entry)) {
        page.line(&format!("- **{figure}** {label}"));
    }
    page.versions(entry);
    page.root_cause(entry);
    if !entry.regex.is_empty() {
        page.heading("##", "regex");
        page.fenced(0, "regex", &entry.regex);
    }
    let address = entry.official_doc_url.as_deref();
    let section = entry.official_doc_section.as_deref();
    if address.or(section).is_some() {
        page.heading("##", "official_doc_url");
        if let Some(address) = address {
            page.block(&link(address));
        }
        page.passage(0, "", section.unwrap_or_default());
    }
    page.workarounds(entry);
    page.dead_ends(entry);
    page.operating_systems(entry);
    page.chain(entry);
    page.0
}

/// An address as a link if it may be one, else as code, which nobody makes a link of.
fn link(address: &str) -> String {
    let address = canonical_text(address);
    // Programs disagree whether `&amp;` stands for something there.
    let is_plain = !(address.contains('&') && address.contains(';'));
    if is_plain && is_link(&address) { format!("<{address}>") } else { code(&address) }
}

/// Whether a paragraph shows all of the steps of a workaround, and cannot be taken for what follows
/// them. Blanks that a page would run together are a sign of code.
fn is_prose(how: &str) -> bool {
    let is_code = how.contains(['\n', '\t']) || how.contains("  ");
    !is_code && ![CONDITION, SOURCES].iter().any(|label| how.starts_with(label.trim_end()))
}

/// What stands before the condition of an item.
const CONDITION: &str = "Condition: ";
/// What stands before the list of an item's sources.
const SOURCES: &str = "Sources:";

struct Page(String);

impl Page {
    /// A blank line before what comes next.
    fn gap(&mut self) {
        if !self.0.is_empty() {
            self.0.push('\n');
        }
    }

    fn line(&mut self, line: &str) {
        self.0.push_str(line);
        self.0.push('\n');
    }

    /// A block with a blank line before it.
    fn block(&mut self, block: &str) {
        self.gap();
        self.line(block);
    }

    /// A text as a paragraph, after what it begins with, if there is one.
    fn passage(&mut self, indent: usize, label: &str, text: &str) {
        if !text.trim().is_empty() {
            let text = escaped(text, Place::Paragraph(indent));
            self.block(&format!("{}{label}{text}", " ".repeat(indent)));
        }
    }

    /// The heading of a field.
    fn heading(&mut self, level: &str, field: &str) {
        self.block(&format!("{level} {}", heading(field)));
    }

    /// A text as it is, between fences.
    fn fenced(&mut self, indent: usize, language: &str, text: &str) {
        let text = shown(text);
        let fence = fence(&text);
        let margin = " ".repeat(indent);
        self.block(&format!("{margin}{fence}{language}"));
        for line in text.split('\n') {
            let margin = if line.is_empty() { "" } else { &margin };
            self.line(&format!("{margin}{line}"));
        }
        self.line(&format!("{margin}{fence}"));
    }

    fn versions(&mut self, entry: &Entry) {
        if entry.versions.is_empty() {
            return;
        }
        self.heading("##", "versions");
        self.gap();
        for (index, row) in version_rows(entry, true).iter().enumerate() {
            let cells: Vec<String> = row.iter().map(|cell| escaped(cell, Place::Cell)).collect();
            self.line(&format!("| {} |", cells.join(" | ")));
            if index == 0 {
                self.line(&format!("|{}", "---|".repeat(row.len())));
            }
        }
    }

    fn root_cause(&mut self, entry: &Entry) {
        if !entry.root_cause.trim().is_empty() {
            self.heading("##", "root_cause");
            self.passage(0, "", &entry.root_cause);
            self.passage(0, "", &entry.root_cause_type.0);
        }
        if let Some(text) = &entry.root_cause_zh {
            self.heading("###", "root_cause_zh");
            self.passage(0, "", text);
        }
    }

    /// The first lines of an item: number, rate and what is done. Gives the indentation of the rest.
    fn item(&mut self, index: usize, rate: &str, action: &str) -> usize {
        let marker = format!("{}. ", index + 1);
        let action = match action.trim() {
            "" => String::new(),
            action => format!(" **{}**", escaped(action, Place::Paragraph(marker.len()))),
        };
        self.block(&format!("{marker}{rate}{action}"));
        marker.len()
    }

    /// When the advice of an item holds, and where it is written.
    fn context(&mut self, indent: usize, condition: &str, sources: &[String]) {
        self.passage(indent, CONDITION, condition);
        if !sources.is_empty() {
            let margin = " ".repeat(indent);
            self.block(&format!("{margin}{SOURCES}"));
            self.gap();
            for source in sources {
                self.line(&format!("{margin}- {}", link(source)));
            }
        }
    }

    fn workarounds(&mut self, entry: &Entry) {
        if !entry.workarounds.is_empty() {
            self.heading("##", "workarounds");
        }
        for (index, item) in entry.workarounds.iter().enumerate() {
            let rate = format!("{} success", percent(item.success_rate));
            let indent = self.item(index, &rate, &item.action);
            let how = canonical_text(&item.how);
            if is_prose(&how) {
                self.passage(indent, "", &how);
            } else {
                self.fenced(indent, "text", &how);
            }
            self.context(indent, &item.condition, &item.sources);
        }
        if !entry.workarounds_zh.is_empty() {
            let level = if entry.workarounds.is_empty() { "##" } else { "###" };
            self.heading(level, "workarounds_zh");
            self.gap();
        }
        for (index, text) in entry.workarounds_zh.iter().enumerate() {
            let marker = format!("{}. ", index + 1);
            let text = escaped(text, Place::Paragraph(marker.len()));
            self.line(&format!("{marker}{text}"));
        }
    }

    fn dead_ends(&mut self, entry: &Entry) {
        if !entry.dead_ends.is_empty() {
            self.heading("##", "dead_ends");
            self.block("Common approaches that don't work:");
        }
        for (index, item) in entry.dead_ends.iter().enumerate() {
            let rate = format!("{} fail", percent(item.fail_rate));
            let indent = self.item(index, &rate, &item.action);
            self.passage(indent, "", &item.why_fails);
            self.context(indent, &item.condition, &item.sources);
        }
    }

    /// What differs by operating system, where there is something to say.
    fn operating_systems(&mut self, entry: &Entry) {
        if entry.os_specific.values().all(|text| text.trim().is_empty()) {
            return;
        }
        self.heading("##", "os_specific");
        self.gap();
        for (system, text) in &entry.os_specific {
            let [system, text] = [system, text].map(|text| escaped(text, Place::Paragraph(2)));
            self.line(format!("- **{system}**: {text}").trim_end());
        }
    }

    fn chain(&mut self, entry: &Entry) {
        let links = links(entry);
        if links.is_empty() {
            return;
        }
        self.heading("##", "transition_graph");
        self.gap();
        for Link { relation, id, note } in links {
            let note = match note.as_str() {
                "" => String::new(),
                note => format!(" ({})", escaped(note, Place::Paragraph(2))),
            };
            self.line(&format!("- {relation}: {}{note}", code(id.as_str())));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENTRY: &str = r#"{
        "id": "example/disk-full", "signature": "a\nb \u202e", "regex": " \\s\"[{,}]\" ",
        "evidence_count": 3, "confidence": 0.855, "tags": ["b", "a", "b"], "dead_ends": [
            {"action": "x", "why_fails": ": {", "fail_rate": 0.07, "sources": [], "x-own": {}}
        ],
        "x-note": {"b": [1.5, null, "}"], "a": {"c": []}}, "x-\"": 1, "null": [], "a: b": "\\\""
    }"#;

    fn entry() -> Entry {
        serde_json::from_str(ENTRY).expect("an entry")
    }

    /// The lines of the front matter below the mark.
    fn front(page: &str) -> Vec<&str> {
        let (front, _) = page
            .strip_prefix("---\nformat: \"errlore-entry\"\n")
            .and_then(|rest| rest.split_once("---\n\n"))
            .expect("a front matter");
        front.lines().collect()
    }

    #[test]
    fn front_matter_holds_what_the_body_does_not_give_back() {
        let entry = entry();
        assert_eq!(front(&with_reader(&entry, |_| entry.clone())), [""; 0]);
        let page = with_reader(&entry, |page| {
            assert_eq!(front(page), [""; 0], "the body is read on its own");
            Entry { confidence: 0.85, tags: vec!["a".to_owned()], ..entry.clone() }
        });
        assert_eq!(front(&page), ["confidence: 0.855", "tags: [\"a\", \"b\"]"]);
    }

    #[test]
    fn front_matter_alone_can_hold_the_whole_entry() {
        let entry = entry();
        let page = with_reader(&entry, |_| Entry::default());
        let mut members = Vec::new();
        for line in front(&page) {
            let (key, value) = match line.strip_prefix('"') {
                Some(_) => line.split_at(end_of_string(line)),
                None => line.split_at(line.find(": ").expect("a key")),
            };
            let key = if key.starts_with('"') { key.to_owned() } else { format!("\"{key}\"") };
            members.push(format!("{key}{value}"));
        }
        let text = format!("{{{}}}", members.join(","));
        let read: Entry = serde_json::from_str(&text).unwrap_or_else(|e| panic!("{e}: {text}"));
        assert_eq!(canonical(&read), canonical(&entry));
        for key in ["id: ", "x-note: ", "\"x-\\\"\": ", "\"null\": ", "\"a: b\": "] {
            assert!(front(&page).iter().any(|line| line.starts_with(key)), "{key}\n{page}");
        }
    }

    #[test]
    fn what_means_something_is_escaped_where_it_does() {
        let paragraph = |text| escaped(text, Place::Paragraph(3));
        for (text, source) in [
            ("snake_case _x_ 2 * 3", "snake_case \\_x\\_ 2 \\* 3"),
            ("a & b &amp; &#10;", "a & b \\&amp; \\&#10;"),
            ("1. one", "1\\. one"),
            ("1.5 is no item", "1.5 is no item"),
            ("# a # b", "\\# a # b"),
            ("a | b", "a | b"),
            ("a\n- b", "a\\\n   \\- b"),
            ("a\n\n b", "a&#10;\\\n   &#32;b"),
            ("see https://a.org/b_c now", "see https://a.org/b_c now"),
            ("see https://a.org/_b now", "see https\\://a.org/\\_b now"),
        ] {
            assert_eq!(paragraph(text), source);
        }
        assert_eq!(escaped("# a\n#", Place::Heading), "# a&#10;\\#");
        assert_eq!(escaped("a|b\\", Place::Cell), "a\\|b\\\\");
        assert_eq!(code("`a` \u{1b}"), "`` `a` \\u{1b} ``");
    }
}
